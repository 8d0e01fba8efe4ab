"""When a post goes out: queue (the next free slot), schedule (a time of one's own), cancel."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from assistant.config import Config, known_zone
from assistant.errors import Refused, UsageError
from assistant.models import DEAD_STATES, Decision, Draft
from assistant.store.tables import ApprovalRow, PublicationRow, RevisionRow
from assistant.workflow.reading import drafts_in
from assistant.workflow.reviewer import Reviewer, approval_row, draft_row, moved, revision_row
from assistant.workflow.times import parse_when

REVIVABLE = ("held", "missed", "failed")
CANCELLABLE = ("queued", *REVIVABLE)
_LOOK_AHEAD = timedelta(days=60)


def queue(reviewer: Reviewer, draft_id: int, *, account: str | None = None) -> Decision:
    """Into the account's next free slot: its spacing, quiet hours, daily cap and cooling-off are kept."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        draft, revision, approval = _approved(session, draft_id, now)
        name = _account(reviewer.config, draft, account)
        due = next_slot(session, reviewer.config, name, max(now, approval.created_at + _cooling_off(reviewer.config)))
        return _queue(
            session, reviewer, draft, revision, name, due.astimezone(reviewer.config.zone(name)), now, "queue"
        )


def schedule(reviewer: Reviewer, draft_id: int, *, at: str, tz: str | None = None, account: str | None = None,
             fold: int | None = None) -> Decision:  # fmt: skip
    """At a wall time of one's own; "now" is now."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        draft, revision, approval = _approved(session, draft_id, now)
        name = _account(reviewer.config, draft, account)
        due = parse_when(at, _zone(tz) or reviewer.config.zone(name), now, fold)
        if due < now - (reviewer.config.publish.grace or timedelta(0)):
            raise UsageError(f"{due:%Y-%m-%d %H:%M} is over.", remedy="Name a time to come, or now.")
        earliest = approval.created_at + _cooling_off(reviewer.config)
        if due < earliest and _cooling_off(reviewer.config):
            raise Refused(
                f"The approval cools off until {earliest.astimezone(due.tzinfo):%Y-%m-%d %H:%M}.",
                remedy="Name a later time.",
            )
        return _queue(session, reviewer, draft, revision, name, due, now, "schedule")


def cancel(reviewer: Reviewer, draft_id: int) -> Decision:
    """Take a draft's live publications back, before they are sent; the approval stays."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        query = select(PublicationRow).where(PublicationRow.draft_id == row.id).order_by(col(PublicationRow.id))
        rows = session.exec(query).all()
        live = [one for one in rows if one.state in CANCELLABLE]
        if not live:
            state = rows[-1].state if rows else "not queued"
            raise Refused(f"Draft {draft_id} is {state}: there is nothing to take back.")
        before = live[-1].state
        for one in live:
            moved(session, reviewer.store, one, "cancelled", actor=reviewer.name, action="cancel", at=now)
        when = {"due_at": live[-1].due_at.isoformat(), "account": live[-1].account}
        return Decision("cancel", reviewer.name, now, draft_id=draft_id, publication_id=live[-1].id, before=before,
                        after="cancelled", details=when)  # fmt: skip


def _approved(session: Session, draft_id: int, now: datetime) -> tuple[Draft, RevisionRow, ApprovalRow]:
    row = draft_row(session, draft_id)
    draft = drafts_in(session, [draft_id], now)[0]
    revision = revision_row(session, row)
    approval = approval_row(session, revision)
    if row.state != "approved" or approval is None:
        raise Refused(
            f"Draft {draft_id} is {draft.decision}, not approved.", remedy=f"`assistant approve {draft_id}` first."
        )
    return draft, revision, approval


def _account(config: Config, draft: Draft, asked: str | None) -> str:
    """The account that is meant, among those that the approval covers."""
    covered = draft.post.accounts
    if asked is not None and asked not in config.accounts:
        raise UsageError(f"There is no account {asked!r}.", remedy=f"config.yaml has {', '.join(config.accounts)}.")
    if asked is not None and asked not in covered:
        remedy = f"Approve it for that account: `assistant approve {draft.id} --account {asked}`."
        raise Refused(f"The approval is for {', '.join(covered) or 'no account'}, not for {asked}.", remedy=remedy)
    if asked is None and len(covered) != 1:
        told = f"It may go out on {', '.join(covered)}." if covered else f"No account posts in {draft.post.lang}."
        raise UsageError(told, remedy="Name one with --account.")
    return asked or covered[0]


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise UsageError(f"{error}.", remedy="Correct --tz.") from None


def _cooling_off(config: Config) -> timedelta:
    return config.publish.cooling_off or timedelta(0)


def _queue(session: Session, reviewer: Reviewer, draft: Draft, revision: RevisionRow, account: str, due: datetime, now: datetime,
           action: str) -> Decision:  # fmt: skip
    window = draft.post.not_after
    if window is not None and due > window:
        raise Refused(f"Its figure may be told until {window:%Y-%m-%d %H:%M}, and {due:%Y-%m-%d %H:%M} is later.")
    zone = str(due.tzinfo)
    wall = {"due_at": due, "wall_time": f"{due:%Y-%m-%d %H:%M}", "zone": zone, "fold": due.fold}
    row = _revivable(session, revision, account)
    before = row.state if row else draft.state
    if row is not None:
        moved(session, reviewer.store, row, "queued", actor=reviewer.name, action="requeue", at=now,
              details={"due_at": due.isoformat()}, retry_at=None, error=None, **wall)  # fmt: skip
    else:
        row = _new_publication(session, reviewer, draft, revision, account, now, action, wall)
    return Decision(action, reviewer.name, now, draft_id=draft.id, publication_id=row.id, before=before, after="queued",
                    details={"due_at": due.isoformat(), "account": account})  # fmt: skip


def _revivable(session: Session, revision: RevisionRow, account: str) -> PublicationRow | None:
    """The publication that is held, missed or failed and that a person gives back."""
    query = select(PublicationRow).where(PublicationRow.revision_id == revision.id, PublicationRow.account == account)
    row = session.exec(query.order_by(col(PublicationRow.id).desc())).first()
    if row is None or row.state == "cancelled":
        return None
    if row.state not in REVIVABLE:
        remedy = "Cancel it first." if row.state == "queued" else ""
        raise Refused(f"It is {row.state} on {account} already (publication {row.id}).", remedy=remedy)
    return row


def _new_publication(session: Session, reviewer: Reviewer, draft: Draft, revision: RevisionRow, account: str, now: datetime,
                     action: str, wall: dict[str, object]) -> PublicationRow:  # fmt: skip
    row = PublicationRow(
        draft_id=draft.id, revision_id=revision.id or 0, sha=revision.sha, account=account, created_at=now, updated_at=now,
        **wall,  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        session.add(row)
        session.flush()
    except IntegrityError:
        raise Refused(f"It is on its way on {account} already.", remedy="Cancel that first.") from None
    moved(session, reviewer.store, row, "queued", actor=reviewer.name, action=action, at=now,
          details={"due_at": row.due_at.isoformat(), "account": account, "sha": revision.sha})  # fmt: skip
    return row


def next_slot(session: Session, config: Config, account: str, earliest: datetime) -> datetime:
    """The first minute from `earliest` on that keeps the account's spacing, quiet hours and daily cap."""
    rules, zone = config.publish, config.zone(account)
    if rules.daily_cap == 0:
        raise Refused("The daily cap is 0: nothing may go out.", remedy="Raise publish.daily_cap.")
    query = select(PublicationRow.due_at).where(
        PublicationRow.account == account, col(PublicationRow.state).not_in(DEAD_STATES)
    )
    taken = sorted(due.astimezone(zone) for due in session.exec(query).all())
    slot = earliest.astimezone(zone)
    while slot < earliest + _LOOK_AHEAD:
        later = _after_quiet(slot, rules.quiet_hours)
        later = _after_spacing(later, taken, rules.spacing or timedelta(0))
        later = _after_cap(later, taken, rules.daily_cap)
        if later == slot:
            return slot
        slot = later
    raise Refused(
        "There is no free slot in the next sixty days.", remedy="Raise publish.daily_cap, or cancel something."
    )


def _after_quiet(slot: datetime, quiet: tuple[time, time] | None) -> datetime:
    if quiet is None:
        return slot
    start, end = quiet
    now = slot.time().replace(tzinfo=None)
    inside = start <= now < end if start <= end else now >= start or now < end
    if not inside:
        return slot
    day = slot.date() + timedelta(days=1 if now >= end else 0)
    return datetime.combine(day, end, tzinfo=slot.tzinfo)


def _after_spacing(slot: datetime, taken: list[datetime], spacing: timedelta) -> datetime:
    for other in taken:
        if abs(slot - other) < spacing:
            slot = other + spacing
    return slot


def _after_cap(slot: datetime, taken: list[datetime], cap: int) -> datetime:
    if sum(other.date() == slot.date() for other in taken) < cap:
        return slot
    return datetime.combine(slot.date() + timedelta(days=1), time(0), tzinfo=slot.tzinfo)
