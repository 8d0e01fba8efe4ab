"""Long walks over the verbs, and two people at once: whatever is decided, the store stays whole."""

from __future__ import annotations

import json
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import select

from assistant.errors import AssistantError
from assistant.models import DRAFT_STATES, PUBLICATION_STATES, WAITING_STATES
from assistant.reviewed import Decision
from assistant.store import audit
from assistant.store.law import EDGES
from assistant.store.tables import ApprovalRow, PublicationRow, RevisionRow
from assistant.workflow import (
    approve,
    cancel,
    counts,
    draft_ids,
    drafts_by_id,
    edit,
    flag,
    pause,
    queue,
    reject,
    requeue,
    resolve,
    restore,
    resume,
    schedule,
    snooze,
    undo,
    unflag,
)  # fmt: skip
from workflow.bench import CLEAN, FRENCH, SOFT, Bench, a_candidate

TEXTS = (CLEAN, SOFT, FRENCH, "“Harbour Lights” took 4,123 hours. Again?", "“Harbour Lights” took 9,999 hours.")
OVER = ("published", "withdrawn")


class Walk:
    """A person (and a publisher) who do whatever comes to their mind."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench, self.dice = bench, random.Random(seed)
        self.ids = [bench.draft(key=key) for key in "bcdefgh"]
        self.ids += bench.save(a_candidate(), a_candidate(FRENCH, "fr"), a_candidate(SOFT, template="record.two"))
        self.done: list[Decision] = []
        self.refusals: list[AssistantError] = []

    def step(self) -> None:
        """One verb; refused or not, never a raw exception."""
        verbs = self.verbs()
        (verb,) = self.dice.choices(list(verbs), weights=list(verbs.values()))
        try:
            decision = verb()
        except AssistantError as error:
            self.refusals.append(error)
        else:
            self.done += [decision] if decision else []

    def flagged(self, draft_id: int) -> list[str]:
        """The rules that flag a draft as it stands."""
        return [flag.rule for flag in self.bench.get(draft_id).report.flags]

    def verbs(self) -> dict[Callable[[], Decision | None], int]:
        """What could be done now, to a draft and a publication taken at random, and how likely it is."""
        who, dice, draft_id, waiting = self.bench.reviewer, self.dice, self.dice.choice(self.ids), self.waiting()
        account = dice.choice(["one", "one", "two", "two", None])
        return {
            lambda: flag(who, draft_id, quote=dice.choice(["4,123", "hours"]), category="house"): 2,
            lambda: unflag(who, draft_id): 3,
            lambda: edit(who, draft_id, text=dice.choice(TEXTS)): 2,
            lambda: approve(who, draft_id, acknowledge=self.flagged(draft_id), reason="seen"): 20,
            lambda: approve(who, draft_id, accounts=["two", "one"]): 3,
            lambda: reject(who, draft_id, reason="no", figure=dice.random() < 0.3): 2,
            lambda: snooze(who, draft_id): 1,
            lambda: restore(who, draft_id): 4,
            lambda: queue(who, draft_id, account=account): 12,
            lambda: schedule(who, draft_id, at=dice.choice(["now", "20:45", "9h", "soon"]), account=account): 12,
            lambda: cancel(who, draft_id): 3,
            lambda: undo(who, dice.choice(self.done)) if self.done else None: 6,
            lambda: pause(who, account=account): 3,
            lambda: resume(who, account=account, all_held=True, reason="seen"): 4,
            lambda: requeue(who, waiting): 6,
            lambda: resolve(who, waiting, as_="published", remote_id=f"r{dice.randint(1, 9)}"): 3,
            lambda: resolve(who, waiting, as_="not-there"): 3,
            self.publisher: 35,
            lambda: self.bench.clock.forward(minutes=dice.choice([1, 45, 700])): 3,
        }

    def rows(self) -> list[PublicationRow]:
        """Every publication."""
        with self.bench.store.read() as session:
            return sorted(session.exec(select(PublicationRow)).all(), key=lambda row: row.id or 0)

    def waiting(self) -> int:
        """A publication that waits for a person; another, or none, where no one does."""
        return self.dice.choice([row.id for row in self.rows() if row.state in WAITING_STATES] or [1]) or 0

    def publisher(self) -> None:
        """The machine moves one publication along one of its own edges."""
        with self.bench.store.read() as session:
            rows = session.exec(select(PublicationRow)).all()
        machine = {
            "queued": ("claimed", "held", "missed"),
            "claimed": ("on_wire", "queued"),
            "on_wire": EDGES["on_wire"],
        }
        moving = [row for row in rows if row.state in machine]
        if moving:
            row = self.dice.choice(moving)
            to = self.dice.choice(machine[row.state])
            error = {"held": "paused: `assistant resume` lifts it", "failed": "refused"}.get(to)
            self.bench.force(row.id or 0, to, error=error)


def assert_whole(bench: Bench) -> None:
    """The trail verifies, tells of every transition once, and nobody's approval is lost or forged."""
    found = audit.verify(bench.store)
    assert found.ok, found.problem
    with bench.store.read() as session:
        publications = session.exec(select(PublicationRow)).all()
        approvals = session.exec(select(ApprovalRow)).all()
        revisions = {row.id: row for row in session.exec(select(RevisionRow))}
    _transitions_told_once(bench, list(publications))
    _one_visible_state(bench)
    _approvals_fit(bench, list(publications), list(approvals), revisions)


def _transitions_told_once(bench: Bench, publications: list[PublicationRow]) -> None:
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in bench.entries():
        if entry.subject.startswith("publication:"):
            details = json.loads(entry.payload)["details"]
            told[entry.subject].append((details["before"], details["after"]))
    for row in publications:
        steps = told.pop(f"publication:{row.id}")
        assert steps[0] == ("", "queued")
        assert steps[-1][1] == row.state
        assert all(after == before for (_, after), (before, _) in pairwise(steps))
        assert all(after in EDGES[before] for before, after in steps[1:])
    assert not told


def _one_visible_state(bench: Bench) -> None:
    everything = draft_ids(bench.store, state="all")
    listed = {state: draft_ids(bench.store, state=state) for state in (*DRAFT_STATES, *PUBLICATION_STATES)}
    assert sorted(draft_id for ids in listed.values() for draft_id in ids) == everything
    assert counts(bench.store) == {state: len(ids) for state, ids in listed.items() if ids}
    assert {d.id: d.state for d in drafts_by_id(bench.store, everything)} == {
        draft_id: state for state, ids in listed.items() for draft_id in ids
    }


def _approvals_fit(
    bench: Bench, publications: list[PublicationRow], approvals: list[ApprovalRow], revisions: dict[int | None, RevisionRow]
) -> None:  # fmt: skip
    """Who is approved has one approval, of the newest words; what may still go out has one too."""
    valid = [(revisions[a.revision_id].draft_id, a.revision_id) for a in approvals if a.revoked_at is None]
    drafts = drafts_by_id(bench.store, draft_ids(bench.store, state="all"))
    assert sorted(draft_id for draft_id, _ in valid) == [d.id for d in drafts if d.decision == "approved"]
    newest = {(d.id, d.revision) for d in drafts}
    assert all((draft_id, revisions[revision].number) in newest for draft_id, revision in valid)
    for row in publications:
        if row.state not in ("cancelled", *OVER):
            assert (row.draft_id, row.revision_id) in valid, row


@pytest.mark.parametrize("seed", [1, 17, 53])
def test_a_long_walk_leaves_a_whole_store(bench: Bench, seed: int) -> None:
    """150 verbs at random, with a publisher in between: the trail and the tables agree at each look."""
    walk = Walk(bench.with_accounts(one={}, two={}), seed)
    for number in range(1, 151):
        walk.step()
        if number % 30 == 0:
            assert_whole(bench)
    assert min(len(walk.done), len(walk.refusals)) > 20, "it decides much, and is refused often"
    assert all(error.remedy for error in walk.refusals)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What came of verbs that threads called at the same moment: a decision, or the error."""
    gate, outcomes = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(number: int, verb: Callable[[], Any]) -> None:
        gate.wait()
        try:
            outcomes[number] = verb()
        except Exception as error:
            outcomes[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _verbs(bench: Bench, draft_id: int) -> dict[str, Callable[[], Any]]:
    who = bench.reviewer
    return {
        "approve": lambda: approve(who, draft_id),
        "reject": lambda: reject(who, draft_id, reason="no"),
        "reject figure": lambda: reject(who, draft_id, reason="no", figure=True),
        "edit": lambda: edit(who, draft_id, text="“Harbour Lights” took 4,123 hours. Again?"),
        "flag": lambda: flag(who, draft_id, quote="hours", category="house"),
        "queue": lambda: queue(who, draft_id),
        "cancel": lambda: cancel(who, draft_id),
        "restore": lambda: restore(who, draft_id),
        "claim": lambda: bench.force(bench.publication(draft_id).id, "claimed"),
    }


@pytest.mark.parametrize(
    ("start", "first", "second"),
    [
        ("pending", "approve", "approve"), ("pending", "approve", "reject"), ("pending", "approve", "flag"),
        ("pending", "edit", "approve"), ("pending", "reject figure", "reject figure"), ("approved", "queue", "queue"),
        ("approved", "queue", "edit"), ("approved", "queue", "restore"), ("queued", "cancel", "cancel"),
        ("queued", "cancel", "flag"), ("queued", "edit", "edit"), ("queued", "claim", "edit"), ("queued", "claim", "reject"),
    ],
)  # fmt: skip
def test_two_who_decide_at_once_leave_a_whole_store(bench: Bench, start: str, first: str, second: str) -> None:
    """One comes first; the other comes after it or is refused. Both is never half."""
    make: Callable[..., int] = {"pending": bench.draft, "approved": bench.approved, "queued": bench.queued}[start]  # type: ignore[dict-item]
    for number in range(3):
        draft_id = make(key=f"round{number}")
        verbs = _verbs(bench, draft_id)
        outcomes = at_once(verbs[first], verbs[second])
        assert any(not isinstance(outcome, Exception) for outcome in outcomes), outcomes
        assert (
            all(isinstance(one, AssistantError) for one in outcomes if isinstance(one, Exception)) or first == "claim"
        )
        assert_whole(bench)


def test_of_two_approvals_at_once_one_counts(bench: Bench) -> None:
    """Four people, one approval."""
    draft_id = bench.draft()
    outcomes = at_once(*[lambda: approve(bench.reviewer, draft_id)] * 4)
    assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1
    assert len(bench.approvals()) == 1


def test_two_runs_that_draft_the_same_figure_at_once_make_one_draft(bench: Bench) -> None:
    """The second finds what the first made."""
    outcomes = at_once(*[lambda: bench.save(a_candidate(), a_candidate(FRENCH, "fr"))] * 3)
    assert sorted(map(len, outcomes)) == [0, 0, 2]
