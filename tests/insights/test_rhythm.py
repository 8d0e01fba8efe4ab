"""A phase that stands out cycle after cycle is found; what all share is told once, what chance makes not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from assistant.models import Insight
from insights.planted_more import Plan, column, figures, levels, noises, told, varied


def phase_of(plan: Plan, time: datetime) -> int:
    """The weekday from 1, the hour from 0, the month from 1."""
    if plan.every == "hour":
        return time.hour
    return time.isoweekday() if plan.every == "day" else (time + timedelta(days=3 * (plan.every == "week"))).month


def planted(folder: Path, plan: Plan) -> tuple[list[Insight], int]:
    """One subject at two to three times its level in one phase of each cycle."""
    chance, values = np.random.default_rng([plan.seed, 7]), levels(plan, plan.generator())
    phase = int(chance.integers(1, {"hour": 24, "day": 8}.get(plan.every, 13)))
    when = np.array([phase_of(plan, time) == phase for time in plan.times()])
    row = 1000 + values[plan.subjects // 2] * 50
    values[plan.subjects // 2] = np.round(row * np.where(when, chance.uniform(2, 3), 1))
    return figures(folder, plan, {"hours": values}, kinds=["rhythm"]), phase


def long_enough(seed: int) -> Plan:
    """Years for months, weeks for weekdays, and now and then days for hours."""
    plan = varied(seed)
    if seed % 5 == 4:
        return replace(plan, every="hour", subjects=12, periods=500)
    return replace(plan, periods=max(plan.periods, {"week": 110, "day": 90, "month": 60}[plan.every]), season=0)


def test_a_phase_that_stands_out_is_found(tmp_path: Path) -> None:
    """Of forty tables unlike each other, in at least 95 of 100; and nobody else's."""
    found = others = 0
    for seed in range(40):
        plan = long_enough(seed)
        figure, phase = planted(tmp_path, plan)
        mine = [told(one)["phase"] for one in figure if one.subject == f"Show {plan.subjects // 2:04d}"]
        found += mine == [phase]
        others += len([one for one in figure if one.subject]) - len(mine)
    assert found >= 38
    assert others <= 3


@pytest.mark.parametrize("seed", range(2))
def test_in_noise_there_is_at_most_the_season_of_all(tmp_path: Path, seed: int) -> None:
    """Heavy tails make no rhythm; a season that all share is told once, of all."""
    tables = [*noises(seed), Plan(seed, 2000, 104, noise="exponential")]
    for plan in tables:
        found = figures(tmp_path, plan, {"hours": levels(plan, plan.generator())}, kinds=["rhythm"])
        assert len([one for one in found if one.subject]) <= 2 * bool(plan.scattered) + (plan.subjects > 1000)
        assert len(found) <= 2


def test_where_each_has_its_own_season_none_is_notable(tmp_path: Path) -> None:
    """Fifty high seasons of one size, spread over the week, are at most two figures."""
    plan = Plan(1, 50, 200, "day", season=0.4, cycle=7, scattered=True)
    assert len(figures(tmp_path, plan, {"hours": levels(plan, plan.generator())}, kinds=["rhythm"])) <= 2


def test_a_steady_rise_makes_no_best_month(tmp_path: Path) -> None:
    """What grows all year is highest in its last month, each year, and that is no rhythm."""
    plan = Plan(2, 20, 156)
    values = levels(plan, plan.generator())
    values[3] = np.round(values[3] * 4 ** (np.arange(156) / 52))
    assert figures(tmp_path, plan, {"hours": values}, kinds=["rhythm"]) == []


def test_a_table_without_subjects_has_a_rhythm_too(tmp_path: Path) -> None:
    """Twice as much on Saturdays, of everything."""
    plan = Plan(4, 1, 120, "day", "quiet")
    values = levels(plan, plan.generator())
    values[:, 5::7] *= 2
    found = figures(tmp_path, plan, {"hours": values}, kinds=["rhythm"], subject=None)
    assert [told(one)["phase"] for one in found] == [6]


def test_the_facts_of_a_rhythm_are_those_of_the_file(tmp_path: Path) -> None:
    """Ratio, weeks, and weeks in which it was the highest day, computed from the rows by hand."""
    plan = Plan(1, 20, 140, "day", "quiet")
    figure, phase = planted(tmp_path, plan)
    one = figure[0]
    rows = [
        (datetime.fromisoformat(day).isoweekday(), value) for day, value in column(tmp_path, str(one.subject))
    ]  # the first day is a Monday
    weeks = [rows[at : at + 7] for at in range(0, 140, 7)]
    over = [(day, value / median(v for _, v in week)) for week in weeks for day, value in week]
    ratio = median(v for day, v in over if day == phase) / median(v for day, v in over if day != phase)
    highest = sum(max(week, key=lambda cell: cell[1])[0] == phase for week in weeks)
    facts = told(one)
    assert (facts["phase"], facts["ratio"], facts["cycles"], facts["highest"]) == (phase, round(ratio, 2), 20, highest)
    assert (one.value, one.unit) == (facts["ratio"], "ratio")
    assert one.q is not None
    assert one.q < 0.05


def test_a_month_that_doubles_in_each_of_two_years_is_found(tmp_path: Path) -> None:
    """Twenty-four months of fifteen titles: in seven of eight tables the field tells how seldom a month is as high twice."""
    mine = others = 0
    for seed in range(8):
        plan = Plan(seed, 15, 24, "month", "quiet")
        values = levels(plan, plan.generator())
        values[6, 8::12] *= 2
        found = figures(tmp_path, plan, {"hours": values}, kinds=["rhythm"])
        right = [one for one in found if (one.subject, told(one)["phase"]) == ("Show 0006", 9)]
        mine, others = mine + len(right), others + len(found) - len(right)
    assert mine >= 7
    assert others <= 1


def test_who_has_more_of_the_common_rhythm_has_none_of_its_own(tmp_path: Path) -> None:
    """All rise on the same days, some by half as much again as others: that is told once, of all."""
    for seed in range(8):
        plan = Plan(seed, 40, 180, "day", "quiet")
        chance = plan.generator()
        wave = chance.uniform(0.2, 0.6, (40, 1)) * np.sin(2 * np.pi * np.arange(180) / 7).clip(0) ** 2
        found = figures(tmp_path, plan, {"hours": np.round(levels(plan, chance) * np.exp(wave))}, kinds=["rhythm"])
        assert len([one for one in found if one.subject]) <= 1
        assert len([one for one in found if not one.subject]) == 1
