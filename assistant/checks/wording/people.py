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

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

import regex

from assistant.checks.reading import Reading, sentences
from assistant.checks.wording.prefilter import apart
from assistant.checks.wording.vale import LEVELS
from assistant.errors import RulePackError
from assistant.models import CATEGORIES, Level

_WHO = ("addressed", "cohort")
Possible = Mapping[str, Sequence[int]]  # of each part that may be found, which of its patterns
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


class Part:
    """Wordings of one kind, each compiled when a text first has one of its literals."""

    def __init__(self, patterns: Sequence[str]) -> None:
        found = [one for pattern in patterns for one in apart(pattern)]
        self.patterns, self.literals = tuple(one for one, _ in found), tuple(literals for _, literals in found)
        self._compiled: dict[int, regex.Pattern[str]] = {}

    def compiled(self, at: int) -> regex.Pattern[str]:
        """One of them, bounded by what is no letter; `^` and `$` are the ends of a line."""
        if at not in self._compiled:
            bounded = rf"(?<!\w)(?:{self.patterns[at]})(?!\w)"
            self._compiled[at] = regex.compile(bounded, regex.IGNORECASE | regex.MULTILINE)
        return self._compiled[at]


class Rules(tuple[PeopleRule, ...]):
    """Rules in their order, found by the parts of their last group: what is done to people is rarer than their being named."""

    @cached_property
    def _by_part(self) -> Mapping[str, tuple[int, ...]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for at, rule in enumerate(self):
            for part in rule.when[-1]:
                found[part].append(at)
        return {part: tuple(places) for part, places in found.items()}

    def possible(self, parts: Set[str]) -> Iterator[PeopleRule]:
        """The rules of which each group has one of these parts."""
        places = sorted({at for part in self._by_part.keys() & parts for at in self._by_part[part]})
        return (self[at] for at in places if not any(map(parts.isdisjoint, self[at].when)))


@dataclass(frozen=True)
class People:
    """The parts and rules of one language."""

    parts: Mapping[str, Part]
    rules: Rules
    signs: Rules

    def look(self, reading: Reading, masked: Reading, possible: Possible) -> Looked:
        """The text with what is found in it, to be asked for rules and for parts."""
        return Looked(self.parts, reading, masked, possible)


class Looked:
    """One text's parts, each looked for once; a pattern's `^` and `$` are the ends of a sentence."""

    def __init__(self, parts: Mapping[str, Part], reading: Reading, masked: Reading, possible: Possible) -> None:
        self._parts, self._possible = parts, possible
        self._spoken, self._masked = _lines(reading.text, masked.text)
        self._found: dict[str, list[Place]] = {}

    def matches(self, rules: Rules) -> Iterator[tuple[PeopleRule, int, int]]:
        """Each rule that fires, with where."""
        for rule in rules.possible(self._possible.keys()):
            span = self.fired(rule)
            if span is not None and not any(self.where(part) for part in rule.unless):
                yield rule, *span

    def possible(self) -> Set[str]:
        """The parts that may stand in the text."""
        return self._possible.keys()

    def found(self) -> Iterator[str]:
        """The parts that stand in the text."""
        return (part for part in self._possible if self.where(part))

    def addressed(self) -> bool:
        """Whether the text speaks to someone or names a cohort."""
        return any(map(self.where, _WHO))

    def fired(self, rule: PeopleRule) -> tuple[int, int] | None:
        """Where the rule's last group is found, if all are."""
        groups: list[list[Place]] = []
        for parts in reversed(rule.when):  # the last one is the rarest
            groups.append([place for part in parts for place in self.where(part)])
            if not groups[-1]:
                return None
        there = {place[0] for place in groups[0]}
        if rule.sentence:
            there = there.intersection(*({place[0] for place in group} for group in groups))
        if rule.question:
            there = {at for at in there if self._spoken.asks(at)}
        return next((place[1:] for place in groups[0] if place[0] in there), None)

    def where(self, name: str) -> list[Place]:
        """Every place of a part, in order, the longest of one start first: the sentence's number, start and end."""
        if name not in self._found:
            part, lines = self._parts[name], self._spoken if name in _WHO else self._masked
            compiled = map(part.compiled, self._possible.get(name, ()))
            places = {place for pattern in compiled for place in lines.search(pattern)}
            self._found[name] = sorted(places, key=lambda place: (place[1], -place[2]))
        return self._found[name]


class _Lines:
    """A text's sentences, a line each, so that one search looks at them all."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self._spans, self._lines = spans, [text[start:end] for start, end in spans]
        self._text = "\n".join(self._lines)
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))

    def search(self, pattern: regex.Pattern[str]) -> list[Place]:
        """Each match, none of which reaches from one sentence into the next."""
        found: list[Place] = []
        for match in pattern.finditer(self._text):
            start, end = match.span()
            number = bisect_right(self._starts, start) - 1
            if end >= self._starts[number + 1]:
                return list(self._one_by_one(pattern))
            moved = self._spans[number][0] - self._starts[number]
            found.append((number, start + moved, end + moved))
        return found

    def _one_by_one(self, pattern: regex.Pattern[str]) -> Iterator[Place]:
        for number, ((start, _), line) in enumerate(zip(self._spans, self._lines, strict=True)):
            yield from ((number, start + match.start(), start + match.end()) for match in pattern.finditer(line))

    def asks(self, number: int) -> bool:
        """Whether a sentence is a question."""
        return "?" in self._lines[number][-3:]


@lru_cache(16)
def _lines(spoken: str, masked: str) -> tuple[_Lines, _Lines]:
    """A text as it stands and with its titles masked, in the same sentences; each pack asks for them."""
    spans = [_trimmed(spoken, *span) for span in sentences(spoken)]
    lines = _Lines(spoken, spans)
    return lines, lines if spoken == masked else _Lines(masked, spans)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "\"'“”«»-–—•"):
        start += 1
    return start, end


def compile_people(file: str, data: Mapping[str, Any]) -> People:
    """Read a `people.yml`; `RulePackError` names what is wrong."""
    try:
        parts = {name: Part(patterns) for name, patterns in data["parts"].items()}
        rules, signs = (Rules(map(_rule, data.get(kind, ()))) for kind in ("rules", "signs"))
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
