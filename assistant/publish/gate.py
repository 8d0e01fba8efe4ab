"""Why a post that is due may not go out now. Pure: what is known comes in as values, one answer comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from assistant.checks.calendar import SensitiveDay
from assistant.config import Config
from assistant.models import Post
from assistant.workflow.switches import PAUSED


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a due publication at one instant; `days`: what its calendar day is, where that touches it."""

    due_at: datetime
    post: Post
    approved: bool
    paused: bool
    sent_today: int
    spent_this_month: float
    cost_usd: float
    days: tuple[SensitiveDay, ...] = ()
    acknowledged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stopped:
    """It does not go out: where it waits instead, and why."""

    state: Literal["missed", "held"]
    why: str


def late_before(config: Config, now: datetime) -> datetime | None:
    """Whatever was due before this instant is later than its grace; None: nothing ever is."""
    grace = config.publish.grace
    return None if grace is None else now - grace


def missed(due_at: datetime, now: datetime) -> Stopped:
    """Later than its grace: a burst of late posts after an outage is worse than none."""
    late = timedelta(seconds=int((now - due_at).total_seconds()))
    return Stopped("missed", f"{late} late, which is later than its grace")


def stopped(known: Known, config: Config, now: datetime) -> Stopped | None:
    """The first reason why it may not go out, or None."""
    late = late_before(config, now)
    if late is not None and known.due_at < late:
        return missed(known.due_at, now)
    why = next((reason for reason in _reasons(known, config, now) if reason), None)
    return Stopped("held", why) if why else None


def _reasons(known: Known, config: Config, now: datetime) -> tuple[str | None, ...]:
    rules, post = config.publish, known.post
    ends, opens = post.not_after, post.not_before
    total = known.spent_this_month + known.cost_usd
    return (
        None if known.approved else "its approval was taken back",
        f"{PAUSED}: `assistant resume` lifts it" if known.paused else None,
        f"its figure could be told until {ends:%Y-%m-%d %H:%M %Z}" if ends and now > ends else None,
        f"it may go out from {opens:%Y-%m-%d %H:%M %Z} on" if opens and now < opens else None,
        f"the daily cap of {rules.daily_cap} is reached" if known.sent_today >= rules.daily_cap else None,
        f"${total:.2f} this month is over the budget of ${rules.monthly_budget_usd:.2f}"
        if known.cost_usd and total > rules.monthly_budget_usd
        else None,
        _sensitive(known),
    )


def _sensitive(known: Known) -> str | None:
    """A sensitive day holds what nobody approved for it."""
    for day in known.days:
        if day.level != "suggestion" and day.rule not in known.acknowledged:
            return (
                f"today is {day.name}: schedule it for another day, or approve it with "
                f"--acknowledge {day.rule} --reason …"
            )
    return None
