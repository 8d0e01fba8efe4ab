"""Which way a post leans: its words weighed as they stood in posts of which people said whether they hurt.

Most of what hurts holds no bad word, and no single pattern tells it from a joke: each word may be harmless, and what they
say together is not. So the signs that a pack names (`people.py`) and the words are weighed together, by a logistic
regression that `make leaning` fits to the posts in tests/checks/development, written by several hands. A text that weighs
more than `limit` is warned of; the limit is set on posts of hands that the weights had not seen. It can add a warning and
never clears what a rule flagged.

    packs/en.leaning.tsv   what is weighed (`limit`, `bias`, `hurts` or a category), the feature, its weight

Features are words (lower case), pairs of neighbours, beginnings of long words (`watch*`), and the signs, parts and rules
that were found (`@ToldBack`). Numbers count as their kind: a clock time, a share, a large or a small number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import regex

from assistant.checks.reading import MASK
from assistant.errors import RulePackError

HURTS = "hurts"
LEAST_WORDS = 4  # fewer say too little
KNOWN = 0.5  # of the words of a text that must be known, lest it is in another language
_STEMS = (4, 5)  # letters of a word's beginning
_PIECE = regex.compile(
    rf"""(?P<title>{MASK}+)
    |(?P<clock>\d{{1,2}}[:.]\d\d(?:\ ?[ap]\.?m\b)?|\d{{1,2}}\ ?(?:[ap]\.?m\b|h\b(?:\ ?\d\d)?|o'clock))
    |(?P<share>\d[\d.,]*\ ?%)
    |(?P<number>\d+(?:[ ,.]\d{{3}})+|\d+(?:[.,]\d+)?)
    |(?P<word>\#?\p{{L}}+(?:'\p{{L}}+)*)
    |(?P<stop>[.!?…]+|\n)
    |(?P<mark>[:;]|\p{{So}})""",
    regex.VERBOSE,
)
_CLASSES = {"title": "<title>", "clock": "<time>", "share": "<share>"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands, and its words."""

    start: int
    end: int
    words: tuple[str, ...]

    def features(self) -> Iterator[str]:
        """Words, neighbours and beginnings; `^` and `$` are its two ends."""
        bounded = ("^", *self.words, "$")
        yield from self.words
        yield from (f"{one} {other}" for one, other in pairwise(bounded))
        long = [word for word in self.words if word[:1].isalpha()]
        yield from (f"{word[:length]}*" for word in long for length in _STEMS if len(word) > length)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text whose titles are masked."""
    start, words = 0, []
    for match in _PIECE.finditer(text):
        kind = match.lastgroup or ""
        if kind != "stop":
            words.append(_word(kind, match[0]))
            continue
        words += [mark for mark in "?!" if mark in match[0]]
        if words:
            yield Sentence(start, match.end(), tuple(words))
        start, words = match.end(), []
    if words:
        yield Sentence(start, len(text), tuple(words))


def _word(kind: str, found: str) -> str:
    if kind == "number":
        return "<many>" if sum(map(str.isdigit, found)) > 3 else "<number>"
    return _CLASSES.get(kind) or found.lower()


def features(text: str, found: Iterable[str]) -> frozenset[str]:
    """All that is weighed of a text: its own features, and the names of what was `found` in it."""
    own = (feature for sentence in sentences(text) for feature in sentence.features())
    return frozenset((*own, *(f"@{name}" for name in found)))


@dataclass(frozen=True, slots=True)
class Leant:
    """What a text weighs: in which category it leans, and the sentence that leans most."""

    weight: float
    category: str
    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Leaning:
    """The weights of one language."""

    weights: Mapping[str, float]
    bias: float
    limit: float
    categories: Mapping[str, Mapping[str, float]]

    def of(self, text: str, found: Iterable[str]) -> Leant | None:
        """What a text weighs, where that is more than the limit."""
        listed = list(sentences(text))
        if not self._readable(listed):
            return None
        named = [f"@{name}" for name in found]
        weighed = {feature: self.weights.get(feature, 0.0) for one in listed for feature in one.features()}
        weight = self.bias + sum(weighed.values()) + sum(self.weights.get(name, 0.0) for name in named)
        if weight <= self.limit:
            return None
        worst = max(listed, key=lambda one: sum(weighed[feature] for feature in set(one.features())))
        words = sorted((f for f in set(worst.features()) if _plain(f)), key=weighed.__getitem__, reverse=True)
        return Leant(weight, self._category([*weighed, *named]), worst.start, worst.end, tuple(words[:3]))

    def _readable(self, listed: list[Sentence]) -> bool:
        """Whether there are words enough, and most of them of this language."""
        words = [word for one in listed for word in one.words if word[:1].isalpha()]
        return len(words) >= LEAST_WORDS and sum(word in self.weights for word in words) >= KNOWN * len(words)

    def _category(self, found: list[str]) -> str:
        return max(self.categories, key=lambda name: _sum(self.categories[name], found))


def _sum(weights: Mapping[str, float], found: Iterable[str]) -> float:
    return weights.get("", 0.0) + sum(weights.get(feature, 0.0) for feature in found)


def _plain(feature: str) -> bool:
    return feature[:1].isalpha() and not feature.endswith("*") and not feature.endswith(" $")


def load_leaning(file: Path) -> Leaning:
    """The weights in a file; `RulePackError` names the line that is wrong."""
    read: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line and line[0] != "#":
            try:
                kind, feature, weight = line.split("\t")
                read[kind][feature] = float(weight)
            except ValueError:
                problem = "is not three fields with a number"
                raise RulePackError(f"{file.name}:{number}", problem, remedy="Run `make leaning`.") from None
    limit, bias, weights = read.pop("limit")[""], read.pop("bias")[""], read.pop(HURTS)
    return Leaning(weights, bias, limit, dict(read))
