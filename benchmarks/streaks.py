"""Streaks over 10,000 series, beside a straightforward version that looks at each stretch of each series; the answers compared.

The straightforward one tries every start and goes on while the values rise: quadratic, and plain to see. It is run on a sample
of the series and scaled to all of them; on the sample, both must find the same longest runs.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assistant import stats
from assistant.config import load
from assistant.insights import streak
from assistant.insights.kind import listed, rows
from benchmarks.measuring import Ratio, seconds

SERIES, PERIODS, SAMPLE = 10_000, 100, 200
CONFIG = """\
sources:
  made: {path: made.csv, time: {column: day, every: day}, subject: title, measures: {hours: {unit: hours}}}
"""
Longest = dict[str, int]


def run() -> Iterator[object]:
    """The ratio, and whether the answers are the same."""
    series = _series()
    with tempfile.TemporaryDirectory() as scratch:
        with _opened(Path(scratch), series) as table:
            found: list[Longest] = []
            ours = seconds(lambda: found.append(_ours(table)))
        sample = dict(random.Random(7).sample(sorted(series.items()), SAMPLE))
        plain: list[Longest] = []
        theirs = seconds(lambda: plain.append({name: _plainly(values) for name, values in sample.items()}))
    same = {name: found[0].get(name, 0) for name in sample} == plain[0]
    yield Ratio("rising", ours, theirs * SERIES / SAMPLE, "the plain version", f"{SERIES:,} series of {PERIODS}")
    yield f"on {SAMPLE} series     {'the same answers' if same else 'OTHER ANSWERS'}"
    assert same


def _series() -> dict[str, list[int]]:
    chance = random.Random(2017)
    return {f"Title {at}": [chance.randrange(1000) for _ in range(PERIODS)] for at in range(SERIES)}


def _opened(folder: Path, series: dict[str, list[int]]) -> stats.Table:
    first = date(2026, 1, 1)
    lines = ["day,title,hours"]
    for name, values in series.items():
        lines += [f"{first + timedelta(days=at)},{name},{value}" for at, value in enumerate(values)]
    (folder / "made.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    config = load(folder / "config.yaml")
    return stats.open_source("made", config.sources["made"], config, as_of=datetime(2026, 12, 1, tzinfo=UTC))


def _ours(table: stats.Table) -> Longest:
    """The longest rise of each series, in steps, by the finder's own statement."""
    longest: Longest = {}
    for one in rows(table.engine.query(streak._RISING.format(measures=listed(["hours"])))):
        subject = str(one["subject"])
        longest[subject] = max(longest.get(subject, 0), int(one["length"]))
    return longest


def _plainly(values: list[int]) -> int:
    """Every start, as far as it rises."""
    longest = 0
    for start in range(len(values)):
        for end in range(start + 1, len(values) + 1):
            if all(values[at] < values[at + 1] for at in range(start, end - 1)):
                longest = max(longest, end - 1 - start)
            else:
                break
    return longest
