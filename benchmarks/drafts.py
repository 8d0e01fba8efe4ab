"""How many drafts a second are written and checked, beside bare Jinja rendering the same wordings.

The floor is a plain Jinja environment (no sandbox, no marks, filters that do nothing) with the variables as finished text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jinja2

from assistant.checks import Checker
from assistant.drafts.sandbox import make_environment
from benchmarks.measuring import Ratio, by_turns
from benchmarks.sample import Sample, Wording

BUDGET = 1.5  # seconds a ratio
EVERY = 3  # of the wordings: enough for a median, and soon over


def run() -> Iterator[Ratio]:
    """Two ratios: written, and written and checked."""
    wordings = list(Sample().wordings())[::EVERY]
    checker = Checker(("en", "fr"))
    bare = [_bare(wording) for wording in wordings]
    for name, ours in (
        ("written", lambda: [one.candidate() for one in wordings]),
        ("and checked", lambda: [checker(one.candidate()) for one in wordings]),
    ):
        took, floor = by_turns(ours, lambda: [render() for render in bare], budget=BUDGET, least=2)
        note = f"{len(wordings) / took:,.0f} drafts a second"
        yield Ratio(name, took / len(wordings), floor / len(wordings), "bare Jinja", note)


def _bare(wording: Wording) -> Callable[[], str]:
    body = _environment().from_string(wording.template.source)
    values: dict[str, Any] = {name: str(value) for name, value in wording.telling().values.items()}
    return lambda: body.render(values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 (plain text)
    environment.filters = dict.fromkeys(make_environment().filters, _as_it_is)
    return environment


def _as_it_is(value: object) -> str:
    return str(value)
