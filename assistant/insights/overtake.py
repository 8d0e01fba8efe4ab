"""`overtake`: one subject passes another that had been ahead for long. A fact without a test; it must be rare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.insights import evidence
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

LEAST = 6  # meetings in a row, or more, that the other was ahead
CHANCE = 0.05  # of two equals one is behind k times running once in 2^k: over all pairs that met, this must be rarer
AHEAD = 0.05  # by how much it must be ahead now, so that a rounding does not turn it back
TOP = 12  # only among the largest of a period: passing the last but one is no news
_PASSED = """
WITH ranked AS (
  SELECT *, rank() OVER (PARTITION BY f, n ORDER BY v DESC) AS r
  FROM series WHERE measure IN {measures} AND subject IS NOT NULL),
pairs AS (
  SELECT a.measure, a.level, a.dim, a.place, a.subject, b.subject AS other, a.n, a.t, a.v, b.v AS w, a.r,
    a.v > b.v AS ahead
  FROM ranked AS a JOIN ranked AS b ON a.measure = b.measure AND a.level = b.level AND a.n = b.n
    AND a.dim IS NOT DISTINCT FROM b.dim AND a.place IS NOT DISTINCT FROM b.place AND a.subject <> b.subject
  WHERE a.r <= $top AND b.r <= $top AND (a.level = 3 OR NOT a.alone)),
turned AS (
  SELECT *, lag(ahead) OVER w AS was_ahead,
    row_number() OVER w AS meeting,
    max(CASE WHEN ahead THEN t END) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_ahead_t
  FROM pairs WINDOW w AS (PARTITION BY measure, level, dim, place, subject, other ORDER BY n)),
counted AS (
  SELECT *, meeting - 1 - coalesce(
    max(CASE WHEN ahead THEN meeting END) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS behind
  FROM turned WINDOW w AS (PARTITION BY measure, level, dim, place, subject, other ORDER BY n)),
told AS (
  SELECT *, count(*) OVER () / 2 AS tests FROM counted WHERE n BETWEEN $oldest AND $newest)
SELECT * FROM told WHERE ahead AND NOT was_ahead AND r <= 5 AND v >= w * $ahead AND behind >= $least
  AND pow(2, -behind) * tests <= $chance
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """One finding a subject and place: the passing that had been waited for the longest."""
    measures = listed(countable(table))
    options = {
        "top": TOP, "least": LEAST, "ahead": 1 + AHEAD, "chance": CHANCE, "oldest": window.oldest, "newest": window.newest,
    }  # fmt: skip
    sizes = Sizes(table, measures)
    best: dict[tuple[Any, ...], dict[str, Any]] = {}
    found = list(rows(table.engine.query(_PASSED.format(measures=measures), options)))
    for row in found:
        key = (row["measure"], row["level"], row["dim"], row["place"], row["subject"])
        if key not in best or (row["w"], row["behind"]) > (best[key]["w"], best[key]["behind"]):
            best[key] = row
    waits = sorted(int(row["behind"]) for row in found)
    for row in best.values():
        rarity = sum(wait >= row["behind"] for wait in waits) / len(waits)
        yield _finding(table, window, row, rarity, sizes)


def _finding(table: Readable, window: Window, row: dict[str, Any], rarity: float, sizes: Sizes) -> Finding:
    measure, subject, dim, place = names(row)
    other, start = str(row["other"]), moment(row["t"])
    known = str(row["last_ahead_t"]) not in ("NaT", "None")
    since = [day_fact("since", last_day(moment(row["last_ahead_t"]), table.every))] if known else []
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(row["n"]), value=float(row["v"]),
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("other", other, "title"),
            measured(table, measure, "other_value", row["w"]),
            measured(table, measure, "gap", row["v"] - row["w"]),
            Fact("behind", int(row["behind"]), UNITS[table.every]),
            *since,
        ),
        params={"other": other, "level": int(row["level"])},
        evidence=evidence.select(table, measure, [str(subject), other], dim, place),
        impact=sizes.share_below(measure, int(row["level"]), float(row["v"])),
        robustness=min(1.0, (float(row["v"]) / float(row["w"]) - 1) / 0.2),
        simplicity=0.9 if dim is None else 0.6,
        rarity=rarity,
    )  # fmt: skip
