"""What a post rests on and what became of it: facts, period, doubt and SQL; publications; history. Pure contents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from assistant.config import Config
from assistant.models import WAITING_STATES, Fact, Insight
from assistant.review.draft import MUTED, STATE_SIGNS
from assistant.review.moments import clock_time, day_words, from_now, full_time, number
from assistant.review.shown import hanging, joined, one_line, plain, rule, shown, styled
from assistant.reviewed import Decision, Draft, Publication
from assistant.store.audit import Entry

_LABEL = 14
_HARDLY = 0.01
_IN_PERIOD = ("start", "end")
_SAYS_ITSELF = ("title", "place", "date", "text")
_DONE = {
    "draft": "drafted", "approve": "approved", "reject": "rejected", "edit": "edited", "flag": "flagged", "unflag": "unflagged",
    "snooze": "snoozed", "restore": "brought back", "queue": "queued", "schedule": "scheduled", "cancel": "cancelled",
    "resolve": "settled", "requeue": "given back", "pause": "paused", "resume": "resumed",
}  # fmt: skip


def evidence(draft: Draft, width: int) -> list[Content]:
    """The figure behind a post: every fact with its unit, the period, how sure it is, the query."""
    insight = draft.insight
    if insight is None:
        return [
            rule("Evidence", width),
            *plain("This post rests on no figure that the store knows.", MUTED).wrap(width),
        ]
    note = f"{shown(insight.source)} · {shown(insight.measure)}"
    lines = [rule("Evidence", width, note)]
    lines += [line for fact in insight.facts if fact.name not in _IN_PERIOD for line in _fact(fact, width)]
    lines += _labelled("period", period(insight), width)
    lines += _labelled("sure", doubt(insight), width)
    for caution in insight.cautions:
        lines += hanging(styled("! caution", "bold $text-warning"), plain(caution), width, _LABEL)
    if insight.people is not None:
        lines += _labelled("people", f"{number(insight.people)} in the group spoken of", width)
    return [*lines, *_query(insight, width)]


def _labelled(label: str, text: str, width: int) -> list[Content]:
    return hanging(styled(label, MUTED), plain(text), width, _LABEL)


def _fact(fact: Fact, width: int) -> list[Content]:
    name = fact.name.replace("_", " ")
    label = styled(name if cell_len(name) < _LABEL else name[: _LABEL - 2] + "…", MUTED)
    value = plain(one_line(number(fact.value)), "bold")
    unit = "" if fact.unit in _SAYS_ITSELF else shown(fact.unit)
    grain = f"rounded to {number(fact.rounded_to)}" if fact.rounded_to and fact.rounded_to != 1 else ""
    told = Content.assemble(value, f" {unit}" if unit else "", (f"  {grain}" if grain else "", MUTED))
    return hanging(label, told, width, _LABEL)


def period(insight: Insight) -> str:
    """`Mon 5 Oct 2026 – Sun 11 Oct 2026`, or one day."""
    first, last = insight.start, insight.end
    if isinstance(first, datetime) and isinstance(last, datetime):
        return f"{day_words(first, year=True)} {first:%H:%M} – {day_words(last, year=True)} {last:%H:%M}"
    if first == last:
        return day_words(first, year=True)
    return f"{day_words(first, year=first.year != last.year)} – {day_words(last, year=True)}"


def doubt(insight: Insight) -> str:
    """How likely chance alone is to give such a figure."""
    if insight.q is None:
        return "read off the table: no test of chance applies"
    if insight.q < _HARDLY:
        return f"q = {insight.q:.2g}: chance alone hardly gives this"
    return f"q = {insight.q:.2g}: of such finds, about {insight.q * 100:.0f} in 100 are chance"


def _query(insight: Insight, width: int) -> list[Content]:
    if not insight.query.strip():
        return []
    lines = [Content(""), rule("SQL", width, "to run it yourself")]
    for line in shown(insight.query).strip("\n").split("\n"):
        lines += hanging(Content(""), styled(line, MUTED), width, 2) if line.strip() else [Content("")]
    return lines


def publications(draft: Draft, config: Config, now: datetime, width: int) -> list[Content]:
    """Every publication, with its time in the account's zone; nothing where there is none."""
    if not draft.publications:
        return []
    lines = [rule("Publications", width)]
    for one in draft.publications:
        lines += _publication(one, draft, config, now, width)
    return lines


def _publication(one: Publication, draft: Draft, config: Config, now: datetime, width: int) -> list[Content]:
    waits = one.state in WAITING_STATES
    style = "bold reverse $text-error" if waits else "bold"
    state = styled(f"{STATE_SIGNS.get(one.state, '')} {one.state.replace('_', ' ')}", style)
    due = f"due {full_time(one.due_at, config.zone(one.account))}, {from_now(one.due_at, now)}"
    old = styled(f"revision {one.revision}", MUTED) if one.revision != draft.revision else Content("")
    lines = hanging(Content(""), joined([state, plain(f"on {one.account}"), plain(due, MUTED), old]), width, 0)
    if one.remote_id:
        lines += hanging(styled("  id", MUTED), plain(one.remote_id), width, 10)
    if one.error:
        lines += hanging(styled("  error", "bold $text-error"), plain(one.error), width, 10)
    what_now = styled("w says what became of it, or gives it back", "$text-warning")
    return lines + (hanging(Content(""), what_now, width, 2) if waits else [])


def history(entries: Sequence[Entry], config: Config, now: datetime, width: int) -> list[Content]:
    """What was done, by whom and why, the newest first."""
    lines = [rule("History", width)]
    for entry in reversed(entries):
        when = styled(clock_time(entry.at, config.zone(), now), MUTED)
        what = joined(
            [styled(_DONE.get(entry.action, entry.action.replace("_", " "))), plain(entry.actor, MUTED), _why(entry)]
        )
        lines += hanging(when, what, width, _LABEL)
    return lines


def _why(entry: Entry) -> Content:
    details = entry.details
    told = details.get("reason") or details.get("quote") or details.get("error") or ""
    return plain(one_line(told), "italic") if told else Content("")


def decision_words(decision: Decision, undone: Decision | None, config: Config) -> tuple[str, str]:
    """A decision in a notification: what was done to which draft, and how that stands now."""
    told = decision.details
    what = f"#{decision.draft_id}" if decision.draft_id is not None else str(told.get("scope", ""))
    change = decision.after if decision.before == decision.after else f"{decision.before} → {decision.after}"
    if undone is not None:
        return f"Undone: {undone.action} of {what}.", change
    if decision.after == "queued" and told.get("due_at"):
        due, account = datetime.fromisoformat(str(told["due_at"])), str(told.get("account"))
        change = f"due {full_time(due, config.zone(account))} on {account}"
    done = _DONE.get(decision.action, decision.action)
    return f"{done.capitalize()} {what}.", " ".join([change.strip(" →"), *map(str, told.get("notes", ()))])
