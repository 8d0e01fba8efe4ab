"""Figures: what a text states must be what its figure states, in any format the language writes it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.checks import Checker
from assistant.models import Candidate, Fact, Span

CHECKER = Checker()
FACTS = (
    Fact("value", 1_234_567, "hours"),
    Fact("periods", 42, "weeks"),
    Fact("rank", 3, "rank"),
    Fact("since", date(2021, 10, 3), "date"),
    Fact("share", 34.2, "percent"),
    Fact("subject", "Studio 54 Nights", "title"),
)


def wrong(text: str, lang: str = "en", facts: tuple[Fact, ...] | None = FACTS) -> list[str]:
    report = CHECKER(Candidate(text=text, lang=lang, facts=facts, titles=("Other Show",)))
    return [flag.quote for flag in report.flags if flag.category == "figure"]


@pytest.mark.parametrize(
    "text",
    [
        "1,234,567 hours", "1.2 million hours", "1.2M hours", "1.23 million hours", "over 1.2 million hours",
        "nearly 1.25 million hours", "about 1.25 million hours", "42 weeks", "forty weeks? No: 42 weeks", "42nd week",
        "3rd place", "since 3 October 2021", "since October 3, 2021", "34% of it", "34 percent", "a third of it",
        "Studio 54 Nights, 42 weeks in", "no number at all", "one more week", "It has a chair.",
    ],
)  # fmt: skip
def test_english_ways_of_writing_a_figure(text: str) -> None:
    """Rounded like speech, exact, abbreviated, in words: all rest on the figure."""
    allowed = {"forty"} if "forty" in text else set()
    assert set(wrong(text)) <= allowed


@pytest.mark.parametrize(
    "text",
    [
        "1 234 567 heures", "1\u202f234\u202f567 heures", "1,2 million d’heures", "1,23 million d'heures",
        "plus de 1,2 million d'heures", "près de 1,25 million d'heures", "42 semaines", "42e semaine", "3e place",
        "depuis le 3 octobre 2021", "34 %", "un tiers du total", "Studio 54 Nights, 42 semaines", "une semaine de plus",
    ],
)  # fmt: skip
def test_french_ways_of_writing_a_figure(text: str) -> None:
    """With commas, no-break spaces and « million de »."""
    assert wrong(text, "fr") == []


@pytest.mark.parametrize(
    ("text", "lang", "quote"),
    [
        ("1.4 million hours", "en", "1.4 million"),
        ("1,234,568 hours", "en", "1,234,568"),
        ("over 1.3 million hours", "en", "1.3 million"),
        ("nearly 1.2 million hours", "en", "1.2 million"),
        ("43 weeks", "en", "43"),
        ("forty weeks", "en", "forty"),
        ("4th place", "en", "4th"),
        ("since 2020", "en", "2020"),
        ("40% of it", "en", "40%"),
        ("half of it", "en", "half"),
        ("42 % du total", "fr", "42 %"),
        ("1,4 million d'heures", "fr", "1,4 million"),
        ("“Other Show” had 42 weeks", "en", "Other Show"),
    ],
)
def test_a_number_or_title_that_rests_on_nothing_is_a_hard_error(text: str, lang: str, quote: str) -> None:
    """It is quoted, and the nearest evidence is named."""
    assert wrong(text, lang) == [quote]


def test_the_nearest_evidence_is_named() -> None:
    """43 weeks: the evidence says 42."""
    report = CHECKER(Candidate("43 weeks", lang="en", facts=FACTS))
    assert "periods = 42 (weeks)" in report.flags[0].message


def test_a_rounded_source_allows_its_rounding() -> None:
    """Hours rounded to 10,000 may be told to the nearest 10,000, not finer."""
    facts = (Fact("value", 1_230_000, "hours", rounded_to=10_000),)
    assert wrong("1,234,000 hours", facts=facts) == []
    assert wrong("1,236,100 hours", facts=facts) == ["1,236,100"]


def test_without_evidence_figures_are_not_checked() -> None:
    """A text that comes with no figure is never called checked."""
    report = CHECKER(Candidate("43 weeks", lang="en"))
    assert report.flags == ()
    assert any("figure" in told for told in report.not_checked)


PLACED = "1,2 millones de horas"


@pytest.mark.parametrize(
    ("text", "span", "flagged"),
    [
        (f"Van {PLACED}.", Span(4, 25, "value", PLACED), []),
        (f"Van {PLACED}.", Span(4, 25, "value"), ["1,2"]),  # found by reading, not placed
        ("Van 1,3 millones de horas.", Span(4, 25, "value", PLACED), ["1,3"]),  # changed since
        (f"Van {PLACED}.", Span(4, 25, "gone", PLACED), ["1,2"]),  # rests on no fact of this figure
        (f"Van {PLACED} y 77.", Span(4, 25, "value", PLACED), ["77"]),  # another number beside it
        (f"Van 1{PLACED}.", Span(5, 26, "value", PLACED), ["11,2"]),  # a number that goes on outside
        (f"Over {PLACED}.", Span(5, 26, "value", PLACED), ["1,2"]),  # more is said than was placed
    ],
)
def test_a_number_that_a_variable_placed_rests_on_its_fact(text: str, span: Span, flagged: list[str]) -> None:
    """In a language whose numbers the checks cannot read, too; only while its characters stand as they were placed."""
    report = CHECKER(Candidate(text=text, lang="es", facts=FACTS, spans=(span,)))
    assert [flag.quote for flag in report.flags if flag.rule == "figure.number"] == flagged


@pytest.mark.parametrize("text", ["❶", "② hours", "³ of you", "❼❼ people", "½ of you", "Ⅻ"])
def test_signs_that_look_like_digits_are_no_crash(text: str) -> None:
    """A digit in a circle is a digit to Unicode, and no number that can be read."""
    assert CHECKER(Candidate(text)).weighted_length > 0
