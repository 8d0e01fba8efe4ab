"""`python -m assistant` and the `assistant` command."""

from __future__ import annotations

import _thread
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.unraisablehook = _unraisable
    try:
        from assistant.cli import run

        sys.exit(run())
    except KeyboardInterrupt:  # before a command runs, or after
        sys.exit(130)


def _unraisable(raised: UnraisableHookArgs) -> None:
    """Python drops a Ctrl-C that falls into a finalizer, with a traceback; it is meant for what runs there: once more."""
    if issubclass(raised.exc_type, KeyboardInterrupt):
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(raised)


if __name__ == "__main__":
    main()
