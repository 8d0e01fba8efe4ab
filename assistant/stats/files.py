"""Which files a source is, whether they can be read, and the hash that names their contents."""

from __future__ import annotations

import codecs
import csv
import glob
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SourceError

TEXT_KINDS = ("csv", "tsv", "json", "jsonl")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_CHUNK = 1 << 20
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a source. `header` and `delimiter` only for csv and tsv."""

    path: Path
    kind: str
    sha: str
    header: tuple[str, ...] = ()
    delimiter: str = ","


def find_files(source: str, pattern: Path) -> list[Path]:
    """The files of a path or a pattern, expanded here because the engine is locked; `SourceError` where there are none."""
    found = sorted(Path(name) for name in glob.glob(str(pattern)))  # noqa: PTH207 (Path.glob takes no absolute pattern)
    found = found or ([pattern] if pattern.is_file() else [])
    files = [path for path in found if path.is_file()]
    if not files:
        remedy = "Correct sources." + source + ".path; it is relative to config.yaml."
        raise SourceError(source, f"no file matches {pattern}", remedy=remedy)
    return files


def inspect(source: str, path: Path) -> DataFile:
    """Hash a file and make sure that it can be read: known kind, not empty, UTF-8 (`SourceError` names the first bad row)."""
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(set(_SUFFIXES.values())))
        raise SourceError(source, f"{path.suffix or 'a name without suffix'} is no kind of table that is known", file=path,
                          remedy=f"Use one of {known}.")  # fmt: skip
    try:
        sha = _hash(source, path, text=kind in TEXT_KINDS)
        header, delimiter = _header(source, path, kind) if kind in ("csv", "tsv") else ((), ",")
    except OSError as error:
        raise SourceError(
            source, f"cannot be read ({error.strerror})", file=path, remedy="Check its permissions."
        ) from None
    return DataFile(path, kind, sha, header, delimiter)


def _hash(source: str, path: Path, *, text: bool) -> str:
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    rows = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if text:
                _decode(source, path, decoder, chunk, rows)
                rows += chunk.count(b"\n")
    if path.stat().st_size == 0:
        raise SourceError(
            source, "the file is empty", file=path, remedy="Deliver it again, or leave it out of the pattern."
        )
    return digest.hexdigest()


def _decode(source: str, path: Path, decoder: codecs.IncrementalDecoder, chunk: bytes, rows: int) -> None:
    try:
        text = decoder.decode(chunk)
        wrong = text.find("\0")
        bad_row = rows + text.count("\n", 0, wrong) if wrong >= 0 else None
    except UnicodeDecodeError as error:
        bad_row = rows + chunk.count(b"\n", 0, max(0, error.start - 4))
    if bad_row is not None:
        remedy = "Save it as UTF-8 (in a spreadsheet: CSV UTF-8)."
        raise SourceError(source, "it is not text in UTF-8", file=path, row=bad_row, remedy=remedy)


def _header(source: str, path: Path, kind: str) -> tuple[tuple[str, ...], str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline()
        delimiter = "\t" if kind == "tsv" else max(_DELIMITERS, key=line.count)
        file.seek(0)
        names = tuple(name.strip() for name in next(csv.reader(file, delimiter=delimiter), []))
    _check_header(source, path, names)
    return names, delimiter


def _check_header(source: str, path: Path, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if not name or name.casefold() in seen:
            problem = f"column {number} has no name" if not name else f"two columns are called {name!r}"
            raise SourceError(source, problem, file=path, row=1, remedy="Give each column a name of its own.")
        seen.add(name.casefold())
