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
_RUNNING = re.compile(r"cumul|running|to_?date|so_?far", re.IGNORECASE)
_SAMPLE = 5000
_FEW = 12  # different values, or fewer, are codes
_SETTLED = 1.2  # pairs a value, up to which one settles the other


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
    lines = [f"  {name}:", f"    path: {_quote(_path(path, beside))}"]
    lines += _time_lines(time, hour)
    if subject:
        lines.append(f"    subject: {_quote(subject.name)}   # what a post is about: {subject.distinct} different ones")
    dims = [c for c in texts if c is not subject and c.distinct <= 300 and not _is_code(c, texts)]
    if dims:
        lines.append(f"    dimensions: [{', '.join(_quote(c.name) for c in dims)}]   # what divides a subject")
    lines += ["    measures:   # leave out what is no measure", *_measure_lines(path, name, numbers, time, subject)]
    lines += [f"    # {c.name}: left out, {reason}" for c in columns if (reason := persons.by_name(c.name))]
    lines += [
        f"    # {c.name}: left out, {_why_left_out(c, texts)}" for c in texts if c is not subject and c not in dims
    ]
    return "\n".join(lines) + "\n"


def _path(path: Path, beside: Path) -> str:
    """Relative to the config where it lies at or below it, else absolute."""
    there, here = path.absolute(), beside.absolute()
    return os.path.relpath(there, here) if there.is_relative_to(here) else str(there)


def _like_a_subject(column: Column) -> tuple[bool, bool, bool, int]:
    """A place is what divides a subject; a name is one where nothing calls itself a title."""
    place = bool(_PLACE.search(column.name) or _CODE.search(column.name))
    return not place, bool(_SUBJECT.search(column.name)), bool(_NAME.search(column.name)), column.distinct


def _is_code(column: Column, others: Sequence[Column]) -> bool:
    """Whether it only abbreviates another column: a code with as many values."""
    return bool(_CODE.search(column.name)) and any(c is not column and c.distinct == column.distinct for c in others)


def _why_left_out(column: Column, texts: Sequence[Column]) -> str:
    if _is_code(column, texts):
        return "a code for another column"
    return f"{column.distinct} different values are too many to divide by"


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


def _measure_lines(
    path: Path, name: str, columns: Sequence[Column], time: Column | None, subject: Column | None
) -> list[str]:
    """One line a column; where none is recognised, the last one that could count something is taken for a count."""
    reasons = {column.name: _no_measure(column) for column in columns}
    settled = _settled(path, name, [c for c in columns if reasons[c.name] is None], time, subject)
    known = [_measure_line(column, reasons[column.name] or settled.get(column.name)) for column in columns]
    if columns and all(line.lstrip().startswith("#") for line in known):
        counting = [at for at, c in enumerate(columns) if not (reasons[c.name] or settled.get(c.name))] or [
            len(columns) - 1
        ]
        at = counting[-1]
        known[at] = f"      {_quote(columns[at].name)}: {{unit: events}}   # a guess: name what it counts"
    return known


def _measure_line(column: Column, reason: str | None) -> str:
    unit = _unit(column)
    if unit is None or (reason and unit != "rank"):
        return f"      # {_quote(column.name)}: {reason or 'what does it count? {unit: ???}'}"
    extra = ", better: low" if unit == "rank" else ", counts: people" if unit in _PEOPLE_UNITS else ""
    doubt = "   # distinct people? then disclosure rules apply" if unit in _PEOPLE_UNITS else ""
    return f"      {_quote(column.name)}: {{unit: {unit}{extra}}}{doubt}"


def _unit(column: Column) -> str | None:
    return next((unit for unit, pattern in _UNITS if re.search(pattern, column.name, re.IGNORECASE)), None)


def _no_measure(column: Column) -> str | None:
    """Why a column of numbers counts nothing of its period, by its name and its values alone."""
    if _RUNNING.search(column.name):
        return "a running count: no figure of the period, and no streak rests on it"
    values = [float(value) for value in column.values if _is_number(value)]
    if column.distinct <= _FEW and _unit(column) is None:
        return f"only {column.distinct} different values: a code rather than a count"
    if values and min(values) >= 0 and max(values) <= 1:
        return "between 0 and 1: a share or a scale, which adds up to nothing"
    return None


def _settled(path: Path, name: str, columns: Sequence[Column], time: Column | None, subject: Column | None
             ) -> dict[str, str]:  # fmt: skip
    """Why columns are no measures by how they go with others: they number the rows, or are settled by the day or the subject."""
    if not columns:
        return {}
    engine = DuckEngine([path.absolute()])
    try:
        load_file(name, engine, 0, inspect(name, path.absolute()))
        rows = int(engine.run("SELECT count(*) FROM raw_0")[0][0])
        found: dict[str, str] = {}
        for column in columns:
            if column.distinct == rows:
                numbers = sorted(float(value) for value in column.values)
                if all(value.is_integer() for value in numbers) and rows > len(numbers):
                    found[column.name] = "another number in each row: it numbers the rows"
            for other, what in ((time, "the date"), (subject, "the subject")):
                if other is not None and column.name not in found and _depends(engine, column, other, rows):
                    found[column.name] = f"settled by {what}: a property of it, and no count"
        return found
    finally:
        engine.close()


def _depends(engine: DuckEngine, column: Column, other: Column, rows: int) -> bool:
    """Whether nearly every value of `other` has one value of the column, though it stands in several rows."""
    if other.distinct > rows / 2 or column.distinct < 2:
        return False
    pairs = f"SELECT DISTINCT {quoted(other.name)} AS o, {quoted(column.name)} AS c FROM raw_0"
    found = engine.run(
        f"SELECT count(DISTINCT o), count(*) FROM ({pairs}) WHERE c IS NOT NULL AND CAST(c AS VARCHAR) NOT IN ('', 'N/A')"
    )[0]
    return bool(found[1] <= _SETTLED * found[0])


def _quote(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][\w ./-]*", text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
