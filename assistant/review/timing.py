"""When a post goes out: a wall time, a zone, an account; the instant is told while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.config import Config, known_zone
from assistant.errors import UsageError
from assistant.review.fields import Field, OneOf
from assistant.review.forms import Form, said
from assistant.review.moments import from_now, full_time
from assistant.review.shown import one_line, shown, styled
from assistant.workflow.times import parse_when

FOLDS = ("the first time, before the clocks go back", "the second time, after the clocks went back")


@dataclass(frozen=True)
class Timing:
    """A wall time in a zone, for an account; `fold` where the time comes twice."""

    at: str
    tz: str
    account: str
    fold: int | None = None


@dataclass(frozen=True)
class Reading:
    """What a typed time means: the instant, or what is wrong; whether it comes twice."""

    instant: datetime | None = None
    problem: str = ""
    twice: bool = False

    def told(self, zone: str, now: datetime) -> str:
        """`That is Tue 24 Nov 2026 18:30 (Europe/Paris), in 3 h.`"""
        if self.instant is None:
            return self.problem
        over = " It is over." if self.instant < now and from_now(self.instant, now) != "now" else ""
        return f"That is {full_time(self.instant, ZoneInfo(zone))}, {from_now(self.instant, now)}.{over}"


def read_time(at: str, zone: str, now: datetime, fold: int | None = None) -> Reading:
    """A typed time in a typed zone."""
    try:
        known = ZoneInfo(known_zone(zone))
    except ValueError as error:
        return Reading(problem=f"{error}.")
    try:
        return Reading(parse_when(at, known, now))
    except UsageError as error:
        first = _either(at, known, now, fold or 0)
        if first is not None:
            return Reading(first, twice=True)
        return Reading(problem=str(error) if at else error.remedy)


def _either(at: str, zone: ZoneInfo, now: datetime, fold: int) -> datetime | None:
    try:
        return parse_when(at, zone, now, fold)
    except UsageError:
        return None


@cache
def zones() -> tuple[str, ...]:
    """Every zone that this machine knows, for completion; those of continents before the old names."""
    return tuple(sorted(available_timezones(), key=lambda name: ("/" not in name, name)))


class ScheduleForm(Form[Timing]):
    """When, in which zone, on which account."""

    heading = "When does it go out?"
    accept = "Schedule"

    def __init__(self, config: Config, accounts: Sequence[str], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._config, self._accounts, self._now = config, list(accounts), now

    def fields(self) -> ComposeResult:
        """The time, the zone, the account where there is a choice, which of two equal times."""
        zone = str(self._config.zone(self._accounts[0]))
        yield Field(placeholder='now, 20:45, "tomorrow 9:00", 2026-11-24 20:45', id="when")
        yield Field(zone, suggester=SuggestFromList(zones(), case_sensitive=False), id="zone")
        yield Static(Content(""), id="instant", classes="said")
        yield OneOf(FOLDS, id="fold")
        if len(self._accounts) > 1:
            yield said("On which account?")
            yield OneOf([one_line(self._named(name)) for name in self._accounts], rows=4, id="account")

    def _named(self, name: str) -> str:
        account = self._config.accounts.get(name)
        return f"{name}  {account.handle}  {self._config.zone(name)}" if account else name

    def on_mount(self) -> None:
        """The fold is asked for only where a time comes twice."""
        self.query_one("#fold", Widget).display = False
        self.tell()

    @property
    def account(self) -> str:
        """The account chosen."""
        return (
            self._accounts[self.query_one("#account", OneOf).chosen] if len(self._accounts) > 1 else self._accounts[0]
        )

    def reading(self) -> Reading:
        """What is typed at the moment."""
        return read_time(self.value("#when"), self.value("#zone"), self._now(), self.query_one("#fold", OneOf).chosen)

    @on(Input.Changed)
    @on(OneOf.Changed, "#fold")
    def tell(self) -> None:
        """The instant that is meant, as it is typed."""
        reading = self.reading()
        self.query_one("#fold", Widget).display = reading.twice
        style = "$text-success" if reading.instant else "$text-muted"
        told = shown(reading.told(self.value("#zone"), self._now()))
        self.query_one("#instant", Static).update(styled(told, style))

    @on(OneOf.Changed, "#account")
    def other_account(self) -> None:
        """The account's own zone."""
        self.query_one("#zone", Field).value = str(self._config.zone(self.account))

    def answer(self) -> Timing | str:
        """The time, the zone, the account."""
        reading = self.reading()
        if reading.instant is None:
            return shown(reading.problem)
        fold = self.query_one("#fold", OneOf).chosen if reading.twice else None
        return Timing(self.value("#when"), self.value("#zone"), self.account, fold)
