"""Figures past their shelf life, and words that are true on some days only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.checks import Checker
from assistant.models import Candidate, Fact, Flag
from workflow.bench import a_figure

FIGURE = a_figure()  # of the week from 16 to 22 November 2026
SINCE = Fact("since", date(2026, 11, 24), "date")
CHECKER = Checker()


def stale(text: str, due: str | None, *, facts: tuple[Fact, ...] = (), lang: str = "en") -> list[Flag]:
    """What is stale in a text that is due on a day."""
    moment = datetime.fromisoformat(f"{due}T10:00+00:00") if due else None
    candidate = Candidate(text, lang=lang, insight=FIGURE, facts=(*FIGURE.facts, *facts), due=moment)
    return [flag for flag in CHECKER(candidate).flags if flag.category == "stale"]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("Last week was big.", "2026-11-25", "2026-12-01"),
        ("This week is big.", "2026-11-22", "2026-11-23"),
        ("Last month was big.", "2026-12-01", "2026-11-30"),
        ("This month is big.", "2026-11-30", "2026-12-01"),
        ("This year is big.", "2026-12-31", "2027-01-01"),
        ("Last year was big.", "2027-06-01", "2026-12-31"),
        ("La semaine dernière fut grande.", "2026-11-23", "2026-11-22"),
        ("Cette semaine est grande.", "2026-11-16", "2026-11-23"),
        ("Le mois passé fut grand.", "2026-12-31", "2027-01-01"),
        ("L’an dernier fut grand.", "2027-01-01", "2026-12-31"),
    ],
)
def test_a_week_s_figure_is_told_in_the_right_week(text: str, right: str, wrong: str) -> None:
    """“Last week” is true in one week, and a warning in all others."""
    lang = "fr" if "grand" in text else "en"
    assert stale(text, right, lang=lang) == []
    (flag,) = stale(text, wrong, lang=lang)
    assert (flag.rule, flag.level) == ("stale.relative-date", "warning")
    assert "16 November 2026 to 22 November 2026" in flag.message


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("Not since yesterday.", "2026-11-25", "2026-11-24"),
        ("Pas depuis hier.", "2026-11-25", "2026-11-26"),
        ("Pas depuis avant-hier.", "2026-11-26", "2026-11-25"),
        ("Not since last night.", "2026-11-25", "2026-11-27"),
        ("Pas depuis hier soir.", "2026-11-25", "2026-11-27"),
        ("Not since last Tuesday.", "2026-11-26", "2026-12-10"),
        ("Not since last Tuesday.", "2026-12-01", "2026-11-24"),
        ("Pas depuis mardi dernier.", "2026-11-30", "2026-12-09"),
    ],
)
def test_a_day_among_the_facts_is_told_on_the_right_day(text: str, right: str, wrong: str) -> None:
    """“Yesterday”, “last Tuesday”, « hier soir » are worked out from the day that it goes out."""
    lang = "fr" if text.startswith("Pas") else "en"
    assert stale(text, right, facts=(SINCE,), lang=lang) == []
    assert [flag.rule for flag in stale(text, wrong, facts=(SINCE,), lang=lang)] == ["stale.relative-date"]


def test_a_weekend_is_the_last_one_or_the_one_to_come() -> None:
    """“Last weekend” is the one that is over."""
    saturday = Fact("since", date(2026, 11, 21), "date")
    assert stale("Not since last weekend.", "2026-11-23", facts=(saturday,)) == []
    assert stale("Ce week-end, quel thé !", "2026-11-21", facts=(saturday,), lang="fr") == []
    assert stale("Not since last weekend.", "2026-12-01", facts=(saturday,)) != []


def test_before_the_day_is_known_nobody_can_tell() -> None:
    """A draft's relative date is listed as not checked until the day is known."""
    report = CHECKER(Candidate("Last week was big.", lang="en", insight=FIGURE, facts=FIGURE.facts))
    assert report.verdict == "pass"
    assert "stale: “Last week”, for the day it goes out is not known yet" in report.not_checked
    assert stale("Last week was big.", None) == []


def test_without_a_figure_it_is_not_checked() -> None:
    """A text of one's own may say “yesterday”: the report says that nobody looked, and does not bother."""
    report = CHECKER(
        Candidate("Yesterday was tea, last week was rum.", lang="en", due=datetime(2026, 11, 25, tzinfo=UTC))
    )
    assert report.verdict == "pass"
    assert [told for told in report.not_checked if told.startswith("stale")] == [
        "stale: “Yesterday”, for nothing is known of the day that it means",
        "stale: “last week”, for nothing is known of the day that it means",
    ]


def test_words_that_only_look_relative_pass() -> None:
    """Titles, other words with “last”, and « hier » inside another word."""
    assert stale("At long last, “Last Week” is here; this weekday too.", "2027-01-01") == []
    assert stale("La hiérarchie, c'est ce moisi.", "2027-01-01", lang="fr") == []


def test_a_figure_past_its_shelf_life_is_an_error_on_its_day() -> None:
    """On the last day it may be told, a minute later no more; an unknown day or an endless life says nothing."""
    ends = datetime(2026, 12, 20, 23, 59, tzinfo=UTC)
    checker, endless = Checker(tell_until=lambda _: ends), Checker(tell_until=lambda _: None)
    candidate = Candidate("What a week.", lang="en", insight=FIGURE, facts=FIGURE.facts)
    due = replace(candidate, due=ends + timedelta(minutes=1))
    assert [(flag.rule, flag.level) for flag in checker(due).flags] == [("stale.figure", "error")]
    assert checker(replace(candidate, due=ends)).flags == ()
    assert (checker(candidate).flags, endless(due).flags) == ((), ())
