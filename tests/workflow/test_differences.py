"""Two drafts that are harmless each, until one of them is approved: then the other gives a few people away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.checks import Told
from assistant.errors import Refused
from assistant.models import Candidate, Fact
from assistant.store.reading import told_posts
from assistant.workflow import approve, edit, reject
from workflow.bench import Bench, a_figure

TEXT = "“Harbour Lights” had {:,} viewers."


def _candidate(people: int, where: dict[str, str], text: str = TEXT) -> Candidate:
    figure = replace(
        a_figure(f"{people}"), measure="viewers", unit="viewers", value=people, people=people, counts="people", where=where,
        facts=(Fact("value", people, "viewers"), Fact("subject", "Harbour Lights", "title")),
    )  # fmt: skip
    return Candidate(
        text.format(people),
        lang="en",
        insight=figure,
        template=f"t{people}",
        facts=figure.facts,
        people=people,
        counts="people",
    )


def _two(bench: Bench) -> tuple[int, int]:
    """Drafts on 1,204 viewers, and on 1,197 of them in France."""
    whole, part = bench.save(_candidate(1204, {}), _candidate(1197, {"country": "France"}))
    return whole, part


def test_the_second_of_two_that_differ_by_seven_is_refused(bench: Bench) -> None:
    """Both pass while neither is approved; after the first, in either order, the other is refused, and says by which."""
    whole, part = _two(bench)
    assert not bench.get(whole).flags
    assert not bench.get(part).flags
    approve(bench.reviewer, whole)
    with pytest.raises(Refused, match=r"1,204 viewers.*group of 7"):
        approve(bench.reviewer, part)
    assert bench.state(part) == "pending"


def test_a_rejected_post_gives_nothing_away(sqlite_bench: Bench) -> None:
    """What does not go out cannot be subtracted."""
    whole, part = _two(sqlite_bench)
    reject(sqlite_bench.reviewer, whole, reason="dull")
    approve(sqlite_bench.reviewer, part)
    assert sqlite_bench.state(part) == "approved"


def test_an_edit_is_checked_against_what_is_out(sqlite_bench: Bench) -> None:
    """The new words get the flag; rounded, they lose it and may be approved."""
    whole, part = _two(sqlite_bench)
    approve(sqlite_bench.reviewer, whole)
    edit(sqlite_bench.reviewer, part, text="In France “Harbour Lights” had 1,197 viewers.")
    assert [flag.rule for flag in sqlite_bench.get(part).flags if flag.hard] == ["disclosure.differencing"]
    edit(sqlite_bench.reviewer, part, text="In France “Harbour Lights” had more than 1,150 viewers.")
    approve(sqlite_bench.reviewer, part)
    assert sqlite_bench.state(part) == "approved"


def test_what_was_told_is_told_with_its_figure(bench: Bench) -> None:
    """Approved and published posts on the same measure, without the one asked about; a withdrawn one was read already."""
    whole, part = _two(bench)
    other = bench.queued(state="withdrawn")
    approve(bench.reviewer, whole)
    with bench.store.read() as session:
        everything = told_posts(session, bench.store.now())
        same = told_posts(session, bench.store.now(), bench.get(part).insight)
        assert told_posts(session, bench.store.now(), bench.get(part).insight, beside=whole) == []
    assert [draft.id for draft in everything] == [whole, other]
    assert [Told.of(draft).insight for draft in same] == [bench.get(whole).insight]
