"""The palette: every action of the registry by its name, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from assistant.review.actions import Action, asked_for, keys_for, label
from assistant.review.bars import perform


class DeskCommands(Provider):
    """The actions of the screen that the palette was opened over."""

    def _offered(self) -> Iterator[tuple[str, Action]]:
        keys = getattr(self.app, "keys", {})
        for action in asked_for(getattr(self.screen, "place", "app")):
            yield f"{action.title}  {label(keys_for(action, keys)[0])}", action

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for told, action in self._offered():
            yield DiscoveryHit(told, partial(perform, self.screen, action), help=action.does)

    async def search(self, query: str) -> Hits:
        """What the words may mean."""
        matcher = self.matcher(query)
        for told, action in self._offered():
            score = max(matcher.match(told), matcher.match(action.does) / 2)
            if score > 0:
                yield Hit(score, told, partial(perform, self.screen, action), text=told, help=action.does)
