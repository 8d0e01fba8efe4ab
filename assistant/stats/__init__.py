"""Tables in: files through a locked-down DuckDB into canonical relations, with what must be known of them.

with open_source("viewing", source, config) as table:
    table.engine.query("SELECT … FROM series …")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.config import Config, Source
from assistant.errors import ConfigError, SourceError
from assistant.models import Every, digest

if TYPE_CHECKING:
    from assistant.stats.engine import Workshop

__all__ = ["Table", "by_day", "open_source"]


@dataclass(frozen=True)
class Table:
    """One source, read: its relations in `engine`, and what its figures must be told with.

    `first` and `last` are the first days of the first and the last complete period; None for a cohort without time.
    `rounded_to` is the grain of a measure's values (10,000 where all end in four zeros). `cautions` touch every figure,
    `about` those of one measure.
    """

    name: str
    source: Source
    engine: Workshop
    every: Every
    first: date | None
    last: date | None
    snapshot: str
    files: tuple[str, ...]
    rounded_to: Mapping[str, float] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The columns that divide a subject."""
        return self.source.dimensions

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns that measure; of a cohort, the one that counts people."""
        return (self.source.cohort.people,) if self.source.cohort else tuple(self.source.measures)

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(name: str, source: Source, config: Config, *, as_of: datetime | None = None) -> Table:
    """Read a source as it stood at `as_of` (default: now); `SourceError` names file, column, row and remedy."""
    from assistant.stats.cube import build
    from assistant.stats.files import find_files, inspect
    from assistant.stats.loading import load

    if source.ready and not config.resolve(source.ready).exists():
        remedy = "Wait for the delivery, or remove sources." + name + ".ready."
        raise SourceError(name, f"it is not ready: {source.ready} is not there", remedy=remedy)
    files = [inspect(name, path) for path in find_files(name, config.resolve(source.path))]
    engine = _open_engine(config, [file.path for file in files])
    try:
        raw = load(name, source, engine, files)
        built = build(raw, source, as_of or datetime.now(UTC))
    except BaseException:
        engine.close()
        raise
    return Table(
        name=name,
        source=source,
        engine=engine,
        every=source.time.every if source.time else "day",
        first=_day(built.first),
        last=_day(built.last),
        snapshot=digest([source.model_dump(mode="json"), [file.sha for file in files]], 16),
        files=tuple(str(file.path) for file in files),
        rounded_to=built.rounded_to,
        cautions=tuple(built.cautions),
        about=built.about,
        rows=raw.rows,
    )


def by_day(table: Table, config: Config) -> Table | None:
    """A table of hours read once more, by the days that are over in it, or None: the days of a year say what its hours do not.

    It is the same delivery of the same source: snapshot and cautions are the hours'.
    """
    time = table.source.time
    if table.every != "hour" or time is None or time.label == "end":
        return None
    newest = table.engine.query("SELECT max(t) AS newest FROM periods")["newest"][0]
    over = datetime.fromisoformat(str(newest)).replace(tzinfo=ZoneInfo(time.zone)) + timedelta(hours=1)
    days = table.source.model_copy(update={"time": time.model_copy(update={"every": "day", "hour": None, "lag": None})})
    try:
        read = open_source(table.name, days, config, as_of=over)
    except SourceError:
        return None  # no day of it is over
    return replace(read, source=table.source, snapshot=table.snapshot, cautions=table.cautions, about=table.about)


def _open_engine(config: Config, files: Sequence[Path]) -> Workshop:
    """The engine that the config names; `ConfigError` where this machine has not what it needs."""
    if config.engine == "duckdb":
        from assistant.stats.engine import DuckEngine

        return DuckEngine(files)
    from assistant.stats import spark

    if lacking := spark.missing():
        remedy = "Install it (`make spark`, or pip install 'assistant[spark]', and Java 17), or write engine: duckdb"
        raise ConfigError(config.file, "engine", f"Spark cannot run: {lacking}", remedy=remedy)
    return spark.SparkEngine(config.engine["spark"])


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
