"""Undo: every decision on a draft turned back by another, which the trail keeps too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assistant.errors import Refused, UsageError
from assistant.reviewed import Decision
from assistant.store import audit
from assistant.workflow import (
    approve,
    cancel,
    edit,
    flag,
    never_told,
    pause,
    queue,
    reject,
    restore,
    schedule,
    snooze,
    undo,
    unflag,
)  # fmt: skip
from workflow.bench import CLEAN, FRENCH, Bench
from workshop import MONDAY

NEW = "“Harbour Lights” took 4,123 hours. Well done."


def test_a_flag_is_undone_by_its_own_withdrawal(bench: Bench) -> None:
    """That one and no other; the approval that it took back does not come back by itself."""
    draft_id = bench.queued()
    first = flag(bench.reviewer, draft_id, quote="hours", category="house")
    flag(bench.reviewer, draft_id, quote="week", category="house")
    assert undo(bench.reviewer, first).action == "unflag"
    assert [one.flag.quote for one in bench.get(draft_id).person_flags] == ["week"]
    assert bench.state(draft_id) == "pending"


def test_a_withdrawn_flag_stands_again_where_it_stood(bench: Bench) -> None:
    """With its place among equal words, its category and its message; or on its words, where the text has moved."""
    text = "hours and hours and hours"
    draft_id = bench.draft(text)
    flag(bench.reviewer, draft_id, start=10, end=15, category="grief", message="too soon")
    undo(bench.reviewer, unflag(bench.reviewer, draft_id))
    found = bench.get(draft_id).person_flags[0].flag
    assert (found.start, found.end, found.category, found.message) == (10, 15, "grief", "too soon")
    withdrawn = unflag(bench.reviewer, draft_id)
    edit(bench.reviewer, draft_id, text="So many hours")
    undo(bench.reviewer, withdrawn)
    assert bench.get(draft_id).person_flags[0].flag.start == 8


def test_an_edit_is_undone_by_the_old_words(bench: Bench) -> None:
    """As another revision; flags whose words come back are open again, so that nothing slips through."""
    draft_id = bench.draft()
    flag(bench.reviewer, draft_id, quote="Worth", category="house")
    decision = edit(bench.reviewer, draft_id, text=NEW)
    assert bench.get(draft_id).person_flags == ()
    undo(bench.reviewer, decision)
    draft = bench.get(draft_id)
    assert (draft.revision, draft.post.text, [one.flag.quote for one in draft.person_flags]) == (3, CLEAN, ["Worth"])
    with pytest.raises(Refused, match="Worth"):
        approve(bench.reviewer, draft_id)


def test_an_edit_that_was_edited_since_is_not_undone(bench: Bench) -> None:
    """Another's words are not thrown away."""
    draft_id = bench.draft()
    decision = edit(bench.reviewer, draft_id, text=NEW)
    edit(bench.reviewer, draft_id, text=NEW + " Again.")
    with pytest.raises(Refused, match="changed again") as caught:
        undo(bench.reviewer, decision)
    assert caught.value.remedy
    assert bench.get(draft_id).post.text == NEW + " Again."


def test_approval_rejection_and_snooze_are_undone_to_pending(bench: Bench) -> None:
    """An approval with what was queued by it."""
    approved, rejected, snoozed = bench.draft(), bench.draft(), bench.draft()
    decisions = (
        approve(bench.reviewer, approved),
        reject(bench.reviewer, rejected, reason="no"),
        snooze(bench.reviewer, snoozed),
    )
    queue(bench.reviewer, approved)
    assert [undo(bench.reviewer, decision).action for decision in decisions] == ["restore"] * 3
    assert [bench.state(i) for i in (approved, rejected, snoozed)] == ["pending"] * 3


def test_a_decision_that_was_overtaken_is_not_undone(bench: Bench) -> None:
    """Undoing an approval does not take back the rejection that came after it."""
    draft_id = bench.draft()
    approval = approve(bench.reviewer, draft_id)
    reject(bench.reviewer, draft_id, reason="no")
    with pytest.raises(Refused, match="rejected by now") as caught:
        undo(bench.reviewer, approval)
    assert caught.value.remedy
    snoozed = snooze(bench.reviewer, bench.draft())
    bench.clock.forward(days=2)
    with pytest.raises(Refused, match="pending by now"):
        undo(bench.reviewer, snoozed)


def test_a_rejected_figure_comes_back_with_its_drafts(bench: Bench) -> None:
    """Those that the same decision rejected, and no others."""
    english, french = bench.draft(key="a"), bench.draft(FRENCH, lang="fr", key="a")
    before = bench.draft(key="a", template="record.two")
    reject(bench.reviewer, before, reason="dull")
    undo(bench.reviewer, reject(bench.reviewer, english, reason="private", figure=True))
    assert [bench.state(i) for i in (english, french, before)] == ["pending", "pending", "rejected"]
    assert never_told(bench.store) == set()


def test_queueing_is_undone_on_its_account_alone(bench: Bench) -> None:
    """What is queued elsewhere stays; what was claimed in the meantime cannot be undone."""
    bench = bench.with_accounts(one={}, two={}, three={})
    draft_id = bench.approved()
    queue(bench.reviewer, draft_id, account="one")
    second = schedule(bench.reviewer, draft_id, at="20:45", account="two")
    third = queue(bench.reviewer, draft_id, account="three")
    bench.force(bench.publication(draft_id).id, "claimed")
    assert undo(bench.reviewer, second).action == "cancel"
    assert [p.state for p in bench.get(draft_id).publications] == ["queued", "cancelled", "claimed"]
    with pytest.raises(Refused, match="claimed") as caught:
        undo(bench.reviewer, third)
    assert caught.value.remedy


@pytest.mark.parametrize("fold", [0, 1])
def test_a_cancel_is_undone_on_every_account_at_the_same_instants(bench: Bench, fold: int) -> None:
    """With wall time, zone and fold as they were."""
    bench = bench.with_accounts(one={}, two={"timezone": "Asia/Tokyo"})
    draft_id = bench.approved()
    schedule(bench.reviewer, draft_id, at="2027-10-31 02:30", tz="Europe/Paris", account="one", fold=fold)
    schedule(bench.reviewer, draft_id, at="20:45", account="two")
    before = [bench.row(p.id) for p in bench.get(draft_id).publications]
    undo(bench.reviewer, cancel(bench.reviewer, draft_id))
    after = [bench.row(p.id) for p in bench.get(draft_id).publications][2:]
    kept = ("account", "due_at", "wall_time", "zone", "fold", "sha")
    assert [[getattr(row, name) for name in kept] for row in after] == [
        [getattr(row, name) for name in kept] for row in before
    ]
    assert {row.state for row in after} == {"queued"}


def test_a_cancel_that_came_too_long_ago_is_not_undone(bench: Bench) -> None:
    """Its time is over: a person names another."""
    draft_id = bench.queued()
    decision = cancel(bench.reviewer, draft_id)
    bench.clock.forward(hours=1)
    with pytest.raises(UsageError, match="is over"):
        undo(bench.reviewer, decision)


@pytest.mark.parametrize("state", ["held", "missed", "failed"])
def test_what_waited_for_a_person_is_not_queued_by_an_undo(bench: Bench, state: str) -> None:
    """Cancelling it is undone by a decision of its own."""
    draft_id = bench.queued(state=state)
    decision = cancel(bench.reviewer, draft_id)
    with pytest.raises(Refused, match=f"was {state}, not queued") as caught:
        undo(bench.reviewer, decision)
    assert caught.value.remedy


def test_what_cannot_be_undone_says_so(bench: Bench) -> None:
    """A restore, a pause, a word on an unknown outcome."""
    draft_id = bench.approved()
    for decision in (restore(bench.reviewer, draft_id), pause(bench.reviewer)):
        with pytest.raises(Refused, match="cannot be undone") as caught:
            undo(bench.reviewer, replace(decision))
        assert caught.value.remedy


def test_an_undo_leaves_its_own_entries(bench: Bench) -> None:
    """Nothing is taken out of the trail: each undo is a decision that stands behind what it undid."""
    draft_id = bench.draft()
    steps: tuple[Callable[[], Decision], ...] = (
        lambda: flag(bench.reviewer, draft_id, quote="hours", category="house"),
        lambda: edit(bench.reviewer, draft_id, text=NEW),
        lambda: reject(bench.reviewer, draft_id, reason="no"),
        lambda: snooze(bench.reviewer, draft_id),
        lambda: approve(bench.reviewer, draft_id),
    )
    for step in steps:
        undo(bench.reviewer, step())
    approve(bench.reviewer, draft_id)
    undo(bench.reviewer, queue(bench.reviewer, draft_id))
    undo(bench.reviewer, schedule(bench.reviewer, draft_id, at="now"))
    assert [entry.action for entry in audit.entries(bench.store)] == [
        "draft", "flag", "unflag", "edit", "edit", "reject", "restore", "snooze", "restore", "approve", "restore", "approve",
        "queue", "cancel", "schedule", "cancel",
    ]  # fmt: skip
    assert audit.verify(bench.store).ok


def test_an_undone_cancel_keeps_the_clock_of_the_zone(bench: Bench) -> None:
    """Scheduled in another zone than the account's, it is still told in that one."""
    draft_id = bench.approved()
    schedule(bench.reviewer, draft_id, at="20:45", tz="Asia/Tokyo")
    undo(bench.reviewer, cancel(bench.reviewer, draft_id))
    row = bench.row(bench.publication(draft_id).id)
    assert (row.wall_time, row.zone, row.due_at) == ("2026-11-23 20:45", "Asia/Tokyo", _tokyo(MONDAY))


def _tokyo(now: datetime) -> datetime:
    return now + timedelta(hours=1, minutes=45)
