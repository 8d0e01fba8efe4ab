"""`tie`: two subjects with exactly the same figure among the first three where that hardly ever happens.

A fact without a test: what is rounded or small ties often, so there may be at most one tie in twenty periods of the history,
and none in the twelve before.
A rank that two share says nothing, and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.insights import evidence
from assistant.insights.kind import (
    Finding,
    Readable,
    Sizes,
    Window,
    countable,
    day_fact,
    last_day,
    listed,
    moment,
    names,
    rows,
    unit_of,
)  # fmt: skip
from assistant.models import Fact

RARE = 0.05  # the share of periods with a tie
HISTORY = 12  # periods below which nobody knows what is rare, and as many without a tie before it
SHALLOW, DEEP = 2, 4  # a tie among the first three; or the first five, where their figures are large and far apart
CLEAR = 2000  # by how many units, or grains of what is rounded, one usually leads the next there
RIVALS = 4  # a tie among fewer is no news
_TIES = """
WITH ordered AS (
  SELECT f, measure, level, dim, place, subject, t, n, v, rank() OVER w AS held,
    row_number() OVER u AS r, lead(v) OVER u AS other_v, lead(subject) OVER u AS other,
    count(*) OVER (PARTITION BY f, n) AS rivals
  FROM series WHERE measure IN {measures} AND subject IS NOT NULL AND v > 0
  WINDOW w AS (PARTITION BY f, n ORDER BY v DESC),
    u AS (PARTITION BY f, n ORDER BY v DESC, subject)),
depths AS (SELECT CAST($shallow AS INTEGER) AS deep UNION ALL SELECT CAST($deep AS INTEGER)),
pairs AS (
  SELECT ordered.*, deep, CASE WHEN v = other_v THEN 1 ELSE 0 END AS tied FROM ordered JOIN depths ON r <= deep
  WHERE rivals >= $rivals),
apart AS (SELECT deep, f, median(v - other_v) AS gap FROM pairs GROUP BY deep, f),
tops AS (SELECT deep, f, n, max(t) AS t, max(tied) AS tied FROM pairs GROUP BY deep, f, n),
history AS (
  SELECT deep, f, n, count(*) OVER w AS known, sum(tied) OVER w AS ties,
    max(CASE WHEN tied = 1 THEN t END) OVER b AS last_t, max(CASE WHEN tied = 1 THEN n END) OVER b AS last_n
  FROM tops WINDOW w AS (PARTITION BY deep, f),
    b AS (PARTITION BY deep, f ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
SELECT p.*, known, ties, last_t, gap
FROM pairs AS p JOIN history AS h ON p.deep = h.deep AND p.f = h.f AND p.n = h.n
  JOIN apart AS a ON p.deep = a.deep AND p.f = a.f
WHERE tied = 1 AND p.n BETWEEN $oldest AND $newest AND known >= $history AND ties <= greatest(1, $rare * known)
  AND (last_n IS NULL OR p.n - last_n >= $history)
ORDER BY p.deep, p.n DESC, held, r
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a field: its newest tie, the highest place first."""
    measures = listed(countable(table))
    options = {
        "rivals": RIVALS, "history": HISTORY, "rare": RARE, "oldest": window.oldest, "newest": window.newest,
        "shallow": SHALLOW, "deep": DEEP,
    }  # fmt: skip
    sizes = Sizes(table, measures)
    told: set[tuple[Any, ...]] = set()
    for row in rows(table.engine.query(_TIES.format(measures=measures), options)):
        key = (row["measure"], row["level"], row["dim"], row["place"])
        far = row["gap"] >= CLEAR * table.rounded_to.get(str(row["measure"]), 1)
        if key not in told and (row["deep"] == SHALLOW or far):
            told.add(key)
            yield _finding(table, window, row, sizes)


def _finding(table: Readable, window: Window, row: dict[str, Any], sizes: Sizes) -> Finding:
    measure, subject, dim, place = names(row)
    start, other, value = moment(row["t"]), str(row["other"]), float(row["v"])
    tied_before = str(row["last_t"]) not in ("NaT", "None")
    since = [day_fact("since", last_day(moment(row["last_t"]), table.every))] if tied_before else []
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(row["n"]), value=value, unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("other", other, "title"),
            Fact("level", int(row["held"]), "rank"),
            Fact("among", int(row["rivals"]), "titles"),
            *since,
        ),
        params={"other": other, "level": int(row["level"])},
        evidence=evidence.select(table, measure, [str(subject), other], dim, place),
        impact=sizes.share_below(measure, int(row["level"]), value) * (1.0 if row["held"] == 1 else 0.8),
        robustness=0.6 if table.rounded_to.get(measure) else 1.0,  # beneath the rounding they may differ
        simplicity=1.0 if dim is None else 0.75,
        rarity=float(row["ties"]) / float(row["known"]),
    )  # fmt: skip
