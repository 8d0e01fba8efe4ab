"""Work on the store, off the UI thread: what is done there comes back as a message, and no error closes the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.message import Message

from assistant import workflow
from assistant.errors import AssistantError, Refused
from assistant.review.editor import Checked
from assistant.review.view import Listing
from assistant.reviewed import Decision, Draft
from assistant.store.audit import Entry
from assistant.workflow import Reviewer

Job = Callable[[], Message]
Verb = Callable[..., Decision]


class Listed(Message):
    """A view's ids and the counts of all states; `goto` is the draft that the cursor should find."""

    def __init__(self, listing: Listing, goto: int | None = None) -> None:
        super().__init__()
        self.listing, self.goto = listing, goto


class Fetched(Message):
    """Drafts as they stand in the store."""

    def __init__(self, asked: Sequence[int], drafts: Sequence[Draft]) -> None:
        super().__init__()
        self.asked, self.drafts = tuple(asked), tuple(drafts)


class Told(Message):
    """What was done to a draft."""

    def __init__(self, draft_id: int, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.draft_id, self.entries = draft_id, tuple(entries)


class Decided(Message):
    """A verb did what it was asked; `undone` is the decision that it turned back."""

    def __init__(self, decision: Decision, undone: Decision | None = None) -> None:
        super().__init__()
        self.decision, self.undone = decision, undone


class Examined(Message):
    """What the checks say of a text that is being typed."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self.checked = checked


class Failed(Message):
    """A job came to nothing: what a person can fix, or a fault of ours. `asked` are drafts that it was to bring."""

    def __init__(self, error: Exception, job: str, asked: Sequence[int] = (), undone: Decision | None = None) -> None:
        super().__init__()
        self.error, self.job, self.asked, self.undone = error, job, tuple(asked), undone

    @property
    def is_ours(self) -> bool:
        """Whether it is a fault of ours."""
        return not isinstance(self.error, AssistantError)


def done(job: Job, name: str, asked: Sequence[int] = (), undone: Decision | None = None) -> Message:
    """Do a job in this thread; its message, or `Failed`."""
    try:
        return job()
    except Exception as error:  # whatever it is, the desk stays open and shows it
        return Failed(error, name, asked, undone)


def deciding(reviewer: Reviewer, draft: Draft, verb: Verb, **options: Any) -> Job:
    """A verb on a draft as the person sees it: refused where another program has changed its text since."""

    def job() -> Message:
        there = workflow.get_draft(reviewer.store, draft.id)
        if there.revision != draft.revision:
            raise Refused(f"Draft {draft.id} was changed meanwhile by somebody else.", remedy="Look at it again.")
        return Decided(verb(reviewer, draft.id, **options))

    return job


def undoing(reviewer: Reviewer, decision: Decision) -> Job:
    """Turn a decision back."""
    return lambda: Decided(workflow.undo(reviewer, decision), decision)
