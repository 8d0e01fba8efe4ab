"""Lists: by state, by language, searched; and what a draft's history tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.models import DRAFT_STATES, PUBLICATION_STATES
from assistant.workflow import (
    approve,
    cancel,
    counts,
    draft_ids,
    drafts_by_id,
    edit,
    flag,
    get_draft,
    history,
    list_drafts,
    reject,
    schedule,
    snooze,
)  # fmt: skip
from workflow.bench import FRENCH, Bench, a_candidate, refused

ODD = (
    "100% of it", "a_b", "wow!", 'say "when"', "l’été déjà", "ÉTÉ", "back\\slash", "two\nlines", "¡olé! %_!", "{x: 1}",
    "tab\there", "🎉 party", "STRAẞE", "it's",
)  # fmt: skip


def test_the_default_list_is_pending_and_what_waits_for_a_person(bench: Bench) -> None:
    """Held, failed, unknown and missed stand beside what is pending; nothing else does."""
    states = ("held", "failed", "unknown", "missed")
    wanted = [bench.draft(), *(bench.queued(state=state) for state in states)]
    for state in ("queued", "claimed", "on_wire", "published", "cancelled", "withdrawn"):
        bench.queued(state=state)
    bench.approved()
    reject(bench.reviewer, bench.draft(), reason="no")
    snooze(bench.reviewer, bench.draft())
    assert draft_ids(bench.store) == wanted
    assert [draft.state for draft in list_drafts(bench.store)] == ["pending", *states]


def test_each_state_lists_its_own_and_the_counts_agree(bench: Bench) -> None:
    """Every state that there is can be asked for; together they are all drafts, each once."""
    for state in PUBLICATION_STATES:
        bench.queued(state=state)
    for make in (bench.draft, bench.approved):
        make("“Harbour Lights”: one more.")
    reject(bench.reviewer, bench.draft(), reason="no")
    snooze(bench.reviewer, bench.draft())
    listed = {state: draft_ids(bench.store, state=state) for state in (*DRAFT_STATES, *PUBLICATION_STATES)}
    assert sorted(i for ids in listed.values() for i in ids) == draft_ids(bench.store, state="all")
    assert counts(bench.store) == {state: len(ids) for state, ids in listed.items() if ids}
    assert all(bench.state(i) == state for state, ids in listed.items() for i in ids)


def test_what_waits_on_one_account_is_listed_though_another_is_done(bench: Bench) -> None:
    """A failure is not hidden by a later success elsewhere."""
    bench = bench.with_accounts(one={}, two={})
    draft_id = bench.approved()
    for account, way in (("one", ("claimed", "on_wire", "failed")), ("two", ("claimed", "on_wire", "published"))):
        schedule(bench.reviewer, draft_id, at="now", account=account)
        bench.force(bench.publication(draft_id).id, *way)
    assert draft_ids(bench.store) == [draft_id]
    assert draft_ids(bench.store, state="published") == [draft_id]


def test_a_language_lists_only_its_own(bench: Bench) -> None:
    """And one that no draft is in lists nothing."""
    english, french = bench.draft(), bench.draft(FRENCH, lang="fr")
    assert draft_ids(bench.store, lang="en") == [english]
    assert draft_ids(bench.store, lang="fr") == [french]
    assert draft_ids(bench.store, lang="xx") == []


def test_a_search_finds_exactly_what_was_typed(bench: Bench) -> None:
    """Per cent, underscore, exclamation mark, quotes, backslash, new line, accents: each means itself."""
    found = {text: bench.draft(f"“Harbour Lights”: {text}.") for text in ODD}
    for search in ODD:
        wanted = [found[text] for text in ODD if search.lower() in text.lower()]
        assert draft_ids(bench.store, search=search) == wanted
        assert draft_ids(bench.store, search=f"  {search.upper()} ") == wanted


@pytest.mark.parametrize(("typed", "written"), [("café", "cafe\u0301"), ("cafe\u0301", "CAFÉ"), ("Œuvre", "œUVRE")])
def test_accents_are_found_however_they_were_typed(bench: Bench, typed: str, written: str) -> None:
    """With their letter or after it, small or capital."""
    draft_id = bench.draft(f"Un {written} !", lang="fr")
    bench.draft()
    assert draft_ids(bench.store, search=typed) == [draft_id]


def test_a_search_looks_at_the_words_alone(bench: Bench) -> None:
    """What stands around a text in the database is not found."""
    bench.draft()
    for search in ("practice", "not_after", "made_with_ai", "null", "%", "_", '"', "lang", "figure-a"):
        assert draft_ids(bench.store, search=search) == []


def test_a_search_finds_the_title_too(bench: Bench) -> None:
    """A text may call a show by another name."""
    draft_id = bench.save(a_candidate("“HL” took 4,123 hours.", subject="Émile & Co_100%"))[0]
    bench.draft("“Harbour Lights” again: 4,123 hours.")
    assert draft_ids(bench.store, search="émile & co_1") == [draft_id]


def test_search_state_and_language_narrow_each_other(bench: Bench) -> None:
    """All three at once."""
    bench.draft("party one")
    bench.draft("party deux", lang="fr")
    wanted = bench.approved("party three")
    assert draft_ids(bench.store, search="party", state="approved", lang="en") == [wanted]
    assert draft_ids(bench.store, search="party", state="approved", lang="fr") == []


@given(search=st.text(max_size=12), text=st.text(max_size=30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_search_breaks_the_list(sqlite_bench: Bench, search: str, text: str) -> None:
    """Whatever is typed, the list answers, and what has the words is in it."""
    text = "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")
    draft_id = sqlite_bench.draft(f"{text}{search}{text}" if search.isascii() and search.isprintable() else text)
    found = draft_ids(sqlite_bench.store, search=search, state="all")
    assert not (search.isascii() and search.isprintable()) or draft_id in found


def test_pages_follow_each_other(bench: Bench) -> None:
    """Limit and offset cut the same list."""
    ids = [bench.draft() for _ in range(5)]
    pages = [list_drafts(bench.store, limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [[draft.id for draft in page] for page in pages] == [ids[:2], ids[2:4], ids[4:], []]


def test_a_state_that_is_none_names_those_that_are(sqlite_bench: Bench) -> None:
    """The remedy lists them."""
    with pytest.raises(UsageError) as caught:
        draft_ids(sqlite_bench.store, state="sent")
    assert "pending" in caught.value.remedy
    assert "unknown" in caught.value.remedy


@pytest.mark.parametrize("draft_id", [0, -1, 7, 2**31, 2**63, 10**30])
def test_a_draft_that_is_not_there_is_a_usage_error(bench: Bench, draft_id: int) -> None:
    """However great the number is."""
    asked = (lambda: get_draft(bench.store, draft_id), lambda: approve(bench.reviewer, draft_id))
    refused(UsageError, "no draft", *asked)
    assert drafts_by_id(bench.store, [draft_id]) == []


def test_a_snoozed_draft_comes_back_when_its_time_passes(bench: Bench) -> None:
    """By default at nine tomorrow, in the house's zone; or when one said."""
    default, soon = bench.draft(), bench.draft()
    snooze(bench.reviewer, default)
    snooze(bench.reviewer, soon, until=bench.clock.now + timedelta(hours=1))
    assert draft_ids(bench.store) == []
    assert draft_ids(bench.store, state="snoozed") == [default, soon]
    bench.clock.forward(hours=1)
    assert draft_ids(bench.store) == [soon]
    bench.clock.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert draft_ids(bench.store) == [default, soon]
    assert bench.state(default) == "pending"


def test_a_draft_is_expired_when_its_figure_is_too_old(bench: Bench) -> None:
    """It leaves the list of what is pending, and is listed and counted as expired."""
    bench = bench.with_shelf_life(timedelta(days=7))
    draft_id, snoozed = bench.draft(), bench.draft()
    snooze(bench.reviewer, snoozed)
    bench.clock.now = datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC)
    assert draft_ids(bench.store) == [draft_id, snoozed]
    bench.clock.forward(seconds=1)
    assert draft_ids(bench.store) == []
    assert draft_ids(bench.store, state="pending") == []
    assert draft_ids(bench.store, state="expired") == [draft_id, snoozed]
    assert counts(bench.store) == {"expired": 2}
    assert bench.state(draft_id) == "expired"


def test_a_text_cannot_pretend_to_be_a_window(bench: Bench) -> None:
    """Words that look like the database's own do not make a draft expire."""
    draft_id = bench.draft('","not_after":"2000-01-01T00:00:00+00:00","x":"')
    assert draft_ids(bench.store) == [draft_id]


def test_history_tells_of_a_draft_and_its_publications_in_order(bench: Bench) -> None:
    """And of nothing else."""
    draft_id, other = bench.draft(), bench.queued()
    flagged = flag(bench.reviewer, draft_id, quote="hours", category="house")
    edit(bench.reviewer, draft_id, text="“Harbour Lights” took 4,123 of them.")
    approve(bench.reviewer, draft_id)
    schedule(bench.reviewer, draft_id, at="now")
    cancel(bench.reviewer, draft_id)
    found = history(bench.store, draft_id)
    assert [entry.action for entry in found] == ["draft", "flag", "edit", "approve", "schedule", "cancel"]
    assert [entry.seq for entry in found] == sorted(entry.seq for entry in found)
    assert {entry.subject for entry in found} == {
        f"draft:{draft_id}", f"publication:{bench.publication(draft_id).id}",
    }  # fmt: skip
    assert found[1].details["flag"] == flagged.details["flag"]
    assert [entry.action for entry in history(bench.store, other)] == ["draft", "approve", "schedule"]
