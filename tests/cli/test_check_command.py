"""`assistant check`: any text anywhere, no store and no config."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HURT = "To the 53 people who've watched A Christmas Prince every day for the past 18 days: Who hurt you?"


def check(folder: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    command = [sys.executable, "-m", "assistant", "check", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, cwd=folder, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_blocked_text_is_exit_code_1_with_its_reasons(tmp_path: Path) -> None:
    """The 53 post is blocked for its size and for its tone, in JSON with code-point spans."""
    code, out, _ = check(tmp_path, "--format", "jsonl", given=HURT.encode())
    answer = json.loads(out)
    assert code == 1
    assert answer["verdict"] == "block"
    errors = [flag for flag in answer["flags"] if flag["level"] == "error"]
    assert {"disclosure"} < {flag["category"] for flag in errors}
    assert all(HURT[flag["start"] : flag["end"]] == flag["quote"] for flag in answer["flags"])


def test_a_kind_text_is_exit_code_0(tmp_path: Path) -> None:
    """Nothing to flag: pass."""
    code, out, err = check(tmp_path, given=b"Friday called. It wants its popcorn back.")
    assert (code, err) == (0, "")
    assert "pass" in out


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A broken JSON line is an error with its number; the lines after it are still checked."""
    lines = ['{"id": "a", "text": "Popcorn."}', "{", '{"id": "c"}', '{"id": "d", "text": "Tea."}', "[1]"]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    code, out, err = check(tmp_path, "--input", "jsonl", "posts.jsonl", "--format", "jsonl")
    assert code == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", "d"]
    assert [word in err for word in ("line 2", "line 3", "line 5")] == [True] * 3
    assert "Traceback" not in err


@pytest.mark.parametrize("given", [b"\xff\xfe", b""])
def test_odd_input_is_no_traceback(tmp_path: Path, given: bytes) -> None:
    """Bytes that are not UTF-8 are named; of an empty text there is nothing to post."""
    code, _, err = check(tmp_path, given=given)
    assert code == (2 if given else 1)
    assert "Traceback" not in err


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    """An escape sequence and a right-to-left override come out as glyphs."""
    _, out, err = check(tmp_path, given="Tea \x1b[31m red \u202e txet".encode())
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err


def test_a_missing_file_is_exit_code_2(tmp_path: Path) -> None:
    """Named, with what to do."""
    code, _, err = check(tmp_path, "nothing.txt")
    assert code == 2
    assert "nothing.txt" in err
