"""How many drafts a second are written and checked, beside bare Jinja rendering the same wordings with the same filters.

The floor is a plain Jinja environment: no cage, no limits, the same filters on the same values. Ours renders in the cage and
takes the marks out into spans; then with the figure told anew for every draft; then checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jinja2

from assistant.checks import Checker
from assistant.drafts.filters import FILTERS
from assistant.drafts.variables import Telling
from benchmarks.measuring import Ratio, by_turns
from benchmarks.sample import Sample, Wording

BUDGET = 1.5  # seconds a ratio
EVERY = 3  # of the wordings: enough for a median, and soon over


def run() -> Iterator[Ratio]:
    """Three ratios: rendered alone, written (the figure told too), and written and checked."""
    wordings = list(Sample().wordings())[::EVERY]
    checker = Checker(("en", "fr"))
    told = [(wording, wording.telling()) for wording in wordings]
    bare = [_bare(wording, about) for wording, about in told]
    for name, ours in (
        ("rendered", lambda: [about.finished(one.template.render(about)) for one, about in told]),
        ("written", lambda: [one.candidate() for one in wordings]),
        ("and checked", lambda: [checker(one.candidate()) for one in wordings]),
    ):
        took, floor = by_turns(ours, lambda: [render() for render in bare], budget=BUDGET, least=2)
        note = f"{len(wordings) / took:,.0f} drafts a second"
        yield Ratio(name, took / len(wordings), floor / len(wordings), "bare Jinja, same filters", note)


def _bare(wording: Wording, about: Telling) -> Callable[[], str]:
    body = _environment().from_string(wording.template.source)
    values: dict[str, Any] = dict(about.values)
    return lambda: body.render(values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 (plain text)
    environment.filters = dict(FILTERS)
    return environment
