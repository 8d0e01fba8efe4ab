"""Flags: wording that a person will not let out, as long as it stands there."""

from __future__ import annotations

import pytest

from assistant.errors import Refused, UsageError
from assistant.models import CATEGORIES
from assistant.workflow import approve, draft_ids, edit, flag, unflag
from workflow.bench import CLEAN, Bench

NEW = "“Harbour Lights” took 4,123 hours. Well done."


def test_a_persons_flag_refuses_until_it_is_withdrawn(bench: Bench) -> None:
    """And the refusal names the wording and who flagged it."""
    draft_id = bench.draft()
    flag(bench.reviewer, draft_id, quote="Worth every one", category="house")
    with pytest.raises(Refused, match="“Worth every one” by ines"):
        approve(bench.reviewer, draft_id, acknowledge=["person.1"], reason="never mind")
    unflag(bench.reviewer, draft_id)
    assert approve(bench.reviewer, draft_id).after == "approved"


def test_flags_follow_their_wording(bench: Bench) -> None:
    """Gone: closed. Still there: open, where it stands now. Come back: open again."""
    draft_id = bench.draft()
    flag(bench.reviewer, draft_id, quote="Worth every one", category="house")
    flag(bench.reviewer, draft_id, quote="hours", category="house")
    edit(bench.reviewer, draft_id, text=NEW)
    (left,) = bench.get(draft_id).person_flags
    assert (left.flag.quote, NEW[left.flag.start : left.flag.end]) == ("hours", "hours")
    with pytest.raises(Refused, match="hours"):
        approve(bench.reviewer, draft_id)
    edit(bench.reviewer, draft_id, text="Well! " + CLEAN)
    found = bench.get(draft_id).person_flags
    assert [("Well! " + CLEAN)[one.flag.start : one.flag.end] for one in found] == ["Worth every one", "hours"]


def test_a_withdrawn_flag_stays_withdrawn(bench: Bench) -> None:
    """Only a flag that an edit closed comes back with its words."""
    draft_id = bench.draft()
    flag(bench.reviewer, draft_id, quote="hours", category="house")
    unflag(bench.reviewer, draft_id)
    edit(bench.reviewer, draft_id, text=NEW)
    assert bench.get(draft_id).person_flags == ()


def test_the_nearest_of_several_equal_wordings_stays_flagged(sqlite_bench: Bench) -> None:
    """Words in front move a flag along; it does not jump to the first of the kind."""
    bench, text = sqlite_bench, "more and more and more of it"
    draft_id = bench.draft(text)
    flag(bench.reviewer, draft_id, start=18, end=22, category="house")
    edit(bench.reviewer, draft_id, text="Oh, " + text)
    assert bench.get(draft_id).person_flags[0].flag.start == 22


def test_a_flag_by_its_words_or_by_its_place(bench: Bench) -> None:
    """Places are code points: an emoji before them is one."""
    text = "🎉👍🏽 « Été » : déjà 4 123 heures, 🎉 déjà."
    draft_id = bench.draft(text, lang="fr")
    at = text.rindex("déjà")
    flag(bench.reviewer, draft_id, quote="déjà", category="house")
    flag(bench.reviewer, draft_id, start=at, end=at + 4, category="house", message="twice")
    first, second = (one.flag for one in bench.get(draft_id).person_flags)
    assert (first.start, first.quote) == (text.index("déjà"), "déjà")
    assert (second.start, second.end, second.quote, second.message) == (at, at + 4, "déjà", "twice")
    assert bench.get(draft_id).verdict == "block"


@pytest.mark.parametrize(
    "where",
    [
        {"quote": "nowhere"}, {"quote": ""}, {"quote": None}, {"start": 3}, {"end": 3}, {"start": 3, "end": 3},
        {"start": 5, "end": 2}, {"start": -1, "end": 4}, {"start": 0, "end": 10_000}, {"quote": "\udcff"}, {"quote": "a\0"},
    ],
)  # fmt: skip
def test_a_wording_that_is_not_there_cannot_be_flagged(sqlite_bench: Bench, where: dict[str, object]) -> None:
    """Not by words that the draft does not say, not by a place that it does not have."""
    bench = sqlite_bench
    draft_id = bench.draft()
    with pytest.raises(UsageError) as caught:
        flag(bench.reviewer, draft_id, category="house", **where)  # type: ignore[arg-type]
    assert caught.value.remedy
    assert bench.get(draft_id).person_flags == ()


def test_a_category_that_is_none_names_those_that_are(bench: Bench) -> None:
    """Every one that there is can be used."""
    draft_id = bench.draft()
    with pytest.raises(UsageError, match="'rude'") as caught:
        flag(bench.reviewer, draft_id, quote="hours", category="rude")
    assert all(category in caught.value.remedy for category in CATEGORIES)
    for category in CATEGORIES:
        flag(bench.reviewer, draft_id, quote="hours", category=category)
    assert [one.flag.category for one in bench.get(draft_id).person_flags] == list(CATEGORIES)


def test_a_flag_takes_the_approval_back_and_cancels_what_was_queued(bench: Bench) -> None:
    """The draft is pending again, where people look, and cannot be approved before the flag is gone."""
    draft_id = bench.queued()
    assert flag(bench.reviewer, draft_id, quote="hours", category="house").before == "queued"
    draft = bench.get(draft_id)
    assert (draft.state, draft.decision, draft.publications[0].state) == ("pending", "pending", "cancelled")
    assert draft_ids(bench.store) == [draft_id]
    assert bench.approvals()[0].revoked_at == bench.clock.now
    assert bench.last_actions(2) == ["cancel", "flag"]
    unflag(bench.reviewer, draft_id)
    approve(bench.reviewer, draft_id)
    assert bench.state(draft_id) == "approved"


def test_the_same_words_looked_at_anew_keep_their_report(bench: Bench) -> None:
    """After a flag on what was queued the new revision says the same and was checked by the same rules."""
    draft_id = bench.queued()
    before = bench.get(draft_id)
    flag(bench.reviewer, draft_id, quote="hours", category="house")
    after = bench.get(draft_id)
    assert (after.revision, after.post, after.report) == (before.revision + 1, before.post, before.report)


def test_unflag_withdraws_the_latest_or_the_one_named(bench: Bench) -> None:
    """And says so where there is none."""
    draft_id = bench.draft()
    first, second, third = (
        int(flag(bench.reviewer, draft_id, quote=quote, category="house").details["flag"])
        for quote in ("hours", "week", "Worth")
    )
    unflag(bench.reviewer, draft_id, flag_id=first)
    unflag(bench.reviewer, draft_id)
    assert [one.id for one in bench.get(draft_id).person_flags] == [second]
    for flag_id in (third, 99, 10**30):
        with pytest.raises(UsageError, match="no such open flag"):
            unflag(bench.reviewer, draft_id, flag_id=flag_id)
    unflag(bench.reviewer, draft_id)
    with pytest.raises(UsageError, match="no such open flag"):
        unflag(bench.reviewer, draft_id)
