"""`trend`: a steady rise or fall over the last weeks or months, up to the newest period.

Mann (1945) and Kendall: do later values tend to be higher than earlier ones? Only ranks count, so no outlier makes a trend.
The periods count for fewer where they resemble each other (Yue & Wang 2004), a season is fitted jointly, and the rise has to
hold beside that of the other subjects: where all rise, none is notable. Theil (1950) and Sen (1968) give the slope. A level
that changed at once and stayed is a `shift`, not a trend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import CYCLE
from assistant.insights.chance import beyond
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
    CLEAR,
    HISTORY,
    LENGTHS,
    Field,
    Seasonal,
    fields,
    lined,
    resemblance,
    step,
)
from assistant.insights.ranks import ranked
from assistant.models import Every, Fact

LEAST = 12  # values below which nothing is steady
THERE = 0.65  # the share of the periods that it must be there
OWN = 2.0  # deviations by which it has to rise by itself too, where the others decide whether it is chance
ENDS = (
    8  # the share of the periods at either end whose median is the level there: an eighth, at least five, whole cycles
)
RATIO = 1.2  # a smaller rise is not worth a word
FEW = 8  # rows that are compared one by one
CLEARLY, NEAR = 1.9, 0.5  # deviations below which no p is below 0.05, and how far apart two tests of one order may be
OFTEN = 0.05  # a chance above which no correction would let it pass
PAIRS = 208  # periods up to which all pairs are looked at
SHAKEN = 3  # it has to hold without the newest periods


@dataclass(frozen=True)
class Trend:
    """One row of a field that rises or falls over its last `length` columns; `logs` are those, without season."""

    row: int
    length: int
    p: float
    logs: np.ndarray


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series: over the length at which it is clearest."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    found: list[tuple[Field, Trend]] = []
    tests = 0
    for field in fields(table, measures, window, back=HISTORY[table.every], least=LEAST):
        tests += int((~np.isnan(field.values[:, -1])).sum())
        found += [(field, one) for one in _trends(table, field)]
    for field, one in found:
        yield from _finding(table, window, field, one, sizes, tests)


def _trends(table: Readable, field: Field) -> list[Trend]:
    """The clearest trend of each row; p is for having looked at each length."""
    periods = field.values.shape[1]
    lengths = sorted({length for length in LENGTHS if length <= periods} | {min(periods, max(LENGTHS))})
    rows = _Rows(field, table.every)
    best: dict[int, Trend] = {}
    for length in lengths:
        for one in _steady(rows, length, OFTEN / len(lengths)):
            if (one.row not in best or one.p < best[one.row].p) and _holds(table, one, rows.tested[one.row]):
                best[one.row] = one
    return [replace(one, p=min(1.0, one.p * len(lengths))) for one in best.values()]


class _Rows:
    """A field's rows by themselves and, where there is a field, beside the others, with their seasons."""

    def __init__(self, field: Field, every: Every) -> None:
        self.logs, self.tested = field.logs, field.beside
        self.apart = field.beside is not field.logs
        self.seasons = Seasonal(self.tested, every)
        self.own = Seasonal(self.logs, every) if self.apart else self.seasons


def _steady(rows: _Rows, length: int, often: float) -> Iterator[Trend]:
    """The rows that rise or fall over so many periods, by themselves and beside the others, with a chance below `often`."""
    there = ~np.isnan(rows.logs[:, -length:])
    hinge = _line(rows.logs, length)
    wave, price = rows.seasons.beside(hinge)
    calm = rows.tested - wave
    z = _ordered(calm[:, -length:])
    if not (np.abs(z) > CLEARLY).any():
        return
    z /= np.sqrt(price * resemblance(calm - lined(calm, hinge)))
    ps = np.array([2 * beyond(abs(one)) for one in z.tolist()])
    told = np.flatnonzero((ps < often) & there[:, -1] & (there.sum(axis=1) >= max(LEAST, THERE * length)))
    if rows.apart and len(told):
        calm = rows.logs - rows.own.beside(hinge)[0]
        told = told[np.sign(z[told]) * _ordered(calm[told, -length:]) > OWN]
    for row in told:
        yield Trend(int(row), length, float(ps[row]), calm[row, -length:])


def _line(logs: np.ndarray, length: int) -> np.ndarray:
    """Flat, and rising from 0 to 1 over the last so many columns."""
    return np.asarray(np.maximum(0, np.arange(logs.shape[1]) - (logs.shape[1] - length)) / length)


def _ordered(values: np.ndarray) -> np.ndarray:
    """How far each row is from no order in time, in deviations: by Kendall's test, and by Daniels's alone where rows are long or,
    of many, show too little."""
    if len(values) <= FEW:
        return kendall(values) if values.shape[1] <= PAIRS else daniels(values)
    z = daniels(values)
    if values.shape[1] <= PAIRS:
        near = np.abs(z) > CLEARLY - NEAR
        z[near] = kendall(values[near])
    return z


def kendall(values: np.ndarray) -> np.ndarray:
    """Kendall's S of each row in its standard deviations, gaps left out; one less for continuity."""
    s = _concordance(values) if len(values) > FEW else np.array([_alone(row) for row in values])
    n = (~np.isnan(values)).sum(axis=1)
    deviation = np.sqrt(np.maximum(n * (n - 1) * (2 * n + 5) / 18, 1))
    return np.asarray(np.sign(s) * np.maximum(np.abs(s) - 1, 0) / deviation)


def _concordance(values: np.ndarray) -> np.ndarray:
    """Pairs in order less pairs out of order, of each row: one lag after the other for all rows at once."""
    periods = np.ascontiguousarray(values.T)
    s = np.zeros(len(values), dtype=np.int64)
    for lag in range(1, len(periods)):
        later, earlier = periods[lag:], periods[:-lag]
        s += _counted(later > earlier) - _counted(later < earlier)  # neither where one is missing
    return s


def _alone(row: np.ndarray) -> int:
    """The same of one row: each value with all later ones."""
    later = np.triu(np.ones((len(row), len(row)), dtype=bool), 1)
    up, down = (np.greater(row, row[:, None]), np.less(row, row[:, None]))
    return int((up & later).sum()) - int((down & later).sum())


def _counted(held: np.ndarray) -> np.ndarray:
    """How often it holds in each column; bytes add up many at a time, as long as there are no more than one can hold."""
    parts = (held[at : at + 255].view(np.uint8) for at in range(0, len(held), 255))
    return np.asarray(sum(part.sum(axis=0, dtype=np.uint8).astype(np.int64) for part in parts))


def daniels(values: np.ndarray) -> np.ndarray:
    """Spearman's correlation of each row with time, in its standard deviations (Daniels 1950): Kendall's test for long rows,
    without going through all pairs."""
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    middle = (n[:, None] + 1) / 2
    ranks, order = np.where(there, ranked(values) - middle, 0), np.where(there, np.cumsum(there, axis=1) - middle, 0)
    squares = (ranks**2).sum(axis=1) * (order**2).sum(axis=1)
    rho = (ranks * order).sum(axis=1) / np.sqrt(np.maximum(squares, 1e-9))
    return np.asarray(rho * np.sqrt(np.maximum(n - 1, 0)))


def _holds(table: Readable, one: Trend, whole: np.ndarray) -> bool:
    """Whether it is big, holds without the newest periods, and is no single step."""
    at = np.flatnonzero(~np.isnan(one.logs))
    logs = one.logs[at]
    if abs(sen(at, logs)) * (at[-1] - at[0]) < np.log(RATIO):
        return False
    z, earlier = kendall(logs[None])[0], kendall(logs[None, :-SHAKEN])[0]
    steady = np.sign(z) == np.sign(earlier) and 2 * beyond(abs(earlier)) < 0.05
    return bool(steady and step(whole, table.every, one.length, before=3, after=3)[1] <= CLEAR)


def sen(at: np.ndarray, logs: np.ndarray) -> float:
    """The median of the slopes between all pairs (Theil 1950, Sen 1968)."""
    first, second = np.triu_indices(len(at), 1)
    return float(np.median((logs[second] - logs[first]) / (at[second] - at[first])))


def _ends(periods: int, every: Every) -> int:
    """How many at either end tell the level there: whole cycles, where a few are known, or a season would make the change.

    An odd number, so that the median is a value that was there.
    """
    few = max(5, periods // ENDS)
    cycle = CYCLE[every]
    return (few if periods < 3 * cycle else -(-few // cycle) * cycle) | 1


def _finding(table: Readable, window: Window, field: Field, one: Trend, sizes: Sizes, tests: int) -> Iterator[Finding]:
    values = field.values[one.row, -one.length :]
    at = np.flatnonzero(~np.isnan(values))
    ends = _ends(len(at), table.every)
    begun, now = float(np.median(values[at[:ends]])), float(np.median(values[at[-ends:]]))
    measure, subject, dim, place = names(field.heads[one.row])
    level = int(field.heads[one.row]["level"])
    size = np.log(max(now, 1e-9) / max(begun, 1e-9))
    tested = np.flatnonzero(~np.isnan(one.logs))
    rises = sen(tested, one.logs[tested]) > 0
    if begun <= 0 or now <= 0 or (size > 0) != rises or abs(size) < np.log(RATIO):
        return
    if abs(now - begun) <= table.rounded_to.get(measure, 0):
        return
    oldest = int(at[0]) - one.length
    yield Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=field.start(oldest), end=field.start(-1),
        age=window.newest - field.newest, value=now, unit=unit_of(table.source.measures[measure], measure),
        facts=(
            measured(table, measure, "from", begun),
            measured(table, measure, "to", now),
            ratio(now, begun),
            Fact("periods", -oldest, UNITS[table.every]),
            day_fact("since", field.start(oldest)),
        ),
        params={"direction": "up" if rises else "down", "level": level, "periods": -oldest},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=sizes.share_below(measure, level, max(now, begun)),
        robustness=min(1.0, float(abs(size)) / np.log(2)),
        simplicity=1.0 if dim is None else 0.75,
        p=one.p,
        tests=tests,
    )  # fmt: skip
