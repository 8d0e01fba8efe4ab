"""The decisions on a draft's words: flag, unflag, edit, approve, reject, snooze, restore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from assistant.checks import Told
from assistant.checks.differencing import check_differencing
from assistant.checks.stale import RELATIVE_DATE
from assistant.errors import Refused, UsageError
from assistant.models import CATEGORIES, Candidate, Post, Report, Span, canonical_json
from assistant.reviewed import Decision, Draft
from assistant.store.reading import drafts_in, is_id, recent_texts, rejected_texts, told_posts, words
from assistant.store.saving import add_report, add_revision
from assistant.store.tables import ApprovalRow, DraftRow, InsightRow, PersonFlagRow, ReportRow, RevisionRow
from assistant.workflow.evidence import found_again
from assistant.workflow.reviewer import Reviewer, acknowledged, approval_row, decided, draft_row, revision_row, revoke

TOO_LATE = ("claimed", "on_wire", "published", "unknown", "withdrawn")
GONE = "the wording is gone"
_INSTEAD = {
    "published": "A live post is taken down with `assistant withdraw`.",
    "unknown": "Say what became of it with `assistant resolve`.",
    "withdrawn": "It was taken down; its figure is told no more.",
}


def _draft(session: Session, draft_id: int, now: datetime) -> Draft:
    return drafts_in(session, [draft_id], now)[0]


def flag(
    reviewer: Reviewer, draft_id: int, *, quote: str | None = None, start: int | None = None, end: int | None = None,
    category: str, message: str = "",
) -> Decision:  # fmt: skip
    """This wording must not go out. An approval is taken back by it, and what was queued is cancelled."""
    if category not in CATEGORIES:
        raise UsageError(f"{category!r} is not a category.", remedy=f"There are {', '.join(CATEGORIES)}.")
    words(message, "message")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        before = _draft(session, draft_id, now)
        first, last = _where(before.post.text, quote, start, end)
        _refuse_too_late(before, "flagged")
        _refuse_rejected(before, "flagged")
        found = PersonFlagRow(
            draft_id=draft_id, category=category, start=first, end=last, quote=before.post.text[first:last], message=message,
            actor=reviewer.name, created_at=now,
        )  # fmt: skip
        session.add(found)
        _back_to_pending(session, reviewer, row, now, "a wording was flagged")
        return decided(session, reviewer, now, "flag", draft_id, before.state, "pending", message, flag=found.id,
                       quote=found.quote, category=category)  # fmt: skip


def _where(text: str, quote: str | None, start: int | None, end: int | None) -> tuple[int, int]:
    if start is not None and end is not None:
        if not 0 <= start < end <= len(text):
            raise UsageError("There is no wording selected.", remedy="Select some of the text.")
        return start, end
    at = text.find(quote) if quote else -1
    if not quote or at < 0:
        raise UsageError(f"The draft does not say {quote!r}.", remedy="Quote it exactly as it stands.")
    return at, at + len(quote)


def unflag(reviewer: Reviewer, draft_id: int, *, flag_id: int | None = None) -> Decision:
    """Withdraw a flag: the one named, or the latest open one."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        draft_row(session, draft_id)
        query = select(PersonFlagRow).where(PersonFlagRow.draft_id == draft_id, col(PersonFlagRow.closed_at).is_(None))
        open_flags = session.exec(query.order_by(col(PersonFlagRow.id))).all()
        chosen = [f for f in open_flags if flag_id is None or f.id == flag_id]
        if not chosen:
            raise UsageError(
                f"Draft {draft_id} has no such open flag.", remedy=f"`assistant show {draft_id}` lists them."
            )
        found = chosen[-1]
        _close(session, found, reviewer, now, "withdrawn")
        state = _draft(session, draft_id, now).state
        return decided(session, reviewer, now, "unflag", draft_id, state, state, flag=found.id, quote=found.quote,
                       category=found.category, start=found.start, end=found.end, message=found.message)  # fmt: skip


def _close(session: Session, row: PersonFlagRow, reviewer: Reviewer, now: datetime, why: str) -> None:
    row.closed_at, row.closed_by, row.closed_why = now, reviewer.name, why
    session.add(row)
    session.flush()


def edit(reviewer: Reviewer, draft_id: int, *, text: str) -> Decision:
    """A new revision: checked anew; approvals revoked, what was queued cancelled; flags whose wording is gone are closed."""
    words(text, "text")
    earlier, rejected = recent_texts(reviewer.store), rejected_texts(reviewer.store)
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        before = _draft(session, draft_id, now)
        _refuse_too_late(before, "edited")
        _refuse_rejected(before, "edited")
        if text == before.post.text:
            raise UsageError("The text is the same as before.", remedy="Change something, or leave it.")
        post = replace(before.post, text=text)
        others = [one for one in earlier if one != before.post.text]
        told = _told(session, before, now)
        candidate = candidate_of(before, text)
        report = reviewer.checker(candidate, others, rejected, told=told)
        _revise(session, reviewer, row, post, report, now, candidate.spans, reviewer.checker.policy_hash)
        _follow_the_words(session, reviewer, draft_id, text, now)
        _back_to_pending(session, reviewer, row, now, "the text was edited")
        return decided(session, reviewer, now, "edit", draft_id, before.state, "pending", old=before.post.text, text=text,
                       revision=row.number, verdict=report.verdict, sha=post.sha)  # fmt: skip


def _follow_the_words(session: Session, reviewer: Reviewer, draft_id: int, text: str, now: datetime) -> None:
    """Flags whose wording is gone are closed; one whose wording came back is open again, where it stands now."""
    query = select(PersonFlagRow).where(PersonFlagRow.draft_id == draft_id).order_by(col(PersonFlagRow.id))
    for row in session.exec(query).all():
        at = _nearest(text, row.quote, row.start)
        if at is None and row.closed_at is None:
            _close(session, row, reviewer, now, GONE)
        elif at is not None and (row.closed_at is None or row.closed_why == GONE):
            row.start, row.end = at, at + len(row.quote)
            row.closed_at = row.closed_by = row.closed_why = None
            session.add(row)


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where a wording stands that stood at `start` before: there, or as near to it as may be."""
    places = [at for at in range(len(text) - len(quote) + 1) if text.startswith(quote, at)]
    return min(places, key=lambda at: abs(at - start), default=None)


def candidate_of(draft: Draft, text: str | None = None) -> Candidate:
    """A draft as the checks see it, with another text where one is given."""
    insight = draft.insight
    facts = insight.facts if insight else None
    spans = draft.spans if text is None else found_again(draft, text)
    return Candidate(
        text=draft.post.text if text is None else text, lang=draft.post.lang, insight=insight, template=draft.template,
        facts=facts, spans=spans, titles=tuple(str(f.value) for f in facts or () if f.unit == "title"),
        people=insight.people if insight else None, counts=insight.counts if insight else "unknown",
    )  # fmt: skip


def _revise(session: Session, reviewer: Reviewer, row: DraftRow, post: Post, report: Report, now: datetime,
            spans: Sequence[Span], policy: str | None = None) -> None:  # fmt: skip
    """A new revision; `policy`: the rules that the report was made under, default those of the revision before."""
    policy = _policy(session, row.id or 0) or "" if policy is None else policy
    row.number += 1
    session.add(row)
    session.flush()
    add_revision(session, row, post, report, reviewer.name, now, policy, spans)


def _policy(session: Session, draft_id: int) -> str | None:
    """The hash of the rules that a draft was last checked under; None where there is none."""
    query = select(ReportRow.policy_hash).join(RevisionRow).where(RevisionRow.draft_id == draft_id)
    return session.exec(query.order_by(col(ReportRow.id).desc())).first() if is_id(draft_id) else None


def _check_anew(reviewer: Reviewer, draft_id: int) -> None:
    """Where the rules have changed since a draft was checked, what they say now is what its approval answers for.

    It is kept whether the approval is refused then or not, so that the person sees it.
    """
    with reviewer.store.read() as session:
        if _policy(session, draft_id) in (None, reviewer.checker.policy_hash):
            return
    earlier, rejected = recent_texts(reviewer.store), rejected_texts(reviewer.store)
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        draft = _draft(session, draft_id, now)
        others = [one for one in earlier if one != draft.post.text]
        report = reviewer.checker(candidate_of(draft), others, rejected, told=_told(session, draft, now))
        add_report(session, revision_row(session, row), report, now, reviewer.checker.policy_hash)
        decided(session, reviewer, now, "check", draft_id, draft.state, draft.state, revision=draft.revision,
                old=draft.report.verdict, verdict=report.verdict, policy=reviewer.checker.policy_hash)  # fmt: skip


def _back_to_pending(session: Session, reviewer: Reviewer, row: DraftRow, now: datetime, why: str) -> None:
    _leave(session, reviewer, row, "pending", now, why)


def _leave(session: Session, reviewer: Reviewer, row: DraftRow, state: str, now: datetime, why: str) -> None:
    """Take approvals and what was queued back, and leave the draft in a state that is seen.

    A revision shows its latest publication's state: where it has one, the same words become a new revision, or a
    flagged draft would be listed as cancelled, among what nobody looks at any more.
    """
    revoke(session, reviewer, row, now, why)
    row.state, row.snoozed_until = state, None
    session.add(row)
    session.flush()
    draft = _draft(session, row.id or 0, now)
    if any(p.revision == draft.revision for p in draft.publications):
        _revise(session, reviewer, row, draft.post, draft.report, now, draft.spans)


def _refuse_too_late(draft: Draft, what: str) -> None:
    live = [p for p in draft.publications if p.state in TOO_LATE and p.revision == draft.revision]
    if live:
        remedy = _INSTEAD.get(live[-1].state, "Wait for what becomes of it.")
        raise Refused(f"Draft {draft.id} is {live[-1].state} and cannot be {what} any more.", remedy=remedy)


def _refuse_rejected(draft: Draft, what: str) -> None:
    if draft.decision == "rejected":
        raise Refused(f"Draft {draft.id} is rejected and cannot be {what}.", remedy="Restore it first.")


def approve(
    reviewer: Reviewer, draft_id: int, *, acknowledge: Sequence[str] = (), reason: str = "",
    accounts: Sequence[str] | None = None, revision: int | None = None,
) -> Decision:  # fmt: skip
    """Let the whole post go out, byte for byte. Hard flags and persons' flags forbid it; others want a reason each.

    Where rules have changed since, it is checked anew first. `revision`: the one that the person looked at; another that came
    meanwhile is refused. What is approved already can be
    approved again with more acknowledged, such as a sensitive day that it is to go out on.
    """
    words(reason + "".join(acknowledge), "reason")
    _check_anew(reviewer, draft_id)
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        draft = _draft(session, draft_id, now)
        earlier = approval_row(session, revision_row(session, row))
        more = _acknowledges_a_day(acknowledge, earlier) and draft.decision == "approved" and accounts is None
        if draft.decision != "pending" and not more:
            remedy = _NOT_PENDING.get(draft.decision, "Restore it first.")
            raise Refused(f"Draft {draft_id} is {draft.decision}.", remedy=remedy)
        if revision not in (None, draft.revision):
            raise Refused(f"Draft {draft_id} was changed meanwhile.", remedy="Look at it again.")
        chosen = draft.post.accounts if accounts is None else tuple(dict.fromkeys(accounts))
        if chosen != draft.post.accounts:
            _readdress(session, reviewer, row, draft, chosen, now)
            draft = _draft(session, draft_id, now)
        if more:
            _refuse_too_late(draft, "approved")
            acknowledge = sorted(acknowledged(earlier).union(acknowledge))
        _refuse_differences(session, reviewer, draft, now)
        _refuse_flags(draft, acknowledge, reason)
        _refuse_unknown(reviewer, draft, set(acknowledge) - acknowledged(earlier))
        approved = revision_row(session, row)
        if more and earlier is not None:
            earlier.revoked_at, earlier.revoked_by, earlier.revoked_why = now, reviewer.name, "approved with more"
            session.add(earlier)
        session.add(
            ApprovalRow(
                revision_id=approved.id or 0,
                sha=approved.sha,
                actor=reviewer.name,
                created_at=now,
                reason=reason,
                acknowledged=canonical_json(sorted(acknowledge)),
                policy_hash=reviewer.checker.policy_hash,
            )
        )
        row.state = "approved"
        session.add(row)
        session.flush()
        return decided(session, reviewer, now, "approve", draft_id, draft.state, "approved", reason, revision=draft.revision,
                       sha=approved.sha, acknowledged=list(acknowledge), policy=reviewer.checker.policy_hash)  # fmt: skip


def _acknowledges_a_day(rules: Sequence[str], approval: ApprovalRow | None) -> bool:
    """Whether there is news in it on a matter of the day that a post goes out, which may be known only after the approval."""
    return any(rule.startswith(("calendar.", "stale.")) for rule in set(rules) - acknowledged(approval))


def _refuse_unknown(reviewer: Reviewer, draft: Draft, rules: set[str]) -> None:
    """Nobody answers for what does not stand there: each rule has flagged this draft, or may on the day that it goes out."""
    flagged = dict.fromkeys(flag.rule for flag in draft.report.flags if not flag.hard)
    of_the_day = [day.rule for day in reviewer.checker.calendar.days] + [RELATIVE_DATE]
    if unknown := sorted(rules - {*flagged, *of_the_day}):
        days = f"; of its day there may be {', '.join(of_the_day)}" if of_the_day else ""
        there = f"It has {', '.join(flagged)}" if flagged else "It has none"
        raise Refused(f"No flag of draft {draft.id} is of the rule {', '.join(unknown)}.", remedy=f"{there}{days}.")


_NOT_PENDING = {
    "expired": "Its figure is too old to be told: reject it.",
    "approved": "There is nothing to do but to queue it.",
}


def _readdress(
    session: Session, reviewer: Reviewer, row: DraftRow, draft: Draft, accounts: tuple[str, ...], now: datetime
) -> None:
    unknown = [name for name in accounts if name not in reviewer.config.accounts]
    if unknown or not accounts:
        remedy = f"config.yaml has {', '.join(reviewer.config.accounts)}."
        raise UsageError(f"There is no account {', '.join(unknown) or 'named'}.", remedy=remedy)
    post = replace(draft.post, accounts=accounts)
    _revise(session, reviewer, row, post, draft.report, now, draft.spans)


def _told(session: Session, draft: Draft, now: datetime) -> list[Told]:
    """The other posts that went out or may, with their figures."""
    return [Told.of(one) for one in told_posts(session, now, draft.insight, beside=draft.id)]


def _refuse_differences(session: Session, reviewer: Reviewer, draft: Draft, now: datetime) -> None:
    """Two posts may be harmless each while neither is approved; with the first, the second gives a few people away."""
    found = check_differencing(candidate_of(draft), _told(session, draft, now), reviewer.checker.policy)
    for flag in found:
        raise Refused(f"Draft {draft.id} cannot be approved: {flag.message}", remedy=flag.suggestion)


def _refuse_flags(draft: Draft, acknowledge: Sequence[str], reason: str) -> None:
    hard = [flag for flag in draft.report.flags if flag.hard]
    if hard:
        told = "; ".join(f"{flag.rule}: {flag.message}" for flag in hard)
        raise Refused(f"Draft {draft.id} cannot be approved: {told}", remedy="Change the text, or reject it.")
    if draft.person_flags:
        told = ", ".join(f"“{found.flag.quote}” by {found.actor}" for found in draft.person_flags)
        raise Refused(f"Draft {draft.id} is flagged: {told}.", remedy="Edit it, or withdraw the flag.")
    unseen = [flag for flag in draft.report.flags if flag.level != "suggestion" and flag.rule not in acknowledge]
    if unseen:
        rules = " ".join(f"--acknowledge {rule}" for rule in dict.fromkeys(flag.rule for flag in unseen))
        raise Refused(
            f"Draft {draft.id} has flags that nobody acknowledged: {unseen[0].message}", remedy=f"{rules} --reason …"
        )
    if acknowledge and not reason.strip():
        raise Refused("What is acknowledged needs a reason.", remedy="Add --reason …")


def reject(reviewer: Reviewer, draft_id: int, *, reason: str, figure: bool = False) -> Decision:
    """Not this post; with `figure`, never this figure, in any language or run."""
    if not words(reason, "reason").strip():
        raise UsageError("A rejection needs a reason.", remedy="Add --reason …")
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        draft = _draft(session, draft_id, now)
        _refuse_too_late(draft, "rejected")
        _reject(session, reviewer, row, now, reason)
        siblings = block_figure(session, reviewer, row, now, reason) if figure else []
        return decided(session, reviewer, now, "reject", draft_id, draft.state, "rejected", reason, figure=figure,
                       siblings=siblings)  # fmt: skip


def _reject(session: Session, reviewer: Reviewer, row: DraftRow, now: datetime, reason: str) -> None:
    _leave(session, reviewer, row, "rejected", now, reason)


def block_figure(session: Session, reviewer: Reviewer, row: DraftRow, now: datetime, reason: str) -> list[int]:
    """Mark the figure, and reject its other drafts that are not out yet."""
    insight = session.get(InsightRow, row.insight_id) if row.insight_id else None
    if insight is None:
        raise UsageError(f"Draft {row.id} rests on no figure.", remedy="Reject it without --figure.")
    insight.never_at, insight.never_by, insight.never_why = now, reviewer.name, reason
    session.add(insight)
    query = select(DraftRow).where(DraftRow.insight_id == insight.id, DraftRow.id != row.id)
    others = [other for other in session.exec(query).all() if other.state != "rejected"]
    rejected = []
    for other in others:
        draft = _draft(session, other.id or 0, now)
        if not any(p.state in TOO_LATE for p in draft.publications):
            _reject(session, reviewer, other, now, reason)
            decided(session, reviewer, now, "reject", draft.id, draft.state, "rejected", reason, figure=True)
            rejected.append(draft.id)
    return rejected


def snooze(reviewer: Reviewer, draft_id: int, *, until: datetime | None = None) -> Decision:
    """Not today: out of the queue until then (default: nine o'clock tomorrow, in the house's zone)."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        draft = _draft(session, draft_id, now)
        if draft.decision != "pending":
            remedy = "Restore it first, or leave it." if draft.decision != "expired" else "Reject it."
            raise Refused(f"Draft {draft_id} is {draft.state}; only a pending one can be snoozed.", remedy=remedy)
        zone = reviewer.config.zone()
        tomorrow = (now.astimezone(zone) + timedelta(days=1)).date()
        if until is not None and (until.tzinfo is None or until <= now):
            raise UsageError(f"{until} is no time to come.", remedy="Name a later instant, with its zone.")
        row.state, row.snoozed_until = "snoozed", until or datetime.combine(tomorrow, time(9), tzinfo=zone)
        session.add(row)
        return decided(
            session, reviewer, now, "snooze", draft_id, draft.state, "snoozed", until=row.snoozed_until.isoformat()
        )


def restore(reviewer: Reviewer, draft_id: int) -> Decision:
    """A rejected, snoozed or approved draft is looked at again; a figure's "never" is taken back with it."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = draft_row(session, draft_id)
        draft = _draft(session, draft_id, now)
        _refuse_too_late(draft, "restored")
        if row.state == "pending":
            raise Refused(f"Draft {draft_id} is {draft.state} already.", remedy="There is nothing to restore.")
        insight = session.get(InsightRow, row.insight_id) if row.insight_id else None
        if row.state == "rejected" and insight is not None and insight.never_at is not None:
            insight.never_at = insight.never_by = insight.never_why = None
            session.add(insight)
        _back_to_pending(session, reviewer, row, now, "it is looked at again")
        return decided(session, reviewer, now, "restore", draft_id, draft.state, "pending")
