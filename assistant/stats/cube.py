"""`raw` → the canonical relations that the finders query (docs/architecture.md): cube, periods, heads, points, series; or
cohort.

One pass over the rows groups them by their labels as they are written; everything after that works on what is left. A label
or a number that cannot be read is an error with its row; a period that is not over is left out, and said so; rows that share
a key are put together by the measure's `total`, and said so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.config import Measure, Source, TimeColumn
from assistant.stats.cohort import build_cohort
from assistant.stats.contributors import build_contributed
from assistant.stats.engine import literal, quoted
from assistant.stats.loading import Raw, refuse_identical_rows, refuse_ids
from assistant.stats.periods import calendar, is_complete, read_labels
from assistant.stats.profile import about_measures
from assistant.stats.written import (
    is_exact,
    is_text,
    is_whole,
    missing_as_null,
    number,
    refuse,
    refuse_labels,
    time_remedy,
    unreadable,
)

# how rows are put together, then groups of them, then cells
_ROWS = {"sum": "sum({v})", "mean": "sum({v})", "min": "min({v})", "max": "max({v})",
         "last": "arg_max({v}, CASE WHEN {v} IS NOT NULL THEN __at END)"}  # fmt: skip
_PARTS = {"sum": "sum({v})", "mean": "sum({v}) / nullif(sum({v}_count), 0)", "min": "min({v})", "max": "max({v})",
          "last": "arg_max({v}, {v}_at)"}  # fmt: skip
_CELLS = {**_ROWS, "mean": "avg({v})", "last": "arg_max({v}, {v}_at)"}
_GRAINS = [10**power for power in range(9, 0, -1)]
_ENOUGH = 20  # so many values before a common last zero is believed to be rounding


@dataclass
class Built:
    """What the relations turned out to be."""

    first: datetime | None = None
    last: datetime | None = None
    rounded_to: dict[str, float] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)
    about: dict[str, tuple[str, ...]] = field(default_factory=dict)


def total_of(measure: Measure) -> str:
    """How rows are put together: as declared; a rank by its better end; else the sum."""
    if measure.total:
        return measure.total
    if measure.unit == "rank" or measure.better == "low":
        return "min" if measure.better == "low" else "max"
    return "sum"


def build(raw: Raw, source: Source, as_of: datetime) -> Built:
    """Make the relations; `SourceError` names the first row that cannot be read."""
    built = Built()
    if source.cohort is not None:
        build_cohort(raw, source, source.cohort)
        return built
    if source.time is None:  # the config demands one
        raise raw.error("a table of measures needs a time column", remedy="Add time: {column: …, every: week}.")
    _group(raw, source)
    rows = _read_periods(raw, source.time, as_of, built)
    _refuse_numbers(raw, source)
    _build_cube(raw, source, built, _look_at_keys(raw, source), rows)
    _find_gaps(raw, source.time, built)
    _build_series(raw, source)
    _find_rounding(raw, source, built)
    raw.engine.drop("grouped")
    if source.contributor:
        build_contributed(raw, source, source.time, list(_keys(source)))
    if built.first:
        ranks = [column for _, column, measure in _measures(source) if measure.unit == "rank"]
        built.about = about_measures(raw.engine, built.first, list(source.measures), ranks)
    return built


def _keys(source: Source) -> Iterator[tuple[str, str]]:
    """The canonical name of each dividing column and its own."""
    if source.subject:
        yield "subject", source.subject
    yield from ((f"d{number}", column) for number, column in enumerate(source.dimensions, start=1))


def _measures(source: Source) -> Iterator[tuple[str, str, Measure]]:
    yield from ((f"m{n}", column, measure) for n, (column, measure) in enumerate(source.measures.items(), start=1))


def _keyed(source: Source) -> Iterator[tuple[str, str]]:
    """The canonical name of each column that rows are grouped by, and its own; the label of the period stands first."""
    if source.time:
        yield "label", source.time.column
        if source.time.hour:
            yield "hour", source.time.hour
    yield from _keys(source)


def _group(raw: Raw, source: Source) -> None:
    """The one pass over the rows. What writes each of its values in one way is made a text afterwards."""
    keys = [(name, quoted(column), is_exact(raw, column)) for name, column in _keyed(source)]
    read = [f"{column if exact else f'CAST({column} AS VARCHAR)'} AS {name}" for name, column, exact in keys]
    read += [f"{number(raw, column)} AS {name}" for name, column, _ in _measures(source)]
    read += [f"{quoted(column)} AS {name}_text" for name, column, _ in _measures(source) if is_text(raw, column)]
    texts = [f"CAST(read.{name} AS VARCHAR) AS {name}" if exact else f"read.{name}" for name, _, exact in keys]
    grouped = [part for measure in _measures(source) for part in _grouped(raw, *measure)]
    raw.engine.make(
        "grouped",
        f"SELECT {', '.join([*texts, *grouped])}, count(*) AS __rows FROM (SELECT {', '.join(read)}, __at FROM raw) AS read "
        f"GROUP BY {', '.join(f'read.{name}' for name, *_ in keys)}",
    )
    if raw.engine.run("SELECT max(__rows) FROM grouped")[0][0] > 1:  # only rows of one key can be the same
        refuse_identical_rows(raw)


def _grouped(raw: Raw, name: str, column: str, measure: Measure) -> Iterator[str]:
    """The columns of `grouped` that a measure has."""
    total = total_of(measure)
    yield f"{_ROWS[total].format(v=name)} AS {name}"
    if total == "mean":
        yield f"count({name}) AS {name}_count"
    if total == "last":
        yield f"max(CASE WHEN {name} IS NOT NULL THEN __at END) AS {name}_at"
    if is_text(raw, column):
        bad = unreadable(raw, column, name).replace(quoted(column), f"{name}_text")
        yield f"max(CASE WHEN {bad} THEN 1 ELSE 0 END) AS {name}_bad"
    elif not is_whole(raw, column) and total not in ("sum", "mean"):  # a sum shows by itself what it is made of
        yield f"max(CASE WHEN isnan({name}) OR isinf({name}) THEN 1 ELSE 0 END) AS {name}_bad"


def _read_periods(raw: Raw, time: TimeColumn, as_of: datetime, built: Built) -> int:
    """`labels` and `periods`: what each label means, and the calendar of the complete periods; how many rows these have."""
    hour = "hour" if time.hour else "NULL"
    written = raw.engine.run(
        f"SELECT label, {hour}, sum(__rows) FROM grouped GROUP BY label{', hour' if time.hour else ''}"
    )
    starts = read_labels(raw.engine, time, [(label, hour) for label, hour, _ in written])
    unread = [row[:2] for row, start in zip(written, starts, strict=True) if start is None]
    if unread:
        refuse_labels(raw, time, unread, "cannot be read as a period", time_remedy(raw.name, time))
    known = [(label, hour, rows, start) for (label, hour, rows), start in zip(written, starts, strict=True) if start]
    if time.every == "week":
        _check_weekdays(raw, time, known)
    _leave_out_incomplete(raw, time, as_of, sorted({start for *_, start in known}), built)
    told = [row for row in known if built.last and row[3] <= built.last]
    if built.first and built.last:
        columns = {"label": ("VARCHAR", [row[0] for row in told]), "t": ("TIMESTAMP", [row[3] for row in told])}
        raw.engine.put("labels", {**columns, **({"hour": ("VARCHAR", [row[1] for row in told])} if time.hour else {})})
        days = list(calendar(built.first, built.last, time.every))
        raw.engine.put("periods", {"t": ("TIMESTAMP", days), "n": ("INTEGER", range(len(days)))})
    return sum(int(rows) for _, _, rows, _ in told)


def _check_weekdays(raw: Raw, time: TimeColumn, known: Sequence[tuple[str, str | None, int, datetime]]) -> None:
    days: Counter[int] = Counter()
    for *_, rows, start in known:
        days[start.isoweekday()] += rows
    usual = days.most_common(1)[0][0]
    odd = [row for row in known if row[3].isoweekday() != usual]
    if odd:
        at = raw.engine.run(
            f"SELECT __file, __row, CAST({quoted(time.column)} AS VARCHAR) AS label FROM raw "
            f"WHERE CAST({quoted(time.column)} AS VARCHAR) IN ({', '.join(literal(row[0]) for row in odd)}) "
            "ORDER BY __at LIMIT 1"
        )
        file, row, label = at[0]
        day = next(start for other, *_, start in odd if other == label)
        problem = f"the week that begins on {day.date()} does not begin on the weekday of the others"
        remedy = f"Correct the row, or sources.{raw.name}.time.every."
        raise raw.error(problem, column=time.column, place=(file, row), remedy=remedy)


def _leave_out_incomplete(raw: Raw, time: TimeColumn, as_of: datetime, starts: list[datetime], built: Built) -> None:
    complete = [start for start in starts if is_complete(start, time, as_of)]
    if not complete:
        remedy = "Ask again when a period is over, or with a later --as-of."
        raise raw.error(
            f"none of its periods was over at {as_of.isoformat(timespec='minutes')}", column=time.column, remedy=remedy
        )
    built.first, built.last = complete[0], complete[-1]
    if open_ones := starts[len(complete) :]:
        which = f"the {time.every} that begins on {open_ones[0]:%Y-%m-%d} is not over"
        rest = f", nor are {len(open_ones) - 1} after it" if len(open_ones) > 1 else ""
        built.cautions.append(f"{which}{rest}: left out")


def _refuse_numbers(raw: Raw, source: Source) -> None:
    remedy = "Write plain numbers: 1234567.89, without groups and signs of money."
    grouped = raw.engine.types("grouped")
    for name, column, _ in _measures(source):
        seen = (
            f"{name}_bad" if f"{name}_bad" in grouped else f"CASE WHEN isnan({name}) OR isinf({name}) THEN 1 ELSE 0 END"
        )
        if raw.engine.run(f"SELECT max({seen}) FROM grouped")[0][0]:
            refuse(raw, column, unreadable(raw, column, f"({number(raw, column)})"), "is not a number", remedy)


@dataclass(frozen=True)
class Key:
    """A dividing column: whether some of its values have blanks around them, whether some are missing."""

    name: str
    blanks: bool
    gaps: bool


def _look_at_keys(raw: Raw, source: Source) -> list[Key]:
    """What stands in each dividing column; refuse one that is empty, or that looks like persons."""
    keys: list[Key] = []
    for name, column in _keys(source):
        gone = f"CASE WHEN ({missing_as_null(name)}) IS NULL THEN 1 ELSE 0 END"
        distinct, blanks, some, every = raw.engine.run(
            f"SELECT count({name}), max(CASE WHEN trim({name}) <> {name} THEN 1 ELSE 0 END), max({gone}), min({gone}) "
            f"FROM (SELECT DISTINCT {name} FROM grouped) AS named"
        )[0]
        if every:
            raise raw.error("the whole column is empty", column=column, remedy=f"Correct sources.{raw.name}.")
        refuse_ids(raw, column, int(distinct))
        keys.append(Key(name, bool(blanks), bool(some)))
    return keys


def _build_cube(raw: Raw, source: Source, built: Built, keys: list[Key], rows: int) -> None:
    by = ", ".join(["t", *(key.name for key in keys)])
    texts = [
        f"{missing_as_null(f'grouped.{key.name}') if key.blanks or key.gaps else key.name} AS {key.name}"
        for key in keys
    ]
    hour = " AND grouped.hour IS NOT DISTINCT FROM labels.hour" if source.time and source.time.hour else ""
    others = [
        column for column in raw.engine.types("grouped") if column not in ("label", "hour", *(key.name for key in keys))
    ]
    raw.engine.view(
        "cells",
        f"SELECT {', '.join(['t', *texts, *others])} FROM grouped JOIN labels ON grouped.label = labels.label{hour}",
    )
    known = " AND ".join(f"{key.name} IS NOT NULL" for key in keys if key.gaps)
    where = f" WHERE {known}" if known else ""
    kept = raw.engine.run(f"SELECT coalesce(sum(__rows), 0) FROM cells{where}")[0][0] if known else rows
    alone = _one_spelling(raw) and not any(key.blanks for key in keys)
    totals = ", ".join(part for name, _, measure in _measures(source) for part in _totals(name, measure, alone=alone))
    raw.engine.make("cube", f"SELECT {by}, {totals} FROM cells{where}{'' if alone else f' GROUP BY {by}'}")
    cells = raw.engine.run("SELECT count(*) FROM cube")[0][0]
    if kept > cells and not source.contributor:  # of which there is a row each
        how = ", ".join(f"{column} by {total_of(measure)}" for _, column, measure in _measures(source))
        built.cautions.append(f"{kept - cells} rows repeat a key and were put together: {how}")
    if rows > kept:
        built.cautions.append(f"{rows - kept} rows lack a value that divides the table: left out")


def _one_spelling(raw: Raw) -> bool:
    """Whether each period has one label."""
    labels, periods = raw.engine.run("SELECT count(*), count(DISTINCT t) FROM labels")[0]
    return bool(labels == periods)


def _totals(name: str, measure: Measure, *, alone: bool) -> Iterator[str]:
    """The columns of `cube` that a measure has; `alone`: each group is a cell already."""
    total = total_of(measure)
    if alone:
        yield f"{name} / nullif({name}_count, 0) AS {name}" if total == "mean" else name
    else:
        yield f"{_PARTS[total].format(v=name)} AS {name}"
    if total == "last":
        yield f"{name}_at" if alone else f"max({name}_at) AS {name}_at"


def _find_gaps(raw: Raw, time: TimeColumn, built: Built) -> None:
    gaps, first = raw.engine.run(
        "SELECT count(*), min(p.t) FROM periods AS p LEFT JOIN (SELECT DISTINCT t FROM cube) AS c ON p.t = c.t WHERE c.t IS NULL"
    )[0]
    if gaps:
        built.cautions.append(f"{gaps} {time.every}s are missing, the first begins on {first:%Y-%m-%d}")


def _build_series(raw: Raw, source: Source) -> None:
    """`heads` name the series, `points` are their values, `series` is both."""
    levels = list(_levels(source))
    heads = [_heads(column, *level) for _, column, _ in _measures(source) for level in levels]
    raw.engine.make(
        "heads",
        "SELECT CAST(row_number() OVER (ORDER BY measure, level, dim, place, subject) AS INTEGER) AS s, "
        "CAST(dense_rank() OVER (ORDER BY measure, level, dim, place) AS INTEGER) AS f, * "
        f"FROM ({' UNION ALL '.join(heads)}) AS named",
    )
    points = [
        _points(source, name, column, measure, level) for name, column, measure in _measures(source) for level in levels
    ]
    raw.engine.make("points", " UNION ALL ".join(points))
    raw.engine.view(
        "series",
        "SELECT points.s, f, measure, level, dim, place, subject, alone, t, n, v FROM points JOIN heads ON points.s = heads.s",
    )


Level = tuple[int, str | None, str | None, list[str]]


def _heads(column: str, number: int, dim: str | None, label: str | None, keys: list[str]) -> str:
    """The series of a measure at a level; `alone`: its subject has no other place, so that level 1 says the same."""
    place = dim or "CAST(NULL AS VARCHAR)"
    subject = "subject" if "subject" in keys else "CAST(NULL AS VARCHAR)"
    alone = "count(*) OVER (PARTITION BY subject) = 1" if number == 3 else "false"
    named = f"{literal(label)}" if label else "CAST(NULL AS VARCHAR)"
    rows = f"(SELECT DISTINCT {', '.join(keys)} FROM cube) AS k" if keys else "(SELECT 1 AS one) AS k"
    return (
        f"SELECT {literal(column)} AS measure, CAST({number} AS TINYINT) AS level, {named} AS dim, {place} AS place, "
        f"{subject} AS subject, {alone} AS alone FROM {rows}"
    )


def _points(source: Source, name: str, column: str, measure: Measure, level: Level) -> str:
    number, dim, label, keys = level
    value = _CELLS[total_of(measure)].format(v=name)
    grouped = ", ".join(["t", *keys])
    whole = set(keys) == {key for key, _ in _keys(source)}  # then a cell is a point
    cells = f"SELECT {grouped}, {name if whole else value} AS v FROM cube{'' if whole else f' GROUP BY {grouped}'}"
    same = [f"measure = {literal(column)}", f"level = {number}"]
    same += [f"dim = {literal(label)}", f"place = {dim}"] if label else []
    same += ["heads.subject = c.subject"] if "subject" in keys else []
    return (
        f"SELECT s, n, c.t AS t, v FROM ({cells}) AS c JOIN periods ON periods.t = c.t "
        f"JOIN heads ON {' AND '.join(same)} WHERE v IS NOT NULL"
    )


def _levels(source: Source) -> Iterator[Level]:
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
        if raw.engine.run(f"SELECT 1 FROM grouped WHERE {name} % 10 <> 0 LIMIT 1"):
            continue  # what is put together of tens would be tens
        grains = ", ".join(f"min(CASE WHEN v % {grain} <> 0 THEN 0 ELSE 1 END)" for grain in _GRAINS)
        count, *fits = raw.engine.run(
            f"SELECT count(*), {grains} FROM (SELECT {number(raw, column)} AS v FROM raw) AS read WHERE v <> 0"
        )[0]
        grain = next((grain for grain, fit in zip(_GRAINS, fits, strict=True) if fit), None)
        if count >= _ENOUGH and grain:
            built.rounded_to[column] = grain
            built.cautions.append(f"{column} is rounded to {grain:,}")
