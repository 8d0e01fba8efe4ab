"""Hidden characters in the editor: one private code point stands for each, so that places count alike and nothing is lost.

A text area splits lines where Python does (U+2028 and others too) and writes what it holds to the terminal. It never
holds a hidden character: `cover` replaces each by a code point of plane 15, `uncover` gives it back, `drawn` is what is
shown, one cell for one code point.
"""

from __future__ import annotations

from assistant.checks.characters import BIDI, hidden

_FIRST = 0xF0000
_LAST = 0xFFFFD


class Disguise:
    """The characters replaced in one text, and by what."""

    def __init__(self) -> None:
        self._code_of: dict[str, str] = {}
        self._character_of: dict[str, str] = {}

    def cover(self, text: str) -> str:
        """As many code points, none of them hidden; newlines kept."""
        found = hidden(text)
        if not found:
            return text
        letters = list(text)
        for at in found:
            letters[at] = self._code(letters[at])
        return "".join(letters)

    def _code(self, character: str) -> str:
        if character not in self._code_of:
            code = chr(min(_FIRST + len(self._code_of), _LAST))
            self._code_of[character], self._character_of[code] = code, character
        return self._code_of[character]

    def uncover(self, text: str) -> str:
        """The text as it was meant."""
        return "".join(self._character_of.get(letter, letter) for letter in text)

    def drawn(self, line: str) -> str:
        """A covered line as a terminal may show it, as many code points; a joiner that lost its emoji is shown too."""
        letters = [self._glyph(letter) for letter in line]
        unseen = hidden(line)
        for at in unseen:
            if line[at] not in self._character_of:
                letters[at] = "·"
        return "".join(letters)

    def _glyph(self, letter: str) -> str:
        character = self._character_of.get(letter)
        return letter if character is None else sign(character)

    def unseen(self, line: str) -> list[int]:
        """Where hidden characters stand in a covered line."""
        return [at for at, letter in enumerate(line) if letter in self._character_of]


def sign(character: str) -> str:
    """One cell for a hidden character: ␛ for ESC, ⇄ for what turns the text, ◊ for the rest."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "⇄" if character in BIDI else "◊"
