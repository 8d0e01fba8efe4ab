"""The calendar of a source: where a period begins and ends, and which ones are complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.config import TimeColumn
from assistant.models import Every
from assistant.stats.engine import Workshop

UNITS: dict[Every, str] = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}


def start_sql(time: TimeColumn, column: str, hour: str | None) -> str:
    """The first instant of a label's period, as SQL over text columns; NULL where the label cannot be read."""
    text = f"trim({column})"
    if time.format:
        parsed = f"try_strptime({text}, $time_format)"
    else:
        parsed = f"TRY_CAST({text} AS TIMESTAMP)"
        if time.every == "month":
            parsed = f"coalesce({parsed}, try_strptime({text}, '%Y-%m'), try_strptime({text}, '%Y%m'))"
        if time.every == "week":
            parsed = f"coalesce({parsed}, try_strptime({text} || '-1', '%G-W%V-%u'))"
    if hour:
        parsed = f"({parsed} + to_hours(TRY_CAST({hour} AS INTEGER)))"
    return _to_start(parsed, time)


def _to_start(parsed: str, time: TimeColumn) -> str:
    if time.every == "month":
        return f"date_trunc('month', {parsed})"
    if time.every == "week":
        day = f"date_trunc('day', {parsed})"
        return f"{day} - INTERVAL 6 DAY" if time.label == "end" else day
    start = f"date_trunc('{time.every}', {parsed})"
    return f"{start} - INTERVAL 1 HOUR" if time.every == "hour" and time.label == "end" else start


def read_labels(engine: Workshop, time: TimeColumn, labels: Sequence[tuple[str | None, str | None]]
                ) -> list[datetime | None]:  # fmt: skip
    """The first instant of each label's period (with the hour's label, where that stands apart); None where it cannot be read.

    By DuckDB, so that a label means the same whatever the table is computed with.
    """
    sql = start_sql(time, "label", "hour" if time.hour else None)
    columns = "unnest($labels::VARCHAR[]) AS label, unnest($hours::VARCHAR[]) AS hour"
    options: dict[str, object] = {"labels": [label for label, _ in labels], "hours": [hour for _, hour in labels]}
    if time.format:
        options["time_format"] = time.format
    return [start for (start,) in engine.in_duckdb(f"SELECT {sql} FROM (SELECT {columns})", options)]


def calendar(first: datetime, last: datetime, every: Every) -> Iterator[datetime]:
    """The starts of all periods from the first to the last."""
    while first <= last:
        yield first
        first = following(first, every)


def following(start: datetime, every: Every) -> datetime:
    """When the next period starts."""
    if every == "month":
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[every]


def is_complete(start: datetime, time: TimeColumn, as_of: datetime) -> bool:
    """Whether the period that starts at a wall time of the source's zone is over, and its closing lag too."""
    end = following(start, time.every).replace(tzinfo=ZoneInfo(time.zone))
    return end + (time.lag or timedelta(0)) <= as_of


def last_day(start: datetime, every: Every) -> datetime:
    """The last day of a period (for hours, the hour itself)."""
    return start if every == "hour" else following(start, every) - timedelta(days=1)
