"""The kill switch, and a person's word on what no machine can know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.errors import Refused, UsageError
from assistant.store import queries
from assistant.store.tables import PublicationRow
from assistant.workflow import pause, queue, resolve, resume
from workflow.bench import Bench

PAUSED = "paused: `assistant resume` lifts it"
SCOPES: tuple[dict[str, Any], ...] = ({}, {"account": "one"}, {"title": "Harbour Lights"})


@pytest.fixture
def bench_of_two(bench: Bench) -> Bench:
    """A house with two accounts."""
    return bench.with_accounts(one={}, two={})


def is_free(bench: Bench, draft_id: int) -> bool:
    """Whether no pause stands in a publication's way."""
    with bench.store.read() as session:
        return bool(queries.rows(session, queries.IS_FREE, id=bench.publication(draft_id).id)[0][0])


def held(bench: Bench, account: str = "one", error: str = PAUSED, **more: Any) -> int:
    """A draft whose publication the publisher held."""
    draft_id = bench.queued(account=account, **more)
    bench.force(bench.publication(draft_id).id, "held", error=error)
    return draft_id


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pause_stands_in_the_way_of_what_it_names(bench_of_two: Bench, scope: dict[str, Any]) -> None:
    """Of everything, an account's posts or a title's; of nothing any more once it is lifted."""
    bench = bench_of_two
    mine = bench.queued(account="one")
    other = bench.queued(account="two", subject="Night Owls")
    decision = pause(bench.reviewer, **scope, reason="breaking news")
    assert (is_free(bench, mine), is_free(bench, other)) == (False, bool(scope))
    assert (decision.action, decision.after, decision.reason) == ("pause", "paused", "breaking news")
    resume(bench.reviewer, **scope)
    assert is_free(bench, mine)
    assert bench.last_actions(2) == ["pause", "resume"]
    assert json.loads(bench.entries()[-2].payload)["details"]["reason"] == "breaking news"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pause_is_there_once(bench_of_two: Bench, scope: dict[str, Any]) -> None:
    """A second is refused, and so is lifting what is not there; scopes do not touch each other."""
    bench = bench_of_two
    pause(bench.reviewer, **scope)
    before = len(bench.entries())
    with pytest.raises(Refused, match="paused already") as caught:
        pause(bench.reviewer, **scope)
    assert caught.value.remedy
    for other in SCOPES:
        if other != scope:
            with pytest.raises(Refused, match="not paused") as caught:
                resume(bench.reviewer, **other)
            assert caught.value.remedy
    assert len(bench.entries()) == before
    resume(bench.reviewer, **scope)
    pause(bench.reviewer, **scope)


@pytest.mark.parametrize(
    "scope",
    [{"account": "nowhere"}, {"account": "one", "title": "x"}, {"title": " "}, {"title": "\0"}, {"title": "\udcff"}],
)
def test_a_scope_that_cannot_be_is_a_usage_error(bench_of_two: Bench, scope: dict[str, Any]) -> None:
    """An account that is not there, both at once, a title of nothing: nothing is paused, least of all everything."""
    for verb in (pause, resume):
        with pytest.raises(UsageError) as caught:
            verb(bench_of_two.reviewer, **scope)
        assert caught.value.remedy
    assert bench_of_two.entries() == []


def test_what_a_pause_held_stays_held_until_somebody_looked(bench_of_two: Bench) -> None:
    """Lifting it gives nothing back by itself; a person gives back one by one."""
    bench = bench_of_two
    pause(bench.reviewer)
    draft_id = held(bench)
    assert resume(bench.reviewer).details["given_back"] == []
    assert bench.state(draft_id) == "held"
    queue(bench.reviewer, draft_id, account="one")
    assert bench.state(draft_id) == "queued"


def test_giving_all_back_needs_a_reason(bench_of_two: Bench) -> None:
    """Without one the pause stays."""
    bench = bench_of_two
    pause(bench.reviewer)
    for reason in ("", " \n"):
        with pytest.raises(UsageError, match="reason"):
            resume(bench.reviewer, all_held=True, reason=reason)
    with pytest.raises(Refused, match="paused already"):
        pause(bench.reviewer)


def test_all_gives_back_only_what_the_pause_held(bench_of_two: Bench) -> None:
    """Not what is held for another reason; each with its own entry, and due now in its own zone."""
    bench = bench_of_two
    mine, also = held(bench), held(bench, "two")
    broke = held(bench, error="no credits")
    pause(bench.reviewer)
    bench.clock.forward(hours=2)
    decision = resume(bench.reviewer, all_held=True, reason="seen them all")
    assert decision.details["given_back"] == [bench.publication(i).id for i in (mine, also)]
    assert [bench.state(i) for i in (mine, also, broke)] == ["queued", "queued", "held"]
    row = bench.row(bench.publication(mine).id)
    assert (row.due_at, row.wall_time, row.error) == (bench.clock.now, "2026-11-23 12:00", None)
    assert bench.last_actions(3) == ["requeue", "requeue", "resume"]


@pytest.mark.parametrize("scope", SCOPES[1:])
def test_all_gives_back_nothing_of_another_pause(bench_of_two: Bench, scope: dict[str, Any]) -> None:
    """What another one held stays held, though that was lifted before: nobody has looked at it yet."""
    bench = bench_of_two
    mine, elsewhere = held(bench), held(bench, "two", subject="Night Owls")
    pause(bench.reviewer, **scope)
    pause(bench.reviewer, account="two")
    resume(bench.reviewer, account="two")
    resume(bench.reviewer, **scope, all_held=True, reason="seen")
    assert (bench.state(mine), bench.state(elsewhere)) == ("queued", "held")


def test_what_two_pauses_hold_is_given_back_by_the_last(bench_of_two: Bench) -> None:
    """Lifting the first leaves it where it is."""
    bench = bench_of_two
    draft_id = held(bench)
    pause(bench.reviewer)
    pause(bench.reviewer, account="one")
    assert resume(bench.reviewer, all_held=True, reason="seen").details["given_back"] == []
    assert bench.state(draft_id) == "held"
    resume(bench.reviewer, account="one", all_held=True, reason="seen")
    assert bench.state(draft_id) == "queued"


def test_an_unknown_outcome_is_resolved_as_published(bench: Bench) -> None:
    """With the post's id, which no other publication may have."""
    draft_id, other = bench.queued(state="unknown"), bench.queued(state="unknown")
    first, second = (bench.publication(i).id for i in (draft_id, other))
    resolve(bench.reviewer, first, as_="published", remote_id=" 1700000000000000001 ")
    row = bench.row(first)
    assert (row.state, row.remote_id, row.retry_at) == ("published", "1700000000000000001", None)
    with pytest.raises(Refused, match="has the id 1700000000000000001") as caught:
        resolve(bench.reviewer, second, as_="published", remote_id="1700000000000000001")
    assert caught.value.remedy
    assert bench.state(other) == "unknown"
    assert bench.last_actions(1) == ["resolve"]


def test_an_unknown_outcome_is_resolved_as_not_there(bench: Bench) -> None:
    """It is queued again and waits for nothing; the trail keeps whose word it was."""
    draft_id = bench.queued(state="unknown")
    publication_id = bench.publication(draft_id).id
    with bench.store.write() as session:
        session.get_one(PublicationRow, publication_id).retry_at = bench.clock.now
    bench.clock.forward(hours=3)
    decision = resolve(bench.reviewer, publication_id, as_="not-there")
    row = bench.row(publication_id)
    assert (row.state, row.due_at, row.wall_time, row.retry_at) == ("queued", bench.clock.now, "2026-11-23 13:00", None)
    assert (decision.before, decision.after, bench.entries()[-1].actor) == ("unknown", "queued", "ines")


@pytest.mark.parametrize("remote_id", [None, "", "  "])
def test_published_needs_an_id(bench: Bench, remote_id: str | None) -> None:
    """Otherwise nobody could find the post again."""
    draft_id = bench.queued(state="unknown")
    with pytest.raises(UsageError, match="Which post"):
        resolve(bench.reviewer, bench.publication(draft_id).id, as_="published", remote_id=remote_id)
    assert bench.state(draft_id) == "unknown"


@pytest.mark.parametrize(
    "state", ["queued", "claimed", "on_wire", "published", "failed", "held", "missed", "cancelled", "withdrawn"]
)
def test_only_what_is_unknown_is_resolved(sqlite_bench: Bench, state: str) -> None:
    """A word cannot make a post published or send it again."""
    bench = sqlite_bench
    publication_id = bench.publication(bench.queued(state=state)).id
    for word, remote_id in (("published", "5"), ("not-there", None)):
        with pytest.raises(Refused, match="not unknown") as caught:
            resolve(bench.reviewer, publication_id, as_=word, remote_id=remote_id)  # type: ignore[arg-type]
        assert caught.value.remedy
    assert bench.row(publication_id).state == state


@pytest.mark.parametrize("word", ["", "not there", "Published", "queued"])
def test_a_word_that_is_none_sends_nothing_again(sqlite_bench: Bench, word: Any) -> None:
    """Only the two words that there are move anything."""
    bench = sqlite_bench
    draft_id = bench.queued(state="unknown")
    with pytest.raises(UsageError, match="no outcome"):
        resolve(bench.reviewer, bench.publication(draft_id).id, as_=word, remote_id="5")
    assert bench.state(draft_id) == "unknown"


@pytest.mark.parametrize("publication_id", [0, -1, 99, 2**31, 10**30])
def test_a_publication_that_is_not_there_is_a_usage_error(bench: Bench, publication_id: int) -> None:
    """However great the number is."""
    with pytest.raises(UsageError, match="no publication") as caught:
        resolve(bench.reviewer, publication_id, as_="not-there")
    assert caught.value.remedy
