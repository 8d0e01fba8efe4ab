"""The broadest true thing is said; what is not said hides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.insights import KINDS
from assistant.insights.kind import Finding
from assistant.insights.score import broadest

WEEK = datetime(2026, 11, 16)  # noqa: DTZ001 (as the finders give it)
WHOLE = Finding(
    measure="hours", subject="Star", dim=None, place=None, start=WEEK, end=WEEK, age=0, value=9, unit="hours", facts=(),
    params={"direction": "high"}, evidence="", impact=1, robustness=1, simplicity=1, p=1e-6, tests=20,
)  # fmt: skip
HERE = replace(WHOLE, dim="country", place="France", p=1e-9)


def left(kind: str, *findings: Finding, level: float = 0.05) -> list[Finding]:
    """What is left of them."""
    return broadest(KINDS[kind], findings, level)


def changed(one: Finding, **changes: Any) -> Finding:
    """The same with other parts."""
    return replace(one, **changes)


def test_what_is_so_everywhere_is_not_said_of_one_place() -> None:
    """A record over everything, and in France in the same week."""
    assert left("record", WHOLE, HERE) == [WHOLE]


def test_what_is_not_sure_of_the_whole_hides_no_place() -> None:
    """By its chance, by the level that is asked for, or because it does not hold when shaken."""
    unsure, shaken = changed(WHOLE, p=0.3), changed(WHOLE, robustness=0.0)
    assert HERE in left("record", unsure, HERE)
    assert HERE in left("record", WHOLE, HERE, level=1e-7)
    assert HERE in left("record", shaken, HERE)


def test_another_time_another_day_or_another_way_is_another_claim() -> None:
    """A record in France a week before, a Tuesday there and a Friday everywhere, a fall there and a rise in all."""
    before = changed(HERE, start=WEEK.replace(day=9), end=WEEK.replace(day=9))
    assert before in left("record", WHOLE, before)
    friday, tuesday = (changed(one, params={"phase": day}) for one, day in ((WHOLE, 5), (HERE, 2)))
    assert tuesday in left("rhythm", friday, tuesday)
    fall = changed(HERE, params={"direction": "low"})
    assert fall in left("trend", WHOLE, fall)


def test_a_change_of_other_length_is_the_same_change() -> None:
    """A trend of a year everywhere implies one of half a year in France."""
    half = changed(HERE, start=WEEK)
    year = changed(WHOLE, start=WEEK.replace(year=2025))
    assert left("trend", year, half) == [year]


def test_of_several_places_the_clearest_is_said() -> None:
    """The one with the lowest chance."""
    there = changed(HERE, place="Japan", p=1e-4)
    assert left("record", there, HERE) == [HERE]
