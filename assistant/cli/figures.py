"""Commands on tables and figures: `insights`, `stats profile`, `stats diff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import here, parse_as_of
from assistant.cli.output import Format, FormatOption, drawn, emit, insight_line, note
from assistant.cli.progress import progress
from assistant.models import jsonable

if TYPE_CHECKING:
    from assistant.stats.snapshots import Change

_SHOWN = 20
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it would have been told on that day.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only this source.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    app.command("insights")(insights)
    tables = typer.Typer(help="What was read from the tables.", no_args_is_help=True, rich_markup_mode=None)
    tables.command("profile")(profile)
    tables.command("diff")(diff)
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
    with progress() as tell:
        found = pipeline.figures(
            context.config, source=source, kind=kind, limit=top, as_of=parse_as_of(as_of, context), tell=tell
        )
    emit(found.insights, form, lambda insight: insight.to_json(), insight_line)
    for remark in found.notes:
        note(remark)
    leave_with(found.problems)


def profile(ctx: typer.Context, source: SourceName = None, form: FormatOption = Format.text) -> None:
    """What was read: periods, gaps, dimensions, cautions."""
    from assistant import pipeline

    with progress():
        found = pipeline.profiles(here(ctx).config, source=source)
    emit(found.profiles, form, lambda one: one, _profile_page)
    leave_with(found.problems)


def diff(ctx: typer.Context, source: SourceName = None, form: FormatOption = Format.text) -> None:
    """What a new delivery restated of the periods that the one kept before told; it is kept in its turn."""
    from assistant import pipeline

    with progress():
        found = pipeline.restated(here(ctx).config, source=source)
    if form is Format.jsonl:
        emit(found.changes, form, lambda one: {"change": one.what, **jsonable(one)}, str)
    elif found.changes:
        typer.echo(_changes_page(found.changes[:_SHOWN]))
        if len(found.changes) > _SHOWN:
            note(f"The {_SHOWN} first of {len(found.changes)}; --format jsonl has all.")
    for remark in found.notes:
        note(remark)
    leave_with(found.problems)


def _profile_page(one: dict[str, object]) -> str:
    cautions = one["cautions"]
    told = [str(caution) for caution in cautions] if isinstance(cautions, list) else []
    rows = [(name, _shown(value)) for name, value in one.items() if name != "cautions"]
    return drawn(("what", "read"), [*rows, *(("caution", caution) for caution in told)])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items()) or "—"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return f"{value:,}" if isinstance(value, int) else "—" if value is None else str(value)


def _changes_page(changes: Sequence[Change]) -> str:
    heads = ("source", "what", "measure", "period", "about", "before", "after")
    rows = [
        (one.source, one.what, one.measure, f"{one.start:%Y-%m-%d}" + (f" {one.start:%H:%M}" if one.start.hour else ""),
         " · ".join(filter(None, (one.subject, *one.where.values()))), _value(one.before), _value(one.after))
        for one in changes
    ]  # fmt: skip
    return drawn(heads, rows)


def _value(value: float | None) -> str:
    return "—" if value is None else f"{value:,.10g}"


def leave_with(problems: tuple[Exception, ...] | list[Exception]) -> None:
    """Name what could not be used, and say so in the exit code; the rest was done."""
    for problem in problems:
        note(problem)
    if problems:
        raise typer.Exit(2)
