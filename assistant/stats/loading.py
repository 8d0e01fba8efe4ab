"""Files → the table `raw`: every column as text, with where each row stood (`__file`, `__row`).

Text first, because only then can an unreadable date or number be named with its row.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Source
from assistant.errors import SourceError
from assistant.stats import persons
from assistant.stats.engine import DuckEngine, duck_errors, literal, quoted
from assistant.stats.files import DataFile

_LINE = re.compile(r"\bLine: (\d+)", re.IGNORECASE)
_SAMPLE = 500
MISSING = "('', 'N/A', 'NA', 'null', 'NULL', 'None', 'nan', 'NaN', '-')"


@dataclass(frozen=True)
class Raw:
    """What was read: the engine that holds `raw`, its columns, the files in order, how many rows."""

    name: str
    engine: DuckEngine
    columns: tuple[str, ...]
    files: tuple[DataFile, ...]
    rows: int

    def error(
        self, problem: str, *, column: str | None = None, place: tuple[int, int] | None = None, remedy: str
    ) -> SourceError:
        """An error of this source, with the file and the row of `place` (`__file`, `__row`)."""
        file, row = (self.files[place[0]].path, place[1]) if place else (None, None)
        if file is None and len(self.files) == 1:
            file = self.files[0].path
        return SourceError(self.name, problem, file=file, column=column, row=row, remedy=remedy)


def load(name: str, source: Source, engine: DuckEngine, files: Sequence[DataFile]) -> Raw:
    """Read every file into `raw`; refuse what must be (`SourceError`)."""
    for number, file in enumerate(files):
        _need_columns(name, source, file.path, load_file(name, engine, number, file))
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM raw_{number}" for number in range(len(files)))
    engine.run(f"CREATE TABLE raw AS {union}")
    for number in range(len(files)):
        engine.run(f"DROP TABLE raw_{number}")
    columns = tuple(row[0] for row in engine.run("DESCRIBE raw") if not row[0].startswith("__"))
    rows = int(engine.run("SELECT count(*) FROM raw")[0][0])
    raw = Raw(name, engine, columns, tuple(files), rows)
    if rows == 0:
        raise raw.error("there are no rows below the header", remedy="Deliver the table again.")
    _refuse_persons(raw, source)
    _refuse_identical_rows(raw)
    return raw


def _reader(file: DataFile) -> str:
    path = literal(str(file.path))
    if file.kind == "parquet":
        return f"read_parquet({path})"
    if file.kind in ("json", "jsonl"):
        form = "newline_delimited" if file.kind == "jsonl" else "auto"
        return f"read_json({path}, format='{form}', maximum_object_size=1048576)"
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in file.header)
    return (
        f"read_csv({path}, auto_detect=false, header=true, delim={literal(file.delimiter)}, quote='\"', escape='\"', "
        f"columns={{{columns}}}, strict_mode=true, null_padding=false)"
    )


def load_file(name: str, engine: DuckEngine, number: int, file: DataFile) -> list[str]:
    """Read one file into `raw_<number>`; its columns."""
    first = 2 if file.kind in ("csv", "tsv") else 1  # a person counts the header as a row
    try:
        with duck_errors():
            engine.run(
                f"CREATE TABLE raw_{number} AS SELECT COLUMNS(*)::VARCHAR, {number} AS __file, "
                f"row_number() OVER () + {first - 1} AS __row FROM {_reader(file)}"
            )
    except ValueError as error:
        line = _LINE.search(str(error))
        row = int(line[1]) if line else None
        problem = "this row does not fit the header" if line else f"it cannot be read ({str(error).splitlines()[0]})"
        raise SourceError(name, problem, file=file.path, row=row, remedy="Correct the file.") from None
    return [row[0] for row in engine.run(f"DESCRIBE raw_{number}")]


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


def _refuse_persons(raw: Raw, source: Source) -> None:
    dividing = {column for key, column in needed(source) if key in ("subject", "dimensions")}
    for column in raw.columns:
        q = quoted(column)
        values = [str(v) for (v,) in raw.engine.run(f"SELECT {q} FROM raw WHERE {q} IS NOT NULL LIMIT {_SAMPLE}")]
        reason = persons.by_name(column) or persons.by_values(values)
        if reason is None and column in dividing:
            distinct = int(raw.engine.run(f"SELECT count(DISTINCT {q}) FROM raw")[0][0])
            reason = persons.by_count(distinct, raw.rows, values)
        if reason:
            remedy = "Deliver aggregated figures without it."
            raise raw.error(f"this looks like persons: {reason}", column=column, remedy=remedy)


def _refuse_identical_rows(raw: Raw) -> None:
    listed = ", ".join(quoted(column) for column in raw.columns)
    found = raw.engine.run(
        f"SELECT list((__file, __row) ORDER BY __file, __row) FROM raw GROUP BY {listed} HAVING count(*) > 1 "
        "ORDER BY min((__file, __row)) LIMIT 1"
    )
    if found:
        (first_file, first), *others = found[0][0]
        again_file, again = others[0]
        twin = f"row {first}" if first_file == again_file else f"row {first} of {raw.files[first_file].path.name}"
        raise raw.error(f"it is the same as {twin}, so one of them would be counted twice", place=(again_file, again),
                        remedy="Deliver each row once.")  # fmt: skip
