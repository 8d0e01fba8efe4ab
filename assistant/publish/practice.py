"""The practice network: posts are kept in a SQLite file beside the store, so that the whole road can be walked without an
account. It refuses what X refuses (the same text twice) and answers as X would; nothing leaves the machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import NetworkError
from assistant.models import NetworkLimits, Post, canonical_json
from assistant.publish.network import Outcome, RemotePost

FILE = "practice-network.db"
_TABLE = """
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, text TEXT NOT NULL, whole TEXT NOT NULL,
  at TEXT NOT NULL, deleted_at TEXT)
"""


class Practice:
    """One account on the practice network."""

    limits = NetworkLimits()

    def __init__(self, folder: Path, account: str) -> None:
        self.file = folder / FILE
        self.account = account

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.file, timeout=15, isolation_level=None)) as connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.Error as error:
            raise NetworkError(
                f"{self.file}: {error}.", remedy="Check that it may be written, or move it away."
            ) from None

    def send(self, post: Post) -> Outcome:
        """Keep the post; one that is there already is refused as X refuses it."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            there = "SELECT 1 FROM post WHERE account = ? AND text = ? AND deleted_at IS NULL"
            if connection.execute(there, (self.account, post.text)).fetchone():
                detail = "Forbidden: You are not allowed to create a post with duplicate content."
                return Outcome("failed", detail=detail, duplicate=True)
            values = (self.account, post.text, canonical_json(post), datetime.now(UTC).isoformat())
            made = connection.execute("INSERT INTO post (account, text, whole, at) VALUES (?, ?, ?, ?)", values)
            connection.execute("COMMIT")
            return Outcome("published", remote_id=str(made.lastrowid))

    def recent(self, since: datetime) -> list[RemotePost]:
        """The account's live posts since an instant, newest first."""
        query = "SELECT id, text, at FROM post WHERE account = ? AND deleted_at IS NULL AND at >= ? ORDER BY id DESC"
        with self._open() as connection:
            found = connection.execute(query, (self.account, since.astimezone(UTC).isoformat())).fetchall()
        return [RemotePost(str(number), text, datetime.fromisoformat(at)) for number, text, at in found]

    def delete(self, remote_id: str) -> None:
        """Take a post down; one that is gone already is no error."""
        change = "UPDATE post SET deleted_at = ? WHERE account = ? AND id = ? AND deleted_at IS NULL"
        with self._open() as connection:
            connection.execute(change, (datetime.now(UTC).isoformat(), self.account, remote_id))

    def cost_usd(self, post: Post) -> float:  # noqa: ARG002 (the Protocol's signature)
        """Nothing."""
        return 0.0
