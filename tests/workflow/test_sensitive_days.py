"""Sensitive days, from the queue to the network: what schedule says, what queue passes over, what publish holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.checks import Checker
from assistant.errors import ConfigError, Refused
from assistant.publish import publish_due
from assistant.reviewed import Publication
from assistant.workflow import approve, cancel, queue, schedule
from publish.staging import Scripted
from workflow.bench import Bench, refused

MOURNING = "- {name: Mourning, on: 2026-11-24}"
SILENCE = "- {name: Silence, from: 2026-11-23, to: 2026-11-24, level: error, category: politics}"


def keeping(bench: Bench, *days: str) -> Bench:
    """The same person in a house with these sensitive days; the clock stands at Monday 23 November, ten o'clock."""
    file = bench.reviewer.config.folder / "calendar.yaml"
    file.write_text("\n".join(days), encoding="utf-8")
    checks = bench.reviewer.config.checks.model_copy(update={"calendar": file.name})
    config = bench.reviewer.config.model_copy(update={"checks": checks})
    return replace(bench, reviewer=replace(bench.reviewer, config=config, checker=Checker(calendar=file)))


def publish(bench: Bench, dry_run: bool = False) -> list[Publication]:
    """One run of `publish`."""
    return list(publish_due(bench.reviewer.config, bench.store, networks={"practice": Scripted()}, dry_run=dry_run))


def test_schedule_tells_what_the_day_is(sqlite_bench: Bench) -> None:
    """On a day of mourning it is queued with a note that says what will happen and what to do; on another without."""
    bench = keeping(sqlite_bench, MOURNING)
    told = schedule(bench.reviewer, bench.approved(), at="2026-11-24 09:00")
    (note,) = told.details["notes"]
    assert (told.after, "Mourning" in note, "--acknowledge calendar.mourning" in note) == ("queued", True, True)
    assert "notes" not in schedule(bench.reviewer, bench.approved(), at="2026-11-25 09:00").details


def test_a_day_of_level_error_is_refused(sqlite_bench: Bench) -> None:
    """Not on an election day; the refusal says how a person could answer for it."""
    bench = keeping(sqlite_bench, SILENCE)
    draft_id = bench.approved()
    refused(Refused, "Silence", lambda: schedule(bench.reviewer, draft_id, at="now"))
    approve(bench.reviewer, draft_id, acknowledge=["calendar.silence"], reason="it is about tea")
    assert schedule(bench.reviewer, draft_id, at="now").after == "queued"


def test_queue_passes_over_days_on_which_it_would_be_held(bench: Bench) -> None:
    """The next free slot is after the silence and the mourning, and the decision says which days were passed over."""
    kept = keeping(bench, SILENCE, "- {name: Mourning, on: 2026-11-25}")
    told = queue(kept.reviewer, kept.approved())
    assert told.details["due_at"].startswith("2026-11-26T00:00")
    assert [note.split(" ")[0] for note in told.details["notes"]] == ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_an_acknowledged_day_is_not_passed_over(sqlite_bench: Bench) -> None:
    """Who approved it for that day meant it."""
    bench = keeping(sqlite_bench, SILENCE)
    draft_id = bench.draft()
    approve(bench.reviewer, draft_id, acknowledge=["calendar.silence"], reason="it is about tea")
    told = queue(bench.reviewer, draft_id)
    assert (told.details["due_at"][:10], "notes" in told.details) == ("2026-11-23", False)


def test_no_slot_at_all_is_refused(sqlite_bench: Bench) -> None:
    """Where every day is a sensitive one, queue says that there is no slot instead of looking for ever."""
    bench = keeping(sqlite_bench, "- {name: Always, from: 01-01, to: 12-31}")
    refused(Refused, "no free slot", lambda: queue(bench.reviewer, bench.approved()))


def test_publish_holds_what_nobody_acknowledged(bench: Bench) -> None:
    """A due post is held on the day, a rehearsal says so too; approved for it and given back it goes out."""
    kept = keeping(bench, "- {name: Mourning, on: 2026-11-23}")
    draft_id = kept.queued()
    assert [p.state for p in publish(kept, dry_run=True)] == ["held"]
    (held,) = publish(kept)
    assert (held.state, "Mourning" in (held.error or ""), "--acknowledge calendar.mourning" in (held.error or "")) == (
        "held", True, True,
    )  # fmt: skip
    approve(kept.reviewer, draft_id, acknowledge=["calendar.mourning"], reason="it is a tribute")
    schedule(kept.reviewer, draft_id, at="now")
    assert [p.state for p in publish(kept)] == ["published"]


def test_a_day_that_was_added_later_counts(sqlite_bench: Bench) -> None:
    """The calendar is read when the post goes out: what happened overnight holds what was queued before."""
    quiet = keeping(sqlite_bench, "[]")
    quiet.queued()
    assert [p.state for p in publish(keeping(quiet, "- {name: Earthquake, on: 2026-11-23}"))] == ["held"]


def test_a_day_of_other_posts_holds_nothing(sqlite_bench: Bench) -> None:
    """A day that is about a title, a word or a language touches no others; a suggestion holds nothing."""
    bench = keeping(
        sqlite_bench,
        "- {name: A, on: 2026-11-23, titles: [Paper Moons]}",
        "- {name: B, on: 2026-11-23, words: [mother*]}",
        "- {name: C, on: 2026-11-23, languages: [fr]}",
        "- {name: D, on: 2026-11-23, categories: [shaming]}",
        "- {name: E, on: 2026-11-23, level: suggestion}",
    )
    bench.queued()
    assert [p.state for p in publish(bench)] == ["published"]


def test_a_day_about_its_title_or_its_flags_holds_it(sqlite_bench: Bench) -> None:
    """The title is the figure's; the categories are those that the checks flagged and a person waved through."""
    for day in ("titles: [harbour lights]", "categories: [shaming]"):
        bench = keeping(sqlite_bench, f"- {{name: A, on: 2026-11-23, {day}}}")
        draft_id = bench.draft("“Harbour Lights” took 4,123 hours. Get a life.", template=day)
        rules = [flag.rule for flag in bench.get(draft_id).flags]
        approve(bench.reviewer, draft_id, acknowledge=rules, reason="seen")
        schedule(bench.reviewer, draft_id, at="now")
        assert [p.state for p in publish(bench)] == ["held"]


def test_a_calendar_that_cannot_be_read_stops_publishing(sqlite_bench: Bench) -> None:
    """Nothing goes out by a broken calendar: the error names the file, and the post stays queued."""
    bench = keeping(sqlite_bench, "[]")
    draft_id = bench.queued()
    (bench.reviewer.config.folder / "calendar.yaml").write_text("- {name: A}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"calendar\.yaml"):
        publish(bench)
    assert bench.state(draft_id) == "queued"


def test_more_can_be_acknowledged_after_the_approval(bench: Bench) -> None:
    """The new approval has the old one's rules too, one is in force, and the trail verifies; anything else is refused."""
    kept = keeping(bench, MOURNING)
    draft_id = kept.draft("“Harbour Lights” took 4,123 hours. Get a life.")
    rules = [flag.rule for flag in kept.get(draft_id).flags]
    approve(kept.reviewer, draft_id, acknowledge=rules, reason="seen")
    refused(
        Refused, "is approved", lambda: approve(kept.reviewer, draft_id, acknowledge=[*rules, "en.Other"], reason="x")
    )
    refused(Refused, "needs a reason", lambda: approve(kept.reviewer, draft_id, acknowledge=["calendar.mourning"]))
    approve(kept.reviewer, draft_id, acknowledge=["calendar.mourning"], reason="a tribute")
    refused(
        Refused, "is approved", lambda: approve(kept.reviewer, draft_id, acknowledge=["calendar.mourning"], reason="x")
    )
    old, new = kept.approvals()
    assert (old.revoked_at is None, new.revoked_at, "calendar.mourning" in new.acknowledged) == (False, None, True)
    assert all(rule in new.acknowledged for rule in rules)


def test_a_relative_date_is_worked_out_from_the_day(sqlite_bench: Bench) -> None:
    """“Last week” is right this week; scheduled for the next one, the decision says that it is not."""
    draft_id = sqlite_bench.approved("“Harbour Lights” took 4,123 hours of last week.")
    assert "notes" not in schedule(sqlite_bench.reviewer, draft_id, at="now").details
    cancel(sqlite_bench.reviewer, draft_id)
    (note,) = schedule(sqlite_bench.reviewer, draft_id, at="2026-12-01 10:00").details["notes"]
    assert "On 1 December 2026 “last week” means 23 November 2026 to 29 November 2026" in note
