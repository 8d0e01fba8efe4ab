"""Checks: what is flagged in a text, and why. Pure: earlier posts are passed in, nothing is read but rule packs.

    checker = Checker(languages=("en", "fr"))
    report = checker(Candidate(text="…", lang="en"), earlier=())

What a check could not look at is in `Report.not_checked`, and never counts as passed.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from assistant.checks.accessibility import check_accessibility
from assistant.checks.calendar import Calendar, check_calendar, check_figure_day, load_calendar, unknown_day
from assistant.checks.characters import check_characters, visible
from assistant.checks.differencing import Told, check_differencing, uncompared
from assistant.checks.disclosure import SENSITIVE, check_disclosure, unknown_shares
from assistant.checks.figures import check_figures
from assistant.checks.length import check_length, weighted_length
from assistant.checks.links import check_links
from assistant.checks.nearest import check_rejected
from assistant.checks.policy import Policy, load_policy
from assistant.checks.reading import Reading, read, title_spans
from assistant.checks.register import Register, check_titles, load_register, unknown_titles
from assistant.checks.repeat import check_repeat
from assistant.checks.rules import Listed, built_in, house_rules_of, listed
from assistant.checks.stale import TellUntil, check_stale, unplaced
from assistant.checks.wording import Pack, Prefilter, house_pack, load_pack, load_style, shipped_languages
from assistant.models import Candidate, Flag, NetworkLimits, Rejected, Report, digest

__all__ = ["Checker", "Policy", "Told", "visible", "weighted_length"]

LOOKED_AT = 4000  # code points; what is longer cannot be a post, and patterns over it would take long
_SKIPPED = (  # of longer ones
    "wording", "disclosure", "figure", "repeat", "calendar", "stale", "titles", "link", "accessibility",
)  # fmt: skip
_ORDER = {"error": 0, "warning": 1, "suggestion": 2}


class Checker:
    """All checks with one house's settings; `policy_hash` names them in each decision."""

    def __init__(
        self,
        languages: Sequence[str] = ("en", "fr"),
        *,
        styles: Sequence[Path] = (),
        policy: Path | None = None,
        limits: NetworkLimits | None = None,
        house: Sequence[str] = (),
        titles: Sequence[str] = (),
        calendar: Path | None = None,
        register: Path | None = None,
        house_rules: Path | None = None,
        handles: Sequence[str] = (),
        hashtags: Sequence[str] = (),
        tell_until: TellUntil | None = None,
    ) -> None:
        self.languages = tuple(languages)
        self.limits = limits or NetworkLimits()
        self.policy = load_policy(policy) if policy else Policy()
        self.calendar = load_calendar(calendar) if calendar else Calendar()
        self.register = load_register(register) if register else Register()
        self.titles = (*titles, *self.register.names)
        self._handles, self._hashtags, self._tell_until = tuple(handles), tuple(hashtags), tell_until
        self._packs = [load_pack(lang) for lang in languages if lang in shipped_languages()]
        self._packs += [load_style(style) for style in styles]
        self._packs += [house_pack(house)] if house else []
        self._packs += house_rules_of(house_rules) if house_rules else ()
        self._prefilters: dict[str | None, Prefilter] = {}
        kept = [sha for sha in (self.calendar.sha, self.register.sha) if sha]
        self.policy_hash = digest([self.policy.sha, *(pack.sha for pack in self._packs), *kept], 16)

    @property
    def problems(self) -> tuple[Exception, ...]:
        """Rules of the house's styles that cannot be used."""
        return tuple(problem for pack in self._packs for problem in pack.problems)

    def rules(self) -> list[Listed]:
        """Every rule that may flag a text: those of the packs, then those that are code, then the sensitive days."""
        return [*(one for pack in self._packs for one in listed(pack)), *built_in(self.calendar)]

    def timely(self, candidate: Candidate, categories: Set[str] = frozenset()) -> list[Flag]:
        """What depends on the day that it is due: sensitive days, relative dates, the figure's age."""
        return self._timely(candidate, read(candidate.text).masked(_titles(candidate, self.titles)), categories)

    def _timely(self, candidate: Candidate, masked: Reading, categories: Set[str]) -> list[Flag]:
        found = check_stale(candidate, masked, self._tell_until)
        return [*check_calendar(candidate, self.calendar, categories), *found]

    def __call__(
        self,
        candidate: Candidate,
        earlier: Sequence[str] = (),
        rejected: Sequence[Rejected] = (),
        *,
        told: Sequence[Told] | None = None,
    ) -> Report:
        """Every finding on one text, the worst first, and what was not looked at.

        `earlier`: texts that must not be repeated. `told`: all live posts with their figures, against which differences
        are worked out; None where nobody knows them.
        """
        length = weighted_length(candidate.text)
        flags = [*check_characters(candidate), *check_length(candidate, self.limits, length)]
        if len(candidate.text) > LOOKED_AT:
            return Report(tuple(flags), _SKIPPED, length)
        reading = read(candidate.text)
        possible = self._prefilter(candidate.lang).possible(reading.text)
        masked = reading.masked(_titles(candidate, self.titles))
        seen = [(pack, pack.see(reading, masked, possible)) for pack in self._for(candidate.lang)]
        results = [result for pack, readings in seen for result in pack.flags(readings)]
        found = [result for result in results if isinstance(result, Flag)]
        skipped = [result for result in results if isinstance(result, str)]
        flags += found

        def addressed() -> bool:
            return bool(found) or any(one.addressed for _, readings in seen for one in readings)

        private = any(flag.category in SENSITIVE for flag in found)
        flags += check_disclosure(candidate, masked, self.policy, addressed=addressed, sensitive=private)
        known = told if told is not None else [Told(text) for text in earlier] or None
        flags += check_differencing(candidate, known or (), self.policy)
        skipped += [*unknown_shares(candidate, masked), *uncompared(candidate, masked, known)]
        flags += check_figures(candidate, reading)
        flags += [*check_repeat(candidate, earlier), *check_rejected(candidate, rejected)]
        flags += check_links(candidate, self._handles, self._hashtags)
        flags += check_titles(candidate, masked, self.register)
        flags += check_accessibility(candidate, masked, self._hashtags)
        categories = {flag.category for flag in flags}
        flags += check_figure_day(candidate, self.calendar, categories)
        flags += self._timely(candidate, masked, categories)
        skipped += [
            *unknown_titles(candidate, self.register),
            *unknown_day(candidate, self.calendar),
            *unplaced(candidate, masked),
        ]
        flags.sort(key=lambda flag: (_ORDER[flag.level], flag.start, flag.end, flag.rule))
        return Report(tuple(dict.fromkeys(flags)), (*self._not_checked(candidate), *skipped), length)

    def _for(self, lang: str | None) -> list[Pack]:
        """The packs of the text's language, or all where it is unknown, and the house's."""
        return [pack for pack in self._packs if lang is None or pack.lang in (None, lang)]

    def _prefilter(self, lang: str | None) -> Prefilter:
        """One automaton over all packs that read a language."""
        if lang not in self._prefilters:
            self._prefilters[lang] = Prefilter(entry for pack in self._for(lang) for entry in pack.literals())
        return self._prefilters[lang]

    def _not_checked(self, candidate: Candidate) -> list[str]:
        skipped = []
        if candidate.facts is None:
            skipped.append("figure: nothing is known of what the numbers rest on")
        if candidate.lang is not None and candidate.lang not in {pack.lang for pack in self._packs}:
            skipped.append(f"wording: there is no rule pack for {candidate.lang}")
        skipped += [str(problem) for problem in self.problems]
        return skipped


def _titles(candidate: Candidate, known: Sequence[str]) -> list[tuple[int, int]]:
    """Where titles are known to stand: where the template put them, in quotation marks, or in exact words."""
    facts = candidate.facts or ()
    names = {fact.name for fact in facts if fact.unit in ("title", "place")}
    placed = [(span.start, span.end) for span in candidate.spans if span.fact in names]
    own = [str(fact.value) for fact in facts if fact.unit in ("title", "place")]
    return placed + title_spans(candidate.text, [*candidate.titles, *own, *known])
