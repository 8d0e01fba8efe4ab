"""Which rules can fire at all: one pass over a text finds the rules whose words are in it; only these compile and run.

Each pattern is asked for its required literals: texts of which at least one must stand in whatever it matches. One
automaton looks for all of them at once (Aho and Corasick, Communications of the ACM 18:6, 1975), however many there are. A
pattern of which nothing certain can be said is always run: the filter may let too much through and never too little.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ahocorasick

Key = tuple[str, int]
KEPT = Path(__file__).parent / "packs" / "literals.json"
SHORTEST = 3  # letters of a literal: shorter ones stand in most texts
TOGETHER = 12  # literals that one piece of a pattern is spelled out to
LONG = 8  # letters; a longer literal is no better
_CLASSES = "wWdDsSbBAZpPXRGhHvVNmM"
_PLACES = "bBAZGmM"
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzàâäáãåçéèêëîïíìôöóòõøùûüúÿœæñ")  # one letter in either case
_UNSTABLE = {"ſ": "s", "i\u0307": "i"}  # what Python's lower case keeps apart and a pattern that ignores case does not
_PLAIN = re.compile(r"[\w ,'’-]+(?![?*+{])")  # pieces that are one character each, and stand once
_QUANTITY = re.compile(r"\{(\d*)(?:,\d*)?\}")
_FLAGS = re.compile(r"\?[ims]*(?:-[ims]+)?(?=[:)])")
_NAMED = re.compile(r"\?P?<[^\W\d]\w*>")
_AROUND = re.compile(r"\?<?[=!]")


def folded(text: str) -> str:
    """The text as literals are looked for in it."""
    lowered = text.lower()
    if not lowered.isascii():
        for odd, plain in _UNSTABLE.items():
            lowered = lowered.replace(odd, plain)
    return lowered


@cache
def _kept() -> dict[str, list[list[Any]]]:
    """What was worked out before of the shipped packs' patterns: `[[alternative, its literals], …]` (`benchmarks.literals`)."""
    found: dict[str, list[list[Any]]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return found


def required(pattern: str) -> frozenset[str] | None:
    """Literals in lower case of which each match holds at least one; None where none is certain."""
    kept = _kept().get(pattern)
    if kept is None:
        return work_out(pattern)
    literals = [literals for _, literals in kept]
    return None if None in literals else frozenset().union(*literals)


def apart(pattern: str) -> list[tuple[str, frozenset[str] | None]]:
    """The patterns that a pattern chooses from, with the literals of each."""
    kept = _kept().get(pattern)
    if kept is None:
        return [(one, work_out(one)) for one in alternatives(pattern)]
    return [(one, None if literals is None else frozenset(literals)) for one, literals in kept]


def work_out(pattern: str) -> frozenset[str] | None:
    """The literals of one pattern, read from it."""
    try:
        found, rest = _alternatives(pattern, 0)
    except (IndexError, ValueError, RecursionError):
        return None
    literals = found.literals()
    if literals is None or rest != len(pattern) or any(len(one) < SHORTEST for one in literals):
        return None
    return frozenset(one for one in literals if not any(other in one for other in literals if other != one))


def alternatives(pattern: str) -> list[str]:
    """`a|b`, and `(?:a|b)` where that is all, as the patterns that they choose from; the pattern where it is not so plain."""
    inside = pattern.removeprefix("(?:")[:-1] if pattern.startswith("(?:") and pattern.endswith(")") else pattern
    try:
        return _bars(inside) or [pattern]
    except (IndexError, ValueError, RecursionError):
        return [pattern]


def _bars(pattern: str) -> list[str]:
    """What stands between the bars of the outermost level; none where one is empty or a bracket closes that was not opened."""
    found, at = [""], 0
    while at < len(pattern):
        if pattern[at] == "|":
            found.append("")
            at += 1
            continue
        if pattern[at] == ")":
            return []
        end = _repeated(pattern, _piece(pattern, at)[1])[2]
        found[-1] += pattern[at:end]
        at = end
    return found if all(found) else []


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a piece: all that it can match (None: too much to say), else literals that it must hold."""

    exact: frozenset[str] | None
    held: frozenset[str] | None = None

    def literals(self) -> frozenset[str] | None:
        return self.held if self.exact is None else _better(None, self.exact)


_NOTHING = _Found(frozenset({""}))  # what looks, and takes no letter
_ANYTHING = _Found(None)


def _alternatives(pattern: str, at: int) -> tuple[_Found, int]:
    """What `a|b|c` from `at` on can match, up to its end or its closing bracket."""
    found: list[_Found] = []
    while True:
        one, at = _sequence(pattern, at)
        found.append(one)
        if at >= len(pattern) or pattern[at] == ")":
            return _either(found), at
        at += 1  # the bar


def _either(found: list[_Found]) -> _Found:
    if len(found) == 1:
        return found[0]
    exact = [one.exact for one in found if one.exact is not None]
    if len(exact) == len(found):
        return _Found(frozenset().union(*exact))
    held = [one.literals() for one in found]
    return _Found(None, None if None in held else frozenset().union(*(one for one in held if one)))


def _sequence(pattern: str, at: int) -> tuple[_Found, int]:
    """One alternative: the pieces that stand together are literals together; the best of them are held."""
    best: frozenset[str] | None = None
    whole, run = True, frozenset({""})
    while at < len(pattern) and pattern[at] not in "|)":
        if plain := _PLAIN.match(pattern, at):
            run, at = frozenset([one + plain[0] for one in run]), plain.end()
            continue
        piece, at = _piece(pattern, at)
        least, most, at = _repeated(pattern, at)
        exact = piece.exact if most == 1 or least else None
        if exact is not None and least == 0:
            exact |= {""}
        fits = exact is not None and len(run) * len(exact) <= TOGETHER
        if exact is not None and fits:
            run = frozenset(one + other for one in run for other in exact)
            if most == 1:
                continue
        whole, best = False, _better(best, run)
        run = exact or frozenset({""})
        if least and exact is None:
            best = _better(best, piece.literals() or frozenset())
    if whole:
        return _Found(run), at
    return _Found(None, _better(best, run)), at


def _better(one: frozenset[str] | None, other: frozenset[str]) -> frozenset[str] | None:
    """The set whose shortest literal is longer; of two that are long enough the smaller."""
    kept = frozenset(text.lower() for text in other)
    if not kept or "" in kept or not all(map(_stable, kept)):
        return one
    return kept if one is None or _worth(kept) > _worth(one) else one


def _worth(literals: frozenset[str]) -> tuple[int, int]:
    return min(LONG, min(map(len, literals))), -len(literals)


def _stable(text: str) -> bool:
    """Whether each letter is the same one letter in either case."""
    return text.isascii() or all(c in _SAFE or (c.upper() == c.lower() and c != "\u0307") for c in text)


def _piece(pattern: str, at: int) -> tuple[_Found, int]:
    """What one character, class or group can match; and where the next piece begins."""
    character = pattern[at]
    if character == "(":
        return _group(pattern, at)
    if character == "[":
        return _class(pattern, at)
    if character == "\\":
        return _escaped(pattern, at)
    if character in "^$":
        return _NOTHING, at + 1
    if character in "?*+{":
        raise ValueError(pattern)  # a quantifier of nothing
    return (_ANYTHING if character == "." else _Found(frozenset({character}))), at + 1


def _escaped(pattern: str, at: int) -> tuple[_Found, int]:
    following = pattern[at + 1]
    if following in "pPN" and pattern[at + 2 : at + 3] == "{":
        return _ANYTHING, pattern.index("}", at) + 1
    if following in _CLASSES:
        return (_NOTHING if following in _PLACES else _ANYTHING), at + 2
    if following.isascii() and following.isalnum():
        raise ValueError(pattern)  # \n, \x41, \1, \g<1>, \L<names>: not read
    return _Found(frozenset({following})), at + 2


def _group(pattern: str, at: int) -> tuple[_Found, int]:
    """What a group can match; nothing for one that only looks, and for `(?i)`."""
    start = at + 1
    takes = True
    if pattern.startswith("?", start):
        named, around = _NAMED.match(pattern, start), _AROUND.match(pattern, start)
        if pattern.startswith("?>", start):
            start += 2
        elif named is not None:
            start = named.end()
        elif around is not None:
            start, takes = around.end(), False
        else:
            start, takes = _flagged(pattern, start)
    found, end = _alternatives(pattern, start)
    if pattern[end] != ")":
        raise ValueError(pattern)
    return found if takes else _NOTHING, end + 1


def _flagged(pattern: str, start: int) -> tuple[int, bool]:
    """`(?i)`, `(?i:…)` and `(?:…)`, which change no literal; other flags, conditions and calls are not read."""
    flags = _FLAGS.match(pattern, start)
    if flags is None:
        raise ValueError(pattern)
    group = pattern[flags.end()] == ":"
    return flags.end() + group, group


def _class(pattern: str, at: int) -> tuple[_Found, int]:
    """A class of a few plain characters is each of them."""
    end = at + 1 + (pattern[at + 1] == "^")
    end += pattern[end] == "]"
    while pattern[end] != "]":
        if pattern.startswith("[:", end):
            end = pattern.index(":]", end) + 1
        end += 2 if pattern[end] == "\\" else 1
    inside = pattern[at + 1 : end]
    plain = len(inside) <= TOGETHER and not any(c in "^-\\[]&|~" for c in inside)
    return (_Found(frozenset(inside)) if plain else _ANYTHING), end + 1


def _repeated(pattern: str, at: int) -> tuple[int, int, int]:
    """How often the piece before must and may stand (0, 1, 2 for oftener), and where to go on."""
    if at >= len(pattern) or pattern[at] not in "?*+{":
        return 1, 1, at
    if pattern[at] == "{":
        quantity = _QUANTITY.match(pattern, at)
        if quantity is None:
            raise ValueError(pattern)  # a brace that is one, or a fuzzy match
        least, most = min(2, int(quantity[1] or 0)), 2
        at = quantity.end()
    else:
        least, most = pattern[at] == "+", 1 if pattern[at] == "?" else 2
        at += 1
    return least, most, at + (at < len(pattern) and pattern[at] in "?+")


class Prefilter:
    """An automaton of all literals, with the patterns that wait for each: `(name of a rule or part, which of its)`."""

    def __init__(self, patterns: Iterable[tuple[Key, frozenset[str] | None]]) -> None:
        """From each one's required literals (None: always to be run)."""
        self._always: set[Key] = set()
        waiting: defaultdict[str, list[Key]] = defaultdict(list)
        for key, wanted in patterns:
            if wanted is None:
                self._always.add(key)
            for literal in wanted or ():
                waiting[literal].append(key)
        self._automaton = ahocorasick.Automaton()
        for literal, keys in waiting.items():
            self._automaton.add_word(literal, keys)
        self._automaton.make_automaton()

    def possible(self, text: str) -> dict[str, list[int]]:
        """The rules and parts that may be found in a text, each with the places of those of its patterns that may."""
        found = set(self._always)
        if len(self._automaton):
            for _, keys in self._automaton.iter(folded(text)):
                found.update(keys)
        named: defaultdict[str, list[int]] = defaultdict(list)
        for name, at in sorted(found):
            named[name].append(at)
        return dict(named)
