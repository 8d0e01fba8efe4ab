"""Keeping drafts: idempotent, with what was used and what is never told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.errors import StoreError
from assistant.models import Candidate
from assistant.workflow import drafts_about, get_draft, never_told, recent_texts, reject, save_drafts, used_keys
from workflow.bench import CLEAN, FRENCH, SOFT, Bench, a_candidate, a_figure


def test_the_same_figure_template_and_language_are_kept_once(bench: Bench) -> None:
    """A second run makes only what is new: another language, another template, another figure."""
    first = bench.save(a_candidate())
    assert bench.save(a_candidate(), a_candidate(SOFT)) == []
    others = bench.save(
        a_candidate(FRENCH, "fr"), a_candidate(template="record.two"), a_candidate(key="b"), a_candidate(key="b")
    )
    assert (len(first), len(others)) == (1, 3)
    assert bench.last_actions(4) == ["draft"] * 4


def test_words_without_a_figure_are_always_new(bench: Bench) -> None:
    """Two drafts that rest on nothing are two drafts, and no key."""
    plain = Candidate(text="A quiet week.", lang="en")
    assert len(bench.save(plain, plain)) == 2
    assert used_keys(bench.store) == set()


def test_used_keys_name_figure_template_and_language(bench: Bench) -> None:
    """What a later run leaves out."""
    bench.save(a_candidate(), a_candidate(FRENCH, "fr"))
    assert used_keys(bench.store) == {("figure-a", "record.one", "en"), ("figure-a", "record.one", "fr")}


def test_a_draft_comes_back_as_it_was_saved(bench: Bench) -> None:
    """Text, figure, report, accounts: nothing is lost on the way through the database."""
    candidate = a_candidate(SOFT)
    draft = bench.get(bench.save(candidate)[0])
    assert (draft.post.text, draft.template, draft.insight) == (SOFT, "record.one", a_figure())
    assert draft.report == bench.reviewer.checker(candidate)
    assert draft.post.accounts == ("practice",)


def test_a_figure_that_a_person_never_wants_is_not_drafted_again(bench: Bench) -> None:
    """Not even by a run that had read the figures before the rejection."""
    draft_id = bench.draft(key="a")
    reject(bench.reviewer, draft_id, reason="private", figure=True)
    assert never_told(bench.store) == {"figure-a"}
    assert bench.save(a_candidate(FRENCH, "fr"), a_candidate(template="record.two")) == []


def test_a_draft_without_a_language_is_a_fault_and_leaves_nothing(bench: Bench) -> None:
    """The whole run is one transaction."""
    good, bad = a_candidate(), Candidate(text="?")
    with pytest.raises(ValueError, match="language"):
        bench.save(good, bad)
    assert bench.entries() == []


def test_a_hostile_title_does_not_stop_the_run(bench: Bench) -> None:
    """A NUL, which PostgreSQL keeps in no text, costs one character and not the other drafts."""
    made = bench.save(a_candidate(subject="Har\0bour"), a_candidate(key="b"))
    assert len(made) == 2


@pytest.mark.parametrize(("shelf_life", "days"), [("default", 28), (timedelta(days=7), 7), (timedelta(hours=2), 1)])
def test_the_window_ends_with_the_shelf_life(sqlite_bench: Bench, shelf_life: timedelta | str, days: int) -> None:
    """Four periods unless the source says otherwise, a day at least, from the end of the last day told."""
    bench = sqlite_bench.with_shelf_life(shelf_life)
    ends = bench.get(bench.draft()).post.not_after
    assert ends == datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC) + timedelta(days=days)


def test_a_source_without_a_shelf_life_gives_no_window(sqlite_bench: Bench) -> None:
    """`shelf_life: none` is for ever."""
    assert sqlite_bench.get(sqlite_bench.draft()).post.not_after is None


def test_drafts_about_figures_come_in_the_figures_order(bench: Bench) -> None:
    """Best figure first, then the languages in the order asked."""
    bench.save(a_candidate(FRENCH, "fr"), a_candidate(), a_candidate(key="b"))
    found = drafts_about(bench.store, ["figure-b", "figure-a"], ["en", "fr"])
    assert [(d.insight and d.insight.id, d.post.lang) for d in found] == [
        ("figure-b", "en"), ("figure-a", "en"), ("figure-a", "fr"),
    ]  # fmt: skip


def test_recent_texts_are_those_that_went_out_or_may(bench: Bench) -> None:
    """What is only pending or rejected does not count as told."""
    bench.draft("“Harbour Lights” took 4,123 hours: pending.")
    reject(bench.reviewer, bench.draft("“Harbour Lights” took 4,123 hours: rejected."), reason="no")
    bench.approved("“Harbour Lights” took 4,123 hours: approved.")
    bench.queued("“Harbour Lights” took 4,123 hours: out.", state="published")
    assert [text.split(": ")[1] for text in recent_texts(bench.store)] == ["approved.", "out."]


def test_a_store_that_is_gone_is_told_in_words(sqlite_bench: Bench) -> None:
    """Not a database's exception."""
    bench = sqlite_bench
    with bench.store.write() as session:
        session.connection().exec_driver_sql("DROP TABLE person_flag")
    with pytest.raises(StoreError) as caught:
        get_draft(bench.store, bench.draft(CLEAN))
    assert caught.value.remedy


def test_saving_nothing_writes_nothing(bench: Bench) -> None:
    """An empty run leaves no entry."""
    assert save_drafts(bench.store, bench.reviewer.config, [], "machine") == []
    assert bench.entries() == []
