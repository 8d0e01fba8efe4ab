"""The trail: one entry for each change, in the change's own transaction, chained by hashes.

`hash = SHA-256(canonical JSON of [version, seq, prev, payload])`; `payload` holds actor, action, subject, time and
details. The columns beside it are copies for querying, cross-checked by `verify`. What it proves: nothing was altered or
removed since the last head that was kept elsewhere. What it cannot prove: that the end was not cut off, without such a
head.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from assistant.errors import StoreError
from assistant.models import canonical_json, digest, jsonable
from assistant.store.door import Store
from assistant.store.tables import ApprovalRow, AuditRow, PublicationRow

VERSION = 1
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is read."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    hash: str

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return dict(jsonable(self))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number and hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the chain holds, over how many entries, and what is wrong first."""

    ok: bool
    entries: int
    problem: str | None = None


def append(session: Session, *, actor: str, action: str, subject: str, details: Mapping[str, Any], at: datetime) -> int:
    """Add one entry to the chain, inside the (one) writing transaction of the change; returns its number."""
    last = _last(session)
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    payload = canonical_json(
        {"actor": actor, "action": action, "subject": subject, "at": _stamp(at), "details": details}
    )
    row = AuditRow(
        seq=seq, prev=prev, hash=_hash(seq, prev, payload), payload=payload,
        at=at, actor=actor, action=action, subject=subject,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return seq


def _last(session: Session) -> AuditRow | None:
    return session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(seq: int, prev: str, payload: str) -> str:
    return digest([VERSION, seq, prev, payload])


def head(store: Store) -> Head:
    """The chain's end; number 0 where there is nothing yet."""
    with store.read() as session:
        last = _last(session)
        return Head(last.seq, last.hash) if last else Head(0, GENESIS)


def last_instant(session: Session) -> datetime | None:
    """When the last entry was made: a clock that stands before it is wrong."""
    last = _last(session)
    return last.at if last else None


def entries(store: Store, limit: int | None = None, subject: str | None = None) -> list[Entry]:
    """The newest `limit` entries (of one subject), oldest first."""
    query = select(AuditRow).order_by(col(AuditRow.seq).desc())
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    if limit is not None:
        query = query.limit(limit)
    with store.read() as session:
        return [_entry(row) for row in reversed(session.exec(query).all())]


def _entry(row: AuditRow) -> Entry:
    details = json.loads(row.payload)["details"]
    return Entry(row.seq, row.at, row.actor, row.action, row.subject, details, row.hash)


def verify(store: Store) -> Verification:
    """Walk the chain from the first entry, then compare it with the tables."""
    prev, count = GENESIS, 0
    states: dict[str, str] = {}
    approvals = 0
    with store.read() as session:
        for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
            count += 1
            problem = _broken(row, count, prev)
            if problem:
                return Verification(False, count - 1, problem)
            details = json.loads(row.payload)["details"]
            if row.subject.startswith("publication:"):
                states[row.subject] = details.get("after", "")
            approvals += row.action == "approve"
            prev = row.hash
        problem = _tables_differ(session, states, approvals)
    return Verification(problem is None, count, problem)


def _broken(row: AuditRow, seq: int, prev: str) -> str | None:
    if row.seq != seq:
        return f"entry {seq} is missing"
    if row.prev != prev:
        return f"entry {seq} does not follow the one before it"
    if row.hash != _hash(row.seq, row.prev, row.payload):
        return f"entry {seq} was altered"
    told = json.loads(row.payload)
    copies = {"actor": row.actor, "action": row.action, "subject": row.subject, "at": _stamp(row.at)}
    wrong = [name for name, value in copies.items() if told[name] != value]
    return f"entry {seq}: the column {wrong[0]} was altered" if wrong else None


def _tables_differ(session: Session, states: Mapping[str, str], approvals: int) -> str | None:
    for row in session.exec(select(PublicationRow)):
        told = states.get(f"publication:{row.id}")
        if told != row.state:
            return f"publication {row.id} is {row.state}, the trail says {told or 'nothing'}"
    kept = len(session.exec(select(ApprovalRow.id)).all())
    return None if kept == approvals else f"there are {kept} approvals, the trail says {approvals}"


def clock_is_sane(session: Session, now: datetime) -> None:
    """Refuse to go on where the clock stands before the last entry (`StoreError`)."""
    last = last_instant(session)
    if last is not None and now < last:
        remedy = "Set the clock right, then try again."
        raise StoreError(f"The clock says {_stamp(now)}, but the last entry was made at {_stamp(last)}.", remedy=remedy)
