"""Chance: what a table of noise would show, and how many findings of a run may be such.

Sources: Rényi (1953) on the spacings of order statistics; Hill (1975) for the tail; Benjamini & Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MAD = 1.4826  # makes the median absolute deviation a standard deviation, for a normal distribution


def adjusted(ps: Sequence[float], tests: int) -> list[float]:
    """Benjamini–Hochberg q-values of `ps`, where `tests` were made in all (those not listed had p = 1)."""
    order = sorted(range(len(ps)), key=lambda at: ps[at], reverse=True)
    q, lowest = [1.0] * len(ps), 1.0
    for place, at in enumerate(order):
        rank = len(ps) - place
        lowest = min(lowest, ps[at] * max(tests, len(ps)) / rank)
        q[at] = lowest
    return q


def tail_margin(values: np.ndarray) -> float:
    """The chance that the largest of `values` (positive) leads the second by as much, with the tail that the others have.

    In an exponential tail of the logarithms the top spacing is exponential with the tail's mean excess (Rényi), which the
    values below the top estimate (Hill). Rank alone proves nothing: some value is always the largest.
    """
    import numpy as np

    logs = np.sort(np.log(values[values > 0]))[::-1]
    if len(logs) < 8:
        return 1.0
    k = max(5, min(20, len(logs) // 4))
    excess = float(np.mean(logs[1 : k + 1] - logs[k + 1])) if len(logs) > k + 1 else 0.0
    margin = float(logs[0] - logs[1])
    if excess <= 0:
        return 1.0 if margin <= 0 else math.exp(-50)
    # The tail's mean is itself an estimate from k values: a Pareto of the margin instead of an exponential
    return float((1 + margin / (excess * k)) ** -k)


def robust_z(value: float, others: np.ndarray) -> float:
    """How many robust standard deviations `value` is above the median of `others`, on logarithms."""
    import numpy as np

    logs = np.log(others[others > 0])
    if len(logs) < 4 or value <= 0:
        return 0.0
    middle = float(np.median(logs))
    spread = MAD * float(np.median(np.abs(logs - middle)))
    return (math.log(value) - middle) / spread if spread > 0 else 0.0


def upper_tail(z: float, degrees: int) -> float:
    """The one-sided chance of a robust z, by Student's t with few degrees of freedom: the spread is an estimate."""
    from scipy.special import stdtr

    return float(stdtr(max(1, degrees // 2), -z))


def longest_run(length: int, tries: int, p: float) -> float:
    """The chance of a run of `length` or more in `tries` with success `p`: 1 − exp(−n·(1−p)·p^L), after Schilling (1990)."""
    return -math.expm1(-tries * (1 - p) * p**length) if 0 < p < 1 else 1.0


def rising_run(rises: int, tries: int) -> float:
    """The chance of so many rises in a row somewhere in `tries` exchangeable values: n/(L+1)!, at most 1."""
    return min(1.0, tries / math.factorial(min(rises + 1, 170)))
