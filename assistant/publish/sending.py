"""claim → wire → settle: three short transactions around one request, and what is swept before them.

    claim    compare-and-swap queued → claimed, with the attempt's row; the bytes to send are read here, once
    wire     claimed → on_wire, committed before the socket opens: the point of no return
    settle   on_wire → what the answer says, by the fence: a worker that woke up too late changes nothing

Each transition writes its one entry of the trail in its own transaction; none is open while the network answers.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from assistant.checks.calendar import Calendar, SensitiveDay, load_calendar
from assistant.config import Config
from assistant.models import Post
from assistant.publish.gate import Known, Stopped, late_before, missed, stopped
from assistant.publish.network import Network, Outcome
from assistant.reviewed import Publication
from assistant.store import Store, audit, queries
from assistant.store.reading import drafts_in, publication, read_post
from assistant.store.tables import AttemptRow, PublicationRow, RevisionRow
from assistant.workflow import candidate_of
from assistant.workflow.reviewer import acknowledged, approval_row, moved

ACTOR = "publish"
CLAIM_LEASE = timedelta(minutes=1)
LEAST_WIRE_LEASE = timedelta(minutes=2)
FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(seconds=30), timedelta(minutes=10)
LOOKS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))  # reconciling, after the attempt


@dataclass(frozen=True, slots=True)
class Claimed:
    """One publication in this worker's hands: the bytes to send, and the fence that they are sent under."""

    id: int
    fence: int
    account: str
    post: Post


@dataclass
class Ahead:
    """What a rehearsal would have sent so far."""

    posts: Counter[str] = field(default_factory=Counter)
    spent: float = 0.0


def worker_name() -> str:
    """`host:pid`, for the trail."""
    return f"{socket.gethostname()}:{os.getpid()}"


def value_of(session: Session, row: PublicationRow) -> Publication:
    """A row as a value."""
    return publication(row, session.get_one(RevisionRow, row.revision_id).number)


def sweep(store: Store, config: Config, account: str | None) -> list[Publication]:
    """What stands as it cannot stay: leases that ran out, posts later than their grace."""
    with store.write() as session:
        now = store.now()
        audit.clock_is_sane(session, now)
        found = [_expire(session, row, now) for row in _rows(session, queries.EXPIRED_LEASES, now=now, account=account)]
        late = late_before(config, now)
        overdue = _rows(session, queries.OVERDUE, late=late, account=account) if late else []
        found += [_stop(session, row, missed(row.due_at, now), now) for row in overdue]
        return found


def _rows(session: Session, sql: str, **parameters: Any) -> list[PublicationRow]:
    return [session.get_one(PublicationRow, number) for (number,) in queries.rows(session, sql, **parameters)]


def _expire(session: Session, row: PublicationRow, now: datetime) -> Publication:
    """Its worker is gone. Before the wire nothing was sent; after it nobody can know."""
    sent = row.state == "on_wire"
    error = f"{row.worker} went away while the post was on the wire: it may be live" if sent else None
    look = now if sent else None
    moved(session, row, "unknown" if sent else "queued", actor=ACTOR, action="expire", at=now,
          details={"worker": row.worker, "fence": row.fence}, lease_until=None, error=error, retry_at=look)  # fmt: skip
    _settle_attempt(session, row.id or 0, row.fence, "unknown" if sent else "not sent", error or "", now)
    return value_of(session, row)


def _stop(session: Session, row: PublicationRow, why: Stopped, now: datetime) -> Publication:
    action = "miss" if why.state == "missed" else "hold"
    moved(session, row, why.state, actor=ACTOR, action=action, at=now, details={"why": why.why}, error=why.why,
          lease_until=None, retry_at=None)  # fmt: skip
    return value_of(session, row)


def next_due(store: Store) -> datetime | None:
    """When the next post is due."""
    with store.read() as session:
        query = select(PublicationRow.due_at).where(PublicationRow.state == "queued")
        return session.exec(query.order_by(col(PublicationRow.due_at)).limit(1)).first()


def due(store: Store, account: str | None, excluded: Iterable[str] = ()) -> list[Publication]:
    """What is due now, in the order in which it would be sent."""
    with store.read() as session:
        found = _rows(session, queries.DUE, now=store.now(), account=account, excluded=list(excluded))
        return [value_of(session, row) for row in found]


def foresee(store: Store, config: Config, publication_id: int, network: Network, ahead: Ahead) -> Publication:
    """A due publication as a run would leave it: queued where it would be sent. Writes nothing but into `ahead`."""
    with store.read() as session:
        row, now = session.get_one(PublicationRow, publication_id), store.now()
        known = _known(session, config, row, network, now)
        posts, spent = ahead.posts[row.account], ahead.spent
        known = replace(known, sent_today=known.sent_today + posts, spent_this_month=known.spent_this_month + spent)
        why, value = stopped(known, config, now), value_of(session, row)
    if why is not None:
        return replace(value, state=why.state, error=why.why)
    ahead.posts[row.account] += 1
    ahead.spent += known.cost_usd
    return value


def claim(
    store: Store, config: Config, publication_id: int, network: Network, worker: str
) -> Claimed | Publication | None:
    """Take a due publication in hand; a value where it was stopped instead, None where another worker has it."""
    with store.write() as session:
        now = store.now()
        audit.clock_is_sane(session, now)
        row = session.get(PublicationRow, publication_id, with_for_update=_skip_locked(store))
        if row is None or row.state != "queued":
            return None
        known = _known(session, config, row, network, now)
        why = stopped(known, config, now)
        if why is not None:
            return _stop(session, row, why, now)
        taken = queries.run(
            session, queries.CLAIM, id=row.id, fence=row.fence, worker=worker, now=now, lease=now + CLAIM_LEASE
        )
        if not taken:
            return None
        fence = row.fence + 1
        session.add(AttemptRow(publication_id=publication_id, fence=fence, worker=worker, claimed_at=now))
        session.flush()
        _enter(session, publication_id, "claim", "queued", "claimed", now, worker=worker, fence=fence, sha=row.sha)
        return Claimed(publication_id, fence, row.account, known.post)


def _skip_locked(store: Store) -> Any:
    """On PostgreSQL a row that another program holds is passed over, not waited for."""
    return {"skip_locked": True} if store.dialect == "postgresql" else False


def _known(session: Session, config: Config, row: PublicationRow, network: Network, now: datetime) -> Known:
    revision = session.get_one(RevisionRow, row.revision_id)
    post = read_post(revision.post)
    midnight = now.astimezone(config.zone(row.account)).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = queries.rows(session, queries.SENT_SINCE, since=midnight, account=row.account, id=row.id)
    spent = queries.rows(session, queries.SPENT_SINCE, since=midnight.replace(day=1))
    return Known(
        due_at=row.due_at, post=post,
        approved=_holds(session, queries.IS_APPROVED, row), paused=not _holds(session, queries.IS_FREE, row),
        sent_today=int(sent[0][0]), spent_this_month=float(spent[0][0]), cost_usd=network.cost_usd(post),
        days=_sensitive_days(session, config, row, midnight), acknowledged=acknowledged(approval_row(session, revision)),
    )  # fmt: skip


def _sensitive_days(
    session: Session, config: Config, row: PublicationRow, midnight: datetime
) -> tuple[SensitiveDay, ...]:
    """What the day in the account's zone is, by the calendar as it is now: read anew, for it may have been added to."""
    named = config.checks.calendar
    calendar = load_calendar(config.resolve(named)) if named else Calendar()
    if not calendar.days:
        return ()
    draft = drafts_in(session, [row.draft_id], midnight)[0]
    return tuple(calendar.on(midnight.date(), candidate_of(draft), {flag.category for flag in draft.flags}))


def _holds(session: Session, sql: str, row: PublicationRow) -> bool:
    return bool(queries.rows(session, sql, id=row.id)[0][0])


def wire(store: Store, config: Config, claimed: Claimed, cost_usd: float) -> Publication | None:
    """The point of no return, committed before the socket opens. None: go on; a value: stopped at the last moment."""
    with store.write() as session:
        now = store.now()
        lease = now + max(LEAST_WIRE_LEASE, 4 * (config.publish.timeout or timedelta(0)))
        if queries.run(session, queries.WIRE, id=claimed.id, fence=claimed.fence, now=now, lease=lease):
            attempt = _attempt(session, claimed.id, claimed.fence)
            attempt.wired_at, attempt.cost_usd = now, cost_usd
            session.add(attempt)
            _enter(session, claimed.id, "wire", "claimed", "on_wire", now, fence=claimed.fence, sha=claimed.post.sha)
            return None
        return _stopped_at_the_wire(session, claimed, now)


def _stopped_at_the_wire(session: Session, claimed: Claimed, now: datetime) -> Publication:
    row = session.get_one(PublicationRow, claimed.id)
    if row.state == "claimed" and row.fence == claimed.fence:
        free = _holds(session, queries.IS_FREE, row)
        why = Stopped("held", "its approval was taken back" if free else "paused: `assistant resume` lifts it")
        _settle_attempt(session, claimed.id, claimed.fence, "not sent", why.why, now)
        return _stop(session, row, why, now)
    return value_of(session, row)  # its lease ran out, and another worker has it


def settle(store: Store, claimed: Claimed, outcome: Outcome) -> Publication:
    """Write down what the answer says; a stale fence changes nothing."""
    with store.write() as session:
        now = store.now()
        told = _understood(session, claimed, outcome)
        to, changes = _ending(session, claimed, told, now)
        row = session.get_one(PublicationRow, claimed.id)
        if queries.run(session, queries.SETTLE, id=claimed.id, fence=claimed.fence, now=now, to=to, **changes):
            _settle_attempt(session, claimed.id, claimed.fence, told.what, told.detail, now)
            _enter(session, claimed.id, "settle", "on_wire", to, now, fence=claimed.fence, outcome=told.what,
                   detail=told.detail, remote_id=told.remote_id)  # fmt: skip
        session.refresh(row)
        return value_of(session, row)


def _understood(session: Session, claimed: Claimed, outcome: Outcome) -> Outcome:
    """Two answers mean more than they say: a duplicate after an unknown, and an id that another publication has."""
    if outcome.duplicate and _was_unknown(session, claimed):
        return Outcome("unknown", detail=f"{outcome.detail} An earlier try may be the one that is live.")
    if outcome.what == "published" and (outcome.remote_id or "") in owned_ids(session, claimed.id, claimed.account):
        return Outcome("unknown", detail=f"the network answered with the id {outcome.remote_id} of another post")
    return outcome


def _was_unknown(session: Session, claimed: Claimed) -> bool:
    query = select(AttemptRow.id).where(
        AttemptRow.publication_id == claimed.id, AttemptRow.outcome == "unknown", AttemptRow.fence < claimed.fence
    )
    return session.exec(query).first() is not None


def owned_ids(session: Session, publication_id: int, account: str) -> set[str]:
    """The posts on an account that other publications have."""
    return {str(owned) for (owned,) in queries.rows(session, queries.OWNED, account=account, id=publication_id)}


def _ending(session: Session, claimed: Claimed, told: Outcome, now: datetime) -> tuple[str, dict[str, Any]]:
    """The state that an outcome leads to, and what is kept beside it."""
    to = "queued" if told.what == "not sent" else told.what
    retry_at = None
    if told.what == "not sent":
        retry_at = told.retry_at or now + _backoff(session.get_one(PublicationRow, claimed.id).attempts)
    elif told.what == "unknown":
        retry_at = now + LOOKS[0]
    error = None if told.what == "published" else told.detail or told.what
    return to, {"remote_id": told.remote_id if to == "published" else None, "error": error, "retry_at": retry_at}


def _backoff(attempts: int) -> timedelta:
    doubled: timedelta = FIRST_BACKOFF * 2 ** min(max(attempts - 1, 0), 10)
    return min(doubled, LONGEST_BACKOFF)


def _attempt(session: Session, publication_id: int, fence: int) -> AttemptRow:
    query = select(AttemptRow).where(AttemptRow.publication_id == publication_id, AttemptRow.fence == fence)
    return session.exec(query).one()


def latest_attempt(session: Session, publication_id: int) -> AttemptRow:
    """The newest try of a publication."""
    query = select(AttemptRow).where(AttemptRow.publication_id == publication_id)
    return session.exec(query.order_by(col(AttemptRow.fence).desc()).limit(1)).one()


def _settle_attempt(
    session: Session, publication_id: int, fence: int, outcome: str, detail: str, now: datetime
) -> None:
    attempt = _attempt(session, publication_id, fence)
    attempt.settled_at, attempt.outcome, attempt.detail = now, outcome, detail
    session.add(attempt)
    session.flush()


def _enter(session: Session, publication_id: int, action: str, before: str, after: str, now: datetime,
           **details: Any) -> None:  # fmt: skip
    told: Mapping[str, Any] = {"before": before, "after": after, **details}
    audit.append(session, actor=ACTOR, action=action, subject=f"publication:{publication_id}", details=told, at=now)
