"""What became of an unknown post: one match is proof, absence never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.config import Config
from assistant.publish import publish_due, reconcile
from assistant.publish.network import Outcome, RemotePost
from assistant.publish.reconciling import as_written, folded, matches
from assistant.store import Store, audit
from publish.staging import Scripted, now_is, queued, remote
from workshop import MONDAY, Clock

UNKNOWN = Outcome("unknown", detail="read timed out")


@pytest.mark.parametrize(
    ("approved", "found"),
    [
        ("Tea & cake < pie", remote("Tea &amp; cake &lt; pie")),
        ("Écoutez", remote("E\u0301coutez")),
        ("Two\n\nlines", remote("Two lines")),
        ("See https://example.com/a now", RemotePost("1", "See https://t.co/x now", MONDAY, (("https://t.co/x", "https://example.com/a"),))),
        ("See example.com", RemotePost("1", "See https://t.co/x", MONDAY, (("https://t.co/x", "http://example.com/"),))),
        ("A picture", RemotePost("1", "A picture https://t.co/m", MONDAY, (("https://t.co/m", None),))),
    ],
)  # fmt: skip
def test_what_the_network_does_to_a_text_is_undone(approved: str, found: RemotePost) -> None:
    """Entities, normal forms, white space, shortened links and a trailing link to the post's own picture."""
    assert as_written(found) == folded(approved)


def test_other_words_are_no_match_and_an_owned_post_is_none_either() -> None:
    """Only the same words, and only a post that no other publication has."""
    timeline = [remote("Tea", "1"), remote("Tea!", "2"), remote("Tea", "3")]
    assert matches("Tea", timeline, {"3"}) == ["1"]


def test_one_match_makes_it_published(store: Store, config: Config) -> None:
    """The id found on the timeline is kept, and the trail has it."""
    one = queued(store, config, "Tea for two.")
    network = Scripted(answers=[UNKNOWN], timeline=[remote("Tea for two.", "321")])
    list(publish_due(config, store, networks={"practice": network}))
    assert [p.state for p in reconcile(config, store, networks={"practice": network})] == ["published"]
    assert now_is(store, one).remote_id == "321"
    assert audit.verify(store).ok


@pytest.mark.parametrize("timeline", [[], [remote("Tea.", "1"), remote("Tea.", "2")]], ids=["none", "two"])
def test_no_match_or_more_than_one_stays_with_a_person(
    store: Store, config: Config, timeline: list[RemotePost]
) -> None:
    """Absence is never proof, and two candidates are none."""
    one = queued(store, config, "Tea.")
    network = Scripted(answers=[UNKNOWN], timeline=timeline)
    list(publish_due(config, store, networks={"practice": network}))
    for _ in range(3):
        assert [p.state for p in reconcile(config, store, networks={"practice": network})] == ["unknown"]
    now = now_is(store, one)
    assert (now.state, len(network.sent)) == ("unknown", 1)
    assert (now.error or "").count("looked:") == 1


def test_publish_looks_by_itself_after_1_5_15_and_60_minutes(sqlite_store: Store, config: Config, clock: Clock) -> None:
    """Each look is one reading of the timeline; after an hour only a person asks again."""
    queued(sqlite_store, config, "Tea.")
    looks = []

    class Looked(Scripted):
        def recent(self, since: object) -> list[RemotePost]:
            looks.append(clock.now - MONDAY)
            return []

    network = Looked(answers=[UNKNOWN])
    for _ in range(75):
        list(publish_due(config, sqlite_store, networks={"practice": network}))
        clock.forward(minutes=1)
    assert looks == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
