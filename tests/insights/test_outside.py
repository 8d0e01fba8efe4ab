"""Facts planted by a generator that knows nothing of the finders are found by the pipeline; noise gives next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.config import load
from assistant.models import Every, Insight
from assistant.pipeline import figures
from insights import examiner, outside, strangers

FIRST = 30
SMALL = {"every": "week", "subjects": 50, "periods": 120, "places": 0, "size": 0.12}
KINDS_WITH_Q = {
    "record", "best_since", "streak", "jump", "debut", "outlier", "shift", "trend", "rhythm", "dominance", "over_index",
    "together", "devoted_cohort",
}  # fmt: skip


def told(folder: Path, world: outside.World, *, shelf_life: str | None = None) -> list[Insight]:
    """What the pipeline tells of a world, best first."""
    as_of = outside.write(folder, world, partial=world.seed % 2 == 0, shelf_life=shelf_life)
    found = figures(load(folder / "config.yaml"), as_of=as_of)
    assert found.problems == ()
    return list(found.insights)


def place(found: list[Insight], fact: outside.Fact) -> int | None:
    """Where a fact stands, from 0, under its kind and about its subject."""
    named = (at for at, one in enumerate(found) if one.kind == fact.kind and fact.subjects
             and {one.subject, one.comparison.get("other")} & set(fact.subjects))  # fmt: skip
    return next(named, None)


@pytest.mark.parametrize(("plant", "seed"), [(plant, 5 + at % 2) for at, plant in enumerate(outside.PLANTS)])
def test_a_fact_that_others_plant_is_found_and_stands_first(tmp_path: Path, plant: str, seed: int) -> None:
    """One fact of each kind, in weekly tables of fifty with lognormal and with gamma noise."""
    changes = {**SMALL, "places": 5 if plant == "over_index" else 0, "spread": 0.3 if plant == "first_place" else 1.0}
    world = outside.varied(seed, **changes)
    outside.PLANTS[plant](world)
    at = place(told(tmp_path, world), world.facts[0])
    assert at is not None
    assert at < FIRST


@pytest.mark.parametrize("kind", [*outside.NOISES, "negative binomial", "heavy", "pareto"])
def test_noise_of_fifty_series_gives_at_most_two_figures_with_a_q(tmp_path: Path, kind: str) -> None:
    """With a season and without, by week and by day, whatever it is distributed like."""
    for seed, every in enumerate(("week", "day")):
        season = 0.3 if seed else 0.0
        world = outside.world(seed, every=every, kind=kind, periods=110, season=season, size=0.3)  # type: ignore[arg-type]
        assert sum(one.kind in KINDS_WITH_Q for one in told(tmp_path, world)) <= 2


@pytest.mark.parametrize("plant", strangers.PLANTS)
def test_the_simplest_fact_of_each_kind_is_found(tmp_path: Path, plant: str) -> None:
    """A tripled value, forty percent more from two thirds on: in fifty weekly series, or in longer ones where it needs them."""
    shape = {"rhythm": "few and long", "anniversary": "yearly wave"}.get(plant, "fifty by week")
    world = strangers.planted(plant, shape, 3)
    assert world is not None
    at = place(told(tmp_path, world), world.facts[0])
    assert at is not None
    assert at < FIRST


@pytest.mark.parametrize("shape", [name for name in strangers.TABLES if "wave" not in name and name != "heavy"])
def test_noise_of_other_shapes_gives_at_most_two_figures_with_a_q(tmp_path: Path, shape: str) -> None:
    """Counts, walks, what remembers, what has gaps or zeros, few series and many, in four places and two measures."""
    world = strangers.world(shape, 5, measures=2, places=4)
    assert sum(one.kind in KINDS_WITH_Q for one in told(tmp_path, world)) <= 2


def test_the_program_itself_prints_what_was_planted(tmp_path: Path) -> None:
    """`assistant insights --kind K --as-of DATE --format jsonl`, nothing of that period before it was over, and nothing else: no
    library has a last word on standard error."""
    world = outside.varied(3, **SMALL)
    outside.record(world)
    as_of = outside.write(tmp_path, world)

    def printed(day: str) -> list[dict[str, object]]:
        command = [sys.executable, "-m", "assistant", "--config", str(tmp_path / "config.yaml"), "insights", "--kind", "record",
                   "--as-of", day, "--format", "jsonl"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        assert done.stderr == ""
        return [json.loads(line) for line in done.stdout.splitlines()]

    assert [one["subject"] for one in printed(f"{as_of:%Y-%m-%d}")][:1] == [world.facts[0].subjects[0]]
    before = world.start(world.periods - 1)
    assert all(str(one["end"]) < f"{before:%Y-%m-%d}" for one in printed(f"{before:%Y-%m-%d}"))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nineteen_of_twenty_facts_are_found_and_seven_of_ten_stand_first(tmp_path: Path) -> None:
    """Each kind alone, over tables unlike each other."""
    places = []
    for plant in outside.PLANTS:
        for seed in range(20):
            world = outside.alone(plant, seed)
            if world is not None:
                shelf_life = "none" if seed % 3 == 0 else None
                places += [place(told(tmp_path, world, shelf_life=shelf_life), fact) for fact in world.facts]
    assert sum(at is not None for at in places) >= 0.95 * len(places)
    assert sum(at is not None and at < FIRST for at in places) >= 0.7 * len(places)


@pytest.mark.long
@pytest.mark.parametrize("kind", [*outside.NOISES, "negative binomial", "heavy", "pareto"])
@pytest.mark.parametrize("every", ["week", "day"])
def test_noise_of_five_thousand_series_gives_at_most_two_figures_with_a_q(
    tmp_path: Path, kind: str, every: str
) -> None:
    """The more is looked at, the more it takes."""
    world = outside.world(1, every=every, subjects=5000, periods=104, kind=kind, size=0.3, season=0.3)  # type: ignore[arg-type]
    assert sum(one.kind in KINDS_WITH_Q for one in told(tmp_path, world)) <= 2


@pytest.mark.parametrize(
    "fact", [(name, every) for name, (_, grains) in examiner.FACTS.items() for every in grains[:1]]
)
def test_a_moderate_fact_in_an_ordinary_table_is_found(tmp_path: Path, fact: tuple[str, Every]) -> None:
    """As somebody would plant it who knows the list of kinds and no more."""
    paper = examiner.alone(*fact, 0 if fact[0] == "present" else 1)
    as_of = examiner.write(tmp_path, paper)
    found = list(figures(load(tmp_path / "config.yaml"), as_of=as_of).insights)
    at = examiner.place(found, paper.facts[0])
    assert at is not None
    assert at < FIRST


def test_most_of_twenty_facts_in_one_table_stand_first(tmp_path: Path) -> None:
    """They compete: seven of ten are among the first thirty."""
    paper = examiner.whole(2)
    as_of = examiner.write(tmp_path, paper)
    found = list(figures(load(tmp_path / "config.yaml"), as_of=as_of).insights)
    places = [examiner.place(found, fact) for fact in paper.facts]
    assert sum(at is not None and at < FIRST for at in places) >= 0.7 * len(places)
