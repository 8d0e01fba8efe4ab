"""Tables in: files through a locked-down DuckDB into canonical relations, with what must be known of them.

with open_source("viewing", source, config) as table:
    table.engine.query("SELECT … FROM series …")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.config import Config, Source
from assistant.errors import ConfigError, SourceError
from assistant.models import Every, digest

if TYPE_CHECKING:
    from assistant.stats.engine import Workshop

__all__ = ["Table", "open_source"]


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
