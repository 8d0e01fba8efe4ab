"""Tables as somebody else would plant facts in them: nothing here knows how the finders look for them.

A `World` is a table of noise (grain, size, season, distribution by its seed). `PLANTS` put one fact each into it, in the last
complete period; `write` makes a CSV and a config of it. The sizes of what is planted are drawn, not tuned.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.models import Every

STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
YEAR = {"hour": 8766, "day": 365, "week": 52, "month": 12}
PLACES = ("Brazil", "France", "Japan", "Kenya", "Spain")
MEASURES: Mapping[str, Any] = {"hours": {"unit": "hours"}, "viewers": {"unit": "viewers", "counts": "people"}}
SHARES = (0.4, 0.3, 0.2, 0.1, 0.1)
NOISES = ("lognormal", "gamma", "poisson", "persistent", "normal")


@dataclass(frozen=True)
class Fact:
    """What was planted: its kind, and the subjects of which one has to be named."""

    kind: str
    subjects: tuple[str, ...]


@dataclass
class World:
    """Totals by measure, subjects × periods, NaN where there is no row; the shares of places are drawn when it is written."""

    seed: int
    every: Every
    values: dict[str, np.ndarray]
    chance: np.random.Generator
    places: Sequence[str] = ()
    season: float = 0.0
    spread: float = 1.0
    size: float = 0.15
    free: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    shares: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def hours(self) -> np.ndarray:
        """The first measure."""
        return self.values["hours"]

    @property
    def periods(self) -> int:
        """How many."""
        return int(self.hours.shape[1])

    def take(self) -> int:
        """A subject in which nothing was planted yet, not one of the smallest."""
        return self.free.pop(int(self.chance.integers(0, max(1, len(self.free) * 2 // 3))))

    def between(self, low: float, high: float) -> float:
        """A drawn number."""
        return float(self.chance.uniform(low, high))

    def clear(self, low: float, high: float, deviations: float) -> float:
        """A drawn factor that nobody would take for this table's noise."""
        return max(self.between(low, high), float(np.exp(deviations * self.size)))

    def some(self, low: int, high: int) -> int:
        """A drawn number of periods, never more than a third of what there is."""
        return int(self.chance.integers(low, max(low + 1, min(high + 1, self.periods // 3))))

    def planted(self, kind: str, *subjects: int) -> None:
        """Remember a fact."""
        self.facts.append(Fact(kind, tuple(self.name(subject) for subject in subjects)))

    def name(self, subject: int) -> str:
        """What a subject is called."""
        return f"Title {subject:03d}"

    def scale(self, subject: int, at: Any, factor: Any) -> None:
        """The same for all measures: who is watched more has more of everything."""
        for values in self.values.values():
            values[subject, at] = values[subject, at] * factor

    def start(self, at: int) -> datetime:
        """The first instant of a period."""
        if self.every == "month":
            return datetime(2016 + at // 12, at % 12 + 1, 1, tzinfo=UTC)
        return datetime(2023, 1, 2, tzinfo=UTC) + STEP[self.every] * at


def noise(kind: str, chance: np.random.Generator, shape: tuple[int, int], size: float) -> np.ndarray:
    """Factors of mean about 1 and that relative deviation."""
    if kind == "gamma":
        return np.asarray(chance.gamma(size**-2, size**2, shape))
    if kind == "poisson":
        return np.asarray(chance.poisson(size**-2, shape) * size**2)
    if kind == "negative binomial":
        return np.asarray(chance.poisson(chance.gamma(2 * size**-2, 0.5, shape)) * size**2)
    if kind == "normal":
        return np.asarray(np.abs(chance.normal(1, 0.6 * size, shape)))
    if kind == "heavy":
        return np.asarray(np.abs(1 + size * chance.standard_t(3, shape)))
    if kind == "pareto":
        return np.asarray((1 + chance.pareto(1 / size, shape)) * (1 - size))
    if kind == "persistent":
        found = chance.normal(0, size, shape)
        for at in range(1, shape[1]):
            found[:, at] = 0.5 * found[:, at - 1] + np.sqrt(0.75) * found[:, at]
        return np.asarray(np.exp(found))
    return np.asarray(chance.lognormal(0, size, shape))


def world(seed: int, *, every: Every, subjects: int = 50, periods: int = 120, kind: str = "lognormal", size: float = 0.15,
          season: float = 0.0, places: int = 0, spread: float = 1.0) -> World:  # fmt: skip
    """A table in which nothing happened."""
    chance = np.random.default_rng([seed, subjects, periods])
    levels = np.sort(30_000 * chance.lognormal(0, spread, (subjects, 1)), axis=0)[::-1]
    cycle = {"hour": 24, "day": 7, "week": 52.18, "month": 12}[every]
    wave = 1 + season * np.sin(2 * np.pi * np.arange(periods) / cycle)
    own = {"hours": 1.0, "viewers": 0.4}
    values = {
        name: np.round(
            levels * (part * chance.lognormal(0, 0.0 if part == 1 else 0.5, (subjects, 1)))
            * wave * noise(kind, chance, (subjects, periods), size))
        for name, part in own.items()
    }  # fmt: skip
    return World(seed, every, values, chance, PLACES[:places], season, spread, size, free=list(range(subjects)))


def varied(seed: int, **changes: Any) -> World:
    """One of many tables unlike each other."""
    chance = np.random.default_rng([seed, 11])
    every: Every = ("week", "day", "week", "hour", "month")[seed % 5]
    low, high = {"week": (110, 170), "day": (370, 420), "hour": (24 * 21, 24 * 30), "month": (60, 90)}[every]
    many = every in ("week", "month") and seed % 4 == 0
    options: dict[str, Any] = {
        "every": every, "subjects": 300 if many else int(chance.integers(45, 60)),
        "periods": int(chance.integers(low, high)), "kind": NOISES[seed % len(NOISES)],
        "size": (0.08, 0.15, 0.25)[seed // 2 % 3], "season": (0.0, 0.3)[seed // 3 % 2],
        "places": 0 if many or every == "hour" else (0, 4)[seed % 2], "spread": (0.5, 1.0)[seed // 2 % 2], **changes,
    }  # fmt: skip
    return world(seed, **options)


# ── what is planted ──────────────────────────────────────────────────────────────────────────────────────────────────
def record(w: World) -> None:
    """The highest ever, by half or more."""
    s = w.take()
    top = {name: np.nanmax(values[s, :-1]) for name, values in w.values.items()}
    more = w.clear(1.5, 3, 3)
    for name, values in w.values.items():
        values[s, -1] = more * top[name]
    w.planted("record", s)


def best_since(w: World) -> None:
    """The highest since a higher one, many periods ago."""
    s, back = w.take(), w.some(15, 60)
    more, higher = w.clear(1.4, 2, 3), w.between(1.15, 1.6)
    for values in w.values.values():
        values[s, -1] = more * np.nanmax(values[s, -back:-1])
        values[s, -back - 1] = higher * max(values[s, -1], np.nanmax(values[s, : -back - 1]))
    w.planted("best_since", s)


def first_place(w: World) -> None:
    """First place for so many periods in a row, where others came first before."""
    s, long = w.take(), w.some(9, 16)
    for values in w.values.values():
        best = np.nanmax(np.delete(values, s, axis=0), axis=0)
        values[s, -long:] = best[-long:] * w.chance.uniform(1.05, 1.4, long)
    w.planted("streak", s)


def rising(w: World) -> None:
    """Higher than the period before, so many times in a row."""
    s, long = w.take(), w.some(8, 13)
    pace = w.chance.uniform(1.02, 1.09, long)
    for values in w.values.values():
        values[s, -long:] = values[s, -long - 1] * np.cumprod(pace)
    w.planted("streak", s)


def above(w: World) -> None:
    """Never below a level, higher than it usually is, for so many periods."""
    s, long = w.take(), w.some(12, 20)
    more = w.between(1.25, 1.6)
    for values in w.values.values():
        level = more * np.nanmedian(values[s])
        values[s, -long:] = level * w.chance.uniform(1.01, 1.2, long)
    w.planted("streak", s)


def present(w: World) -> None:
    """In the table for so many periods without a gap, where most come and go."""
    long = w.some(25, 40)
    for s in w.free:
        gone = w.chance.random(w.periods) < w.between(0.3, 0.6)
        gone[-1] = False
        w.scale(s, gone, np.nan)
    s = w.take()
    fresh = w.hours[w.free[0]] if w.free else w.hours[s]
    for values in w.values.values():
        values[s, -long:] = np.nanmedian(fresh) * w.chance.uniform(0.8, 1.2, long)
        values[s, -long - 1] = np.nan
    w.planted("streak", s)


def milestone(w: World) -> None:
    """The running total passes a round number that few have passed."""
    s = w.take()
    totals = np.sort(np.nansum(np.delete(w.hours, s, axis=0), axis=1))[::-1]
    least = totals[max(1, len(totals) // 25)]
    round_ones = [digit * 10.0**power for power in range(3, 13) for digit in (1, 2, 5)]
    threshold = next(one for one in round_ones if one > least)
    w.hours[s] = w.hours[s] * threshold / np.nansum(w.hours[s, :-1]) * (1 - w.between(0.05, 0.5) / w.periods)
    w.planted("milestone", s)


def jump_up(w: World) -> None:
    """Several times the period before."""
    s, more = w.take(), w.clear(2.5, 5, 7)
    for values in w.values.values():
        values[s, -1] = more * values[s, -2]
    w.planted("jump", s)


def jump_down(w: World) -> None:
    """A fraction of the period before."""
    s, less = w.take(), w.clear(2.5, 5, 7)
    for values in w.values.values():
        values[s, -1] = values[s, -2] / less
    w.planted("jump", s)


def comeback(w: World) -> None:
    """Not there for long, and back."""
    s, away = w.take(), w.some(15, 40)
    w.scale(s, slice(-away - 1, -1), np.nan)
    w.planted("comeback", s)


def debut(w: World) -> None:
    """The best first period of about ten."""
    others = [w.take() for _ in range(int(w.chance.integers(8, 12)))]
    usual = float(np.nanmedian(w.hours))
    for other in others:
        born = int(w.chance.integers(2, w.periods - 2))
        w.scale(other, slice(None), usual * w.chance.lognormal(0, 0.4) / np.nanmedian(w.hours[other]))
        w.scale(other, slice(0, born), np.nan)
    s, more = w.take(), w.between(4, 8)
    w.scale(s, slice(0, -1), np.nan)
    for values in w.values.values():
        born = np.argmax(~np.isnan(values), axis=1)
        firsts = [values[other, at] for other, at in enumerate(born.tolist()) if at and other != s]
        values[s, -1] = more * max(firsts)
    w.planted("debut", s)


def overtake(w: World) -> None:
    """Ahead of one that was ahead all the time before."""
    s, other = w.free.pop(1), w.free.pop(1)
    for values in w.values.values():
        values[s, :-1] = values[other, :-1] * w.chance.uniform(0.72, 0.94, w.periods - 1)
        values[s, -1] = values[other, -1] * w.between(1.06, 1.3)
    w.planted("overtake", s)


def tie(w: World) -> None:
    """Exactly as much as another, near the top."""
    s, other = w.free.pop(0), w.free.pop(0)
    for values in w.values.values():
        ahead = np.sort(np.nan_to_num(np.delete(values[:, -1], [s, other])))[::-1]
        values[other, -1] = values[s, -1] = np.round(max(ahead[1] * 1.02, min(values[s, -1], ahead[0] * 0.98)))
    w.planted("tie", s, other)


def outlier_up(w: World) -> None:
    """One period several times what is usual."""
    s, more = w.take(), w.clear(3, 6, 5)
    for values in w.values.values():
        values[s, -1] = more * np.nanmedian(values[s])
    w.planted("outlier", s)


def outlier_down(w: World) -> None:
    """One period a fraction of what is usual."""
    s, less = w.take(), w.clear(3, 6, 5)
    for values in w.values.values():
        values[s, -1] = np.nanmedian(values[s]) / less
    w.planted("outlier", s)


def shift(w: World) -> None:
    """The level changes, and stays."""
    s, long = w.take(), w.some(8, 20)
    factor = w.between(1.7, 2.6)
    w.scale(s, slice(-long, None), factor if w.chance.random() < 0.6 else 1 / factor)
    w.planted("shift", s)


def trend(w: World) -> None:
    """A steady rise or fall up to now."""
    s, long = w.take(), w.some(26, 80)
    end = w.between(2, 3.5)
    way = np.ones(w.periods)
    way[-long:] = np.linspace(1, end, long)
    w.scale(s, slice(None), way if w.chance.random() < 0.6 else 1 / way)
    w.planted("trend", s)


def rhythm(w: World) -> None:
    """One weekday, hour or month in which there is more, of one subject."""
    s, more = w.take(), w.between(1.7, 2.5)
    at = np.arange(w.periods)
    starts = [w.start(int(n)) for n in at]
    phase = {
        "hour": [one.hour for one in starts], "day": [one.weekday() for one in starts],
        "week": [(one + timedelta(days=3)).month for one in starts], "month": [one.month for one in starts],
    }[w.every]  # fmt: skip
    chosen = phase[int(w.chance.integers(0, w.periods))]
    w.scale(s, np.array(phase) == chosen, more)
    w.planted("rhythm", s)


def dominance(w: World) -> None:
    """From four to seven tenths of the whole."""
    s, share = w.take(), w.between(0.4, 0.7)
    for values in w.values.values():
        rest = np.nansum(np.delete(values, s, axis=0), axis=0)
        values[s] = share / (1 - share) * rest.mean() * values[s] / np.nanmean(values[s])
        values[s, -1] = share / (1 - share) * rest[-1]
    w.planted("dominance", s)


def over_index(w: World) -> None:
    """In one place several times the share that it has elsewhere."""
    s = w.take()
    shares = np.array(SHARES[: len(w.places)])
    shares[int(w.chance.integers(1, len(w.places)))] *= w.between(4, 8)
    w.shares[s] = shares / shares.sum()
    w.planted("over_index", s)


def one_of_few(w: World) -> None:
    """One of two or three that are among the largest in both measures, and first in neither."""
    s = w.take()
    for values in w.values.values():
        order = np.sort(np.nan_to_num(np.delete(values[:, -1], s)))[::-1]
        factor = (0.3 * order[0] + 0.7 * order[1]) / values[s, -1]
        values[s] = values[s] * factor
    w.planted("one_of_few", s)


def together(w: World) -> None:
    """Two that move with each other, or against each other."""
    s, other = w.take(), w.take()
    power = 1 if w.chance.random() < 0.6 else -1
    middle = np.nanmedian(w.hours[s])
    wave = w.chance.lognormal(0, 0.25, w.periods)
    for values in w.values.values():
        for one, sign in ((s, 1), (other, power)):
            values[one] = np.nanmedian(values[one]) * wave**sign * w.chance.lognormal(0, 0.08, w.periods)
    assert middle > 0
    w.planted("together", s, other)


def anniversary(w: World) -> None:
    """First seen a year ago, or two."""
    s = w.take()
    years = 1 if w.periods < 2 * YEAR[w.every] + 3 or w.chance.random() < 0.5 else 2
    w.scale(s, slice(0, w.periods - 1 - years * YEAR[w.every]), np.nan)
    w.planted("anniversary", s)


Plant = Callable[[World], None]
PLANTS: Mapping[str, Plant] = {
    one.__name__: one
    for one in (
        record, best_since, first_place, rising, above, present, milestone, jump_up, jump_down, comeback, debut, overtake,
        tie, outlier_up, outlier_down, shift, trend, rhythm, dominance, over_index, one_of_few, together, anniversary,
    )
}  # fmt: skip


def fits(plant: str, w: World) -> bool:
    """Whether a fact can be in such a table at all: no year in a month of hours, no places where there are none."""
    if plant == "over_index":
        return len(w.places) > 1
    if plant == "anniversary":
        return w.periods > YEAR[w.every] + 3
    if plant == "first_place":
        return w.spread < 1  # where one is always first, nobody else can be
    return True


def full(seed: int) -> World:
    """One table with a fact of each kind, each in a subject of its own; the kinds with two ways take turns."""
    w = varied(seed, subjects=max(50, 60 if seed % 4 else 300)) if seed % 5 in (0, 2, 4) else varied(seed, subjects=60)
    one_way = {"jump_up": "jump_down", "outlier_up": "outlier_down"}
    streak = ("rising", "above", "first_place")[seed % 3]
    plants = [name for name in PLANTS if name not in (*one_way.values(), "rising", "above", "first_place", "present")]
    plants = [one_way.get(name, name) if seed % 2 else name for name in plants] + [streak]
    last = ("debut", "dominance", "tie", "one_of_few", "first_place", "overtake")  # they look at what the others became
    for name in sorted(plants, key=lambda one: last.index(one) if one in last else -1):
        if fits(name, w) and not (name == "first_place" and w.spread >= 1):
            PLANTS[name](w)
    return w


def alone(plant: str, seed: int) -> World | None:
    """A table with that one fact."""
    changes: dict[str, Any] = {"spread": 0.3} if plant == "first_place" else {}
    if plant == "over_index":
        changes |= {"places": 5, "every": ("week", "day")[seed % 2], "periods": 110, "subjects": 50}
    w = varied(seed, **changes)
    if not fits(plant, w):
        return None
    PLANTS[plant](w)
    return w


# ── on disk ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def write(folder: Path, w: World, *, partial: bool = False, shelf_life: str | None = None) -> datetime:
    """`t.csv` and `config.yaml`; the instant from which the table is looked at. `partial`: a period that is not over."""
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["date", "title", *(["country"] if w.places else []), *w.values])
        split = {s: _split(w, s) for s in range(len(w.hours))}
        for at in range(w.periods + partial):
            stamp = w.start(at).strftime("%Y-%m-%d %H:%M:%S" if w.every == "hour" else "%Y-%m-%d")
            for s, cells in split.items():
                row = cells[..., min(at, w.periods - 1)]
                for place, cell in zip(w.places or [""], row, strict=True):
                    if not np.isnan(cell).any():
                        shown = np.round(cell * 0.4) if at == w.periods else cell
                        out.writerow([stamp, w.name(s), *([place] if place else []), *(int(one) for one in shown)])
    source: dict[str, Any] = {
        "path": "t.csv", "time": {"column": "date", "every": w.every}, "subject": "title",
        "measures": {name: MEASURES[name] for name in w.values},
    }  # fmt: skip
    source |= {"dimensions": ["country"]} if w.places else {}
    source |= {"shelf_life": shelf_life} if shelf_life else {}
    (folder / "config.yaml").write_text(yaml.safe_dump({"sources": {"table": source}}), encoding="utf-8")
    return w.start(w.periods) + (STEP["hour"] / 2 if w.every == "hour" else timedelta(hours=9))


def _split(w: World, s: int) -> np.ndarray:
    """(places, measures, periods): a total over places is what the world says; what it lacks is nowhere."""
    totals = np.round(np.stack([values[s] for values in w.values.values()]))
    if not w.places:
        return totals[None]
    chance = np.random.default_rng([w.seed, s])
    usual = w.shares.get(s, np.array(SHARES[: len(w.places)]))
    shares = usual * chance.lognormal(0, 0.25, len(w.places)) if s not in w.shares else usual
    cells = shares[:, None, None] * chance.lognormal(0, 0.1, (len(w.places), *totals.shape))
    cells = np.floor(totals * cells / cells.sum(axis=0))
    cells[0] += totals - cells.sum(axis=0)
    return np.asarray(cells)


def cohort(folder: Path, seed: int, *, planted: bool = True) -> str | None:
    """A cohort table beside it: how many people watched a title so many days in a row; the title that stands out."""
    chance = np.random.default_rng([seed, 23])
    chosen = int(chance.integers(0, 30))
    lines = ["title,people,days"]
    for s in range(30):
        people = 30_000 * chance.lognormal(0, 0.8)
        fall = chance.uniform(0.45, 0.6)
        for days in range(2, 12):
            more = chance.uniform(12, 30) if planted and s == chosen and days == 8 else 1.0
            count = int(people * fall ** (days - 1) * chance.lognormal(0, 0.1) * more)
            lines += [f"Cohort {s:02d},{count},{days}"] if count else []
    (folder / "cohort.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    config["sources"]["cohort"] = {
        "path": "cohort.csv", "subject": "title",
        "cohort": {"people": "people", "times": "days", "behaviour": {"en": "watched {subject} {times} days in a row"}},
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return f"Cohort {chosen:02d}" if planted else None
