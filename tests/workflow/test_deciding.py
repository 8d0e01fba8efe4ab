"""Decisions on a draft's words: edit, approve, reject, snooze, restore."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from assistant.errors import Refused, UsageError
from assistant.models import Candidate
from assistant.workflow import (
    approve,
    cancel,
    draft_ids,
    edit,
    flag,
    never_told,
    queue,
    reject,
    resolve,
    restore,
    snooze,
)  # fmt: skip
from workflow.bench import CLEAN, FRENCH, HARD, SOFT, TWICE_SOFT, Bench, a_candidate, refused

NEW = "“Harbour Lights” took 4,123 hours. Well done."
TOO_LATE = ("claimed", "on_wire", "published", "unknown", "withdrawn")


def test_a_hard_flag_refuses_whatever_is_acknowledged(bench: Bench) -> None:
    """A number that rests on nothing goes out by nobody's word, and nothing is written."""
    draft_id = bench.draft(HARD)
    rules = [found.rule for found in bench.get(draft_id).report.flags]
    before = len(bench.entries())
    for acknowledged in ((), rules):
        with pytest.raises(Refused, match=r"figure\.number") as caught:
            approve(bench.reviewer, draft_id, acknowledge=acknowledged, reason="I know")
        assert caught.value.remedy
    assert (bench.state(draft_id), len(bench.entries()), bench.approvals()) == ("pending", before, [])


def test_an_approval_is_of_the_revision_that_was_seen(bench: Bench) -> None:
    """Whoever read the first text does not approve the second."""
    draft_id = bench.draft(CLEAN)
    seen = bench.get(draft_id).revision
    edit(bench.reviewer, draft_id, text=NEW)
    with pytest.raises(Refused, match="changed meanwhile"):
        approve(bench.reviewer, draft_id, revision=seen)
    approve(bench.reviewer, draft_id, revision=seen + 1)


def test_what_is_acknowledged_stands_on_the_draft(bench: Bench) -> None:
    """A rule that flags nothing there is refused by name, and those that do are named; nothing is written."""
    draft_id, clean = bench.draft(SOFT), bench.draft(CLEAN)
    rules = list(dict.fromkeys(found.rule for found in bench.get(draft_id).report.flags))
    for one, given, there in ((draft_id, [*rules, "en.Helth"], rules[0]), (clean, ["en.Helth"], "has none")):
        with pytest.raises(Refused, match=r"rule en\.Helth") as caught:
            approve(bench.reviewer, one, acknowledge=given, reason="seen")
        assert there in caught.value.remedy
    assert (bench.state(draft_id), bench.state(clean), bench.approvals()) == ("pending", "pending", [])


@pytest.mark.parametrize("text", [SOFT, TWICE_SOFT])
def test_each_soft_flag_is_acknowledged_with_a_reason(bench: Bench, text: str) -> None:
    """Each rule once, a warning like an error; the remedy is what has to be typed."""
    draft_id = bench.draft(text)
    rules = list(dict.fromkeys(found.rule for found in bench.get(draft_id).report.flags))
    with pytest.raises(Refused, match="nobody acknowledged") as caught:
        approve(bench.reviewer, draft_id, acknowledge=rules[1:], reason="a quotation")
    assert f"--acknowledge {rules[0]}" in caught.value.remedy
    with pytest.raises(Refused, match="reason"):
        approve(bench.reviewer, draft_id, acknowledge=rules, reason="  ")
    approve(bench.reviewer, draft_id, acknowledge=rules, reason="a quotation")
    (approval,) = bench.approvals()
    assert (json.loads(approval.acknowledged), approval.reason) == (sorted(rules), "a quotation")


def test_an_approval_keeps_what_was_approved_and_by_which_rules(bench: Bench) -> None:
    """The hash of the whole post, the hash of the rules, who and when; in the trail too."""
    draft_id = bench.approved()
    (approval,) = bench.approvals()
    post, checker = bench.get(draft_id).post, bench.reviewer.checker
    assert (approval.sha, approval.policy_hash) == (post.sha, checker.policy_hash)
    assert (approval.actor, approval.created_at, approval.revoked_at) == ("ines", bench.clock.now, None)
    told = json.loads(bench.entries()[-1].payload)["details"]
    assert (told["sha"], told["policy"]) == (post.sha, checker.policy_hash)


def test_approving_for_other_accounts_makes_another_revision(bench: Bench) -> None:
    """What is approved is the whole post; the same accounts again are the same post."""
    bench = bench.with_accounts(practice={}, second={})
    draft_id, same = bench.draft(), bench.draft()
    approve(bench.reviewer, draft_id, accounts=["second", "second"])
    approve(bench.reviewer, same, accounts=["practice", "second"])
    draft = bench.get(draft_id)
    assert (draft.revision, draft.post.accounts, bench.get(same).revision) == (2, ("second",), 1)
    assert draft.report == bench.reviewer.checker(a_candidate())
    assert [approval.sha for approval in bench.approvals()] == [draft.post.sha, bench.get(same).post.sha]


@pytest.mark.parametrize("accounts", [["nowhere"], ["practice", "nowhere"], []])
def test_an_account_that_is_not_there_is_a_usage_error(bench: Bench, accounts: list[str]) -> None:
    """The remedy names those that are; the draft stays as it was."""
    draft_id = bench.draft()
    with pytest.raises(UsageError) as caught:
        approve(bench.reviewer, draft_id, accounts=accounts)
    assert "practice" in caught.value.remedy
    assert (bench.get(draft_id).revision, bench.state(draft_id)) == (1, "pending")


def test_only_what_is_pending_can_be_approved(bench: Bench) -> None:
    """Not twice, not what was rejected, put off, or grew too old; each says what to do."""
    approved, rejected, snoozed = bench.approved(), bench.draft(), bench.draft()
    reject(bench.reviewer, rejected, reason="no")
    snooze(bench.reviewer, snoozed)
    expired = bench.with_shelf_life(timedelta(days=7)).draft()
    bench.clock.forward(hours=7 * 24)
    snooze(bench.reviewer, bench.draft())
    for draft_id, state in ((approved, "approved"), (rejected, "rejected"), (expired, "expired")):
        with pytest.raises(Refused, match=state) as caught:
            approve(bench.reviewer, draft_id)
        assert caught.value.remedy
    assert len(bench.approvals()) == 1
    assert approve(bench.reviewer, snoozed).after == "approved", "its time has passed"


def test_an_edit_is_another_revision_and_is_checked_anew(bench: Bench) -> None:
    """Approval revoked, what was queued cancelled, the report that of the new words."""
    draft_id = bench.queued()
    decision = edit(bench.reviewer, draft_id, text=SOFT)
    draft = bench.get(draft_id)
    assert (draft.revision, draft.post.text, draft.state, draft.verdict) == (2, SOFT, "pending", "warn")
    assert [publication.state for publication in draft.publications] == ["cancelled"]
    (approval,) = bench.approvals()
    assert (approval.revoked_by, approval.revoked_why) == ("ines", "the text was edited")
    assert (decision.details["old"], decision.details["text"], decision.details["verdict"]) == (CLEAN, SOFT, "warn")
    assert bench.last_actions(2) == ["cancel", "edit"]


def test_an_edit_may_state_only_what_the_figure_does(bench: Bench) -> None:
    """The checks still know the figure: a number that rests on nothing is a hard flag."""
    draft_id = bench.draft()
    edit(bench.reviewer, draft_id, text=HARD)
    assert [found.rule for found in bench.get(draft_id).flags if found.hard] == ["figure.number"]
    edit(bench.reviewer, draft_id, text=NEW)
    assert bench.get(draft_id).verdict == "pass"


def test_an_edit_is_compared_with_what_was_told_but_not_with_itself(bench: Bench) -> None:
    """Its own earlier words are no repetition; another's are."""
    bench.queued("“Harbour Lights” took 4,123 hours of this very long and lovely winter week.", state="published")
    draft_id = bench.draft()
    edit(bench.reviewer, draft_id, text=CLEAN + " All.")
    assert "repeat" not in {found.category for found in bench.get(draft_id).flags}
    edit(bench.reviewer, draft_id, text="“Harbour Lights” took 4,123 hours of this very long and lovely winter week!")
    assert "repeat" in {found.category for found in bench.get(draft_id).flags}


def test_the_same_text_is_no_edit(bench: Bench) -> None:
    """An approval is not lost by saving what was there."""
    draft_id = bench.approved()
    with pytest.raises(UsageError, match="same"):
        edit(bench.reviewer, draft_id, text=CLEAN)
    assert bench.state(draft_id) == "approved"


@pytest.mark.parametrize("state", TOO_LATE)
def test_what_is_on_its_way_or_out_is_decided_no_more(bench: Bench, state: str) -> None:
    """Not edited, flagged, rejected or restored; the remedy says what is left."""
    draft_id = bench.queued(state=state)
    before = len(bench.entries())
    refused(
        Refused,
        state,
        lambda: edit(bench.reviewer, draft_id, text=NEW),
        lambda: flag(bench.reviewer, draft_id, quote="hours", category="house"),
        lambda: reject(bench.reviewer, draft_id, reason="no"),
        lambda: reject(bench.reviewer, draft_id, reason="no", figure=True),
        lambda: restore(bench.reviewer, draft_id),
    )
    assert (bench.state(draft_id), len(bench.entries()), never_told(bench.store)) == (state, before, set())


def test_a_rejection_needs_a_reason(bench: Bench) -> None:
    """And keeps it in the trail."""
    draft_id = bench.queued()
    for reason in ("", "  \n"):
        with pytest.raises(UsageError, match="reason"):
            reject(bench.reviewer, draft_id, reason=reason)
    reject(bench.reviewer, draft_id, reason="not funny")
    assert (bench.state(draft_id), bench.publication(draft_id).state) == ("rejected", "cancelled")
    assert json.loads(bench.entries()[-1].payload)["details"]["reason"] == "not funny"
    assert never_told(bench.store) == set()


def test_rejecting_the_figure_rejects_its_other_drafts(bench: Bench) -> None:
    """In every language and wording, queued or approved; each with its own entry; others are left alone."""
    french, english = bench.draft(FRENCH, lang="fr", key="a"), bench.draft(key="a")
    queued = bench.queued(key="a", template="record.two")
    other, out = bench.draft(key="b"), bench.queued(key="a", template="record.three", state="published")
    decision = reject(bench.reviewer, english, reason="private", figure=True)
    assert decision.details["siblings"] == [french, queued]
    states = [bench.state(i) for i in (french, english, queued, other, out)]
    assert states == ["rejected", "rejected", "rejected", "pending", "published"]
    assert bench.publication(queued).state == "cancelled"
    assert never_told(bench.store) == {"figure-a"}
    assert bench.last_actions(4) == ["reject", "cancel", "reject", "reject"]


def test_restore_takes_a_figures_never_back(bench: Bench) -> None:
    """It may be told again; its other drafts are restored one by one."""
    english, french = bench.draft(key="a"), bench.draft(FRENCH, lang="fr", key="a")
    reject(bench.reviewer, english, reason="private", figure=True)
    restore(bench.reviewer, french)
    assert never_told(bench.store) == set()
    assert (bench.state(english), bench.state(french)) == ("rejected", "pending")


def test_a_draft_without_a_figure_has_none_to_reject(bench: Bench) -> None:
    """`--figure` is refused, and the draft is not rejected by half."""
    (draft_id,) = bench.save(Candidate(text="A quiet week.", lang="en"))
    with pytest.raises(UsageError, match="no figure"):
        reject(bench.reviewer, draft_id, reason="no", figure=True)
    assert bench.state(draft_id) == "pending"


def test_what_was_rejected_is_not_revived_by_the_way(bench: Bench) -> None:
    """Flagging or editing it is refused: restoring it is a decision of its own."""
    draft_id = bench.draft()
    reject(bench.reviewer, draft_id, reason="no")
    refused(
        Refused,
        "rejected",
        lambda: flag(bench.reviewer, draft_id, quote="hours", category="house"),
        lambda: edit(bench.reviewer, draft_id, text=NEW),
        lambda: snooze(bench.reviewer, draft_id),
        lambda: queue(bench.reviewer, draft_id),
    )
    assert bench.state(draft_id) == "rejected"


@pytest.mark.parametrize(
    "state", ["rejected", "snoozed", "approved", "queued", "held", "missed", "failed", "cancelled"]
)
def test_restore_brings_a_draft_back_to_where_people_look(bench: Bench, state: str) -> None:
    """Approval revoked, what waited cancelled, the draft listed as pending."""
    if state in ("rejected", "snoozed"):
        draft_id = bench.draft()
        reject(bench.reviewer, draft_id, reason="no") if state == "rejected" else snooze(bench.reviewer, draft_id)
    else:
        draft_id = bench.approved() if state == "approved" else bench.queued(state=state)
    assert restore(bench.reviewer, draft_id).before == state
    assert draft_ids(bench.store) == [draft_id]
    assert bench.get(draft_id).decision == "pending"
    assert all(approval.revoked_at for approval in bench.approvals())
    assert all(publication.state == "cancelled" for publication in bench.get(draft_id).publications)
    with pytest.raises(Refused, match="pending already"):
        restore(bench.reviewer, draft_id)


def test_snooze_takes_an_instant_to_come(bench: Bench) -> None:
    """Not one that is over, not one without a zone; and only what is pending can be put off."""
    draft_id = bench.draft()
    for until in (bench.clock.now, bench.clock.now - timedelta(days=1), datetime(2030, 1, 1)):  # noqa: DTZ001
        with pytest.raises(UsageError, match="no time to come"):
            snooze(bench.reviewer, draft_id, until=until)
    snooze(bench.reviewer, draft_id, until=bench.clock.now + timedelta(minutes=1))
    for other in (draft_id, bench.approved(), bench.queued()):
        with pytest.raises(Refused, match="only a pending one"):
            snooze(bench.reviewer, other)


@pytest.mark.parametrize("text", ["half \ud83d of one", "bytes \udcff", "a NUL \0"])
def test_words_that_no_database_keeps_are_refused(bench: Bench, text: str) -> None:
    """A byte that is no UTF-8 on the command line is an answer, not a traceback."""
    draft_id, unknown = bench.draft(), bench.publication(bench.queued(state="unknown")).id
    before = len(bench.entries())
    refused(
        UsageError,
        "cannot be kept",
        lambda: edit(bench.reviewer, draft_id, text=text),
        lambda: flag(bench.reviewer, draft_id, quote="hours", category="house", message=text),
        lambda: approve(bench.reviewer, draft_id, reason=text),
        lambda: approve(bench.reviewer, draft_id, acknowledge=[text], reason="so"),
        lambda: reject(bench.reviewer, draft_id, reason=text),
        lambda: resolve(bench.reviewer, unknown, as_="published", remote_id=text),
        lambda: draft_ids(bench.store, lang=text),
    )
    assert len(bench.entries()) == before
    assert draft_ids(bench.store, search=text) == []


def test_a_cancelled_draft_keeps_its_approval(bench: Bench) -> None:
    """It is shown as cancelled, and may be queued again."""
    draft_id = bench.queued()
    cancel(bench.reviewer, draft_id)
    assert (bench.state(draft_id), bench.get(draft_id).decision) == ("cancelled", "approved")
    assert bench.approvals()[0].revoked_at is None
