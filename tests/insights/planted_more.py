"""Tables with one fact planted in noise, and tables of noise alone: seeded, of many sizes, grains and distributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.config import load
from assistant.insights import find
from assistant.models import Every, Insight
from assistant.stats import open_source

Levels = Callable[[np.random.Generator, int, int], np.ndarray]
LENGTH = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
FIRST = datetime(2023, 1, 2)  # noqa: DTZ001 (a Monday, as labels are written)
AS_OF = datetime(2035, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """The shape of a table: how many subjects and periods, the grain, the season's size, and how it is distributed."""

    seed: int
    subjects: int = 20
    periods: int = 104
    every: Every = "week"
    noise: str = "lognormal"
    season: float = 0.0
    cycle: float = 52.18
    scattered: bool = False  # whether each subject has its own high season

    def times(self) -> list[datetime]:
        """The first instant of each period."""
        if self.every == "month":
            return [FIRST.replace(year=2019 + at // 12, month=at % 12 + 1, day=1) for at in range(self.periods)]
        return [FIRST + LENGTH[self.every] * at for at in range(self.periods)]

    def generator(self) -> np.random.Generator:
        """Chance, the same each time."""
        return np.random.default_rng([self.seed, self.subjects, self.periods, len(self.noise)])


def levels(plan: Plan, chance: np.random.Generator) -> np.ndarray:
    """Noise of mean about 1, a row a subject: what the figures would be if nothing had happened."""
    shape = (plan.subjects, plan.periods)
    size = 10_000 * chance.lognormal(0, 1, (plan.subjects, 1))
    phase = chance.uniform(0, 2 * np.pi, (plan.subjects, 1)) if plan.scattered else 0
    waves = 1 + plan.season * np.sin(2 * np.pi * np.arange(plan.periods) / plan.cycle + phase)
    return np.asarray(np.maximum(1, np.round(size * waves * _NOISE[plan.noise](chance, *shape))))


def _persistent(chance: np.random.Generator, subjects: int, periods: int) -> np.ndarray:
    """AR(1) with 0.3, on logarithms."""
    found = chance.normal(0, 0.3, (subjects, periods))
    for at in range(1, periods):
        found[:, at] += 0.3 * found[:, at - 1]
    return np.exp(found)


_NOISE: Mapping[str, Levels] = {
    "quiet": lambda chance, *shape: chance.lognormal(0, 0.12, shape),
    "lognormal": lambda chance, *shape: chance.lognormal(0, 0.3, shape),
    "wild": lambda chance, *shape: chance.lognormal(0, 1, shape),
    "gamma": lambda chance, *shape: chance.gamma(12, 1 / 12, shape),
    "normal": lambda chance, *shape: np.abs(chance.normal(1, 0.25, shape)),
    "exponential": lambda chance, *shape: chance.exponential(1, shape),
    "poisson": lambda chance, *shape: chance.poisson(12, shape) / 12,
    "persistent": _persistent,
}


def write(folder: Path, plan: Plan, values: Mapping[str, np.ndarray], dims: Sequence[str] = ()) -> None:
    """A CSV of measures by period, subject and (with `dims`) place: arrays of (places ×) subjects × periods."""
    times = [time.isoformat(sep=" ") for time in plan.times()]
    arrays = {name: array if dims else array[None] for name, array in values.items()}
    lines = ["time,title," + ("country," if dims else "") + ",".join(arrays)]
    for place, rows in enumerate(zip(*arrays.values(), strict=True)):
        where = f"{dims[place]}," if dims else ""
        for subject, row in enumerate(zip(*rows, strict=True)):
            head = f",Show {subject:04d},{where}"
            cells = (",".join(map(str, cell)) for cell in np.stack(row, axis=1).tolist())
            lines += [f"{time}{head}{cell}" for time, cell in zip(times, cells, strict=True) if "nan" not in cell]
    (folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def figures(folder: Path, plan: Plan, values: Mapping[str, np.ndarray], *, kinds: Sequence[str] | None = None,
            dims: Sequence[str] = (), as_of: datetime = AS_OF, **changes: Any) -> list[Insight]:  # fmt: skip
    """What is found in a table of such values."""
    write(folder, plan, values, dims)
    source: dict[str, Any] = {
        "path": "t.csv", "time": {"column": "time", "every": plan.every}, "subject": "title", "shelf_life": "none",
        "measures": {name: {"unit": name} for name in values}, **({"dimensions": ["country"]} if dims else {}), **changes,
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump({"sources": {"s": source}}), encoding="utf-8")
    config = load(folder / "config.yaml")
    with open_source("s", config.sources["s"], config, as_of=as_of) as table:
        return find(table, config, kinds=kinds, as_of=as_of)


def varied(seed: int, *, noises: Sequence[str] = ("quiet", "lognormal", "gamma", "poisson", "persistent")) -> Plan:
    """Tables unlike each other: weekly, daily and monthly, 8 to 60 subjects, with and without a season."""
    chance = np.random.default_rng([seed, 77])
    every: Every = ("week", "day", "month")[seed % 3]
    fewest, most, cycle = {"week": (70, 160, 52.18), "day": (120, 400, 7.0), "month": (40, 84, 12.0)}[every]
    return Plan(
        seed, int(chance.integers(8, 61)), int(chance.integers(fewest, most)), every, noises[seed % len(noises)],
        season=(0.0, 0.3)[seed // 2 % 2], cycle=cycle,
    )  # fmt: skip


def noises(seed: int) -> list[Plan]:
    """Tables in which nothing happened, with everything that could look like something."""
    plain = [Plan(seed, noise=noise, subjects=50) for noise in _NOISE if noise != "quiet"]
    return [
        *plain,
        Plan(seed, 50, 120, season=0.5),
        Plan(seed, 50, 140, noise="quiet", season=0.5, scattered=True),
        Plan(seed, 50, 200, "day", season=0.4, cycle=7),
        Plan(seed, 50, 400, "day", "quiet", season=0.4, cycle=365.25),
        Plan(seed, 50, 60, "month", season=0.4, cycle=12),
    ]


def told(one: Insight) -> dict[str, Any]:
    """The facts by name."""
    return {fact.name: fact.value for fact in one.facts}


def column(folder: Path, subject: str, measure: str = "hours") -> list[tuple[str, float]]:
    """One subject's periods and values, read from the file by hand."""
    lines = (folder / "t.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
    return sorted((row["time"][:10], float(row[measure])) for row in rows if row["title"] == subject)
