"""What the tests of the desk share: a store with drafts of every kind, and an open desk."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import workflow
from assistant.checks import Checker
from assistant.config import Account, Config
from assistant.review.app import DeskApp
from assistant.store import Store, open_store
from assistant.workflow import Reviewer
from review.sitting import Sit, Sitting, candidates
from workshop import Clock


@pytest.fixture(scope="session")
def checker() -> Checker:
    """The shipped checks."""
    return Checker()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> Path:
    """A store file with six drafts, copied for each test."""
    file = tmp_path_factory.mktemp("desk") / "template.db"
    store = open_store(f"sqlite:///{file}", clock=Clock())
    config = Config.model_validate({"sources": {}, "file": file.parent / "config.yaml"})
    workflow.save_drafts(
        store, config, [(one, checker(one)) for one in candidates()], "writer", policy_hash=checker.policy_hash
    )
    store.close()
    return file


@pytest.fixture
def desk_store(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """The six drafts in a store of the test's own."""
    file = tmp_path / "desk.db"
    shutil.copy(template, file)
    store = open_store(f"sqlite:///{file}", clock=clock)
    yield store
    store.close()


@pytest.fixture
def desk_config(tmp_path: Path) -> Config:
    """One practice account, in UTC."""
    file = tmp_path / "config.yaml"
    data = {"sources": {}, "timezone": "UTC", "accounts": {"practice": Account()}, "file": file}
    return Config.model_validate(data)


@pytest.fixture
def reviewer(desk_store: Store, desk_config: Config, checker: Checker) -> Reviewer:
    """Mia, at her desk."""
    return Reviewer("Mia", desk_store, desk_config, checker)


@pytest.fixture
def sit(reviewer: Reviewer) -> Sit:
    """Open a desk: `async with sit((80, 24)) as desk`."""

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = (80, 24), reviewer: Reviewer = reviewer, **changes: object
    ) -> AsyncIterator[Sitting]:
        config = reviewer.config.model_copy(update=changes)
        app = DeskApp(config, reviewer.store, replace(reviewer, config=config))
        async with app.run_test(size=size, notifications=True) as pilot:
            sitting = Sitting(app, pilot, reviewer.store)
            await sitting.until(lambda: app.desk.draft is not None or app.desk.lookout.listing is not None)
            await sitting.calm()
            yield sitting

    return opened
