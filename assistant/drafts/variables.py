"""The variables of a template: the facts of its figure, a few that are derived from them, and words of the language."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from assistant.config import Config
from assistant.drafts import saying
from assistant.drafts.languages import Language, language
from assistant.drafts.telling import IN_PARTS, Day, Number, Piece, Teller, Told, Word, marks_of, season_of, unmarked
from assistant.models import Fact, Insight, Span

HOURS_A_YEAR = 8766  # 365.25 days
LEAST_YEARS = 2
RECENT = timedelta(days=45)

# What each kind states (docs/templates.md prints this); `optional` ones are not in every figure of the kind.
COMMON = {
    "value": "the figure, with its unit",
    "subject": "the title, in quotation marks",
    "where": "“ in France”, or nothing",
    "when": "“in the week of July 6”",
    "the_period": "“the week of July 6”",
    "period": "“week”",
    "best_period": "“best week”",
    "start": "first day told",
    "end": "last day told",
    "years": "hours as years, end to end (only where they make two or more)",
    "place": "the place's bare name (only of a figure with a place)",
    "season_number": "the season that the title names (“Elite: Season 2”)",
    "tu": "whether the house says tu (French)",
    "gb": "whether the house writes British English",
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "record": {
        "periods": "how many periods it stands above", "previous": "what it had to beat",
        "previous_subject": "whose that was (scope: field)", "previous_date": "when that was",
        "since": "where its history begins", "ratio": "how many times as much", "among": "how many titles (scope: field)",
    },
    "best_since": {"since": "when it was higher", "since_value": "by how much", "periods": "how many periods ago"},
    "streak": {
        "length": "how many periods", "since": "where it begins", "level": "the place held", "from": "where a rise began",
        "to": "where it got to", "ratio": "how many times as much", "at_least": "what it never fell below (mode: above)",
    },
    "milestone": {
        "threshold": "the round number", "total": "the total", "periods": "how many periods it took (not in every figure)",
        "since": "where it begins", "reached_by": "how many titles have passed it",
    },
    "comeback": {"absence": "how many periods away", "last_seen": "when it was last there", "known": "its periods in the table"},
    "overtake": {
        "other": "who was passed", "other_value": "its figure", "gap": "the lead", "behind": "how many meetings it was behind",
        "since": "when it was last ahead",
    },
    "debut": {
        "among": "how many debuts there were", "previous": "the best before", "previous_subject": "whose that was",
        "previous_date": "when that was", "ratio": "how many times as much",
    },
    "dominance": {
        "share": "its share of the whole", "second": "what the next one has", "second_subject": "who that is",
        "among": "how many there are",
    },
    "tie": {"other": "who has exactly as much", "level": "the place that they share", "among": "of how many",
            "since": "when there was last such a tie"},
    "anniversary": {
        "since": "when it was first seen, or when its record was", "record": "that record (mode: record)",
        "total": "its total since (mode: first_seen)",
    },
    "jump": {
        "previous": "the period before", "previous_date": "its last day", "ratio": "how many times as much",
        "places": "how many places were gained (of ranks)",
    },
    "outlier": {"usual": "what was to be expected", "ratio": "how many times as much"},
    "shift": {
        "before": "the usual figure before (a median)", "after": "the usual figure since", "ratio": "how many times as much",
        "since": "the first day of the new level", "periods": "how long it has held",
    },
    "trend": {
        "from": "the usual figure at its beginning (a median)", "to": "the usual figure now", "ratio": "how many times as much",
        "periods": "over how many periods", "since": "where it begins",
    },
    "rhythm": {
        "phase": "the weekday, hour or month: “Friday”", "on_phase": "“on Fridays”",
        "ratio": "how many times the rest (as value)",
        "cycles": "over how many weeks (years, days)", "highest": "in how many of them it was the highest",
    },
    "over_index": {
        "share_here": "its share of the place's whole (as value)", "share_elsewhere": "its share of the other places",
        "share_everywhere": "its share of all", "ratio": "how many times as much", "periods": "over how many periods",
    },
    "together": {
        "other": "the other title", "periods": "over how many periods", "rho": "the rank correlation",
        "alike": "in how many both went the same (or the opposite) way",
    },
    "one_of_few": {
        "second": "the other measure, with its own unit", "few": "how many reached both, itself included",
        "among": "of how many",
    },
    "devoted_cohort": {
        "people": "how many people", "times": "how often", "total_people": "of how many",
        "behaviour": "what they did, in the source's words",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """What a template is rendered with, and the facts behind it. `age`: since the figure's last day."""

    values: Mapping[str, Any]
    conditions: Mapping[str, Any]
    facts: tuple[Fact, ...]
    address: str = ""
    age: timedelta = timedelta(0)

    def finished(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """A rendered text as it is posted, and which characters rest on which fact."""
        return unmarked(text, self.facts)

    @cached_property
    def ranks(self) -> frozenset[str]:
        """The names of the facts that are ranks."""
        return frozenset(fact.name for fact in self.facts if fact.unit == "rank")

    def has(self, need: str) -> bool:
        """Whether a header's `needs` is there: titles, place, people."""
        name = {"titles": "subject", "place": "place"}.get(need, need)
        return bool(self.conditions.get(name))


def known_variables(kind: str) -> frozenset[str]:
    """Every variable that a template of a kind may name."""
    return frozenset(COMMON) | frozenset(FACTS.get(kind, {}))


def telling(insight: Insight, config: Config, lang: str | Language, as_of: datetime) -> Telling | str:
    """Everything that templates of a language may say of a figure; or why nothing can be said in it."""
    spoken = language(lang) if isinstance(lang, str) else lang
    units = _own_units(insight, config, spoken)
    if isinstance(units, str):
        return units
    facts = (*insight.facts, *_derived(insight))
    locale = spoken.locales.get(config.house.english, spoken.locale)
    parts = IN_PARTS - units.keys() if _counts_whole(insight) else IN_PARTS | units.keys()
    teller = Teller(spoken, locale, units, marks_of(facts), as_of.date(), config.house.quotes, parts)
    told = {fact.name: teller.told(fact) for fact in facts}
    _tie(told)
    values: dict[str, Any] = {**told}
    behaviour = _behaviour(insight, config, spoken, values)
    if insight.kind == "devoted_cohort" and behaviour is None:
        return f"sources.{insight.source}.cohort.behaviour has no words in {spoken.code}"
    values |= _words(insight, spoken, teller, values)
    if behaviour is not None:
        values["behaviour"] = behaviour
    values |= {"tu": config.house.address == "tu", "gb": config.house.english == "GB", "__teller": teller}
    end = insight.end.date() if isinstance(insight.end, datetime) else insight.end
    return Telling(
        values, _conditions(insight, values, as_of.date() - end), facts, config.house.address, as_of.date() - end
    )


def _own_units(insight: Insight, config: Config, spoken: Language) -> dict[str, tuple[str, str]] | str:
    source = config.sources.get(insight.source)
    found: dict[str, tuple[str, str]] = {}
    for name in (insight.measure, str(insight.params.get("other_measure", insight.measure))):
        measure = source.measures.get(name) if source else None
        unit = measure.unit if measure is not None else "people"
        if isinstance(unit, str) and unit not in spoken.units and unit not in _WITHOUT_WORDS:
            remedy = f"write sources.{insight.source}.measures.{name}.unit as {{{spoken.code}: [one, several]}}"
            return f"the unit {unit!r} has no words in {spoken.code} ({remedy})"
        if unit is None or isinstance(unit, str):
            continue
        words = unit.get(spoken.code)
        if words is None:
            return f"sources.{insight.source}.measures.{name}.unit has no words in {spoken.code}"
        one, *others = [words] if isinstance(words, str) else words
        found[name] = (one, others[0] if others else one)
        if name == insight.measure:
            found[insight.unit] = found[name]
    return found


def _counts_whole(insight: Insight) -> bool:
    """Whether what a measure with words of its own counts has no halves: its population says so, or its figure is whole."""
    return insight.counts not in ("other", "unknown") or float(insight.value).is_integer()


_WITHOUT_WORDS = {"rank", "percent", "ratio"}


def _derived(insight: Insight) -> list[Fact]:
    """Hours end to end in years, long times in years, the season of a title: what a wording may say beside the facts."""
    days = (Fact("start", insight.start, "date"), Fact("end", insight.end, "date"))
    found = [day for day in days if insight.fact(day.name) is None]
    hours = insight.fact("threshold") if insight.kind == "milestone" else insight.fact("value")
    if hours is not None and hours.unit == "hours" and isinstance(hours.value, int | float):
        years = hours.value / HOURS_A_YEAR
        found += [_long(years)] if years >= LEAST_YEARS else []
    for fact in insight.facts:
        if fact.unit in saying.A_YEAR and isinstance(fact.value, int | float):
            whole = saying.in_years(fact.value, fact.unit)
            found += [Fact(f"{fact.name}_in_years", whole, "years")] if whole is not None else []
        elif fact.unit == "title" and (season := season_of(str(fact.value))) is not None:
            found.append(Fact(f"{fact.name}_work", season[0], "title"))
            number = "season_number" if fact.name == "subject" else f"{fact.name}_season"
            found += [Fact(number, season[1], "season")] if season[1] is not None else []
    return found


def _long(years: float) -> Fact:
    """A long time as people say it: 42 years, 5,700 years."""
    said = int(saying.two_digits(years)) if years >= 100 else round(years)
    return Fact("years", said, "years", rounded_to=10.0 ** (len(str(said)) - 2) if years >= 100 else 1)


def _tie(told: Mapping[str, Told]) -> None:
    """Let a length of time know its years, and a title its season."""
    for name, value in told.items():
        if isinstance(value, Number):
            years = told.get(f"{name}_in_years")
            value.years = years if isinstance(years, Number) else None
        elif isinstance(value, Word):
            season = told.get("season_number" if name == "subject" else f"{name}_season")
            value.season = season if isinstance(season, Number) else None


def _words(insight: Insight, spoken: Language, teller: Teller, values: Mapping[str, Any]) -> dict[str, Any]:
    place, phase = values.get("place"), values.get("phase")
    found: dict[str, Any] = {
        "where": teller.where(place if isinstance(place, Word) else None),
        "when": teller.period(values["start"], insight.every, spoken.when),
        "the_period": teller.period(values["start"], insight.every, spoken.the_period),
        "period": spoken.period[insight.every],
        "best_period": spoken.best_period[insight.every],
    }
    if isinstance(phase, Number) and phase.fact.unit in spoken.phase:
        named = teller.phase(int(phase), phase.fact.unit)
        found["on_phase"] = teller.mark(phase.fact, spoken.phase[phase.fact.unit].format(name=named))
    return found


def _behaviour(insight: Insight, config: Config, spoken: Language, values: Mapping[str, Any]) -> Piece | None:
    """The source's own words, with {subject} and {times} filled and marked."""
    cohort = config.sources[insight.source].cohort if insight.source in config.sources else None
    words = cohort.behaviour.get(spoken.code) if cohort else None
    if words is None:
        return None
    parts: list[str] = []
    for literal, name, *_ in string.Formatter().parse(words):
        parts.append(literal)
        value = values.get(name or "")
        parts.append(value.teller.bare(value) if isinstance(value, Number) else str(value) if value is not None else "")
    return Piece("".join(parts))


def _conditions(insight: Insight, values: Mapping[str, Any], age: timedelta) -> dict[str, Any]:
    """What a template's `when` may ask: the figure's parameters, its facts, and how old it is."""
    plain = {name: float(value) for name, value in values.items() if isinstance(value, Number)}
    there = {name: True for name, value in values.items() if isinstance(value, Word | Day)}
    return {
        **there, **plain, **insight.params, "unit": insight.unit, "every": insight.every, "has_place": bool(insight.where),
        "country": _country(values) is not None, "recent": age <= RECENT, "month": insight.start.month,
        "counts": insight.counts, "people": insight.people,
        "sign": "down" if insight.params.get("direction") in _DOWN else "up", **_season(insight, values),
    }  # fmt: skip


_DOWN = ("down", "low", "against")
_SEASONS = ("winter", "spring", "summer", "autumn")
_SOUTH = frozenset(
    {"AR", "AU", "BO", "BR", "BW", "CL", "FJ", "LS", "MG", "MU", "MZ", "NA", "NZ", "PE", "PG", "PY", "SZ", "UY", "WS", "ZA",
     "ZM", "ZW"}
)  # fmt: skip


def _season(insight: Insight, values: Mapping[str, Any]) -> dict[str, str]:
    """The season of the figure's first day, where that is north of the equator."""
    if _country(values) in _SOUTH:
        return {}
    return {"season": season_on(insight.start)}


def _country(values: Mapping[str, Any]) -> str | None:
    """The code of the figure's country, where its place is one: a place may be a genre, a shop, a station."""
    place = values.get("place")
    return saying.country_code(place.raw) if isinstance(place, Word) else None


def season_on(day: date) -> str:
    """The meteorological season of the north: winter from December on."""
    return _SEASONS[day.month % 12 // 3]
