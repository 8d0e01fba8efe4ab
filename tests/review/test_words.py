"""The registry of actions, and what the desk says: without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from textual.color import Color
from textual.theme import Theme

from assistant.config import Account, Config
from assistant.errors import ConfigError
from assistant.models import Flag, PersonFlag, Post, Report
from assistant.review import actions
from assistant.review.bars import filter_line, head_line, key_line
from assistant.review.draft import explained, foot, heading, reason_against, row, soft_flags, state_words
from assistant.review.editor import Checked, status
from assistant.review.evidence import doubt, evidence, history, period, publications
from assistant.review.forms import categories
from assistant.review.help import help_page
from assistant.review.moments import clock_time, from_now, number
from assistant.review.themes import DARK, LIGHT
from assistant.review.timing import read_time, zones
from assistant.review.verbs import VERBS
from assistant.review.view import FILTERS, Listing, View
from assistant.reviewed import Draft, Publication
from assistant.store.audit import Entry
from review.sitting import CONTROLS, HOSTILE, insight
from workshop import MONDAY, ROOT

FILE = Path("config.yaml")
CONTRACT = {
    "down": "j", "up": "k", "open": "enter", "flag": "f", "approve": "a", "edit": "e", "reject": "r", "schedule": "s",
    "undo": "u", "search": "slash", "help": "question_mark", "palette": "ctrl+p", "quit": "q",
}  # fmt: skip


def a_flag(level: str = "warning", *, hard: bool = False, rule: str = "r1") -> Flag:
    """A flag on the first three letters."""
    return Flag("x", "house", level, 0, 3, "[/b]\x1b", "Message \u202e", hard, "Why.", "Instead.", rule)  # type: ignore[arg-type]


def a_draft(*flags: Flag, state: str = "pending", text: str = HOSTILE, **changes: object) -> Draft:
    """A draft on a figure."""
    made = Draft(7, 1, state, Post(text, "en", ("practice",)), "t", insight(), Report(flags, ("x\x1b",)), 120)
    return replace(made, **changes)  # type: ignore[arg-type]


def a_publication(state: str = "queued", **changes: object) -> Publication:
    """One publication in eight hours."""
    made = Publication(3, 7, 1, "practice", state, MONDAY + timedelta(hours=8), error="no [/b] \x1b answer")
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def settings() -> Config:
    """A config with one account in Paris."""
    return Config.model_validate(
        {"sources": {}, "file": FILE, "timezone": "Europe/Paris", "accounts": {"practice": Account()}}
    )


def test_the_contracts_keys_are_the_registrys() -> None:
    """The keys that people rely on are the first ones of their actions."""
    assert {name: actions.keys_for(actions.BY_NAME[name], {})[0] for name in CONTRACT} == CONTRACT


def test_no_key_has_two_meanings_in_one_place() -> None:
    """Where two actions can be asked for at once, their keys differ."""
    for places in (("queue", "desk", "app"), ("draft", "desk", "app"), ("select", "app"), ("editor", "app")):
        keys = [key for action in actions.in_place(*places) for key in actions.keys_for(action, {})]
        assert len(keys) == len(set(keys))


def test_every_verb_has_its_action_and_every_action_its_words() -> None:
    """What the registry names is there, and is told in a sentence."""
    asked = {action.name for action in actions.ACTIONS if action.runs.startswith("verb(")}
    assert asked == set(VERBS)
    assert all((action.title and action.does.endswith(".")) or "," in action.does for action in actions.ACTIONS)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"aprove": "x"}, "keys.aprove: there is no such action. Did you mean approve?"),
        ({"approve": "e"}, "keys.approve: 'e' is the key of edit too"),
        ({"approve": "ctrl+c"}, "keys.approve: ctrl+c always belongs to the terminal"),
        ({"save": "x"}, "keys.save: 'x' would be typed in the editor"),
        ({"approve": "foo"}, "keys.approve: 'foo' is not a key"),
        ({"approve": ""}, "keys.approve: '' is not a key"),
        ({"approve": "x", "reject": "x"}, "'x' is the key of"),
    ],
)
def test_keys_that_cannot_be_are_refused(keys: dict[str, str], problem: str) -> None:
    """The error names the file, the key of the config and what to do."""
    with pytest.raises(ConfigError) as caught:
        actions.keys_of(keys, FILE)
    assert problem in str(caught.value)


def test_keys_may_be_swapped_and_arrows_stay() -> None:
    """A re-mapped action keeps its other keys; two may change places."""
    keys = actions.keys_of({"approve": "e", "edit": "a", "down": "x", "save": "f5", "search": "/"}, FILE)
    assert actions.keymap(keys)["down"] == "x,down"
    assert actions.footer("queue", a_draft(), keys, can_undo=False)[1][0] == "e"


def test_the_footer_shows_what_applies_now() -> None:
    """No approving of what is blocked, no undo without a decision, settling first where something waits."""
    blocked = [
        action.name for _, action in actions.footer("queue", a_draft(a_flag("error", hard=True)), {}, can_undo=False)
    ]
    assert {"approve", "undo", "schedule"}.isdisjoint(blocked)
    waiting = a_draft(state="approved", publications=(a_publication("held"),))
    names = [action.name for _, action in actions.footer("queue", waiting, {}, can_undo=True)]
    assert names[0] == "settle"
    assert "undo" in names
    assert [action.name for _, action in actions.footer("queue", None, {}, can_undo=False)][-1] == "quit"


@pytest.mark.parametrize("width", [30, 80, 120])
def test_the_bars_fit_and_keep_help(width: int) -> None:
    """Whatever the width, help and quit stay, and places of clicks are where the words are."""
    line, places = key_line(actions.footer("queue", a_draft(), {}, can_undo=True), width)
    assert line.cell_length <= width
    assert [action.name for _, _, action in places][-2:] == ["help", "quit"]
    assert all(action.title in line.plain[first:last] for first, last, action in places)
    counts = dict.fromkeys(("pending", "failed", "published"), 1234)
    listing = Listing(View(), (1,), counts, MONDAY)
    filters, spots = filter_line(listing, View(), 80 if width < 80 else width)
    assert filters.cell_length <= max(width, 80)
    assert "To do" in filters.plain[spots[0][0] : spots[0][1]]
    head = head_line(listing, View(lang="fr", search="\x1b[/b]"), "M\x1b", width, 3)
    assert head.cell_length <= width + 1
    assert not CONTROLS & set(head.plain)


def test_the_filters_hold_every_state_once() -> None:
    """Between the first and the last filter each state has one place; counts add up."""
    states = [state for one in FILTERS[1:-1] for state in one.states]
    assert sorted(states) == sorted(FILTERS[-1].states)
    assert len(states) == len(set(states))
    assert Listing(View(), (), {"pending": 2, "failed": 3}, MONDAY).count(0) == 5


def test_views_turn_round() -> None:
    """Filters and languages come round again."""
    assert View().cycled(-1).cycled(1) == View()
    view = View().next_language(["en", "fr"]).next_language(["en", "fr"])
    assert (view.lang, view.is_narrowed) == ("fr", True)
    assert view.next_language(["en", "fr"]).lang is None


@pytest.mark.parametrize("width", [24, 48, 100])
def test_everything_that_is_told_of_a_draft_fits_and_is_harmless(width: int, settings: Config) -> None:
    """Row, heading, foot, flags, evidence, publications and history keep the width and hold no control character."""
    draft = a_draft(a_flag("error", hard=True), a_flag(), state="approved", revision=2,
                    publications=(a_publication("unknown"), a_publication("published", remote_id="9\x1b")))  # fmt: skip
    entries = [Entry(1, MONDAY, "M\x1b", "approve", "draft:7", {"reason": "[/b]\u202e"}, "")]
    lines = [
        *row(draft, width, config=settings, now=MONDAY), *heading(draft, width), *foot(draft, settings, MONDAY, width),
        *explained(draft, width), *evidence(draft, width), *publications(draft, settings, MONDAY, width),
        *history(entries, settings, MONDAY, width), *evidence(replace(draft, insight=None), width),
    ]  # fmt: skip
    assert not [line.plain for line in lines if line.cell_length > width + 1]
    told = " ".join(line.plain for line in lines)
    assert not CONTROLS & set(told)
    assert all(word in told for word in ("✗ block", "error, must change", "! warning", "[/b]", "unknown"))


def test_verdicts_levels_and_states_have_signs_and_words(settings: Config) -> None:
    """✓ pass, ! warn, ✗ block; what waits stands out; a queued draft says when."""
    assert row(a_draft(), 40, config=settings, now=MONDAY)[0].plain.startswith("✓ ")
    assert row(a_draft(a_flag()), 40, config=settings, now=MONDAY)[1].plain.strip().startswith("warn · en · pending")
    queued = a_draft(state="approved", publications=(a_publication(),))
    assert state_words(queued, ZoneInfo("Europe/Paris"), MONDAY).plain == "◷ queued 19:00"
    waiting = state_words(a_draft(state="approved", publications=(a_publication("failed"),)))
    assert waiting.plain == "‼ failed"
    assert any("reverse" in str(span.style) for span in waiting.spans)


def test_why_a_draft_cannot_be_approved() -> None:
    """A hard flag or a person's flag is the reason; soft ones are acknowledged, once for each rule."""
    person = PersonFlag(1, a_flag("error"), "Ada\x1b", MONDAY)
    assert "edit the text" in reason_against(a_draft(a_flag("error", hard=True)))
    assert "Ada␛ flagged" in reason_against(a_draft(person_flags=(person,)))
    assert reason_against(a_draft(a_flag("error"), a_flag())) == ""
    flags = (a_flag("error", rule="a"), a_flag(rule="a"), a_flag(rule="b"), a_flag("suggestion", rule="c"))
    assert [flag.rule for flag in soft_flags(a_draft(*flags))] == ["a", "b"]


def test_the_editors_status() -> None:
    """Verdict and length, what is too many, and that nobody has looked yet."""
    assert status(None, (), 40).plain.startswith("… not yet checked")
    assert "282/280 · 2 too many" in status(Checked("x", Report(), 282), (), 60).plain
    assert "! warn" in status(Checked("x", Report(), 3), [a_flag()], 60).plain


def test_figures_are_told_with_their_doubt_and_period() -> None:
    """A tiny q is said to be one, a larger one in hundredths; a period without repeating the year."""
    found = insight()
    assert "hardly" in doubt(found)
    assert "about 4 in 100" in doubt(replace(found, q=0.04))
    assert "no test of chance" in doubt(replace(found, q=None))
    assert period(found) == "Mon 9 Nov – Sun 15 Nov 2026"
    assert period(replace(found, start=found.end)) == "Sun 15 Nov 2026"
    assert period(
        replace(found, start=datetime(2026, 1, 2, 3, tzinfo=UTC), end=datetime(2026, 1, 2, 4, tzinfo=UTC))
    ) == ("Fri 2 Jan 2026 03:00 – Fri 2 Jan 2026 04:00")
    assert [number(value) for value in (1234567, 1234.5, 2.5e9, "x")] == ["1,234,567", "1,234.5", "2,500,000,000", "x"]


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (timedelta(0), "now"), (timedelta(minutes=5), "in 5 min"), (timedelta(hours=3), "in 3 h"),
        (timedelta(hours=-3, minutes=-20), "3 h 20 min ago"), (timedelta(days=1, hours=2), "in 1 day 2 h"),
        (timedelta(days=9), "in 9 days"),
    ],
)  # fmt: skip
def test_how_long_from_now(gap: timedelta, told: str) -> None:
    """The two largest parts are enough."""
    assert from_now(MONDAY + gap, MONDAY) == told


def test_wall_times_by_their_distance() -> None:
    """Today by the hour, this week by the day, later by the date."""
    paris = ZoneInfo("Europe/Paris")
    days = [clock_time(MONDAY + timedelta(days=days), paris, MONDAY) for days in (0, 1, 20)]
    assert days == ["11:00", "Tue 11:00", "13 Dec"]


def test_a_time_is_read_as_it_is_typed() -> None:
    """The instant with its zone and distance; what is wrong; what comes twice is asked about."""
    assert read_time("18:30", "Europe/Paris", MONDAY).told("Europe/Paris", MONDAY) == (
        "That is Mon 23 Nov 2026 18:30 (Europe/Paris), in 7 h 30 min."
    )
    assert read_time("", "UTC", MONDAY).told("UTC", MONDAY).startswith("Write now, 20:45")
    assert "'25:99' is no time" in read_time("25:99", "UTC", MONDAY).problem
    assert "not a time zone" in read_time("now", "Europe/Atlantis", MONDAY).problem
    assert "does not exist" in read_time("2027-03-28 02:30", "Europe/Paris", MONDAY).problem
    assert "It is over." in read_time("2026-01-01 10:00", "UTC", MONDAY).told("UTC", MONDAY)
    first, second = (
        read_time("2026-10-25 02:30", "Europe/Paris", MONDAY - timedelta(days=60), fold) for fold in (0, 1)
    )
    assert (first.twice, second.twice) == (True, True)
    assert first.instant is not None
    assert second.instant is not None
    assert second.instant - first.instant in (timedelta(0), timedelta(hours=1))
    assert second.instant.astimezone(UTC) - first.instant.astimezone(UTC) == timedelta(hours=1)
    assert zones()[-1] not in ("", None)


def test_categories_are_found_by_typing() -> None:
    """Those likely here come first; what was typed is looked for at the beginning, then anywhere."""
    assert categories(["figure"])[0] == "figure"
    assert categories((), "dis") == ["disability", "disclosure", "presumed-distress"]
    assert categories((), "Singling Out") == ["singling-out"]
    assert categories((), "nothing like it") == []


def test_help_shows_every_action_once() -> None:
    """Every title of the registry stands there, with its key."""
    told = "\n".join(line.plain for line in help_page({}, 90))
    assert all(action.title in told for action in actions.ACTIONS)
    assert "ctrl+p" in told
    assert "✓ pass" in told


def _ratio(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in Color.parse(colour).normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_both_themes_can_be_read(theme: Theme) -> None:
    """Every colour of words stands at least 4.5 to 1 against every ground that it is written on."""
    grounds = [str(ground) for ground in (theme.background, theme.surface, theme.panel)]
    inks = [str(theme.foreground), *(colour for name, colour in theme.variables.items() if name.startswith("text-"))]
    cursor = Color.parse(str(theme.surface)).blend(Color.parse(theme.primary), 0.16).hex
    assert min(_ratio(ink, ground) for ink in inks for ground in [*grounds, cursor]) >= 4.5


def test_the_source_hands_no_markup_to_textual() -> None:
    """Foreign text would be parsed where a formatted string is given to a widget or a notification."""
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "assistant" / "review").glob("*.py")]
    assert not [text for text in sources if '.update(f"' in text or '.notify(f"' in text or "from_markup" in text]
