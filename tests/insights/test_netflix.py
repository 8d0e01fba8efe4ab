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
from assistant.insights import KINDS
from assistant.models import Insight
from assistant.pipeline import figures
from workshop import NETFLIX

FIRST = 30
DAYS = (datetime(2023, 3, 1, tzinfo=UTC), datetime(2025, 6, 25, 12, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
GRAINS = {"weekly_hours_viewed": 10_000, "weekly_views": 100_000}
Row = Mapping[str, str]


class Table:
    """The rows of the weeks that were over on a day; a week is named by its last day, as the file does."""

    def __init__(self, file: Path, day: datetime) -> None:
        with file.open(encoding="utf-8", newline="") as opened:
            self.rows: list[Row] = [
                row for row in csv.DictReader(opened, delimiter="\t") if row["week"] < f"{day.date()}"
            ]
        self.weeks = sorted({date.fromisoformat(row["week"]) for row in self.rows})
        self.by_title: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.by_title[row["show_title"]].append(row)

    def of(self, one: Insight, title: str | None = None) -> dict[date, list[Row]]:
        """The rows of a figure's title (or of another), in its category where it names one, by week."""
        found: dict[date, list[Row]] = defaultdict(list)
        for row in self.by_title[title or str(one.subject)]:
            if _inside(one, row):
                found[date.fromisoformat(row["week"])].append(row)
        return dict(sorted(found.items()))

    def totals(self, one: Insight, title: str | None = None) -> dict[date, float]:
        """What the figure's measure adds up to by week."""
        weeks = {week: _values(one, rows) for week, rows in self.of(one, title).items()}
        return {week: sum(values) for week, values in weeks.items() if values}

    def titles(self, one: Insight, week: date, measure: str | None = None) -> dict[str, float]:
        """What the figure's measure (or another) adds up to by title, in one week and the figure's category."""
        found: dict[str, float] = defaultdict(float)
        for row in self.rows:
            if row["week"] == f"{week}" and _inside(one, row) and row[measure or one.measure]:
                found[row["show_title"]] += float(row[measure or one.measure])
        return found


def _file(shared: Path) -> Path:
    return shared / "data" / "netflix_top10" / "all-weeks-global.tsv"


def _inside(one: Insight, row: Row) -> bool:
    return row["category"] == one.where.get("category", row["category"])


def _values(one: Insight, rows: list[Row]) -> list[float]:
    return [float(row[one.measure]) for row in rows if row[one.measure]]


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
    weeks, totals = table.of(one), table.totals(one)
    holds: dict[object, Callable[[date], bool]] = {
        "present": lambda week: week in weeks,
        "first": lambda week: any(row["weekly_rank"] == "1" for row in weeks.get(week, ())),
        "rising": lambda week: week in totals and totals[week] > totals.get(week - timedelta(7), 1e18),
        "above": lambda week: one.start <= week <= one.end and totals[week] >= _value(one, "at_least"),
    }
    run = 0
    while holds[one.params["mode"]](one.end - timedelta(7 * run)):
        run += 1
    assert run == one.value


def milestone(table: Table, one: Insight) -> None:
    """In that week the running total passes the round number; so many titles have passed it in all."""
    totals = table.totals(one)
    before = sum(total for week, total in totals.items() if week < one.end)
    assert before < _value(one, "threshold") <= before + totals[one.end] == one.value
    everyone = [sum(float(row[one.measure] or 0) for row in rows) for rows in table.by_title.values()]
    assert sum(total >= _value(one, "threshold") for total in everyone) == _value(one, "reached_by")


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


def shift(table: Table, one: Insight) -> None:
    """The usual figure since that day, and of the fifty-two of its weeks before."""
    since = one.comparison["since"]
    totals = table.totals(one)
    before = [total for week, total in totals.items() if week < since and one.end - week < timedelta(7 * 208)]
    after = [total for week, total in totals.items() if week >= since]
    assert (median(before[-52:]), median(after)) == (_value(one, "before"), _value(one, "after"))
    assert one.value == _value(one, "after")


def outlier(table: Table, one: Insight) -> None:
    """That week's figure; what is called usual lies inside what there was, and far from it."""
    totals = table.totals(one)
    assert totals[one.end] == one.value
    usual = _value(one, "usual")
    assert min(totals.values()) <= usual <= max(totals.values())
    assert one.value / usual == pytest.approx(_value(one, "ratio"), abs=0.01)


def record(table: Table, one: Insight) -> None:
    """Nothing higher in all its weeks (or of all titles), and what it had to beat."""
    totals = table.totals(one)
    assert totals[one.end] == one.value == max(totals.values())
    if one.params["scope"] == "own":
        assert _value(one, "previous") == max(total for week, total in totals.items() if week < one.end)
        assert _value(one, "periods") == len(totals) - 1
    else:
        others = {title: max(table.totals(one, title).values(), default=0.0) for title in table.by_title}
        assert max(total for title, total in others.items() if title != one.subject) == _value(one, "previous")
        assert one.value == max(others.values())


def best_since(table: Table, one: Insight) -> None:
    """That week's figure, as much on the day that is named, and less in each week between."""
    totals, since = table.totals(one), one.comparison["since"]
    assert (totals[one.end], totals[since]) == (one.value, _value(one, "since_value"))
    assert totals[since] >= one.value > max(total for week, total in totals.items() if since < week < one.end)
    assert (one.end - since).days // 7 == _value(one, "periods")


def jump(table: Table, one: Insight) -> None:
    """From one week to the next, and by more than ever between two weeks of that title."""
    totals = table.totals(one)
    assert (totals[one.end], totals[one.end - timedelta(7)]) == (one.value, _value(one, "previous"))
    moves = {week: totals[week] / totals[week - timedelta(7)] for week in totals if week - timedelta(7) in totals}
    if one.unit == "rank" or one.params["direction"] == "down":
        moves = {week: 1 / move for week, move in moves.items()}
    assert one.unit == "rank" or max(moves, key=lambda week: moves[week]) == one.end
    assert one.unit != "rank" or _value(one, "previous") - one.value == _value(one, "places")


def debut(table: Table, one: Insight) -> None:
    """The best first week of all titles that began since the list does, and the best of the others."""
    firsts: dict[str, float] = {}
    for title in table.by_title:
        weeks = table.of(one, title)
        if weeks and (first := min(weeks)) > table.weeks[0] and (values := _values(one, weeks[first])):
            firsts[title] = sum(values)
    assert firsts.pop(str(one.subject)) == one.value
    assert max(firsts.values()) == _value(one, "previous") < one.value
    assert firsts[str(one.comparison["previous_subject"])] == _value(one, "previous")
    assert min(table.of(one)) == one.end


def dominance(table: Table, one: Insight) -> None:
    """Its share of what that week's list adds up to, and the next one's figure."""
    week = table.titles(one, one.end)
    first, second = sorted(week.values(), reverse=True)[:2]
    assert (week[str(one.subject)], first, second) == (one.value, one.value, _value(one, "second"))
    assert round(100 * first / sum(week.values()), 1) == _value(one, "share")
    assert len(week) == _value(one, "among")


def over_index(table: Table, one: Insight) -> None:
    """Its share of the category's weeks, and of the others'."""
    weeks = table.weeks[-int(_value(one, "periods")) :]
    rows = [row for row in table.rows if date.fromisoformat(row["week"]) in weeks and row[one.measure]]
    for name, wanted in (("share_here", True), ("share_elsewhere", False)):
        there = [row for row in rows if _inside(one, row) == wanted]
        mine = sum(float(row[one.measure]) for row in there if row["show_title"] == one.subject)
        share = 100 * mine / sum(float(row[one.measure]) for row in there)
        assert share == pytest.approx(_value(one, name), rel=0.01)


def rhythm(table: Table, one: Insight) -> None:
    """So many times the rest in that month, each week over the median of its twelve months."""
    totals = table.totals(one) if one.subject else {week: sum(table.titles(one, week).values()) for week in table.weeks}
    thursdays = {week: week - timedelta(3) for week in totals if week > one.end - timedelta(7 * 5 * 53)}
    newest = max(table.weeks) - timedelta(3)
    years: dict[int, list[date]] = defaultdict(list)
    for week, day in thursdays.items():
        years[((newest.year - day.year) * 12 + newest.month - day.month) // 12].append(week)
    over = {
        week: totals[week] / median(totals[each] for each in weeks)
        for weeks in years.values()
        if len(weeks) >= 35
        for week in weeks
    }
    inside = [value for week, value in over.items() if thursdays[week].month == _value(one, "phase")]
    rest = [value for week, value in over.items() if thursdays[week].month != _value(one, "phase")]
    assert median(inside) / median(rest) == pytest.approx(one.value, abs=0.01)


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
    week = table.titles(one, one.end)
    more = 1 + sum(total > one.value for total in week.values())
    assert (more, len(week)) == (_value(one, "level"), _value(one, "among"))


def one_of_few(table: Table, one: Insight) -> None:
    """So many of that week's titles have as much of both, the grain of either allowed for, and the title is one of them."""
    other = str(one.params["other_measure"])
    first, second = (table.titles(one, one.end, measure) for measure in (one.measure, other))
    title = str(one.subject)
    assert (first[title], second[title]) == (one.value, _value(one, "second"))
    reach = {
        each for each in first
        if first[each] >= one.value - GRAINS[one.measure] and second[each] >= second[title] - GRAINS[other]
    }  # fmt: skip
    assert title in reach
    assert (len(reach), len(first)) == (_value(one, "few"), _value(one, "among"))


def together(table: Table, one: Insight) -> None:
    """From week to week both go up or down at once (or one up, the other down) in most of the weeks that both were there."""
    ours, theirs = table.totals(one), table.totals(one, str(one.comparison["other"]))
    steps = [
        (ours[week] - ours[before]) * (theirs[week] - theirs[before]) * (1 if one.value > 0 else -1)
        for week in ours if (before := week - timedelta(7)) in ours and before in theirs and week in theirs
    ]  # fmt: skip
    assert sum(step > 0 for step in steps) > len(steps) / 2


RECOMPUTED: Mapping[str, Callable[[Table, Insight], None]] = {
    check.__name__: check
    for check in (
        anniversary, best_since, comeback, debut, dominance, jump, milestone, one_of_few, outlier, over_index, overtake, record,
        rhythm, shift, streak, tie, together, trend,
    )
}  # fmt: skip


@pytest.fixture(scope="module", params=DAYS, ids=str)
def told(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
         ) -> tuple[Table, list[Insight]]:  # fmt: skip
    """The table as it was on a day, and all figures that were told then, best first."""
    file = _file(shared)
    folder = tmp_path_factory.mktemp("netflix")
    (folder / "config.yaml").write_text(NETFLIX.format(path=file), encoding="utf-8")
    found = figures(load(folder / "config.yaml"), as_of=request.param)
    return Table(file, request.param), list(found.insights)


def test_each_figure_is_true(told: tuple[Table, list[Insight]]) -> None:
    """Recomputed from the file, line by line, without our SQL: the first thirty, and all after them, whatever their kind."""
    table, found = told
    assert len(found) > FIRST
    for one in found:
        RECOMPUTED[one.kind](table, one)


def test_every_kind_that_the_table_can_show_is_recomputed() -> None:
    """None would be passed over; a table of weeks has no cohorts."""
    assert set(RECOMPUTED) == set(KINDS) - {"devoted_cohort"}


def test_no_two_of_the_first_thirty_say_the_same(told: tuple[Table, list[Insight]]) -> None:
    """One figure a title and kind, no pair told from both its sides, nothing twice of a title's week; no title fills the list."""
    found = told[1][:FIRST]
    assert len({(one.kind, one.subject) for one in found}) == FIRST
    assert len({(one.subject, one.end) for one in found}) == FIRST
    pairs = [frozenset((one.subject, other)) for one in found if (other := one.comparison.get("other"))]
    assert len(set(pairs)) == len(pairs)
    assert max(sum(other.subject == one.subject for other in found) for one in found) <= 2


def test_no_streak_rests_on_a_count_that_goes_on_after_a_gap(told: tuple[Table, list[Insight]], shared: Path) -> None:
    """The file's own count of weeks is more than the run in 612 of 4,453 runs, and no streak says it for one of them."""
    table, found = told
    whole = Table(_file(shared), DAYS[-1])
    seasons: dict[tuple[str, ...], dict[date, int]] = defaultdict(dict)
    for row in whole.rows:
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
    file = _file(shared)
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
