"""Length as X counts it, characters that deceive, and repeats."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from twitter_text import parse_tweet

from assistant.checks import Checker, visible, weighted_length
from assistant.models import Candidate

CHECKER = Checker()
SUITES = ("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")


def test_the_conformance_suite_agrees(shared: Path) -> None:
    """twitter-text's own v3 cases; beyond 1,500 code points only that the text is too long."""
    cases = yaml.safe_load((shared / "twitter_text" / "validate.yml").read_text(encoding="utf-8"))["tests"]
    for case in (case for suite in SUITES for case in cases[suite]):
        expected, counted = case["expected"]["weightedLength"], weighted_length(case["text"])
        assert counted == expected or (len(case["text"]) > 1500 and min(counted, expected) > 280), case["description"]


@given(st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Z"]), max_size=200))
def test_plain_text_is_counted_as_the_library_counts_it(text: str) -> None:
    """The quick way for texts without links and emoji gives the library's answer."""
    if "." in text or not text.strip():
        return
    assert weighted_length(text) == parse_tweet(text).asdict()["weightedLength"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("abc", 3), ("日本", 4), ("🎉", 2), ("👩‍👩‍👧‍👦", 2), ("🇫🇷", 2), ("1️⃣", 2), ("🫠", 2), ("🫱🏿‍🫲🏻", 2), ("", 0),
        ("see https://example.com/a/very/long/path/that/goes/on", 27), ("cafe\u0301", 4), ("a\u202fb", 4), ("a\u00a0b", 3),
        ("l’été…", 7),
    ],
)  # fmt: skip
def test_weights(text: str, length: int) -> None:
    """CJK and emoji weigh two whatever an emoji is made of (newer ones too), links 23, U+202F two, U+00A0 one."""
    assert weighted_length(text) == length


def test_a_long_text_is_counted_quickly() -> None:
    """What makes the library take seconds is not given to it."""
    start = time.monotonic()
    assert weighted_length("a." * 5000) > 280
    assert CHECKER(Candidate("a." * 50_000)).verdict == "block"
    assert time.monotonic() - start < 5


def test_over_the_length_is_hard_and_says_by_how_much() -> None:
    """281 is one too many; 280 is not; nothing at all cannot be posted."""
    over = CHECKER(Candidate("x" * 281, lang="en")).flags[0]
    assert (over.category, over.hard, over.quote) == ("length", True, "x")
    assert CHECKER(Candidate("x" * 280, lang="en")).flags == ()
    assert CHECKER(Candidate(" \n", lang="en")).flags[0].rule == "length.empty"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"), ("a\u202eb", "a⟨202E⟩b"), ("a\u200bb", "a⟨200B⟩b"), ("a\x9bb", "a⟨9b⟩b"),
        ("a\x7f", "a␡"), ("\ud800", "⟨D800⟩"), ("a\nb", "a\nb"), ("a\tb", "a␉b"), ("👩‍👩‍👧‍👦 ❤️", "👩‍👩‍👧‍👦 ❤️"),
        ("l’été à 20 h", "l’été à 20 h"), ("a\u2028b", "a⟨2028⟩b"), ("\U000e0041", "⟨E0041⟩"),
    ],
)  # fmt: skip
def test_what_a_terminal_is_shown(text: str, shown: str) -> None:
    """Controls and hidden characters become glyphs; emoji and typography stay."""
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["Tea \u202etxet", "Te\u200ba", "Tea\x1b[0m", "see раypal.com/tea", "hello @аdmin"])
def test_deceiving_characters_are_hard_errors(text: str) -> None:
    """Overrides, zero-width characters, escapes, and look-alikes in links and mentions."""
    assert any(flag.hard and flag.category == "characters" for flag in CHECKER(Candidate(text, lang="en")).flags)


@given(st.text(max_size=120))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    """No input breaks the checks; spans lie inside the text and quote it; nothing unsafe is left visible."""
    for flag in CHECKER(Candidate(text, facts=())).flags:
        assert 0 <= flag.start <= flag.end <= len(text)
        assert text[flag.start : flag.end] == flag.quote
    assert not any(ord(c) < 32 and c != "\n" for c in visible(text))


def test_the_same_again_blocks_and_nearly_the_same_warns() -> None:
    """X refuses exact repeats; readers the others."""
    text = "Harbour Lights had its best week ever: 1,200 hours of rain and tea."
    assert CHECKER(Candidate(text, lang="en"), [text.upper()]).verdict == "block"
    near = text.replace("1,200", "1,300")
    assert CHECKER(Candidate(near, lang="en"), [text]).verdict == "warn"
    assert CHECKER(Candidate("Friday wants a word.", lang="en"), [text]).verdict == "pass"
