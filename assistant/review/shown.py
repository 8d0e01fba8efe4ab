"""Foreign text on a terminal: posts, titles, names and errors come from outside, and none of it is markup.

Everything passes through `checks.visible` (control, bidi and zero-width characters become glyphs) and reaches the screen as
`Content`, never as a string that Textual would parse.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, split_graphemes
from textual.content import Content

from assistant.checks import visible

ELLIPSIS = "…"


def shown(text: object) -> str:
    """Foreign text as a terminal may show it; newlines kept."""
    return visible(str(text))


def one_line(text: object) -> str:
    """The same on one line: a line's end is shown as ↵."""
    return " ↵ ".join(part.strip() for part in shown(text).split("\n"))


def plain(text: object, style: str = "") -> Content:
    """Foreign text as content of one style."""
    return styled(shown(text), style)


def styled(text: str, style: str = "") -> Content:
    """Our own text, or foreign text that was made visible, in one style."""
    return Content(text).stylize(style) if style else Content(text)


def cut(text: str, width: int) -> str:
    """As much of a line as fits `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    kept, used = "", 0
    for start, end, cells in split_graphemes(text)[0]:
        if used + cells > width - 1:
            break
        kept, used = kept + text[start:end], used + cells
    return kept.rstrip() + ELLIPSIS if width > 0 else ""


def hanging(label: Content, body: Content, width: int, indent: int) -> list[Content]:
    """A label, then a body whose further lines stand under its first one, `indent` cells in."""
    room = max(1, width - indent)
    lines = body.wrap(room) if body else [Content("")]
    gap = " " * max(0, indent - label.cell_length)
    first = Content.assemble(label, gap, lines[0])
    return [first, *(Content.assemble(" " * indent, line) for line in lines[1:])]


def rule(title: str, width: int, note: str = "") -> Content:
    """A section's heading: its title, a note, and a line to the edge."""
    head = Content.assemble((title, "bold $text-primary"), (f"  {note}" if note else "", "$text-muted"), " ")
    return Content.assemble(head.truncate(width), ("─" * max(0, width - head.cell_length), "$border-blurred"))


def spread(left: Content, right: Content, width: int) -> Content:
    """Two contents at the two ends of a line; the left one gives way."""
    room = max(0, width - right.cell_length - 1)
    left = left.truncate(room, ellipsis=True) if left.cell_length > room else left
    return Content.assemble(left, " " * max(0, width - left.cell_length - right.cell_length), right)


def joined(parts: Sequence[Content], between: str = " · ") -> Content:
    """Contents in a row, with a muted mark between them."""
    return styled(between, "$text-muted").join([part for part in parts if part])
