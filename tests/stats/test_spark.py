"""Two engines, the same answers: DuckDB's, and Spark's in local mode on the same files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.cli.start import SAMPLE_CONFIG
from assistant.config import Config, load
from assistant.errors import ConfigError, SourceError
from assistant.insights import find
from assistant.models import Insight
from assistant.stats import open_source, spark
from assistant.stats.sample import write_sample
from assistant.stats.translating import in_spark
from workshop import NETFLIX, SHARED

# PySpark is 450 MB and wants Java 17: who works on other rooms may have neither. `.ci/run` installs it, so CI never skips.
lacking = spark.missing()
needs_spark = pytest.mark.skipif(lacking is not None, reason=f"Spark cannot run (`make spark` installs it): {lacking}")


def configured(folder: Path, text: str, engine: str) -> Config:
    file = folder / "config.yaml"
    file.write_text(text + ('engine: {spark: "local[2]"}\n' if engine == "spark" else ""), encoding="utf-8")
    return load(file)


def told(folder: Path, text: str, engine: str, as_of: datetime) -> dict[str, Insight]:
    """All figures of all sources by id, and what was read of each source as one more member of it."""
    config = configured(folder, text, engine)
    found: dict[str, Insight] = {}
    for name, source in config.sources.items():
        with open_source(name, source, config, as_of=as_of) as table:
            found |= {one.id: one for one in find(table, config, as_of=as_of)}
    return found


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Members that are not the same; numbers may differ in the last digits, where sums were made in another order."""
    return [name for name in one if not _same(one[name], other[name])]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return bool(one == pytest.approx(other, rel=1e-9, abs=1e-9))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def assert_alike(folder: Path, text: str, as_of: datetime, *, least: int) -> None:
    by_duckdb, by_spark = (told(folder, text, engine, as_of) for engine in ("duckdb", "spark"))
    assert len(by_duckdb) >= least
    assert by_duckdb.keys() == by_spark.keys()
    unlike = {key: differences(asdict(one), asdict(by_spark[key])) for key, one in by_duckdb.items()}
    assert {key: names for key, names in unlike.items() if names} == {}


@needs_spark
@pytest.mark.timeout(600)
def test_the_sample_workspace_gives_the_same_figures(tmp_path: Path) -> None:
    """Parquet by year and a cohort in CSV: every figure, with its facts, score, q and cautions."""
    write_sample(tmp_path, today=date(2026, 7, 6))
    assert_alike(tmp_path, SAMPLE_CONFIG.format(folder=""), datetime(2026, 7, 6, 12, tzinfo=UTC), least=50)


@needs_spark
@pytest.mark.timeout(600)
def test_the_real_table_gives_the_same_figures(tmp_path: Path, shared: Path) -> None:
    """The weekly top ten: late measures, repeated keys, titles with quotation marks."""
    text = NETFLIX.format(path=shared / "data" / "netflix_top10" / "all-weeks-global.tsv")
    assert_alike(tmp_path, text, datetime(2026, 11, 23, tzinfo=UTC), least=200)


@needs_spark
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "text",
    [
        "week,show,hours\n2026-01-04,Tea,1\n2026-13-45,Tea,2\n",
        "week,show,hours\n2026-01-04,Tea,1\n2026-01-11,Tea,12d\n",
        "week,show,hours\n2026-01-04,Tea,1\n2026-01-11,Tea,1e999\n",
        "week,show,hours\n2026-01-04,Tea,1\n2026-01-11,Rain,1\n2026-01-04,Tea,1\n",
        "week,show,hours\n2026-01-04,Tea,1\n2026-01-11,Tea,1,9\n",
        "week,show,hours\n2026-01-04,T,1\n2026-01-10,T,1\n2026-01-11,T,1\n",
        "week,show,hours\n2026-01-04,,1\n",
    ],
)
def test_what_cannot_be_used_is_named_alike(tmp_path: Path, text: str) -> None:
    """The same message with the same row, whatever computes."""
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    time = {"column": "week", "every": "week", "label": "end"}
    source = {"path": "t.csv", "time": time, "subject": "show", "measures": {"hours": {"unit": "hours"}}}
    messages = []
    for engine in ("duckdb", "spark"):
        config = configured(tmp_path, yaml.safe_dump({"sources": {"s": source}}), engine)
        with pytest.raises(SourceError) as caught:
            open_source("s", config.sources["s"], config, as_of=datetime(2026, 3, 1, tzinfo=UTC)).close()
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@needs_spark
@pytest.mark.timeout(300)
@pytest.mark.parametrize("total", ["sum", "mean", "last", "min", "max"])
def test_every_total_is_the_same(tmp_path: Path, total: str) -> None:
    """Rows of one key, of one subject over places, with an empty cell last: put together alike."""
    rows = [
        "2026-01-04,Tea,N,5",
        "2026-01-04,Tea,N,9",
        "2026-01-04,Tea,N,",
        "2026-01-04,Tea,S,4",
        "2026-01-11, Tea,N,2",
    ]
    (tmp_path / "t.csv").write_text("\n".join(["week,show,place,hours", *rows, ""]), encoding="utf-8")
    source = {
        "path": "t.csv", "time": {"column": "week", "every": "week", "label": "end"}, "subject": "show",
        "dimensions": ["place"], "measures": {"hours": {"unit": "hours", "total": total}},
    }  # fmt: skip
    found = []
    for engine in ("duckdb", "spark"):
        config = configured(tmp_path, yaml.safe_dump({"sources": {"s": source}}), engine)
        with open_source("s", config.sources["s"], config, as_of=datetime(2026, 3, 1, tzinfo=UTC)) as table:
            read = table.engine.query("SELECT level, place, n, v FROM series ORDER BY level, place, n, v")
            found.append({name: column.tolist() for name, column in read.items()})
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT list(v) AS vs FROM series", "without an order"),
        ("SELECT vs[1] AS v FROM series", "counts from another number"),
        ("SELECT arg_max(n, v) AS n FROM series", "any may be taken"),
    ],
)
def test_what_would_mean_another_thing_is_not_translated(sql: str, told: str) -> None:
    """Refused rather than answered differently."""
    with pytest.raises(ValueError, match=told):
        in_spark(sql)


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("SELECT list(v ORDER BY n) AS vs FROM s", "sort_array("),
        ("SELECT list(v ORDER BY v DESC, n) AS vs FROM s", "array_sort("),
        ("SELECT v FROM s ORDER BY v", "NULLS LAST"),
        ("SELECT v / w AS r FROM s", "NULLIF("),
        ("SELECT max(v) OVER (w ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) FROM s WINDOW w AS (PARTITION BY a ORDER BY n)",
         "OVER (PARTITION BY a ORDER BY n NULLS LAST ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)"),
    ],
)  # fmt: skip
def test_what_is_lost_on_the_way_is_kept(sql: str, kept: str) -> None:
    """Orders in lists, nulls last, no division by zero, windows written out."""
    assert kept.lower() in in_spark(sql).lower()


def test_without_spark_the_config_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that this machine cannot run is an error with the key and the remedy, not a traceback."""
    monkeypatch.setattr(spark, "missing", lambda: "the package pyspark is not installed")
    config = configured(tmp_path, NETFLIX.format(path=SHARED / "x.tsv"), "spark")
    (tmp_path / "x.tsv").write_text("week\n", encoding="utf-8")
    source = config.sources["netflix"].model_copy(update={"path": "x.tsv"})
    with pytest.raises(ConfigError, match=r"engine: Spark cannot run: .*make spark"):
        open_source("netflix", source, config)
