"""The length that a network counts (for X: twitter-text's weighted length, configuration v3).

Code points up to U+10FF and the common punctuation weigh one, all others two, an emoji two whatever it is made of, a link
23; the text is counted in NFC. Source: developer documentation "Counting characters" and the conformance suite of
twitter-text, which the tests run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

from assistant.models import Candidate, Flag, NetworkLimits

_HEAVY = re.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")  # they weigh two
_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Extended_Pictographic}(?=[\u200d\U0001F3FB-\U0001F3FF]))"
    r"[\U0001F3FB-\U0001F3FF]?[\U000E0020-\U000E007F]*"
    r"(?:\u200d(?:\p{Extended_Pictographic})[\ufe0f\U0001F3FB-\U0001F3FF]*)*",
    flags=regex.V1,
)
_JOINER, _DRAWN = "\u200d", "\u20d0"  # no emoji is without the one, or a character from the other on
_MAYBE_LINK = re.compile(r"\S\.[^\W\d_]")  # a domain ends in letters
_LONGEST_PARSED = 1500  # the link parser takes seconds on thousands of "a.a."; what is longer is too long anyway
_ONE_EMOJI = "\u4e00"  # weighs two, and ends a link as an emoji does


def weighted_length(text: str) -> int:
    """How many characters X counts in a text."""
    normal = unicodedata.normalize("NFC", text)
    if not normal.isascii() and (max(normal) >= _DRAWN or _JOINER in normal):
        normal = _EMOJI.sub(_ONE_EMOJI, normal)
    if _MAYBE_LINK.search(normal) and len(normal) <= _LONGEST_PARSED:
        from twitter_text import parse_tweet

        return int(parse_tweet(normal).asdict()["weightedLength"])
    return len(normal) + len(_HEAVY.findall(normal))


def check_length(candidate: Candidate, limits: NetworkLimits, length: int) -> Iterator[Flag]:
    """An empty text, or one whose weighted length is over the network's, cannot go out."""
    text = candidate.text
    if not text.strip():
        yield Flag("length", "length", "error", 0, len(text), text, "There is nothing to post.", hard=True,
                   rule="length.empty")  # fmt: skip
        return
    over = length - limits.max_weighted_length
    if over > 0:
        start = max(0, len(text) - over)
        yield Flag("length", "length", "error", start, len(text), text[start:],
                   f"{length} characters, {over} too many.", hard=True,
                   suggestion=f"Cut it to {limits.max_weighted_length}.", rule="length.over")  # fmt: skip
