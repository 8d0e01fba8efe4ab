"""The title register: the user's own table of what titles are about, so that nobody jokes about what happened to somebody.

    title,about,level,why
    The Lakeside Case,violence,,Its victims have families.
    Baby Otter Hour,minors,suggestion,
    Her Last Summer,real-person grief,error,She died in March.

`about` names one or more categories of flags, or `real-person`. A post about such a title is flagged at the row's level
(default warning). “Refuses to die” is a good joke about zombies and none about a murder: words that play with a theme
(packs/wordplay.yml) are an error in such a post, whatever the row's level. A title also stands for its seasons and parts:
`Elite` for `Elite: Season 2`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex

from assistant.checks.calendar import said
from assistant.checks.reading import Reading, title_spans
from assistant.errors import ConfigError
from assistant.models import CATEGORIES, Candidate, Flag, Level, digest

REAL_PERSON = "real-person"  # flagged as singling out
THEMES = (*CATEGORIES[: CATEGORIES.index("profanity")], REAL_PERSON)
_COLUMNS = ("title", "about", "level", "why")
_LEVELS: dict[str, Level] = {"": "warning", "error": "error", "warning": "warning", "suggestion": "suggestion"}
_WORDPLAY = Path(__file__).parent / "wording" / "packs" / "wordplay.yml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a title, what it is about, how grave that is, and why."""

    title: str
    about: tuple[str, ...]
    level: Level = "warning"
    why: str = ""

    @property
    def category(self) -> str:
        """What its flags are filed under."""
        return "singling-out" if self.about[0] == REAL_PERSON else self.about[0]

    def names(self, title: str) -> bool:
        """Whether a title is this one, or a season or part of it."""
        own, other = self.title.casefold(), title.casefold()
        return other == own or other.startswith(f"{own}:")


@dataclass(frozen=True)
class Register:
    """What is known of titles; `sha` is of the file and the words that play. Without a row nothing is known, which is said."""

    entries: tuple[Entry, ...] = ()
    sha: str = ""
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(one.title for one in self.entries))

    def of(self, candidate: Candidate) -> Iterator[tuple[Entry, int, int]]:
        """The entries that a post is about, each with where the text names it: 0, 0 where it does not."""
        own = _own(candidate)
        for one in self.entries:
            place = next(iter(_spans(candidate.text, one.title)), None)
            if place is not None or any(one.names(title) for title in own):
                yield one, *(place or _first(candidate.text, [title for title in own if one.names(title)]))


def check_titles(candidate: Candidate, masked: Reading, register: Register) -> Iterator[Flag]:
    """A flag for each registered title that the post is about, and one for each word that plays with its theme."""
    told = list(register.of(candidate)) if register.entries else []
    for one, start, end in told:
        yield Flag(
            "titles", one.category, one.level, start, end, candidate.text[start:end],
            f"“{one.title}” is about {', '.join(one.about)}.", why=one.why, rule="titles.about",
            suggestion="Tell the figure without a joke, or tell of another title.",
        )  # fmt: skip
    themes = {theme for one, _, _ in told for theme in one.about}
    for theme, start, end in _wordplay(masked, candidate.lang, themes):
        quote = candidate.text[start:end]
        yield Flag(
            "titles", "singling-out" if theme == REAL_PERSON else theme, "error", start, end, quote,
            f"“{quote}” plays with what the title is about ({theme}).", rule="titles.wordplay",
            why="What is a figure of speech elsewhere is meant literally here.", suggestion="Say it plainly.",
        )  # fmt: skip


def unknown_titles(candidate: Candidate, register: Register) -> Iterator[str]:
    """What is not checked: titles of which no row says what they are about."""
    if not register.sha:
        yield "titles: what they are about"
        return
    for title in _own(candidate):
        if not any(one.names(title) for one in register.entries):
            yield f"titles: what “{title}” is about"


def _own(candidate: Candidate) -> list[str]:
    """The titles of a post's figure, or those that were named with a text."""
    facts = [str(fact.value) for fact in candidate.facts or () if fact.unit == "title"]
    return list(dict.fromkeys([*candidate.titles, *facts]))


def _spans(text: str, title: str) -> list[tuple[int, int]]:
    """Where a text names a title: in quotation marks, or in two words or more."""
    folded = title.casefold()
    found = title_spans(text, [title]) if folded in text.casefold() else []
    return [(start, end) for start, end in found if text[start:end].casefold().startswith(folded)]


def _first(text: str, titles: Sequence[str]) -> tuple[int, int]:
    places = ((text.find(title), len(title)) for title in titles)
    return next(((at, at + length) for at, length in places if at >= 0), (0, 0))


def _wordplay(masked: Reading, lang: str | None, themes: set[str]) -> Iterator[tuple[str, int, int]]:
    """The theme and the place of each word of a text that plays with one of the themes."""
    if not themes:
        return
    for touched, pattern in _patterns(lang):
        theme = next((one for one in THEMES if one in themes & touched), None)
        for match in pattern.finditer(masked.text) if theme else ():
            yield theme or "", *masked.span(*match.span())


@lru_cache(8)
def _patterns(lang: str | None) -> tuple[tuple[frozenset[str], regex.Pattern[str]], ...]:
    """Themes and the words that play with them, of one language or of all."""
    import yaml

    groups: list[Mapping[str, Any]] = yaml.safe_load(_WORDPLAY.read_text(encoding="utf-8"))
    found = []
    for group in groups:
        words = [word for key, listed in group.items() if key != "themes" and lang in (None, key) for word in listed]
        if words:
            found.append((frozenset(group["themes"]), said(*words)))
    return tuple(found)


def load_register(path: Path) -> Register:
    """Read a titles.csv; `ConfigError` names the file, the line, the column and the remedy."""
    from assistant.handwritten import text_of

    text = text_of(path)
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", strict=True)
    try:
        _look_at_header(path, rows.fieldnames or ())
        entries = [_entry(path, rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise ConfigError(path, f"line {rows.line_num + 1}", f"is not CSV: {error}", remedy="Correct it") from None
    return Register(tuple(entries), digest([text, _WORDPLAY.read_text(encoding="utf-8")], 16))


def _look_at_header(path: Path, names: Sequence[str]) -> None:
    for needed in ("title", "about"):
        if needed not in names:
            raise ConfigError(path, "line 1", f"no column {needed}", remedy=f"Begin with {','.join(_COLUMNS)}")
    if odd := [name for name in names if name not in _COLUMNS]:
        raise ConfigError(path, "line 1", f"unknown column {odd[0]!r}", remedy=f"There are {', '.join(_COLUMNS)}")


def _entry(path: Path, line: int, row: Mapping[str, str]) -> Entry:
    def wrong(column: str, problem: str, remedy: str) -> ConfigError:
        return ConfigError(path, f"line {line}: {column}", problem, remedy=remedy)

    title, level = row["title"].strip(), row.get("level", "").strip()
    about = tuple(regex.split(r"[\s,;]+", row["about"].strip())) if row["about"].strip() else ()
    if row.get(""):
        raise wrong("why", "has more cells than the header", "Put what holds commas in quotation marks")
    if not title:
        raise wrong("title", "is empty", "Name the title")
    if not about:
        raise wrong("about", "is empty", f"Name one or more of {', '.join(THEMES)}")
    for theme in about:
        if theme not in THEMES:
            raise wrong("about", f"{theme!r} is no theme", f"There are {', '.join(THEMES)}")
    if level not in _LEVELS:
        raise wrong("level", f"{level!r} is not a level", "Write error, warning or suggestion, or nothing")
    return Entry(title, about, _LEVELS[level], row.get("why", "").strip())
