"""Which rules can fire at all: one pass over a text finds the rules whose words are in it; only these compile and run.

Each pattern is asked for its required literals: texts of which at least one must stand in whatever it matches. They are
kept by their first letters, so that a text of n characters costs n look-ups, however many rules there are. A pattern of
which nothing certain can be said is always run: the filter may let too much through and never too little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
GRAM = 3
_CLASSES = "wWdDsSbBAZpPXRKGhHvVNLl0123456789g"
_NOT_CASE_STABLE = set("ſßİıK")  # one letter in one case, two or another in the other


def required(pattern: str) -> frozenset[str] | None:
    """Literals in lower case of which each match holds at least one; None where none is certain."""
    try:
        found, rest = _alternatives(pattern, 0)
    except (IndexError, ValueError):
        return None
    certain = found is not None and rest == len(pattern) and all(len(one) >= GRAM for one in found)
    return frozenset(found) if certain and found is not None else None


def _alternatives(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """The literals of `a|b|c` from `at` on, up to its end or its closing bracket."""
    union: set[str] | None = set()
    while True:
        best, at = _sequence(pattern, at)
        union = None if union is None or best is None else union | best
        if at >= len(pattern) or pattern[at] == ")":
            return union, at
        at += 1  # the bar


def _sequence(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """The best literals of one alternative: the ones whose shortest is longest."""
    best: set[str] | None = None
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        piece, found, at = _piece(pattern, at)
        least, at = _repeated(pattern, at)
        if piece is not None and least == 1:
            run += piece
            continue
        best, run = _better(best, {run}), piece or "" if least else ""
        if least and found is not None:
            best = _better(best, found)
    return _better(best, {run}), at


def _better(one: set[str] | None, other: set[str]) -> set[str] | None:
    kept = {text.lower() for text in other}
    if not kept or min(map(len, kept)) == 0 or any(set(text) & _NOT_CASE_STABLE for text in kept):
        return one
    return kept if one is None or min(map(len, kept)) > min(map(len, one)) else one


def _piece(pattern: str, at: int) -> tuple[str | None, set[str] | None, int]:
    """One literal character, or a group's literals, or nothing certain; and where the next piece begins."""
    character = pattern[at]
    if character == "(":
        return (None, *_group(pattern, at))
    if character == "[":
        return None, None, _class_end(pattern, at)
    if character == "\\":
        return _escaped(pattern, at)
    if character in ".^$":
        return None, None, at + 1
    return character, None, at + 1


def _escaped(pattern: str, at: int) -> tuple[str | None, None, int]:
    following = pattern[at + 1]
    if following in "pP" and pattern[at + 2 : at + 3] == "{":
        return None, None, pattern.index("}", at) + 1
    if following in _CLASSES:
        return None, None, at + 2
    if following in "nrtfxuU":
        raise ValueError(pattern)
    return following, None, at + 2


def _group(pattern: str, at: int) -> tuple[set[str] | None, int]:
    start = at + 1
    if pattern.startswith("?:", start):
        found, end = _alternatives(pattern, start + 2)
    elif pattern.startswith(("?=", "?!", "?<=", "?<!"), start):
        _, end = _alternatives(pattern, start + 2 + (pattern[start + 1] == "<"))
        found = None
    elif pattern.startswith("?", start):
        raise ValueError(pattern)  # flags, names, atomic groups: not read
    else:
        found, end = _alternatives(pattern, start)
    if pattern[end] != ")":
        raise ValueError(pattern)
    return found, end + 1


def _class_end(pattern: str, at: int) -> int:
    end = at + 1 + (pattern[at + 1] == "^")
    end += pattern[end] == "]"
    while pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _repeated(pattern: str, at: int) -> tuple[int, int]:
    """How often the piece before must stand (0, 1 for exactly once, 2 for at least once), and where to go on."""
    if at >= len(pattern) or pattern[at] not in "?*+{":
        return 1, at
    if pattern[at] == "{":
        end = pattern.index("}", at)
        least = 0 if pattern[at + 1 : end].split(",")[0].strip() in ("", "0") else 2
        at = end
    else:
        least = 2 if pattern[at] == "+" else 0
    at += 1
    return least, at + (at < len(pattern) and pattern[at] in "?+")


@dataclass(frozen=True)
class Prefilter(Generic[Key]):
    """Literals by their first letters, with the keys of the rules that wait for them."""

    waiting: Mapping[str, tuple[tuple[str, Key], ...]]
    always: frozenset[Key]

    @classmethod
    def of(cls, literals: Iterable[tuple[Key, frozenset[str] | None]]) -> Prefilter[Key]:
        """From each rule's required literals (None: always to be run)."""
        waiting: defaultdict[str, list[tuple[str, Key]]] = defaultdict(list)
        always: set[Key] = set()
        for key, wanted in literals:
            if wanted is None:
                always.add(key)
            for literal in wanted or ():
                waiting[literal[:GRAM]].append((literal, key))
        return cls({gram: tuple(found) for gram, found in waiting.items()}, frozenset(always))

    def possible(self, text: str) -> set[Key]:
        """The keys of the rules that may fire in a text."""
        return set(self.always).union(self._found(text.lower()))

    def _found(self, text: str) -> Iterator[Key]:
        for gram in {text[at : at + GRAM] for at in range(len(text) - GRAM + 1)} & self.waiting.keys():
            yield from (key for literal, key in self.waiting[gram] if literal in text)
