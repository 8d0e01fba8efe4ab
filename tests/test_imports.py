"""Start-up is a feature: a command loads what it uses, proved at run time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = """
import json, sys
from assistant.cli import run
code = run(sys.argv[1:])
sys.stderr.write("LOADED " + json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]))
"""
HEAVY = {"textual", "duckdb", "tweepy", "sqlmodel", "sqlalchemy", "alembic", "numpy", "scipy", "babel", "jinja2"}


def loaded(folder: Path, *arguments: str, standard_input: str = "") -> tuple[int, set[str]]:
    """The exit code of a command and the top-level modules that it had loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *arguments],
        capture_output=True, text=True, input=standard_input, cwd=folder, check=True,
    )  # fmt: skip
    code, names = json.loads(done.stderr.rpartition("LOADED ")[2])
    return code, set(names)


def test_help_of_publish_loads_nothing_heavy(tmp_path: Path) -> None:
    """`publish --help` loads no library of another room, nor its own."""
    code, names = loaded(tmp_path, "publish", "--help")
    assert code == 0
    assert not names & HEAVY


def test_check_loads_no_store_and_no_screen(tmp_path: Path) -> None:
    """`check` reads a text with the rule packs alone."""
    code, names = loaded(tmp_path, "check", "-", standard_input="Popcorn for everyone.")
    assert code == 0
    assert not names & (HEAVY - {"numpy"})


@pytest.mark.usefixtures("small_workspace")
def test_publish_from_cron_loads_neither_textual_nor_duckdb(small_workspace: Path) -> None:
    """`publish` on a practice account needs the store, and neither the desk nor the engine nor tweepy."""
    first, _ = loaded(small_workspace, "publish")  # makes the store, with Alembic
    code, names = loaded(small_workspace, "publish")
    assert (first, code) == (0, 0)
    assert "sqlmodel" in names
    assert not names & {"textual", "duckdb", "tweepy", "alembic", "jinja2", "babel", "numpy"}


def test_the_desk_loads_neither_tweepy_nor_duckdb(tmp_path: Path) -> None:
    """Importing the review room does not load the network or the engine."""
    code = "import sys, assistant.review.app; print(sorted({'tweepy', 'duckdb', 'alembic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "[]"
