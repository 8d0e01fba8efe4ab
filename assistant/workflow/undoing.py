"""Undo: the last decision turned back, by another decision that the trail keeps too."""

from __future__ import annotations

from assistant.errors import Refused
from assistant.models import Decision
from assistant.workflow.deciding import edit, flag, restore, unflag
from assistant.workflow.reading import get_draft
from assistant.workflow.reviewer import Reviewer
from assistant.workflow.scheduling import cancel, schedule


def undo(reviewer: Reviewer, decision: Decision) -> Decision:
    """Turn a decision on a draft back; `Refused` where it cannot be."""
    draft_id = decision.draft_id
    if draft_id is None:
        raise Refused(f"{decision.action} cannot be undone here.")
    details = decision.details
    match decision.action:
        case "flag":
            return unflag(reviewer, draft_id, flag_id=int(details["flag"]))
        case "unflag":
            return flag(reviewer, draft_id, quote=str(details["quote"]), category=str(details["category"]))
        case "edit":
            if get_draft(reviewer.store, draft_id).post.text != details["text"]:
                raise Refused("The text was changed again since.")
            return edit(reviewer, draft_id, text=str(details["old"]))
        case "approve" | "reject" | "snooze":
            return restore(reviewer, draft_id)
        case "queue" | "schedule":
            return cancel(reviewer, draft_id)
        case "cancel":
            return schedule(reviewer, draft_id, at=str(details["due_at"]), account=str(details["account"]))
    raise Refused(f"{decision.action} cannot be undone.")
