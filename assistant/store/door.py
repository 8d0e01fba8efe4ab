"""The one door to the database: how it is opened, what a transaction is, whose clock counts.

SQLite. Python's sqlite3 is put into autocommit and told itself when to begin: `BEGIN IMMEDIATE` for writers, so that
two of them queue instead of failing half-way, plain `BEGIN` for readers. `synchronous=FULL`, because with less a power
cut can lose the commit before the wire, and that means a double post. The write-ahead log only where SQLite has no
WAL-reset bug (3.7.0–3.51.2; fixed in 3.51.3, 3.50.7 and 3.44.6).

PostgreSQL. One writer at a time here too, by an advisory lock that each writing transaction takes first: writes last
milliseconds, the chain of the trail needs an order anyway, and what was counted (a daily cap) still holds at the commit.
The database's clock is the clock.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlmodel import Session, create_engine

from assistant.errors import StoreError

HEAD = "0003"  # the newest migration
BUSY_SECONDS = 15
_WRITER = 0x61757469  # "auti": PostgreSQL's advisory lock of the one writer
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"}


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has no WAL-reset bug: 3.51.3 and later, and the backports in 3.50.7 and 3.44.6."""
    if version >= (3, 51, 3):
        return True
    return version[:2] in {(3, 50), (3, 44)} and version >= {50: (3, 50, 7), 44: (3, 44, 6)}[version[1]]


class Store:
    """An open store. Threads may share it; forked processes may not."""

    def __init__(self, url: str, engine: Engine, clock: Callable[[], datetime] | None) -> None:
        self.url = url
        self.engine = engine
        self.dialect = engine.dialect.name
        self._clock = clock
        self._pid = os.getpid()

    @property
    def folder(self) -> Path | None:
        """The folder of a SQLite file; None on PostgreSQL."""
        return sqlite_file(self.url).parent if self.dialect == "sqlite" else None

    def now(self) -> datetime:
        """The store's clock, aware and in UTC: the database's on PostgreSQL, so that workers agree."""
        if self._clock is not None:
            return self._clock().astimezone(UTC)
        if self.dialect == "sqlite":
            return datetime.now(UTC)
        with self.read() as session:
            moment: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
        return moment.astimezone(UTC)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction: one consistent view."""
        with self._transaction("read") as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One writing transaction: committed at the end of the block, rolled back by an exception."""
        with self._transaction("write") as session:
            yield session
            session.commit()

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[Session]:
        if os.getpid() != self._pid:
            raise StoreError("A forked process used its parent's store.", remedy="Open the store in the new process.")
        try:
            with Session(self.engine.execution_options(mode=mode), expire_on_commit=False) as session:
                session.connection()  # begins now: a writer who has to wait looks at the clock after that
                yield session
        except DatabaseError as error:
            if isinstance(error, OperationalError) or "not a database" in str(error.orig):
                raise StoreError(f"{self.shown}: {_first_line(error)}.", remedy=_remedy(error)) from error
            raise

    @property
    def shown(self) -> str:
        """The store's URL without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


def open_store(url: str, *, clock: Callable[[], datetime] | None = None, create: bool = True) -> Store:
    """Open a store; make its tables on the first run. `StoreError` where it cannot be, or is of another version."""
    store = Store(url, make_engine(url), clock)
    try:
        version = schema_version(store)
        if version is None and create:
            from assistant.store.migrating import upgrade

            upgrade(url)
        elif version is None:
            raise StoreError(f"{store.shown} holds no tables.", remedy="Run `assistant migrate`.")
        elif version != HEAD:
            newer = version > HEAD
            remedy = "Use the newer assistant." if newer else "Make a copy, then run `assistant migrate`."
            raise StoreError(f"{store.shown} is of version {version}, this program of {HEAD}.", remedy=remedy)
    except BaseException:
        store.close()
        raise
    return store


def schema_version(store: Store) -> str | None:
    """The migration that the store is at; None where it is empty."""
    from sqlalchemy import inspect

    with store.read() as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return version


def sqlite_file(url: str) -> Path:
    """The file of a `sqlite:///FILE` URL."""
    return Path(url.removeprefix("sqlite:///"))


def make_engine(url: str) -> Engine:
    """An engine with the transaction rules of this house."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    try:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
    except ImportError:
        remedy = "Install it: pip install 'assistant[postgresql]'."
        raise StoreError("PostgreSQL needs the package psycopg.", remedy=remedy) from None
    except Exception as error:  # SQLAlchemy has its own words for a malformed URL
        raise StoreError(f"The store's URL cannot be used ({error}).", remedy="See docs/config.md.") from None
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _sqlite(url: str) -> Engine:
    file = sqlite_file(url)
    if not url.startswith("sqlite:///") or not file.name or file.name == ":memory:":
        raise StoreError("A store in memory would forget what was sent.", remedy="Name a file: sqlite:///FILE.")
    if not file.parent.is_dir():
        remedy = f"Make it: mkdir -p {file.parent}."
        raise StoreError(f"The folder of {file} is not there.", remedy=remedy)
    if (kind := network_file_system(file)) is not None:
        remedy = "Keep it on a local disk, or use PostgreSQL."
        raise StoreError(f"{file} is on a network file system ({kind}), where locks do not hold.", remedy=remedy)
    engine = create_engine(url, connect_args={"isolation_level": None, "timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
    for pragma in ("foreign_keys=ON", f"journal_mode={journal}", "synchronous=FULL", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("mode", "write")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    mode = connection.get_execution_options().get("mode")
    if mode == "read":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif mode == "write":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")


def network_file_system(file: Path) -> str | None:
    """The kind of network file system that a file lies on, where /proc tells (Linux)."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    place = str(file.resolve())
    points = [(fields[1], fields[2]) for fields in (line.split() for line in mounts) if len(fields) > 2]
    holding = [(p, kind) for p, kind in points if place == p or place.startswith(p.rstrip("/") + "/")]
    kind = max(holding, key=lambda pair: len(pair[0]), default=("", ""))[1]
    return kind if kind in _NETWORK_FILE_SYSTEMS else None


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".") if error.orig else "unknown error"


def _remedy(error: DBAPIError) -> str:
    message = str(error.orig).lower()
    if "locked" in message:
        return "Another program holds it; try again."
    if "readonly" in message or "unable to open" in message:
        return "Check that this user may write the file and its folder."
    return "Check `store:` in config.yaml; `assistant doctor` tells more."
