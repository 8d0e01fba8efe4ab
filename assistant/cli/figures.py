"""Commands on tables and figures: `insights`, `stats profile`."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.context import here, parse_as_of
from assistant.cli.output import Format, FormatOption, emit, insight_line, note, plain

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it would have been told on that day.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only this source.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    app.command("insights")(insights)
    tables = typer.Typer(help="What was read from the tables.", no_args_is_help=True, rich_markup_mode=None)
    tables.command("profile")(profile)
    app.add_typer(tables, name="stats")


def insights(
    ctx: typer.Context,
    source: SourceName = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of figure.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many.")] = 20,
    as_of: AsOf = None,
    form: FormatOption = Format.text,
) -> None:
    """Notable figures, best first."""
    from assistant import pipeline

    context = here(ctx)
    found = pipeline.figures(context.config, source=source, kind=kind, limit=top, as_of=parse_as_of(as_of, context))
    emit(found.insights, form, lambda insight: insight.to_json(), insight_line)
    for remark in found.notes:
        note(remark)
    leave_with(found.problems)


def profile(ctx: typer.Context, source: SourceName = None, form: FormatOption = Format.text) -> None:
    """What was read: periods, dimensions, cautions."""
    from assistant import pipeline

    found = pipeline.profiles(here(ctx).config, source=source)
    emit(found.profiles, form, lambda one: one, _profile_page)
    leave_with(found.problems)


def _profile_page(one: dict[str, object]) -> str:
    cautions = one.pop("cautions")
    lines = [f"{name}: {plain(value)}" for name, value in one.items()]
    told = cautions if isinstance(cautions, list) else []
    return "\n".join([*lines, *(f"  caution: {plain(caution)}" for caution in told), ""])


def leave_with(problems: tuple[Exception, ...] | list[Exception]) -> None:
    """Name what could not be used, and say so in the exit code; the rest was done."""
    for problem in problems:
        note(problem)
    if problems:
        raise typer.Exit(2)
