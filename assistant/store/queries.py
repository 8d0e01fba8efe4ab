"""The SQL that matters, in one place: what is listed, what is claimed, what goes on the wire, how it is settled.

Each state change is a compare-and-swap: it names the state and the fence that it expects, and whoever came too late changes
no row. Bound instants go through `tables.Instant`, so that one text serves SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, TextClause, bindparam, text
from sqlmodel import Session

from assistant.store.tables import Instant

_INSTANTS = ("now", "lease", "retry_at", "late", "since")
_LISTS = ("states", "excluded")

# A draft's state: its newest revision's latest publication's, else the reviewer's.
_STATE = """
COALESCE((SELECT p.state FROM publication p WHERE p.draft_id = d.id AND p.revision_id = r.id ORDER BY p.id DESC LIMIT 1),
  CASE WHEN d.state <> 'pending' AND (d.state <> 'snoozed' OR d.snoozed_until > :now) THEN d.state
    WHEN d.tell_until < :now THEN 'expired' ELSE 'pending' END)
"""
LIST_DRAFTS = f"""
SELECT id, state FROM (
  SELECT d.id AS id, {_STATE} AS state, d.lang AS lang, r.post AS post, i.subject AS subject
  FROM draft d JOIN revision r ON r.draft_id = d.id AND r.number = d.number
  LEFT JOIN insight i ON i.id = d.insight_id) AS drafts
WHERE (:state_all OR state IN :states) AND (CAST(:lang AS TEXT) IS NULL OR lang = :lang)
  AND (CAST(:search AS TEXT) IS NULL OR lower(post) LIKE :search ESCAPE '!' OR lower(subject) LIKE :search ESCAPE '!')
ORDER BY id
"""  # noqa: S608 (fixed text only)

# Approved, byte for byte: an unrevoked approval of this revision and hash, which is the draft's newest.
_APPROVED = """
EXISTS (SELECT 1 FROM approval a JOIN revision r ON r.id = a.revision_id AND r.sha = a.sha
  JOIN draft d ON d.id = r.draft_id AND d.number = r.number
  WHERE a.revision_id = publication.revision_id AND a.sha = publication.sha AND a.revoked_at IS NULL
    AND d.state = 'approved')
"""
_NOT_PAUSED = """
NOT EXISTS (SELECT 1 FROM pause WHERE lifted_at IS NULL AND (scope = 'all'
  OR (scope = 'account' AND value = publication.account)
  OR (scope = 'title' AND value = (SELECT i.subject FROM draft d JOIN insight i ON i.id = d.insight_id
        WHERE d.id = publication.draft_id))))
"""
# The next post that is due. An account that has to wait (a refused connection, a rate limit) waits with all its posts.
DUE = """
SELECT id FROM publication
WHERE state = 'queued' AND due_at <= :now AND (retry_at IS NULL OR retry_at <= :now)
  AND (CAST(:account AS TEXT) IS NULL OR account = :account) AND account NOT IN :excluded
  AND NOT EXISTS (SELECT 1 FROM publication AS other
    WHERE other.account = publication.account AND other.state = 'queued' AND other.retry_at > :now)
ORDER BY due_at, id
"""
OVERDUE = """
SELECT id FROM publication WHERE state = 'queued' AND due_at < :late
  AND (CAST(:account AS TEXT) IS NULL OR account = :account) ORDER BY due_at, id
"""
EXPIRED_LEASES = """
SELECT id FROM publication WHERE state IN ('claimed', 'on_wire') AND lease_until < :now
  AND (CAST(:account AS TEXT) IS NULL OR account = :account) ORDER BY id
"""
UNKNOWN = """
SELECT id FROM publication WHERE state = 'unknown' AND (:at_once OR retry_at <= :now)
  AND (CAST(:account AS TEXT) IS NULL OR account = :account) ORDER BY id
"""
IS_APPROVED = f"SELECT count(*) FROM publication WHERE id = :id AND {_APPROVED}"  # noqa: S608
IS_FREE = f"SELECT count(*) FROM publication WHERE id = :id AND {_NOT_PAUSED}"  # noqa: S608
CLAIM = f"""
UPDATE publication SET state = 'claimed', fence = fence + 1, worker = :worker, lease_until = :lease,
  attempts = attempts + 1, retry_at = NULL, error = NULL, updated_at = :now
WHERE id = :id AND state = 'queued' AND fence = :fence AND due_at <= :now AND {_APPROVED} AND {_NOT_PAUSED}
"""  # noqa: S608
WIRE = f"""
UPDATE publication SET state = 'on_wire', lease_until = :lease, updated_at = :now
WHERE id = :id AND state = 'claimed' AND fence = :fence AND {_APPROVED} AND {_NOT_PAUSED}
"""  # noqa: S608
SETTLE = """
UPDATE publication SET state = :to, remote_id = :remote_id, error = :error, retry_at = :retry_at,
  lease_until = NULL, updated_at = :now
WHERE id = :id AND state = 'on_wire' AND fence = :fence
"""
# What counts against the daily cap: what went out since then, may have gone out, or is about to.
SENT_SINCE = """
SELECT count(DISTINCT p.id) FROM publication p LEFT JOIN attempt a ON a.publication_id = p.id AND a.wired_at >= :since
  AND (a.outcome IS NULL OR a.outcome IN ('published', 'unknown'))
WHERE p.account = :account AND p.id <> :id AND (p.state = 'claimed' OR a.id IS NOT NULL)
"""
SPENT_SINCE = """
SELECT COALESCE(sum(cost_usd), 0) FROM attempt
WHERE wired_at >= :since AND (outcome IS NULL OR outcome IN ('published', 'unknown'))
"""
OWNED = "SELECT remote_id FROM publication WHERE account = :account AND remote_id IS NOT NULL AND id <> :id"
WAITING = """
SELECT count(*) FROM publication WHERE state IN ('unknown', 'failed', 'held', 'missed')
  AND (CAST(:account AS TEXT) IS NULL OR account = :account)
"""


def statement(sql: str, parameters: Mapping[str, Any]) -> TextClause:
    """The SQL with its instants and lists typed."""
    clause = text(sql)
    typed = [bindparam(name, type_=Instant) for name in _INSTANTS if f":{name}" in sql]
    lists: list[Any] = [bindparam(name, expanding=True, type_=String) for name in _LISTS if f":{name}" in sql]
    return clause.bindparams(*typed, *lists).bindparams(**parameters)


def run(session: Session, sql: str, **parameters: Any) -> int:
    """Execute a change; how many rows it changed."""
    return int(session.connection().execute(statement(sql, parameters)).rowcount)


def rows(session: Session, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a query returns."""
    return [tuple(row) for row in session.connection().execute(statement(sql, parameters))]
