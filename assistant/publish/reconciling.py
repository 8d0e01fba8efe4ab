"""What became of a post whose outcome is unknown, told from the account's own timeline.

One match that no other publication owns makes it published. Absence is never proof: the post stays with a person.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from assistant.publish.network import Network, RemotePost
from assistant.publish.sending import ACTOR, LOOKS, latest_attempt, owned_ids, value_of
from assistant.reviewed import Publication
from assistant.store import Store, queries
from assistant.store.reading import read_post
from assistant.store.tables import PublicationRow, RevisionRow
from assistant.workflow.reviewer import moved

BEFORE = timedelta(minutes=2)  # clocks differ
_SCHEME = re.compile(r"https?://(\S*?)/?(?=\s|$)", re.IGNORECASE)


def as_written(post: RemotePost) -> str:
    """A remote text with what the network did to it undone: links expanded, its own media's dropped, entities, NFC, space."""
    text = html.unescape(post.text)
    for short, meant in post.links:
        text = text.replace(short, meant or "")
    return folded(text)


def folded(text: str) -> str:
    """A text as it is compared: NFC, links without their scheme, white space folded."""
    return " ".join(_SCHEME.sub(r"\1", unicodedata.normalize("NFC", text)).split())


def matches(text: str, timeline: Sequence[RemotePost], owned: set[str]) -> list[str]:
    """The ids of the remote posts that say what `text` says and that no other publication has."""
    wanted = folded(text)
    return [post.id for post in timeline if post.id not in owned and as_written(post) == wanted]


def unknown_ids(store: Store, account: str | None, *, at_once: bool) -> list[int]:
    """The unknown publications that are to be looked for: all, or those whose next look has come."""
    with store.read() as session:
        options = {"now": store.now(), "account": account, "at_once": at_once}
        return [int(number) for (number,) in queries.rows(session, queries.UNKNOWN, **options)]


def account_of(store: Store, publication_id: int) -> str:
    """The account that a publication goes to."""
    with store.read() as session:
        return session.get_one(PublicationRow, publication_id).account


def look(store: Store, publication_id: int, network: Network) -> Publication:
    """Look for one unknown publication; the timeline is read between two transactions."""
    with store.read() as session:
        row = session.get_one(PublicationRow, publication_id)
        attempt = latest_attempt(session, publication_id)
        started = attempt.wired_at or attempt.claimed_at
        text = read_post(session.get_one(RevisionRow, row.revision_id).post).text
    timeline = network.recent(started - BEFORE)
    with store.write() as session:
        return _found(session, store, publication_id, text, timeline, started)


def _found(session: Session, store: Store, publication_id: int, text: str, timeline: Sequence[RemotePost],
           started: datetime) -> Publication:  # fmt: skip
    row, now = session.get_one(PublicationRow, publication_id), store.now()
    if row.state != "unknown":
        return value_of(session, row)
    found = matches(text, timeline, owned_ids(session, publication_id, row.account))
    if len(found) == 1:
        moved(session, row, "published", actor=ACTOR, action="reconcile", at=now, remote_id=found[0], error=None,
              retry_at=None, details={"remote_id": found[0]})  # fmt: skip
        return value_of(session, row)
    row.retry_at = next((started + after for after in LOOKS if started + after > now), None)
    told = (
        "not on the timeline, which proves nothing" if not found else f"{len(found)} posts on the timeline say the same"
    )
    row.error = f"{(row.error or 'unknown').partition(' · looked:')[0]} · looked: {told}"
    session.add(row)
    session.flush()
    return value_of(session, row)
