"""A level that changed and stayed is found with its date; a pulse, a season or a steady rise is no such thing."""

from __future__ import annotations

import itertools
import math
from datetime import UTC
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from assistant.insights.movement import counted
from assistant.models import Insight
from insights.planted_more import FIRST, LENGTH, Plan, column, figures, levels, noises, told, varied


def planted(folder: Path, plan: Plan) -> tuple[list[Insight], int]:
    """One subject at three to four times its level, or a third to a quarter, for the last 8 to 26 periods."""
    chance, values = np.random.default_rng([plan.seed, 6]), levels(plan, plan.generator())
    ago = (8, 12, 20, 26)[plan.seed // 3 % 4]
    size = float(chance.uniform(3, 4)) ** (1 if plan.seed % 2 else -1)
    row = 1000 + values[plan.subjects // 2] * 50
    row[-ago:] *= size
    values[plan.subjects // 2] = np.round(row)
    return figures(folder, plan, {"hours": values}, kinds=["shift"]), ago


def test_a_level_that_changed_and_stayed_is_found(tmp_path: Path) -> None:
    """Of forty tables unlike each other, in at least 95 of 100; and nobody else's."""
    found = others = 0
    for seed in range(40):
        plan = varied(seed)
        figure, ago = planted(tmp_path, plan)
        mine = [told(one)["periods"] for one in figure if one.subject == f"Show {plan.subjects // 2:04d}"]
        found += len(mine) == 1 and abs(mine[0] - ago) <= 3
        others += len(figure) - len(mine)
    assert found >= 38
    assert others <= 2


@pytest.mark.parametrize("seed", range(2))
def test_no_shift_is_found_in_noise(tmp_path: Path, seed: int) -> None:
    """Neither heavy tails, nor weeks that resemble each other, nor a season make a new level."""
    tables = [*noises(seed), Plan(seed, 2000, 104, noise="persistent"), Plan(seed, 2000, 104, noise="exponential")]
    found = [
        len(figures(tmp_path, plan, {"hours": levels(plan, plan.generator())}, kinds=["shift"])) for plan in tables
    ]
    assert max(found) <= 1


def test_a_rise_is_no_step_and_a_pulse_does_not_stay(tmp_path: Path) -> None:
    """Three times as much over a year, or for eight weeks only, is no new level."""
    for seed in range(5):
        plan = Plan(seed, 20)
        values = levels(plan, plan.generator())
        values[3] = np.round(values[3] * 5 ** (np.arange(104) / 104))
        values[4, 80:88] *= 4
        assert figures(tmp_path, plan, {"hours": values}, kinds=["shift"]) == []


def test_an_old_change_is_less_news(tmp_path: Path) -> None:
    """A change that has held for longer than half a year is told still, and counts for less the older it is."""
    plan = Plan(2, 20, 110, noise="quiet")
    now = (FIRST + LENGTH["week"] * 111).replace(tzinfo=UTC)
    novelty = []
    for ago in (20, 40, 60):
        values = levels(plan, plan.generator())
        values[3, -ago:] *= 4
        found = figures(tmp_path, plan, {"hours": values}, kinds=["shift"], as_of=now, shelf_life="default")
        novelty += [one.parts["novelty"] for one in found]
    assert novelty == sorted(novelty, reverse=True)
    assert len(set(novelty)) == 3


def test_chance_is_counted_out() -> None:
    """The bound is exact where few pairs are out of order: against all arrangements."""
    n, few = 9, 4
    arrangements = list(itertools.combinations(range(n), few))
    for least in range(5):
        out_of_order = [sum(n - 1 - at for at in places) - few * (few - 1) // 2 for places in arrangements]
        assert math.isclose(
            counted(least, few, n), sum(pairs <= least for pairs in out_of_order) / len(arrangements), rel_tol=1e-9
        )


def test_the_facts_of_a_shift_are_those_of_the_file(tmp_path: Path) -> None:
    """Levels before and after, ratio and date, computed from the rows by hand."""
    plan = Plan(1, 20, 110)
    figure, ago = planted(tmp_path, plan)
    one = figure[0]
    facts = told(one)
    values = [value for _, value in column(tmp_path, str(one.subject))]
    before, after = median(values[-ago - 52 : -ago]), median(values[-ago:])
    assert (facts["before"], facts["after"], one.value, facts["periods"]) == (before, after, after, ago)
    assert math.isclose(facts["ratio"], after / before, abs_tol=0.005)
    assert facts["since"] == one.start == (FIRST + LENGTH["week"] * (110 - ago)).date()
    assert one.q is not None
    assert one.q < 0.05
