"""A person at work: on both databases (`bench`), or on SQLite alone (`sqlite_bench`)."""

from __future__ import annotations

import pytest

from assistant.checks import Checker
from assistant.config import Config
from assistant.store import Store
from assistant.workflow import Reviewer
from workflow.bench import Bench
from workshop import Clock


@pytest.fixture(scope="session")
def checker() -> Checker:
    """The real checks, read once."""
    return Checker()


@pytest.fixture
def bench(store: Store, config: Config, checker: Checker, clock: Clock) -> Bench:
    """A person at work on each database."""
    return Bench(Reviewer("ines", store, config, checker), clock)


@pytest.fixture
def sqlite_bench(sqlite_store: Store, config: Config, checker: Checker, clock: Clock) -> Bench:
    """A person at work, where the database makes no difference."""
    return Bench(Reviewer("ines", sqlite_store, config, checker), clock)
