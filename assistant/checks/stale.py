"""Too old to be told: a figure past its shelf life on the day it is due, and words that are true on some days only.

“Yesterday”, “last Tuesday” or « la semaine dernière » is worked out from the day that the post is due and compared with the
days that its figure is of, when it is checked and again when it is scheduled. Where that day is not known yet, or there is
no figure, nobody can tell: it is listed as not checked.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import regex

from assistant.checks.calendar import told
from assistant.checks.reading import Reading
from assistant.models import Candidate, Flag, Insight

Period = tuple[date, date]
TellUntil = Callable[[Insight], datetime | None]

RELATIVE_DATE = "stale.relative-date"
_DAY = timedelta(days=1)
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FRENCH = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAYS = {name: at for names in (_ENGLISH, _FRENCH) for at, name in enumerate(names)}
_PAST = r"(?:derni(?:er|ère)|passée?)"
_WORDS = {
    "before": r"the day before yesterday|avant-hier",
    "night": r"last night|hier soir|la nuit dernière|cette nuit",
    "yesterday": r"yesterday|hier",
    "weekday": rf"last (?P<en>{'|'.join(_ENGLISH)})|(?P<fr>{'|'.join(_FRENCH)}) {_PAST}",
    "last_weekend": rf"last weekend|le week-?end {_PAST}",
    "this_weekend": r"this weekend|ce week-?end",
    "last_week": rf"last week|la semaine {_PAST}",
    "this_week": r"this week|cette semaine",
    "last_month": rf"last month|le mois {_PAST}",
    "this_month": r"this month|ce mois(?:-ci)?",
    "last_year": rf"last year|l'an dernier|l'année {_PAST}",
    "this_year": r"this year|cette année",
}
_RELATIVE = regex.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _WORDS.items())})(?!\w)", regex.IGNORECASE
)
_HINTS = ("last", "yesterday", "this ", "hier", "derni", "passé", "cette", "ce ")  # most posts have none of these


@dataclass(frozen=True, slots=True)
class Said:
    """A relative date in a reading, and which one."""

    start: int
    end: int
    kind: str
    weekday: int = 0

    def means(self, day: date) -> list[Period]:
        """What it may mean on this day, the likeliest first."""
        monday = day - timedelta(days=day.weekday())
        first = day.replace(day=1)
        match self.kind:
            case "before":
                return [_one(day - 2 * _DAY)]
            case "yesterday":
                return [_one(day - _DAY)]
            case "night":
                return [(day - _DAY, day)]
            case "weekday":
                back = (day.weekday() - self.weekday - 1) % 7 + 1
                return [_one(day - timedelta(days=back)), _one(monday + timedelta(days=self.weekday - 7))]
            case "last_weekend":
                return [(monday - 2 * _DAY, monday - _DAY)]
            case "this_weekend":
                return [(monday + 5 * _DAY, monday + 6 * _DAY), (monday - 2 * _DAY, monday - _DAY)]
            case "last_week" | "this_week":
                start = monday - timedelta(weeks=self.kind == "last_week")
                return [(start, start + 6 * _DAY)]
            case "last_month":
                return [_month(first - _DAY)]
            case "this_month":
                return [_month(day)]
        year = day.year - (self.kind == "last_year")
        return [(date(year, 1, 1), date(year, 12, 31))]


def _one(day: date) -> Period:
    return day, day


def _month(day: date) -> Period:
    return day.replace(day=1), day.replace(day=months.monthrange(day.year, day.month)[1])


def relative_dates(reading: Reading) -> Iterator[Said]:
    """Every relative date of a text; those inside a masked title are not read."""
    lowered = reading.text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return
    for match in _RELATIVE.finditer(reading.text):
        named = match["en"] or match["fr"]
        kind = next(name for name in _WORDS if match[name] is not None)
        yield Said(*match.span(), kind, _WEEKDAYS[named.lower()] if named else 0)


def check_stale(candidate: Candidate, masked: Reading, tell_until: TellUntil | None = None) -> Iterator[Flag]:
    """An error for a figure past its shelf life, a warning for each relative date that is wrong on the day it is due."""
    yield from _shelf_life(candidate, tell_until)
    days = _evidence(candidate)
    if not days or candidate.due is None:
        return
    for said in relative_dates(masked):
        start, end = masked.span(said.start, said.end)
        quote = candidate.text[start:end]
        if (wrong := _wrong(candidate.due.date(), said, quote, days)) is not None:
            yield Flag(
                "stale", "stale", "warning", start, end, quote, wrong,
                why="A post is read on the day it goes out, not on the day it was written.",
                suggestion=f"Name the day: {_told(days[0])}.", rule=RELATIVE_DATE,
            )  # fmt: skip


def unplaced(candidate: Candidate, masked: Reading) -> Iterator[str]:
    """Relative dates of a text whose day is not known yet, or behind which there is no figure with a date."""
    known = bool(_evidence(candidate))
    if known and candidate.due is not None:
        return
    why = "the day it goes out is not known yet" if known else "nothing is known of the day that it means"
    for said in relative_dates(masked):
        quote = masked.original[slice(*masked.span(said.start, said.end))]
        yield f"stale: “{quote}”, for {why}"


def _shelf_life(candidate: Candidate, tell_until: TellUntil | None) -> Iterator[Flag]:
    due = candidate.due
    if tell_until is None or candidate.insight is None or due is None or due.tzinfo is None:
        return
    ends = tell_until(candidate.insight)
    if ends is not None and due > ends:
        yield Flag(
            "stale", "stale", "error", 0, 0, "",
            f"The figure may be told until {told(ends.date())}; the post is due on {told(due.date())}.",
            why="A figure past its shelf life is no news, and may have been restated.",
            suggestion="Send it earlier, or tell a newer figure.", rule="stale.figure",
        )  # fmt: skip


def _evidence(candidate: Candidate) -> list[Period]:
    """The figure's own period, then each date among its facts."""
    insight = candidate.insight
    own = [(_day(insight.start), _day(insight.end))] if insight else []
    return own + [_one(_day(fact.value)) for fact in candidate.facts or () if isinstance(fact.value, date)]


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _wrong(due: date, said: Said, quote: str, days: Sequence[Period]) -> str | None:
    meant = said.means(due)
    if any(_mostly_inside(period, one) for period in days for one in meant):
        return None
    return f"On {told(due)} “{quote}” means {_told(meant[0])}; the figure is of {_told(days[0])}."


def _mostly_inside(period: Period, meant: Period) -> bool:
    """More than half of its days: weeks begin on a Sunday in some tables."""
    common = (min(period[1], meant[1]) - max(period[0], meant[0])).days + 1
    return 2 * common > (period[1] - period[0]).days + 1


def _told(period: Period) -> str:
    first, last = period
    return told(first) if first == last else f"{told(first)} to {told(last)}"
