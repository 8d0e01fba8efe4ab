"""Jumps, debuts, outliers, dominance, ties and anniversaries: what was planted is found; chance alone yields next to nothing."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from assistant.insights.chance import heaviness, lead, outstanding, straightened, tail_margin
from assistant.models import Every
from insights.planting import Sheet, found_in, noise, nothing, value, varied

TESTED = ("jump", "debut", "outlier", "dominance")
SEEDS = range(20)
MISSED = 1  # of twenty: 95 % are found
Plant = Callable[[int], tuple[Sheet, int]]


def _somewhere(seed: int, sheet: Sheet) -> tuple[np.ndarray, int, int]:
    """The values, a subject and one of the last periods."""
    chance = np.random.default_rng([seed, 3])
    values = sheet.values["hours"]
    return values, int(chance.integers(len(values))), sheet.periods - 1 - int(chance.integers(0, 12))


def _jumps(seed: int) -> tuple[Sheet, int]:
    """Eight times as much from one period to the next, for once or for good."""
    sheet = varied(seed)
    values, subject, at = _somewhere(seed, sheet)
    values[subject, at : None if seed % 2 else at + 1] *= 8 * values[subject, at - 1] / values[subject, at]
    return sheet, subject


def _climbs(seed: int) -> tuple[Sheet, int]:
    """From the last place of a steady list into the first three."""
    sheet = varied(seed, subjects=24 + seed)
    values, _, at = _somewhere(seed, sheet)
    order = np.arange(len(values))[:, None] + np.random.default_rng(seed).normal(0, 0.8, values.shape)
    order[-1, :at] = len(values) + 1
    order[-1, at:] = seed % 3
    sheet.values = {"rank": 1.0 + np.argsort(np.argsort(order, axis=0), axis=0)}
    return sheet, len(values) - 1


def _falls_once(seed: int) -> tuple[Sheet, int]:
    """An eighth of the usual, in one period."""
    sheet = varied(seed)
    values, subject, at = _somewhere(seed, sheet)
    values[subject, at] = np.round(np.median(values[subject, at - 7 : at]) / 8)
    return sheet, subject


def _out_of_season(seed: int) -> tuple[Sheet, int]:
    """A Tuesday like a Sunday, where Sundays bring eight times as much, and every title has its own."""
    sheet = noise(seed, every="day", subjects=8 + seed // 2, periods=180)
    values = sheet.values["hours"]
    for own in range(7):
        values[own::7, own::7] *= 8
    subject = seed % 10
    values[subject, 170 - (170 - subject) % 7 + 3] *= 7
    return sheet, subject


def _begins_big(seed: int) -> tuple[Sheet, int]:
    """The best debut of seventeen, eight times the second."""
    sheet = varied(seed, subjects=20 + seed, spread=0.5)
    values, _, at = _somewhere(seed, sheet)
    begun = np.random.default_rng(seed).integers(1, at, len(values))
    begun[17:] = 0
    values[np.arange(sheet.periods) < begun[:, None]] = np.nan
    best = max(values[subject, begun[subject]] for subject in range(1, 17))
    values[0, :at], values[0, at:] = np.nan, np.round(8 * best)
    return sheet, 0


def _dominates(seed: int) -> tuple[Sheet, int]:
    """Three fifths of the whole in the newest period."""
    sheet = varied(seed, subjects=14 + 2 * seed, spread=0.5)
    values, subject, _ = _somewhere(seed, sheet)
    values[subject, -1] = np.round(1.5 * np.delete(values[:, -1], subject).sum())
    return sheet, subject


def _ties(seed: int) -> tuple[Sheet, int]:
    """The second, or the third, has what the one before it has."""
    sheet = varied(seed)
    values, _, at = _somewhere(seed, sheet)
    order = np.argsort(-values[:, at])
    pair = order[seed % 2 : seed % 2 + 2]
    values[pair[1], at] = values[pair[0], at]
    return sheet, int(min(pair))


def _turns_a_year(seed: int) -> tuple[Sheet, int]:
    """The largest title was first seen a year, or two, before one of the last periods."""
    every: Every = ("week", "day", "month")[seed % 3]
    years = 1 + seed % 2
    sheet = noise(seed, every=every, subjects=8 + seed // 2, periods={"week": 150, "day": 780, "month": 60}[every])
    values, _, at = _somewhere(seed, sheet)
    subject = int(np.argmax(values.mean(axis=1)))
    values[subject] *= 3
    values[subject, : at - years * {"week": 52, "day": 365, "month": 12}[every]] = np.nan
    return sheet, subject


PLANTED: dict[str, tuple[str, Plant]] = {
    "jump in value": ("jump", _jumps), "jump in rank": ("jump", _climbs), "low outlier": ("outlier", _falls_once),
    "high outlier": ("outlier", _out_of_season), "debut": ("debut", _begins_big), "dominance": ("dominance", _dominates),
    "tie": ("tie", _ties), "anniversary": ("anniversary", _turns_a_year),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_planted_is_found_under_its_kind(tmp_path: Path, planted: str) -> None:
    """In nineteen of twenty tables unlike each other, and hardly anything besides."""
    kind, plant = PLANTED[planted]
    missed, besides = [], 0
    for seed in SEEDS:
        sheet, subject = plant(seed)
        ranks = {"measures": {"rank": {"unit": "rank", "better": "low"}}} if "rank" in sheet.values else {}
        found = {one.subject for one in found_in(tmp_path, sheet, [kind], **ranks)}
        missed += [] if sheet.name(subject) in found else [seed]
        besides += len(found - {sheet.name(subject)})
    assert len(missed) <= MISSED, missed
    assert besides <= 8 or kind in ("tie", "anniversary")


@pytest.mark.parametrize("seed", range(2))
def test_chance_alone_yields_next_to_nothing(tmp_path: Path, seed: int) -> None:
    """At most two figures of the kinds with a test, in tables of every shape and season."""
    for sheet in nothing(seed):
        assert len(found_in(tmp_path, sheet, TESTED)) <= 2


@pytest.mark.parametrize("shape", ["lognormal", "exponential"])
def test_two_thousand_series_of_chance_yield_next_to_nothing(tmp_path: Path, shape: str) -> None:
    """The more series there are, the further away the furthest is: that is paid for."""
    assert len(found_in(tmp_path, noise(7, shape, subjects=2000, periods=40), TESTED)) <= 2


@pytest.mark.parametrize("tail", ["normal", "laplace", "exponential"])
def test_the_gap_at_the_top_is_believed_as_often_as_it_should_be(tail: str) -> None:
    """One time in twenty, whether the tail is light or heavy, and whether ten stand out or none."""
    chance = np.random.default_rng(4)
    samples = [getattr(chance, tail)(size=2000) for _ in range(200)]
    ps = [outstanding(straightened(sample, sample))[0][1] for sample in samples]
    assert np.mean(np.array(ps) < 0.05) < 0.11
    several = np.concatenate([samples[0], np.full(10, samples[0].max() * 3) + np.arange(10) / 100])
    told = [at for at, p in outstanding(straightened(several, several)) if p < 0.01]
    assert sorted(told) == list(range(2000, 2010)), "ten that stand together do not hide each other"


def test_a_lead_of_few_or_of_none_proves_nothing() -> None:
    """Too few values, equal values, values that are all the same."""
    assert lead(np.array([9.0, 1, 1, 1])) == 1.0
    assert tail_margin(np.full(20, 3.0)) == 1.0
    assert lead(np.append(np.full(20, 3.0), 6.0)) < 1e-9


def _read(folder: Path) -> dict[str, dict[date, float]]:
    """The table's rows by title and day, by hand."""
    found: dict[str, dict[date, float]] = {}
    with (folder / "t.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["title"], {})[date.fromisoformat(row["time"][:10])] = float(row["hours"])
    return found


def test_a_jump_states_what_it_rose_from(tmp_path: Path) -> None:
    """Recomputed from the file: the value, the one of the week before, and their ratio."""
    sheet, subject = _jumps(6)
    one = next(one for one in found_in(tmp_path, sheet, ["jump"]) if one.subject == sheet.name(subject))
    weeks = _read(tmp_path)[sheet.name(subject)]
    assert isinstance(one.start, date)
    before = weeks[one.start - timedelta(weeks=1)]
    assert (one.value, value(one, "previous")) == (weeks[one.start], before)
    assert value(one, "previous_date") == one.start - timedelta(days=1)
    assert value(one, "ratio") == round(weeks[one.start] / before, 2) == 8
    assert one.q is not None
    assert one.q <= 0.05


def test_a_return_after_a_dip_is_no_jump(tmp_path: Path) -> None:
    """An eighth for a week, then as ever: eight times as much, and nothing has risen."""
    sheet = noise(3)
    sheet.values["hours"][4, 90] = np.round(sheet.values["hours"][4, 90] / 10)
    assert found_in(tmp_path, sheet, ["jump"]) == []


def test_an_outlier_states_what_is_usual(tmp_path: Path) -> None:
    """Recomputed from the file: the median of the same weekday in the eight weeks before."""
    sheet, subject = _out_of_season(2)
    one = next(one for one in found_in(tmp_path, sheet, ["outlier"]) if one.subject == sheet.name(subject))
    days = _read(tmp_path)[sheet.name(subject)]
    same = [days[one.start - timedelta(weeks=back)] for back in range(1, 9)]
    logs = statistics.median(np.log(same))
    assert value(one, "usual") == round(float(np.exp(logs)))
    assert value(one, "ratio") == round(one.value / float(np.exp(logs)), 2)
    assert one.params["direction"] == "high"
    assert one.value < max(days.values())


def test_what_is_the_highest_ever_is_no_outlier_too(tmp_path: Path) -> None:
    """The record says it."""
    sheet, subject = _jumps(9)
    found = found_in(tmp_path, sheet, ["record", "outlier"])
    assert [one.kind for one in found if one.subject == sheet.name(subject)] == ["record"]


def test_a_debut_states_the_second_best(tmp_path: Path) -> None:
    """Recomputed from the file: first weeks of all that were not there in the first."""
    sheet, _ = _begins_big(6)
    one = found_in(tmp_path, sheet, ["debut"])[0]
    titles = _read(tmp_path)
    begun = min(min(days) for days in titles.values())
    firsts = {title: days[min(days)] for title, days in titles.items() if min(days) > begun}
    best, second = sorted(firsts, key=firsts.__getitem__, reverse=True)[:2]
    assert (one.subject, one.value, value(one, "among")) == (best, firsts[best], len(firsts))
    assert (value(one, "previous_subject"), value(one, "previous")) == (second, firsts[second])
    assert value(one, "previous_date") == min(titles[second]) + timedelta(days=6)


def test_nobody_debuts_in_the_first_period_or_after_a_gap(tmp_path: Path) -> None:
    """Who is there when the table begins, or begins again, may have begun before."""
    sheet, _ = _begins_big(3)
    values = sheet.values["hours"]
    first = int(np.argmax(~np.isnan(values[0])))
    values[:, first - 3 : first] = np.nan
    assert found_in(tmp_path, sheet, ["debut"]) == []


def test_who_is_often_away_does_not_debut_soon(tmp_path: Path) -> None:
    """Where a third of the weeks is missing, a first week soon after the table's own may be a return; else it is none."""
    for away in (0.0, 0.33):
        sheet, _ = _begins_big(3)
        values = sheet.values["hours"]
        values[np.random.default_rng(3).random(values.shape) < away] = np.nan
        values[0, :2], values[0, 2:] = np.nan, 8 * np.nanmax(values[:17])
        told = {one.subject for one in found_in(tmp_path, sheet, ["debut"])}
        assert (sheet.name(0) in told) == (away == 0)


def test_dominance_in_one_place_states_its_share(tmp_path: Path) -> None:
    """Recomputed from the file: its part of the newest week there, and who comes second."""
    here, there = noise(1, subjects=20, spread=0.4), noise(2, subjects=20, spread=0.4)
    here.values["hours"][5, -1] = 600_000
    there.values["hours"][5, -1] = 1
    sheet = Sheet("week", {"hours": np.stack([here.values["hours"], 9 * there.values["hours"]])}, ["France", "Japan"])
    one = found_in(tmp_path, sheet, ["dominance"])[0]
    newest = dict(enumerate(here.values["hours"][:, -1]))
    second = max((subject for subject in newest if subject != 5), key=newest.__getitem__)
    assert (one.subject, one.where) == ("Title 0005", {"place": "France"})
    assert value(one, "share") == round(100 * 600_000 / sum(newest.values()), 1)
    assert (value(one, "second_subject"), value(one, "second")) == (sheet.name(second), newest[second])


def test_people_are_not_added_up_to_a_whole(tmp_path: Path) -> None:
    """Who viewed two titles would count twice: no share of them is told."""
    sheet, _ = _dominates(1)
    assert found_in(tmp_path, sheet, ["dominance"])
    people = {"measures": {"hours": {"unit": "viewers", "counts": "people"}}}
    assert found_in(tmp_path, sheet, ["dominance"], **people) == []


def test_a_tie_states_with_whom_and_for_which_place(tmp_path: Path) -> None:
    """Recomputed from the file: both have the same, and so many have more."""
    sheet, _ = _ties(5)
    one = found_in(tmp_path, sheet, ["tie"])[0]
    week = {title: days.get(one.start, 0) for title, days in _read(tmp_path).items()}
    assert one.subject is not None
    assert week[one.subject] == week[value(one, "other")] == one.value
    assert value(one, "level") == 1 + sum(other > one.value for other in week.values()) == 2


def test_where_ties_are_common_none_is_told(tmp_path: Path) -> None:
    """Small counts tie every other week."""
    sheet = noise(2, subjects=30)
    sheet.values["hours"] = np.random.default_rng(2).poisson(6, (30, 104)) + 1.0
    assert found_in(tmp_path, sheet, ["tie"]) == []


def test_an_anniversary_counts_from_the_first_day_seen(tmp_path: Path) -> None:
    """Recomputed from the file: the first week of the title, and the week that the same day falls into a year later."""
    sheet, subject = _turns_a_year(6)
    found = found_in(tmp_path, sheet, ["anniversary"])
    one = next(one for one in found if (one.subject, one.params["mode"]) == (sheet.name(subject), "first_seen"))
    weeks = _read(tmp_path)[sheet.name(subject)]
    since = min(weeks)
    assert (value(one, "since"), one.value, one.unit) == (since, 1, "years")
    assert one.start <= since.replace(year=since.year + 1) <= one.end
    assert value(one, "total") == sum(weeks.values())


def test_a_record_of_chance_has_no_anniversary(tmp_path: Path) -> None:
    """A year after ten times the usual is one; a year after the highest of noise is none."""
    sheet = noise(4)
    assert found_in(tmp_path, sheet, ["anniversary"]) == []
    largest = int(np.argmax(sheet.values["hours"].sum(axis=1)))
    sheet.values["hours"][largest, 40] *= 10
    one = found_in(tmp_path, sheet, ["anniversary"])[0]
    assert (one.subject, one.params["mode"], one.value) == (sheet.name(largest), "record", 1)
    assert value(one, "record") == sheet.values["hours"][largest, 40]
    assert value(one, "since") == sheet.time(40).date()


def test_a_table_without_subjects_is_read_too(tmp_path: Path) -> None:
    """One series for all: a jump of it is found, and the kinds about subjects say nothing."""
    sheet = noise(5, subjects=1)
    sheet.values["hours"][0, 100:] *= 8
    found = found_in(tmp_path, sheet, ["jump", "debut", "dominance", "tie", "anniversary"], subject=None)
    assert [(one.kind, one.subject, one.start) for one in found] == [("jump", None, sheet.time(100).date())]


def test_a_day_s_anniversary_is_told_on_the_day_itself(tmp_path: Path) -> None:
    """First seen 365 days before the newest day, with a leap day between: the year is full on the day that runs now."""
    sheet = noise(3, every="day", subjects=12, periods=820)
    sheet.values["hours"][4, : 820 - 366] = np.nan
    found = found_in(tmp_path, sheet, ["anniversary"])
    first = sheet.time(820 - 366)
    assert first.replace(year=first.year + 1) == sheet.time(820)
    assert [(one.value, one.start) for one in found if one.subject == "Title 0004"] == [(1, sheet.time(820).date())]


def test_a_share_that_crosses_a_half_is_found_among_few(tmp_path: Path) -> None:
    """Five titles, one of which has more than all others together for the first time."""
    for seed in range(5):
        sheet = noise(seed, subjects=5, spread=0.3)
        others = np.delete(sheet.values["hours"], 2, axis=0).sum(axis=0)
        chance = np.random.default_rng(seed)
        sheet.values["hours"][2] = np.round(others * chance.lognormal(np.log(0.7), 0.03, sheet.periods))
        assert found_in(tmp_path, sheet, ["dominance"]) == []
        sheet.values["hours"][2, -1] = np.round(1.3 * others[-1])
        assert [one.subject for one in found_in(tmp_path, sheet, ["dominance"])] == ["Title 0002"]


@pytest.mark.parametrize("index", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("planted", [0, 12])
def test_how_heavy_a_tail_is_does_not_hang_on_its_highest(index: float, planted: int) -> None:
    """Of generalised Pareto samples whose index is known, twelve of 6,000 far out or none: the median of twenty is near."""
    found = []
    for seed in range(20):
        chance = np.random.default_rng(seed)
        sample = chance.pareto(1 / index, 6000) if index else chance.exponential(size=6000)
        sample[:planted] = sample.max() * np.linspace(3, 30, planted)
        found.append(heaviness(sample))
    assert abs(statistics.median(found) - index) < (0.2 if planted else 0.1)
