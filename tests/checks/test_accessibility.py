"""What is read aloud: hashtags, emoji, letters that are signs, capitals."""

from __future__ import annotations

import pytest

from assistant.checks import Checker
from assistant.models import Candidate, Flag

CHECKER = Checker()


def flags(text: str, *titles: str) -> list[Flag]:
    """What is hard to read aloud in a text."""
    report = CHECKER(Candidate(text, lang="en", titles=titles))
    return [flag for flag in report.flags if flag.category == "accessibility"]


@pytest.mark.parametrize("text", ["#mergedwordslikethis", "#MERGEDWORDSLIKE", "#harbourlights", "#cestparticulier"])
def test_merged_hashtags_want_capitals(text: str) -> None:
    """A long hashtag in one case, or one that is a known title, is a suggestion."""
    (flag,) = flags(text, "Harbour Lights")
    assert (flag.rule, flag.level, flag.quote) == ("accessibility.hashtag", "suggestion", text)


def test_a_known_title_s_hashtag_is_spelled_out() -> None:
    """Of a title that is known the suggestion is exact, however short."""
    (flag,) = flags("#snowday at last", "Snow Day")
    assert "#SnowDay" in flag.suggestion


@pytest.mark.parametrize(
    "text", ["#HarbourLights", "#tea", "#TeaTime2026", "#Thursday", "#UEFA", "a #1 hit", "#snowday"]
)
def test_other_hashtags_pass(text: str) -> None:
    """In CamelCase, or so short that they are hardly two words."""
    assert flags(text, "Harbour Lights") == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Tea 🎉🎉🎉", "suggestion"), ("🎉 🫖 ☕️ tea", "suggestion"), ("a🎉 b🎉 c🎉 d🎉 e🎉", "suggestion"),
        ("🎉" * 6, "warning"), ("tea 🎉 " * 10, "warning"),
    ],
)  # fmt: skip
def test_walls_of_emoji(text: str, level: str) -> None:
    """Three in a row or five in all are a suggestion; six in a row or ten in all a warning."""
    (flag,) = flags(text)
    assert (flag.rule, flag.level) == ("accessibility.emoji", level)


@pytest.mark.parametrize("text", ["🎉", "👩‍👩‍👧‍👦 👍🏽", "🇫🇷🇬🇧", "1️⃣ 2️⃣ 3️⃣", "© ® ™ ★ ✓ →", "12345"])
def test_few_emoji_pass(text: str) -> None:
    """A family is one emoji, a flag is one; signs and figures are none."""
    assert flags(text) == []


@pytest.mark.parametrize(
    ("text", "plain"), [("𝓕𝓻𝓲𝓭𝓪𝔂 tea", "Friday"), ("ⓣⓔⓐ", "tea"), ("ＴＥＡ ＴＩＭＥ", "TEA TIME"), ("𝟙𝟚", "12")]
)
def test_signs_that_look_like_letters_are_warned_of(text: str, plain: str) -> None:
    """No screen reader says them; the suggestion has the plain letters."""
    (flag,) = flags(text)
    assert (flag.rule, flag.level, flag.suggestion) == ("accessibility.letters", "warning", f"Write “{plain}”.")


@pytest.mark.parametrize("text", ["𝕏 is a name", "日本語 テスト", "Ⅳ ½ ①", "ﬁn", "🅰️🅱️"])
def test_other_scripts_and_single_signs_pass(text: str) -> None:
    """A name that is one such sign, CJK, fractions and the emoji among them are left alone."""
    assert flags(text) == []


@pytest.mark.parametrize(
    "text", ["THE BEST WEEK OF TEA EVER", "tea: DE 5 À 7, TOUT LE MONDE BOIT!", "L'ÉTÉ EST LÀ, BUVEZ TOUS DU THÉ"]
)
def test_capitals_over_five_words_are_a_suggestion(text: str) -> None:
    """They shout; the verdict stays what it is."""
    (flag,) = flags(text)
    assert (flag.rule, flag.level) == ("accessibility.capitals", "suggestion")


@pytest.mark.parametrize(
    "text", ["BBC, ITV, RTÉ and TF1", "A B C D E F G", "Tea For The Whole Long Week", "“THE LONG WEEK OF TEA”: 5 h"]
)
def test_acronyms_and_titles_in_capitals_pass(text: str) -> None:
    """Few words, single letters, and a title that is written so."""
    assert flags(text, "THE LONG WEEK OF TEA") == []
