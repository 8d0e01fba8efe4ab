"""Which way a post leans: its words weighed as they stood in posts of which people said whether they hurt.

Most of what hurts holds no bad word, and no single pattern tells it from a joke: each word may be harmless, and what they
say together is not. So the signs that a pack names (`people.py`) and the words are weighed together, by a logistic
regression that `make leaning` fits to the posts in tests/checks/development, written by several hands. A text that weighs
more than `limit` is warned of; the limit is set on posts of hands that the weights had not seen. It can add a warning and
never clears what a rule flagged.

    packs/en.leaning.tsv      what is weighed (`limit`, `bias` or `hurts`), the feature, its weight
    packs/en.categories.tsv   the same of each category, among what hurts

Features are words (lower case), pairs of neighbours, beginnings of long words (`watch*`), the classes of `senses.py` and
whether a class is met twice or more often (`~night`, `~night 2`, `~night 3`), and the signs, parts and rules that were found
(`@ToldBack`). Numbers count as their kind: a clock time, a share, a large or a small number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from math import fsum, log
from pathlib import Path

from assistant.checks.reading import MASK
from assistant.checks.wording.senses import Senses
from assistant.errors import RulePackError

HURTS = "hurts"
LEAST_WORDS = 4  # fewer say too little
_ROUNDING = 1e-6  # of sums that are made in another order
KNOWN = 0.5  # of the words of a text that must be known, lest it is in another language
OFTEN = 3  # times that a class is met: more says nothing more
NO_SENSES = Senses({})
_STEMS = (4, 5)  # letters of a word's beginning
_LETTER = r"[^\W\d_]"
_PIECE = re.compile(
    rf"""(?P<word>\#?{_LETTER}+(?:'{_LETTER}+)*)
    |(?P<title>{MASK}+)
    |(?P<clock>\d{{1,2}}[:.]\d\d(?:\ ?[ap]\.?m\b)?|\d{{1,2}}\ ?(?:[ap]\.?m\b|h\b(?:\ ?\d\d)?|o'clock))
    |(?P<share>\d[\d.,]*\ ?%)
    |(?P<number>\d+(?:[ ,.]\d{{3}})+|\d+(?:[.,]\d+)?)
    |(?P<stop>[.!?…]+|\n)
    |(?P<mark>[:;]|[^\x00-\x7f\w\s])""",
    re.VERBOSE,
)
_CLASSES = {"title": "<title>", "clock": "<time>", "share": "<share>"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands, and its words."""

    start: int
    end: int
    words: tuple[str, ...]

    def features(self) -> set[str]:
        """Words, neighbours and beginnings; `^` and `$` are its two ends."""
        bounded = ("^", *self.words, "$")
        return {*self.words, *map(" ".join, pairwise(bounded)), *chain.from_iterable(map(_beginnings, self.words))}


@lru_cache(8192)
def _beginnings(word: str) -> tuple[str, ...]:
    """The beginnings of a long word."""
    return tuple(f"{word[:length]}*" for length in _STEMS if len(word) > length and word[0].isalpha())


@lru_cache(16)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text whose titles are masked."""
    found: list[Sentence] = []
    start, words = 0, []
    for match in _PIECE.finditer(_lowered(text)):
        kind, piece = match.lastgroup, match[0]
        if kind == "word":
            words.append(piece)
        elif kind != "stop":
            words += _sign(kind or "", piece)
        else:
            words += [mark for mark in "?!" if mark in piece]
            if words:
                found.append(Sentence(start, match.end(), tuple(words)))
            start, words = match.end(), []
    return (*found, Sentence(start, len(text), tuple(words))) if words else tuple(found)


def _lowered(text: str) -> str:
    """In small letters, each where it stood."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _sign(kind: str, piece: str) -> tuple[str, ...]:
    """How what is no word counts; a sign that is no picture does not."""
    if kind == "number":
        return ("<many>" if sum(map(str.isdigit, piece)) > 3 else "<number>",)
    if kind == "mark" and piece not in ":;" and unicodedata.category(piece) != "So":
        return ()
    return (_CLASSES.get(kind, piece),)


def features(text: str, found: Iterable[str], senses: Senses = NO_SENSES) -> frozenset[str]:
    """All that is weighed of a text: its own features, its words' classes, and the names of what was `found` in it."""
    listed = sentences(text)
    own = (sentence.features() for sentence in listed)
    met = senses.tally(*(sentence.words for sentence in listed))
    return frozenset().union(*own, classes(met), (f"@{name}" for name in found))


def classes(met: Mapping[str, int]) -> Iterator[str]:
    """The features of so many words of each class."""
    return chain.from_iterable(_times(name, min(times, OFTEN)) for name, times in met.items())


@lru_cache(1024)
def _times(name: str, times: int) -> tuple[str, ...]:
    return (f"~{name}", *(f"~{name} {least}" for least in range(2, times + 1)))


@dataclass(frozen=True, slots=True)
class Own:
    """What is weighed of a text by itself: its sentences, the features of each, and those of all with their classes."""

    sentences: tuple[Sentence, ...]
    features: tuple[Set[str], ...]
    every: Set[str]


@dataclass(frozen=True, slots=True)
class Leant:
    """What a text weighs: in which categories it leans, the likeliest first, and the sentence that leans most."""

    weight: float
    categories: tuple[str, ...]
    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Leaning:
    """The weights of one language; `file`: those that tell the categories apart, read when a first text leans."""

    weights: Mapping[str, float]
    bias: float
    limit: float
    file: Path
    senses: Senses = NO_SENSES

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.weights)

    @cached_property
    def categories(self) -> Mapping[str, Mapping[str, float]]:
        """The weights that tell the categories apart."""
        return _kinds(self.file)

    def reads(self, text: str) -> bool:
        """Whether there are words enough, and most of them of this language."""
        words = [word for one in sentences(text) for word in one.words if word[0].isalpha()]
        return len(words) >= LEAST_WORDS and sum(map(self._known.__contains__, words)) >= KNOWN * len(words)

    def own(self, text: str) -> Own:
        """What is weighed of a text by itself."""
        listed = sentences(text)
        features = tuple(one.features() & self._known for one in listed)
        met = self.senses.tally(*(one.words for one in listed))
        return Own(listed, features, set().union(*features, classes(met)))

    def may(self, own: Own, possible: Iterable[str], stands: Callable[[str], bool]) -> bool:
        """Whether a text can weigh more than the limit, if nothing that is `possible` speaks against it: the weightiest is asked
        for first, until it cannot."""
        weighed = ((self.weights.get(f"@{name}", 0.0), name) for name in possible)
        towards = sorted((one for one in weighed if one[0] > 0), reverse=True)
        over = self.bias + self._sum(own.every) + sum(weight for weight, _ in towards) - self.limit + _ROUNDING
        for weight, name in towards:
            if over <= 0:
                return False
            if not stands(name):
                over -= weight
        return over > 0

    def of(self, own: Own, found: Iterable[str]) -> Leant | None:
        """What a text that it `reads` weighs, where that is more than the limit."""
        listed, features = own.sentences, own.features
        every = own.every | {f"@{name}" for name in found}
        weight = self.bias + self._sum(every)
        if weight <= self.limit:
            return None
        met = (classes(self.senses.tally(one.words)) for one in listed)
        alone = [self._sum(own | {*of}) for own, of in zip(features, met, strict=True)]
        at = alone.index(max(alone))
        words = sorted(filter(_plain, features[at]), key=lambda word: (-self.weights[word], word))
        return Leant(weight, self._categories(every), listed[at].start, listed[at].end, tuple(words[:3]))

    def _sum(self, features: Set[str]) -> float:
        return fsum(map(self.weights.__getitem__, self._known & features))  # in whatever order: the same

    def _categories(self, features: Set[str]) -> tuple[str, ...]:
        """The one whose own weights say most, and the next where it is likely too."""
        sums = {name: weights.get("", 0.0) for name, weights in self.categories.items()}
        for name, weights in self.categories.items():
            sums[name] += sum(weights[feature] for feature in weights.keys() & features)
        first, *others = sorted(sums, key=lambda name: (-sums[name], name))
        return (first, *(name for name in others[:1] if sums[name] >= _LIKELY))


def _plain(feature: str) -> bool:
    return feature[:1].isalpha() and not feature.endswith("*") and not feature.endswith(" $")


def load_leaning(file: Path, senses: Senses = NO_SENSES) -> Leaning:
    """The weights in a file, some of them of the classes in `senses`; `RulePackError` names the line that is wrong."""
    kinds = _kinds(file)
    if missing := {"limit", "bias", HURTS} - kinds.keys():
        raise RulePackError(file.name, f"it has no {', '.join(sorted(missing))}", remedy=_REMEDY)
    return Leaning(kinds[HURTS], kinds["bias"][""], kinds["limit"][""], categories_beside(file), senses)


def categories_beside(file: Path) -> Path:
    """Where the weights stand that tell the categories apart."""
    return file.with_name(file.name.replace(".leaning.", ".categories."))


def _kinds(file: Path) -> Mapping[str, Mapping[str, float]]:
    """The weights in a file, by what they weigh and by feature."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    fields = "\t".join(lines).split("\t")
    kinds: defaultdict[str, dict[str, float]] = defaultdict(dict)
    try:
        for kind, feature, weight in zip(fields[::3], fields[1::3], map(float, fields[2::3]), strict=True):
            kinds[kind][feature] = weight
    except ValueError:
        wrong = next((line for line in lines if not _LINE.fullmatch(line)), "")
        number = 1 + file.read_text(encoding="utf-8").splitlines().index(wrong)
        raise RulePackError(f"{file.name}:{number}", "is not three fields with a number", remedy=_REMEDY) from None
    return kinds


_LIKELY = log(0.3 / 0.7)  # the weight of a category that three posts in ten are of
_REMEDY = "Run `make leaning`."
_LINE = re.compile(r"[^\t]+\t[^\t]*\t-?\d+(?:\.\d+)?")
