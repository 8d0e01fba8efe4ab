"""When a post goes out: the next free slot, a time of one's own, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import Refused, UsageError
from assistant.workflow import approve, cancel, queue, requeue, restore, schedule
from assistant.workflow.scheduling import _after_cap, _after_quiet
from workflow.bench import Bench, refused
from workshop import MONDAY

NIGHT = (time(22), time(8))
PARIS = ZoneInfo("Europe/Paris")


def slots(bench: Bench, number: int) -> list[str]:
    """The wall times of so many posts queued one after the other."""
    return [_slot(bench) for _ in range(number)]


def _slot(bench: Bench) -> str:
    draft_id = bench.approved()
    queue(bench.reviewer, draft_id)
    return bench.publication(draft_id).wall_time


def test_without_rules_the_next_slot_is_now(bench: Bench) -> None:
    """Quiet hours and spacing switched off: at once, and twice at once."""
    draft_id = bench.approved()
    decision = queue(bench.reviewer, draft_id)
    publication = bench.publication(draft_id)
    assert (publication.state, publication.due_at, publication.zone) == ("queued", MONDAY, "UTC")
    assert (decision.publication_id, decision.before, decision.after) == (publication.id, "approved", "queued")
    assert slots(bench, 1) == ["2026-11-23 10:00"]


def test_only_what_is_approved_is_queued(bench: Bench) -> None:
    """The refusal is exit code 1 and says how; nothing is queued."""
    draft_id = bench.draft()
    with pytest.raises(Refused, match="not approved") as caught:
        queue(bench.reviewer, draft_id)
    assert (caught.value.exit_code, caught.value.remedy) == (1, f"`assistant approve {draft_id}` first.")
    refused(Refused, "not approved", lambda: schedule(bench.reviewer, draft_id, at="now"))
    assert bench.get(draft_id).publications == ()


def test_an_approval_that_was_taken_back_is_none(bench: Bench) -> None:
    """Restored, the draft has to be approved anew."""
    draft_id = bench.approved()
    restore(bench.reviewer, draft_id)
    with pytest.raises(Refused, match="not approved"):
        queue(bench.reviewer, draft_id)


def test_slots_keep_their_spacing(bench: Bench) -> None:
    """45 minutes between any two, gaps between scheduled ones filled."""
    bench = bench.timed(spacing=timedelta(minutes=45), daily_cap=20)
    schedule(bench.reviewer, bench.approved(), at="11:40")
    assert slots(bench, 4) == ["2026-11-23 10:00", "2026-11-23 10:45", "2026-11-23 12:25", "2026-11-23 13:10"]


def test_slots_keep_the_night_quiet(bench: Bench) -> None:
    """From 22:00 over midnight until 8:00; eight o'clock itself is free."""
    bench = bench.timed(quiet_hours=NIGHT, spacing=timedelta(hours=5), daily_cap=9)
    assert slots(bench, 4) == ["2026-11-23 10:00", "2026-11-23 15:00", "2026-11-23 20:00", "2026-11-24 08:00"]
    bench.clock.now = datetime(2026, 11, 30, 3, tzinfo=UTC)
    assert slots(bench, 1) == ["2026-11-30 08:00"]


def test_slots_keep_quiet_hours_within_a_day(bench: Bench) -> None:
    """A lunch hour is skipped, before and after it is free."""
    bench = bench.timed(quiet_hours=(time(12), time(14)), spacing=timedelta(hours=1, minutes=30), daily_cap=9)
    assert slots(bench, 4) == ["2026-11-23 10:00", "2026-11-23 11:30", "2026-11-23 14:00", "2026-11-23 15:30"]


def test_slots_keep_the_daily_cap(bench: Bench) -> None:
    """What is full goes on after midnight of the account's own day; what was cancelled frees its place."""
    bench = bench.timed("Pacific/Auckland", daily_cap=2)
    first = bench.approved()
    queue(bench.reviewer, first)
    assert slots(bench, 3) == ["2026-11-23 23:00", "2026-11-24 00:00", "2026-11-24 00:00"]
    cancel(bench.reviewer, first)
    assert slots(bench, 1) == ["2026-11-23 23:00"]


def test_a_cap_of_nothing_refuses(bench: Bench) -> None:
    """And so does a queue that is full for sixty days."""
    for rules in ({"daily_cap": 0}, {"daily_cap": 1, "spacing": timedelta(days=61)}):
        full = bench.timed(**rules)
        with pytest.raises(Refused) as caught:
            slots(full, 2)
        assert "daily_cap" in caught.value.remedy


def test_slots_wait_until_the_approval_has_cooled_off(bench: Bench) -> None:
    """Counted from the approval, not from the queueing; a time of one's own is held to it too."""
    bench = bench.timed(cooling_off=timedelta(minutes=30))
    draft_id, other = bench.approved(), bench.approved()
    bench.clock.forward(minutes=10)
    queue(bench.reviewer, draft_id)
    assert bench.publication(draft_id).wall_time == "2026-11-23 10:30"
    with pytest.raises(Refused, match="cools off until 2026-11-23 10:30") as caught:
        schedule(bench.reviewer, other, at="now")
    assert caught.value.remedy
    schedule(bench.reviewer, other, at="10:30")
    bench.clock.forward(hours=2)
    assert slots(bench, 1) == ["2026-11-23 12:40"]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (28, ["00:45", "01:30", "03:15", "04:00"]),  # 2027-03-28: 02:00 is 03:00
        (29, ["00:45", "01:30", "02:15", "03:00"]),
    ],
)
def test_spacing_is_real_time_when_the_clocks_go_forward(bench: Bench, day: int, wanted: list[str]) -> None:
    """45 minutes are 45 minutes, and no slot stands in an hour that never is."""
    bench = bench.timed("Europe/Paris", spacing=timedelta(minutes=45), daily_cap=99)
    bench.clock.now = datetime(2027, 3, day, 0, 45, tzinfo=PARIS)
    assert [slot[-5:] for slot in slots(bench, 4)] == wanted


def test_spacing_is_real_time_when_the_clocks_go_back(bench: Bench) -> None:
    """The hour that comes twice is two hours long, and which one is meant is kept."""
    bench = bench.timed("Europe/Paris", spacing=timedelta(minutes=30), daily_cap=99)
    bench.clock.now = datetime(2027, 10, 31, 2, 0, tzinfo=PARIS)
    ids = [bench.approved() for _ in range(5)]
    for draft_id in ids:
        queue(bench.reviewer, draft_id)
    rows = [bench.row(bench.publication(draft_id).id) for draft_id in ids]
    assert [(row.wall_time[-5:], row.fold) for row in rows] == [
        ("02:00", 0), ("02:30", 0), ("02:00", 1), ("02:30", 1), ("03:00", 0),
    ]  # fmt: skip
    assert all(b.due_at - a.due_at == timedelta(minutes=30) for a, b in pairwise(rows))


def test_quiet_hours_that_end_in_a_gap_end_after_it(bench: Bench) -> None:
    """Quiet until 02:30, on the day when 02:30 never is."""
    bench = bench.timed("Europe/Paris", quiet_hours=(time(22), time(2, 30)))
    bench.clock.now = datetime(2027, 3, 28, 0, 30, tzinfo=PARIS)
    assert slots(bench, 1) == ["2027-03-28 03:30"]


def test_quiet_hours_that_end_twice_end_later_than_now(bench: Bench) -> None:
    """In the second of two equal hours their end is the second one's: never an instant that is over."""
    bench = bench.timed("Europe/Paris", quiet_hours=(time(22), time(2, 30)))
    bench.clock.now = datetime(2027, 10, 31, 2, 10, tzinfo=PARIS, fold=1)
    assert bench.clock.now.astimezone(UTC) < _due(bench)


def _due(bench: Bench) -> datetime:
    draft_id = bench.approved()
    queue(bench.reviewer, draft_id)
    return bench.publication(draft_id).due_at


_CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


@given(
    start=st.datetimes(datetime(2027, 3, 27), datetime(2027, 3, 30))  # noqa: DTZ001
    | st.datetimes(datetime(2027, 10, 30), datetime(2027, 11, 2)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Paris", "UTC", "Australia/Lord_Howe", "America/New_York"]),
    quiet=st.tuples(_CLOCKS, _CLOCKS) | st.none(),
    spacing=st.integers(0, 300),
    cap=st.integers(1, 4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_slot_keeps_every_rule(
    sqlite_bench: Bench, start: datetime, zone: str, quiet: tuple[time, time] | None, spacing: int, cap: int
) -> None:
    """Around the changes of the clocks, whatever the rules: later than now, apart, not in the quiet, under the cap."""
    zone_, gap = ZoneInfo(zone), timedelta(minutes=spacing)
    bench = sqlite_bench.timed(zone, quiet_hours=quiet, spacing=gap, daily_cap=cap)
    bench.clock.now = start.replace(tzinfo=UTC)
    ids = [bench.approved() for _ in range(4)]
    try:
        for draft_id in ids:
            queue(bench.reviewer, draft_id)
        dues = sorted(bench.publication(draft_id).due_at for draft_id in ids)
        assert dues[0] >= bench.clock.now
        assert all(b - a >= gap for a, b in pairwise(dues))
        assert all(_after_quiet(due, zone_, quiet) == due for due in dues)
        assert all(_after_cap(due, zone_, [d for d in dues if d != due], cap) == due for due in dues)
        days = [due.astimezone(zone_).date() for due in dues]
        assert max(days.count(day) for day in days) <= cap
    finally:
        for draft_id in ids:
            restore(bench.reviewer, draft_id)


def test_several_accounts_demand_a_name(bench: Bench) -> None:
    """The refusal names them; each account has its own slots and its own publication."""
    bench = bench.with_accounts(one={}, two={"timezone": "Asia/Tokyo"}, english={"languages": ["fr"]})
    draft_id = bench.approved()
    with pytest.raises(UsageError, match="one, two") as caught:
        queue(bench.reviewer, draft_id)
    assert "--account" in caught.value.remedy
    for account in ("one", "two"):
        queue(bench.reviewer, draft_id, account=account)
    assert [(p.account, p.zone, p.wall_time[-5:]) for p in bench.get(draft_id).publications] == [
        ("one", "UTC", "10:00"), ("two", "Asia/Tokyo", "19:00"),
    ]  # fmt: skip


def test_an_account_outside_the_approval_is_refused(bench: Bench) -> None:
    """With what to approve; one that is nowhere is a usage error; one that left the config too."""
    bench = bench.with_accounts(one={}, two={})
    draft_id = bench.draft()
    approve(bench.reviewer, draft_id, accounts=["one"])
    with pytest.raises(Refused, match="for one, not for two") as caught:
        queue(bench.reviewer, draft_id, account="two")
    assert f"assistant approve {draft_id} --account two" in caught.value.remedy
    with pytest.raises(UsageError, match="'three'"):
        queue(bench.reviewer, draft_id, account="three")
    with pytest.raises(UsageError, match="'one' is no longer there"):
        queue(bench.with_accounts(two={}).reviewer, draft_id)


def test_a_draft_that_no_account_posts_says_so(bench: Bench) -> None:
    """A house without an account in the language."""
    bench = bench.with_accounts(french={"languages": ["fr"]})
    with pytest.raises(UsageError, match="No account posts in en"):
        queue(bench.reviewer, bench.approved())


@pytest.mark.parametrize("state", ["queued", "claimed", "on_wire", "published", "unknown", "withdrawn"])
def test_one_publication_for_an_account_at_a_time(sqlite_bench: Bench, state: str) -> None:
    """What is queued, on its way or out is not queued again, and says what to do."""
    bench = sqlite_bench
    draft_id = bench.queued(state=state)
    verbs = (lambda: queue(bench.reviewer, draft_id), lambda: schedule(bench.reviewer, draft_id, at="now"))
    refused(Refused, state, *verbs)
    assert len(bench.get(draft_id).publications) == 1


@pytest.mark.parametrize(
    ("at", "tz", "fold", "kept"),
    [
        ("now", None, None, (MONDAY, "2026-11-23 11:00", "Europe/Paris", 0)),
        ("20:45", None, None, (datetime(2026, 11, 23, 19, 45, tzinfo=UTC), "2026-11-23 20:45", "Europe/Paris", 0)),
        ("20:45", "Asia/Tokyo", None, (datetime(2026, 11, 23, 11, 45, tzinfo=UTC), "2026-11-23 20:45", "Asia/Tokyo", 0)),
        ("2027-10-31 02:30", None, 0, (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31 02:30", "Europe/Paris", 0)),
        ("2027-10-31 02:30", None, 1, (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2027-10-31 02:30", "Europe/Paris", 1)),
        ("2026-12-01T12:00Z", None, None, (datetime(2026, 12, 1, 12, tzinfo=UTC), "2026-12-01 13:00", "Europe/Paris", 0)),
    ],
)  # fmt: skip
def test_instant_wall_time_zone_and_fold_are_kept(
    bench: Bench, at: str, tz: str | None, fold: int | None, kept: tuple[object, ...]
) -> None:
    """What the person meant can be told from the row alone."""
    bench = bench.timed("Europe/Paris")
    draft_id = bench.approved()
    schedule(bench.reviewer, draft_id, at=at, tz=tz, fold=fold)
    row = bench.row(bench.publication(draft_id).id)
    assert (row.due_at, row.wall_time, row.zone, row.fold) == kept


@pytest.mark.parametrize(
    ("at", "tz", "told"),
    [
        ("2027-03-28 02:30", None, "does not exist"), ("2027-10-31 02:30", None, "comes twice"), ("soon", None, "no time"),
        ("2026-11-23 09:00", None, "is over"), ("2026-11-22T12:00Z", None, "is over"),
        ("now", "Europe/Nowhere", "not a time zone"), ("now", "", "not a time zone"), ("now", "../passwd", "not a time zone"),
        ("now", "\0", "not a time zone"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused(sqlite_bench: Bench, at: str, tz: str | None, told: str) -> None:
    """A gap, a fold, a past, a zone that is none: nothing is queued, and there is a remedy."""
    bench = sqlite_bench.timed("Europe/Paris")
    draft_id = bench.approved()
    refused(UsageError, told, lambda: schedule(bench.reviewer, draft_id, at=at, tz=tz))
    assert (bench.state(draft_id), bench.get(draft_id).publications) == ("approved", ())


def test_a_time_within_the_grace_is_not_yet_over(bench: Bench) -> None:
    """Half an hour late is still sent; a minute more is not; without a grace nothing is."""
    schedule(bench.reviewer, bench.approved(), at="2026-11-23T09:30Z")
    with pytest.raises(UsageError, match="is over"):
        schedule(bench.reviewer, bench.approved(), at="2026-11-23T09:29Z")
    with pytest.raises(UsageError, match="is over"):
        schedule(bench.timed(grace=None).reviewer, bench.approved(), at="2026-11-23T09:59Z")


def test_nothing_goes_out_later_than_its_figure_may_be_told(bench: Bench) -> None:
    """Not by a time of one's own, not by a slot, not by giving back what was held."""
    bench = bench.with_shelf_life(timedelta(days=7))
    draft_id, held = bench.approved(), bench.queued(state="held")
    schedule(bench.reviewer, bench.approved(), at="2026-11-29 23:59")
    bench.clock.forward(days=7)
    refused(
        Refused,
        "until 2026-11-29 23:59",
        lambda: schedule(bench.reviewer, draft_id, at="2026-11-30 10:05"),
        lambda: queue(bench.reviewer, draft_id),
        lambda: queue(bench.reviewer, held),
        lambda: requeue(bench.reviewer, bench.publication(held).id),
    )
    assert (bench.state(draft_id), bench.state(held)) == ("approved", "held")


def test_an_approved_instant_never_moves(bench: Bench) -> None:
    """Other rules, another zone, other posts: what was scheduled goes out when it was said."""
    draft_id = bench.approved()
    schedule(bench.reviewer, draft_id, at="20:45")
    before = bench.row(bench.publication(draft_id).id).model_dump()
    other = bench.timed("Asia/Tokyo", quiet_hours=(time(0), time(23)), spacing=timedelta(hours=3), daily_cap=1)
    slots(other, 2)
    bench.clock.forward(days=1)
    assert bench.row(bench.publication(draft_id).id).model_dump() == before


def test_cancel_takes_back_what_was_not_sent(bench: Bench) -> None:
    """On every account; the approval stays; a second time there is nothing to take back."""
    bench = bench.with_accounts(one={}, two={}, three={})
    draft_id = bench.approved()
    for account in ("one", "two", "three"):
        schedule(bench.reviewer, draft_id, at="now", account=account)
    bench.force(bench.publication(draft_id).id, "claimed", "on_wire", "published")
    decision = cancel(bench.reviewer, draft_id)
    assert [p.state for p in bench.get(draft_id).publications] == ["cancelled", "cancelled", "published"]
    assert (decision.before, decision.after, decision.details["account"]) == ("queued", "cancelled", "two")
    with pytest.raises(Refused, match="nothing to take back") as caught:
        cancel(bench.reviewer, draft_id)
    assert "withdraw" in caught.value.remedy


@pytest.mark.parametrize("state", ["claimed", "on_wire", "published", "unknown", "cancelled", "withdrawn"])
def test_what_was_sent_cannot_be_cancelled(sqlite_bench: Bench, state: str) -> None:
    """Nor what never was queued."""
    bench = sqlite_bench
    sent, never = bench.queued(state=state), bench.draft()
    refused(Refused, state, lambda: cancel(bench.reviewer, sent))
    refused(Refused, "not queued", lambda: cancel(bench.reviewer, never))


def test_queued_again_after_a_cancel_is_another_publication(bench: Bench) -> None:
    """What was cancelled stays cancelled."""
    draft_id = bench.queued()
    cancel(bench.reviewer, draft_id)
    queue(bench.reviewer, draft_id)
    assert [p.state for p in bench.get(draft_id).publications] == ["cancelled", "queued"]


@pytest.mark.parametrize("state", ["held", "missed", "failed"])
@pytest.mark.parametrize("how", ["queue", "schedule", "requeue"])
def test_what_waits_for_a_person_is_given_back(bench: Bench, state: str, how: str) -> None:
    """The same publication, at its new time, with nothing left of the trouble; and one entry for it."""
    bench = bench.timed("Europe/Paris", spacing=timedelta(minutes=45))
    draft_id = bench.queued(state=state)
    publication_id = bench.publication(draft_id).id
    bench.clock.forward(minutes=10)
    before = len(bench.entries())
    if how == "requeue":
        requeue(bench.reviewer, publication_id)
    elif how == "queue":
        queue(bench.reviewer, draft_id)
    else:
        schedule(bench.reviewer, draft_id, at="2026-11-23 11:10", tz="Europe/Paris")
    row = bench.row(publication_id)
    assert (row.state, row.error, row.retry_at) == ("queued", None, None)
    assert (row.due_at, row.wall_time, row.zone) == (bench.clock.now, "2026-11-23 11:10", "Europe/Paris")
    assert len(bench.get(draft_id).publications) == 1
    assert (bench.last_actions(1), len(bench.entries())) == (["requeue"], before + 1)


def test_every_refusal_says_what_to_do(bench: Bench) -> None:
    """Publications that are not there or cannot be given back."""
    published = bench.publication(bench.queued(state="published")).id
    refused(Refused, "published", lambda: requeue(bench.reviewer, published))
    for publication_id in (99, 0, -1, 2**31, 10**30):
        refused(UsageError, "no publication", partial(requeue, bench.reviewer, publication_id))
