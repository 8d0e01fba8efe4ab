"""What tests build with: a clock that is wound by hand, fresh databases, patience."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NETFLIX = """\
sources:
  netflix:
    path: {path}
    time: {{column: week, every: week, label: end}}
    shelf_life: none
    subject: show_title
    dimensions: [category]
    measures:
      weekly_hours_viewed: {{unit: hours}}
      weekly_rank: {{unit: rank, better: low}}
      weekly_views: {{unit: views, counts: plays}}
"""


class Clock:
    """A clock that tests wind."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


def new_database(server: str, like: str = "template0") -> str:
    """A fresh database on the private server, empty or as another one is; its URL."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY FILE_COPY')
    return f"{server}/{name}"


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that another process or thread does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
