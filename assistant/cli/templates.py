"""Commands on templates: `templates list`, `lint`, `preview`, `adopt`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from assistant.cli.context import here, parse_as_of
from assistant.cli.figures import AsOf, leave_with
from assistant.cli.output import Format, FormatOption, emit, note, plain
from assistant.errors import Refused

Lang = Annotated[str | None, typer.Option("--lang", help="Only this language.")]
KindName = Annotated[str | None, typer.Option("--kind", help="Only this kind.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    packs = typer.Typer(help="The templates.", no_args_is_help=True, rich_markup_mode=None)
    packs.command("list")(templates_list)
    packs.command("lint")(lint)
    packs.command("preview")(preview)
    packs.command("adopt")(adopt)
    app.add_typer(packs, name="templates")


def templates_list(
    ctx: typer.Context, lang: Lang = None, kind: KindName = None, form: FormatOption = Format.text
) -> None:
    """The wordings that there are."""
    from assistant import pipeline

    pack = pipeline.template_pack(here(ctx).config)
    chosen = [t for t in pack.templates if lang in (None, t.lang) and kind in (None, t.kind)]
    emit(chosen, form, _as_json, lambda t: plain(t.id))
    leave_with(list(pack.problems))


def _as_json(template: Any) -> dict[str, Any]:
    return {
        "id": template.id, "lang": template.lang, "kind": template.kind, "tone": template.tone, "family": template.family,
        "when": dict(template.when), "addresses": template.addresses, "file": template.file, "line": template.line,
    }  # fmt: skip


def lint(ctx: typer.Context, lang: Lang = None, kind: KindName = None, form: FormatOption = Format.text) -> None:
    """What is wrong with the templates, with file and line. Exit code 1 where anything is an error."""
    from assistant import wordings

    context = here(ctx)
    found = list(wordings.lint_templates(context.config, context.checker, lang=lang, kind=kind))
    emit(found, form, _complaint_json, lambda one: plain(str(one)))
    errors = sum(one.level == "error" for one in found)
    note(f"{errors} errors, {sum(one.level == 'warning' for one in found)} warnings.")
    raise typer.Exit(1 if errors else 0)


def _complaint_json(one: Any) -> dict[str, Any]:
    return {"level": one.level, "file": one.file, "line": one.line, "template": one.template, "message": one.what,
            "remedy": one.remedy}  # fmt: skip


def preview(
    ctx: typer.Context, lang: Lang = None, kind: KindName = None, as_of: AsOf = None, form: FormatOption = Format.text
) -> None:
    """Each wording on the best real figure of the configured sources that it fits."""
    from assistant import wordings

    context = here(ctx)
    shown = wordings.preview_templates(context.config, lang=lang, kind=kind, as_of=parse_as_of(as_of, context))
    emit(shown.posts, form, lambda one: {"template": one.template, "lang": one.lang, "text": one.text,
                                         "insight_id": one.insight.id if one.insight else None}, _preview_page)  # fmt: skip
    if shown.unused:
        note(f"No figure of the sources fits {len(shown.unused)} wordings: {', '.join(shown.unused)}")
    leave_with(shown.problems)


def _preview_page(one: Any) -> str:
    return f"{plain(one.template)}\n  {plain(one.text)}"


def adopt(
    ctx: typer.Context,
    draft_id: Annotated[int, typer.Argument(metavar="ID", help="The draft whose text becomes a template.")],
    name: Annotated[str | None, typer.Option("--name", help="The wording's name.")] = None,
    tone: Annotated[str | None, typer.Option("--tone", help="warm, dry, celebratory, absurd.")] = None,
    family: Annotated[
        str | None, typer.Option("--family", help="The joke's family, which rests after it was told.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Keep it without being asked.")] = False,
) -> None:
    """Make a house template of an edited post: figures and titles become variables, conditions are proposed."""
    from assistant import wordings
    from assistant.workflow import get_draft

    context = here(ctx)
    proposal = wordings.proposed_template(context.config, get_draft(context.store, draft_id))
    proposal = proposal.named(name=name, tone=tone, family=family)
    typer.echo(plain(str(proposal)))
    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Keep it as {proposal.id}?", err=True)):
        raise Refused("Nothing was kept.", remedy="Confirm it, or add --yes.")
    file = wordings.keep_template(context.config, context.checker, proposal)
    note(f"Kept in {file}.")
