"""Every number and title of a text must be one of its figure's evidence, after a person's edit too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from assistant.checks.numbers import Mention, mentions
from assistant.checks.reading import Reading, quotations, read
from assistant.models import Candidate, Fact, Flag


def check_figures(candidate: Candidate, reading: Reading) -> Iterator[Flag]:
    """An error for each number, date or title that rests on nothing; it names the nearest evidence."""
    facts = candidate.facts
    if facts is None:
        return
    for mention in mentions(reading.text, candidate.lang):
        if any(_rests_on(mention, fact) for fact in facts):
            continue
        start, end = reading.span(mention.start, mention.end)
        if mention.start in _title_places(reading, facts) or _is_placed(candidate, facts, reading, mention):
            continue
        yield Flag(
            "figure", "figure", "error", start, end, candidate.text[start:end],
            f"This number rests on nothing. {_nearest(mention, facts)}", hard=True,
            why="A post may state only what its figure states.",
            suggestion="Write the figure, or leave the number out.", rule="figure.number",
        )  # fmt: skip
    yield from _foreign_titles(candidate, facts)


def _is_placed(candidate: Candidate, facts: tuple[Fact, ...], reading: Reading, mention: Mention) -> bool:
    """Whether variables of a template put it there, in any language's way: it rests on its cell, if nobody changed it."""
    start, end = reading.span(mention.begins, mention.end)
    names = {fact.name for fact in facts}
    return any(
        span.start <= start and end <= span.end and span.fact in names and span.holds(candidate.text)
        for span in candidate.spans
    )


def _title_places(reading: Reading, facts: tuple[Fact, ...]) -> set[int]:
    """Numbers inside a title or a place's name are its own."""
    places: set[int] = set()
    lowered = reading.text.casefold()
    for plain in (_plain(str(fact.value)) for fact in facts if fact.unit in ("title", "place")):
        at = lowered.find(plain) if plain else -1
        while at >= 0:
            places.update(range(at, at + len(plain)))
            at = lowered.find(plain, at + 1)
    return places


@lru_cache(4096)
def _plain(title: str) -> str:
    return read(title).text.casefold()


def _rests_on(mention: Mention, fact: Fact) -> bool:
    if isinstance(fact.value, date):
        return _in_date(mention, fact.value)
    if isinstance(fact.value, str):
        return False
    if mention.role == "ordinal":
        return fact.value == mention.value
    if mention.role == "percent":
        return fact.unit == "percent" and mention.allows(float(fact.value), fact.rounded_to)
    if mention.role == "clock":
        return fact.unit == "hour"
    return fact.unit != "percent" and mention.allows(abs(float(fact.value)), fact.rounded_to)


def _in_date(mention: Mention, day: date) -> bool:
    if mention.role == "year":
        return mention.value == day.year
    return mention.role in ("number", "ordinal") and mention.value == day.day


def _nearest(mention: Mention, facts: tuple[Fact, ...]) -> str:
    numbers = [fact for fact in facts if isinstance(fact.value, int | float)]
    if not numbers:
        return "The figure has no numbers."
    nearest = min(numbers, key=lambda fact: abs(float(fact.value) - mention.value))  # type: ignore[arg-type]
    return f"The nearest evidence is {nearest.name} = {nearest.value:,} ({nearest.unit})."


def _foreign_titles(candidate: Candidate, facts: tuple[Fact, ...]) -> Iterator[Flag]:
    """A title in quotation marks, or one that is known, which the figure does not speak of."""
    own = {str(fact.value).casefold() for fact in facts if fact.unit in ("title", "place")}
    known = {title.casefold() for title in candidate.titles}
    for start, end, quoted in quotations(candidate.text):
        name = quoted.casefold()
        if name in known and not any(name in title or title in name for title in own):
            yield Flag(
                "figure", "figure", "error", start, end, quoted, "The figure is not about this title.", hard=True,
                suggestion=f"It is about {', '.join(sorted(own)) or 'no title'}.", rule="figure.title",
            )  # fmt: skip
