"""The nearest earlier draft that a person rejected, and why: whoever looks at a post should know.

Cosine over TF-IDF of word counts. Numbers and titles are left out: the same skeleton with another number is the same joke.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from assistant.checks.numbers import WORDS
from assistant.checks.reading import MASK, read, title_spans
from assistant.models import Candidate, Flag, Rejected

LIKE = 0.5  # cosine, 0 to 1
_WORD = regex.compile(r"\p{L}+")
_Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A rejected draft, and how like it is: 0 to 1."""

    rejected: Rejected
    cosine: float


@lru_cache(8192)
def _words(text: str, titles: tuple[str, ...]) -> Counter[str]:
    """A text's words without its titles and numbers."""
    plain = read(text).masked(title_spans(text, titles)).text.replace(MASK, " ")
    return Counter(word for word in _WORD.findall(plain.casefold()) if word not in WORDS)


def nearest(text: str, titles: Sequence[str], rejected: Sequence[Rejected], lang: str | None = None) -> Likeness | None:
    """The likest of the rejected drafts of that language (the newest of equals), where one is like at all."""
    others = [one for one in rejected if lang in (None, one.lang)]
    counts = [_words(one.text, one.titles) for one in others]
    own = _words(text, tuple(titles))
    if not own or not others:
        return None
    rarity = _rarity([*counts, own])
    mine = _weights(own, rarity)
    found = [Likeness(one, _cosine(mine, _weights(each, rarity))) for one, each in zip(others, counts, strict=True)]
    best = max(found, key=lambda one: (one.cosine, one.rejected.draft_id))
    return best if best.cosine >= LIKE else None


def _rarity(documents: Sequence[Counter[str]]) -> dict[str, float]:
    among = Counter(word for document in documents for word in document)
    return {word: math.log((1 + len(documents)) / (1 + n)) + 1 for word, n in among.items()}


def _weights(counts: Counter[str], rarity: _Weights) -> dict[str, float]:
    return {word: n * rarity[word] for word, n in counts.items()}


def _cosine(one: _Weights, other: _Weights) -> float:
    product = sum(weight * other[word] for word, weight in one.items() if word in other)
    lengths = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return min(product / lengths, 1.0) if lengths else 0.0


def check_rejected(candidate: Candidate, rejected: Sequence[Rejected]) -> Iterator[Flag]:
    """A suggestion that names the nearest rejected draft and its reason; the verdict stays what it is."""
    titles = [*candidate.titles, *(str(fact.value) for fact in candidate.facts or () if fact.unit == "title")]
    found = nearest(candidate.text, titles, rejected, candidate.lang)
    if found is not None:
        yield Flag(
            "repeat", "repeat", "suggestion", 0, 0, "",
            f"Draft {found.rejected.draft_id} was rejected: {found.rejected.reason}",
            why=f"It said: {found.rejected.text}", rule="repeat.rejected",
        )  # fmt: skip
