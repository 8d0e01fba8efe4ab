"""Tables in: what is read, what is refused, and how it is named."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from assistant.config import Config, load
from assistant.errors import SourceError
from assistant.stats import Table, open_source
from workshop import SHARED

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
ROWS = [
    ("2026-01-04", "Tea", "North", 10), ("2026-01-04", "Rain", "North", 20), ("2026-01-11", "Tea", "North", 30),
    ("2026-01-11", "Tea", "South", 5), ("2026-01-25", "Rain", "South", 7),
]  # fmt: skip
SOURCE: dict[str, Any] = {
    "path": "data.csv",
    "time": {"column": "week", "every": "week", "label": "end"},
    "subject": "show",
    "dimensions": ["region"],
    "measures": {"hours": {"unit": "hours"}},
}


def configured(folder: Path, **changes: Any) -> Config:
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump({"timezone": "UTC", "sources": {"s": {**SOURCE, **changes}}}), encoding="utf-8")
    return load(file)


def opened(folder: Path, as_of: datetime = AS_OF, **changes: Any) -> Table:
    config = configured(folder, **changes)
    return open_source("s", config.sources["s"], config, as_of=as_of)


def write_csv(
    file: Path, rows: Iterable[tuple[Any, ...]], *, header: str = "week,show,region,hours", by: str = ","
) -> None:
    lines = [header.replace(",", by), *(by.join(map(str, row)) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def refused(folder: Path, text: str | bytes, name: str = "data.csv", **changes: Any) -> str:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SourceError) as caught:
        opened(folder, path=name, **changes).close()
    message = str(caught.value)
    assert message.startswith("source 's'")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("kind", ["csv", "semicolons", "tsv", "json", "jsonl", "parquet"])
def test_every_format_gives_the_same_cube(tmp_path: Path, kind: str) -> None:
    """csv (with either separator), tsv, json, jsonl and parquet hold the same figures."""
    name = "data." + {"semicolons": "csv"}.get(kind, kind)
    records = [dict(zip(("week", "show", "region", "hours"), row, strict=True)) for row in ROWS]
    if kind in ("csv", "semicolons", "tsv"):
        write_csv(tmp_path / name, ROWS, by={"csv": ",", "semicolons": ";", "tsv": "\t"}[kind])
    elif kind == "json":
        (tmp_path / name).write_text(json.dumps(records), encoding="utf-8")
    elif kind == "jsonl":
        (tmp_path / name).write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    else:
        (tmp_path / "rows.json").write_text(json.dumps(records), encoding="utf-8")
        duckdb.sql(f"COPY (FROM read_json('{tmp_path}/rows.json')) TO '{tmp_path}/{name}'")
    with opened(tmp_path, path=name) as table:
        found = table.engine.query("SELECT t::DATE::VARCHAR AS t, subject, d1, m1 FROM cube ORDER BY ALL")
        assert list(found["t"]) == ["2025-12-29", "2025-12-29", "2026-01-05", "2026-01-05", "2026-01-19"]
        assert list(found["m1"]) == [20, 10, 30, 5, 7]
        assert (table.first, table.last) == (date(2025, 12, 29), date(2026, 1, 19))


def test_a_pattern_reads_all_its_files(tmp_path: Path) -> None:
    """Two deliveries are one source."""
    write_csv(tmp_path / "a-1.csv", ROWS[:2])
    write_csv(tmp_path / "a-2.csv", ROWS[2:])
    with opened(tmp_path, path="a-*.csv") as table:
        assert len(table.files) == 2
        assert table.engine.query("SELECT sum(m1) AS total FROM cube")["total"][0] == 72


def test_a_missing_period_is_a_jump_in_n_and_a_caution(tmp_path: Path) -> None:
    """The calendar goes on where the table does not."""
    write_csv(tmp_path / "data.csv", ROWS)
    with opened(tmp_path) as table:
        found = table.engine.query("SELECT n FROM series WHERE subject = 'Rain' AND level = 1 ORDER BY n")
        assert list(found["n"]) == [0, 3]
        assert any("1 weeks are missing" in caution for caution in table.cautions)


def test_a_period_that_is_not_over_is_left_out_and_said_so(tmp_path: Path) -> None:
    """By the declared label, zone and lag; the last second before the end is too early."""
    write_csv(tmp_path / "data.csv", ROWS)
    with opened(tmp_path, as_of=datetime(2026, 1, 25, 23, 59, tzinfo=UTC)) as table:
        assert table.last == date(2026, 1, 5)
        assert any("is not over: left out" in caution for caution in table.cautions)
    with opened(tmp_path, as_of=datetime(2026, 1, 26, tzinfo=UTC)) as table:
        assert table.last == date(2026, 1, 19)
    lagging = {**SOURCE["time"], "lag": "2d"}
    with opened(tmp_path, as_of=datetime(2026, 1, 27, tzinfo=UTC), time=lagging) as table:
        assert table.last == date(2026, 1, 5)


def test_rows_that_share_a_key_are_put_together_with_a_caution(tmp_path: Path) -> None:
    """Summed, or a rank by its better end."""
    rows = [("2026-01-04", "Tea", "North", 10, 3), ("2026-01-04", "Tea", "North", 4, 7)]
    write_csv(tmp_path / "data.csv", rows, header="week,show,region,hours,place")
    measures = {"hours": {"unit": "hours"}, "place": {"unit": "rank", "better": "low"}}
    with opened(tmp_path, measures=measures) as table:
        found = table.engine.query("SELECT m1, m2 FROM cube")
        assert (found["m1"][0], found["m2"][0]) == (14, 3)
        assert any("repeat a key" in caution for caution in table.cautions)


def test_a_row_that_repeats_is_found_among_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large table is searched by its rows' hashes: the one pair of alike rows is named, and without it there is none."""
    monkeypatch.setattr("assistant.stats.engine._LARGE", 1000)
    rows = [(f"2026-01-{4 + 7 * (i % 2):02}", f"Show {i % 50}", "North", i) for i in range(3000)]
    write_csv(tmp_path / "data.csv", rows)
    with opened(tmp_path) as table:
        assert any("repeat a key" in caution for caution in table.cautions)
    write_csv(tmp_path / "data.csv", [*rows, rows[1234]])
    with pytest.raises(SourceError, match=r"row 3002.*the same as row 1236"):
        opened(tmp_path)


def test_rounding_is_noticed(tmp_path: Path) -> None:
    """Thirty values that all end in three zeros are rounded to 1,000."""
    rows = [(f"2026-01-{4 + 7 * (i % 2):02}", f"Show {i}", "North", 1000 * (i + 1)) for i in range(30)]
    write_csv(tmp_path / "data.csv", rows)
    with opened(tmp_path) as table:
        assert table.rounded_to == {"hours": 1000}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("week,show,region\n2026-01-04,Tea,North\n", ["column 'hours'", "no such column", "The file has week, show, region"]),
        ("week,show,region,hour\n2026-01-04,Tea,North,1\n", ["Did you mean 'hour'"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,1\n2026-13-45,Tea,North,2\n", ["column 'week'", "row 3", "2026-13-45"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,1\n,Tea,North,2\n", ["column 'week'", "row 3", "empty cell"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,many\n", ["column 'hours'", "row 2", "'many' is not a number"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,inf\n", ["column 'hours'", "row 2"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,1\n2026-01-04,Tea,North,1\n", ["row 3", "the same as row 2"]),
        ("week,show,region,hours\n2026-01-04,T,N,1\n2026-01-10,T,N,1\n2026-01-11,T,N,1\n", ["row 3", "weekday"]),
        ("week,show,region,hours\n2026-01-04,Tea,North,1,9\n", ["row 2", "does not fit the header"]),
        ("week,show,region,hours\n", ["no rows"]),
        ("", ["empty"]),
        ("week,show,show,hours\n2026-01-04,Tea,North,1\n", ["two columns are called 'show'"]),
        ("week,show,region,hours\n2026-01-04,Th\xe9,North,1\n".encode("latin-1"), ["UTF-8", "row 2"]),
        ("week,show,region,hours\n".encode("utf-16"), ["UTF-8"]),
        ("week,show,region,hours,email\n2026-01-04,Tea,North,1,a@b.org\n", ["column 'email'", "persons"]),
        ("week,show,region,hours,who\n2026-01-04,Tea,North,1,a@b.org\n", ["column 'who'", "e-mail addresses"]),
        ("week,show,region,hours,user_id\n2026-01-04,Tea,North,1,7\n", ["column 'user_id'", "persons"]),
        ("week,show,region,hours\n2999-01-06,Tea,North,1\n", ["none of its periods was over"]),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str | bytes, says: list[str]) -> None:
    """Source, file, column and first offending row in one line, with a remedy."""
    message = refused(tmp_path, text)
    assert [part for part in [*says, "data.csv"] if part not in message] == []


def test_a_column_with_a_value_for_each_row_looks_like_persons(tmp_path: Path) -> None:
    """An id in disguise: almost as many values as rows."""
    rows = [(f"2026-01-{4 + 7 * (i % 4):02}", f"u{i:05}", "North", i) for i in range(400)]
    write_csv(tmp_path / "data.csv", rows)
    with pytest.raises(SourceError, match="look like ids"):
        opened(tmp_path)


def test_missing_and_unknown_files_are_named(tmp_path: Path) -> None:
    """No match for the pattern, a suffix that is no table, a delivery that is not ready."""
    with pytest.raises(SourceError, match="no file matches"):
        opened(tmp_path)
    assert "no kind of table" in refused(tmp_path, "x", name="data.xls")
    write_csv(tmp_path / "data.csv", ROWS)
    with pytest.raises(SourceError, match="not ready"):
        opened(tmp_path, ready="_SUCCESS")


def test_formats_of_labels(tmp_path: Path) -> None:
    """A strptime form, months without a day, ISO weeks, hours that stand apart."""
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("04/01/2026", {"every": "day", "format": "%d/%m/%Y"}, "2026-01-04 00:00:00"),
        ("2026-01", {"every": "month"}, "2026-01-01 00:00:00"),
        ("2026-W02", {"every": "week"}, "2026-01-05 00:00:00"),
        ("2026-01-04", {"every": "hour", "hour": "region"}, "2026-01-04 07:00:00"),
    ]
    for label, time, start in cases:
        write_csv(tmp_path / "data.csv", [(label, "Tea", 7, 1)])
        with opened(tmp_path, time={"column": "week", **time}) as table:
            assert table.engine.query("SELECT t::VARCHAR AS t FROM cube")["t"][0] == start


def test_names_are_never_sql(tmp_path: Path) -> None:
    """Columns, files and values with quotation marks and semicolons are only text."""
    odd = 'ho"urs; DROP TABLE raw'
    header = f'week,show,region,"{odd.replace(chr(34), chr(34) * 2)}"'
    (tmp_path / "it's.csv").write_text(f'{header}\n2026-01-04,"x\'); DROP TABLE cube; --",North,1\n', encoding="utf-8")
    with opened(tmp_path, path="it's.csv", measures={odd: {"unit": "hours"}}) as table:
        assert table.engine.query("SELECT subject FROM series")["subject"][0] == "x'); DROP TABLE cube; --"


def test_the_engine_reads_nothing_else(tmp_path: Path) -> None:
    """Locked: another file, a setting, an extension are refused."""
    write_csv(tmp_path / "data.csv", ROWS)
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with opened(tmp_path) as table:
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
            "SET enable_external_access=true",
            "INSTALL httpfs",
            f"COPY cube TO '{tmp_path}/out.csv'",
        ):
            with pytest.raises(duckdb.Error):
                table.engine.run(statement)


def test_a_cohort_table(tmp_path: Path) -> None:
    """How many people did it how often; what is no count is named."""
    cohort = {"path": "c.csv", "subject": "title", "dimensions": [],
              "cohort": {"people": "people", "times": "days", "behaviour": {"en": "watched {subject}"}}}  # fmt: skip
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"sources": {"s": cohort}}), encoding="utf-8")
    (tmp_path / "c.csv").write_text("title,people,days\nTea,3749,5\n", encoding="utf-8")
    read = load(config)
    with open_source("s", read.sources["s"], read) as table:
        assert table.engine.query("SELECT people, times FROM cohort")["people"][0] == 3749
    (tmp_path / "c.csv").write_text("title,people,days\nTea,3749,5\nRain,1.5,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"column 'people', row 3: '1\.5' is not a count"):
        open_source("s", read.sources["s"], read)


def test_the_real_table_is_read(tmp_path: Path, shared: Path) -> None:
    """10,560 rows of a weekly top ten: its weeks, its rounding, its repeated keys."""
    with opened(
        tmp_path,
        as_of=datetime(2026, 11, 23, tzinfo=UTC),
        path=str(SHARED / "data" / "netflix_top10" / "all-weeks-global.tsv"),
        subject="show_title",
        dimensions=["category"],
        measures={"weekly_hours_viewed": {"unit": "hours"}},
    ) as table:
        assert (table.first, table.last) == (date(2021, 6, 28), date(2026, 7, 13))
        assert table.rounded_to == {"weekly_hours_viewed": 10_000}
        assert any("repeat a key" in caution for caution in table.cautions)
        best = table.engine.query("SELECT subject, v FROM series WHERE level = 1 ORDER BY v DESC LIMIT 1")
        assert (best["subject"][0], best["v"][0]) == ("Squid Game", 571_760_000)
