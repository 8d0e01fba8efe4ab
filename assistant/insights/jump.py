"""`jump`: the largest rise or fall of a series from one period to the next, in value, or the largest rise in places.

A move is the logarithm of the ratio, without what the season and the whole field do at once, in robust standard deviations
of the series' own moves; in a rank it is the places gained. That it is the largest proves nothing: it has to stand out of
the moves of all series of its field by a gap that their tail does not explain (`chance.outstanding`; Rényi 1953, Hill 1975), or
what it led to has to stand out of what was to be expected (`baseline.apart`): of two periods' noise a move has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import BACK, Apart, Peak, Series, apart, deviations, peaks, series, unseasoned
from assistant.insights.chance import halved, outstanding
from assistant.insights.kind import (
    Finding,
    Readable,
    Sizes,
    Window,
    countable,
    day_fact,
    last_day,
    listed,
    measured,
    moment,
    names,
    ratio,
    rows,
    unit_of,
)  # fmt: skip
from assistant.insights.movement import Field, fields
from assistant.models import Fact

HISTORY = 12  # moves below which "the largest" says little
RATIO = 1.25  # a smaller rise is not worth a word
BEFORE = 3  # periods whose median it must leave too: a return after a dip or a peak is no jump
DIRECTIONS = {"up": 1.0, "down": -1.0}
BY_MOVE = 0.7  # the weight of the move itself against that of what it led to
PLACES = 3  # places gained below which nobody jumps
# a rank is one of its own list: where the table is divided, overall it says nothing
_CLIMBS = """
WITH moves AS (
  SELECT measure, level, dim, place, subject, t, n, v, lag(v) OVER w AS previous, lag(t) OVER w AS seen,
    CASE WHEN lag(n) OVER w = n - 1 THEN lag(v) OVER w - v END AS gained,
    lag(v, 2) OVER w AS second, lag(v, 3) OVER w AS third
  FROM series WHERE measure IN {ranks} AND subject IS NOT NULL AND NOT (level = 1 AND $divided)
  WINDOW w AS (PARTITION BY s ORDER BY n)),
ordered AS (
  SELECT *, row_number() OVER (PARTITION BY measure, level, dim, place, subject ORDER BY gained DESC, n DESC) AS own,
    row_number() OVER (PARTITION BY measure, level, dim, place ORDER BY gained DESC, n DESC, subject) AS among
  FROM moves WHERE gained IS NOT NULL)
SELECT * FROM ordered WHERE among <= $most ORDER BY measure, level, dim, place, among
"""
_MOST = 100  # the largest climbs of a field, enough to know its tail


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series and direction: its largest move, where that lies in the window."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    read = list(fields(table, measures, window, back=BACK[table.every], least=HISTORY))
    standing_out = apart(table, measures, window)
    found = [
        (field, direction, peak) for field in read for direction, peak in _moves(table, window, field, standing_out)
    ]
    climbs = [list(group) for _, group in groupby(_climbs(table), key=_list)]
    tests = len(DIRECTIONS) * len(read) + len(climbs)
    for field, direction, peak in found:
        yield from _move(table, window, field, direction, peak, sizes, tests)
    for field_climbs in climbs:
        yield from _climbed(table, window, field_climbs, tests)


def _moves(table: Readable, window: Window, field: Field, standing_out: Mapping[Series, Apart]
           ) -> Iterator[tuple[str, Peak]]:  # fmt: skip
    """The largest move of each row up and down, where it stands out of the field, or leads to what does."""
    logs = np.log(np.where(field.values > 0, field.values, np.nan))
    moves = deviations(unseasoned(np.diff(logs, axis=1), table.every))
    for direction, sign in DIRECTIONS.items():
        scores = sign * moves
        largest = np.nanmax(np.where(np.isnan(scores), -np.inf, scores), axis=1)
        found = peaks(scores, window.oldest - field.oldest - 1)  # a move's column is that of the period before
        ps = {peak.row: peak.p / BY_MOVE for peak in found if scores[peak.row, peak.column] == largest[peak.row]}
        for row in np.flatnonzero(largest > 0).tolist():
            column = int(np.nanargmax(scores[row]))
            beside = standing_out[series(field.heads[row])]
            led_to = (beside.chances if sign > 0 else beside.lows).get(field.oldest + column + 1, 1.0)
            p = min(ps.get(row, 1.0), led_to * len(field.heads) / (1 - BY_MOVE))
            if p < 1:
                yield direction, Peak(row, column, p)


def _move(table: Readable, window: Window, field: Field, direction: str, peak: Peak, sizes: Sizes, tests: int
          ) -> Iterator[Finding]:  # fmt: skip
    values, at = field.values[peak.row], peak.column + 1
    previous, value, n = float(values[at - 1]), float(values[at]), field.oldest + at
    measure, subject, dim, place = names(field.heads[peak.row])
    level = int(field.heads[peak.row]["level"])
    moved = DIRECTIONS[direction] * np.log(value / previous)
    if n < window.oldest or moved < np.log(RATIO) or abs(value - previous) <= table.rounded_to.get(measure, 0):
        return
    if direction == "down" and float(np.nanmedian(values[at : at + BEFORE])) > (value + previous) / 2:
        return  # a dip that was over soon is an outlier, no fall
    grain = table.rounded_to.get(measure, 1.0)
    before = max(float(np.nanmedian(values[max(0, at - BEFORE) : at])), 1e-9)
    yield Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=field.start(at), end=field.start(at),
        age=window.newest - n, value=value, unit=unit_of(table.source.measures[measure], measure),
        facts=(
            measured(table, measure, "previous", previous),
            day_fact("previous_date", last_day(field.start(at - 1), table.every)),
            ratio(value, previous),
        ),
        params={"direction": direction, "level": level},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=sizes.share_below(measure, level, max(value, previous)),
        robustness=min(1.0, float(np.log(value / before) / np.log(value / previous)) * 2 - 1),
        simplicity=1.0 if dim is None else 0.75,
        p=max(peak.p, _looked_at(field, window) * halved(previous / grain, value / grain)),
        tests=tests,
    )  # fmt: skip


def _looked_at(field: Field, window: Window) -> int:
    """How many moves."""
    return int((~np.isnan(field.values[:, max(0, window.oldest - field.oldest) :])).sum())


def _list(row: dict[str, Any]) -> tuple[Any, ...]:
    """Which list a rank is of."""
    return row["measure"], int(row["level"]), row["dim"], row["place"]


def _climbs(table: Readable) -> Iterator[dict[str, Any]]:
    ranks = [name for name, measure in table.source.measures.items() if measure.unit == "rank"]
    if not ranks:
        return iter(())
    options = {"divided": bool(table.source.dimensions), "most": _MOST}
    return rows(table.engine.query(_CLIMBS.format(ranks=listed(ranks)), options))


def _climbed(table: Readable, window: Window, climbs: list[dict[str, Any]], tests: int) -> Iterator[Finding]:
    """The climbs that stand out of those of their list; places are whole, so a lead of one is none."""
    gained = np.array([row["gained"] for row in climbs], dtype=float)
    for at, p in outstanding(gained, grain=1.0):
        row = climbs[at]
        told = row["own"] == 1 and window.oldest <= row["n"] <= window.newest and row["gained"] >= PLACES
        if told and p < 1:
            yield _climb(table, window, row, p, tests)


def _climb(table: Readable, window: Window, row: dict[str, Any], p: float, tests: int) -> Finding:
    measure, subject, dim, place = names(row)
    start, gained = moment(row["t"]), float(row["gained"])
    usually = float(np.nanmedian(np.array([row["previous"], row["second"], row["third"]], dtype=float)))
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=start, end=start,
        age=window.newest - int(row["n"]), value=float(row["v"]), unit="rank",
        facts=(
            measured(table, measure, "previous", row["previous"]),
            day_fact("previous_date", last_day(moment(row["seen"]), table.every)),
            Fact("places", int(gained), "places"),
        ),
        params={"direction": "up", "level": int(row["level"])},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=min(1.0, 1 / float(row["v"]) + 0.5) if row["v"] > 0 else 0.0,
        robustness=min(1.0, (usually - float(row["v"])) / gained * 2 - 1),
        simplicity=1.0 if dim is None else 0.75,
        p=p,
        tests=tests,
    )  # fmt: skip
