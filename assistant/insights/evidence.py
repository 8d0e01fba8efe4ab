"""The SQL that a reviewer can read and run on the source, in its own names. Never run by this program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from assistant.insights.kind import Readable

_TOTALS = {"sum": "sum", "mean": "avg", "min": "min", "max": "max", "last": "max"}


def name(text: str) -> str:
    """A column as it is written in SQL."""
    return text if text.isidentifier() else '"' + text.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as it is written in SQL."""
    return "'" + value.replace("'", "''") + "'"


def select(table: Readable, measure: str, subjects: Sequence[str] = (), dim: str | None = None, place: str | None = None,
           order: str = "1", limit: int | None = None, cumulative: bool = False) -> str:  # fmt: skip
    """The measure by period, of some subjects, in one place."""
    source = table.source
    declared = source.measures[measure]
    rank = declared.unit == "rank" or declared.better == "low"
    total = _TOTALS[declared.total or ("min" if rank else "sum")]
    time = name(source.time.column) if source.time else "NULL"
    columns = [time, *([name(source.subject)] if source.subject and len(subjects) != 1 else [])]
    value = f"{total}({name(measure)})"
    shown = f"sum({value}) OVER (ORDER BY {time}) AS total" if cumulative else f"{value} AS {name(measure)}"
    wanted = [f"{name(source.subject)} {_among(subjects)}"] if source.subject and subjects else []
    wanted += [f"{name(dim)} = {text(place)}"] if dim and place is not None else []
    where = f"\nWHERE {' AND '.join(wanted)}" if wanted else ""
    grouped = ", ".join(columns)
    end = f"\nORDER BY {order}" + (f" LIMIT {limit}" if limit else "")
    return f"SELECT {grouped}, {shown}\nFROM {text(PurePath(source.path).name)}{where}\nGROUP BY {grouped}{end}"


def _among(subjects: Sequence[str]) -> str:
    return f"= {text(subjects[0])}" if len(subjects) == 1 else f"IN ({', '.join(map(text, subjects))})"
