"""Every rule that there is, as a list: those of the packs, those that are code, and the folder of rules that people accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.checks.calendar import Calendar, figure_rule
from assistant.checks.wording import Pack, load_style, shipped_languages
from assistant.checks.wording.packs import FOLDER, LEANS
from assistant.models import Level, jsonable

# Reminders of privacy are never called noisy, however often they are waved through.
PRIVACY = frozenset({"disclosure", "singling-out", "surveillance", "minors"})

_BUILT_IN = """
characters.hidden          characters     error  hard
characters.look-alike      characters     error  hard
length.empty               length         error  hard
length.over                length         error  hard
disclosure.size-official   disclosure     error  hard
disclosure.size-floor      disclosure     error  hard
disclosure.size-addressed  disclosure     warning
disclosure.complement      disclosure     error  hard
disclosure.population      disclosure     error
disclosure.place           disclosure     error
disclosure.hour            disclosure     error
disclosure.conditions      disclosure     warning
disclosure.all-or-none     disclosure     error
disclosure.differencing    disclosure     error  hard
disclosure.dominance       disclosure     error
figure.number              figure         error  hard
figure.title               figure         error  hard
titles.about               singling-out   warning
titles.wordplay            singling-out   error
repeat.same                repeat         error
repeat.near                repeat         warning
repeat.rejected            repeat         suggestion
link.shortened             link           warning
link.http                  link           suggestion
mention.unsolicited        mention        warning
mention.cashtags           mention        error
house.hashtag              house          warning
stale.figure               stale          error
stale.relative-date        stale          warning
accessibility.hashtag      accessibility  suggestion
accessibility.emoji        accessibility  suggestion
accessibility.letters      accessibility  warning
accessibility.capitals     accessibility  suggestion
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule: what it is called, what it is about, how bad, in which language (None: all), and where it stands."""

    id: str
    category: str
    level: Level
    hard: bool
    lang: str | None
    source: str
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return dict(jsonable(self))


def listed(pack: Pack) -> Iterator[Listed]:
    """The rules of one pack."""
    shipped = pack.lang is not None and pack.name == pack.lang
    for rule, beside in pack.rules:
        source = str((FOLDER / pack.name / rule.file).relative_to(FOLDER)) if shipped else rule.file
        yield Listed(
            f"{pack.name}.{rule.name}", beside.category, rule.level, beside.hard, pack.lang, source, rule.message
        )
    for one in (*pack.people.rules, *pack.people.signs) if pack.people else ():
        yield Listed(
            f"{pack.name}.{one.name}", one.category, one.level, False, pack.lang, f"{pack.name}.people.yml", one.message
        )

    if pack.weights is not None:
        yield Listed(f"{pack.name}.Leaning", "shaming", "warning", False, pack.lang, pack.weights.name, LEANS)


def built_in(calendar: Calendar) -> Iterator[Listed]:
    """The rules that are code, and the calendar's days."""
    for line in _BUILT_IN.split("\n"):
        if line:
            name, category, level, *hard = line.split()
            yield Listed(name, category, level, bool(hard), None, "built in")  # type: ignore[arg-type]
    for rule, day in {day.rule: day for day in calendar.days}.items():
        yield Listed(rule, day.category, day.level, False, None, "calendar", day.name)
        yield Listed(figure_rule(day), day.category, "warning", False, None, "calendar", f"A figure of {day.name}")


def house_rules_of(folder: Path) -> list[Pack]:
    """The rules that people accepted: a Vale style, whose folders named after a language are for its texts alone."""
    if not folder.is_dir():
        return []
    whole = load_style(folder)
    packs = [replace(whole, rules=tuple(one for one in whole.rules if _lang(folder, one[0].file) is None))]
    for lang in shipped_languages():
        rules = tuple(one for one in whole.rules if _lang(folder, one[0].file) == lang)
        packs += [replace(whole, name=f"{whole.name}.{lang}", lang=lang, rules=rules, problems=())] if rules else []
    return packs


def _lang(folder: Path, file: str) -> str | None:
    parts = Path(file).relative_to(folder).parts
    return parts[0] if len(parts) > 1 and parts[0] in shipped_languages() else None
