"""Vale's rules, read as they are: existence, substitution, occurrence, conditional, consistency, repetition.

Semantics follow Vale's documentation ("Styles", vale.sh/docs/styles), with one difference: an exception must cover the
whole match, so that an accepted word cannot silence a sentence (Vale's issue 744). Patterns are those of `patterns.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import regex

from assistant.checks.reading import Reading, sentences
from assistant.checks.wording.actions import expanded, in_a_row, instead_of
from assistant.checks.wording.patterns import (
    TIMEOUT,
    Pattern,
    bounded,
    exceptions_of,
    existence_of,
    flag,
    flags_of,
    found,
    literals_of,
    strings,
)
from assistant.errors import RulePackError
from assistant.models import Level

LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "suggestion": "suggestion"}
_PARAGRAPH = regex.compile(r"(?s:.)+?(?:\n[^\S\n]*\n\s*|\Z)")
_SENTENCE_END = regex.compile(r"[.!?…][\"'”»)]*\s|\n\s*\n")
_SPECIFIER = regex.compile(r"%(?:\[(\d+)\])?[sdvq]|%%")
_PLACES = {"sentence": "sentence", "paragraph": "paragraph", "text": "text", "raw": "text", "summary": "text"}

T = TypeVar("T")


@dataclass(frozen=True)
class Match:
    """Where a rule fires in a reading, the words for its message's `%s`, and what to write instead, if it says so."""

    start: int
    end: int
    words: tuple[str, ...]
    instead: tuple[str, ...] = ()

    def moved(self, by: int) -> Match:
        """The same, `by` further on."""
        return Match(self.start + by, self.end + by, self.words, self.instead)


Finder = Callable[[str, Iterable[int] | None], Iterator[Match]]


@dataclass(frozen=True)
class Rule:
    """One rule; its patterns are compiled when a text first has one of their literals (None: they always run).

    There are literals for each token, where tokens can run one by one, or one set for the rule as a whole.
    """

    name: str
    file: str
    message: str
    level: Level
    link: str
    scopes: tuple[str, ...]
    limit: int
    data: Mapping[str, Any]
    literals: tuple[frozenset[str] | None, ...]
    own: bool = False

    @property
    def kind(self) -> str:
        """Vale's `extends`."""
        return str(self.data["extends"])

    @cached_property
    def find(self) -> Finder:
        """Where it fires in a part of a text; `RulePackError` where a pattern cannot be compiled."""
        return _read(self.file, lambda: _KINDS[self.kind](self))

    @cached_property
    def exceptions(self) -> Pattern | None:
        """What is accepted all the same."""
        return _read(self.file, lambda: exceptions_of(self.data, own=self.own))

    def matches(self, reading: Reading, tokens: Iterable[int] | None = None) -> Iterator[Match]:
        """Where it fires, at most `limit` times; `TimeoutError` where a pattern does not come to an end.

        `tokens`: the places in `literals` of those that a prefilter found possible; None where none was asked.
        """
        left = self.limit or len(reading.text) + 1
        seen: set[tuple[int, int]] = set()
        for start, end in self._parts(reading):
            part = reading.text[start:end]
            for match in self.find(part, tokens):
                at = (start + match.start, start + match.end)
                if left and at not in seen and not self._excepted(part, match):
                    seen.add(at)
                    left -= 1
                    yield match.moved(start)

    def _parts(self, reading: Reading) -> Iterator[tuple[int, int]]:
        for scope in self.scopes:
            if scope == "sentence":
                yield from sentences(reading.text)
            elif scope == "paragraph":
                yield from (match.span() for match in _PARAGRAPH.finditer(reading.text))
            else:
                yield 0, len(reading.text)

    def _excepted(self, text: str, match: Match) -> bool:
        """Whether an exception covers what was found, blanks at its edges apart."""
        matched = text[match.start : match.end]
        start = match.start + len(matched) - len(matched.lstrip())
        end = match.end - (len(matched) - len(matched.rstrip()))
        if self.exceptions is None or start >= end:
            return False
        if self.exceptions.fullmatch(text[start:end], timeout=TIMEOUT):
            return True
        covering = self.exceptions.finditer(text, timeout=TIMEOUT, overlapped=True)
        return any(one.start() <= start and end <= one.end() for one in covering)

    def told(self, match: Match) -> str:
        """The message with its `%s` filled, in Vale's order: one without a word is left empty."""
        words = iter(match.words)

        def fill(specifier: regex.Match[str]) -> str:
            if specifier[0] == "%%":
                return "%"
            if specifier[1]:
                return "".join(match.words[int(specifier[1]) - 1 : int(specifier[1])])
            return next(words, "")

        return _SPECIFIER.sub(fill, self.message)


def compile_rule(name: str, file: str, data: Mapping[str, Any], *, own: bool = False) -> Rule:
    """A Vale rule from its YAML; `RulePackError` names the file and what is wrong or not supported.

    `own`: a rule of ours, whose tokens may begin and end with punctuation, where Vale's `\\b` never holds.
    """
    kind = data.get("extends")
    if str(kind) not in _KINDS:
        known = ", ".join(_KINDS)
        raise RulePackError(file, f"extends: {kind} is not supported", remedy=f"These are: {known}.")
    if not data.get("message"):
        raise RulePackError(file, "it has no message", remedy="Every rule needs one.")
    level = LEVELS.get(str(data.get("level", "warning")))
    if level is None:
        raise RulePackError(file, f"level: {data['level']} is unknown", remedy="Write error, warning or suggestion.")
    return _read(
        file,
        lambda: Rule(
            name=name,
            file=file,
            message=_message(data),
            level=level,
            link=str(data.get("link") or ""),
            scopes=_scopes(file, data.get("scope") or "text"),
            limit=int(data.get("limit") or 0),
            data=data,
            literals=literals_of(data),
            own=own,
        ),
    )


def _message(data: Mapping[str, Any]) -> str:
    """The message; where a list of quoted options goes into it, its own quotes are taken away."""
    message = str(data["message"])
    action = data.get("action") or {}
    lists = data["extends"] == "substitution" and action.get("name") == "replace" and not action.get("params")
    for quoted in ("'%s'", '"%s"'):
        if lists and message.count(quoted) == 2:
            message = message.replace(quoted, "%s", 1)
    return message


def unread_keys(data: Mapping[str, Any]) -> list[str]:
    """The keys that mean nothing to a rule of this type; Vale would refuse the rule, ours runs without them."""
    known = _HEADER | _HARMLESS | _KEYS.get(str(data.get("extends")), frozenset())
    return sorted(key for key in map(str, data) if key.lower() not in known)


_HEADER = frozenset({"extends", "message", "level", "scope", "link", "limit", "action", "description", "category"})
_HARMLESS = frozenset({"vocab", "custom", "code", "dicpath", "name", "path", "tests", "author", "version", "source"})
_KEYS = {
    "existence": frozenset({"append", "ignorecase", "nonword", "raw", "tokens", "exceptions"}),
    "substitution": frozenset({"ignorecase", "nonword", "swap", "exceptions", "capitalize"}),
    "occurrence": frozenset({"ignorecase", "token", "max", "min", "exceptions"}),
    "conditional": frozenset({"ignorecase", "first", "second", "exceptions"}),
    "consistency": frozenset({"ignorecase", "nonword", "either", "exceptions"}),
    "repetition": frozenset({"ignorecase", "tokens", "max", "alpha", "exceptions"}),
}


def _read(file: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except regex.error as error:
        raise RulePackError(file, f"a pattern cannot be compiled ({error})", remedy="Correct it.") from None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise RulePackError(file, f"it lacks or garbles {error}", remedy="See vale.sh/docs/styles.") from None


def _scopes(file: str, scope: Any) -> tuple[str, ...]:
    """The parts of a post that a rule looks at; a negated scope and what is beside an `&` leave the rest of the text."""
    listed = scope if isinstance(scope, list) else [scope]
    places = [_place(str(one)) for one in listed]
    known = tuple(dict.fromkeys(place for place in places if place))
    if not known:
        remedy = f"Use one of {', '.join(_PLACES)}."
        raise RulePackError(file, f"scope: {scope} means nothing in a post", remedy=remedy)
    return known


def _place(selector: str) -> str | None:
    wanted = [part.strip() for part in selector.split("&") if not part.strip().startswith("~")]
    if not wanted:
        return "text"
    return _PLACES.get(wanted[0]) if len(wanted) == 1 else None


def _existence(rule: Rule) -> Finder:
    pattern = existence_of(rule.data, rule.literals, own=rule.own)

    def find(text: str, tokens: Iterable[int] | None) -> Iterator[Match]:
        for match in pattern(text, tokens):
            instead = instead_of(rule.data, match[0])
            words = (match[0], *([in_a_row(instead) if len(instead) > 1 else instead[0]] if instead else []))
            yield Match(*match.span(), words, instead)

    return find


def _substitution(rule: Rule) -> Finder:
    data, flags = rule.data, flags_of(rule.data)
    action = data.get("action") or {}
    given = tuple(strings(action.get("params")))
    replaces = action.get("name") == "replace"
    swaps = sorted(dict(data["swap"]).items(), key=lambda swap: -len(str(swap[0])))
    keys = [_OPENING.sub("(?:", str(old)) for old, _ in swaps]
    every = "|".join(f"(?P<swap_{at}>{key})" for at, key in enumerate(keys))
    pattern = regex.compile(bounded(every, data, own=rule.own), flags)
    alone = [(regex.compile(str(old), flags), "" if new is None else str(new)) for old, new in swaps]

    def find(text: str, _: Iterable[int] | None) -> Iterator[Match]:
        for match in found(pattern, text):
            observed = match[0]
            expected = _expected(*alone[int(str(match.lastgroup)[5:])], observed, data)
            options = tuple(one.replace("\\|", "|") for one in _BAR.split(expected) if one) if replaces else ()
            if observed in options or (not replaces and _same(expected, observed)):
                continue
            told = in_a_row(options) if options and not given else expected
            yield Match(*match.span(), (told, observed), (given if replaces else ()) or options or (expected,))

    return find


_OPENING = regex.compile(r"(?<!\\)\((?!\?)")
_BAR = regex.compile(r"(?<!\\)\|")


def _expected(old: regex.Pattern[str], new: str, observed: str, data: Mapping[str, Any]) -> str:
    whole = old.fullmatch(observed) if "$" in new else None
    expected = expanded(new, whole) if whole else new
    capital = flag(data, "capitalize") and observed[:1].isupper()
    return expected[:1].upper() + expected[1:] if capital else expected


def _same(expected: str, observed: str) -> bool:
    """Whether what stands there is accepted as it is: the expected words, or a pattern of them."""
    if expected == observed or expected.isalpha():
        return expected == observed
    try:
        return bool(expected) and regex.fullmatch(expected, observed, timeout=TIMEOUT) is not None
    except regex.error:
        return False


def _occurrence(rule: Rule) -> Finder:
    pattern = regex.compile(f"(?:{rule.data['token']})", flags_of(rule.data))
    most, least = int(rule.data.get("max") or 0), int(rule.data.get("min") or 0)

    def find(text: str, _: Iterable[int] | None) -> Iterator[Match]:
        matches = list(found(pattern, text))
        if (most and len(matches) > most) or len(matches) < least:
            span = matches[0].span() if matches else (0, len(text))
            yield Match(*span, (str(len(matches)),))

    return find


def _conditional(rule: Rule) -> Finder:
    flags = flags_of(rule.data)
    first, second = regex.compile(str(rule.data["first"]), flags), regex.compile(str(rule.data["second"]), flags)

    def find(text: str, _: Iterable[int] | None) -> Iterator[Match]:
        explained = {group for match in found(second, text) for group in match.groups() if group}
        if second.groups == 0 and second.search(text, timeout=TIMEOUT):
            return
        for match in found(first, text):
            if match[0] not in explained:
                yield Match(*match.span(), (match[0],))

    return find


def _consistency(rule: Rule) -> Finder:
    pairs = [
        regex.compile(bounded(f"(?P<one>{one})|(?P<other>{other})", rule.data, own=rule.own), flags_of(rule.data))
        for one, other in dict(rule.data["either"]).items()
    ]

    def find(text: str, _: Iterable[int] | None) -> Iterator[Match]:
        for pair in pairs:
            matches = list(found(pair, text))
            if {match.lastgroup for match in matches} >= {"one", "other"}:
                last = matches[-1][0]
                place = next(match for match in matches if match[0] == last)
                yield Match(*place.span(), (last,))

    return find


def _repetition(rule: Rule) -> Finder:
    data = rule.data
    pattern = regex.compile("|".join(strings(data["tokens"])), flags_of(data))
    most, letters_only, either_case = int(data.get("max") or 0), flag(data, "alpha"), flag(data, "ignorecase")

    def find(text: str, _: Iterable[int] | None) -> Iterator[Match]:
        before, start, run = "", 0, 0
        for match in found(pattern, text):
            word = match[0].strip()
            same = word.casefold() == before.casefold() if either_case else word == before
            counts = bool(word) and same and (word.isalpha() or not letters_only)
            run = run + 1 if counts else 0
            if run > most and not _SENTENCE_END.search(text, start, match.end()):
                yield Match(start, match.end(), (word,))
                run = 0
            before, start = word, match.start()

    return find


_KINDS: dict[str, Callable[[Rule], Finder]] = {
    "existence": _existence,
    "substitution": _substitution,
    "occurrence": _occurrence,
    "conditional": _conditional,
    "consistency": _consistency,
    "repetition": _repetition,
}
