"""The forms that a decision asks for: a flag's category, a reason, what is acknowledged, yes or no, which account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from assistant.models import CATEGORIES, Flag
from assistant.review.draft import LEVEL_COLOURS, LEVEL_SIGNS
from assistant.review.fields import Field, OneOf, Tick
from assistant.review.shown import cut, one_line, plain, shown, styled

Answer = TypeVar("Answer")


class Form(ModalScreen[Answer | None]):
    """A question over the desk: enter answers it, esc takes it back. What is missing is said, not guessed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+s", "accept", show=False),
    ]
    heading = ""
    accept = "OK"

    def fields(self) -> ComposeResult:
        """The form's own widgets."""
        yield from ()

    def answer(self) -> Answer | str:
        """What was answered, or a sentence on what is missing."""
        raise AttributeError("each form answers for itself")

    def compose(self) -> ComposeResult:
        """A title, the fields, a line for what is missing, two buttons."""
        with VerticalScroll(id="form", can_focus=False):
            yield Static(styled(self.heading, "bold $text-primary"), id="form-title")
            yield from self.fields()
            yield Static(Content(""), id="form-missing")
            with Horizontal(id="form-buttons"):
                yield Button(Content(f"{self.accept} ⏎"), variant="primary", compact=True, id="accept")
                yield Button(Content("Cancel esc"), compact=True, id="cancel")

    @on(Input.Submitted)
    @on(OneOf.Taken)
    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        """Answer, or say what is missing."""
        answer = self.answer()
        if isinstance(answer, str):
            self.say(answer)
        else:
            self.dismiss(answer)

    def say(self, missing: str) -> None:
        """What is missing, under the fields."""
        self.query_one("#form-missing", Static).update(styled(missing, "bold $text-warning"))

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Take the question back."""
        self.dismiss(None)

    def value(self, selector: str) -> str:
        """What was typed into a field."""
        return self.query_one(selector, Field).value.strip()

    def ticked(self, selector: str) -> bool:
        """Whether a box is ticked."""
        return self.query_one(selector, Tick).value


def said(text: object, style: str = "") -> Static:
    """A sentence of a form; foreign text may stand in it."""
    return Static(plain(text, style), classes="said")


@dataclass(frozen=True)
class Flagging:
    """A category, and why."""

    category: str
    message: str


def categories(first: Sequence[str], typed: str = "") -> list[str]:
    """The categories that what was typed may mean, those likely here first."""
    order = [*dict.fromkeys(first), *(name for name in CATEGORIES if name not in first)]
    wanted = typed.strip().lower().replace(" ", "-")
    begin = [name for name in order if name.startswith(wanted)]
    return [*begin, *(name for name in order if wanted in name and name not in begin)]


class FlagForm(Form[Flagging]):
    """Which category a wording falls under, and a note."""

    heading = "Flag this wording"
    accept = "Flag"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, quote: str, likely: Sequence[str]) -> None:
        super().__init__()
        self._quote, self._likely = quote, likely

    def fields(self) -> ComposeResult:
        """The wording, a filter over the categories, a note."""
        yield said(f"“{cut(one_line(self._quote), 200)}”", "italic")
        yield Field(placeholder="Type to find a category; ↑ ↓ choose", id="filter")
        yield OneOf(categories(self._likely), rows=7, id="categories")
        yield Field(placeholder="Why? (a note for colleagues, may stay empty)", id="note")

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        """Only the categories that are meant."""
        self.query_one(OneOf).offer(categories(self._likely, event.value))

    @on(Input.Submitted, "#filter")
    @on(OneOf.Taken)
    def to_note(self, event: Input.Submitted | OneOf.Taken) -> None:
        """The category stands: on to the note."""
        event.stop()
        event.prevent_default()
        if self.query_one(OneOf).labels:
            self.query_one("#note").focus()

    def action_move(self, by: int) -> None:
        """Choose while the filter has the focus."""
        self.query_one(OneOf).chosen += by

    def answer(self) -> Flagging | str:
        """The category chosen and the note."""
        choice = self.query_one(OneOf)
        if not choice.labels:
            return "No category fits what you typed."
        return Flagging(choice.labels[choice.chosen], self.value("#note"))


@dataclass(frozen=True)
class Reason:
    """Why, and whether the whole figure is meant."""

    text: str
    figure: bool = False


class ReasonForm(Form[Reason]):
    """Why a draft is rejected; and whether its figure is never to be told."""

    def __init__(self, heading: str, about: str, accept: str, *, figure: bool | None = None) -> None:
        super().__init__()
        self.heading, self._about, self.accept, self._figure = heading, about, accept, figure

    def fields(self) -> ComposeResult:
        """What it is about, the reason, the box."""
        yield said(self._about, "$text-muted")
        yield Field(placeholder="The reason, which the history keeps", id="reason")
        if self._figure is not None:
            label = Content("Never this figure again: in no language and no later run")
            yield Tick(label, value=self._figure, id="figure")

    def answer(self) -> Reason | str:
        """The reason; it may not be empty."""
        reason = self.value("#reason")
        if not reason:
            return "It needs a reason."
        return Reason(reason, self._figure is not None and self.ticked("#figure"))


class AcknowledgeForm(Form[Reason]):
    """Every soft flag is read and ticked, and the reason given, before a post is approved (or sent on a day) all the same."""

    def __init__(self, flags: Sequence[Flag], heading: str = "Approve all the same?", accept: str = "Approve") -> None:
        super().__init__()
        self._flags, self.heading, self.accept = flags, heading, accept

    def fields(self) -> ComposeResult:
        """One box for each flag, and the reason."""
        yield said("Tick every flag that you have read and answer for.", "$text-muted")
        for flag in self._flags:
            yield Tick(_sentence(flag))
        yield Field(placeholder="Why may it go out all the same?", id="reason")

    def on_mount(self) -> None:
        """Begin with the first box."""
        self.query(Tick).first().focus()

    def answer(self) -> Reason | str:
        """The reason, when everything is ticked."""
        if not all(tick.value for tick in self.query(Tick)):
            return "Not every flag is ticked."
        reason = self.value("#reason")
        return Reason(reason) if reason else "It needs a reason."


def _sentence(flag: Flag) -> Content:
    head = f"{LEVEL_SIGNS[flag.level]} {flag.category}: "
    quote = f"“{cut(one_line(flag.quote), 40)}” " if flag.quote else ""
    return Content.assemble((head, f"bold {LEVEL_COLOURS[flag.level]}"), (shown(quote), "italic"), shown(flag.message))


class ConfirmForm(Form[bool]):
    """Yes, or esc."""

    def __init__(self, heading: str, about: str, accept: str) -> None:
        super().__init__()
        self.heading, self._about, self.accept = heading, about, accept

    def fields(self) -> ComposeResult:
        """What it is about."""
        yield said(self._about)

    def answer(self) -> bool | str:
        """Yes."""
        return True


class ChoiceForm(Form[int]):
    """One of several, by its place."""

    def __init__(self, heading: str, about: str, labels: Sequence[str], accept: str) -> None:
        super().__init__()
        self.heading, self._about, self.accept = heading, about, accept
        self._labels = [one_line(label) for label in labels]

    def fields(self) -> ComposeResult:
        """The choices."""
        yield said(self._about, "$text-muted")
        yield OneOf(self._labels, id="choices")

    def answer(self) -> int | str:
        """The place of the one chosen."""
        return self.query_one(OneOf).chosen


@dataclass(frozen=True)
class Settling:
    """What became of a post whose outcome nobody knows."""

    published: bool
    remote_id: str | None = None


class SettleForm(Form[Settling]):
    """A publication of unknown outcome: it is out, with this id; or it is not there and goes out again."""

    heading = "Is it out?"
    accept = "Settle"

    def __init__(self, account: str, error: str) -> None:
        super().__init__()
        self._account, self._error = account, error

    def fields(self) -> ComposeResult:
        """Where to look, the two answers, the id."""
        yield said(
            f"The network's answer never came, so it may be out on {self._account}. Look there before you answer."
        )
        if self._error:
            yield said(self._error, "$text-muted")
        yield OneOf(["It is out: its id is…", "It is not there: send it again"], id="outcome")
        yield Field(placeholder="The post's id on the network", id="remote")

    def on_mount(self) -> None:
        """Begin with the answer."""
        self.query_one(OneOf).focus()

    @on(OneOf.Changed)
    def ask_for_id(self) -> None:
        """The id is asked for only where it is out."""
        self.query_one("#remote", Widget).display = self.query_one(OneOf).chosen == 0

    @on(OneOf.Taken)
    def to_id(self, event: OneOf.Taken) -> None:
        """On to the id, where one is needed."""
        if self.query_one(OneOf).chosen == 0 and not self.value("#remote"):
            event.stop()
            event.prevent_default()
            self.query_one("#remote").focus()

    def answer(self) -> Settling | str:
        """The outcome."""
        if self.query_one(OneOf).chosen == 1:
            return Settling(False)
        remote = self.value("#remote")
        return Settling(True, remote) if remote else "Which post is it? Type its id."
