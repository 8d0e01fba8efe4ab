"""Tables of hours are read by their days too; hours are told as the clock there shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.output import insight_line, insight_page
from assistant.config import load
from assistant.models import Insight
from assistant.pipeline import figures

CONFIG = """
sources:
  bikes:
    path: {path}
    time: {{column: dteday, every: hour, format: "%d/%m/%y", hour: hr, zone: America/New_York}}
    shelf_life: none
    measures: {{cnt: {{unit: rides}}}}
"""


@pytest.fixture(scope="module")
def told(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Insight]:
    """What two years of rented bicycles, hour by hour, have to tell."""
    folder = tmp_path_factory.mktemp("bikes")
    path = shared / "data" / "bike_sharing" / "hour.csv"
    (folder / "config.yaml").write_text(CONFIG.format(path=path), encoding="utf-8")
    found = figures(load(folder / "config.yaml"))
    assert found.problems == ()
    return list(found.insights)


def test_the_hour_that_stands_out_and_the_day_of_the_storm_are_told(told: list[Insight]) -> None:
    """Five in the afternoon, from the hours; 22 rides on 29 October 2012, from the days, as the largest fall."""
    hours = [one for one in told if one.kind == "rhythm" and one.every == "hour"]
    assert [one.comparison["phase"] for one in hours] == [17]
    storm = [one for one in told if one.kind in ("jump", "outlier") and one.every == "day"]
    assert [(f"{one.start}", one.value) for one in storm] == [("2012-10-29", 22)]
    assert float(str(storm[0].comparison["ratio"])) > 0


def test_nothing_is_told_of_the_hours_and_of_the_days_alike(told: list[Insight]) -> None:
    """The total that passes two millions is told of the day, and once."""
    milestones = [one for one in told if one.kind == "milestone"]
    assert [one.every for one in milestones] == ["day"]


def test_hours_are_told_without_an_offset(told: list[Insight]) -> None:
    """The wall time of the source's zone, in the line and on the page."""
    one = next(one for one in told if one.every == "hour")
    assert one.start.isoformat() == "2012-07-03T00:00:00-04:00"
    assert "(2012-07-03 00:00 – 2012-12-31 23:00)" in insight_line(one)
    assert "-04:00" not in insight_page(one)
