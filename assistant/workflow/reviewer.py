"""Who decides, on what; and the record that every decision leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from assistant.checks import Checker
from assistant.config import Config
from assistant.errors import UsageError
from assistant.reviewed import Decision
from assistant.store import Store, audit
from assistant.store.reading import is_id
from assistant.store.tables import ApprovalRow, DraftRow, PublicationRow, RevisionRow


@dataclass(frozen=True)
class Reviewer:
    """A person at work: the name that the trail keeps, and what the verbs work with."""

    name: str
    store: Store
    config: Config
    checker: Checker


def decided(session: Session, reviewer: Reviewer, at: datetime, action: str, draft_id: int, before: str, after: str,
            reason: str = "", **details: Any) -> Decision:  # fmt: skip
    """Write the entry of a decision on a draft, in the decision's own transaction."""
    told = {"before": before, "after": after, "reason": reason, **details}
    audit.append(session, actor=reviewer.name, action=action, subject=f"draft:{draft_id}", details=told, at=at)
    return Decision(
        action, reviewer.name, at, draft_id=draft_id, before=before, after=after, reason=reason, details=details
    )


def moved(session: Session, row: PublicationRow, to: str, *, actor: str, action: str, at: datetime,
          details: Mapping[str, Any] | None = None, **changes: Any) -> None:  # fmt: skip
    """Move a publication along one edge of its life, with its one entry in the trail."""
    before = row.state
    row.state, row.updated_at = to, at
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    told = {"before": before, "after": to, "draft": row.draft_id, **(details or {})}
    audit.append(session, actor=actor, action=action, subject=f"publication:{row.id}", details=told, at=at)


def draft_row(session: Session, draft_id: int) -> DraftRow:
    """A draft's row, or `UsageError`."""
    locked = session.get_bind().dialect.name == "postgresql"
    row = session.get(DraftRow, draft_id, with_for_update=locked) if is_id(draft_id) else None
    if row is None:
        raise UsageError(f"There is no draft {draft_id}.", remedy="`assistant list --state all` shows them.")
    return row


def publication_row(session: Session, publication_id: int) -> PublicationRow:
    """A publication's row, or `UsageError`."""
    locked = session.get_bind().dialect.name == "postgresql"
    row = session.get(PublicationRow, publication_id, with_for_update=locked) if is_id(publication_id) else None
    if row is None:
        raise UsageError(
            f"There is no publication {publication_id}.", remedy="`assistant list --state all` shows them."
        )
    return row


def revision_row(session: Session, draft: DraftRow) -> RevisionRow:
    """A draft's newest revision."""
    query = select(RevisionRow).where(RevisionRow.draft_id == draft.id, RevisionRow.number == draft.number)
    return session.exec(query).one()


def approval_row(session: Session, revision: RevisionRow) -> ApprovalRow | None:
    """The unrevoked approval of a revision, if it has one."""
    query = (
        select(ApprovalRow)
        .where(ApprovalRow.revision_id == revision.id, col(ApprovalRow.revoked_at).is_(None))
        .order_by(col(ApprovalRow.id).desc())
    )
    return session.exec(query).first()


def acknowledged(approval: ApprovalRow | None) -> frozenset[str]:
    """The rules that an approval waves through."""
    return frozenset(json.loads(approval.acknowledged)) if approval else frozenset()


def revoke(session: Session, reviewer: Reviewer, draft: DraftRow, at: datetime, why: str) -> None:
    """Take back every approval of a draft, and cancel what was queued by them."""
    revisions = select(RevisionRow.id).where(RevisionRow.draft_id == draft.id)
    approvals = select(ApprovalRow).where(
        col(ApprovalRow.revision_id).in_(revisions), col(ApprovalRow.revoked_at).is_(None)
    )
    for approval in session.exec(approvals).all():
        approval.revoked_at, approval.revoked_by, approval.revoked_why = at, reviewer.name, why
        session.add(approval)
    waiting = ("queued", "held", "missed", "failed")
    query = select(PublicationRow).where(PublicationRow.draft_id == draft.id, col(PublicationRow.state).in_(waiting))
    for row in session.exec(query).all():
        moved(
            session,
            row,
            "cancelled",
            actor=reviewer.name,
            action="cancel",
            at=at,
            details={"reason": why},
        )
    session.flush()
