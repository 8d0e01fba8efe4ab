"""How long a large table takes to read and to sweep for all kinds, beside one plain GROUP BY of the same rows into the cube.

Rows of noise in one Parquet file, in random order: 250 weeks, 1,000 titles, 10 places, so 2.5 million cells, with as many rows
in each as it takes: 50 million in all, and 5 million to see the growth. Each run is a process of its own; its peak memory is
the system's word (VmHWM). `BENCH_ROWS=5000000 make bench` measures with fewer rows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Ratio, seconds

WEEKS, TITLES, PLACES = 250, 1000, 10
CELLS = WEEKS * TITLES * PLACES
ROWS = int(os.environ.get("BENCH_ROWS", "50000000"))
GROWTH = 10
TODAY = datetime(2026, 6, 16, tzinfo=UTC)
MOST, MEMORY, GROWN = 6, 2 * 1024, 11
NOISE = "0.3 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"  # a normal logarithm, after Box and Muller
TABLE = f"""
SELECT (DATE '2021-09-05' + (w * 7)::INTEGER) AS week, 'Title ' || s AS title, 'Place ' || p AS place,
  1000 * exp({NOISE}) AS hours
FROM range({{each}}) AS rows(r), range({WEEKS}) AS weeks(w), range({TITLES}) AS titles(s), range({PLACES}) AS places(p)
ORDER BY random()
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


@dataclass(frozen=True)
class Run:
    """One process: seconds to read and to sweep, the mebibytes that it held at most, how many figures were told."""

    read: float
    swept: float
    memory: float
    found: int


def run() -> Iterator[object]:
    """(a) times the floor and memory; (b) growth over ten times the rows."""
    with tempfile.TemporaryDirectory() as scratch:
        few, floor_few = _measured(Path(scratch) / "few", max(CELLS, ROWS // GROWTH))
        many, floor = _measured(Path(scratch) / "many", ROWS)
        rows = f"{ROWS:,} rows, {CELLS:,} cells"
        yield Ratio("read", many.read, floor, "one GROUP BY", rows)
        yield Ratio("all kinds", many.swept, floor, "one GROUP BY", f"{many.found} figures told of this noise")
        yield Ratio("both", many.read + many.swept, floor, "one GROUP BY", f"wanted: at most {MOST}")
        yield f"memory             {many.memory:,.0f} MiB at most (wanted: under {MEMORY:,})"
        grown = f"wanted: at most {GROWN}; the GROUP BY itself {floor / floor_few:.1f}"
        yield Ratio("growth", many.read + many.swept, few.read + few.swept, f"{ROWS // GROWTH:,} rows", grown)


def _measured(folder: Path, rows: int) -> tuple[Run, float]:
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    _alone("make", folder, str(rows // CELLS))
    floors = [float(_alone("group", folder)) for _ in range(2)]
    ours = Run(**json.loads(_alone("ours", folder)))
    floors += [float(_alone("group", folder)) for _ in range(2)]  # before and after: a busy moment falls on both
    return ours, sorted(floors)[1]


def _alone(*words: object) -> str:
    """One of the jobs below, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sweep", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _make(folder: Path, each: str) -> None:
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"COPY ({TABLE.format(each=int(each))}) TO '{folder / 'made.parquet'}' (FORMAT parquet)")


def _group(folder: Path) -> None:
    import duckdb

    with duckdb.connect(":memory:") as connection:
        file = {"file": str(folder / "made.parquet")}
        print(seconds(lambda: connection.execute(CUBE, file)))


def _ours(folder: Path) -> None:
    from assistant import insights, stats
    from assistant.config import load

    config = load(folder / "config.yaml")
    tables: list[stats.Table] = []
    found: list[int] = []
    read = seconds(lambda: tables.append(stats.open_source("made", config.sources["made"], config, as_of=TODAY)))
    with tables[0] as table:
        swept = seconds(lambda: found.append(len(insights.find(table, config, as_of=TODAY))))
    print(json.dumps({"read": read, "swept": swept, "memory": _peak(), "found": found[0]}))


def _peak() -> float:
    """The most memory that this process held, in mebibytes."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024**2)


if __name__ == "__main__":
    job, where, *rest = sys.argv[1:]
    if job == "make":
        _make(Path(where), rest[0])
    else:
        (_group if job == "group" else _ours)(Path(where))
