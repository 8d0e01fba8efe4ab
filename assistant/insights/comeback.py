"""`comeback`: back in the table after an absence that is long against the absences of its peers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from assistant.insights import evidence
from assistant.insights.kind import (
    UNITS,
    Finding,
    Readable,
    Window,
    countable,
    day_fact,
    last_day,
    moment,
    names,
    rows,
    unit_of,
)  # fmt: skip
from assistant.models import Fact

LEAST = 8  # periods away below which it was a short trip
RARE = 0.15  # the share of all absences that may have been as long
FEW = 5  # so few that came back at once are told all the same
_GAPS = """
WITH steps AS (
  SELECT *, lag(n) OVER w AS before, lag(t) OVER w AS seen,
    row_number() OVER w AS known
  FROM series WHERE measure = $measure AND subject IS NOT NULL AND NOT alone
  WINDOW w AS (PARTITION BY s ORDER BY n)),
gaps AS (SELECT *, n - before - 1 AS absence FROM steps WHERE before IS NOT NULL),
present AS (SELECT n AS there, row_number() OVER (ORDER BY n) AS nth FROM (
  SELECT DISTINCT n FROM series WHERE measure = $measure) AS told)
SELECT gaps.*, b.nth - a.nth - 1 AS told_absence,
  count(*) OVER (PARTITION BY f ORDER BY absence DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS as_long,
  count(*) OVER (PARTITION BY f) AS absences
FROM gaps JOIN present AS a ON a.there = before JOIN present AS b ON b.there = n WHERE absence > 0
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """One finding a subject: its longest absence that ended in the window. Periods that the table lacks are no absence."""
    measures = countable(table) or list(table.source.measures)
    if not measures:
        return
    best: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows(table.engine.query(_GAPS, {"measure": measures[0]})):
        if row["told_absence"] < LEAST or not window.oldest <= row["n"] <= window.newest:
            continue
        key = (row["level"], row["dim"], row["place"], row["subject"])
        if key not in best or row["told_absence"] > best[key]["told_absence"]:
            best[key] = row
    back = Counter((row["level"], row["dim"], row["place"]) for row in best.values())
    for row in best.values():
        if _rarity(row) <= RARE or back[row["level"], row["dim"], row["place"]] <= FEW:
            yield _finding(table, window, row)


def _rarity(row: dict[str, Any]) -> float:
    """The share of the field's other absences that were as long."""
    return float(row["as_long"]) / max(1, int(row["absences"]) - 1)


def _finding(table: Readable, window: Window, row: dict[str, Any]) -> Finding:
    measure, subject, dim, place = names(row)
    start, absence = moment(row["t"]), int(row["told_absence"])
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(row["n"]), value=float(row["v"]),
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            Fact("absence", absence, UNITS[table.every]),
            day_fact("last_seen", last_day(moment(row["seen"]), table.every)),
            Fact("known", int(row["known"]), UNITS[table.every]),
        ),
        params={"level": int(row["level"])},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=min(1.0, absence / 104),
        robustness=min(1.0, absence / (2 * LEAST)),
        simplicity=1.0 if dim is None else 0.75,
        rarity=_rarity(row),
    )  # fmt: skip
