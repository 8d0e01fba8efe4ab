"""The list of drafts: ids in memory, drafts fetched by the page and kept while they are near; two lines each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.config import Config
from assistant.review import actions
from assistant.review.draft import MUTED, row
from assistant.review.page import Writer, nothing
from assistant.review.shown import styled
from assistant.reviewed import Draft

PAGE = 50
PAGES_KEPT = 20
HEIGHT = 2  # lines of a draft


class Pages:
    """Drafts by their ids, the least recently shown forgotten; which pages are on their way is remembered."""

    def __init__(self, size: int = PAGE, kept: int = PAGES_KEPT) -> None:
        self._size, self._kept = size, size * kept
        self._drafts: OrderedDict[int, Draft] = OrderedDict()
        self._asked: set[int] = set()

    def get(self, draft_id: int) -> Draft | None:
        """A draft, if it is here."""
        draft = self._drafts.get(draft_id)
        if draft is not None:
            self._drafts.move_to_end(draft_id)
        return draft

    def wanted(self, ids: Sequence[int], at: int) -> list[int]:
        """The ids of the page around a place in the list that are neither here nor on their way; they are now."""
        start = at - at % self._size
        missing = [i for i in ids[start : start + self._size] if i not in self._drafts and i not in self._asked]
        self._asked.update(missing)
        return missing

    def put(self, asked: Iterable[int], drafts: Iterable[Draft]) -> None:
        """What came of asking."""
        self._asked.difference_update(asked)
        for draft in drafts:
            self._drafts[draft.id] = draft
            self._drafts.move_to_end(draft.id)
        while len(self._drafts) > self._kept:
            self._drafts.popitem(last=False)


def kept_in(ids: Sequence[int], old: Sequence[int], current: int | None) -> list[int]:
    """New ids, with the current one kept in its place even where it belongs there no more."""
    if current is None or current not in old:
        return list(ids)
    there = set(ids)
    if current in there:
        return list(ids)
    before = sum(1 for one in old[: old.index(current)] if one in there)
    return [*ids[:before], current, *ids[before:]]


class Queue(ScrollView, can_focus=True):
    """The drafts of a view, by the line: 100,000 of them cost what is on the screen."""

    BINDINGS = actions.bindings("queue")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"queue--cursor", "queue--blurred"}
    cursor: reactive[int] = reactive(0)

    class Wanted(Message):
        """Drafts that are to be shown and are not here."""

        def __init__(self, ids: Sequence[int]) -> None:
            super().__init__()
            self.ids = tuple(ids)

    class Moved(Message):
        """The cursor is on another draft, or none."""

        def __init__(self, draft_id: int | None) -> None:
            super().__init__()
            self.draft_id = draft_id

    class Opened(Message):
        """The person wants the draft under the cursor opened."""

    def __init__(self, config: Config, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._config = config
        self.ids: list[int] = []
        self.pages = Pages()
        self.now = datetime.now().astimezone()
        self.empty: Writer = nothing

    @property
    def current(self) -> int | None:
        """The id under the cursor."""
        return self.ids[self.cursor] if 0 <= self.cursor < len(self.ids) else None

    def show(self, ids: Sequence[int], now: datetime, *, goto: int | None = None, fresh: bool = False) -> None:
        """Other ids. The cursor stays on its draft, which stays in the list until the cursor leaves it; a fresh view
        begins at its top."""
        self.now = now
        before = self.current
        kept = list(ids) if fresh else kept_in(ids, self.ids, before)
        wanted = goto if goto in kept else None if fresh else before
        changed, self.ids = kept != self.ids, kept
        self.set_reactive(
            Queue.cursor, kept.index(wanted) if wanted in kept else min(self.cursor, max(0, len(kept) - 1))
        )
        if fresh and wanted is None:
            self.set_reactive(Queue.cursor, 0)
        self._lay_out()
        if changed or fresh or self.current != before:
            self.post_message(self.Moved(self.current))

    def _lay_out(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, HEIGHT * len(self.ids))
        self.scroll_to_cursor()
        self.refresh()

    def fill(self, asked: Sequence[int], drafts: Sequence[Draft]) -> None:
        """Drafts that were wanted, or are newer than those here."""
        self.pages.put(asked, drafts)
        self.refresh()

    def visible_ids(self) -> list[int]:
        """The ids on the screen, for a look at how they stand now."""
        first = self.scroll_offset.y // HEIGHT
        return self.ids[first : first + self.size.height // HEIGHT + 2]

    def watch_cursor(self, old: int, new: int) -> None:
        """The cursor moved: show where it is."""
        for at in (old, new):
            self.refresh_lines(at * HEIGHT, HEIGHT)
        self.scroll_to_cursor()
        self.post_message(self.Moved(self.current))

    def validate_cursor(self, cursor: int) -> int:
        """Within the list."""
        return max(0, min(cursor, len(self.ids) - 1))

    def scroll_to_cursor(self) -> None:
        """Bring the cursor onto the screen."""
        top, height = self.scroll_offset.y, max(HEIGHT, self.size.height)
        y = self.cursor * HEIGHT
        if y < top:
            self.scroll_to(y=y, animate=False, immediate=True)
        elif y + HEIGHT > top + height:
            self.scroll_to(y=y + HEIGHT - height, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Rows are as wide as the list."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """One line of one draft."""
        line = y + self.scroll_offset.y
        at, part = divmod(line, HEIGHT)
        width = self.scrollable_content_region.width
        if at >= len(self.ids):
            return self._blank(y, width)
        draft = self.pages.get(self.ids[at])
        if draft is None:
            self._want(at)
            content = styled("  …" if part == 0 else "", MUTED)
        else:
            content = row(draft, width - 2, config=self._config, now=self.now)[part]
        return self._strip(content, width, at == self.cursor)

    def _blank(self, y: int, width: int) -> Strip:
        lines = [] if self.ids else self.empty(max(1, width - 2))
        return self._strip(lines[y] if y < len(lines) else Content(""), width, False)

    def _want(self, at: int) -> None:
        wanted = self.pages.wanted(self.ids, at)
        if wanted:
            self.post_message(self.Wanted(wanted))

    def _strip(self, content: Content, width: int, is_current: bool) -> Strip:
        name = ("queue--cursor" if self.has_focus else "queue--blurred") if is_current else None
        style = self.get_visual_style(name) if name else self.visual_style
        bar = styled("▌" if is_current else " ", "$primary" if self.has_focus else "$text-muted")
        whole = Content.assemble(bar, content.truncate(max(0, width - 1)))
        strip = Strip([Segment(text, one.rich_style) for text, one in whole.render(style, end="")], whole.cell_length)
        return strip.adjust_cell_length(width, style.rich_style)

    def on_focus(self) -> None:
        """The cursor is bright here."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is dim elsewhere."""
        self.refresh()

    def action_down(self) -> None:
        """The next draft."""
        self.cursor += 1

    def action_up(self) -> None:
        """The draft before."""
        self.cursor -= 1

    def action_first(self) -> None:
        """The first draft."""
        self.cursor = 0

    def action_last(self) -> None:
        """The last draft."""
        self.cursor = len(self.ids) - 1

    def action_page_down(self) -> None:
        """A screenful on."""
        self.cursor += max(1, self.size.height // HEIGHT)

    def action_page_up(self) -> None:
        """A screenful back."""
        self.cursor -= max(1, self.size.height // HEIGHT)

    def action_open(self) -> None:
        """Open the draft under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """The draft clicked on; a second click opens it."""
        at = (event.y + self.scroll_offset.y) // HEIGHT
        if at < len(self.ids):
            self.cursor = at
            if event.chain == 2:
                self.post_message(self.Opened())
