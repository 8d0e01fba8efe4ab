"""How commands print: for people by default, JSON lines with `--format jsonl`.

Standard output carries the answer and nothing else; notes, progress and errors go to standard error.
Whatever came from outside passes through `checks.visible`: no control character reaches a terminal.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import typer

from assistant.models import Flag, Insight, jsonable
from assistant.reviewed import Draft, Publication, Shown

Row = TypeVar("Row")
MARKS = {"pass": "✓", "warn": "!", "block": "✗"}


class Format(StrEnum):
    """What standard output carries."""

    text = "text"
    jsonl = "jsonl"


FormatOption = Annotated[Format, typer.Option("--format", help="For people, or one JSON object a line.")]


def emit(
    rows: Iterable[Row], form: Format, shape: Callable[[Row], Mapping[str, Any]], tell: Callable[[Row], str]
) -> None:
    """Print each row as it comes, as JSON or in words."""
    for row in rows:
        line = json_line(shape(row)) if form is Format.jsonl else tell(row)
        typer.echo(line)


def json_line(value: Any) -> str:
    """One value on one line, in UTF-8 (lone surrogates as escapes, which JSON allows)."""
    text = json.dumps(jsonable(value), ensure_ascii=False, separators=(", ", ": "))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def drawn(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as wide as the terminal, or as it needs where there is none; foreign text is never markup."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, pad_edge=False, header_style="")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    out = StringIO()
    width = None if sys.stdout.isatty() else 1000
    Console(file=out, width=width, color_system=None, soft_wrap=width is not None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def plain(text: object) -> str:
    """Foreign text as a terminal may show it."""
    told = str(text)
    if told.isascii() and told.isprintable():  # nothing to show otherwise, and no need for the checks' packs
        return told
    from assistant.checks import visible

    return visible(told)


def note(message: object) -> None:
    """A remark for the person, on standard error."""
    typer.echo(plain(message), err=True)


def use_utf8() -> None:
    """Standard output in UTF-8, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def draft_line(draft: Draft) -> str:
    """`#12 ✓ pending en  128  text`."""
    text = plain(" ⏎ ".join(draft.post.text.splitlines()))
    mark = MARKS[draft.verdict]
    return f"#{draft.id:<4} {mark} {draft.state:<9} {draft.post.lang}  {text}"


def flag_lines(flag: Flag) -> str:
    """One finding in two or three lines: what, why, what instead."""
    hard = ", hard" if flag.hard else ""
    quote = f" “{plain(flag.quote)}”" if flag.quote else ""
    lines = [f"  {flag.level}{hard} · {flag.category} · {plain(flag.rule or flag.check)}:{quote} {plain(flag.message)}"]
    if flag.suggestion:
        lines.append(f"      instead: {plain(flag.suggestion)}")
    return "\n".join(lines)


def draft_page(draft: Draft) -> str:
    """All that a reviewer wants to know of one draft."""
    accounts = ", ".join(draft.post.accounts) or "no account"
    head = (
        f"#{draft.id} · revision {draft.revision} · {draft.state} · {draft.post.lang} · "
        f"{draft.weighted_length} characters · {draft.verdict} · for {plain(accounts)}"
    )
    parts = [head, "", textwrap.indent(plain(draft.post.text), "  "), ""]
    parts += [flag_lines(flag) for flag in draft.flags]
    if draft.report.not_checked:
        parts.append(f"  not checked: {plain(', '.join(draft.report.not_checked))}")
    if draft.figures:
        parts += ["", *(shown_line(one) for one in draft.figures)]
    if draft.insight:
        parts += ["", insight_page(draft.insight)]
    parts += [f"  {publication_line(p)}" for p in draft.publications]
    return "\n".join(parts)


def shown_line(one: Shown) -> str:
    """`  12–31 “1.2 million hours” rests on value = 1,234,567 (hours): SELECT …`, the query on one line."""
    value = f"{one.fact.value:,}" if isinstance(one.fact.value, int | float) else _wall(one.fact.value)
    query = " ".join(one.query.split())
    return plain(
        f"  {one.start}–{one.end} “{one.quote}” rests on {one.fact.name} = {value} ({one.fact.unit})"
        + (f"\n      {query}" if query else "")
    )


def insight_line(insight: Insight) -> str:
    """`0.82 record  viewing · title · place: 571,760,000 hours (2021-09-27 – 2021-10-03)`."""
    of = " · ".join(plain(v) for v in (insight.source, insight.subject, *insight.where.values()) if v)
    value = f"{insight.value:,}" if isinstance(insight.value, int) else f"{insight.value:,.10g}"
    return (
        f"{insight.score:.2f} {insight.kind:<14} {of}: {value} {plain(insight.unit)} ({_days(insight)})  [{insight.id}]"
    )


def _days(insight: Insight) -> str:
    """The first and the last day; of hours, the wall times of the source's zone."""
    return f"{_wall(insight.start)} – {_wall(insight.end)}"


def _wall(value: object) -> str:
    """A value of a fact; an instant as the clock there shows it."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def insight_page(insight: Insight) -> str:
    """A figure with its facts, parts, cautions and SQL."""
    lines = [f"  figure {insight_line(insight)}"]
    lines += [f"    {fact.name} = {plain(_wall(fact.value))} ({plain(fact.unit)})" for fact in insight.facts]
    if insight.parts:
        lines.append("    score: " + ", ".join(f"{name} {part:.2f}" for name, part in insight.parts.items()))
    lines += [f"    caution: {plain(caution)}" for caution in insight.cautions]
    lines.append(textwrap.indent(plain(insight.query), "    "))
    return "\n".join(lines)


def publication_line(publication: Publication) -> str:
    """`publication 3 of #12 on main: published at … (id …)`."""
    remote = f" (id {plain(publication.remote_id)})" if publication.remote_id else ""
    error = f": {plain(publication.error)}" if publication.error else ""
    return (
        f"publication {publication.id} of #{publication.draft_id} on {plain(publication.account)}: "
        f"{publication.state}{remote}, due {publication.due_at.isoformat(timespec='seconds')}{error}"
    )
