"""`together`: two subjects whose figures move together from period to period, or against each other.

Season and level are taken out, then what all subjects do at once, and of what is left the steps from one period to the next
are compared by Spearman's rank correlation (1904): two series that both rise all year do not move together for that. Steps
resemble the ones before, so that the common periods count for fewer (Bartlett 1935). Among the largest subjects, all pairs
are tests; each subject is told once, with the one that it follows most closely.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.insights import evidence
from assistant.insights.kind import UNITS, Finding, Readable, Sizes, Window, countable, listed, names
from assistant.insights.movement import HISTORY, Field, fields, season, spearman
from assistant.insights.ranks import ranked
from assistant.models import Fact

LARGEST = 400  # subjects of a measure that are compared
ROUGH = 0.1  # by how much a correlation may be off where rows have gaps
BACK = 104  # periods that are compared
LEAST = 20  # common steps below which nobody can tell
CLOSE = 0.6  # a looser connection is not worth a word
SAME = 0.999  # a closer one is one thing under two names
HALF = 0.4  # what it has to be in either half of the periods


@dataclass(frozen=True)
class Pair:
    """Two rows of a field, how closely they move, over how many common steps, in how many of them alike, by chance p."""

    rows: tuple[int, int]
    rho: float
    steps: int
    alike: int
    p: float


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """The closest pairs, no subject twice."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    found: list[tuple[Field, Pair]] = []
    tests = 0
    for field in fields(table, measures, window, back=HISTORY[table.every], least=LEAST + 1):
        if int(field.heads[0]["level"]) == 1:
            steps, largest = _steps(table, field)
            tests += len(largest) * (len(largest) - 1) // 2
            found += [(field, pair) for pair in _pairs(steps, largest)]
    for field, pair in found:
        yield _finding(table, window, field, pair, sizes, tests)


def _steps(table: Readable, field: Field) -> tuple[np.ndarray, np.ndarray]:
    """The steps of what is a row's own, and the rows of the largest subjects that are still there."""
    logs = field.logs
    calm = logs - season(logs, table.every, np.linspace(0, 1, logs.shape[1]))[0]
    own = field.relative(calm)
    steps = np.diff((calm if own is None else own)[:, -BACK - 1 :], axis=1)
    there = np.flatnonzero(~np.isnan(field.values[:, -1]) & ((~np.isnan(steps)).sum(axis=1) >= LEAST))
    totals = np.nansum(field.values[there, -BACK:], axis=1)
    return steps, np.sort(there[np.argsort(-totals, kind="stable")[:LARGEST]])


def _pairs(steps: np.ndarray, largest: np.ndarray) -> list[Pair]:
    """The closest pair of each subject, where both agree."""
    near = [largest[list(both)] for both in _near(steps[largest])]
    found = [pair for rows in near if (pair := _pair(steps[rows], (int(rows[0]), int(rows[1])))) is not None]
    told: list[Pair] = []
    for pair in sorted(found, key=lambda pair: (pair.p, -abs(pair.rho), pair.rows)):
        if not any(set(pair.rows) & set(earlier.rows) for earlier in told):
            told.append(pair)
    return told


def _near(steps: np.ndarray) -> Iterator[tuple[int, int]]:
    """The pairs worth a look: all correlations at once, by each row's own ranks, gaps left out."""
    there = (~np.isnan(steps)).astype(float)
    ranks = ranked(steps)
    ranks = np.nan_to_num(ranks - np.nanmean(ranks, axis=1, keepdims=True))
    both, squares = ranks @ ranks.T, (ranks**2) @ there.T
    rho = both / np.sqrt(np.maximum(squares * squares.T, 1e-9))
    first, second = np.nonzero(np.triu(np.abs(rho) >= CLOSE - ROUGH, 1))
    yield from zip(first.tolist(), second.tolist(), strict=True)


def _pair(steps: np.ndarray, rows: tuple[int, int]) -> Pair | None:
    """How closely two rows of steps move, if they do; in either half, and without being one and the same."""
    common = steps[:, ~np.isnan(steps).any(axis=0)]
    n = common.shape[1]
    if n < LEAST:
        return None
    rho = spearman(common)
    if not CLOSE <= abs(rho) <= SAME:
        return None
    if min(spearman(half) * np.sign(rho) for half in np.array_split(common, 2, axis=1)) < HALF:
        return None
    alike = int((np.sign(common[0]) == np.sign(common[1]) * np.sign(rho)).sum())
    return Pair(rows, rho, n, alike, _chance(common, rho))


def _chance(steps: np.ndarray, rho: float) -> float:
    """Two-sided, by Student's t; common steps count for fewer where both rows resemble themselves a step later."""
    from scipy.special import stdtr

    first, second = (spearman(np.stack([row[1:], row[:-1]])) for row in steps)
    itself = min(0.9, max(0.0, first * second))
    freedom = max(3.0, steps.shape[1] * (1 - itself) / (1 + itself) - 2)
    return float(2 * stdtr(freedom, -abs(rho) * np.sqrt(freedom / (1 - rho**2))))


def _finding(table: Readable, window: Window, field: Field, pair: Pair, sizes: Sizes, tests: int) -> Finding:
    values = field.values[list(pair.rows), -BACK - 1 :]
    first, second = pair.rows if np.nansum(values[0]) >= np.nansum(values[1]) else pair.rows[::-1]
    measure, subject, dim, place = names(field.heads[first])
    other = str(field.heads[second]["subject"])
    both = np.flatnonzero(~np.isnan(values).any(axis=0)) - values.shape[1]
    percent = round(100 * pair.rho)
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=field.start(int(both[0])), end=field.start(-1),
        age=window.newest - field.newest, value=percent, unit="percent",
        facts=(
            Fact("other", other, "title"),
            Fact("rho", percent, "percent"),
            Fact("periods", pair.steps, UNITS[table.every]),
            Fact("alike", pair.alike, UNITS[table.every]),
        ),
        params={"other": other, "direction": "with" if pair.rho > 0 else "against", "level": 1},
        evidence=evidence.select(table, measure, [str(subject), other], dim, place),
        impact=sizes.share_below(measure, 1, float(np.nanmedian(values))),
        robustness=min(1.0, (abs(pair.rho) - CLOSE) / 0.2 + 0.25),
        simplicity=0.6,
        p=pair.p,
        tests=tests,
    )  # fmt: skip
