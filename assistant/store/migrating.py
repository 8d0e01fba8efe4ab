"""Migrations, run by Alembic; imported only on the first run and by `assistant migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig

from assistant.store.door import make_engine

_LOCK = 0x61757470


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the store at `url` to a revision, in one transaction."""
    engine = make_engine(url)
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":  # two first runs at once: the second waits, then finds the tables
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
    finally:
        engine.dispose()
