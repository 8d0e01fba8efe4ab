"""How new a figure is: its own age, and whether a post told the same of an earlier delivery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from assistant.insights.kind import Finding
from assistant.models import Every, Insight

HALF_LIFE = 13  # periods after which a figure is half as new, and half forgotten
DRAFTED = 0.5  # what was drafted and not published is known to the house alone
DAYS: dict[Every, float] = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.44}
Claim = tuple[str, str, str | None, tuple[tuple[str, str], ...]]


class Novelty:
    """How new the findings of one table are beside what was told of its earlier deliveries.

    What was told of this very delivery does not count: a second run over it has to come to the same figures.
    """

    def __init__(self, snapshot: str, every: Every, told: Iterable[tuple[Insight, bool]] = ()) -> None:
        """`told`: figures that drafts were made of, each with whether a post on it went out."""
        self._days = DAYS[every]
        self._told: Mapping[Claim, list[tuple[date, float]]] = defaultdict(list)
        for one, published in told:
            if one.snapshot != snapshot:
                weight = 1.0 if published else DRAFTED
                self._told[_claim(one.kind, one.measure, one.subject, one.where)].append((_day(one.end), weight))

    def of(self, kind: str, one: Finding) -> float:
        """From 0 (published, about this very period) to 1 (of the newest period, and never told)."""
        place = {one.dim: one.place} if one.dim is not None and one.place is not None else {}
        told = self._told.get(_claim(kind, one.measure, one.subject, place), ())
        end = _day(one.end) if one.end is not None else None
        again = max((weight * self._kept(day, end) for day, weight in told), default=0.0)
        return float(0.5 ** (one.age / HALF_LIFE)) * (1 - again)

    def _kept(self, told: date, end: date | None) -> float:
        """How much is remembered of something told about a day, at another; a table without time has but one."""
        periods = 0.0 if end is None else abs((end - told).days) / self._days
        return float(0.5 ** (periods / HALF_LIFE))


def _claim(kind: str, measure: str, subject: str | None, where: Mapping[str, str]) -> Claim:
    return kind, measure, subject, tuple(sorted(where.items()))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
