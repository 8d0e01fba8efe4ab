"""What the tests of the verbs share: a person at work, drafts on figures, publications forced into a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from assistant.config import Account, Config, Publish
from assistant.errors import AssistantError
from assistant.models import Candidate, Fact, Insight
from assistant.reviewed import Draft, Publication
from assistant.store import Store
from assistant.store.tables import ApprovalRow, AuditRow, PublicationRow
from assistant.workflow import Reviewer, approve, get_draft, save_drafts, schedule
from assistant.workflow.reviewer import moved
from workshop import Clock

CLEAN = "“Harbour Lights” took 4,123 hours of your week. Worth every one."
FRENCH = "« Harbour Lights » : 4 123 heures en une semaine. Bravo à tous."
SOFT = "“Harbour Lights” took 4,123 hours. You crazy people."
TWICE_SOFT = "“Harbour Lights” took 4,123 hours. Get a life, you lonely losers."
HARD = "“Harbour Lights” took 9,999 hours of the week."

_WAYS = {
    "queued": (), "claimed": ("claimed",), "on_wire": ("claimed", "on_wire"), "held": ("held",), "missed": ("missed",),
    "cancelled": ("cancelled",), "published": ("claimed", "on_wire", "published"), "failed": ("claimed", "on_wire", "failed"),
    "unknown": ("claimed", "on_wire", "unknown"), "withdrawn": ("claimed", "on_wire", "published", "withdrawn"),
}  # fmt: skip


def a_figure(key: str = "a", subject: str = "Harbour Lights", every: Any = "week") -> Insight:
    """A figure of the small workspace's table."""
    first, last = date(2026, 11, 16), date(2026, 11, 22)
    facts = (Fact("value", 4123, "hours"), Fact("subject", subject, "title"))
    return Insight(
        id=f"figure-{key}", kind="record", source="streams", measure="hours", subject=subject, where={}, start=first,
        end=last, value=4123, unit="hours", every=every, facts=facts, counts="plays",
    )  # fmt: skip


def a_candidate(text: str = CLEAN, lang: str = "en", template: str = "record.one", key: str = "a",
                subject: str = "Harbour Lights") -> Candidate:  # fmt: skip
    """A text on a figure, as the templates make it."""
    figure = a_figure(key, subject)
    return Candidate(
        text=text, lang=lang, insight=figure, template=template, facts=figure.facts, titles=(subject,), counts=figure.counts
    )  # fmt: skip


def refused(error: type[AssistantError], told: str, *verbs: Callable[[], object]) -> None:
    """Each of these is refused with such an error, which says why and what to do."""
    for verb in verbs:
        with pytest.raises(error, match=told) as caught:
            verb()
        assert caught.value.remedy


@dataclass(frozen=True)
class Bench:
    """A person at work on a store, with a clock that the test winds."""

    reviewer: Reviewer
    clock: Clock

    @property
    def store(self) -> Store:
        """The reviewer's store."""
        return self.reviewer.store

    def save(self, *candidates: Candidate) -> list[int]:
        """Checked and kept; the ids of the new ones."""
        checker = self.reviewer.checker
        checked = [(candidate, checker(candidate)) for candidate in candidates]
        return save_drafts(self.store, self.reviewer.config, checked, "machine", policy_hash=checker.policy_hash)

    def draft(self, text: str = CLEAN, *, lang: str = "en", key: str | None = None, **more: str) -> int:
        """One new draft, on a figure of its own unless the key says which."""
        number = sum(1 for _ in self.entries())
        return self.save(a_candidate(text, lang, key=key or f"own{number}", **more))[0]

    def approved(self, text: str = CLEAN, **more: Any) -> int:
        """A draft that a person let go out."""
        draft_id = self.draft(text, **more)
        approve(self.reviewer, draft_id)
        return draft_id

    def queued(self, text: str = CLEAN, *, state: str = "queued", account: str | None = None, **more: Any) -> int:
        """A draft whose publication is in this state."""
        draft_id = self.approved(text, **more)
        schedule(self.reviewer, draft_id, at="now", account=account)
        self.force(self.publication(draft_id).id, *_WAYS[state])
        return draft_id

    def force(self, publication_id: int, *states: str, **changes: Any) -> None:
        """Move a publication along its edges, as the publisher would."""
        with self.store.write() as session:
            row = session.get_one(PublicationRow, publication_id)
            for state in states:
                if state == "published":
                    changes = {"remote_id": f"remote-{publication_id}", **changes}
                moved(session, row, state, actor="publish", action="forced", at=self.store.now(), **changes)

    def get(self, draft_id: int) -> Draft:
        """The draft as it stands."""
        return get_draft(self.store, draft_id)

    def state(self, draft_id: int) -> str:
        """What a person sees first of a draft."""
        return self.get(draft_id).state

    def publication(self, draft_id: int) -> Publication:
        """The draft's latest publication."""
        return self.get(draft_id).publications[-1]

    def row(self, publication_id: int) -> PublicationRow:
        """The whole row of a publication."""
        with self.store.read() as session:
            return session.get_one(PublicationRow, publication_id)

    def approvals(self) -> list[ApprovalRow]:
        """Every approval, in order."""
        with self.store.read() as session:
            return sorted(session.exec(select(ApprovalRow)).all(), key=lambda row: row.id or 0)

    def entries(self) -> list[AuditRow]:
        """The whole trail, in order."""
        with self.store.read() as session:
            return sorted(session.exec(select(AuditRow)).all(), key=lambda row: row.seq)

    def last_actions(self, number: int) -> list[str]:
        """The newest actions of the trail, oldest first."""
        return [entry.action for entry in self.entries()[-number:]]

    def under(self, config: Config) -> Bench:
        """The same person under another config."""
        return Bench(replace(self.reviewer, config=config), self.clock)

    def timed(self, zone: str = "UTC", **rules: Any) -> Bench:
        """The same person where these rules of time hold, in this zone."""
        plain: dict[str, Any] = {"quiet_hours": None, "spacing": timedelta(0)}
        publish = Publish().model_copy(update={**plain, **rules})
        settings = {"accounts": {"practice": Account(timezone=zone)}, "publish": publish}
        return self.under(self.reviewer.config.model_copy(update={"timezone": zone, **settings}))

    def with_accounts(self, **accounts: Mapping[str, Any]) -> Bench:
        """The same person in a house with these accounts."""
        named = {name: Account(**settings) for name, settings in accounts.items()}
        return self.under(self.reviewer.config.model_copy(update={"accounts": named}))

    def with_shelf_life(self, shelf_life: timedelta | str | None) -> Bench:
        """The same person where figures may be told for so long."""
        config = self.reviewer.config
        source = config.sources["streams"].model_copy(update={"shelf_life": shelf_life})
        return self.under(config.model_copy(update={"sources": {"streams": source}}))
