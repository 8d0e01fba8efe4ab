"""A config.yaml guessed from tables: what each column seems to be, with the doubt written beside it as a comment."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from assistant.errors import SourceError
from assistant.models import Every
from assistant.stats import persons
from assistant.stats.engine import DuckEngine, quoted
from assistant.stats.files import inspect
from assistant.stats.loading import load_file

_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m", "%d/%m/%y", "%m/%d/%y")
_TIME = re.compile(r"date|day|week|month|time|period|semaine|jour|mois", re.IGNORECASE)
_HOUR = re.compile(r"hr|hour|heure|hour_of_day", re.IGNORECASE)
_SUBJECT = re.compile(r"title|show|song|track|artist|album|podcast|product|item|titre|morceau|produit", re.IGNORECASE)
_NAME = re.compile(r"name|nom", re.IGNORECASE)
_PLACE = re.compile(r"country|region|city|state|market|territory|station|pays|ville|région|marché", re.IGNORECASE)
_CODE = re.compile(r"(?:^|_)(?:iso\d?|code|id|abbr)(?:$|_|\d)", re.IGNORECASE)
_PERIODS_TOLD = 4  # the default shelf life
_UNITS = (
    ("rank", r"rank|position|rang"), ("hours", r"hours|heures"), ("views", r"views|vues"), ("plays", r"plays|lectures"),
    ("streams", r"streams"), ("listens", r"listens|écoutes"), ("viewers", r"viewers|spectateurs"),
    ("listeners", r"listeners|auditeurs"), ("people", r"people|users|members|personnes"), ("orders", r"orders|commandes"),
    ("rides", r"rides|trips|trajets"),
)  # fmt: skip
_PEOPLE_UNITS = {"viewers", "listeners", "people"}
_SAMPLE = 5000


@dataclass(frozen=True)
class Column:
    """A column's name, its different values (a sample of many), and how many there are."""

    name: str
    values: tuple[str, ...]
    distinct: int

    def share(self, accepts: Callable[[str], bool]) -> float:
        """How many of the values a function accepts, 0 to 1."""
        return sum(bool(accepts(value)) for value in self.values) / max(1, len(self.values))


def guess_config(paths: Sequence[Path], *, beside: Path) -> str:
    """The text of a config.yaml for these tables; `SourceError` where one cannot be read at all."""
    sources = "".join(_guess_source(path, beside) for path in paths)
    return (
        "# Written by `assistant init` from a look at the tables. Read the comments: a guess is not a fact.\n"
        "# docs/config.md lists every key.\n"
        "store: sqlite:///assistant.db\n"
        "languages: [en, fr]\n"
        f"sources:\n{sources}"
        "accounts:\n  practice: {network: practice}   # a network in a file; docs/config.md says how to name an account on X\n"
    )


def _guess_source(path: Path, beside: Path) -> str:
    name = re.sub(r"\W+", "_", path.stem).strip("_").lower() or "table"
    columns = _columns(name, path)
    time = next((c for c in columns if _TIME.search(c.name) and _format(c)), None) or next(
        filter(_format, columns), None
    )
    hour = next((c for c in columns if _HOUR.fullmatch(c.name) and c.share(_is_hour) == 1), None)
    numbers = [c for c in columns if c not in (time, hour) and c.share(_is_number) > 0.95]
    texts = [c for c in columns if c not in (time, hour, *numbers) and c.distinct > 1]
    subject = max(texts, key=_like_a_subject, default=None)
    lines = [f"  {name}:", f"    path: {_quote(os.path.relpath(path, beside))}"]
    lines += _time_lines(time, hour)
    if subject:
        lines.append(f"    subject: {_quote(subject.name)}   # what a post is about: {subject.distinct} different ones")
    dims = [c for c in texts if c is not subject and c.distinct <= 300 and not _is_code(c, texts)]
    if dims:
        lines.append(f"    dimensions: [{', '.join(_quote(c.name) for c in dims)}]   # what divides a subject")
    lines += ["    measures:   # leave out what is no measure", *_measure_lines(numbers)]
    lines += [f"    # {c.name}: left out, {reason}" for c in columns if (reason := persons.by_name(c.name))]
    return "\n".join(lines) + "\n"


def _like_a_subject(column: Column) -> tuple[bool, bool, bool, int]:
    """A place is what divides a subject; a name is one where nothing calls itself a title."""
    place = bool(_PLACE.search(column.name) or _CODE.search(column.name))
    return not place, bool(_SUBJECT.search(column.name)), bool(_NAME.search(column.name)), column.distinct


def _is_code(column: Column, others: Sequence[Column]) -> bool:
    """Whether it only abbreviates another column: a code with as many values."""
    return bool(_CODE.search(column.name)) and any(c is not column and c.distinct == column.distinct for c in others)


def _columns(name: str, path: Path) -> list[Column]:
    file = inspect(name, path)
    engine = DuckEngine([path.absolute()])
    try:
        found = [c for c in load_file(name, engine, 0, inspect(name, path.absolute())) if not c.startswith("__")]
        listed = [_column(engine, column) for column in found]
    finally:
        engine.close()
    if not any(column.values for column in listed):
        raise SourceError(name, "there are no rows", file=file.path, remedy="Name a table with rows.")
    return listed


def _column(engine: DuckEngine, name: str) -> Column:
    q = f"CAST({quoted(name)} AS VARCHAR)"
    values = engine.run(
        f"SELECT DISTINCT {q} FROM raw_0 WHERE {q} IS NOT NULL AND {q} NOT IN ('', 'N/A') LIMIT {_SAMPLE}"
    )
    distinct = int(engine.run(f"SELECT count(DISTINCT {q}) FROM raw_0")[0][0])
    return Column(name, tuple(str(value).strip() for (value,) in values), distinct)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_hour(text: str) -> bool:
    return text.isdigit() and int(text) < 24


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 (a label has no zone)
    except ValueError:
        return False
    return True


def _format(column: Column) -> str | None:
    if not column.values:
        return None
    if column.share(lambda v: _reads(v[:10], "%Y-%m-%d")) == 1:
        return "iso"
    return next((form for form in _FORMATS if column.share(partial(_reads, form=form)) == 1), None)


def _time_lines(column: Column | None, hour: Column | None) -> list[str]:
    if column is None:
        return ['    time: {column: "???", every: week}   # no column of dates was recognised: name it']
    form = _format(column) or "iso"
    days = sorted({_day(value, form) for value in column.values})
    every = "hour" if hour else _every(days)
    label = "end" if every == "week" and days[0].weekday() == 6 else "start"
    doubt = "a Sunday: probably the week's last day" if label == "end" else "the label is taken for the first day"
    shown = "" if form == "iso" else f', format: "{form}"'
    shown += f", hour: {_quote(hour.name)}" if hour else ""
    time = f"    time: {{column: {_quote(column.name)}, every: {every}, label: {label}{shown}}}   # {doubt}"
    return [time, *_shelf_life(days[-1], every)]


def _shelf_life(newest: date, every: Every) -> list[str]:
    """An old table is told for ever, or nothing of it would be."""
    length = {
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "week": timedelta(weeks=1),
        "month": timedelta(days=31),
    }
    if datetime.now(UTC).date() - newest <= (_PERIODS_TOLD + 1) * length[every]:
        return []
    return [
        f"    shelf_life: none   # its newest period is of {newest}: by default four periods are told, and nothing older"
    ]


def _day(value: str, form: str) -> date:
    return datetime.strptime(value[:10] if form == "iso" else value, "%Y-%m-%d" if form == "iso" else form).date()  # noqa: DTZ007


def _every(days: list[date]) -> Every:
    steps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    usual = sorted(steps)[len(steps) // 2] if steps else 1
    return "week" if usual == 7 else "month" if usual >= 28 else "day"


def _measure_lines(columns: Sequence[Column]) -> list[str]:
    """One line a column; where none is recognised, the last one is taken for a count of something."""
    known = [_measure_line(column) for column in columns]
    if columns and all(line.lstrip().startswith("#") for line in known):
        known[-1] = f"      {_quote(columns[-1].name)}: {{unit: events}}   # a guess: name what it counts"
    return known


def _measure_line(column: Column) -> str:
    unit = next((unit for unit, pattern in _UNITS if re.search(pattern, column.name, re.IGNORECASE)), None)
    if unit is None:
        return f"      # {_quote(column.name)}: {{unit: ???}}   # what does it count?"
    extra = ", better: low" if unit == "rank" else ", counts: people" if unit in _PEOPLE_UNITS else ""
    doubt = "   # distinct people? then disclosure rules apply" if unit in _PEOPLE_UNITS else ""
    return f"      {_quote(column.name)}: {{unit: {unit}{extra}}}{doubt}"


def _quote(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][\w ./-]*", text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
