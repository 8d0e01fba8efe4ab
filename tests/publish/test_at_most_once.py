"""The promise itself, with real processes, a real server and kill -9: no post twice, none lost, none without an approval."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from assistant.config import Config, load
from assistant.publish import publish_due, reconcile
from assistant.reviewed import Publication
from assistant.store import Store, audit, open_store
from assistant.workflow import list_drafts
from publish.staging import queued
from publish.x_server import KEYS, Request, XServer
from workshop import Clock, wait_until

SECRETS = {
    "ASSISTANT_X_API_KEY": KEYS.api_key,
    "ASSISTANT_X_API_SECRET": KEYS.api_secret,
    "ASSISTANT_X_ACCESS_TOKEN": KEYS.access_token,
    "ASSISTANT_X_ACCESS_TOKEN_SECRET": KEYS.access_token_secret,
}


class SlowX(XServer):
    """X with a moment before and a moment after it keeps a post, so that a kill finds every place."""

    def reply(self, request: Request) -> tuple[int, object]:
        """The answer, slowly."""
        time.sleep(random.uniform(0, 0.03))
        answer = super().reply(request)
        time.sleep(random.uniform(0, 0.03))
        return answer


def a_team(folder: Path, store_url: str, server: XServer) -> Config:
    """A config on an account of the server, without caps or quiet hours."""
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    config["store"] = store_url
    config["accounts"] = {"main": {"network": "x", "base_url": server.url}}
    config["publish"] = {
        "quiet_hours": "none",
        "spacing": "0m",
        "daily_cap": 100000,
        "grace": "2h",
        "monthly_budget_usd": 100000,
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return load(folder / "config.yaml")


def publish(folder: Path) -> subprocess.Popen[bytes]:
    """`assistant publish` in a process of its own, as cron starts it."""
    command = [sys.executable, "-m", "assistant", "publish"]
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, **SECRETS}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def publications(store: Store) -> list[Publication]:
    """Every publication that there is."""
    return [one for draft in list_drafts(store, state="all") for one in draft.publications]


def assert_the_promise(store: Store, server: XServer) -> None:
    """Nothing twice; nothing that was not approved; published exactly where the network has our id; the trail verifies."""
    live = Counter(post["text"] for post in server.posts)
    approved = {draft.post.text for draft in list_drafts(store, state="all")}
    assert [text for text, times in live.items() if times > 1] == []
    assert set(live) <= approved
    ids = {post["id"] for post in server.posts}
    assert {one.remote_id for one in publications(store) if one.state == "published"} <= ids
    assert not server.refused_signatures
    verified = audit.verify(store)
    assert verified.ok, verified.problem


def test_three_at_once_send_each_post_once(small_workspace: Path, store_url: str) -> None:
    """Three `publish` started together: every post is live once, and every publication is published."""
    with SlowX() as server:
        config = a_team(small_workspace, store_url, server)
        store = open_store(store_url)
        for number in range(12):
            queued(store, config, f"Once only, number {number}.")
        workers = [publish(small_workspace) for _ in range(3)]
        for worker in workers:
            _, error = worker.communicate(timeout=60)
            assert worker.returncode == 0, error.decode()
        assert len(server.posts) == 12
        assert {one.state for one in publications(store)} == {"published"}
        assert_the_promise(store, server)
        store.close()


def killed_often(folder: Path, store_url: str, kills: int, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Start `publish`, kill it -9 somewhere in its sending, again and again; then recover. The final states."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with SlowX() as server:
        config = a_team(folder, store_url, server)
        store = open_store(store_url)
        for number in range(kills):
            for each in range(4):
                queued(store, config, f"Kill {number}, post {each}.")
            _kill_one(folder, server)
            assert_the_promise(store, server)
        _recover(store_url, config)
        assert_the_promise(store, server)
        states = Counter(one.state for one in publications(store))
        assert sum(states.values()) == 4 * kills
        assert states["published"] == len(server.posts)
        store.close()
    return states


def _kill_one(folder: Path, server: XServer) -> None:
    before, worker = len(server.requests), publish(folder)
    wait_until(lambda: len(server.requests) > before or worker.poll() is not None, 60)
    time.sleep(random.uniform(0, 0.15))
    if worker.poll() is None:
        os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=60)


def _recover(store_url: str, config: Config) -> None:
    """What cron does in the minutes after: leases run out, the rest is sent, what is unknown is looked for."""
    from datetime import UTC, datetime, timedelta

    later = open_store(store_url, clock=Clock(datetime.now(UTC) + timedelta(minutes=10)))
    list(publish_due(config, later))
    list(reconcile(config, later))
    later.close()


def test_killed_in_the_middle_it_never_sends_twice(
    small_workspace: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six kills -9 while posts are on the wire: none twice, none lost; what cannot be known is unknown."""
    states = killed_often(small_workspace, store_url, 6, monkeypatch)
    assert set(states) <= {"published", "unknown"}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_five_hundred_times_it_never_sends_twice(
    small_workspace: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, 250 times on each database."""
    states = killed_often(small_workspace, store_url, 250, monkeypatch)
    assert set(states) <= {"published", "unknown"}
