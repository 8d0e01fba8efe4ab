"""The practice network keeps what X would keep, in a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.config import Config
from assistant.errors import NetworkError
from assistant.models import Post
from assistant.publish import open_network
from assistant.publish.practice import FILE, Practice


def a_post(text: str) -> Post:
    """A post with a text."""
    return Post(text=text, lang="en", accounts=("practice",))


def test_it_keeps_posts_and_refuses_the_same_words_twice(tmp_path: Path) -> None:
    """As X does, until the first is deleted."""
    network = Practice(tmp_path, "practice")
    first = network.send(a_post("Tea."))
    assert (first.what, network.send(a_post("Tea.")).duplicate) == ("published", True)
    network.delete(first.remote_id or "")
    network.delete(first.remote_id or "")
    assert network.send(a_post("Tea.")).what == "published"


def test_its_timeline_has_what_is_live_on_this_account(tmp_path: Path) -> None:
    """Newest first, the other account's and the deleted ones left out."""
    here, there = Practice(tmp_path, "a"), Practice(tmp_path, "b")
    ids = [here.send(a_post(text)).remote_id for text in ("one", "two", "three")]
    there.send(a_post("four"))
    here.delete(ids[1] or "")
    assert [post.text for post in here.recent(datetime.now(UTC) - timedelta(minutes=1))] == ["three", "one"]
    assert here.recent(datetime.now(UTC) + timedelta(minutes=1)) == []


def test_it_lies_beside_the_store(config: Config) -> None:
    """`network: practice` writes one file next to the SQLite store."""
    open_network(config, "practice").send(a_post("Tea."))
    assert (config.folder / FILE).exists()


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    """A damaged file is a clear error with its path."""
    (tmp_path / FILE).write_text("no database at all, but long enough to be looked at" * 30, encoding="utf-8")
    with pytest.raises(NetworkError, match=FILE):
        Practice(tmp_path, "practice").recent(datetime.now(UTC))
