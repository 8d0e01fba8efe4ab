"""A widget of lines that are written for its width: what every part of the desk's right-hand side is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

Writer = Callable[[int], Sequence[Content]]


def nothing(_width: int) -> Sequence[Content]:
    """No lines."""
    return ()


class Page(Widget):
    """Shows the lines that a writer gives for a width; written once for each width and content."""

    DEFAULT_CSS = "Page { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._writer: Writer = nothing
        self._written: dict[int, Sequence[Content]] = {}

    def write(self, writer: Writer) -> None:
        """Show other lines; what stands below moves only where their number is another."""
        width, before = self.content_size.width, {at: len(lines) for at, lines in self._written.items()}
        self._writer, self._written = writer, {}
        self.refresh(layout=not width or before.get(width) != len(self.lines(width)))

    def lines(self, width: int) -> Sequence[Content]:
        """The lines for a width."""
        if width not in self._written:
            self._written = {width: self._writer(width)}
        return self._written[width]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's signature)
        """As many rows as there are lines."""
        return len(self.lines(width))

    def render(self) -> Content:
        """The lines, one under the other."""
        return Content("\n").join(self.lines(self.content_size.width))
