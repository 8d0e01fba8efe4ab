"""`outlier`: one period far above or below what its own season and past lead one to expect.

What is usual is the median of the same hour, weekday, week or month before, up to eight of them, where the table is six such
cycles long or longer; else of the last 26 periods. What all subjects do at once is taken out. The distance, in robust standard
deviations (1.4826 times the median absolute deviation; Hampel 1974), has to stand out of those of the whole field by a gap
that their tail does not explain (`chance.outstanding`; Rényi 1953, Hill 1975). A neighbouring period that is as far away makes
it no single one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import Expected, Peak, expected, peaks, usual
from assistant.insights.chance import at_least, at_most
from assistant.insights.kind import Finding, Readable, Sizes, Window, countable, listed, measured, names, ratio, unit_of
from assistant.insights.movement import Field

RATIO = 1.25  # nearer to the usual it is not worth a word
DIRECTIONS = {"high": 1.0, "low": -1.0}


@dataclass(frozen=True)
class Outlier:
    """A cell of a field, what it usually would be, and by a shorter look back."""

    peak: Peak
    direction: str
    usual: float
    lately: float


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series and direction: the period in the window that is furthest from the usual."""
    measures = countable(table)
    sizes = Sizes(table, listed(measures))
    read = expected(table, measures, window)
    for each in read:
        for one in _outliers(table, window, each):
            yield from _finding(table, window, each.field, one, sizes, len(DIRECTIONS) * len(read))


def _outliers(table: Readable, window: Window, each: Expected) -> Iterator[Outlier]:
    field, scores = each.field, each.scores
    logs = np.log(np.where(field.values > 0, field.values, np.nan))
    for direction, sign in DIRECTIONS.items():
        told: set[int] = set()
        for peak in peaks(sign * scores, window.oldest - field.oldest):
            if peak.row in told or field.oldest + peak.column < window.oldest or not _single(scores, peak):
                continue
            told.add(peak.row)
            lately = usual(logs[peak.row : peak.row + 1], table.every, share=0.5)[0, peak.column]
            usually = float(np.exp(each.logs[peak.row, peak.column]))
            yield Outlier(peak, direction, usually, float(np.exp(lately)))


def _single(scores: np.ndarray, peak: Peak) -> bool:
    """Whether neither neighbour is half as far away, to the same side."""
    row, at = scores[peak.row], peak.column
    neighbours = [row[near] / row[at] for near in (at - 1, at + 1) if 0 <= near < len(row)]
    return all(np.isnan(share) or share < 0.5 for share in neighbours)


def _finding(
    table: Readable, window: Window, field: Field, one: Outlier, sizes: Sizes, tests: int
) -> Iterator[Finding]:
    peak = one.peak
    value = float(field.values[peak.row, peak.column])
    measure, subject, dim, place = names(field.heads[peak.row])
    level, n = int(field.heads[peak.row]["level"]), field.oldest + peak.column
    away = DIRECTIONS[one.direction] * np.log(value / one.usual)
    shaken = DIRECTIONS[one.direction] * np.log(value / one.lately)
    if away < np.log(RATIO) or abs(value - one.usual) <= table.rounded_to.get(measure, 0):
        return
    yield Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=field.start(peak.column),
        end=field.start(peak.column), age=window.newest - n, value=value,
        unit=unit_of(table.source.measures[measure], measure),
        facts=(
            measured(table, measure, "usual", _as_exact(table, measure, one.usual, value)),
            ratio(value, one.usual),
        ),
        params={"direction": one.direction, "level": level},
        evidence=evidence.select(table, measure, [subject] if subject else [], dim, place),
        impact=sizes.share_below(measure, level, max(value, one.usual)),
        robustness=min(1.0, float(shaken / away) * 2 - 1) if np.isfinite(shaken) else 0.5,
        simplicity=0.9 if dim is None else 0.65,
        p=max(peak.p, _counted(table, window, field, value, one)),
        tests=tests,
    )  # fmt: skip


def _counted(table: Readable, window: Window, field: Field, value: float, one: Outlier) -> float:
    """The chance of it among all that was looked at, were it a count and nothing else."""
    grain = table.rounded_to.get(str(field.heads[one.peak.row]["measure"]), 1.0)
    chance = at_least if one.direction == "high" else at_most
    cells = int((~np.isnan(field.values[:, max(0, window.oldest - field.oldest) :])).sum())
    return min(1.0, cells * chance(value / grain, one.usual / grain))


def _as_exact(table: Readable, measure: str, expected: float, value: float) -> float:
    """What is usual, no more exact than the source's figures are."""
    grain = table.rounded_to.get(measure) or (1.0 if value.is_integer() else 0.0)
    return round(expected / grain) * grain if grain else expected
