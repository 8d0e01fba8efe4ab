"""Differencing: what two posts give away together that neither says alone.

"412 of you", then "419 of you": seven came. 1,204 in France and Belgium, then 1,197 in France: seven are in Belgium. Posts
are compared where their figures' stored conditions are the same, nested or adjacent, on the intervals that a reader can
work out: "over 400" told twice gives nothing away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

import regex

from assistant.checks.groups import Group, look
from assistant.checks.numbers import mentions
from assistant.checks.policy import Policy
from assistant.checks.quantities import listed
from assistant.checks.reading import Reading, read
from assistant.checks.repeat import NEAR, likeness
from assistant.models import Candidate, Fact, Flag, Insight
from assistant.reviewed import Draft

Relation = Literal["same", "inside", "around"]
_UNITS = listed(
    "people profiles households plays views streams listens orders rides viewers listeners users subscribers members readers "
    "players customers"
)
_PARTS = regex.compile(r"\s*(?:[+,;&|/]|\band\b|\bet\b)\s*")
_STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
_UNCOMPARED = "disclosure: the difference to earlier posts"


@dataclass(frozen=True)
class Told:
    """An earlier post (published, queued or approved) and the figure that it stands on, where that is known."""

    text: str
    lang: str | None = None
    insight: Insight | None = None
    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, draft: Draft) -> Told:
        """From a draft."""
        insight = draft.insight
        return cls(draft.post.text, draft.post.lang, insight, insight.facts if insight else ())


@dataclass(frozen=True, slots=True)
class Known:
    """What readers can work out of a number: it lies between these two, both included."""

    low: float
    high: float

    def without(self, other: Known) -> Known:
        """The difference to another."""
        return Known(self.low - other.high, self.high - other.low)

    def gives_away(self, least: int) -> bool:
        """Whether readers can be sure that it is fewer than `least`, and can be sure or suspect that it is somebody."""
        return (self.low >= 0 and 0 < self.high < least) or (self.high <= 0 and -least < self.low < 0)


@dataclass(frozen=True)
class Scope:
    """Whom a figure counts: each condition with the values it allows, and the period."""

    measure: tuple[str, str]
    conditions: Mapping[str, frozenset[str]]
    start: date
    end: date
    step: timedelta

    @classmethod
    def of(cls, insight: Insight) -> Scope:
        """From a figure's stored conditions."""
        conditions = {name: _values(value) for name, value in insight.where.items()}
        if insight.subject is not None:
            conditions["\0subject"] = frozenset({insight.subject.casefold()})
        if "times" in insight.params:
            conditions["\0times"] = frozenset({str(insight.params["times"])})
        return cls(
            (insight.source, insight.measure), conditions, _day(insight.start), _day(insight.end), _STEP[insight.every]
        )

    def relation(self, other: Scope) -> Relation | None:
        """The same (at the same time or the next), inside the other, around it; None where neither holds the other."""
        if self.measure != other.measure:
            return None
        inside, around = _within(self.conditions, other.conditions), _within(other.conditions, self.conditions)
        if inside and around and self._near(other):
            return "same"
        if inside and other.start <= self.start and self.end <= other.end:
            return "inside"
        if around and self.start <= other.start and other.end <= self.end:
            return "around"
        return None

    def _near(self, other: Scope) -> bool:
        """Periods that meet, overlap or follow each other."""
        return self.start - other.end <= self.step and other.start - self.end <= self.step

    def divides(self, whole: Scope) -> str | None:
        """The one condition by which this is a part of a whole in the same period."""
        if self.relation(whole) != "inside" or (self.start, self.end) != (whole.start, whole.end):
            return None
        names = [name for name, values in self.conditions.items() if whole.conditions.get(name) != values]
        return names[0] if len(names) == 1 else None


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _values(value: str) -> frozenset[str]:
    """As in "France + Belgium" allows both."""
    return frozenset(part.casefold() for part in _PARTS.split(value) if part)


def _within(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> bool:
    """Whether all that one allows is allowed by the other."""
    return all(name in one and one[name] <= values for name, values in other.items())


@dataclass(frozen=True)
class _Post:
    """A post with what its readers know."""

    text: str
    scope: Scope | None
    known: Known | None
    group: Group | None


def check_differencing(candidate: Candidate, told: Iterable[Told], policy: Policy) -> Iterator[Flag]:
    """A hard error for the first earlier post with which this one gives a small group away."""
    others = list(_relevant(candidate, told))
    for mine, other, rest in _differences(candidate, others) if others else ():
        if rest.gives_away(policy.complement):
            yield _flag(candidate, mine, other, rest)
            return


def uncompared(candidate: Candidate, reading: Reading, told: Sequence[Told] | None) -> Iterator[str]:
    """What is to be said of posts that could not be compared, where the text tells of a group at all."""
    if not look(reading.text, candidate.lang, None).groups:
        return
    if told is None:
        yield f"{_UNCOMPARED}: none are known"
        return
    lost = [one for one in told if (candidate.insight is None or one.insight is None) and _tells(one.text, one.lang)]
    count = sum(likeness(candidate.text, one.text) < NEAR for one in lost)
    if count:
        yield f"{_UNCOMPARED}: on {count} of them no figure is stored"


def _relevant(candidate: Candidate, told: Iterable[Told]) -> Iterator[Told]:
    """The posts on the same measure, and those of which nobody knows what they are on, if they say nearly the same."""
    for one in told:
        if candidate.insight is not None and one.insight is not None:
            if (one.insight.source, one.insight.measure) == (candidate.insight.source, candidate.insight.measure):
                yield one
        elif likeness(candidate.text, one.text) >= NEAR:
            yield one


def _differences(candidate: Candidate, others: Sequence[Told]) -> Iterator[tuple[_Post, _Post, Known]]:
    """What readers can work out from this post and others."""
    mine = _post(candidate.text, candidate.lang, candidate.insight)
    posts = []
    for one in others:
        if candidate.insight is None or one.insight is None:
            yield from _in_the_same_words(candidate, one)
        elif (post := _post(one.text, one.lang, one.insight)).known is not None:
            posts.append(post)
    if mine.known is None or mine.scope is None:
        return
    for other in posts:
        relation = mine.scope.relation(other.scope) if other.scope else None
        if relation is not None and other.known is not None:
            known, less = (other.known, mine.known) if relation == "inside" else (mine.known, other.known)
            yield mine, other, known.without(less)
    yield from _remainders(mine, posts)


def _in_the_same_words(candidate: Candidate, other: Told) -> Iterator[tuple[_Post, _Post, Known]]:
    """Where no figure is stored, the same sentence with another number is on the same group."""
    for one, two in zip(_tells(candidate.text, candidate.lang), _tells(other.text, other.lang), strict=False):
        mine, its = _Post(candidate.text, None, _known(one), one), _Post(other.text, None, _known(two), two)
        yield mine, its, _known(one).without(_known(two))


def _remainders(mine: _Post, others: Sequence[_Post]) -> Iterator[tuple[_Post, _Post, Known]]:
    """Several parts of a whole, told one by one: what is left of it."""
    posts = (mine, *others)
    for whole in posts:
        parts = _parts(whole, posts, mine)
        if len(parts) < 2 or (whole is not mine and mine not in parts):
            continue
        known = [part.known for part in parts if part.known is not None]
        total = Known(sum(one.low for one in known), sum(one.high for one in known))
        if whole.known is not None:
            yield mine, (parts[-1] if whole is mine else whole), whole.known.without(total)


def _parts(whole: _Post, posts: Sequence[_Post], mine: _Post) -> list[_Post]:
    """Posts on parts of a whole that do not overlap, all divided by one condition; this post first, if it is one."""
    found: dict[str, list[_Post]] = {}
    for post in sorted(posts, key=lambda post: post is not mine):
        name = post.scope.divides(whole.scope) if post.scope and whole.scope and post is not whole else None
        if name is None or post.scope is None:
            continue
        taken = found.setdefault(name, [])
        if all(post.scope.conditions[name].isdisjoint(one.scope.conditions[name]) for one in taken if one.scope):
            taken.append(post)
    return max(found.values(), key=lambda parts: (mine in parts, len(parts)), default=[])


@lru_cache(2048)
def _tells(text: str, lang: str | None) -> tuple[Group, ...]:
    return look(read(text).text, lang, None).groups


def _post(text: str, lang: str | None, insight: Insight | None) -> _Post:
    value = _people(insight) if insight is not None else None
    if insight is None or value is None:
        return _Post(text, None, None, None)
    mine = [group for group in _tells(text, lang) if group.low <= value <= group.high]
    tightest = min(mine, key=lambda group: group.high - group.low, default=None)
    return _Post(text, Scope.of(insight), _known(tightest) if tightest else _stated(text, lang, value), tightest)


def _people(insight: Insight) -> float | None:
    """How many a figure counts; plays too, for seven plays more are seven people at most."""
    if insight.people is not None:
        return insight.people
    return float(insight.value) if insight.counts != "other" and insight.unit in _UNITS else None


def _known(group: Group) -> Known:
    return Known(math.ceil(group.low), math.floor(group.high) if group.high < math.inf else math.inf)


def _stated(text: str, lang: str | None, value: float) -> Known | None:
    """A figure's value where the text has it, in whatever words."""
    for mention in mentions(read(text).text, lang):
        if mention.role in ("number", "year") and mention.low <= value <= mention.high:
            wide = not mention.exact
            return Known(
                math.ceil(mention.low), math.inf if wide and mention.low == mention.value else math.floor(mention.high)
            )
    return None


def _flag(candidate: Candidate, mine: _Post, other: _Post, rest: Known) -> Flag:
    few = max(abs(rest.low), abs(rest.high))
    start, end = read(candidate.text).span(mine.group.start, mine.group.end) if mine.group else (0, 0)
    shown = " ".join(other.text.split())
    quoted = shown if len(shown) <= 80 else shown[:79].rstrip() + "…"
    return Flag(
        "disclosure", "disclosure", "error", start, end, candidate.text[start:end],
        f"With the post “{quoted}” this tells of a group of {few:,.0f}: the difference.", hard=True,
        why="Two numbers on groups that differ by few give those few away.",
        suggestion="Tell the same rounded number (“more than 400”), or leave one of the two untold.",
        rule="disclosure.differencing",
    )  # fmt: skip
