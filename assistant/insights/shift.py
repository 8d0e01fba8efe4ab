"""`shift`: the level changed at a date and stayed, and it still holds in the newest period.

Pettitt (1979): of all dates, the one before and after which the ranks differ the most. Here in standard deviations, so that a
change of four periods ago counts as well as one in the middle (Mann & Whitney 1947), times the number of dates that were
looked at; with few periods on one side the chance is counted out instead of taken from a normal curve. Periods count for
fewer where they resemble each other after the step, a season is fitted jointly, and the change has to hold beside the other
subjects. A step must fit better than a line, by itself or beside them, or it is a `trend`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.insights import evidence
from assistant.insights.kind import (
    UNITS,
    Finding,
    Readable,
    Sizes,
    Window,
    countable,
    day_fact,
    listed,
    measured,
    names,
    ratio,
    unit_of,
)  # fmt: skip
from assistant.insights.movement import (
    HISTORY,
    Field,
    Seasonal,
    calmed,
    fields,
    resemblance,
    separated,
    step,
)
from assistant.insights.ranks import ranked
from assistant.models import Every, Fact

BEFORE, AFTER = 6, 4  # values on either side of the date
RECENT = 26  # periods for which a change is as good as new
USUAL: dict[Every, int] = {
    "hour": 168,
    "day": 28,
    "week": 52,
    "month": 12,
}  # values before whose median is the old level
RATIO = 1.2  # a smaller change is not worth a word
OWN = 1.0  # deviations by which it has to differ by itself too, where the others decide whether it is chance
TURNS = 3  # of fitting the step and the season


@dataclass(frozen=True)
class Scan:
    """The clearest date of each row: its column, the ranks' difference in deviations, values on either side, dates tried,
    and by how much the periods count for fewer."""

    columns: np.ndarray
    z: np.ndarray
    before: np.ndarray
    after: np.ndarray
    dates: np.ndarray
    fewer: np.ndarray
    calm: np.ndarray


@dataclass(frozen=True)
class Shift:
    """One row of a field whose level changed at the period of a column, and how much of the change is there lately."""

    row: int
    column: int
    p: float
    stays: float


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series: its clearest change."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    found: list[tuple[Field, Shift]] = []
    tests = 0
    for field in fields(table, measures, window, back=HISTORY[table.every], least=BEFORE + AFTER):
        tests += int((~np.isnan(field.values[:, -1])).sum())
        found += [(field, one) for one in _shifts(table, field)]
    for field, one in found:
        yield from _finding(table, window, field, one, sizes, tests)


def _shifts(table: Readable, field: Field) -> Iterator[Shift]:
    """The rows whose level changed and stayed, beside the others and by themselves."""
    logs, tested = field.logs, field.beside
    scan = _scan(table, tested)
    own = _differs(logs, scan.columns)[0]
    for row in np.flatnonzero(~np.isnan(logs[:, -1]) & (own * np.sign(scan.z) > OWN)):
        p = _chance(scan, int(row))
        if p < 0.05 and any(_is_step(table, one[row]) for one in (tested, logs)):
            yield Shift(int(row), int(scan.columns[row]), p, _stays(scan.calm[row], int(scan.columns[row])))


def _is_step(table: Readable, logs: np.ndarray) -> bool:
    """Whether a step fits a series better than any line."""
    return step(logs, table.every, len(logs), before=BEFORE, after=AFTER)[1] > 0


def _scan(table: Readable, logs: np.ndarray) -> Scan:
    """The date of each row's best step; step and season are fitted in turns."""
    wave, price, seasons = np.zeros_like(logs), np.ones(len(logs)), Seasonal(logs, table.every)
    for _ in range(TURNS):
        columns, dates = _best_step(logs - wave)
        later = np.arange(logs.shape[1]) >= columns[:, None]
        wave, price = seasons.beside(later.astype(float))
    calm = logs - wave
    level = np.where(later, _middle(calm, later), _middle(calm, ~later))
    z, before, after = _differs(calm, columns)
    return Scan(columns, np.where(dates > 0, z, 0), before, after, dates, price * resemblance(calm - level), calm)


def _best_step(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The column at which a step explains the most of each row, and how many were possible."""
    there, calm = ~np.isnan(logs), np.nan_to_num(calmed(logs))
    before = np.cumsum(there, axis=1) - there
    after = there.sum(axis=1, keepdims=True) - before
    sums = np.cumsum(calm, axis=1) - calm
    left = calm.sum(axis=1, keepdims=True) - sums
    explained = sums**2 / np.maximum(before, 1) + left**2 / np.maximum(after, 1)
    possible = there & (before >= BEFORE) & (after >= AFTER)
    return np.argmax(np.where(possible, explained, -1), axis=1), possible.sum(axis=1)


def _differs(logs: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mann and Whitney's difference of ranks in deviations, positive where later values are higher; values on each side."""
    ranks, there = ranked(logs), ~np.isnan(logs)
    earlier = there & (np.arange(logs.shape[1]) < columns[:, None])
    n, before = there.sum(axis=1), earlier.sum(axis=1)
    less = before * (n + 1) / 2 - np.where(earlier, ranks, 0).sum(axis=1)
    return less / np.sqrt(np.maximum(before * (n - before) * (n + 1) / 12, 1)), before, n - before


def _middle(logs: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The mean of each row's marked values; zero where there are none."""
    marked = where & ~np.isnan(logs)
    return np.asarray(np.where(marked, logs, 0).sum(axis=1) / np.maximum(marked.sum(axis=1), 1))[:, None]


def _stays(calm: np.ndarray, column: int) -> float:
    """The change that the last third of the new level shows, as a share of all of it, beside the season."""
    known, since = (one[~np.isnan(one)] for one in (calm[:column], calm[column:]))
    lately = since[-max(3, len(since) // 3) :]
    before, after, now = (float(np.median(one)) for one in (known, since, lately))
    return (now - before) / (after - before) if after != before else 0.0


def _chance(scan: Scan, row: int) -> float:
    """The chance of such a difference at any of the dates, two-sided."""
    before, after = int(scan.before[row]), int(scan.after[row])
    p = separated(abs(scan.z[row]), before, after, scan.fewer[row])
    return min(1.0, 2 * p * int(scan.dates[row]))


def _finding(table: Readable, window: Window, field: Field, one: Shift, sizes: Sizes, tests: int) -> Iterator[Finding]:
    values = field.values[one.row]
    measure, subject, dim, place = names(field.heads[one.row])
    level = int(field.heads[one.row]["level"])
    known = values[: one.column][~np.isnan(values[: one.column])][-USUAL[table.every] :]
    since = values[one.column :][~np.isnan(values[one.column :])]
    before, after = float(np.median(known)), float(np.median(since))
    if min(before, after) <= 0 or abs(after - before) <= table.rounded_to.get(measure, 0):
        return
    size = math.log(after / before)
    if abs(size) < math.log(RATIO) or one.stays < 0.5:
        return  # small, or it did not stay
    start = field.start(one.column)
    yield Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=field.start(-1),
        age=max(window.newest - field.newest, field.values.shape[1] - one.column - RECENT), value=after,
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            measured(table, measure, "before", before),
            measured(table, measure, "after", after),
            ratio(after, before),
            day_fact("since", start),
            Fact("periods", field.values.shape[1] - one.column, UNITS[table.every]),
        ),
        params={"direction": "up" if size > 0 else "down", "level": level},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=sizes.share_below(measure, level, max(before, after)),
        robustness=min(1.0, abs(size) / math.log(2)) * min(1.0, one.stays),
        simplicity=1.0 if dim is None else 0.75,
        p=one.p,
        tests=tests,
    )  # fmt: skip
