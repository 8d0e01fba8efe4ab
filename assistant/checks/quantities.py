"""Quantities that may count people: "forty-two", "a few dozen", "40–60", "fewer than 100", "2 %", « une petite vingtaine ».

A text is split into words once, and read with look-ups rather than patterns: the time grows with its length and no more.
What is vague stands for a range, of which the lower end counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.checks.numbers import COUNTS, SCALES, SIDE, parse, spelled, trailing

SENTENCE_ENDS = {".", "!", "?", "…", "\n"}
SENTENCE = 80  # words; what is longer is read in pieces, so that no text takes long


def listed(words: str) -> frozenset[str]:
    """A list of words, written as a text."""
    return frozenset(words.split())


_TOKEN = re.compile(
    r"\d{1,3}(?:[ ,.']\d{3})+(?![\d\ufe0f\u20e3])(?:[.,]\d+)?|(?:\d[\ufe0f\u20e3]*)+(?:[.,]\d+)?"
    r"|(?<![^\W\d_])[ap]\.m(?![^\W\d_])(?:\.(?=\s*\S))?|(?:d|l|qu|n|s|c|j|jusqu)'(?=[^\W\d_])|[^\W\d_]+(?:'[^\W\d_]+)*|\ue000+|[^\w\s]|_|\n"
)
_NOT_ENGLISH = {"cent", "cents", "sept", "seize", "un", "une"}  # money, a month, to seize, the UN
_DOZENS = {  # how many one of them is, and how few it may be
    "dozen": (12, 10), "dozens": (12, 10), "score": (20, 18), "douzaine": (12, 10), "douzaines": (12, 10),
    "dizaine": (10, 8), "dizaines": (10, 8), "quinzaine": (15, 12), "vingtaine": (20, 16), "trentaine": (30, 25),
    "quarantaine": (40, 35), "cinquantaine": (50, 45), "soixantaine": (60, 55), "centaine": (100, 80),
    "centaines": (100, 80), "millier": (1000, 900), "milliers": (1000, 900), "hundred": (100, 80), "hundreds": (100, 80),
    "thousand": (1000, 900), "thousands": (1000, 900), "million": (10**6, 9e5), "millions": (10**6, 9e5),
    "milliard": (10**9, 9e8), "milliards": (10**9, 9e8), "billion": (10**9, 9e8),
}  # fmt: skip
_ALONE = {"dozens": 24, "scores": 40, "hundreds": 200, "tens": 20, "dizaines": 20, "douzaines": 24, "centaines": 200,
          "thousands": 2000, "milliers": 2000, "millions": 2 * 10**6, "milliards": 2 * 10**9}  # fmt: skip
_VAGUE = {  # how few alone, how few times what follows ("a few dozen")
    "couple": (2, 1.7), "few": (3, 2), "handful": (3, 2), "several": (3, 3), "half": (0.5, 0.5), "demi": (0.5, 0.5),
    "poignée": (3, 2), "quelques": (3, 2), "quelqu'uns": (3, 2), "plusieurs": (3, 3), "trio": (3, 3), "duo": (2, 2),
    "pair": (2, 2), "smattering": (3, 3), "demie": (0.5, 0.5), "quartet": (4, 4), "quintet": (5, 5),
}  # fmt: skip
_ARTICLES = listed("a an the une un la cette that this half our notre nos ces des les")
_LITTLE = listed(
    "mere good small tiny lucky select brave petite bonne grosse simple full cool chosen precious happy proud "
    "baker's round very maigre whole last"
)
_FOLLOWED = {"a", "an", "of", "de", "d'", "-", "full"}
_SHARES = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10, "hundredth": 1 / 100,
           "twentieth": 1 / 20, "eighth": 1 / 8, "moitié": 1 / 2, "tiers": 1 / 3, "quart": 1 / 4, "cinquième": 1 / 5,
           "dixième": 1 / 10, "vingtième": 1 / 20, "centième": 1 / 100, "thirds": 1 / 3, "quarters": 1 / 4,
           "fifths": 1 / 5, "tenths": 1 / 10, "quarts": 1 / 4, "cinquièmes": 1 / 5, "dixièmes": 1 / 10}  # fmt: skip
_OF = {"of", "de", "d'", "des", "du"}
_GLUED = {"k", "m", "bn", "mn", "md", "mds", "ppl"}
_BEGINS = {*COUNTS, *_VAGUE, *_ALONE, *_ARTICLES, *_SHARES, *_DOZENS, "baker's"} - {"of", "our", "notre", "ces"}
_DASHES = {"-", "–", "—", "‑", "~"}


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(", "))


_MORE = _phrases(
    "more than, at least, upwards of, north of, better than, over, above, past, beyond, plus de, plus d', au moins, "
    "delà de, delà d', dépassant"
)
_NO_LESS = _phrases("no fewer than, no less than, pas moins de, pas moins d'")
_LESS = _phrases(
    "fewer than, less than, up to, at most, shy of, close to, not even, no more than, not quite, under, below, nearly, almost, "
    "moins de, moins d', près de, près d', jusqu' à, au plus, au maximum, pas plus de, pas plus d', presque"
)
_ABOUT = _phrases("about, around, roughly, some, approximately, environ, quelque, autour, circa, peu")
_OR_MORE = _phrases("+, or more, ou plus, et plus, and counting, - odd")
_OR_LESS = _phrases("or fewer, or less, ou moins")
_OR_SO = _phrases("or so, - ish")
_LEADS = {phrase[-1:] for phrase in _MORE | _NO_LESS | _LESS | _ABOUT}
_TAILS = {phrase[:1] for phrase in _OR_MORE | _OR_LESS | _OR_SO}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in words, numbers and signs, in small letters, with where each stands."""

    text: str
    low: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """Split a text whose typographic spaces and apostrophes are plain ones."""
        lowered = text.lower()
        low = lowered if len(lowered) == len(text) else text
        matches = list(_TOKEN.finditer(low))
        starts, ends = zip(*map(re.Match.span, matches), strict=True) if matches else ((), ())
        return cls(text, tuple(map(re.Match.group, matches)), starts, ends)

    def glued(self, at: int) -> bool:
        """Whether no space stands before this one."""
        return 0 < at < len(self.low) and self.end[at - 1] == self.start[at]


def sentence_start(words: Words, at: int) -> int:
    """The first word of the sentence that this one stands in; no farther back than a sentence goes."""
    least = max(0, at - SENTENCE)
    while at > least and words.low[at - 1] not in SENTENCE_ENDS:
        at -= 1
    return at


def sentence_end(words: Words, at: int) -> int:
    """The end of the sentence that this one stands in."""
    most = min(len(words.low), at + SENTENCE)
    while at < most and words.low[at] not in SENTENCE_ENDS:
        at += 1
    return at


def sentence_of(words: Words, position: int) -> tuple[int, int]:
    """Where in the text the sentence stands that has this position."""
    at = next((n for n, end in enumerate(words.end) if end > position), len(words.low) - 1)
    first, last = sentence_start(words, at), sentence_end(words, at)
    return words.start[first], words.end[max(first, last - 1)]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity that may count people: words `[first, last)`, the value meant, and what a reader can take it for.

    `share`: of something, 0 to 1 ("2 %", "a third", "one in 50").
    """

    first: int
    last: int
    value: float
    low: float
    high: float
    exact: bool = False
    share: bool = False


def amounts(words: Words, lang: str | None) -> list[Amount]:
    """Every quantity of a text, in digits, words and vague words; ranges as one; clocks, prices and ordinals left out."""
    begins = _BEGINS - _NOT_ENGLISH if lang == "en" else _BEGINS
    found: list[Amount] = []
    after = 0
    for at, word in enumerate(words.low):
        if at < after or not (word in begins or word[0].isdecimal()):
            continue
        amount = _amount(words, at, lang)
        if amount is not None:
            found.append(_around(words, amount))
            after = amount.last
    return list(_ranges(words, found))


def _amount(words: Words, at: int, lang: str | None) -> Amount | None:
    if words.low[at][0].isdecimal():
        return _digits(words, at, lang)
    return _part(words, at) or _vague(words, at) or _cardinal(words, at)


def _digits(words: Words, at: int, lang: str | None) -> Amount | None:
    """A number in digits, unless a sign or letters make it a price, a clock, an ordinal or a name."""
    low, after = words.low, words.low[at + 1 : at + 4]
    if _follows_a_sign(words, at):
        return None
    scale = after[0] if after and after[0] in SCALES and (words.glued(at + 1) or after[0] not in ("b", "k")) else ""
    value, decimals = parse(low[at].replace("\ufe0f", "").replace("\u20e3", ""), lang, scaled=bool(scale))
    if after[:1] in _PERCENT or after[:2] in _PER_CENT:
        return _percent(at, at + (2 if after[:1] in _PERCENT else 3), value, decimals)
    if words.glued(at + 1) and after[0] == "/" and after[2:] in (("of",), ("de",)) and after[1].isdecimal():
        return _percent(at, at + 3, 100 * value / max(1.0, float(after[1])), 0)
    if scale:
        return _scaled(at, value, decimals, scale)
    return None if _precedes_a_unit(words, at + 1) else _plain_number(words, at, value, decimals)


_PERCENT = (("%",), ("percent",))
_PER_CENT = (("per", "cent"), ("pour", "cent"), ("p", "c"))
_SIGNS = listed("£ $ € # @ / : . , _")
_UNITS = listed("h € £ $ ° am pm a.m p.m a.m. p.m.")


def _follows_a_sign(words: Words, at: int) -> bool:
    """As in "£53", "#53", "v53", "7:53", "3 h 53"."""
    before = words.text[words.start[at] - 1] if words.start[at] else " "
    signed = at > 0 and (words.low[at - 1] in ("£", "$", "€", "#") or words.low[at - 1 : at] == ("h",))
    return before in _SIGNS or before.isalpha() or signed


def _precedes_a_unit(words: Words, at: int) -> bool:
    """As in "53 €", "53rd", "53/60", "7:53", "1.2.3"."""
    after = words.low[at] if at < len(words.low) else ""
    if after in _UNITS or not words.glued(at):
        return after in _UNITS
    versioned = after == "." and at + 1 < len(words.low) and words.low[at + 1].isdecimal()
    return after in ("/", ":") or versioned or (after[0].isalpha() and after not in _GLUED and len(after) < 4)


def _percent(first: int, last: int, value: float, decimals: int) -> Amount:
    half = 0.5 * 10.0**-decimals if value not in (0, 100) else 0.0
    return Amount(first, last, value / 100, max(0, value - half) / 100, min(100, value + half) / 100, share=True)


def _scaled(at: int, value: float, decimals: int, scale: str) -> Amount:
    step = SCALES[scale] * 10.0**-decimals
    value *= SCALES[scale]
    return Amount(at, at + 2, value, value - step / 2, value + step / 2)


def _plain_number(words: Words, at: int, value: float, decimals: int) -> Amount | None:
    if decimals:
        return None
    following = words.low[at + 1] if at + 1 < len(words.low) else ""
    if following in _DOZENS and following != "score":
        return _times(at, at + 2, value, following)
    return Amount(at, at + 1, value, *_rounded(value), exact=True)


def _rounded(value: float) -> tuple[float, float]:
    """What a number from a thousand on may have been rounded from, by its zeros."""
    half = min(trailing(value) / 2, value * SIDE) if value >= 1000 and value % 10 == 0 else 0
    return value - half, value + half


def _times(first: int, last: int, number: float, what: str) -> Amount:
    whole, least = _DOZENS[what]
    return Amount(
        first, last, number * whole, number * whole - (whole - least) * min(number, 1.5), number * whole * 1.1
    )


def _part(words: Words, at: int) -> Amount | None:
    """A share in words: "a third of", "half of", "two thirds of", « la moitié de »."""
    low, number = words.low, 1.0
    if low[at] != "half" and (low[at] in _ARTICLES or low[at] in COUNTS):
        number = float(COUNTS.get(low[at], 1)) if low[at] not in ("a", "the", "la", "les") else 1.0
        at_share = at + 1 + (low[at + 1 : at + 2] == ("-",))
    else:
        at_share = at
    name = low[at_share] if at_share < len(low) else ""
    if name not in _SHARES or low[at_share + 1 : at_share + 2] == () or number > 20:
        return None
    following = low[at_share + 1]
    if following not in _OF and not (name == "half" and following in ("our", "the")):
        return None
    value = min(1.0, number * _SHARES[name])
    return Amount(at, at_share + 1, value, max(0.0, value - 0.025), min(1.0, value + 0.025), share=True)


def _vague(words: Words, at: int) -> Amount | None:
    """As in "a few dozen", "half a million", "a baker's dozen", "hundreds", « une petite vingtaine », « quelques milliers »."""
    low, last, first = words.low, len(words.low), at
    while at < last and at - first < 3 and (low[at] in _ARTICLES or low[at] in _LITTLE) and low[at] != "half":
        at += 1
    name = low[at] if at < last else ""
    if name == "dozen" and at and low[at - 1] == "baker's":
        return Amount(first, at + 1, 13, 13, 13)
    if name in _VAGUE and (at > first or name not in ("couple", "few", "pair", "duo", "trio", "handful")):
        return _several(words, first, at)
    if name in _ALONE:
        nested = low[at + 2] if low[at + 1 : at + 2] in (("of",), ("de",)) and at + 2 < last else ""
        times = _DOZENS[nested][0] if nested in ("thousands", "milliers", "millions") else 1
        return Amount(first, at + (3 if times > 1 else 1), _ALONE[name] * times, _ALONE[name] * times, math.inf)
    if name in _DOZENS and (at > first or name in ("dozen",)) and not (at + 1 < last and _continues(low, at + 1)):
        return _times(first, at + 1, 1, name)
    return None


def _several(words: Words, first: int, at: int) -> Amount | None:
    low, end = words.low, at + 1
    while end < len(low) and low[end] in _FOLLOWED and end - at < 4:
        end += 1
    following = low[end] if end < len(low) else ""
    alone, times = _VAGUE[low[at]]
    if following in _DOZENS and following != "score":
        value = times * _DOZENS[following][0]
        return Amount(first, end + 1, value, value, value * 2.5)
    return Amount(first, at + 1, alone, alone, alone * 3) if alone >= 1 else None


def _continues(low: tuple[str, ...], at: int) -> bool:
    return low[at] in COUNTS or (low[at] == "and" and at + 1 < len(low) and low[at + 1] in COUNTS)


def _cardinal(words: Words, at: int) -> Amount | None:
    """As in "forty-two", "a hundred and six", « quatre-vingt-onze », "three dozen"."""
    low, begin = words.low, at + (words.low[at] in ("a", "an"))
    value, end = spelled(low, begin)
    if not value:
        return None
    if low[end : end + 1] in _PERCENT or low[end : end + 2] in _PER_CENT:
        return _percent(at, end + (1 if low[end : end + 1] in _PERCENT else 2), value, 0)
    if end < len(low) and low[end] in _DOZENS and low[end] != "score":
        return _times(at, end + 1, value, low[end])
    return Amount(at, end, value, *_rounded(value), exact=True)


def _around(words: Words, amount: Amount) -> Amount:
    """With what stands before and after it: "more than", "up to", "about", "or so", "40+", "-odd"."""
    low, first, last = words.low, amount.first, amount.last
    if low[first - 1 : first] not in _LEADS and low[last : last + 1] not in _TAILS:
        return amount
    before = low[max(0, first - 3) : first]
    after = low[last : last + 1] if low[last : last + 1] == ("+",) else low[last : last + 2]
    endings = {before[-n:] for n in (1, 2, 3)}
    if (endings & _LESS or after in _OR_LESS) and not endings & _NO_LESS:
        return replace(amount, value=amount.value * (1 - SIDE), low=amount.low * (1 - SIDE), exact=False)
    if endings & (_MORE | _NO_LESS):
        return replace(amount, low=amount.value, high=math.inf, exact=False)
    if after in _OR_MORE:
        return replace(amount, last=last + len(after), high=math.inf, exact=False)
    if after in _OR_SO or before[-1:] in _ABOUT:
        end = last + len(after) if after in _OR_SO else last
        return replace(amount, last=end, low=amount.low * (1 - SIDE), high=amount.high * (1 + SIDE), exact=False)
    return amount


def _ranges(words: Words, found: list[Amount]) -> Iterator[Amount]:
    """As in "40–60", "between 30 and 50", « de 30 à 40 », "ten or twelve": one amount from the lower to the higher end."""
    at = 0
    while at < len(found):
        one, other = found[at], found[at + 1] if at + 1 < len(found) else None
        between = words.low[one.last : other.first] if other else ()
        opened = words.low[one.first - 1] if one.first else ""
        joined = len(between) == 1 and (between[0] in _DASHES or between[0] in ("to", "à", "or", "ou")
                                        or (between[0] in ("and", "et") and opened in ("between", "entre")))  # fmt: skip
        if other and joined and one.share == other.share and one.value < other.value:
            yield Amount(one.first, other.last, one.low, one.low, other.high, share=one.share)
            at += 2
        else:
            yield one
            at += 1
