"""What a command works with: the config, the store and the checker, each opened when first asked for."""

from __future__ import annotations

import getpass
import os
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.checks import Checker
    from assistant.config import Config
    from assistant.store import Store
    from assistant.workflow import Reviewer


def actor() -> str:
    """Who acts: `$ASSISTANT_ACTOR`, else the system's login. Claimed, not proved."""
    named = os.environ.get("ASSISTANT_ACTOR", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"


class Context:
    """One command's surroundings."""

    def __init__(self, config_path: Path | None = None) -> None:
        self._config_path = config_path
        self.config_is_named = config_path is not None
        self._opened: list[Store] = []

    @cached_property
    def config(self) -> Config:
        """The configuration, or a `ConfigError`."""
        from assistant.config import find_config, load

        return load(find_config(self._config_path))

    @cached_property
    def store(self) -> Store:
        """The store, its schema made on the first run."""
        from assistant.store import open_store

        store = open_store(self.config.store_url)
        self._opened.append(store)
        return store

    @cached_property
    def checker(self) -> Checker:
        """The checks as the config wants them."""
        from assistant.pipeline import checker_for

        return checker_for(self.config)

    @cached_property
    def reviewer(self) -> Reviewer:
        """Who decides, on this store, with these checks."""
        from assistant.workflow import Reviewer

        return Reviewer(actor(), self.store, self.config, self.checker)

    def close(self) -> None:
        """Close what was opened."""
        for store in self._opened:
            store.close()


def here(ctx: typer.Context) -> Context:
    """The context that the root command made."""
    return ctx.find_object(Context) or Context()


def parse_as_of(text: str | None, context: Context) -> datetime | None:
    """`2026-07-19` is the end of that day in the house's zone; an instant is taken as it is."""
    if text is None:
        return None
    try:
        if "T" not in text and " " not in text:
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), tzinfo=context.config.zone())
        instant = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write a date such as 2026-07-19 or an instant in ISO 8601."
        raise UsageError(f"--as-of {text!r} is not a date.", remedy=remedy) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=context.config.zone())
