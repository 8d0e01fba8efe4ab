"""Everything that the desk can be asked to do: one registry that feeds keys, footer, palette and help.

An action belongs to places: `queue` (the list), `draft` (the opened draft), `desk` (both), `select` (choosing wording),
`editor`, `app` (everywhere). `config.keys` gives an action another key by its name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.binding import Binding, BindingType, InvalidBinding
from textual.keys import Keys

from assistant.errors import ConfigError
from assistant.models import WAITING_STATES
from assistant.reviewed import Draft

Keymap = Mapping[str, str]
PLACES = {
    "desk": "On a draft, listed or opened", "queue": "Moving about", "draft": "In an opened draft",
    "select": "Choosing wording", "editor": "In the editor", "app": "Everywhere",
}  # fmt: skip
_TOGETHER = {
    "queue": ("queue", "desk", "app"), "draft": ("draft", "desk", "app"), "desk": ("queue", "draft", "desk", "app"),
    "select": ("select", "app"), "editor": ("editor", "app"), "app": ("queue", "draft", "desk", "select", "editor", "app"),
}  # fmt: skip
_RESERVED = ("ctrl+c", "ctrl+q")
_NAMES = {
    "escape": "esc", "enter": "⏎", "down": "↓", "up": "↑", "left": "←", "right": "→", "space": "space", "slash": "/",
    "question_mark": "?", "right_square_bracket": "]", "left_square_bracket": "[", "pagedown": "PgDn", "pageup": "PgUp",
    "shift+left": "⇧←", "shift+right": "⇧→", "shift+tab": "⇧tab",
}  # fmt: skip


def _any(draft: Draft | None) -> bool:
    return draft is not None


def _is_pending(draft: Draft | None) -> bool:
    return draft is not None and draft.state == "pending"


def _may_be_approved(draft: Draft | None) -> bool:
    return _is_pending(draft) and draft is not None and not any(f.hard for f in draft.flags) and not draft.person_flags


def _may_be_timed(draft: Draft | None) -> bool:
    return draft is not None and draft.decision == "approved" and draft.state in _TIMEABLE


def _may_be_edited(draft: Draft | None) -> bool:
    return draft is not None and draft.state not in _TOO_LATE


def _may_be_flagged(draft: Draft | None) -> bool:
    return _may_be_edited(draft) and draft is not None and draft.state != "rejected"


def _is_live(draft: Draft | None) -> bool:
    return draft is not None and draft.state in ("queued", "held", "missed", "failed")


def _waits(draft: Draft | None) -> bool:
    return draft is not None and draft.state in WAITING_STATES


def _is_aside(draft: Draft | None) -> bool:
    return draft is not None and draft.state in ("rejected", "snoozed", "approved", "cancelled")


def _is_flagged(draft: Draft | None) -> bool:
    return draft is not None and bool(draft.person_flags)


def _rests(draft: Draft | None) -> bool:
    return draft is not None and draft.insight is not None


def _always(draft: Draft | None) -> bool:  # noqa: ARG001 (one shape for all)
    return True


_TOO_LATE = ("claimed", "on_wire", "published", "unknown", "withdrawn")
_TIMEABLE = ("approved", "cancelled", "held", "missed", "failed")


@dataclass(frozen=True)
class Action:
    """One thing to ask for: its keys (the first is the one that can be re-mapped), its words, where and when it applies.

    `rank` orders the footer, the smallest first; 0 keeps it out of the footer. `call` is what Textual runs.
    """

    name: str
    keys: tuple[str, ...]
    title: str
    does: str
    where: tuple[str, ...] = ("desk",)
    rank: int = 0
    when: Callable[[Draft | None], bool] = _always
    call: str = ""

    @property
    def runs(self) -> str:
        """The action string of its binding."""
        return self.call or self.name

    @property
    def method(self) -> str:
        """The method of a widget, a screen or the app that does it."""
        return f"action_{self.runs.partition('(')[0].rpartition('.')[2]}"


def _verb(name: str, key: str, title: str, does: str, rank: int, when: Callable[[Draft | None], bool]) -> Action:
    return Action(name, (key,), title, does, ("desk",), rank, when, f"verb('{name}')")


ACTIONS = (
    Action("down", ("j", "down"), "Down", "The next draft; in an opened draft, scroll down.", ("queue", "draft")),
    Action("up", ("k", "up"), "Up", "The draft before; in an opened draft, scroll up.", ("queue", "draft")),
    Action("first", ("g", "home"), "First", "The first draft, or the top of an opened one.", ("queue", "draft")),
    Action("last", ("G", "end"), "Last", "The last draft, or the end of an opened one.", ("queue", "draft")),
    Action("page_down", ("pagedown",), "Page down", "A screenful on.", ("queue", "draft")),
    Action("page_up", ("pageup",), "Page up", "A screenful back.", ("queue", "draft")),
    Action("open", ("enter",), "Open", "Open the draft: in a narrow terminal it takes the whole width.", ("queue",), 3, _any),
    Action("next_draft", ("n",), "Next", "The next draft, while one is open.", ("draft",), 12, _always, "screen.next_draft"),
    Action("previous_draft", ("p",), "Previous", "The draft before, while one is open.", ("draft",), 0, _always,
           "screen.previous_draft"),
    _verb("approve", "a", "Approve", "Let the post go out. Flags that may be waved through are shown to be acknowledged.", 4,
          _may_be_approved),
    _verb("edit", "e", "Edit", "Change the text; it is checked while you type.", 5, _may_be_edited),
    _verb("flag", "f", "Flag", "Flag the selected wording, or choose it by words, with a category.", 6, _may_be_flagged),
    _verb("reject", "r", "Reject", "Not this post; asks for the reason.", 7, _is_pending),
    _verb("reject_figure", "R", "Never", "Never this figure: all languages, all runs; asks for the reason.", 0, _is_pending),
    _verb("settle", "w", "Settle", "Say what became of a post that waits for a person, or give it back.", 1, _waits),
    _verb("schedule", "s", "Schedule", "Send an approved post at a time of your own, in a zone.", 4, _may_be_timed),
    _verb("queue", "Q", "Queue", "Put an approved post into the account's next free slot.", 5, _may_be_timed),
    _verb("cancel", "c", "Cancel", "Take back what is queued, before it is sent; the approval stays.", 4, _is_live),
    _verb("snooze", "z", "Snooze", "Not today: back tomorrow at nine.", 11, _is_pending),
    _verb("restore", "b", "Bring back", "Look again at what was rejected, snoozed or approved.", 8, _is_aside),
    _verb("unflag", "F", "Unflag", "Withdraw a person's flag.", 6, _is_flagged),
    _verb("adopt", "t", "Template", "Make a house template of the post: shows it, and asks before it is kept.", 0, _rests),
    Action("undo", ("u",), "Undo", "Turn back the last decision of this session.", ("desk",), 9),
    Action("search", ("slash",), "Search", "Only drafts whose text or title has these words.", ("desk",), 10),
    Action("next_filter", ("right_square_bracket",), "Next filter", "Show the next group of states.", ("desk",)),
    Action("previous_filter", ("left_square_bracket",), "Filter before", "Show the group of states before.", ("desk",)),
    *(Action(f"filter_{at}", (str(at),), f"Show: {title}", f"Show {does}.", ("desk",), 0, _always, f"filter({at})")
      for at, (title, does) in enumerate((
          ("to do", "what is pending and what waits for a person"), ("pending", "what is to be decided"),
          ("approved", "what may go out and has no time yet"), ("queued", "what has its time"),
          ("published", "what is out"), ("waiting", "what waits for a person: unknown, failed, held, missed"),
          ("set aside", "what is rejected, snoozed or expired"), ("all", "everything")), 1)),
    Action("language", ("l",), "Language", "Show drafts in one language after the other, then in all.", ("desk",), 13),
    Action("section", ("tab",), "Next section", "Go to the post, its flags, its evidence, what became of it.", ("desk",), 14),
    Action("section_back", ("shift+tab",), "Section before", "The same, backwards.", ("desk",)),
    Action("copy", ("y",), "Copy", "Copy the post's text.", ("desk",), 0, _any),
    Action("pause", ("P",), "Pause", "Stop all publishing at once, or start it again; asks for the reason."),
    Action("light", ("T",), "Light or dark", "Change between the light and the dark theme.", ("desk",)),
    Action("palette", ("ctrl+p",), "Palette", "Every action by its name, and themes.", ("app",), 0, _always, "command_palette"),
    Action("help", ("question_mark", "f1"), "Help", "All keys, and what the signs mean.", ("desk",), 15),
    Action("back", ("escape",), "Back", "Back to the list; there, clear the search.", ("desk",)),
    Action("quit", ("q",), "Quit", "Close the desk. Every decision is kept already.", ("desk",), 16),
    Action("word_left", ("left", "h", "b"), "Word back", "The word before.", ("select",), 1),
    Action("word_right", ("right", "l", "w"), "Word on", "The next word.", ("select",), 2),
    Action("word_up", ("up", "k"), "Line up", "The word above.", ("select",)),
    Action("word_down", ("down", "j"), "Line down", "The word below.", ("select",)),
    Action("extend_left", ("shift+left",), "Extend back", "Take in the word before.", ("select",)),
    Action("extend_right", ("shift+right",), "Extend", "Take in the next word.", ("select",), 4),
    Action("hold", ("space", "v"), "Start here", "Hold the beginning here: the arrows extend from it.", ("select",), 3),
    Action("take", ("enter", "f"), "Flag it", "Flag the wording that is chosen.", ("select",), 5),
    Action("leave_selection", ("escape", "q"), "Back", "Choose nothing.", ("select",), 6),
    Action("save", ("ctrl+s", "f2"), "Save", "Keep the text as a new revision, and check it.", ("editor",), 1),
    Action("next_flag", ("f3",), "Next flag", "The cursor to the next flagged wording.", ("editor",), 2),
    Action("editor_help", ("f1",), "Help", "All keys.", ("editor",), 3),
    Action("leave", ("escape",), "Leave", "Back to the desk; asks where the text was changed.", ("editor",), 4),
)  # fmt: skip
_MOVES = ("down", "up", "first", "last", "page_down", "page_up", "back", "palette")
BY_NAME = {action.name: action for action in ACTIONS}


def keys_of(keys: Mapping[str, str], file: Path) -> dict[str, str]:
    """What `config.keys` asks for, as Textual names keys; `ConfigError` for an unknown action, a wrong or a double key."""
    found: dict[str, str] = {}
    for name, key in keys.items():
        if name not in BY_NAME:
            close = difflib.get_close_matches(name, BY_NAME, 1)
            remedy = f"Did you mean {close[0]}?" if close else f"There are {', '.join(BY_NAME)}."
            raise ConfigError(file, f"keys.{name}", "there is no such action", remedy=remedy)
        found[name] = _key(name, str(key), file)
    _refuse_double(found, file)
    return found


def _key(name: str, key: str, file: Path) -> str:
    problem = None
    if key in _RESERVED:
        problem = f"{key} always belongs to the terminal"
    elif {"editor", "app"} & set(BY_NAME[name].where) and len(key) == 1:
        problem = f"{key!r} would be typed in the editor"
    elif len(key) != 1 and key.rpartition("+")[2] not in _known_keys() and key not in _known_keys():
        problem = f"{key!r} is not a key"
    try:
        told = next(iter(Binding.make_bindings([Binding(key, "x")]))).key
    except (InvalidBinding, StopIteration):
        problem, told = f"{key!r} is not a key", ""
    if problem:
        raise ConfigError(file, f"keys.{name}", problem, remedy="Write one letter, or a name such as f5 or ctrl+o")
    return told


def _known_keys() -> set[str]:
    return {key.value for key in Keys} | {chr(code) for code in range(0x21, 0x7F)}


def _refuse_double(found: Mapping[str, str], file: Path) -> None:
    for name in found:
        for place in BY_NAME[name].where:
            taken = {key: other.name for other in in_place(*_TOGETHER[place]) for key in keys_for(other, found)
                     if other.name != name}  # fmt: skip
            for key in keys_for(BY_NAME[name], found):
                if key in taken:
                    problem = f"{label(key)!r} is the key of {taken[key]} too"
                    raise ConfigError(file, f"keys.{name}", problem, remedy=f"Take another, or re-map {taken[key]} too")


def keys_for(action: Action, keys: Keymap) -> tuple[str, ...]:
    """The keys of an action: its own, the first replaced by the re-mapped one."""
    own = tuple(_textual(key) for key in action.keys)
    return (keys[action.name], *own[1:]) if action.name in keys else own


def _textual(key: str) -> str:
    return next(iter(Binding.make_bindings([Binding(key, "x")]))).key


def keymap(keys: Keymap) -> dict[str, str]:
    """The same for `App.set_keymap`: binding ids, which are action names, and their keys."""
    return {name: ",".join(keys_for(BY_NAME[name], keys)) for name in keys}


def in_place(*places: str) -> list[Action]:
    """The actions of some places, in the registry's order."""
    return [action for action in ACTIONS if set(places) & set(action.where)]


def bindings(*places: str) -> list[BindingType]:
    """Textual's bindings for the widget of a place."""
    return [
        Binding(",".join(action.keys), action.runs, action.title, show=False, id=action.name, priority="app" in places)
        for action in in_place(*places)
    ]  # fmt: skip


def label(key: str) -> str:
    """A key as a person reads it."""
    return _NAMES.get(key, key)


def footer(place: str, draft: Draft | None, keys: Keymap, *, can_undo: bool) -> list[tuple[str, Action]]:
    """The actions that apply now, the most useful first, each with its key."""
    chosen = [
        action for action in in_place(*_TOGETHER[place])
        if action.rank and action.when(draft) and (can_undo or action.name != "undo")
    ]  # fmt: skip
    return [(label(keys_for(action, keys)[0]), action) for action in sorted(chosen, key=lambda one: one.rank)]


def asked_for(place: str) -> list[Action]:
    """What the palette offers in a place: everything but moving about."""
    return [action for action in in_place(*_TOGETHER[place]) if action.name not in _MOVES]


def help_lines(keys: Keymap) -> Iterable[tuple[str, Sequence[tuple[str, Action]]]]:
    """Every action once, under the heading of its place, with all its keys."""
    seen: set[str] = set()
    for place, title in PLACES.items():
        fresh = [action for action in in_place(place) if action.name not in seen]
        seen |= {action.name for action in fresh}
        yield title, [(" ".join(label(key) for key in keys_for(action, keys)), action) for action in fresh]
