"""`debut`: the best first period of all that began since the table does.

Some debut is always the best: what is tested is by how much (`chance.lead` over all first periods of the field; Rényi 1953,
Gibrat 1931). A subject that is there in the table's first period, in the first one after a gap in the table, or so soon
that it may only have been away, may have begun before: that is no debut.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.chance import LEAST, lead
from assistant.insights.kind import (
    Finding,
    Readable,
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
from assistant.models import Fact

AMONG = LEAST  # first periods below which the best is none
AWAY = 0.05  # the chance to be away so long that one had begun before, as often as the field's subjects are away
# `born` looks at all measures: one that is measured later has no debut then
_DEBUTS = """
WITH starts AS (SELECT s, min(n) AS n, max(n) AS final, count(*) AS periods FROM points GROUP BY s),
firsts AS (
  SELECT heads.s AS s, f, measure, level, dim, place, subject, n,
    min(n) OVER (PARTITION BY level, dim, place, subject) AS born, min(n) OVER (PARTITION BY f) AS begun,
    1.0 - 1.0 * sum(periods) OVER (PARTITION BY f) / sum(final - n + 1) OVER (PARTITION BY f) AS away
  FROM starts JOIN heads ON heads.s = starts.s WHERE subject IS NOT NULL),
debuts AS (
  SELECT * FROM firsts WHERE measure IN {measures} AND n = born AND n > begun AND power(away, n - begun) <= $away),
there AS (
  SELECT DISTINCT f, n FROM points JOIN heads ON heads.s = points.s
  WHERE subject IS NOT NULL AND f IN (SELECT f FROM debuts)),
told AS (
  SELECT debuts.*, t, v FROM debuts JOIN points ON points.s = debuts.s AND points.n = debuts.n
  JOIN there ON there.f = debuts.f AND there.n = debuts.n - 1 WHERE v > 0)
SELECT measure, level, dim, place, list(v ORDER BY v DESC, n, subject) AS vs, list(n ORDER BY v DESC, n, subject) AS ns,
  list(t ORDER BY v DESC, n, subject) AS ts, list(subject ORDER BY v DESC, n, subject) AS subjects
FROM told GROUP BY measure, level, dim, place HAVING count(*) >= $least ORDER BY measure, level, dim, place
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """One finding a field of subjects, where its best debut lies in the window."""
    found = list(
        rows(table.engine.query(_DEBUTS.format(measures=listed(countable(table))), {"least": AMONG, "away": AWAY}))
    )
    for row in found:
        yield from _finding(table, window, row, len(found))


def _finding(table: Readable, window: Window, row: dict[str, Any], tests: int) -> Iterator[Finding]:
    vs, n = np.array(row["vs"], dtype=float), int(row["ns"][0])
    best, second = str(row["subjects"][0]), str(row["subjects"][1])
    measure, _, dim, place = names(row)
    if not window.oldest <= n <= window.newest or vs[0] - vs[1] <= table.rounded_to.get(measure, 0):
        return
    start = moment(row["ts"][0])
    yield Finding(
        measure=measure, subject=best, dim=dim, place=place, start=start, end=start,
        age=window.newest - n, value=float(vs[0]), unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("among", len(vs), "titles"),
            measured(table, measure, "previous", vs[1]),
            Fact("previous_subject", second, "title"),
            day_fact("previous_date", last_day(moment(row["ts"][1]), table.every)),
            Fact("ratio", round(float(vs[0] / vs[1]), 2), "ratio"),
        ),
        params={"direction": "high", "level": int(row["level"])},
        evidence=evidence.select(table, measure, [best, second], dim, place),
        impact=1 - 1 / len(vs),
        robustness=min(1.0, float(vs[0] / vs[1] - 1) / 0.1),
        simplicity=1.0 if dim is None else 0.75,
        p=lead(vs),
        tests=tests,
    )  # fmt: skip
