"""The help screen: every key from the registry, and what the signs mean."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from assistant.review.actions import Keymap, help_lines
from assistant.review.draft import LEVEL_SIGNS, MUTED, SIGNS, STATE_SIGNS
from assistant.review.page import Page
from assistant.review.shown import hanging, rule, styled

_KEYS_WIDE = 11
_TITLE_WIDE = 15


def help_page(keys: Keymap, width: int) -> list[Content]:
    """What can be pressed, place by place; then the signs."""
    lines = []
    for title, told in help_lines(keys):
        lines.append(rule(title, width))
        for pressed, action in told:
            words = styled(action.title, "bold")
            label = Content.assemble((pressed.ljust(_KEYS_WIDE), "bold $text-primary"), words)
            lines += hanging(label, styled(action.does, MUTED), width, _KEYS_WIDE + _TITLE_WIDE)
        lines.append(Content(""))
    return [*lines, *_signs(width)]


def _signs(width: int) -> list[Content]:
    verdicts = "  ".join(f"{sign} {verdict}" for verdict, sign in SIGNS.items())
    levels = "  ".join(f"{sign} {level}" for level, sign in LEVEL_SIGNS.items())
    states = "  ".join(f"{sign} {state.replace('_', ' ')}" for state, sign in STATE_SIGNS.items())
    rows = [
        ("verdicts", styled(verdicts)), ("flags", styled(levels)), ("states", styled(states)),
        ("a post", styled("A flagged wording is underlined and followed by its number: wording¹. Characters that nobody can "
                          "see are shown as glyphs: ␛ for ESC, ⟨202E⟩ for an override.")),
    ]  # fmt: skip
    lines = [rule("Signs", width)]
    for label, told in rows:
        lines += hanging(styled(label, "bold"), told, width, _KEYS_WIDE)
    return lines


class HelpScreen(ModalScreen[None]):
    """Over whatever one was doing; any of esc, q, ? and F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", show=False),
        Binding("j", "scroll(2)", show=False), Binding("k", "scroll(-2)", show=False),
    ]  # fmt: skip

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """A page to scroll."""
        with VerticalScroll(id="help"):
            yield Page(id="help-page")

    def on_mount(self) -> None:
        """Written when the width is known."""
        self.query_one(Page).write(lambda width: help_page(self._keys, width))
        self.query_one("#help").focus()

    def action_scroll(self, by: int) -> None:
        """As the arrows do."""
        self.query_one("#help").scroll_relative(y=by, animate=False)
