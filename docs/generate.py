"""Fill the blocks between `<!-- made: NAME -->` and `<!-- end -->` in README.md and docs/ with what the program says.

Run by `make docs`; a test runs it with --check, which writes nothing and fails where a block is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- made: (?P<name>[\w-]+)(?: (?P<argument>[^>]*?))? -->\n).*?(<!-- end -->)", re.DOTALL)


def help_of(argument: str) -> str:
    """The `--help` of one command, as at 100 columns."""
    from typer.testing import CliRunner

    from assistant.cli import app

    words = argument.split()
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="assistant", terminal_width=100)
    lines = (line.rstrip() for line in result.output.strip().splitlines())
    return "```\n" + "\n".join(lines) + "\n```\n"


def all_commands(_: str) -> str:
    """Every command's help, one after the other."""
    return "\n".join(f"## `assistant {name}`\n\n{help_of(name)}" for name in command_names())


def command_names() -> Iterator[str]:
    """`list`, `audit log`…, as they stand in the program."""
    from typer.main import get_command

    from assistant.cli import app

    root = get_command(app)
    for name, command in sorted(getattr(root, "commands", {}).items()):
        inner = getattr(command, "commands", {})
        yield from (f"{name} {each}" for each in sorted(inner)) if inner else (name,)


def config_table(argument: str) -> str:
    """The keys of one section of config.yaml, from the model's own descriptions."""
    from assistant import config

    model = getattr(config, argument)
    rows = [
        f"| `{name}` | {_default(field)} | {field.description} |"
        for name, field in model.model_fields.items()
        if name != "file"
    ]
    return "| key | default | what it is |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _default(field: object) -> str:
    if getattr(field, "is_required")():  # noqa: B009 (pydantic's FieldInfo, untyped here)
        return "needed"
    value = getattr(field, "default", None)
    shown = "" if value is None or "Undefined" in str(value) else str(value)
    return f"`{shown}`" if shown and shown not in ("()", "{}") else ""


def kinds_table(_: str) -> str:
    """The kinds of figures that there are."""
    from assistant.insights import KINDS

    return "| kind | says |\n|---|---|\n" + "".join(f"| `{name}` | {kind.says} |\n" for name, kind in KINDS.items())


MAKERS: dict[str, Callable[[str], str]] = {
    "help": help_of,
    "commands": all_commands,
    "config": config_table,
    "kinds": kinds_table,
}


def filled(text: str) -> str:
    """The text with each block made anew."""
    return BLOCK.sub(lambda m: m[1] + MAKERS[m["name"]](m["argument"] or "") + m[4], text)


def main(check: bool) -> int:
    """Write what changed (or, checking, only name it)."""
    stale = []
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        old = file.read_text(encoding="utf-8")
        new = filled(old)
        if new != old:
            stale.append(file.relative_to(ROOT))
            if not check:
                file.write_text(new, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{name} {'is out of date: make docs' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
