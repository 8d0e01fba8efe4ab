"""Figures → candidate posts: for each of the best figures one wording a language, and never the same joke twice.

The choice is seeded, and depends on the figures, the pack and what was drafted and published before, on nothing else: a run
can be repeated. No wording comes again within 60 drafts of a language, no two of any 20 share their first three words; a
family of jokes rests after it was told, longest after it was published.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from assistant.config import Config
from assistant.drafts.languages import Language
from assistant.drafts.pack import Pack, Template
from assistant.drafts.variables import Telling, telling
from assistant.errors import TemplateError
from assistant.models import Candidate, Insight, digest

WORDING_RESTS = 60  # drafts of a language in which none comes twice
OPENING_RESTS = 20  # drafts of a language that all begin differently
FAMILY_RESTS = 12  # drafts after which a joke's family may come again before others
PUBLISHED_RESTS = timedelta(days=28)  # and days after it was published


@dataclass(frozen=True)
class Past:
    """A draft that there is: on which figure, of which wording, in which language, what it says, when it was published."""

    figure: str | None
    template: str | None
    lang: str
    text: str
    published: datetime | None = None


@dataclass
class Written:
    """The new candidates, the ids of the figures that they (and earlier drafts) are about, and what was left out and why."""

    candidates: list[Candidate] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write(
    insights: Sequence[Insight],
    pack: Pack,
    config: Config,
    *,
    languages: Sequence[str],
    limit: int,
    as_of: datetime,
    seed: int = 0,
    past: Sequence[Past] = (),
    fits: Callable[[str], bool] = bool,
    said: Callable[[str], str | None] = lambda _: None,
) -> Written:
    """One draft a language for each of the best `limit` figures; a figure already drafted counts, and gets no other.

    `past`: the drafts that there are, oldest first. `fits` says whether a text is short enough, `said` which text that was
    posted or queued it nearly repeats. A figure of which every wording rests is passed over, and another takes its place.
    """
    written = Written()
    choice = Choice(pack, config, seed, as_of, fits, said)
    there = choice.remember(past, {insight.id for insight in insights})
    left = _Left()
    for insight in insights:
        if len(written.figures) >= limit:
            break
        old = [there[insight.id, lang] for lang in languages if (insight.id, lang) in there]
        missing = [lang for lang in languages if (insight.id, lang) not in there]
        chosen = [choice.best(insight, lang, left) for lang in missing]
        resting = any(one is None and left.rested for one in chosen)
        for one in old:
            choice.keep(one.lang, one.template, one.text)
        if resting and not old:
            continue
        made = [one for one in chosen if one is not None]
        for candidate in made:
            choice.keep(candidate.lang or "", candidate.template, candidate.text)
        written.candidates += made
        if made or old:
            written.figures.append(insight.id)
    written.notes = [*left.notes()]
    return written


class _Left:
    """What was left out, and why: one line a reason, however many figures it is about."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._passed: Counter[tuple[str, str]] = Counter()
        self._unfit: Counter[tuple[str, str]] = Counter()
        self.rested = False

    def note(self, line: str) -> None:
        self._said[line] = None

    def rest(self, kind: str, lang: str) -> None:
        self.rested = True
        self._passed[kind, lang] += 1

    def unfit(self, kind: str, lang: str) -> None:
        self._unfit[kind, lang] += 1

    def notes(self) -> Iterator[str]:
        yield from self._said
        for (kind, lang), count in self._unfit.items():
            figures = "1 figure was" if count == 1 else f"{count} figures were"
            yield f"{kind}: {figures} left out, because no wording in {lang} fits. `assistant templates list` has what there is."
        for (kind, lang), count in self._passed.items():
            figures = "1 figure was" if count == 1 else f"{count} figures were"
            yield (
                f"{kind}: {figures} passed over, because every wording in {lang} that fits was used among the last "
                f"{WORDING_RESTS} drafts, or begins like one of the last {OPENING_RESTS}. More wordings: docs/templates.md."
            )


class Choice:
    """Chooses wordings, and remembers which were used when."""

    def __init__(
        self,
        pack: Pack,
        config: Config,
        seed: int,
        as_of: datetime,
        fits: Callable[[str], bool],
        said: Callable[[str], str | None],
    ) -> None:
        self._pack, self._config, self._seed, self._as_of = pack, config, seed, as_of
        self._fits, self._said = fits, said
        self._family = {template.id: template.family for template in pack.templates}
        self._wordings: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=WORDING_RESTS - 1))
        self._openings: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=OPENING_RESTS - 1))
        self._seen: defaultdict[str, set[str]] = defaultdict(set)
        self._families: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=FAMILY_RESTS))
        self._published: Counter[str] = Counter()
        self._told: dict[tuple[str, str], datetime] = {}

    def remember(self, past: Sequence[Past], figures: set[str]) -> dict[tuple[str, str], Past]:
        """Take in what there is; those about one of these figures are kept when their turn comes, and returned."""
        there: dict[tuple[str, str], Past] = {}
        for one in past:
            if one.published is not None and one.template is not None:
                self._published[one.template] += 1
                family = self._family.get(one.template, one.template)
                self._told[one.lang, family] = max(one.published, self._told.get((one.lang, family), one.published))
            if one.figure in figures:
                there[one.figure or "", one.lang] = one
            else:
                self.keep(one.lang, one.template, one.text)
        return there

    def keep(self, lang: str, template: str | None, text: str) -> None:
        """One draft more: its wording, its family and its first words rest."""
        self._openings[lang].append(opening(text))
        self._seen[lang].add(opening(text))
        if template is not None:
            self._wordings[lang].append(template)
            self._families[lang].append(self._family.get(template, template))

    def best(self, insight: Insight, lang: str, left: _Left) -> Candidate | None:
        """The best wording's candidate, or None; `left` is told why."""
        left.rested = False
        spoken = self._pack.language(lang)
        if spoken is None:
            left.note(f"{lang}: there are no words of this language yet: no drafts in it")
            return None
        about = telling(insight, self._config, spoken, self._as_of)
        if isinstance(about, str):
            left.note(f"{about}: no drafts in {lang}")
            return None
        fitting = [t for t in self._pack.of(lang, insight.kind) if self._may(t, about)]
        if not fitting:
            left.unfit(insight.kind, lang)
            return None
        return self._first(insight, spoken, about, self._ordered(fitting, insight, lang), left)

    def _may(self, template: Template, about: Telling) -> bool:
        return template.fits(about) and (self._config.house.emoji or not template.emoji)

    def _ordered(self, fitting: list[Template], insight: Insight, lang: str) -> list[Template]:
        """Families that were not told lately first, then wordings published least, the house's tone, and by lot."""
        chance = random.Random(digest([self._seed, insight.id, lang]))  # noqa: S311 (variety, no secret)
        chance.shuffle(fitting)
        tone = self._config.house.tone
        recent = self._families[lang]
        return sorted(
            fitting,
            key=lambda t: (
                self._was_published(lang, t.family),
                t.family in recent,
                self._published[t.id],
                t.tone != tone if tone else False,
            ),
        )

    def _was_published(self, lang: str, family: str) -> bool:
        last = self._told.get((lang, family))
        return last is not None and self._as_of - last < PUBLISHED_RESTS

    def _first(self, insight: Insight, spoken: Language, about: Telling, ordered: Sequence[Template], left: _Left
               ) -> Candidate | None:  # fmt: skip
        """The first of them that neither rests nor begins like another nor says what was said; one whose first words are
        new before one that begins as something older does."""
        lang = spoken.code
        rests = False
        seen: tuple[bool, Candidate] | None = None  # begins as an earlier one does, though not one of the last
        for template in ordered:
            if template.id in self._wordings[lang]:
                rests = True
                continue
            if seen is not None and self._was_published(lang, template.family) > seen[0]:
                break
            try:
                candidate = candidate_of(template, insight, about, self._config)
            except TemplateError as error:
                left.note(str(error))
                continue
            if not candidate.text or not self._fits(candidate.text):
                continue
            if opening(candidate.text) in self._openings[lang]:
                rests = True
            elif (earlier := self._said(candidate.text)) is not None:
                left.note(f"{insight.kind} {insight.id}: {template.id} is left out, it nearly repeats “{earlier}”")
            elif opening(candidate.text) not in self._seen[lang]:
                return candidate
            else:
                seen = seen or (self._was_published(lang, template.family), candidate)
        if seen is None and rests:
            left.rest(insight.kind, lang)
        return seen[1] if seen else None


def candidate_of(template: Template, insight: Insight, about: Telling, config: Config) -> Candidate:
    """A wording's post on a figure, with all that the checks may know of it."""
    text, spans = about.finished(template.render(about))
    return Candidate(
        text=text, lang=template.lang, insight=insight, template=template.id, tone=template.tone, facts=about.facts,
        spans=spans, titles=tuple(str(fact.value) for fact in about.facts if fact.unit == "title"), people=insight.people,
        counts=insight.counts, until=_until(template, insight, config),
    )  # fmt: skip


def _until(template: Template, insight: Insight, config: Config) -> datetime | None:
    """When the wording itself is stale."""
    if template.shelf_life is None:
        return None
    end = insight.end.date() if isinstance(insight.end, datetime) else insight.end
    return datetime.combine(end, time(23, 59, 59), tzinfo=config.zone()) + template.shelf_life


def opening(text: str) -> str:
    """The first three words: what a reader sees first."""
    return " ".join(text.casefold().split(maxsplit=3)[:3])
