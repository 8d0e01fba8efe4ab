"""`tie`: two subjects with exactly the same figure among the first three where that hardly ever happens.

A fact without a test: what is rounded or small ties often, so there may be at most one tie in twenty periods of the history,
and none in the twelve before. Further down than the first three it is told only where figures are so large, and so far apart,
that two hardly ever meet.
A rank that two share says nothing, and is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
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
DEPTHS = range(2, 20)  # a tie among the first three; or further down, where figures are large and far apart
MEET = 0.05  # so many there may be expected of chance: in each period one in as many units (or grains) as one leads the next by
RIVALS = 3  # a tie among fewer is no news
_ORDERED = """
WITH ordered AS (
  SELECT f, measure, level, dim, place, subject, t, n, v, rank() OVER w AS held,
    row_number() OVER u AS r, lead(v) OVER u AS other_v, lead(subject) OVER u AS other,
    count(*) OVER (PARTITION BY f, n) AS rivals
  FROM series WHERE measure IN {measures} AND subject IS NOT NULL AND v > 0
  WINDOW w AS (PARTITION BY f, n ORDER BY v DESC),
    u AS (PARTITION BY f, n ORDER BY v DESC, subject))
"""
_TIED = "SELECT * FROM ordered WHERE r <= $deep AND rivals >= $rivals AND v = other_v ORDER BY n DESC, held, r"
_APART = """
SELECT f, r, count(*) AS known, median(v - other_v) AS gap FROM ordered WHERE r <= $deep AND rivals >= $rivals GROUP BY f, r
ORDER BY f, r
"""


@dataclass(frozen=True)
class Tie:
    """A tie of the window, how many there were so far down, in how many periods, and the one before it."""

    row: dict[str, Any]
    ties: int
    known: int
    before: dict[str, Any] | None


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a field: its newest tie, the highest place first."""
    measures = listed(countable(table))
    options = {"rivals": RIVALS, "deep": DEPTHS[-1]}
    tied: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(table.engine.query(_ORDERED.format(measures=measures) + _TIED, options)):
        tied[int(row["f"])].append(row)
    if not any(_told(window, row) for each in tied.values() for row in each):
        return
    apart: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(table.engine.query(_ORDERED.format(measures=measures) + _APART, options)):
        apart[int(row["f"])].append(row)
    sizes = Sizes(table, measures)
    for field, each in tied.items():
        grain = table.rounded_to.get(str(each[0]["measure"]), 1)
        found = (one for deep in DEPTHS for one in _rare(window, each, apart[field], deep, grain))
        if (first := next(found, None)) is not None:
            yield _finding(table, window, first, sizes)


def _told(window: Window, row: dict[str, Any]) -> bool:
    return bool(window.oldest <= row["n"] <= window.newest)


def _rare(
    window: Window, tied: list[dict[str, Any]], apart: list[dict[str, Any]], deep: int, grain: float
) -> Iterator[Tie]:
    """The ties of the window down to that place, the newest first, if that is rare."""
    here = [row for row in tied if row["r"] <= deep]
    ties, known = len({row["n"] for row in here}), int(apart[0]["known"])
    meet = grain * sum(1 / max(1.0, float(row["gap"])) for row in apart if row["r"] <= deep)
    few = deep == DEPTHS[0] or meet * (window.newest - window.oldest + 1) <= MEET
    if known < HISTORY or ties > max(1, RARE * known) or not few:
        return
    for row in here:
        before = next((one for one in here if one["n"] < row["n"]), None)
        if _told(window, row) and (before is None or row["n"] - before["n"] >= HISTORY):
            yield Tie(row, ties, known, before)


def _finding(table: Readable, window: Window, one: Tie, sizes: Sizes) -> Finding:
    row = one.row
    measure, subject, dim, place = names(row)
    start, other, value = moment(row["t"]), str(row["other"]), float(row["v"])
    since = [day_fact("since", last_day(moment(one.before["t"]), table.every))] if one.before else []
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
        rarity=one.ties / one.known,
    )  # fmt: skip
