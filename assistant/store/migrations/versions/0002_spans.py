"""Revisions keep which of their characters rest on which fact."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; of older revisions nothing is known."""
    op.add_column("revision", sa.Column("spans", sa.String(), nullable=False, server_default="[]"))
