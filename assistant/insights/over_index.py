"""`over_index`: a place in which a subject has far more of the whole than it has elsewhere.

What the subject and the place are used to is taken out by Tukey's median polish (1977), which no single pair disturbs; the
rest is shrunk: as if each pair had been seen with a little more of exactly what is expected, so that small numbers say little
(what a beta-binomial prior does). By how much a pair has to stand out, the other pairs tell: how far they are from the middle
falls off like a Weibull tail, between a normal curve's and an exponential's, and its mean is that of the outer half, the
largest few taken as just as large as the next one, for they may be what is looked for (Epstein & Sobel 1953, on censored
samples).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePath
from typing import Any

import numpy as np

from assistant.insights.evidence import name, text
from assistant.insights.kind import UNITS, Finding, Readable, Sizes, Window, countable, listed, moment, names, rows
from assistant.models import Fact

FEWEST, MOST = 4, 12  # periods that are added up
PAIRS = 16  # fewer of them have no tail
LEFT_OUT = 5  # how many of them may be what is looked for
BEND = (
    1.4  # the power of a logarithm that falls off like an exponential: 2 would be a normal curve, 1 a power law's tail
)
POLISHED = 8  # times that subjects' and places' medians are taken out
LITTLE = 0.1  # the quantile of what is expected of the pairs that each is credited with besides
RATIO = 1.5  # a smaller one is not worth a word
STILL = 1.2  # it has to be as much in the earlier and in the later half
_PAIRS = """
WITH cells AS (
  SELECT measure, dim, place, subject, bool_or(alone) AS alone, sum(v) AS v,
    sum(CASE WHEN n > $middle THEN v ELSE 0 END) AS late
  FROM series WHERE level = 3 AND measure IN {measures} AND n > $before AND n <= $newest
  GROUP BY measure, dim, place, subject HAVING sum(v) > 0),
sums AS (
  SELECT *, sum(v) OVER here AS here, sum(v) OVER mine AS mine, sum(v) OVER whole AS whole,
    sum(late) OVER here AS here_late, sum(late) OVER mine AS mine_late, sum(late) OVER whole AS whole_late
  FROM cells WINDOW here AS (PARTITION BY measure, dim, place), mine AS (PARTITION BY measure, dim, subject),
    whole AS (PARTITION BY measure, dim))
SELECT measure, 3 AS level, dim, place, subject, v, v / here AS share_here, mine / whole AS share_everywhere,
  (mine - v) / nullif(whole - here, 0) AS share_elsewhere, here * (mine - v) / nullif(whole - here, 0) AS expected,
  late / nullif(here_late, 0) / nullif((mine_late - late) / nullif(whole_late - here_late, 0), 0) AS later,
  (v - late) / nullif(here - here_late, 0)
    / nullif((mine - mine_late - v + late) / nullif(whole - whole_late - here + here_late, 0), 0) AS earlier
FROM sums WHERE NOT alone ORDER BY measure, dim, place, subject
"""
_STARTS = "SELECT min(t) AS start, max(t) AS stop FROM periods WHERE n > $before AND n <= $newest"


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """The pairs of subject and place that stand out of all pairs, over the last periods of the window."""
    measures = [one for one in countable(table) if table.source.measures[one].total in (None, "sum")]
    if not table.source.dimensions:
        return
    periods = max(FEWEST, min(MOST, window.newest - window.oldest + 1))
    options = {
        "newest": window.newest, "before": window.newest - periods, "middle": window.newest - periods // 2,
    }  # fmt: skip
    families = groupby(
        rows(table.engine.query(_PAIRS.format(measures=listed(measures)), options)),
        key=lambda row: (row["measure"], row["dim"]),
    )
    found = [list(pairs) for _, pairs in families]
    told = next(rows(table.engine.query(_STARTS, options)))
    sizes = Sizes(table, listed(measures))
    tests = sum(map(len, found))
    for pairs in found:
        more = surprise(pairs)
        order = np.argsort(-more, kind="stable")
        for at, p in zip(order.tolist(), standing_out(more[order]), strict=False):
            if _worth_telling(table, pairs[at]):
                yield _finding(table, told, periods, pairs[at], p, sizes, tests)


def surprise(pairs: list[dict[str, Any]]) -> np.ndarray:
    """How much more each pair has than the subject's and the place's usual make one expect, on logarithms."""
    places, columns = np.unique([str(row["place"]) for row in pairs], return_inverse=True)
    subjects, lines = np.unique([str(row["subject"]) for row in pairs], return_inverse=True)
    values = np.array([row["v"] for row in pairs], dtype=float)
    left = np.full((len(subjects), len(places)), np.nan)
    left[lines, columns] = np.log(values)
    for _ in range(POLISHED):
        left -= np.nanmedian(left, axis=1, keepdims=True)
        left -= np.nanmedian(left, axis=0, keepdims=True)
    usual = values / np.exp(left[lines, columns])
    little = np.quantile(usual, LITTLE)
    return np.asarray(np.log((values + little) / (usual + little)))


def standing_out(logs: np.ndarray) -> list[float]:
    """The chance of each of the largest `logs` (they are in falling order) to stand as far from the middle as it does."""
    if len(logs) < PAIRS:
        return []
    away = (logs - np.median(logs)).clip(0) ** BEND
    both = np.sort(np.abs(logs - np.median(logs)))[::-1] ** BEND
    k = len(logs) // 2
    out = min(LEFT_OUT, k // 4)
    mean = (both[out:k].sum() + out * both[out]) / (k - out) - both[k]
    beyond = (away[:out] - both[k]).clip(0) / max(mean, 1e-12)
    return [float(k / len(logs) * (1 + far / (k - out)) ** (out - k)) for far in beyond]


def _worth_telling(table: Readable, row: dict[str, Any]) -> bool:
    """Whether it is much more than usual, in both halves of the periods, and not by rounding alone."""
    if not row["share_elsewhere"] > 0:
        return False
    more = float(row["v"]) - float(row["expected"]) > table.rounded_to.get(str(row["measure"]), 0)
    return bool(_ratio(row) >= RATIO and more and row["later"] >= STILL and row["earlier"] >= STILL)


def _ratio(row: dict[str, Any]) -> float:
    return float(row["share_here"]) / float(row["share_elsewhere"])


def _finding(table: Readable, told: dict[str, Any], periods: int, row: dict[str, Any], p: float, sizes: Sizes, tests: int
             ) -> Finding:  # fmt: skip
    measure, subject, dim, place = names(row)
    return Finding(
        measure=measure, subject=subject, dim=dim, place=place, start=moment(told["start"]), end=moment(told["stop"]),
        age=0, value=_percent(row["share_here"]), unit="percent",
        facts=(
            Fact("ratio", round(_ratio(row), 2), "ratio"),
            Fact("share_here", _percent(row["share_here"]), "percent"),
            Fact("share_elsewhere", _percent(row["share_elsewhere"]), "percent"),
            Fact("share_everywhere", _percent(row["share_everywhere"]), "percent"),
            Fact("periods", periods, UNITS[table.every]),
        ),
        params={"level": 3, "periods": periods},
        evidence=_evidence(table, measure, str(subject), str(dim), str(place)),
        impact=sizes.share_below(measure, 3, float(row["v"]) / periods),
        robustness=min(1.0, (min(float(row["later"]), float(row["earlier"])) - 1) / (RATIO - 1)),
        simplicity=0.7,
        p=p,
        tests=tests,
    )  # fmt: skip


def _percent(share: Any) -> float:
    """Three digits, which is more than anybody wants to read."""
    return float(f"{100 * float(share):.3g}")


def _evidence(table: Readable, measure: str, subject: str, dim: str, place: str) -> str:
    source = table.source
    time = name(source.time.column) if source.time else "NULL"
    mine = f"sum(CASE WHEN {name(source.subject or 'NULL')} = {text(subject)} THEN {name(measure)} END)"
    return (
        f"SELECT {time}, {name(dim)} = {text(place)} AS here, {mine} / nullif(sum({name(measure)}), 0) AS share\n"
        f"FROM {text(PurePath(source.path).name)}\nGROUP BY 1, 2\nORDER BY 1 DESC, 2 DESC"
    )
