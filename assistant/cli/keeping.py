"""Commands on the store: the audit trail, copies, migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.context import here
from assistant.cli.output import Format, FormatOption, emit, json_line, plain


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    trail = typer.Typer(help="The trail of what was decided and sent.", no_args_is_help=True, rich_markup_mode=None)
    for command in (log, verify, head):
        trail.command(command.__name__)(command)
    app.add_typer(trail, name="audit")
    app.command("backup")(backup)
    app.command("migrate")(migrate)


def log(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 50,
    form: FormatOption = Format.text,
) -> None:
    """What was done, by whom, when; oldest first."""
    from assistant.store import audit

    emit(audit.entries(here(ctx).store, limit), form, _shape, _line)


def _shape(entry: Any) -> dict[str, Any]:
    return dict(entry.to_json())


def _line(entry: Any) -> str:
    at = entry.at.isoformat(timespec="seconds")
    return plain(f"{entry.seq:>5} {at} {entry.actor} {entry.action} {entry.subject}")


def verify(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """Walk the chain and compare it with the tables. Exit code 1 where it does not hold."""
    from assistant.store import audit

    found = audit.verify(here(ctx).store)
    if form is Format.jsonl:
        typer.echo(json_line({"ok": found.ok, "entries": found.entries, "problem": found.problem}))
    elif found.ok:
        typer.echo(f"{found.entries} entries verify, back to the first. Only a head kept elsewhere proves the end.")
    else:
        typer.echo(plain(f"does not verify: {found.problem}"))
    raise typer.Exit(0 if found.ok else 1)


def head(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """The last entry's number and hash, to be kept elsewhere."""
    from assistant.store import audit

    last = audit.head(here(ctx).store)
    typer.echo(json_line({"seq": last.seq, "hash": last.hash}) if form is Format.jsonl else f"{last.seq} {last.hash}")


def backup(ctx: typer.Context, to: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]) -> None:
    """A whole copy of the SQLite store, made while it is in use."""
    from assistant import store

    store.backup(here(ctx).store, to)
    typer.echo(plain(f"{to} holds the store."))


def migrate(ctx: typer.Context) -> None:
    """Bring an older store to this version's tables."""
    from assistant import store

    store.upgrade(here(ctx).config.store_url)
    typer.echo("The store has this version's tables.")
