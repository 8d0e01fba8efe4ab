"""How long runs get by chance: of being there, of being first, of rising, of staying above a level.

A coin is no good null: who was there last week is likely to be there this week, and every spring rises. So what a run is
compared with is the subject's own habit of going on, the season, and how much a period resembles the one before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from assistant.insights.baseline import Series, series
from assistant.insights.chance import MAD, upper_tail
from assistant.insights.kind import Window
from assistant.insights.movement import Field, resemblance, season, separated
from assistant.insights.ranks import ranked
from assistant.models import Every

PRIOR = 2  # so many chances to go on are believed to be like those of the others, at the least
MOST = 200  # and at the most
KNOWN, FIELD = 8, 8  # chances that make a subject's own habit known, and how many such subjects tell how they differ
GRID = 101  # points at which the first-order process of a rise is followed
SHORTEST, EARLIER = 10, 12  # periods above a level, and before them
BEFORE = 16  # periods beside a run that tell what is usual
SELDOM = 0.1  # the share of the earlier periods that may have reached the level too
OWN = 0.05  # a chance that the plain figures must be under, where the others decide


class Persistence:
    """The chance of runs of one field: how often each subject goes on, and how often subjects of the field usually do.

    How much the field's habit counts beside a subject's own is what the subjects differ by (a beta prior, by moments).
    """

    def __init__(self, runs: list[dict[str, Any]], window: Window) -> None:
        self._newest, self._looked_at = window.newest, window.newest - window.oldest
        self._habits: dict[Series, list[tuple[int, int]]] = defaultdict(list)
        for run in runs:
            self._habits[series(run)].append(self._habit(run))
        fields: defaultdict[Any, list[tuple[int, int]]] = defaultdict(list)
        for (names, level), habits in self._habits.items():
            fields[names[0], level, *names[2:]].append(_summed(habits))
        self._usual = {field: _prior(found) for field, found in fields.items()}

    def _habit(self, run: Mapping[str, Any]) -> tuple[int, int]:
        """How often a run went on, of how many times it could have."""
        went_on = int(run["length"]) - 1
        return went_on, went_on + (int(run["final"]) < self._newest)

    def chance(self, run: Mapping[str, Any]) -> float:
        """That a run of the subject that ends in the window gets as long as this one, by its others and the field's: it ends
        at the newest period or at one of those before, where it does not go on.
        """
        names, level = series(run)
        others = list(self._habits[names, level])
        others.remove(self._habit(run))
        usual, weight = self._usual[names[0], level, *names[2:]]
        went_on, could = _summed(others)
        stays = (went_on + weight * usual) / (could + weight)
        return min(1.0, (1 + self._looked_at * (1 - stays)) * stays ** (int(run["length"]) - 1))


def _summed(habits: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(went_on for went_on, _ in habits), sum(could for _, could in habits)


def _prior(habits: list[tuple[int, int]]) -> tuple[float, float]:
    """(the usual share, how many periods of one's own it is worth); a field of two or three does not know what is usual."""
    went_on, could = np.array([*habits, *[(PRIOR / 2, PRIOR)] * 3], dtype=float).T
    shares = (went_on + PRIOR / 4) / (could + PRIOR / 2)
    usual = float(np.median(shares))
    by_chance = usual * (1 - usual) / np.maximum(could, 1)
    known = could >= KNOWN
    if known.sum() < FIELD:
        return usual, PRIOR
    between = float(np.mean((shares[known] - usual) ** 2 - by_chance[known]))
    return usual, float(np.clip(usual * (1 - usual) / max(between, 1e-9) - 1, PRIOR, MOST))


def leading(field: Field, row: int, columns: range, window: Window) -> float:
    """The chance of a run of first places where nothing changed: who is ahead as often anyhow has long runs.

    In any order of the periods, of which a share p is first, a run of L ends p^L times at the newest of them, and (1 − p)·p^L
    times at each one before (Schilling 1990); L is fewer where periods resemble each other. The share is that of a normal
    curve of its leads over the best other, outside the run; where that is too little, how often it is ahead at all.
    """
    rows = np.stack([field.logs[row], field.beside[row]])
    others = np.delete(field.logs, row, axis=0)
    known = ~np.isnan(rows[0]) & ~np.isnan(others).all(axis=0)
    leads = rows[0][known] - np.nanmax(others[:, known], axis=0)
    inside = np.zeros(rows.shape[1], dtype=bool)
    inside[columns.start : columns.stop] = True
    outside = leads[~inside[known]]
    share = (float((leads >= 0).sum()) + 1) / (len(leads) + 2)
    if len(outside) >= max(BEFORE, len(columns)):
        share = upper_tail(-float(outside.mean()) / max(float(outside.std()), 1e-9), len(outside))
    left = rows - np.where(inside, _mean(rows, inside[None]), _mean(rows, ~inside[None]))
    length = max(1.0, len(columns) / float(min(resemblance(one[None])[0] for one in left)))
    return min(1.0, float((1 + (window.newest - window.oldest) * (1 - share)) * share**length))


def rising(field: Field, row: int, columns: range, every: Every, window: Window) -> float:
    """The chance that a series rises so many times in a row, wherever in the window that ends: a first-order autoregression
    around what the field and the season do there, with as much noise as the series has. Without season and resemblance,
    1 ÷ (L + 1)! for each end.
    """
    logs, beside = field.logs[row], field.beside[row]
    rise = np.clip(np.arange(len(logs)) - columns.start, 0, len(columns)) / len(columns)
    wave = season(beside[None], every, rise)[0][0]
    own = beside - wave
    usually = np.nan_to_num(logs - own)  # what the field and the season do
    outside = np.where((np.arange(len(own)) >= columns.start) & (np.arange(len(own)) <= columns.stop), np.nan, own)
    r, size = _resembling(outside if (~np.isnan(outside)).sum() >= BEFORE else own)
    climbs = np.lib.stride_tricks.sliding_window_view(np.diff(usually) / max(size, 1e-9), len(columns))
    climbs = climbs[-(window.newest - window.oldest + 1) :]
    return min(1.0, float(_all_rise(r, climbs).sum()))


def _resembling(own: np.ndarray) -> tuple[float, float]:
    """The lag-1 correlation of a series and the deviation of its noise, which its steps tell: no level change counts."""
    steps = np.diff(own)
    spread = MAD * float(np.nanmedian(np.abs(steps - np.nanmedian(steps))))
    f = float(resemblance(own[None])[0])
    r = (f - 1) / (f + 1)
    return r, spread / math.sqrt(2 * (1 - r))


def _all_rise(r: float, climbs: np.ndarray) -> np.ndarray:
    """The chance of each row that all its steps are upwards: its `climbs` (in deviations) come on top of the noise's own."""
    points = np.linspace(-4, 4, GRID)
    width = points[1] - points[0]
    mass = np.exp(-(points**2) / 2)
    mass = np.tile(mass / mass.sum(), (len(climbs), 1))
    ahead = np.exp(-((points[None] - r * points[:, None]) ** 2) / (2 * (1 - r**2)))
    ahead /= ahead.sum(axis=1, keepdims=True)
    for climb in climbs.T:
        up = np.clip((points[None, None] - points[None, :, None] + climb[:, None, None]) / width + 0.5, 0, 1)
        mass = np.einsum("ki,ij,kij->kj", mass, ahead, up)
    return np.asarray(mass.sum(axis=1))


@dataclass(frozen=True)
class Above:
    """One row of a field that has been at or above `level` for its last `length` columns, by chance `p`."""

    row: int
    length: int
    level: float
    p: float


def above(field: Field, every: Every) -> Iterator[Above]:
    """For each row the length over which the newest periods stand out best, where the level was seldom reached before."""
    beside = field.beside
    chosen = [(row, *found) for row in range(len(beside)) if (found := _longest(field.values[row])) is not None]
    if not chosen:
        return
    rows = np.array([row for row, *_ in chosen])
    later = np.arange(beside.shape[1]) >= beside.shape[1] - np.array([length for _, length, *_ in chosen])[:, None]
    wave, price = season(beside[rows], every, later.astype(float))
    calm = beside[rows] - wave
    left = calm - np.where(later, _mean(calm, later), _mean(calm, ~later))
    fewer = price * resemblance(left, beside)
    for at, (row, length, level, tried) in enumerate(chosen):
        there = ~np.isnan(calm[at])
        n = int(there.sum())
        ranks = ranked(calm[at : at + 1])[0]
        more = float(ranks[later[at] & there].sum()) - length * (n + 1) / 2
        z = more / math.sqrt(length * (n - length) * (n + 1) / 12)
        yield Above(row, length, level, min(1.0, tried * separated(z, length, n - length, float(fewer[at]))))


def _mean(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    marked = where & ~np.isnan(values)
    return np.asarray(np.where(marked, values, 0).sum(axis=1) / np.maximum(marked.sum(axis=1), 1))[:, None]


def _longest(values: np.ndarray) -> tuple[int, float, int] | None:
    """(length, level, lengths tried) of the newest periods that are least likely in any order of the row's values."""
    there = values[~np.isnan(values)]
    n, gaps = len(there), np.flatnonzero(np.isnan(values))
    unbroken = len(values) - (int(gaps[-1]) + 1 if len(gaps) else 0)
    lengths = np.arange(SHORTEST, min(unbroken, n // 2, n - EARLIER) + 1)
    if not len(lengths):
        return None
    levels = _rounded(np.minimum.accumulate(values[::-1])[lengths - 1])
    reached = n - np.searchsorted(np.sort(there), levels)
    seldom = reached - lengths <= SELDOM * (n - lengths)
    chances = np.where(seldom, _orders(reached, lengths) - _orders(np.full_like(lengths, n), lengths), 0)
    best = int(np.argmin(chances))
    if chances[best] > math.log(OWN / len(lengths)) or levels[best] <= 0:
        return None
    return int(lengths[best]), float(levels[best]), len(lengths)


def _rounded(levels: np.ndarray) -> np.ndarray:
    """Two digits, downwards: nobody says "at least 31,417"."""
    grain = 10 ** np.maximum(0, np.floor(np.log10(np.maximum(levels, 1))) - 1)
    return np.asarray(np.floor(levels / grain) * grain)


def _orders(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    """The logarithm of in how many ways k of n can be chosen."""
    factorial = _factorials(1 << int(n.max()).bit_length())
    return np.asarray(factorial[n] - factorial[k] - factorial[n - k])


@cache
def _factorials(most: int) -> np.ndarray:
    """The logarithms of 0! to `most`!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
