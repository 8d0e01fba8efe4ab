"""What words speak of: classes that a person can read, so that a wording that nobody wrote before still counts.

    packs/en.senses.yml   each class: what it `is`, and its `words`

Words are parted by commas. A word stands for its regular endings too, those under `endings`: `es`, `ies=y` (what stands in
its place in the listed word), `+ing` (the last letter is doubled before it). `thera*` is every word that begins so, and
words with spaces between are a phrase, each word of which counts. `you're` is read as its pieces where it is not listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from assistant.errors import RulePackError

ENDINGS = "endings"
_CACHED = 8_192  # words
_NONE: frozenset[str] = frozenset()


class Senses:
    """The classes of one language; `RulePackError` names the class that is not described."""

    def __init__(self, classes: Mapping[str, Mapping[str, str]]) -> None:
        self.names = tuple(name for name in classes if name != ENDINGS)
        self._words: defaultdict[str, set[str]] = defaultdict(set)
        self._stems: defaultdict[str, set[str]] = defaultdict(set)
        self._phrases: defaultdict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._endings: defaultdict[str, list[str]] = defaultdict(list)
        for ending in _entries(ENDINGS, classes.get(ENDINGS, {"words": ""})):
            tail, _, instead = ending.partition("=")
            self._endings[tail].append(instead)
        for name in self.names:
            for entry in _entries(name, classes[name]):
                self._add(name, entry)
        self._shortest = min(map(len, self._stems), default=1)
        self._longest = max(map(len, self._stems), default=0)
        self._tails = range(1, 1 + max(map(len, self._endings), default=0))
        self.of = lru_cache(_CACHED)(self._of)

    def _add(self, name: str, entry: str) -> None:
        if entry.endswith("*"):
            self._stems[entry[:-1]].add(name)
        elif " " in entry:
            words = tuple(entry.split())
            self._phrases[words[0], words[1]].append((words, name))
        else:
            self._words[entry].add(name)

    def tally(self, *sentences: Sequence[str]) -> Counter[str]:
        """How many of the words (lower case) of these sentences are of each class."""
        return Counter(chain.from_iterable(chain.from_iterable(map(self._classes, sentences))))

    def _classes(self, words: Sequence[str]) -> list[frozenset[str]]:
        """The classes of each of a sentence's words (lower case)."""
        found = list(map(self.of, words))
        pairs = list(pairwise(words))
        for opening in self._phrases.keys() & pairs:
            for at in (at for at, pair in enumerate(pairs) if pair == opening):
                self._add_phrases(found, words, at)
        return found

    def _add_phrases(self, found: list[frozenset[str]], words: Sequence[str], at: int) -> None:
        """The classes of the phrases that stand at this word, each of whose words counts."""
        for phrase, name in self._phrases[words[at], words[at + 1]]:
            end = at + len(phrase)
            if tuple(words[at:end]) == phrase:
                found[at:end] = [one | {name} for one in found[at:end]]

    def _of(self, word: str) -> frozenset[str]:
        """The classes of one word."""
        word = word.removeprefix("#")
        found = self._listed(word)
        return found or _NONE.union(*map(self._listed, word.split("'"))) if "'" in word else found

    def _listed(self, word: str) -> frozenset[str]:
        of_stem = next(self._of_stems(word), set())
        if of_stem or word in self._words:
            return frozenset(of_stem.union(self._words.get(word, ())))
        return frozenset(next((self._words[base] for base in self._bases(word) if base in self._words), ()))

    def _of_stems(self, word: str) -> Iterator[set[str]]:
        """The classes of each stem that it begins with, the longest first."""
        for length in range(min(len(word), self._longest), self._shortest - 1, -1):
            if word[:length] in self._stems:
                yield self._stems[word[:length]]

    def _bases(self, word: str) -> Iterator[str]:
        """The words that it may be a regular form of, the nearest first."""
        for length in self._tails:
            base, tail = word[:-length], word[-length:]
            for instead in self._endings.get(tail, ()):
                yield base + instead
            if base[-2:-1] == base[-1:] and f"+{tail}" in self._endings:
                yield base[:-1]


def _entries(name: str, described: Mapping[str, str]) -> Iterator[str]:
    if "words" not in described:
        raise RulePackError(name, "the class has no words", remedy="Give it `is:` and `words:`.")
    listed = described["words"].lower().replace("’", "'").replace("-", " ")
    return (word for word in (entry.strip(' "\n') for entry in listed.split(",")) if word)
