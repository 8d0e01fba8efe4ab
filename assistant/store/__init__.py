"""The door to the database: tables, transactions, migrations, the audit trail.

with store.write() as session:          one transaction; nothing is held open across a network
    …
    audit.append(session, …)     in the same one
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from assistant.errors import StoreError
from assistant.store.door import Store, open_store, schema_version, sqlite_file

__all__ = ["Store", "backup", "open_store", "store_facts", "upgrade"]


def upgrade(url: str) -> None:
    """Run the migrations that a store lacks."""
    from assistant.store.migrating import upgrade as run

    run(url)


def backup(store: Store, to: Path) -> None:
    """A whole copy of a SQLite store, made while it is in use; PostgreSQL has pg_dump for that."""
    if store.dialect != "sqlite":
        raise StoreError("A PostgreSQL store is copied with its own tools.", remedy="Use pg_dump.")
    if to.exists():
        raise StoreError(f"{to} is there already.", remedy="Name another file, or move it away.")
    try:
        with closing(sqlite3.connect(sqlite_file(store.url))) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreError(f"{to}: {error}.", remedy="Check that the folder is there and may be written.") from error


def store_facts(store: Store) -> dict[str, str]:
    """What `doctor` tells of a store."""
    facts = {"url": store.shown, "schema": schema_version(store) or "none"}
    with store.read() as session:
        connection = session.connection()
        if store.dialect == "sqlite":
            facts["sqlite"] = sqlite3.sqlite_version
            for pragma in ("journal_mode", "synchronous"):
                facts[pragma] = str(connection.execute(text(f"PRAGMA {pragma}")).scalar())
        else:
            facts["server"] = str(connection.execute(text("SHOW server_version")).scalar())
    return facts
