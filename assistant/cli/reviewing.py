"""The reviewer's commands: the same verbs as the desk's, from `workflow`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from assistant.cli.context import here
from assistant.cli.output import Format, FormatOption, draft_line, draft_page, emit, json_line, note, plain
from assistant.errors import UsageError
from assistant.models import CATEGORIES, DRAFT_STATES, PUBLICATION_STATES
from assistant.reviewed import Decision, Draft

DraftId = Annotated[int, typer.Argument(metavar="ID", help="The draft's number.", show_default=False)]
AccountOption = Annotated[str | None, typer.Option("--account", help="An account of config.yaml.")]
STATES = (*DRAFT_STATES, *PUBLICATION_STATES, "all")


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    app.command("list")(list_)
    for command in (show, flag, unflag, edit, approve, reject, snooze, queue, schedule, cancel, review):
        app.command(command.__name__)(command)


def list_(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help=f"One of {', '.join(STATES)}.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Only this language.")] = None,
    search: Annotated[str, typer.Option("--search", help="Only where the text or the title has this.")] = "",
    form: FormatOption = Format.text,
) -> None:
    """Drafts: by default what is pending and what waits for a person."""
    from assistant.workflow import list_drafts

    if state is not None and state not in STATES:
        raise UsageError(f"--state {state!r} is not a state.", remedy=f"There are {', '.join(STATES)}.")
    drafts = list_drafts(here(ctx).store, state=state, lang=lang, search=search)
    emit(drafts, form, lambda draft: draft.to_json(), draft_line)
    if not drafts and form is Format.text:
        note("Nothing here. `assistant draft` makes drafts, `assistant list --state all` shows everything.")


def show(ctx: typer.Context, draft_id: DraftId, form: FormatOption = Format.text) -> None:
    """One draft: its text, flags, figures with their queries, publications, history."""
    from assistant.workflow import get_draft, history, nearest_rejected

    store = here(ctx).store
    draft = get_draft(store, draft_id)
    entries = history(store, draft_id)
    like = nearest_rejected(store, draft)
    more = {"insight": _insight(draft), "history": entries, "nearest_rejected": like}
    emit([draft], form, lambda one: {**one.to_json(), **more}, draft_page)
    if form is Format.text:
        if like is not None:
            typer.echo(plain(f"  like #{like.rejected.draft_id}, which was rejected: {like.rejected.reason}"))
        for entry in entries:
            typer.echo(f"  {plain(_history_line(entry))}")


def _insight(draft: Draft) -> dict[str, Any] | None:
    return draft.insight.to_json() if draft.insight else None


def _history_line(entry: Any) -> str:
    return f"{entry.at.isoformat(timespec='seconds')} {entry.actor}: {entry.action}"


def _tell(ctx: typer.Context, form: Format, decision: Decision) -> None:
    """What was decided, and how the draft stands now."""
    from assistant.workflow import get_draft

    if form is Format.jsonl:
        draft = get_draft(here(ctx).store, decision.draft_id) if decision.draft_id else None
        typer.echo(json_line({**decision.to_json(), "draft": draft.to_json() if draft else None}))
        return
    for remark in decision.details.get("notes", ()):
        note(remark)
    what = f"#{decision.draft_id}" if decision.draft_id else "everything"
    typer.echo(plain(f"{decision.action} {what}: {decision.before or '—'} → {decision.after or '—'}"))


def flag(
    ctx: typer.Context,
    draft_id: DraftId,
    quote: Annotated[str, typer.Option("--quote", help="The wording, exactly as it stands.", show_default=False)],
    category: Annotated[str, typer.Option("--category", help=f"One of {', '.join(CATEGORIES)}.", show_default=False)],
    message: Annotated[str, typer.Option("--message", help="Why.")] = "",
    form: FormatOption = Format.text,
) -> None:
    """This wording must not go out."""
    from assistant import workflow

    _tell(ctx, form, workflow.flag(here(ctx).reviewer, draft_id, quote=quote, category=category, message=message))


def unflag(
    ctx: typer.Context,
    draft_id: DraftId,
    flag_id: Annotated[int | None, typer.Option("--flag", help="Which; default: the latest of yours.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Take a person's flag back."""
    from assistant import workflow

    _tell(ctx, form, workflow.unflag(here(ctx).reviewer, draft_id, flag_id=flag_id))


def edit(
    ctx: typer.Context,
    draft_id: DraftId,
    text: Annotated[str, typer.Option("--text", help="The whole new text.", show_default=False)],
    form: FormatOption = Format.text,
) -> None:
    """A new wording: checked anew, its approval revoked, what was queued cancelled."""
    from assistant import workflow

    _tell(ctx, form, workflow.edit(here(ctx).reviewer, draft_id, text=text))


def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    acknowledge: Annotated[list[str] | None, typer.Option("--acknowledge", metavar="RULE", help="A flag seen.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it may go out all the same.")] = "",
    account: Annotated[list[str] | None, typer.Option("--account", help="For these accounts only.")] = None,
    revision: Annotated[int | None, typer.Option("--revision", help="The one you looked at; no other.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Let the whole post go out, as it stands. Exit code 1 where something forbids it."""
    from assistant import workflow

    decision = workflow.approve(
        here(ctx).reviewer, draft_id, acknowledge=acknowledge or (), reason=reason, accounts=account, revision=revision
    )
    _tell(ctx, form, decision)


def reject(
    ctx: typer.Context,
    draft_id: DraftId,
    reason: Annotated[str, typer.Option("--reason", help="Why not.", show_default=False)],
    figure: Annotated[bool, typer.Option("--figure", help="Never this figure: all languages, all runs.")] = False,
    form: FormatOption = Format.text,
) -> None:
    """Not this post; with --figure, never this figure."""
    from assistant import workflow

    _tell(ctx, form, workflow.reject(here(ctx).reviewer, draft_id, reason=reason, figure=figure))


def snooze(ctx: typer.Context, draft_id: DraftId, form: FormatOption = Format.text) -> None:
    """Not today."""
    from assistant import workflow

    _tell(ctx, form, workflow.snooze(here(ctx).reviewer, draft_id))


def queue(
    ctx: typer.Context, draft_id: DraftId, account: AccountOption = None, form: FormatOption = Format.text
) -> None:
    """Into the next free slot. Exit code 1 where it is not approved."""
    from assistant import workflow

    _tell(ctx, form, workflow.queue(here(ctx).reviewer, draft_id, account=account))


def schedule(
    ctx: typer.Context,
    draft_id: DraftId,
    at: Annotated[str, typer.Option("--at", metavar="WHEN", help='now, 20:45, "2026-11-24 20:45"', show_default=False)],
    tz: Annotated[str | None, typer.Option("--tz", metavar="ZONE", help="Default: the account's.")] = None,
    account: AccountOption = None,
    fold: Annotated[int | None, typer.Option("--fold", min=0, max=1, help="0 or 1: which of two equal hours.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """At a time of your own. Exit code 1 where it is not approved."""
    from assistant import workflow

    decision = workflow.schedule(here(ctx).reviewer, draft_id, at=at, tz=tz, account=account, fold=fold)
    _tell(ctx, form, decision)


def cancel(ctx: typer.Context, draft_id: DraftId, form: FormatOption = Format.text) -> None:
    """Take the draft's live publication back, before it is sent."""
    from assistant import workflow

    _tell(ctx, form, workflow.cancel(here(ctx).reviewer, draft_id))


def review(ctx: typer.Context) -> None:
    """Open the review desk."""
    from assistant import review as desk

    context = here(ctx)
    desk.run(context.config, context.store, context.reviewer)
