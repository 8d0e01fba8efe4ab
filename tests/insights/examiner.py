"""What an examiner would write who has read the list of kinds and nothing else: ordinary tables, moderate facts.

A `Paper` is a table of some thousand rows with lognormal noise and a season that all share; `FACTS` plant one fact each, of a
size that the eye finds at once but no more (two to three times the highest before, forty percent for good, one percent a
week). Any subject may be chosen, large or small; columns are named as each table likes.
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

from assistant.models import Every, Insight

Chance = np.random.Generator
Values = np.ndarray
WORDS = (("show", "hours_watched", "hours", "viewers"), ("track", "streams", "streams", "listeners"),
         ("podcast", "plays", "plays", "people"), ("item", "orders", "orders", "people"))  # fmt: skip
COUNTRIES = ("Argentina", "Belgium", "Canada", "Denmark", "Egypt", "Finland", "Ghana", "Hungary")
SPREAD = {"week": 0.4, "day": 0.25, "month": 0.35}
CYCLE = {"week": 52.18, "day": 365.25, "month": 12.0}
DAYS = np.array([0.9, 0.85, 0.9, 0.95, 1.1, 1.25, 1.15])


@dataclass(frozen=True)
class Planted:
    """A fact: its kind, and whom it is about; nobody where it is about all."""

    kind: str
    subjects: tuple[str, ...]
    place: str | None = None


@dataclass
class Paper:
    """One table: subjects × periods, or × places too; a value that is not a number is no row."""

    seed: int
    every: Every
    values: Values
    chance: Chance
    first: datetime
    size: float
    words: tuple[str, ...]
    second: Values | None = None
    shares: Values | None = None
    cohort: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    facts: list[Planted] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)

    @property
    def periods(self) -> int:
        """How many."""
        return int(self.values.shape[1])

    def name(self, subject: int) -> str:
        """What a subject is called."""
        return f"{self.words[0].title()} {subject + 1}"

    def anyone(self) -> int:
        """A subject that nothing was planted in."""
        free = [at for at in range(len(self.values)) if at not in self.used]
        chosen = int(self.chance.choice(free))
        self.used.add(chosen)
        return chosen

    def some(self, low: float, high: float) -> float:
        """A drawn number."""
        return float(self.chance.uniform(low, high))

    def day(self, at: int) -> datetime:
        """When a period begins."""
        if self.every == "month":
            month = self.first.month - 1 + at
            return self.first.replace(year=self.first.year + month // 12, month=month % 12 + 1)
        return self.first + timedelta(days=(7 if self.every == "week" else 1) * at)

    def fact(self, kind: str, *subjects: int, place: str | None = None) -> None:
        """Note what was planted."""
        self.facts.append(Planted(kind, tuple(map(self.name, subjects)), place))


def paper(seed: int, every: Every = "week", *, subjects: int | None = None, periods: int | None = None,
          size: float | None = None, season: float | None = None) -> Paper:  # fmt: skip
    """Noise alone: 40 to 200 subjects over two or three years of weeks, or half a year to a year of days, or years of months."""
    chance = np.random.default_rng([seed, 2026])
    many = subjects or int(chance.integers(*{"week": (40, 200), "day": (20, 70), "month": (30, 80)}[every]))
    long = periods or int(chance.integers(*{"week": (100, 151), "day": (180, 400), "month": (125, 150)}[every]))
    size = size or float(chance.uniform(0.1, 0.3))
    season = float(chance.choice([0, SPREAD[every]])) if season is None else season
    level = np.exp(chance.normal(np.log(8000), 1, (many, 1)))
    at = np.arange(long)
    wave = 1 + season * np.cos(2 * np.pi * at / CYCLE[every])
    if every == "day":
        wave = wave * DAYS[at % 7]
    first = datetime(*{"week": (2022, 1, 3), "day": (2023, 1, 2), "month": (2012, 3, 1)}[every], tzinfo=UTC)
    values = np.round(level * wave * np.exp(chance.normal(0, size, (many, long))))
    return Paper(seed, every, values, chance, first, size, WORDS[seed % len(WORDS)])


def with_second(p: Paper) -> None:
    """A second measure that goes its own way: so many people for so many plays."""
    if p.second is None:
        ratio = np.exp(p.chance.normal(-1, 0.5, (len(p.values), 1)))
        p.second = np.round(p.values * ratio * np.exp(p.chance.normal(0, 0.15, p.values.shape)))


# ── the facts ────────────────────────────────────────────────────────────────────────────────────────────────────────
def record(p: Paper) -> None:
    """Two to three times the previous highest."""
    s = p.anyone()
    p.values[s, -1] = p.some(2, 3) * np.nanmax(p.values[s, :-1])
    p.fact("record", s)


def best_since(p: Paper) -> None:
    """Twice what there was since a still higher one, thirty to eighty periods ago."""
    s, back = p.anyone(), int(p.chance.integers(30, 80))
    p.values[s, -1] = p.some(1.8, 2.5) * np.nanmax(p.values[s, -back:-1])
    p.values[s, -back - 1] = p.some(1.1, 1.4) * max(p.values[s, -1], np.nanmax(p.values[s]))
    p.fact("best_since", s)


def rising(p: Paper) -> None:
    """Ten to twenty rises in a row."""
    s, long = p.anyone(), int(p.chance.integers(10, 21))
    p.values[s, -long - 1 :] = np.nanmedian(p.values[s]) * np.cumprod(np.r_[0.8, p.chance.uniform(1.02, 1.08, long)])
    p.fact("streak", s)


def above(p: Paper) -> None:
    """Twenty periods at or above a level that it had hardly ever reached."""
    s = p.anyone()
    level = np.quantile(p.values[s], 0.95)
    p.values[s, -20:] = level * p.chance.uniform(1, 1.3, 20)
    p.fact("streak", s)


def number_one(p: Paper) -> None:
    """Twenty periods in first place."""
    s = p.anyone()
    others = np.nanmax(np.delete(p.values, s, axis=0), axis=0)
    p.values[s, -20:] = others[-20:] * p.chance.uniform(1.05, 1.3, 20)
    p.fact("streak", s)


def present(p: Paper) -> None:
    """In the table for twenty-five periods on end, where all others come and go."""
    s = p.anyone()
    away = p.chance.random(p.values.shape) < 0.4
    away[s, -25:], away[s, -26], away[:, -1] = False, True, away[:, -1]
    away[s, -1] = False
    p.values[away] = np.nan
    p.fact("streak", s)


def milestone(p: Paper) -> None:
    """The running total passes a round number that nobody passed before."""
    s = p.anyone()
    most = np.nansum(np.delete(p.values, s, axis=0), axis=1).max()
    power = 10 ** np.floor(np.log10(most))
    goal = next(one * power for one in (1, 2, 5, 10, 20) if one * power > most)
    p.values[s] *= goal / (np.nansum(p.values[s, :-1]) + p.some(0.2, 0.8) * p.values[s, -1])
    p.fact("milestone", s)


def jump(p: Paper) -> None:
    """Three to five times the period before."""
    s = p.anyone()
    p.values[s, -1] = p.some(3, 5) * p.values[s, -2]
    p.fact("jump", s)


def crash(p: Paper) -> None:
    """A quarter of the period before."""
    s = p.anyone()
    p.values[s, -1] = p.values[s, -2] / p.some(3.5, 5)
    p.fact("jump", s)


def comeback(p: Paper) -> None:
    """Back after forty periods."""
    s = p.anyone()
    p.values[s, -41:-1] = np.nan
    p.fact("comeback", s)


def debut(p: Paper) -> None:
    """The best of a dozen first periods, by three to five times."""
    others = [p.anyone() for _ in range(12)]
    for other in others:
        p.values[other] *= np.nanmedian(p.values) / np.nanmedian(p.values[other]) * np.exp(p.chance.normal(0, 0.4))
        p.values[other, : int(p.chance.integers(5, p.periods - 5))] = np.nan
    s = p.anyone()
    begun = [
        p.values[other][~np.isnan(p.values[other])][0] for other in range(len(p.values)) if np.isnan(p.values[other, 0])
    ]
    p.values[s, :-1] = np.nan
    p.values[s, -1] = p.some(3, 5) * max(begun)
    p.fact("debut", s)


def _neighbours(p: Paper) -> tuple[int, int]:
    """One of the largest that nothing is planted on, and the next one after it."""
    order = [int(at) for at in np.argsort(-np.nanmean(p.values, axis=1)) if at not in p.used]
    at = int(p.chance.integers(0, 4))
    p.used |= {order[at], order[at + 1]}
    return order[at], order[at + 1]


def overtake(p: Paper) -> None:
    """One that was behind another all the time passes it, by ten to thirty percent."""
    first, s = _neighbours(p)
    p.values[s, :-1] = p.values[first, :-1] * p.chance.uniform(0.7, 0.95, p.periods - 1)
    p.values[s, -1] = p.values[first, -1] * p.some(1.1, 1.3)
    p.fact("overtake", s)


def catching_up(p: Paper) -> None:
    """One comes closer and closer to another, and passes it."""
    first, s = _neighbours(p)
    p.values[s] = p.values[first] * np.linspace(0.5, 0.95, p.periods) * np.exp(p.chance.normal(0, 0.02, p.periods))
    p.values[s, :-1] = np.minimum(p.values[s, :-1], 0.99 * p.values[first, :-1])
    p.values[s, -1] = p.values[first, -1] * p.some(1.06, 1.15)
    p.fact("overtake", s)


def tie(p: Paper) -> None:
    """Two of the first ten have exactly as much."""
    order = [int(at) for at in np.argsort(-np.nan_to_num(p.values[:, -1])) if at not in p.used]
    at = int(p.chance.integers(0, 6))
    p.values[order[at + 1], -1] = p.values[order[at], -1] = np.round(p.values[order[at], -1])
    p.used |= {order[at], order[at + 1]}
    p.fact("tie", order[at], order[at + 1])


def outlier(p: Paper) -> None:
    """Three to five times the usual, for one period."""
    s = p.anyone()
    p.values[s, -1] = p.some(3, 5) * np.nanmedian(p.values[s])
    p.fact("outlier", s)


def collapse(p: Paper) -> None:
    """A fifth of the usual, for one period."""
    s = p.anyone()
    p.values[s, -1] = 0.2 * np.nanmedian(p.values[s])
    p.fact("outlier", s)


def shift(p: Paper) -> None:
    """Forty percent more since fifteen to forty periods, and for good."""
    s, long = p.anyone(), int(p.chance.integers(15, 41))
    p.values[s, -long:] *= 1.4 + (p.size > 0.25) * 0.2
    p.fact("shift", s)


def lower(p: Paper) -> None:
    """Forty percent less since then."""
    s, long = p.anyone(), int(p.chance.integers(15, 41))
    p.values[s, -long:] *= 0.6
    p.fact("shift", s)


def trend(p: Paper) -> None:
    """One percent more a period, all of the last hundred."""
    s, long = p.anyone(), min(p.periods, 100)
    p.values[s, -long:] *= 1.01 ** np.arange(long)
    p.fact("trend", s)


def fading(p: Paper) -> None:
    """One percent less a period."""
    s, long = p.anyone(), min(p.periods, 100)
    p.values[s, -long:] *= 0.99 ** np.arange(long)
    p.fact("trend", s)


def rhythm(p: Paper) -> None:
    """Half as much again to twice as much on one weekday, or in one month."""
    s = p.anyone()
    chosen = int(p.chance.integers(0, 7 if p.every == "day" else 12))
    days = [p.day(at) + timedelta(3 * (p.every == "week")) for at in range(p.periods)]
    when = np.array([day.weekday() if p.every == "day" else day.month - 1 for day in days])
    p.values[s, when == chosen] *= p.some(1.6, 2)
    p.fact("rhythm", s)


def everybodys_day(p: Paper) -> None:
    """There is half as much again on one weekday, whoever it is."""
    chosen = int(p.chance.integers(0, 7))
    when = np.array([p.day(at).weekday() for at in range(p.periods)])
    p.values[:, when == chosen] *= 1.5 / DAYS[chosen]
    p.fact("rhythm")


def dominance(p: Paper) -> None:
    """Sixty percent of all."""
    s = p.anyone()
    p.values[s] = 1.5 * np.nansum(np.delete(p.values, s, axis=0), axis=0) * np.exp(p.chance.normal(0, 0.05, p.periods))
    p.fact("dominance", s)


def over_index(p: Paper) -> None:
    """Three times its share in one country."""
    s, here = p.anyone(), int(p.chance.integers(0, len(COUNTRIES)))
    _places(p)[s, here] *= 3
    p.fact("over_index", s, place=COUNTRIES[here])


def one_of_few(p: Paper) -> None:
    """One of two that have twice as much as all others of both."""
    with_second(p)
    for values in (p.values, p.second):
        assert values is not None
        order = np.sort(np.nan_to_num(values[:, -1]))[::-1]
        top = order[0]
        if values is p.values:
            s, other = p.anyone(), p.anyone()
        values[s] *= 2.2 * top / values[s, -1]
        values[other] *= 3 * top / values[other, -1]
    p.fact("one_of_few", s, other)


def together(p: Paper) -> None:
    """Two that rise and fall with each other."""
    s, other = p.anyone(), p.anyone()
    p.values[s] = p.values[other] * np.nanmedian(p.values[s]) / np.nanmedian(p.values[other])
    p.values[s] *= np.exp(p.chance.normal(0, 0.4 * p.size, p.periods))
    p.fact("together", s, other)


def apart(p: Paper) -> None:
    """One that rises when the other falls."""
    s, other = p.anyone(), p.anyone()
    away = np.exp(p.chance.normal(0, p.size, p.periods))
    usual = np.nanmedian(p.values, axis=0) / np.nanmedian(p.values)
    p.values[s] = np.nanmedian(p.values[s]) * usual * away
    p.values[other] = np.nanmedian(p.values[other]) * usual / away * np.exp(p.chance.normal(0, 0.3 * p.size, p.periods))
    p.fact("together", s, other)


def anniversary(p: Paper) -> None:
    """First seen one, two, five or ten years ago."""
    s = p.anyone()
    today = p.day(p.periods - 1)
    years = max(one for one in (1, 2, 5, 10) if today.replace(year=today.year - one) > p.day(2))
    since = today.replace(year=today.year - years) + timedelta(6 * (p.every == "week"))
    born = max(at for at in range(p.periods) if p.day(at) <= since)
    p.values[s, :born] = np.nan
    p.fact("anniversary", s)


def devoted_cohort(p: Paper) -> None:
    """Thousands of people did it day after day, where others had hundreds."""
    names = [p.name(at) for at in range(20)]
    for name in names:
        people = float(np.exp(p.chance.normal(np.log(4000), 0.4)))
        p.cohort[name] = [
            (int(people * 0.55**times * np.exp(p.chance.normal(0, 0.1))), times) for times in range(2, 12)
        ]
    chosen = int(p.chance.integers(0, 20))
    p.cohort[names[chosen]][6] = (int(p.some(4000, 9000)), 8)
    p.fact("devoted_cohort", chosen)


Fact = Callable[[Paper], None]
FACTS: Mapping[str, tuple[Fact, tuple[Every, ...]]] = {
    "record": (record, ("week", "day", "month")), "best_since": (best_since, ("week", "day")),
    "rising": (rising, ("week", "day")), "above": (above, ("week", "day")), "number_one": (number_one, ("week", "day")),
    "present": (present, ("week",)), "milestone": (milestone, ("week", "month")), "jump": (jump, ("week", "day", "month")),
    "crash": (crash, ("week",)), "comeback": (comeback, ("week", "day")), "debut": (debut, ("week", "month")),
    "overtake": (overtake, ("week", "day")), "catching_up": (catching_up, ("week",)), "tie": (tie, ("week", "day")),
    "outlier": (outlier, ("week", "day", "month")), "collapse": (collapse, ("week",)),
    "shift": (shift, ("week", "day", "month")), "lower": (lower, ("week",)), "trend": (trend, ("week", "day", "month")),
    "fading": (fading, ("week",)), "rhythm": (rhythm, ("day", "month", "week")), "everybodys_day": (everybodys_day, ("day",)),
    "dominance": (dominance, ("week", "day")), "over_index": (over_index, ("week", "day")),
    "one_of_few": (one_of_few, ("week",)), "together": (together, ("week", "day")), "apart": (apart, ("week",)),
    "anniversary": (anniversary, ("month", "week")), "devoted_cohort": (devoted_cohort, ("week",)),
}  # fmt: skip
# in this order: what needs the others as they are comes last
WHOLE = ("best_since", "above", "comeback", "debut", "shift", "lower", "trend", "fading", "rhythm", "over_index", "together",
         "anniversary", "jump", "outlier", "record", "milestone", "overtake", "tie", "one_of_few", "devoted_cohort")  # fmt: skip


def alone(name: str, every: Every, seed: int) -> Paper:
    """A table with that one fact."""
    plant = FACTS[name][0]
    p = paper(seed + 100 * sorted(FACTS).index(name), every)
    if seed % 3 == 2:
        with_second(p)
    plant(p)
    return p


def whole(seed: int) -> Paper:
    """One table with a fact of each kind that a table of weeks can hold, each about somebody else."""
    p = paper(seed, subjects=60 + 20 * (seed % 4), periods=130 + 5 * (seed % 5), size=(0.12, 0.2)[seed % 2])
    with_second(p)
    for name in WHOLE:
        FACTS[name][0](p)
    return p


def _places(p: Paper) -> Values:
    if p.shares is None:
        usual = p.chance.dirichlet(np.full(len(COUNTRIES), 4.0))
        p.shares = usual * np.exp(p.chance.normal(0, 0.1, (len(p.values), len(COUNTRIES))))
    return p.shares


def place(found: Sequence[Insight], fact: Planted) -> int | None:
    """Where a fact stands, from 0: under its kind, about its subject (or nobody), and in its place where it has one."""

    def is_it(one: Insight) -> bool:
        about = (
            {one.subject, one.comparison.get("other")} & set(fact.subjects) if fact.subjects else one.subject is None
        )
        return one.kind == fact.kind and bool(about) and fact.place in (None, *one.where.values())

    return next((at for at, one in enumerate(found) if is_it(one)), None)


# ── on disk ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def write(folder: Path, p: Paper) -> datetime:
    """`numbers.csv` and `config.yaml`; the instant at which it is looked at, some hours after the last period."""
    title, measure, unit, people = p.words
    labels = [p.day(at) for at in range(p.periods)]
    measures = {measure: {"unit": unit}} | (
        {"reach": {"unit": people, "counts": "people"}} if p.second is not None else {}
    )
    parts = _parted(p)
    with (folder / "numbers.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([p.every, title, *(["country"] if p.shares is not None else []), *measures])
        for at, label in enumerate(labels):
            for s in range(len(p.values)):
                for place, cells in parts(s, at):
                    if not any(np.isnan(cells)):
                        out.writerow([label.date(), p.name(s), *place, *(round(one) for one in cells)])
    time = {"column": p.every, "every": p.every}
    source: dict[str, Any] = {"path": "numbers.csv", "time": time, "subject": title, "measures": measures}
    source |= {"dimensions": ["country"]} if p.shares is not None else {}
    sources = {"numbers": source}
    if p.cohort:
        sources["cohort"] = _cohort(folder, p)
    (folder / "config.yaml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
    return p.day(p.periods) + timedelta(hours=6)


def _parted(p: Paper) -> Callable[[int, int], list[tuple[list[str], list[float]]]]:
    chance = np.random.default_rng(5)

    def parts(s: int, at: int) -> list[tuple[list[str], list[float]]]:
        whole = np.round([float(one[s, at]) for one in (p.values, p.second) if one is not None])
        if p.shares is None:
            return [([], list(whole))]
        shares = p.shares[s] * np.exp(chance.normal(0, 0.08, len(COUNTRIES)))
        cells = np.floor(whole * (shares / shares.sum())[:, None])
        cells[0] += whole - cells.sum(axis=0)
        return [([place], list(cell)) for place, cell in zip(COUNTRIES, cells, strict=True)]

    return parts


def _cohort(folder: Path, p: Paper) -> dict[str, Any]:
    title = p.words[0]
    lines = [f"{title},people,times"]
    lines += [f"{name},{people},{times}" for name, rows in p.cohort.items() for people, times in rows if people]
    (folder / "fans.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    behaviour = {"en": "played {subject} {times} days in a row", "fr": "ont joué {subject} {times} jours de suite"}
    return {
        "path": "fans.csv",
        "subject": title,
        "cohort": {"people": "people", "times": "times", "behaviour": behaviour},
    }
