"""The sample workspace and the guesses of `init`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from assistant.config import load
from assistant.stats import open_source
from assistant.stats.guess import guess_config
from assistant.stats.sample import write_sample

TODAY = date(2026, 11, 23)


def test_the_sample_is_the_same_every_time_and_ends_last_sunday(tmp_path: Path) -> None:
    """Made twice it is the same, and its last week is over."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_sample(tmp_path / name, today=TODAY)
    assert (tmp_path / "a" / "rewatchers.csv").read_bytes() == (tmp_path / "b" / "rewatchers.csv").read_bytes()
    (tmp_path / "config.yaml").write_text(
        "sources: {v: {path: a/viewing-*.parquet, time: {column: week, every: week, label: end}, subject: title,"
        " dimensions: [country], measures: {hours: {unit: hours}}}}\n",
        encoding="utf-8",
    )
    config = load(tmp_path / "config.yaml")
    with open_source("v", config.sources["v"], config, as_of=datetime(2026, 11, 23, tzinfo=UTC)) as table:
        assert table.last == date(2026, 11, 16)
        total = table.engine.query("SELECT sum(m1) AS total FROM cube")["total"][0]
    other = config.sources["v"].model_copy(update={"path": "b/viewing-*.parquet"})
    with open_source("v", other, config, as_of=datetime(2026, 11, 23, tzinfo=UTC)) as table:
        assert table.engine.query("SELECT sum(m1) AS total FROM cube")["total"][0] == total


def test_a_guessed_config_works_as_it_is(tmp_path: Path) -> None:
    """`init` on the sample gives a config that loads and whose source can be read."""
    write_sample(tmp_path, today=TODAY)
    text = guess_config([tmp_path / "viewing-2026.parquet"], beside=tmp_path)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    config = load(tmp_path / "config.yaml")
    source = config.sources["viewing_2026"]
    assert (source.subject, source.dimensions) == ("title", ("country",))
    assert source.time is not None
    assert (source.time.every, source.time.label) == ("week", "end")
    assert {name: measure.counts for name, measure in source.measures.items()} == {
        "hours": "unknown",
        "viewers": "people",
    }
    open_source("viewing_2026", source, config, as_of=datetime(2026, 11, 23, tzinfo=UTC)).close()


def test_a_table_of_hours_is_recognised(shared: Path, tmp_path: Path) -> None:
    """Dates day first, the hour in a column of its own; the guess loads and reads."""
    text = guess_config([shared / "data" / "bike_sharing" / "hour.csv"], beside=tmp_path)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    config = load(tmp_path / "config.yaml")
    with open_source("hour", config.sources["hour"], config) as table:
        assert (table.every, table.first) == ("hour", date(2011, 1, 1))


def test_a_place_is_not_what_a_post_is_about(shared: Path, tmp_path: Path) -> None:
    """By country: the title is the subject, the country a dimension, its code is left out; a counter is no measure."""
    text = guess_config([shared / "data" / "netflix_top10" / "all-weeks-countries-2022-03.tsv"], beside=tmp_path)
    assert "subject: show_title" in text
    assert "dimensions: [country_name, category]" in text
    assert "# cumulative_weeks_in_top_10" in text


def test_an_old_table_is_told_for_ever(shared: Path, tmp_path: Path) -> None:
    """The guess says why: with the default nothing of it would be told."""
    text = guess_config([shared / "data" / "netflix_top10" / "all-weeks-global.tsv"], beside=tmp_path)
    assert "subject: show_title" in text
    assert "shelf_life: none   # its newest period is of 2026-07-19" in text
