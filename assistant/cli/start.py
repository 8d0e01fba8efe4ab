"""Commands to begin with: `demo`, `init`, `doctor`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import Context, actor, here
from assistant.cli.output import Format, FormatOption, draft_line, emit, note, plain, publication_line
from assistant.errors import AssistantError, UsageError

if TYPE_CHECKING:
    from assistant.cli.doctor import Finding

# The root config.yaml of the project is this text with the folder "sample/"; a test holds them together.
SAMPLE_CONFIG = """\
# A working configuration: `assistant demo` makes the tables of a streaming service that does not exist, and posts go
# to the practice network, which is a file. docs/config.md lists every key; `assistant init DATA` writes one for yours.
store: sqlite:///{folder}assistant.db
timezone: Europe/Paris
languages: [en, fr]
sources:
  viewing:                                 # hours and viewers, by week, title and country
    path: {folder}viewing-*.parquet
    time: {{column: week, every: week, label: end}}   # a week is labelled by its last day
    shelf_life: 28d
    subject: title
    dimensions: [country]
    measures:
      hours: {{unit: hours, counts: other}}
      viewers: {{unit: viewers, counts: people}}
  rewatchers:                              # how many people watched something so many days in a row
    path: {folder}rewatchers.csv
    subject: title
    cohort:
      people: people
      times: days_in_a_row
      behaviour:
        en: "watched {{subject}} every day for {{times}} days"
        fr: "ont regardé {{subject}} tous les jours pendant {{times}} jours"
accounts:
  practice: {{network: practice, handle: "@practice"}}
publish: {{grace: 30m, daily_cap: 6, quiet_hours: "22:00-08:00", spacing: 45m}}
"""
SAMPLE_FIGURES = 24


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    for command in (demo, init, doctor):
        app.command(command.__name__)(command)


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Print the drafts instead of opening the desk.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where the sample workspace is made.")] = Path("sample"),
) -> None:
    """A sample workspace, its drafts, the review desk, and the practice network."""
    context = Context(_sample_workspace(folder))
    try:
        _make_sample_drafts(context)
        if headless or not (sys.stdin.isatty() and sys.stdout.isatty()):
            _print_drafts(context)
        else:
            _open_desk(context)
        _publish_approved(context, folder)
    finally:
        context.close()


def _sample_workspace(folder: Path) -> Path:
    """The tables and a config of the sample, made anew; what was decided in its store is kept."""
    from datetime import date

    from assistant.stats.sample import write_sample

    folder.mkdir(parents=True, exist_ok=True)
    write_sample(folder, today=date.today())  # noqa: DTZ011 (the sample ends last week by the reader's calendar)
    config = folder / "config.yaml"
    config.write_text(SAMPLE_CONFIG.format(folder=""), encoding="utf-8")
    return config


def _make_sample_drafts(context: Context) -> None:
    from assistant import pipeline

    made = pipeline.make_drafts(
        context.config,
        context.store,
        context.checker,
        actor=actor(),
        languages=context.config.languages,
        limit=SAMPLE_FIGURES,
    )
    for problem in made.problems:
        note(problem)


def _print_drafts(context: Context) -> None:
    from assistant.workflow import list_drafts

    drafts = list_drafts(context.store)
    emit(drafts, Format.text, lambda draft: draft.to_json(), draft_line)
    languages = sorted({draft.post.lang for draft in drafts})
    note(f"{len(drafts)} drafts in {' and '.join(languages) or 'no language'}; ✓ passes, ! warns, ✗ is blocked.")


def _open_desk(context: Context) -> None:
    from assistant import review

    review.run(context.config, context.store, context.reviewer)


def _publish_approved(context: Context, folder: Path) -> None:
    """In the demo an approved draft goes out at once: the practice network is a file."""
    from assistant import workflow
    from assistant.publish import publish_due

    for draft in workflow.list_drafts(context.store, state="approved"):
        try:
            workflow.schedule(context.reviewer, draft.id, at="now")
        except AssistantError as error:
            note(error)
    sent = list(publish_due(context.config, context.store))
    for publication in sent:
        typer.echo(publication_line(publication))
    if not sent:
        note(
            "Nothing is approved yet, so nothing was published. Next:\n"
            f"  assistant --config {folder / 'config.yaml'} review        the desk\n"
            f"  assistant --config {folder / 'config.yaml'} approve ID    then: schedule ID --at now, publish"
        )


def init(
    data: Annotated[
        list[Path] | None, typer.Argument(metavar="[DATA…]", help="Tables: csv, tsv, json, jsonl, parquet.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", help="The file to write.")] = Path("config.yaml"),
) -> None:
    """Look at tables and write a config.yaml with the guesses explained in comments."""
    from assistant.stats.guess import guess_config

    if output.exists():
        raise UsageError(f"{output} is there already.", remedy="Name another with --output, or move it away.")
    if not data:
        raise UsageError("No table was named.", remedy="Name one: assistant init stats/viewing.csv")
    output.write_text(guess_config(data, beside=output.parent), encoding="utf-8")
    typer.echo(plain(f"{output} is written. Read its comments, then: assistant --config {output} insights"))


def doctor(ctx: typer.Context, form: FormatOption = Format.text) -> None:
    """Versions, permissions, credentials, clock, store. Exit code 2 where something must be mended."""
    from assistant.cli.doctor import examine

    findings: list[Finding] = []

    def remembered() -> Iterator[Finding]:
        for finding in examine(here(ctx)):
            findings.append(finding)
            yield finding

    emit(remembered(), form, lambda one: one.to_json(), lambda one: plain(one))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(2)
