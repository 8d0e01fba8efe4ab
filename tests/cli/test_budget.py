"""The budget across runs and novelty, as commands meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.config import load
from assistant.insights import KINDS
from assistant.models import Look
from assistant.store import Store, open_store
from assistant.store.looking import look_once, looks

Run = Callable[..., tuple[int, str, str]]
TESTED = sorted(
    name for name, kind in KINDS.items() if kind.tested and name != "devoted_cohort"
)  # there is no cohort table


@pytest.fixture
def assistant(small_workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command in the small workspace: exit code, standard output, standard error."""
    monkeypatch.chdir(small_workspace)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def opened(folder: Path) -> Store:
    """The workspace's store."""
    return open_store(load(folder / "config.yaml").store_url)


def spent(folder: Path) -> dict[str, int]:
    """How many looks each kind has."""
    store = opened(folder)
    try:
        return {kind: len(some) for kind, some in looks(store, "streams").items()}
    finally:
        store.close()


def deliver(folder: Path, hours: int) -> None:
    """One week more."""
    table = folder / "streams.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    week = date.fromisoformat(rows[-1].split(",")[0]) + timedelta(weeks=1)
    table.write_text("\n".join([*rows, f"{week},Harbour Lights,{hours}", ""]), encoding="utf-8")


def test_a_delivery_is_looked_at_once(assistant: Run, small_workspace: Path) -> None:
    """Drafting spends one look for each kind with a test; doing it again, or in one language, none; a new delivery one more."""
    assistant("draft")
    assistant("draft")
    assistant("draft", "--lang", "fr")
    assert spent(small_workspace) == dict.fromkeys(TESTED, 1)
    deliver(small_workspace, 1111)
    assistant("draft")
    assert spent(small_workspace) == dict.fromkeys(TESTED, 2)


def test_who_only_looks_spends_nothing(assistant: Run, small_workspace: Path) -> None:
    """`insights`, and drafting as of a day, leave the budget alone."""
    assistant("insights")
    assistant("draft", "--as-of", "2026-10-20")
    assert spent(small_workspace) == {}


def test_after_looks_in_vain_less_is_told_and_said_so(assistant: Run, small_workspace: Path) -> None:
    """What `insights` still shows is no longer drafted once the budget is used up; standard error and `doctor` say why."""
    code, out, _ = assistant("insights", "--format", "jsonl")
    sure = {one["kind"] for one in map(json.loads, out.splitlines()) if one["q"] is not None}
    assert code == 0
    assert sure
    store = opened(small_workspace)
    for kind in TESTED:
        look_once(store, "streams", kind, "a delivery before", lambda _: Look(10, 0.05, 0, 1), 0.05)
    store.close()
    _, out, err = assistant("draft", "--format", "jsonl")
    figures = {json.loads(line)["insight_id"] for line in out.splitlines()}
    _, out, _ = assistant("insights", "--format", "jsonl", "--top", "99")
    kinds = {one["kind"] for one in map(json.loads, out.splitlines()) if one["id"] in figures}
    assert not kinds & set(TESTED)
    assert all(kind in err for kind in sure)
    assert "many runs" in err
    _, out, _ = assistant("doctor")
    assert "budget streams: 2 deliveries" in out


def test_a_second_run_drafts_the_same_after_the_first_was_told(assistant: Run) -> None:
    """Drafts of the same delivery do not make its figures old: nothing new is drafted by running it again."""
    first = assistant("draft", "--top", "2", "--format", "jsonl")[1]
    second = assistant("draft", "--top", "2", "--format", "jsonl")[1]
    assert [json.loads(one)["id"] for one in second.splitlines()] == [
        json.loads(one)["id"] for one in first.splitlines()
    ]
