"""`one_of_few`: one of only so many that reach its figures on two measures together, in the newest period.

Among all that are not first in either: those whom at most three, themselves included, equal on both (a skyband; Wu et al.,
“On ‘one of the few’ objects”, KDD 2012). A fact without a test, so that it must be rare: near the top of both, few of many,
and of two measures that do not say the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePath
from typing import Any

import numpy as np

from assistant.insights.evidence import name, text
from assistant.insights.kind import (
    Finding,
    Readable,
    Sizes,
    Window,
    countable,
    listed,
    measured,
    moment,
    names,
    rows,
    unit_of,
)  # fmt: skip
from assistant.insights.movement import spearman
from assistant.models import Fact

FEW = 3
FIELD = {1: 8, 3: 20}  # subjects of a level of which few is few
RARE = 0.25  # the share of subjects that may reach it
UPPER = 4  # it must be among the first quarter on both, or the first three
SAME = 0.99  # measures whose ranks are closer say one thing
STEP = 0.98  # what its figures are multiplied by to see whether the claim hangs on a hair
_BOTH = """
WITH now AS (
  SELECT measure, level, coalesce(dim, '') AS dim, coalesce(place, '') AS place, subject, alone, t, v
  FROM series WHERE n = $newest AND level IN (1, 3) AND subject IS NOT NULL AND measure IN ($one, $other))
SELECT a.level, nullif(a.dim, '') AS dim, nullif(a.place, '') AS place, min(a.t) AS t,
  list(a.subject ORDER BY a.subject) AS subjects, list(a.alone ORDER BY a.subject) AS alone,
  list(a.v ORDER BY a.subject) AS vs, list(b.v ORDER BY a.subject) AS ws
FROM now AS a JOIN now AS b
  ON a.level = b.level AND a.dim = b.dim AND a.place = b.place AND a.subject = b.subject
WHERE a.measure = $one AND b.measure = $other
GROUP BY a.level, a.dim, a.place ORDER BY a.level, a.dim, a.place
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """For each two measures: one a number of equals over everything, and the one without an equal in a place."""
    measures = sorted(countable(table), key=lambda one: table.source.measures[one].counts not in _PEOPLE)
    sizes = Sizes(table, listed(measures))
    for one, other in combinations(measures, 2):
        options = {"newest": window.newest, "one": one, "other": other}
        for row in rows(table.engine.query(_BOTH, options)):
            row["measure"] = one
            values = np.array([row["vs"], row["ws"]], dtype=float)
            if values.shape[1] >= FIELD[int(row["level"])] and spearman(values) < SAME:
                for at, few in _chosen(table, row, other, values):
                    yield _finding(table, row, other, values, at, few, sizes)


def _chosen(table: Readable, row: dict[str, Any], other: str, values: np.ndarray) -> Iterator[tuple[int, int]]:
    """(subject, how many reach its figures): for each number the highest, in a place only where it has no equal."""
    grains = np.array([[table.rounded_to.get(one, 0)] for one in (str(row["measure"]), other)])
    places = np.stack([_places(line, grain) for line, grain in zip(values, grains[:, 0], strict=True)])
    here = int(row["level"]) == 3
    high = ((places > 1) & (places <= max(FEW, values.shape[1] // UPPER)) & (values > 0)).all(axis=0)
    best: dict[int, tuple[int, int]] = {}
    for at in np.flatnonzero(high & ~(np.array(row["alone"], dtype=bool) & here)).tolist():
        few = _reached(values, values[:, at] - grains[:, 0])
        if few <= (1 if here else FEW) and few <= RARE * values.shape[1]:
            best[few] = min(best.get(few, (values.shape[1], at)), (int(places[:, at].max()), at))
    yield from ((at, few) for few, (_, at) in sorted(best.items()))


def _places(line: np.ndarray, grain: float) -> np.ndarray:
    """The place of each value, 1 the highest; what is within the grain stands in one place."""
    return np.asarray(len(line) - np.searchsorted(np.sort(line), line + grain, side="right") + 1)


def _reached(values: np.ndarray, least: np.ndarray) -> int:
    """How many have at least so much of both."""
    return int((values >= least[:, None]).all(axis=0).sum())


def _finding(
    table: Readable, row: dict[str, Any], other: str, values: np.ndarray, at: int, few: int, sizes: Sizes
) -> Finding:
    measure, _, dim, place = names(row)
    subject, level, among = str(row["subjects"][at]), int(row["level"]), values.shape[1]
    first, second = (float(value) for value in values[:, at])
    start, declared = moment(row["t"]), table.source.measures
    people = int(second) if declared[other].counts in _PEOPLE and declared[measure].counts in _PEOPLE else None
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start, age=0, value=first,
        unit=unit_of(declared[measure], measure),
        facts=(
            measured(table, other, "second", second),
            Fact("few", few, "titles"),
            Fact("among", among, "titles"),
        ),
        params={"other_measure": other, "few": few, "level": level},
        evidence=_evidence(table, (measure, other), dim, place),
        impact=min(sizes.share_below(measure, level, first), sizes.share_below(other, level, second)),
        robustness=_shaken(_reached(values, values[:, at] * STEP), few),
        simplicity=0.6 if dim is None else 0.4,
        rarity=few / among,
        people=None if people is None else min(people, int(first)),
    )  # fmt: skip


def _shaken(reached: int, few: int) -> float:
    """Nothing where a step lower more than a few would reach it too."""
    return 1.0 if reached <= few else 0.4 * (reached <= FEW)


def _evidence(table: Readable, measures: tuple[str, str], dim: str | None, place: str | None) -> str:
    source = table.source
    time, subject = name(source.time.column) if source.time else "NULL", name(source.subject or "NULL")
    shown = ", ".join(
        f"{_TOTALS.get(source.measures[one].total or 'sum', 'sum')}({name(one)}) AS {name(one)}" for one in measures
    )
    where = f"\nWHERE {name(dim)} = {text(place)}" if dim and place is not None else ""
    return (
        f"SELECT {time}, {subject}, {shown}\nFROM {text(PurePath(source.path).name)}{where}\n"
        f"GROUP BY {time}, {subject}\nORDER BY 1 DESC, 3 DESC, 4 DESC"
    )


_PEOPLE = ("people", "profiles", "households")
_TOTALS = {"mean": "avg", "min": "min", "max": "max", "last": "max"}
