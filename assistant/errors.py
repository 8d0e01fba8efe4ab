"""What can go wrong that a person can fix: one class each, and its docstring is the first half of the message.

Every error says what is wrong, where (file, key, row, id) and what to do. The command line prints one
line per error and exits with `exit_code`; a traceback is only ever a fault of ours.

    AssistantError
    ├── ConfigError         a key of config.yaml, or the file itself                       exit 2
    ├── UsageError          a command's words: an unknown id, a wall time that never was   exit 2
    ├── SourceError         a table of statistics: file, column, first offending row       exit 2
    ├── TemplateError       a template: file and line                                      exit 2
    ├── RulePackError       a rule file of the wording checks                              exit 2
    ├── StoreError          the database: cannot be opened, wrong version, damaged         exit 2
    ├── CredentialsError    a secret is missing                                            exit 2
    ├── NetworkError        the network cannot be read, or a deletion is not certain       exit 3
    └── Refused             the answer is no: a check blocks, an approval is missing       exit 1
"""

from __future__ import annotations

from pathlib import Path


class AssistantError(Exception):
    """Something is wrong that a person can fix."""

    exit_code = 2

    def __init__(self, what: str, *, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}".strip())


class ConfigError(AssistantError):
    """The configuration cannot be used."""

    def __init__(self, file: Path, key: str, problem: str, *, remedy: str) -> None:
        self.file, self.key = file, key
        where = f"{file}: {key}" if key else f"{file}"
        super().__init__(f"{where}: {problem}.", remedy=remedy)


class UsageError(AssistantError):
    """The command was asked for something that is not there or cannot be."""


class SourceError(AssistantError):
    """A table of statistics cannot be used; the other sources still run."""

    def __init__(
        self,
        source: str,
        problem: str,
        *,
        file: Path | None = None,
        column: str | None = None,
        row: int | None = None,
        remedy: str,
    ) -> None:
        self.source, self.file, self.column, self.row = source, file, column, row
        places = [
            f"source '{source}'",
            str(file) if file else "",
            f"column '{column}'" if column else "",
            f"row {row}" if row is not None else "",
        ]
        super().__init__(f"{', '.join(p for p in places if p)}: {problem}.", remedy=remedy)


class TemplateError(AssistantError):
    """A template is broken; it is skipped and the others still run."""

    def __init__(self, file: str, line: int | None, problem: str, *, remedy: str = "") -> None:
        self.file, self.line, self.problem = file, line, problem
        super().__init__(f"{file}{f':{line}' if line else ''}: {problem}.", remedy=remedy)


class RulePackError(AssistantError):
    """A rule of the wording checks cannot be used."""

    def __init__(self, file: str, problem: str, *, remedy: str = "") -> None:
        self.file = file
        super().__init__(f"{file}: {problem}.", remedy=remedy)


class StoreError(AssistantError):
    """The store cannot be used."""


class CredentialsError(AssistantError):
    """A secret that an account needs is in none of the places where it may be kept."""


class NetworkError(AssistantError):
    """The network did not answer as it should; what was asked for is not certain."""

    exit_code = 3


class Refused(AssistantError):
    """The answer is no."""

    exit_code = 1
