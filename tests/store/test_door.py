"""The door: transactions, versions, and the law that stands in the schema."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel, select

from assistant.errors import StoreError
from assistant.models import Post
from assistant.store import Store, audit, backup, open_store, store_facts
from assistant.store.door import HEAD, wal_is_safe
from assistant.store.tables import ApprovalRow, DraftRow, PublicationRow, RevisionRow
from workshop import MONDAY


def a_revision(store: Store, text_: str = "Hello") -> tuple[int, int, str]:
    """A draft with one revision: their ids and the hash."""
    post = Post(text=text_, lang="en", accounts=("a",))
    with store.write() as s:
        draft = DraftRow(lang="en", created_at=store.now())
        s.add(draft)
        s.flush()
        row = RevisionRow(
            draft_id=draft.id or 0,
            number=1,
            sha=post.sha,
            post="{}",
            weighted_length=5,
            actor="t",
            created_at=store.now(),
        )
        s.add(row)
        s.flush()
        return draft.id or 0, row.id or 0, row.sha


def a_publication(store: Store, account: str = "a", **changes: Any) -> int:
    """A queued publication of a new revision."""
    draft_id, revision_id, sha = a_revision(store)
    values: dict[str, Any] = {"state": "queued", **changes}
    with store.write() as s:
        row = PublicationRow(
            draft_id=draft_id, revision_id=revision_id, sha=sha, account=account,
            due_at=MONDAY, created_at=MONDAY, updated_at=MONDAY, **values,
        )  # fmt: skip
        s.add(row)
        s.flush()
        return row.id or 0


def test_migrations_make_exactly_the_tables_of_the_program(store: Store) -> None:
    """After the migrations nothing differs from the models."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_failed_block_leaves_nothing(store: Store) -> None:
    """An exception rolls the whole transaction back."""

    def add_and_fail() -> None:
        with store.write() as s:
            s.add(DraftRow(lang="en", created_at=store.now()))
            s.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    with store.read() as s:
        assert s.exec(select(DraftRow)).all() == []


def test_instants_come_back_aware_and_naive_ones_are_refused(store: Store) -> None:
    """An instant keeps its meaning on both databases; a naive one has no place there."""
    draft_id, *_ = a_revision(store)
    with store.read() as s:
        assert s.get_one(DraftRow, draft_id).created_at == MONDAY
    with pytest.raises(Exception, match="naive"), store.write() as s:
        s.add(DraftRow(lang="en", created_at=MONDAY.replace(tzinfo=None)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET sha = 'x'",
        "DELETE FROM revision",
        "DELETE FROM publication",
        "UPDATE publication SET account = 'b'",
        "UPDATE publication SET state = 'published', remote_id = '1'",
        "UPDATE publication SET state = 'sent'",
        "UPDATE publication SET remote_id = '1'",
        "UPDATE publication SET fence = fence - 1",
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
    ],
)
def test_the_law_stands_in_the_schema(store: Store, statement: str) -> None:
    """Whoever opens the database with another program cannot rewrite, forge or skip."""
    a_publication(store)
    with store.write() as s:
        audit.append(s, actor="t", action="x", subject="store", details={}, at=store.now())
    with pytest.raises(DBAPIError), store.write() as s:
        s.connection().execute(text(statement))


def test_one_live_publication_for_a_revision_and_account(store: Store) -> None:
    """A second live one is impossible; after a cancelled one another may come."""
    first = a_publication(store)
    with store.read() as s:
        values = s.get_one(PublicationRow, first).model_dump(exclude={"id"})
    with pytest.raises(IntegrityError), store.write() as s:
        s.add(PublicationRow(**values))
    with store.write() as s:
        s.get_one(PublicationRow, first).state = "cancelled"
    with store.write() as s:
        s.add(PublicationRow(**values))


def test_an_approval_names_a_revision_with_its_hash(store: Store) -> None:
    """An approval of other bytes than the revision's cannot be written."""
    _, revision_id, _ = a_revision(store)
    with pytest.raises(IntegrityError), store.write() as s:
        s.add(ApprovalRow(revision_id=revision_id, sha="other", actor="t", created_at=store.now()))


def test_a_revoked_approval_stays_revoked(store: Store) -> None:
    """Nothing brings it back."""
    _, revision_id, sha = a_revision(store)
    with store.write() as s:
        s.add(ApprovalRow(revision_id=revision_id, sha=sha, actor="t", created_at=MONDAY, revoked_at=MONDAY))
    with pytest.raises(DBAPIError), store.write() as s:
        s.connection().execute(text("UPDATE approval SET revoked_at = NULL"))


def _count_up(url: str, times: int) -> None:
    store = open_store(url)
    for _ in range(times):
        with store.write() as s:
            audit.append(s, actor="t", action="count", subject="store", details={}, at=store.now())
    store.close()


def test_writers_in_several_processes_queue(store: Store) -> None:
    """Four processes append to one chain at once; it verifies, and nothing is lost."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_count_up, args=(store.url, 10)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    found = audit.verify(store)
    assert (found.ok, found.entries) == (True, 40)


@pytest.mark.parametrize("tamper", ["payload = replace(payload, 'one', 'two')", "actor = 'someone'"])
def test_a_changed_entry_is_found(tmp_path: Path, tamper: str) -> None:
    """With the triggers taken away and a row altered, verify names the entry."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    for word in ("one", "one", "three"):
        with store.write() as s:
            audit.append(s, actor="t", action=word, subject="store", details={}, at=store.now())
    with sqlite3.connect(tmp_path / "a.db") as raw:
        raw.execute("DROP TRIGGER audit_immutable")
        raw.execute(f"UPDATE audit SET {tamper} WHERE seq = 2")
    raw.close()
    found = audit.verify(store)
    store.close()
    assert not found.ok
    assert "entry 2" in (found.problem or "")


def test_a_removed_entry_is_found(tmp_path: Path) -> None:
    """A hole in the chain is named."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    _count_up(store.url, 3)
    with sqlite3.connect(tmp_path / "a.db") as raw:
        raw.execute("DROP TRIGGER audit_kept")
        raw.execute("DELETE FROM audit WHERE seq = 2")
    raw.close()
    assert audit.verify(store).problem == "entry 2 is missing"
    store.close()


def test_a_newer_store_is_not_touched(store: Store) -> None:
    """A store of a version that this program does not know is refused, with what to do."""
    with store.write() as s:
        s.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=f"9999, this program of {HEAD}"):
        open_store(store.url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    (tmp_path / "a.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreError, match=r"a\.db"):
        open_store(f"sqlite:///{tmp_path}/a.db")


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/a.db", "sqlite://", "postgresql+psycopg://nobody@127.0.0.1:1/none"]
)
def test_a_store_that_cannot_be_opened_is_named_with_a_remedy(url: str) -> None:
    """A missing folder, no file, a server that is not there."""
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.remedy


def test_a_copy_made_in_use_verifies(sqlite_store: Store, tmp_path: Path) -> None:
    """`backup` copies the whole store, and never over something."""
    _count_up(sqlite_store.url, 3)
    backup(sqlite_store, tmp_path / "copy.db")
    copy = open_store(f"sqlite:///{tmp_path}/copy.db")
    assert audit.verify(copy).entries == 3
    copy.close()
    with pytest.raises(StoreError, match="there already"):
        backup(sqlite_store, tmp_path / "copy.db")


def test_sqlite_waits_for_the_disk(sqlite_store: Store) -> None:
    """synchronous is FULL (2), and the journal is the safe one for this SQLite."""
    facts = store_facts(sqlite_store)
    assert facts["synchronous"] == "2"
    assert facts["journal_mode"] == ("wal" if wal_is_safe(sqlite3.sqlite_version_info) else "delete")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 52, 0), True),
    ],
)
def test_the_write_ahead_log_only_where_it_is_safe(version: tuple[int, ...], safe: bool) -> None:
    """Versions with the WAL-reset bug keep the rollback journal."""
    assert wal_is_safe(version) is safe
