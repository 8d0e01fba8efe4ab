"""Tables of other shapes, and the simplest plant of each kind: what somebody would type who has never read the finders.

`outside` draws the sizes of what it plants; here they are the plain ones (a tripled last value, forty percent at two
thirds of the way). `TABLES` are few long series and many short ones, small counts, heavy tails, processes that remember,
random walks, weekly and yearly waves, missing periods and zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.models import Every
from insights.outside import PLACES, YEAR, World

Values = np.ndarray


@dataclass(frozen=True)
class Table:
    """A shape: its grain, its size, and what is done to the levels of its subjects."""

    every: Every
    subjects: int
    periods: int
    process: Callable[[np.random.Generator, Values], Values]


def _white(size: float) -> Callable[[np.random.Generator, Values], Values]:
    return lambda chance, levels: levels * chance.lognormal(0, size, levels.shape)


def _remembering(phi: float, size: float) -> Callable[[np.random.Generator, Values], Values]:
    def made(chance: np.random.Generator, levels: Values) -> Values:
        steps = chance.normal(0, size * np.sqrt(1 - phi**2), levels.shape)
        steps[:, 0] = chance.normal(0, size, len(levels))
        for at in range(1, levels.shape[1]):
            steps[:, at] += phi * steps[:, at - 1]
        return np.asarray(levels * np.exp(steps))

    return made


def _walking(chance: np.random.Generator, levels: Values) -> Values:
    return np.asarray(levels * np.exp(np.cumsum(chance.normal(0, 0.05, levels.shape), axis=1)))


def _heavy(chance: np.random.Generator, levels: Values) -> Values:
    return np.asarray(levels * np.exp(0.1 * chance.standard_t(3, levels.shape)))


def _counts(chance: np.random.Generator, levels: Values) -> Values:
    return np.asarray(chance.poisson(levels / 400)).astype(float)


def _zeros(chance: np.random.Generator, levels: Values) -> Values:
    return np.asarray(levels * chance.lognormal(0, 0.2, levels.shape) * (chance.random(levels.shape) > 0.25))


def _gaps(chance: np.random.Generator, levels: Values) -> Values:
    there = chance.random(levels.shape) > 0.15
    return np.asarray(np.where(there, levels * chance.lognormal(0, 0.15, levels.shape), np.nan))


def _waves(length: float, high: float) -> Callable[[np.random.Generator, Values], Values]:
    def made(chance: np.random.Generator, levels: Values) -> Values:
        own = 1 + chance.uniform(0.5, 1.5, (len(levels), 1)) * high * np.sin(
            2 * np.pi * np.arange(levels.shape[1]) / length
        )
        return np.asarray(levels * own * chance.lognormal(0, 0.12, levels.shape))

    return made


TABLES: Mapping[str, Table] = {
    "fifty by week": Table("week", 50, 104, _white(0.1)),
    "few and long": Table("day", 8, 700, _white(0.2)),
    "many and short": Table("week", 400, 40, _white(0.2)),
    "months": Table("month", 40, 48, _white(0.15)),
    "hours": Table("hour", 20, 24 * 28, _waves(24, 0.4)),
    "counts": Table("day", 40, 150, _counts),
    "heavy": Table("week", 60, 120, _heavy),
    "ar1": Table("week", 40, 120, _remembering(0.8, 0.2)),
    "walks": Table("day", 40, 150, _walking),
    "weekly wave": Table("day", 40, 180, _waves(7, 0.3)),
    "yearly wave": Table("week", 50, 156, _waves(52.18, 0.3)),
    "gaps": Table("week", 50, 110, _gaps),
    "zeros": Table("day", 50, 120, _zeros),
}


def world(name: str, seed: int, *, measures: int = 1, subjects: int | None = None, periods: int | None = None,
          places: int = 0) -> World:  # fmt: skip
    """A table of that shape in which nothing happened."""
    table = TABLES[name]
    chance = np.random.default_rng([seed, 101, sorted(TABLES).index(name)])
    shape = (subjects or table.subjects, periods or table.periods)
    levels = np.repeat(5000 * chance.lognormal(0, 0.8, (shape[0], 1)), shape[1], axis=1)
    values = {}
    for one in ("hours", "viewers")[:measures]:
        values[one] = np.round(table.process(chance, levels))
        levels = levels * chance.lognormal(0, 0.6, (shape[0], 1))
    order = [int(at) for at in np.argsort(-np.nanmean(values["hours"], axis=1)) if values["hours"][at, -1] > 0]
    return World(seed, table.every, values, chance, PLACES[:places], free=order)


def _subject(w: World) -> int:
    """Any but the largest and the smallest."""
    return w.free.pop(int(w.chance.integers(1, max(2, len(w.free) - 3))))


def _there(values: Values) -> Values:
    """A row without the periods that it is not there."""
    return np.asarray(values[~np.isnan(values)])


def record(w: World) -> None:
    """Three times the highest before, in the last period."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -1] = 3 * np.nanmax(values[s])
    w.planted("record", s)


def best_since(w: World) -> None:
    """Twice the best of thirty periods, which had more before them."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -1] = 2 * np.nanmax(values[s, -30:])
        values[s, -31] = 2 * max(values[s, -1], np.nanmax(values[s]))
    w.planted("best_since", s)


def rise(w: World) -> None:
    """Twelve rises in a row, of a twentieth each."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -13:] = np.nanmedian(values[s]) * 1.05 ** np.arange(13)
    w.planted("streak", s)


def leading(w: World) -> None:
    """Ahead of all others for fifteen periods, and never before."""
    s = _subject(w)
    for values in w.values.values():
        best = np.nanmax(np.delete(values, s, axis=0), axis=0)
        values[s, -15:] = 1.1 * best[-15:]
    w.planted("streak", s)


def staying(w: World) -> None:
    """There for forty periods on end, where the others are there two thirds of the time."""
    s = _subject(w)
    for values in w.values.values():
        gone = w.chance.random(values.shape) < 0.33
        gone[:, -1] = gone[s, -40:] = False
        gone[s, -41:-40] = True
        values[s, np.isnan(values[s])] = np.nanmedian(values[s])
        values[gone] = np.nan
    w.planted("streak", s)


def milestone(w: World) -> None:
    """A total passes a million in the last period; all others are far from it."""
    s = w.free.pop(0)
    for values in w.values.values():
        values *= 300_000 / np.nansum(values, axis=1).max()
        values[s] *= 1_000_000 / np.nansum(values[s, :-1]) * 0.999
        values[s, -1] = max(values[s, -1] if values[s, -1] > 0 else 0, 5_000)
        np.round(values, out=values)
    w.planted("milestone", s)


def jump(w: World) -> None:
    """Five times the period before."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -2] = np.nanmedian(_there(values[s]))
        values[s, -1] = 5 * values[s, -2]
    w.planted("jump", s)


def comeback(w: World) -> None:
    """Not there for twenty periods, and back."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -1] = np.nanmedian(values[s])
        values[s, -21:-1] = np.nan
    w.planted("comeback", s)


def debut(w: World) -> None:
    """The best first period of fifteen, by five times."""
    born = w.chance.integers(2, w.periods - 2, 14)
    firsts = []
    for at in born.tolist():
        other = w.free.pop()
        for values in w.values.values():
            values[other, :at] = np.nan
            values[other, at] = np.nanmedian(values[other])
        firsts.append(w.hours[other, at])
    s = w.free.pop()
    for values in w.values.values():
        values[s, :-1] = np.nan
        values[s, -1] = 5 * max(firsts)
    w.planted("debut", s)


def overtake(w: World) -> None:
    """Ahead of a leader that has been ahead all the time."""
    leader, s = w.free.pop(0), w.free.pop(0)
    for values in w.values.values():
        values[leader] = 1.3 * np.nanmax(values, axis=0)
        values[s, :-1] = values[leader, :-1] * w.chance.uniform(0.6, 0.8, w.periods - 1)
        values[s, -1] = 1.15 * values[leader, -1]
    w.planted("overtake", s)


def tie(w: World) -> None:
    """The two that lead have exactly as much."""
    s, other = w.free.pop(0), w.free.pop(0)
    for values in w.values.values():
        values[s, -1] = values[other, -1] = np.round(1.07 * np.nanmax(values[:, -1]))
    w.planted("tie", s, other)


def outlier(w: World) -> None:
    """Four times the usual, once."""
    s = _subject(w)
    for values in w.values.values():
        values[s, -1] = 4 * np.nanmedian(_there(values[s]))
    w.planted("outlier", s)


def shift(w: World) -> None:
    """Forty percent more from two thirds of the way on."""
    s = _subject(w)
    w.scale(s, slice(w.periods * 2 // 3, None), 1.4)
    w.planted("shift", s)


def trend(w: World) -> None:
    """From once to twice its size over all of the table."""
    s = _subject(w)
    w.scale(s, slice(None), np.linspace(1, 2, w.periods))
    w.planted("trend", s)


def rhythm(w: World) -> None:
    """Twice as much on one weekday, in one hour, in one month."""
    s = _subject(w)
    starts = [w.start(at) for at in range(w.periods)]
    chosen = {
        "hour": [one.hour == 20 for one in starts], "day": [one.weekday() == 5 for one in starts],
        "week": [one.month == 12 for one in starts], "month": [one.month == 12 for one in starts],
    }[w.every]  # fmt: skip
    w.scale(s, np.array(chosen), 2)
    w.planted("rhythm", s)


def dominance(w: World) -> None:
    """Sixty percent of all."""
    s = _subject(w)
    for values in w.values.values():
        values[s] = np.round(1.5 * np.nansum(np.delete(values, s, axis=0), axis=0))
    w.planted("dominance", s)


def over_index(w: World) -> None:
    """Three times its share in one place."""
    s = _subject(w)
    shares = np.array([0.4, 0.3, 0.2, 0.1, 0.1][: len(w.places)])
    shares *= (1 - 3 * shares[2]) / (1 - shares[2])
    shares[2] = 0.6
    w.shares[s] = shares
    w.planted("over_index", s)


def one_of_few(w: World) -> None:
    """Second of all in both measures, and far ahead of the third."""
    s = _subject(w)
    unseen = np.isnan(np.stack([values[:, -1] for values in w.values.values()])).any(axis=0)  # such are not written
    unseen[s] = True
    for values in w.values.values():
        first = int(np.argmax(np.where(unseen, -np.inf, values[:, -1])))
        values[first] *= 3
        values[s] = 0.8 * np.nanmedian(values[first]) * values[s] / np.nanmedian(values[s])
        values[s, -1] = 0.8 * values[first, -1]
    w.planted("one_of_few", s)


def together(w: World) -> None:
    """One goes as another does, in its own size."""
    s, other = _subject(w), _subject(w)
    for values in w.values.values():
        values[s] = values[other] * np.nanmean(values[s]) / np.nanmean(values[other])
        values[s] *= w.chance.lognormal(0, 0.03, w.periods)
    w.planted("together", s, other)


def anniversary(w: World) -> None:
    """First seen a year ago."""
    s = _subject(w)
    w.scale(s, slice(0, w.periods - 1 - YEAR[w.every]), np.nan)
    w.planted("anniversary", s)


PLANTS: Mapping[str, Callable[[World], None]] = {
    one.__name__: one
    for one in (
        record, best_since, rise, leading, staying, milestone, jump, comeback, debut, overtake, tie, outlier, shift, trend,
        rhythm, dominance, over_index, one_of_few, together, anniversary,
    )
}  # fmt: skip


def fits(plant: str, name: str) -> bool:
    """Whether somebody could mean it in such a table at all."""
    table = TABLES[name]
    few, short = table.subjects < 20, table.periods < 2 * YEAR[table.every]
    return {
        "anniversary": table.periods > YEAR[table.every] + 3,
        "rhythm": table.every in ("hour", "day") or not short,
        "debut": not few, "best_since": table.periods > 45, "leading": name != "hours",
        "staying": name not in ("gaps",) and table.periods > 45 and not few,
        # by chance a walk does all of it, and zeros hide a period that is missing
        "shift": name not in ("walks", "ar1", "heavy"), "trend": name not in ("walks", "ar1"), "rise": name != "zeros",
        "overtake": name not in ("zeros", "gaps"), "tie": name != "counts",
    }.get(plant, True)  # fmt: skip


def planted(plant: str, name: str, seed: int, **changes: Any) -> World | None:
    """A table of that shape with that one fact; None where it does not fit."""
    if not fits(plant, name):
        return None
    needs: dict[str, dict[str, int]] = {"over_index": {"places": 4}, "one_of_few": {"measures": 2}}
    w = world(name, seed, **{**needs.get(plant, {}), **changes})
    PLANTS[plant](w)
    return w
