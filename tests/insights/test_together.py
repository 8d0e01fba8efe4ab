"""Two that move together are found among many; what rises, falls or has a season with all others is no pair."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.models import Insight
from insights.planted_more import Plan, column, figures, levels, noises, told, varied


def planted(folder: Path, plan: Plan) -> tuple[list[Insight], int]:
    """The first two subjects share what happens to them, or one gets what the other loses; the sign."""
    chance, values = np.random.default_rng([plan.seed, 9]), levels(plan, plan.generator())
    sign = 1 if plan.seed % 2 else -1
    moved = chance.normal(0, chance.uniform(0.7, 1), plan.periods)
    usual = np.median(values)
    values[:2] = np.round(100 + usual * 20 * values[:2] / np.median(values[:2], axis=1, keepdims=True)
                          * np.exp([moved, sign * moved]))  # fmt: skip
    return figures(folder, plan, {"hours": values}, kinds=["together"]), sign


def test_two_that_move_together_or_against_each_other_are_found(tmp_path: Path) -> None:
    """Of forty tables unlike each other, in at least 95 of 100; and no other pair."""
    found = others = 0
    for seed in range(40):
        figure, sign = planted(tmp_path, varied(seed))
        pairs = [({one.subject, told(one)["other"]}, np.sign(one.value)) for one in figure]
        found += ({"Show 0000", "Show 0001"}, sign) in pairs
        others += len(pairs) - (({"Show 0000", "Show 0001"}, sign) in pairs)
    assert found >= 38
    assert others <= 2


@pytest.mark.parametrize("seed", range(2))
def test_no_pair_is_found_in_noise(tmp_path: Path, seed: int) -> None:
    """Neither seasons, shared or not, nor weeks that resemble each other make a pair."""
    scattered = Plan(seed, 50, 200, "day", season=0.4, cycle=7, scattered=True)
    for plan in (*noises(seed), scattered, Plan(seed, 2000, 104, noise="exponential")):
        assert figures(tmp_path, plan, {"hours": levels(plan, plan.generator())}, kinds=["together"]) == []


def test_two_that_both_rise_do_not_move_together(tmp_path: Path) -> None:
    """A trend that two have is no connection between them."""
    plan = Plan(5, 20)
    values = levels(plan, plan.generator())
    values[3:5] = np.round(values[3:5] * 6 ** (np.arange(104) / 104))
    assert figures(tmp_path, plan, {"hours": values}, kinds=["together"]) == []


def test_no_subject_is_told_twice(tmp_path: Path) -> None:
    """Of four that move as one, two pairs are told."""
    plan = Plan(6, 20)
    values = levels(plan, plan.generator())
    values[:4] = np.round(values[:4] * np.exp(np.random.default_rng(1).normal(0, 1, 104)) * 10)
    found = figures(tmp_path, plan, {"hours": values}, kinds=["together"])
    named = [name for one in found for name in (one.subject, told(one)["other"])]
    assert sorted(map(str, named)) == [f"Show {at:04d}" for at in range(4)]


def test_the_facts_of_a_pair_are_those_of_the_file(tmp_path: Path) -> None:
    """The connection and the weeks alike, computed from the rows by hand, in a table without a season."""
    plan = Plan(1, 4, 50)
    figure, _ = planted(tmp_path, plan)
    one = figure[0]
    facts = told(one)
    logs = [np.log([value for _, value in column(tmp_path, title)]) for title in (str(one.subject), facts["other"])]
    steps = [[later - earlier for earlier, later in pairwise(row)] for row in logs]
    ranks = [[sum(other < value for other in row) for value in row] for row in steps]
    middle = (len(ranks[0]) - 1) / 2
    product, *squares = (
        sum((a - middle) * (b - middle) for a, b in zip(*pair, strict=True))
        for pair in (ranks, ranks[:1] * 2, ranks[1:] * 2)
    )
    assert facts["rho"] == one.value == round(100 * product / (squares[0] * squares[1]) ** 0.5)
    assert facts["alike"] == sum((a > 0) == (b > 0) for a, b in zip(*steps, strict=True))
    assert (facts["periods"], one.unit) == (49, "percent")
    assert one.q is not None
    assert one.q < 0.05
