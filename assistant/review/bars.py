"""The lines around the desk: who is here and what is shown, the filters with their counts, the keys that apply now."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen

from assistant.review import actions
from assistant.review.actions import Action, Keymap
from assistant.review.draft import MUTED
from assistant.review.page import Page
from assistant.review.shown import cut, joined, one_line, plain, spread, styled
from assistant.review.view import FILTERS, Listing, View
from assistant.reviewed import Draft


def head_line(listing: Listing | None, view: View, who: str, width: int, shown_now: int) -> Content:
    """The desk's name, what hides drafts, how many are shown; who acts."""
    parts = [styled("Review desk", "bold")]
    if view.lang:
        parts.append(styled(f"only {view.lang}", "bold $text-warning"))
    if view.search:
        parts.append(plain(f"“{cut(one_line(view.search), 24)}”", "bold $text-warning"))
    if listing is None:
        parts.append(styled("reading the store…", MUTED))
    else:
        parts.append(styled(f"{shown_now:,} shown" if view.is_narrowed else f"{shown_now:,} drafts", MUTED))
    claimed = Content.assemble(cut(one_line(who), 24), (" (claimed)", MUTED), " ")
    return spread(Content.assemble(" ", joined(parts)), claimed, width)


def filter_line(listing: Listing | None, view: View, width: int) -> tuple[Content, list[tuple[int, int]]]:
    """The filters, the longest form that fits; and where each of them stands."""
    counts = [listing.count(at) if listing else 0 for at in range(len(FILTERS))]
    for form in (_long, _without_keys, _few_counts, _shortest):
        labels = [form(at, counts[at], at == view.filter and listing is not None) for at in range(len(FILTERS))]
        if sum(map(cell_len, labels)) + len(labels) - 1 <= width:
            break
    parts: list[Content] = []
    places, x = [], 0
    for at, label in enumerate(labels):
        parts.append(styled(label, _filter_style(at, counts[at], view.filter)))
        places.append((x, x + cell_len(label)))
        x += cell_len(label) + 1
    return Content(" ").join(parts), places


def _filter_style(at: int, count: int, active: int) -> str:
    if at == active:
        return "bold reverse $primary"
    if FILTERS[at].title == "Waiting" and count:
        return "bold $text-error"
    return "" if count else MUTED


def _long(at: int, count: int, active: bool) -> str:
    return f" {at + 1} {FILTERS[at].title} {count:,} " if count or active else f" {at + 1} {FILTERS[at].title} "


def _without_keys(at: int, count: int, active: bool) -> str:
    return f" {FILTERS[at].title} {count:,} " if count or active else f" {FILTERS[at].title} "


def _few_counts(at: int, count: int, active: bool) -> str:
    told = FILTERS[at].title
    if active or (count and told in ("To do", "Waiting")):
        told += f" {count:,}"
    return f" {told} " if active else told


def _shortest(at: int, count: int, active: bool) -> str:  # noqa: ARG001 (one shape for all forms)
    return f" {FILTERS[at].short} " if active else FILTERS[at].short


def key_line(hints: Sequence[tuple[str, Action]], width: int) -> tuple[Content, list[tuple[int, int, Action]]]:
    """As many keys as fit, help always among them; and where each of them stands."""
    chosen = _fitting(hints, width)
    parts: list[Content] = []
    places, x = [], 1
    for key, action in chosen:
        parts.append(Content.assemble((key, "bold $text-primary"), (f" {action.title}", "")))
        places.append((x, x + parts[-1].cell_length, action))
        x += parts[-1].cell_length + 2
    return Content.assemble(" ", Content("  ").join(parts)), places


def _fitting(hints: Sequence[tuple[str, Action]], width: int) -> list[tuple[str, Action]]:
    last = [hint for hint in hints if hint[1].name in ("help", "quit")]
    room = width - 1 - sum(_hint_width(hint) for hint in last)
    chosen = []
    for hint in hints:
        if hint not in last and _hint_width(hint) <= room:
            chosen.append(hint)
            room -= _hint_width(hint)
    return [*chosen, *last]


def _hint_width(hint: tuple[str, Action]) -> int:
    return cell_len(hint[0]) + cell_len(hint[1].title) + 3


class FilterBar(Page):
    """The filters; a click chooses one."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[tuple[int, int]] = []

    class Picked(Message):
        """A filter was clicked on."""

        def __init__(self, filter_: int) -> None:
            super().__init__()
            self.filter = filter_

    def show(self, listing: Listing | None, view: View) -> None:
        """The counts as they are now."""

        def writer(width: int) -> list[Content]:
            line, self._places = filter_line(listing, view, width)
            return [line]

        self.write(writer)

    def on_click(self, event: events.Click) -> None:
        """The filter under the mouse."""
        for at, (first, last) in enumerate(self._places):
            if first <= event.x - self.gutter.left < last:
                self.post_message(self.Picked(at))


class KeyBar(Page):
    """The keys that apply now; a click on one presses it."""

    def __init__(self, keys: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys
        self._places: list[tuple[int, int, Action]] = []
        self._shown: object = None

    def show(self, place: str, draft: Draft | None, *, can_undo: bool = False) -> None:
        """The keys of a place, for a draft."""
        hints = actions.footer(place, draft, self._keys, can_undo=can_undo)
        if hints == self._shown:
            return
        self._shown = hints

        def writer(width: int) -> list[Content]:
            line, self._places = key_line(hints, width)
            return [line]

        self.write(writer)

    async def on_click(self, event: events.Click) -> None:
        """The action under the mouse."""
        for first, last, action in self._places:
            if first <= event.x < last:
                await perform(self.screen, action)


async def perform(screen: Screen[object], action: Action) -> None:
    """Do an action where it belongs: in the focused widget, in its screen, or in the app."""
    focused = screen.focused
    nodes: list[DOMNode] = [*(focused.ancestors_with_self if focused else ()), screen, screen.app]
    if "desk" in action.where:
        nodes = [screen, screen.app]
    node = next((one for one in nodes if hasattr(one, action.method)), None)
    if node is not None:
        await screen.app.run_action(action.runs, node)
