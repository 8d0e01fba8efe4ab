"""Foreign text is harmless wherever it is shown; the store is never touched by the UI thread; no error closes the desk."""

from __future__ import annotations

import io
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlmodel import Session

from assistant import review, workflow
from assistant.config import Config
from assistant.errors import ConfigError, Refused, StoreError, UsageError
from assistant.models import Post, Report
from assistant.review.app import DeskApp
from assistant.review.editor import EditorScreen
from assistant.review.view import Listing, View
from assistant.reviewed import Draft
from assistant.store import Store
from assistant.store.audit import Entry
from assistant.workflow import Reviewer
from review.sitting import CONTROLS, HOSTILE, LONG, Sit
from workshop import MONDAY


def is_harmless(text: str) -> bool:
    """No control and no bidi character but the line ends of the screen itself."""
    return not (CONTROLS - {"\n"}) & set(text)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_hostile_text_is_shown_harmlessly_in_list_draft_flags_evidence_and_forms(
    sit: Sit, size: tuple[int, int]
) -> None:
    """Markup is shown as it stands, an ESC as ␛, an override as ⟨202E⟩; nothing is run, nothing reaches the terminal raw."""
    async with sit(size) as desk:
        await desk.go_to(3)
        await desk.press("enter")
        words = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹\s│]", "", desk.text)  # without the flags' numbers, however it is wrapped
        for told in ("[/b]", "[@click=app.quit]quit[/]", "␛", "⟨202E⟩", "⟨200B⟩", "␇"):
            assert told in words, told
        seen = [desk.text]
        for keys in (
            ("G",),
            ("g", "f", "space", "down", "enter"),
            ("escape", "escape", "r"),
            ("escape", "e"),
            ("escape",),
        ):
            await desk.press(*keys)
            seen.append(desk.text)
        assert "Evil [/i] ⟨202E⟩name" in "\n".join(seen)
        assert all(map(is_harmless, seen))
        await desk.press("a")
        assert "cannot be approved" in desk.notices
        assert is_harmless(desk.notices)
        assert desk.app.is_running


async def test_the_editor_shows_glyphs_and_keeps_what_they_stand_for(sit: Sit) -> None:
    """A hidden character is one sign in the editor; saving another change keeps it, deleting the sign removes it."""
    async with sit() as desk:
        await desk.go_to(3)
        await desk.press("e")
        editor = desk.app.screen
        assert isinstance(editor, EditorScreen)
        assert editor.area.real_text == HOSTILE
        assert is_harmless(desk.text)
        assert all(sign in desk.text for sign in ("␛[31m", "⇄evil⇄", "zero◊width", "␇"))
        await desk.type(" More\u2028text\x1b")
        assert is_harmless(desk.text)
        await desk.press("ctrl+s")
        assert desk.draft(3).post.text == HOSTILE + " More\u2028text\x1b"


async def test_long_and_wide_texts_fit_every_screen(sit: Sit) -> None:
    """Four thousand characters and letters of two cells are wrapped, cut and edited without leaving their place."""
    async with sit() as desk:
        for draft_id in (5, 6):
            await desk.go_to(draft_id)
            assert all(len(line) <= 80 for line in desk.text.split("\n"))
            await desk.press("enter", "G", "escape", "e")
            assert desk.app.screen.area.real_text == desk.draft(draft_id).post.text
            await desk.press("escape")
        assert desk.draft(5).post.text == LONG


async def test_names_and_searches_from_outside_are_harmless_too(sit: Sit, reviewer: Reviewer) -> None:
    """The actor's name, a flag's note, a reason and what is searched for are foreign text as well."""
    evil = Reviewer("M\x1b[31m [/b]", reviewer.store, reviewer.config, reviewer.checker)
    workflow.flag(evil, 1, start=0, end=7, category="shaming", message="[bold]\x1b]0;x\x07 \u202e")
    async with sit() as desk:
        await desk.press("slash")
        await desk.type("a[/b]\u202eb")
        await desk.until(lambda: desk.app.desk.view.search == "a[/b]b")
        await desk.press("escape")
        await desk.go_to(1)
        await desk.press("enter", "G")
        assert "M␛[31m [/b]" in desk.text
        assert is_harmless(desk.text)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> set[threading.Thread]:
    """The threads that opened a transaction."""
    seen: set[threading.Thread] = set()

    def watched(real: Callable[[Store], Any]) -> Callable[[Store], Any]:
        @contextmanager
        def transaction(store: Store) -> Iterator[Session]:
            seen.add(threading.current_thread())
            with real(store) as session:
                yield session

        return transaction

    monkeypatch.setattr(Store, "read", watched(Store.read))
    monkeypatch.setattr(Store, "write", watched(Store.write))
    return seen


async def test_the_ui_thread_never_touches_the_store(sit: Sit, threads: set[threading.Thread]) -> None:
    """Lists, drafts, histories, checks and decisions all work in other threads."""
    async with sit() as desk:
        await desk.press("j", "enter", "n", "escape", "2", "l", "l", "l", "1", "g", "a", "s")
        await desk.type("now")
        await desk.press("enter", "c", "u", "z", "e")
        await desk.type("!")
        await desk.until(lambda: "not yet checked" not in desk.text)
        await desk.press("ctrl+s", "u")
        assert threads
        assert threading.current_thread() not in threads


async def test_a_refusal_is_shown_with_its_remedy(sit: Sit) -> None:
    """The answer "no" of a verb is a notification, and the desk stays open."""
    async with sit() as desk:
        await desk.press("c")
        assert "nothing to take back" in desk.notices
        await desk.press("Q", "s", "F", "w")
        assert "not approved" in desk.notices
        assert desk.app.is_running


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreError("The [disk] \x1b is full.", remedy="Make room."), "The [disk] ␛ is full. Make room."),
        (RuntimeError("[/b] \u202e"), "by a fault of the program. RuntimeError: [/b] ⟨202E⟩"),
        (Refused("No.", remedy="[x]"), "No. [x]"),
    ],
)
async def test_an_error_in_a_worker_leaves_the_desk_open(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    """Whatever a verb raises is shown as it stands; the same desk goes on working."""

    def fails(*_: object, **__: object) -> None:
        raise error

    async with sit() as desk:
        with monkeypatch.context() as patched:
            patched.setattr(workflow, "snooze", fails)
            await desk.press("z")
        assert told in desk.notices
        await desk.press("z")
        assert desk.draft(1).state == "snoozed"


async def test_a_store_that_fails_while_it_is_read_is_told_once(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that comes to nothing is told once, and the next ones bring the list back."""

    def fails(*_: object, **__: object) -> None:
        raise StoreError("locked", remedy="Try again.")

    async with sit() as desk:
        with monkeypatch.context() as patched:
            patched.setattr(workflow, "counts", fails)
            for _ in range(3):
                desk.app.desk.look()
                await desk.calm()
            assert desk.notices.count("locked") == 1
        await desk.press("8")
        assert len(desk.app.desk.queue.ids) == 6


async def test_what_another_program_changed_is_not_approved_unseen(sit: Sit, reviewer: Reviewer) -> None:
    """A verb on a draft whose text is another one by now is refused: the person has not read it."""
    async with sit() as desk:
        workflow.edit(reviewer, 1, text="Something else entirely.")
        await desk.press("a")
        assert desk.draft(1).decision == "pending"
        assert "changed meanwhile" in desk.notices


async def test_keys_typed_ahead_do_not_decide_on_the_draft_before(sit: Sit) -> None:
    """Between a move and the draft that it brings, a decision is about nothing."""
    async with sit() as desk:
        desk.app.desk.queue.cursor = 1
        desk.app.desk.action_verb("snooze")
        await desk.calm()
        assert desk.draft(1).state == "pending"


class ManyDrafts:
    """A shelf of twenty thousand drafts that counts what is asked of it."""

    def __init__(self, count: int = 20_000) -> None:
        self._ids = tuple(range(1, count + 1))
        self.asked: list[int] = []

    def listing(self, view: View) -> Listing:
        """All of them, in any view."""
        return Listing(view, self._ids, {"pending": len(self._ids)}, MONDAY)

    def drafts(self, ids: Sequence[int]) -> list[Draft]:
        """Made when asked for."""
        self.asked += ids
        return [_small(draft_id) for draft_id in ids]

    def story(self, draft_id: int) -> list[Entry]:
        """Nothing was done yet."""
        return []


def _small(draft_id: int) -> Draft:
    return Draft(draft_id, 1, "pending", Post(f"Text {draft_id}", "en", ("practice",)), None, None, Report(), 8)


async def test_a_long_list_fetches_only_the_pages_that_are_shown(reviewer: Reviewer) -> None:
    """At the end of twenty thousand drafts, a few pages have been fetched, and moving stays quick."""
    shelf = ManyDrafts()
    app = DeskApp(reviewer.config, reviewer.store, reviewer, shelf=shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("G", "k", "pageup", "g", "pagedown"):
            await pilot.pause(0.02)
            await app.settled()
            app.simulate_key(key)
        await pilot.pause(0.02)
        await app.settled()
        await pilot.pause(0.02)
        assert app.desk.queue.current == 11
        assert len(set(shelf.asked)) <= 200
        assert 20_000 in shelf.asked


def test_a_key_that_cannot_be_is_refused_before_the_desk_opens(reviewer: Reviewer, desk_config: Config) -> None:
    """A wrong `keys` entry is a ConfigError that names file and key."""
    config = desk_config.model_copy(update={"keys": {"aprove": "x"}})
    with pytest.raises(ConfigError, match=r"config\.yaml: keys\.aprove: .*Did you mean approve\?"):
        review.run(config, reviewer.store, reviewer)


def test_without_a_terminal_the_commands_are_named(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk does not open into a file or a pipe, and says what works there."""
    monkeypatch.setattr(sys, "__stdin__", io.StringIO())
    with pytest.raises(UsageError, match=r"needs a terminal\. .*approve"):
        review.run(reviewer.config, reviewer.store, reviewer)


def test_the_screenshot_asks_for_nothing_from_the_network(reviewer: Reviewer, tmp_path: Any) -> None:
    """The SVG shows a draft by its id and names no address but that of the format."""
    review.screenshot(reviewer.config, reviewer.store, reviewer, tmp_path / "desk.svg", size=(100, 30), draft_id=4)
    svg = (tmp_path / "desk.svg").read_text(encoding="utf-8")
    assert "Harbour" in svg
    assert "#4" in svg
    assert svg.replace("http://www.w3.org/2000/svg", "").count("http") == 0
