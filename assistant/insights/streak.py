"""`streak`: so many periods in a row: in the table at all, in first place, rising, or at or above a level.

Jiang et al. (KDD 2011) call them prominent streaks. How long runs get by chance is told in `runs`: being there and being first
by how often the subject, and the others, go on; rising by a first-order process around the season; a level by Mann &
Whitney's ranks (1947), times the lengths that were tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from assistant.insights import evidence
from assistant.insights.baseline import BACK, Series, series
from assistant.insights.kind import (
    UNITS,
    Finding,
    Readable,
    Window,
    countable,
    day_fact,
    listed,
    measured,
    moment,
    names,
    number,
    rows,
)  # fmt: skip
from assistant.insights.movement import Field, fields
from assistant.insights.runs import Above, Persistence, above, leading, rising
from assistant.models import Fact

LEAST = {"present": 8, "first": 5, "rising": 5, "above": 10}
# islands: consecutive n of one series minus their running number are one constant
_PRESENT = """
WITH told AS (SELECT s FROM heads WHERE subject IS NOT NULL AND NOT alone AND measure = $measure),
marked AS (
  SELECT points.s AS s, n, t, v, n - row_number() OVER (PARTITION BY points.s ORDER BY n) AS island
  FROM points JOIN told ON told.s = points.s),
runs AS (
  SELECT s, count(*) AS length, min(n) AS first, max(n) AS final,
    min(t) AS start, max(t) AS stop, min(v) AS floor, max(v) AS ceiling
  FROM marked GROUP BY s, island)
SELECT runs.*, measure, level, dim, place, subject FROM runs JOIN heads ON heads.s = runs.s
"""
_FIRST = """
WITH ranked AS (
  SELECT *, CASE WHEN measure IN {ranks} THEN v
    ELSE rank() OVER (PARTITION BY f, n ORDER BY v DESC) END AS place_in_period,
    count(*) OVER (PARTITION BY f, n) AS rivals
  FROM series WHERE subject IS NOT NULL AND (measure IN {ranks} OR measure IN {measures})
    AND NOT (measure IN {ranks} AND level = 1 AND $divided)),
leaders AS (SELECT * FROM ranked WHERE place_in_period = 1 AND rivals > 2),
marked AS (
  SELECT *, n - row_number() OVER (PARTITION BY s ORDER BY n) AS island FROM leaders)
SELECT measure, level, dim, place, subject, count(*) AS length, min(n) AS first, max(n) AS final,
  min(t) AS start, max(t) AS stop, min(v) AS floor, max(v) AS ceiling
FROM marked GROUP BY measure, level, dim, place, subject, island
"""
_RISING = """
WITH told AS (SELECT s FROM heads WHERE NOT alone AND measure IN {measures}),
steps AS (
  SELECT points.s AS s, n, t, v, CASE WHEN v > lag(v) OVER w AND n = lag(n) OVER w + 1 THEN 0 ELSE 1 END AS broke
  FROM points JOIN told ON told.s = points.s WINDOW w AS (PARTITION BY points.s ORDER BY n)),
marked AS (SELECT *, sum(broke) OVER (PARTITION BY s ORDER BY n) AS island FROM steps),
runs AS (
  SELECT s, count(*) - 1 AS length, min(n) AS first, max(n) AS final,
    min(t) AS start, max(t) AS stop, min(v) AS floor, max(v) AS ceiling
  FROM marked GROUP BY s, island),
longest AS (SELECT *, row_number() OVER (PARTITION BY s ORDER BY length DESC, final DESC) AS r FROM runs)
SELECT longest.*, measure, level, dim, place, subject FROM longest JOIN heads ON heads.s = longest.s WHERE r = 1
"""
Read = Mapping[Series, tuple[Field, int]]
Tried = tuple[int, list[Finding]]
_PERIODS = "SELECT count(*) AS periods FROM periods"


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """The longest run of each mode and series that ends in the window."""
    good = countable(table)
    read = {
        series(head): (field, row)
        for field in fields(table, good, window, back=BACK[table.every], least=LEAST["rising"])
        for row, head in enumerate(field.heads)
    }
    modes = [
        _present(table, window),
        _first(table, window, read),
        _rising(table, window, read),
        _above(table, window, read),
    ]
    tests = sum(tried for tried, _ in modes)
    yield from (replace(one, tests=tests) for _, found in modes for one in found)


def _present(table: Readable, window: Window) -> Tried:
    """In the table; who is always there has no runs to tell."""
    measures = countable(table) or list(table.source.measures)
    if not measures:
        return 0, []
    periods = int(table.engine.query(_PERIODS)["periods"][0])
    runs = list(rows(table.engine.query(_PRESENT, {"measure": measures[0]})))
    found = [_finding(table, window, run, "present", p) for run, p in _persisting(window, runs, "present", periods)]
    return _series([run for run in runs if int(run["length"]) < periods]), found


def _first(table: Readable, window: Window, read: Read) -> Tried:
    """In first place, by a rank if there is one; who is so anyhow has no streak either."""
    ranks = [name for name, measure in table.source.measures.items() if measure.unit == "rank"]
    periods = int(table.engine.query(_PERIODS)["periods"][0])
    sql = _FIRST.format(ranks=listed(ranks), measures=listed([] if ranks else countable(table)))
    options = {"divided": bool(table.source.dimensions)}  # a rank is one of its own list: overall it says nothing
    runs = list(rows(table.engine.query(sql, options)))
    found = []
    for run, p in _persisting(window, runs, "first", periods):
        where = read.get(series(run))
        anyhow = leading(*where, _columns(run, where[0]), window) if where is not None else 0.0
        found.append(_finding(table, window, run, "first", max(p, anyhow)))
    return _series(runs), found


def _rising(table: Readable, window: Window, read: Read) -> Tried:
    """Higher each time than the time before."""
    runs = list(rows(table.engine.query(_RISING.format(measures=listed(countable(table))))))
    found = [
        _finding(table, window, run, "rising", _climbing(table, window, run, *where))
        for run in _longest(runs, window, LEAST["rising"])
        if (where := read.get(series(run))) is not None
    ]
    return _series(runs), found


def _above(table: Readable, window: Window, read: Read) -> Tried:
    """At or above a level up to now."""
    whole = list({id(field): field for field, _ in read.values()}.values())
    found = [
        _finding(table, window, _run(field, one), "above", one.p)
        for field in whole
        for one in above(field, table.every)
    ]
    return sum(len(field.heads) for field in whole), found


def _columns(run: dict[str, Any], field: Field) -> range:
    """The columns of a run, what was not read of the field left out."""
    return range(max(0, int(run["first"]) - field.oldest), int(run["final"]) - field.oldest + 1)


def _climbing(table: Readable, window: Window, run: dict[str, Any], field: Field, row: int) -> float:
    """The chance of a rise that lies within what was read of the field."""
    columns = range(int(run["first"]) - field.oldest, int(run["final"]) - field.oldest)
    return rising(field, row, columns, table.every, window) if columns.start >= 0 else 1.0


def _run(field: Field, one: Above) -> dict[str, Any]:
    """A run above a level, with the columns that the others have."""
    values = field.values[one.row, -one.length :]
    return {
        **field.heads[one.row], "length": one.length, "first": field.newest - one.length + 1, "final": field.newest,
        "start": field.times[-one.length], "stop": field.times[-1], "floor": one.level, "ceiling": values.max(),
    }  # fmt: skip


def _series(runs: list[dict[str, Any]]) -> int:
    """How many series were looked at."""
    return len({(run["measure"], run["level"], run["dim"], run["place"], run["subject"]) for run in runs})


def _persisting(
    window: Window, runs: list[dict[str, Any]], mode: str, periods: int
) -> Iterator[tuple[dict[str, Any], float]]:
    """The longest run of each series and its chance; who is there always has no streak."""
    persistence = Persistence(runs, window)
    for run in _longest(runs, window, LEAST[mode]):
        if int(run["length"]) < periods:
            yield run, persistence.chance(run)


def _longest(runs: list[dict[str, Any]], window: Window, least: int) -> list[dict[str, Any]]:
    best: dict[tuple[Any, ...], dict[str, Any]] = {}
    for run in runs:
        if int(run["length"]) < least:
            continue
        key = (run["measure"], run["level"], run["dim"], run["place"], run["subject"])
        if key not in best or run["length"] > best[key]["length"]:
            best[key] = run
    return [run for run in best.values() if window.oldest <= run["final"] <= window.newest]


def _finding(table: Readable, window: Window, run: dict[str, Any], mode: str, p: float) -> Finding:
    measure, subject, dim, place = names(run)
    length = int(run["length"])
    start, stop = moment(run["start"]), moment(run["stop"])
    unit = UNITS[table.every]
    facts = [Fact("length", length, unit), day_fact("since", start)]
    if mode == "rising":
        facts += _rise(table, measure, run)
    if mode == "first":
        facts.append(Fact("level", 1, "rank"))
    if mode == "above":
        facts.append(measured(table, measure, "at_least", run["floor"]))
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=stop,
        age=window.newest - int(run["final"]), value=length, unit=unit, facts=tuple(facts),
        params={"mode": mode, "level": int(run["level"]), "ongoing": int(run["final"]) == window.newest},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=min(1.0, length / (12 if mode == "rising" else 26)),
        robustness=min(1.0, (length - LEAST[mode] + 2) / 6),  # one period less, and it would still be one
        simplicity={"present": 1.0, "first": 1.0, "rising": 0.8, "above": 0.7}[mode] - (0.2 if dim else 0),
        p=p,
    )  # fmt: skip


def _rise(table: Readable, measure: str, run: dict[str, Any]) -> list[Fact]:
    ratio = float(run["ceiling"]) / float(run["floor"]) if run["floor"] else 0
    return [
        measured(table, measure, "from", number(run["floor"])),
        measured(table, measure, "to", number(run["ceiling"])),
        Fact("ratio", round(ratio, 2), "ratio"),
    ]
