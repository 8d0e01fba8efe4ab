"""What tests of many rooms share: stores on both databases, a clock, a small workspace, the shared data's place."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.config import Config, load
from assistant.store import Store, open_store
from workshop import SHARED, Clock, new_database


@pytest.fixture
def clock() -> Clock:
    """Monday morning."""
    return Clock()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real tables and specifications; tests that use them skip where they are missing."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there")
    return SHARED


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root: then as the user `postgres`, where there is one."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL (without a database) of a private server on a free loopback port."""
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("PostgreSQL is not installed: initdb and pg_ctl are not on the path")
    user, port = _as_postgres(), _free_port()
    folder = Path("/tmp") / f"assistant-pg-{uuid.uuid4().hex[:8]}"  # noqa: S108 (the other user must reach it)
    folder.mkdir(mode=0o755)
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    subprocess.run(
        [*user, "initdb", "-D", str(data), "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{folder}' -c fsync=off"
    log = str(folder / "log")
    subprocess.run(
        [*user, "pg_ctl", "-D", str(data), "-w", "-l", log, "-o", options, "start"], check=True, capture_output=True
    )
    try:
        yield f"postgresql+psycopg://tester@127.0.0.1:{port}"
    finally:
        stop = [*user, "pg_ctl", "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(postgresql: str) -> str:
    """A database with the tables in it, to be copied: a copy takes a tenth of the time of the migrations."""
    url = new_database(postgresql)
    open_store(url).close()
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for SQLite."""
    file = tmp_path_factory.mktemp("store") / "assistant.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """A new database of each kind."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "assistant.db")
        return f"sqlite:///{tmp_path}/assistant.db"
    return new_database(request.getfixturevalue("postgresql"), like=request.getfixturevalue("migrated"))


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    """An open store on each database, with a clock that tests wind."""
    opened = open_store(store_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path, clock: Clock, migrated_file: Path) -> Iterator[Store]:
    """An open store on SQLite alone, where the database makes no difference."""
    shutil.copy(migrated_file, tmp_path / "assistant.db")
    opened = open_store(f"sqlite:///{tmp_path}/assistant.db", clock=clock)
    yield opened
    opened.close()


SMALL_CONFIG = """\
store: sqlite:///assistant.db
timezone: UTC
languages: [en, fr]
sources:
  streams:
    path: streams.csv
    time: {column: week, every: week, label: end}
    shelf_life: none
    subject: show
    measures: {hours: {unit: hours}}
accounts:
  practice: {network: practice}
publish: {quiet_hours: none, spacing: 0m}
"""


@pytest.fixture
def small_workspace(tmp_path: Path) -> Path:
    """A folder with a config on the practice account and a small table."""
    (tmp_path / "config.yaml").write_text(SMALL_CONFIG, encoding="utf-8")
    monday = datetime(2026, 1, 4, tzinfo=UTC)
    weeks = [(monday + timedelta(weeks=week)).date() for week in range(40)]
    rows = [
        f"{day},Harbour Lights,{1000 + 37 * (week % 7) + (4000 if week == 39 else 0)}" for week, day in enumerate(weeks)
    ]
    (tmp_path / "streams.csv").write_text("week,show,hours\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def config(small_workspace: Path) -> Config:
    """The small workspace's config."""
    return load(small_workspace / "config.yaml")
