"""A draft in words: its heading, its row in the list, its flags explained. Pure: contents in, nothing drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from rich.cells import cell_len
from textual.content import Content

from assistant.config import Config
from assistant.models import WAITING_STATES, Flag, Level, Verdict
from assistant.review.moments import clock_time, day_words
from assistant.review.shown import cut, hanging, joined, one_line, plain, rule, shown, spread, styled
from assistant.reviewed import Draft

MAX_LENGTH = 280
SIGNS: dict[Verdict, str] = {"pass": "✓", "warn": "!", "block": "✗"}
COLOURS: dict[Verdict, str] = {"pass": "$text-success", "warn": "$text-warning", "block": "$text-error"}
LEVEL_SIGNS: dict[Level, str] = {"error": "✗", "warning": "!", "suggestion": "·"}
LEVEL_COLOURS: dict[Level, str] = {"error": "$text-error", "warning": "$text-warning", "suggestion": "$text-accent"}
STATE_SIGNS = {
    "approved": "●", "queued": "◷", "claimed": "↗", "on_wire": "↗", "published": "✔", "withdrawn": "↶", "rejected": "⊘",
    "snoozed": "z", "expired": "⌛", "cancelled": "○", "unknown": "?", "failed": "‼", "held": "‖", "missed": "↷",
}  # fmt: skip
MUTED = "$text-muted"


def verdict_words(verdict: Verdict) -> Content:
    """`✗ block`: a sign and a word, the colour on top."""
    return styled(f"{SIGNS[verdict]} {verdict}", f"bold {COLOURS[verdict]}")


def state_words(draft: Draft, zone: tzinfo | None = None, now: datetime | None = None) -> Content:
    """`◷ queued 18:30`; what waits for a person stands out."""
    state = draft.state
    told = f"{STATE_SIGNS.get(state, '')} {state.replace('_', ' ')}".strip()
    if state == "queued" and zone and now:
        told += f" {clock_time(draft.publications[-1].due_at, zone, now)}"
    if state in WAITING_STATES:
        return styled(told, "bold reverse $text-error")
    return styled(told, "bold $text-success" if state in ("approved", "queued", "published") else MUTED)


def row(draft: Draft, width: int, *, config: Config, now: datetime) -> tuple[Content, Content]:
    """The two lines of a draft in the list: how it stands and what it says; whose language, which state."""
    sign = styled(f"{SIGNS[draft.verdict]} ", f"bold {COLOURS[draft.verdict]}")
    text = styled(cut(one_line(draft.post.text), max(1, width - 2)))
    account = draft.publications[-1].account if draft.publications else None
    state = state_words(draft, config.zone(account), now)
    left = Content.assemble("  ", joined([plain(draft.verdict, MUTED), plain(draft.post.lang, MUTED), state]))
    number = styled(f"#{draft.id}", MUTED)
    fits = left.cell_length + number.cell_length < width
    return Content.assemble(sign, text), spread(left, number, width) if fits else left


def heading(draft: Draft, width: int) -> list[Content]:
    """Which draft it is and how it stands, over the post."""
    kind = draft.insight.kind.replace("_", " ") if draft.insight else ""
    parts = [
        styled(f"#{draft.id}", "bold"),
        plain(draft.post.lang),
        plain(kind),
        styled(f"revision {draft.revision}", MUTED),
    ]
    left = joined(parts if draft.revision > 1 else parts[:3])
    state = Content("") if draft.state == "pending" else state_words(draft)
    return [spread(left, joined([state, verdict_words(draft.verdict)], "  "), width)]


def foot(draft: Draft, config: Config, now: datetime, width: int) -> list[Content]:
    """Under the post: how long it is, for whom, and until when it may go out."""
    length = draft.weighted_length
    style = "bold $text-error" if length > MAX_LENGTH else MUTED
    parts = [styled(f"{length}/{MAX_LENGTH}", style), plain(_accounts(draft, config), MUTED)]
    until = draft.post.not_after
    if until is not None:
        day = until.astimezone(config.zone()).date()
        parts.append(styled(f"until {day_words(day, year=day.year != now.year, weekday=False)}", MUTED))
    return joined(parts).wrap(width)


def _accounts(draft: Draft, config: Config) -> str:
    told = []
    for name in draft.post.accounts:
        account = config.accounts.get(name)
        told.append(f"{name} {account.handle}".strip() if account else name)
    return ", ".join(told) or "no account posts in this language"


def explained(draft: Draft, width: int) -> list[Content]:
    """Every flag with its number, then what was not checked."""
    count = len(draft.flags)
    lines = [rule("Flags", width, f"{count}" if count else "none: nothing was found")]
    for number, flag in enumerate(draft.flags, 1):
        lines += flag_lines(flag, number, width)
    return lines + not_checked(draft.report.not_checked, width)


def flag_lines(flag: Flag, number: int, width: int) -> list[Content]:
    """One flag: number, level, category and wording; what it says; why; what to write instead."""
    sign, colour = LEVEL_SIGNS[flag.level], LEVEL_COLOURS[flag.level]
    level = f"{flag.level}, must change" if flag.hard else flag.level
    head = joined([styled(f"{sign} {level}", f"bold {colour}"), plain(flag.category), _quote(flag, width)])
    lines = hanging(styled(f"{number}", f"bold {colour}"), head, width, 3)
    lines += hanging(Content(""), plain(flag.message), width, 3)
    if flag.why and flag.why != flag.message:
        lines += hanging(styled("   why", MUTED), plain(flag.why), width, 11)
    if flag.suggestion:
        lines += hanging(styled("   instead", MUTED), plain(flag.suggestion, "$text-success"), width, 11)
    return [*lines, Content("")]


def _quote(flag: Flag, width: int) -> Content:
    quote = one_line(flag.quote)
    return styled(f"“{cut(quote, max(12, width))}”", "italic") if quote else Content("")


def not_checked(skipped: Sequence[str], width: int) -> list[Content]:
    """What no check could look at: it never counts as passed."""
    if not skipped:
        return []
    return hanging(styled("not checked", "bold $text-warning"), plain("; ".join(skipped), MUTED), width, 13)


def named(draft: Draft) -> str:
    """A draft in a notification: its number and the beginning of its text."""
    return f"#{draft.id} “{cut(one_line(draft.post.text), 40)}”"


def reason_against(draft: Draft) -> str:
    """Why a draft cannot be approved at all, if it cannot: what a form would be of no use for."""
    hard = [flag for flag in draft.report.flags if flag.hard]
    if hard:
        return f"{shown(hard[0].message)} No reason waves that through: edit the text (e) or reject it (r)."
    if draft.person_flags:
        one = draft.person_flags[0]
        return f"{shown(one.actor)} flagged “{shown(one.flag.quote)}”: edit it (e) or withdraw the flag (F)."
    return ""


def soft_flags(draft: Draft) -> list[Flag]:
    """The flags that a person may wave through with a reason, one for each rule."""
    soft = [flag for flag in draft.report.flags if flag.level != "suggestion" and not flag.hard]
    return list({flag.rule: flag for flag in soft}.values())


def widest(lines: Sequence[Content]) -> int:
    """The cells of the longest line."""
    return max((cell_len(line.plain) for line in lines), default=0)
