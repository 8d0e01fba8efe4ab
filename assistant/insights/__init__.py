"""From a table to figures worth telling: true, surprising, big enough, simple to say, new.

    found = find(table, config)     one table, all kinds
    best = rank(found)              over all tables: best first, and not ten about one title

One file a kind. The finders are SQL over the canonical relations (docs/architecture.md), written once; the statistics of
what they return are NumPy's. Knows no store and no screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from assistant.config import Config
from assistant.insights import (
    anniversary,
    best_since,
    comeback,
    debut,
    devoted_cohort,
    dominance,
    jump,
    milestone,
    one_of_few,
    outlier,
    over_index,
    overtake,
    record,
    rhythm,
    shift,
    streak,
    tie,
    together,
    trend,
)
from assistant.insights.kind import (
    Finding,
    Kind,
    Readable,
    Remembered,
    Window,
    chances,
    last_day,
    moment,
    number,
    tests,
)
from assistant.insights.novelty import Novelty
from assistant.insights.score import broadest, diverse, not_echoed, scored, weighed
from assistant.models import Counts, Every, Fact, Insight, insight_id

__all__ = ["KINDS", "Kind", "find", "rank"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("record", "highest ever, and by how much", record.find, tested=True, moved=True),
        Kind("best_since", "highest since a date, when it is no record", best_since.find, tested=True, moved=True),
        Kind(
            "streak",
            "so many periods in a row: present, in first place, rising, above a level",
            streak.find,
            tested=True,
            moved=True,
        ),
        Kind(
            "jump",
            "the largest rise or fall from one period to the next, in value or in places",
            jump.find,
            tested=True,
            moved=True,
        ),
        Kind("debut", "the best first period of all that began since", debut.find, tested=True, among=debut.AMONG),
        Kind(
            "dominance",
            "one subject's share of the whole, far ahead of the second",
            dominance.find,
            tested=True,
            among=dominance.LEAST,
        ),
        Kind(
            "outlier",
            "one period far from what its season and past lead one to expect",
            outlier.find,
            tested=True,
            moved=True,
        ),
        Kind("milestone", "a running total passes a round number", milestone.find, tested=False),
        Kind("comeback", "back after a long absence", comeback.find, tested=False),
        Kind(
            "tie",
            "exactly the same figure as another, where that is rare",
            tie.find,
            tested=False,
            paired=True,
            among=tie.RIVALS,
        ),
        Kind(
            "anniversary",
            "a round number of years since first seen, or since the record",
            anniversary.find,
            tested=False,
        ),
        Kind("overtake", "passes another that had been ahead for long", overtake.find, tested=False),
        Kind("trend", "a steady rise or fall up to now", trend.find, tested=True, moved=True),
        Kind("shift", "the level changed at a date and stayed", shift.find, tested=True, moved=True),
        Kind("rhythm", "a weekday, an hour or a month that stands out", rhythm.find, tested=True, moved=True),
        Kind("over_index", "a place that has far more of it than others", over_index.find, tested=True, placed=True),
        Kind("together", "two that move together, or against each other", together.find, tested=True, paired=True),
        Kind("one_of_few", "one of only so many that reach this on two measures", one_of_few.find, tested=False),
        Kind(
            "devoted_cohort",
            "how many people did something how many times",
            devoted_cohort.find,
            tested=True,
            cohort=True,
        ),
    )
}
DEFAULT_SHELF_LIFE = 4  # periods
Allow = Callable[[str, Sequence[float], int], float]
LEAST_PEOPLE = 10  # no smaller group is shown to anybody: the floor of official statistics (ACRO, ONS)


def find(
    table: Readable,
    config: Config,
    *,
    kinds: Sequence[str] | None = None,
    as_of: datetime | None = None,
    told: Iterable[tuple[Insight, bool]] = (),
    allow: Allow | None = None,
    tell: Callable[[str], None] = lambda _step: None,
) -> list[Insight]:
    """The notable figures of one table, best first.

    `told`: figures that drafts were made of, each with whether a post on it went out. `allow` gives the highest q that is
    told of a kind, knowing its chances and the number of its tests (default: `insights.q`). `tell` hears each step.
    """
    now = as_of or datetime.now(UTC)
    window = _window(table, now)
    novelty = Novelty(table.snapshot, table.every, told)
    found: list[Insight] = []
    read = cast("Readable", Remembered(table))
    narrow, beside = _narrow(table), _beside(table)
    for kind in KINDS.values():
        wanted = kinds is None or kind.name in kinds
        if wanted and window is not None and kind.cohort == (table.source.cohort is not None):
            tell(f"{table.name}: {kind.name}")
            findings = list(kind.find(read, window)) if beside >= kind.among else []
            findings = broadest(kind, weighed(kind, findings, narrow), config.insights.q)
            level = config.insights.q
            if allow is not None and kind.tested:
                level = allow(kind.name, chances(findings), tests(findings))
            told_of = (
                _insight(table, kind, one, q, score, parts, now)
                for one, q, score, parts in scored(kind, findings, novelty, level, config.insights.weights)
            )
            found += [one for one in told_of if one.people is None or one.people >= LEAST_PEOPLE]
    return sorted(not_echoed(found, KINDS, config.insights.q), key=lambda insight: (-insight.score, insight.id))


def _beside(table: Readable) -> int:
    """How many subjects stand beside each other in a table, at most."""
    if table.source.cohort is not None:
        return 1
    return int(table.engine.query(_BESIDE)["most"][0])


_BESIDE = "SELECT max(k) AS most FROM (SELECT count(*) AS k FROM heads GROUP BY f) AS fields"


def _narrow(table: Readable) -> float:
    """The share of a table's series that are of one place only."""
    if table.source.cohort is not None or not table.source.dimensions:
        return 0.0
    counted = table.engine.query(_NARROW)
    return int(counted["narrow"][0]) / max(1, int(counted["series"][0]))


_NARROW = (
    "SELECT count(dim) AS narrow, count(*) AS series FROM heads WHERE NOT alone"  # whole: Spark rounds decimal means
)


def rank(insights: Iterable[Insight]) -> list[Insight]:
    """Best first and diverse: each further figure about a title, or of a kind, counts a little less."""
    return diverse(list(insights))


def too_old(table: Readable, as_of: datetime) -> bool:
    """Whether all of a table's periods are past their shelf life: then nothing of it is told."""
    return _window(table, as_of) is None


def _window(table: Readable, as_of: datetime) -> Window | None:
    """The periods whose figures may still be told; None where all are too old."""
    if table.first is None or table.last is None:
        return Window(0, 0)
    known = table.engine.query("SELECT min(t) AS first, max(n) AS newest FROM periods")
    first, newest = moment(known["first"][0]), int(known["newest"][0])
    shelf = table.source.shelf_life
    if shelf is None:
        return Window(0, newest)
    if shelf == "default":
        shelf = timedelta(seconds=0) + DEFAULT_SHELF_LIFE * _LENGTH[table.every]
    oldest = _periods_between(table.every, first, as_of.astimezone(_zone(table)).replace(tzinfo=None) - shelf)
    return Window(max(0, oldest), newest) if oldest <= newest else None


_LENGTH = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
}


def _periods_between(every: Every, first: datetime, other: datetime) -> int:
    if every == "month":
        return (other.year - first.year) * 12 + other.month - first.month
    return (other - first) // _LENGTH[every]


def _zone(table: Readable) -> ZoneInfo:
    return ZoneInfo(table.source.time.zone if table.source.time else "UTC")


def _place(one: Finding) -> dict[str, str]:
    return {one.dim: one.place} if one.dim is not None and one.place is not None else {}


def _days(table: Readable, one: Finding, as_of: datetime) -> tuple[date, date]:
    """First and last day told; a cohort without time is told of the day that it is read on."""
    if one.start is None or one.end is None:
        return as_of.date(), as_of.date()
    end = last_day(one.end, table.every)
    if table.every == "hour":
        return one.start.replace(tzinfo=_zone(table)), end.replace(tzinfo=_zone(table))
    return one.start.date(), end.date()


def _id(table: Readable, kind: Kind, one: Finding) -> str:
    start, end = one.start or datetime.min, one.end or datetime.min  # noqa: DTZ901 (the day that stands for none)
    days = (start, end) if table.every == "hour" else (start.date(), end.date())
    return insight_id(kind.name, table.name, one.measure, one.subject, _place(one), *days, one.params)


def _insight(table: Readable, kind: Kind, one: Finding, q: float | None, score: float, parts: Mapping[str, float],
             as_of: datetime) -> Insight:  # fmt: skip
    start, end = _days(table, one, as_of)
    measure = table.source.measures.get(one.measure)
    measured = measure is None or one.unit in (measure.unit, one.measure)  # a streak's value is a number of weeks
    counts: Counts = "people" if measure is None else measure.counts
    people = one.people
    if people is None and measured and counts in _PEOPLE:
        people = int(one.value)
    value = number(one.value)
    about = [Fact("subject", one.subject, "title")] if one.subject else []
    about += [Fact("place", one.place, "place")] if one.place else []
    facts = (
        Fact("value", value, one.unit, table.rounded_to.get(one.measure) if measured else None),
        *about, *one.facts, Fact("start", start, "date"), Fact("end", end, "date"),
    )  # fmt: skip
    return Insight(
        id=_id(table, kind, one), kind=kind.name, source=table.name, measure=one.measure, subject=one.subject,
        where=_place(one), start=start, end=end, value=value, unit=one.unit, every=table.every,
        facts=facts, people=people, counts=counts, score=round(score, 4), parts=parts, q=q,
        cautions=(*table.cautions, *table.about.get(one.measure, ()), *one.cautions),
        query=one.evidence, params=one.params, snapshot=table.snapshot,
    )  # fmt: skip


_PEOPLE = ("people", "profiles", "households")
