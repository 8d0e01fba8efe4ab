"""Numbers as people write them, in English and French: "1,2 million", "1.2M", "a third", "3,749", "20 h 48", "42nd".

Each becomes a `Mention` with the interval of values that it may stand for: a written number stands for its rounding
interval, "nearly" and "over" for the five per cent on their side, "about" for five on both. `quantities.py` reads the
vaguer ones that may count people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import regex

Role = Literal["number", "percent", "ordinal", "clock", "year", "times"]
SIDE = 0.05

SCALES = {
    "k": 1e3, "thousand": 1e3, "thousands": 1e3, "mille": 1e3, "millier": 1e3, "milliers": 1e3,
    "m": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6,
    "b": 1e9, "bn": 1e9, "md": 1e9, "mds": 1e9, "billion": 1e9, "billions": 1e9, "milliard": 1e9, "milliards": 1e9,
}  # fmt: skip
WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11,
    "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "trente": 30, "quarante": 40,
    "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90, "cent": 100,
}  # fmt: skip
_TENS, _ONES = "twenty thirty forty fifty sixty seventy eighty ninety", "two three four five six seven eight nine"
COUNTS = {  # the parts of a number in words
    **WORDS, "one": 1, "un": 1, "une": 1, "vingts": 20, "thousand": 1000, "mille": 1000, "cents": 100,
    "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9, "billion": 10**9,
    **{tens + ones: WORDS[tens] + WORDS[ones] for tens in _TENS.split() for ones in _ONES.split()},
}  # fmt: skip
_PARTS = {"half": 0.5, "a third": 1 / 3, "a quarter": 0.25, "la moitié": 0.5, "un tiers": 1 / 3, "un quart": 0.25}
_COUNTED = (
    r"(?:hours?|days?|weeks?|months?|years?|decades?|centuries|times|views?|plays?|streams?|listens?|people|viewers?|"
    r"listeners?|rides?|orders?|percent|million|billion|thousand|"
    r"heures?|jours?|semaines?|mois|ans?|années?|décennies?|siècles?|fois|vues?|écoutes?|lectures?|personnes?|"
    r"spectateurs|spectatrices|trajets?|commandes?|millions?|milliards?|mille)"
)
_BELOW = r"nearly|almost|close to|just under|under|less than|près d[e']|presque|moins d[e']|pas loin d[e']"
_ABOVE = r"over|more than|just over|upwards of|past|plus d[e']|un peu plus d[e']|au-delà d[e']"
_ABOUT = r"about|around|roughly|some|environ|autour d[e']|quelque"
_DIGITS = r"\d{1,3}(?:[ ,.'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"


def _spaced(pattern: str) -> str:
    """A pattern for verbose mode, where a bare space means nothing."""
    return pattern.replace(" ", r"\s")


_WORD = rf"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?!\w)"
_TOKEN = re.compile(r"\d|[^\W\d_]+")
_BEGINS = frozenset(  # the words that a number, or its "nearly", begins with
    re.findall(r"[^\W\d_]+", " ".join([*WORDS, *(part.split()[0] for part in _PARTS)]))
    + [re.match(r"[^\W\d_]+", hedge)[0] for hedge in "|".join([_BELOW, _ABOVE, _ABOUT]).split("|")]  # type: ignore[index]
)
_LETTERS = re.compile(r"[^\W\d_]+|-")
_NUMBER = rf"""(?<![\w#@.,/])
    (?:(?P<below>{_spaced(_BELOW)})\s*|(?P<above>{_spaced(_ABOVE)})\s*|(?P<about>{_spaced(_ABOUT)})\s+)?
    (?P<whole>
      (?P<clock>\d{{1,2}}\s?h(?:\s?\d{{2}})?(?!\w)|\d{{1,2}}:\d{{2}}(?:\s?[ap]\.?m\.?)?|\d{{1,2}}\s?[ap]\.?m\.?(?!\w))
      |(?P<digits>{_DIGITS})(?:
          (?P<ordinal>st|nd|rd|th|er|re|e|es|ème)(?!\w)
          |\s?(?P<percent>%|per\s?cent|percent|pour\s?cent)
          |[ -]?(?P<scale>{"|".join(sorted(SCALES, key=len, reverse=True))})(?!\w)
          |(?P<times>x|×)(?!\w)
          |(?!\w))
      |(?P<word>{_WORD}(?:(?:-|\s(?:and\s|et\s)?)(?:{_WORD}|one|une?|cents|vingts|thousand|mille)(?!\w))*)
        (?=[\s-]+(?:\w+\s+)?{_COUNTED}(?!\w)|\s(?:of\syou|d'entre\svous)(?!\w))
      |(?P<part>{_spaced("|".join(_PARTS))})(?=\s+(?:of|de|d'|des|du)\b)
    )"""


@cache
def _number() -> regex.Pattern[str]:
    return regex.compile(_NUMBER, flags=regex.VERBOSE | regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text: where it stands, how it is meant, and the values `[low, high]` that it may stand for.

    `exact`: written out to the last digit, with no "nearly" before it and no "million" after it. `begins`: where its
    "nearly" stands, or the number itself.
    """

    start: int
    end: int
    role: Role
    value: float
    low: float
    high: float
    exact: bool = False
    begins: int = 0

    def allows(self, value: float, rounded_to: float | None = None) -> bool:
        """Whether it may be said of this value (which the source may have rounded)."""
        slack = (rounded_to or 0) / 2 + 1e-9 * abs(value)
        return self.low - slack <= value <= self.high + slack


@lru_cache(512)
def mentions(text: str, lang: str | None) -> tuple[Mention, ...]:
    """Every number of a text whose typographic spaces and apostrophes are plain ones (`reading.read`)."""
    return tuple(_mention(match, lang) for match in _matches(text))


def _matches(text: str) -> Iterator[regex.Match[str]]:
    """All matches from left to right; the long pattern is tried only where one can begin."""
    last = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if (word.lower() in _BEGINS or word.isdecimal()) and (start := token.start()) >= last:
            match = _number().match(text, start)
            if match is not None:
                yield match
                last = match.end()


def _mention(match: regex.Match[str], lang: str | None) -> Mention:
    parts = _Parts(*match.group(*_Parts._fields))
    start, end = match.span("whole")
    if parts.clock:
        return Mention(start, end, "clock", 0, 0, 0, begins=match.start())
    value, step = _value(parts, lang)
    role = _role(parts, value)
    low, high = _interval(parts, value, step, role)
    exact = step == 1 and not (parts.below or parts.above or parts.about)
    return Mention(start, end, role, value, low, high, exact, match.start())


class _Parts(NamedTuple):
    """What the pattern's groups hold."""

    below: str | None
    above: str | None
    about: str | None
    clock: str | None
    digits: str | None
    ordinal: str | None
    percent: str | None
    scale: str | None
    times: str | None
    word: str | None
    part: str | None


def _role(parts: _Parts, value: float) -> Role:
    if parts.ordinal:
        return "ordinal"
    if parts.percent or parts.part:
        return "percent"
    if parts.times:
        return "times"
    plain = parts.digits and not parts.scale and len(parts.digits) == 4 and parts.digits.isdigit()
    return "year" if plain and 1800 <= value <= 2200 else "number"


def _value(parts: _Parts, lang: str | None) -> tuple[float, float]:
    """The value, and the step of its last digit."""
    if parts.word:
        return float(spelled(_LETTERS.findall(parts.word.lower()), 0)[0]), 1.0
    if parts.part:
        return _PARTS[parts.part.lower()] * 100, 5.0
    digits, decimals = parse(parts.digits or "", lang, scaled=bool(parts.scale))
    scale = SCALES[parts.scale.lower()] if parts.scale else 1.0
    return digits * scale, scale * 10.0**-decimals


def spelled(low: Sequence[str], at: int) -> tuple[int, int]:
    """A number in words from `at` on, and where it ends: `forty - two`, `two hundred and six`, `quatre - vingt - onze`.

    0 where none begins there.
    """
    total, current, largest, end = 0, 0, 10**12, at
    while at < len(low):
        here = at + 1 if end > 0 and at == end and low[at] in ("-", "and", "et") and current + total else at
        value = COUNTS.get(low[here], 0) if here < len(low) else 0
        joined = low[at] if here > at else ""
        if not value or not _joins(joined, current, value):
            break
        if value >= 1000:
            if value >= largest:
                break
            total, current, largest = total + (current or 1) * value, 0, value
        elif value == 100 and current < 100:
            current = (current or 1) * 100
        elif value == 20 and current % 100 == 4:
            current += 76
        elif _fits(current, value):
            current += value
        else:
            break
        end = at = here + 1
    return total + current, end


def _joins(joined: str, current: int, value: int) -> bool:
    """Whether "and" or a hyphen may stand here: "two hundred and six", « vingt et un », "forty-two"."""
    return joined in ("", "-") or current % 100 == 0 or (joined == "et" and value in (1, 11))


def _fits(current: int, value: int) -> bool:
    rest = current % 100
    tens = 20 <= rest <= 90 and rest % 10 == 0
    return rest == 0 or (rest in (60, 80) and value < 20) or (tens and value < 10)


def parse(written: str, lang: str | None, *, scaled: bool) -> tuple[float, int]:
    """`1,200` is twelve hundred in English; in French, and before "million", a comma is a decimal one."""
    if written.isdecimal():
        return float(written), 0
    compact = written.replace(" ", "").replace("'", "").replace("’", "")
    last = max(compact.rfind(","), compact.rfind("."))
    if last < 0:
        return float(compact), 0
    tail = compact[last + 1 :]
    mark = compact[last]
    grouping = len(tail) == 3 and not (scaled or (lang == "fr" and mark == ",") or compact[:last] == "0")
    if grouping:
        return float(compact.replace(",", "").replace(".", "")), 0
    return float(f"{compact[:last].replace(',', '').replace('.', '')}.{tail}"), len(tail)


def _interval(parts: _Parts, value: float, step: float, role: Role) -> tuple[float, float]:
    if parts.below:
        return value * (1 - SIDE), value
    if parts.above:
        return value, value * (1 + SIDE)
    if parts.about:
        return value * (1 - SIDE), value * (1 + SIDE)
    if role in ("ordinal", "year"):
        return value, value
    half = max(step, trailing(value)) / 2 if value >= 1000 or parts.scale or step < 1 else 0
    half = min(half, abs(value) * SIDE)
    if parts.percent or parts.part:
        half = max(half, step / 2)
    return value - half, value + half


def trailing(value: float) -> float:
    """The rounding that trailing zeros suggest: 1,200 to the hundred."""
    step = 1.0
    while value % (step * 10) == 0 and step * 10 <= value:
        step *= 10
    return step
