"""Figures → candidate posts: for each of the best figures one wording a language, as varied as the pack allows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from assistant.config import Config
from assistant.drafts.languages import LANGUAGES
from assistant.drafts.pack import Pack, Template
from assistant.drafts.variables import Telling, telling
from assistant.errors import TemplateError
from assistant.models import Candidate, Insight, digest

Key = tuple[str, str | None, str]  # figure, template, language


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
    used: Set[Key] = frozenset(),
    fits: Callable[[str], bool] = lambda text: bool(text),
) -> Written:
    """One draft a language for each of the best `limit` figures; a figure already drafted counts, and gets no other.

    `fits` says whether a text is short enough; a wording that is not gives way to another.
    """
    written = Written()
    choice = Choice(pack, config, seed, fits, as_of)
    drafted = {(figure, lang) for figure, _, lang in used}
    for insight in insights:
        if len(written.figures) >= limit:
            break
        there = [lang for lang in languages if (insight.id, lang) in drafted]
        new = [choice.write(insight, lang, written.notes) for lang in languages if lang not in there]
        made = [candidate for candidate in new if candidate is not None]
        written.candidates += made
        if made or there:
            written.figures.append(insight.id)
    written.notes = list(dict.fromkeys(written.notes))
    return written


class Choice:
    """Chooses wordings: seeded, the least used first, and no two that open alike while there is another."""

    def __init__(self, pack: Pack, config: Config, seed: int, fits: Callable[[str], bool], as_of: datetime) -> None:
        self._pack, self._config, self._seed, self._fits, self._as_of = pack, config, seed, fits, as_of
        self._used: Counter[str] = Counter()
        self._families: Counter[tuple[str, str]] = Counter()
        self._openings: Counter[tuple[str, str]] = Counter()

    def write(self, insight: Insight, lang: str, notes: list[str]) -> Candidate | None:
        """The best wording's text, or None with a note."""
        if lang not in LANGUAGES:
            notes.append(f"{lang}: there are no words of this language yet: no drafts in it")
            return None
        about = telling(insight, self._config, lang, self._as_of)
        if isinstance(about, str):
            notes.append(f"{about}: no drafts in {lang}")
            return None
        best = self._best(insight, lang, about, notes)
        if best is None:
            notes.append(f"{insight.kind} {insight.id}: no wording in {lang} fits this figure")
            return None
        template, candidate = best
        self._used[template.id] += 1
        self._families[lang, template.family] += 1
        self._openings[lang, opening(candidate.text)] += 1
        return candidate

    def _best(self, insight: Insight, lang: str, about: Telling, notes: list[str]) -> tuple[Template, Candidate] | None:
        fitting = [
            t for t in self._pack.of(lang, insight.kind) if t.fits(about) and (self._config.house.emoji or not t.emoji)
        ]
        chance = random.Random(digest([self._seed, insight.id, lang]))  # noqa: S311 (variety, no secret)
        chance.shuffle(fitting)
        tone = self._config.house.tone
        fitting.sort(key=lambda t: (self._used[t.id], self._families[lang, t.family], t.tone != tone if tone else 0))
        fallback: tuple[Template, Candidate] | None = None
        for template in fitting:
            try:
                text, spans = about.teller.unmarked(template.render(about))
            except TemplateError as error:
                notes.append(str(error))
                continue
            if not text or not self._fits(text):
                continue
            candidate = Candidate(
                text=text, lang=lang, insight=insight, template=template.id, tone=template.tone, facts=about.facts,
                spans=spans, titles=tuple(str(f.value) for f in about.facts if f.unit == "title"), people=insight.people,
                counts=insight.counts,
            )  # fmt: skip
            if not self._openings[lang, opening(text)]:
                return template, candidate
            fallback = fallback or (template, candidate)
        return fallback


def opening(text: str) -> str:
    """The first three words: what a reader sees first."""
    return " ".join(text.casefold().split()[:3])
