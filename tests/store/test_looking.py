"""The ledger of looks: spent once a delivery, in order, for good."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assistant.models import Look
from assistant.store import Store
from assistant.store.looking import look_once, looks


def one_more(past: Sequence[Look]) -> Look:
    """A look whose level says how many were before it."""
    return Look(tests=10, level=len(past) / 100, told=len(past), most=len(past) + 1)


def spend(store: Store, delivery: str, kind: str = "streak") -> Look:
    """A look at a delivery."""
    return look_once(store, "viewing", kind, delivery, one_more, 0.05)


def test_a_delivery_is_spent_on_once(store: Store) -> None:
    """The second look at a delivery is held to the first's level and leaves nothing; the next delivery goes on from it."""
    assert [spend(store, name).told for name in ("a", "a", "b", "a", "b", "c")] == [0, 0, 1, 0, 1, 2]
    assert [one.told for one in looks(store, "viewing")["streak"]] == [0, 1, 2]


def test_kinds_and_sources_have_their_own(store: Store) -> None:
    """Another kind begins anew; another source knows nothing of it."""
    assert (spend(store, "a").told, spend(store, "b").told, spend(store, "b", "trend").told) == (0, 1, 0)
    assert looks(store, "listening") == {}


def test_two_at_once_spend_as_one_after_the_other(store: Store) -> None:
    """Eight looks at the same two deliveries at the same time leave two."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: spend(store, name), ["a", "b"] * 4))
    kept = looks(store, "viewing")["streak"]
    assert [one.told for one in kept] == [0, 1]
    assert sorted(one.told for one in found) == [0] * 4 + [1] * 4


@pytest.mark.parametrize("statement", ["UPDATE look SET level = 1", "DELETE FROM look"])
def test_what_is_spent_is_spent(store: Store, statement: str) -> None:
    """No statement takes a look back or makes it cheaper, from whatever program."""
    spend(store, "a")
    with pytest.raises(DBAPIError), store.write() as session:
        session.connection().execute(text(statement))
    assert len(looks(store, "viewing")["streak"]) == 1
