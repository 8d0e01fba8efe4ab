"""A pair of subject and place that stands out of all pairs is found, whatever the sizes of both; noise gives none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.models import Insight
from insights.planted_more import Plan, figures, levels, told, varied

PLACES = ("France", "Japan", "Chad", "Peru", "Laos", "Oman")


def cells(plan: Plan, chance: np.random.Generator, places: int, spread: float) -> np.ndarray:
    """Subjects in places of unlike size, each pair with a liking of its own."""
    sizes = chance.lognormal(0, 0.7, (places, 1, 1)) * chance.lognormal(0, spread, (places, plan.subjects, 1))
    base = levels(plan, plan.generator())
    noise = np.stack([row / np.median(row) for row in levels(plan, chance)])
    return np.asarray(
        np.round(1 + base * sizes * chance.lognormal(0, 0.1, (places, 1, 1)) * chance.permuted(noise, axis=1))
    )


def planted(folder: Path, plan: Plan) -> tuple[list[Insight], np.ndarray, int]:
    """The middle subject has four to six times its share in one place."""
    chance = np.random.default_rng([plan.seed, 8])
    places = int(chance.integers(3, 7))
    values = cells(plan, chance, places, (0, 0.1, 0.2)[plan.seed % 3])
    where, subject = int(chance.integers(places)), plan.subjects // 2
    values[:, subject] = values.mean(axis=1).round() + 100
    values[where, subject] = np.round(values[where, subject] * chance.uniform(4, 6))
    found = figures(folder, plan, {"hours": values}, kinds=["over_index"], dims=PLACES[:places], shelf_life="none")
    return found, values, where


def test_a_place_with_far_more_of_it_is_found(tmp_path: Path) -> None:
    """Of forty tables unlike each other, in at least 95 of 100; and nobody else's."""
    found = others = 0
    for seed in range(40):
        plan = varied(seed)
        figure, _, where = planted(tmp_path, Plan(plan.seed, plan.subjects, 30, plan.every, plan.noise))
        mine = [one for one in figure if one.subject == f"Show {plan.subjects // 2:04d}"]
        found += {"country": PLACES[where]} in [one.where for one in mine]
        others += len(figure) - len(mine)
    assert found >= 38
    assert others <= 2


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("noise", ["lognormal", "wild", "exponential", "poisson", "persistent"])
def test_no_place_is_found_in_noise(tmp_path: Path, seed: int, noise: str) -> None:
    """Neither heavy tails nor tastes that differ a little from place to place make a figure."""
    for subjects, spread in ((50, 0.0), (50, 0.3), (12, 1.0), (400, 0.0)):
        plan = Plan(seed, subjects, 14, noise=noise)
        values = cells(plan, np.random.default_rng([seed, 3]), 4, spread)
        found = figures(tmp_path, plan, {"hours": values}, kinds=["over_index"], dims=PLACES[:4])
        assert len(found) <= 1


def test_a_subject_in_one_place_only_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    """What Japan alone has is no figure about its liking for it."""
    plan = Plan(1, 30, 20)
    values = cells(plan, np.random.default_rng(2), 4, 0.1)
    values[[0, 2, 3], 5] = np.nan
    assert figures(tmp_path, plan, {"hours": values}, kinds=["over_index"], dims=PLACES[:4]) == []


def test_two_at_once_do_not_hide_each_other(tmp_path: Path) -> None:
    """Two subjects that two places like are both told."""
    plan = Plan(3, 30, 20)
    values = cells(plan, np.random.default_rng(2), 4, 0.1)
    values[1, 5] *= 6
    values[2, 9] *= 6
    found = figures(tmp_path, plan, {"hours": values}, kinds=["over_index"], dims=PLACES[:4])
    assert {(one.subject, one.where["country"]) for one in found} == {("Show 0005", "Japan"), ("Show 0009", "Chad")}


def test_the_facts_of_an_over_index_are_those_of_the_file(tmp_path: Path) -> None:
    """The shares there, elsewhere and everywhere, over twelve weeks, computed from the rows by hand."""
    plan = Plan(1, 20, 30)
    figure, _, where = planted(tmp_path, plan)
    one = figure[0]
    lines = [line.split(",") for line in (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[1:]]
    since = sorted({line[0] for line in lines})[-12]
    rows = [(title, country, float(hours)) for time, title, country, hours in lines if time >= since]
    here = [(title, hours) for title, country, hours in rows if country == PLACES[where]]
    there = [(title, hours) for title, country, hours in rows if country != PLACES[where]]

    def share(cells: list[tuple[str, float]]) -> float:
        return sum(hours for title, hours in cells if title == one.subject) / sum(hours for _, hours in cells)

    facts = told(one)
    assert facts["ratio"] == round(share(here) / share(there), 2)
    assert [facts[name] for name in ("share_here", "share_elsewhere", "share_everywhere")] == [
        float(f"{100 * share(cells):.3g}") for cells in (here, there, here + there)
    ]
    assert (one.value, one.unit, facts["periods"]) == (facts["share_here"], "percent", 12)
    assert one.start.isoformat() == since[:10]
    assert one.people is None
