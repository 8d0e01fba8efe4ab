"""Rules of our own kind: whom does the post speak to or of, and what does it do to them?

Each word may be harmless: "you", "412", "at night". The combination is what hurts. A pack's `people.yml` names parts
(patterns) and rules, each a list of parts that must all be found; the last one is what is flagged:

    parts:
      addressed: ["you", "your"]
      diagnosed: ["who hurt you", "are you (?:all right|okay)"]
    rules:
      - {name: Diagnosis, category: presumed-distress, level: error, when: [[addressed, cohort], [diagnosed]], message: …}

`unless` names parts that make it kind, such as a thank-you. Who is addressed is read from the whole text; what is done to
them from the text with its titles masked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import regex

from assistant.checks.reading import Reading
from assistant.checks.wording.prefilter import required
from assistant.checks.wording.vale import LEVELS
from assistant.errors import RulePackError
from assistant.models import CATEGORIES, Level

_WHO = ("addressed", "cohort")


@dataclass(frozen=True)
class PeopleRule:
    """A combination that hurts."""

    name: str
    category: str
    level: Level
    message: str
    why: str
    suggestion: str
    when: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    pass_: tuple[str, ...]
    fail: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Wordings of one kind; compiled when a text first has one of their literals."""

    patterns: tuple[str, ...]
    literals: frozenset[str] | None

    @classmethod
    def of(cls, patterns: Sequence[str]) -> Part:
        """From its patterns."""
        found = [required(pattern) for pattern in patterns]
        return cls(tuple(patterns), None if None in found else frozenset().union(*(one for one in found if one)))

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """All of them as one."""
        return regex.compile(rf"(?<!\w)(?:{'|'.join(self.patterns)})(?!\w)", regex.IGNORECASE)


@dataclass(frozen=True)
class People:
    """The parts and rules of one language."""

    parts: Mapping[str, Part]
    rules: tuple[PeopleRule, ...]

    def addressed(self, reading: Reading, possible: Set[str]) -> bool:
        """Whether the text speaks to someone or names a cohort."""
        return any(self.parts[part].pattern.search(reading.text) for part in _WHO if part in possible)

    def matches(self, reading: Reading, masked: Reading, possible: Set[str]) -> Iterator[tuple[PeopleRule, int, int]]:
        """Each rule that fires, with where; `possible`: the parts that may be found."""
        looked = _Looked(self.parts, reading.text, masked.text, possible)
        for rule in self.rules:
            spans = [looked.first(parts) for parts in rule.when]
            if spans[-1] is not None and None not in spans and looked.first(rule.unless) is None:
                yield rule, *spans[-1]


@dataclass
class _Looked:
    """One text's parts, each looked for once."""

    parts: Mapping[str, Part]
    text: str
    masked: str
    possible: Set[str]
    found: dict[str, tuple[int, int] | None] = field(default_factory=dict)

    def first(self, names: Sequence[str]) -> tuple[int, int] | None:
        """Where the first of some parts stands that is there at all."""
        return next((span for name in names if (span := self._where(name)) is not None), None)

    def _where(self, name: str) -> tuple[int, int] | None:
        if name not in self.possible:
            return None
        if name not in self.found:
            match = self.parts[name].pattern.search(self.text if name in _WHO else self.masked)
            self.found[name] = match.span() if match else None
        return self.found[name]


def compile_people(file: str, data: Mapping[str, Any]) -> People:
    """Read a `people.yml`; `RulePackError` names what is wrong."""
    try:
        parts = {name: Part.of(patterns) for name, patterns in data["parts"].items()}
        rules = tuple(_rule(entry) for entry in data["rules"])
    except (KeyError, TypeError, AttributeError, regex.error) as error:
        raise RulePackError(file, f"it lacks or garbles {error}") from None
    named = {part for rule in rules for group in (*rule.when, rule.unless) for part in group}
    if unknown := named - set(parts):
        raise RulePackError(file, f"no part is called {', '.join(sorted(unknown))}")
    if odd := {rule.category for rule in rules} - set(CATEGORIES):
        raise RulePackError(file, f"no category is called {', '.join(sorted(odd))}")
    return People(parts, rules)


def _rule(entry: Mapping[str, Any]) -> PeopleRule:
    return PeopleRule(
        name=entry["name"],
        category=entry["category"],
        level=LEVELS[entry["level"]],
        message=entry["message"],
        why=entry["why"],
        suggestion=entry.get("suggestion", ""),
        when=tuple(tuple(group) for group in entry["when"]),
        unless=tuple(entry.get("unless", ())),
        pass_=tuple(entry["examples"]["pass"]),
        fail=tuple(entry["examples"]["flag"]),
    )
