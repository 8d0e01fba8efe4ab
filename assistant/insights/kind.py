"""What a finder gets and gives: the table that it reads, the window it may tell of, the findings that it makes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from assistant.config import Measure, Source
from assistant.models import Engine, Every, Fact, Scalar

UNITS: dict[Every, str] = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}
YEAR: dict[Every, float] = {"hour": 8766, "day": 365.25, "week": 52.18, "month": 12}


class Readable(Protocol):
    """A table of statistics, as `stats.Table` is one; insights and stats do not know each other."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> Source: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def every(self) -> Every: ...
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def rounded_to(self) -> Mapping[str, float]: ...
    @property
    def cautions(self) -> tuple[str, ...]: ...
    @property
    def about(self) -> Mapping[str, tuple[str, ...]]: ...


@dataclass(frozen=True)
class Window:
    """Which periods may be told: from number `oldest` to `newest`; numbers count from the source's first period.

    `read` keeps what several kinds read of the table in one run.
    """

    oldest: int
    newest: int
    read: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Finding:
    """A figure before it is scored. `start` and `end` are the first days of the first and the last period told;
    None where the table has no time.

    `p`: the chance of it in a table of noise, for the kinds that have a test. `rarity`: the share of its peers that have
    it too, for the others. `tests`: how many were made to find it, those without a finding included. `impact`, `robustness`
    and `simplicity` are 0 to 1.
    """

    measure: str
    subject: str | None
    dim: str | None
    place: str | None
    start: datetime | None
    end: datetime | None
    age: int
    value: float
    unit: str
    facts: tuple[Fact, ...]
    params: Mapping[str, Scalar]
    evidence: str
    impact: float
    robustness: float
    simplicity: float
    p: float | None = None
    rarity: float | None = None
    tests: int = 0
    people: int | None = None
    cautions: tuple[str, ...] = field(default=())


def chances(findings: Sequence[Finding]) -> list[float]:
    """The chance of each finding of a kind with a test; of what is told without one, that it proves nothing."""
    return [one.p if one.p is not None else 1.0 for one in findings]


def tests(findings: Sequence[Finding]) -> int:
    """How many tests were made to find these."""
    return max((one.tests for one in findings), default=0)


_SIZES = "SELECT measure, level, list(v ORDER BY v) AS vs FROM series WHERE measure IN {measures} GROUP BY ALL"

Finder = Callable[[Readable, Window], Iterable[Finding]]


@dataclass(frozen=True)
class Kind:
    """A kind of notable figure; `placed`: its places are what it tells of, and not where else it is so; `paired`: it is about
    two, and with another one it is another figure; `moved`: it is about how one series moved, as others of them are; `among`: so
    many subjects at least have to stand beside each other."""

    name: str
    says: str
    find: Finder
    tested: bool
    cohort: bool = False
    placed: bool = False
    paired: bool = False
    moved: bool = False
    among: int = 1


def number(value: Any) -> int | float:
    """A whole number as an int."""
    return int(value) if float(value).is_integer() else float(value)


def moment(value: Any) -> datetime:
    """NumPy's instant as a naive wall time of the source's zone."""
    import numpy as np

    found: datetime = np.datetime64(value, "us").astype(datetime)
    return found


def names(row: Mapping[str, Any]) -> tuple[str, str | None, str | None, str | None]:
    """Measure, subject, dimension and place of a row."""
    measure, *others = (row.get(name) for name in ("measure", "subject", "dim", "place"))
    subject, dim, place = (str(other) if other is not None else None for other in others)
    return str(measure), subject, dim, place


def rows(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Columns as rows, for the few that a finder's SQL leaves."""
    for at in range(len(next(iter(found.values()), ()))):
        yield {name: column[at] for name, column in found.items()}


def ratio(value: float, other: float) -> Fact:
    """How many times as much, to two digits after the point, or two digits of what is less: a hundredth is not nothing."""
    times = float(value) / float(other) if other else 0.0
    return Fact("ratio", round(times, 2) if times >= 1 else float(f"{times:.2g}"), "ratio")


def measured(table: Readable, measure: str, name: str, value: float) -> Fact:
    """A fact in the unit and the grain of a measure."""
    unit = unit_of(table.source.measures[measure], measure)
    return Fact(name, number(value), unit, table.rounded_to.get(measure))


class Remembered:
    """A table whose answers are kept: several kinds ask the same in one run."""

    def __init__(self, table: Readable) -> None:
        self._table = table
        self.engine: Engine = _Remembering(table.engine)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


class _Remembering:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, tuple[tuple[str, object], ...]], dict[str, Any]] = {}

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, Any]:
        """As the engine's; whoever changes what it gives changes it for the others."""
        asked = (sql, tuple(sorted((parameters or {}).items())))
        if asked not in self._known:
            self._known[asked] = self._engine.query(sql, parameters)
        return self._known[asked]


class Sizes:
    """How large the values of a measure usually are, level by level."""

    def __init__(self, table: Readable, measures: str) -> None:
        found = table.engine.query(_SIZES.format(measures=measures))
        self._values = {(row["measure"], int(row["level"])): row["vs"] for row in rows(found)}

    def share_below(self, measure: str, level: int, value: float) -> float:
        """How much of the measure's values lies below one, 0 to 1."""
        import numpy as np

        values = self._values.get((measure, level), ())
        return float(np.searchsorted(values, value) / max(1, len(values)))


def unit_of(measure: Measure, name: str) -> str:
    """The unit's key: a known one, or the column's own name for one that the source words itself."""
    return measure.unit if isinstance(measure.unit, str) else name


def countable(table: Readable) -> list[str]:
    """The measures of which more is better and which are no ranks."""
    return [name for name, m in table.source.measures.items() if m.unit != "rank" and m.better == "high"]


def summed(table: Readable) -> list[str]:
    """The measures that may be added up over periods."""
    return [name for name in countable(table) if table.source.measures[name].total in (None, "sum")
            and table.source.measures[name].counts not in ("people", "profiles", "households")]  # fmt: skip


def listed(names: Sequence[str]) -> str:
    """An SQL list of literals: measures' names, compared with the column `measure`."""
    return "(" + ", ".join("'" + name.replace("'", "''") + "'" for name in names) + ")" if names else "('')"


def shift(start: datetime, every: Every, periods: int) -> datetime:
    """The start of the period so many periods later (earlier where negative)."""
    if every != "month":
        step = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[every]
        return start + step * periods
    months = start.year * 12 + start.month - 1 + periods
    return start.replace(year=months // 12, month=months % 12 + 1)


def last_day(start: datetime, every: Every) -> datetime:
    """The last day of a period (of an hour, the hour)."""
    return start if every == "hour" else shift(start, every, 1) - timedelta(days=1)


def day_fact(name: str, start: datetime) -> Fact:
    """A fact that is a day."""
    return Fact(name, start.date(), "date")
