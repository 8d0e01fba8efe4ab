"""What is wrong with a pack: each wording is read, rendered on figures made up to fit it, and looked at by the checks.

The checks are passed in: this room does not know them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from jinja2 import nodes

from assistant.config import Cohort, Config, Source
from assistant.drafts import saying
from assistant.drafts.languages import Language
from assistant.drafts.pack import Pack, Template
from assistant.drafts.specimens import SOURCE, askable, renamed, specimens
from assistant.drafts.variables import FACTS, telling
from assistant.drafts.writing import candidate_of
from assistant.errors import TemplateError
from assistant.models import Candidate, Flag, Insight

LEAST = 6  # wordings of a kind and language
MOST_TOLD = ("record", "streak", "milestone", "jump", "comeback")
LEAST_OF_THOSE = 20
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bN/A\b|\bnan\b|\bTrue\b|\bFalse\b|  | [.,](?!\w)")


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a pack: where, how bad, what, and what to do."""

    level: Literal["error", "warning"]
    file: str
    line: int | None
    template: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        about = f"{self.template}: " if self.template else ""
        return f"{place}: {self.level}: {about}{self.what} {self.remedy}".rstrip()


@dataclass(frozen=True)
class Judge:
    """What the wordings are judged by: the checks, a text's length and how long it may be, titles that are known."""

    check: Callable[[Candidate], Iterable[Flag]]
    length: Callable[[str], int]
    most: int
    longest_title: str


def lint(pack: Pack, config: Config, judge: Judge, as_of: datetime, *, lang: str | None = None, kind: str | None = None
         ) -> Iterator[Complaint]:  # fmt: skip
    """Everything that is wrong, file by file; what lacks comes last."""
    for problem in pack.problems:
        yield Complaint("error", problem.file, problem.line, "", problem.problem, problem.remedy)
    wanted = [t for t in pack.templates if lang in (None, t.lang) and kind in (None, t.kind)]
    told = _with_specimens(config, pack)
    for template in wanted:
        yield from _wording(template, pack, told, judge, as_of)
    yield from _twins(wanted)
    yield from _too_few(pack, [lang] if lang else list(pack.languages), [kind] if kind else list(FACTS))


def _with_specimens(config: Config, pack: Pack) -> Config:
    behaviour = {code: spoken.behaviour for code, spoken in pack.languages.items() if spoken.behaviour}
    made = Source(path="", cohort=Cohort(people="people", times="times", behaviour=behaviour))
    return config.model_copy(update={"sources": {**config.sources, SOURCE: made}})


def _complaint(template: Template, what: str, remedy: str = "", *, warning: bool = False) -> Complaint:
    return Complaint("warning" if warning else "error", template.file, template.line, template.id, what, remedy)


def _wording(template: Template, pack: Pack, config: Config, judge: Judge, as_of: datetime) -> Iterator[Complaint]:
    spoken = pack.languages[template.lang]
    if unknown := sorted(set(template.when) - askable(template.kind)):
        asked = ", ".join(sorted(askable(template.kind)))
        yield _complaint(template, f"unknown condition {', '.join(unknown)}.", f"A {template.kind} has {asked}.")
        return
    yield from _plurals(template, spoken)
    fitting = list(fitting_specimens(template, spoken, config, as_of))
    if not fitting:
        remedy = "Look at `when` and at the variables that it names."
        yield _complaint(template, "no figure can have all that it needs.", remedy)
        return
    found = _on(template, spoken, config, judge, as_of, fitting)
    yield from {one.what.partition("“")[0].partition(":")[0]: one for one in found}.values()  # one of a sort


def fitting_specimens(template: Template, spoken: Language, config: Config, as_of: datetime) -> Iterator[Insight]:
    """The made-up figures that a wording fits, whichever way the house says you."""
    for insight in specimens(template, as_of.date()):
        about = telling(insight, _speaking(template, config), spoken, _told_on(template, insight, as_of))
        if not isinstance(about, str) and template.fits(about):
            yield insight


def _speaking(template: Template, config: Config) -> Config:
    """The house as it says you in this wording."""
    if template.addresses not in ("tu", "vous"):
        return config
    return config.model_copy(update={"house": config.house.model_copy(update={"address": template.addresses})})


def _on(template: Template, spoken: Language, config: Config, judge: Judge, as_of: datetime, figures: Sequence[Insight]
        ) -> Iterator[Complaint]:  # fmt: skip
    for insight in figures:
        try:
            candidate = post_on(template, insight, _speaking(template, config), spoken, as_of)
            long = post_on(template, renamed(insight, judge.longest_title), _speaking(template, config), spoken, as_of)
        except TemplateError as error:
            yield _complaint(template, error.problem + ".", error.remedy)
            continue
        yield from _text(template, candidate, judge)
        if (length := judge.length(long.text)) > judge.most:
            what = f"{length} characters with “{judge.longest_title}”, and {judge.most} may be sent."
            yield _complaint(template, what, "It gives way to another then.", warning=True)


def post_on(template: Template, insight: Insight, config: Config, spoken: Language, as_of: datetime) -> Candidate:
    """A wording's post on a figure."""
    day = _told_on(template, insight, as_of)
    about = telling(insight, config, spoken, day)
    if isinstance(about, str):
        raise TemplateError(template.file, template.line, about)
    return replace(candidate_of(template, insight, about, config), due=day)


def _told_on(template: Template, insight: Insight, as_of: datetime) -> datetime:
    """Today, or the day after the figure's last where the wording is soon stale."""
    if template.shelf_life is None:
        return as_of
    return as_of.replace(year=insight.end.year, month=insight.end.month, day=insight.end.day) + timedelta(days=1)


def _text(template: Template, candidate: Candidate, judge: Judge) -> Iterator[Complaint]:
    text = candidate.text
    if not text:
        yield _complaint(template, "prints nothing.")
    if unfilled := _UNFILLED.search(text):
        yield _complaint(template, f"prints {unfilled[0]!r}: {text}")
    for flag in judge.check(candidate):
        if flag.level != "suggestion" and not flag.rule.startswith("length."):
            yield _complaint(template, f"{flag.rule} flags “{flag.quote}”: {flag.message}", flag.suggestion)


def _plurals(template: Template, spoken: Language) -> Iterator[Complaint]:
    wanted = saying.categories(spoken.locale)
    for node in template.tree.find_all(nodes.Filter) if template.tree else ():
        given = {keyword.key for keyword in node.kwargs}
        if node.name == "plural" and (missing := wanted - given):
            yield _complaint(template, f"plural lacks {', '.join(sorted(missing))}.", "Each category needs its form.")


def _twins(templates: Sequence[Template]) -> Iterator[Complaint]:
    first: dict[tuple[str, str, Any], Template] = {}
    for template in templates:
        key = (template.lang, template.kind, template.source)
        if (other := first.setdefault(key, template)) is not template:
            yield _complaint(template, f"says the same as {other.id}.", "One of them is enough.")


def _too_few(pack: Pack, languages: Sequence[str], kinds: Sequence[str]) -> Iterator[Complaint]:
    counts = Counter((template.lang, template.kind) for template in pack.templates)
    for lang in languages:
        for kind in kinds:
            least, there = LEAST_OF_THOSE if kind in MOST_TOLD else LEAST, counts[lang, kind]
            if there < least:
                what = f"{kind} has {there} wordings in {lang}, and wants {least}."
                yield Complaint("warning", f"{lang}/{kind}.j2", None, "", what)
