"""The ledger of the budget across runs; what was looked at before is not known."""

import sqlalchemy as sa
from alembic import op

from assistant.store import law
from assistant.store.tables import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, and the triggers that keep it."""
    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("q", sa.Float(), nullable=False),
        sa.Column("tests", sa.Integer(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_look"),
        sa.UniqueConstraint("source", "kind", "delivery", name="uq_look_delivery"),
    )
    for statement in law.look_statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
