"""`dominance`: one subject's share of the whole in the newest period, a quarter or more, far ahead of the others.

The "outstanding first" of QuickInsights (Ding et al., SIGMOD 2019): all but the first say how sizes fall off, and the first
has to lead by more than that. Here sizes are taken for lognormal (Gibrat 1931), and the lead over the second is tested by the
gaps further in (`chance.lead`; Rényi 1953). A few subjects do not tell how sizes fall off: there a half or more of the whole is
set against one that is parted at random (Fisher 1929), or against all shares that it had before (Rényi again). Only measures
that may be added up have a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.chance import largest_share, lead, tail_margin
from assistant.insights.kind import Finding, Readable, Window, listed, measured, moment, names, rows, summed, unit_of
from assistant.models import Fact

SHARE, HALF = 0.25, 0.5
HISTORY = 12  # periods below which nobody knows what its share usually was
LEAST = 3  # subjects below which nobody leads the others
LEADS, PARTED = 0.6, 0.3  # the weights of the lead and of the share; what is left is that of its own history
STEP = 0.01  # it has to be so where a little more is asked for, too
_NEWEST = """
SELECT measure, level, dim, place, list(v ORDER BY v DESC, subject) AS vs, list(subject ORDER BY v DESC, subject) AS subjects,
  min(t) AS t
FROM series WHERE measure IN {measures} AND subject IS NOT NULL AND n = $newest
GROUP BY measure, level, dim, place HAVING count(*) >= $least AND min(v) >= 0 ORDER BY measure, level, dim, place
"""
_ODDS = """
WITH whole AS (
  SELECT n, sum(v) AS total, max(CASE WHEN subject = $subject THEN v END) AS mine FROM series
  WHERE measure = $measure AND level = $level AND subject IS NOT NULL AND n <= $newest
    AND coalesce(dim, '') = $dim AND coalesce(place, '') = $place
  GROUP BY n)
SELECT mine / (total - mine) AS odds FROM whole WHERE mine > 0 AND mine < total ORDER BY n
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a field: its first of the newest period."""
    options = {"newest": window.newest, "least": LEAST}
    found = list(rows(table.engine.query(_NEWEST.format(measures=listed(summed(table))), options)))
    for row in found:
        yield from _finding(table, window, row, len(found))


def _chance(table: Readable, window: Window, row: dict[str, Any], vs: np.ndarray) -> float:
    """By its lead over the others, by its share, or by what its share was before; each at its weight (Bonferroni)."""
    share = float(vs[0] / vs.sum())
    before = _crossed(table, window, row) if share >= HALF else 1.0
    return min(1.0, lead(vs) / LEADS, largest_share(share, len(vs)) / PARTED, before / (1 - LEADS - PARTED))


def _crossed(table: Readable, window: Window, row: dict[str, Any]) -> float:
    """The chance that its odds, highest now, lead all that they were before by as much."""
    measure, _, dim, place = names(row)
    about = {"measure": measure, "level": int(row["level"]), "dim": dim or "", "place": place or ""}
    options = {**about, "subject": str(row["subjects"][0]), "newest": window.newest}
    odds = np.asarray(table.engine.query(_ODDS, options)["odds"], dtype=float)
    highest = len(odds) >= HISTORY and bool(odds[-1] > odds[:-1].max())
    return tail_margin(odds) / len(odds) if highest else 1.0


def _finding(table: Readable, window: Window, row: dict[str, Any], tests: int) -> Iterator[Finding]:
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
        p=_chance(table, window, row, vs),
        tests=tests,
        cautions=("a share of what the table lists",),
    )  # fmt: skip
