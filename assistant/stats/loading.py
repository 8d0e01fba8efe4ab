"""Files → the relation `raw`: their columns, with where each row stood (`__file`, `__row`; `__at` orders them).

Texts stay texts, because only then can an unreadable date or number be named with its row.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Source
from assistant.errors import SourceError
from assistant.stats import persons
from assistant.stats.engine import Workshop, quoted
from assistant.stats.files import DataFile

_LINE = re.compile(r"\bLine: (\d+)", re.IGNORECASE)
_SAMPLE = 500
MISSING = "('', 'N/A', 'NA', 'null', 'NULL', 'None', 'nan', 'NaN', '-')"


@dataclass(frozen=True)
class Raw:
    """What was read: the engine that holds `raw`, its columns and their types, the files in order, how many rows."""

    name: str
    engine: Workshop
    types: Mapping[str, str]
    files: tuple[DataFile, ...]
    rows: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's own columns."""
        return tuple(self.types)

    def error(
        self, problem: str, *, column: str | None = None, place: tuple[int, int] | None = None, remedy: str
    ) -> SourceError:
        """An error of this source, with the file and the row of `place` (`__file`, `__row`)."""
        file, row = (self.files[place[0]].path, self.engine.row(*place)) if place else (None, None)
        if file is None and len(self.files) == 1:
            file = self.files[0].path
        return SourceError(self.name, problem, file=file, column=column, row=row, remedy=remedy)


def load(name: str, source: Source, engine: Workshop, files: Sequence[DataFile]) -> Raw:
    """Read every file into `raw`; refuse what must be (`SourceError`)."""
    for number, file in enumerate(files):
        _need_columns(name, source, file.path, load_file(name, engine, number, file))
    engine.unite(len(files))
    types = {column: kind for column, kind in engine.types("raw").items() if not column.startswith("__")}
    rows = int(engine.run("SELECT count(*) FROM raw")[0][0])
    raw = Raw(name, engine, types, tuple(files), rows)
    if rows == 0:
        raise raw.error("there are no rows below the header", remedy="Deliver the table again.")
    _refuse_persons(raw)
    return raw


def load_file(name: str, engine: Workshop, number: int, file: DataFile) -> list[str]:
    """Read one file into `raw_<number>`; its columns."""
    try:
        return engine.read(number, file)
    except ValueError as error:
        line = _LINE.search(str(error))
        row = int(line[1]) if line else None
        problem = "this row does not fit the header" if line else f"it cannot be read ({str(error).splitlines()[0]})"
        raise SourceError(name, problem, file=file.path, row=row, remedy="Correct the file.") from None


def needed(source: Source) -> Iterator[tuple[str, str]]:
    """Each column that a source's config names, and the key that names it."""
    if source.time:
        yield "time.column", source.time.column
        if source.time.hour:
            yield "time.hour", source.time.hour
    if source.subject:
        yield "subject", source.subject
    yield from (("dimensions", column) for column in source.dimensions)
    yield from (("measures", column) for column in source.measures)
    if source.contributor:
        yield "contributor", source.contributor
    if source.cohort:
        yield "cohort.people", source.cohort.people
        yield "cohort.times", source.cohort.times


def _need_columns(name: str, source: Source, file: Path, columns: Sequence[str]) -> None:
    there = [column for column in columns if not column.startswith("__")]
    for key, column in needed(source):
        if column not in there:
            close = difflib.get_close_matches(column, there, n=1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            remedy = f"{hint}The file has {', '.join(there)}; correct sources.{name}.{key}."
            raise SourceError(name, "there is no such column", file=file, column=column, remedy=remedy)


def _sample(raw: Raw, column: str) -> list[str]:
    q = quoted(column)
    return [
        str(value)
        for (value,) in raw.engine.run(f"SELECT CAST({q} AS VARCHAR) FROM raw WHERE {q} IS NOT NULL LIMIT {_SAMPLE}")
    ]


def _refuse_persons(raw: Raw) -> None:
    for column in raw.columns:
        if reason := persons.by_name(column) or persons.by_values(_sample(raw, column)):
            raise _person(raw, column, reason)


def _person(raw: Raw, column: str, reason: str) -> SourceError:
    return raw.error(
        f"this looks like persons: {reason}", column=column, remedy="Deliver aggregated figures without it."
    )


def refuse_ids(raw: Raw, column: str, distinct: int) -> None:
    """Refuse a dividing column that has almost as many values as rows."""
    if persons.as_many(distinct, raw.rows) and (reason := persons.by_count(_sample(raw, column))):
        raise _person(raw, column, reason)


def refuse_identical_rows(raw: Raw) -> None:
    """Refuse a table in which a row stands twice."""
    columns = [quoted(column) for column in raw.columns]
    some = raw.engine.suspects(columns, raw.rows)
    if some is None:
        return
    found = raw.engine.run(
        f"WITH alike AS (SELECT {', '.join(columns)}, min(__at) AS first, count(*) AS times FROM raw WHERE {some} "
        f"GROUP BY {', '.join(columns)} HAVING count(*) > 1), "
        "twins AS (SELECT * FROM alike ORDER BY first LIMIT 1) "
        "SELECT raw.__file, raw.__row FROM raw JOIN twins ON "
        + " AND ".join(f"raw.{column} IS NOT DISTINCT FROM twins.{column}" for column in columns)
        + " ORDER BY raw.__at LIMIT 2"
    )
    if found:
        (first_file, first), (again_file, again) = found
        first = raw.engine.row(first_file, first)
        twin = f"row {first}" if first_file == again_file else f"row {first} of {raw.files[first_file].path.name}"
        raise raw.error(f"it is the same as {twin}, so one of them would be counted twice", place=(again_file, again),
                        remedy="Deliver each row once.")  # fmt: skip
