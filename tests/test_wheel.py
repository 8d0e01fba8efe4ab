"""The wheel stands on its own: installed elsewhere, it finds its templates and rule packs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from the working tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_templates_rules_migrations_and_styles(wheel: Path) -> None:
    """Each file that is no Python and that the program reads is inside."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (*ROOT.glob("templates/*/*.j2"), *ROOT.glob("assistant/**/*.yml"), *ROOT.glob("assistant/**/*.tcss")):
        inside = file.relative_to(ROOT).as_posix().replace("templates/", "assistant/_templates/", 1)
        assert inside in names
    assert any("/versions/0001" in name for name in names)


def test_installed_elsewhere_the_demo_runs(wheel: Path, tmp_path: Path) -> None:
    """`pip install` of the wheel into another folder, then `assistant demo --headless` there: 20 drafts or more."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(site)}
    run = {"cwd": elsewhere, "env": environment, "capture_output": True, "text": True, "check": True}
    where = subprocess.run([sys.executable, "-c", "import assistant; print(assistant.__file__)"], **run)  # type: ignore[call-overload]
    assert where.stdout.startswith(str(site))
    done = subprocess.run([sys.executable, "-m", "assistant", "demo", "--headless"], **run)  # type: ignore[call-overload]
    drafts = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert len(drafts) >= 20
    assert {line.split()[3] for line in drafts} == {"en", "fr"}
