"""Near-duplicates of what was posted, queued or approved: X refuses exact ones, readers the others."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence

import regex

from assistant.models import Candidate, Flag

NEAR = 0.8  # Jaccard over word pairs, numbers made alike: one word changed in a post of ordinary length
_WORD = regex.compile(r"[\p{L}\p{N}]+")


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(unicodedata.normalize("NFKC", text))]


def _masked(words: list[str]) -> list[str]:
    """Numbers made alike: the same sentence with another number is a repeat to its readers."""
    return ["#" if word.isdigit() else word for word in words]


def _pairs(words: list[str]) -> set[tuple[str, str]]:
    return set(itertools.pairwise(words))


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of neighbouring word pairs that two texts have in common; 1 only where all words are the same."""
    a, b = _words(one), _words(other)
    if a == b:
        return 1.0
    pairs, others = _pairs(_masked(a)), _pairs(_masked(b))
    union = pairs | others
    return min(len(pairs & others) / len(union), 0.99) if union else 0.0


def check_repeat(candidate: Candidate, earlier: Sequence[str]) -> Iterator[Flag]:
    """An error for the same words again, a warning for nearly the same."""
    nearest = max(((likeness(candidate.text, text), text) for text in earlier), default=(0.0, ""))
    if nearest[0] >= NEAR:
        same = nearest[0] == 1.0
        yield Flag(
            "repeat", "repeat", "error" if same else "warning", 0, len(candidate.text), candidate.text,
            ("The same was said already: " if same else "Nearly the same was said already: ") + nearest[1], hard=False,
            suggestion="Another wording.", rule="repeat.same" if same else "repeat.near",
        )  # fmt: skip
