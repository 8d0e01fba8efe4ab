"""The law that stands in the schema: triggers, in SQLite's words and in PostgreSQL's.

Revisions, audit entries and looks never change; approvals are revoked, not rewritten; a publication moves only along the edges
of its life (docs/publishing.md). Whoever opens the database with another program meets the same law.
"""

from __future__ import annotations

from collections.abc import Iterator

# from → where to. A person's word is needed for unknown → queued and published; the audit holds whose.
EDGES: dict[str, tuple[str, ...]] = {
    "queued": ("claimed", "cancelled", "missed", "held"),
    "claimed": ("queued", "on_wire", "held", "missed", "cancelled"),
    "on_wire": ("published", "failed", "unknown", "queued", "held"),
    "unknown": ("published", "queued"),
    "held": ("queued", "cancelled"),
    "missed": ("queued", "cancelled"),
    "failed": ("queued", "cancelled"),
    "published": ("withdrawn",),
    "cancelled": (),
    "withdrawn": (),
}

_NEVER = {
    "revision_immutable": ("UPDATE", "revision", "a revision never changes: make a new one"),
    "revision_kept": ("DELETE", "revision", "a revision is never deleted"),
    "audit_immutable": ("UPDATE", "audit", "the audit is append-only"),
    "audit_kept": ("DELETE", "audit", "the audit is append-only"),
    "approval_kept": ("DELETE", "approval", "an approval is never deleted: revoke it"),
    "attempt_kept": ("DELETE", "attempt", "an attempt is never deleted"),
    "publication_kept": ("DELETE", "publication", "a publication is never deleted"),
}
_LOOKS = {
    "look_fixed": ("UPDATE", "look", "what was spent is spent"),
    "look_kept": ("DELETE", "look", "what was spent is spent"),
}
_APPROVAL_SAME = ("revision_id", "sha", "actor", "created_at", "acknowledged", "policy_hash")
_PUBLICATION_SAME = ("draft_id", "revision_id", "sha", "account")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def _off_the_edges() -> str:
    allowed = " OR ".join(
        f"(OLD.state = '{old}' AND NEW.state IN ({', '.join(repr(new) for new in news)}))"
        for old, news in EDGES.items()
        if news
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def _conditional() -> dict[str, tuple[str, str, str]]:
    return {
        "approval_fixed": ("approval", _changed(_APPROVAL_SAME), "an approval is revoked, not rewritten"),
        "approval_stays_revoked": (
            "approval", "OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL", "a revoked approval stays revoked",
        ),
        "publication_fixed": ("publication", _changed(_PUBLICATION_SAME), "a publication keeps its text and account"),
        "publication_edges": ("publication", _off_the_edges(), "a publication cannot go from that state to this one"),
        "publication_fence": ("publication", "NEW.fence < OLD.fence", "a fence never goes back"),
    }  # fmt: skip


def look_statements(dialect: str) -> Iterator[str]:
    """The DDL of the ledger's triggers, which came with its table."""
    make = _postgresql if dialect == "postgresql" else _sqlite
    for name, (verb, table, message) in _LOOKS.items():
        yield from make(name, verb, table, None, message)


def statements(dialect: str) -> Iterator[str]:
    """The DDL of the first tables' triggers, in order."""
    make = _postgresql if dialect == "postgresql" else _sqlite
    for name, (verb, table, message) in _NEVER.items():
        yield from make(name, verb, table, None, message)
    for name, (table, condition, message) in _conditional().items():
        yield from make(name, "UPDATE", table, condition, message)


def _sqlite(name: str, verb: str, table: str, condition: str | None, message: str) -> Iterator[str]:
    when = f"WHEN {condition} " if condition else ""
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _postgresql(name: str, verb: str, table: str, condition: str | None, message: str) -> Iterator[str]:
    when = f"WHEN ({condition}) " if condition else ""
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION {name}()"
