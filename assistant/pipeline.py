"""The road in one function: stats → insights → drafts → checks → store.

A source that cannot be read is named and the others still run: problems are values here, not exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, SourceError, UsageError
from assistant.models import Insight, Look
from assistant.reviewed import Draft

if TYPE_CHECKING:
    from assistant.checks import Checker
    from assistant.config import Config
    from assistant.drafts import Pack
    from assistant.stats import Table
    from assistant.stats.snapshots import Change
    from assistant.store import Store


@dataclass(frozen=True)
class Figures:
    """Notable figures, best first; the sources that could not be read; those that gave none, and why."""

    insights: tuple[Insight, ...]
    problems: tuple[AssistantError, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profiles:
    """What was read from each source."""

    profiles: tuple[dict[str, Any], ...]
    problems: tuple[AssistantError, ...]


@dataclass(frozen=True)
class Restated:
    """What new deliveries tell otherwise, the largest changes of each measure first; what could not be compared, and why."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    problems: tuple[AssistantError, ...]


@dataclass(frozen=True)
class Drafted:
    """What a run of `draft` made or found made, what it left out and why, and what was broken."""

    drafts: tuple[Draft, ...]
    notes: tuple[str, ...]
    problems: tuple[AssistantError, ...]


def checker_for(config: Config) -> Checker:
    """The checks with the config's languages, styles, policy, calendar, title register, accepted rules and words of the house."""
    from assistant.checks import Checker

    policy = config.resolve(config.checks.policy) if config.checks.policy else None
    calendar = config.resolve(config.checks.calendar) if config.checks.calendar else None
    return Checker(
        languages=config.languages,
        styles=tuple(config.resolve(style) for style in config.checks.styles),
        policy=policy,
        house=config.house.banned,
        calendar=calendar,
        register=config.resolve(config.titles) if config.titles else None,
        house_rules=config.resolve(config.checks.house_rules),
        handles=tuple(account.handle for account in config.accounts.values()),
        hashtags=config.house.hashtags,
        tell_until=lambda insight: _tell_until(config, insight),
    )


def _tell_until(config: Config, insight: Insight) -> datetime | None:
    """The end of a figure's shelf life; the store is not loaded where no text has a figure."""
    from assistant.store.saving import tell_until

    return tell_until(config, insight)


def template_pack(config: Config) -> Pack:
    """The shipped templates, and the house's own, which win by name."""
    from assistant import drafts

    own = [config.resolve(config.templates)] if config.templates else []
    return drafts.load([*own, drafts.shipped_folder()], config.languages, config.house.english)


def tables(config: Config, source: str | None, as_of: datetime | None) -> Iterator[Table | SourceError]:
    """Each source's table, open while it is looked at, or why it cannot be read."""
    from assistant import stats

    if source is not None and source not in config.sources:
        raise UsageError(f"There is no source {source!r}.", remedy=f"config.yaml has {', '.join(config.sources)}.")
    for name, described in config.sources.items():
        if source in (None, name):
            try:
                with stats.open_source(name, described, config, as_of=as_of) as table:
                    yield table
            except SourceError as error:
                yield error


def figures(
    config: Config,
    *,
    source: str | None = None,
    kind: str | None = None,
    limit: int | None = None,
    as_of: datetime | None = None,
    store: Store | None = None,
    tell: Callable[[str], None] = lambda _step: None,
) -> Figures:
    """Notable figures over all sources, best first, diverse over subjects and kinds; `tell` hears each step.

    `store`: they are to be told. Then the budget across runs holds and is spent, and what was told of earlier deliveries
    counts as less new. Who only looks spends nothing, nor does who asks what would have been said (`as_of`).
    """
    from assistant import insights

    if kind is not None and kind not in insights.KINDS:
        raise UsageError(f"There is no kind {kind!r}.", remedy=f"There are {', '.join(insights.KINDS)}.")
    found: list[Insight] = []
    problems: list[AssistantError] = []
    notes: list[str] = []
    for table in tables(config, source, as_of):
        if isinstance(table, SourceError):
            problems.append(table)
            continue
        looking = Looking(store, table, config.insights.q) if store is not None and as_of is None else None
        options: dict[str, Any] = {
            "kinds": [kind] if kind else None, "as_of": as_of, "tell": tell,
            "told": looking.told() if looking else (), "allow": looking.allow if looking else None,
        }  # fmt: skip
        found += _found(table, config, options)
        notes += looking.notes() if looking else []
        if insights.too_old(table, as_of or datetime.now(UTC)):
            notes.append(
                f"{table.name}: its newest period is of {table.last}, past its shelf life: nothing is told of it. "
                f"Write sources.{table.name}.shelf_life: none to tell it all the same."
            )
    ranked = insights.rank(found)
    return Figures(tuple(ranked[:limit]), tuple(problems), tuple(notes))


def _found(table: Table, config: Config, options: Mapping[str, Any]) -> list[Insight]:
    """The figures of a table; of hours, those of their days too, and of what says the same in both, the day's."""
    found = _of_all_grains(table, config, options)
    if table.source.contributor is None:
        return found
    from assistant.stats.contributors import with_contributors

    return with_contributors(table, found)


def _of_all_grains(table: Table, config: Config, options: Mapping[str, Any]) -> list[Insight]:
    from assistant import insights, stats

    found = insights.find(table, config, **options)
    days = stats.by_day(table, config)
    if days is None:
        return found
    with days:
        told = insights.find(days, config, **options)
    same = {(one.kind, one.measure, one.subject, *one.where.items()) for one in told if one.kind not in _OF_ITS_GRAIN}
    return [*told, *(one for one in found if (one.kind, one.measure, one.subject, *one.where.items()) not in same)]


_OF_ITS_GRAIN = ("rhythm",)  # an hour of the day is no day of the week


class Looking:
    """One look at one table, within the budget across runs that the store keeps."""

    def __init__(self, store: Store, table: Table, q: float) -> None:
        self._store, self._q = store, q
        self._source = table.name
        self._delivery = f"{table.snapshot}@{table.last}"  # one file may hold a period that is over only next week
        self._held: dict[str, int] = {}

    def told(self) -> list[tuple[Insight, bool]]:
        """The figures of the source that drafts were made of before."""
        from assistant.store.reading import figures_before

        return figures_before(self._store, self._source)

    def allow(self, kind: str, ps: Sequence[float], tests: int) -> float:
        """The highest q of a kind that is told; spent at the first look at a delivery, and kept for the next ones."""
        from assistant.insights import budget
        from assistant.store.looking import look_once

        def judge(past: Sequence[Look]) -> Look:
            return budget.look(past, ps, tests, self._q)

        level = look_once(self._store, self._source, kind, self._delivery, judge, self._q).level
        if held := budget.within(ps, tests, self._q) - budget.within(ps, tests, level):
            self._held[kind] = held
        return min(level, self._q)

    def notes(self) -> list[str]:
        """What a first look would have told, and this one may not."""
        if not self._held:
            return []
        kinds = ", ".join(f"{kind} {held}" for kind, held in self._held.items())
        why = f"surer than {self._q:g} in this run, but not sure enough for one of many runs (assistant doctor)"
        return [f"{self._source}: left out, as they are {why}: {kinds}"]


def budgets(config: Config, store: Store) -> Iterator[tuple[str, int, dict[str, float]]]:
    """(source, deliveries looked at, the level of each kind's next look) where anything was looked at."""
    from assistant.insights import budget
    from assistant.store.looking import looks

    for name in config.sources:
        past = looks(store, name)
        levels = {kind: budget.level(some, some[-1].tests, config.insights.q) for kind, some in past.items()}
        if past:
            yield name, max(map(len, past.values())), levels


def profiles(config: Config, *, source: str | None = None) -> Profiles:
    """What was read from each source: periods, dimensions, measures, cautions."""
    told: list[dict[str, Any]] = []
    problems: list[AssistantError] = []
    for table in tables(config, source, None):
        if isinstance(table, SourceError):
            problems.append(table)
        else:
            from assistant.stats.profile import profile

            told.append(profile(table))
    return Profiles(tuple(told), tuple(problems))


def restated(config: Config, *, source: str | None = None) -> Restated:
    """What the newest delivery of each source tells otherwise than the one kept before; the newest is kept then."""
    found: list[Change] = []
    notes: list[str] = []
    problems: list[AssistantError] = []
    for table in tables(config, source, None):
        if isinstance(table, SourceError):
            problems.append(table)
        elif table.source.cohort is not None:
            notes.append(f"{table.name}: a cohort table has no periods to compare")
        else:
            changes, note = _compare(table, config)
            found += changes
            notes.append(note)
    return Restated(tuple(found), tuple(notes), tuple(problems))


def _compare(table: Table, config: Config) -> tuple[list[Change], str]:
    from assistant.stats import snapshots

    place = snapshots.folder(config.store_url, config.folder)
    before = snapshots.earlier(table, place)
    now = snapshots.keep(table, place)
    if before is None:
        return [], f"{table.name}: the first delivery that is kept ({table.snapshot}); the next one is compared with it"
    if not snapshots.comparable(table, before):
        return [], f"{table.name}: the delivery kept before was divided by other columns: it cannot be compared"
    changes = list(snapshots.changes(table, before, now))
    return changes, f"{table.name}: {len(changes)} values are told otherwise than before"


class Repeats:
    """Texts that were posted or queued, ready to be asked which of them a new one nearly repeats."""

    def __init__(self, earlier: Sequence[str]) -> None:
        self._known = [(frozenset(text.casefold().split()), text) for text in earlier]

    def of(self, text: str) -> str | None:
        """The text that this one repeats, or None. Most have too few words in common to be compared closer."""
        from assistant.checks.repeat import NEAR, likeness

        words = frozenset(text.casefold().split())
        for others, earlier in self._known:
            if 2 * len(words & others) >= min(len(words), len(others)) and likeness(text, earlier) >= NEAR:
                return earlier
        return None


def make_drafts(
    config: Config,
    store: Store,
    checker: Checker,
    *,
    actor: str,
    languages: Sequence[str],
    limit: int,
    as_of: datetime | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _step: None,
) -> Drafted:
    """The best `limit` figures as checked drafts in the store, at least one a language.

    Idempotent by figure, template and language: what is there already is returned, not made again. A figure of which a
    person said "never" is left out in all languages.
    """
    from assistant import drafts
    from assistant.checks import Told, weighted_length
    from assistant.store import reading, saving

    found = figures(config, as_of=as_of, store=store, tell=tell)
    earlier = reading.recent_texts(store)
    never = reading.never_told(store)
    pack = template_pack(config)
    written = drafts.write(
        [one for one in found.insights if one.id not in never],
        pack,
        config,
        languages=tuple(languages),
        limit=limit,
        as_of=as_of or datetime.now(config.zone()),
        seed=seed,
        past=[drafts.Past(*one) for one in reading.written_before(store)],
        fits=lambda text: weighted_length(text) <= checker.limits.max_weighted_length,
        said=Repeats(earlier).of,
    )
    rejected = reading.rejected_texts(store)
    with store.read() as session:
        told = [Told.of(draft) for draft in reading.told_posts(session, store.now())]
    checked = [(candidate, checker(candidate, earlier, rejected, told=told)) for candidate in written.candidates]
    saving.save_drafts(store, config, checked, actor, policy_hash=checker.policy_hash)
    drafts_there = reading.drafts_about(store, written.figures, languages)
    return Drafted(tuple(drafts_there), (*found.notes, *written.notes), (*found.problems, *pack.problems))
