"""The variables of a template: the facts of its figure, a few that are derived from them, and words of the language."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.config import Config
from assistant.drafts.languages import LANGUAGES
from assistant.drafts.telling import Day, Number, Piece, Teller, Word, told
from assistant.models import Fact, Insight

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
    "years": "hours as years, end to end",
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
        "to": "where it got to", "ratio": "how many times as much",
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
    "tie": {"other": "who has exactly as much", "level": "the place that they share", "among": "of how many"},
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
    "devoted_cohort": {
        "people": "how many people", "times": "how often", "total_people": "of how many",
        "behaviour": "what they did, in the source's words",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """What a template is rendered with, and the facts behind it."""

    teller: Teller
    values: Mapping[str, Any]
    conditions: Mapping[str, Any]
    facts: tuple[Fact, ...]


def known_variables(kind: str) -> frozenset[str]:
    """Every variable that a template of a kind may name."""
    return frozenset(COMMON) | frozenset(FACTS.get(kind, {}))


def telling(insight: Insight, config: Config, lang: str, as_of: datetime) -> Telling | str:
    """Everything that templates of a language may say of a figure; or why nothing can be said in it."""
    units = _own_units(insight, config, lang)
    if isinstance(units, str):
        return units
    facts = (*insight.facts, *_derived(insight))
    teller = Teller(lang, _locale(config, lang), units, tuple(fact.name for fact in facts), as_of.year)
    values: dict[str, Any] = {fact.name: told(fact) for fact in facts}
    behaviour = _behaviour(insight, config, lang, teller, values)
    if insight.kind == "devoted_cohort" and behaviour is None:
        return f"sources.{insight.source}.cohort.behaviour has no words in {lang}"
    values |= _words(insight, lang, teller, values)
    if behaviour is not None:
        values["behaviour"] = behaviour
    values.pop("place", None)
    return Telling(teller, values, _conditions(insight, values, as_of), facts)


def _locale(config: Config, lang: str) -> str:
    return f"en_{config.house.english}" if lang == "en" else lang


def _own_units(insight: Insight, config: Config, lang: str) -> dict[str, tuple[str, str]] | str:
    measure = config.sources[insight.source].measures.get(insight.measure) if insight.source in config.sources else None
    if measure is None or isinstance(measure.unit, str):
        unit = measure.unit if measure is not None and isinstance(measure.unit, str) else "people"
        known = unit in LANGUAGES[lang].units or unit == "rank"
        remedy = f"write sources.{insight.source}.measures.{insight.measure}.unit as {{{lang}: [one, several]}}"
        return {} if known else f"the unit {unit!r} has no words in {lang} ({remedy})"
    if measure.unit is None:
        return {}
    words = measure.unit.get(lang)
    if words is None:
        return f"sources.{insight.source}.measures.{insight.measure}.unit has no words in {lang}"
    one, *others = [words] if isinstance(words, str) else words
    return {insight.unit: (one, others[0] if others else one)}


def _derived(insight: Insight) -> list[Fact]:
    """Hours end to end, in years: the size of a number in something that one can hold."""
    hours = insight.fact("threshold") if insight.kind == "milestone" else insight.fact("value")
    if hours is None or hours.unit != "hours" or not isinstance(hours.value, int | float):
        return []
    years = hours.value / HOURS_A_YEAR
    return [Fact("years", round(years), "years")] if years >= LEAST_YEARS else []


def _words(insight: Insight, lang: str, teller: Teller, values: Mapping[str, Any]) -> dict[str, Any]:
    words = LANGUAGES[lang]
    the_period = teller.period(values["start"], insight.every)
    place = values.get("place")
    inside = Piece(the_period if lang == "fr" else f"{'on' if insight.every in ('hour', 'day') else 'in'} {the_period}")
    if lang == "fr" and insight.every == "month":
        inside = Piece(f"en {the_period}")
    return {
        "where": teller.where(place if isinstance(place, Word) else None),
        "when": inside,
        "the_period": the_period,
        "period": words.period[insight.every],
        "best_period": words.best[insight.every],
    }


def _behaviour(insight: Insight, config: Config, lang: str, teller: Teller, values: Mapping[str, Any]) -> Piece | None:
    """The source's own words, with {subject} and {times} filled and marked."""
    cohort = config.sources[insight.source].cohort if insight.source in config.sources else None
    words = cohort.behaviour.get(lang) if cohort else None
    if words is None:
        return None
    parts: list[str] = []
    for literal, name, *_ in string.Formatter().parse(words):
        parts.append(literal)
        value = values.get(name or "")
        if isinstance(value, Number):
            parts.append(teller.bare(value))
        elif isinstance(value, Word):
            parts.append(teller.quoted(value))
    return Piece("".join(parts))


def _conditions(insight: Insight, values: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    """What a template's `when` may ask: the figure's parameters, its facts, and how old it is."""
    end = insight.end.date() if isinstance(insight.end, datetime) else insight.end
    plain = {name: float(value) for name, value in values.items() if isinstance(value, Number)}
    there = {name: True for name, value in values.items() if isinstance(value, Word | Day)}
    return {
        **there, **plain, **insight.params, "unit": insight.unit, "every": insight.every, "has_place": bool(insight.where),
        "recent": as_of.date() - end <= RECENT, "month": insight.start.month, "counts": insight.counts,
    }  # fmt: skip
