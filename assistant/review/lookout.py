"""Looking at the store again and again, because other programs change it: never two looks at once, never most of the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from textual.message import Message

from assistant.review.view import Listing, Shelf, View
from assistant.review.work import Failed, Fetched, Job, Listed, Told

EVERY = 3.0  # seconds between two looks, at least
_SHARE = 20  # a look may take one part in so many of the time
READS = ("look", "fetch", "story")

HandOver = Callable[[Job, str, Sequence[int]], None]


class Lookout:
    """Asks for lists, drafts and histories, and knows what time it is in the store."""

    def __init__(self, shelf: Shelf, hand_over: HandOver) -> None:
        self._shelf, self._hand_over = shelf, hand_over
        self.listing: Listing | None = None
        self._heard = self._asked_at = monotonic()
        self._next = 0.0
        self._looking = False
        self._trouble = ""

    def now(self) -> datetime:
        """The store's clock, as far as it was heard."""
        if self.listing is None:
            return datetime.now().astimezone()
        return self.listing.now + timedelta(seconds=monotonic() - self._heard)

    def look(self, view: View, goto: int | None = None) -> None:
        """Read a list and the counts."""
        self._looking, self._asked_at = True, monotonic()
        self._hand_over(lambda: Listed(self._shelf.listing(view), goto), "look", ())

    @property
    def is_due(self) -> bool:
        """Whether it is time for another look."""
        return not self._looking and monotonic() >= self._next

    def fetch(self, ids: Sequence[int]) -> None:
        """Read some drafts."""
        wanted = list(dict.fromkeys(ids))
        if wanted:
            self._hand_over(lambda: Fetched(wanted, self._shelf.drafts(wanted)), "fetch", wanted)

    def read_story(self, draft_id: int) -> None:
        """Read what was done to a draft."""

        def job() -> Message:
            return Told(draft_id, self._shelf.story(draft_id))

        self._hand_over(job, "story", ())

    def came(self, listing: Listing, view: View) -> bool | None:
        """A list came: whether it is of another view than the one before; None where nobody wants it any more."""
        self._looking = False
        self._next = monotonic() + max(EVERY, _SHARE * (monotonic() - self._asked_at))
        if listing.view != view:
            return None
        fresh = self.listing is None or self.listing.view != listing.view
        self.listing, self._heard, self._trouble = listing, monotonic(), ""
        return fresh

    def is_known(self, message: Failed) -> bool:
        """A look came to nothing: whether that was told already; the next one is tried a little later."""
        if message.job not in READS:
            return False
        self._looking, self._next = False, monotonic() + EVERY
        known, self._trouble = str(message.error) == self._trouble, str(message.error)
        return known
