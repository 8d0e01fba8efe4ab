"""Whom a figure comes from: what one or two contributors make tells about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant import pipeline, stats
from assistant.config import load
from assistant.models import Candidate, Contributors, Insight
from assistant.stats.contributors import shares, with_contributors

CONFIG = """
sources:
  viewing:
    path: viewing.csv
    time: {column: week, every: week}
    shelf_life: none
    subject: title
    dimensions: [country]
    measures: {hours: {unit: hours}}
    contributor: studio
"""
NOW = datetime(2026, 7, 1, tzinfo=UTC)
ONE, TWO = "Nearly One Studio", "Many Studios"


def rows(weeks: int = 60) -> list[str]:
    """Two titles with a record in the last week: one studio makes nearly all of the first, three share the second."""
    found = []
    for week in range(weeks):
        day = date(2025, 1, 6) + timedelta(weeks=week)
        size = 1000 + 37 * (week * 7919 % 11) + (4000 if week == weeks - 1 else 0)
        for country, part in (("FR", 1), ("BE", 2)):
            found += [f"{day},{ONE},{country},{who},{size * part * n}" for who, n in (("A", 96), ("B", 3), ("C", 1))]
            three = (("A", 80), ("B", 15), ("C", 5)) if country == "FR" else (("A", 40), ("B", 35), ("C", 25))
            found += [f"{day},{TWO},{country},{who},{size * part * n}" for who, n in three]
    return found


def figures(folder: Path) -> list[Insight]:
    (folder / "viewing.csv").write_text("\n".join(["week,title,country,studio,hours", *rows()]), encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return list(pipeline.figures(load(folder / "config.yaml"), as_of=NOW).insights)


def test_the_shares_of_the_largest_are_those_of_acro() -> None:
    """The two largest of the sum; what is left beside them by the largest."""
    assert shares([50, 30, 20]) == Contributors(3, 0.8, 0.4)
    assert shares([7]) == Contributors(1, 1.0, 0.0)
    assert shares([]) is None


def test_a_figure_that_one_or_two_make_is_an_error(tmp_path: Path) -> None:
    """The record of the title that one studio makes, and not of the one that three share."""
    told = {one.subject: one for one in figures(tmp_path) if one.kind == "record" and not one.where}
    first, second = told[ONE].contributors, told[TWO].contributors
    assert first is not None
    assert second is not None
    assert (first.count, round(first.top_two, 6), round(first.p_ratio, 6)) == (3, 0.99, round(1 / 96, 6))
    assert (second.count, round(second.top_two, 6), round(second.p_ratio, 6)) == (
        3,
        round(245 / 300, 6),
        round(55 / 160, 6),
    )
    config = load(tmp_path / "config.yaml")
    check = pipeline.checker_for(config)
    for subject, flagged in ((ONE, True), (TWO, False)):
        found = check(Candidate("What a week.", lang="en", insight=told[subject], facts=told[subject].facts))
        assert ("disclosure.dominance" in {flag.rule for flag in found.flags}) is flagged


def test_it_is_kept_with_the_figure(tmp_path: Path) -> None:
    """As JSON, and back from it."""
    told = figures(tmp_path)
    assert told
    assert all(Insight.from_json(one.to_json()).contributors == one.contributors is not None for one in told)


def test_a_place_s_own_figure_has_its_own_contributors(tmp_path: Path) -> None:
    """What three share everywhere, two make in one country."""
    told = next(one for one in figures(tmp_path) if one.kind == "record" and one.subject == TWO)
    with stats.open_source(
        "viewing", load(tmp_path / "config.yaml").sources["viewing"], load(tmp_path / "config.yaml")
    ) as table:
        (there,) = with_contributors(table, [replace(told, where={"country": "FR"})])
    assert there.contributors is not None
    assert round(there.contributors.top_two, 6) == 0.95


def test_rows_of_contributors_are_no_repeated_keys(tmp_path: Path) -> None:
    """Each has a row of a key; without the column that would be a caution."""
    assert not [told for one in figures(tmp_path) for told in one.cautions if "repeat a key" in told]


def test_a_source_without_the_column_is_named_once(tmp_path: Path) -> None:
    """Nothing is said on each post; `doctor` says that it is not checked."""
    figures(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG.replace("    contributor: studio\n", ""), encoding="utf-8")
    told = list(pipeline.figures(load(tmp_path / "config.yaml"), as_of=NOW).insights)
    assert {one.contributors for one in told} == {None}


@pytest.mark.parametrize("column", ["publisher"])
def test_a_column_that_is_not_there_is_named(column: str, tmp_path: Path) -> None:
    """The error names the key and the columns that there are."""
    figures(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG.replace("studio", column), encoding="utf-8")
    problems = pipeline.figures(load(tmp_path / "config.yaml"), as_of=NOW).problems
    assert "contributor" in str(problems[0])
    assert column in str(problems[0])
