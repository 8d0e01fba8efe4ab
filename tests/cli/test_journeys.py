"""The whole road by commands, as a person or a script walks it: exit codes, JSON lines, what is said on standard error."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from assistant.cli.output import insight_line
from assistant.config import load
from assistant.models import Candidate, Insight, Report
from assistant.store import open_store
from assistant.workflow import save_drafts

Run = Callable[..., tuple[int, str, str]]
HOSTILE = "[/b] [@click=app.quit]quit[/] \x1b[31mred\x1b[0m \u202egnp.exe \x07 {{ 7*7 }} '; DROP TABLE draft; --"
FORBIDDEN = {"Cc", "Cf"}


@pytest.fixture
def assistant(small_workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command in the small workspace: exit code, standard output, standard error."""
    monkeypatch.chdir(small_workspace)
    monkeypatch.setenv("ASSISTANT_ACTOR", "tester")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def rows(text: str) -> list[dict[str, Any]]:
    """JSON lines as objects."""
    return [json.loads(line) for line in text.splitlines()]


def saved(folder: Path, text: str) -> int:
    """A draft of a person's own words, without flags."""
    config = load(folder / "config.yaml")
    store = open_store(config.store_url)
    try:
        return save_drafts(store, config, [(Candidate(text=text, lang="en"), Report())], "tester")[0]
    finally:
        store.close()


def test_from_a_table_to_a_published_post(assistant: Run) -> None:
    """draft → list → flag → refused → unflag → edit → approve → schedule → publish → list --state published → audit verify."""
    code, out, _ = assistant("draft", "--format", "jsonl")
    drafts = rows(out)
    assert (code, {draft["lang"] for draft in drafts}) == (0, {"en", "fr"})
    one, quote = str(drafts[0]["id"]), drafts[0]["text"].split()[0]
    assert assistant("flag", one, "--quote", quote, "--category", "shaming")[0] == 0
    code, _, err = assistant("approve", one)
    assert (code, "flagged" in err) == (1, True)
    assert assistant("unflag", one)[0] == 0
    assert assistant("edit", one, "--text", drafts[0]["text"] + " Well done.")[0] == 0
    code, _, err = assistant("queue", one)
    assert (code, "not approved" in err) == (1, True)
    assert assistant("approve", one)[0] == 0
    assert assistant("schedule", one, "--at", "now")[0] == 0
    code, out, _ = assistant("publish", "--dry-run", "--format", "jsonl")
    assert (code, [p["state"] for p in rows(out)]) == (0, ["queued"])
    code, out, _ = assistant("publish", "--format", "jsonl")
    assert (code, [p["state"] for p in rows(out)]) == (0, ["published"])
    assert set(rows(out)[0]) >= {"id", "draft_id", "account", "state", "due_at", "remote_id", "error"}
    code, out, _ = assistant("list", "--state", "published", "--format", "jsonl")
    assert [(d["id"], d["publications"][0]["state"]) for d in rows(out)] == [(int(one), "published")]
    assert assistant("audit", "verify")[0] == 0
    assert assistant("publish")[:2] == (0, "")


def test_draft_twice_makes_none_twice(assistant: Run) -> None:
    """The second run finds the drafts of the first."""
    first, second = (rows(assistant("draft", "--format", "jsonl")[1]) for _ in range(2))
    assert [draft["id"] for draft in first] == [draft["id"] for draft in second]
    assert len(rows(assistant("list", "--state", "all", "--format", "jsonl")[1])) == len(first)


def test_what_waits_for_a_person_is_exit_code_3(assistant: Run) -> None:
    """A held post makes `publish` leave with 3, until somebody has looked."""
    one = str(rows(assistant("draft", "--format", "jsonl")[1])[0]["id"])
    assistant("approve", one)
    assistant("schedule", one, "--at", "now")
    assert assistant("pause", "--reason", "news")[0] == 0
    code, out, err = assistant("publish")
    assert (code, "held" in out, "waits for a person" in err) == (3, True, True)
    assert [d["id"] for d in rows(assistant("list", "--state", "held", "--format", "jsonl")[1])] == [int(one)]
    assert assistant("resume")[0] == 0
    assert assistant("publish")[0] == 3
    assert assistant("cancel", one)[0] == 0
    assert assistant("publish")[0] == 0


def test_a_live_post_is_withdrawn(assistant: Run) -> None:
    """`withdraw` takes it down; a second time is a refusal."""
    one = str(rows(assistant("draft", "--format", "jsonl")[1])[0]["id"])
    assistant("approve", one)
    assistant("schedule", one, "--at", "now")
    published = rows(assistant("publish", "--format", "jsonl")[1])[0]
    code, out, _ = assistant("withdraw", str(published["id"]), "--format", "jsonl")
    assert (code, rows(out)[0]["state"]) == (0, "withdrawn")
    assert assistant("withdraw", str(published["id"]))[0] == 1
    assert assistant("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "99"), 2),
        (("list", "--state", "sleeping"), 2),
        (("insights", "--kind", "gossip"), 2),
        (("insights", "--source", "nowhere"), 2),
        (("draft", "--lang", "tlh"), 2),
        (("approve", "99"), 2),
        (("resolve", "99", "--as", "not-there"), 2),
        (("publish", "--account", "nobody"), 2),
        (("resume",), 1),
        (("frobnicate",), 2),
        (("--config", "elsewhere.yaml", "list"), 2),
        (("check", "nowhere.txt"), 2),
        (("init",), 2),
    ],
)
def test_what_a_person_can_mend_is_one_line_and_no_traceback(
    assistant: Run, arguments: tuple[str, ...], code: int
) -> None:
    """A wrong word on the command line: the exit code of the contract, and an answer on standard error."""
    found, out, err = assistant(*arguments)
    assert (found, out) == (code, "")
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["list --state all", "show 1", "audit log", "approve 1", "check hostile.txt"])
def test_hostile_text_reaches_no_terminal(assistant: Run, small_workspace: Path, command: str) -> None:
    """Markup, escape sequences and direction overrides are shown as what they are."""
    saved(small_workspace, HOSTILE)
    (small_workspace / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    _, out, err = assistant(*command.split())
    shown = out + err
    assert shown.strip()
    bad = {f"U+{ord(c):04X}" for c in shown if unicodedata.category(c) in FORBIDDEN and c != "\n"}
    assert not bad


def test_hostile_text_survives_json_lines_unchanged(assistant: Run, small_workspace: Path) -> None:
    """A script gets the text as it is, escaped as JSON wants."""
    saved(small_workspace, HOSTILE)
    code, out, _ = assistant("list", "--format", "jsonl")
    assert (code, rows(out)[0]["text"]) == (0, HOSTILE)
    assert "\x1b" not in out


def test_every_command_answers_help(assistant: Run) -> None:
    """Each command of the contract is there and explains itself."""
    for command in (
        "demo", "init", "stats profile", "insights", "draft", "check", "list", "show", "flag", "unflag", "edit", "approve",
        "reject", "snooze", "queue", "schedule", "cancel", "review", "publish", "reconcile", "resolve", "withdraw", "pause",
        "resume", "audit log", "audit verify", "audit head", "backup", "templates list", "doctor",
    ):  # fmt: skip
        code, out, _ = assistant(*command.split(), "--help")
        assert (code, "Usage" in out) == (0, True), command


def test_doctor_finds_nothing_wrong_with_a_small_workspace(assistant: Run) -> None:
    """Versions, sources, account, store, clock."""
    code, out, _ = assistant("doctor", "--format", "jsonl")
    assert (code, [row for row in rows(out) if not row["ok"]]) == (0, [])


def test_what_there_is_none_of_is_said(assistant: Run) -> None:
    """No rule has fired, no post is unknown: a person reads so, a program gets nothing."""
    for command in ("rules stats", "reconcile"):
        code, out, err = assistant(*command.split())
        assert (code, out) == (0, "")
        assert err.startswith("No ")
        assert assistant(*command.split(), "--format", "jsonl") == (0, "", "")


def test_a_figure_of_a_whole_table_has_no_empty_name() -> None:
    """The source, what it is about, and the value: nothing stands between two dots."""
    day = date(2026, 7, 6)
    whole = Insight(id="x", kind="shift", source="hour", measure="events", subject=None, where={}, start=day, end=day,
                    value=48, unit="events", every="week", facts=())  # fmt: skip
    assert " hour: 48 events " in insight_line(whole)


def test_a_source_that_cannot_be_read_is_named_and_the_others_run(assistant: Run, small_workspace: Path) -> None:
    """Drafts come from the good table; the bad one is named with its file; the exit code says so."""
    config = (small_workspace / "config.yaml").read_text(encoding="utf-8")
    broken = config.replace(
        "sources:\n", "sources:\n  gone: {path: gone.csv, time: {column: w, every: week}, measures: {n: {}}}\n"
    )
    (small_workspace / "config.yaml").write_text(broken, encoding="utf-8")
    code, out, err = assistant("draft", "--format", "jsonl")
    assert (code, bool(rows(out)), "gone.csv" in err) == (2, True, True)


def test_a_table_past_its_shelf_life_says_so(assistant: Run, small_workspace: Path) -> None:
    """No figure of an old table comes without a word on why, and on what to write."""
    config = (small_workspace / "config.yaml").read_text(encoding="utf-8")
    (small_workspace / "config.yaml").write_text(config.replace("shelf_life: none", "shelf_life: 1d"), encoding="utf-8")
    code, out, err = assistant("insights", "--as-of", "2027-06-01")
    assert (code, out) == (0, "")
    assert "sources.streams.shelf_life" in err
