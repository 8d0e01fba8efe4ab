"""Classes of words: which forms of a word are of its class, and that both languages have the same classes."""

from __future__ import annotations

import pytest

from assistant.checks.wording import load_pack
from assistant.checks.wording.senses import Senses
from assistant.errors import RulePackError

SENSES = Senses(
    {
        "endings": {"is": "endings", "words": "s, ing, +ing, ies=y, ing=e"},
        "eye": {"is": "seeing", "words": "watch, spy, stare, log, keep an eye"},
        "mind": {"is": "mind", "words": "thera*, eye"},
    }
)


@pytest.mark.parametrize("word", ["watch", "watching", "logging", "spies", "staring", "#watch", "spy's"])
def test_a_word_stands_for_its_regular_forms(word: str) -> None:
    """One entry is enough for what the endings make of it, as a hashtag or with an apostrophe too."""
    assert SENSES.tally([word]) == {"eye": 1}


@pytest.mark.parametrize(("word", "names"), [("therapist", {"mind"}), ("the", set()), ("watchful", set()), ("", set())])
def test_only_a_stem_stands_for_all_that_begins_so(word: str, names: set[str]) -> None:
    """`thera*` is open at its end, a word is not."""
    assert set(SENSES.of(word)) == names


def test_a_phrase_counts_each_of_its_words_and_takes_no_class_away() -> None:
    """`keep an eye` is of its class as a whole; `eye` stays what it is."""
    assert SENSES.tally(["we", "keep", "an", "eye", "on", "you"]) == {"eye": 3, "mind": 1}


def test_both_languages_have_the_same_classes() -> None:
    """So that what is said of one class holds for both."""
    assert load_pack("en").senses.names == load_pack("fr").senses.names


def test_a_class_without_words_is_named() -> None:
    """What is wrong in a file is told with its place."""
    with pytest.raises(RulePackError, match="eye"):
        Senses({"eye": {"is": "seeing"}})
