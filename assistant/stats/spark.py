"""PySpark as a `Workshop`: the same statements, translated (`translating.py`), over files that Spark reads itself.

Needs the extra `spark` and Java 17. One session a process serves all sources; each source has its own names in it. Nothing
listens but on loopback, and there is no web page.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.stats.files import DataFile
from assistant.stats.translating import in_spark

if TYPE_CHECKING:
    import numpy as np
    from pyspark.sql import DataFrame, SparkSession

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # wall times of the source's zone, as in DuckDB
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # or a row that does not fit would go unnoticed
    "spark.sql.catalogImplementation": "in-memory",
}
_ALONE = {  # on one machine: what a cluster gains by many parts and compiled stages, a cube loses in waiting for them
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
_TYPES = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "float": "FLOAT",
    "double": "DOUBLE", "date": "DATE", "timestamp_ntz": "TIMESTAMP", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN",
}  # fmt: skip
_CORRUPT = "__corrupt"


def missing() -> str | None:
    """What Spark lacks on this machine; None where it can run."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        return "the package pyspark is not installed"
    return None if shutil.which("java") else "there is no java on the path"


@cache
def _session(master: str) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("assistant")
    for name, value in (_SETTINGS | (_ALONE if master.startswith("local") else {})).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkEngine:
    """Spark behind the same door as DuckDB; see `engine.Workshop`."""

    def __init__(self, master: str) -> None:
        self._spark = _session(master).newSession()
        self._kept: dict[str, DataFrame] = {}
        self._heads: dict[int, int] = {}

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """Columns by name, one NumPy array each; nulls of numbers are NaN, of texts None."""
        frame = self._frame(sql, parameters)
        collected = frame.collect()
        return {name: _array([row[at] for row in collected], kind) for at, (name, kind) in enumerate(frame.dtypes)}

    def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Rows as tuples."""
        return [tuple(row) for row in self._frame(sql, parameters).collect()]

    def in_duckdb(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """By a DuckDB of its own."""
        import duckdb

        with duckdb.connect(":memory:") as connection:
            return connection.execute(sql, dict(parameters)).fetchall()

    def make(self, name: str, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Compute a relation and keep it under a name."""
        self._keep(name, self._frame(sql, parameters).persist())

    def view(self, name: str, sql: str) -> None:
        """Name a statement, to be computed where it is read."""
        self._frame(sql).createOrReplaceTempView(name)

    def put(self, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        """Hand a small relation over."""
        spelled = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "INTEGER": "int"}
        schema = ", ".join(f"{column} {spelled[kind]}" for column, (kind, _) in columns.items())
        rows = list(zip(*(values for _, values in columns.values()), strict=True))
        self._keep(name, self._spark.createDataFrame(rows, schema).persist())

    def drop(self, name: str) -> None:
        """Forget a relation that was made."""
        self._spark.catalog.dropTempView(name)
        self._kept.pop(name).unpersist()

    def unite(self, files: int) -> None:
        """`raw` over the files that were read, column by name."""
        frame = self._spark.table("raw_0")
        for number in range(1, files):
            frame = frame.unionByName(self._spark.table(f"raw_{number}"), allowMissingColumns=True)
        frame.createOrReplaceTempView("raw")

    def read(self, number: int, file: DataFile) -> list[str]:
        """A file as `raw_<number>`; text is kept, Parquet is read where it lies. `ValueError` where it does not fit."""
        frame = self._reader(file)
        columns = [column for column in frame.columns if column != _CORRUPT]
        self._heads[number] = 1 if file.kind in ("csv", "tsv") else 0
        frame.createOrReplaceTempView("read")
        at = f"CAST({number} AS DECIMAL(38, 0)) * 1000000000000000000 + __row AS __at"
        frame = self._spark.sql(
            f"SELECT *, {at} FROM (SELECT *, {number} AS __file, monotonically_increasing_id() AS __row FROM read)"
        )
        if file.kind != "parquet":
            frame = frame.persist()
        self._keep(f"raw_{number}", frame)
        if _CORRUPT in frame.columns:
            first = self._spark.sql(f"SELECT min(__row) FROM raw_{number} WHERE {_CORRUPT} IS NOT NULL").collect()[0][0]
            if first is not None:
                raise ValueError(f"Line: {self.row(number, first)}")
            self._keep(f"raw_{number}", frame.drop(_CORRUPT))
        return columns

    def _reader(self, file: DataFile) -> DataFrame:
        from pyspark.sql.types import StringType, StructField, StructType

        path, read = str(file.path), self._spark.read
        if file.kind == "parquet":
            return read.parquet(path)
        if file.kind in ("json", "jsonl"):
            return read.json(path, primitivesAsString=True, multiLine=file.kind == "json", mode="FAILFAST")
        schema = StructType([StructField(column, StringType()) for column in (*file.header, _CORRUPT)])
        return read.csv(
            path, schema=schema, header=True, sep=file.delimiter, quote='"', escape='"', multiLine=True,
            mode="PERMISSIVE", columnNameOfCorruptRecord=_CORRUPT,
        )  # fmt: skip

    def types(self, name: str) -> dict[str, str]:
        """The type of each column, in DuckDB's words."""
        return {column: _TYPES.get(kind, "DECIMAL" if kind.startswith("decimal") else "VARCHAR")
                for column, kind in self._spark.table(name).dtypes}  # fmt: skip

    def row(self, file: int, row: int) -> int:
        """The row as a person counts it: Spark's numbers grow, but not one by one."""
        before = self._spark.sql(f"SELECT count(*) FROM raw_{file} WHERE __row <= {int(row)}").collect()[0][0]
        return int(before) + self._heads[file]

    def suspects(self, columns: Sequence[str], rows: int) -> str | None:  # noqa: ARG002 (Spark groups on disk)
        """All rows."""
        return "true"

    def close(self) -> None:
        """Let go of what was kept; the session goes on for the next source."""
        for frame in self._kept.values():
            frame.unpersist()
        self._kept.clear()

    def _frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> DataFrame:
        translated = in_spark(sql)
        used = {name: value for name, value in (parameters or {}).items() if f":{name}" in translated}
        return self._spark.sql(translated, args=used or None)

    def _keep(self, name: str, frame: DataFrame) -> None:
        self._kept[name] = frame
        frame.createOrReplaceTempView(name)


def _array(values: list[Any], kind: str) -> np.ndarray:
    import numpy as np

    if kind.startswith("timestamp"):
        return np.array(
            [np.datetime64("NaT") if value is None else np.datetime64(value) for value in values], "datetime64[us]"
        )
    if kind in ("tinyint", "smallint", "int", "bigint") and None not in values:
        return np.array(values, dtype=np.int64)
    if kind in ("tinyint", "smallint", "int", "bigint", "float", "double") or kind.startswith("decimal"):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=float)
    if kind == "boolean" and None not in values:
        return np.array(values, dtype=bool)
    found = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        found[at] = _list(value) if isinstance(value, list) else value
    return found


def _list(values: list[Any]) -> np.ndarray:
    import numpy as np

    if values and isinstance(values[0], datetime):
        return np.array(values, dtype="datetime64[us]")
    if values and isinstance(values[0], str):
        return np.array(values, dtype=object)
    return np.array(values)
