"""`best_since`: the highest since a date, when it is no record.

The test asks how far the value stands out of the periods since then (Student's t of the robust distance, and the margin in
their own tail: `chance.lead`), or among the deviations of its whole field (`baseline.apart`). To be the highest of so many
happens by chance once in k + 1; over all that one may look back, once in k + 1 adds up to a logarithm (Rényi 1962).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import Apart, apart, either, series
from assistant.insights.chance import lead, or_counted, robust_z, tail_margin, upper_tail
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
    unit_of,
)  # fmt: skip
from assistant.insights.movement import histories
from assistant.models import Fact

LEAST = 8  # periods back below which "since" is not worth a word


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series: of the periods in the window, the one that looks back the furthest."""
    measures = listed(countable(table))
    sizes = Sizes(table, measures)
    read = [
        (row, looked_at) for row in histories(table, countable(table), window, LEAST + 1)
        if (looked_at := _candidates(row, window))
    ]  # fmt: skip
    standing_out = apart(table, countable(table), window)
    for row, looked_at in read:
        vs = row["vs"]
        found = [
            one for at in looked_at if vs[at] > vs[at - LEAST : at].max()
            and (one := _finding(table, window, row, at, sizes, (len(looked_at), len(read)), standing_out[series(row)]))
        ]  # fmt: skip
        if found:
            yield max(found, key=lambda one: (-(one.p or 0), -one.age))


def _candidates(row: dict[str, Any], window: Window) -> range:
    """The places in its history of what is looked at."""
    ns = row["ns"]
    if ns[-1] < window.oldest:
        return range(0)
    first, end = np.searchsorted(ns, [window.oldest, window.newest + 1])
    return range(max(LEAST + 1, int(first)), int(end))


def _finding(table: Readable, window: Window, row: dict[str, Any], at: int, sizes: Sizes, tests: tuple[int, int],
             beside: Apart) -> Finding | None:  # fmt: skip
    vs, ns, ts = np.asarray(row["vs"], dtype=float), row["ns"], row["ts"]
    higher = np.flatnonzero(vs[:at] >= vs[at])
    if not len(higher):
        return None  # it would be a record
    since = int(higher[-1])
    between = vs[since + 1 : at]
    measure, subject, dim, place = names(row)
    if vs[at] - between.max() <= table.rounded_to.get(measure, 0):
        return None
    grain = table.rounded_to.get(measure, 1.0)
    looks = tests[0] * max(1.0, math.log(at / LEAST))  # periods looked at, and how far back from each
    far = upper_tail(robust_z(float(vs[at]), between), len(between), looks)
    in_field = beside.chances.get(int(ns[at]), 1.0)
    if either(far, in_field) >= 1:
        return None
    lately = vs[since + 1 : at + 1]
    margin = max(lead(lately, beside.heavy), tail_margin(lately, beside.heavy)) / (len(between) + 1)
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
        p=or_counted(either(max(far, looks * margin), in_field), looks, vs[at] / grain, float(np.median(between)) / grain),
        tests=tests[1],
    )  # fmt: skip
