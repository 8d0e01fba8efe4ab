"""A pack: the Vale rules of one language with their sidecar, the people rules, or a style folder of the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.checks.reading import Reading
from assistant.checks.wording.people import People, compile_people
from assistant.checks.wording.vale import Match, Rule, compile_rule
from assistant.errors import RulePackError
from assistant.models import CATEGORIES, Flag, digest

FOLDER = Path(__file__).parent / "packs"
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # an eighth of the time


@dataclass(frozen=True)
class Beside:
    """What a sidecar says of a rule."""

    category: str
    why: str = ""
    suggestion: str = ""
    hard: bool = False
    version: str = "1"
    flag: tuple[str, ...] = ()
    pass_: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """The wording rules of one language, or of a style folder (`lang` None: for every language)."""

    name: str
    lang: str | None
    rules: tuple[tuple[Rule, Beside], ...]
    people: People | None = None
    problems: tuple[RulePackError, ...] = ()
    sha: str = ""

    def literals(self) -> Iterator[tuple[str, frozenset[str] | None]]:
        """What each rule and each part of the people rules waits for in a text."""
        yield from ((f"{self.name}.{rule.name}", rule.literals) for rule, _ in self.rules)
        if self.people is not None:
            yield from ((f"{self.name}#{name}", part.literals) for name, part in self.people.parts.items())

    def addressed(self, reading: Reading, possible: Set[str]) -> bool:
        """Whether the text speaks to someone or names a cohort."""
        return self.people is not None and self.people.addressed(reading, self._parts(possible))

    def _parts(self, possible: Set[str]) -> frozenset[str]:
        parts = self.people.parts if self.people is not None else ()
        return frozenset(name for name in parts if f"{self.name}#{name}" in possible)

    def flags(self, reading: Reading, masked: Reading, possible: Set[str]) -> Iterator[Flag | str]:
        """Flags of the rules that may fire; or the name of one that could not be brought to an end."""
        for rule, beside in self.rules:
            if f"{self.name}.{rule.name}" not in possible:
                continue
            try:
                for match in list(rule.matches(masked)):
                    yield self._flag(rule, beside, match, reading)
            except TimeoutError:
                yield f"wording: rule {self.name}.{rule.name} took too long"
        if self.people is not None:
            for found, start, end in self.people.matches(reading, masked, self._parts(possible)):
                at = reading.span(start, end)
                yield Flag(
                    "wording", found.category, found.level, *at, reading.original[slice(*at)], found.message,
                    why=found.why, suggestion=found.suggestion, rule=f"{self.name}.{found.name}",
                )  # fmt: skip

    def _flag(self, rule: Rule, beside: Beside, match: Match, reading: Reading) -> Flag:
        start, end = reading.span(match.start, match.end)
        instead = beside.suggestion or (match.words[0] if len(match.words) > 1 else ", ".join(rule.replacements))
        return Flag(
            "wording", beside.category, rule.level, start, end, reading.original[start:end], rule.told(match),
            hard=beside.hard, why=beside.why or rule.link, suggestion=instead, rule=f"{self.name}.{rule.name}",
            rule_version=beside.version,
        )  # fmt: skip


def shipped_languages() -> tuple[str, ...]:
    """Languages that there is a pack for."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))


@cache
def load_pack(lang: str) -> Pack:
    """The shipped pack of one language; each rule must have its entry in the sidecar."""
    sidecar = _read(FOLDER / f"{lang}.sidecar.yml")
    rules = tuple(
        (compile_rule(file.stem, file.name, _read(file)), _beside(file.stem, sidecar[file.stem]))
        for file in sorted((FOLDER / lang).glob("*.yml"))
    )
    people = compile_people(f"{lang}.people.yml", _read(FOLDER / f"{lang}.people.yml"))
    return Pack(lang, lang, rules, people, sha=_sha([*FOLDER.glob(f"{lang}/*.yml"), *FOLDER.glob(f"{lang}.*")]))


def load_style(folder: Path) -> Pack:
    """A Vale style folder of the user's, as it is; rules that cannot be used are problems, named, and the rest runs."""
    rules, problems = [], []
    if not folder.is_dir():
        raise RulePackError(str(folder), "is not a folder of rules", remedy="Name a Vale style: a folder of *.yml.")
    for file in sorted((*folder.rglob("*.yml"), *folder.rglob("*.yaml"))):
        try:
            data = _read(file)
            category = data.get("category", "house")
            if category not in CATEGORIES:
                category = "house"
            rule = compile_rule(file.stem, str(file), data)
            _ = rule.find, rule.exceptions  # a user's pattern that is none is told at once
            rules.append((rule, Beside(category)))
        except RulePackError as error:
            problems.append(error)
    return Pack(folder.name, None, tuple(rules), None, tuple(problems), _sha(list(folder.rglob("*.y*ml"))))


def house_pack(banned: Sequence[str]) -> Pack:
    """The house's banned words, as plain words and not as patterns."""
    import regex

    data = {
        "extends": "existence", "message": "'%s' is a word that this house does not use.", "level": "error",
        "ignorecase": True, "tokens": [regex.escape(word) for word in banned],
    }  # fmt: skip
    rule = compile_rule("banned", "house.banned", data)
    return Pack("house", None, ((rule, Beside("house", suggestion="Another word.")),), sha=digest(list(banned), 16))


def _beside(name: str, entry: Mapping[str, Any]) -> Beside:
    if entry["category"] not in CATEGORIES:
        raise RulePackError(name, f"no category is called {entry['category']}")
    examples = entry["examples"]
    return Beside(
        category=entry["category"],
        why=entry["why"],
        suggestion=entry.get("suggestion", ""),
        hard=entry.get("hard", False),
        version=str(entry.get("version", "1")),
        flag=tuple(examples["flag"]),
        pass_=tuple(examples["pass"]),
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (the safe loader, in C)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise RulePackError(str(file), f"cannot be read ({problem})", remedy="It must be YAML in UTF-8.") from None
    if not isinstance(data, dict):
        raise RulePackError(str(file), "is not a mapping of keys", remedy="See vale.sh/docs/styles.")
    return data


def _sha(files: list[Path]) -> str:
    return digest([file.read_text(encoding="utf-8", errors="replace") for file in sorted(files)], 16)
