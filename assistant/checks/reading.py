"""How the checks read a text: normalised for matching, reported in the original's code points.

An inserted full stop, look-alike letters, a zero-width character or a decomposed accent do not hide a word. Titles are
masked for the word rules only where they are known to stand.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import regex

from assistant.checks.disguises import LOOK_ALIKES, Spelling, unmasked

_SPACES = dict.fromkeys([*map(chr, range(0x2000, 0x200B)), *"\u00a0\u1680\u202f\u205f\u2800\u3000\t\v\f\r\x85"], " ")
_APOSTROPHES = dict.fromkeys("\u2019\u02bc\u2018\uff07`´", "'")
_PLAIN = {**LOOK_ALIKES, **_SPACES, **_APOSTROPHES}
_ONE_TO_ONE = str.maketrans(_PLAIN)
_IGNORED = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # nothing is drawn for them, and no category says so
_AS_IT_IS = r"\n -~¡-§©«¬®°±¶·»¿-ıĴ-ľŁ-ňŊ-ž‐‒-―“-•…‰‹›€☀-➿\U0001F300-\U0001FAFF"
_ODD = regex.compile(rf"[^{_AS_IT_IS}]")
_MARKS_READ = 16  # of one letter; to sort thousands takes long
_SPREAD = 8  # letters that one character may stand for; some Arabic ones stand for whole sentences
_HIDDEN_GAP = regex.compile(r"(?<=\p{L})[\p{Cf}\u034f\u3164\uffa0]+(?=\p{L})")
_SPELLED = re.compile(r"\w[.\-*_·•]\w[.\-*_·•]\w")
_SPELLED_OUT = regex.compile(r"(?<![\w'])(?:\p{L}[.\-*_·•]){2,}\p{L}(?!\w)")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
_SENTENCE = regex.compile(r"[^.!?…\n]+(?:[.!?…]+[\"'”»)]*|\n|$)", flags=regex.V1)
_QUOTED = regex.compile(
    r"“([^“”]{1,200})”|«\s*+([^«»]{1,200}?)\s*»|\"([^\"]{1,200})\"|(?<!\w)['‘](.{1,200}?)['’](?!\w)"
)
MASK = "\ue000"


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised text, and for each of its characters where it came from.

    `others` are what it might say besides, where it has disguises (`disguises.py`): word rules of `lang` (None: of any
    language) read them too.
    """

    text: str
    origin: Sequence[int]
    original: str
    others: tuple[Reading, ...] = ()
    lang: str | None = None
    run_together: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the original for `[start, end)` of the reading."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else len(self.original)
            return at, at
        last = self.origin[end - 1]
        following = self.origin[end] if end < len(self.origin) else len(self.original)
        return self.origin[start], max(last + 1, following)

    def masked(self, titles: Iterable[tuple[int, int]]) -> Reading:
        """The same with the given spans of the original made unreadable for word rules."""
        spans = list(titles)
        if not spans:
            return self
        characters = list(self.text)
        for start, end in spans:
            places = slice(bisect_left(self.origin, start), bisect_left(self.origin, end))
            characters[places] = MASK * len(characters[places])
        others = tuple(other.masked(spans) for other in self.others)
        return replace(self, text="".join(characters), others=others)

    def spaced(self, places: Sequence[int]) -> Reading:
        """The same with a blank before each of these places."""
        bounds = [0, *places, len(self.text)]
        text = " ".join(self.text[start:end] for start, end in pairwise(bounds))
        origin = [
            at for start, end in pairwise(bounds) for at in (*self.origin[start:end], *self.origin[end : end + 1])
        ]
        return replace(self, text=text, origin=origin[: len(text)])

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence stands."""
        for match in _SENTENCE.finditer(self.text):
            yield match.span()


@lru_cache(512)  # earlier posts are read again for each text
def read(text: str) -> Reading:
    """Normalise a text for matching."""
    normal, origin = _normalised(text)
    others = [*unmasked(normal, origin), *_gaps(text)]
    return Reading(normal, origin, text, tuple(_beside(other, text) for other in others))


def _beside(other: Spelling, original: str) -> Reading:
    return Reading(other.text, other.origin, original, lang=other.lang, run_together=other.run_together)


def _gaps(text: str) -> Iterator[Spelling]:
    """A text with what nobody sees between its letters taken for spaces."""
    if _HIDDEN_GAP.search(text) is not None:
        spaced = _HIDDEN_GAP.sub(lambda match: " " * len(match[0]), text)
        yield Spelling(*_normalised(spaced))


def _normalised(text: str) -> tuple[str, Sequence[int]]:
    """Letter by letter, except where only typographic spaces and apostrophes are to be made plain."""
    plain = text.translate(_ONE_TO_ONE)
    if _ODD.search(plain) is None:
        return _joined(plain, range(len(plain)))
    characters: list[str] = []
    origin: list[int] = []
    for match in _CLUSTER.finditer(text):
        normal = _normal(match[0])
        characters.append(normal)
        origin += [match.start()] * len(normal)
    return _joined("".join(characters), origin)


@lru_cache(4096)
def _normal(cluster: str) -> str:
    """A letter with the marks on it, as it is read: composed, in Latin letters, without what nobody sees."""
    if len(cluster) == 1:
        if cluster in _PLAIN:
            return _PLAIN[cluster]
        if cluster.isascii() and cluster.isprintable():
            return cluster
    if cluster == "…":
        return cluster
    composed = unicodedata.normalize("NFKC", cluster[:_MARKS_READ])
    latin = _PLAIN.get(composed[:1], composed[:1]) < "\u0250"
    return "".join(_PLAIN.get(c, c) for c in composed[:_SPREAD] if c == "\n" or _seen(c, latin=latin))


def _seen(character: str, *, latin: bool) -> bool:
    """Whether something is drawn; marks that no Latin letter is composed with only hide the letter."""
    category = unicodedata.category(character)
    return category not in ("Cf", "Cc", "Cs") and character not in _IGNORED and not (latin and category[0] == "M")


def _joined(text: str, origin: Sequence[int]) -> tuple[str, Sequence[int]]:
    """`h.u.r.t` is read as `hurt`."""
    if _SPELLED.search(text) is None:
        return text, origin
    dropped = {at for match in _SPELLED_OUT.finditer(text) for at in range(*match.span()) if not text[at].isalnum()}
    if not dropped:
        return text, origin
    kept = [at for at in range(len(text)) if at not in dropped]
    return "".join(text[at] for at in kept), tuple(origin[at] for at in kept)


def quotations(text: str) -> Iterator[tuple[int, int, str]]:
    """What stands in quotation marks: where (without the marks), and what."""
    for match in _QUOTED.finditer(text):
        group = next(number for number, found in enumerate(match.groups(), start=1) if found is not None)
        yield *match.span(group), match[group]


def title_spans(text: str, titles: Iterable[str]) -> list[tuple[int, int]]:
    """Where known titles stand: in quotation marks, or anywhere where they have two words or more.

    In quotation marks, words that all begin with a capital are taken for a title too.
    """
    known = {title.casefold() for title in titles if title.strip()}
    spans = [
        (start, end)
        for start, end, quoted in quotations(text)
        if quoted.casefold() in known or _looks_like_a_title(quoted)
    ]
    for title in known:
        if len(title.split()) > 1:
            spans += [match.span() for match in _exactly(title).finditer(text)]
    return spans


@lru_cache(4096)
def _exactly(title: str) -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\w){regex.escape(title)}(?!\w)", flags=regex.IGNORECASE)


def _looks_like_a_title(quoted: str) -> bool:
    words = [word for word in quoted.split() if word[:1].isalpha()]
    long = [word for word in words if len(word) > 3]
    return len(words) > 1 and bool(long) and words[0][:1].isupper() and all(word[:1].isupper() for word in long)
