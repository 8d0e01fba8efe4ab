"""A post is a published statistic: groups too small to speak of, their complements, counts of who knows what.

The limits, with their sources, are in `policy.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.checks.groups import Group, groups
from assistant.checks.policy import Policy
from assistant.checks.reading import Reading
from assistant.models import Candidate, Fact, Flag, Level

_PEOPLE_UNITS = {"people", "viewers", "listeners", "profiles", "households", "subscribers", "users"}
_OF_PEOPLE = {"people", "profiles", "households"}
_WHY = "A post is a published statistic: a small group can be recognised, by others and by itself."


def check_disclosure(candidate: Candidate, reading: Reading, policy: Policy, *, addressed: bool) -> Iterator[Flag]:
    """At most one flag on the size of the smallest group, one on its complement, one on what was counted.

    `addressed`: the post speaks to the group or characterises it, or is about a sensitive matter.
    """
    found = list(groups(reading, candidate.lang))
    smallest = _smallest(candidate, found)
    if smallest is not None:
        yield from _size(candidate, reading, smallest, policy, addressed=addressed)
    yield from _complement(candidate, reading, found, policy)
    yield from _population(candidate, reading, found)


def _smallest(candidate: Candidate, found: list[Group]) -> Group | None:
    evidence = [n for n in (candidate.people, candidate.insight.people if candidate.insight else None) if n is not None]
    told = min(found, key=lambda group: group.size, default=None)
    if evidence and (told is None or min(evidence) < told.size):
        start, end = (told.start, told.end) if told else (0, 0)
        return Group(start, end, min(evidence), exact=bool(told and told.exact))
    return told


def _size(candidate: Candidate, reading: Reading, group: Group, policy: Policy, *, addressed: bool) -> Iterator[Flag]:
    n = group.size
    shown = f"{math.floor(n):,}"
    if n < policy.official_floor:
        yield _flag(candidate, reading, group, "error", True, "size-official",
                    f"A group of {shown} is below the floor of official statistics ({policy.official_floor}).",
                    "Leave this figure untold.")  # fmt: skip
    elif n < policy.floor:
        yield _flag(candidate, reading, group, "error", True, "size-floor",
                    f"A group of {shown} is too small to speak of; our floor is {policy.floor}.",
                    "Tell a larger group, or leave this figure untold.")  # fmt: skip
    elif n < policy.audience_floor and addressed:
        yield _flag(candidate, reading, group, "warning", False, "size-addressed",
                    f"The post addresses or describes a group of {shown}, fewer than {policy.audience_floor:,}.",
                    f"Say “more than {_floored(n):,}”, or speak of the title instead of the people.")  # fmt: skip


def _floored(n: float) -> int:
    """Two significant figures, rounded down."""
    step = 10 ** max(0, int(math.log10(n)) - 1)
    return int(n // step * step)


def _complement(candidate: Candidate, reading: Reading, found: list[Group], policy: Policy) -> Iterator[Flag]:
    pairs = [(group, group.of - group.size) for group in found if group.of is not None]
    total, people = _fact(candidate, "total_people"), candidate.insight.people if candidate.insight else None
    if total is not None and people is not None:
        whole = Group(0, 0, people, exact=True)
        pairs.append((found[0] if found else whole, float(total.value) - people))  # type: ignore[arg-type]
    for group, rest in pairs:
        if 0 < rest < policy.complement:
            yield _flag(candidate, reading, group, "error", True, "complement",
                        f"The others are only {math.floor(rest)}: the post tells of them too.",
                        "Leave the total out, or this figure.")  # fmt: skip
            return


def _fact(candidate: Candidate, name: str) -> Fact | None:
    return next((fact for fact in candidate.facts or () if fact.name == name), None)


def _population(candidate: Candidate, reading: Reading, found: list[Group]) -> Iterator[Flag]:
    """Twelve plays can be one person: a count of plays is never told as people."""
    if candidate.insight is None or not found or candidate.facts is None:
        return
    insight = candidate.insight
    if insight.counts in _OF_PEOPLE or any(fact.unit in _PEOPLE_UNITS for fact in candidate.facts):
        return
    told = (
        "it is not known what the figure counts" if insight.counts == "unknown" else f"the figure counts {insight.unit}"
    )
    yield _flag(candidate, reading, found[0], "error", False, "population",
                f"This speaks of people, but {told}.",
                "Declare what the measure counts in config.yaml (counts: people), or speak of what was counted.")  # fmt: skip


def _flag(candidate: Candidate, reading: Reading, group: Group, level: Level, hard: bool, rule: str, message: str,
          suggestion: str) -> Flag:  # fmt: skip
    start, end = reading.span(group.start, group.end) if group.end else (0, 0)
    return Flag(
        "disclosure", "disclosure", level, start, end, candidate.text[start:end], message, hard=hard, why=_WHY,
        suggestion=suggestion, rule=f"disclosure.{rule}",
    )  # fmt: skip
