"""An older store is brought to this version's tables with what stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.errors import StoreError
from assistant.store import open_store
from assistant.store.door import HEAD, make_engine
from assistant.store.migrating import upgrade
from workshop import new_database

_DRAFT = (
    "INSERT INTO draft (id, lang, state, number, created_at) "
    "VALUES (1, 'en', 'pending', 1, '2026-11-23T10:00:00.000000+00:00')"
)
_REVISION = (
    "INSERT INTO revision (id, draft_id, number, sha, post, weighted_length, actor, created_at) "
    "VALUES (1, 1, 1, 'x', '{}', 4, 'tester', '2026-11-23T10:00:00.000000+00:00')"
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_revisions_of_the_first_version_get_no_spans(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A store of 0001 with a revision: refused until it is migrated, then opened; of that revision no spans are known."""
    url = (
        f"sqlite:///{tmp_path}/old.db" if database == "sqlite" else new_database(request.getfixturevalue("postgresql"))
    )
    upgrade(url, "0001")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text(_DRAFT))
        connection.execute(text(_REVISION))
    with pytest.raises(StoreError):
        open_store(url)
    upgrade(url)
    open_store(url).close()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT spans FROM revision")).scalar_one() == "[]"
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
    engine.dispose()
