"""When a post goes out: queue (the next free slot), schedule (a time of one's own), cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from assistant.checks.calendar import SensitiveDay
from assistant.checks.stale import RELATIVE_DATE
from assistant.config import Config, known_zone
from assistant.errors import Refused, UsageError
from assistant.models import DEAD_STATES, Flag, Post
from assistant.reviewed import Decision, Draft
from assistant.store.reading import drafts_in
from assistant.store.tables import ApprovalRow, PublicationRow, RevisionRow
from assistant.workflow.deciding import candidate_of
from assistant.workflow.reviewer import Reviewer, acknowledged, approval_row, draft_row, moved, revision_row
from assistant.workflow.times import parse_when, wall

REVIVABLE = ("held", "missed", "failed")
CANCELLABLE = ("queued", *REVIVABLE)
_LOOK_AHEAD = timedelta(days=60)
_WHAT_ELSE = "`assistant show` tells what became of it; `assistant withdraw` takes a live post down."


def queue(reviewer: Reviewer, draft_id: int, *, account: str | None = None) -> Decision:
    """Into the account's next free slot: its spacing, quiet hours, daily cap and cooling-off are kept.

    A sensitive day that nobody acknowledged is passed over: the post would be held on it.
    """
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        draft, revision, approval = _approved(session, draft_id, now)
        name = _account(reviewer.config, draft, account)
        earliest = max(now, approval.created_at + _cooling_off(reviewer.config))
        sensitive = _sensitive_days(reviewer, draft, approval)
        due = next_slot(session, reviewer.config, name, earliest, draft_id, barred=lambda day: bool(sensitive(day)))
        notes = _passed_over(sensitive, earliest.astimezone(due.tzinfo).date(), due.date())
        return _queue(
            session, reviewer, draft, revision, name, due, now, "queue", notes + _timely(reviewer, draft, approval, due)
        )


def schedule(reviewer: Reviewer, draft_id: int, *, at: str, tz: str | None = None, account: str | None = None,
             fold: int | None = None) -> Decision:  # fmt: skip
    """At a wall time of one's own; "now" is now."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        draft, revision, approval = _approved(session, draft_id, now)
        name = _account(reviewer.config, draft, account)
        due = parse_when(at, _zone(tz) or reviewer.config.zone(name), now, fold)
        if due < now - (reviewer.config.publish.grace or timedelta(0)):
            raise UsageError(f"{due:%Y-%m-%d %H:%M} is over.", remedy="Name a time to come, or now.")
        earliest = approval.created_at + _cooling_off(reviewer.config)
        if due < earliest and _cooling_off(reviewer.config):
            raise Refused(
                f"The approval cools off until {earliest.astimezone(due.tzinfo):%Y-%m-%d %H:%M}.",
                remedy="Name a later time.",
            )
        refuse_outside(draft.post, due)
        notes = _timely(reviewer, draft, approval, due)
        return _queue(session, reviewer, draft, revision, name, due, now, "schedule", notes)


def flags_of_the_day(reviewer: Reviewer, draft_id: int, *, at: str, tz: str | None = None, account: str | None = None,
                     fold: int | None = None) -> tuple[Flag, ...]:  # fmt: skip
    """What would hold or refuse an approved draft at that time, and that nobody acknowledged yet: to be asked before."""
    with reviewer.store.read() as session:
        now = reviewer.store.now()
        draft, _, approval = _approved(session, draft_id, now)
        name = _account(reviewer.config, draft, account)
        due = parse_when(at, _zone(tz) or reviewer.config.zone(name), now, fold)
        fresh = _fresh(reviewer, draft, approval, due)
        return tuple(
            flag for flag in fresh if flag.level == "error" or (flag.check, flag.level) == ("calendar", "warning")
        )


def cancel(reviewer: Reviewer, draft_id: int) -> Decision:
    """Take a draft's live publications back, before they are sent; the approval stays."""
    return take_back(reviewer, draft_id)


def take_back(reviewer: Reviewer, draft_id: int, publication_id: int | None = None) -> Decision:
    """The same, for one of its publications or for all."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        query = select(PublicationRow).where(PublicationRow.draft_id == row.id).order_by(col(PublicationRow.id))
        rows = [one for one in session.exec(query).all() if publication_id in (None, one.id)]
        live = [one for one in rows if one.state in CANCELLABLE]
        if not live:
            state = rows[-1].state if rows else "not queued"
            raise Refused(f"Draft {draft_id} is {state}: there is nothing to take back.", remedy=_WHAT_ELSE)
        before, told = live[-1].state, [_told(one) for one in live]
        for one in live:
            moved(session, one, "cancelled", actor=reviewer.name, action="cancel", at=now)
        return Decision("cancel", reviewer.name, now, draft_id=draft_id, publication_id=live[-1].id, before=before,
                        after="cancelled", details={**told[-1], "cancelled": told})  # fmt: skip


def _told(row: PublicationRow) -> dict[str, str]:
    """What it takes to schedule a cancelled publication again."""
    return {"due_at": row.due_at.isoformat(), "account": row.account, "zone": row.zone, "state": row.state}


def _approved(session: Session, draft_id: int, now: datetime) -> tuple[Draft, RevisionRow, ApprovalRow]:
    row = draft_row(session, draft_id)
    draft = drafts_in(session, [draft_id], now)[0]
    revision = revision_row(session, row)
    approval = approval_row(session, revision)
    if row.state != "approved" or approval is None:
        raise Refused(
            f"Draft {draft_id} is {draft.decision}, not approved.", remedy=f"`assistant approve {draft_id}` first."
        )
    return draft, revision, approval


def _account(config: Config, draft: Draft, asked: str | None) -> str:
    """The account that is meant, among those that the approval covers."""
    covered = draft.post.accounts
    if asked is not None and asked not in config.accounts:
        raise UsageError(f"There is no account {asked!r}.", remedy=f"config.yaml has {', '.join(config.accounts)}.")
    if asked is not None and asked not in covered:
        remedy = f"Approve it for that account: `assistant approve {draft.id} --account {asked}`."
        raise Refused(f"The approval is for {', '.join(covered) or 'no account'}, not for {asked}.", remedy=remedy)
    if asked is None and len(covered) != 1:
        told = f"It may go out on {', '.join(covered)}." if covered else f"No account posts in {draft.post.lang}."
        raise UsageError(told, remedy="Name one with --account.")
    if covered[0] not in config.accounts and asked is None:
        remedy = f"config.yaml has {', '.join(config.accounts)}: approve it for one of them."
        raise UsageError(f"The account {covered[0]!r} is no longer there.", remedy=remedy)
    return asked or covered[0]


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise UsageError(f"{error}.", remedy="Correct --tz.") from None


def _cooling_off(config: Config) -> timedelta:
    return config.publish.cooling_off or timedelta(0)


def _sensitive_days(reviewer: Reviewer, draft: Draft, approval: ApprovalRow) -> Callable[[date], list[SensitiveDay]]:
    """For a day, what it is in the calendar that touches this draft and that nobody acknowledged."""
    candidate, seen = candidate_of(draft), acknowledged(approval)
    categories = {flag.category for flag in draft.flags}
    calendar = reviewer.checker.calendar
    return lambda day: [
        one for one in calendar.on(day, candidate, categories) if one.level != "suggestion" and one.rule not in seen
    ]


def _passed_over(sensitive: Callable[[date], list[SensitiveDay]], first: date, until: date) -> list[str]:
    days = (first + timedelta(days=number) for number in range((until - first).days))
    return [f"{day} was passed over: {named[0].name}." for day in days if (named := sensitive(day))]


def _timely(reviewer: Reviewer, draft: Draft, approval: ApprovalRow, due: datetime) -> list[str]:
    """What is to be said of this moment; `Refused` where it is an error that nobody acknowledged."""
    fresh = _fresh(reviewer, draft, approval, due)
    if grave := [flag for flag in fresh if flag.level == "error"]:
        raise Refused(grave[0].message, remedy=f"Name another day, or {_how_to_acknowledge(draft, grave)}.")
    return [_note(draft, flag) for flag in fresh]


def _fresh(reviewer: Reviewer, draft: Draft, approval: ApprovalRow, due: datetime) -> list[Flag]:
    """What flags the draft on that day and was not acknowledged."""
    seen = acknowledged(approval)
    found = reviewer.checker.timely(replace(candidate_of(draft), due=due), {flag.category for flag in draft.flags})
    # Whoever acknowledged a relative date did not know the day: whether it is true on this one is still worth a word.
    return [flag for flag in found if flag.rule not in seen or flag.rule == RELATIVE_DATE]


def _note(draft: Draft, flag: Flag) -> str:
    if flag.check == "calendar" and flag.level == "warning":
        return f"{flag.message} It will be held then, unless you {_how_to_acknowledge(draft, [flag])}."
    return flag.message


def _how_to_acknowledge(draft: Draft, flags: Sequence[Flag]) -> str:
    rules = " ".join(f"--acknowledge {rule}" for rule in dict.fromkeys(flag.rule for flag in flags))
    return f"`assistant approve {draft.id} {rules} --reason …`"


def _queue(session: Session, reviewer: Reviewer, draft: Draft, revision: RevisionRow, account: str, due: datetime, now: datetime,
           action: str, notes: Sequence[str]) -> Decision:  # fmt: skip
    refuse_outside(draft.post, due)
    row = _revivable(session, revision, account)
    before = row.state if row else draft.state
    if row is not None:
        moved(session, row, "queued", actor=reviewer.name, action="requeue", at=now,
              details={"due_at": due.isoformat()}, retry_at=None, error=None, **wall(due))  # fmt: skip
    else:
        row = _new_publication(session, reviewer, draft, revision, account, now, action, due)
    told = {"notes": list(notes)} if notes else {}
    return Decision(action, reviewer.name, now, draft_id=draft.id, publication_id=row.id, before=before, after="queued",
                    details={"due_at": due.isoformat(), "account": account, **told})  # fmt: skip


def refuse_outside(post: Post, due: datetime) -> None:
    """An approval covers the window too: not before it opens, not after it ends."""
    ends, opens = post.not_after, post.not_before
    if ends is not None and due > ends:
        raise Refused(f"Its figure may be told until {ends:%Y-%m-%d %H:%M}, and {due:%Y-%m-%d %H:%M} is later.",
                      remedy="Name an earlier time, or reject it: its figure is too old then.")  # fmt: skip
    if opens is not None and due < opens:
        raise Refused(f"It may go out from {opens:%Y-%m-%d %H:%M} on, and {due:%Y-%m-%d %H:%M} is earlier.",
                      remedy="Name a later time.")  # fmt: skip


def _revivable(session: Session, revision: RevisionRow, account: str) -> PublicationRow | None:
    """The publication that is held, missed or failed and that a person gives back."""
    query = select(PublicationRow).where(PublicationRow.revision_id == revision.id, PublicationRow.account == account)
    row = session.exec(query.order_by(col(PublicationRow.id).desc())).first()
    if row is None or row.state == "cancelled":
        return None
    if row.state not in REVIVABLE:
        remedy = "Cancel it first." if row.state == "queued" else _WHAT_ELSE
        raise Refused(f"It is {row.state} on {account} already (publication {row.id}).", remedy=remedy)
    return row


def _new_publication(session: Session, reviewer: Reviewer, draft: Draft, revision: RevisionRow, account: str, now: datetime,
                     action: str, due: datetime) -> PublicationRow:  # fmt: skip
    row = PublicationRow(
        draft_id=draft.id, revision_id=revision.id or 0, sha=revision.sha, account=account, created_at=now, updated_at=now,
        **wall(due),
    )  # fmt: skip
    try:
        session.add(row)
        session.flush()
    except IntegrityError:
        raise Refused(f"It is on its way on {account} already.", remedy="Cancel that first.") from None
    moved(session, row, "queued", actor=reviewer.name, action=action, at=now,
          details={"before": "", "due_at": due.isoformat(), "account": account, "sha": revision.sha})  # fmt: skip
    return row


def next_slot(
    session: Session, config: Config, account: str, earliest: datetime, draft_id: int | None = None,
    barred: Callable[[date], bool] = lambda _: False,
) -> datetime:  # fmt: skip
    """The first instant from `earliest` on that keeps the account's spacing, quiet hours and daily cap, in its zone.

    What stands between two posts is counted in real time, whatever the clocks on the wall do in between. The draft's own
    publications (one that was held, and comes again) are not in its way. `barred`: days that are passed over.
    """
    rules, zone = config.publish, config.zone(account)
    if rules.daily_cap == 0:
        raise Refused("The daily cap is 0: nothing may go out.", remedy="Raise publish.daily_cap.")
    taken = _taken(session, account, draft_id)
    slot = earliest.astimezone(UTC)
    while slot < earliest + _LOOK_AHEAD:
        later = _after_quiet(slot, zone, rules.quiet_hours)
        later = _after_spacing(later, taken, rules.spacing or timedelta(0))
        later = _after_cap(later, zone, taken, rules.daily_cap)
        later = _after_day(later, zone, barred)
        if later == slot:
            return slot.astimezone(zone)
        slot = later
    raise Refused(
        "There is no free slot in the next sixty days.", remedy="Raise publish.daily_cap, or cancel something."
    )


def _taken(session: Session, account: str, draft_id: int | None) -> list[datetime]:
    """When the account's other posts go out or went out, in order."""
    query = select(PublicationRow.due_at).where(
        PublicationRow.account == account, col(PublicationRow.state).not_in(DEAD_STATES)
    )
    if draft_id is not None:
        query = query.where(PublicationRow.draft_id != draft_id)
    return sorted(session.exec(query).all())


def _after_quiet(slot: datetime, zone: tzinfo, quiet: tuple[time, time] | None) -> datetime:
    if quiet is None:
        return slot
    start, end = quiet
    here = slot.astimezone(zone)
    now = here.time()
    inside = start <= now < end if start <= end else now >= start or now < end
    if not inside:
        return slot
    return _next(slot, here.date() + timedelta(days=1 if now >= end else 0), end, zone)


def _next(slot: datetime, day: date, clock: time, zone: tzinfo) -> datetime:
    """When the wall shows this after `slot`: of two such moments the one to come, in a gap what the clocks make of it."""
    first, second = (datetime.combine(day, clock, tzinfo=zone).replace(fold=n).astimezone(UTC) for n in (0, 1))
    return first if first > slot else second


def _after_spacing(slot: datetime, taken: list[datetime], spacing: timedelta) -> datetime:
    for other in taken:
        if abs(slot - other) < spacing:
            slot = other + spacing
    return slot


def _after_cap(slot: datetime, zone: tzinfo, taken: list[datetime], cap: int) -> datetime:
    day = slot.astimezone(zone).date()
    if sum(other.astimezone(zone).date() == day for other in taken) < cap:
        return slot
    return _next(slot, day + timedelta(days=1), time(0), zone)


def _after_day(slot: datetime, zone: tzinfo, barred: Callable[[date], bool]) -> datetime:
    day = slot.astimezone(zone).date()
    return _next(slot, day + timedelta(days=1), time(0), zone) if barred(day) else slot
