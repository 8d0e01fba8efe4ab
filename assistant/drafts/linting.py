"""What is wrong with a pack: each wording is read, rendered on figures made up to fit it, and looked at by the checks.

The checks are passed in: this room does not know them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from jinja2 import nodes

from assistant.config import Cohort, Config, Source
from assistant.drafts import saying
from assistant.drafts.languages import Language, language
from assistant.drafts.pack import Pack, Template
from assistant.drafts.specimens import SOURCE, askable, specimens
from assistant.drafts.trials import TITLES, by_category, numbers_of, renamed
from assistant.drafts.variables import FACTS, telling
from assistant.drafts.writing import candidate_of
from assistant.errors import TemplateError
from assistant.models import Candidate, Flag, Insight

_NOT_SEEN = "Not looked at: sense, rhythm, agreement in typed words, whether a joke lands."
LEAST = 6  # wordings of a kind and language
MOST_TOLD = ("record", "streak", "milestone", "jump", "comeback")
LEAST_OF_THOSE = 20
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bN/A\b|\bnan\b|\bTrue\b|\bFalse\b|  | [.,](?!\w)")


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a pack: where, how bad, what, and what to do; a note says what could not be looked at."""

    level: Literal["error", "warning", "note"]
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
    tried = Tried()
    for template in wanted:
        yield from _wording(template, pack, told, judge, as_of, tried)
    yield from _twins(wanted)
    yield from _too_few(pack, [lang] if lang else list(pack.languages), [kind] if kind else list(FACTS))
    yield from tried.notes(wanted)


class Tried:
    """What each wording was tried with, and so what it was not."""

    def __init__(self) -> None:
        self._with: defaultdict[str, set[str]] = defaultdict(set)

    def on(self, template: Template, what: str) -> None:
        """A wording was tried with this."""
        self._with[template.id].add(what)

    def notes(self, templates: Sequence[Template]) -> Iterator[Complaint]:
        """What some were not tried with, because their conditions leave it out; and what no program can see."""
        for lang, theirs in _by_language(templates):
            wanted = [
                "people",
                "things",
                *(f"plural {one}" for one in numbers_of(language(lang).locale)),
                "awkward titles",
            ]
            for what in wanted:
                without = [one.id for one in theirs if what not in self._with[one.id]]
                if without:
                    some = ", ".join(without[:3]) + (", …" if len(without) > 3 else "")
                    told = (
                        f"{len(without)} of {len(theirs)} wordings were not tried with {what}: no figure with it fits"
                    )
                    yield Complaint("note", lang, None, "", f"{told} ({some}).")
            yield Complaint("note", lang, None, "", _NOT_SEEN, "`assistant templates preview` shows real posts.")


def _by_language(templates: Sequence[Template]) -> Iterator[tuple[str, list[Template]]]:
    for lang in dict.fromkeys(template.lang for template in templates):
        yield lang, [template for template in templates if template.lang == lang]


def _titled(title: str) -> str:
    return f"the title “{title}”"


def _with_specimens(config: Config, pack: Pack) -> Config:
    behaviour = {code: spoken.behaviour for code, spoken in pack.languages.items() if spoken.behaviour}
    made = Source(path="", cohort=Cohort(people="people", times="times", behaviour=behaviour))
    return config.model_copy(update={"sources": {**config.sources, SOURCE: made}})


def _complaint(template: Template, what: str, remedy: str = "", *, warning: bool = False) -> Complaint:
    return Complaint("warning" if warning else "error", template.file, template.line, template.id, what, remedy)


def _wording(template: Template, pack: Pack, config: Config, judge: Judge, as_of: datetime, tried: Tried
             ) -> Iterator[Complaint]:  # fmt: skip
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
    for one in fitting:
        tried.on(template, "people" if one.counts == "people" else "things")
        tried.on(template, "plural other")  # all that it counts is two and more
    found = list(_on(template, spoken, config, judge, as_of, fitting))
    found += _hard(template, spoken, config, judge, as_of, fitting[0], tried)
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
    longest = judge.longest_title + (": Season 12" if "season_number" in template.needs else "")
    for insight in figures:
        try:
            candidate = post_on(template, insight, _speaking(template, config), spoken, as_of)
            long = post_on(template, renamed(insight, longest), _speaking(template, config), spoken, as_of)
        except TemplateError as error:
            yield _complaint(template, error.problem + ".", error.remedy)
            continue
        yield from _text(template, candidate, judge)
        if (length := judge.length(long.text)) > judge.most:
            what = f"{length} characters with “{longest}”, and {judge.most} may be sent."
            yield _complaint(template, what, "It gives way to another then.", warning=True)


def _hard(template: Template, spoken: Language, config: Config, judge: Judge, as_of: datetime, figure: Insight, tried: Tried
          ) -> Iterator[Complaint]:  # fmt: skip
    """On awkward titles and on numbers of each plural category, as far as its conditions let them."""
    for what, insight in _hardships(figure, spoken):
        about = telling(insight, _speaking(template, config), spoken, _told_on(template, insight, as_of))
        if isinstance(about, str) or not template.fits(about):
            continue
        tried.on(template, what if what.startswith("plural") else "awkward titles")
        try:
            candidate = post_on(template, insight, _speaking(template, config), spoken, as_of)
        except TemplateError as error:
            yield _complaint(template, f"{error.problem}, with {what}.", error.remedy)
            continue
        for one in _text(template, candidate, judge):
            yield replace(one, what=f"{one.what} (with {what})")


def _hardships(insight: Insight, spoken: Language) -> Iterator[tuple[str, Insight]]:
    for title in TITLES if insight.subject else ():
        yield _titled(title), renamed(insight, title)
    for category, changed in by_category(insight, spoken):
        yield f"plural {category}", changed


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
