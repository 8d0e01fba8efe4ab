"""`dominance`: one subject's share of the whole in the newest period, a quarter or more, far ahead of the others.

The "outstanding first" of QuickInsights (Ding et al., SIGMOD 2019): all but the first say how sizes fall off, and the first
has to lead by more than that. Here sizes are taken for lognormal (Gibrat 1931), and the lead over the second is tested by the
gaps further in (`chance.lead`; Rényi 1953). Only measures that may be added up have a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.chance import LEAST, lead
from assistant.insights.kind import Finding, Readable, Window, listed, measured, moment, names, rows, summed, unit_of
from assistant.models import Fact

SHARE = 0.25
STEP = 0.01  # it has to be so where a little more is asked for, too
_NEWEST = """
SELECT measure, level, dim, place, list(v ORDER BY v DESC, subject) AS vs, list(subject ORDER BY v DESC, subject) AS subjects,
  min(t) AS t
FROM series WHERE measure IN {measures} AND subject IS NOT NULL AND n = $newest
GROUP BY measure, level, dim, place HAVING count(*) >= $least AND min(v) >= 0 ORDER BY measure, level, dim, place
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a field: its first of the newest period."""
    options = {"newest": window.newest, "least": LEAST}
    found = list(rows(table.engine.query(_NEWEST.format(measures=listed(summed(table))), options)))
    for row in found:
        yield from _finding(table, row, len(found))


def _finding(table: Readable, row: dict[str, Any], tests: int) -> Iterator[Finding]:
    vs = np.array(row["vs"], dtype=float)
    measure, _, dim, place = names(row)
    share = float(vs[0] / vs.sum()) if vs[0] > 0 else 0.0
    if share < SHARE or vs[0] - vs[1] <= table.rounded_to.get(measure, 0):
        return
    first, second, start = str(row["subjects"][0]), str(row["subjects"][1]), moment(row["t"])
    yield Finding(
        measure=measure, subject=first, dim=dim, place=place, start=start, end=start,
        age=0, value=float(vs[0]), unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("share", round(100 * share, 1), "percent"),
            measured(table, measure, "second", vs[1]),
            Fact("second_subject", second, "title"),
            Fact("among", len(vs), "titles"),
        ),
        params={"level": int(row["level"])},
        evidence=evidence.select(table, measure, [first, second], dim, place),
        impact=min(1.0, 2 * share),
        robustness=min(1.0, (share - SHARE - STEP) / 0.1 + 0.2) if share >= SHARE + STEP else 0.0,
        simplicity=1.0 if dim is None else 0.75,
        p=lead(vs),
        tests=tests,
        cautions=("a share of what the table lists",),
    )  # fmt: skip
