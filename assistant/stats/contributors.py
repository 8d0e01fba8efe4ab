"""Who a figure comes from, where the source has a column of contributors: a sum that one or two of them make is theirs alone.

The relation `contributed`: t, subject, d1…, who, m1… (the sums of the measures that are summed), over the complete periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.config import Source, TimeColumn
from assistant.models import Contributors, Insight
from assistant.stats.engine import quoted
from assistant.stats.loading import Raw
from assistant.stats.written import missing_as_null, number

if TYPE_CHECKING:
    from assistant.stats import Table


def build_contributed(raw: Raw, source: Source, time: TimeColumn, keys: Sequence[tuple[str, str]]) -> None:
    """Make the relation, from `raw` and `labels`."""
    texts = {name: missing_as_null(f"CAST({quoted(column)} AS VARCHAR)") for name, column in keys}
    who = missing_as_null(f"CAST({quoted(source.contributor or '')} AS VARCHAR)")
    sums = [f"sum({number(raw, column)}) AS m{n}" for n, column in enumerate(source.measures, start=1)]
    hour = f" AND CAST({quoted(time.hour)} AS VARCHAR) IS NOT DISTINCT FROM labels.hour" if time.hour else ""
    named = [f"{text} AS {name}" for name, text in texts.items()]
    raw.engine.make(
        "contributed",
        f"SELECT {', '.join(['labels.t', *named, f'{who} AS who', *sums])} FROM raw JOIN labels ON "
        f"CAST({quoted(time.column)} AS VARCHAR) = labels.label{hour} GROUP BY {', '.join(['labels.t', *texts.values(), who])}",
    )


def with_contributors(table: Table, found: Sequence[Insight]) -> list[Insight]:
    """Figures with how much of each comes from few; those of measures that are no sums, and of ranks, as they are."""
    return [replace(one, contributors=_contributors(table, one)) for one in found]


def _contributors(table: Table, insight: Insight) -> Contributors | None:
    from assistant.stats.cube import total_of

    source = table.source
    if insight.measure not in source.measures or total_of(source.measures[insight.measure]) != "sum":
        return None
    columns = dict(zip(source.dimensions, (f"d{n}" for n in range(1, len(source.dimensions) + 1)), strict=True))
    asked: dict[str, object] = {"start": _moment(insight.start), "end": _moment(insight.end) + _after(insight)}
    where = ["t >= $start", "t < $end"]
    for at, (column, value) in enumerate(_conditions(insight, columns)):
        where.append(f"{column} = $v{at}")
        asked[f"v{at}"] = value
    measure = f"m{list(source.measures).index(insight.measure) + 1}"
    rows = table.engine.run(
        f"SELECT sum({measure}) AS v FROM contributed WHERE {' AND '.join(where)} GROUP BY who HAVING sum({measure}) > 0 "
        "ORDER BY v DESC",
        asked,
    )
    return shares([float(value) for (value,) in rows])


def shares(sizes: Sequence[float]) -> Contributors | None:
    """Of what each contributor adds, the largest first; None where nobody adds anything."""
    if not sizes:
        return None
    largest, total = sizes[0], sum(sizes)
    two = sum(sizes[:2])
    return Contributors(len(sizes), two / total, (total - two) / largest)


def _conditions(insight: Insight, columns: dict[str, str]) -> list[tuple[str, object]]:
    own = [("subject", insight.subject)] if insight.subject is not None else []
    return [*own, *((columns[name], value) for name, value in insight.where.items() if name in columns)]


def _moment(day: date) -> datetime:
    naive = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 (the table's own)
    return naive.replace(tzinfo=None)


def _after(insight: Insight) -> timedelta:
    return timedelta(hours=1) if insight.every == "hour" else timedelta(days=1)
