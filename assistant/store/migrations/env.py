"""Alembic runs on the connection that `migrating.upgrade` hands over: one transaction, this house's rules."""

from alembic import context
from sqlmodel import SQLModel

import assistant.store.tables  # noqa: F401 (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
