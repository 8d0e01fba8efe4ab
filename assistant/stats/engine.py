"""What computes: the `Workshop` that reads and builds relations, and DuckDB as one, locked before it sees anything of the
user's: it reads the named files and nothing else. `spark.py` is the other.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from assistant.stats.files import DataFile

if TYPE_CHECKING:
    import numpy as np

_LARGE = 1_000_000  # rows below which the plain way is fast
_SMALL = 4_000_000  # bytes that a second thread is not worth starting for
_THREADS = 2
_AT_ONCE = 32_000_000  # rows whose hashes a thread holds at a time
_BITS = 22  # of a hash by which those that may repeat are told from the others
_NAMED = re.compile(r"\$(\w+)")


def quoted(name: str) -> str:
    """A column's name as an identifier; no name is ever pasted without it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


class Workshop(Protocol):
    """An engine that builds relations too. Statements are DuckDB's; a relation of columns is `Mapping[name, (type, values)]`."""

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """Columns by name; see `models.Engine`."""
        ...

    def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Rows as tuples."""
        ...

    def in_duckdb(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Rows of a statement over its parameters alone that must mean the same on every engine: DuckDB answers it."""
        ...

    def make(self, name: str, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Compute a relation and keep it under a name."""
        ...

    def view(self, name: str, sql: str) -> None:
        """Name a statement, to be computed where it is read."""
        ...

    def put(self, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        """Hand a small relation over."""
        ...

    def drop(self, name: str) -> None:
        """Forget a relation that was made."""
        ...

    def read(self, number: int, file: DataFile) -> list[str]:
        """A file as the relation `raw_<number>`: its columns (returned), `__file`, `__row` and `__at`, which order its rows.
        Text and JSON as texts. `ValueError` where it cannot be read."""
        ...

    def unite(self, files: int) -> None:
        """`raw` over the files that were read, column by name."""
        ...

    def types(self, name: str) -> dict[str, str]:
        """The type of each column."""
        ...

    def row(self, file: int, row: int) -> int:
        """The row as a person counts it, of `__file` and `__row`."""
        ...

    def suspects(self, columns: Sequence[str], rows: int) -> str | None:
        """A condition on `raw` that all rows meet which have a twin in these columns, and few others; None where none has."""
        ...

    def close(self) -> None:
        """Let go of memory and scratch files."""
        ...


class DuckEngine:
    """DuckDB in this process; see `Workshop`."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="assistant-")
        small = sum(file.stat().st_size for file in files if file.exists()) < _SMALL
        self._connection = duckdb.connect(":memory:", config={"threads": 1} if small else {})
        allowed = ", ".join(literal(str(file)) for file in files)
        for setting in (
            "SET autoinstall_known_extensions=false",
            "SET autoload_known_extensions=false",
            f"SET allowed_paths=[{allowed}]",
            f"SET temp_directory={literal(self._scratch.name)}",
            "SET enable_external_access=false",
            "SET preserve_insertion_order=true",
            "SET TimeZone='UTC'",
            "SET lock_configuration=true",
        ):
            self._connection.execute(setting)

    def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Rows as tuples; for preparing the relations."""
        with _interruptible():
            return self._connection.execute(sql, _used(sql, parameters)).fetchall()

    def in_duckdb(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """As `run`."""
        return self.run(sql, parameters)

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """Columns by name, one NumPy array each, all of one length; nulls of numbers are NaN, of texts None."""
        import numpy as np

        with _interruptible():
            found = self._connection.execute(sql, _used(sql, parameters)).fetchnumpy()
        return {name: _plain(column, np) for name, column in found.items()}

    def make(self, name: str, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Compute a relation and keep it under a name."""
        self.run(f"CREATE TABLE {name} AS {sql}", parameters)

    def view(self, name: str, sql: str) -> None:
        """Name a statement, to be computed where it is read."""
        self.run(f"CREATE VIEW {name} AS {sql}")

    def put(self, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        """Hand a small relation over."""
        listed = ", ".join(f"unnest(${column}::{kind}[]) AS {column}" for column, (kind, _) in columns.items())
        self.make(name, f"SELECT {listed}", {column: list(values) for column, (_, values) in columns.items()})

    def drop(self, name: str) -> None:
        """Forget a relation that was made."""
        self.run(f"DROP TABLE {name}")

    def read(self, number: int, file: DataFile) -> list[str]:
        """A file as `raw_<number>`: texts in a table, Parquet where it lies."""
        name, at = f"raw_{number}", f"{number} AS __file"
        with duck_errors():
            if file.kind == "parquet":
                self.run(
                    f"CREATE VIEW {name} AS SELECT * EXCLUDE (file_row_number), {at}, file_row_number + 1 AS __row, "
                    f"{number} * 10000000000 + file_row_number AS __at "
                    f"FROM read_parquet({literal(str(file.path))}, file_row_number=true)"
                )
            else:
                first = 2 if file.kind in ("csv", "tsv") else 1  # a person counts the header as a row
                self.run(
                    f"CREATE TABLE {name} AS SELECT *, {number} * 10000000000 + __row AS __at FROM (SELECT "
                    f"COLUMNS(*)::VARCHAR, {at}, row_number() OVER () + {first - 1} AS __row FROM {_reader(file)})"
                )
        return [column for column in self.types(name) if not column.startswith("__")]

    def unite(self, files: int) -> None:
        """`raw` over the files that were read, column by name."""
        self.view("raw", " UNION ALL BY NAME ".join(f"SELECT * FROM raw_{number}" for number in range(files)))

    def types(self, name: str) -> dict[str, str]:
        """The type of each column."""
        return {row[0]: row[1] for row in self.run(f"DESCRIBE {name}")}

    def row(self, file: int, row: int) -> int:  # noqa: ARG002 (another engine has to count)
        """The row as a person counts it: `__row` itself."""
        return row

    def suspects(self, columns: Sequence[str], rows: int) -> str | None:
        """All rows of a small table; of a large one those whose hash is not theirs alone."""
        if rows < _LARGE:
            return "true"
        hashed = f"hash({', '.join(columns)})"
        shared = _shared(self._connection, hashed, rows)
        if not shared:
            return None
        self.put("suspects", {"h": ("UBIGINT", shared)})
        return f"{hashed} IN (SELECT h FROM suspects)"

    def close(self) -> None:
        """Let go of memory and scratch files."""
        self._connection.close()
        self._scratch.cleanup()


def _shared(connection: duckdb.DuckDBPyConnection, hashed: str, rows: int) -> list[int]:
    """The hashes that more than one row of `raw` has. Sorting them beats grouping the rows, in time and memory; a range of
    hashes after the other, two at once.
    """
    parts = max(_THREADS, rows // _AT_ONCE + 1)
    edges = [(1 << 64) * part // parts for part in range(parts + 1)]

    def within(edge: tuple[int, int]) -> list[int]:
        asked = f"SELECT h FROM (SELECT {hashed} AS h FROM raw) WHERE h BETWEEN {edge[0]} AND {edge[1] - 1}"
        with connection.cursor() as cursor:
            return _repeated(cursor.execute(asked).fetchnumpy()["h"])

    with ThreadPoolExecutor(_THREADS) as pool:
        return [one for some in pool.map(within, itertools.pairwise(edges)) for one in some]


def _repeated(hashes: np.ndarray) -> list[int]:
    """The values that stand there more than once. Only the lower halves are sorted, which takes half as long: what repeats is
    among those whose lower half does, and these are few.
    """
    import numpy as np

    doubtful = np.zeros(1 << _BITS, dtype=bool)
    doubtful[_twice(hashes.astype(np.uint32)) >> (32 - _BITS)] = True
    again: list[int] = np.unique(_twice(hashes[doubtful[hashes.astype(np.uint32) >> (32 - _BITS)]])).tolist()
    return again


def _twice(values: np.ndarray) -> np.ndarray:
    """What stands there twice or more; sorts in place."""
    values.sort()
    again: np.ndarray = values[1:][values[1:] == values[:-1]]
    return again


def _used(sql: str, parameters: Mapping[str, object] | None) -> dict[str, object]:
    """DuckDB refuses parameters that a statement does not name."""
    named = set(_NAMED.findall(sql))
    return {name: value for name, value in (parameters or {}).items() if name in named}


def _plain(column: Any, np: Any) -> Any:
    if not isinstance(column, np.ma.MaskedArray):
        return column
    if column.dtype.kind in "iuf":
        return column.astype(float).filled(np.nan)
    if column.dtype.kind == "M":
        return column.filled(np.datetime64("NaT"))
    return np.where(np.ma.getmaskarray(column), None, column.data)  # `filled(None)` would fill with its default, "?"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C as Python knows it: DuckDB makes an error of its own of it."""
    try:
        yield
    except (RuntimeError, duckdb.Error) as error:
        if isinstance(error, duckdb.InterruptException) or "Query interrupted" in str(error):
            raise KeyboardInterrupt from None
        raise


@contextlib.contextmanager
def duck_errors() -> Iterator[None]:
    """DuckDB's complaints as `ValueError` with their first line, for the callers that can name the file."""
    try:
        yield
    except duckdb.Error as error:
        raise ValueError(str(error)) from None


def _reader(file: DataFile) -> str:
    path = literal(str(file.path))
    if file.kind in ("json", "jsonl"):
        form = "newline_delimited" if file.kind == "jsonl" else "auto"
        return f"read_json({path}, format='{form}', maximum_object_size=1048576)"
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in file.header)
    return (
        f"read_csv({path}, auto_detect=false, header=true, delim={literal(file.delimiter)}, quote='\"', escape='\"', "
        f"columns={{{columns}}}, strict_mode=true, null_padding=false)"
    )
