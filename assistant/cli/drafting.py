"""Commands on texts: `draft`, `check`, `templates list`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.context import actor, here, parse_as_of
from assistant.cli.figures import AsOf, leave_with
from assistant.cli.output import MARKS, Format, FormatOption, draft_line, emit, flag_lines, note, plain
from assistant.errors import AssistantError, UsageError
from assistant.models import Candidate, Report

LOOKED_AT = 4000  # code points of one text; a longer file goes by paragraph


class Input(StrEnum):
    """What `check` reads."""

    text = "text"
    jsonl = "jsonl"


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    app.command("draft")(draft)
    app.command("check")(check)
    packs = typer.Typer(help="The templates.", no_args_is_help=True, rich_markup_mode=None)
    packs.command("list")(templates_list)
    app.add_typer(packs, name="templates")


def draft(
    ctx: typer.Context,
    top: Annotated[int, typer.Option("--top", min=1, help="The best N figures.")] = 20,
    lang: Annotated[str | None, typer.Option("--lang", help="Only this language.")] = None,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other wordings.")] = 0,
    form: FormatOption = Format.text,
) -> None:
    """Turn the best figures into checked drafts, and keep them. Doing it twice makes none twice."""
    from assistant import pipeline

    context = here(ctx)
    languages = _languages(lang, context.config.languages)
    made = pipeline.make_drafts(
        context.config,
        context.store,
        context.checker,
        actor=actor(),
        languages=languages,
        limit=top,
        as_of=parse_as_of(as_of, context),
        seed=seed,
    )
    emit(made.drafts, form, lambda one: one.to_json(), draft_line)
    for remark in made.notes:
        note(remark)
    leave_with(made.problems)


def _languages(asked: str | None, configured: tuple[str, ...]) -> tuple[str, ...]:
    if asked is None:
        return configured
    if asked not in configured:
        raise UsageError(f"--lang {asked!r} is not among the config's languages.", remedy=f"There are {configured}.")
    return (asked,)


def check(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file, or - for standard input.")] = "-",
    input_: Annotated[Input, typer.Option("--input", help="Plain text, or one JSON object a line.")] = Input.text,
    lang: Annotated[str | None, typer.Option("--lang", help="The text's language; default: both packs.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Check any text; needs no config and no store. Exit code 1 where anything blocks."""
    from assistant.checks import Checker

    checker = Checker()
    blocked = broken = False
    for item in _read_jsonl(file) if input_ is Input.jsonl else _read_text(file, lang):
        if isinstance(item, AssistantError):
            note(item)
            broken = True
            continue
        name, candidate = item
        report = checker(candidate)
        blocked = blocked or report.verdict == "block"
        emit([(name, report)], form, _report_json, _report_page)
    raise typer.Exit(2 if broken else 1 if blocked else 0)


def _report_json(named: tuple[str, Report]) -> dict[str, Any]:
    name, report = named
    return {
        "id": name,
        "verdict": report.verdict,
        "flags": [flag.to_json() for flag in report.flags],
        "not_checked": list(report.not_checked),
    }


def _report_page(named: tuple[str, Report]) -> str:
    name, report = named
    lines = [f"{plain(name)}: {MARKS[report.verdict]} {report.verdict}", *map(flag_lines, report.flags)]
    if report.not_checked:
        lines.append(f"  not checked: {plain(', '.join(report.not_checked))}")
    return "\n".join(lines)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).", remedy="Name a file, or - for input.") from None
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8."
        raise UsageError(f"{file}: byte {error.start} is not UTF-8.", remedy=remedy) from None


def _read_text(file: str, lang: str | None) -> Iterator[tuple[str, Candidate] | AssistantError]:
    text = _read(file).rstrip("\r\n")
    name = "standard input" if file == "-" else file
    if len(text) <= LOOKED_AT:
        yield name, Candidate(text=text, lang=lang)
        return
    for number, paragraph in enumerate(filter(str.strip, text.split("\n\n")), start=1):
        yield f"{name}, paragraph {number}", Candidate(text=paragraph, lang=lang)


def _read_jsonl(file: str) -> Iterator[tuple[str, Candidate] | AssistantError]:
    for number, line in enumerate(_read(file).split("\n"), start=1):
        if line.strip():
            try:
                yield _candidate(json.loads(line), number)
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                remedy = 'Write {"id": …, "text": …} on one line.'
                yield UsageError(f"{file}, line {number}: {_json_problem(error)}.", remedy=remedy)


def _json_problem(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else f"not an item to check ({error})"


def _candidate(item: dict[str, Any], number: int) -> tuple[str, Candidate]:
    if not isinstance(item, dict):
        raise TypeError("not an object")
    text, titles, people = item["text"], item.get("titles", []), item.get("people")
    if not isinstance(text, str) or not isinstance(titles, list) or not all(isinstance(t, str) for t in titles):
        raise TypeError("text is a string, titles a list of strings")
    if people is not None and (not isinstance(people, int) or isinstance(people, bool)):
        raise TypeError("people is a whole number")
    due = datetime.fromisoformat(item["due"]) if item.get("due") else None
    candidate = Candidate(
        text=text,
        lang=item.get("lang"),
        titles=tuple(titles),
        people=people,
        counts="people" if people is not None else "unknown",
        due=due,
    )
    return str(item.get("id", number)), candidate


def templates_list(
    ctx: typer.Context,
    lang: Annotated[str | None, typer.Option("--lang", help="Only this language.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind.")] = None,
    form: FormatOption = Format.text,
) -> None:
    """The wordings that there are."""
    from assistant import pipeline

    pack = pipeline.template_pack(here(ctx).config)
    chosen = [t for t in pack.templates if lang in (None, t.lang) and kind in (None, t.kind)]
    emit(chosen, form, lambda t: {"id": t.id, "lang": t.lang, "kind": t.kind}, lambda t: plain(t.id))
    leave_with(list(pack.problems))
