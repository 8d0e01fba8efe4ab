"""The editor: a post's text with its flags underlined while one types, its length and its verdict beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import TextArea

from assistant.checks import Checker, weighted_length
from assistant.models import Flag, Report, verdict_of
from assistant.review import actions
from assistant.review.actions import Keymap
from assistant.review.bars import KeyBar
from assistant.review.disguise import Disguise
from assistant.review.draft import MAX_LENGTH, MUTED, flag_lines, not_checked, verdict_words
from assistant.review.forms import ConfirmForm
from assistant.review.page import Page
from assistant.review.shown import joined, plain, rule, spread, styled
from assistant.reviewed import Draft
from assistant.workflow import candidate_of

PATIENCE = 0.25  # seconds without a key before the text is checked


class MarkedArea(TextArea):
    """A text area whose flagged wordings are underlined, and that never holds a hidden character."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"marked--error", "marked--warning", "marked--suggestion", "marked--hidden"}

    def __init__(self, text: str, flags: Sequence[Flag], *, id: str | None = None) -> None:
        self._disguise = Disguise()
        self._flags: list[Flag] = list(flags)
        super().__init__(self._disguise.cover(text), id=id, tab_behavior="focus", highlight_cursor_line=False)

    @property
    def real_text(self) -> str:
        """What is kept when it is saved."""
        return self._disguise.uncover(self.text)

    def mark(self, flags: Sequence[Flag]) -> None:
        """Underline these."""
        self._flags = list(flags)
        self.notify_style_update()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line with its flags; hidden characters as glyphs, one cell for one code point."""
        covered = self.document.get_line(line_index)
        line = Text(self._disguise.drawn(covered), end="", no_wrap=True)
        offset = sum(len(self.document.get_line(at)) + 1 for at in range(line_index))
        for start, end, level in spans_in(self._flags, offset, len(covered)):
            line.stylize(self.get_component_rich_style(f"marked--{level}", partial=True), start, end)
        for at in self._disguise.unseen(covered):
            line.stylize(self.get_component_rich_style("marked--hidden", partial=True), at, at + 1)
        return line

    def go_to(self, at: int) -> None:
        """The cursor before a code point."""
        before = self.text[:at].split("\n")
        self.move_cursor((len(before) - 1, len(before[-1])))

    @property
    def place(self) -> int:
        """The code point that the cursor stands before."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(at)) + 1 for at in range(row)) + column

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.put(event.text)

    def action_paste(self) -> None:
        """What was copied, hidden characters covered."""
        self.put(self.app.clipboard)

    def put(self, text: str) -> None:
        """Insert a foreign text in place of the selection."""
        told = self._disguise.cover(text.replace("\r\n", "\n").replace("\r", "\n"))
        self.move_cursor(self.replace(told, *self.selection).end_location)

    def action_copy(self) -> None:
        """Copy what is selected as it really is."""
        if self.selected_text:
            self.app.copy_to_clipboard(self._disguise.uncover(self.selected_text))

    def action_cut(self) -> None:
        """Copy what is selected and take it out."""
        self.action_copy()
        if self.selected_text:
            self.delete(*self.selection)


def spans_in(flags: Sequence[Flag], offset: int, length: int) -> list[tuple[int, int, str]]:
    """The parts of flags that lie in a line of `length` code points at `offset`, the worst level last (it wins)."""
    order = {"suggestion": 0, "warning": 1, "error": 2}
    parts = [(max(0, f.start - offset), min(length, f.end - offset), f.level) for f in flags]
    return sorted(((s, e, level) for s, e, level in parts if s < e), key=lambda part: order[part[2]])


def shifted(flags: Sequence[Flag], old: str, new: str) -> list[Flag]:
    """Flags moved along with an edit; those that it touched are gone until the text is checked again."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    by, last = len(new) - len(old), len(old) - tail
    kept = []
    for flag in flags:
        if flag.end <= head:
            kept.append(flag)
        elif flag.start >= last:
            kept.append(replace(flag, start=flag.start + by, end=flag.end + by))
    return kept


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def persons_flags(draft: Draft, text: str) -> list[Flag]:
    """A person's flags stay while their wording is there, wherever it now stands."""
    found = []
    for one in draft.person_flags:
        at = text.find(one.flag.quote)
        if at >= 0 and one.flag.quote:
            found.append(replace(one.flag, start=at, end=at + len(one.flag.quote)))
    return found


@dataclass(frozen=True)
class Checked:
    """What the checks said of a text that was being typed."""

    text: str
    report: Report
    length: int


def status(checked: Checked | None, flags: Sequence[Flag], width: int) -> Content:
    """`142/280 · ✗ block`, or that nobody has looked yet."""
    if checked is None:
        return spread(styled("… not yet checked", "bold $text-warning"), styled(f"–/{MAX_LENGTH}", MUTED), width)
    over = checked.length > MAX_LENGTH
    length = styled(f"{checked.length}/{MAX_LENGTH}", "bold $text-error" if over else "bold")
    if over:
        length = joined([length, styled(f"{checked.length - MAX_LENGTH} too many", "bold $text-error")])
    return spread(verdict_words(verdict_of(flags)), length, width)


class EditorScreen(Screen[None]):
    """One draft's text in an editor. It asks for checks and for saving; others do both, off the UI thread."""

    BINDINGS = actions.bindings("editor")

    class Check(Message):
        """The text rests: check it."""

        def __init__(self, draft: Draft, text: str) -> None:
            super().__init__()
            self.draft, self.text = draft, text

    class Save(Message):
        """Keep the text."""

        def __init__(self, draft: Draft, text: str) -> None:
            super().__init__()
            self.draft, self.text = draft, text

    def __init__(self, draft: Draft, keys: Keymap) -> None:
        super().__init__()
        self.draft, self._keys = draft, keys
        self._flags: list[Flag] = list(draft.flags)
        self._checked: Checked | None = Checked(draft.post.text, draft.report, draft.weighted_length)
        self._skipped = draft.report.not_checked
        self._seen = draft.post.text
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The text, how it stands, its flags, the keys."""
        yield Page(id="editor-head")
        with Vertical(id="editor-box"):
            yield MarkedArea(self.draft.post.text, self._flags, id="editor")
        yield Page(id="editor-status")
        with VerticalScroll(id="editor-scroll", can_focus=False):
            yield Page(id="editor-flags")
        yield KeyBar(self._keys, id="keys")

    def on_mount(self) -> None:
        """The cursor at the end, where one usually goes on."""
        parts = [styled(" Edit", "bold"), styled(f"#{self.draft.id}", "bold"), plain(self.draft.post.lang, MUTED)]
        approved = self.draft.decision == "approved"
        note = styled("saving takes the approval back ", "bold $text-warning") if approved else Content("")
        self.query_one("#editor-head", Page).write(lambda width: [spread(joined(parts), note, width)])
        self.query_one(KeyBar).show("editor", self.draft)
        self.area.move_cursor(self.area.document.end)
        self.area.focus()
        self._tell()

    @property
    def area(self) -> MarkedArea:
        """The text area."""
        return self.query_one(MarkedArea)

    @on(TextArea.Changed)
    def typed(self) -> None:
        """Move the flags along; check when the typing rests."""
        text = self.area.real_text
        if text == self._seen:
            return
        self._flags = shifted(self._flags, self._seen, text)
        self._seen, self._checked = text, None
        self.area.mark(self._flags)
        self._tell()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PATIENCE, lambda: self.post_message(self.Check(self.draft, self._seen)))

    def show(self, checked: Checked) -> None:
        """What the checks said, if the text is still the same."""
        if checked.text != self._seen:
            return
        self._checked, self._skipped = checked, checked.report.not_checked
        self._flags = [*checked.report.flags, *persons_flags(self.draft, checked.text)]
        self.area.mark(self._flags)
        self._tell()

    def _tell(self) -> None:
        checked, flags, skipped = self._checked, list(self._flags), self._skipped
        self.query_one("#editor-status", Page).write(lambda width: [status(checked, flags, width)])
        self.query_one("#editor-flags", Page).write(lambda width: _flag_page(flags, skipped, width))

    def action_save(self) -> None:
        """Keep the text as a new revision."""
        text = self.area.real_text
        if text == self.draft.post.text:
            self.dismiss(None)
        else:
            self.post_message(self.Save(self.draft, text))

    def action_next_flag(self) -> None:
        """The cursor to the next flagged wording."""
        here = self.area.place
        starts = sorted({flag.start for flag in self._flags if flag.end > flag.start})
        if starts:
            self.area.go_to(next((at for at in starts if at > here), starts[0]))

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost."""
        return self.area.real_text != self.draft.post.text

    def action_leave(self) -> None:
        """Back; what was changed is asked about."""
        if not self.is_changed:
            self.dismiss(None)
            return
        form = ConfirmForm("Leave without saving?", "The text was changed. ctrl+s saves it.", "Leave")
        self.app.push_screen(form, self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)

    async def action_editor_help(self) -> None:
        """All keys."""
        await self.app.run_action("help")


def _flag_page(flags: Sequence[Flag], skipped: Sequence[str], width: int) -> list[Content]:
    lines = [rule("Flags", width, str(len(flags)) if flags else "none")]
    for number, flag in enumerate(flags, 1):
        lines += flag_lines(flag, number, width)
    return lines + not_checked(skipped, width)


def check_text(checker: Checker, draft: Draft, text: str, earlier: Sequence[str]) -> Checked:
    """Check a text that is being typed; takes long enough to be done off the UI thread."""
    report = checker(candidate_of(draft, text), [one for one in earlier if one != draft.post.text])
    return Checked(text, report, weighted_length(text))
