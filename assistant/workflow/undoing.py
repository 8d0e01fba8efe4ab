"""Undo: the last decision turned back, by other decisions that the trail keeps too.

An approval that was taken back (by a flag, an edit, a rejection) does not come back: whoever undoes looks again.
"""

from __future__ import annotations

from assistant.errors import Refused
from assistant.reviewed import Decision
from assistant.store.reading import drafts_by_id, get_draft
from assistant.workflow.deciding import edit, flag, restore, unflag
from assistant.workflow.reviewer import Reviewer
from assistant.workflow.scheduling import schedule, take_back

_SINCE = "Look at it again, and undo what was decided since."


def undo(reviewer: Reviewer, decision: Decision) -> Decision:
    """Turn a decision on a draft back; `Refused` where it cannot be."""
    draft_id = decision.draft_id
    if draft_id is None:
        raise Refused(f"{decision.action} cannot be undone here.", remedy="`pause` and `resume` undo each other.")
    match decision.action:
        case "flag":
            return unflag(reviewer, draft_id, flag_id=int(decision.details["flag"]))
        case "unflag":
            return _flag_again(reviewer, draft_id, decision)
        case "edit":
            if get_draft(reviewer.store, draft_id).post.text != decision.details["text"]:
                raise Refused("The text was changed again since.", remedy=_SINCE)
            return edit(reviewer, draft_id, text=str(decision.details["old"]))
        case "approve" | "reject" | "snooze":
            return _restore(reviewer, draft_id, decision)
        case "queue" | "schedule":
            return take_back(reviewer, draft_id, decision.publication_id)
        case "cancel":
            return _schedule_again(reviewer, draft_id, decision)
    raise Refused(f"{decision.action} cannot be undone.", remedy="Decide anew on the draft.")


def _flag_again(reviewer: Reviewer, draft_id: int, decision: Decision) -> Decision:
    told, text = decision.details, get_draft(reviewer.store, draft_id).post.text
    start, end, quote = int(told["start"]), int(told["end"]), str(told["quote"])
    where = {"start": start, "end": end} if text[start:end] == quote else {}
    return flag(reviewer, draft_id, quote=quote, category=str(told["category"]), message=str(told["message"]), **where)


def _restore(reviewer: Reviewer, draft_id: int, decision: Decision) -> Decision:
    """With a rejected figure come its other drafts that the same decision rejected."""
    now = get_draft(reviewer.store, draft_id).decision
    if now != decision.after:
        raise Refused(f"Draft {draft_id} is {now} by now.", remedy=_SINCE)
    restored = restore(reviewer, draft_id)
    for sibling in drafts_by_id(reviewer.store, decision.details.get("siblings", ())):
        if sibling.decision == "rejected":
            restore(reviewer, sibling.id)
    return restored


def _schedule_again(reviewer: Reviewer, draft_id: int, decision: Decision) -> Decision:
    """What was queued, at its time; what was held, missed or failed waited for a person, who has to say when."""
    queued = [one for one in decision.details["cancelled"] if one["state"] == "queued"]
    if not queued:
        raise Refused(f"It was {decision.before}, not queued.", remedy="Queue it, or schedule it at a time.")
    again = [schedule(reviewer, draft_id, at=one["due_at"], tz=one["zone"], account=one["account"]) for one in queued]
    return again[-1]
