"""What a table turned out to be: its periods and what its figures must be told with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant.stats.engine import Workshop

_LEAST = 8  # values of a series below which nobody knows whether it changes
_CONSTANT = 0.8  # the share of a series' values that are the same, in half of the series
_BEGUN = "SELECT measure, min(t) AS begun FROM points JOIN heads ON heads.s = points.s GROUP BY measure"
_CONSTANTS = """
WITH times AS (SELECT s, v, count(*) AS k FROM points GROUP BY s, v),
usual AS (SELECT s, max(k) AS same, sum(k) AS periods, count(*) AS different FROM times GROUP BY s)
SELECT measure, count(*) AS series, sum(CASE WHEN same >= $constant * periods THEN 1 ELSE 0 END) AS constant
FROM usual JOIN heads ON heads.s = usual.s WHERE periods >= $least GROUP BY measure
"""


def about_measures(engine: Workshop, first: datetime, measures: Sequence[str], ranks: Sequence[str]
                   ) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Cautions that touch the figures of one measure: it began later than the table; it hardly ever changes."""
    found: dict[str, list[str]] = {measure: [] for measure in measures}
    for measure, begun in engine.run(_BEGUN):
        if begun > first:
            found[measure].append(f"{measure} begins on {begun:%Y-%m-%d}, later than the table ({first:%Y-%m-%d})")
    for measure, series, constant in engine.run(_CONSTANTS, {"constant": _CONSTANT, "least": _LEAST}):
        if measure not in ranks and 2 * constant >= series:
            found[measure].append(f"{measure} hardly ever changes: it may count places rather than what happens there")
    return {measure: tuple(told) for measure, told in found.items() if told}


def profile(table: Any) -> dict[str, Any]:
    """One object for JSON: what was read, period by period, and every caution."""
    engine: Workshop = table.engine
    told: dict[str, Any] = {
        "source": table.name, "every": table.every, "first": table.first, "last": table.last, "rows": table.rows,
        "dimensions": list(table.dimensions), "measures": list(table.measures), "rounded_to": dict(table.rounded_to),
        "snapshot": table.snapshot, **({} if table.source.cohort else _periods(engine)),
        "cautions": [*table.cautions, *(one for some in table.about.values() for one in some)],
    }  # fmt: skip
    return told


def _periods(engine: Workshop) -> Mapping[str, Any]:
    """How many periods there should be, which are not there (the first ten), how many series and values."""
    missing = engine.run(
        "SELECT p.t FROM periods AS p LEFT JOIN (SELECT DISTINCT t FROM cube) AS c ON p.t = c.t WHERE c.t IS NULL ORDER BY p.t"
    )
    return {
        "periods": engine.run("SELECT count(*) FROM periods")[0][0],
        "missing": len(missing),
        "missing_first": [t for (t,) in missing[:10]],
        "series": engine.run("SELECT count(DISTINCT s) FROM points")[0][0],
        "cells": engine.run("SELECT count(*) FROM cube")[0][0],
    }
