"""Any input at all gets an answer, in time: a small share in each run, 200,000 with `make test-long`."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.checks import LOOKED_AT, Checker, visible, weighted_length
from assistant.models import Candidate, Report

LONGEST = 0.05  # seconds of the processor's own time: other processes of a busy machine do not count
CHECKER = Checker()
LANGUAGES = st.sampled_from([None, "en", "fr", "de"])

_LETTERS = st.characters(codec=None)  # lone surrogates and all
_NASTY = st.sampled_from(
    ["\u202e", "\u200b", "\u200d", "\ufe0f", "\u0301", "\u0336", "\ud800", "\udfff", "\x00", "\x1b[31m", "\ufdfa",
     "İ", "ſ", "ß", "ǆ",
     "&#119;", "**", "__", "#Aa", "@a", "a-", "- ", "1a", "a1", "$a", "aaa", "a.", ". ", "w h o ", "🖕", "👩\u200d👧", "🇫🇷", "1️⃣",
     "53 people", "who hurt you", "à", "ö", "\n", "\r\n", "\t", "«", "»", "“", "'", "https://a.b/", "53 ", "of you ",
     "qui vous a "]
)  # fmt: skip
_DOTTED = regex.compile(r"(?<=\S)\.(?=\S)")


def _weighable(text: str) -> str:
    """The network's link parser takes no lone surrogates, and seconds for hundreds of dots: there, nothing is a link."""
    odd = any("\ud800" <= c <= "\udfff" for c in text) or len(_DOTTED.findall(text)) > 20
    return _DOTTED.sub(",", text) if odd else text


_TEXTS = st.one_of(
    st.text(_LETTERS, max_size=300),
    st.lists(st.one_of(_NASTY, st.text(_LETTERS, max_size=4)), max_size=60).map("".join),
    st.builds(str.__mul__, st.one_of(_NASTY, st.text(_LETTERS, min_size=1, max_size=5)), st.integers(1, 400)),
).map(_weighable)


def _answered(text: str, lang: str | None = None) -> Report:
    """An answer within the time; asked again where it was late, for compiling and a busy processor count but once."""
    for attempt in range(10):
        time.sleep(attempt / 20)
        start = time.thread_time()
        report = CHECKER(Candidate(text, lang=lang))
        taken = time.thread_time() - start - _weighing(text)
        if taken <= LONGEST:
            break
    assert taken <= LONGEST, f"{taken:.3f} s for {text[:40]!r}… ({len(text)})"
    return report


def _weighing(text: str) -> float:
    """What the network's own link parser takes for the length, which the checks can do nothing about."""
    start = time.thread_time()
    weighted_length(text)
    return time.thread_time() - start


def _sound(text: str, lang: str | None) -> None:
    for flag in _answered(text, lang).flags:
        assert 0 <= flag.start <= flag.end <= len(text)
        assert text[flag.start : flag.end] == flag.quote
    assert not any(ord(c) < 32 and c != "\n" for c in visible(text))


@given(_TEXTS, LANGUAGES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_answered_in_time(text: str, lang: str | None) -> None:
    """No crash, spans that quote the text, nothing unsafe left visible, and no more than 50 ms."""
    _sound(text, lang)


@pytest.mark.long
@pytest.mark.timeout(3600)
@given(_TEXTS, LANGUAGES)
@settings(max_examples=200_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_two_hundred_thousand_texts_are_answered_in_time(text: str, lang: str | None) -> None:
    """The same, for as long as it takes to believe it."""
    _sound(text, lang)


FULL: dict[str, Callable[[int], str]] = {
    "a.": lambda n: "a." * (n // 2), "a-": lambda n: "a-" * (n // 2), "a ": lambda n: "a " * (n // 2), "a": lambda n: "a" * n,
    "a.a_": lambda n: "a." * (n // 2 - 1) + "aa", "a b_": lambda n: "a b " * (n // 4 - 1) + "a_", "1": lambda n: "1" * n,
    "a1": lambda n: "a1" * (n // 2), "a1_": lambda n: "a1" * (n // 2 - 1) + "_", "1,": lambda n: "1," * (n // 2),
    "@": lambda n: "@" * n, "#Aa": lambda n: "#" + "Aa" * (n // 2 - 1), "*": lambda n: "*" * n, "&#1": lambda n: "&#1" * (n // 3),
    "spaces": lambda n: " " * n, "newlines": lambda n: "\n" * n, "quotes": lambda n: "'" * n,
    "guillemets": lambda n: "« " * (n // 2),
    "marks": lambda n: "a" + "\u0301\u0316" * (n // 2 - 1), "surrogates": lambda n: "\ud800" * n,
    "emoji": lambda n: "🐷" * n,
    "families": lambda n: "👩\u200d" * (n // 2),
    "hidden": lambda n: "a\u200b" * (n // 2),
    "overrides": lambda n: "\u202ea" * (n // 2),
    "ligatures": lambda n: "\ufdfa" * n, "questions": lambda n: "you? " * (n // 5),
    "people": lambda n: "53 people " * (n // 10),
    "hurt": lambda n: "who hurt you " * (n // 13), "torn": lambda n: "hu-rt " * (n // 6),
    "stars": lambda n: "w**h**o " * (n // 8),
    "accents": lambda n: "ö" * n,
    "links": lambda n: "https://a.b/c " * (n // 14),
    "dots": lambda n: "." * n,
    "the the": lambda n: "the " * (n // 4),
}  # fmt: skip


SLOW_TO_WEIGH = {
    "marks",
    "emoji",
    "surrogates",
    "ligatures",
}  # their length alone takes as long, in hundreds of thousands


@pytest.mark.parametrize("shape", FULL)
def test_the_longest_text_that_is_looked_at_ends(shape: str) -> None:
    """4,000 code points made to be slow are answered in a moment, and no pattern runs away with them."""
    text = FULL[shape](LOOKED_AT)
    assert LOOKED_AT - 13 <= len(text) <= LOOKED_AT
    start = time.thread_time()
    report = CHECKER(Candidate(text))
    assert time.thread_time() - start < 1
    assert not any("too long" in line for line in report.not_checked)


@pytest.mark.parametrize("shape", sorted(FULL.keys() - SLOW_TO_WEIGH))
def test_a_hundred_kilobytes_are_not_looked_at(shape: str) -> None:
    """What cannot be a post is blocked for its length within 50 ms, and the rest is said to be not checked."""
    report = _answered(FULL[shape](100_000))
    assert "wording" in report.not_checked
    assert report.verdict == "block" or shape == "families"  # one emoji, however many people are in it
