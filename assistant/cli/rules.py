"""Commands on the rules of the checks: `rules list`, `propose`, `accept`, `stats`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import here
from assistant.cli.output import Format, FormatOption, emit, json_line, note, plain
from assistant.errors import UsageError
from assistant.models import CATEGORIES

if TYPE_CHECKING:
    from assistant.checks.rules import Listed
    from assistant.workflow.learning import Accepted, Proposal, Tally


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    packs = typer.Typer(help="The rules of the checks.", no_args_is_help=True, rich_markup_mode=None)
    packs.command("list")(list_)
    packs.command("propose")(propose)
    packs.command("accept")(accept)
    packs.command("stats")(stats)
    app.add_typer(packs, name="rules")


def list_(
    ctx: typer.Context,
    lang: Annotated[str | None, typer.Option("--lang", help="Only those that look at this language.")] = None,
    category: Annotated[str | None, typer.Option("--category", help="Only this category.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Every rule: what it is called, what it is about, how bad, where it stands."""
    checker = here(ctx).checker
    if lang is not None and lang not in checker.languages:
        raise UsageError(f"--lang {lang!r} is not among the languages.", remedy=f"There are {checker.languages}.")
    if category is not None and category not in CATEGORIES:
        raise UsageError(f"{category!r} is not a category.", remedy=f"There are {', '.join(CATEGORIES)}.")
    spoken = [one for one in checker.rules() if lang is None or one.lang in (None, lang)]
    chosen = [one for one in spoken if category in (None, one.category)]
    emit(chosen, form, lambda one: one.to_json(), _rule_line)
    for problem in checker.problems:
        note(problem)


def _rule_line(rule: Listed) -> str:
    level = f"{rule.level}, hard" if rule.hard else rule.level
    return plain(f"{rule.id:<34} {rule.category:<18} {level:<12} {rule.lang or 'all':<4} {rule.source}")


def propose(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """What people flagged and no rule flags yet. `rules accept` makes a rule of one."""
    from assistant import workflow

    found = workflow.proposals(here(ctx).reviewer)
    emit(found, form, lambda one: one.to_json(), _proposal_page)
    if not found and form is Format.text:
        note("Nothing is proposed: every wording that a person flagged is flagged by a rule too.")


def _proposal_page(one: Proposal) -> str:
    again = f", and {len(one.others)} more" if one.others else ""
    why = f" {one.message}" if one.message else ""
    lines = [
        f"{one.id:>4}  “{one.wording}” · {one.category} · {one.lang}",
        f"      {one.actor} on {one.at.date()} in draft {one.draft_id} ({one.state}){again}:{why}",
        f"      “{' ⏎ '.join(one.example.splitlines())}”",
    ]
    return "\n".join(map(plain, lines))


def accept(
    ctx: typer.Context,
    proposal: Annotated[int, typer.Argument(metavar="PROPOSAL", help="Its number.", show_default=False)],
    as_: Annotated[str | None, typer.Option("--as", metavar="REGEX", help="A pattern instead of the wording.")] = None,
    word: Annotated[list[str] | None, typer.Option("--word", help="These words instead of the wording.")] = None,
    category: Annotated[str | None, typer.Option("--category", help="Default: the flag's.")] = None,
    level: Annotated[str, typer.Option("--level", help="error, warning or suggestion.")] = "error",
    lang: Annotated[str | None, typer.Option("--lang", help="Default: the draft's; all for every language.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The rule's name and its file's.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Write the house a rule from a proposal, with its example. The next check reads it."""
    from assistant import workflow

    made = workflow.accept(
        here(ctx).reviewer,
        proposal,
        pattern=as_,
        words=word or (),
        category=category,
        level=level,
        lang=lang,
        name=name,
    )
    if form is Format.jsonl:
        typer.echo(json_line(made.to_json()))
    else:
        _tell_accepted(made)


def _tell_accepted(made: Accepted) -> None:
    typer.echo(plain(f"{made.file} is written; the next check reads it as {made.rule}."))
    if made.would_flag:
        drafts = ", ".join(f"#{number}" for number in made.would_flag[:10])
        note(f"It fires on {len(made.would_flag)} drafts that were let out: {drafts}. Is it too wide?")


def stats(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """How often each rule fired, and what people made of it: waved through, rejected, worded anew."""
    from assistant import workflow

    counts = workflow.rule_counts(here(ctx).store)
    emit(counts, form, lambda one: one.to_json(), _tally_line)
    if not counts and form is Format.text:
        note("No rule has fired on a draft of this store yet.")


def _tally_line(one: Tally) -> str:
    rate = "   —" if one.rate is None else f"{one.rate:>4.0%}"
    remark = " · noisy" if one.noisy else " · privacy" if one.private else ""
    return plain(
        f"{one.rule:<34} fired {len(one.fired):>4} · waved through {len(one.dismissed):>4} ({rate}) · "
        f"rejected {len(one.confirmed):>4} · worded anew {len(one.reworded):>4}{remark}"
    )
