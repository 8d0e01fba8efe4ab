"""Being near the top of two measures at once is told where few are; a first place, or one measure twice, is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.models import Insight
from insights.planted_more import Plan, figures, levels, told, varied

PLACES = ("France", "Japan")


def two_measures(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Hours, and plays that know little of them."""
    return levels(plan, plan.generator()), levels(plan, np.random.default_rng([plan.seed, 11]))


def planted(folder: Path, plan: Plan, **more: Any) -> list[Insight]:
    """The middle subject is second in both, behind one that leads in the one and one that leads in the other."""
    hours, plays = two_measures(plan)
    middle = plan.subjects // 2
    for values, leader in ((hours, 0), (plays, 1)):
        values[leader, -1] = values[:, -1].max() * 3
        values[middle, -1] = values[leader, -1] // 2
    hours[1, -1] = plays[0, -1] = 5
    return figures(folder, plan, {"hours": hours, "plays": plays}, kinds=["one_of_few"], **more)


def test_second_in_two_measures_at_once_is_found(tmp_path: Path) -> None:
    """Nobody else reaches both of its figures: in each of thirty tables unlike each other."""
    for seed in range(30):
        plan = varied(seed)
        found = [one for one in planted(tmp_path, plan) if one.subject == f"Show {plan.subjects // 2:04d}"]
        assert [told(one)["few"] for one in found] == [1]


def test_one_of_three_is_found(tmp_path: Path) -> None:
    """Three stand apart on both measures, each below the one before: the last is one of only three."""
    plan = Plan(2, 40)
    hours, plays = two_measures(plan)
    for place, subject in enumerate((0, 7, 8, 9)):
        hours[subject, -1], plays[subject, -1] = 900_000_000 - place * 200_000_000, 700_000_000 - place * 100_000_000
    plays[0, -1] = 5  # who leads in hours alone
    found = figures(tmp_path, plan, {"hours": hours, "plays": plays}, kinds=["one_of_few"])
    assert [(one.subject, told(one)["few"]) for one in found if told(one)["few"] > 1] == [
        ("Show 0008", 2),
        ("Show 0009", 3),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_there_are_at_most_three_for_two_measures(tmp_path: Path, seed: int) -> None:
    """However large the table: one a number, and none that leads in one of the measures."""
    plan = Plan(seed, 500, 20, noise="exponential")
    hours, plays = two_measures(plan)
    found = figures(tmp_path, plan, {"hours": hours, "plays": plays}, kinds=["one_of_few"])
    assert len(found) <= 3
    leaders = {f"Show {int(values[:, -1].argmax()):04d}" for values in (hours, plays)}
    assert not leaders & {one.subject for one in found}


def test_two_measures_of_one_thing_are_none(tmp_path: Path) -> None:
    """Minutes that are sixty times the hours make no second measure."""
    plan = Plan(1, 30)
    hours, _ = two_measures(plan)
    assert figures(tmp_path, plan, {"hours": hours, "minutes": hours * 60}, kinds=["one_of_few"]) == []


def test_in_a_place_it_must_be_without_an_equal(tmp_path: Path) -> None:
    """One figure a place, of one that has no equal there; not of who is there alone."""
    plan = Plan(1, 40, 10)
    pairs = [two_measures(Plan(seed, 40, 10)) for seed in (1, 2)]
    values = {name: np.stack([pair[at] for pair in pairs]) for at, name in enumerate(("hours", "plays"))}
    for array in values.values():
        array[0, 3] = np.nan  # in Japan alone
        array[1, 3] = np.sort(array[1, :, -1])[-2]
    found = figures(tmp_path, plan, values, kinds=["one_of_few"], dims=PLACES)
    there = [one for one in found if one.where]
    assert {told(one)["few"] for one in there} <= {1}
    assert "Show 0003" not in {one.subject for one in there}


def test_a_group_of_people_is_said_to_be_one(tmp_path: Path) -> None:
    """Where one of the measures counts people, the figure is theirs, whichever stands first in the config."""
    measures = {"hours": {"unit": "hours"}, "plays": {"unit": "viewers", "counts": "people"}}
    one = planted(tmp_path, Plan(4, 30), measures=measures)[0]
    assert (one.measure, one.counts, one.people) == ("plays", "people", one.value)
    assert one.unit == "viewers"


def test_the_facts_are_those_of_the_file(tmp_path: Path) -> None:
    """The two figures, how many reach them and among how many, computed from the rows by hand."""
    one = planted(tmp_path, Plan(3, 30, 20))[0]
    lines = [line.split(",") for line in (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[1:]]
    newest = max(line[0] for line in lines)
    now = {title: (float(hours), float(plays)) for time, title, hours, plays in lines if time == newest}
    mine = now[str(one.subject)]
    facts = told(one)
    assert (one.value, facts["second"], facts["among"]) == (*mine, len(now))
    assert facts["few"] == sum(hours >= mine[0] and plays >= mine[1] for hours, plays in now.values())
    assert one.start.isoformat() == newest[:10]
    assert one.q is None
