"""The SQL that a reviewer can read and run on the source, in its own names. Never run by this program."""

from __future__ import annotations

import re
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
    time, order = _time(table, order)
    columns = [time, *([name(source.subject)] if source.subject and len(subjects) != 1 else [])]
    value = f"{total}({name(measure)})"
    shown = f"sum({value}) OVER (ORDER BY {time}) AS total" if cumulative else f"{value} AS {name(measure)}"
    wanted = [f"{name(source.subject)} {_among(subjects)}"] if source.subject and subjects else []
    wanted += [f"{name(dim)} = {text(place)}"] if dim and place is not None else []
    where = f"\nWHERE {' AND '.join(wanted)}" if wanted else ""
    grouped = ", ".join(columns)
    end = f"\nORDER BY {order}" + (f" LIMIT {limit}" if limit else "")
    return f"SELECT {grouped}, {shown}\nFROM {text(PurePath(source.path).name)}{where}\nGROUP BY {grouped}{end}"


def _time(table: Readable, order: str) -> tuple[str, str]:
    """The columns of the period, and the order by positions with them."""
    time = table.source.time
    if time is None:
        return "NULL", order
    column = name(time.column)
    if time.every == "hour" and table.every == "day" and not time.hour:
        return f"CAST({column} AS DATE)", order
    if time.hour and table.every == "hour":
        return f"{column}, {name(time.hour)}", {"1": "1, 2"}.get(order) or re.sub(r"\d", _one_further, order)
    return column, order


def _one_further(position: re.Match[str]) -> str:
    return str(int(position[0]) + 1)


def _among(subjects: Sequence[str]) -> str:
    return f"= {text(subjects[0])}" if len(subjects) == 1 else f"IN ({', '.join(map(text, subjects))})"
