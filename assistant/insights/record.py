"""`record`: the highest ever, of a subject's own history or of all subjects.

Being the highest proves nothing, for something always is: what counts is by how much, in the tail of the series itself
(`chance.tail_margin`; Rényi 1953, Hill 1975) or among the deviations of its whole field (`baseline.apart`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import Apart, apart, either, series
from assistant.insights.chance import or_counted, tail_margin
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
    moment,
    names,
    rows,
    unit_of,
)  # fmt: skip
from assistant.insights.movement import histories
from assistant.models import Fact

HISTORY = 12  # periods below which "ever" says little
EVENT = 4  # periods around the highest that belong to the same event, and are no others to compare it with
_FIELD = """
WITH ordered AS (
  SELECT measure, level, dim, place, subject, v, n, t, row_number() OVER (PARTITION BY s ORDER BY v DESC, n) AS r
  FROM series WHERE measure IN {measures} AND subject IS NOT NULL)
SELECT measure, level, dim, place, list(v ORDER BY v DESC, n, subject) AS vs, list(n ORDER BY v DESC, n, subject) AS ns,
  list(t ORDER BY v DESC, n, subject) AS ts, list(subject ORDER BY v DESC, n, subject) AS subjects
FROM ordered WHERE r = 1 GROUP BY measure, level, dim, place HAVING count(*) >= $history
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """One finding a series whose highest period lies in the window, and one a field of subjects."""
    measures = listed(countable(table))
    sizes = Sizes(table, measures)
    own = list(histories(table, countable(table), window, HISTORY))
    field = table.engine.query(_FIELD.format(measures=measures), {"history": HISTORY})
    tests = len(own) + len(field["measure"])
    standing_out = apart(table, countable(table), window)
    for row in own:
        yield from _own(table, window, row, sizes, tests, standing_out[series(row)])
    for row in rows(field):
        yield from _field(table, window, row, tests)


def _own(table: Readable, window: Window, row: dict[str, Any], sizes: Sizes, tests: int, beside: Apart
         ) -> Iterator[Finding]:  # fmt: skip
    vs, ns, ts = np.array(row["vs"], dtype=float), np.array(row["ns"]), row["ts"]
    best = int(np.argmax(vs))
    if not window.oldest <= ns[best] <= window.newest or best == 0:
        return
    others = np.delete(vs, best)
    second = int(np.argmax(np.where(np.arange(len(vs)) == best, -np.inf, vs)))
    earlier = int(np.argmax(vs[:best]))
    grain = table.rounded_to.get(str(row["measure"]), 0)
    if vs[best] - others.max() <= grain or vs[best] <= 0:
        return
    told = float(np.mean(ns >= window.oldest))  # the chance of the highest to be one of those that are looked at
    margin = vs[best] / vs[second] - 1 if vs[second] > 0 else 1.0
    start = moment(ts[best])
    since = moment(ts[0])
    measure, subject, dim, place = names(row)
    yield Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(ns[best]), value=float(vs[best]),
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("periods", len(vs) - 1, UNITS[table.every]),
            measured(table, measure, "previous", vs[earlier]),
            day_fact("previous_date", last_day(moment(ts[earlier]), table.every)),
            day_fact("since", since),
            Fact("ratio", round(float(vs[best] / vs[earlier]), 2) if vs[earlier] > 0 else 0, "ratio"),
        ),
        params={"direction": "high", "scope": "own", "level": int(row["level"])},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place, order="2 DESC", limit=5),
        impact=sizes.share_below(measure, int(row["level"]), float(vs[best])),
        robustness=min(1.0, margin / 0.1),
        simplicity=1.0 if dim is None else 0.75,
        p=or_counted(either(told * tail_margin(vs[(np.abs(ns - ns[best]) > EVENT) | (ns == ns[best])], beside.heavy),
                            beside.chances.get(int(ns[best]), 1.0)),
                     told * len(vs), vs[best] / (grain or 1), float(np.median(others)) / (grain or 1)),
        tests=tests,
    )  # fmt: skip


def _field(table: Readable, window: Window, row: dict[str, Any], tests: int) -> Iterator[Finding]:
    vs, ns, ts = np.array(row["vs"], dtype=float), row["ns"], row["ts"]
    subjects: list[str] = list(row["subjects"])
    n = int(ns[0])
    measure, _, dim, place = names(row)
    grain = table.rounded_to.get(measure, 0)
    if not window.oldest <= n <= window.newest or vs[0] - vs[1] <= grain or vs[1] <= 0:
        return
    start = moment(ts[0])
    yield Finding(
        measure=measure, subject=subjects[0], dim=dim, place=place, start=start, end=start,
        age=window.newest - n, value=float(vs[0]), unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("among", len(vs), "titles"),
            measured(table, measure, "previous", vs[1]),
            Fact("previous_subject", subjects[1], "title"),
            day_fact("previous_date", last_day(moment(ts[1]), table.every)),
            Fact("ratio", round(float(vs[0] / vs[1]), 2), "ratio"),
        ),
        params={"direction": "high", "scope": "field", "level": int(row["level"])},
        evidence=evidence.select(table, measure, [], dim, place, order="3 DESC", limit=5),
        impact=1.0,
        robustness=min(1.0, (vs[0] / vs[1] - 1) / 0.1),
        simplicity=1.0 if dim is None else 0.75,
        p=tail_margin(vs),
        tests=tests,
    )  # fmt: skip
