"""How long a table takes to read and to sweep for figures, beside one plain GROUP BY of the same rows in DuckDB.

A million rows of noise in one Parquet file: 200 weeks, 250 titles, 20 places. The floor makes the cube alone; reading also
refuses persons, repeated rows and what is no number, and the sweep asks every kind of figure at three levels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb

from assistant import insights, stats
from assistant.config import Config, load
from benchmarks.measuring import Ratio, seconds

WEEKS, TITLES, PLACES = 200, 250, 20
TODAY = datetime(2026, 7, 6, tzinfo=UTC)
SEED = "SET threads = 1; SELECT setseed(0.2017)"  # one thread, so that every run reads the same table
NOISE = "0.3 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"  # a normal logarithm, after Box and Muller
ROWS = f"""
SELECT (DATE '2022-09-04' + (w * 7)::INTEGER) AS week, 'Title ' || s AS title, 'Place ' || p AS place,
  (10000 * exp({NOISE}))::BIGINT AS hours
FROM range({WEEKS}) AS weeks(w), range({TITLES}) AS titles(s), range({PLACES}) AS places(p)
"""
CUBE = "CREATE TABLE cube AS SELECT week, title, place, sum(hours) AS hours FROM read_parquet($file) GROUP BY ALL"
CONFIG = """\
sources:
  made:
    path: made.parquet
    time: {column: week, every: week, label: end}
    subject: title
    dimensions: [place]
    measures: {hours: {unit: hours}}
"""


def run() -> Iterator[Ratio]:
    """Three ratios: read, swept, both."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        config = _make_workspace(folder)
        file = folder / "made.parquet"
        floors = [seconds(lambda: _group(file)) for _ in range(3)]
        read, swept, found = _ours(config)
        floor = median([*floors, *(seconds(lambda: _group(file)) for _ in range(3))])  # before and after, as by turns
        rows = f"{WEEKS * TITLES * PLACES:,} rows"
        yield Ratio("read", read, floor, "one GROUP BY", rows)
        yield Ratio("all kinds", swept, floor, "one GROUP BY", f"{found} figures told of this noise")
        yield Ratio("both", read + swept, floor, "one GROUP BY")


def _make_workspace(folder: Path) -> Config:
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with duckdb.connect(":memory:") as connection:
        connection.execute(SEED)
        connection.execute(f"COPY ({ROWS}) TO '{folder / 'made.parquet'}' (FORMAT parquet)")
    return load(folder / "config.yaml")


def _group(file: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(CUBE, {"file": str(file)})


def _ours(config: Config) -> tuple[float, float, int]:
    """Seconds to read, seconds to sweep, how many figures were told."""
    tables: list[stats.Table] = []
    read = seconds(lambda: tables.append(stats.open_source("made", config.sources["made"], config, as_of=TODAY)))
    with tables[0] as table:
        found: list[int] = []
        swept = seconds(lambda: found.append(len(insights.find(table, config, as_of=TODAY))))
    return read, swept, found[0]
