"""The kill switch, and a person's word on what no machine can know: pause, resume, resolve, requeue."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from assistant.errors import Refused, UsageError
from assistant.models import Decision
from assistant.store import audit
from assistant.store.tables import PauseRow, PublicationRow
from assistant.workflow.reviewer import Reviewer, moved, publication_row

PAUSED = "paused"


def _scope(reviewer: Reviewer, account: str | None, title: str | None) -> tuple[str, str]:
    if account is not None and title is not None:
        raise UsageError("Name an account or a title, not both.", remedy="Pause twice.")
    if account is not None and account not in reviewer.config.accounts:
        raise UsageError(
            f"There is no account {account!r}.", remedy=f"config.yaml has {', '.join(reviewer.config.accounts)}."
        )
    return ("account", account) if account is not None else ("title", title) if title is not None else ("all", "")


def _in_force(session: Session, scope: str, value: str) -> list[PauseRow]:
    query = select(PauseRow).where(PauseRow.scope == scope, PauseRow.value == value, col(PauseRow.lifted_at).is_(None))
    return list(session.exec(query).all())


def pause(reviewer: Reviewer, *, account: str | None = None, title: str | None = None, reason: str = "") -> Decision:
    """Nothing goes out; or nothing on an account, or about a title."""
    scope, value = _scope(reviewer, account, title)
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        if _in_force(session, scope, value):
            raise Refused(f"{value or 'Everything'} is paused already.")
        session.add(PauseRow(scope=scope, value=value, reason=reason, actor=reviewer.name, created_at=now))
        session.flush()
        return _told(session, reviewer, "pause", scope, value, reason, "paused")


def resume(
    reviewer: Reviewer,
    *,
    account: str | None = None,
    title: str | None = None,
    all_held: bool = False,
    reason: str = "",
) -> Decision:
    """Lift a pause. What it held stays held until a person has looked at each, or says "all" with a reason."""
    scope, value = _scope(reviewer, account, title)
    if all_held and not reason.strip():
        raise UsageError("Giving back all that was held needs a reason.", remedy="Add --reason …")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        found = _in_force(session, scope, value)
        if not found:
            raise Refused(f"{value or 'Everything'} is not paused.")
        for row in found:
            row.lifted_at, row.lifted_by = now, reviewer.name
            session.add(row)
        given_back = _give_back(session, reviewer, reason) if all_held else []
        return _told(session, reviewer, "resume", scope, value, reason, "running", given_back)


def _give_back(session: Session, reviewer: Reviewer, reason: str) -> list[int]:
    now = reviewer.store.now()
    query = select(PublicationRow).where(PublicationRow.state == "held", col(PublicationRow.error).startswith(PAUSED))
    rows = session.exec(query).all()
    for row in rows:
        moved(session, reviewer.store, row, "queued", actor=reviewer.name, action="requeue", at=now,
              details={"reason": reason}, error=None, due_at=now)  # fmt: skip
    return [row.id or 0 for row in rows]


def _told(session: Session, reviewer: Reviewer, action: str, scope: str, value: str, reason: str, after: str,
          given_back: list[int] | None = None) -> Decision:  # fmt: skip
    now = reviewer.store.now()
    named = f"{scope} {value}".strip()
    details = {"scope": named, "reason": reason, "after": after, "given_back": given_back or []}
    audit.append(session, reviewer.store, actor=reviewer.name, action=action, subject="store", details=details, at=now)
    return Decision(
        action, reviewer.name, now, after=after, reason=reason, details={"scope": named, "given_back": given_back or []}
    )


def resolve(
    reviewer: Reviewer, publication_id: int, *, as_: Literal["published", "not-there"], remote_id: str | None = None
) -> Decision:
    """Say what became of a publication whose outcome is unknown. Only this, or a reconcile, moves it on."""
    if as_ == "published" and not (remote_id or "").strip():
        raise UsageError("Which post is it?", remedy="Add --remote-id with the post's id on the network.")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = publication_row(session, publication_id)
        if row.state != "unknown":
            raise Refused(f"Publication {publication_id} is {row.state}, not unknown.")
        if as_ == "published":
            _published(session, reviewer, row, str(remote_id).strip())
        else:
            moved(session, reviewer.store, row, "queued", actor=reviewer.name, action="resolve", at=now,
                  details={"as": as_}, due_at=now, error=None)  # fmt: skip
        return Decision("resolve", reviewer.name, now, draft_id=row.draft_id, publication_id=publication_id, before="unknown",
                        after=row.state, details={"as": as_, "remote_id": remote_id})  # fmt: skip


def _published(session: Session, reviewer: Reviewer, row: PublicationRow, remote_id: str) -> None:
    now = reviewer.store.now()
    try:
        moved(session, reviewer.store, row, "published", actor=reviewer.name, action="resolve", at=now,
              details={"as": "published", "remote_id": remote_id}, remote_id=remote_id, error=None)  # fmt: skip
    except IntegrityError:
        raise Refused(f"Another publication has the id {remote_id} already.", remedy="Look again.") from None


def requeue(reviewer: Reviewer, publication_id: int) -> Decision:
    """Give back what is held, missed or failed: it goes out now."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = publication_row(session, publication_id)
        if row.state not in ("held", "missed", "failed"):
            raise Refused(
                f"Publication {publication_id} is {row.state}.",
                remedy="Only held, missed and failed ones are given back.",
            )
        before = row.state
        moved(
            session,
            reviewer.store,
            row,
            "queued",
            actor=reviewer.name,
            action="requeue",
            at=now,
            due_at=now,
            error=None,
        )
        return Decision("requeue", reviewer.name, now, draft_id=row.draft_id, publication_id=publication_id, before=before,
                        after="queued")  # fmt: skip
