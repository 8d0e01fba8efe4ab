"""`init` guesses right on real tables, says why, and `insights` runs on what it wrote as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.config import load

WEEKS = "netflix_top10/all-weeks-global.tsv"
COUNTRIES = "netflix_top10/all-weeks-countries-2022-03.tsv"
HOURS = "bike_sharing/hour.csv"
GUESSED: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        WEEKS,
        {"every": "week", "label": "end", "format": None, "hour": None, "subject": "show_title", "dimensions": ("category",),
         "measures": {"weekly_rank": ("rank", "low"), "weekly_hours_viewed": ("hours", "high"),
                      "weekly_views": ("views", "high")}},
        ["# cumulative_weeks_in_top_10: a running count", "a Sunday", "# season_title: left out"],
    ),
    (
        COUNTRIES,
        {"every": "week", "label": "end", "format": None, "hour": None, "subject": "show_title",
         "dimensions": ("country_name", "category"), "measures": {"weekly_rank": ("rank", "low")}},
        ["# cumulative_weeks_in_top_10: a running count", "# country_iso2: left out, a code for another column"],
    ),
    (
        HOURS,
        {"every": "hour", "label": "start", "format": "%d/%m/%y", "hour": "hr", "subject": None, "dimensions": (),
         "measures": {"cnt": ("events", "high")}},
        ["# instant: another number in each row", "# weathersit: only 4 different values", "# temp: between 0 and 1"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "guessed", "explained"), GUESSED, ids=["weeks", "countries", "hours"])
def test_the_guess_is_right_explained_and_works(
    shared: Path, tmp_path: Path, table: str, guessed: dict[str, Any], explained: list[str]
) -> None:
    """Periods, subject, dimensions and measures as a person would declare them; figures without another touch."""
    file = tmp_path / "config.yaml"
    done = CliRunner().invoke(app, ["init", str(shared / "data" / table), "--output", str(file)])
    assert done.exit_code == 0, done.output
    (source,) = load(file).sources.values()
    assert source.time is not None
    assert guessed == {
        "every": source.time.every, "label": source.time.label, "format": source.time.format, "hour": source.time.hour,
        "subject": source.subject, "dimensions": source.dimensions,
        "measures": {name: (measure.unit, measure.better) for name, measure in source.measures.items()},
    }  # fmt: skip
    text = file.read_text(encoding="utf-8")
    assert [part for part in explained if part not in text] == []
    told = CliRunner().invoke(app, ["--config", str(file), "insights", "--format", "jsonl"])
    assert told.exit_code == 0, told.output
    assert len([json.loads(line) for line in told.stdout.splitlines()]) >= 1
