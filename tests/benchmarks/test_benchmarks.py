"""The benchmarks say ratios, and each can be run alone."""

from __future__ import annotations

import re
import subprocess
import sys

from workshop import ROOT


def run(*names: str) -> subprocess.CompletedProcess[str]:
    """`python -m benchmarks NAME…` at the project's top."""
    command = [sys.executable, "-m", "benchmarks", *names]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_one_benchmark_prints_ratios() -> None:
    """Every line that has a time has the ratio to its floor, measured in the same run."""
    done = run("drafts")
    measured = [line for line in done.stdout.splitlines() if re.search(r"\d (?:s|ms|µs) :", line)]
    assert done.returncode == 0, done.stderr
    assert len(measured) == 3
    assert all(re.search(r"\d+\.\d\d × ", line) for line in measured)


def test_an_unknown_name_is_exit_code_2() -> None:
    """It names those that there are."""
    done = run("nothing")
    assert done.returncode == 2
    assert "startup, checks, wording, drafts, streaks, truth, peers, sweep" in done.stderr
