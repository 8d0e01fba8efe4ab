"""What is told first: named parts, weighted; what chance explains is left out; a figure that a broader one implies too."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.insights.chance import adjusted
from assistant.insights.kind import Finding, Kind, chances, tests
from assistant.insights.novelty import Novelty
from assistant.models import Insight

WEIGHTS = {"impact": 0.3, "surprise": 0.3, "simplicity": 0.15, "robustness": 0.15, "novelty": 0.1}
# what each further figure is worth that is about a title already told, of a kind already told, of an event already told
SAME_SUBJECT, SAME_KIND, SAME_EVENT = 0.6, 0.93, 0.3
WHOLE = 0.8  # of the false that may be told, the share of what is said of everything, where there are places too
Event = tuple[str, str | None, date]
Told = tuple[str, str, date]


def scored(kind: Kind, findings: Sequence[Finding], novelty: Novelty, level: float, weights: Mapping[str, float]
           ) -> Iterator[tuple[Finding, float | None, float, dict[str, float]]]:  # fmt: skip
    """(finding, q, score, parts) of those that chance does not explain: `level` is the highest q that is told."""
    qs = adjusted(chances(findings), tests(findings)) if kind.tested else []
    weights = {**WEIGHTS, **weights}
    for at, one in enumerate(findings):
        q = qs[at] if kind.tested and one.p is not None else None
        if (q is not None and q > level) or one.robustness <= 0:
            continue
        parts = {
            "impact": one.impact,
            "surprise": _surprise(q, one.rarity),
            "simplicity": one.simplicity,
            "robustness": one.robustness,
            "novelty": novelty.of(kind.name, one),
        }
        yield one, q, weighted(parts, weights), {name: round(float(part), 4) for name, part in parts.items()}


def weighted(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of the parts, 0 to 1."""
    total = sum(weights.get(name, 0) for name in parts)
    return sum(weights.get(name, 0) * part for name, part in parts.items()) / total if total else 0.0


def _surprise(q: float | None, rarity: float | None) -> float:
    if q is not None:
        return min(1.0, -math.log10(max(q, 1e-12)) / 8)
    return 1 - rarity if rarity is not None else 0.0


def broadest(kind: Kind, findings: Sequence[Finding], level: float) -> list[Finding]:
    """Without those that a finding over everything implies, the same subject at the same time in one place only; and of what
    a subject did in several places at once, the clearest. `level`: the highest q that is told; what is not told hides nothing.
    """
    implied = _implied(kind, findings, [one for one in findings if one.dim is None])
    whole = _told([one for one in findings if id(one) not in implied], tests(findings), level)
    implied = _implied(kind, findings, [one for one in whole if one.dim is None])
    left = [one for one in findings if id(one) not in implied]
    if kind.placed:
        return left
    clearest: dict[tuple[object, ...], list[Finding]] = {}
    for one in sorted((one for one in left if one.dim is not None), key=_clearness):
        told = clearest.setdefault(_claim(kind, one), [])
        if not any(_overlap(one, other) for other in told):
            told.append(one)
    kept = {id(one) for told in clearest.values() for one in told}
    return [one for one in left if one.dim is None or id(one) in kept]


def _implied(kind: Kind, findings: Sequence[Finding], whole: Sequence[Finding]) -> set[int]:
    """The ids of those of one place that one of the `whole` implies."""
    broader: defaultdict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for one in whole:
        broader[_claim(kind, one)].append(one)
    return {
        id(one)
        for one in findings
        if one.dim is not None and any(_overlap(one, other) for other in broader[_claim(kind, one)])
    }


def _told(findings: Sequence[Finding], made: int, level: float) -> list[Finding]:
    """Those that would be told, had nothing else been found by so many tests."""
    qs = adjusted(chances(findings), made)
    return [one for one, q in zip(findings, qs, strict=True) if one.robustness > 0 and (one.p is None or q <= level)]


def _claim(kind: Kind, one: Finding) -> tuple[object, ...]:
    told = ("mode", "direction", "threshold", "phase", *(("other",) if kind.paired else ()))
    return one.measure, one.subject, *(str(one.params.get(name)) for name in told)


def weighed(kind: Kind, findings: list[Finding], narrow: float) -> list[Finding]:
    """The chances weighed: most of the false that may be told belongs to the whole, though its places are many more (Genovese,
    Roeder & Wasserman 2006). `narrow`: the share of the series that are of one place.
    """
    if not kind.tested or kind.placed or not 0 < narrow < 1:
        return findings
    of_whole, of_places = (1 - narrow) / WHOLE, narrow / (1 - WHOLE)
    return [
        one if one.p is None else replace(one, p=min(1.0, one.p * (of_whole if one.dim is None else of_places)))
        for one in findings
    ]


def _clearness(one: Finding) -> tuple[float, float, str]:
    """The lower, the clearer."""
    return one.p if one.p is not None else one.rarity or 0.0, -one.impact, str(one.place)


def _overlap(one: Finding, other: Finding) -> bool:
    if one.start is None or other.start is None or one.end is None or other.end is None:
        return True
    return one.start <= other.end and other.start <= one.end


def not_echoed(insights: Sequence[Insight], kinds: Mapping[str, Kind], level: float) -> list[Insight]:
    """Without the echoes of one stroke of luck: what one subject did up to one day shows in each of its measures and places, and
    is record, outlier and jump at once. The nth of them, the surest first, is told where its q is at most `level` ÷ n².
    """
    said: Counter[tuple[object, ...]] = Counter()
    echoes: set[str] = set()
    for one in sorted((one for one in insights if one.q is not None), key=lambda one: (one.q, one.id)):
        kind = kinds[one.kind]
        apart = tuple(sorted(one.where.items())) if kind.placed or one.subject is None else ()
        luck = ("moved" if kind.moved else one.kind, one.subject, apart, one.end)
        said[luck] += 1
        if said[luck] > 1 and (one.q or 0.0) > level / said[luck] ** 2:
            echoes.add(one.id)
    return [one for one in insights if one.id not in echoes]


def diverse(insights: list[Insight]) -> list[Insight]:
    """Greedy: the best next one, where each figure already told about its title or of its kind makes it worth less.

    Of one title in one period, the best comes first: what is told of it does not depend on what is told of others.
    """
    waiting: defaultdict[Told, list[Insight]] = defaultdict(list)
    for one in sorted(insights, key=lambda one: (one.score, one.id), reverse=True):
        waiting[_told_of(one)].append(one)
    subjects: Counter[str | None] = Counter()
    kinds: Counter[str] = Counter()
    events: Counter[Event] = Counter()

    def worth(one: Insight) -> tuple[float, str]:
        again = SAME_SUBJECT ** subjects[one.subject] * SAME_KIND ** kinds[one.kind] * SAME_EVENT ** events[_event(one)]
        return one.score * float(again), one.id

    ranked: list[Insight] = []
    while waiting:
        best = max((ones[0] for ones in waiting.values()), key=worth)
        waiting[_told_of(best)].pop(0)
        if not waiting[_told_of(best)]:
            del waiting[_told_of(best)]
        ranked.append(best)
        subjects[best.subject] += 1
        kinds[best.kind] += 1
        events[_event(best)] += 1
    return ranked


def _told_of(one: Insight) -> Told:
    """A title in one period; what is about no title stands for itself."""
    return one.source, one.subject or one.id, one.end


def _event(one: Insight) -> Event:
    """Hours and viewers of one title in one week are one event, told twice."""
    return (one.kind, one.subject, one.end)
