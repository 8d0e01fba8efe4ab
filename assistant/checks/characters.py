"""Characters that deceive: controls, bidirectional overrides, zero-width ones, look-alikes in mentions and links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

from assistant.models import Candidate, Flag

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EMOJI = regex.compile(
    r"(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\ufe0f?\u20e3)"
    r"[\ufe0e\ufe0f\u200d\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F\p{Extended_Pictographic}\p{Regional_Indicator}]*"
)
_HIDDEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\U000E0000-\U000E0FFF]")
_HANDLE_OR_LINK = regex.compile(r"[@#][\w.]+|https?://\S+|(?<![\w.-])[\w-]++(?:\.[\w-]++)+/?\S*")
_LOOKED_AT = 4000  # code points; what is longer is blocked for its length
_UNCERTAIN = re.compile("[^\n -~\u00a0-\u00ac\u00ae-\u02ff\u2009\u2010-\u2027\u202f\u20ac]")  # all else is seen
_LATIN = regex.compile(r"\p{Latin}")
_OTHER_SCRIPT = regex.compile(r"[\p{Cyrillic}\p{Greek}]")


def _inside_emoji(text: str) -> set[int]:
    return {at for match in _EMOJI.finditer(text) for at in range(*match.span())}


def hidden(text: str) -> list[int]:
    """Where characters stand that a reader cannot see or that turn the text round; those inside an emoji are its own."""
    if _UNCERTAIN.search(text) is None:
        return []
    found = [match.start() for match in _HIDDEN.finditer(text) if match[0] != "\n"]
    own = _inside_emoji(text) if found else set()
    return [at for at in found if at not in own or text[at] in BIDI or unicodedata.category(text[at]) == "Cc"]


def _glyph(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨{code:02x}⟩" if code < 0xA0 else f"⟨{code:04X}⟩"


def visible(text: str) -> str:
    """The text as a terminal may show it: controls as glyphs (ESC is ␛), hidden characters as ⟨202E⟩; newlines kept."""
    found = set(hidden(text))
    return "".join(_glyph(c) if at in found else c for at, c in enumerate(text)) if found else text


def check_characters(candidate: Candidate) -> Iterator[Flag]:
    """One flag for each run of hidden characters, one for each mention or link that mixes scripts, as far as is looked at."""
    text = candidate.text[:_LOOKED_AT]
    for start, end in _runs(hidden(text)):
        what = ", ".join(_name(c) for c in dict.fromkeys(text[start:end]))
        yield Flag(
            "characters", "characters", "error", start, end, text[start:end],
            f"{what}: a reader cannot see it, and it may turn or break the text.", hard=True,
            suggestion="Delete it.", rule="characters.hidden",
        )  # fmt: skip
    mixed = not text.isascii() and _OTHER_SCRIPT.search(text) is not None
    for match in _HANDLE_OR_LINK.finditer(text) if mixed else ():
        if _LATIN.search(match[0]) and _OTHER_SCRIPT.search(match[0]):
            yield Flag(
                "characters", "characters", "error", *match.span(), match[0],
                "This mixes letters of two scripts that look alike.", hard=True,
                suggestion="Type it again in one script.", rule="characters.look-alike",
            )  # fmt: skip


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    start = previous = None
    for at in places:
        if start is None or previous is None or at != previous + 1:
            if start is not None and previous is not None:
                yield start, previous + 1
            start = at
        previous = at
    if start is not None and previous is not None:
        yield start, previous + 1
