"""What is said of a table before anything is told of it, and what a new delivery restated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from assistant.cli import app
from assistant.config import load
from assistant.insights import find
from assistant.stats import open_source
from assistant.stats.profile import profile

AS_OF = datetime(2026, 11, 23, tzinfo=UTC)
WEEKS = [f"2026-{month:02}-{day:02}" for month, days in ((1, (4, 11, 18, 25)), (2, (1, 8, 15, 22)), (3, (1, 8, 15, 22)))
         for day in days]  # fmt: skip
SOURCE: dict[str, Any] = {
    "path": "t.csv", "time": {"column": "week", "every": "week", "label": "end"}, "subject": "show", "shelf_life": "none",
    "dimensions": ["place"], "measures": {"hours": {"unit": "hours"}, "shops": {"unit": "people", "counts": "people"}},
}  # fmt: skip


def write(folder: Path, rows: Iterable[tuple[Any, ...]], **changes: Any) -> Path:
    lines = ["week,show,place,hours,shops", *(",".join(map(str, row)) for row in rows)]
    (folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump({"timezone": "UTC", "sources": {"s": {**SOURCE, **changes}}}), encoding="utf-8")
    return file


def rows(**changes: int) -> list[tuple[Any, ...]]:
    """Twelve weeks of two shows, 53 shops in each; `changes` restate hours of Tea by week."""
    return [
        (week, show, "North", changes.get(f"w{at}", 1000 + 17 * at) if show == "Tea" else 500 + 3 * at, 53)
        for at, week in enumerate(WEEKS)
        for show in ("Tea", "Rain")
    ]


def run(file: Path, *words: str) -> tuple[list[dict[str, Any]], str]:
    done = CliRunner().invoke(app, ["--config", str(file), *words, "--format", "jsonl"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_profile_names_periods_gaps_and_what_figures_must_be_told_with(tmp_path: Path) -> None:
    """A gap, a repeated key, a measure that begins later, a count that never changes."""
    told = [row for row in rows() if row[0] != WEEKS[4]]
    told.append((WEEKS[-1], "Tea", "North", 1, 0))
    late = [(*row[:3], row[3] if at >= 6 else "", row[4]) for at, row in enumerate(told)]
    file = write(tmp_path, late)
    (one,), _ = run(file, "stats", "profile")
    assert (one["first"], one["last"], one["periods"], one["missing"]) == ("2025-12-29", "2026-03-16", 12, 1)
    assert one["missing_first"] == ["2026-01-26T00:00:00"]
    said = " / ".join(one["cautions"])
    for part in ("1 weeks are missing", "1 rows repeat a key", "hours begins on 2026-01-19, later than the table",
                 "shops hardly ever changes"):  # fmt: skip
        assert part in said
    assert "hours hardly ever changes" not in said


def test_what_touches_one_measure_is_carried_on_its_figures_only(tmp_path: Path) -> None:
    """53 shops in every week is no crowd; hours are not touched by that."""
    config = load(write(tmp_path, [*rows(), *((week, "Tea", "South", 90_000, 53) for week in WEEKS[-1:])]))
    with open_source("s", config.sources["s"], config, as_of=AS_OF) as table:
        assert list(table.about) == ["shops"]
        assert "shops hardly ever changes" in " ".join(profile(table)["cautions"])
        for one in find(table, config, as_of=AS_OF):
            carried = any("hardly ever changes" in caution for caution in one.cautions)
            assert carried == (one.measure == "shops")


def test_a_new_delivery_is_compared_with_the_one_before(tmp_path: Path) -> None:
    """What it restates, withdraws and adds to told periods; not what is simply newer. Asking again says the same."""
    file = write(tmp_path, rows()[:-2])
    first, said = run(file, "stats", "diff")
    assert first == []
    assert "first delivery that is kept" in said
    write(tmp_path, [row for row in rows(w3=4321) if row[:2] != (WEEKS[5], "Rain")])
    for _ in range(2):
        changes, _ = run(file, "stats", "diff")
        told = {
            (one["change"], one["measure"], one["subject"], one["start"], one["before"], one["after"])
            for one in changes
        }
        assert told == {
            ("restated", "hours", "Tea", "2026-01-19T00:00:00", 1051, 4321),
            ("withdrawn", "hours", "Rain", "2026-02-02T00:00:00", 515, None),
            ("withdrawn", "shops", "Rain", "2026-02-02T00:00:00", 53, None),
        }


def test_only_two_deliveries_are_kept_and_other_columns_are_not_compared(tmp_path: Path) -> None:
    """The folder does not grow; a table that is divided otherwise is no restatement."""
    for hours in (1, 2, 3):
        file = write(tmp_path, rows(w0=hours))
        run(file, "stats", "diff")
    assert len(list((tmp_path / "snapshots").iterdir())) == 2
    write(tmp_path, rows(w0=3), dimensions=[])
    changes, said = run(file, "stats", "diff")
    assert changes == []
    assert "divided by other columns" in said


def test_the_real_table_is_profiled(tmp_path: Path, shared: Path) -> None:
    """Its weeks, its rounding, its repeated keys, its late measure."""
    path = shared / "data" / "netflix_top10" / "all-weeks-global.tsv"
    measures = {"weekly_hours_viewed": {"unit": "hours"}, "weekly_views": {"unit": "views"}}
    changes = {"path": str(path), "subject": "show_title", "dimensions": ["category"], "measures": measures}
    (one,), _ = run(write(tmp_path, rows(), **changes), "stats", "profile")
    assert (one["periods"], one["missing"], one["rows"]) == (264, 0, 10_560)
    said = " / ".join(one["cautions"])
    for part in ("458 rows repeat a key", "rounded to 10,000", "weekly_views begins on 2023-06-12"):
        assert part in said


@pytest.mark.parametrize("verb", ["profile", "diff"])
def test_a_table_for_people(tmp_path: Path, verb: str) -> None:
    """Names from the file are text, never markup."""
    file = write(tmp_path, rows())
    run(file, "stats", "diff")
    write(
        tmp_path,
        [
            (week, "[bold]Tea[/b]", place, hours + 1, shops)
            for week, show, place, hours, shops in rows()
            if show == "Tea"
        ],
    )
    done = CliRunner().invoke(app, ["--config", str(file), "stats", verb])
    assert done.exit_code == 0, done.output
    assert ("[bold]Tea[/b]" in done.stdout) == (verb == "diff")
