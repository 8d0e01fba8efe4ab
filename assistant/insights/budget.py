"""How sure a figure must be where a table is looked at again with each delivery: an online budget of false discoveries.

Benjamini and Hochberg hold the false share of one run; a run each week would still find something by trying often. So the
tests of a kind in one delivery are a batch, and a batch is held to a level that depends on those before it: BatchBH (Zrnic,
Jiang, Ramdas & Jordan 2020, "The Power of Batching in Multiple Hypothesis Testing"). Over all deliveries together, the share
of false figures is expected to stay below q. What was told gives room for more; looking in vain uses it up.

The proof asks for chances that are independent from batch to batch. Deliveries share most of their history, so here it is a
rule of thrift that leans on the proof, not more.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.insights.chance import adjusted
from assistant.models import Look


def level(past: Sequence[Look], tests: int, q: float) -> float:
    """The level of the next look with so many tests, at most `q`; `past` holds all looks of the kind before it."""
    told = sum(one.told for one in past)
    spent = sum(one.level * one.most / (one.most + told - one.told) for one in past)
    room = q * _released(len(past) + 1) - spent
    return max(0.0, min(q, room * (tests + told) / max(1, tests)))


def look(past: Sequence[Look], ps: Sequence[float], tests: int, q: float) -> Look:
    """The next look, at the level that the past leaves, on these chances among so many tests (the others had p = 1).

    A look that found nothing does not say how many tests it made: as many as the one before.
    """
    tests = tests or (past[-1].tests if past else 1)
    allowed = level(past, tests, q)
    return Look(tests, allowed, within(ps, tests, allowed), _most(ps, tests, allowed))


def within(ps: Sequence[float], tests: int, allowed: float) -> int:
    """How many Benjamini and Hochberg let pass at a level."""
    return sum(q <= allowed for q in adjusted(ps, tests)) if allowed > 0 else 0


def _released(looks: int) -> float:
    """The part of q that the first looks may use together: a half, two thirds, three quarters … in the end the whole."""
    return looks / (looks + 1)


def _most(ps: Sequence[float], tests: int, allowed: float) -> int:
    """How many would have passed, had any one test more been beyond doubt: what an unlucky chance may have added."""
    count = max(tests, len(ps), 1)
    passing = (place for place, p in enumerate(sorted(ps), start=2) if p <= allowed * place / count)
    return min(count, max(passing, default=1))
