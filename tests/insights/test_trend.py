"""A steady rise is found whatever the grain and the noise, and what only looks like one is not."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from assistant.models import Insight
from insights.planted_more import Plan, column, figures, levels, noises, told, varied


def planted(folder: Path, plan: Plan) -> tuple[list[Insight], bool]:
    """One subject that triples, or falls to a third, over half a year or a year; whether it rises."""
    chance, values = np.random.default_rng([plan.seed, 5]), levels(plan, plan.generator())
    length = min(plan.periods, (40, 52, 100)[plan.seed // 3 % 3])
    rises = bool(plan.seed % 2)
    ramp = np.clip(np.arange(plan.periods) - (plan.periods - length), 0, None) / length
    size = float(chance.uniform(3, 5))
    values[plan.subjects // 2] = np.round(1000 + values[plan.subjects // 2] * 50 * size ** (ramp if rises else -ramp))
    return figures(folder, plan, {"hours": values}, kinds=["trend"]), rises


def test_a_steady_rise_or_fall_is_found(tmp_path: Path) -> None:
    """Of forty tables unlike each other, in at least 95 of 100; and nobody else's."""
    found = others = 0
    for seed in range(40):
        plan = varied(seed)
        figure, rises = planted(tmp_path, plan)
        mine = [one for one in figure if one.subject == f"Show {plan.subjects // 2:04d}"]
        found += [one.params["direction"] for one in mine] == ["up" if rises else "down"]
        others += len(figure) - len(mine)
    assert found >= 38
    assert others <= 2


@pytest.mark.parametrize("seed", range(2))
def test_no_trend_is_found_in_noise(tmp_path: Path, seed: int) -> None:
    """Neither heavy tails, nor weeks that resemble each other, nor a season make a trend."""
    tables = [*noises(seed), Plan(seed, 2000, 104, noise="persistent")]
    assert [
        len(figures(tmp_path, plan, {"hours": levels(plan, plan.generator())}, kinds=["trend"])) for plan in tables
    ] == [0] * len(tables)


def test_where_all_rise_none_is_told(tmp_path: Path) -> None:
    """A field that doubles in a year makes no figure of each of its subjects."""
    plan = Plan(3, 30)
    values = np.round(levels(plan, plan.generator()) * 2 ** (np.arange(104) / 52))
    assert figures(tmp_path, plan, {"hours": values}, kinds=["trend"]) == []


def test_a_step_is_no_trend(tmp_path: Path) -> None:
    """A level that changed at once is no steady rise."""
    for seed in range(5):
        plan = Plan(seed, 20)
        values = levels(plan, plan.generator())
        values[3, 60:] *= 3
        assert figures(tmp_path, plan, {"hours": values}, kinds=["trend"]) == []


def test_the_facts_of_a_trend_are_those_of_the_file(tmp_path: Path) -> None:
    """Levels at either end, ratio, length and day, computed from the rows by hand."""
    figure, _ = planted(tmp_path, Plan(1, 20, 110))
    one = figure[0]
    facts = told(one)
    rows = column(tmp_path, str(one.subject))[-facts["periods"] :]
    values = [value for _, value in rows]
    ends = max(5, len(rows) // 8 | 1)
    begun, now = median(values[:ends]), median(values[-ends:])
    assert (facts["from"], facts["to"], one.value) == (begun, now, now)
    assert math.isclose(facts["ratio"], now / begun, abs_tol=0.005)
    assert facts["since"].isoformat() == facts["start"].isoformat() == rows[0][0]
    assert (one.end - one.start).days == 7 * facts["periods"] - 1
    assert now > begun
    assert one.q is not None
    assert one.q < 0.05
