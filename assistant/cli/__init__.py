"""The command line: parse, call, print. Rooms are imported inside the commands, so that each starts fast.

A second complete way through the whole work: whatever the review desk can do, a command does too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli import drafting, figures, keeping, publishing, reviewing, rules, start, templates
from assistant.cli.context import Context
from assistant.cli.output import note, use_utf8
from assistant.errors import AssistantError

INTERRUPTED = 130
app = typer.Typer(
    name="assistant",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Turns audience statistics into playful posts that are true, kind and sent exactly once.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="Default: ./config.yaml, then $ASSISTANT_CONFIG.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,  # noqa: ARG001
) -> None:
    """Turns audience statistics into playful posts that are true, kind and sent exactly once."""
    ctx.obj = Context(config)
    ctx.call_on_close(ctx.obj.close)


for room in (start, figures, drafting, templates, rules, reviewing, publishing, keeping):
    room.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 no, 2 usage or configuration, 3 a person is needed, 130 Ctrl-C)."""
    use_utf8()
    try:
        app(arguments)
    except AssistantError as error:
        note(error)
        return error.exit_code
    except KeyboardInterrupt:  # each change is one transaction: what was done is done, and nothing half
        return INTERRUPTED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0
