"""Facts as a language tells them, each with a mark that says which characters rest on which fact.

Marks are three private-use characters around a piece; `unmarked` takes them out of the finished text and returns spans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.drafts.languages import LANGUAGES, NBSP, in_country
from assistant.models import Every, Fact, Span

_OPEN, _CLOSE, _FIRST = "\ue200", "\ue201", 0xE300
_MARK = re.compile("\ue200(.)|\ue201", re.DOTALL)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MILLION = 1_000_000
WITHIN = 0.04  # "more than" may be so far below


class Number(float):
    """A number of a figure: compares as a number, prints as its language says it."""

    fact: Fact


class Word(str):
    """A title, a place: prints quoted or with its preposition."""

    fact: Fact

    __slots__ = ("fact",)


class Day(date):
    """A day of a figure."""

    fact: Fact


class Piece(str):
    """A piece of finished text, marks and all."""

    __slots__ = ()


def clean(text: str) -> str:
    """Text from outside without the characters that serve as marks."""
    return _PRIVATE.sub("", text)


@dataclass(frozen=True)
class Teller:
    """Tells the facts of one figure in one language; `units` are the source's own words for its units."""

    lang: str
    locale: str
    units: Mapping[str, tuple[str, str]]
    names: tuple[str, ...]
    year: int

    def mark(self, fact: Fact, text: str) -> Piece:
        """A piece of text that rests on a fact."""
        return Piece(_OPEN + chr(_FIRST + self.names.index(fact.name)) + text + _CLOSE)

    def unmarked(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """The text as it is posted, and which characters rest on which fact."""
        parts: list[str] = []
        spans: list[Span] = []
        open_at: list[tuple[int, str]] = []
        length = last = 0
        for match in _MARK.finditer(text):
            parts.append(text[last : match.start()])
            length += len(parts[-1])
            last = match.end()
            if match[1] is not None:
                open_at.append((length, self.names[ord(match[1]) - _FIRST]))
            else:
                start, name = open_at.pop()
                spans.append(Span(start, length, name))
        parts.append(text[last:])
        return "".join(parts), tuple(sorted(spans, key=lambda span: span.start))

    def number(self, value: Number, how: str = "speech") -> str:
        """`speech`: 1.2 million, 486,000, 4,123; `exact`: to the last digit; `over`: rounded down a little."""
        if how == "exact":
            return grouped(float(value), self.locale)
        if how == "over":
            rounded = _floored(float(value))
            shown = spoken(rounded, self.locale, digits=2) if rounded >= _MILLION else grouped(rounded, self.locale)
            return shown if rounded == value else LANGUAGES[self.lang].over.format(number=shown)
        return spoken(float(value), self.locale)

    def measured(self, value: Number, how: str = "speech") -> Piece:
        """A number with its unit: 1.2 million hours, « 1,2 million d'heures », 42 weeks."""
        shown = self.number(value, how)
        if value.fact.unit == "percent":
            return self.mark(value.fact, f"{shown}{NBSP}%" if self.lang == "fr" else f"{shown}%")
        words = self.units.get(value.fact.unit) or LANGUAGES[self.lang].units.get(value.fact.unit)
        if words is None:
            return self.mark(value.fact, shown)
        return self.mark(value.fact, joined(shown, words, float(value), self.lang))

    def bare(self, value: Number, how: str = "speech") -> Piece:
        """A number without its unit."""
        return self.mark(value.fact, self.number(value, how))

    def quoted(self, word: Word) -> Piece:
        """A title in the language's quotation marks."""
        before, after = LANGUAGES[self.lang].quotes
        return Piece(before + self.mark(word.fact, str(word)) + after)

    def where(self, word: Word | None) -> Piece | str:
        """ " in France", « au Japon » with its space; nothing where there is no place."""
        if word is None:
            return ""
        code = country_code(str(word))
        if code is None:
            shape = LANGUAGES[self.lang].title_place
            return Piece(shape.format(place=self.mark(word.fact, str(word))))
        return Piece(" " + self.mark(word.fact, in_country(self.lang, code, country_name(code, self.lang))))

    def date(self, day: Day) -> Piece:
        """July 6, 2026; 6 July 2026; « 6 juillet 2026 »; the year only where it is another one."""
        return self.mark(day.fact, spelled(date(day.year, day.month, day.day), self.locale, self.year))

    def period(self, day: Day, every: Every) -> Piece:
        """The period that begins on a day, as a noun: the week of July 6, « la semaine du 6 juillet »."""
        words = LANGUAGES[self.lang]
        if every == "month":
            return self.mark(day.fact, words.month.format(date=month(date(day.year, day.month, 1), self.locale)))
        shape = words.week if every == "week" else words.day
        return self.mark(
            day.fact, shape.format(date=spelled(date(day.year, day.month, day.day), self.locale, self.year))
        )


def told(fact: Fact) -> Number | Word | Day:
    """A fact as a plain value that knows its name and unit."""
    value: Number | Word | Day
    if isinstance(fact.value, date):
        value = Day(fact.value.year, fact.value.month, fact.value.day)
    elif isinstance(fact.value, str):
        value = Word(clean(fact.value))
    else:
        value = Number(fact.value)
    value.fact = fact
    return value


def joined(shown: str, words: tuple[str, str], value: float, lang: str) -> str:
    """A number and its unit; in French « de » after a million, elided before a vowel or a mute h, and 1,5 is singular."""
    if lang == "fr":
        unit = words[0] if abs(value) < 2 else words[1]
        if re.search(r"(million|milliard)s?$", shown):
            return f"{shown} d’{unit}" if re.match(r"[aeiouyhéèêâîôû]", unit, re.IGNORECASE) else f"{shown} de {unit}"
        return f"{shown}{NBSP}{unit}"
    return f"{shown} {words[0] if abs(value) == 1 else words[1]}"


def _floored(value: float) -> float:
    step = float(10 ** max(0, len(str(int(value))) - 1))
    while step > 1 and value - value // step * step > WITHIN * value:
        step //= 10
    return value // step * step


@lru_cache(maxsize=4096)
def grouped(value: float, locale: str) -> str:
    """A number written out: 1,234,567; « 1 234 567 » with no-break spaces."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.##", locale=locale).replace("\u202f", NBSP)


@lru_cache(maxsize=4096)
def spoken(value: float, locale: str, digits: int = 1) -> str:
    """A number as people say it: 1.2 million, 486,000, 4,123, 2.3."""
    from babel.numbers import format_compact_decimal

    if abs(value) >= _MILLION:
        shown = format_compact_decimal(value, format_type="long", locale=locale, fraction_digits=digits)
        if locale.startswith("fr") and abs(value) < 2 * 10 ** (6 if abs(value) < 1e9 else 9):
            shown = re.sub(r"(million|milliard)s$", r"\1", shown)  # CLDR's "many" puts a round milliard in the plural
        return re.sub("[ \u202f]", NBSP, shown) if locale.startswith("fr") else shown
    if abs(value) >= 10_000:
        return grouped(round(value, -3), locale)
    return grouped(round(value, 1) if not float(value).is_integer() else value, locale)


@lru_cache(maxsize=1024)
def spelled(day: date, locale: str, year: int) -> str:
    """A date in words, with its year where that is not `year`."""
    from babel.dates import format_date, format_skeleton

    this_year = day.year == year
    shown = (
        format_skeleton("MMMMd", day, locale=locale) if this_year else format_date(day, format="long", locale=locale)
    )
    return re.sub(r"^1 ", "1er ", shown) if locale.startswith("fr") else shown


@lru_cache(maxsize=256)
def month(day: date, locale: str) -> str:
    """A month and its year."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", day, locale=locale))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    from babel import Locale

    codes: dict[str, str] = {}
    for lang in ("fr", "en"):
        for code, name in Locale(lang).territories.items():
            if len(code) == 2 and code.isalpha():
                codes[name.casefold()] = code
    return codes


def country_code(name: str) -> str | None:
    """The ISO code of a country named in English or French, or None."""
    return _countries().get(name.casefold())


@lru_cache(maxsize=512)
def country_name(code: str, lang: str) -> str:
    """A country's name in a language."""
    from babel import Locale

    return str(Locale(lang).territories[code])
