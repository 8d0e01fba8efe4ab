"""Facts as a language tells them, each with a mark that says which characters rest on which fact.

A mark is two private-use characters before a piece and one behind it; `unmarked` takes them out of the finished text and
returns spans. The values print themselves: `{{ value }}` is `str(value)`, and no more has to be looked up while rendering.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter

from assistant.drafts import saying
from assistant.drafts.languages import Language
from assistant.models import Every, Fact, Span

_OPEN, _CLOSE, _FIRST = "\ue200", "\ue201", 0xE300
_MARK = re.compile("\ue200(.)|\ue201", re.DOTALL)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SEASON = re.compile(
    r"^(?P<work>.*\S)\s*[:–-]\s*(?:(?:season|series|saison|temporada)\s+(?P<number>\d{1,3})|limited series|mini-?series"
    r"|mini-?série|miniserie)$",
    re.IGNORECASE,
)


class Piece(str):
    """A piece of finished text, marks and all."""

    __slots__ = ()


class Number(float):
    """A number of a figure: compares as a number, prints as its language says it."""

    fact: Fact
    teller: Teller
    years: Number | None = None

    def __str__(self) -> str:
        return self.teller.measured(self)


class Word(str):
    """A title or a place: compares as it stands in the table, prints quoted, its season told apart."""

    fact: Fact
    teller: Teller
    season: Number | None = None

    def __str__(self) -> str:
        return self.teller.place(self, "") if self.fact.unit == "place" else self.teller.title(self)

    @property
    def raw(self) -> str:
        """As it stands in the table, without the characters that serve as marks."""
        return str.__str__(self)


class Day(date):
    """A day of a figure."""

    fact: Fact
    teller: Teller

    def __str__(self) -> str:
        return self.teller.date(self)

    @property
    def plain(self) -> date:
        """The day alone."""
        return date(self.year, self.month, self.day)


Told = Number | Word | Day
IN_PARTS = frozenset({"hours", "minutes", "ratio", "percent"})
CLEARLY_ROUND = 1000  # from here on a round number says by itself that it is rounded


def clean(text: str) -> str:
    """Text from outside without the characters that serve as marks."""
    return _PRIVATE.sub("", text)


@lru_cache(maxsize=4096)
def season_of(title: str) -> tuple[str, int | None] | None:
    """A title and its season, where it names one.

    >>> season_of("Elite: Season 2"), season_of("Adolescence: Limited Series"), season_of("Money Heist: Part 5")
    (('Elite', 2), ('Adolescence', None), None)
    """
    match = _SEASON.match(title)
    return (match["work"], int(match["number"]) if match["number"] else None) if match else None


@dataclass(frozen=True)
class Teller:
    """Tells the facts of one figure in one language; `units` are the source's own words for its units.

    `quotes`: the house sets titles in quotation marks. `today`: the day that it is told. `in_parts`: units of which there
    are halves; of all others a median between two is told as people talk, without the half person.
    """

    language: Language
    locale: str
    units: Mapping[str, tuple[str, str]]
    marks: Mapping[str, str]
    today: date
    quotes: bool = True
    in_parts: frozenset[str] = IN_PARTS

    def mark(self, fact: Fact, text: str) -> Piece:
        """A piece of text that rests on a fact."""
        return Piece(f"{self.marks[fact.name]}{text}{_CLOSE}")

    def number(self, value: float, how: str = "speech", *, whole: bool = False) -> str:
        """`speech`: 1.2 million, 486,000; `exact`: to the last digit; `over`: more than 1.2 million.

        `whole`: of things of which there are no halves.
        """
        if whole and how != "over" and (said := saying.counted(float(value))) != value:
            shown = saying.spoken(said, self.locale)
            return (
                self.language.joined(self.language.about, shown)
                if self.language.about and said < CLEARLY_ROUND
                else shown
            )
        if how == "exact":
            return saying.grouped(float(value), self.locale)
        if how == "over":
            rounded = saying.floored(float(value))
            large = rounded >= 1_000_000
            shown = saying.spoken(rounded, self.locale, digits=2) if large else saying.grouped(rounded, self.locale)
            return shown if rounded == value else self.language.joined(self.language.over, shown)
        return saying.spoken(float(value), self.locale)

    def measured(self, value: Number, how: str = "speech") -> Piece:
        """A number with its unit: 1.2 million hours, « 1,2 million d'heures », 42 weeks, 34%, Friday."""
        unit = value.fact.unit
        if unit == "percent":
            return self.mark(value.fact, saying.percent(value, self.language, self.locale))
        if unit in ("weekday", "hour", "month"):
            return self.mark(value.fact, self.phase(int(value), unit))
        shown = self.number(value, how, whole=self.is_whole(value))
        words = self.units.get(unit) or self.language.units.get(unit)
        if words is None:
            return self.mark(value.fact, shown)
        said = saying.floored(float(value)) if how == "over" else self.said(value)
        return self.mark(value.fact, saying.with_unit(shown, words, said, self.language))

    def bare(self, value: Number, how: str = "speech") -> Piece:
        """A number without its unit; of a ratio “nearly three times”, of a percentage “a third”."""
        if how == "speech" and value.fact.unit == "ratio":
            return self.mark(value.fact, saying.times(value, self.language, self.locale))
        if how == "speech" and value.fact.unit == "percent":
            return self.mark(value.fact, saying.share(value, self.language, self.locale))
        return self.mark(value.fact, self.number(value, how, whole=self.is_whole(value)))

    def is_whole(self, value: Number) -> bool:
        """Whether it counts things of which there are no halves."""
        return value.fact.unit not in self.in_parts

    def said(self, value: Number) -> float:
        """The value that its words agree with."""
        return saying.counted(float(value)) if self.is_whole(value) else float(value)

    def phase(self, number: int, unit: str) -> str:
        """A weekday (1 is Monday), an hour or a month by name."""
        if unit == "weekday":
            return saying.weekday(number - 1, self.locale)
        if unit == "hour":
            return saying.hour(number, self.language)
        return saying.month(date(2000, number, 1), self.locale, year=False)

    def title(self, word: Word, how: str = "") -> Piece:
        """A title in the house's style, its season told apart: “Elite” (season 2); `bare`, `work`: without that."""
        season = season_of(word.raw)
        before, after = self.language.quotes if self.quotes and "bare" not in how.split() else ("", "")
        text = f"{before}{self.mark(word.fact, season[0] if season else word.raw)}{after}"
        if word.season is None or "work" in how.split():
            return Piece(text)
        number = self.mark(word.season.fact, self.number(word.season))
        return Piece(f"{text} ({self.language.season.format(number=number)})")

    def place(self, word: Word, how: str = "in") -> Piece:
        """ "in France" (`in`), "the United States" (`the`), "of Japan" (`of`), or the bare name (``)."""
        code = saying.country_code(word.raw)
        if code is None:
            if how == "in":
                return Piece(self.language.place.format(name=self.mark(word.fact, word.raw)).strip())
            text = word.raw if how != "of" else self.language.joined(self.language.of, word.raw)
            return self.mark(word.fact, text)
        name = saying.country_name(code, self.language)
        return self.mark(word.fact, self.language.country(code, name, how) if how else name)

    def where(self, word: Word | None) -> Piece | str:
        """ " in France", « au Japon » with its space; nothing where there is no place."""
        return "" if word is None else Piece(f" {self.place(word)}")

    def date(self, day: Day, how: str = "") -> Piece:
        """July 6, 2026; « 6 juillet 2026 »; the year only where it is another one. `weekday`, `month`, `year`, `relative`."""
        if how == "relative":
            text = saying.relative(day.plain, self.today, self.language, self.locale)
            return self.mark(day.fact, text or saying.spelled(day.plain, self.locale, self.today.year))
        match how:
            case "weekday":
                return self.mark(day.fact, saying.weekday(day.weekday(), self.locale))
            case "month":
                return self.mark(day.fact, saying.month(day.plain.replace(day=1), self.locale, year=False))
            case "year":
                return self.mark(day.fact, str(day.year))
        year = 0 if how == "long" else self.today.year
        return self.mark(day.fact, saying.spelled(day.plain, self.locale, year))

    def period(self, day: Day, every: Every, shapes: Mapping[str, str]) -> Piece:
        """The period that begins on a day: the week of July 6, « la semaine du 6 juillet », in July 2026."""
        spelled = saying.spelled(day.plain, self.locale, self.today.year)
        named = saying.month(day.plain.replace(day=1), self.locale) if every == "month" else spelled
        return self.mark(day.fact, shapes[every].format(date=named))

    def told(self, fact: Fact) -> Told:
        """A fact as a value that prints itself."""
        value: Told
        if isinstance(fact.value, date):
            value = Day(fact.value.year, fact.value.month, fact.value.day)
        elif isinstance(fact.value, str):
            value = Word(clean(fact.value))
        else:
            value = Number(fact.value)
        value.fact, value.teller = fact, self
        return value


def marks_of(facts: Sequence[Fact]) -> dict[str, str]:
    """The opening mark of each fact."""
    return {fact.name: _OPEN + chr(_FIRST + at) for at, fact in enumerate(facts)}


def unmarked(text: str, facts: Sequence[Fact]) -> tuple[str, tuple[Span, ...]]:
    """The text as it is posted, and which characters rest on which fact."""
    parts: list[str] = []
    found: list[tuple[int, int, str]] = []
    open_at: list[tuple[int, str]] = []
    length = last = 0
    for match in _MARK.finditer(text):
        parts.append(text[last : match.start()])
        length += len(parts[-1])
        last = match.end()
        if match[1] is not None:
            open_at.append((length, facts[ord(match[1]) - _FIRST].name))
        else:
            start, name = open_at.pop()
            found.append((start, length, name))
    parts.append(text[last:])
    whole = "".join(parts)
    found.sort(key=_place)
    return whole, tuple(Span(start, end, name, whole[start:end]) for start, end, name in found)


_place = itemgetter(0, 1)
