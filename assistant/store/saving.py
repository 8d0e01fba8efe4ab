"""Checked candidates → drafts in the store. Idempotent by figure, template and language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlmodel import Session, select

from assistant.config import Config
from assistant.models import Candidate, Insight, Post, Report, Span, canonical_json
from assistant.store import audit
from assistant.store.door import Store
from assistant.store.tables import DraftRow, InsightRow, ReportRow, RevisionRow

PERIODS_TOLD = 4  # the default shelf life
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31}


def save_drafts(
    store: Store, config: Config, checked: Sequence[tuple[Candidate, Report]], actor: str, *, policy_hash: str = ""
) -> list[int]:
    """Keep candidates with their reports, in one transaction; the ids of those that were new."""
    made = []
    with store.write() as session:
        now = store.now()
        for candidate, report in checked:
            if candidate.lang is None:
                raise ValueError("a draft has a language")
            draft_id = _save(session, config, candidate, report, actor, now, policy_hash)
            if draft_id is not None:
                made.append(draft_id)
    return made


def _save(session: Session, config: Config, candidate: Candidate, report: Report, actor: str, now: datetime,
          policy_hash: str) -> int | None:  # fmt: skip
    lang = candidate.lang or ""
    insight = _keep_insight(session, candidate, now) if candidate.insight else None
    if insight is not None and (insight.never_at or _is_there(session, insight.id, candidate.template, lang)):
        return None
    ends = min(filter(None, (tell_until(config, candidate.insight), candidate.until)), default=None)
    draft = DraftRow(
        insight_id=insight.id if insight else None, template=candidate.template, lang=lang, created_at=now, tell_until=ends
    )  # fmt: skip
    session.add(draft)
    session.flush()
    post = Post(
        text=candidate.text,
        lang=lang,
        accounts=config.accounts_for(lang),
        not_after=ends,
    )
    add_revision(session, draft, post, report, actor, now, policy_hash, candidate.spans)
    details = {
        "before": "",
        "after": "pending",
        "template": candidate.template,
        "verdict": report.verdict,
        "sha": post.sha,
    }
    audit.append(session, actor=actor, action="draft", subject=f"draft:{draft.id}", details=details, at=now)
    return draft.id


def add_revision(session: Session, draft: DraftRow, post: Post, report: Report, actor: str, now: datetime, policy_hash: str,
                 spans: Sequence[Span] = ()) -> RevisionRow:  # fmt: skip
    """The draft's revision `draft.number`, with what the checks said of it and which characters rest on which fact."""
    row = RevisionRow(
        draft_id=draft.id or 0, number=draft.number, sha=post.sha, post=canonical_json(post),
        weighted_length=report.weighted_length, actor=actor, created_at=now, spans=canonical_json(spans),
    )  # fmt: skip
    session.add(row)
    session.flush()
    add_report(session, row, report, now, policy_hash)
    return row


def add_report(session: Session, revision: RevisionRow, report: Report, now: datetime, policy_hash: str) -> None:
    """What the checks say of a revision; the newest counts."""
    row = ReportRow(
        revision_id=revision.id or 0, verdict=report.verdict, policy_hash=policy_hash, payload=canonical_json(report),
        created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()


def _is_there(session: Session, insight_id: str, template: str | None, lang: str) -> bool:
    query = select(DraftRow.id).where(
        DraftRow.insight_id == insight_id, DraftRow.template == template, DraftRow.lang == lang
    )
    return session.exec(query).first() is not None


def _keep_insight(session: Session, candidate: Candidate, now: datetime) -> InsightRow:
    """The figure with every fact that a text may state, those that the wording derived included."""
    insight = candidate.insight
    assert insight is not None  # noqa: S101 (the caller asked)
    whole = replace(insight, facts=candidate.facts or insight.facts)
    row = session.get(InsightRow, insight.id)
    if row is None:
        subject = insight.subject.replace("\0", "\ufffd") if insight.subject else None  # PostgreSQL keeps no NUL
        row = InsightRow(
            id=insight.id, kind=insight.kind, source=insight.source, measure=insight.measure, subject=subject,
            payload=json.dumps(whole.to_json(), ensure_ascii=False), created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
    else:
        _add_facts(session, row, whole)
    return row


def _add_facts(session: Session, row: InsightRow, whole: Insight) -> None:
    """A wording of today may state what was not derived yet when the figure was first kept."""
    kept = json.loads(row.payload)
    known = {fact["name"] for fact in kept["facts"]}
    new = [fact for fact in whole.to_json()["facts"] if fact["name"] not in known]
    if new:
        row.payload = json.dumps({**kept, "facts": [*kept["facts"], *new]}, ensure_ascii=False)
        session.add(row)
        session.flush()


def tell_until(config: Config, insight: Insight | None) -> datetime | None:
    """The end of a figure's shelf life: the last instant at which a post on it may go out."""
    source = config.sources.get(insight.source) if insight else None
    if insight is None or source is None or source.shelf_life is None:
        return None
    default = timedelta(days=PERIODS_TOLD * _DAYS[insight.every])
    shelf = default if source.shelf_life == "default" else source.shelf_life
    day = insight.end.date() if isinstance(insight.end, datetime) else insight.end
    return datetime.combine(day, time(23, 59, 59), tzinfo=config.zone()) + max(shelf, timedelta(days=1))
