"""The config.yaml at the top of the project is a working one, and the demo's own."""

from __future__ import annotations

from pathlib import Path

from assistant.cli.start import SAMPLE_CONFIG
from assistant.config import load
from workshop import ROOT


def test_it_is_the_sample_config_of_the_demo() -> None:
    """The file and the text that `demo` writes are one."""
    assert (ROOT / "config.yaml").read_text(encoding="utf-8") == SAMPLE_CONFIG.format(folder="sample/")


def test_it_loads_and_posts_to_the_practice_network() -> None:
    """Nothing leaves the machine by default."""
    config = load(ROOT / "config.yaml")
    assert {account.network for account in config.accounts.values()} == {"practice"}
    assert config.store_url == f"sqlite:///{ROOT / 'sample' / 'assistant.db'}"
    assert Path("sample").name in (ROOT / ".gitignore").read_text(encoding="utf-8")
