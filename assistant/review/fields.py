"""What forms are made of: a line to type in, a box to tick, one of several to choose. Each works from the keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from assistant.checks.characters import hidden
from assistant.review.shown import cut, hanging, styled


class Field(Input):
    """One line of typing; what is pasted loses characters that nobody can see."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        line = " ".join(event.text.split())
        unseen = set(hidden(line))
        kept = "".join(character for at, character in enumerate(line) if at not in unseen)
        self.insert_text_at_cursor(kept) if self.selection.is_empty else self.replace(kept, *self.selection)


class Tick(Widget, can_focus=True):
    """A box to tick before a sentence of any length: `[x]` and `[ ]`, never colour alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "tick", "Tick", show=False),
        Binding("down,j", "app.focus_next", show=False),
        Binding("up,k", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = "Tick { height: auto; text-wrap: nowrap; }"
    value: reactive[bool] = reactive(False)

    class Changed(Message):
        """It was ticked, or not any more."""

    def __init__(self, label: Content, *, value: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.label = label
        self.set_reactive(Tick.value, value)

    def _lines(self, width: int) -> list[Content]:
        box = styled("[x]" if self.value else "[ ]", "bold $text-primary" if self.has_focus else "bold")
        return hanging(box, self.label, width, 4)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's signature)
        """As many rows as the sentence needs."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The box and its sentence."""
        return Content("\n").join(self._lines(self.content_size.width))

    def action_tick(self) -> None:
        """Tick it, or not any more."""
        self.value = not self.value

    def watch_value(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

    def on_click(self) -> None:
        """As the space bar does."""
        self.value = not self.value


class OneOf(Widget, can_focus=True):
    """One of several: `●` before the chosen one; of a long list, the part around it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("enter", "take", show=False),
    ]
    DEFAULT_CSS = "OneOf { height: auto; text-wrap: nowrap; }"
    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        """Another one is chosen."""

        def __init__(self, control: OneOf) -> None:
            super().__init__()
            self._control = control

        @property
        def control(self) -> OneOf:
            """Which widget it is about."""
            return self._control

    class Taken(Changed):
        """The person is content with the one that is chosen."""

    def __init__(self, labels: Sequence[str], *, rows: int = 6, id: str | None = None) -> None:
        super().__init__(id=id)
        self.labels = list(labels)
        self._rows = rows

    def offer(self, labels: Sequence[str]) -> None:
        """Other choices, the first of them chosen."""
        self.labels = list(labels)
        self.chosen = 0
        self.refresh(layout=True)

    def validate_chosen(self, chosen: int) -> int:
        """One that is there."""
        return max(0, min(chosen, len(self.labels) - 1))

    def watch_chosen(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed(self))

    @property
    def first(self) -> int:
        """The first choice on the screen."""
        return max(0, min(self.chosen - self._rows // 2, len(self.labels) - self._rows))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's signature)
        """As many rows as choices, within bounds."""
        return max(1, min(self._rows, len(self.labels)))

    def render(self) -> Content:
        """The choices."""
        width = self.content_size.width
        shown = list(enumerate(self.labels))[self.first : self.first + self._rows]
        if not shown:
            return styled("nothing fits", "$text-muted")
        return Content("\n").join([self._line(at, label, width) for at, label in shown])

    def _line(self, at: int, label: str, width: int) -> Content:
        style = ("bold reverse" if self.has_focus else "bold") if at == self.chosen else ""
        return styled(f"{'●' if at == self.chosen else '○'} {cut(label, width - 3)} ", style)

    def action_move(self, by: int) -> None:
        """The next one, or the one before."""
        self.chosen += by

    def action_take(self) -> None:
        """Content with this one."""
        self.post_message(self.Taken(self))

    def on_click(self, event: events.Click) -> None:
        """The one under the mouse."""
        self.chosen = self.first + event.y
