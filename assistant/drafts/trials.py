"""What a made-up figure is changed into so that a wording is tried hard: awkward titles, and each plural category.

A title may speak to the reader ("Only You"), name its season, or be as long as any that is known; a number may take each form
that the language has (French has three: 1, 2 and a million).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assistant.drafts import saying
from assistant.drafts.languages import Language
from assistant.models import Insight

TITLES = ("Only You", "Rien que vous", "Elite: Season 2", "Who Hurt Me? (Part 5)")
NUMBERS = (1, 2, 5, 11, 1_000_000, 1.5)
_NOT_COUNTED = frozenset(
    {"date", "title", "place", "percent", "ratio", "weekday", "hour", "month", "rank", "season", "people", "viewers",
     "listeners", "profiles", "households"}
)  # fmt: skip


def renamed(insight: Insight, title: str) -> Insight:
    """The same figure about another title."""
    facts = tuple(replace(fact, value=title) if fact.name == "subject" else fact for fact in insight.facts)
    return replace(insight, subject=title, facts=facts) if insight.subject else insight


def by_category(insight: Insight, spoken: Language) -> Iterator[tuple[str, Insight]]:
    """The same figure with all that it counts in each plural category; of people there are never so few."""
    for category, number in numbers_of(spoken.locale).items():
        facts = tuple(fact if fact.unit in _NOT_COUNTED else replace(fact, value=number) for fact in insight.facts)
        value = insight.value if insight.unit in _NOT_COUNTED else number
        yield category, replace(insight, value=value, facts=facts)


def numbers_of(locale: str) -> Mapping[str, float]:
    """The first number of each plural category of a language.

    >>> numbers_of("fr"), numbers_of("en")
    ({'one': 1, 'other': 2, 'many': 1000000}, {'one': 1, 'other': 2})
    """
    found: dict[str, float] = {}
    for number in NUMBERS:
        found.setdefault(saying.category(number, locale), number)
    return found
