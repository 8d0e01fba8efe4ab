"""The desk itself: the list, the draft beside it, and what happens when something is pressed or comes from the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from assistant.config import Config
from assistant.errors import Refused
from assistant.review import actions
from assistant.review.bars import FilterBar, KeyBar, head_line
from assistant.review.draft import MUTED
from assistant.review.editor import EditorScreen
from assistant.review.evidence import decision_words
from assistant.review.fields import Field
from assistant.review.forms import Form
from assistant.review.lookout import Lookout
from assistant.review.page import Page
from assistant.review.pane import Pane
from assistant.review.post import PostView
from assistant.review.queue import Queue
from assistant.review.shown import styled
from assistant.review.verbs import VERBS, flag_span, pause
from assistant.review.view import FILTERS, View
from assistant.review.work import Decided, Failed, Fetched, Job, Listed, Told, Verb, deciding, undoing
from assistant.reviewed import Decision, Draft

if TYPE_CHECKING:
    from assistant.review.app import DeskApp

Answer = TypeVar("Answer")
_SETTLE = 0.12  # seconds that a cursor rests before a draft's history is read
_UNDOABLE = ("approve", "reject", "snooze", "edit", "flag", "unflag", "queue", "schedule", "cancel")


class DeskScreen(Screen[None]):
    """The list on the left, the draft on the right; in a narrow terminal an opened draft takes the whole width."""

    BINDINGS = actions.bindings("desk")
    opened: reactive[bool] = reactive(False, toggle_class="-opened")

    def __init__(self, app: DeskApp) -> None:
        super().__init__()
        self._desk_app = app
        self.config: Config = app.config
        self.reviewer = app.reviewer
        self.view = View()
        self.lookout = Lookout(app.shelf, lambda job, name, asked: app.hand_over(self, job, name, asked=asked))
        self._decisions: list[Decision] = []
        self._waits: dict[str, Timer] = {}

    def compose(self) -> ComposeResult:
        """Two lines on top, the list and the draft, the search when it is asked for, the keys."""
        yield Page(id="title")
        yield FilterBar(id="filters")
        with Horizontal(id="body"):
            yield Queue(self.config, id="queue")
            yield Pane(self.config, id="pane")
        yield Field(placeholder="Words of the text or the title; ⏎ keeps the search, esc drops it", id="search")
        yield KeyBar(self._desk_app.keys, id="keys")

    def on_mount(self) -> None:
        """Ask for the first list; look again every few seconds, because other programs change the store too."""
        self.query_one("#search").display = False
        self.queue.focus()
        self._tell()
        self.look()
        self.set_interval(0.5, self._look_again)

    @property
    def queue(self) -> Queue:
        """The list."""
        return self.query_one(Queue)

    @property
    def pane(self) -> Pane:
        """The draft."""
        return self.query_one(Pane)

    @property
    def draft(self) -> Draft | None:
        """The draft that the keys are about: the one shown, and nothing while another one is on its way."""
        shown, listing = self.pane.draft, self.lookout.listing
        settled = listing is not None and listing.view == self.view
        return shown if settled and shown is not None and shown.id == self.queue.current else None

    @property
    def dragged(self) -> tuple[int, int] | None:
        """The wording that the mouse selected."""
        return self.pane.post.dragged

    @property
    def place(self) -> str:
        """Where the keyboard is."""
        if self.focused is self.pane.post:
            return "select"
        return "draft" if self.focused is self.pane else "queue"

    def now(self) -> datetime:
        """The store's clock."""
        return self.lookout.now()

    def look(self, goto: int | None = None) -> None:
        """Read the list and the counts anew."""
        self.lookout.look(self.view, goto)

    def _look_again(self) -> None:
        if self.lookout.is_due:
            self.look()
            self.lookout.fetch([*self.queue.visible_ids(), *([self.draft.id] if self.draft else [])])

    def _read_story(self) -> None:
        if self.draft is not None:
            self.lookout.read_story(self.draft.id)

    # What comes from the store

    @on(Listed)
    def listed(self, message: Listed) -> None:
        """A list: the cursor stays where it was, unless the view is another one."""
        fresh = self.lookout.came(message.listing, self.view)
        if fresh is not None:
            self.queue.empty = self._empty
            self.queue.show(message.listing.ids, message.listing.now, goto=message.goto, fresh=fresh)
            self.pane.grow_older(message.listing.now)
            self._tell()

    @on(Queue.Wanted)
    def wanted(self, message: Queue.Wanted) -> None:
        """Drafts that the list is about to show."""
        self.lookout.fetch(list(message.ids))

    @on(Fetched)
    def fetched(self, message: Fetched) -> None:
        """Drafts as they stand now."""
        self.queue.fill(message.asked, message.drafts)
        if self.queue.current in {draft.id for draft in message.drafts}:
            self._show_current()

    @on(Queue.Moved)
    def moved(self) -> None:
        """Another draft under the cursor."""
        self._show_current()

    def _show_current(self) -> None:
        wanted = self.queue.current
        draft = self.queue.pages.get(wanted) if wanted is not None else None
        before = self.pane.draft
        if draft is None and wanted is not None:
            if before is not None and before.id != wanted:
                self.pane.show(None, self.now())
            return
        self.pane.show(draft, self.now(), empty=self._empty)
        if draft is not None and draft != before:
            self._later("story", _SETTLE, self._read_story)
        self._tell_keys()

    @on(Told)
    def told(self, message: Told) -> None:
        """A draft's history."""
        if self.draft is not None and self.draft.id == message.draft_id:
            self.pane.tell(message.entries, self.now())

    @on(Decided)
    def decided(self, message: Decided) -> None:
        """Something was decided: say so, keep it for undo, look at how things stand now."""
        decision, undone = message.decision, message.undone
        if undone is None and decision.action in _UNDOABLE and decision.draft_id is not None:
            self._decisions.append(decision)
        self._desk_app.tell(*decision_words(decision, undone, self.config))
        editor = self.app.screen
        if isinstance(editor, EditorScreen) and decision.action == "edit" and editor.draft.id == decision.draft_id:
            editor.dismiss(None)
        self.look(goto=decision.draft_id if undone else None)
        if decision.draft_id is not None:
            self.lookout.fetch([decision.draft_id, *decision.details.get("siblings", ())])

    def failed(self, message: Failed) -> None:
        """A job came to nothing: say so once, and let the next look try again."""
        self.queue.pages.put(message.asked, ())
        if message.undone is not None and not isinstance(message.error, Refused):
            self._decisions.append(message.undone)
        if not self.lookout.is_known(message):
            self._desk_app.complain(message)

    # What is shown around it

    def _empty(self, width: int) -> list[Content]:
        """What to do where there is nothing, once that is known."""
        if self.lookout.listing is None:
            return []
        if self.view.is_narrowed:
            told = "Nothing fits. esc drops the search, l changes the language."
        else:
            told = FILTERS[self.view.filter].empty
        return [Content(""), *styled(told, MUTED).wrap(width)]

    def _tell(self) -> None:
        listing, view, who = self.lookout.listing, self.view, self.reviewer.name
        count = len(self.queue.ids)
        self.query_one("#title", Page).write(lambda width: [head_line(listing, view, who, width, count)])
        self.query_one(FilterBar).show(listing, view)
        self._tell_keys()

    def _tell_keys(self) -> None:
        self.query_one(KeyBar).show(self.place, self.draft, can_undo=bool(self._decisions))

    def on_descendant_focus(self) -> None:
        """Other keys apply."""
        self._tell_keys()

    def on_screen_resume(self) -> None:
        """Back from the editor or a form."""
        self._tell_keys()

    def _later(self, name: str, seconds: float, call: object) -> None:
        if name in self._waits:
            self._waits[name].stop()
        self._waits[name] = self.set_timer(seconds, call)  # type: ignore[arg-type]

    # What is pressed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (Textual's signature)
        """While wording is chosen, no letter decides anything."""
        return not (self.is_mounted and self.place == "select" and hasattr(self, f"action_{action}"))

    def action_verb(self, name: str) -> None:
        """A decision on the draft that is shown."""
        if self.draft is not None:
            self.run_worker(VERBS[name](self, self.draft), group="asking", exclusive=True)

    async def ask(self, form: Form[Answer]) -> Answer | None:
        """A form's answer; None where it was taken back."""
        return await self.app.push_screen_wait(form)

    def do(self, job: Job) -> None:
        """Have something decided that is about no draft."""
        self._desk_app.hand_over(self, job, "verb")

    def decide(self, draft: Draft, verb: Verb, **options: object) -> None:
        """Have a verb done, off the UI thread."""
        self.do(deciding(self.reviewer, draft, verb, **options))

    def refuse(self, what: str, remedy: str) -> None:
        """The answer is no, and it is known already."""
        self._desk_app.tell(what, remedy, severity="warning")

    def say(self, what: str, more: str) -> None:
        """Something was done that is no decision on a draft."""
        self._desk_app.tell(what, more)

    def action_undo(self) -> None:
        """Turn back the last decision of this session."""
        if not self._decisions:
            self.refuse("There is nothing to undo.", "Only decisions of this session can be turned back.")
            return
        decision = self._decisions.pop()
        self._desk_app.hand_over(self, undoing(self.reviewer, decision), "verb", undone=decision)

    def open_editor(self, draft: Draft) -> None:
        """The draft's text in an editor."""
        self.app.push_screen(EditorScreen(draft, self._desk_app.keys))

    def choose_wording(self) -> None:
        """Into the post, to choose what to flag."""
        self.pane.scroll_home(animate=False)
        self.pane.post.focus()

    def leave_post(self) -> None:
        """Out of the post."""
        self.pane.post.forget()
        (self.pane if self.opened else self.queue).focus()

    @on(PostView.Left)
    def left_post(self) -> None:
        """Nothing was chosen."""
        self.leave_post()

    @on(PostView.Chosen)
    def chose(self, message: PostView.Chosen) -> None:
        """A wording was chosen: ask for its category."""
        if self.draft is not None:
            self.run_worker(flag_span(self, self.draft, message.span), group="asking", exclusive=True)

    @on(Queue.Opened)
    def open_draft(self) -> None:
        """Into the draft."""
        self.opened = True
        self.pane.focus()

    def action_back(self) -> None:
        """Out of the search, out of the draft; in the list, without the search."""
        search = self.query_one("#search", Field)
        if search.display:
            search.value, search.display = "", False
            self.queue.focus()
            self._change(replace(self.view, search=""))
        elif self.opened or self.focused is not self.queue:
            self.opened = False
            self.queue.focus()
        elif self.view.is_narrowed:
            self._change(replace(self.view, search="", lang=None))

    def action_next_draft(self) -> None:
        """The next draft, still opened."""
        self.queue.cursor += 1

    def action_previous_draft(self) -> None:
        """The draft before, still opened."""
        self.queue.cursor -= 1

    def action_section(self) -> None:
        """The next part of the draft."""
        self.pane.step(1)

    def action_section_back(self) -> None:
        """The part before."""
        self.pane.step(-1)

    def _change(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self._tell()
            self.look()

    @on(FilterBar.Picked)
    def picked(self, message: FilterBar.Picked) -> None:
        """A filter was clicked on."""
        self._change(replace(self.view, filter=message.filter))

    def action_filter(self, number: int) -> None:
        """A filter by its number."""
        self._change(replace(self.view, filter=number - 1))

    def action_next_filter(self) -> None:
        """The next filter."""
        self._change(self.view.cycled(1))

    def action_previous_filter(self) -> None:
        """The filter before."""
        self._change(self.view.cycled(-1))

    def action_language(self) -> None:
        """The next language."""
        self._change(self.view.next_language(self.config.languages))

    def action_search(self) -> None:
        """Type what to search for."""
        search = self.query_one("#search", Field)
        search.display = True
        search.focus()

    @on(Input.Changed, "#search")
    def searching(self, event: Input.Changed) -> None:
        """The list follows what is typed."""
        text = event.value
        self._later("search", 0.25, lambda: self._change(replace(self.view, search=text.strip())))

    @on(Input.Submitted, "#search")
    def searched(self, event: Input.Submitted) -> None:
        """Back to the list, which stays searched."""
        self.query_one("#search").display = False
        self.queue.focus()
        self._change(replace(self.view, search=event.value.strip()))

    def action_copy(self) -> None:
        """The post's text to the clipboard."""
        if self.draft is not None:
            self._desk_app.copy(self.draft.post.text)

    def action_pause(self) -> None:
        """Stop or start all publishing."""
        self.run_worker(pause(self), group="asking", exclusive=True)

    def action_light(self) -> None:
        """The other theme."""
        self._desk_app.change_light()

    def action_help(self) -> None:
        """All keys."""
        self._desk_app.action_help()

    def action_quit(self) -> None:
        """Close the desk."""
        self.app.exit()
