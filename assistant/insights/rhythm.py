"""`rhythm`: a day of the week, an hour of the day or a month of the year that stands out, cycle after cycle.

Each value is taken over its cycle's median, so that neither a trend nor a good week counts. Then ranks: the phase that
stands highest against all others (the step after Kruskal & Wallis 1952, by Mann & Whitney's U, times the number of phases),
weeks of one month counting for fewer where they resemble each other. A few years hardly give ranks enough; there the field
tells how seldom a month is as high (Wilkinson 1951). A rhythm of the whole field is told once, of the field; one
subject's has to hold beside it, and to be stronger than is usual there: where each subject has one, none is notable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from assistant.insights import evidence
from assistant.insights.baseline import deviations
from assistant.insights.kind import Finding, Readable, Sizes, Window, countable, listed, names, summed
from assistant.insights.movement import PEERS, Field, fields, in_common, lined, resemblance, separated
from assistant.insights.ranks import middle, ranked
from assistant.models import Every, Fact, Scalar

LEAD = 1.05  # by how much the best phase must lead the second
OWN = 2.0  # deviations by which it has to stand out by itself too, where the others decide whether it is chance
MOST = 0.7  # the share of cycles in which the phase has to stand above the cycle's median
STRONGER = 1.5  # how many times what is usual among the subjects (on logarithms)
OFTEN = 0.05  # a chance above which no correction would let it pass
FEW, REMARKABLE = 5, 0.1  # cycles that hardly give ranks enough, and what they have to say all the same
KNOWN = 2 / 3  # the share of a cycle's periods that must be there


@dataclass(frozen=True)
class Cycle:
    """What comes round: its phases' unit and number, how far back is looked, how many cycles at least, their unit."""

    unit: str
    phases: int
    back: int
    least: int
    cycles: str


CYCLE: dict[Every, Cycle] = {
    "hour": Cycle("hour", 24, 24 * 182, 14, "days"), "day": Cycle("weekday", 7, 7 * 52, 8, "weeks"),
    "week": Cycle("month", 12, 5 * 53, 2, "years"), "month": Cycle("month", 12, 12 * 10, 2, "years"),
}  # fmt: skip
_TOTAL = """
SELECT n, sum(v) AS v FROM series WHERE level = 1 AND measure = $measure AND n BETWEEN $oldest AND $newest GROUP BY n
"""


@dataclass(frozen=True)
class Calendar:
    """The phase (from 0) and the cycle (0 the newest) of each column."""

    phase: np.ndarray
    cycle: np.ndarray

    def over_cycle(self, values: np.ndarray) -> np.ndarray:
        """Each row without its cycle's median, on logarithms; NaN in cycles that are not known well enough."""
        found = np.full_like(values, np.nan)
        columns = [np.flatnonzero(self.cycle == cycle) for cycle in np.unique(self.cycle)]
        whole = max(map(len, columns))
        for at in columns:
            known = np.flatnonzero((~np.isnan(values[:, at])).sum(axis=1) >= KNOWN * whole)[:, None]
            found[known, at] = values[known, at] - middle(values[known, at])[:, None]
        return found

    def by_phase(self, values: np.ndarray, phases: int) -> np.ndarray:
        """The median of each row in each phase; -inf where it has none."""
        found = [middle(values[:, self.phase == phase]) for phase in range(phases)]
        return np.where(np.isnan(found), -np.inf, found).T


@dataclass(frozen=True)
class Beat:
    """The best phase of each row, how far it stands out, its chance, and how many deviations that are."""

    phase: np.ndarray
    size: np.ndarray
    p: np.ndarray
    z: np.ndarray


def find(table: Readable, window: Window) -> Iterator[Finding]:
    """At most one finding a series, and one of each measure's field."""
    measures, cycle = countable(table), CYCLE[table.every]
    sizes = Sizes(table, listed(measures))
    found: list[tuple[Field, int | None, Calendar, int, float]] = []
    tests = 0
    for field in fields(table, measures, window, back=cycle.back, least=cycle.phases * cycle.least // 2):
        when = calendar(field.times, table.every)
        over = when.over_cycle(field.logs - lined(field.logs, np.arange(len(field.times))))
        rows = np.flatnonzero(_cycles(over, when) >= cycle.least)
        if len(rows):
            told, made = _beating(over[rows], when, cycle, _of_all(table, field))
            tests += made
            found += [(field, None if row is None else int(rows[row]), when, phase, p) for row, phase, p in told]
    whole = [one for each in found for one in _finding(table, window, *each, sizes, tests)]
    yield from _once(whole)


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """What all do on the same day is one rhythm, whatever is measured: the first measure tells it."""
    told: set[Scalar] = set()
    for one in findings:
        if one.params["level"] != 0 or one.params["phase"] not in told:
            yield one
        told |= {one.params["phase"]} if one.params["level"] == 0 else set()


def calendar(times: np.ndarray, every: Every) -> Calendar:
    """Weeks begin on Monday and belong to the month of their Thursday; a year is the last twelve months."""
    hours = times.astype("datetime64[h]").astype(int)
    if every == "hour":
        return Calendar(hours % 24, hours.max() // 24 - hours // 24)
    days = hours // 24 + 3  # 1 January 1970 was a Thursday, three days after a Monday
    if every == "day":
        return Calendar(days % 7, days.max() // 7 - days // 7)
    thursday = times.astype("datetime64[D]") + (3 if every == "week" else 0)
    months = thursday.astype("datetime64[M]").astype(int)
    return Calendar(months % 12, (months.max() - months) // 12)


def _cycles(over: np.ndarray, when: Calendar) -> np.ndarray:
    return np.asarray(
        sum((~np.isnan(over[:, when.cycle == one])).any(axis=1).astype(int) for one in np.unique(when.cycle))
    )


def _of_all(table: Readable, field: Field) -> bool:
    """Whether a rhythm of all subjects can be told: of what may be added up over them, everywhere."""
    return int(field.heads[0]["level"]) == 1 and field.heads[0]["measure"] in summed(table)


def _beating(over: np.ndarray, when: Calendar, cycle: Cycle, of_all: bool
             ) -> tuple[list[tuple[int | None, int, float]], int]:  # fmt: skip
    """(row or None for the field, phase, p) of what stands out, and how many tests were made."""
    own = _beat(over, when, cycle)
    common = in_common(over)
    if common is None:
        return [(row, int(own.phase[row]), float(own.p[row])) for row in range(len(over)) if own.p[row] < OFTEN], len(
            over
        )
    whole = _beat(common[None], when, cycle)
    shared = whole.p[0] < OFTEN
    more = _stronger(over - common, over, when, cycle) if shared else np.zeros_like(over)
    told: list[tuple[int | None, int, float]] = list(_apart(over - common, more, own, when, cycle))
    if of_all and shared:
        told.append((None, int(whole.phase[0]), float(whole.p[0])))
    return told, len(over) + of_all


def _stronger(beside: np.ndarray, over: np.ndarray, when: Calendar, cycle: Cycle) -> np.ndarray:
    """What each row has more, or less, of the rhythm of the others (least squares over the phases), up to as much again: who
    has more of the same has no rhythm of its own."""
    own, typical = (np.nan_to_num(when.by_phase(one, cycle.phases), neginf=0.0) for one in (beside, over))
    others = (typical.sum(axis=0) - typical) / (len(typical) - 1)
    others -= others.mean(axis=1, keepdims=True)
    more = (own * others).sum(axis=1) / np.maximum((others**2).sum(axis=1), 1e-9)
    return np.asarray(more.clip(-1, 1)[:, None] * others[:, when.phase])


def _apart(
    beside: np.ndarray, more: np.ndarray, own: Beat, when: Calendar, cycle: Cycle
) -> Iterator[tuple[int, int, float]]:
    """(row, phase, p) of those that stand out beside the others as by themselves, without what they have `more` of the common
    rhythm; where few others are there, nobody knows what all do."""
    beside = np.where((~np.isnan(beside)).sum(axis=0) >= PEERS, beside, np.nan)
    rows = np.flatnonzero(_cycles(beside, when) >= cycle.least)
    if not len(rows):
        return
    usual = float(np.median(_size(when.by_phase(beside[rows], cycle.phases))))
    beat = _beat((beside - more)[rows], when, cycle)
    chosen = (beat.p < OFTEN) & (beat.size >= STRONGER * usual) & (own.phase[rows] == beat.phase) & (own.z[rows] > OWN)
    for at in np.flatnonzero(chosen):
        yield int(rows[at]), int(beat.phase[at]), float(beat.p[at])


def _size(typical: np.ndarray) -> np.ndarray:
    """How far each row's highest phase is above its usual one."""
    return np.asarray(typical.max(axis=1) - np.median(typical, axis=1))


def _beat(over: np.ndarray, when: Calendar, cycle: Cycle) -> Beat:
    typical = when.by_phase(over, cycle.phases)
    phase = np.argmax(typical, axis=1)
    there, mine = ~np.isnan(over), when.phase == phase[:, None]
    n, k = there.sum(axis=1), (there & mine).sum(axis=1)
    more = np.where(there & mine, ranked(over), 0).sum(axis=1) - k * (n + 1) / 2
    z = more / np.sqrt(np.maximum(k * (n - k) * (n + 1) / 12, 1))
    apart = not ((np.diff(when.phase) == 0) & (np.diff(when.cycle) == 0)).any()
    fewer = np.ones(len(over)) if apart else resemblance(over - typical[:, when.phase])
    ps = np.array(
        [cycle.phases * separated(*each) for each in zip(z, k.tolist(), (n - k).tolist(), fewer, strict=True)]
    )
    if len(over) >= PEERS and len(np.unique(when.cycle)) <= FEW:
        ps = np.where(ps < REMARKABLE, np.minimum(ps, cycle.phases * _each_time(over, when, phase)), ps)
    return Beat(phase, _size(typical), np.minimum(1, ps), z)


def _each_time(over: np.ndarray, when: Calendar, phase: np.ndarray) -> np.ndarray:
    """The chance that each row's phase is as high in each cycle, in its row's deviations, as the least of them is among all of
    the field: the highest of k chances, to the power of k (Wilkinson 1951). Weeks of one month count as one, by their median."""
    _, first, block = np.unique(when.cycle * len(when.phase) + when.phase, return_index=True, return_inverse=True)
    scores = deviations(np.stack([middle(over[:, block == one]) for one in range(len(first))], axis=1))
    mine = ~np.isnan(scores) & (when.phase[first] == phase[:, None])
    every = np.sort(scores[~np.isnan(scores)])
    least = np.where(mine, scores, np.inf).min(axis=1)
    as_high = (len(every) - np.searchsorted(every, least)) / max(1, len(every))
    return np.asarray(np.where(mine.any(axis=1), as_high, 1.0) ** mine.sum(axis=1))


def _finding(table: Readable, window: Window, field: Field, row: int | None, when: Calendar, phase: int, p: float,
             sizes: Sizes, tests: int) -> Iterator[Finding]:  # fmt: skip
    cycle = CYCLE[table.every]
    measure, subject, dim, place = names(field.heads[row or 0])
    level = int(field.heads[row or 0]["level"]) if row is not None else 0
    values = field.values[row] if row is not None else _total(table, measure, field)
    seen = _seen(values, when, phase)
    if seen is None:
        return
    ratio, cycles, highest = seen
    params: dict[str, Scalar] = {"cycle": cycle.unit, "phase": phase + (table.every != "hour"), "level": level}
    there = np.flatnonzero(~np.isnan(values))
    yield Finding(
        measure=measure, subject=subject if row is not None else None, dim=dim, place=place,
        start=field.start(int(there[0])), end=field.start(-1), age=window.newest - field.newest, value=ratio, unit="ratio",
        facts=(
            Fact("phase", phase + (table.every != "hour"), cycle.unit),
            Fact("ratio", ratio, "ratio"),
            Fact("cycles", cycles, cycle.cycles),
            Fact("highest", highest, cycle.cycles),
        ),
        params=params,
        evidence=_evidence(table, measure, subject if row is not None else None, dim, place),
        impact=sizes.share_below(measure, max(1, level), float(np.nanmedian(values))) if level else 0.8,
        robustness=min(1.0, (ratio - 1) / 0.5),
        simplicity=0.9 if dim is None else 0.65,
        p=p,
        tests=tests,
    )  # fmt: skip


def _seen(values: np.ndarray, when: Calendar, phase: int) -> tuple[float, int, int] | None:
    """How many times the rest the phase is (each value over its cycle's median), in how many cycles, and in how many of
    them it was the highest; None where the plain figures do not show it."""
    whole = np.bincount(when.cycle).max()
    over = np.full_like(values, np.nan)
    above: list[bool] = []
    highest = 0
    for at in (np.flatnonzero((when.cycle == one) & ~np.isnan(values)) for one in np.unique(when.cycle)):
        middle = np.median(values[at]) if len(at) >= KNOWN * whole else 0
        if middle > 0:
            over[at] = values[at] / middle
            typical = {one: np.median(over[at][when.phase[at] == one]) for one in set(when.phase[at].tolist())}
            above += [typical[phase] > 1] if phase in typical else []
            highest += max(typical, key=lambda one: (typical[one], -one)) == phase
    known = ~np.isnan(over)
    if not (known & (when.phase != phase)).any() or not (known & (when.phase == phase)).any():
        return None
    typical = {one: np.median(over[known & (when.phase == one)]) for one in set(when.phase[known].tolist())}
    rest = np.median(over[known & (when.phase != phase)])
    second = max((value for one, value in typical.items() if one != phase), default=np.inf)
    if not above or typical[phase] < LEAD * second or np.mean(above) < MOST or rest <= 0:
        return None
    return round(float(typical[phase] / rest), 2), len(above), highest


def _total(table: Readable, measure: str, field: Field) -> np.ndarray:
    """The measure over all subjects, by column."""
    found = table.engine.query(_TOTAL, {"measure": measure, "oldest": field.oldest, "newest": field.newest})
    values = np.full(len(field.times), np.nan)
    values[found["n"].astype(int) - field.oldest] = found["v"]
    return values


def _evidence(table: Readable, measure: str, subject: str | None, dim: str | None, place: str | None) -> str:
    if subject is not None or not table.source.subject or table.source.time is None:
        return evidence.select(table, measure, [subject] if subject else [], dim, place)
    time, value = evidence.name(table.source.time.column), evidence.name(measure)
    file = evidence.text(PurePath(table.source.path).name)
    return f"SELECT {time}, sum({value}) AS {value}\nFROM {file}\nGROUP BY {time}\nORDER BY 1"
