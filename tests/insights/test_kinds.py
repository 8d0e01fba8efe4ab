"""Each kind finds what was planted and says it with its evidence; a table of noise yields nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.config import load
from assistant.insights import KINDS, find, rank
from assistant.models import Insight
from assistant.stats import open_source

FIRST = date(2024, 1, 7)  # a Sunday
WEEKS = 60
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE: dict[str, Any] = {
    "path": "t.csv", "time": {"column": "week", "every": "week", "label": "end"}, "subject": "title",
    "dimensions": ["country"], "shelf_life": "none", "measures": {"hours": {"unit": "hours"}},
}  # fmt: skip
Shape = Callable[[int, str], float | None]


def table(folder: Path, planted: dict[str, Shape], *, seed: int = 1, weeks: int = WEEKS, others: int = 14) -> None:
    """A table of quiet titles and of planted ones; a shape gives the factor of a week and country, None for absent."""
    chance = random.Random(seed)
    lines = ["week,title,country,hours"]
    level = {f"Quiet {n}": 1000 * 1.35**n for n in range(others)}
    for week in range(weeks):
        for title, base in {**level, **dict.fromkeys(planted, 20_000.0)}.items():
            for country in ("France", "Japan"):
                factor = planted[title](week, country) if title in planted else 1.0
                noise = chance.lognormvariate(0, 0.03)
                if factor is not None:
                    lines.append(f"{FIRST + timedelta(weeks=week)},{title},{country},{round(base * factor * noise)}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def figures(folder: Path, as_of: datetime = AS_OF, **changes: Any) -> list[Insight]:
    (folder / "config.yaml").write_text(yaml.safe_dump({"sources": {"s": {**SOURCE, **changes}}}), encoding="utf-8")
    config = load(folder / "config.yaml")
    with open_source("s", config.sources["s"], config, as_of=as_of) as read:
        return find(read, config, as_of=as_of)


def of(found: list[Insight], kind: str, subject: str) -> list[Insight]:
    return [one for one in found if (one.kind, one.subject) == (kind, subject)]


def value(one: Insight, name: str) -> Any:
    fact = one.fact(name)
    assert fact is not None, name
    return fact.value


def test_a_record_is_found_with_what_it_had_to_beat(tmp_path: Path) -> None:
    """Three times the usual in week 50: highest ever, over everything, with the figure that it beat."""
    table(tmp_path, {"Planted": lambda week, _: 3.0 if week == 50 else 1.0})
    one = of(figures(tmp_path), "record", "Planted")[0]
    assert (one.start, one.end) == (FIRST + timedelta(weeks=50, days=-6), FIRST + timedelta(weeks=50))
    assert one.where == {}, "the broadest true thing is said, not one country"
    assert one.params["direction"] == "high"
    assert value(one, "periods") == WEEKS - 1
    assert value(one, "previous") < one.value / 2
    assert one.q is not None
    assert one.q < 0.05
    assert one.query.startswith("SELECT")
    assert "'Planted'" in one.query


def test_a_record_in_one_place_only_is_told_there(tmp_path: Path) -> None:
    """Highest in Japan, ordinary in France: told of Japan."""
    shape: Shape = lambda week, country: 1.6 if (week, country) == (50, "Japan") else (0.4 if week == 50 else 1.0)  # noqa: E731
    table(tmp_path, {"Planted": shape})
    assert [one.where for one in of(figures(tmp_path), "record", "Planted")] == [{"country": "Japan"}]


def test_the_best_since_names_when_it_was_higher(tmp_path: Path) -> None:
    """Higher only in week 5: the best since that week."""
    table(tmp_path, {"Planted": lambda week, _: {5: 4.0, 55: 2.5}.get(week, 1.0)})
    one = of(figures(tmp_path), "best_since", "Planted")[0]
    assert one.end == FIRST + timedelta(weeks=55)
    assert value(one, "since") == FIRST + timedelta(weeks=5)
    assert value(one, "periods") == 50
    assert value(one, "since_value") > one.value


def test_streaks_of_each_mode(tmp_path: Path) -> None:
    """Rising for ten weeks; in first place for twenty."""
    shapes: dict[str, Shape] = {
        "Riser": lambda week, _: 0.3 if week == 48 else 0.2 * 1.25 ** max(0, week - 49),
        "Leader": lambda week, _: 60.0 if 30 <= week < 50 else 1.0,
        **{f"Rival {n}": lambda _week, _country: 30.0 for n in range(5)},  # who take turns, by chance
    }
    table(tmp_path, shapes)
    found = figures(tmp_path)
    rising = next(one for one in of(found, "streak", "Riser") if one.params["mode"] == "rising")
    assert (value(rising, "length"), rising.unit, rising.end) == (10, "weeks", FIRST + timedelta(weeks=59))
    first = next(one for one in of(found, "streak", "Leader") if one.params["mode"] == "first")
    assert (value(first, "length"), value(first, "level")) == (20, 1)
    assert first.people is None


def test_being_in_the_table_for_long_is_a_streak_where_others_come_and_go(tmp_path: Path) -> None:
    """Forty weeks in a chart where titles last two."""
    shapes: dict[str, Shape] = {f"Guest {n}": (lambda week, _, n=n: 1.0 if week // 2 == n else None) for n in range(30)}  # type: ignore[misc]
    table(tmp_path, {**shapes, "Resident": lambda week, _: 1.0 if week >= 20 else None}, others=0)
    one = of(figures(tmp_path), "streak", "Resident")[0]
    assert (one.params["mode"], value(one, "length"), value(one, "since")) == (
        "present",
        40,
        FIRST + timedelta(weeks=20, days=-6),
    )


def test_a_milestone_is_a_round_total_that_few_have_reached(tmp_path: Path) -> None:
    """One title of eleven passes five million; the total is the table's."""
    table(tmp_path, {"Planted": lambda _week, _country: 4.0}, others=10)
    best = of(figures(tmp_path), "milestone", "Planted")
    assert [value(one, "threshold") for one in best] == [5_000_000]
    assert 5_000_000 <= value(best[0], "total") < 5_300_000
    assert best[0].q is None


def test_a_comeback_counts_the_weeks_away(tmp_path: Path) -> None:
    """Away for thirty weeks that the table has."""
    table(tmp_path, {"Planted": lambda week, _: None if 20 <= week < 50 else 1.0})
    one = of(figures(tmp_path), "comeback", "Planted")[0]
    assert (value(one, "absence"), value(one, "last_seen")) == (30, FIRST + timedelta(weeks=19))


def test_weeks_that_the_table_lacks_are_no_absence(tmp_path: Path) -> None:
    """A delivery that failed for ten weeks makes no comebacks."""
    table(tmp_path, {"Planted": lambda _week, _country: 1.0})
    rows = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    missing = {str(FIRST + timedelta(weeks=week)) for week in range(30, 40)}
    kept = [row for row in rows if row.split(",")[0] not in missing]
    (tmp_path / "t.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = figures(tmp_path)
    assert [one for one in found if one.kind in ("comeback", "streak")] == []
    assert all(any("10 weeks are missing" in caution for caution in one.cautions) for one in found)


def test_an_overtaking_after_long_is_found(tmp_path: Path) -> None:
    """Behind for 55 weeks, ahead now."""
    shapes: dict[str, Shape] = {
        "Hare": lambda _week, _country: 30.0,
        "Tortoise": lambda week, _: 20.0 if week < 55 else 45.0,
    }
    table(tmp_path, shapes)
    one = next(one for one in of(figures(tmp_path), "overtake", "Tortoise") if value(one, "other") == "Hare")
    assert (one.start, value(one, "behind")) == (FIRST + timedelta(weeks=55, days=-6), 55)
    assert value(one, "gap") == one.value - value(one, "other_value") > 0


def test_only_the_large_middle_of_a_cohort_scores(tmp_path: Path) -> None:
    """3,749 people are told first; 53 score low; nine are not even printed."""
    (tmp_path / "c.csv").write_text("title,people,days\nTea,3749,5\nRain,53,18\nFog,9,31\n", encoding="utf-8")
    cohort = {
        "path": "c.csv",
        "subject": "title",
        "cohort": {"people": "people", "times": "days", "behaviour": {"en": "x"}},
    }
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({"sources": {"s": cohort}}), encoding="utf-8")
    config = load(tmp_path / "config.yaml")
    with open_source("s", config.sources["s"], config, as_of=AS_OF) as read:
        found = find(read, config, as_of=AS_OF)
    assert [(one.subject, one.people) for one in found] == [("Tea", 3749), ("Rain", 53)]
    assert found[0].score > found[1].score + 0.2
    assert found[0].counts == "people"


@pytest.mark.parametrize("seed", range(5))
def test_a_table_of_noise_yields_nothing(tmp_path: Path, seed: int) -> None:
    """Twenty equal titles, three countries, two years of chance: nothing is worth telling."""
    chance = random.Random(seed)
    lines = ["week,title,country,hours"]
    lines += [
        f"{FIRST + timedelta(weeks=week)},Show {title},{country},{round(chance.lognormvariate(9, 0.4))}"
        for week in range(100) for title in range(20) for country in ("A", "B", "C")
    ]  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert figures(tmp_path) == []


def test_only_figures_within_their_shelf_life_are_told(tmp_path: Path) -> None:
    """A record of ten weeks ago is not told where figures keep for four."""
    table(tmp_path, {"Planted": lambda week, _: 3.0 if week == WEEKS - 10 else 1.0})
    assert of(figures(tmp_path), "record", "Planted")
    end = FIRST + timedelta(weeks=WEEKS - 1)
    config = load(tmp_path / "config.yaml")
    source = config.sources["s"].model_copy(update={"shelf_life": "default"})
    as_of = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=2)
    with open_source("s", source, config, as_of=as_of) as read:
        assert of(find(read, config, as_of=as_of), "record", "Planted") == []


def test_a_figure_keeps_its_shape_and_its_id(tmp_path: Path) -> None:
    """The contract's members are there, JSON and back is the same, and another run gives the same ids."""
    table(tmp_path, {"Planted": lambda week, _: 3.0 if week == 50 else (None if week < 5 else 1.0)})
    found = figures(tmp_path)
    again = figures(tmp_path)
    assert [one.id for one in found] == [one.id for one in again]
    for one in found:
        shape = json.loads(json.dumps(one.to_json()))
        assert {"id", "kind", "source", "measure", "subject", "where", "start", "end", "value", "unit", "comparison", "people",
                "score", "parts", "q", "cautions", "query"} <= shape.keys()  # fmt: skip
        assert Insight.from_json(shape) == one
        assert 0 <= one.score <= 1
        assert set(one.parts) == {"impact", "surprise", "simplicity", "robustness", "novelty"}
        assert one.kind in KINDS


def test_the_ranking_is_diverse(tmp_path: Path) -> None:
    """The first figures are not all about one title, nor one event in two measures."""
    table(
        tmp_path,
        {"Star": lambda week, _: 3.0 if week == 50 else 1.0, "Other": lambda week, _: 2.5 if week == 52 else 1.0},
    )
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    doubled = [f"{line},{line.rpartition(',')[2]}" if at else f"{line},plays" for at, line in enumerate(lines)]
    (tmp_path / "t.csv").write_text("\n".join(doubled) + "\n", encoding="utf-8")
    found = rank(figures(tmp_path, measures={"hours": {"unit": "hours"}, "plays": {"unit": "plays"}}))
    assert {one.subject for one in found[:2]} == {"Star", "Other"}


def test_the_real_table_gives_figures_of_several_kinds(tmp_path: Path, shared: Path) -> None:
    """A weekly top ten of five years: the title that stayed 57 weeks is found, and it is true."""
    path = shared / "data" / "netflix_top10" / "all-weeks-global.tsv"
    found = figures(
        tmp_path, datetime(2026, 8, 1, tzinfo=UTC), path=str(path), subject="show_title", dimensions=["category"],
        measures={"weekly_hours_viewed": {"unit": "hours"}},
    )  # fmt: skip
    longest = max((one for one in found if one.kind == "streak"), key=lambda one: one.value)
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    weeks = sorted({row[0] for row in rows if row[3] == longest.subject})
    assert longest.subject == "KPop Demon Hunters"
    assert (
        len([week for week in weeks if longest.start.isoformat() <= week <= longest.end.isoformat()]) == longest.value
    )
    assert {one.kind for one in found} >= {"streak", "comeback", "milestone"}
