"""The post as it will look, its flagged wordings underlined and numbered, and how wording is chosen in it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from assistant.review import actions
from assistant.review.layout import Choice, Line, Mark, Span, cell_of, drawn, lay_out, marks_of, place_at, words
from assistant.reviewed import Draft


class PostView(Widget, can_focus=True):
    """A post; focused, it is a place to choose wording: by words with the arrows, or by dragging the mouse."""

    ALLOW_SELECT = False
    FOCUS_ON_CLICK = False
    BINDINGS = actions.bindings("select")

    class Chosen(Message):
        """The person wants this wording flagged."""

        def __init__(self, span: Span) -> None:
            super().__init__()
            self.span = span

    class Left(Message):
        """The person chose nothing."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = ""
        self._marks: list[Mark] = []
        self._laid_out: tuple[int, list[Line]] = (0, [])
        self._choice = Choice(())
        self._dragged: Span | None = None
        self._drag_from: Span | None = None

    def show(self, draft: Draft | None) -> None:
        """Another draft, or the same one as it stands now; a selection survives where the text is the same."""
        text = draft.post.text if draft else ""
        if text != self.text:
            self._choice, self._dragged = Choice(tuple(words(text))), None
        width, before = self.content_size.width, len(self._laid_out[1])
        self.text, self._marks, self._laid_out = text, marks_of(draft.flags) if draft else [], (0, [])
        self.refresh(layout=not width or before != len(self.lines(width)))

    @property
    def selection(self) -> Span | None:
        """The code points that are chosen: dragged over, or by words while it has the focus."""
        if self._dragged:
            return self._dragged
        return self._choice.span if self.has_focus and self.text else None

    @property
    def dragged(self) -> Span | None:
        """What the mouse has selected."""
        return self._dragged

    def lines(self, width: int) -> Sequence[Line]:
        """The post in lines of a width; laid out once."""
        if self._laid_out[0] != width:
            self._laid_out = (width, lay_out(self.text, self._marks, width))
        return self._laid_out[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's signature)
        """As many rows as the post has lines."""
        return max(1, len(self.lines(width)))

    def render(self) -> Content:
        """The lines, with what is selected reversed."""
        selection = self.selection
        return Content("\n").join([drawn(line, selection) for line in self.lines(self.content_size.width)])

    def on_focus(self) -> None:
        """Choosing begins."""
        self.refresh()

    def on_blur(self) -> None:
        """Choosing is over."""
        self._choice = Choice(self._choice.words)
        self.refresh()

    def _choose(self, choice: Choice) -> None:
        self._choice, self._dragged = choice, None
        self.refresh()

    def action_word_left(self) -> None:
        """The word before."""
        self._choose(self._choice.moved(-1))

    def action_word_right(self) -> None:
        """The next word."""
        self._choose(self._choice.moved(1))

    def action_extend_left(self) -> None:
        """Take in the word before."""
        self._choose(self._choice.moved(-1, extend=True))

    def action_extend_right(self) -> None:
        """Take in the next word."""
        self._choose(self._choice.moved(1, extend=True))

    def action_word_up(self) -> None:
        """The word above."""
        self._move_line(-1)

    def action_word_down(self) -> None:
        """The word below."""
        self._move_line(1)

    def _move_line(self, by: int) -> None:
        if not self._choice.words:
            return
        lines = self.lines(self.content_size.width)
        x, y = cell_of(lines, self._choice.words[self._choice.head][0])
        if 0 <= y + by < len(lines):
            self._choose(self._choice.at(self._choice.nearest(place_at(lines, x, y + by)[0])))

    def action_hold(self) -> None:
        """Hold the beginning here, or let it go."""
        self._choose(self._choice.toggled())

    def action_take(self) -> None:
        """Flag what is chosen."""
        if self.selection:
            self.post_message(self.Chosen(self.selection))

    def action_leave_selection(self) -> None:
        """Choose nothing."""
        self._dragged = None
        self.post_message(self.Left())

    def forget(self) -> None:
        """Select nothing."""
        self._dragged = None
        self._choice = Choice(self._choice.words)
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag begins."""
        self._drag_from = self._under(event)
        self._dragged = None
        self.capture_mouse()
        self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag goes on."""
        if self._drag_from is not None:
            here = self._under(event)
            first, last = min(self._drag_from[0], here[0]), max(self._drag_from[1], here[1])
            self._dragged = (first, last) if last > first and here != self._drag_from else None
            self.refresh()

    def on_mouse_up(self) -> None:
        """A drag ends: what it covered stays selected until it is flagged or let go."""
        self._drag_from = None
        self.release_mouse()

    def _under(self, event: events.MouseEvent) -> Span:
        offset = event.get_content_offset_capture(self)
        return place_at(self.lines(self.content_size.width), offset.x, offset.y)
