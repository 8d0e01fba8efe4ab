"""Commands on the network: `publish` from cron, what is unknown, the kill switch."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

from assistant.cli.context import here
from assistant.cli.output import Format, FormatOption, emit, json_line, note, plain, publication_line
from assistant.cli.reviewing import AccountOption
from assistant.models import WAITING_STATES
from assistant.reviewed import Decision

PublicationId = Annotated[int, typer.Argument(metavar="PUB", help="The publication's number.", show_default=False)]
TitleOption = Annotated[str | None, typer.Option("--title", help="Only posts about this title.")]


class Fate(StrEnum):
    """What a person found on the network."""

    published = "published"
    not_there = "not-there"


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    for command in (publish, reconcile, resolve, withdraw, pause, resume):
        app.command(command.__name__)(command)


def publish(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and send each post when it is due.")] = False,
    account: AccountOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Send what is due. Safe from cron every minute, and twice at once. Exit code 3 where a person is needed."""
    from assistant.publish import publish_due, waiting, watch_due

    context = here(ctx)
    if watch and not dry_run:
        moved = watch_due(context.config, context.store, account=account)
    else:
        moved = publish_due(context.config, context.store, account=account, dry_run=dry_run)
    emit(moved, form, lambda one: one.to_json(), publication_line)
    if number := waiting(context.store, account):
        note(f"{number} {'waits' if number == 1 else 'wait'} for a person: `assistant list`.")
        raise typer.Exit(3)


def reconcile(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """Look for unknown posts on the network's own timeline. Exit code 3 where some stay unknown."""
    from assistant import publish as room

    context = here(ctx)
    looked_at = list(room.reconcile(context.config, context.store))
    emit(looked_at, form, lambda one: one.to_json(), publication_line)
    if not looked_at and form is Format.text:
        note("No post is unknown.")
    if any(one.state in WAITING_STATES for one in looked_at):
        raise typer.Exit(3)


def resolve(
    ctx: typer.Context,
    publication_id: PublicationId,
    as_: Annotated[Fate, typer.Option("--as", help="What is on the network.", show_default=False)],
    remote_id: Annotated[str | None, typer.Option("--remote-id", metavar="ID", help="The post's id there.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Say what became of an unknown post."""
    from assistant import workflow

    fate: Literal["published", "not-there"] = "published" if as_ is Fate.published else "not-there"
    _tell(form, workflow.resolve(here(ctx).reviewer, publication_id, as_=fate, remote_id=remote_id))


def withdraw(ctx: typer.Context, publication_id: PublicationId, form: FormatOption = Format.text) -> None:
    """Delete a live post on the network, and block its siblings."""
    from assistant import publish as room

    context = here(ctx)
    gone = room.withdraw(context.reviewer, publication_id)
    emit([gone], form, lambda one: one.to_json(), publication_line)


def pause(
    ctx: typer.Context,
    account: AccountOption = None,
    title: TitleOption = None,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    form: FormatOption = Format.text,
) -> None:
    """The kill switch: nothing goes out, or nothing on an account or about a title."""
    from assistant import workflow

    _tell(form, workflow.pause(here(ctx).reviewer, account=account, title=title, reason=reason))


def resume(
    ctx: typer.Context,
    account: AccountOption = None,
    title: TitleOption = None,
    all_held: Annotated[bool, typer.Option("--all", help="Give back all that was held, unseen.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; needed with --all.")] = "",
    form: FormatOption = Format.text,
) -> None:
    """Lift a pause. What was held stays held until someone has looked at it."""
    from assistant import workflow

    decision = workflow.resume(here(ctx).reviewer, account=account, title=title, all_held=all_held, reason=reason)
    _tell(form, decision)
    if not all_held and form is Format.text:
        note("Held posts stay held: `assistant list --state held` shows them, `assistant queue ID` gives one back.")


def _tell(form: Format, decision: Decision) -> None:
    what = f"publication {decision.publication_id}" if decision.publication_id else decision.details.get("scope", "")
    line = f"{decision.action} {what}: {decision.after}".rstrip(": ")
    typer.echo(json_line(decision.to_json()) if form is Format.jsonl else plain(line))
