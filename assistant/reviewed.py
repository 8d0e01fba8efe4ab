"""What a person decides on: a draft as it is kept, with its flags and its publications, and the decision itself.

Post, Report, Insight ──▶ Draft ──▶ Publication
what it is made of         kept      one post on one network
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.models import Fact, Flag, Insight, PersonFlag, Post, Report, Span, Verdict, jsonable, verdict_of


@dataclass(frozen=True, slots=True)
class Publication:
    """One post on one account, from the queue to the network and back."""

    id: int
    draft_id: int
    revision: int
    account: str
    state: str
    due_at: datetime
    wall_time: str = ""
    zone: str = "UTC"
    remote_id: str | None = None
    error: str | None = None
    attempts: int = 0

    def to_json(self) -> dict[str, Any]:
        """The contract's shape of a publication."""
        return dict(jsonable(self))


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece `[start, end)` of a text, the fact that it rests on, and the query behind that."""

    start: int
    end: int
    quote: str
    fact: Fact
    query: str

    def to_json(self) -> dict[str, Any]:
        """One object: the piece, and its fact's members."""
        told = jsonable(self.fact)
        return {"start": self.start, "end": self.end, "quote": self.quote, "fact": told["name"], "value": told["value"],
                "unit": told["unit"], "query": self.query}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as the reviewer sees it: its newest revision, its flags and its publications.

    `decision` is the reviewer's state (pending, approved, rejected, snoozed, expired); `state` is that until
    this revision has a publication, and then the latest one's: an edit, which cancels what was queued,
    makes the draft pending again. `spans`: which of its characters rest on which fact.
    """

    id: int
    revision: int
    decision: str
    post: Post
    template: str | None
    insight: Insight | None
    report: Report
    weighted_length: int
    person_flags: tuple[PersonFlag, ...] = ()
    publications: tuple[Publication, ...] = ()
    created_at: datetime | None = None
    spans: tuple[Span, ...] = ()

    @property
    def state(self) -> str:
        """What a person should know first."""
        mine = [p for p in self.publications if p.revision == self.revision]
        return mine[-1].state if mine else self.decision

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The machine's flags, then the persons' open ones."""
        return (*self.report.flags, *(f.flag for f in self.person_flags))

    @property
    def verdict(self) -> Verdict:
        """Over the machine's and the persons' flags."""
        return verdict_of(self.flags)

    def to_json(self) -> dict[str, Any]:
        """The contract's shape of a draft."""
        return {
            "id": self.id,
            "revision": self.revision,
            "state": self.state,
            "decision": self.decision,
            "lang": self.post.lang,
            "text": self.post.text,
            "weighted_length": self.weighted_length,
            "template": self.template,
            "insight_id": self.insight.id if self.insight else None,
            "verdict": self.verdict,
            "flags": [flag.to_json() for flag in self.flags],
            "not_checked": list(self.report.not_checked),
            "accounts": list(self.post.accounts),
            "publications": [p.to_json() for p in self.publications],
            "figures": [one.to_json() for one in self.figures],
        }

    @property
    def figures(self) -> tuple[Shown, ...]:
        """What of the text rests on which fact, in the text's order."""
        facts = {fact.name: fact for fact in self.insight.facts} if self.insight else {}
        query = self.insight.query if self.insight else ""
        return tuple(
            Shown(span.start, span.end, self.post.text[span.start : span.end], facts[span.fact], query)
            for span in self.spans
            if span.fact in facts
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person did to a draft or a publication; what the audit keeps and `undo` turns back."""

    action: str
    actor: str
    at: datetime
    draft_id: int | None = None
    publication_id: int | None = None
    before: str = ""
    after: str = ""
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return dict(jsonable(self))
