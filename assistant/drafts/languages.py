"""What a language needs beyond CLDR, read from its name file: `templates/fr/language.yaml`.

CLDR (through Babel) gives numbers, dates, lists, plurals and the names of countries. The file gives the words of units and
periods, where articles and prepositions go, what is elided before what, how a title is quoted. A new language is such a
file in a folder of templates, and no code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import TemplateError

NBSP = "\u00a0"  # weighs one on X; U+202F weighs two
NAME_FILE = "language.yaml"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language, as its name file has them (docs/templates.md says what each key is)."""

    code: str
    name: str
    locale: str
    quotes: tuple[str, str]
    units: Mapping[str, tuple[str, str]]
    period: Mapping[str, str]
    best_period: Mapping[str, str]
    the_period: Mapping[str, str]
    when: Mapping[str, str]
    place: str
    countries: Sequence[Mapping[str, str]]
    over: str
    nearly: str
    of: str
    times: Mapping[int, str]
    many_times: str
    shares: Mapping[float, str]
    ordinals: Mapping[str, Any]
    possessive: str
    season: str
    behaviour: str = ""
    about: str = ""
    percent: str = "{number}%"
    compound: str = "{number} {several}"
    hour: str = "{hour}:00"
    phase: Mapping[str, str] = field(default_factory=dict)
    relative: Mapping[str, str] = field(default_factory=dict)
    singular_below: float = 0
    after_millions: str = ""
    locales: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    contractions: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    spaces: Mapping[str, str] = field(default_factory=dict)
    spelling: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _sounds(self) -> re.Pattern[str]:
        return re.compile(self.before.get("sounds", "(?!)"), re.IGNORECASE)

    def joined(self, word: str, text: str) -> str:
        """A word and what follows it, elided or contracted.

        >>> language("fr").joined("de", "Arcane"), language("fr").joined("plus de", "les deux tiers")
        ('d’Arcane', 'plus des deux tiers')
        >>> language("fr").joined("de", "« Homeland »"), language("fr").joined("que", "« Histoires vraies »")
        ('de « Homeland »', 'qu’« Histoires vraies »')
        >>> language("en").joined("a", "8-week run"), language("en").joined("a", "union"), language("en").joined("a", "hour")
        ('an 8-week run', 'a union', 'an hour')
        """
        *others, last = word.split(" ")
        start = _START.sub("", text)
        changed = self.before.get("words", {}).get(last.lower())
        if changed is not None and self._sounds.match(start):
            changed = changed.capitalize() if last[:1].isupper() else changed
            return " ".join([*others, changed + text])
        for pair, one in self.contractions.items():
            head, article = pair.split(" ")
            if last == head and start.startswith(article + " "):
                at = len(text) - len(start)
                return " ".join([*others, text[:at] + one + start[len(article) :]])
        return f"{word} {text}"

    def country(self, code: str, name: str, how: str) -> str:
        """A country after its preposition (`in`), with its article (`the`), or as whose something is (`of`).

        >>> fr = language("fr")
        >>> [fr.country(code, name, "in") for code, name in (("FR", "France"), ("JP", "Japon"), ("US", "États-Unis"))]
        ['en France', 'au Japon', 'aux États-Unis']
        >>> [fr.country("DE", "Allemagne", how) for how in ("the", "of")]
        ['l’Allemagne', 'd’Allemagne']
        >>> language("en").country("US", "United States", "in")
        'in the United States'
        """
        for one in self.countries:
            if _is_in(one, code, name):
                before, _, after = one[how].partition("{name}")
                return self.joined(before[:-1], name + after) if before.endswith(" ") else before + name + after
        return name

    def typography(self, text: str, english: str = "") -> str:
        """The apostrophes, no-break spaces and spelling of a language, for the fixed words of a template.

        >>> language("fr").typography("C'est « ça » : oui !").replace(NBSP, "~")
        'C’est «~ça~»~: oui~!'
        >>> language("en").typography("My favorite theater", "GB")
        'My favourite theatre'
        """
        text = text.replace("'", "’")
        if self.spaces:
            before, after = re.escape(self.spaces["before"]), re.escape(self.spaces["after"])
            text = re.sub(rf"[ \u00a0\u202f]+([{before}])", NBSP + r"\1", text)
            text = re.sub(rf"([{after}])[ \u00a0\u202f]+", r"\1" + NBSP, text)
        switched = self.spelling.get(english)
        return _WORD.sub(lambda word: _spelled(word[0], switched), text) if switched else text


_START = re.compile(r"^[^\w]+")  # quotation marks and our own marks do not sound


def _spelled(word: str, switched: Mapping[str, str]) -> str:
    other = switched.get(word.lower(), word)
    return other.capitalize() if word[:1].isupper() and other[:1].islower() else other


def _is_in(one: Mapping[str, str], code: str, name: str) -> bool:
    if "codes" in one:
        return code in one["codes"].split()
    return "matching" not in one or re.match(one["matching"], name) is not None


def shipped_folder() -> Path:
    """The templates that come with the program: in the package, or (editable install) at the project's top."""
    inside = Path(__file__).parent.parent / "_templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "templates"


@lru_cache(maxsize=32)
def language(code: str, folder: Path | None = None) -> Language:
    """A language out of a folder of templates (default: the shipped one), or `TemplateError` naming the file and the key."""
    file = (folder or shipped_folder()) / code / NAME_FILE
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise TemplateError(str(file), None, f"cannot be read ({error})", remedy="It must be YAML in UTF-8.") from None
    return _language(file, code, data)


def speaks(code: str, folder: Path) -> bool:
    """Whether a folder has a name file of this language."""
    return (folder / code / NAME_FILE).is_file()


def shipped_languages() -> tuple[str, ...]:
    """The languages that come with the program."""
    return tuple(sorted(file.parent.name for file in shipped_folder().glob(f"*/{NAME_FILE}")))


_KEYS = {one.name: one for one in fields(Language)}


def _language(file: Path, code: str, data: Any) -> Language:
    if not isinstance(data, dict):
        raise TemplateError(str(file), None, "is not a mapping", remedy="Start from that of another language.")
    if odd := set(data) - (set(_KEYS) - {"code"}):
        raise TemplateError(str(file), None, f"unknown key {', '.join(map(str, odd))}")
    try:
        kept = {**data, "quotes": tuple(data["quotes"]), "units": {n: tuple(two) for n, two in data["units"].items()}}
        made = Language(code=code, **kept)
        re.compile(made.before.get("sounds", ""))
    except (KeyError, TypeError, AttributeError, re.error) as error:
        remedy = "docs/templates.md, “A new language”, says what each key is."
        raise TemplateError(str(file), None, f"is not whole ({error})", remedy=remedy) from None
    return made
