"""What each key that decides something asks first, and which verb of `workflow` it then calls.

Each is a coroutine of the UI thread: forms are waited for here, the verb itself runs in a worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant import wordings, workflow
from assistant.errors import AssistantError
from assistant.review.draft import named, reason_against, soft_flags
from assistant.review.forms import AcknowledgeForm, ChoiceForm, ConfirmForm, FlagForm, ReasonForm, SettleForm
from assistant.review.shown import one_line
from assistant.review.timing import ScheduleForm
from assistant.review.work import Decided
from assistant.reviewed import Decision, Draft, Publication
from assistant.workflow import Reviewer

if TYPE_CHECKING:
    from assistant.review.desk import DeskScreen

Asking = Callable[["DeskScreen", Draft], Awaitable[None]]


async def approve(desk: DeskScreen, draft: Draft) -> None:
    """At once where nothing is flagged; soft flags are acknowledged first; others forbid it."""
    against = reason_against(draft) if draft.decision == "pending" else ""
    if against:
        desk.refuse(f"#{draft.id} cannot be approved.", against)
        return
    soft = soft_flags(draft)
    if not soft or draft.decision != "pending":
        desk.decide(draft, workflow.approve, revision=draft.revision)
        return
    reason = await desk.ask(AcknowledgeForm(soft))
    if reason is not None:
        desk.decide(draft, workflow.approve, acknowledge=[flag.rule for flag in soft], reason=reason.text,
                    revision=draft.revision)  # fmt: skip


async def edit(desk: DeskScreen, draft: Draft) -> None:
    """In the editor; it saves by itself."""
    desk.open_editor(draft)


async def flag(desk: DeskScreen, draft: Draft) -> None:
    """What the mouse selected; with nothing selected, the wording is chosen first."""
    span = desk.dragged
    if span is None:
        desk.choose_wording()
        return
    await flag_span(desk, draft, span)


async def flag_span(desk: DeskScreen, draft: Draft, span: tuple[int, int]) -> None:
    """Ask for the category of a wording, and flag it."""
    start, end = span
    likely = [one.category for one in draft.flags if one.start < end and start < one.end]
    answer = await desk.ask(FlagForm(draft.post.text[start:end], likely))
    if answer is not None:
        desk.decide(draft, workflow.flag, start=start, end=end, category=answer.category, message=answer.message)
        desk.leave_post()


async def reject(desk: DeskScreen, draft: Draft, figure: bool = False) -> None:
    """With a reason; the box says whether the figure is meant."""
    has_figure = draft.insight is not None
    form = ReasonForm("Reject this post?", named(draft), "Reject", figure=figure if has_figure else None)
    answer = await desk.ask(form)
    if answer is not None:
        desk.decide(draft, workflow.reject, reason=answer.text, figure=answer.figure)


async def reject_figure(desk: DeskScreen, draft: Draft) -> None:
    """The same, with the box ticked."""
    await reject(desk, draft, figure=True)


async def schedule(desk: DeskScreen, draft: Draft) -> None:
    """At a time of one's own."""
    if not _may_be_timed(desk, draft):
        return
    answer = await desk.ask(ScheduleForm(desk.config, draft.post.accounts, desk.now))
    if answer is not None:
        await _at(desk, draft, {"at": answer.at, "tz": answer.tz, "account": answer.account, "fold": answer.fold})


async def _at(desk: DeskScreen, draft: Draft, timing: dict[str, Any]) -> None:
    """Schedule it; on a sensitive day only after somebody answered for that, which the approval then says."""
    try:
        flags = await asyncio.to_thread(workflow.flags_of_the_day, desk.reviewer, draft.id, **timing)
    except AssistantError as error:
        desk.refuse(error.what, error.remedy)
        return
    if not flags:
        desk.decide(draft, workflow.schedule, **timing)
        return
    reason = await desk.ask(AcknowledgeForm(flags, "Send it on that day all the same?", "Schedule"))
    if reason is None:
        return

    def answered(reviewer: Reviewer, draft_id: int) -> Decision:
        rules = [flag.rule for flag in flags]
        workflow.approve(reviewer, draft_id, acknowledge=rules, reason=reason.text, revision=draft.revision)
        return workflow.schedule(reviewer, draft_id, **timing)

    desk.decide(draft, answered)


async def queue(desk: DeskScreen, draft: Draft) -> None:
    """The next free slot; asks which account where there are several."""
    if not _may_be_timed(desk, draft):
        return
    account = await _account(desk, draft.post.accounts)
    if account is not None:
        desk.decide(draft, workflow.queue, account=account)


def _may_be_timed(desk: DeskScreen, draft: Draft) -> bool:
    """Say at once what a form would only find out at its end."""
    if draft.decision != "approved":
        desk.refuse(f"#{draft.id} is {draft.decision}, not approved.", "Approve it first (a).")
    elif not draft.post.accounts:
        desk.refuse(f"No account posts in {one_line(draft.post.lang)}.", "Give one the language in config.yaml.")
    else:
        return True
    return False


async def _account(desk: DeskScreen, accounts: Sequence[str]) -> str | None:
    if len(accounts) == 1:
        return accounts[0]
    chosen = await desk.ask(
        ChoiceForm("On which account?", "It goes into that account's next free slot.", accounts, "Queue")
    )
    return None if chosen is None else accounts[chosen]


async def cancel(desk: DeskScreen, draft: Draft) -> None:
    """At once: undo gives the time back."""
    desk.decide(draft, workflow.cancel)


async def snooze(desk: DeskScreen, draft: Draft) -> None:
    """Until tomorrow at nine."""
    desk.decide(draft, workflow.snooze)


async def restore(desk: DeskScreen, draft: Draft) -> None:
    """Back to pending."""
    desk.decide(draft, workflow.restore)


async def unflag(desk: DeskScreen, draft: Draft) -> None:
    """The only flag, or the one that is chosen."""
    flags = draft.person_flags
    if not flags:
        desk.refuse(f"#{draft.id} has no person's flag.", "Only those can be withdrawn; others go with the wording.")
        return
    at: int | None = 0
    if len(flags) > 1:
        labels = [f"{one.flag.category} “{one.flag.quote}” by {one.actor}" for one in flags]
        at = await desk.ask(ChoiceForm("Withdraw which flag?", named(draft), labels, "Withdraw"))
    if at is not None:
        desk.decide(draft, workflow.unflag, flag_id=flags[at].id)


async def settle(desk: DeskScreen, draft: Draft) -> None:
    """An unknown outcome is asked about; what is held, missed or failed is given back."""
    waiting = [one for one in draft.publications if one.state == draft.state]
    if draft.state == "unknown":
        await _resolve(desk, draft, waiting[-1])
    elif draft.state in ("held", "missed", "failed"):
        labels = ["Send it now", "Send it at another time", "Take it back: the approval stays"]
        answer = await desk.ask(ChoiceForm(f"It is {draft.state}.", one_line(waiting[-1].error or ""), labels, "Do it"))
        await _give_back(desk, draft, waiting[-1], answer)
    else:
        desk.refuse(f"#{draft.id} is {draft.state}.", "Nothing about it waits for you.")


async def _resolve(desk: DeskScreen, draft: Draft, publication: Publication) -> None:
    answer = await desk.ask(SettleForm(publication.account, publication.error or ""))
    if answer is None:
        return

    def resolve(reviewer: Reviewer, _draft_id: int) -> Decision:
        as_ = "published" if answer.published else "not-there"
        return workflow.resolve(reviewer, publication.id, as_=as_, remote_id=answer.remote_id)  # type: ignore[arg-type]

    desk.decide(draft, resolve)


async def _give_back(desk: DeskScreen, draft: Draft, publication: Publication, answer: int | None) -> None:
    if answer == 0 and draft.state == "held":
        await _at(desk, draft, {"at": "now", "account": publication.account})
    elif answer == 0:
        desk.decide(draft, lambda reviewer, _draft_id: workflow.requeue(reviewer, publication.id))
    elif answer == 1:
        await schedule(desk, draft)
    elif answer == 2:
        desk.decide(draft, workflow.cancel)


async def adopt(desk: DeskScreen, draft: Draft) -> None:
    """Propose a house template made of the post, show it, and keep it after a yes; the templates are read off this thread."""
    try:
        proposal = await asyncio.to_thread(wordings.proposed_template, desk.config, draft)
        if await desk.ask(ConfirmForm("Keep this as a template?", str(proposal), "Keep")):
            file = await asyncio.to_thread(wordings.keep_template, desk.config, desk.reviewer.checker, proposal)
            desk.say(f"{proposal.id} is kept.", str(file))
    except AssistantError as error:
        desk.refuse(error.what, error.remedy)


async def pause(desk: DeskScreen) -> None:
    """Stop all publishing with a reason, or start it again."""
    labels = ["Pause everything: nothing goes out", "Resume: what was held waits for you"]
    chosen = await desk.ask(ChoiceForm("Publishing", "On every account, about every title.", labels, "Go on"))
    if chosen == 1:
        desk.do(lambda: Decided(workflow.resume(desk.reviewer)))
    elif chosen == 0:
        reason = await desk.ask(ReasonForm("Pause everything?", "Nothing goes out until it is resumed.", "Pause"))
        if reason is not None:
            desk.do(lambda: Decided(workflow.pause(desk.reviewer, reason=reason.text)))


VERBS: dict[str, Asking] = {
    "approve": approve, "edit": edit, "flag": flag, "reject": reject, "reject_figure": reject_figure, "schedule": schedule,
    "queue": queue, "cancel": cancel, "snooze": snooze, "restore": restore, "unflag": unflag, "settle": settle,
    "adopt": adopt,
}  # fmt: skip
