"""Vale's rules, read as they are: existence, substitution, occurrence, conditional, consistency, repetition.

Semantics follow Vale's documentation ("Styles", vale.sh/docs/styles), with one difference: an exception must cover the
whole match, so that an accepted word cannot silence a sentence (Vale's issue 744).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import regex

from assistant.checks.reading import Reading
from assistant.checks.wording.prefilter import required
from assistant.errors import RulePackError
from assistant.models import Level

LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "suggestion": "suggestion"}
_TIMEOUT = 0.5  # seconds; a pattern that backtracks for longer is named, and the text is "not checked" for it
_SCOPES = {"text", "raw", "paragraph", "sentence", "summary"}

T = TypeVar("T")
Finder = Callable[[str], Iterator[tuple[int, int, tuple[str, ...]]]]


@dataclass(frozen=True)
class Match:
    """Where a rule fires in a reading, and the words for its message's `%s`."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule; its patterns are compiled when a text first has one of its literals (None: they always run)."""

    name: str
    file: str
    message: str
    level: Level
    link: str
    scope: str
    data: Mapping[str, Any]
    literals: frozenset[str] | None
    replacements: tuple[str, ...] = ()

    @cached_property
    def find(self) -> Finder:
        """Where it fires in a part of a text; `RulePackError` where a pattern cannot be compiled."""
        return _compiled(self.file, lambda: _KINDS[str(self.data["extends"])](self.data))

    @cached_property
    def exceptions(self) -> regex.Pattern[str] | None:
        """What is accepted all the same."""
        return _compiled(self.file, lambda: _exceptions(self.data))

    def matches(self, reading: Reading) -> Iterator[Match]:
        """Where it fires; `TimeoutError` where a pattern does not come to an end."""
        for start, end in self._parts(reading):
            part = reading.text[start:end]
            for first, last, words in self.find(part):
                if not self._excepted(part, first, last):
                    yield Match(start + first, start + last, words)

    def _parts(self, reading: Reading) -> Iterator[tuple[int, int]]:
        if self.scope == "sentence":
            yield from reading.sentences()
        else:
            yield 0, len(reading.text)

    def _excepted(self, text: str, start: int, end: int) -> bool:
        if self.exceptions is None:
            return False
        found = self.exceptions.finditer(text, timeout=_TIMEOUT)
        return any(match.start() <= start and end <= match.end() for match in found)

    def told(self, match: Match) -> str:
        """The message with its `%s` filled, in Vale's order."""
        parts = self.message.split("%s")
        words = [*match.words, *([""] * len(parts))]
        return "".join(part + (words[at] if at < len(parts) - 1 else "") for at, part in enumerate(parts))


def compile_rule(name: str, file: str, data: Mapping[str, Any]) -> Rule:
    """A Vale rule from its YAML; `RulePackError` names the file and what is wrong or not supported."""
    kind = data.get("extends")
    if str(kind) not in _KINDS:
        known = ", ".join(_KINDS)
        raise RulePackError(file, f"extends: {kind} is not supported", remedy=f"These are: {known}.")
    scope = data.get("scope", "text")
    scopes = scope if isinstance(scope, list) else [scope]
    if not set(scopes) & _SCOPES:
        raise RulePackError(file, f"scope: {scope} means nothing in a post", remedy=f"Use one of {sorted(_SCOPES)}.")
    level = LEVELS.get(str(data.get("level", "warning")))
    if level is None:
        raise RulePackError(file, f"level: {data['level']} is unknown", remedy="Write error, warning or suggestion.")
    return _compiled(
        file,
        lambda: Rule(
            name=name,
            file=file,
            message=str(data.get("message", "")),
            level=level,
            link=str(data.get("link", "")),
            scope="sentence" if "sentence" in scopes else "text",
            data=data,
            literals=_literals(data),
            replacements=_replacements(data),
        ),
    )


def _compiled(file: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except regex.error as error:
        raise RulePackError(file, f"a pattern cannot be compiled ({error})", remedy="Correct it.") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RulePackError(file, f"it lacks or garbles {error}", remedy="See vale.sh/docs/styles.") from None


def _literals(data: Mapping[str, Any]) -> frozenset[str] | None:
    """What a text must have for the rule to fire: of each of its patterns one literal."""
    patterns: Iterable[Any]
    match data["extends"]:
        case "existence" if not data.get("raw"):
            patterns = data.get("tokens") or []
        case "substitution":
            patterns = dict(data["swap"])
        case "conditional":
            patterns = [data["first"]]
        case "consistency":
            patterns = dict(data["either"])
        case _:
            return None
    found = [required(str(pattern)) for pattern in patterns]
    return None if None in found else frozenset().union(*(one for one in found if one))


def _flags(data: Mapping[str, Any], *, default: bool) -> int:
    return int(regex.IGNORECASE) if data.get("ignorecase", default) else 0


def _bounded(pattern: str, data: Mapping[str, Any]) -> str:
    return f"(?:{pattern})" if data.get("nonword") else rf"(?<!\w)(?:{pattern})(?!\w)"


def _exceptions(data: Mapping[str, Any]) -> regex.Pattern[str] | None:
    listed = data.get("exceptions") or []
    if not listed:
        return None
    return regex.compile("|".join(f"(?:{entry})" for entry in map(str, listed)), _flags(data, default=False))


def _replacements(data: Mapping[str, Any]) -> tuple[str, ...]:
    action = data.get("action") or {}
    params = action.get("params") or []
    return tuple(map(str, params)) if action.get("name") == "replace" else ()


def _found(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    return (match for match in pattern.finditer(text, timeout=_TIMEOUT) if match[0])


def _existence(data: Mapping[str, Any]) -> Finder:
    tokens: Sequence[str] = [str(token) for token in data.get("tokens") or []]
    raw = "".join(map(str, data.get("raw") or []))
    parts = ([_bounded("|".join(tokens), data)] if tokens else []) + ([raw] if raw else [])
    if not parts:
        raise KeyError("tokens")
    pattern = regex.compile("|".join(parts), _flags(data, default=False))
    return lambda text: ((*match.span(), (match[0],)) for match in _found(pattern, text))


def _substitution(data: Mapping[str, Any]) -> Finder:
    flags = _flags(data, default=True)
    swaps = [(regex.compile(_bounded(str(old), data), flags), str(new)) for old, new in dict(data["swap"]).items()]

    def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for pattern, new in swaps:
            for match in _found(pattern, text):
                if match[0] != new:
                    yield *match.span(), (new, match[0])

    return find


def _occurrence(data: Mapping[str, Any]) -> Finder:
    pattern = regex.compile(str(data["token"]), _flags(data, default=False))
    most, least = data.get("max"), data.get("min", 0)

    def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        found = list(_found(pattern, text))
        if (most is not None and len(found) > int(most)) or len(found) < int(least):
            span = (found[0].start(), found[-1].end()) if found else (0, len(text))
            yield *span, (str(len(found)),)

    return find


def _conditional(data: Mapping[str, Any]) -> Finder:
    flags = _flags(data, default=False)
    first, second = regex.compile(str(data["first"]), flags), regex.compile(str(data["second"]), flags)

    def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        explained = {match.group(match.lastindex or 0) for match in _found(second, text)}
        for match in _found(first, text):
            if match.group(match.lastindex or 0) not in explained:
                yield *match.span(), (match[0],)

    return find


def _consistency(data: Mapping[str, Any]) -> Finder:
    flags = _flags(data, default=True)
    pairs = [
        (regex.compile(_bounded(str(one), data), flags), regex.compile(_bounded(str(other), data), flags))
        for one, other in dict(data["either"]).items()
    ]

    def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for one, other in pairs:
            ones, others = list(_found(one, text)), list(_found(other, text))
            if ones and others:
                later = max(ones[0], others[0], key=lambda match: match.start())
                yield *later.span(), (later[0],)

    return find


def _repetition(data: Mapping[str, Any]) -> Finder:
    token = "|".join(f"(?:{token})" for token in map(str, data["tokens"]))
    pattern = regex.compile(token, _flags(data, default=False))
    most = int(data.get("max", 0))
    letters_only = bool(data.get("alpha"))

    def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        before: regex.Match[str] | None = None
        run = 0
        for match in _found(pattern, text):
            same = before is not None and _same(before[0], match[0], data)
            run = run + 1 if same else 0
            if before is not None and run > most and not (letters_only and not match[0].isalpha()):
                yield before.start(), match.end(), (match[0],)
            before = match

    return find


def _same(one: str, other: str, data: Mapping[str, Any]) -> bool:
    return one.casefold() == other.casefold() if data.get("ignorecase") else one == other


_KINDS: dict[str, Callable[[Mapping[str, Any]], Finder]] = {
    "existence": _existence,
    "substitution": _substitution,
    "occurrence": _occurrence,
    "conditional": _conditional,
    "consistency": _consistency,
    "repetition": _repetition,
}
