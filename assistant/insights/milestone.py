"""`milestone`: the running total of a subject passes a round number. A fact without a test: it must be rare to be told.

A measure that began later than the subject's other ones has no total to tell: its first years are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.insights import evidence
from assistant.insights.kind import (
    UNITS,
    Finding,
    Readable,
    Window,
    day_fact,
    listed,
    measured,
    moment,
    names,
    number,
    rows,
    summed,
    unit_of,
)  # fmt: skip
from assistant.models import Fact

RARE = 0.1  # the share of subjects that may have passed it too
CLOSE = 0.8  # where no other passed it yet, but the next one stands just before it, "the only one" will not last
_CROSSED = """
WITH running AS (
  SELECT s, f, level, subject, t, n, v, sum(v) OVER w AS total, row_number() OVER w AS told_periods
  FROM series WHERE measure IN {measures} AND NOT alone WINDOW w AS (PARTITION BY s ORDER BY n)),
lives AS (
  SELECT s, f, min(t) AS since, min(n) AS first, max(total) AS final FROM running GROUP BY s, f),
steps AS (
  SELECT digit * pow(10, power) AS threshold FROM (VALUES (1), (2), (5)) AS d(digit)
    CROSS JOIN (VALUES (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS p(power)),
crossed AS (
  SELECT r.s, r.f, t, n, total, told_periods, threshold FROM running AS r
  JOIN steps ON total - v < threshold AND threshold <= total),
reached AS (SELECT f, threshold, count(DISTINCT s) AS peers FROM crossed GROUP BY f, threshold),
ordered AS (SELECT f, final, row_number() OVER (PARTITION BY f ORDER BY final DESC) AS r FROM lives),
field AS (SELECT f, count(*) AS subjects FROM lives GROUP BY f),
known AS (SELECT level, dim, place, subject, min(t) AS born FROM series GROUP BY level, dim, place, subject)
SELECT measure, h.level, h.dim, h.place, h.subject, c.t, c.n, total, told_periods, since, c.n - first + 1 AS span, c.threshold,
  peers, subjects, coalesce(o.final, 0) AS next_best
FROM crossed AS c JOIN heads AS h ON h.s = c.s JOIN lives AS l ON l.s = c.s
JOIN reached AS r ON r.f = c.f AND r.threshold = c.threshold JOIN field AS d ON d.f = c.f
JOIN known AS b ON b.level = h.level AND b.subject IS NOT DISTINCT FROM h.subject
  AND b.dim IS NOT DISTINCT FROM h.dim AND b.place IS NOT DISTINCT FROM h.place
LEFT JOIN ordered AS o ON o.f = c.f AND o.r = peers + 1
WHERE born = since AND c.n BETWEEN $oldest AND $newest AND told_periods > 2 AND h.level IN (0, 1)
ORDER BY measure, h.subject, c.threshold, c.n
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """The highest round number that each subject passed in the window, if few have passed it."""
    sql = _CROSSED.format(measures=listed(summed(table)))
    best: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows(table.engine.query(sql, {"oldest": window.oldest, "newest": window.newest})):
        common = row["peers"] > max(1, RARE * row["subjects"])
        if common:
            continue
        key = (row["measure"], row["subject"])
        if key not in best or row["threshold"] > best[key]["threshold"]:
            best[key] = row
    yield from (_finding(table, window, row) for row in best.values())


def _finding(table: Readable, window: Window, row: dict[str, Any]) -> Finding:
    measure, subject, dim, place = names(row)
    start = moment(row["t"])
    threshold = float(row["threshold"])
    periods = int(row["told_periods"])
    whole = periods == int(row["span"])  # with gaps nobody can say how long it took
    gaps = () if whole else ("it was not in the table in between: the total is the least that it can be",)
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(row["n"]), value=number(row["total"]),
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("threshold", number(threshold), unit_of(table.source.measures[measure], measure)),
            measured(table, measure, "total", row["total"]),
            *([Fact("periods", periods, UNITS[table.every])] if whole else []),
            day_fact("since", moment(row["since"])),
            Fact("reached_by", int(row["peers"]), "titles"),
        ),
        params={"threshold": number(threshold), "level": int(row["level"])},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place, cumulative=True),
        impact=1 - float(row["peers"]) / max(1, float(row["subjects"])),
        robustness=0.5 if row["peers"] == 1 and row["next_best"] > CLOSE * threshold else 0.9,
        simplicity=1.0 if str(int(threshold)).startswith("1") else 0.7,
        rarity=float(row["peers"]) / max(1, float(row["subjects"])),
        cautions=("a total over the periods that the table has", *gaps),
    )  # fmt: skip
