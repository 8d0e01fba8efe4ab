"""Seeded tables for the kinds that compare subjects: levels of many shapes, written as CSV, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.config import load
from assistant.insights import find
from assistant.models import Every, Insight
from assistant.stats import open_source

AS_OF = datetime(2040, 1, 1, tzinfo=UTC)
FIRST = datetime(2022, 1, 3, tzinfo=UTC)  # a Monday
STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
CYCLE = {"hour": 24, "day": 7, "week": 52.18, "month": 12}
Shape = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]


def _persistent(chance: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    found = chance.normal(0, 0.3, shape)
    for at in range(1, shape[1]):
        found[:, at] += 0.3 * found[:, at - 1]
    return np.asarray(np.exp(found))


# means near 1: what a period is of the subject's usual
SHAPES: Mapping[str, Shape] = {
    "lognormal": lambda chance, shape: chance.lognormal(0, 0.2, shape),
    "gamma": lambda chance, shape: chance.gamma(30, 1 / 30, shape),
    "poisson": lambda chance, shape: chance.poisson(40, shape) / 40,
    "persistent": _persistent,
    "normal": lambda chance, shape: np.abs(chance.normal(1, 0.25, shape)),
    "exponential": lambda chance, shape: chance.exponential(1, shape),
    "wild": lambda chance, shape: chance.lognormal(0, 1, shape),
    "few": lambda chance, shape: chance.poisson(4, shape) / 4,
}


@dataclass
class Sheet:
    """A table to be written: values by measure, subjects × periods, or places × subjects × periods; NaN is no row."""

    every: Every
    values: dict[str, np.ndarray]
    places: Sequence[str] = ()
    names: list[str] = field(default_factory=list)

    @property
    def periods(self) -> int:
        """How many."""
        return int(next(iter(self.values.values())).shape[-1])

    def time(self, at: int) -> datetime:
        """The first instant of a period."""
        if self.every == "month":
            return FIRST.replace(year=2015 + at // 12, month=at % 12 + 1, day=1)
        return FIRST + STEP[self.every] * at

    def name(self, subject: int) -> str:
        """What a subject is called."""
        return self.names[subject] if self.names else f"Title {subject:04d}"

    def lines(self) -> list[str]:
        """The table as CSV."""
        times = [self.time(at).replace(tzinfo=None).isoformat(sep=" ") for at in range(self.periods)]
        stacked = np.stack(list(self.values.values()), axis=-1)
        cubes = stacked if self.places else stacked[None]
        found = [",".join(["time", "title", "place", *self.values])]
        for place, cube in zip(self.places or [""], cubes, strict=True):
            for subject, series in enumerate(cube.tolist()):
                head = f"{self.name(subject)},{place}"
                found += [
                    f"{time},{head},{','.join(map(str, cells))}"
                    for time, cells in zip(times, series, strict=True)
                    if cells[0] == cells[0]
                ]
        return found


def noise(seed: int, shape: str = "lognormal", *, every: Every = "week", subjects: int = 20, periods: int = 104,
          season: float = 0.0, cycle: float | None = None, spread: float = 1.0) -> Sheet:  # fmt: skip
    """A table in which nothing happened: each subject at its own level, with chance and a season in common."""
    chance = np.random.default_rng([seed, subjects, periods])
    size = 20_000 * chance.lognormal(0, spread, (subjects, 1))
    wave = 1 + season * np.sin(2 * np.pi * np.arange(periods) / (cycle or CYCLE[every]))
    return Sheet(every, {"hours": np.maximum(1, np.round(size * wave * SHAPES[shape](chance, (subjects, periods))))})


def varied(seed: int, **changes: Any) -> Sheet:
    """One of many tables unlike each other: 8 to 60 subjects, daily, weekly or monthly, quiet shapes, with or without season."""
    chance = np.random.default_rng([seed, 5])
    every: Every = ("week", "day", "month")[seed % 3]
    fewest, most = {"week": (60, 130), "day": (90, 180), "month": (40, 80)}[every]
    shape = ("lognormal", "gamma", "poisson")[seed // 3 % 3]
    options: dict[str, Any] = {
        "every": every, "subjects": int(chance.integers(8, 61)), "periods": int(chance.integers(fewest, most)),
        "season": (0.0, 0.25)[seed // 2 % 2], **changes,
    }  # fmt: skip
    return noise(seed, shape, **options)


def nothing(seed: int) -> list[Sheet]:
    """Tables of chance alone: every shape, with yearly and weekly seasons, 50 subjects."""
    return [
        *(noise(seed, shape, subjects=50) for shape in SHAPES),
        noise(seed, subjects=50, periods=156, season=0.5),
        noise(seed, "persistent", subjects=50, every="day", periods=200, season=0.4),
        noise(seed, subjects=50, every="day", periods=400, season=0.4, cycle=365.25),
        noise(seed, "gamma", subjects=50, every="month", periods=72, season=0.4),
    ]


def found_in(folder: Path, sheet: Sheet, kinds: Sequence[str] | None = None, **source: Any) -> list[Insight]:
    """What is told of a table."""
    (folder / "t.csv").write_text("\n".join(sheet.lines()) + "\n", encoding="utf-8")
    declared: dict[str, Any] = {
        "path": "t.csv", "time": {"column": "time", "every": sheet.every}, "subject": "title", "shelf_life": "none",
        "dimensions": ["place"] if sheet.places else [], "measures": {name: {"unit": name} for name in sheet.values},
        **source,
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump({"sources": {"s": declared}}), encoding="utf-8")
    config = load(folder / "config.yaml")
    with open_source("s", config.sources["s"], config, as_of=AS_OF) as table:
        return find(table, config, kinds=kinds, as_of=AS_OF)


def value(one: Insight, name: str) -> Any:
    """A fact's value; the fact has to be there."""
    fact = one.fact(name)
    assert fact is not None, name
    return fact.value
