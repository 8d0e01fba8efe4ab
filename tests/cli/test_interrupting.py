"""What a person sees who waits, and what is left when they wait no longer."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.cli.start import SAMPLE_CONFIG
from assistant.stats.sample import write_sample


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample's tables, fresh to this day, and its config."""
    write_sample(tmp_path, today=datetime.now(UTC).date())
    (tmp_path / "config.yaml").write_text(SAMPLE_CONFIG.format(folder=""), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("seconds", [0.05, 0.5, 1.0, 1.3, 1.7])
def test_ctrl_c_leaves_a_whole_store_and_no_traceback(workspace: Path, seconds: float) -> None:
    """At any moment of `draft`: exit code 130 (or done already), nothing but our words, and a trail that verifies."""
    command = [sys.executable, "-m", "assistant", "draft", "--top", "4"]
    process = subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode in (130, 0, -signal.SIGINT), said  # the last before Python had begun
    assert "Traceback" not in said
    again = subprocess.run(
        [sys.executable, "-m", "assistant", "draft", "--top", "4"], cwd=workspace, capture_output=True, text=True
    )
    assert again.returncode == 0, again.stderr
    verified = subprocess.run(
        [sys.executable, "-m", "assistant", "audit", "verify"], cwd=workspace, capture_output=True
    )
    assert verified.returncode == 0


def _on_a_terminal(workspace: Path, delay: str) -> tuple[bytes, bytes]:
    """Standard output, and what stood on the terminal that standard error is."""
    here, there = pty.openpty()
    code = f"import assistant.cli.progress as p; p.DELAY = {delay}; from assistant.cli import run; run(['insights'])"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=workspace, stdout=subprocess.PIPE, stderr=there,
                               env={**os.environ, "TERM": "xterm", "COLUMNS": "80"})  # fmt: skip
    os.close(there)
    said = b""
    try:
        while chunk := os.read(here, 4096):
            said += chunk
    except OSError:  # the other end is closed
        pass
    out, _ = process.communicate(timeout=60)
    os.close(here)
    return out, said


def test_who_waits_is_told_what_is_going_on(workspace: Path) -> None:
    """On a terminal and only when it is late; standard output carries the answer alone."""
    out, said = _on_a_terminal(workspace, "0.01")
    assert b"viewing: " in said
    assert b"record" in out
    assert "…".encode() not in out
    _, quick = _on_a_terminal(workspace, "60")
    assert b"viewing: " not in quick


_INTO_A_FINALIZER = """
import os, signal, sys, time
from assistant import __main__ as program

class Closing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1000))

def work():
    closing = Closing()
    del closing
    time.sleep(20)
    return 0

sys.argv = ["assistant"]
import assistant.cli
assistant.cli.run = work
program.main()
"""


def test_a_ctrl_c_that_falls_into_a_finalizer_is_a_ctrl_c() -> None:
    """Python drops it there; the program leaves with 130 all the same, at once and without a traceback."""
    done = subprocess.run([sys.executable, "-c", _INTO_A_FINALIZER], capture_output=True, text=True, timeout=15)
    assert (done.returncode, done.stderr) == (130, "")
