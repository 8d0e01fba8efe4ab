"""The road of one publication: claim, wire, settle, and what stops it on the way. On SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from assistant.config import Config
from assistant.errors import CredentialsError, StoreError, UsageError
from assistant.publish import publish_due, reconcile, sending, waiting, watch_due, withdraw
from assistant.publish.network import Outcome
from assistant.reviewed import Publication
from assistant.store import Store, audit
from assistant.store.tables import AttemptRow
from assistant.workflow import (
    approve,
    edit,
    get_draft,
    list_drafts,
    pause,
    queue,
    reject,
    resolve,
    resume,
    schedule,
)
from publish.staging import Scripted, a_draft, now_is, queued, remote, reviewer_of
from workshop import Clock


def run(config: Config, store: Store, network: Scripted, **options: Any) -> list[Publication]:
    """One run of `publish` on the practice account."""
    return list(publish_due(config, store, networks={"practice": network}, **options))


def with_rules(config: Config, **rules: Any) -> Config:
    """The same config with other rules for publishing."""
    return config.model_copy(update={"publish": config.publish.model_copy(update=rules)})


def actions(store: Store, publication: Publication) -> list[str]:
    """What the trail has of a publication."""
    return [entry.action for entry in audit.entries(store, subject=f"publication:{publication.id}")]


def test_a_due_post_is_sent_once_byte_for_byte(store: Store, config: Config) -> None:
    """What was approved reaches the network as it stands; the next run sends nothing; the trail has each step."""
    network, one = Scripted(), queued(store, config, "Tea & biscuits, 100 % “bliss” 🎉")
    assert [p.state for p in run(config, store, network)] == ["published"]
    assert run(config, store, network) == []
    assert network.sent == ["Tea & biscuits, 100 % “bliss” 🎉"]
    assert now_is(store, one).remote_id == "9001"
    assert actions(store, one) == ["schedule", "claim", "wire", "settle"]
    assert audit.verify(store).ok


def test_what_is_not_due_yet_waits(store: Store, config: Config, clock: Clock) -> None:
    """A post goes out at its time and not before."""
    network = Scripted()
    queued(store, config, at="11:00")
    assert run(config, store, network) == []
    clock.forward(hours=1)
    assert [p.state for p in run(config, store, network)] == ["published"]


def test_posts_go_out_in_the_order_of_their_times(store: Store, config: Config, clock: Clock) -> None:
    """The earliest first."""
    network = Scripted()
    queued(store, config, "second", at="10:20")
    queued(store, config, "first", at="10:10")
    clock.forward(minutes=25)
    run(config, store, network)
    assert network.sent == ["first", "second"]


def test_later_than_its_grace_a_post_is_missed(store: Store, config: Config, clock: Clock) -> None:
    """After an outage nothing bursts out; a person gives a missed post back or not."""
    network, one = Scripted(), queued(store, config)
    clock.forward(minutes=31)
    assert [(p.state, waiting(store)) for p in run(config, store, network)] == [("missed", 1)]
    assert network.sent == []
    schedule(reviewer_of(store, config), one.draft_id, at="now")
    assert [p.state for p in run(config, store, network)] == ["published"]


OUTCOMES: Mapping[str, Outcome] = {
    "failed": Outcome("failed", detail="Forbidden: no"),
    "unknown": Outcome("unknown", detail="read timed out"),
    "held": Outcome("held", detail="no credits"),
}


@pytest.mark.parametrize("state", OUTCOMES)
def test_what_did_not_go_well_waits_for_a_person(store: Store, config: Config, clock: Clock, state: str) -> None:
    """Failed, unknown and held stay so, run after run, and are never sent again by a machine."""
    network, one = Scripted(answers=[OUTCOMES[state]]), queued(store, config)
    run(config, store, network)
    for _ in range(5):
        clock.forward(minutes=20)
        run(config, store, network)
    now = now_is(store, one)
    assert (now.state, waiting(store), len(network.sent)) == (state, 1, 1)
    assert OUTCOMES[state].detail in (now.error or "")
    assert [draft.id for draft in list_drafts(store)] == [one.draft_id]
    assert audit.verify(store).ok


def test_an_exception_after_the_wire_is_an_unknown(store: Store, config: Config) -> None:
    """Whatever a network raises, the post may be live."""
    one = queued(store, config)
    assert [p.state for p in run(config, store, Scripted(answers=[ZeroDivisionError()]))] == ["unknown"]
    assert "ZeroDivisionError" in (now_is(store, one).error or "")


def test_ctrl_c_while_a_post_is_on_the_wire_leaves_it_unknown(store: Store, config: Config) -> None:
    """The interruption goes on, and the store knows what it interrupted."""
    one = queued(store, config)
    with pytest.raises(KeyboardInterrupt):
        run(config, store, Scripted(answers=[KeyboardInterrupt()]))
    assert now_is(store, one).state == "unknown"


def test_proven_unsent_is_tried_again_inside_the_grace(store: Store, config: Config, clock: Clock) -> None:
    """A refused connection is tried again after a growing pause; each try is an attempt of its own."""
    network, one = Scripted(answers=[Outcome("not sent", detail="connection refused")] * 2), queued(store, config)
    states = []
    for _ in range(4):
        states += [p.state for p in run(config, store, network)]
        clock.forward(seconds=61)
    assert states == ["queued", "queued", "published"]
    with store.read() as session:
        outcomes = session.exec(select(AttemptRow.outcome).order_by("fence")).all()
    assert outcomes == ["not sent", "not sent", "published"]
    assert now_is(store, one).attempts == 3


def test_a_rate_limit_rests_the_whole_account(store: Store, config: Config, clock: Clock) -> None:
    """After a 429 nothing on that account is tried before the network's own reset time."""
    limit = Outcome("not sent", detail="429", retry_at=clock.now + timedelta(minutes=15))
    network = Scripted(answers=[limit])
    queued(store, config), queued(store, config)
    run(config, store, network)
    assert len(network.sent) == 1
    clock.forward(minutes=14)
    run(config, store, network)
    assert len(network.sent) == 1
    clock.forward(minutes=2)
    assert [p.state for p in run(config, store, network)] == ["published", "published"]


def test_a_duplicate_is_failed_at_first_and_a_sign_of_life_after_an_unknown(
    store: Store, config: Config, clock: Clock
) -> None:
    """403 duplicate: the first time it failed; after an unknown try it says that the earlier one is live."""
    duplicate = Outcome("failed", detail="duplicate content", duplicate=True)
    first = queued(store, config)
    run(config, store, Scripted(answers=[duplicate]))
    assert now_is(store, first).state == "failed"
    second = queued(store, config, "The same words.")
    run(config, store, Scripted(answers=[Outcome("unknown", detail="timeout")]))
    resolve(reviewer_of(store, config), second.id, as_="not-there")
    run(config, store, Scripted(answers=[duplicate]))
    assert now_is(store, second).state == "unknown"
    clock.forward(seconds=30)
    found = Scripted(timeline=[remote("The same words.", at=clock.now)])
    assert [p.state for p in reconcile(config, store, networks={"practice": found})] == ["published"]


def test_an_id_that_another_post_has_is_not_believed(store: Store, config: Config) -> None:
    """A network that answers twice with the same id has told nothing."""
    same = Outcome("published", remote_id="5")
    queued(store, config), queued(store, config)
    assert [p.state for p in run(config, store, Scripted(answers=[same, same]))] == ["published", "unknown"]


def test_a_pause_holds_and_resume_gives_nothing_back_unseen(store: Store, config: Config) -> None:
    """What a pause held stays held until a person gives it back, one by one or all with a reason."""
    network, one, reviewer = Scripted(), queued(store, config), reviewer_of(store, config)
    pause(reviewer, reason="news")
    assert [p.state for p in run(config, store, network)] == ["held"]
    resume(reviewer)
    assert run(config, store, network) == []
    queue(reviewer, one.draft_id)
    assert [p.state for p in run(config, store, network)] == ["published"]


def test_a_pause_in_the_last_moment_holds_at_the_wire(store: Store, config: Config) -> None:
    """Between claim and wire a pause still counts: nothing is sent."""
    one, network, reviewer = queued(store, config), Scripted(), reviewer_of(store, config)
    claimed = sending.claim(store, config, one.id, network, "w")
    assert isinstance(claimed, sending.Claimed)
    pause(reviewer)
    stopped = sending.wire(store, config, claimed, 0)
    assert stopped is not None
    assert (stopped.state, now_is(store, one).state) == ("held", "held")
    assert audit.verify(store).ok


@pytest.mark.parametrize("change", ["edit", "reject"])
def test_what_is_changed_after_its_approval_is_not_sent(store: Store, config: Config, change: str) -> None:
    """An edit or a rejection takes the post out of the queue."""
    one, network, reviewer = queued(store, config), Scripted(), reviewer_of(store, config)
    if change == "edit":
        edit(reviewer, one.draft_id, text="Other words.")
    else:
        reject(reviewer, one.draft_id, reason="no")
    assert run(config, store, network) == []
    assert now_is(store, one).state == "cancelled"
    assert network.sent == []


def test_the_daily_cap_holds(store: Store, config: Config) -> None:
    """More than the cap is held, in a dry run as in the real one."""
    capped, network = with_rules(config, daily_cap=2), Scripted()
    for _ in range(3):
        queued(store, config)
    assert [p.state for p in run(capped, store, network, dry_run=True)] == ["queued", "queued", "held"]
    assert network.sent == []
    assert [p.state for p in run(capped, store, network)] == ["published", "published", "held"]


def test_an_unknown_counts_against_the_cap(store: Store, config: Config) -> None:
    """It may be live, so it counts."""
    capped = with_rules(config, daily_cap=1)
    queued(store, config), queued(store, config)
    assert [p.state for p in run(capped, store, Scripted(answers=[OUTCOMES["unknown"]]))] == ["unknown", "held"]


def test_the_monthly_budget_holds(store: Store, config: Config) -> None:
    """A post that would cost more than is left is held, and says so."""
    poor, network = with_rules(config, monthly_budget_usd=0.4), Scripted(price=0.2)
    queued(store, config), queued(store, config)
    last = queued(store, config)
    assert [p.state for p in run(poor, store, network)] == ["published", "published", "held"]
    assert "budget" in (now_is(store, last).error or "")


def test_a_figure_past_its_window_is_held(store: Store, config: Config, clock: Clock) -> None:
    """A post approved in time and due too late waits for a person."""
    lenient = with_rules(config, grace=None)
    one = queued(store, lenient)
    with store.write() as session:
        from assistant.store.tables import PublicationRow

        row = session.get_one(PublicationRow, one.id)
        known = sending._known(session, lenient, row, Scripted(), clock.now)
    from dataclasses import replace

    from assistant.publish.gate import stopped

    ended = replace(known, post=replace(known.post, not_after=clock.now - timedelta(days=1)))
    why = stopped(ended, lenient, clock.now)
    assert why is not None
    assert why.state == "held"


def test_a_worker_that_died_before_the_wire_sent_nothing(store: Store, config: Config, clock: Clock) -> None:
    """Its lease runs out, and another takes the post; when it wakes up, its fence is stale."""
    one, network = queued(store, config), Scripted()
    sleeper = sending.claim(store, config, one.id, network, "sleeper")
    assert isinstance(sleeper, sending.Claimed)
    clock.forward(minutes=2)
    assert [p.state for p in run(config, store, network)] == ["queued", "published"]
    assert sending.wire(store, config, sleeper, 0) is not None
    assert sending.settle(store, sleeper, Outcome("published", remote_id="666")).remote_id == "9001"
    assert audit.verify(store).ok


def test_a_worker_that_died_on_the_wire_leaves_an_unknown(store: Store, config: Config, clock: Clock) -> None:
    """After its lease the post is unknown, never queued; waking up, the worker changes nothing."""
    one, network = queued(store, config), Scripted()
    sleeper = sending.claim(store, config, one.id, network, "sleeper")
    assert isinstance(sleeper, sending.Claimed)
    assert sending.wire(store, config, sleeper, 0) is None
    assert run(config, store, network) == []
    clock.forward(minutes=5)
    assert {p.state for p in run(config, store, network)} == {"unknown"}
    assert sending.settle(store, sleeper, Outcome("published", remote_id="1")).state == "unknown"
    assert (network.sent, audit.verify(store).ok) == ([], True)
    assert now_is(store, one).state == "unknown"


def test_recovery_run_twice_does_what_it_does_once(store: Store, config: Config, clock: Clock) -> None:
    """A second sweep finds nothing and writes nothing."""
    one, network = queued(store, config), Scripted()
    claimed = sending.claim(store, config, one.id, network, "w")
    assert isinstance(claimed, sending.Claimed)
    sending.wire(store, config, claimed, 0)
    clock.forward(minutes=5)
    assert [p.state for p in sending.sweep(store, config, None)] == ["unknown"]
    before = audit.head(store)
    assert sending.sweep(store, config, None) == []
    assert audit.head(store) == before


def test_a_clock_that_went_back_stops_everything(store: Store, config: Config, clock: Clock) -> None:
    """Before the last entry of the trail no time can be right."""
    queued(store, config)
    clock.forward(days=-1)
    with pytest.raises(StoreError, match="clock"):
        run(config, store, Scripted())


def test_an_account_without_its_secrets_is_told_and_loses_nothing(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its posts stay queued, the other accounts' go out, and the error comes at the end."""
    x = config.accounts["practice"].model_copy(update={"network": "x", "credentials": "nowhere"})
    two = config.model_copy(update={"accounts": {"practice": config.accounts["practice"], "brand": x}})
    monkeypatch.setattr("keyring.get_password", lambda *_: None)
    reviewer, network = reviewer_of(store, two), Scripted()
    draft_id = a_draft(store, two)
    approve(reviewer, draft_id)
    for account in ("brand", "practice"):
        schedule(reviewer, draft_id, at="now", account=account)
    sending_two = publish_due(two, store, networks={"practice": network})
    assert next(sending_two).account == "practice"
    with pytest.raises(CredentialsError):
        next(sending_two)
    assert [p.state for p in get_draft(store, draft_id).publications] == ["queued", "published"]


def test_an_account_that_is_not_there_is_a_usage_error(store: Store, config: Config) -> None:
    """`--account` with a wrong name says which there are."""
    with pytest.raises(UsageError, match="practice"):
        run(config, store, Scripted(), account="nobody")


def test_watching_sends_what_becomes_due(store: Store, config: Config, clock: Clock) -> None:
    """It sleeps until the next post, at most a quarter of a minute, and goes on until interrupted."""
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.forward(seconds=seconds)

    queued(store, config, at="10:01")
    watching = watch_due(config, store, sleep=sleep)
    assert next(watching).state == "published"
    assert sum(naps) == 60
    assert max(naps) <= 15


def test_withdrawing_takes_the_post_down_and_blocks_its_siblings(store: Store, config: Config) -> None:
    """The network's delete, then the record; doing it twice is refused."""
    network, one = Scripted(), queued(store, config)
    run(config, store, network)
    reviewer = reviewer_of(store, config)
    gone = withdraw(reviewer, one.id, networks={"practice": network})
    assert (gone.state, gone.remote_id, network.deleted) == ("withdrawn", "9001", ["9001"])
    with pytest.raises(Exception, match="withdrawn, not published"):
        withdraw(reviewer, one.id, networks={"practice": network})
    assert get_draft(store, one.draft_id).state == "withdrawn"
    assert audit.verify(store).ok
