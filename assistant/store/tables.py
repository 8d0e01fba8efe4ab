"""The tables. The law stands in the schema, not only in Python: see `law.py` for the triggers.

    insight ◀── draft ◀── revision ◀── report          (what the machine said of a revision; the newest counts)
                  ▲           ▲ ▲
                  │           │ └───── approval         (revision and its hash, together)
             person_flag      └─────── publication ◀── attempt
    pause      look           audit    (append-only, chained)

Table models are not validated by SQLModel: only `store` and the rooms above write rows, from values of
`models.py`. Rows never leave these rooms; readers get `models` values.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field, SQLModel, text

from assistant.models import DEAD_STATES, DRAFT_STATES, PUBLICATION_STATES


class Instant(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, fixed-width ISO 8601 in UTC on SQLite (it sorts as text).

    SQLAlchemy's own DateTime drops the offset on SQLite without a word; here a naive datetime is refused.
    """

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The column type of the database in use."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime ({value}) has no place in the store")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Out of the database, in UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


# Every constraint has a name: Alembic's batch mode on SQLite drops those that have none.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


def _one_of(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def _at(**options: Any) -> Any:
    return Field(sa_column=Column(Instant, **options))


_LIVE = f"state NOT IN ({', '.join(repr(state) for state in DEAD_STATES)})"


class InsightRow(SQLModel, table=True):
    """A figure that drafts rest on; `payload` is `Insight.to_json`. `never_*`: a person said never this figure."""

    __tablename__ = "insight"
    id: str = Field(primary_key=True)
    kind: str
    source: str
    measure: str
    subject: str | None = None
    payload: str
    created_at: datetime = _at(nullable=False)
    never_at: datetime | None = _at(nullable=True)
    never_by: str | None = None
    never_why: str | None = None


class DraftRow(SQLModel, table=True):
    """A post in one language on one figure; `number` is its newest revision's, `tell_until` the figure's last day."""

    __tablename__ = "draft"
    __table_args__ = (
        _one_of("state", DRAFT_STATES, "ck_draft_state"),
        UniqueConstraint("insight_id", "template", "lang", name="uq_draft_figure"),
    )
    id: int | None = Field(default=None, primary_key=True)
    insight_id: str | None = Field(default=None, foreign_key="insight.id")
    template: str | None = None
    lang: str
    state: str = "pending"
    number: int = 1
    created_at: datetime = _at(nullable=False)
    snoozed_until: datetime | None = _at(nullable=True)
    tell_until: datetime | None = _at(nullable=True)


class RevisionRow(SQLModel, table=True):
    """The whole post, byte for byte; immutable (trigger). `post` is canonical JSON of `models.Post`, `sha` its hash.

    `spans`: JSON of `models.Span`s, which of its characters rest on which fact.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("draft_id", "number", name="uq_revision_number"),
        UniqueConstraint("id", "sha", name="uq_revision_sha"),
    )
    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    number: int
    sha: str
    post: str
    weighted_length: int
    actor: str
    created_at: datetime = _at(nullable=False)
    spans: str = Field(default="[]", sa_column_kwargs={"server_default": "[]"})


class ReportRow(SQLModel, table=True):
    """What the checks said of a revision: JSON of `models.Report`; appended, the newest counts."""

    __tablename__ = "report"
    id: int | None = Field(default=None, primary_key=True)
    revision_id: int = Field(foreign_key="revision.id", index=True)
    verdict: str
    policy_hash: str
    payload: str
    created_at: datetime = _at(nullable=False)


class PersonFlagRow(SQLModel, table=True):
    """Wording that a person flagged; open while `closed_at` is null."""

    __tablename__ = "person_flag"
    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    category: str
    start: int
    end: int
    quote: str
    message: str
    actor: str
    created_at: datetime = _at(nullable=False)
    closed_at: datetime | None = _at(nullable=True)
    closed_by: str | None = None
    closed_why: str | None = None


class ApprovalRow(SQLModel, table=True):
    """A person let this revision, with this hash, go out. Never deleted: revoked."""

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(["revision_id", "sha"], ["revision.id", "revision.sha"], name="fk_approval_revision"),
    )
    id: int | None = Field(default=None, primary_key=True)
    revision_id: int = Field(index=True)
    sha: str
    actor: str
    created_at: datetime = _at(nullable=False)
    reason: str = ""
    acknowledged: str = "[]"
    policy_hash: str = ""
    revoked_at: datetime | None = _at(nullable=True)
    revoked_by: str | None = None
    revoked_why: str | None = None


class PublicationRow(SQLModel, table=True):
    """One revision on its way to one account. `fence` grows with each claim: a stale worker changes nothing."""

    __tablename__ = "publication"
    __table_args__ = (
        ForeignKeyConstraint(["revision_id", "sha"], ["revision.id", "revision.sha"], name="fk_publication_revision"),
        _one_of("state", PUBLICATION_STATES, "ck_publication_state"),
        CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (remote_id IS NOT NULL)", name="ck_publication_remote"
        ),
        UniqueConstraint("account", "remote_id", name="uq_publication_remote"),
        Index(
            "uq_publication_live", "revision_id", "account", unique=True,
            sqlite_where=text(_LIVE), postgresql_where=text(_LIVE),
        ),
        Index("ix_publication_due", "state", "due_at"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    revision_id: int
    sha: str
    account: str
    state: str = "queued"
    due_at: datetime = _at(nullable=False)
    wall_time: str = ""
    zone: str = "UTC"
    fold: int = 0
    retry_at: datetime | None = _at(nullable=True)
    fence: int = 0
    worker: str | None = None
    lease_until: datetime | None = _at(nullable=True)
    attempts: int = 0
    remote_id: str | None = None
    error: str | None = None
    created_at: datetime = _at(nullable=False)
    updated_at: datetime = _at(nullable=False)


class AttemptRow(SQLModel, table=True):
    """One try: claimed, perhaps on the wire, perhaps settled with an outcome."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("publication_id", "fence", name="uq_attempt_fence"),)
    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(foreign_key="publication.id", index=True)
    fence: int
    worker: str
    claimed_at: datetime = _at(nullable=False)
    wired_at: datetime | None = _at(nullable=True)
    settled_at: datetime | None = _at(nullable=True)
    outcome: str | None = None
    detail: str | None = None
    cost_usd: float = 0.0


class PauseRow(SQLModel, table=True):
    """The kill switch: for everything, an account or a title; in force while `lifted_at` is null."""

    __tablename__ = "pause"
    __table_args__ = (_one_of("scope", ("all", "account", "title"), "ck_pause_scope"),)
    id: int | None = Field(default=None, primary_key=True)
    scope: str
    value: str = ""
    reason: str = ""
    actor: str
    created_at: datetime = _at(nullable=False)
    lifted_at: datetime | None = _at(nullable=True)
    lifted_by: str | None = None


class LookRow(SQLModel, table=True):
    """One look at a delivery for one kind of figure, and what it spent (`models.Look`); immutable (trigger).

    `delivery` names the table as it was read and its last period; `q` is the share that the config wanted then.
    """

    __tablename__ = "look"
    __table_args__ = (UniqueConstraint("source", "kind", "delivery", name="uq_look_delivery"),)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    kind: str
    delivery: str
    at: datetime = _at(nullable=False)
    q: float
    tests: int
    level: float
    told: int
    most: int


class AuditRow(SQLModel, table=True):
    """One change; append-only (trigger). Columns beside `payload` are copies for querying, cross-checked by verify."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("prev", name="uq_audit_prev"),)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    prev: str
    hash: str
    payload: str
    at: datetime = _at(nullable=False)
    actor: str
    action: str
    subject: str = Field(index=True)
