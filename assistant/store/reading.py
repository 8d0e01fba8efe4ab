"""Reading: drafts as the reviewer sees them, listed by state, searched, with their history."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select

from assistant.errors import UsageError
from assistant.models import (
    DRAFT_STATES,
    PUBLICATION_STATES,
    WAITING_STATES,
    Flag,
    Insight,
    Media,
    PersonFlag,
    Post,
    Rejected,
    Report,
    Span,
)
from assistant.reviewed import Draft, Publication  # fmt: skip
from assistant.store import audit, queries
from assistant.store.door import Store
from assistant.store.tables import (
    AuditRow,
    DraftRow,
    InsightRow,
    PersonFlagRow,
    PublicationRow,
    ReportRow,
    RevisionRow,
)  # fmt: skip

Row = TypeVar("Row", DraftRow, RevisionRow, ReportRow, InsightRow, PersonFlagRow, PublicationRow)
DEFAULT_STATES = ("pending", *WAITING_STATES)
RECENT_TEXTS = 500


def draft_ids(store: Store, *, state: str | None = None, lang: str | None = None, search: str = "") -> list[int]:
    """The ids of drafts in a state (None: pending and what waits for a person; "all"), oldest first."""
    return [draft_id for draft_id, _ in _listed(store, state, lang, search)]


def list_drafts(
    store: Store, *, state: str | None = None, lang: str | None = None, search: str = "",
    limit: int | None = None, offset: int = 0,
) -> list[Draft]:  # fmt: skip
    """The same drafts, whole."""
    wanted = draft_ids(store, state=state, lang=lang, search=search)
    end = None if limit is None else offset + limit
    return drafts_by_id(store, wanted[offset:end])


def counts(store: Store) -> dict[str, int]:
    """How many drafts are in each state."""
    return dict(Counter(state for _, state in _listed(store, "all", None, "")))


def _listed(store: Store, state: str | None, lang: str | None, search: str) -> list[tuple[int, str]]:
    if state is not None and state != "all" and state not in (*DRAFT_STATES, *PUBLICATION_STATES):
        raise UsageError(
            f"{state!r} is not a state.", remedy=f"There are {', '.join((*DRAFT_STATES, *PUBLICATION_STATES))}."
        )
    words(lang or "", "language")
    with store.read() as session:
        found = _with_states(session, store.now(), lang, search)
        if search.strip():
            saying = _saying(session, _plain(search.strip()), found)
            found = {draft_id: found[draft_id] for draft_id in found if draft_id in saying}
        wanted = DEFAULT_STATES if state is None else (state,)
        waiting = _waiting(session) if state is None else set()
        return [(i, one) for i, one in found.items() if state == "all" or one in wanted or i in waiting]


def _with_states(session: Session, now: datetime, lang: str | None, search: str) -> dict[int, str]:
    """Every draft's state by its id; the search only roughly, for a database folds the case of few letters."""
    rough = "".join(c if (c.isascii() and c.isalnum()) or c == " " else "%" for c in _plain(search.strip()))
    options = {"now": now, "state_all": True, "states": [""], "lang": lang, "search": f"%{rough}%" if rough else None}
    return {int(draft_id): str(state) for draft_id, state in queries.rows(session, queries.LIST_DRAFTS, **options)}


def _saying(session: Session, sought: str, among: Container[int]) -> set[int]:
    """The drafts whose text or title has this."""
    found = ((i, json.loads(post)["text"], title) for i, post, title in _newest(session, DRAFT_STATES) if i in among)
    return {i for i, text, title in found if sought in _plain(text) or sought in _plain(title or "")}


def _plain(text: str) -> str:
    """As it is searched: small letters, and an accent is one whether it was typed with its letter or after it."""
    return unicodedata.normalize("NFC", text).lower()


def _newest(session: Session, states: Sequence[str]) -> list[tuple[int, str, str | None]]:
    """Draft, post and title of the newest revisions of drafts that a reviewer left in these states."""
    query = (
        select(RevisionRow.draft_id, RevisionRow.post, InsightRow.subject)
        .join(DraftRow, (col(DraftRow.id) == RevisionRow.draft_id) & (col(DraftRow.number) == RevisionRow.number))
        .join(InsightRow, col(InsightRow.id) == DraftRow.insight_id, isouter=True)
        .where(col(DraftRow.state).in_(states))
    )
    return [(draft_id, post, title) for draft_id, post, title in session.exec(query)]


def _waiting(session: Session) -> set[int]:
    """The drafts of which a publication waits for a person, on whichever account."""
    query = select(PublicationRow.draft_id).where(col(PublicationRow.state).in_(WAITING_STATES))
    return set(session.exec(query).all())


def words(text: str, what: str) -> str:
    """A person's words as they are kept; `UsageError` where no database can hold them."""
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        raise UsageError(f"The {what} has characters that cannot be kept.", remedy="Type it anew, in UTF-8.")
    return text


def is_id(number: int) -> bool:
    """Whether a row may have this number at all: PostgreSQL's end there, and greater ones are refused as a fault."""
    return 0 < number < 2**31


def get_draft(store: Store, draft_id: int) -> Draft:
    """One draft, or `UsageError`."""
    found = drafts_by_id(store, [draft_id])
    if not found:
        raise UsageError(f"There is no draft {draft_id}.", remedy="`assistant list --state all` shows them.")
    return found[0]


def drafts_by_id(store: Store, ids: Sequence[int]) -> list[Draft]:
    """Drafts in the order of their ids given; those that are not there are left out."""
    with store.read() as session:
        return drafts_in(session, ids, store.now())


def drafts_in(session: Session, ids: Sequence[int], now: datetime) -> list[Draft]:
    """The same, inside a transaction: a few queries whatever the number."""
    ids = [draft_id for draft_id in ids if is_id(draft_id)]
    rows = {row.id: row for row in _among(session, DraftRow, DraftRow.id, ids)}
    revisions = {
        row.draft_id: row
        for row in _among(session, RevisionRow, RevisionRow.draft_id, ids)
        if row.draft_id in rows and row.number == rows[row.draft_id].number
    }
    numbers = {row.id: row.number for row in _among(session, RevisionRow, RevisionRow.draft_id, ids)}
    reports = {
        row.revision_id: row
        for row in _among(session, ReportRow, ReportRow.revision_id, [r.id for r in revisions.values()])
    }
    insights = {
        row.id: row for row in _among(session, InsightRow, InsightRow.id, {row.insight_id for row in rows.values()})
    }
    flags, publications = defaultdict(list), defaultdict(list)
    for flag in _among(session, PersonFlagRow, PersonFlagRow.draft_id, ids):
        if flag.closed_at is None:
            flags[flag.draft_id].append(person_flag(flag))
    for row in _among(session, PublicationRow, PublicationRow.draft_id, ids):
        publications[row.draft_id].append(publication(row, numbers[row.revision_id]))
    return [
        _draft(rows[i], revisions[i], reports.get(revisions[i].id or 0), insights.get(rows[i].insight_id or ""), flags[i],
               publications[i], now)
        for i in ids
        if i in rows
    ]  # fmt: skip


def _among(session: Session, table: type[Row], column: Any, wanted: Iterable[Any]) -> list[Row]:
    """Rows whose column is one of many values, in the order in which they were made."""
    values, found = [value for value in wanted if value is not None], []
    for at in range(0, len(values), 500):
        found += list(
            session.exec(select(table).where(col(column).in_(values[at : at + 500])).order_by(col(table.id))).all()
        )
    return found


def _draft(row: DraftRow, revision: RevisionRow, report: ReportRow | None, insight: InsightRow | None,
           flags: list[PersonFlag], publications: list[Publication], now: datetime) -> Draft:  # fmt: skip
    post = read_post(revision.post)
    decision = row.state
    if decision == "snoozed" and row.snoozed_until is not None and row.snoozed_until <= now:
        decision = "pending"
    if decision == "pending" and post.not_after is not None and post.not_after < now:
        decision = "expired"
    return Draft(
        id=row.id or 0, revision=revision.number, decision=decision, post=post, template=row.template,
        insight=Insight.from_json(json.loads(insight.payload)) if insight else None,
        report=read_report(report.payload) if report else Report(not_checked=("everything",)),
        weighted_length=revision.weighted_length, person_flags=tuple(flags), publications=tuple(publications),
        created_at=row.created_at, spans=tuple(Span(**span) for span in json.loads(revision.spans)),
    )  # fmt: skip


def read_post(text: str) -> Post:
    """`models.Post` back from its canonical JSON."""
    data = json.loads(text)
    for name in ("not_before", "not_after"):
        data[name] = datetime.fromisoformat(data[name]) if data[name] else None
    data["accounts"] = tuple(data["accounts"])
    data["media"] = tuple(Media(**media) for media in data["media"])
    return Post(**data)


def read_report(text: str) -> Report:
    """`models.Report` back from its JSON."""
    data = json.loads(text)
    flags = tuple(Flag(**flag) for flag in data["flags"])
    return Report(**{**data, "flags": flags, "not_checked": tuple(data["not_checked"])})


def publication(row: PublicationRow, revision: int) -> Publication:
    """A publication as a value."""
    return Publication(
        id=row.id or 0, draft_id=row.draft_id, revision=revision, account=row.account, state=row.state, due_at=row.due_at,
        wall_time=row.wall_time, zone=row.zone, remote_id=row.remote_id, error=row.error, attempts=row.attempts,
    )  # fmt: skip


def person_flag(row: PersonFlagRow) -> PersonFlag:
    """A person's flag as a value: an error until it is withdrawn or its wording is gone."""
    flag = Flag(
        check="person", category=row.category, level="error", start=row.start, end=row.end, quote=row.quote,
        message=row.message or f"{row.actor} flagged this.", why=f"flagged by {row.actor}", rule=f"person.{row.id}",
    )  # fmt: skip
    return PersonFlag(row.id or 0, flag, row.actor, row.created_at)


def history(store: Store, draft_id: int) -> list[audit.Entry]:
    """What was done to a draft and its publications, oldest first."""
    draft = get_draft(store, draft_id)
    subjects = [f"draft:{draft_id}", *(f"publication:{p.id}" for p in draft.publications)]
    entries = [entry for subject in subjects for entry in audit.entries(store, subject=subject)]
    return sorted(entries, key=lambda entry: entry.seq)


def used_keys(store: Store) -> set[tuple[str, str | None, str]]:
    """(figure, template, language) of every draft on a figure."""
    with store.read() as session:
        found = session.exec(select(DraftRow.insight_id, DraftRow.template, DraftRow.lang)).all()
    return {(figure, template, lang) for figure, template, lang in found if figure is not None}


def written_before(store: Store) -> list[tuple[str | None, str | None, str, str, datetime | None]]:
    """Figure, template, language, text and first publication of every draft, oldest first: what a new one must not repeat."""
    with store.read() as session:
        published = dict(
            session.exec(
                select(PublicationRow.draft_id, func.min(PublicationRow.due_at))
                .where(col(PublicationRow.state).in_(("published", "unknown", "withdrawn")))
                .group_by(col(PublicationRow.draft_id))
            ).all()
        )
        drafts = session.exec(select(DraftRow).order_by(col(DraftRow.id))).all()
        texts = {number: json.loads(post)["text"] for number, post, _ in _newest(session, DRAFT_STATES)}
        return [
            (one.insight_id, one.template, one.lang, texts.get(one.id or 0, ""), published.get(one.id or 0))
            for one in drafts
        ]


def figures_before(store: Store, source: str) -> list[tuple[Insight, bool]]:
    """The figures of a source that drafts were made of, each with whether a post on it went out (or may have)."""
    with store.read() as session:
        out = session.exec(
            select(DraftRow.insight_id)
            .join(PublicationRow, col(PublicationRow.draft_id) == DraftRow.id)
            .where(col(PublicationRow.state).in_(("published", "unknown", "withdrawn")))
        ).all()
        payloads = session.exec(select(InsightRow.payload).where(InsightRow.source == source)).all()
    told = [Insight.from_json(json.loads(payload)) for payload in payloads]
    return [(one, one.id in out) for one in told]


def never_told(store: Store) -> set[str]:
    """The figures of which a person said: never."""
    with store.read() as session:
        return set(session.exec(select(InsightRow.id).where(col(InsightRow.never_at).is_not(None))).all())


def drafts_about(store: Store, figures: Sequence[str], languages: Sequence[str]) -> list[Draft]:
    """The drafts on some figures in some languages, in the figures' order."""
    with store.read() as session:
        rows = _among(session, DraftRow, DraftRow.insight_id, figures)
        place = {figure: at for at, figure in enumerate(figures)}
        rows = [row for row in rows if row.lang in languages]
        rows.sort(key=lambda row: (place[row.insight_id or ""], languages.index(row.lang), row.id or 0))
        return drafts_in(session, [row.id or 0 for row in rows], store.now())


def recent_texts(store: Store) -> list[str]:
    """The newest texts that are approved, queued or published: what a new one must not repeat."""
    kept = ("approved", "queued", "claimed", "on_wire", "published", "unknown", "held")
    with store.read() as session:
        ids = [i for i, state in _listed(store, "all", None, "") if state in kept][-RECENT_TEXTS:]
        return [draft.post.text for draft in drafts_in(session, ids, store.now())]


def told_posts(
    session: Session, now: datetime, about: Insight | None = None, *, beside: int | None = None
) -> list[Draft]:
    """Every draft but one that went out or may, with its figure: what another number may differ from by few.

    `about`: only those on the same measure, and those of which no figure is stored.
    """
    out = select(PublicationRow.draft_id).where(col(PublicationRow.state).in_(_TOLD))
    query = (
        select(DraftRow.id)
        .join(InsightRow, col(InsightRow.id) == DraftRow.insight_id, isouter=True)
        .where((col(DraftRow.state) == "approved") | col(DraftRow.id).in_(out), col(DraftRow.id) != (beside or 0))
        .order_by(col(DraftRow.id))
    )
    if about is not None:
        same = (col(InsightRow.source) == about.source) & (col(InsightRow.measure) == about.measure)
        query = query.where(same | col(DraftRow.insight_id).is_(None))
    return drafts_in(session, [number for number in session.exec(query).all() if number is not None], now)


_TOLD = (
    "queued",
    "claimed",
    "on_wire",
    "published",
    "unknown",
    "held",
    "missed",
    "withdrawn",
)  # what was read is known


def rejected_texts(store: Store) -> list[Rejected]:
    """The newest drafts that are rejected, each with its reason: what a new one is compared with."""
    with store.read() as session:
        query = select(DraftRow.id).where(DraftRow.state == "rejected").order_by(col(DraftRow.id).desc())
        ids = [number for number in session.exec(query.limit(RECENT_TEXTS)).all() if number is not None]
        reasons = _reasons(session) if ids else {}
        return [_rejected(draft, reasons.get(draft.id, "")) for draft in drafts_in(session, ids, store.now())]


def _reasons(session: Session) -> dict[int, str]:
    """Why each draft was rejected, the last time."""
    query = select(AuditRow.subject, AuditRow.payload).where(AuditRow.action == "reject").order_by(col(AuditRow.seq))
    told = {subject: str(json.loads(payload)["details"].get("reason", "")) for subject, payload in session.exec(query)}
    return {int(subject.removeprefix("draft:")): why for subject, why in told.items() if subject.startswith("draft:")}


def _rejected(draft: Draft, reason: str) -> Rejected:
    titles = tuple(str(fact.value) for fact in (draft.insight.facts if draft.insight else ()) if fact.unit == "title")
    return Rejected(draft.id, draft.post.text, draft.post.lang, reason, titles)
