"""The right-hand side: the post, its flags, what it rests on, what became of it; one page to scroll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from assistant.config import Config
from assistant.review import actions
from assistant.review.draft import explained, foot, heading
from assistant.review.evidence import evidence, history, publications
from assistant.review.page import Page, Writer, nothing
from assistant.review.post import PostView
from assistant.reviewed import Draft
from assistant.store.audit import Entry

SECTIONS = ("#head", "#flags", "#evidence", "#life")
PARTS = ("foot", "out", "flags", "evidence", "life")


class Pane(VerticalScroll, can_focus=True):
    """One draft, whole."""

    BINDINGS = actions.bindings("draft")

    def __init__(self, config: Config, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._config = config
        self.draft: Draft | None = None
        self._story: tuple[Entry, ...] = ()
        self._section = 0

    def compose(self) -> ComposeResult:
        """The parts, from the post to its history."""
        yield Page(id="head")
        with Vertical(id="post-box"):
            yield PostView(id="post")
        for part in PARTS:
            yield Page(id=part)

    @property
    def post(self) -> PostView:
        """The post itself."""
        return self.query_one(PostView)

    def show(self, draft: Draft | None, now: datetime, *, empty: Writer = nothing) -> None:
        """Another draft, from its top; or the same one as it stands now, where it was."""
        if draft == self.draft and draft is not None:
            return
        if draft is None or self.draft is None or draft.id != self.draft.id:
            self._story, self._section = (), 0
            self.scroll_home(animate=False)
        self.draft = draft
        self.query_one("#post-box").display = draft is not None
        self.post.show(draft)
        self._write(now, empty)

    def tell(self, entries: Sequence[Entry], now: datetime) -> None:
        """What was done to it."""
        if tuple(entries) != self._story:
            self._story = tuple(entries)
            self._write_life(now)

    def grow_older(self, now: datetime) -> None:
        """The same draft a little later: "in 3 h" is another number by now."""
        self._write_life(now)

    def _write(self, now: datetime, empty: Writer) -> None:
        draft, config = self.draft, self._config
        if draft is None:
            self.query_one("#head", Page).write(empty)
            for part in PARTS:
                self.query_one(f"#{part}", Page).write(nothing)
            return
        self.query_one("#head", Page).write(lambda width: heading(draft, width))
        self.query_one("#foot", Page).write(lambda width: foot(draft, config, now, width))
        self.query_one("#flags", Page).write(lambda width: explained(draft, width))
        self.query_one("#evidence", Page).write(lambda width: evidence(draft, width))
        self._write_life(now)

    def _write_life(self, now: datetime) -> None:
        draft, config, story = self.draft, self._config, self._story
        if draft is not None:
            self.query_one("#out", Page).display = bool(draft.publications)
            self.query_one("#out", Page).write(lambda width: publications(draft, config, now, width))
            self.query_one("#life", Page).write(lambda width: history(story, config, now, width))

    def step(self, by: int) -> None:
        """To the next part, or the one before."""
        self._section = (self._section + by) % len(SECTIONS)
        self.scroll_to_widget(self.query_one(SECTIONS[self._section]), top=True, animate=False)

    def action_down(self) -> None:
        """Scroll on."""
        self.scroll_relative(y=2, animate=False)

    def action_up(self) -> None:
        """Scroll back."""
        self.scroll_relative(y=-2, animate=False)

    def action_first(self) -> None:
        """The top."""
        self._section = 0
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        """The end."""
        self.scroll_end(animate=False)

    def action_page_down(self) -> None:
        """A screenful on."""
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """A screenful back."""
        self.scroll_page_up(animate=False)
