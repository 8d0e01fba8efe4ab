"""The decisions of people, and the life of a draft. The command line and the desk call the same verbs.

    draft        pending ──▶ approved | rejected | snoozed          (expired: its figure became too old)
                    ▲            │ an edit or a flag: approvals revoked, what was queued cancelled
                    └────────────┘

    publication  queued ──claim──▶ claimed ──wire──▶ on_wire ──settle──▶ published | failed | unknown
                 docs/publishing.md draws all its edges; `store/law.py` holds them in the schema

Each verb is one transaction with one entry in the trail for each change, and is refused with `Refused` (the answer is no)
or `UsageError` (there is no such thing).
"""

from assistant.store.reading import (
    counts,
    draft_ids,
    drafts_about,
    drafts_by_id,
    get_draft,
    history,
    list_drafts,
    never_told,
    recent_texts,
    used_keys,
)  # fmt: skip
from assistant.store.saving import save_drafts
from assistant.workflow.deciding import approve, candidate_of, edit, flag, reject, restore, snooze, unflag
from assistant.workflow.learning import accept, nearest_rejected, proposals, rule_counts
from assistant.workflow.reviewer import Reviewer
from assistant.workflow.scheduling import cancel, flags_of_the_day, queue, schedule
from assistant.workflow.switches import pause, requeue, resolve, resume
from assistant.workflow.undoing import undo
from assistant.workflow.withdrawing import withdrawn

__all__ = [
    "Reviewer",
    "accept",
    "approve",
    "cancel",
    "candidate_of",
    "counts",
    "draft_ids",
    "drafts_about",
    "drafts_by_id",
    "edit",
    "flag",
    "flags_of_the_day",
    "get_draft",
    "history",
    "list_drafts",
    "nearest_rejected",
    "never_told",
    "pause",
    "proposals",
    "queue",
    "recent_texts",
    "reject",
    "requeue",
    "resolve",
    "restore",
    "resume",
    "rule_counts",
    "save_drafts",
    "schedule",
    "snooze",
    "undo",
    "unflag",
    "used_keys",
    "withdrawn",
]  # fmt: skip
