"""`python -m assistant` and the `assistant` command."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SOON = 0.05  # seconds
_SELDOM = (
    50_000  # objects more, after which cycles are looked for: at start there are none, and most commands are short
)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.unraisablehook = _unraisable
    gc.set_threshold(_SELDOM)
    try:
        from assistant.cli import run

        code = run()
        if "duckdb" not in sys.modules:  # which would take what is left for a leak, and say so
            gc.freeze()  # what is left goes with the process
        sys.exit(code)
    except KeyboardInterrupt:  # before a command runs, or after
        sys.exit(130)


def _unraisable(raised: UnraisableHookArgs) -> None:
    """Python drops a Ctrl-C that falls into a finalizer, with a traceback; it is meant for what runs there: once more."""
    if issubclass(raised.exc_type, KeyboardInterrupt):
        again = threading.Timer(_SOON, _interrupt)  # at once would be inside this hook, and dropped too
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(raised)


def _interrupt() -> None:
    signal.pthread_kill(
        threading.main_thread().ident or 0, signal.SIGINT
    )  # a signal wakes what sleeps, a mere mark does not


if __name__ == "__main__":
    main()
