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
  SELECT measure, level, dim, place, subject, t, n,
    sum(v) OVER w AS total, sum(v) OVER w - v AS before,
    row_number() OVER (PARTITION BY measure, level, dim, place, subject ORDER BY n) AS told_periods,
    min(t) OVER (PARTITION BY measure, level, dim, place, subject) AS since,
    n - min(n) OVER (PARTITION BY measure, level, dim, place, subject) + 1 AS span
  FROM series WHERE measure IN {measures} AND NOT alone
  WINDOW w AS (PARTITION BY measure, level, dim, place, subject ORDER BY n)),
steps AS (
  SELECT digit * pow(10, power) AS threshold FROM (VALUES (1), (2), (5)) AS d(digit), generate_series(3, 12) AS p(power)),
crossed AS (SELECT * FROM running JOIN steps ON before < threshold AND threshold <= total),
reached AS (
  SELECT measure, level, dim, place, threshold, count(DISTINCT subject) AS peers FROM crossed GROUP BY ALL),
born AS (SELECT level, dim, place, subject, min(t) AS born FROM series GROUP BY ALL),
finals AS (SELECT measure, level, dim, place, subject, max(total) AS final FROM running GROUP BY ALL),
field AS (
  SELECT measure, level, dim, place, count(*) AS subjects, list(final ORDER BY final DESC) AS finals FROM finals GROUP BY ALL)
SELECT c.*, peers, subjects, coalesce(finals[peers + 1], 0) AS next_best FROM crossed AS c
JOIN reached AS r ON r.measure = c.measure AND r.level = c.level AND r.threshold = c.threshold
  AND r.dim IS NOT DISTINCT FROM c.dim AND r.place IS NOT DISTINCT FROM c.place
JOIN field AS f ON f.measure = c.measure AND f.level = c.level
  AND f.dim IS NOT DISTINCT FROM c.dim AND f.place IS NOT DISTINCT FROM c.place
JOIN born AS b ON b.level = c.level AND b.subject IS NOT DISTINCT FROM c.subject
  AND b.dim IS NOT DISTINCT FROM c.dim AND b.place IS NOT DISTINCT FROM c.place
WHERE born = since AND n BETWEEN $oldest AND $newest AND told_periods > 2 AND c.level IN (0, 1)
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
