"""The documents say what the program does, because the program writes them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_made_blocks_are_up_to_date() -> None:
    """`make docs` would change nothing."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_that_is_code_is_shown_firing() -> None:
    """`docs/generate.py` has a text for each rule that `assistant rules list` calls built in."""
    from assistant.checks.calendar import Calendar
    from assistant.checks.rules import built_in

    shown = {
        line.split("`")[1]
        for line in (ROOT / "docs/checks.md").read_text(encoding="utf-8").splitlines()
        if line[:3] == "| `"
    }
    assert {one.id for one in built_in(Calendar())} <= shown


def test_every_link_in_the_documents_leads_somewhere() -> None:
    """A relative link in README or docs/ names a file that is there."""
    for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_every_error_class_is_in_the_drawn_hierarchy() -> None:
    """The tree at the top of errors.py has each class of the module."""
    from assistant import errors

    named = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert errors.__doc__ is not None
    assert all(name in errors.__doc__ for name in named)
