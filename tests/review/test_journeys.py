"""Whole journeys through the desk, by the keyboard alone; after each, the store says what happened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant import workflow
from assistant.checks import Checker
from assistant.config import Account
from assistant.models import DRAFT_STATES
from assistant.review.editor import EditorScreen
from assistant.review.forms import AcknowledgeForm, ConfirmForm, FlagForm, ReasonForm
from assistant.review.help import HelpScreen
from assistant.review.timing import ScheduleForm
from assistant.workflow import Reviewer
from review.sitting import Sit

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_clean_post_is_approved_scheduled_and_taken_back_by_the_keyboard_alone(
    sit: Sit, size: tuple[int, int]
) -> None:
    """a approves, s schedules, c takes it back, u turns back one after the other; the draft stays under the hands."""
    async with sit(size) as desk:
        assert "12,500 hours" in desk.text
        await desk.press("a")
        assert desk.draft(1).decision == "approved"
        assert desk.app.desk.draft.state == "approved"
        await desk.press("s")
        assert isinstance(desk.app.screen, ScheduleForm)
        await desk.type("now")
        assert "That is Mon 23 Nov 2026 10:00 (UTC), now." in desk.text
        await desk.press("enter")
        assert desk.draft(1).state == "queued"
        await desk.press("c")
        assert desk.draft(1).state == "cancelled"
        await desk.press("u")
        assert desk.draft(1).state == "queued"
        await desk.press("u", "u")
        assert desk.draft(1).state == "pending"
        assert "Undone: approve of #1." in desk.notices


@pytest.mark.parametrize("size", SIZES)
async def test_moving_opening_and_going_back(sit: Sit, size: tuple[int, int]) -> None:
    """j and k move, enter opens, n shows the next, esc goes back; a narrow terminal gives the draft its whole width."""
    async with sit(size) as desk:
        await desk.press("j", "j", "k")
        assert desk.app.desk.draft.id == 2
        await desk.press("enter")
        assert desk.app.desk.place == "draft"
        assert desk.app.desk.queue.display == (size[0] >= 100)
        await desk.press("n")
        assert desk.app.desk.draft.id == 3
        await desk.press("tab", "tab", "escape")
        assert desk.app.desk.place == "queue"
        assert desk.app.desk.queue.display
        await desk.press("G")
        assert desk.app.desk.draft.id == 6
        await desk.press("g")
        assert desk.app.desk.draft.id == 1


async def test_filtering_by_state_language_and_words(sit: Sit, reviewer: Reviewer) -> None:
    """]/[ and the numbers change the states shown, l the language, / searches; esc drops the search."""
    workflow.approve(reviewer, 1)
    workflow.reject(reviewer, 4, reason="dull")
    async with sit() as desk:
        queue = desk.app.desk.queue
        assert queue.ids == [2, 3, 5, 6]
        await desk.press("3")
        assert queue.ids == [1]
        await desk.press("7")
        assert queue.ids == [4]
        await desk.press("right_square_bracket")
        assert queue.ids == [1, 2, 3, 4, 5, 6]
        await desk.press("l", "l")
        assert queue.ids == [4]
        assert "only fr" in desk.text
        await desk.press("l", "left_square_bracket", "8", "slash")
        await desk.type("saga")
        await desk.until(lambda: queue.ids == [5])
        await desk.press("enter")
        assert desk.app.desk.place == "queue"
        assert "“saga”" in desk.text
        await desk.press("escape")
        assert queue.ids == [1, 2, 3, 4, 5, 6]
        await desk.press("slash")
        await desk.type("no such words")
        await desk.until(lambda: queue.ids == [])
        assert "Nothing fits" in desk.text


@pytest.mark.parametrize("size", SIZES)
async def test_wording_is_flagged_without_the_mouse(sit: Sit, size: tuple[int, int]) -> None:
    """f, arrows over the words, space, enter, a category found by typing, a note: the store has the flag; F withdraws it."""
    async with sit(size) as desk:
        await desk.press("f")
        assert desk.app.desk.place == "select"
        await desk.press("right", "right", "a", "right", "space", "right", "right", "enter")
        form = desk.app.screen
        assert isinstance(form, FlagForm)
        await desk.type("surv")
        await desk.press("enter")
        await desk.type("too close")
        await desk.press("enter")
        flag = desk.draft(1).person_flags[0].flag
        assert (flag.quote, flag.category, flag.message) == ("watched for 12,500", "surveillance", "too close")
        assert desk.draft(1).decision == "pending"
        assert desk.app.desk.place == "queue"
        await desk.press("a")
        assert "cannot be approved" in desk.notices
        await desk.press("F")
        assert desk.draft(1).person_flags == ()


async def test_soft_flags_are_acknowledged_with_a_reason(sit: Sit) -> None:
    """Each flag is ticked and a reason given before a softly flagged post is approved; less is told, not done."""
    async with sit() as desk:
        await desk.go_to(2)
        await desk.press("a")
        assert isinstance(desk.app.screen, AcknowledgeForm)
        await desk.press("ctrl+s")
        assert "Not every flag is ticked." in desk.text
        flags = len(desk.app.screen.query("Tick"))
        await desk.press(*["space", "tab"] * flags)
        await desk.press("enter")
        assert "It needs a reason." in desk.text
        await desk.type("it is a joke")
        await desk.press("enter")
        assert desk.draft(2).decision == "approved"
        assert any(entry.details.get("reason") == "it is a joke" for entry in workflow.history(desk.store, 2))


async def test_a_sensitive_day_is_answered_for_at_the_desk(sit: Sit, reviewer: Reviewer, tmp_path: Path) -> None:
    """On a day of mourning the desk asks before it schedules, the approval names the day; queue says what it passed over."""
    file = tmp_path / "calendar.yaml"
    file.write_text("- {name: Mourning, on: 2026-11-23}\n", encoding="utf-8")
    keeping = replace(reviewer, checker=Checker(calendar=file))
    async with sit(reviewer=keeping) as desk:
        await desk.press("a")
        await desk.press("s")
        await desk.type("now")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, AcknowledgeForm))
        await desk.calm()
        assert "Mourning" in desk.text
        await desk.press("escape")
        assert desk.draft(1).state == "approved"
        await desk.press("s")
        await desk.type("now")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, AcknowledgeForm))
        await desk.press("space", "tab")
        await desk.type("a tribute")
        await desk.press("enter")
        await desk.until(lambda: desk.draft(1).state == "queued")
        acknowledged = [entry.details.get("acknowledged") for entry in workflow.history(desk.store, 1)]
        assert ["calendar.mourning"] in acknowledged
        await desk.go_to(4)
        await desk.press("a")
        await desk.press("Q")
        assert desk.draft(4).state == "queued"
        assert "2026-11-23 was passed over: Mourning." in desk.notices


@pytest.mark.parametrize("size", SIZES)
async def test_editing_shows_the_flags_as_one_types_and_saves_a_new_revision(sit: Sit, size: tuple[int, int]) -> None:
    """e opens the editor; the verdict follows the words, ctrl+s keeps them and closes it; u gives the old ones back."""
    async with sit(size) as desk:
        await desk.press("e")
        editor = desk.app.screen
        assert isinstance(editor, EditorScreen)
        await desk.type(" Who hurt you?")
        await desk.until(lambda: "✗ block" in desk.text)
        assert "presumed-distress" in desk.text
        await desk.press("ctrl+z")
        await desk.type(" Hurrah!")
        await desk.until(lambda: "✓ pass" in desk.text)
        await desk.press("ctrl+s")
        assert not isinstance(desk.app.screen, EditorScreen)
        assert (desk.draft(1).revision, desk.draft(1).post.text.endswith("one. Hurrah!")) == (2, True)
        await desk.press("u")
        assert desk.draft(1).post.text.endswith("of every one.")


async def test_leaving_the_editor_asks_where_the_text_was_changed(sit: Sit) -> None:
    """esc leaves an unchanged text at once, and asks about a changed one; nothing is kept."""
    async with sit() as desk:
        await desk.press("e", "escape")
        assert desk.app.screen is desk.app.desk
        await desk.press("e")
        await desk.type("x")
        await desk.press("escape")
        assert "Leave without saving?" in desk.text
        await desk.press("escape")
        assert isinstance(desk.app.screen, EditorScreen)
        await desk.press("ctrl+q")
        assert "Leave without saving?" in desk.text
        await desk.press("enter")
        assert desk.app.screen is desk.app.desk
        assert desk.draft(1).revision == 1


async def test_rejecting_needs_a_reason_and_may_mean_the_figure(sit: Sit) -> None:
    """r asks for the reason; R ticks "never this figure"; b brings it back."""
    async with sit() as desk:
        await desk.press("r", "enter")
        assert isinstance(desk.app.screen, ReasonForm)
        assert "It needs a reason." in desk.text
        await desk.press("escape", "R")
        await desk.type("stale")
        await desk.press("enter")
        assert desk.draft(1).state == "rejected"
        assert workflow.never_told(desk.store) == {"f1"}
        await desk.press("b")
        assert desk.draft(1).state == "pending"
        assert workflow.never_told(desk.store) == set()


async def test_queueing_asks_which_account_where_there_are_several(sit: Sit, reviewer: Reviewer) -> None:
    """Q takes the next free slot of the account that is chosen."""
    config = reviewer.config.model_copy(
        update={"accounts": {"practice": Account(), "london": Account(timezone="Europe/London")}}
    )
    workflow.approve(Reviewer("Mia", reviewer.store, config, reviewer.checker), 1, accounts=("practice", "london"))
    async with sit(accounts=config.accounts) as desk:
        await desk.press("3")
        await desk.press("Q")
        await desk.press("down", "enter")
        assert [one.account for one in desk.draft(1).publications] == ["london"]


async def test_snoozing_helping_and_quitting(sit: Sit) -> None:
    """z puts a draft off, ? shows every key, q closes the desk."""
    async with sit() as desk:
        await desk.press("z")
        assert desk.draft(1).state == "snoozed"
        await desk.press("question_mark")
        assert isinstance(desk.app.screen, HelpScreen)
        await desk.press("escape", "q")
        assert desk.app._exit


async def test_a_post_becomes_a_template_after_a_yes(sit: Sit, tmp_path: Path) -> None:
    """t shows the wording and asks; without a folder of one's own it says which key is missing."""
    (tmp_path / "ours").mkdir()
    async with sit(templates=str(tmp_path / "ours")) as desk:
        await desk.press("t")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmForm))
        await desk.press("enter")
        await desk.until(lambda: "is kept" in desk.notices)
    kept = [file.read_text(encoding="utf-8") for file in (tmp_path / "ours").rglob("*.j2")]
    assert len(kept) == 1
    assert "{{ " in kept[0]
    async with sit() as desk:
        await desk.press("t")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmForm))
        await desk.press("enter")
        await desk.until(lambda: "no folder for templates of your own" in desk.notices)


async def test_the_palette_runs_any_action_by_its_name(sit: Sit) -> None:
    """ctrl+p, a few letters and enter do what the key would have done."""
    async with sit() as desk:
        await desk.press("ctrl+p")
        await desk.type("snooze")
        await desk.pilot.pause(0.4)
        await desk.press("enter")
        await desk.until(lambda: desk.draft(1).state == "snoozed")


async def test_a_key_may_be_another(sit: Sit) -> None:
    """`keys` of the config changes the key, the footer and the help; keys may be swapped."""
    async with sit(keys={"approve": "e", "edit": "a", "down": "x"}) as desk:
        assert "e Approve" in desk.text
        await desk.press("x")
        assert desk.app.desk.draft.id == 2
        await desk.press("k", "e")
        assert desk.draft(1).decision == "approved"


async def test_what_waits_stands_first_and_can_be_settled(sit: Sit, reviewer: Reviewer) -> None:
    """An unknown outcome heads the list; w asks what became of it."""
    from assistant.store.tables import PublicationRow

    workflow.approve(reviewer, 4)
    workflow.schedule(reviewer, 4, at="now")
    with reviewer.store.write() as session:
        row = session.get_one(PublicationRow, 1)
        for state in ("claimed", "on_wire", "unknown"):
            row.state = state
            session.add(row)
            session.flush()
    async with sit() as desk:
        assert desk.app.desk.queue.ids[0] == 4
        assert "? unknown" in desk.text
        assert "Waiting 1" in desk.text
        await desk.press("w", "enter")
        await desk.type("8812")
        await desk.press("enter")
        assert (desk.draft(4).state, desk.draft(4).publications[0].remote_id) == ("published", "8812")


async def test_an_empty_store_says_what_to_do(sit: Sit, reviewer: Reviewer) -> None:
    """With nothing to decide, the desk names the command that makes drafts."""
    for draft in workflow.list_drafts(reviewer.store, state="all"):
        workflow.reject(reviewer, draft.id, reason="tidy")
    async with sit() as desk:
        assert "assistant draft" in desk.text
        assert set(workflow.counts(desk.store)) <= set(DRAFT_STATES)
        await desk.press("a", "e", "f", "enter", "j", "s", "u")
        assert "nothing to undo" in desk.notices


async def test_another_program_changes_the_store_and_the_cursor_stays(sit: Sit, reviewer: Reviewer) -> None:
    """What another program decides is seen at the next look, and the draft under the cursor stays under it."""
    async with sit() as desk:
        await desk.go_to(3)
        workflow.approve(reviewer, 1)
        workflow.reject(reviewer, 3, reason="elsewhere")
        desk.app.desk.lookout._next = 0
        await desk.until(lambda: 1 not in desk.app.desk.queue.ids)
        await desk.until(lambda: desk.app.desk.draft.state == "rejected")
        assert desk.app.desk.queue.current == 3


async def test_wording_is_selected_with_the_mouse(sit: Sit) -> None:
    """Dragging over the post selects signs exactly; f flags them right away; a click alone selects nothing."""
    async with sit((120, 36)) as desk:
        post = desk.app.desk.pane.post
        await desk.pilot.mouse_down(post, offset=(8, 0))
        await desk.pilot.hover(post, offset=(13, 0))
        await desk.pilot.mouse_up(post, offset=(13, 0))
        await desk.calm()
        assert desk.app.desk.place == "queue"
        assert desk.app.desk.dragged == (8, 14)
        await desk.press("f", "enter", "enter")
        assert desk.draft(1).person_flags[0].flag.quote == "Lights"
        await desk.pilot.click(post, offset=(3, 0))
        await desk.calm()
        assert desk.app.desk.dragged is None


async def test_the_mouse_finds_drafts_filters_and_keys(sit: Sit) -> None:
    """A click chooses a draft, a second one opens it; filters and keys can be clicked on too."""
    async with sit() as desk:
        await desk.pilot.click("#queue", offset=(5, 5))
        await desk.calm()
        assert desk.app.desk.draft.id == 3
        await desk.pilot.click("#filters", offset=(desk.text.split("\n")[1].index("All"), 0))
        await desk.calm()
        assert desk.app.desk.view.filter == 7
        await desk.pilot.click("#keys", offset=(desk.text.split("\n")[-1].index("Help"), 0))
        await desk.calm()
        assert isinstance(desk.app.screen, HelpScreen)


async def test_what_is_held_is_given_back_and_everything_can_be_paused(sit: Sit, reviewer: Reviewer) -> None:
    """w offers to send now, later or not at all; P stops all publishing with a reason, and starts it again."""
    from assistant.store.tables import PublicationRow

    workflow.approve(reviewer, 1)
    workflow.schedule(reviewer, 1, at="now")
    with reviewer.store.write() as session:
        row = session.get_one(PublicationRow, 1)
        row.state = "held"
        session.add(row)
    async with sit() as desk:
        await desk.press("w", "enter")
        assert desk.draft(1).state == "queued"
        await desk.press("P", "enter")
        await desk.type("a storm")
        await desk.press("enter")
        assert "Paused" in desk.notices
        await desk.press("P", "down", "enter")
        assert "Resumed" in desk.notices


async def test_the_theme_changes_and_a_post_is_copied(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """T changes between dark and light; y gives the text to the system's clipboard."""
    copied: list[str] = []
    monkeypatch.setattr("assistant.review.clipboard.copy", copied.append)
    async with sit() as desk:
        await desk.press("T")
        assert not desk.app.current_theme.dark
        await desk.press("T", "y")
        assert desk.app.current_theme.dark
        await desk.until(lambda: copied == [desk.draft(1).post.text])
