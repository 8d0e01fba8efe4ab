"""How the checks read a text: normalised for matching, reported in the original's code points.

An inserted full stop, look-alike letters, a zero-width character or a decomposed accent do not hide a word. Titles are
masked for the word rules only where they are known to stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

# Letters of other scripts that pass for Latin ones (Unicode's confusables, the lower-case and capital ones that fonts
# draw alike). Only used for matching.
_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕԁһɡʏαονιρτκАВЕКМНОРСТХІЈЅΑΒΕΗΙΚΜΝΟΡΤΧΥ",
        "aeopcyxijsdhgyaovιptkABEKMHOPCTXIJSABEHIKMNOPTXY",
        strict=True,
    )
)
_LOOK_ALIKES["ι"] = "i"
_SPACES = dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u3000\t", " ")
_APOSTROPHES = dict.fromkeys("\u2019\u02bc\u2018\uff07`´", "'")
_PLAIN = {**_LOOK_ALIKES, **_SPACES, **_APOSTROPHES}
_SPELLED_OUT = regex.compile(r"(?<![\w'])(?:\p{L}[.\-*_·•]){2,}\p{L}(?!\w)")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
_MARK = regex.compile(r"\p{M}")
_SENTENCE = regex.compile(r"[^.!?…\n]+(?:[.!?…]+[\"'”»)]*|\n|$)", flags=regex.V1)
_QUOTED = regex.compile(r"“([^”]+)”|«\s*([^»]+?)\s*»|\"([^\"]+)\"|(?<!\w)['‘](.+?)['’](?!\w)")
MASK = "\ue000"


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised text, and for each of its characters where it came from."""

    text: str
    origin: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the original for `[start, end)` of the reading."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else len(self.original)
            return at, at
        last = self.origin[end - 1]
        following = self.origin[end] if end < len(self.origin) else len(self.original)
        return self.origin[start], max(last + 1, following) if self.origin[end - 1] != following else last + 1

    def masked(self, titles: Iterable[tuple[int, int]]) -> Reading:
        """The same with the given spans of the original made unreadable for word rules."""
        hidden = {at for start, end in titles for at in range(start, end)}
        text = "".join(
            MASK if at in hidden else character for character, at in zip(self.text, self.origin, strict=True)
        )
        return Reading(text, self.origin, self.original)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence stands."""
        for match in _SENTENCE.finditer(self.text):
            yield match.span()


def read(text: str) -> Reading:
    """Normalise a text for matching."""
    characters: list[str] = []
    origin: list[int] = []
    for start, cluster in _clusters(text):
        normal = _normal(cluster)
        characters.append(normal)
        origin += [start] * len(normal)
    return _joined("".join(characters), origin, text)


def _clusters(text: str) -> Iterable[tuple[int, str]]:
    """Each letter with the marks on it, and where it stands."""
    if _MARK.search(text) is None:
        return enumerate(text)
    return ((match.start(), match[0]) for match in _CLUSTER.finditer(text))


@lru_cache(4096)
def _normal(cluster: str) -> str:
    if len(cluster) == 1:
        if cluster in _PLAIN:
            return _PLAIN[cluster]
        if cluster.isascii():
            return cluster
    composed = unicodedata.normalize("NFKC", cluster)
    if composed == "…" or cluster == "…":
        return "…"
    kept = (c for c in composed if unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c == "\n")
    return "".join(_PLAIN.get(c, c) for c in kept)


def _joined(text: str, origin: list[int], original: str) -> Reading:
    """`h.u.r.t` is read as `hurt`."""
    dropped = {at for match in _SPELLED_OUT.finditer(text) for at in range(*match.span()) if not text[at].isalnum()}
    kept = [at for at in range(len(text)) if at not in dropped]
    return Reading("".join(text[at] for at in kept), tuple(origin[at] for at in kept), original)


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
            pattern = regex.compile(rf"(?<!\w){regex.escape(title)}(?!\w)", flags=regex.IGNORECASE)
            spans += [match.span() for match in pattern.finditer(text)]
    return spans


def _looks_like_a_title(quoted: str) -> bool:
    words = [word for word in quoted.split() if word[:1].isalpha()]
    long = [word for word in words if len(word) > 3]
    return len(words) > 1 and bool(long) and words[0][:1].isupper() and all(word[:1].isupper() for word in long)
