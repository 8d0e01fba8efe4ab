"""How series move: the field that they move with, the season in it, and how much a period resembles the one before.

What a test of one series assumes, that its periods are exchangeable, is false for most series. So the finders of trends,
shifts, rhythms and of what moves together first take out what all subjects do at once (the field's median), a season
fitted jointly with what is tested, and count the periods that are left for fewer where they resemble each other.

Sources: Yue & Wang (2004) on (1 + r) ÷ (1 − r); Kendall (1954) on the bias of r in short series.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from assistant.insights.chance import MAD, beyond
from assistant.insights.kind import Readable, Window, listed, moment, rows
from assistant.insights.ranks import middle, ranked
from assistant.models import Every

FEW, COUNTED = 40, 400  # values on one side, and pairs out of order, up to which chance is counted out
COMMON = 0.02  # a chance above which it is not worth it
PEERS = 5  # fewer subjects have no movement in common that one could tell from their own
CYCLES: dict[Every, tuple[tuple[float, int], ...]] = {  # (periods, harmonics), the shortest first
    "hour": ((24, 3), (168, 1)), "day": ((7, 3), (365.25, 2)), "week": ((52.18, 2),), "month": ((12, 2),),
}  # fmt: skip
HISTORY: dict[Every, int] = {"hour": 504, "day": 731, "week": 208, "month": 120}  # periods that tell the season
LENGTHS = (16, 24, 36, 52, 78, 104, 208, 365, 731)  # periods back over which a line is looked for
FOUR_OF_FIVE = 0.8416  # deviations of a normal curve that so many are below
OUTLIER = 4.0  # robust deviations beyond which a period does not pull the fitted season
CLEAR = 4.0  # the difference of the criteria from which a step is believed rather than a line
FADING, SLOWEST = 0.15, 0.97  # a correlation from which one can see it fade, and the slowest fading that is believed
SMALL = 0.25  # of the usual value: a series without zeros that reaches no lower does not come near to zero
SMOOTHED = 2  # periods that count as one after a median of three
_SERIES = """
WITH whole AS (SELECT s, list(v ORDER BY n) AS vs, list(n ORDER BY n) AS ns FROM points GROUP BY s)
SELECT measure, level, dim, place, subject, vs, ns FROM whole JOIN heads ON heads.s = whole.s
WHERE measure IN {measures} AND NOT alone ORDER BY heads.s
"""
_PERIODS = "SELECT t FROM periods WHERE n > $newest - $back AND n <= $newest ORDER BY n"


@dataclass(frozen=True)
class Field:
    """The series of one measure, level and place: a row each in `values`, a column a period, NaN where it is not there.

    `oldest` is the number of the first column's period; the last column is the newest. `heads` name the rows.
    """

    heads: tuple[dict[str, Any], ...]
    values: np.ndarray
    oldest: int
    times: np.ndarray

    @cached_property
    def logs(self) -> np.ndarray:
        """Logarithms; a zero counts as half of the smallest value that the series has. Where that is not small beside the others,
        zeros are no small values either: nothing was measured then, and they are left out."""
        some = np.where(self.values > 0, self.values, np.nan)
        least, usual = np.nanmin(some, axis=1, keepdims=True), middle(some)[:, None]
        return np.asarray(np.log(np.where(least > SMALL * usual, some, np.maximum(self.values, least / 2))))

    @cached_property
    def beside(self) -> np.ndarray:
        """The logs without what the field does at once, where there is a field; else the `logs` themselves."""
        relative = self.relative(self.logs)
        return self.logs if relative is None else relative

    @property
    def newest(self) -> int:
        """The number of the last column's period."""
        return self.oldest + len(self.times) - 1

    def relative(self, logs: np.ndarray) -> np.ndarray | None:
        """The logs without what the field does at once: each period's median; None where there is no field."""
        together = in_common(logs - middle(logs)[:, None])
        return None if together is None else logs - together

    def start(self, column: int) -> datetime:
        """When the period of a column begins."""
        found: datetime = moment(self.times[column])
        return found


def in_common(logs: np.ndarray) -> np.ndarray | None:
    """The mean of the middle half of each column, 0 where too few are there; None where that is everywhere.

    As calm as the median, but small counts do not make it jump from one to the next.
    """
    counts = (~np.isnan(logs)).sum(axis=0)
    there = counts >= PEERS
    if not there.any():
        return None
    ordered, at = np.sort(logs, axis=0), np.arange(len(logs))[:, None]
    half = (at >= counts // 4) & (at < counts - counts // 4)
    return np.where(there, np.where(half, ordered, 0).sum(axis=0) / np.maximum(half.sum(axis=0), 1), 0)


def fields(table: Readable, measures: list[str], window: Window, *, back: int, least: int) -> Iterator[Field]:
    """The series with at least so many values in the last `back` periods, field by field, read once a run; no negative ones."""
    times = table.engine.query(_PERIODS, {"newest": window.newest, "back": back})["t"]
    key = ("fields", *measures, len(times))
    if key not in window.read:
        window.read[key] = list(_fields(table, measures, window, times))
    for field, counts in window.read[key]:
        enough = np.flatnonzero(counts >= least)
        if len(enough) == len(counts):
            yield field
        elif len(enough):
            heads = tuple(field.heads[row] for row in enough)
            yield Field(heads, field.values[enough], field.oldest, field.times)


def _fields(
    table: Readable, measures: list[str], window: Window, times: np.ndarray
) -> Iterator[tuple[Field, np.ndarray]]:
    """Each field of what moves, and how many values each of its rows has."""
    before = window.newest - len(times)
    found = (row for one in _read(table, measures, window) if (row := _lately(one, before, window.newest)) is not None)
    for _, group in groupby(found, key=_same_field):
        heads = tuple(group)
        field = Field(heads, _matrix(heads, before + 1, len(times)), before + 1, times)
        yield field, np.array([len(row["vs"]) for row in heads])


def histories(table: Readable, measures: list[str], window: Window, least: int) -> Iterator[dict[str, Any]]:
    """The series with at least so many values: what names them, and `vs`, `ns`, `ts` (values, numbers and starts of their
    periods, the first first)."""
    times = table.engine.query("SELECT t FROM periods ORDER BY n")["t"]
    for row in _read(table, measures, window):
        if len(row["vs"]) >= least:
            yield {**row, "ts": times[row["ns"]]}


def _read(table: Readable, measures: list[str], window: Window) -> list[dict[str, Any]]:
    """All series; read once a run."""
    key = ("series", *measures)
    if key not in window.read:
        window.read[key] = [
            {**row, "vs": np.asarray(row["vs"], dtype=float), "ns": np.asarray(row["ns"], dtype=int)}
            for row in rows(table.engine.query(_SERIES.format(measures=listed(measures))))
        ]
    found: list[dict[str, Any]] = window.read[key]
    return found


def _lately(row: dict[str, Any], before: int, newest: int) -> dict[str, Any] | None:
    """A series from period `before` (not included) on; None where nothing is there, or nothing moves."""
    ns, values = row["ns"], row["vs"]
    if ns[0] <= before or ns[-1] > newest:
        first, end = np.searchsorted(ns, [before, newest], side="right")
        ns, values = ns[first:end], values[first:end]
    if not len(values) or (low := values.min()) < 0 or values.max() <= low:
        return None
    return {**row, "vs": values, "ns": ns}


def _same_field(row: dict[str, Any]) -> tuple[Any, ...]:
    """Subjects of one place are compared with each other; places (level 2) with the other places."""
    level = int(row["level"])
    return row["measure"], level, row["dim"], row["place"] if level == 3 else None


def _matrix(heads: tuple[dict[str, Any], ...], oldest: int, periods: int) -> np.ndarray:
    found = np.full((len(heads), periods), np.nan)
    for at, row in enumerate(heads):
        found[at, row["ns"] - oldest] = row["vs"]
    return found


def season(logs: np.ndarray, every: Every, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`Seasonal.beside`, where it is asked for once."""
    return Seasonal(logs, every).beside(tested)


class Seasonal:
    """The harmonics of the calendar's cycles in the rows of a field, made ready once to be fitted beside what is tested."""

    def __init__(self, logs: np.ndarray, every: Every) -> None:
        there = (~np.isnan(logs)).sum(axis=1)
        usable = sum((there >= length + 1).astype(int) for length, _ in CYCLES[every])
        self._shape = logs.shape
        self._parts = [
            (these, _Harmonics(logs[these], _waves(every, cycles, logs.shape[1], int(there[these].min()))))
            for cycles in range(1, len(CYCLES[every]) + 1)
            if len(these := np.flatnonzero(usable == cycles))
        ]

    def beside(self, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(season, price): what is fitted jointly with `tested` (a step, a line; one row for all series, or one each), and by
        how much that widens the variance of what is tested. Zero and one where a series is shorter than a cycle, or shows no
        season: the waves explain no more than four of five of noise would let them.
        """
        fitted, price = np.zeros(self._shape), np.ones(self._shape[0])
        for these, harmonics in self._parts:
            fitted[these], price[these] = harmonics.beside(tested[None] if tested.ndim == 1 else tested[these])
        return fitted, price


def _waves(every: Every, cycles: int, periods: int, known: int) -> np.ndarray:
    """Sines and cosines as columns; the higher harmonics only where two cycles are known."""
    at = np.arange(periods)
    waves = [
        turn(2 * np.pi * harmonic * at / length)
        for length, harmonics in CYCLES[every][:cycles]
        for harmonic in range(1, (harmonics if known >= 2 * length else 1) + 1)
        for turn in (np.sin, np.cos)
    ]
    return np.stack(waves, axis=1)


class _Harmonics:
    """Least squares on a level, waves and what is tested, row by row. Where no row has gaps, what belongs to the waves, and to
    what is tested in all rows alike, is one for all.
    """

    def __init__(self, logs: np.ndarray, waves: np.ndarray) -> None:
        there = (~np.isnan(logs)).astype(float)
        self._there = there[:1] if there.all() else there
        self._calm = np.nan_to_num(calmed(logs))
        self._waves, self._common = waves, np.concatenate([np.ones((len(waves), 1)), waves], axis=1)
        size = self._common.shape[1]
        squares = (self._common[:, :, None] * self._common[:, None, :]).reshape(len(waves), -1)
        self._gram = (self._there @ squares).reshape(-1, size, size)
        self._right = self._calm @ self._common
        self._whole = (self._calm**2).sum(axis=1)

    def beside(self, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `Seasonal.beside`; `tested` has one row, or one each."""
        gram = self._grams(tested)
        size = gram.shape[1] - 1
        of_tested = self._calm @ tested[0] if len(tested) == 1 else (self._calm * tested).sum(axis=1)
        right = np.concatenate([self._right, of_tested[:, None]], axis=1)
        inverse, alone = np.linalg.inv(gram), np.linalg.inv(gram[:, [[0], [size]], [0, size]])
        found = _each(inverse, right)
        explained = (found * right).sum(axis=1)
        without = right[:, [0, size]]
        by_waves = explained - (without * _each(alone, without)).sum(axis=1)
        left = self._whole - explained
        degrees = np.maximum(self._there.sum(axis=1) - size - 1, 1)
        some = by_waves * degrees > _usual_share(size - 1) * (size - 1) * np.maximum(left, 0)
        price = np.maximum(1.0, inverse[:, size, size] / alone[:, 1, 1])
        return np.where(some[:, None], found[:, 1:size] @ self._waves.T, 0), np.where(some, price, 1)

    def _grams(self, tested: np.ndarray) -> np.ndarray:
        marked = self._there * tested
        size = self._common.shape[1]
        gram = np.empty((len(marked), size + 1, size + 1))
        gram[:, :size, :size] = self._gram
        gram[:, size, :size] = gram[:, :size, size] = marked @ self._common
        gram[:, size, size] = (marked * tested).sum(axis=1)
        return gram + 1e-6 * np.eye(size + 1)


def _each(matrices: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The product of each row with its own symmetric matrix, or with the one of all."""
    return np.asarray(rows @ matrices[0] if len(matrices) == 1 else np.einsum("rij,rj->ri", matrices, rows))


def _usual_share(degrees: int) -> float:
    """What four of five of noise stay below: a chi square over its degrees of freedom (Wilson & Hilferty 1931)."""
    part = 2 / (9 * degrees)
    return float((1 - part + FOUR_OF_FIVE * math.sqrt(part)) ** 3)


def calmed(logs: np.ndarray) -> np.ndarray:
    """Each row around its median, its outliers brought in to where the others end."""
    around = logs - middle(logs)[:, None]
    spread = OUTLIER * MAD * middle(np.abs(around))[:, None]
    return np.asarray(np.clip(around, -spread, spread))


def resemblance(residuals: np.ndarray, field: np.ndarray | None = None) -> np.ndarray:
    """By how much each series' independent periods are fewer: 1 + 2r ÷ (1 − φ), r the lag-1 rank correlation of what is
    left and φ how fast the correlation of the `field` (all of its series; default the residuals) fades from one lag to the
    next. Where it fades as it begins, that is (1 + r) ÷ (1 − r); where noise lies on a slow movement it is more. The usual r
    is the least that a series is believed to have, as a short one does not know its own.
    """
    own = _correlations(residuals)
    usual = max(0.0, float(np.median(own[0])))
    r = np.clip(np.maximum(own[0], usual), 0, SLOWEST)
    fading = _fading(*(own if field is None else _correlations(field)))
    return np.asarray(1 + 2 * r / (1 - np.clip(np.maximum(r, fading), 0, SLOWEST)))


def lasting(residuals: np.ndarray) -> float:
    """The share that a field's periods usually pass on to the next ones; 0 where there is too little to see it."""
    if len(residuals) < PEERS:
        return 0.0
    relative = residuals if (common := in_common(residuals)) is None else residuals - common
    usual = float(np.median(_correlations(relative)[0]))
    return min(usual, SLOWEST) if usual > FADING else 0.0


def _fading(first: np.ndarray, second: np.ndarray) -> float:
    """What is left of a field's correlations from one lag to the next; 0 where there is too little to see it."""
    one, two = float(np.median(first)), float(np.median(second))
    return two / one if len(first) >= PEERS and one > FADING else 0.0


def _correlations(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The correlations of each row's ranks with those one and two columns before."""
    ranks = ranked(values)
    ranks -= np.nanmean(ranks, axis=1, keepdims=True)
    there = (~np.isnan(ranks)).sum(axis=1)
    return _alike(ranks, 1, there), _alike(ranks, 2, there)


def _alike(ranks: np.ndarray, lag: int, there: np.ndarray) -> np.ndarray:
    """The correlation of each row's centred ranks with those `lag` columns before, its bias in short series mended."""
    pairs = ranks[:, lag:] * ranks[:, :-lag]
    both = np.maximum((~np.isnan(pairs)).sum(axis=1), 1)
    r = np.nansum(pairs, axis=1) / both / np.maximum(np.nansum(ranks**2, axis=1) / np.maximum(there, 1), 1e-9)
    return np.asarray(r + (1 + 3 * r) / np.maximum(there, 8))


def lined(logs: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Level and slope along `x` of each row, by least squares."""
    there = ~np.isnan(logs)
    x = np.where(there, x, np.nan)
    x = x - np.nanmean(x, axis=1, keepdims=True)
    y = logs - np.nanmean(logs, axis=1, keepdims=True)
    slope = np.nansum(x * y, axis=1) / np.maximum(np.nansum(x**2, axis=1), 1e-9)
    return np.asarray(logs - y + slope[:, None] * x)


def separated(z: float, one: int, other: int, fewer: float) -> float:
    """The chance, one-sided, that so many values stand `z` deviations of Mann and Whitney's U above so many others.

    With few values in one of the groups it is counted out rather than taken from a normal curve, which ends too late for
    them. `fewer`: how many periods count as one.
    """
    p = beyond(z)
    out_of_order = round(one * other / 2 - z * math.sqrt(one * other * (one + other + 1) / 12))
    if p < COMMON and min(one, other) <= FEW and out_of_order <= COUNTED:
        from statistics import NormalDist

        p = min(p, counted(out_of_order, min(one, other), one + other))
        z = -NormalDist().inv_cdf(p) if p > 0 else math.inf
    return beyond(z / math.sqrt(fewer))


def counted(out_of_order: int, few: int, n: int) -> float:
    """The chance that at most so many pairs are out of order, where `few` of `n` stand on one side.

    The arrangements with s pairs out of order are the partitions of s into parts of at most `few` (no more than that, as
    the number of parts is bounded too).
    """
    ways = np.zeros(max(0, out_of_order) + 1)
    ways[0] = 1
    for part in range(1, few + 1):
        for pairs in range(part):
            ways[pairs::part] = np.cumsum(ways[pairs::part])
    every = math.lgamma(n + 1) - math.lgamma(few + 1) - math.lgamma(n - few + 1)
    return min(1.0, math.exp(math.log(float(ways.sum())) - every))


def step(logs: np.ndarray, every: Every, length: int, *, before: int, after: int) -> tuple[int, float]:
    """(column where the best step of one series' last `length` columns begins, how much better than any line it fits).

    Both beside a season, and both with a date, the line's being where it begins. Positive where the step is better: the
    difference of the two Bayesian information criteria.
    """
    columns = np.flatnonzero(~np.isnan(logs))
    inside = columns[columns >= len(logs) - length]
    dates = inside[before : len(inside) - after + 1]
    if not len(dates):
        return len(logs), -np.inf
    calm = logs[columns]
    calm[1:-1] = np.median(np.stack([calm[:-2], calm[1:-1], calm[2:]]), axis=0)  # a spike is neither step nor line
    steps = (columns[:, None] >= dates).astype(float)
    bends = len(logs) - np.array([*(back for back in LENGTHS if back < len(logs)), len(logs)])
    lines = np.maximum(0, columns[:, None] - bends).astype(float)
    level, waves = np.ones((len(columns), 1)), _known_waves(every, columns, len(logs))
    best, gain, left = _better(calm, level, steps, lines)
    if waves.shape[1]:
        beside = _better(calm, np.concatenate([level, waves], axis=1), steps, lines)
        degrees = (len(columns) - waves.shape[1]) / SMOOTHED
        if (left / max(beside[2], 1e-12) - 1) * degrees > _usual_share(waves.shape[1]) * waves.shape[1]:
            best, gain, _ = beside
    return int(dates[best]), len(columns) * gain


def _better(calm: np.ndarray, known: np.ndarray, steps: np.ndarray, lines: np.ndarray) -> tuple[int, float, float]:
    """(the best step, the logarithm of by how much it leaves less than the best line does, what the better one leaves),
    beside what is known."""
    basis = np.linalg.qr(known)[0]
    left, *tried = (found - basis @ (basis.T @ found) for found in (calm, steps, lines))
    by_step, by_line = ((left @ one) ** 2 / np.maximum((one**2).sum(axis=0), 1e-9) for one in tried)
    whole, best = float(left @ left), int(np.argmax(by_step))
    least = 1e-6 * whole + 1e-12
    step, line = (max(whole - float(one.max()), least) for one in (by_step, by_line))
    return best, math.log(line / step), min(step, line)


def _known_waves(every: Every, columns: np.ndarray, periods: int) -> np.ndarray:
    """The waves of as many cycles as so many values know, at these columns."""
    cycles = sum(len(columns) >= length + 1 for length, _ in CYCLES[every])
    return _waves(every, cycles, periods, len(columns))[columns] if cycles else np.empty((len(columns), 0))


def spearman(pair: np.ndarray) -> float:
    """The correlation of two rows' ranks."""
    first, second = (ranks - ranks.mean() for ranks in ranked(pair))
    return float(first @ second / max(1e-9, np.sqrt((first @ first) * (second @ second))))
