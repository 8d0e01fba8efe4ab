"""The real weekly top ten: what is told first, recomputed from the file by plain Python."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from assistant.config import load
from assistant.models import Insight
from assistant.pipeline import figures
from workshop import NETFLIX

FIRST = 30
Row = Mapping[str, str]


class Table:
    """The file as rows; a week is named by its last day, as the file does."""

    def __init__(self, file: Path) -> None:
        with file.open(encoding="utf-8", newline="") as opened:
            self.rows: list[Row] = list(csv.DictReader(opened, delimiter="\t"))
        self.weeks = sorted({row["week"] for row in self.rows})

    def of(self, one: Insight) -> dict[date, list[Row]]:
        """The rows of a figure's title, in its category where it names one, by week."""
        found: dict[date, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row["show_title"] == one.subject and row["category"] == one.where.get("category", row["category"]):
                found[date.fromisoformat(row["week"])].append(row)
        return dict(sorted(found.items()))

    def totals(self, one: Insight, title: str | None = None) -> dict[date, float]:
        """What the figure's measure adds up to by week."""
        about = one if title is None else _about(one, title)
        weeks = {week: [row[one.measure] for row in rows if row[one.measure]] for week, rows in self.of(about).items()}
        return {week: sum(map(float, values)) for week, values in weeks.items() if values}


def _about(one: Insight, title: str) -> Insight:
    from dataclasses import replace

    return replace(one, subject=title)


def _value(one: Insight, name: str) -> float:
    fact = one.fact(name)
    assert fact is not None
    return float(fact.value)  # type: ignore[arg-type]


def comeback(table: Table, one: Insight) -> None:
    """Back in that week, and for so many weeks before it not in the list."""
    weeks = list(table.of(one))
    before = weeks[weeks.index(one.end) - 1]
    missed = (one.end - before).days // 7 - 1
    assert (missed, one.comparison["last_seen"]) == (_value(one, "absence"), before)
    if one.unit != "rank":
        assert table.totals(one)[one.end] == one.value


def streak(table: Table, one: Insight) -> None:
    """In each week of the run what the streak says, and in none just before it."""
    weeks = table.of(one)
    holds: Callable[[date], bool] = lambda week: week in weeks  # noqa: E731
    if one.params["mode"] == "first":
        holds = lambda week: any(row["weekly_rank"] == "1" for row in weeks.get(week, ()))  # noqa: E731
    if one.params["mode"] == "rising":
        totals = table.totals(one)
        holds = lambda week: totals[week] > totals.get(week - timedelta(7), 0) if week in totals else False  # noqa: E731
    run = 0
    while holds(one.end - timedelta(7 * run)):
        run += 1
    assert run == one.value


def milestone(table: Table, one: Insight) -> None:
    """In that week the running total passes the round number; so many titles have passed it in all."""
    totals = table.totals(one)
    before = sum(total for week, total in totals.items() if week < one.end)
    assert before < _value(one, "threshold") <= before + totals[one.end] == one.value
    everyone: dict[str, float] = defaultdict(float)
    for row in table.rows:
        everyone[row["show_title"]] += float(row[one.measure] or 0)
    assert sum(total >= _value(one, "threshold") for total in everyone.values()) == _value(one, "reached_by")


def overtake(table: Table, one: Insight) -> None:
    """In that week it has more than the other, which had been ahead in every meeting before."""
    ours, theirs = table.totals(one), table.totals(one, str(one.comparison["other"]))
    assert (ours[one.end], theirs[one.end]) == (one.value, _value(one, "other_value"))
    met = [week for week in ours if week in theirs and week < one.end]
    assert all(ours[week] <= theirs[week] for week in met[-int(_value(one, "behind")) :])


def trend(table: Table, one: Insight) -> None:
    """The usual figure of the first and of the last eighth of its weeks, five of them at least; whole years from three on."""
    totals = [total for week, total in table.totals(one).items() if one.start <= week <= one.end]
    ends = max(5, len(totals) // 8 | 1) if len(totals) < 3 * 52 else 53
    assert (median(totals[:ends]), median(totals[-ends:])) == (_value(one, "from"), _value(one, "to"))
    assert (one.end - one.start).days // 7 + 1 == _value(one, "periods")


def outlier(table: Table, one: Insight) -> None:
    """That week's figure; what is called usual lies inside what there was, and far from it."""
    totals = table.totals(one)
    assert totals[one.end] == one.value
    usual = _value(one, "usual")
    assert min(totals.values()) <= usual <= max(totals.values())
    assert one.value / usual == pytest.approx(_value(one, "ratio"), abs=0.01)


def jump(table: Table, one: Insight) -> None:
    """From one week to the next, and by more than ever between two weeks of that title."""
    totals = table.totals(one)
    assert (totals[one.end], totals[one.end - timedelta(7)]) == (one.value, _value(one, "previous"))
    moves = {week: totals[week] / totals[week - timedelta(7)] for week in totals if week - timedelta(7) in totals}
    assert max(moves, key=lambda week: moves[week]) == one.end


def anniversary(table: Table, one: Insight) -> None:
    """So many years to the day since its first week, or its best, and the day falls into that week."""
    since = one.comparison["since"]
    first = min(table.of(one)) - timedelta(6)
    totals = table.totals(one)
    best = max(totals, key=lambda week: totals[week]) - timedelta(6)
    assert since == (best if one.params["mode"] == "record" else first)
    day = since.replace(year=since.year + int(one.value))
    assert one.start <= day <= one.end


def tie(table: Table, one: Insight) -> None:
    """Both have exactly as much in that week, so many have more, and so many are in the list."""
    assert table.totals(one)[one.end] == table.totals(one, str(one.comparison["other"]))[one.end] == one.value
    week: dict[str, float] = defaultdict(float)
    for row in table.rows:
        if (
            row["week"] == f"{one.end}"
            and row["category"] == one.where.get("category", row["category"])
            and row[one.measure]
        ):
            week[row["show_title"]] += float(row[one.measure])
    assert (1 + sum(total > one.value for total in week.values()), len(week)) == (
        _value(one, "level"),
        _value(one, "among"),
    )


def one_of_few(table: Table, one: Insight) -> None:
    """So many of that week's titles have as much of both, the grain of either allowed for, and the title is one of them."""
    other = str(one.params["other_measure"])
    grains = {"weekly_hours_viewed": 10_000, "weekly_views": 100_000}
    week: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in table.rows:
        if row["week"] == f"{one.end}" and row["category"] == one.where.get("category", row["category"]):
            for at, measure in enumerate((one.measure, other)):
                week[row["show_title"]][at] += float(row[measure] or 0)
    assert week[str(one.subject)] == [one.value, _value(one, "second")]
    least = (one.value - grains[one.measure], _value(one, "second") - grains[other])
    reach = [title for title, (first, second) in week.items() if first >= least[0] and second >= least[1]]
    assert one.subject in reach
    assert (len(reach), len(week)) == (_value(one, "few"), _value(one, "among"))


RECOMPUTED = {
    "anniversary": anniversary,
    "comeback": comeback, "streak": streak, "milestone": milestone, "overtake": overtake, "trend": trend, "outlier": outlier,
    "jump": jump, "tie": tie, "one_of_few": one_of_few,
}  # fmt: skip


@pytest.fixture(scope="module")
def told(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Table, list[Insight]]:
    """The table, and the first thirty figures."""
    file = shared / "data" / "netflix_top10" / "all-weeks-global.tsv"
    folder = tmp_path_factory.mktemp("netflix")
    (folder / "config.yaml").write_text(NETFLIX.format(path=file), encoding="utf-8")
    found = figures(load(folder / "config.yaml"), as_of=datetime(2026, 11, 23, tzinfo=UTC))
    return Table(file), list(found.insights[:FIRST])


def test_each_of_the_first_thirty_is_true(told: tuple[Table, list[Insight]]) -> None:
    """Recomputed from the file, line by line, without our SQL."""
    table, found = told
    assert len(found) == FIRST
    for one in found:
        RECOMPUTED[one.kind](table, one)


def test_no_two_of_the_first_thirty_say_the_same(told: tuple[Table, list[Insight]]) -> None:
    """One figure a title and kind, and no title fills the list."""
    _, found = told
    assert len({(one.kind, one.subject) for one in found}) == FIRST
    assert max(sum(other.subject == one.subject for other in found) for one in found) <= 2


def test_no_streak_rests_on_a_count_that_goes_on_after_a_gap(told: tuple[Table, list[Insight]]) -> None:
    """The file's own count of weeks is more than the run in 612 of 4,453 runs, and no streak says it for one of them."""
    table, found = told
    seasons: dict[tuple[str, ...], dict[date, int]] = defaultdict(dict)
    for row in table.rows:
        key = (row["category"], row["show_title"], row["season_title"])
        seasons[key][date.fromisoformat(row["week"])] = int(row["cumulative_weeks_in_top_10"])
    runs = [run for weeks in seasons.values() for run in _runs(weeks)]
    assert (sum(counted > length for length, counted in runs), len(runs)) == (612, 4453)
    assert all("cumulative" not in one.measure for one in found)
    for one in found:
        if one.kind == "streak":
            streak(table, one)


def _runs(weeks: Mapping[date, int]) -> list[tuple[int, int]]:
    """(length, the file's own count at its end) of each run of weeks."""
    found, length = [], 0
    for week in sorted(weeks):
        length = length + 1 if week - timedelta(7) in weeks else 1
        if week + timedelta(7) not in weeks:
            found.append((length, weeks[week]))
    return found


def test_what_would_have_been_said_then(shared: Path, tmp_path: Path) -> None:
    """As of a day, the same is said as of a file that ends with the last week that was over by then."""
    file = shared / "data" / "netflix_top10" / "all-weeks-global.tsv"
    day, last = datetime(2025, 6, 25, 12, tzinfo=UTC), "2025-06-22"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "then.tsv").write_text(
        lines[0] + "".join(line for line in lines[1:] if line[:10] <= last), encoding="utf-8"
    )

    def said(path: Path) -> list[tuple[object, ...]]:
        (tmp_path / "config.yaml").write_text(NETFLIX.format(path=path), encoding="utf-8")
        found = figures(load(tmp_path / "config.yaml"), as_of=day).insights
        return [(one.id, one.value, one.score, one.q) for one in found]

    assert said(file) == said(tmp_path / "then.tsv")
    assert len(said(file)) > FIRST
