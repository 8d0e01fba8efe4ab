"""A post is a published statistic: groups too small to speak of, their complements, counts of who knows what, too many details.

The limits, with their sources, are in `policy.py`; what is a group, in `groups.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from assistant.checks.groups import Group, Look, look
from assistant.checks.policy import Policy
from assistant.checks.quantities import Words, sentence_of
from assistant.checks.reading import Reading
from assistant.checks.specifics import attributed, narrowing
from assistant.models import Candidate, Flag, Level

SENSITIVE = frozenset(
    {"loneliness", "grief", "self-harm", "health", "body", "addiction", "sexuality", "religion", "politics", "ethnicity",
     "gender", "age", "disability", "money", "relationship", "minors", "presumed-distress"}
)  # fmt: skip
TOP_TWO, P_RATIO = 0.9, 0.1  # dominance, as ACRO has it: the share of the two largest; the rest by the largest
_OF_PEOPLE = {"people", "profiles", "households"}
_WHY = "A post is a published statistic: a small group can be recognised, by others and by itself."


def check_disclosure(
    candidate: Candidate, reading: Reading, policy: Policy, *, addressed: Callable[[], bool], sensitive: bool = False
) -> Iterator[Flag]:
    """At most one flag on the size of the smallest group, one on its complement, one on what was counted, and so on.

    `addressed` is asked where it matters: whether the post speaks to the group or characterises it. `sensitive`: its wording is
    about a sensitive matter.
    """
    seen = _looked(candidate, reading)
    found = [group for group in seen.groups if group.size > 0]
    smallest = _smallest(candidate, [group for group in found if not (group.rest and group.size < policy.complement)])
    if smallest is not None:
        yield from _size(candidate, reading, smallest, policy, addressed=addressed, sensitive=sensitive)
        if policy.floor <= smallest.size < policy.audience_floor:
            yield from _narrowed(candidate, reading, smallest, seen.words)
    yield from _complement(candidate, reading, found, policy)
    yield from _population(candidate, reading, found)
    yield from _all_or_none(candidate, reading, seen.words)
    yield from _dominance(candidate)


def unknown_shares(candidate: Candidate, reading: Reading) -> Iterator[str]:
    """What is not checked: "2 % of our subscribers", where nobody says how many they are."""
    if _looked(candidate, reading).unknown_share:
        yield "disclosure: a share of an audience of unknown size"


def _looked(candidate: Candidate, reading: Reading) -> Look:
    """The groups of a candidate's text, shares worked back with its evidence."""
    return look(reading.text, candidate.lang, _total(candidate))


def _smallest(candidate: Candidate, found: list[Group]) -> Group | None:
    evidence = [n for n in (candidate.people, candidate.insight.people if candidate.insight else None) if n is not None]
    told = min(found, key=lambda group: group.size, default=None)
    if evidence and (told is None or min(evidence) < told.size):
        start, end = (told.start, told.end) if told else (0, 0)
        return Group(start, end, min(evidence), exact=bool(told and told.exact))
    return told


def _size(candidate: Candidate, reading: Reading, group: Group, policy: Policy, *, addressed: Callable[[], bool],
          sensitive: bool) -> Iterator[Flag]:  # fmt: skip
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
    elif n < policy.audience_floor and addressed():
        matter = " on a sensitive matter" if sensitive else ""
        yield _flag(candidate, reading, group, "error" if sensitive else "warning", False, "size-addressed",
                    f"The post addresses or describes a group of {shown}, fewer than {policy.audience_floor:,}{matter}.",
                    f"Say “{_rounded_down(n)}”, or speak of the title instead of the people.")  # fmt: skip


def _rounded_down(n: float) -> str:
    """Two significant figures, rounded down, and true."""
    step = 10 ** max(0, int(math.log10(n)) - 1)
    floored = int(n // step * step)
    return f"more than {floored:,}" if n > floored else f"at least {floored:,}"


def _total(candidate: Candidate) -> float | None:
    fact = next((fact for fact in candidate.facts or () if fact.name == "total_people"), None)
    return float(fact.value) if fact is not None and isinstance(fact.value, int | float) else None


def _complement(candidate: Candidate, reading: Reading, found: list[Group], policy: Policy) -> Iterator[Flag]:
    """The few that are not in the group: named, left over from a whole, or worked back from a share."""
    pairs = [(group, group.size if group.rest else (group.of or math.inf) - group.size) for group in found]
    total, people = _total(candidate), candidate.insight.people if candidate.insight else None
    if total is not None and people is not None:
        pairs.append((found[0] if found else Group(0, 0, people, exact=True), total - people))
    for group, rest in pairs:
        if 0 < rest < policy.complement:
            yield _flag(candidate, reading, group, "error", True, "complement",
                        f"The others are only {max(1, math.floor(rest))}: the post tells of them too.",
                        "Leave the total out, or this figure.")  # fmt: skip
            return


def _population(candidate: Candidate, reading: Reading, found: list[Group]) -> Iterator[Flag]:
    """Twelve plays can be one person: only a count of people is told as people."""
    insight = candidate.insight
    if insight is None or not found or candidate.facts is None or insight.counts in _OF_PEOPLE:
        return
    unknown = insight.counts == "unknown"
    told = "it is not known what the figure counts" if unknown else f"the figure counts {insight.unit}"
    yield _flag(candidate, reading, found[0], "error", False, "population",
                f"This speaks of people, but {told}.",
                "Declare what the measure counts in config.yaml (counts: people), or speak of what was counted.")  # fmt: skip


def _narrowed(candidate: Candidate, reading: Reading, group: Group, words: Words) -> Iterator[Flag]:
    """A place smaller than a city, an hour of the night, more than two conditions."""
    start, end = sentence_of(words, group.start) if group.end else (0, len(words.text))
    for rule, level, how, instead in narrowing(words.text[start:end], candidate.insight):
        message = f"A group of {math.floor(group.size):,} is narrowed down {how}."
        yield _flag(candidate, reading, group, level, False, rule, message, instead)


def _all_or_none(candidate: Candidate, reading: Reading, words: Words) -> Iterator[Flag]:
    """All, none or nearly all of a group have a sensitive attribute: so each of them is told of."""
    for at, share in attributed(words):
        group = Group(words.start[at], words.end[at], 0, exact=False)
        told = "nobody" if share == 0 else "everybody" if share == 1 else "nearly everybody"
        yield _flag(candidate, reading, group, "error" if share in (0, 1) else "warning", False, "all-or-none",
                    f"This says whether they are “{words.low[at]}” of {told} in a group, and so of each of them.",
                    "Leave the attribute out, or speak of a mixed group.")  # fmt: skip
        return


def _dominance(candidate: Candidate) -> Iterator[Flag]:
    """One or two contributors make nearly all of the figure: it is theirs, and the second can work out the first's."""
    few = candidate.insight.contributors if candidate.insight else None
    if few is None or (few.top_two < TOP_TWO and few.p_ratio >= P_RATIO):
        return
    who = "one contributor" if few.count == 1 else f"the two largest of {few.count} contributors"
    yield Flag(
        "disclosure", "disclosure", "error", 0, 0, "",
        f"{few.top_two:.0%} of the figure comes from {who}.",
        why="A figure that one or two make tells about them: the second largest can work out the largest.",
        suggestion="Tell a figure to which more of them add.", rule="disclosure.dominance",
    )  # fmt: skip


def _flag(candidate: Candidate, reading: Reading, group: Group, level: Level, hard: bool, rule: str, message: str,
          suggestion: str) -> Flag:  # fmt: skip
    start, end = reading.span(group.start, group.end) if group.end else (0, 0)
    return Flag(
        "disclosure", "disclosure", level, start, end, candidate.text[start:end], message, hard=hard, why=_WHY,
        suggestion=suggestion, rule=f"disclosure.{rule}",
    )  # fmt: skip
