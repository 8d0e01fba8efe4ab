"""A ratio, and how its two sides are timed: by turns, so that a busy moment of the machine falls on both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times its floor something takes; both in seconds, of one run. `note` is said behind it."""

    name: str
    ours: float
    floor: float
    beside: str
    note: str = ""

    @property
    def times(self) -> float:
        """Ours over the floor."""
        return self.ours / self.floor

    def __str__(self) -> str:
        """`check  1.6 × importing typer, regex  (210 ms : 131 ms)`."""
        note = f"; {self.note}" if self.note else ""
        return f"{self.name:<18} {self.times:6.2f} × {self.beside}  ({_shown(self.ours)} : {_shown(self.floor)}{note})"


def _shown(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def seconds(work: Callable[[], object]) -> float:
    """How long it took, once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def by_turns(ours: Callable[[], object], floor: Callable[[], object], *, budget: float, least: int = 3
             ) -> tuple[float, float]:  # fmt: skip
    """The median of each side, run one after the other until the budget of seconds is spent; the first pair is warm-up."""
    ours(), floor()
    until = time.perf_counter() + budget
    pairs: list[tuple[float, float]] = []
    while len(pairs) < least or time.perf_counter() < until:
        pairs.append((seconds(ours), seconds(floor)))
    return median(one for one, _ in pairs), median(other for _, other in pairs)
