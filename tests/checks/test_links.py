"""Links, mentions, cashtags and hashtags."""

from __future__ import annotations

import pytest

from assistant.checks import Checker
from assistant.models import Candidate

CHECKER = Checker(handles=("@OurHouse",))


def found(text: str, checker: Checker = CHECKER) -> list[tuple[str, str]]:
    """The rules of links and mentions that fire, and on what."""
    report = checker(Candidate(text, lang="en"))
    rules = ("link.", "mention.", "house.hashtag")
    flags = sorted((flag.start, flag.rule, flag.quote) for flag in report.flags if flag.rule.startswith(rules))
    return [(rule, quote) for _, rule, quote in flags]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Tea: https://bit.ly/3abc.", "https://bit.ly/3abc."), ("bit.ly/3abc it is", "bit.ly/3abc"),
        ("see www.tinyurl.com/tea now", "www.tinyurl.com/tea"), ("(T.CO/xyz", "T.CO/xyz"),
        ("https://ow.ly/tea", "https://ow.ly/tea"),
    ],
)  # fmt: skip
def test_shortened_links_are_warned_of(text: str, quote: str) -> None:
    """A reader cannot see where they go."""
    assert found(text) == [("link.shortened", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/tea",
        "habit.ly/tea",
        "bit.ly.example.com/tea",
        "A bit. Lying down.",
        "orbit.ly",
        "me@bit.ly",
    ],
)
def test_other_links_are_left_alone(text: str) -> None:
    """Whole addresses, and words that only look like a shortener's."""
    assert found(text) == []


def test_an_unencrypted_link_is_a_suggestion() -> None:
    """It says how the link would be written, and the verdict stays what it is."""
    report = CHECKER(Candidate("Tea at http://example.com/tea today", lang="en"))
    (flag,) = report.flags
    assert (flag.rule, flag.level, flag.suggestion) == ("link.http", "suggestion", "https://example.com/tea")
    assert report.verdict == "pass"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Thanks, @paperboat!", "@paperboat"),
        ("＠thé_vert", "＠thé_vert"),
        ("(@tea) for two", "@tea"),
        ("Tea by @tea.", "@tea"),
    ],
)
def test_mentions_of_others_are_warned_of(text: str, quote: str) -> None:
    """Nobody is called who did not ask for it."""
    assert found(text) == [("mention.unsolicited", quote)]


@pytest.mark.parametrize(
    "text", ["Tea by @ourhouse.", "write to tea@example.com", "@ home", "5 @ 3", "https://x.com/@tea"]
)
def test_our_own_handle_and_what_is_no_mention_pass(text: str) -> None:
    """The handles of the config's accounts may be named; addresses and bare signs are no mentions."""
    assert found(text) == []


def test_one_cashtag_is_enough() -> None:
    """X refuses a second one; sums of money are no cashtags."""
    assert found("Tea at $5, $TEA up $1.20") == []
    assert found("$TEA or $RUM or $BRK.B?") == [("mention.cashtags", "$RUM"), ("mention.cashtags", "$BRK.B")]
    assert CHECKER(Candidate("$TEA or $RUM", lang="en")).verdict == "block"


def test_hashtags_are_the_house_s_where_it_has_any() -> None:
    """With a list others are warned of, in any case of letters; without one all are free."""
    listed = Checker(hashtags=("#TeaTime", "Popcorn"))
    assert found("#teatime #POPCORN", listed) == []
    assert found("#TeaTime #Rum #1", listed) == [("house.hashtag", "#Rum")]
    assert found("#Rum") == []
