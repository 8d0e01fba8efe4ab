"""DuckDB, locked before it sees anything of the user's: it reads the named files and nothing else."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import numpy as np

_NAMED = re.compile(r"\$(\w+)")


def quoted(name: str) -> str:
    """A column's name as an identifier; no name is ever pasted without it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


class DuckEngine:
    """Runs SQL over the canonical relations of one source; see `models.Engine`."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="assistant-")
        self._connection = duckdb.connect(":memory:")
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
        return self._connection.execute(sql, _used(sql, parameters)).fetchall()

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """Columns by name, one NumPy array each, all of one length; nulls of numbers are NaN, of texts None."""
        import numpy as np

        found = self._connection.execute(sql, _used(sql, parameters)).fetchnumpy()
        return {name: _plain(column, np) for name, column in found.items()}

    def close(self) -> None:
        """Let go of memory and scratch files."""
        self._connection.close()
        self._scratch.cleanup()


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
def duck_errors() -> Iterator[None]:
    """DuckDB's complaints as `ValueError` with their first line, for the callers that can name the file."""
    try:
        yield
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
