"""The first tables, and the law beside them."""

import sqlalchemy as sa
from alembic import op

from assistant.store import law
from assistant.store.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, then the triggers."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.UniqueConstraint("prev", name="uq_audit_prev"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)
    op.create_table(
        "insight",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("never_at", Instant(), nullable=True),
        sa.Column("never_by", sa.String(), nullable=True),
        sa.Column("never_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_insight"),
    )
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.CheckConstraint("scope IN ('all', 'account', 'title')", name="ck_pause_scope"),
        sa.PrimaryKeyConstraint("id", name="pk_pause"),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("snoozed_until", Instant(), nullable=True),
        sa.Column("tell_until", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'approved', 'rejected', 'snoozed', 'expired')", name="ck_draft_state"),
        sa.ForeignKeyConstraint(["insight_id"], ["insight.id"], name="fk_draft_insight_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("insight_id", "template", "lang", name="uq_draft_figure"),
    )
    op.create_table(
        "person_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_person_flag_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_flag"),
    )
    op.create_index("ix_person_flag_draft_id", "person_flag", ["draft_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("weighted_length", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_revision_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("draft_id", "number", name="uq_revision_number"),
        sa.UniqueConstraint("id", "sha", name="uq_revision_sha"),
    )
    op.create_index("ix_revision_draft_id", "revision", ["draft_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("acknowledged", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id", "sha"], ["revision.id", "revision.sha"], name="fk_approval_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_revision_id", "approval", ["revision_id"], unique=False)
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("wall_time", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("fold", sa.Integer(), nullable=False),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (remote_id IS NOT NULL)", name="ck_publication_remote"
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'on_wire', 'published', 'failed', 'unknown', "
            "'held', 'missed', 'cancelled', 'withdrawn')",
            name="ck_publication_state",
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_publication_draft_id"),
        sa.ForeignKeyConstraint(
            ["revision_id", "sha"], ["revision.id", "revision.sha"], name="fk_publication_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("account", "remote_id", name="uq_publication_remote"),
    )
    op.create_index("ix_publication_draft_id", "publication", ["draft_id"], unique=False)
    op.create_index("ix_publication_due", "publication", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_publication_live",
        "publication",
        ["revision_id", "account"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('failed', 'cancelled', 'missed')"),
        postgresql_where=sa.text("state NOT IN ('failed', 'cancelled', 'missed')"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_report_revision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )
    op.create_index("ix_report_revision_id", "report", ["revision_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=False),
        sa.Column("wired_at", Instant(), nullable=True),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name="fk_attempt_publication_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("publication_id", "fence", name="uq_attempt_fence"),
    )
    op.create_index("ix_attempt_publication_id", "attempt", ["publication_id"], unique=False)
    for statement in law.statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
