"""Rules change while drafts wait: what is approved was checked by the rules that its approval names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlmodel import col, select

from assistant.checks import Checker
from assistant.errors import Refused
from assistant.store.tables import ApprovalRow, AuditRow, ReportRow
from assistant.workflow import approve, get_draft, restore
from workflow.bench import Bench, a_candidate, refused


def with_rules(bench: Bench, file: Path) -> Bench:
    """The same person in a house that now knows what Harbour Lights is about."""
    file.write_text("title,about,level,why\nHarbour Lights,tragedy,,A ferry sank.\n", encoding="utf-8")
    return replace(bench, reviewer=replace(bench.reviewer, checker=Checker(register=file)))


def checked_under(bench: Bench) -> list[str]:
    """The rules of each report, the oldest first."""
    with bench.store.read() as session:
        return list(session.exec(select(ReportRow.policy_hash).order_by(col(ReportRow.id))).all())


def test_an_approval_answers_for_the_rules_of_today(bench: Bench, tmp_path: Path) -> None:
    """What was harmless yesterday is refused under today's rules, shown with its new flags, and approved with a reason."""
    (draft_id,) = bench.save(a_candidate())
    assert get_draft(bench.store, draft_id).report.verdict == "pass"
    today = with_rules(bench, tmp_path / "titles.csv")
    refused(Refused, "is about tragedy", lambda: approve(today.reviewer, draft_id))
    assert [flag.rule for flag in get_draft(bench.store, draft_id).report.flags] == ["titles.about"]
    approve(today.reviewer, draft_id, acknowledge=["titles.about"], reason="the crew asked for it")
    with bench.store.read() as session:
        approval = session.exec(select(ApprovalRow)).one()
    assert approval.policy_hash == today.reviewer.checker.policy_hash == checked_under(bench)[-1]


def test_it_is_checked_anew_once_and_told_in_the_trail(bench: Bench, tmp_path: Path) -> None:
    """One more report and one entry, however often the approval is tried; none where the rules are the same."""
    (draft_id,) = bench.save(a_candidate())
    today = with_rules(bench, tmp_path / "titles.csv")
    for _ in range(3):
        refused(Refused, "is about tragedy", lambda: approve(today.reviewer, draft_id))
    assert len(checked_under(bench)) == 2
    with bench.store.read() as session:
        assert len(session.exec(select(AuditRow).where(AuditRow.action == "check")).all()) == 1


def test_a_revision_of_the_same_words_keeps_the_rules_it_was_checked_under(bench: Bench, tmp_path: Path) -> None:
    """Taking a queued draft back makes a revision, which nobody has checked by today's rules."""
    draft_id = bench.queued()
    today = with_rules(bench, tmp_path / "titles.csv")
    restore(today.reviewer, draft_id)
    assert today.reviewer.checker.policy_hash not in checked_under(bench)
    refused(Refused, "is about tragedy", lambda: approve(today.reviewer, draft_id))
