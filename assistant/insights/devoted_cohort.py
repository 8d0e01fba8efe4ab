"""`devoted_cohort`: how many people did something how many times, from a table that counts distinct people.

Only where the source declares it: "53 viewers a day for 18 days" is not "the same 53 people". What is told are the groups that
are far larger than their title and their number of times lead one to expect (tested as `over_index` tests its pairs: Tukey's
median polish, and the tail of the other groups). Where fewer than two are, without a test: the large middle, and the extreme,
which scores low where it is small. Below ten people nothing is even printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.insights.chance import adjusted
from assistant.insights.evidence import name, text
from assistant.insights.kind import Finding, Readable, Window, moment, rows
from assistant.insights.over_index import RATIO, standing_out, surprise
from assistant.models import Fact

FLOOR = 10  # the floor of official statistics: smaller groups are never shown
LARGE = 1000
FEWEST = 3  # subjects, and numbers of times, from which one knows what to expect of a group
MOST = 2  # groups that are told though none stands out
SURE = 0.05  # a corrected chance at which a group stands out
_COHORT = """
SELECT subject, people, times, t, sum(people) OVER (PARTITION BY subject, t) AS total,
  count(*) OVER (PARTITION BY subject, t) AS rows_of_subject,
  percent_rank() OVER (ORDER BY people) AS larger_than, percent_rank() OVER (ORDER BY times) AS longer_than,
  (SELECT count(*) FROM cohort AS o WHERE o.people >= cohort.people AND o.times >= cohort.times) / count(*) OVER () AS share
FROM cohort WHERE people >= $floor AND times >= 2
"""


def find(table: Readable, window: Window) -> Iterator[Finding]:  # noqa: ARG001 (every finder has the same shape)
    """At most one finding a subject: the groups that stand out; else the middle of all, and the extreme."""
    groups = list(rows(table.engine.query(_COHORT, {"floor": FLOOR})))
    told: dict[Any, tuple[dict[str, Any], float | None]] = {}
    for row, p in _standing_out(groups):
        told.setdefault(row["subject"], (row, p))
    for weight in (_middle, _extreme):
        left = [row for row in groups if row["subject"] not in told]
        if left and len(told) < MOST:
            chosen = max(left, key=weight)
            told[chosen["subject"]] = chosen, None
    yield from (_finding(table, row, p, len(groups)) for row, p in told.values())


def _standing_out(groups: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], float]]:
    """The groups that chance does not explain, the clearest first."""
    if min(len({row[key] for row in groups}) for key in ("subject", "times")) < FEWEST:
        return
    pairs = [{"subject": f"{row['subject']} {row['t']}", "place": row["times"], "v": row["people"]} for row in groups]
    more = surprise(pairs)
    order = np.argsort(-more, kind="stable").tolist()
    ps = standing_out(more[order])
    for at, p, q in zip(order, ps, adjusted(ps, len(groups)), strict=False):
        if q <= SURE and more[at] >= np.log(RATIO):
            yield groups[at], p


def _middle(row: dict[str, Any]) -> tuple[bool, float, str]:
    return row["people"] >= LARGE, float(row["people"]) * float(row["times"]), str(row["subject"])


def _extreme(row: dict[str, Any]) -> tuple[int, int, str]:
    return int(row["times"]), int(row["people"]), str(row["subject"])


def _finding(table: Readable, row: dict[str, Any], p: float | None, tests: int) -> Finding:
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
        p=p,
        rarity=float(row["share"]),
        tests=tests,
        people=people,
    )  # fmt: skip


def _total(row: dict[str, Any]) -> list[Fact]:
    """How many there are in all, where the table tells of more than one group of a subject."""
    return [Fact("total_people", int(row["total"]), "people")] if row["rows_of_subject"] > 1 else []
