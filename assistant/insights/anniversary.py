"""`anniversary`: a round number of years since a subject was first seen, or since its record.

A fact without a test; it must be rare: of those that have one in the newest periods, the twelve largest are told, and of
subjects below the largest tenth only where few have one. Who is there in the table's first period may have begun before, so
nobody knows when. A record counts where chance does not explain its margin
(`chance.tail_margin`), looking at as many series as there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.chance import tail_margin
from assistant.insights.kind import (
    Finding,
    Readable,
    Window,
    countable,
    day_fact,
    listed,
    measured,
    moment,
    rows,
    shift,
    summed,
)  # fmt: skip
from assistant.models import Scalar

# how round a number of years is
ROUND = {
    1: 0.9, 2: 0.7, 3: 0.7, 5: 0.9, 10: 1.0, 15: 0.8, 20: 0.9, 25: 1.0, 30: 0.9, 40: 0.9, 50: 1.0, 75: 0.9, 100: 1.0,
}  # fmt: skip
MOST = 12  # no more subjects, however many there are
LARGE = 0.1  # the share of subjects whose years are counted, however many have an anniversary
FEW = 0.1  # the share of subjects that may have one, for a smaller one's to be told
CHANCE = 0.05  # over all series: the records that would be told of noise
HISTORY = 12  # periods below which nothing is usual, and no record one
EVENT = 4  # periods around the highest that belong to it
# `r`: its place by all that it has in the table, or by what it usually has, whichever is the better
_LARGEST = """
WITH known AS (
  SELECT *, min(n) OVER (PARTITION BY subject) AS born, min(n) OVER () AS begun,
    max(n) OVER (ORDER BY n RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM series WHERE level = 1),
histories AS (
  SELECT measure, subject, list(v ORDER BY n) AS vs, list(n ORDER BY n) AS ns, list(t ORDER BY n) AS ts, sum(v) AS total,
    CASE WHEN count(*) >= $history THEN avg(v) ELSE 0 END AS usual,
    max(CASE WHEN n = born AND n > begun AND before = n - 1 THEN t END) AS born_t
  FROM known WHERE measure IN {measures} GROUP BY measure, subject),
placed AS (
  SELECT *, count(*) OVER (PARTITION BY measure) AS peers,
    least(row_number() OVER (PARTITION BY measure ORDER BY total DESC, subject),
      row_number() OVER (PARTITION BY measure ORDER BY usual DESC, subject)) AS r
  FROM histories)
SELECT * FROM placed ORDER BY measure, r, subject
"""
_PERIODS = "SELECT t, n FROM periods ORDER BY n"


@dataclass(frozen=True)
class Day:
    """An anniversary: how many years, the start and the number of the period that it falls into (a day may be the one that
    runs now)."""

    years: int
    start: datetime
    n: int


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a subject, measure and mode: the newest of its anniversaries in the window."""
    measures = countable(table)
    starts = [moment(t) for t in table.engine.query(_PERIODS)["t"]]
    found = [
        (row, one)
        for row in rows(table.engine.query(_LARGEST.format(measures=listed(measures)), {"history": HISTORY}))
        for one in _findings(table, window, row, row["measure"] == measures[0], starts)
    ]
    having = Counter((one.measure, one.params["mode"]) for _, one in found)
    told: Counter[tuple[str, Scalar]] = Counter()
    for row, one in found:
        key = (one.measure, one.params["mode"])
        few = having[key] <= max(1, FEW * float(row["peers"]))
        if told[key] < MOST and (few or row["r"] <= max(1, LARGE * float(row["peers"]))):
            told[key] += 1
            yield replace(one, rarity=having[key] / float(row["peers"]))


def _findings(
    table: Readable, window: Window, row: dict[str, Any], first_measure: bool, starts: list[datetime]
) -> Iterator[Finding]:
    """Of a subject's first day, which the first measure tells (one that is measured later began no later), and record."""
    if first_measure and str(row["born_t"]) not in ("NaT", "None"):
        yield from _finding(table, window, row, "first_seen", moment(row["born_t"]), starts)
    if (record := _record(row)) is not None:
        yield from _finding(table, window, row, "record", record, starts)


def _record(row: dict[str, Any]) -> datetime | None:
    """When the highest was, if it is one that chance does not explain."""
    vs, ns = np.array(row["vs"], dtype=float), np.array(row["ns"])
    best = int(np.argmax(vs))
    if len(vs) < HISTORY or best == 0:
        return None
    p = tail_margin(vs[(np.abs(ns - ns[best]) > EVENT) | (ns == ns[best])])
    return moment(row["ts"][best]) if p * float(row["peers"]) <= CHANCE else None


def _newest(since: datetime, starts: list[datetime], table: Readable, window: Window) -> Day | None:
    """The newest round anniversary that falls into a period of the window, or on the day after it: that needs no figures."""
    known = shift(starts[window.newest], table.every, 1)
    ends = known + timedelta(days=table.every == "day")
    for years in sorted(ROUND, reverse=True):
        day = _later(since, years)
        if known <= day < ends:
            return Day(years, known, window.newest + 1)
        if starts[window.oldest] <= day < known:
            n = int(np.searchsorted(np.array(starts, dtype="datetime64[us]"), np.datetime64(day), side="right")) - 1
            return Day(years, starts[n], n)
    return None


def _later(since: datetime, years: int) -> datetime:
    """The same day so many years later; the 28th for a 29th of February."""
    leap = (since.month, since.day) == (2, 29) and (since.year + years) % 4 != 0
    return since.replace(year=since.year + years, day=28 if leap else since.day)


def _finding(table: Readable, window: Window, row: dict[str, Any], mode: str, since: datetime, starts: list[datetime]
             ) -> Iterator[Finding]:  # fmt: skip
    day = _newest(since, starts, table, window)
    if day is None:
        return
    measure, subject = str(row["measure"]), str(row["subject"])
    facts = [day_fact("since", since)]
    if mode == "record":
        facts.append(measured(table, measure, "record", max(row["vs"])))
    elif measure in summed(table):
        facts.append(measured(table, measure, "total", row["total"]))
    yield Finding(
        measure=measure, subject=subject, dim=None, place=None, start=day.start, end=day.start,
        age=max(0, window.newest - day.n), value=day.years, unit="years", facts=tuple(facts),
        params={"mode": mode, "years": day.years, "level": 1},
        evidence=evidence.select(table, measure, [subject], order="2 DESC" if mode == "record" else "1"),
        impact=1 - float(row["r"]) / float(row["peers"]),
        robustness=1.0,
        simplicity=ROUND[day.years],
        cautions=("as far as the table goes back",),
    )  # fmt: skip
