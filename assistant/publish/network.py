"""What a network is to this room: X and the practice network keep the same Protocol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from assistant.models import NetworkLimits, Post


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request to post, told from the answer alone.

    published   the network has it, under `remote_id`
    not sent    proven: no byte of it was taken; it may be tried again at `retry_at` (None: at once)
    held        proven not sent, and only a person can change that (no credits)
    failed      the network refused it, in `detail`'s words; `duplicate`: because it has the same text already
    unknown     it may be live
    """

    what: Literal["published", "not sent", "held", "failed", "unknown"]
    remote_id: str | None = None
    detail: str = ""
    retry_at: datetime | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post as the network's own timeline gives it: what it did to the text is still to be undone.

    `links` are pairs of a shortened link in the text and what it stands for; None where it stands for the post's own media.
    """

    id: str
    text: str
    at: datetime
    links: tuple[tuple[str, str | None], ...] = ()


class Network(Protocol):
    """One account on one network."""

    limits: NetworkLimits

    def send(self, post: Post) -> Outcome:
        """One request to post, never more; every exception after the first byte is an `unknown`."""
        ...

    def recent(self, since: datetime) -> list[RemotePost]:
        """The account's own posts since an instant, replies and reposts left out; `NetworkError` where it cannot be read."""
        ...

    def delete(self, remote_id: str) -> None:
        """Take a post down; one that is gone already is no error. `NetworkError` where that is not certain."""
        ...

    def cost_usd(self, post: Post) -> float:
        """What sending it costs, in US dollars."""
        ...
