"""Sensitive days: the user's own file of days and periods, read against the day that a post is due and again when it goes out.

    - {name: National day of mourning, on: 2026-11-13}
    - {name: Holocaust Remembrance Day, every: 01-27, why: "No jokes about numbers of people on this day."}
    - {name: Mother's Day, every: second sunday of may, category: grief, words: [mother*, mum]}
    - {name: Election silence, from: 2027-04-10, to: 2027-04-11, level: error, category: politics}
    - {name: Good Friday, easter: -2, category: religion, languages: [en]}

`from` and `to` without years come each year (12-24 to 01-01). A day touches every post, unless `words`, `titles` or
`categories` (of other flags) name those that it touches, or `languages` the ones it is kept in. Its rule is called
`calendar.` and its name, in small letters with hyphens.

The day that a figure is of, or counts from, is looked up too: the fewest riders of a year, on the day of a hurricane, are no
joke on any day. That is a warning, whatever the day's own level, of the rule `figure-day.` and the name.
"""

from __future__ import annotations

import calendar as months
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import regex

from assistant.checks.reading import read
from assistant.errors import ConfigError
from assistant.models import CATEGORIES, Candidate, Flag, Insight, Level, digest

_WHEN = ("on", "every", "from", "easter")
_KEYS = {"name", *_WHEN, "to", "level", "category", "categories", "titles", "words", "languages", "why"}
_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "suggestion": "suggestion"}
_DAYS = [day.lower() for day in months.day_name]
_MONTHS = [month.lower() for month in months.month_name]
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_FLOATING = regex.compile(rf"({'|'.join(_NTH)}) ({'|'.join(_DAYS)}) (?:of|in) ({'|'.join(_MONTHS[1:])})")
_YEARLY = regex.compile(r"(\d\d?)-(\d\d?)")
_LEAP = 2000  # a year that had every day of the calendar
_FAR_FROM_EASTER = 80  # days: nearer ones are in the year of their Easter

FallsOn = Callable[[date], bool]


@dataclass(frozen=True)
class SensitiveDay:
    """One entry of the calendar: when it is, how grave, and which posts it touches (none of the three named: all)."""

    name: str
    rule: str
    falls_on: FallsOn = field(compare=False)
    level: Level = "warning"
    category: str = "tragedy"
    why: str = ""
    words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def touches(self, candidate: Candidate, categories: Set[str]) -> bool:
        """Whether it is about this post, which other checks flagged in these categories."""
        if self.languages and candidate.lang is not None and candidate.lang not in self.languages:
            return False
        if not (self.words or self.titles or self.categories):
            return True
        return self.place(candidate) is not None or self._named(candidate) or bool(categories & {*self.categories})

    def place(self, candidate: Candidate) -> tuple[int, int] | None:
        """Where the post says one of the words or titles."""
        reading = read(candidate.text)
        for word in (*self.words, *self.titles):
            match = said(word).search(reading.text)
            if match:
                return reading.span(*match.span())
        return None

    def _named(self, candidate: Candidate) -> bool:
        about = {title.casefold() for title in candidate.titles}
        return any(title.casefold() in about for title in self.titles)


@dataclass(frozen=True)
class Calendar:
    """The sensitive days that a house keeps; `sha` is its file's."""

    days: tuple[SensitiveDay, ...] = ()
    sha: str = ""

    def on(self, day: date, candidate: Candidate, categories: Set[str] = frozenset()) -> Iterator[SensitiveDay]:
        """The days that fall on this one and touch the post."""
        return (one for one in self.days if one.falls_on(day) and one.touches(candidate, categories))


def check_calendar(candidate: Candidate, calendar: Calendar, categories: Set[str]) -> Iterator[Flag]:
    """One flag for each sensitive day on which the post is due; the day is that of the due time's own zone."""
    if candidate.due is None:
        return
    due = candidate.due.date()
    for day in calendar.on(due, candidate, categories):
        start, end = day.place(candidate) or (0, 0)
        yield Flag(
            "calendar", day.category, day.level, start, end, candidate.text[start:end],
            f"It is due on {told(due)}: {day.name}.", why=day.why, rule=day.rule,
            suggestion="Send it on another day, or write for this one.",
        )  # fmt: skip


def check_figure_day(candidate: Candidate, calendar: Calendar, categories: Set[str]) -> Iterator[Flag]:
    """One warning for each sensitive day that the figure is of, or that one of its facts is dated."""
    for of in _days_of(candidate.insight) if calendar.days else ():
        for day in calendar.on(of, candidate, categories):
            start, end = day.place(candidate) or (0, 0)
            yield Flag(
                "calendar", day.category, "suggestion" if day.level == "suggestion" else "warning", start, end,
                candidate.text[start:end], f"Its figure is of {told(of)}: {day.name}.", why=day.why, rule=figure_rule(day),
                suggestion="Ask what the figure was due to before it is joked about.",
            )  # fmt: skip


def figure_rule(day: SensitiveDay) -> str:
    """The rule of figures that are of this day."""
    return f"figure-day.{day.rule.partition('.')[2]}"


def _days_of(insight: Insight | None) -> list[date]:
    """The one day that a figure is of, and those that its facts name; a longer period has other reasons."""
    if insight is None:
        return []
    first, last = _day(insight.start), _day(insight.end)
    named = [_day(fact.value) for fact in insight.facts if isinstance(fact.value, date)]
    return sorted({*([first] if first == last else []), *named})


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def unknown_day(candidate: Candidate, calendar: Calendar) -> Iterator[str]:
    """What keeps the calendar from being looked at, if anything does."""
    if not calendar.sha:
        yield "calendar: no file of sensitive days is named"
    elif candidate.due is None:
        yield "calendar: the day it goes out is not known yet"


def told(day: date) -> str:
    """`13 November 2026`, whatever the locale."""
    return f"{day.day} {months.month_name[day.month]} {day.year}"


def load_calendar(path: Path) -> Calendar:
    """Read a calendar.yaml; `ConfigError` names the file, the entry, the key and the remedy."""
    data, sha = _read(path)
    if not isinstance(data, list):
        remedy = "Begin each day with a hyphen: - {name: …, on: 2026-11-13}"
        raise ConfigError(path, "", "is not a list of days", remedy=remedy)
    return Calendar(tuple(_Entry(path, number, entry).day() for number, entry in enumerate(data, 1)), sha)


def _read(path: Path) -> tuple[object, str]:
    from assistant.handwritten import text_of, yaml_of

    text = text_of(path)
    data = yaml_of(path, text)
    return [] if data is None else data, digest(text, 16)


@dataclass(frozen=True)
class _Entry:
    """One entry as it stands in the file, with its place for what is wrong with it."""

    file: Path
    number: int
    data: Any

    def wrong(self, key: str, problem: str, remedy: str) -> ConfigError:
        name = self.data.get("name") if isinstance(self.data, Mapping) else None
        where = f"day {self.number}" + (f" ({name})" if isinstance(name, str) else "")
        return ConfigError(self.file, f"{where}: {key}" if key else where, problem, remedy=remedy)

    def day(self) -> SensitiveDay:
        """The entry as a value."""
        self._refuse_odd_keys()
        name, level, category = self.text("name"), self.text("level", "warning"), self.text("category", "tragedy")
        if not name.strip():
            raise self.wrong("name", "is missing", "Say which day it is")
        if level not in _LEVELS:
            raise self.wrong("level", f"{level!r} is not a level", "Write error, warning or suggestion")
        for one in (category, *self.texts("categories")):
            if one not in CATEGORIES:
                raise self.wrong("category", f"{one!r} is not a category", f"There are {', '.join(CATEGORIES)}")
        return SensitiveDay(
            name=name.strip(), rule=f"calendar.{slug(name)}", falls_on=self._falls_on(), level=_LEVELS[level],
            category=category, why=self.text("why"), words=self.texts("words"), titles=self.texts("titles"),
            categories=self.texts("categories"), languages=self.texts("languages"),
        )  # fmt: skip

    def _refuse_odd_keys(self) -> None:
        if not isinstance(self.data, Mapping):
            raise self.wrong("", "is not a mapping of keys", "Write - {name: …, on: 2026-11-13}")
        if odd := [str(key) for key in self.data if key is not True and key not in _KEYS]:
            raise self.wrong(odd[0], "unknown key", f"There are {', '.join(sorted(_KEYS))}")
        if len([key for key in _WHEN if self.value(key) is not None]) != 1:
            raise self.wrong("", "does not say when it is, or says it twice", f"Write one of {', '.join(_WHEN)}")
        if ("from" in self.data) != ("to" in self.data):
            raise self.wrong("to", "a period has a first and a last day", "Write both from and to")

    def value(self, key: str) -> Any:
        """What stands under a key; YAML reads a bare `on` as true."""
        return self.data.get(key, self.data.get(True) if key == "on" else None)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        found = self.data.get(key, default)
        if not isinstance(found, str):
            raise self.wrong(key, f"{found!r} is not a text", "Put it in quotation marks")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty."""
        found = self.data.get(key) or []
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            raise self.wrong(key, "is not a list of texts", f"Write {key}: [one, another]")
        return tuple(found)

    def _falls_on(self) -> FallsOn:
        if (days := self.value("on")) is not None:
            wanted = frozenset(self._date("on", day) for day in (days if isinstance(days, list) else [days]))
            return lambda day: day in wanted
        if (offset := self.value("easter")) is not None:
            return self._by_easter(offset)
        if "every" in self.data:
            return self._every(str(self.data["every"]).strip().lower())
        return self._period(self.data["from"], self.data["to"])

    def _date(self, key: str, value: object) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.wrong(key, f"{value!r} is not a day", "Write 2026-11-13")

    def _by_easter(self, offset: object) -> FallsOn:
        if not isinstance(offset, int) or isinstance(offset, bool) or abs(offset) > _FAR_FROM_EASTER:
            raise self.wrong("easter", f"{offset!r} is not a number of days", "Write -2 for Good Friday, 0 for Easter")
        return lambda day: day == easter(day.year) + timedelta(days=offset)

    def _every(self, written: str) -> FallsOn:
        if match := _FLOATING.fullmatch(written):
            nth, weekday, month = _NTH[match[1]], _DAYS.index(match[2]), _MONTHS.index(match[3])
            return lambda day: day.month == month and day == _nth_weekday(day.year, month, weekday, nth)
        wanted = self._yearly("every", written)
        return lambda day: wanted in _as_kept(day)

    def _yearly(self, key: str, value: object) -> tuple[int, int]:
        """Month and day of `01-27`."""
        match = _YEARLY.fullmatch(str(value).strip())
        try:
            if match:
                day = date(_LEAP, int(match[1]), int(match[2]))
                return day.month, day.day
        except ValueError:
            pass
        remedy = 'Write month and day, every: 01-27, or "second sunday of may"'
        raise self.wrong(key, f"{value!r} is not a day of the year", remedy)

    def _period(self, first: object, last: object) -> FallsOn:
        if isinstance(first, date) and isinstance(last, date):
            begins, ends = self._date("from", first), self._date("to", last)
            if ends < begins:
                raise self.wrong("to", f"{ends} is before {begins}", "Turn them round")
            return lambda day: begins <= day <= ends
        if isinstance(first, date) or isinstance(last, date):
            raise self.wrong("to", "one day has a year and the other has none", "Write both with a year, or neither")
        start, end = self._yearly("from", first), self._yearly("to", last)
        if start <= end:
            return lambda day: start <= (day.month, day.day) <= end
        return lambda day: (day.month, day.day) >= start or (day.month, day.day) <= end


def _as_kept(day: date) -> set[tuple[int, int]]:
    """Month and day; what is kept on 29 February is kept on the 28th in the years that have none."""
    short = (day.month, day.day) == (2, 28) and not months.isleap(day.year)
    return {(day.month, day.day), *([(2, 29)] if short else [])}


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    length = months.monthrange(year, month)[1]
    found = [date(year, month, day) for day in range(1, length + 1) if date(year, month, day).weekday() == weekday]
    return found[nth]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    w = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * w) // 451
    month, day = divmod(h + w - 7 * m + 114, 31)
    return date(year, month, day + 1)


def slug(name: str) -> str:
    """`Journée nationale de deuil` → `journee-nationale-de-deuil`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "-".join(regex.findall(r"[\p{L}\p{N}]+", plain)) or "day"


def said(*words: str) -> regex.Pattern[str]:
    """Words as they may stand in a reading; `mother*` is any word that begins so."""
    patterns = (regex.escape(read(word).text.strip()).replace(r"\*", r"\w*") for word in words)
    return regex.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", regex.IGNORECASE)
