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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from assistant.checks.reading import Reading
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
class People:
    """The parts and rules of one language."""

    parts: Mapping[str, regex.Pattern[str]]
    rules: tuple[PeopleRule, ...]

    def addressed(self, reading: Reading) -> bool:
        """Whether the text speaks to someone or names a cohort."""
        return any(self.parts[part].search(reading.text) for part in _WHO if part in self.parts)

    def matches(self, reading: Reading, masked: Reading) -> Iterator[tuple[PeopleRule, int, int]]:
        """Each rule that fires, with where."""
        for rule in self.rules:
            if any(self.parts[part].search(masked.text) for part in rule.unless):
                continue
            spans = [self._first(parts, reading, masked) for parts in rule.when]
            if all(span is not None for span in spans) and spans[-1] is not None:
                yield rule, *spans[-1]

    def _first(self, parts: Sequence[str], reading: Reading, masked: Reading) -> tuple[int, int] | None:
        for part in parts:
            text = reading.text if part in _WHO else masked.text
            if found := self.parts[part].search(text):
                return found.span()
        return None


def compile_people(file: str, data: Mapping[str, Any]) -> People:
    """Read a `people.yml`; `RulePackError` names what is wrong."""
    try:
        parts = {
            name: regex.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", regex.IGNORECASE)
            for name, patterns in data["parts"].items()
        }
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
