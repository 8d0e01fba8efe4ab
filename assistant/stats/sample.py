"""A streaming service that does not exist: the tables of the sample workspace, made from one seed.

Every title is invented. The stories that a first look should find are planted in the last weeks (a record, a streak, a
comeback, an overtaking, milestones), and so is the figure that must never be told: 53 people, 18 days.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

WEEKS = 120
SEED = 2017
COUNTRIES = {"France": 1.0, "Germany": 1.1, "Japan": 0.8, "United States": 2.6, "Brazil": 1.2, "United Kingdom": 1.3}
HOURS_PER_VIEWER = 3.4


@dataclass(frozen=True)
class Title:
    """An invented title: its usual weekly hours over all countries, and how the weeks change that.

    `shape` takes the weeks to go (0 is the last one) and gives a factor; None: not on the service that week.
    """

    name: str
    hours: float
    shape: Callable[[int], float | None]
    home: str = ""


def _steady(_: int) -> float:
    return 1.0


def _peak_at(week: int, height: float, width: float = 1.5) -> Callable[[int], float]:
    return lambda to_go: 1 + (height - 1) * 2.718 ** (-(((to_go - week) / width) ** 2))


def _away(start: int, end: int, back: float = 1.6) -> Callable[[int], float | None]:
    """Off the service between two weeks to go, then back with a push."""
    return lambda to_go: None if end < to_go <= start else (back if to_go <= end else 1.0)


def _rising(weeks: int, pace: float) -> Callable[[int], float]:
    return lambda to_go: pace ** max(0, weeks - to_go)


def _since(start: int, shape: Callable[[int], float | None] = _steady) -> Callable[[int], float | None]:
    return lambda to_go: shape(to_go) if to_go < start else None


TITLES = (
    Title("Harbour Lights", 410_000, _peak_at(0, 2.9), "United Kingdom"),
    Title("Second Breakfast", 350_000, _rising(9, 1.09)),
    Title("Mildly Haunted", 240_000, _away(46, 1, 1.9), "United States"),
    Title("The Ministry of Small Repairs", 300_000, _steady, "United Kingdom"),
    Title("Café Minuit", 205_000, _peak_at(1, 2.4), "France"),
    Title("Slow Train to Lisbon", 180_000, _rising(14, 1.05)),
    Title("Goats of Glory", 150_000, _peak_at(0, 3.1), "Germany"),
    Title("Paper Moons", 260_000, _peak_at(30, 2.2), "Japan"),
    Title("The Last Tram", 120_000, _away(80, 2, 2.2), "Germany"),
    Title("Knives and Marmalade", 330_000, _peak_at(60, 2.0)),
    Title("Trois fois rien", 140_000, _rising(6, 1.12), "France"),
    Title("The Quiet Heist", 290_000, _peak_at(90, 2.6)),
    Title("Cloud Accountants", 95_000, _since(60, _rising(12, 1.07))),
    Title("Snow Day", 110_000, lambda to_go: 1 + 1.2 * (to_go % 52 < 6), "Japan"),
    Title("Noodles at the End of the Line", 170_000, _peak_at(2, 2.5), "Japan"),
    Title("The Understudy", 130_000, _steady, "Brazil"),
    Title("Samba for Beginners", 160_000, _since(40, _peak_at(1, 2.3)), "Brazil"),
    Title("Lighthouse Keeper's Cat", 145_000, _away(20, 0, 2.0)),
)
REWATCHERS = (
    ("Harbour Lights", 3749, 5),
    ("Second Breakfast", 12840, 4),
    ("Mildly Haunted", 2210, 7),
    ("Goats of Glory", 5130, 6),
    ("Café Minuit", 1460, 9),
    ("Paper Moons", 9, 31),
    ("Snow Day", 53, 18),
)


def write_sample(folder: Path, *, today: date) -> list[Path]:
    """Write viewing-*.parquet (one file a year) and rewatchers.csv; the last week is the last that was over `today`."""
    last = today - timedelta(days=today.weekday() + 1)  # the last Sunday
    return [*_write_viewing(folder, last), _write_rewatchers(folder)]


def _write_viewing(folder: Path, last: date) -> list[Path]:
    import duckdb

    columns = "{week: 'DATE', title: 'VARCHAR', country: 'VARCHAR', hours: 'BIGINT', viewers: 'BIGINT'}"
    written = []
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(":memory:") as connection:
        plain = Path(scratch) / "viewing.csv"
        with plain.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_rows(last))
        connection.execute(
            f"CREATE TABLE v AS FROM read_csv({_literal(plain)}, header=false, auto_detect=false, columns={columns})"
        )
        for (year,) in connection.execute("SELECT DISTINCT year(week) FROM v ORDER BY 1").fetchall():
            path = folder / f"viewing-{year}.parquet"
            connection.execute(f"COPY (FROM v WHERE year(week) = {int(year)}) TO {_literal(path)} (FORMAT parquet)")
            written.append(path)
    return written


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _rows(last: date) -> Iterator[tuple[date, str, str, int, int]]:
    chance = random.Random(SEED)  # noqa: S311 (a sample, not a secret)
    for to_go in range(WEEKS - 1, -1, -1):
        for title in TITLES:
            factor = title.shape(to_go)
            for country, size in COUNTRIES.items():
                noise = chance.lognormvariate(0, 0.08)
                if factor is not None:
                    affection = 2.2 if country == title.home else 0.8
                    hours = int(title.hours * factor * size * affection * noise / 8)
                    yield last - timedelta(weeks=to_go), title.name, country, hours, int(hours / HOURS_PER_VIEWER)


def _write_rewatchers(folder: Path) -> Path:
    path = folder / "rewatchers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("title", "people", "days_in_a_row"))
        writer.writerows(REWATCHERS)
    return path
