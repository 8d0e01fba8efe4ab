"""The application: the store's work in threads, themes, notifications; the screens ask it for these."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from textual import on
from textual.app import App, SystemCommand
from textual.message_pump import MessagePump
from textual.screen import Screen

from assistant import workflow
from assistant.config import Config
from assistant.errors import AssistantError
from assistant.review import actions, clipboard
from assistant.review.desk import DeskScreen
from assistant.review.editor import EditorScreen, check_text
from assistant.review.help import HelpScreen
from assistant.review.palette import DeskCommands
from assistant.review.shown import shown
from assistant.review.themes import DARK, LIGHT
from assistant.review.view import Shelf, StoreShelf
from assistant.review.work import Examined, Failed, Job, deciding, done
from assistant.reviewed import Decision
from assistant.store import Store
from assistant.workflow import Reviewer

WIDTHS = [(0, "-narrow"), (100, "-wide")]  # cells from which a class of desk.tcss applies


class DeskApp(App[None]):
    """The review desk. Whatever touches the store is handed over to a thread and comes back as a message."""

    CSS_PATH = "desk.tcss"
    TITLE = "Review desk"
    COMMANDS = App.COMMANDS | {DeskCommands}
    BINDINGS = actions.bindings("app")
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, config: Config, store: Store, reviewer: Reviewer, *, shelf: Shelf | None = None) -> None:
        self.keys = actions.keys_of(config.keys, config.file)
        super().__init__()
        self.config, self.reviewer = config, reviewer
        self._store = store
        self.shelf: Shelf = shelf or StoreShelf(store)
        self.desk = DeskScreen(self)
        self._earlier: list[str] | None = None

    def on_mount(self) -> None:
        """Themes, the person's own keys, the desk."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.set_keymap(actions.keymap(self.keys))
        self.push_screen(self.desk)

    def get_system_commands(self, screen: Screen[Any]) -> Any:  # noqa: ARG002 (Textual's signature)
        """Of Textual's own commands, the themes; everything else is an action of ours."""
        yield SystemCommand("Theme", "Choose among all themes.", self.search_themes)

    def hand_over(
        self, target: MessagePump, job: Job, name: str, *, asked: Sequence[int] = (), undone: Decision | None = None
    ) -> None:
        """Have a job done in a thread; its message goes to `target`, a failure comes here."""
        work = partial(self._work, target, job, name, asked, undone)
        self.run_worker(work, name=name, group="store", thread=True, exit_on_error=False)

    def _work(self, target: MessagePump, job: Job, name: str, asked: Sequence[int], undone: Decision | None) -> None:
        message = done(job, name, asked, undone)
        (self if isinstance(message, Failed) else target).post_message(message)

    @on(Failed)
    def failed(self, message: Failed) -> None:
        """The desk decides what to make of it."""
        self.desk.failed(message)

    def tell(
        self, what: str, more: str = "", *, severity: Literal["information", "warning", "error"] = "information"
    ) -> None:
        """A notification; foreign text may stand in it."""
        self.notify(shown(more), title=shown(what), severity=severity, markup=False)

    def complain(self, message: Failed) -> None:
        """An error of a job: what is wrong and what to do; a fault of ours is called one."""
        error = message.error
        if isinstance(error, AssistantError):
            self.tell(error.what or str(error), error.remedy, severity="warning" if error.exit_code == 1 else "error")
        else:
            told = f"{type(error).__name__}: {error}"
            self.tell("That went wrong, by a fault of the program.", told, severity="error")

    @on(EditorScreen.Check)
    def check(self, message: EditorScreen.Check) -> None:
        """Check a text that rests."""
        checker, store = self.reviewer.checker, self._store

        def job() -> Examined:
            earlier = workflow.recent_texts(store)
            return Examined(check_text(checker, message.draft, message.text, earlier))

        self.hand_over(self, job, "check")

    @on(Examined)
    def examined(self, message: Examined) -> None:
        """What the checks say, to the editor if it is still open."""
        if isinstance(self.screen, EditorScreen):
            self.screen.show(message.checked)

    @on(EditorScreen.Save)
    def save(self, message: EditorScreen.Save) -> None:
        """Keep a new revision; the editor closes when that is done."""
        self.hand_over(self.desk, deciding(self.reviewer, message.draft, workflow.edit, text=message.text), "verb")

    def copy(self, text: str) -> None:
        """To the system's clipboard in a thread, and to the terminal's."""
        self.copy_to_clipboard(text)
        self.run_worker(partial(clipboard.copy, text), thread=True, exit_on_error=False)
        self.tell("Copied", "The post's text is on the clipboard.")

    def change_light(self) -> None:
        """Dark to light, light to dark."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_help(self) -> None:
        """All keys."""
        self.push_screen(HelpScreen(self.keys))

    async def action_quit(self) -> None:
        """Close the desk; a text that was changed is asked about first."""
        if isinstance(self.screen, EditorScreen) and self.screen.is_changed:
            self.screen.action_leave()
        else:
            self.exit()

    async def settled(self) -> None:
        """Wait until nothing is being read or decided: for screenshots and tests."""
        while busy := [worker for worker in self.workers if worker.group == "store" and not worker.is_finished]:
            await self.workers.wait_for_complete(busy)
