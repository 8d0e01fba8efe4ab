"""What a screen reader makes of a post: merged hashtags, walls of emoji, letters that are signs, shouting.

Hashtags in CamelCase and few emoji: the advice of the W3C's and of public broadcasters' social media guides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import regex

from assistant.checks.links import HASHTAG
from assistant.checks.reading import Reading
from assistant.models import Candidate, Flag, Level

MERGED = 12  # letters: a hashtag of one case that is so long is hardly one word
IN_A_ROW, IN_ALL = 3, 5
LOUD_WORDS = 4  # of the five or more in capitals, so many have two letters: "A", « À » and figures are not loud
WALL_IN_A_ROW, WALL_IN_ALL = 6, 10
_EMOJI = (
    r"(?:\p{Regional_Indicator}{2}|(?:(?=\p{Emoji_Presentation})\p{Extended_Pictographic}|\p{Extended_Pictographic}\ufe0f)"
    r"[\ufe0f\U0001F3FB-\U0001F3FF]*(?:\u200d\p{Extended_Pictographic}[\ufe0f\U0001F3FB-\U0001F3FF]*)*)"
)
_BEYOND_WORDS = "\u20d0"  # no emoji and no such letter is without a character from here on
_ONE = regex.compile(_EMOJI)
_ROW = regex.compile(rf"{_EMOJI}(?:\s*{_EMOJI}){{{IN_A_ROW - 1},}}")
# Mathematical, circled, squared and full-width letters; not the squared A, B, O, P, which are emoji.
_FANCY = (
    r"[\U0001D400-\U0001D7FF\u24B6-\u24C1\u24C3-\u24E9\uFF21-\uFF3A\uFF41-\uFF5A\U0001F130-\U0001F149\U0001F150-\U0001F169"
    r"\U0001F172-\U0001F17D\U0001F180-\U0001F189]"
)
_LETTERS = regex.compile(rf"{_FANCY}{{2,}}(?:\s+{_FANCY}+)*")
_SHOUTED = r"(?:\p{Lu}[\p{Lu}\p{N}'’-]*+|\p{N}++)"
_LOUD = regex.compile(r"\p{Lu}{2,}")
_TWO_CAPITALS = re.compile("[A-ZÀ-ÞĀ-\U0010ffff]{2}")  # each loud word has them
_SHOUTING = regex.compile(rf"(?<!\w){_SHOUTED}(?:[ \n,;:!?.–—-]++{_SHOUTED}){{4,}}(?!\w)")


def check_accessibility(candidate: Candidate, masked: Reading, hashtags: Sequence[str] = ()) -> Iterator[Flag]:
    """Suggestions for most, a warning for what cannot be read aloud at all. `hashtags`: as the house spells them."""
    yield from _hashtags(candidate, hashtags)
    if not candidate.text.isascii() and max(candidate.text) >= _BEYOND_WORDS:
        yield from _emoji(candidate.text)
        yield from _letters(candidate.text)
    yield from _shouting(candidate, masked)


def _flag(text: str, start: int, end: int, level: Level, rule: str, message: str, suggestion: str) -> Flag:
    return Flag(
        "accessibility", "accessibility", level, start, end, text[start:end], message,
        why="Posts are read aloud too.", suggestion=suggestion, rule=f"accessibility.{rule}",
    )  # fmt: skip


def _hashtags(candidate: Candidate, hashtags: Sequence[str]) -> Iterator[Flag]:
    if "#" not in candidate.text and "＃" not in candidate.text:
        return
    facts = [str(fact.value) for fact in candidate.facts or () if fact.unit in ("title", "place")]
    spelled = dict(_spelled([*hashtags, *candidate.titles, *facts]))
    for match in HASHTAG.finditer(candidate.text):
        tag, known = match[1], spelled.get(match[1].casefold())
        if tag == known or not (tag.islower() or tag.isupper()):
            continue
        if known is not None or sum(c.isalpha() for c in tag) >= MERGED:
            yield _flag(candidate.text, *match.span(), "suggestion", "hashtag",
                        f"{match[0]} is read as one word.",
                        f"Begin each word with a capital: #{known or 'LikeThis'}.")  # fmt: skip


def _spelled(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names of several words as hashtags, by how they look without capitals."""
    for name in names:
        words = regex.findall(r"[\p{L}\p{N}]+", name.lstrip("#＃"))
        tag = "".join(word[:1].upper() + word[1:] for word in words) if len(words) > 1 else "".join(words)
        if len(words) > 1 or not tag.islower():
            yield tag.casefold(), tag


def _emoji(text: str) -> Iterator[Flag]:
    found = list(_ONE.finditer(text))
    if len(found) < IN_A_ROW:
        return
    walls = [match for match in _ROW.finditer(text) if match[0]]
    for match in walls:
        count = len(_ONE.findall(match[0]))
        yield _flag(text, *match.span(), "warning" if count >= WALL_IN_A_ROW else "suggestion", "emoji",
                    f"{count} emoji in a row are {count} names read aloud.", "One of them, at the end.")  # fmt: skip
    if not walls and len(found) >= IN_ALL:
        start, end = found[0].start(), found[-1].end()
        yield _flag(text, start, end, "warning" if len(found) >= WALL_IN_ALL else "suggestion", "emoji",
                    f"{len(found)} emoji are {len(found)} names read aloud.", "One of them, at the end.")  # fmt: skip


def _letters(text: str) -> Iterator[Flag]:
    for match in _LETTERS.finditer(text):
        plain = unicodedata.normalize("NFKC", match[0])
        yield _flag(text, *match.span(), "warning", "letters",
                    "These are signs that look like letters: screen readers spell them out or leave them out.",
                    f"Write “{plain}”.")  # fmt: skip


def _shouting(candidate: Candidate, masked: Reading) -> Iterator[Flag]:
    if _TWO_CAPITALS.search(masked.text) is None:
        return
    for match in _SHOUTING.finditer(masked.text):
        if len(_LOUD.findall(match[0])) < LOUD_WORDS:
            continue
        start, end = masked.span(*match.span())
        yield _flag(candidate.text, start, end, "suggestion", "capitals",
                    "So many words in capitals may be spelled out, and they shout.", "Small letters.")  # fmt: skip
