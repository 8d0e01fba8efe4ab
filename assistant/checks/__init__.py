"""Checks: what is flagged in a text, and why. Pure: earlier posts are passed in, nothing is read but rule packs.

    checker = Checker(languages=("en", "fr"))
    report = checker(Candidate(text="…", lang="en"), earlier=())

What a check could not look at is in `Report.not_checked`, and never counts as passed.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from assistant.checks.characters import check_characters, visible
from assistant.checks.disclosure import check_disclosure
from assistant.checks.figures import check_figures
from assistant.checks.length import check_length, weighted_length
from assistant.checks.policy import Policy, load_policy
from assistant.checks.reading import Reading, read, title_spans
from assistant.checks.repeat import check_repeat
from assistant.checks.wording import Pack, Prefilter, house_pack, load_pack, load_style, shipped_languages
from assistant.models import Candidate, Flag, NetworkLimits, Report, digest

__all__ = ["Checker", "Policy", "visible", "weighted_length"]

LOOKED_AT = 4000  # code points; what is longer cannot be a post, and patterns over it would take long
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
    ) -> None:
        self.languages = tuple(languages)
        self.limits = limits or NetworkLimits()
        self.policy = load_policy(policy) if policy else Policy()
        self.titles = tuple(titles)
        self._packs = [load_pack(lang) for lang in languages if lang in shipped_languages()]
        self._packs += [load_style(style) for style in styles]
        self._packs += [house_pack(house)] if house else []
        self._prefilter = Prefilter.of(entry for pack in self._packs for entry in pack.literals())
        self.policy_hash = digest([self.policy.sha, *(pack.sha for pack in self._packs)], 16)

    @property
    def problems(self) -> tuple[Exception, ...]:
        """Rules of the house's styles that cannot be used."""
        return tuple(problem for pack in self._packs for problem in pack.problems)

    def __call__(self, candidate: Candidate, earlier: Sequence[str] = ()) -> Report:
        """Every finding on one text, the worst first, and what was not looked at."""
        length = weighted_length(candidate.text)
        flags = [*check_characters(candidate), *check_length(candidate, self.limits, length)]
        if len(candidate.text) > LOOKED_AT:
            return Report(tuple(flags), ("wording", "disclosure", "figure", "repeat"), length)
        reading = read(candidate.text)
        possible = self._prefilter.possible(reading.text)
        found, skipped = self._wording(candidate, reading, possible)
        flags += found
        addressed = bool(found) or any(pack.addressed(reading, possible) for pack in self._for(candidate))
        flags += check_disclosure(candidate, reading, self.policy, addressed=addressed)
        flags += check_figures(candidate, reading)
        flags += check_repeat(candidate, earlier)
        flags.sort(key=lambda flag: (_ORDER[flag.level], flag.start, flag.end, flag.rule))
        return Report(tuple(dict.fromkeys(flags)), (*self._not_checked(candidate), *skipped), length)

    def _for(self, candidate: Candidate) -> list[Pack]:
        """The packs of the text's language, or all where it is unknown, and the house's."""
        return [pack for pack in self._packs if candidate.lang is None or pack.lang in (None, candidate.lang)]

    def _wording(self, candidate: Candidate, reading: Reading, possible: Set[str]) -> tuple[list[Flag], list[str]]:
        masked = reading.masked(_titles(candidate, self.titles))
        results = [result for pack in self._for(candidate) for result in pack.flags(reading, masked, possible)]
        flags = [result for result in results if isinstance(result, Flag)]
        return flags, [result for result in results if isinstance(result, str)]

    def _not_checked(self, candidate: Candidate) -> list[str]:
        skipped = []
        if candidate.facts is None:
            skipped.append("figure: nothing is known of what the numbers rest on")
        if candidate.lang is not None and candidate.lang not in {pack.lang for pack in self._packs}:
            skipped.append(f"wording: there is no rule pack for {candidate.lang}")
        skipped += [str(problem) for problem in self.problems]
        return [*skipped, "calendar: sensitive days", "titles: what they are about"]


def _titles(candidate: Candidate, known: Sequence[str]) -> list[tuple[int, int]]:
    """Where titles are known to stand: where the template put them, in quotation marks, or in exact words."""
    facts = candidate.facts or ()
    names = {fact.name for fact in facts if fact.unit in ("title", "place")}
    placed = [(span.start, span.end) for span in candidate.spans if span.fact in names]
    own = [str(fact.value) for fact in facts if fact.unit in ("title", "place")]
    return placed + title_spans(candidate.text, [*candidate.titles, *own, *known])
