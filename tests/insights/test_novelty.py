"""What was told before is less new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from assistant.insights.kind import Finding
from assistant.insights.novelty import Novelty
from assistant.models import Fact, Insight

JULY = datetime(2026, 7, 6)  # noqa: DTZ001 (a wall time of the source's zone)
FOUND = Finding(
    measure="hours", subject="Harbour Lights", dim=None, place=None, start=JULY, end=JULY, age=0, value=1.0, unit="hours",
    facts=(), params={}, evidence="", impact=1, robustness=1, simplicity=1,
)  # fmt: skip
TOLD = Insight(
    id="a", kind="record", source="viewing", measure="hours", subject="Harbour Lights", where={}, start=date(2026, 7, 6),
    end=date(2026, 7, 6), value=1, unit="hours", every="week", facts=(Fact("value", 1, "hours"),), snapshot="before",
)  # fmt: skip


def new(told: Insight | None, *, published: bool = True, snapshot: str = "now", found: Finding = FOUND) -> float:
    """How new a record of Harbour Lights is beside what was told."""
    return Novelty(snapshot, "week", [(told, published)] if told else []).of("record", found)


def test_what_was_published_is_not_new_and_what_was_drafted_half() -> None:
    """0 for the very figure of a post that went out, a half where it was only drafted, 1 where nothing was told."""
    assert (new(TOLD), new(TOLD, published=False), new(None)) == (0, 0.5, 1)


def test_what_was_told_is_forgotten_by_and_by() -> None:
    """The same of another period is half as new after 13 periods, and nearly new after a year."""
    assert new(replace(TOLD, end=date(2026, 4, 6))) == pytest.approx(0.5)
    assert new(replace(TOLD, end=date(2025, 7, 7))) > 0.9


@pytest.mark.parametrize(
    "change", [{"kind": "streak"}, {"measure": "views"}, {"subject": "B"}, {"where": {"country": "FR"}}]
)
def test_something_else_is_new(change: dict[str, object]) -> None:
    """Another kind, measure, subject or place was not told."""
    assert new(replace(TOLD, **change)) == 1  # type: ignore[arg-type]


def test_the_same_delivery_comes_to_the_same_figures() -> None:
    """What was told of this very delivery does not count, or a second run would draft other figures."""
    assert new(TOLD, snapshot="before") == 1


def test_an_old_period_is_less_new_whether_told_or_not() -> None:
    """Half after 13 periods."""
    assert new(None, found=replace(FOUND, age=13)) == pytest.approx(0.5)
