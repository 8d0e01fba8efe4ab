"""`devoted_cohort`: how many people did something how many times, from a table that counts distinct people.

Only where the source declares it: "53 viewers a day for 18 days" is not "the same 53 people". What is told is the large
middle; the tiny extreme scores low, and below ten people it is not even printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.insights.evidence import name, text
from assistant.insights.kind import Finding, Readable, Window, moment, rows
from assistant.models import Fact

FLOOR = 10  # the floor of official statistics: smaller groups are never shown
LARGE = 1000
_COHORT = """
SELECT subject, people, times, t, sum(people) OVER (PARTITION BY subject, t) AS total,
  count(*) OVER (PARTITION BY subject, t) AS rows_of_subject,
  percent_rank() OVER (ORDER BY people) AS larger_than, percent_rank() OVER (ORDER BY times) AS longer_than,
  (SELECT count(*) FROM cohort AS o WHERE o.people >= cohort.people AND o.times >= cohort.times) / count(*) OVER () AS share
FROM cohort WHERE people >= $floor AND times >= 2
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:  # noqa: ARG001 (every finder has the same shape)
    """One finding a subject: the row with the most people for its times, large groups first."""
    best: dict[Any, dict[str, Any]] = {}
    for row in rows(table.engine.query(_COHORT, {"floor": FLOOR})):
        if row["subject"] not in best or _weight(row) > _weight(best[row["subject"]]):
            best[row["subject"]] = row
    yield from (_finding(table, row) for row in best.values())


def _weight(row: dict[str, Any]) -> tuple[bool, float]:
    return row["people"] >= LARGE, float(row["people"]) * float(row["times"])


def _finding(table: Readable, row: dict[str, Any]) -> Finding:
    source = table.source
    people, times = int(row["people"]), int(row["times"])
    dated = row["t"] is not None and str(row["t"]) != "NaT"
    start = moment(row["t"]) if dated else None
    columns = source.cohort
    shown = f"{name(columns.people)}, {name(columns.times)}" if columns else "*"
    where = f"\nWHERE {name(source.subject)} = {text(str(row['subject']))}" if source.subject else ""
    return Finding(
        measure=columns.people if columns else "people", subject=str(row["subject"]) if row["subject"] else None,
        dim=None, place=None, start=start, end=start, age=0, value=people, unit="people",
        facts=(Fact("people", people, "people"), Fact("times", times, "times"), *_total(row)),
        params={"times": times},
        evidence=f"SELECT {shown}\nFROM {text(source.path)}{where}",
        impact=float(row["larger_than"]) if people >= LARGE else 0.0,
        robustness=1.0 if people >= LARGE else 0.2,
        simplicity=0.9,
        rarity=float(row["share"]),
        people=people,
    )  # fmt: skip


def _total(row: dict[str, Any]) -> list[Fact]:
    """How many there are in all, where the table tells of more than one group of a subject."""
    return [Fact("total_people", int(row["total"]), "people")] if row["rows_of_subject"] > 1 else []
