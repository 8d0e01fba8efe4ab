"""What the tests of publishing share: approved posts in a queue, and a network that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from assistant.checks import Checker
from assistant.config import Config
from assistant.models import Candidate, NetworkLimits, Post, Report
from assistant.publish.network import Outcome, RemotePost
from assistant.reviewed import Publication
from assistant.store import Store
from assistant.workflow import Reviewer, approve, get_draft, save_drafts, schedule

CHECKER = Checker()
_numbers = count(1)


def reviewer_of(store: Store, config: Config) -> Reviewer:
    """Somebody at work on a store."""
    return Reviewer("tester", store, config, CHECKER)


def a_draft(store: Store, config: Config, text: str = "") -> int:
    """A draft that nothing is wrong with."""
    text = text or f"What a week for Harbour Lights: take {next(_numbers)}."
    checked = [(Candidate(text=text, lang="en"), Report())]
    return save_drafts(store, config, checked, "tester", policy_hash=CHECKER.policy_hash)[0]


def queued(store: Store, config: Config, text: str = "", at: str = "now") -> Publication:
    """An approved post in the queue."""
    reviewer = reviewer_of(store, config)
    draft_id = a_draft(store, config, text)
    approve(reviewer, draft_id)
    schedule(reviewer, draft_id, at=at)
    return get_draft(store, draft_id).publications[-1]


def now_is(store: Store, publication: Publication) -> Publication:
    """The publication as the store has it now."""
    return next(p for p in get_draft(store, publication.draft_id).publications if p.id == publication.id)


@dataclass
class Scripted:
    """A network that gives the answers it was given, then publishes; it remembers what reached it."""

    answers: list[Outcome | BaseException] = field(default_factory=list)
    timeline: list[RemotePost] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    price: float = 0.015
    limits: NetworkLimits = field(default_factory=NetworkLimits)

    def send(self, post: Post) -> Outcome:
        """The next answer of the script, or a fresh id."""
        self.sent.append(post.text)
        self.meanwhile()
        answer = self.answers.pop(0) if self.answers else Outcome("published", remote_id=str(9000 + len(self.sent)))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def recent(self, since: datetime) -> list[RemotePost]:
        """What the script says stands there."""
        return [post for post in self.timeline if post.at >= since]

    def delete(self, remote_id: str) -> None:
        """Remembered."""
        self.deleted.append(remote_id)

    def cost_usd(self, post: Post) -> float:
        """One price for all."""
        return self.price


def remote(text: str, remote_id: str = "77", at: datetime | None = None, **links: str | None) -> RemotePost:
    """A post on the timeline."""
    return RemotePost(remote_id, text, at or datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tuple(links.items()))
