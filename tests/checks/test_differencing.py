"""Differencing: what two posts give away together that neither says alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks import Checker, Told
from assistant.models import Candidate, Counts, Fact, Flag, Insight, Scalar

CHECKER = Checker()
MONDAY = date(2026, 1, 5)
SAYING = {
    "exact": "{:,} viewers watched it.",
    "over": "More than {:,} viewers watched it.",
    "about": "About {:,} viewers watched it.",
}


def figure(
    people: int, where: dict[str, str] | None = None, *, subject: str | None = "Kettle", week: int = 0, weeks: int = 1,
    measure: str = "viewers", counts: Counts = "people", unit: str = "viewers", params: dict[str, Scalar] | None = None,
) -> Insight:  # fmt: skip
    start = MONDAY + timedelta(weeks=week)
    return Insight(
        id=f"{people}{where}{week}", kind="record", source="viewing", measure=measure, subject=subject, where=where or {},
        start=start, end=start + timedelta(weeks=weeks, days=-1), value=people, unit=unit, every="week",
        people=people if counts == "people" else None, counts=counts, facts=(Fact("value", people, unit),), params=params or {},
    )  # fmt: skip


def told(insight: Insight, text: str = SAYING["exact"]) -> Told:
    return Told(text.format(insight.value), "en", insight, insight.facts)


def differences(insight: Insight, earlier: Sequence[Told], text: str = SAYING["exact"]) -> list[Flag]:
    post = Candidate(text.format(insight.value), lang="en", insight=insight, facts=insight.facts)
    return [flag for flag in CHECKER(post, told=earlier).flags if flag.rule == "disclosure.differencing"]


FRANCE, BOTH, BELGIUM = {"country": "France"}, {"country": "France + Belgium"}, {"country": "Belgium"}


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (figure(419), figure(412)),
        (figure(1197, FRANCE), figure(1204, BOTH)),
        (figure(1197, FRANCE), figure(1204)),
        (figure(1197, subject="Kettle"), figure(1204, subject=None)),
        (figure(1197), figure(1204, weeks=4)),
        (figure(419, week=1), figure(412)),
        (figure(1197, {"country": "France", "device": "phone"}), figure(1204, FRANCE)),
        (figure(1197, params={"times": 18}), figure(1204)),
    ],
    ids=[
        "the same",
        "a country of two",
        "of all",
        "a title of all",
        "a week of a month",
        "the next week",
        "phone",
        "times",
    ],
)
def test_two_groups_that_differ_by_seven_give_seven_people_away(now: Insight, before: Insight) -> None:
    """The same, nested or adjacent groups, whichever is told first: hard, and the other post is named."""
    for mine, other in ((now, before), (before, now)):
        (flag,) = differences(mine, [told(other)])
        assert flag.hard
        assert flag.level == "error"
        assert f"{other.value:,} viewers" in flag.message
        assert "group of 7" in flag.message
        assert flag.quote == f"{mine.value:,} viewers"


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (figure(412), figure(412)),
        (figure(430), figure(412)),
        (figure(1197, FRANCE), figure(1204, BELGIUM)),
        (figure(1197, FRANCE), figure(1204, {"country": "Belgium + Spain"})),
        (figure(1197, subject="Kettle"), figure(1204, subject="Toast")),
        (figure(419, week=9), figure(412)),
        (figure(419), figure(412, measure="listeners")),
        (figure(412, counts="other", unit="hours"), figure(419, counts="other", unit="hours")),
        (figure(12, counts="people", unit="viewers", week=9), figure(19)),
    ],
    ids=["equal", "by 18", "apart", "apart, of two", "titles", "weeks apart", "measures", "hours", "small, apart"],
)
def test_groups_that_do_not_hold_each_other_give_nothing_away(now: Insight, before: Insight) -> None:
    """Another country, title, season or measure is no part of this one; ten people or more are a group."""
    assert differences(now, [told(before)]) == []


@pytest.mark.parametrize(
    ("mine", "other"), [("over", "over"), ("over", "exact"), ("exact", "over"), ("about", "exact"), ("exact", "about")]
)
def test_what_readers_cannot_work_out_gives_nothing_away(mine: str, other: str) -> None:
    """As with "more than 400" twice, or once beside 412, leaves the difference open."""
    assert differences(figure(405), [told(figure(401), SAYING[other])], SAYING[mine]) == []


def test_over_four_hundred_told_twice_gives_nothing_away() -> None:
    """Whatever the figures behind it are."""
    text = "More than 400 viewers watched it."
    assert differences(figure(419), [told(figure(412), text)], text) == []


def test_a_post_that_is_silent_on_the_number_gives_nothing_away() -> None:
    """What is not told cannot be subtracted."""
    assert differences(figure(1197, FRANCE), [told(figure(1204, BOTH), "What a week for “Kettle”!")]) == []


def test_a_share_is_worked_back_before_it_is_compared() -> None:
    """50.00 % of 2,408 are 1,204 to the person, and seven of them are not in France."""
    text = "50.00 % of our 2,408 viewers watched it."
    (flag,) = differences(figure(1197, FRANCE), [told(figure(1204, BOTH), text)])
    assert flag.hard


def test_the_parts_of_a_whole_are_added_up() -> None:
    """1,203 in all, 703 in France, 495 in Belgium: five are left, whichever is told last."""
    posts = [figure(1203), figure(703, FRANCE), figure(495, BELGIUM)]
    for last in posts:
        earlier = [told(one) for one in posts if one is not last]
        assert [flag.hard for flag in differences(last, earlier)] == [True]
    assert differences(posts[0], [told(posts[1])]) == []


def test_parts_that_overlap_are_not_added_up() -> None:
    """A viewer in France may have a phone: 1,203 less 703 less 495 is nobody in particular."""
    assert differences(figure(1203), [told(figure(703, FRANCE)), told(figure(495, {"device": "phone"}))]) == []


def test_seven_plays_more_are_seven_people_at_most() -> None:
    """Plays are compared as people are; hours are not."""
    now, before = (figure(n, counts="plays", unit="plays") for n in (419, 412))
    text = "{:,} plays for “Kettle”."
    assert len(differences(now, [told(before, text)], text)) == 1


def test_weeks_are_not_subtracted_from_weeks() -> None:
    """A streak of 12 weeks and one of 15 are no groups, though their measure counts people."""
    now, before = (replace(figure(n), people=None, unit="weeks", kind="streak") for n in (15, 12))
    assert differences(now, [told(before, "{} weeks in a row.")], "{} weeks in a row.") == []


@pytest.mark.parametrize(
    ("text", "earlier", "blocked"),
    [
        ("419 of you know every verse.", "412 of you know every verse.", True),
        ("419 of you know every verse.", "431 of you know every verse.", False),
        ("More than 400 of you know every verse.", "More than 400 of you know every verse.", False),
        ("419 of you know every verse.", "412 of you came to the harbour on Sunday.", False),
    ],
)
def test_typed_posts_are_compared_where_they_say_the_same(text: str, earlier: str, blocked: bool) -> None:
    """Without stored conditions, the same sentence with another number is on the same group."""
    for report in (
        CHECKER(Candidate(text, lang="en"), told=[Told(earlier, "en")]),
        CHECKER(Candidate(text, lang="en"), [earlier]),
    ):
        assert ("disclosure.differencing" in {flag.rule for flag in report.flags}) is blocked


def test_what_could_not_be_compared_is_not_called_checked() -> None:
    """Posts of which no figure is stored, and posts of which nothing is known at all, are named."""
    post = Candidate("419 of you know every verse.", lang="en")
    other = Told("412 of you came to the harbour on Sunday.", "en")
    assert any("on 1 of them no figure" in told for told in CHECKER(post, told=[other]).not_checked)
    assert any("none are known" in told for told in CHECKER(post).not_checked)
    assert not any("difference" in told for told in CHECKER(post, told=[]).not_checked)
    assert not any("difference" in told for told in CHECKER(Candidate("53 weeks.", lang="en")).not_checked)


def test_a_raised_complement_is_a_raised_difference() -> None:
    """A house that wants twenty others wants twenty here too."""
    strict = Checker()
    strict.policy = replace(strict.policy, complement=20)
    post = Candidate("430 viewers watched it.", lang="en", insight=figure(430), facts=figure(430).facts)
    assert "disclosure.differencing" in {flag.rule for flag in strict(post, told=[told(figure(412))]).flags}


@given(
    st.integers(1000, 5000),
    st.integers(-30, 30),
    st.sampled_from(["exact", "over"]),
    st.sampled_from(["exact", "over"]),
)
def test_exact_numbers_alone_give_a_difference_away(one: int, apart: int, mine: str, other: str) -> None:
    """From 1 to 9 either way, where neither is round; never else."""
    first, second = figure(one), figure(one + apart)
    found = differences(second, [told(first, SAYING[other])], SAYING[mine])
    both_exact = mine == other == "exact" and one % 10 and (one + apart) % 10
    if both_exact:
        assert bool(found) == (1 <= abs(apart) <= 9)
    elif "over" in (mine, other):
        assert not found
