"""Rules of our own kind: whom does the post speak to or of, and what does it do to them?

Each word may be harmless: "you", "412", "at night". The combination is what hurts. A pack's `people.yml` names parts
(patterns) and rules, each a list of parts that must all be found; the last one is what is flagged:

    parts:
      addressed: ["you", "your"]
      diagnosed: ["who hurt you", "are you (?:all right|okay)"]
    rules:
      - {name: Diagnosis, category: presumed-distress, level: error, when: [[addressed, cohort], [diagnosed]], message: …}

Under `signs` stand combinations that are too often harmless to be a rule: they are told only where the whole post leans
the same way (`leaning.py`).

`unless` names parts that make it kind, such as a thank-you, anywhere in the text. `within: sentence` wants all groups in one
sentence, `question: true` wants that sentence to ask. Who is addressed is read from the whole text; what is done to them
from the text with its titles masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import regex

from assistant.checks.reading import Reading
from assistant.checks.wording.prefilter import required
from assistant.checks.wording.vale import LEVELS
from assistant.errors import RulePackError
from assistant.models import CATEGORIES, Level

_WHO = ("addressed", "cohort")
Place = tuple[int, int, int]  # the sentence's number, start, end


@dataclass(frozen=True)
class PeopleRule:
    """A combination that hurts: a part of each group in `when`, in one sentence or anywhere in the text."""

    name: str
    category: str
    level: Level
    message: str
    why: str
    suggestion: str
    when: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    sentence: bool
    question: bool
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
    signs: tuple[PeopleRule, ...] = ()

    def addressed(self, reading: Reading, possible: Set[str]) -> bool:
        """Whether the text speaks to someone or names a cohort."""
        return any(self.parts[part].pattern.search(reading.text) for part in _WHO if part in possible)

    def look(self, reading: Reading, masked: Reading, possible: frozenset[str]) -> Looked:
        """The text with what is found in it, to be asked for rules and for parts."""
        return Looked(self.parts, reading, masked, possible)


class Looked:
    """One text's parts, each looked for once, sentence by sentence: a pattern's `^` is the beginning of a sentence."""

    def __init__(self, parts: Mapping[str, Part], reading: Reading, masked: Reading, possible: frozenset[str]) -> None:
        self._parts, self._reading, self._masked, self._possible = parts, reading, masked, possible
        self._sentences = [_trimmed(reading.text, *span) for span in reading.sentences()]
        self._found: dict[str, tuple[Place, ...]] = {}

    def matches(self, rules: Iterable[PeopleRule]) -> Iterator[tuple[PeopleRule, int, int]]:
        """Each rule that fires, with where."""
        for rule in rules:
            if any(map(self._possible.isdisjoint, rule.when)):
                continue
            span = self.fired(rule)
            if span is not None and not any(self.where(part) for part in rule.unless):
                yield rule, *span

    def found(self) -> Iterator[str]:
        """The parts that stand in the text."""
        return (part for part in self._parts if part in self._possible and self.where(part))

    def fired(self, rule: PeopleRule) -> tuple[int, int] | None:
        """Where the rule's last group is found, if all are."""
        groups: list[tuple[Place, ...]] = []
        for parts in rule.when:
            groups.append(tuple(place for part in parts for place in self.where(part)))
            if not groups[-1]:
                return None
        there = set(range(len(self._sentences)))
        if rule.sentence:
            there = set.intersection(*({place[0] for place in group} for group in groups))
        if rule.question:
            there = {at for at in there if self._asks(at)}
        return next((place[1:] for place in groups[-1] if place[0] in there), None)

    def where(self, name: str) -> tuple[Place, ...]:
        """Every place of a part: the sentence's number, start and end."""
        if name not in self._possible:
            return ()
        if name not in self._found:
            text = self._reading.text if name in _WHO else self._masked.text
            self._found[name] = tuple(self._search(self._parts[name].pattern, text))
        return self._found[name]

    def _search(self, pattern: regex.Pattern[str], text: str) -> Iterator[Place]:
        for number, (start, end) in enumerate(self._sentences):
            for match in pattern.finditer(text[start:end]):
                yield number, start + match.start(), start + match.end()

    def _asks(self, number: int) -> bool:
        start, end = self._sentences[number]
        return "?" in self._reading.text[start:end][-3:]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "\"'“”«»-–—•"):
        start += 1
    return start, end


def compile_people(file: str, data: Mapping[str, Any]) -> People:
    """Read a `people.yml`; `RulePackError` names what is wrong."""
    try:
        parts = {name: Part.of(patterns) for name, patterns in data["parts"].items()}
        rules, signs = (tuple(map(_rule, data.get(kind, ()))) for kind in ("rules", "signs"))
    except (KeyError, TypeError, AttributeError, regex.error) as error:
        raise RulePackError(file, f"it lacks or garbles {error}") from None
    named = {part for rule in (*rules, *signs) for group in (*rule.when, rule.unless) for part in group}
    if unknown := named - set(parts):
        raise RulePackError(file, f"no part is called {', '.join(sorted(unknown))}")
    if odd := {rule.category for rule in (*rules, *signs)} - set(CATEGORIES):
        raise RulePackError(file, f"no category is called {', '.join(sorted(odd))}")
    return People(parts, rules, signs)


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
        sentence={"sentence": True, "text": False}[entry.get("within", "text")],
        question=bool(entry.get("question", False)),
        pass_=tuple(entry["examples"]["pass"]),
        fail=tuple(entry["examples"]["flag"]),
    )
