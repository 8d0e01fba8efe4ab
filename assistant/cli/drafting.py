"""Commands on texts: `draft`, `check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.context import Context, actor, here, parse_as_of
from assistant.cli.figures import AsOf, leave_with
from assistant.cli.output import MARKS, Format, FormatOption, draft_line, emit, flag_lines, note, plain
from assistant.cli.progress import progress
from assistant.errors import AssistantError, UsageError
from assistant.models import Candidate, Flag, Level, Report

if TYPE_CHECKING:
    from assistant.checks import Checker

LOOKED_AT = 4000  # code points of one text; a longer file goes by paragraph


class Input(StrEnum):
    """What `check` reads."""

    text = "text"
    jsonl = "jsonl"


class CheckFormat(StrEnum):
    """What `check` prints: `github` is workflow commands, which become annotations of a pull request."""

    text = "text"
    jsonl = "jsonl"
    github = "github"


@dataclass(frozen=True)
class Item:
    """One text to check, and where it stands: its file and line; `whole`, where the file is JSON and the line is all."""

    name: str
    candidate: Candidate
    file: str
    line: int
    whole: bool = False


@dataclass(frozen=True)
class Broken:
    """A line that is no text to check."""

    error: AssistantError
    file: str
    line: int


def register(app: typer.Typer) -> None:
    """Add this room's commands."""
    app.command("draft")(draft)
    app.command("check")(check)


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
    with progress() as tell:
        made = pipeline.make_drafts(
            context.config,
            context.store,
            context.checker,
            actor=actor(),
            languages=languages,
            limit=top,
            as_of=parse_as_of(as_of, context),
            seed=seed,
            tell=tell,
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
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file, or - for standard input.")] = "-",
    input_: Annotated[Input, typer.Option("--input", help="Plain text, or one JSON object a line.")] = Input.text,
    lang: Annotated[str | None, typer.Option("--lang", help="The text's language; default: both packs.")] = None,
    form: Annotated[
        CheckFormat, typer.Option("--format", help="For people, one JSON object a line, or GitHub's annotations.")
    ] = CheckFormat.text,
    config: Annotated[Path | None, typer.Option("--config", help="The house's own rules, limits and calendar.")] = None,
) -> None:
    """Check any text. It needs no config and no store; one that is named with --config brings the house's own rules.

    Exit code 1 where anything blocks.
    """
    checker = _checker(here(ctx) if config is None else Context(config))
    blocked = broken = False
    for item in _read_jsonl(file, lang) if input_ is Input.jsonl else _read_text(file, lang):
        if isinstance(item, Broken):
            broken = True
            _tell_broken(item, form)
            continue
        report = checker(item.candidate)
        blocked = blocked or report.verdict == "block"
        _tell_report(item, report, form)
    raise typer.Exit(2 if broken else 1 if blocked else 0)


def _checker(context: Context) -> Checker:
    """Both packs and the default limits; as the config wants them, where one is named."""
    if context.config_is_named:
        return context.checker
    from assistant.checks import Checker

    return Checker()


def _tell_broken(item: Broken, form: CheckFormat) -> None:
    if form is CheckFormat.github:
        typer.echo(_command("error", str(item.error), title="cannot be read", **_place(item.file, item.line)))
    else:
        note(item.error)


def _tell_report(item: Item, report: Report, form: CheckFormat) -> None:
    if form is CheckFormat.github:
        for flag in report.flags:
            typer.echo(_annotation(item, flag))
    else:
        emit([(item.name, report)], Format(form.value), _report_json, _report_page)


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


_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "suggestion": "notice"}


def _annotation(item: Item, flag: Flag) -> str:
    """`::error file=post.txt,line=2,col=5,title=en.Shaming::…`: where, which rule, what, and what instead."""
    quote = f"“{flag.quote}”: " if flag.quote and item.whole else ""
    instead = f" Instead: {flag.suggestion}" if flag.suggestion else ""
    where = _place(item.file, item.line)
    if not item.whole:
        where = _place(item.file, *_at(item, flag.start), *_at(item, max(flag.end, flag.start)))
    about = f"{item.name}: " if item.whole else ""
    return _command(_COMMANDS[flag.level], f"{about}{quote}{flag.message}{instead}", title=flag.rule, **where)


def _at(item: Item, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a place in a text that begins at its own line of the file."""
    before = item.candidate.text[:offset]
    return item.line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1


def _place(
    file: str, line: int, column: int = 1, end_line: int | None = None, end: int | None = None
) -> dict[str, object]:
    """Where, as GitHub wants it; columns are only for what stands on one line. Standard input is no file."""
    named = {} if file == "-" else {"file": file}
    if end_line is not None and end_line != line:
        return {**named, "line": line, "endLine": end_line}
    return {**named, "line": line, "col": column, **({"endColumn": end} if end is not None else {})}


def _command(name: str, message: str, *, title: str, **properties: object) -> str:
    """A workflow command, in which nothing of a text can begin another one."""
    told = ",".join(f"{key}={_property(str(value))}" for key, value in {**properties, "title": title}.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return plain(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).", remedy="Name a file, or - for input.") from None
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8."
        raise UsageError(f"{file}: byte {error.start} is not UTF-8.", remedy=remedy) from None


def _read_text(file: str, lang: str | None) -> Iterator[Item | Broken]:
    text = _read(file).rstrip("\r\n")
    name = "standard input" if file == "-" else file
    if len(text) <= LOOKED_AT:
        yield Item(name, Candidate(text=text, lang=lang), file, 1)
        return
    number, line = 0, 1
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            number += 1
            yield Item(f"{name}, paragraph {number}", Candidate(text=paragraph, lang=lang), file, line)
        line += paragraph.count("\n") + 2


def _read_jsonl(file: str, lang: str | None) -> Iterator[Item | Broken]:
    for number, line in enumerate(_read(file).split("\n"), start=1):
        if line.strip():
            try:
                name, candidate = _candidate(json.loads(line), number, lang)
                yield Item(name, candidate, file, number, whole=True)
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                remedy = 'Write {"id": …, "text": …} on one line.'
                yield Broken(UsageError(f"{file}, line {number}: {_json_problem(error)}.", remedy=remedy), file, number)


def _json_problem(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else f"not an item to check ({error})"


def _candidate(item: dict[str, Any], number: int, lang: str | None = None) -> tuple[str, Candidate]:
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
        lang=item.get("lang", lang),
        titles=tuple(titles),
        people=people,
        counts="people" if people is not None else "unknown",
        due=due,
    )
    return str(item.get("id", number)), candidate
