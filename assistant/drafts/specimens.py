"""Figures made up to fit a wording: what its conditions ask for, and every fact that its kind may have.

`templates lint` renders each wording on them; a wording that fits none of them can never be used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assistant.drafts.pack import Template
from assistant.drafts.variables import COMMON, FACTS, HOURS_A_YEAR, season_on
from assistant.models import Counts, Every, Fact, Insight, Scalar

SOURCE = "specimen"
TITLE, OTHER, PLACE, NO_COUNTRY = "Rust Creek", "Old Henry", "Japan", "Comedy"
IN_SEASONS = "Elite: Season 2"
MEASURES = ("hours", "views", "viewers")
_M = "measure"  # stands for the unit of the figure's measure
_P = "periods"  # and for weeks, days, months
_DAY = date(2021, 7, 18)


@dataclass(frozen=True)
class Shape:
    """One way in which figures of a kind come: their value, their facts, their parameters."""

    value: tuple[float, str]
    facts: Mapping[str, tuple[Any, str]]
    params: Mapping[str, Scalar]
    whole: bool = True  # whether it may be about no subject


_LENGTH = {"length": (42, _P), "since": (_DAY, "date")}
_RATIO = {"ratio": (3.09, "ratio")}
_FIELD = {"among": (639, "titles"), "previous": (900_123, _M), "previous_subject": (OTHER, "title"),
          "previous_date": (_DAY, "date"), "ratio": (1.37, "ratio")}  # fmt: skip
_RISE = {"periods": (40, _P), "since": (_DAY, "date")}
_VALUE = (1_234_567, _M)


def _moves(kind: str, ups: tuple[str, str], facts: Mapping[str, tuple[Any, str]]) -> Iterator[tuple[str, Shape]]:
    """Up and down: downwards, the first and the second figure change places."""
    first, second = 400_100, 900_123
    for word, (low, high), ratio in zip(ups, ((first, second), (second, first)), (2.25, 0.44), strict=True):
        changed = {
            name: (low if one == "low" else high, _M) for name, (one, _) in facts.items() if one in ("low", "high")
        }
        others = {name: one for name, one in facts.items() if name not in changed}
        yield kind, Shape((high, _M), {**others, **changed, "ratio": (ratio, "ratio")}, {"direction": word})


SHAPES: tuple[tuple[str, Shape], ...] = (
    ("record", Shape(_VALUE, {"periods": (119, _P), "previous": (900_123, _M), "previous_date": (_DAY, "date"),
                              "since": (_DAY, "date"), **_RATIO}, {"scope": "own", "direction": "high"})),
    ("record", Shape(_VALUE, _FIELD, {"scope": "field", "direction": "high"}, whole=False)),
    ("best_since", Shape(_VALUE, {"since": (_DAY, "date"), "since_value": (1_500_000, _M), "periods": (80, _P)},
                         {"direction": "high"})),
    ("streak", Shape((42, _P), _LENGTH, {"mode": "present", "ongoing": True}, whole=False)),
    ("streak", Shape((42, _P), {**_LENGTH, "level": (1, "rank")}, {"mode": "first", "ongoing": True}, whole=False)),
    ("streak", Shape((42, _P), {**_LENGTH, "from": (90_500, _M), "to": (200_900, _M), "ratio": (2.22, "ratio")},
                     {"mode": "rising", "ongoing": True})),
    ("streak", Shape((42, _P), {**_LENGTH, "at_least": (90_000, _M)}, {"mode": "above", "ongoing": True})),
    ("milestone", Shape((518_400_000, _M), {"threshold": (500_000_000, _M), "total": (518_400_000, _M), "periods": (5, _P),
                        "since": (_DAY, "date"), "reached_by": (48, "titles")}, {})),
    ("jump", Shape(_VALUE, {"previous": (400_100, _M), "previous_date": (_DAY, "date"), **_RATIO}, {"direction": "up"})),
    ("jump", Shape((400_100, _M), {"previous": (1_234_567, _M), "previous_date": (_DAY, "date"), "ratio": (0.32, "ratio")},
                   {"direction": "down"})),
    ("jump", Shape((1, "rank"), {"previous": (9, "rank"), "previous_date": (_DAY, "date"), "places": (8, "places")},
                   {"direction": "up"})),
    ("comeback", Shape(_VALUE, {"absence": (259, _P), "last_seen": (_DAY, "date"), "known": (12, _P)}, {})),
    ("debut", Shape(_VALUE, _FIELD, {"direction": "high"}, whole=False)),
    ("overtake", Shape(_VALUE, {"other": (OTHER, "title"), "other_value": (900_123, _M), "gap": (334_444, _M),
                       "behind": (30, _P), "since": (_DAY, "date")}, {"other": OTHER}, whole=False)),
    ("tie", Shape(_VALUE, {"other": (OTHER, "title"), "level": (2, "rank"), "among": (39, "titles"), "since": (_DAY, "date")},
                  {"other": OTHER}, whole=False)),
    ("rhythm", Shape((2.3, "ratio"), {"phase": (5, "weekday"), "ratio": (2.3, "ratio"), "cycles": (52, "weeks"),
                     "highest": (48, "weeks")}, {"cycle": "weekday", "phase": 5})),
    ("rhythm", Shape((2.3, "ratio"), {"phase": (20, "hour"), "ratio": (2.3, "ratio"), "cycles": (60, "days"),
                     "highest": (51, "days")}, {"cycle": "hour", "phase": 20})),
    ("rhythm", Shape((2.3, "ratio"), {"phase": (12, "month"), "ratio": (2.3, "ratio"), "cycles": (5, "years"),
                     "highest": (4, "years")}, {"cycle": "month", "phase": 12})),
    ("over_index", Shape((12.4, "percent"), {"ratio": (3.1, "ratio"), "share_here": (12.4, "percent"),
                         "share_elsewhere": (4, "percent"), "share_everywhere": (4.6, "percent"), "periods": (26, _P)}, {},
                         whole=False)),
    ("dominance", Shape(_VALUE, {"share": (61.5, "percent"), "second": (200_900, _M), "second_subject": (OTHER, "title"),
                        "among": (12, "titles")}, {}, whole=False)),
    ("one_of_few", Shape(_VALUE, {"second": (480_200, "views"), "few": (2, "titles"), "among": (39, "titles")}, {"few": 2},
                         whole=False)),
    ("together", Shape((87, "percent"), {"other": (OTHER, "title"), "rho": (87, "percent"), "periods": (40, _P),
                       "alike": (36, _P)}, {"other": OTHER, "direction": "with"}, whole=False)),
    ("together", Shape((-87, "percent"), {"other": (OTHER, "title"), "rho": (-87, "percent"), "periods": (40, _P),
                       "alike": (36, _P)}, {"other": OTHER, "direction": "against"}, whole=False)),
    *_moves("outlier", ("high", "low"), {"usual": ("low", _M)}),
    *_moves("shift", ("up", "down"), {"before": ("low", _M), "after": ("high", _M), **_RISE}),
    *_moves("trend", ("up", "down"), {"from": ("low", _M), "to": ("high", _M), **_RISE}),
    ("anniversary", Shape((5, "years"), {"since": (_DAY, "date"), "total": (9_400_000, _M)}, {"mode": "first_seen"},
                          whole=False)),
    ("anniversary", Shape((5, "years"), {"since": (_DAY, "date"), "record": (9_400_000, _M)}, {"mode": "record"}, whole=False)),
    ("devoted_cohort", Shape((3749, "people"), {"people": (3749, "people"), "times": (5, "times"),
                             "total_people": (41_000, "people")}, {}, whole=False)),
)  # fmt: skip

ASKED = frozenset(
    {"unit", "every", "counts", "has_place", "country", "recent", "month", "season", "sign", "people", "subject", "place",
     "other", "level"}
)  # fmt: skip


def askable(kind: str) -> frozenset[str]:
    """Everything that a condition of a kind may ask of."""
    params = {name for one, shape in SHAPES if one == kind for name in (*shape.params, *shape.facts)}
    return ASKED | params | set(COMMON) | set(FACTS[kind])


def specimens(template: Template, today: date, title: str = TITLE) -> Iterator[Insight]:
    """Figures of a wording's kind that have what its conditions ask for, as far as figures can have it."""
    places = (None, PLACE, NO_COUNTRY) if template.kind != "over_index" else (PLACE, NO_COUNTRY)
    asked = dict(template.when)
    title = IN_SEASONS if "season_number" in template.needs else title
    for kind, shape in SHAPES:
        if kind != template.kind or not _may(shape, asked):
            continue
        whole = asked.get("subject") is False
        for measure in _measures(asked):
            for place in _places(asked, places, template):
                if not whole or shape.whole:
                    yield _made(kind, shape, asked, measure, place, None if whole else title, today)


def made_up(kind: str, today: date, having: str = "") -> Insight:
    """One figure of a kind, in a place, of the first shape that has a fact (or of the first of all): for examples."""
    shapes = [shape for one, shape in SHAPES if one == kind]
    shape = next((shape for shape in shapes if having in shape.facts), shapes[0])
    return _made(kind, shape, {}, "hours", PLACE, TITLE, today)


def _may(shape: Shape, asked: Mapping[str, Any]) -> bool:
    """Whether the parameters that tell shapes apart are those that are asked for."""
    for name in ("scope", "mode", "direction", "cycle"):
        wanted = asked.get(name)
        if isinstance(wanted, str | list) and shape.params.get(name) not in (
            [wanted] if isinstance(wanted, str) else wanted
        ):
            return False
    return True


def _measures(asked: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = asked.get("unit")
    wanted = wanted if isinstance(wanted, list) else [wanted] if isinstance(wanted, str) else list(MEASURES)
    return tuple(str(unit) for unit in wanted)


def _places(asked: Mapping[str, Any], places: tuple[str | None, ...], template: Template) -> tuple[str | None, ...]:
    wanted = asked.get("has_place", asked.get("place"))
    if asked.get("country") is True:
        return (PLACE,)
    if wanted is True or "place" in template.also or "place" in template.needs:
        places = (PLACE, NO_COUNTRY)
    places = tuple(place for place in places if asked.get("country") is None or place != PLACE)
    return (None,) if wanted is False else places


def _made(kind: str, shape: Shape, asked: Mapping[str, Any], measure: str, place: str | None, title: str | None, today: date
          ) -> Insight:  # fmt: skip
    every: Every = _first(asked.get("every"), "week")
    periods = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}[every]
    units = {_M: measure if measure != "rank" else "hours", _P: periods}
    start = _start(asked, every, today)
    end = start + timedelta(days={"hour": 0, "day": 0, "week": 6, "month": 27}[every])
    value, unit = shape.value[0], units.get(shape.value[1], shape.value[1])
    facts = {"value": (value, unit), **{name: (one, units.get(of, of)) for name, (one, of) in shape.facts.items()}}
    params = {name: _first(asked.get(name), one) for name, one in shape.params.items()}
    _meet(facts, params, asked, kind)
    about = [Fact("subject", title, "title")] if title else []
    about += [Fact("place", place, "place")] if place else []
    told = [Fact(name, one, of) for name, (one, of) in facts.items() if asked.get(name) is not False]
    people = _people(kind, facts, asked, measure)
    return Insight(
        id=f"{kind}-{measure}-{place}", kind=kind, source=SOURCE, measure=measure, subject=title,
        where={"country": place} if place else {}, start=start, end=end, value=facts["value"][0], unit=facts["value"][1],
        every=every, facts=(*told, *about, Fact("start", start, "date"), Fact("end", end, "date")), people=people,
        counts="people" if kind == "devoted_cohort" else _counts(asked, measure), params=params,
    )  # fmt: skip


def _meet(facts: dict[str, tuple[Any, str]], params: dict[str, Scalar], asked: Mapping[str, Any], kind: str) -> None:
    """Bring numbers into the bounds that are asked for."""
    for name, wanted in asked.items():
        number = _within(wanted)
        if number is None:
            continue
        if name == "years" and kind != "anniversary":
            hours = "threshold" if kind == "milestone" else "value"
            facts[hours] = (round(number) * HOURS_A_YEAR, "hours")
        elif name in facts:
            facts[name] = (number, facts[name][1])
        if name in params:
            params[name] = int(number)


def _within(wanted: Any) -> float | int | None:
    """A number that a condition holds of."""
    if isinstance(wanted, Mapping):
        low, high = wanted.get("min"), wanted.get("max")
        found = low if low is not None else high
        return found if low is None or high is None else low + (high - low) // 2 if high - low > 1 else low
    if isinstance(wanted, list):
        wanted = wanted[0]
    return wanted if isinstance(wanted, int | float) and not isinstance(wanted, bool) else None


def _start(asked: Mapping[str, Any], every: Every, today: date) -> date:
    """The first day of the newest period that has ended, in the month or season that is asked for."""
    start = today - timedelta(days={"hour": 1, "day": 1, "week": 8, "month": 35}[every])
    if asked.get("recent") is False:
        start -= timedelta(days=100)
    start = start.replace(day=1) if every == "month" else start
    for _ in range(400):
        if _allowed(asked.get("month"), start.month) and _allowed(asked.get("season"), season_on(start)):
            return start
        start -= timedelta(days=1)
    return start


def _allowed(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return bool(wanted.get("min", value) <= value <= wanted.get("max", value))
    return wanted is None or value in (wanted if isinstance(wanted, list) else [wanted])


def _people(kind: str, facts: Mapping[str, tuple[Any, str]], asked: Mapping[str, Any], measure: str) -> int | None:
    if kind == "devoted_cohort":
        return int(facts["people"][0])
    if asked.get("people") not in (None, False) or measure == "viewers":
        return int(_within(asked.get("people")) or 1_234_567)
    return None


def _counts(asked: Mapping[str, Any], measure: str) -> Counts:
    if measure in ("viewers", "people"):
        return "people"
    named: Counts = _first(asked.get("counts"), "other")
    return named


def _first(wanted: Any, otherwise: Any) -> Any:
    if isinstance(wanted, list):
        return wanted[0]
    return wanted if wanted is not None and not isinstance(wanted, Mapping | bool) else otherwise
