"""What is written in a cell: a number, a name or a period, and the first row in which it is none of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.config import TimeColumn
from assistant.stats.engine import quoted
from assistant.stats.loading import MISSING, Raw

_NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "INT")
_NUMERIC = (*_WHOLE, "FLOAT", "DOUBLE", "DECIMAL")


def missing_as_null(column: str) -> str:
    """A text column with its marks for "nothing" made NULL."""
    return f"CASE WHEN trim({column}) IN {MISSING} THEN NULL ELSE trim({column}) END"


def is_whole(raw: Raw, column: str) -> bool:
    """Whether a column holds whole numbers by its type."""
    return raw.types[column].partition("(")[0] in _WHOLE


def is_text(raw: Raw, column: str) -> bool:
    """Whether a column's numbers are written as text."""
    return raw.types[column].partition("(")[0] not in _NUMERIC


def is_exact(raw: Raw, column: str) -> bool:
    """Whether different values of a column are written differently, and the same alike."""
    return is_whole(raw, column) or raw.types[column] in ("DATE", "TIMESTAMP", "BOOLEAN")


def number(raw: Raw, column: str) -> str:
    """A column as a number; NULL where there is none."""
    q = quoted(column)
    if not is_text(raw, column):
        return f"CAST({q} AS DOUBLE)"
    return f"CASE WHEN regexp_full_match(trim({q}), '{_NUMBER}') THEN TRY_CAST(trim({q}) AS DOUBLE) END"


def unreadable(raw: Raw, column: str, read: str) -> str:
    """Whether something is written there that is no finite number; `read` is what it was read as."""
    if is_whole(raw, column):
        return "false"
    if not is_text(raw, column):
        return f"coalesce(isnan({read}) OR isinf({read}), false)"
    written = f"({missing_as_null(quoted(column))}) IS NOT NULL"
    return f"({written} AND ({read} IS NULL OR isnan({read}) OR isinf({read})))"


def refuse_labels(
    raw: Raw, time: TimeColumn, labels: Sequence[tuple[str | None, str | None]], problem: str, remedy: str
) -> None:
    """Name the first row that has one of these labels."""
    names = ("label", "hour") if time.hour else ("label",)
    listed = {name: ("VARCHAR", [label[at] for label in labels]) for at, name in enumerate(names)}
    raw.engine.put("wrong", listed)
    columns = dict(zip(names, (time.column, time.hour or ""), strict=False))
    same = " AND ".join(
        f"CAST(raw.{quoted(column)} AS VARCHAR) IS NOT DISTINCT FROM wrong.{name}" for name, column in columns.items()
    )
    refuse(raw, time.column, f"EXISTS (SELECT 1 FROM wrong WHERE {same})", problem, remedy)


def time_remedy(name: str, time: TimeColumn) -> str:
    """What to do about a label that cannot be read."""
    if time.format:
        return f"It should look like {time.format}; correct sources.{name}.time.format."
    return f'Write 2026-07-19, or name its form: sources.{name}.time.format: "%d/%m/%Y".'


def refuse(raw: Raw, column: str, condition: str, problem: str, remedy: str) -> None:
    """Name the first row of `raw` that meets a condition."""
    found = raw.engine.run(
        f"SELECT __file, __row, CAST({quoted(column)} AS VARCHAR) FROM raw WHERE {condition} ORDER BY __at LIMIT 1"
    )
    if found:
        file, row, value = found[0]
        shown = "an empty cell" if value is None or not str(value).strip() else repr(str(value)[:60])
        raise raw.error(f"{shown} {problem}", column=column, place=(file, row), remedy=remedy)
