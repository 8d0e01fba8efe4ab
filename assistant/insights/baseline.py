"""What a period is compared with: the same season before, what all subjects did at once, and how much it usually varies.

A field's periods are told apart by how many of its own usual deviations each is away, so that the tail of all series
together says what a field of that sort does by chance (`chance.outstanding`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.insights.chance import MAD, heaviness, outstanding, straightened, top_spacing
from assistant.insights.kind import Readable, Window, names
from assistant.insights.movement import Field, fields, lasting
from assistant.insights.ranks import middle
from assistant.models import Every

Series = tuple[tuple[str, str | None, str | None, str | None], int]

CYCLE: dict[Every, int] = {"hour": 168, "day": 7, "week": 52, "month": 12}
BACK: dict[Every, int] = {"hour": 168 * 9, "day": 730, "week": 520, "month": 240}  # periods of history that are read
CYCLES = 8  # as many periods of the same season are looked at; half of them must be there
TRAILING = 26  # where the season is not known, so many periods before
LEAST = 8  # of which so many must be there
HISTORY = 12  # values below which a series does not know its own spread
PEERS = 5  # fewer subjects have no movement in common that one could tell from their own
FLAT = 0.01  # no series is believed to vary less than by one percent
EVENT = 4  # periods around a peak that belong to the same event
CARRIED = 3  # periods before that tell what goes on
FIELD = 0.8  # the weight of the field against that of the series itself
OTHERS = 3  # so many other events of a series may be left out of that
OWN = 0.1  # it must be remarkable for its own series too, not for the field alone


@dataclass(frozen=True)
class Peak:
    """One cell of a field that stands out: its row, its column, and the chance of it."""

    row: int
    column: int
    p: float


@dataclass(frozen=True)
class Expected:
    """A field, the logarithms that one would have expected, and how many deviations each period is away from them."""

    field: Field
    logs: np.ndarray
    scores: np.ndarray


def expected(table: Readable, measures: list[str], window: Window) -> list[Expected]:
    """Each field beside what is usual in it; read once a run."""
    key = ("expected", *measures)
    if key not in window.read:
        window.read[key] = [
            _expected(table, field)
            for field in fields(table, measures, window, back=BACK[table.every], least=2 * HISTORY)
        ]
    found: list[Expected] = window.read[key]
    return found


def _expected(table: Readable, field: Field) -> Expected:
    logs = np.log(np.where(field.values > 0, field.values, np.nan))
    usually = usual(logs, table.every)
    return Expected(field, usually, deviations(_new(logs - usually)))


def _new(residuals: np.ndarray) -> np.ndarray:
    """Residuals without what the periods before let one expect, where the field's remember: the middle of the last three, as
    much of it as one period usually passes on to the next. One spike among them does not count."""
    if residuals.shape[1] <= CARRIED:
        return residuals
    passed_on = lasting(residuals[(~np.isnan(residuals)).sum(axis=1) >= HISTORY])
    before = np.stack(
        [np.pad(residuals, ((0, 0), (lag, 0)), constant_values=np.nan)[:, :-lag] for lag in range(1, CARRIED + 1)]
    )
    expected = middle(before.reshape(CARRIED, -1).T).reshape(residuals.shape)
    return np.asarray(residuals - passed_on * np.nan_to_num(expected))


@dataclass(frozen=True)
class Apart:
    """The periods (by their numbers) of a series that stand out of its field upwards and downwards, with their chances; and
    how heavy the upper tail of the field is."""

    chances: dict[int, float]
    lows: dict[int, float]
    heavy: float


def apart(table: Readable, measures: list[str], window: Window) -> Mapping[Series, Apart]:
    """What stands out of each series' field.

    What is small for a whole field is the smaller for each of its series (Bonferroni): the chances are one series'.
    """
    key = ("apart", *measures)
    if key not in window.read:
        found: defaultdict[Series, Apart] = defaultdict(lambda: Apart({}, {}, 0.0))
        for one in expected(table, measures, window):
            known = one.scores[~np.isnan(one.scores)]
            heavy = heaviness(straightened(known, known))
            for head in one.field.heads:
                found[series(head)] = Apart({}, {}, heavy)
            for sign in (1, -1):
                for peak in peaks(sign * one.scores, window.oldest - one.field.oldest):
                    beside = found[series(one.field.heads[peak.row])]
                    periods = beside.chances if sign > 0 else beside.lows
                    periods[one.field.oldest + peak.column] = peak.p / len(one.field.heads)
        window.read[key] = found
    told: Mapping[Series, Apart] = window.read[key]
    return told


def series(row: Mapping[str, Any]) -> Series:
    """What tells a row's series from all others."""
    return names(row), int(row["level"])


def either(own: float, in_field: float) -> float:
    """The chance of what was looked at in two ways (Bonferroni, most weight on the field, which knows more)."""
    return min(1.0, own / (1 - FIELD), in_field / FIELD)


def usual(logs: np.ndarray, every: Every, share: float = 1.0) -> np.ndarray:
    """What each period could be expected to be from those before it: the median of the same season's where the table is long
    enough to know, else of the last ones; NaN where too few were there.

    `share`: how much of that history is looked at; half of it, to see whether a claim rests on how far one looks.
    """
    found = np.full(logs.shape, np.nan)
    cycle, periods = CYCLE[every], logs.shape[1]
    seasonal = periods >= cycle * CYCLES // 2 + max(cycle * 2, 2 * HISTORY)
    step, back = (cycle, cycle * int(CYCLES * share)) if seasonal else (1, int(TRAILING * share))
    for at in range(1, periods):
        first = at - back if at >= back else at % step
        found[:, at] = _median_of(logs[:, first:at:step], CYCLES // 2 if seasonal else LEAST)
    return found


def _median_of(values: np.ndarray, least: int) -> np.ndarray:
    if values.shape[1] < least:
        return np.full(len(values), np.nan)
    return np.where((~np.isnan(values)).sum(axis=1) >= least, middle(values), np.nan)


def unseasoned(moves: np.ndarray, every: Every) -> np.ndarray:
    """Moves without what the same hour, weekday, week or month usually does, where enough cycles are known."""
    cycle, periods = CYCLE[every], moves.shape[1]
    if periods < cycle * CYCLES:
        return moves
    usually = np.stack([_median_of(moves[:, phase::cycle], CYCLES) for phase in range(cycle)], axis=1)
    usually = np.where(np.isnan(usually), 0, usually)
    return np.asarray(moves - np.tile(usually, periods // cycle + 1)[:, :periods])


def deviations(residuals: np.ndarray) -> np.ndarray:
    """Residuals without what the field does at once, in robust standard deviations of their own series."""
    there = (~np.isnan(residuals)).sum(axis=0)
    common = np.where(there >= PEERS, middle(residuals.T), 0) if residuals.size else np.zeros(0)
    own = residuals - common
    own = own - middle(own)[:, None]
    known = (~np.isnan(own)).sum(axis=1) >= HISTORY
    if not known.any():
        return np.full(residuals.shape, np.nan)
    return np.where(known[:, None], own / _spread(own, known)[:, None], np.nan)


def _spread(own: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The robust standard deviation of each row; the less it is known, the nearer to the field's (Smyth 2004)."""
    logs = np.log(np.maximum(MAD * middle(np.abs(own)), FLAT))
    field = float(np.median(logs[known]))
    doubt = 1.35 / np.maximum((~np.isnan(own)).sum(axis=1), 1)  # the variance of the logarithm of an estimate
    between = max(0.0, (MAD * float(np.median(np.abs(logs[known] - field)))) ** 2 - float(np.median(doubt[known])))
    return np.asarray(np.exp(field + (logs - field) * between / (between + doubt)))


def peaks(scores: np.ndarray, first: int) -> Iterator[Peak]:
    """The cells from column `first` on that stand out of their own series and of the field, the highest of each event.

    All columns tell what chance does; what is looked at is a share of them only.
    """
    straight = straightened(scores, scores[~np.isnan(scores)])
    alone = _highest_around(straight)
    rows, columns = np.nonzero(~np.isnan(alone))
    share = float((columns >= first).sum() / max(1, len(columns)))
    for at, p in outstanding(alone[rows, columns], share=share, heavy=heaviness(straight[~np.isnan(straight)])):
        row, column = int(rows[at]), int(columns[at])
        if p < 1 and column >= first and scores[row, column] > 0 and _remarkable(straight[row], column):
            yield Peak(row, column, p)


def _remarkable(own: np.ndarray, column: int) -> bool:
    """Whether it leads the lower values of its own series, those of the same event left out; a few other events may stand
    beside it, at a price."""
    others = np.delete(own, np.arange(max(0, column - EVENT), column + EVENT + 1).clip(max=len(own) - 1))
    lower = np.sort(others[others < own[column]])
    beside = range(min(OTHERS, len(lower)) + 1)
    return any(top_spacing(np.append(lower[: len(lower) - few], own[column])) <= OWN / (few + 1) for few in beside)


def _highest_around(scores: np.ndarray) -> np.ndarray:
    """NaN where a period within the same event is higher: an event counts once."""
    filled = np.where(np.isnan(scores), -np.inf, scores)
    keep = ~np.isnan(scores)
    for lag in range(1, min(EVENT, scores.shape[1] - 1) + 1):
        keep[:, lag:] &= filled[:, lag:] >= filled[:, :-lag]
        keep[:, :-lag] &= filled[:, :-lag] > filled[:, lag:]
    return np.where(keep, scores, np.nan)
