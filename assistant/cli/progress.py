"""What is going on, on standard error of a terminal, when it takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.cli.output import plain

if TYPE_CHECKING:
    from rich.status import Status

DELAY = 1.0  # seconds; what is done sooner needs no word
Tell = Callable[[str], None]


@contextmanager
def progress() -> Iterator[Tell]:
    """A function that is told each step; nothing is shown where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    shown = _Shown()
    late = threading.Timer(DELAY, shown.start)
    late.daemon = True
    late.start()
    try:
        yield shown.tell
    finally:
        late.cancel()
        shown.stop()


class _Shown:
    """The line, from when it is late; steps are told from the working thread, the start comes from the timer's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._step = "reading"
        self._status: Status | None = None
        self._over = False

    def tell(self, step: str) -> None:
        with self._lock:
            self._step = step
            if self._status is not None:
                self._status.update(self._line())

    def start(self) -> None:
        from rich.console import Console

        with self._lock:
            if not self._over:
                self._status = Console(stderr=True).status(self._line())
                self._status.start()

    def stop(self) -> None:
        with self._lock:
            self._over = True
            if self._status is not None:
                self._status.stop()

    def _line(self) -> str:
        from rich.markup import escape

        return escape(f"{plain(self._step)} …")
