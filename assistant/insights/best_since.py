"""`best_since`: the highest since a date, when it is no record.

The test asks how far the value stands out of the periods since then (Student's t of the robust distance, and the margin in
their own tail: `chance.lead`; that something is the highest of k happens by chance once in k + 1), or among the
deviations of its whole field (`baseline.apart`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import Apart, apart, either, series
from assistant.insights.chance import lead, or_counted, robust_z, upper_tail
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
from assistant.models import Fact

LEAST = 8  # periods back below which "since" is not worth a word
_SERIES = """
SELECT measure, level, dim, place, subject, list(v ORDER BY n) AS vs, list(n ORDER BY n) AS ns, list(t ORDER BY n) AS ts
FROM series WHERE measure IN {measures} AND NOT alone
GROUP BY ALL HAVING count(*) > $least
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series: of the periods in the window, the one that looks back the furthest."""
    measures = listed(countable(table))
    sizes = Sizes(table, measures)
    read = [row for row in rows(table.engine.query(_SERIES.format(measures=measures), {"least": LEAST}))
            if _candidates(row, window)]  # fmt: skip
    standing_out = apart(table, countable(table), window)
    for row in read:
        beside = standing_out[series(row)]
        looked_at = _candidates(row, window)
        found = [
            one for at in looked_at
            if (one := _finding(table, window, row, at, sizes, (len(looked_at), len(read)), beside)) is not None
        ]  # fmt: skip
        if found:
            yield max(found, key=lambda one: (-(one.p or 0), -one.age))


def _candidates(row: dict[str, Any], window: Window) -> list[int]:
    return [at for at, n in enumerate(row["ns"]) if window.oldest <= n <= window.newest and at > LEAST]


def _finding(table: Readable, window: Window, row: dict[str, Any], at: int, sizes: Sizes, tests: tuple[int, int],
             beside: Apart) -> Finding | None:  # fmt: skip
    vs, ns, ts = np.asarray(row["vs"], dtype=float), row["ns"], row["ts"]
    higher = np.flatnonzero(vs[:at] >= vs[at])
    if not len(higher):
        return None  # it would be a record
    since = int(higher[-1])
    between = vs[since + 1 : at]
    measure, subject, dim, place = names(row)
    if len(between) < LEAST or vs[at] - between.max() <= table.rounded_to.get(measure, 0):
        return None
    grain = table.rounded_to.get(measure, 1.0)
    z = robust_z(float(vs[at]), between)
    start = moment(ts[at])
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(ns[at]), value=float(vs[at]), unit=unit_of(table.source.measures[measure], measure),
        facts=(
            day_fact("since", last_day(moment(ts[since]), table.every)),
            measured(table, measure, "since_value", vs[since]),
            Fact("periods", int(ns[at] - ns[since]), UNITS[table.every]),
        ),
        params={"direction": "high", "level": int(row["level"])},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place, order="1 DESC"),
        impact=sizes.share_below(measure, int(row["level"]), float(vs[at])),
        robustness=min(1.0, (vs[at] / between.max() - 1) / 0.1) if between.max() > 0 else 1.0,
        simplicity=0.9 if dim is None else 0.7,
        p=or_counted(either(tests[0] * max(upper_tail(z, len(between), len(between) + 1),
                                           lead(vs[since + 1 : at + 1], beside.heavy)),
                            beside.chances.get(int(ns[at]), 1.0)),
                     tests[0] * (len(between) + 1), vs[at] / grain, float(np.median(between)) / grain),
        tests=tests[1],
    )  # fmt: skip
