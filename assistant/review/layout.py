"""A post laid out in cells: wrapped lines of glyphs, each tied to the code points that it stands for.

    text ──glyphs──▶ Glyph… ──marks──▶ with footnote numbers ──wrap──▶ Line…

Flags and selections speak of code points of the original text; the screen shows glyphs (an ESC as ␛, an override as
⟨202E⟩). A flagged wording is underlined and followed by its number, so that it is never told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex
from rich.cells import cell_len
from textual.content import Content

from assistant.checks import visible
from assistant.checks.characters import hidden
from assistant.models import Flag, Level

_CLUSTER = regex.compile(r"\X")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+(?:['’\-.,\u00a0\u202f](?=[\p{L}\p{N}])[\p{L}\p{M}\p{N}_]+)*|\X")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WORST: tuple[Level, ...] = ("error", "warning", "suggestion")
STYLES: dict[Level, str] = {
    "error": "underline bold $text-error", "warning": "underline $text-warning", "suggestion": "underline $text-accent",
}  # fmt: skip
SELECTED = "reverse"
HIDDEN = "reverse $text-error"


@dataclass(frozen=True, slots=True)
class Mark:
    """A flagged wording: code points `[start, end)`, the number of its explanation, how bad it is."""

    start: int
    end: int
    number: int
    level: Level


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is drawn for the code points `[start, end)`; a footnote number stands for none (`start == end`)."""

    text: str
    width: int
    start: int
    end: int
    style: str = ""

    @property
    def breaks(self) -> bool:
        """Whether a line may end after it: a space, or a wide letter of a script without spaces."""
        return self.text in (" ", "\t", "\u3000") or self.width == 2


Line = tuple[Glyph, ...]
Span = tuple[int, int]


def marks_of(flags: Sequence[Flag]) -> list[Mark]:
    """The flags' places, numbered as they are explained; a flag on nothing in particular has none."""
    return [Mark(f.start, f.end, at, f.level) for at, f in enumerate(flags, 1) if f.end > f.start]


def lay_out(text: str, marks: Sequence[Mark], width: int) -> list[Line]:
    """The post in lines of at most `width` cells."""
    lines: list[Line] = []
    for paragraph in _paragraphs(list(_numbered(text, marks))):
        lines += _wrapped(paragraph, max(2, width))
    return lines


def _glyphs(text: str) -> Iterator[Glyph]:
    found = set(hidden(text))
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        if end - start == 1 or found.isdisjoint(range(start, end)):
            yield _glyph(match[0], start, end, start in found)
        else:
            yield from (_glyph(text[at], at, at + 1, at in found) for at in range(start, end))


def _glyph(text: str, start: int, end: int, is_hidden: bool) -> Glyph:
    drawn = visible(text) if is_hidden else text
    return Glyph(drawn, cell_len(drawn), start, end, HIDDEN if is_hidden else "")


def _numbered(text: str, marks: Sequence[Mark]) -> Iterator[Glyph]:
    """Every glyph in its flag's style; after a flagged wording, its numbers."""
    whole = [mark for mark in marks if mark.start == 0 and mark.end >= len(text)]
    parts = [mark for mark in marks if mark not in whole]
    for glyph in _glyphs(text):
        level = _level([mark for mark in parts if mark.start < glyph.end and glyph.start < mark.end])
        style = glyph.style or (STYLES[level] if level else "")
        yield Glyph(glyph.text, glyph.width, glyph.start, glyph.end, style)
        ending = [mark for mark in marks if glyph.start < min(mark.end, len(text)) <= glyph.end]
        if ending:
            yield _number(ending, glyph.end)


def _number(ending: Sequence[Mark], at: int) -> Glyph:
    level = _level(ending) or "suggestion"
    told = "·".join(str(mark.number).translate(_RAISED) for mark in ending)
    return Glyph(told, cell_len(told), at, at, STYLES[level].replace("underline", "not underline bold", 1))


def _level(marks: Sequence[Mark]) -> Level | None:
    levels = {mark.level for mark in marks}
    return next((level for level in _WORST if level in levels), None)


def _paragraphs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    current: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text == "\n":
            yield current
            current = []
        else:
            current.append(glyph)
    yield current


def _wrapped(glyphs: Sequence[Glyph], width: int) -> list[Line]:
    lines: list[list[Glyph]] = [[]]
    used = 0
    for chunk in _chunks(glyphs):
        ink = _ink(chunk)
        if used and used + ink > width:
            lines.append([])
            used = 0
        for glyph in chunk:
            if used + glyph.width > width and glyph.text != " ":
                lines.append([])
                used = 0
            if used + glyph.width <= width:
                lines[-1].append(glyph)
                used += glyph.width
    return [tuple(line) for line in lines]


def _ink(chunk: Sequence[Glyph]) -> int:
    """The width of a word without the spaces after it."""
    return sum(glyph.width for glyph in chunk if glyph.text != " ")


def _chunks(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Words with the spaces after them; a footnote's number stays with its word."""
    chunk: list[Glyph] = []
    for glyph in glyphs:
        if chunk and chunk[-1].breaks and glyph.text != " " and glyph.start != glyph.end:
            yield chunk
            chunk = []
        chunk.append(glyph)
    if chunk:
        yield chunk


def drawn(line: Line, selection: Span | None = None) -> Content:
    """One line as content; what is selected is reversed."""
    return Content.assemble(*((glyph.text, _style(glyph, selection)) for glyph in line))


def _style(glyph: Glyph, selection: Span | None) -> str:
    if selection and glyph.start < glyph.end and selection[0] < glyph.end and glyph.start < selection[1]:
        return f"{glyph.style.replace(SELECTED, '')} {SELECTED}".strip()
    return glyph.style


def place_at(lines: Sequence[Line], x: int, y: int) -> Span:
    """The code points under a cell; past the end of a line, an empty span there."""
    line = lines[min(max(y, 0), len(lines) - 1)] if lines else ()
    used = 0
    for glyph in line:
        used += glyph.width
        if x < used:
            return glyph.start, glyph.end
    return (line[-1].end, line[-1].end) if line else _nearest_end(lines, y)


def _nearest_end(lines: Sequence[Line], y: int) -> Span:
    ends = [line[-1].end for line in lines[: max(0, y)] if line]
    return (ends[-1], ends[-1]) if ends else (0, 0)


def cell_of(lines: Sequence[Line], at: int) -> tuple[int, int]:
    """Where a code point is drawn: column and line."""
    for y, line in enumerate(lines):
        x = 0
        for glyph in line:
            if glyph.start <= at < glyph.end:
                return x, y
            x += glyph.width
    return 0, max(0, len(lines) - 1)


def words(text: str) -> list[Span]:
    """What can be chosen without the mouse: words with their apostrophes and hyphens, and every other sign alone."""
    return [match.span() for match in _WORD.finditer(text) if not match[0].isspace()]


@dataclass(frozen=True, slots=True)
class Choice:
    """A selection by whole words: from `anchor` to `head`, both counted in `words`; without an anchor, one word."""

    words: tuple[Span, ...]
    head: int = 0
    anchor: int | None = None

    @property
    def span(self) -> Span:
        """The code points chosen."""
        if not self.words:
            return 0, 0
        first, last = sorted((self.head, self.head if self.anchor is None else self.anchor))
        return self.words[first][0], self.words[last][1]

    def moved(self, by: int, *, extend: bool = False) -> Choice:
        """The head some words on; extending keeps the other end where it is."""
        return self.at(self.head + by, extend=extend)

    def at(self, head: int, *, extend: bool = False) -> Choice:
        """The head on a word."""
        anchor = self.head if extend and self.anchor is None else self.anchor
        return Choice(self.words, max(0, min(head, len(self.words) - 1)), anchor)

    def toggled(self) -> Choice:
        """Hold the beginning here, or let it go."""
        return Choice(self.words, self.head, self.head if self.anchor is None else None)

    def nearest(self, at: int) -> int:
        """The word that a code point is in, or the nearest before it."""
        before = [index for index, (start, _) in enumerate(self.words) if start <= at]
        return before[-1] if before else 0
