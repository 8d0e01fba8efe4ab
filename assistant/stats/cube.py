"""`raw` → the canonical relations that the finders query (docs/architecture.md): cube, periods, series; or cohort.

A label or a number that cannot be read is an error with its row; a period that is not over is left out, and said so; rows
that share a key are put together by the measure's `total`, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assistant.config import Cohort, Measure, Source, TimeColumn
from assistant.stats.engine import literal, quoted
from assistant.stats.loading import MISSING, Raw
from assistant.stats.periods import STEPS, index_sql, is_complete, start_sql

_TOTALS = {"sum": "sum({v})", "mean": "avg({v})", "min": "min({v})", "max": "max({v})", "last": "arg_max({v}, __at)"}
_GRAINS = [10**power for power in range(9, 0, -1)]
_ENOUGH = 20  # so many values before a common last zero is believed to be rounding


@dataclass
class Built:
    """What the relations turned out to be."""

    first: datetime | None = None
    last: datetime | None = None
    rounded_to: dict[str, float] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)


def total_of(measure: Measure) -> str:
    """How rows are put together: as declared; a rank by its better end; else the sum."""
    if measure.total:
        return measure.total
    if measure.unit == "rank" or measure.better == "low":
        return "min" if measure.better == "low" else "max"
    return "sum"


def missing_as_null(column: str) -> str:
    """A text column with its marks for "nothing" made NULL."""
    return f"CASE WHEN trim({column}) IN {MISSING} THEN NULL ELSE trim({column}) END"


def build(raw: Raw, source: Source, as_of: datetime) -> Built:
    """Make the relations; `SourceError` names the first row that cannot be read."""
    built = Built()
    if source.cohort is not None:
        _build_cohort(raw, source, source.cohort)
        return built
    if source.time is None:  # the config demands one
        raise raw.error("a table of measures needs a time column", remedy="Add time: {column: …, every: week}.")
    _parse(raw, source, source.time)
    _check_weekdays(raw, source.time)
    _drop_incomplete(raw, source.time, as_of, built)
    _build_cube(raw, source, built)
    _build_periods(raw, source.time, built)
    _build_series(raw, source, source.time, built)
    _find_rounding(raw, source, built)
    return built


def _keys(source: Source) -> Iterator[tuple[str, str]]:
    """The canonical name of each dividing column and its own."""
    if source.subject:
        yield "subject", source.subject
    yield from ((f"d{number}", column) for number, column in enumerate(source.dimensions, start=1))


def _measures(source: Source) -> Iterator[tuple[str, str, Measure]]:
    yield from ((f"m{n}", column, measure) for n, (column, measure) in enumerate(source.measures.items(), start=1))


def _parse(raw: Raw, source: Source, time: TimeColumn) -> None:
    start = start_sql(time, quoted(time.column), quoted(time.hour) if time.hour else None)
    columns = [f"{start} AS t"]
    columns += [f"{missing_as_null(quoted(column))} AS {name}" for name, column in _keys(source)]
    columns += [
        f"TRY_CAST({missing_as_null(quoted(column))} AS DOUBLE) AS {name}" for name, column, _ in _measures(source)
    ]
    raw.engine.run(
        f"CREATE TABLE parsed AS SELECT {', '.join(columns)}, __file, __row, __file * 10000000000 + __row AS __at FROM raw",
        {"time_format": time.format},
    )
    _refuse(raw, time.column, "t IS NULL", "cannot be read as a period", _time_remedy(raw.name, time))
    for name, column, _ in _measures(source):
        given = f"({missing_as_null('__raw')}) IS NOT NULL"
        bad = f"{given} AND ({name} IS NULL OR NOT isfinite({name}))"
        _refuse(
            raw, column, bad, "is not a number", "Write plain numbers: 1234567.89, without groups and signs of money."
        )
    for name, column in _keys(source):
        lost = raw.engine.run(f"SELECT count(*) FROM parsed WHERE {name} IS NULL")[0][0]
        if lost == raw.rows:
            raise raw.error("the whole column is empty", column=column, remedy=f"Correct sources.{raw.name}.")


def _time_remedy(name: str, time: TimeColumn) -> str:
    if time.format:
        return f"It should look like {time.format}; correct sources.{name}.time.format."
    return f'Write 2026-07-19, or name its form: sources.{name}.time.format: "%d/%m/%Y".'


def _refuse(raw: Raw, column: str, condition: str, problem: str, remedy: str) -> None:
    found = raw.engine.run(
        f"SELECT __file, __row, __raw FROM (SELECT __file, __row, {quoted(column)} AS __raw FROM raw) "
        f"JOIN parsed USING (__file, __row) WHERE {condition} "
        "ORDER BY __file, __row LIMIT 1"
    )
    if found:
        file, row, value = found[0]
        shown = "an empty cell" if value is None or not str(value).strip() else repr(str(value)[:60])
        raise raw.error(f"{shown} {problem}", column=column, place=(file, row), remedy=remedy)


def _check_weekdays(raw: Raw, time: TimeColumn) -> None:
    if time.every != "week":
        return
    odd = raw.engine.run(
        "SELECT __file, __row, t::DATE, isodow(t), (SELECT mode(isodow(t)) FROM parsed) AS usual FROM parsed "
        "WHERE isodow(t) <> usual ORDER BY __file, __row LIMIT 1"
    )
    if odd:
        file, row, day, *_ = odd[0]
        problem = f"the week that begins on {day} does not begin on the weekday of the others"
        remedy = f"Correct the row, or sources.{raw.name}.time.every."
        raise raw.error(problem, column=time.column, place=(file, row), remedy=remedy)


def _drop_incomplete(raw: Raw, time: TimeColumn, as_of: datetime, built: Built) -> None:
    starts = [row[0] for row in raw.engine.run("SELECT DISTINCT t FROM parsed ORDER BY t")]
    complete = [start for start in starts if is_complete(start, time, as_of)]
    if not complete:
        remedy = "Ask again when a period is over, or with a later --as-of."
        raise raw.error(
            f"none of its periods was over at {as_of.isoformat(timespec='minutes')}", column=time.column, remedy=remedy
        )
    built.first, built.last = complete[0], complete[-1]
    if open_ones := [start for start in starts if start not in set(complete)]:
        raw.engine.run("DELETE FROM parsed WHERE t > $last::TIMESTAMP", {"last": built.last})
        which = f"the {time.every} that begins on {open_ones[0]:%Y-%m-%d} is not over"
        rest = f", nor are {len(open_ones) - 1} after it" if len(open_ones) > 1 else ""
        built.cautions.append(f"{which}{rest}: left out")


def _build_cube(raw: Raw, source: Source, built: Built) -> None:
    names = [name for name, _ in _keys(source)]
    keys = ", ".join(["t", *names])
    totals = ", ".join(
        f"{_TOTALS[total_of(measure)].format(v=name)} AS {name}" for name, _, measure in _measures(source)
    )
    known = " AND ".join(f"{name} IS NOT NULL" for name in names) or "true"
    raw.engine.run(
        f"CREATE TABLE cube AS SELECT {keys}, {totals}, max(__at) AS __at FROM parsed WHERE {known} GROUP BY {keys}"
    )
    rows, lost = raw.engine.run(f"SELECT count(*), count(*) FILTER (NOT ({known})) FROM parsed")[0]
    cells = raw.engine.run("SELECT count(*) FROM cube")[0][0]
    if rows - lost > cells:
        how = ", ".join(f"{column} by {total_of(measure)}" for _, column, measure in _measures(source))
        built.cautions.append(f"{rows - lost - cells} rows repeat a key and were put together: {how}")
    if lost:
        built.cautions.append(f"{lost} rows lack a value that divides the table: left out")


def _build_periods(raw: Raw, time: TimeColumn, built: Built) -> None:
    raw.engine.run(
        f"CREATE TABLE periods AS SELECT t, {index_sql(time.every)} AS n "
        f"FROM generate_series($first::TIMESTAMP, $last::TIMESTAMP, {STEPS[time.every]}) AS s(t)",
        {"first": built.first, "last": built.last},
    )
    gaps = raw.engine.run(
        "SELECT count(*), min(t)::DATE FROM periods WHERE t NOT IN (SELECT DISTINCT t FROM cube WHERE t IS NOT NULL)"
    )[0]
    if gaps[0]:
        built.cautions.append(f"{gaps[0]} {time.every}s are missing, the first begins on {gaps[1]}")


def _build_series(raw: Raw, source: Source, time: TimeColumn, built: Built) -> None:
    raw.engine.run(
        "CREATE TABLE series (measure VARCHAR, level TINYINT, dim VARCHAR, place VARCHAR, subject VARCHAR, "
        "alone BOOLEAN, t TIMESTAMP, n INTEGER, v DOUBLE)"
    )
    for name, column, measure in _measures(source):
        value = _TOTALS[total_of(measure)].format(v=name)
        for level, dim, label, keys in _levels(source):
            subject = "subject" if source.subject and level in (1, 3) else "NULL"
            alone = _alone(dim) if level == 3 else "false"
            grouped = ", ".join(["t", *keys])
            raw.engine.run(
                f"INSERT INTO series SELECT {literal(column)}, {level}, {literal(label) if label else 'NULL'}, "
                f"{dim or 'NULL'}, {subject}, {alone}, t, {index_sql(time.every)}, {value} AS value "
                f"FROM cube GROUP BY {grouped} HAVING value IS NOT NULL",
                {"first": built.first},
            )


def _alone(dim: str | None) -> str:
    """Whether a subject stands in one value of the dimension only, so that level 1 says the same more broadly."""
    return f"min(subject) IN (SELECT subject FROM cube GROUP BY subject HAVING count(DISTINCT {dim}) = 1)"


def _levels(source: Source) -> Iterator[tuple[int, str | None, str | None, list[str]]]:
    """(level, canonical dimension, its own name, grouping keys), the broadest first."""
    dims = [(f"d{number}", column) for number, column in enumerate(source.dimensions, start=1)]
    if source.subject:
        yield 1, None, None, ["subject"]
        yield from ((3, dim, column, [dim, "subject"]) for dim, column in dims)
        return
    yield 0, None, None, []
    yield from ((2, dim, column, [dim]) for dim, column in dims)


def _find_rounding(raw: Raw, source: Source, built: Built) -> None:
    for name, column, _ in _measures(source):
        filled = f"{name} IS NOT NULL AND {name} <> 0"
        count, whole = raw.engine.run(
            f"SELECT count(*), coalesce(bool_and({name} = round({name})), false) FROM parsed WHERE {filled}"
        )[0]
        if count < _ENOUGH or not whole:
            continue
        for grain in _GRAINS:
            if raw.engine.run(f"SELECT bool_and({name} % {grain} = 0) FROM parsed WHERE {filled}")[0][0]:
                built.rounded_to[column] = grain
                built.cautions.append(f"{column} is rounded to {grain:,}")
                break


def _build_cohort(raw: Raw, source: Source, cohort: Cohort) -> None:
    subject = missing_as_null(quoted(source.subject)) if source.subject else "NULL"
    time = start_sql(source.time, quoted(source.time.column), None) if source.time else "NULL::TIMESTAMP"
    columns = {"people": cohort.people, "times": cohort.times}
    cast = ", ".join(
        f"TRY_CAST({missing_as_null(quoted(column))} AS DOUBLE) AS {name}" for name, column in columns.items()
    )
    raw.engine.run(
        f"CREATE TABLE parsed AS SELECT {subject} AS subject, {time} AS t, {cast}, __file, __row FROM raw",
        {"time_format": source.time.format if source.time else None},
    )
    for name, column in columns.items():
        bad = f"{name} IS NULL OR {name} < 0 OR {name} <> round({name})"
        _refuse(raw, column, bad, "is not a count", "Write whole numbers of 0 or more.")
    if source.subject:
        _refuse(raw, source.subject, "subject IS NULL", "is no subject", "Say what each row is about.")
    if source.time:
        _refuse(raw, source.time.column, "t IS NULL", "cannot be read as a period", _time_remedy(raw.name, source.time))
    raw.engine.run(
        "CREATE TABLE cohort AS SELECT subject, people::BIGINT AS people, times::BIGINT AS times, t FROM parsed"
    )
