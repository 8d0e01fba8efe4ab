"""The patterns of a Vale rule: how its tokens are put together, and which of them can match in a text at all.

Values may be typed or plain strings: a style is read without YAML's guesses, so that a token `no` stays the word.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import regex

from assistant.checks.wording.prefilter import folded, required

Pattern = regex.Pattern[str]
Tokens = Callable[[str, Iterable[int] | None], Iterator[regex.Match[str]]]
TIMEOUT = 0.5  # seconds; a pattern that backtracks for longer is named, and the text is "not checked" for it
_REACHES_OUT = regex.compile(r"\\[1-9]|\(\?[a-zA-Z]*(?:-[a-z]+)?\)|\(\?P=|\(\?\(")


def flag(data: Mapping[str, Any], key: str) -> bool:
    """Whether a switch is on; none is, unless the rule says so."""
    value = data.get(key, False)
    return value is True or str(value).strip().lower() in ("true", "yes", "on", "1")


def flags_of(data: Mapping[str, Any]) -> int:
    """`ignorecase`, as the regex package knows it."""
    return int(regex.IGNORECASE) if flag(data, "ignorecase") else 0


def strings(value: Any) -> list[str]:
    """A list of strings; one alone is a list of one."""
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [str(one) for one in listed if one is not None]


def bounded(pattern: str, data: Mapping[str, Any], *, own: bool) -> str:
    """Tokens as Vale bounds them; our own are bounded where they begin or end with a letter."""
    if flag(data, "nonword"):
        return f"(?m)(?:{pattern})"
    return rf"(?m)(?<!\w)(?:{pattern})(?!\w)" if own else rf"(?m)\b(?:{pattern})\b"


def found(pattern: Pattern, text: str) -> Iterator[regex.Match[str]]:
    """Matches that hold something; `TimeoutError` where it does not come to an end."""
    return (match for match in pattern.finditer(text, timeout=TIMEOUT) if match[0])


def exceptions_of(data: Mapping[str, Any], *, own: bool) -> Pattern | None:
    """The exceptions as one pattern, the longest first; they mind the case unless they say `(?i)` (ours: as the rule)."""
    listed = sorted(strings(data.get("exceptions")), key=len, reverse=True)
    if not listed:
        return None
    every = "|".join(f"(?:{entry})" for entry in listed)
    return regex.compile(rf"(?m)(?<!\w)(?:{every})(?!\w)", flags_of(data) if own else 0)


def tokens_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The tokens of an existence rule that may run one by one; none where they reach into one another."""
    tokens = tuple(token for token in strings(data.get("tokens")) if token.strip())
    apart = data["extends"] == "existence" and not data.get("raw") and not any(map(_REACHES_OUT.search, tokens))
    return tokens if apart and len(tokens) > 1 else ()


def literals_of(data: Mapping[str, Any]) -> tuple[frozenset[str] | None, ...]:
    """What a text must have for each of the `tokens_of` to be found, or else for the rule as a whole to fire."""
    if tokens := tokens_of(data):
        return tuple(map(required, tokens))
    return (_of_all(data),)


def _of_all(data: Mapping[str, Any]) -> frozenset[str] | None:
    match data["extends"]:
        case "existence" if data.get("raw"):
            return required("".join(strings(data["raw"])))
        case "existence" | "repetition":
            return _every(strings(data.get("tokens")))
        case "substitution":
            return _every(dict(data["swap"]))
        case "conditional":
            return required(str(data["first"]))
        case "consistency":
            return _every(dict(data["either"]))
        case "occurrence" if not int(data.get("min") or 0):
            return required(str(data["token"]))
    return None


def _every(patterns: Iterable[Any]) -> frozenset[str] | None:
    listed = [required(str(pattern)) for pattern in patterns]
    return None if None in listed else frozenset().union(*(one for one in listed if one))


def existence_of(data: Mapping[str, Any], literals: Sequence[frozenset[str] | None], *, own: bool) -> Tokens:
    """An existence rule's `tokens`, each run only where it can match, with its `raw` before (`append`: after) them."""
    if tokens := tokens_of(data):
        apart = _Apart(tokens, literals, data, own=own)
        if own or apart.compiles():
            return apart
    words, raw = [token for token in strings(data.get("tokens")) if token.strip()], "".join(strings(data.get("raw")))
    if not words and not raw:
        raise KeyError("tokens")
    bound = bounded("|".join(words), data, own=own) if words else ""
    whole = regex.compile(bound + raw if flag(data, "append") else raw + bound, flags_of(data))
    return lambda text, _: found(whole, text)


class _Apart:
    """The tokens of one rule, one pattern each: as if they were one alternation, and only those that can match run."""

    def __init__(
        self,
        tokens: Sequence[str],
        literals: Sequence[frozenset[str] | None],
        data: Mapping[str, Any],
        *,
        own: bool,
    ) -> None:
        self._sources = [bounded(token, data, own=own) for token in tokens]
        self._whole = bounded("|".join(tokens), data, own=own)
        self._flags = flags_of(data)
        self._always = {at for at, wanted in enumerate(literals) if wanted is None}
        self._waiting = [(literal, at) for at, wanted in enumerate(literals) for literal in wanted or ()]
        self._compiled: dict[str, Pattern] = {}

    def compiles(self) -> bool:
        """Whether each is a pattern of its own (`(a` and `b)` are one together)."""
        try:
            return all(map(self._pattern, self._sources))
        except regex.error:
            return False

    def __call__(self, text: str, possible: Iterable[int] | None) -> Iterator[regex.Match[str]]:
        at_all = self._possible(text) if possible is None else possible
        matches = [match for at in sorted(at_all) for match in found(self._pattern(self._sources[at]), text)]
        matches.sort(key=regex.Match.start)
        if any(one.end() > other.start() for one, other in itertools.pairwise(matches)):
            return found(self._pattern(self._whole), text)  # which of them wins is for the alternation to say
        return iter(matches)

    def _possible(self, text: str) -> set[int]:
        lowered = folded(text)
        return self._always | {at for literal, at in self._waiting if literal in lowered}

    def _pattern(self, source: str) -> Pattern:
        if source not in self._compiled:
            self._compiled[source] = regex.compile(source, self._flags)
        return self._compiled[source]
