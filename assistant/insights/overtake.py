"""`overtake`: one subject passes another that had been ahead for long, and is ahead still.

A fact without a test; it must be rare: the other was ahead so often that two equals would not be, and the lead is no flicker:
far from what was usual between the two, from what it was lately by their usual steps, or from all that it ever was (logarithms of
their ratio). Further down more pairs meet, so that it takes more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import BACK
from assistant.insights.chance import MAD, top_spacing, upper_tail
from assistant.insights.kind import (
    UNITS,
    Finding,
    Readable,
    Sizes,
    Window,
    countable,
    day_fact,
    last_day,
    listed,
    measured,
    names,
    unit_of,
)  # fmt: skip
from assistant.insights.movement import Field, fields
from assistant.models import Fact

LEAST = 6  # meetings in a row, or more, that the other was ahead
CHANCE = 0.05  # of two equals one is behind k times running once in 2^k: over all pairs that met, this must be rarer
FLICKERS = (
    0.1  # so many leads as large may be expected of all pairs at least as high up, in the periods that are looked at
)
AHEAD = 0.05  # by how much it must be ahead now, so that a rounding does not turn it back
TOP, LARGE = 40, 20  # only among the largest of a period: passing the last but one is no news
LATELY = 4  # meetings that tell how far behind it was at the end
LEVEL = 0.02  # no two are believed to keep their distance more closely


@dataclass(frozen=True)
class Passing:
    """One row of a field that passed another at a column, after so many meetings behind; where it was ahead last, if ever."""

    row: int
    other: int
    column: int
    behind: int
    last_ahead: int | None


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """One finding a subject and place: the passing of the largest that had been waited for the longest."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    found: list[tuple[Field, Passing]] = []
    tests = 0
    for field in fields(table, measures, window, back=BACK[table.every], least=LEAST + 1):
        if int(field.heads[0]["level"]) in (1, 3):
            columns = range(max(LEAST, window.oldest - field.oldest), field.values.shape[1])
            for column in columns:
                largest = _largest(field.values[:, column])
                tests += len(largest) * (len(largest) - 1) // 2
                found += [(field, one) for one in _passings(field, column, largest, len(columns))]
    kept = [(field, one) for field, one in found if 0.5**one.behind * tests <= CHANCE]
    waits = np.sort([one.behind for _, one in kept])
    for field, one in _best(kept):
        rarity = float((waits >= one.behind).mean())
        yield _finding(table, field, one, rarity, sizes)


def _largest(values: np.ndarray) -> np.ndarray:
    """The rows of the largest values of a period, the largest first."""
    order = np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")[:TOP]
    return np.asarray(order[~np.isnan(values[order])])


def _passings(field: Field, column: int, largest: np.ndarray, columns: int) -> Iterator[Passing]:
    values = field.values
    now, before = values[largest, column], values[largest, column - 1]
    ahead = now[:LARGE, None] >= (1 + AHEAD) * now[None]
    was_behind = ~(before[:LARGE, None] > before[None])  # or not there: then the meeting before tells
    for at, against in np.argwhere(ahead & was_behind).tolist():
        chance = FLICKERS / (columns * against * (against + 1) / 2)
        if (one := _passing(field, int(largest[at]), int(largest[against]), column, chance)) is not None:
            yield one


def _passing(field: Field, row: int, other: int, column: int, chance: float) -> Passing | None:
    """The passing, if the other was ahead in so many meetings before, the lead is no flicker by that chance, and it lasts."""
    leads = field.logs[row] - field.logs[other]
    met = np.flatnonzero(~np.isnan(leads))
    at = int(np.searchsorted(met, column))
    earlier, lead = leads[met[:at]], leads[column]
    were_ahead = np.flatnonzero(field.values[row, met[:at]] > field.values[other, met[:at]])
    behind = at - (int(were_ahead[-1]) + 1 if len(were_ahead) else 0)
    if behind < LEAST or leads[met[-1]] <= 0:
        return None
    if _flickers(earlier, lead) > chance:
        return None
    return Passing(row, other, column, behind, int(met[were_ahead[-1]]) if len(were_ahead) else None)


def _flickers(earlier: np.ndarray, lead: float) -> float:
    """The chance of such a lead: by how far it is from the usual one or from the best of late by their usual steps, in robust
    deviations, or by how it stands out of all that there were; for having looked in three ways."""
    usually, steps = (one - np.median(one) for one in (earlier, np.diff(earlier)))
    spread, step = (max(LEVEL, MAD * float(np.median(np.abs(one)))) for one in (usually, steps))
    away = max((lead - float(np.median(earlier))) / spread, (lead - float(earlier[-LATELY:].max())) / step)
    alone = top_spacing(np.append(earlier, lead)) / (len(earlier) + 1) if lead > earlier.max() else 1.0
    return 3 * min(upper_tail(away, 2 * len(earlier)), alone)


def _best(found: list[tuple[Field, Passing]]) -> list[tuple[Field, Passing]]:
    """For each subject of a field the passing of the largest other."""
    best: dict[tuple[int, int], tuple[Field, Passing]] = {}
    for field, one in found:
        key = (id(field), one.row)
        if key not in best or _weight(field, one) > _weight(*best[key]):
            best[key] = (field, one)
    return list(best.values())


def _weight(field: Field, one: Passing) -> tuple[float, int]:
    return float(field.values[one.other, one.column]), one.behind


def _finding(table: Readable, field: Field, one: Passing, rarity: float, sizes: Sizes) -> Finding:
    measure, subject, dim, place = names(field.heads[one.row])
    level, other = int(field.heads[one.row]["level"]), str(field.heads[one.other]["subject"])
    value, passed = (float(field.values[row, one.column]) for row in (one.row, one.other))
    start = field.start(one.column)
    known = [] if one.last_ahead is None else [day_fact("since", last_day(field.start(one.last_ahead), table.every))]
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=field.newest - field.oldest - one.column, value=value, unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("other", other, "title"),
            measured(table, measure, "other_value", passed),
            measured(table, measure, "gap", value - passed),
            Fact("behind", one.behind, UNITS[table.every]),
            *known,
        ),
        params={"other": other, "level": level},
        evidence=evidence.select(table, measure, [str(subject), other], dim, place),
        impact=sizes.share_below(measure, level, value),
        robustness=min(1.0, (value / passed - 1) / 0.2) if passed > 0 else 1.0,
        simplicity=0.9 if dim is None else 0.6,
        rarity=rarity,
    )  # fmt: skip
