"""What `assistant doctor` looks at. Each finding says what is so, and what to do where it should not be."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.cli.context import Context, actor
from assistant.errors import AssistantError

LIBRARIES = ("duckdb", "sqlmodel", "textual", "tweepy", "jinja2", "babel", "tzdata")
CLOCK_SKEW = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    about: str
    ok: bool
    detail: str

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return {"about": self.about, "ok": self.ok, "detail": self.detail}

    def __str__(self) -> str:
        """`✓ store: …`."""
        return f"{'✓' if self.ok else '✗'} {self.about}: {self.detail}"


def examine(context: Context) -> Iterator[Finding]:
    """Everything, in the order in which one thing rests on another."""
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()}")
    yield Finding("libraries", True, ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES))
    yield Finding("actor", True, f"{actor()} (claimed, not proved; $ASSISTANT_ACTOR names another)")
    for look in (_config, _checks, _sources, _accounts, _store, _budget, _clock):
        yield from _carefully(look, context)


def _carefully(look: Callable[[Context], Iterator[Finding]], context: Context) -> Iterator[Finding]:
    try:
        yield from look(context)
    except AssistantError as error:
        yield Finding(look.__name__.strip("_"), False, str(error))


def _config(context: Context) -> Iterator[Finding]:
    config = context.config
    yield Finding("config", True, f"{config.file}, zone {config.timezone}, languages {', '.join(config.languages)}")
    mode = config.file.stat().st_mode
    if mode & stat.S_IWOTH:
        yield Finding("config", False, f"anyone may write {config.file}. Run: chmod o-w {config.file}")
    if config.campaigns:
        yield Finding("config", True, "campaigns is read, but nothing uses it in this version: not checked")


def _checks(context: Context) -> Iterator[Finding]:
    checker = context.checker
    days = len(checker.calendar.days)
    known = len(checker.register.entries)
    yield Finding(
        "checks", True, f"{len(checker.rules())} rules, {days} of them sensitive days; {known} titles registered"
    )
    for problem in checker.problems:
        yield Finding("checks", False, str(problem))


def _sources(context: Context) -> Iterator[Finding]:
    from assistant.pipeline import profiles

    found = profiles(context.config)
    for one in found.profiles:
        told = f"{one['every']}s from {one['first']} to {one['last']}" if one["first"] else "a cohort, without periods"
        source = context.config.sources[one["source"]]
        if source.measures and source.contributor is None:
            told += "; no column of contributors is named: dominance is not checked"
        yield Finding(f"source {one['source']}", True, told)
    for problem in found.problems:
        yield Finding("source", False, str(problem))


def _accounts(context: Context) -> Iterator[Finding]:
    from assistant.publish.credentials import where_found

    for name, account in context.config.accounts.items():
        if account.network == "practice":
            yield Finding(f"account {name}", True, "practice: posts are kept in a file")
            continue
        missing = [variable for variable, place in where_found(context.config, name).items() if place is None]
        places = {place for place in where_found(context.config, name).values() if place}
        detail = f"missing {', '.join(missing)}" if missing else f"secrets from the {' and the '.join(sorted(places))}"
        if "keyring" in places:
            detail += "; cron has no keyring session: use the environment or systemd's credentials there"
        yield Finding(f"account {name}", not missing, detail)


def _store(context: Context) -> Iterator[Finding]:
    from assistant.store import store_facts

    for name, value in store_facts(context.store).items():
        yield Finding(f"store {name}", True, str(value))
    folder = context.store.folder
    if folder is not None and not os.access(folder, os.W_OK):
        yield Finding("store", False, f"{folder} cannot be written; SQLite needs to")
    file = Path(context.config.store_url.removeprefix("sqlite:///"))
    if folder is not None and file.exists() and file.stat().st_mode & stat.S_IWOTH:
        yield Finding("store", False, f"anyone may write {file}. Run: chmod o-w {file}")


def _budget(context: Context) -> Iterator[Finding]:
    """How sure the next figures have to be; each look in vain makes it stricter, each figure that is told less."""
    from assistant.pipeline import budgets

    q = context.config.insights.q
    for name, deliveries, levels in budgets(context.config, context.store):
        shown = ", ".join(f"{kind} {level:.2g}" for kind, level in levels.items())
        looked = "1 delivery" if deliveries == 1 else f"{deliveries} deliveries"
        detail = f"{looked} looked at for posts; the next is told what is surer than (of {q:g}): {shown}"
        yield Finding(f"budget {name}", True, detail)


def _clock(context: Context) -> Iterator[Finding]:
    skew = abs(context.store.now() - datetime.now(UTC))
    detail = f"the store's clock and this machine's differ by {skew.total_seconds():.1f} s"
    yield Finding("clock", skew <= CLOCK_SKEW, detail)
