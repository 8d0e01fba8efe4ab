"""How long each command takes to start and do a little, beside importing the libraries that it cannot do without.

The floor is `python -c "import …"`: an interpreter and those libraries, nothing of ours. The workspace is a table of forty
weeks and a store without drafts, made before the clock runs. Both sides keep their compiled modules, as an installed program
does, in a folder of the workspace that the warm-up fills: where the environment forbids that (`PYTHONDONTWRITEBYTECODE`), ours
would be compiled anew each time and the libraries, compiled when they were installed, would not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measuring import Ratio, by_turns

BUDGET = 2.0  # seconds a command
CONFIG = """\
sources:
  streams:
    path: streams.csv
    time: {column: week, every: week, label: end}
    shelf_life: none
    subject: show
    measures: {hours: {unit: hours}}
accounts:
  practice: {network: practice}
"""
STORE = ("typer", "yaml", "pydantic", "sqlmodel")
FLOORS = {
    "--help": ("typer",),
    "check": ("typer", "regex", "yaml"),
    "list": STORE,
    "insights": ("typer", "yaml", "pydantic", "duckdb", "numpy", "scipy.special"),
    "publish": STORE,
}


def run() -> Iterator[Ratio]:
    """One ratio a command."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _make_workspace(folder)
        for command, libraries in FLOORS.items():
            ours = _process(folder, "-m", "assistant", command)
            floor = _process(folder, "-c", f"import {', '.join(libraries)}")
            yield Ratio(command, *by_turns(ours, floor, budget=BUDGET), f"importing {', '.join(libraries)}")


def _process(folder: Path, *arguments: str) -> Callable[[], object]:
    """A Python of its own; what it says is kept for the case that it fails."""
    post = b"Popcorn for everyone."
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    around["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    return lambda: subprocess.run(
        [sys.executable, *arguments], input=post, cwd=folder, env=around, capture_output=True, check=True, timeout=60
    )


def _make_workspace(folder: Path) -> None:
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    weeks = [date(2026, 1, 4) + timedelta(weeks=week) for week in range(40)]
    rows = [f"{day},Harbour Lights,{1000 + 37 * (at % 7)}" for at, day in enumerate(weeks)]
    (folder / "streams.csv").write_text("\n".join(["week,show,hours", *rows, ""]), encoding="utf-8")
