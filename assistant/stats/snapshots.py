"""What a delivery said, kept beside the store, so that the next one can be asked what it restated.

One Parquet file a source and snapshot, the cube in the config's own names; the two newest are kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from assistant.stats.engine import literal, quoted

_KEPT = 2


@dataclass(frozen=True)
class Change:
    """One cell that another delivery told otherwise; `before` or `after` is None where it was not there."""

    source: str
    measure: str
    start: datetime
    subject: str | None
    where: dict[str, str]
    before: float | None
    after: float | None

    @property
    def what(self) -> str:
        """restated, added (to a period that was told before) or withdrawn."""
        return "added" if self.before is None else "withdrawn" if self.after is None else "restated"


def folder(store_url: str, beside: Path) -> Path:
    """Where snapshots lie: beside a SQLite store, else beside the config."""
    prefix = "sqlite:///"
    place = Path(store_url.removeprefix(prefix)).parent if store_url.startswith(prefix) else beside
    return place / "snapshots"


def keep(table: Any, place: Path) -> Path:
    """Keep a table's cube under its snapshot's name, whole or not at all; older than the two newest are let go."""
    file = place / f"{_plain(table.name)}.{table.snapshot}.parquet"
    if not file.exists():
        place.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        try:
            _write(table, unfinished)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    for old in _files(table.name, place)[_KEPT:]:
        old.unlink(missing_ok=True)
    return file


def earlier(table: Any, place: Path) -> Path | None:
    """The newest kept delivery of the source that is not this one."""
    return next((file for file in _files(table.name, place) if f".{table.snapshot}." not in file.name), None)


def _files(source: str, place: Path) -> list[Path]:
    found = place.glob(f"{_plain(source)}.*.parquet") if place.is_dir() else iter(())
    return sorted(found, key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else f"-{ord(letter):x}-" for letter in name)


def _names(table: Any) -> dict[str, str]:
    """Canonical columns of the cube → the config's own, quoted."""
    keys = {"t": "__t", **({"subject": "__subject"} if table.source.subject else {})}
    keys |= {f"d{at}": f"d:{name}" for at, name in enumerate(table.source.dimensions, start=1)}
    return keys | {f"m{at}": f"m:{name}" for at, name in enumerate(table.source.measures, start=1)}


def _write(table: Any, file: Path) -> None:
    names = _names(table)
    cube = table.engine.query(f"SELECT {', '.join(names)} FROM cube")
    kinds = {name: "TIMESTAMP" if name == "t" else "DOUBLE" if name[0] == "m" else "VARCHAR" for name in names}
    columns = ", ".join(f"unnest(${name}::{kinds[name]}[]) AS {quoted(own)}" for name, own in names.items())
    values = {name: [None if one != one else one for one in cube[name].tolist()] for name in names}
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE kept AS SELECT {columns}", values)
        connection.execute(f"COPY kept TO {literal(str(file))} (FORMAT parquet)")


def changes(table: Any, before: Path, after: Path) -> Iterator[Change]:
    """What the later delivery tells otherwise of periods that the earlier one told; the largest changes first.

    Periods that are new are no restatement. Nothing where the two are divided by other columns (see `comparable`).
    """
    told = ", ".join(str(at) for at in range(1, len(_names(table)) - len(table.source.measures) + 1))
    keys = [own for name, own in _names(table).items() if name[0] != "m"]
    with duckdb.connect(":memory:") as connection:
        old, new = (f"read_parquet({literal(str(file))})" for file in (before, after))
        there = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {old}").fetchall()}
        same = " AND ".join(f"a.{quoted(key)} IS NOT DISTINCT FROM b.{quoted(key)}" for key in keys)
        shown = ", ".join(f"coalesce(a.{quoted(key)}, b.{quoted(key)})" for key in keys)
        for measure in (name for name in table.source.measures if f"m:{name}" in there):
            column = quoted(f"m:{measure}")
            rows = connection.execute(
                f"SELECT {shown}, a.{column}, b.{column} FROM (SELECT * FROM {old}) AS a "
                f"FULL JOIN (SELECT * FROM {new} WHERE {quoted('__t')} <= (SELECT max({quoted('__t')}) FROM {old})) AS b "
                f"ON {same} WHERE a.{column} IS DISTINCT FROM b.{column} "
                f"ORDER BY abs(coalesce(a.{column}, 0) - coalesce(b.{column}, 0)) DESC, {told}"
            ).fetchall()
            for row in rows:
                yield _change(table, measure, row)


def comparable(table: Any, before: Path) -> bool:
    """Whether an earlier delivery was divided by the same columns."""
    with duckdb.connect(":memory:") as connection:
        there = [row[0] for row in connection.execute(f"DESCRIBE FROM read_parquet({literal(str(before))})").fetchall()]
    return {name for name in there if name[:2] != "m:"} == {own for own in _names(table).values() if own[:2] != "m:"}


def _change(table: Any, measure: str, row: tuple[Any, ...]) -> Change:
    start, *rest = row
    subject = rest.pop(0) if table.source.subject else None
    *places, before, after = rest
    where = dict(zip(table.source.dimensions, places, strict=True))
    return Change(table.name, measure, start, subject, where, before, after)
