"""A live post that was taken down on its network: the record of it, and its siblings blocked."""

from __future__ import annotations

from assistant.errors import Refused
from assistant.reviewed import Publication
from assistant.store.reading import publication
from assistant.store.tables import RevisionRow
from assistant.workflow.deciding import block_figure
from assistant.workflow.reviewer import Reviewer, draft_row, moved, publication_row, revoke

WHY = "its post was withdrawn"


def withdrawn(reviewer: Reviewer, publication_id: int) -> Publication:
    """Keep that a post is gone from the network; the same figure goes out in no other words, language or account."""
    with reviewer.store.write() as session:
        now = reviewer.store.now()
        row = publication_row(session, publication_id)
        if row.state != "published":
            raise Refused(f"Publication {publication_id} is {row.state}, not published.")
        moved(session, row, "withdrawn", actor=reviewer.name, action="withdraw", at=now,
              details={"remote_id": row.remote_id})  # fmt: skip
        draft = draft_row(session, row.draft_id)
        revoke(session, reviewer, draft, now, WHY)
        if draft.insight_id:
            block_figure(session, reviewer, draft, now, WHY)
        return publication(row, session.get_one(RevisionRow, row.revision_id).number)
