"""AntV AVA (npm), where it is installed, beside ours on the same planted tables: time, planted facts in the first 30, and noise.

AVA knows no history of records or streaks, so a planted fact counts for it as soon as its subject is named in the first 30.
Where it lies: `AVA=/folder/with/node_modules make bench`.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from assistant import insights, stats
from assistant.config import load
from benchmarks.measuring import Ratio, seconds

WEEKS, TITLES, PLACES, FIRST = 100, 40, ("North", "South"), 30
TODAY = datetime(2026, 12, 1, tzinfo=UTC)
CONFIG = """\
sources:
  made:
    path: made.csv
    time: {column: week, every: week, label: end}
    shelf_life: none
    subject: title
    dimensions: [place]
    measures: {hours: {unit: hours}}
"""
SCRIPT = """
const { getInsights } = require('@antv/ava');
const data = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const dimensions = ['week', 'title', 'place'].map((fieldName) => ({ fieldName }));
const options = { limit: 60, measures: [{ fieldName: 'hours', method: 'SUM' }], dimensions };
const found = getInsights(data, options).insights;
const told = found.map((one) => ({ score: one.score, text: JSON.stringify([one.subspace, one.patterns]) }));
console.log(JSON.stringify(told));
"""
Row = dict[str, str | int]


def run() -> Iterator[object]:
    """Seconds, planted subjects in the first 30, and what is told of noise; or a line that says why not."""
    where = os.environ.get("AVA", "")
    if not shutil.which("node") or not (Path(where) / "node_modules" / "@antv" / "ava").is_dir():
        yield "skipped: node or @antv/ava is not installed (AVA=/folder/with/node_modules make bench)"
        return
    planted, noise = _table(seed=3, plant=True), _table(seed=4, plant=False)
    ours: list[list[str]] = []
    theirs: list[list[str]] = []
    told = [seconds(partial(_kept, ours, _ours, rows)) for rows in (planted, noise)]
    said = [seconds(partial(_kept, theirs, partial(_theirs, Path(where)), rows)) for rows in (planted, noise)]
    rows = f"{len(planted):,} rows, {len(_planted())} planted subjects"
    yield Ratio("time", told[0], said[0], "AVA", rows)
    for name, (first, of_noise) in {"ours": ours, "AVA": theirs}.items():
        named = sum(any(f"Planted {kind}" in line for line in first[:FIRST]) for kind in _planted())
        share = f"{named} of {len(_planted())} planted subjects in the first {FIRST}"
        yield f"{name:<18} {share}; {len(of_noise)} insights told of noise"


def _kept(found: list[list[str]], look: Callable[[list[Row]], list[str]], rows: list[Row]) -> None:
    found.append(look(rows))


def _planted() -> tuple[str, ...]:
    return ("record", "comeback", "streak", "debut", "outlier", "shift", "trend", "jump")


def _factor(kind: str, week: int) -> float | None:
    """What a planted subject is of its usual in a week; None: not there."""
    last = WEEKS - 1
    shapes: dict[str, float | None] = {
        "record": 5.0 if week == last - 1 else 1.0,
        "comeback": None if last - 40 < week < last - 1 else 1.0,
        "streak": 1.2 ** max(0, week - last + 9),
        "debut": None if week < last - 3 else 9.0,
        "outlier": 0.15 if week == last else 1.0,
        "shift": 2.5 if week > last - 15 else 1.0,
        "trend": 1.02 ** max(0, week - 40),
        "jump": 4.0 if week == last else 1.0,
    }
    return shapes[kind]


def _table(*, seed: int, plant: bool) -> list[Row]:
    chance = random.Random(seed)
    names = [*(f"Planted {kind}" for kind in _planted() if plant), *(f"Quiet {at}" for at in range(TITLES))]
    level = {name: 20_000 * chance.lognormvariate(0, 0.7) for name in names}
    found: list[Row] = []
    for week in range(WEEKS):
        day = date(2024, 11, 3) + timedelta(weeks=week)
        for name in names:
            factor = _factor(name.removeprefix("Planted "), week) if name.startswith("Planted") else 1.0
            for place in PLACES:
                value = level[name] * chance.lognormvariate(0, 0.1)
                if factor is not None:
                    found.append(
                        {"week": day.isoformat(), "title": name, "place": place, "hours": round(value * factor)}
                    )
    return found


def _ours(rows: list[Row]) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with (folder / "made.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        config = load(folder / "config.yaml")
        with stats.open_source("made", config.sources["made"], config, as_of=TODAY) as table:
            ranked = insights.rank(insights.find(table, config, as_of=TODAY))
    return [f"{one.kind} {one.subject}" for one in ranked]


def _theirs(where: Path, rows: list[Row]) -> list[str]:
    done = subprocess.run(
        ["node", "-e", SCRIPT], input=json.dumps(rows), capture_output=True, text=True, check=True, cwd=where
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [one["text"] for one in sorted(found, key=lambda one: -one["score"])]
