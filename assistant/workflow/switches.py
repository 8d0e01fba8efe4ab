"""The kill switch, and a person's word on what no machine can know: pause, resume, resolve, requeue."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from assistant.errors import Refused, UsageError
from assistant.reviewed import Decision
from assistant.store import audit, queries
from assistant.store.reading import read_post, words
from assistant.store.tables import DraftRow, InsightRow, PauseRow, PublicationRow, RevisionRow
from assistant.workflow.reviewer import Reviewer, moved, publication_row
from assistant.workflow.scheduling import REVIVABLE, refuse_outside
from assistant.workflow.times import wall

PAUSED = "paused"


def _scope(reviewer: Reviewer, account: str | None, title: str | None) -> tuple[str, str]:
    if account is not None and title is not None:
        raise UsageError("Name an account or a title, not both.", remedy="Pause twice.")
    if title is not None and not words(title, "title").strip():
        raise UsageError("Which title is it?", remedy="Name it as its drafts do, or pause everything.")
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
    words(reason, "reason")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        if _in_force(session, scope, value):
            raise Refused(f"{value or 'Everything'} is paused already.", remedy="`assistant resume` lifts it.")
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
    if all_held and not words(reason, "reason").strip():
        raise UsageError("Giving back all that was held needs a reason.", remedy="Add --reason …")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        found = _in_force(session, scope, value)
        if not found:
            raise Refused(f"{value or 'Everything'} is not paused.", remedy="Name what was: --account or --title.")
        for row in found:
            row.lifted_at, row.lifted_by = now, reviewer.name
            session.add(row)
        session.flush()
        given_back = _give_back(session, reviewer, scope, value, reason) if all_held else []
        return _told(session, reviewer, "resume", scope, value, reason, "running", given_back)


def _give_back(session: Session, reviewer: Reviewer, scope: str, value: str, reason: str) -> list[int]:
    """Queue what this pause held, unless another pause still holds it."""
    query = select(PublicationRow).where(PublicationRow.state == "held", col(PublicationRow.error).startswith(PAUSED))
    if scope == "account":
        query = query.where(PublicationRow.account == value)
    elif scope == "title":
        about = select(DraftRow.id).join(InsightRow, col(InsightRow.id) == DraftRow.insight_id)
        query = query.where(col(PublicationRow.draft_id).in_(about.where(InsightRow.subject == value)))
    held = session.exec(query.order_by(col(PublicationRow.id))).all()
    free = [row for row in held if queries.rows(session, queries.IS_FREE, id=row.id)[0][0]]
    for row in free:
        _at_once(session, reviewer, row, "requeue", {"reason": reason})
    return [row.id or 0 for row in free]


def _told(session: Session, reviewer: Reviewer, action: str, scope: str, value: str, reason: str, after: str,
          given_back: list[int] | None = None) -> Decision:  # fmt: skip
    now = reviewer.store.now()
    named = f"{scope} {value}".strip()
    details = {"scope": named, "reason": reason, "after": after, "given_back": given_back or []}
    audit.append(session, actor=reviewer.name, action=action, subject="store", details=details, at=now)
    return Decision(
        action, reviewer.name, now, after=after, reason=reason, details={"scope": named, "given_back": given_back or []}
    )


def resolve(
    reviewer: Reviewer, publication_id: int, *, as_: Literal["published", "not-there"], remote_id: str | None = None
) -> Decision:
    """Say what became of a publication whose outcome is unknown. Only this, or a reconcile, moves it on."""
    if as_ not in ("published", "not-there"):
        raise UsageError(f"{as_!r} is no outcome.", remedy="Say published or not-there.")
    words(remote_id or "", "id")
    if as_ == "published" and not (remote_id or "").strip():
        raise UsageError("Which post is it?", remedy="Add --remote-id with the post's id on the network.")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = publication_row(session, publication_id)
        if row.state != "unknown":
            remedy = "`assistant list --state unknown` shows those whose outcome is."
            raise Refused(f"Publication {publication_id} is {row.state}, not unknown.", remedy=remedy)
        if as_ == "published":
            _published(session, reviewer, row, str(remote_id).strip())
        else:
            _at_once(session, reviewer, row, "resolve", {"as": as_})
        return Decision("resolve", reviewer.name, now, draft_id=row.draft_id, publication_id=publication_id, before="unknown",
                        after=row.state, details={"as": as_, "remote_id": remote_id})  # fmt: skip


def _published(session: Session, reviewer: Reviewer, row: PublicationRow, remote_id: str) -> None:
    now = reviewer.store.now()
    try:
        moved(session, row, "published", actor=reviewer.name, action="resolve", at=now,
              details={"as": "published", "remote_id": remote_id}, remote_id=remote_id, error=None,
              retry_at=None)  # fmt: skip
    except IntegrityError:
        raise Refused(f"Another publication has the id {remote_id} already.", remedy="Look again.") from None


def _at_once(session: Session, reviewer: Reviewer, row: PublicationRow, action: str, details: dict[str, str]) -> None:
    """Back into the queue, due now in its own zone; whatever it had to wait for is over."""
    now = reviewer.store.now()
    moved(session, row, "queued", actor=reviewer.name, action=action, at=now, details=details, error=None, retry_at=None,
          **wall(now.astimezone(ZoneInfo(row.zone))))  # fmt: skip


def requeue(reviewer: Reviewer, publication_id: int) -> Decision:
    """Give back what is held, missed or failed: it goes out now."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = publication_row(session, publication_id)
        if row.state not in REVIVABLE:
            raise Refused(
                f"Publication {publication_id} is {row.state}.",
                remedy="Only held, missed and failed ones are given back.",
            )
        if not queries.rows(session, queries.IS_APPROVED, id=publication_id)[0][0]:
            raise Refused(f"Draft {row.draft_id} is not approved any more.", remedy="Approve and queue it anew.")
        refuse_outside(read_post(session.get_one(RevisionRow, row.revision_id).post), now)
        before = row.state
        _at_once(session, reviewer, row, "requeue", {})
        return Decision("requeue", reviewer.name, now, draft_id=row.draft_id, publication_id=publication_id, before=before,
                        after="queued")  # fmt: skip
