"""What the list shows: a group of states, a language, words searched for; and where its drafts come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from assistant import workflow
from assistant.errors import UsageError
from assistant.models import DRAFT_STATES, PUBLICATION_STATES, WAITING_STATES
from assistant.reviewed import Draft
from assistant.store import Store
from assistant.store.audit import Entry


@dataclass(frozen=True)
class Filter:
    """A group of states with its name; `states` partition what there is, except for the first and the last."""

    title: str
    short: str
    states: tuple[str, ...]
    empty: str


FILTERS = (
    Filter("To do", "To do", ("pending", *WAITING_STATES), "Nothing to decide. Make drafts: assistant draft"),
    Filter("Pending", "Pend", ("pending",), "Nothing is pending. Make drafts: assistant draft"),
    Filter(
        "Approved", "Appr", ("approved", "cancelled"), "Nothing approved waits for a time. a approves a pending draft."
    ),
    Filter("Queued", "Queue", ("queued", "claimed", "on_wire"), "Nothing is queued. s schedules an approved draft."),
    Filter("Published", "Publ", ("published", "withdrawn"), "Nothing is out yet. assistant publish sends what is due."),
    Filter("Waiting", "Wait", WAITING_STATES, "Nothing waits for you: nothing unknown, failed, held or missed."),
    Filter("Aside", "Aside", ("rejected", "snoozed", "expired"), "Nothing was set aside."),
    Filter("All", "All", (*DRAFT_STATES, *PUBLICATION_STATES), "The store is empty. Make drafts: assistant draft"),
)


@dataclass(frozen=True)
class View:
    """What is looked at."""

    filter: int = 0
    lang: str | None = None
    search: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """The states shown."""
        return FILTERS[self.filter].states

    def cycled(self, by: int) -> View:
        """The next filter, or the one before."""
        return replace(self, filter=(self.filter + by) % len(FILTERS))

    def next_language(self, languages: Sequence[str]) -> View:
        """All languages, then one after the other."""
        order: list[str | None] = [None, *languages]
        return replace(self, lang=order[(order.index(self.lang) + 1) % len(order)] if self.lang in order else None)

    @property
    def is_narrowed(self) -> bool:
        """Whether a language or a search hides drafts."""
        return self.lang is not None or bool(self.search)


@dataclass(frozen=True)
class Listing:
    """The ids that a view shows, what there is of each state, and the store's clock."""

    view: View
    ids: tuple[int, ...]
    counts: Mapping[str, int]
    now: datetime

    def count(self, filter_: int) -> int:
        """How many drafts a filter has, over all languages."""
        return sum(self.counts.get(state, 0) for state in FILTERS[filter_].states)


class Shelf(Protocol):
    """Where the list takes its drafts from; every call may take long and is made off the UI thread."""

    def listing(self, view: View) -> Listing:
        """The ids of a view."""
        ...

    def drafts(self, ids: Sequence[int]) -> list[Draft]:
        """Some drafts, whole."""
        ...

    def story(self, draft_id: int) -> list[Entry]:
        """What was done to a draft."""
        ...


class StoreShelf:
    """Drafts from the store, read by `workflow`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listing(self, view: View) -> Listing:
        """The ids of a view; what waits for a person stands before what is pending."""
        counts = workflow.counts(self._store)
        ids: list[int] = []
        for states in _steps(view, counts):
            ids += self._ids(view, states)
        return Listing(view, tuple(ids), counts, self._store.now())

    def _ids(self, view: View, states: tuple[str, ...]) -> list[int]:
        found = [
            one for state in states for one in workflow.draft_ids(self._store, state=state, lang=view.lang, search=view.search)
        ]  # fmt: skip
        return sorted(found) if len(states) > 1 else found

    def drafts(self, ids: Sequence[int]) -> list[Draft]:
        """Some drafts, whole, in one transaction."""
        return workflow.drafts_by_id(self._store, ids)

    def story(self, draft_id: int) -> list[Entry]:
        """What was done to a draft, oldest first; nothing where it is gone."""
        try:
            return workflow.history(self._store, draft_id)
        except UsageError:
            return []


def _steps(view: View, counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The states to ask for, in the order of the list; those that no draft is in are not asked for."""
    if view.filter == len(FILTERS) - 1:
        return [("all",)]
    there = [state for state in view.states if counts.get(state)]
    waiting = tuple(state for state in there if state in WAITING_STATES)
    others = tuple(state for state in there if state not in WAITING_STATES)
    return [states for states in (waiting, others) if states]
