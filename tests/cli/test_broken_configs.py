"""Whatever stands in the files that a person writes, each command ends with one clear line and no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import run

COMMANDS = ("list", "draft", "insights", "publish", "stats profile", "templates list")
KEEPING = ("rules list", "audit verify", "templates lint")
FILES: dict[str, Callable[[str], bytes]] = {
    "a day that is none": lambda good: (good + "campaigns: [{name: a, on: 2026-02-30}]\n").encode(),
    "a tab": lambda good: good.replace("  streams", "\tstreams").encode(),
    "a key twice": lambda good: (good + "sources: {}\n").encode(),
    "UTF-16": lambda good: good.encode("utf-16"),
    "Latin-1": lambda good: (good + "# é\n").encode("latin-1"),
    "a NUL": lambda good: (good + "\0").encode(),
    "nothing": lambda _: b"",
    "a word": lambda _: b"hello",
    "a wrong type": lambda good: (good + "publish: soon\n").encode(),
    "a number as a key": lambda good: ("1: 2\n" + good).encode(),
    "an impossible name": lambda good: (good + f"titles: {'a' * 300}\n").encode(),
    "an object of Python": lambda _: b"a: !!python/object/apply:os.getcwd []\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_config_is_one_line_and_exit_code_2(
    name: str, small_workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that reads it names the file, and the place or the remedy."""
    monkeypatch.chdir(small_workspace)
    file = small_workspace / "config.yaml"
    file.write_bytes(FILES[name](file.read_text(encoding="utf-8")))
    for command in (*COMMANDS, *KEEPING):
        code = run(command.split())
        told = capsys.readouterr().err
        assert (code, str(file) in told, "Traceback" in told) == (2, True, False), (command, told)
        assert len(told.strip().splitlines()) == 1, (command, told)


@pytest.mark.parametrize("key", ["policy", "calendar"])
def test_a_broken_file_beside_it_is_named_too(
    key: str, small_workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy or a calendar with a day that does not exist, in UTF-16, or a folder in its place."""
    monkeypatch.chdir(small_workspace)
    with (small_workspace / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"checks: {{{key}: beside.yaml}}\n")
    file = small_workspace / "beside.yaml"
    for content in (b"- {on: 2026-02-30}", "version: x".encode("utf-16"), b"a: 1\na: 2\n", b"\xff"):
        file.write_bytes(content)
        assert run(["draft"]) == 2
        assert f"{file}: " in capsys.readouterr().err
    file.unlink()
    file.mkdir()
    assert run(["draft"]) == 2
    assert "is a folder" in capsys.readouterr().err
