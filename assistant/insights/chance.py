"""Chance: what a table of noise would show, and how many findings of a run may be such.

Sources: Rényi (1953) on the spacings of order statistics; Hill (1975) and Pickands (1975) for the
tail; Benjamini & Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LEAST = 8  # values below which a tail cannot be told
MOST = 20  # as many may stand out of one field
LOGNORMAL = 1.5
FAR = 0.8  # the weight of how far out the largest is against that of its lead
MANY = 100  # subjects that begin to tell how heavy their tail is
TURNS, SURE = 3, 0.01  # times that the tail is looked at, without what has a lower chance
DEEP = 60  # gaps from which the tail of a whole field is known
CALM = 0.75  # the share of them that is looked at
_CALM_MEAN = 1 + (1 - CALM) * math.log(1 - CALM) / CALM  # the mean of the lower part of an exponential of mean 1
BEYOND, HIDDEN = 16, 200  # so much of a sample tells how heavy its tail is, without how high the highest of it are
KNOWN = 200  # values beyond that tell it, at least
DOUBT = 0.5  # standard errors by which it has to be heavier
APART = 5  # so many of the highest do not tell how heavy the tail is
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


def tail_margin(values: np.ndarray, heavy: float = 0.0) -> float:
    """The chance that the largest of `values` (positive) leads the second by as much, with the tail that the others have.

    In an exponential tail of the logarithms the top spacing is exponential with the tail's mean excess (Rényi), which the
    values below the top estimate (Hill). Rank alone proves nothing: some value is always the largest.
    """
    import numpy as np

    return top_spacing(np.log(values[values > 0]), heavy=heavy)


def top_spacing(scores: np.ndarray, inner: int | None = None, heavy: float = 0.0) -> float:
    """`tail_margin` of scores that are logarithms or residuals already; `inner`: from how many gaps the tail is known,
    `heavy`: how heavy it is where one can see more of it (`heaviness`).
    """
    import numpy as np

    if len(scores) < LEAST:
        return 1.0
    return _spacing(np.sort(scores)[::-1], inner or _tail(len(scores)), heavy)


def outstanding(
    scores: np.ndarray, grain: float = 0.0, share: float = 1.0, heavy: float = 0.0
) -> list[tuple[int, float]]:
    """(index, p) of the highest scores, the highest first: p, that any of them, or of a `share` of them that is looked at,
    gets as high by chance.

    Their tail is taken for exponential (`straightened`), or for as heavy as it is (`heaviness`). Several that stand out hide
    each other from a test of the gap below one of them, so that each is set against the tail further in: so many lie above its
    base, fewer by a factor e for each mean excess further up. The mean excess is that of the tail's normalised gaps (Rényi),
    the highest scores and the widest quarter of the gaps left out, as those may be what is looked for; being an estimate, it
    makes a Pareto of the tail.
    """
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    ordered, count = scores[order], len(scores)
    base, k = min(MOST, count // 8), max(5, min(DEEP, count // 4))
    if count <= base + k + 1:
        return []
    out, ps = 0, np.ones(base)
    for _ in range(TURNS):
        ps = _beyond(ordered, base, k, out, grain, heavy)
        out = int((ps < SURE).sum())  # what is no chance is no part of the tail either
    return [(int(at), float(p)) for at, p in zip(order, np.minimum(1, share * ps), strict=False)]


def _beyond(ordered: np.ndarray, base: int, k: int, out: int, grain: float, heavy: float) -> np.ndarray:
    """How many of the tail one would expect as high as each of the `base` highest, of which `out` are none of it."""
    import numpy as np

    excess, known = _calm_excess(ordered[base : base + k + 1], base - out)
    excess = max(excess, grain)
    beyond = np.maximum(0, ordered[:base] - ordered[base] - grain)
    if excess <= 0:
        return np.where(beyond > 0, math.exp(-50), 1.0)
    index = max(heavy, 1 / known)
    return np.asarray((base - out + 1) * (1 + beyond * index / excess) ** (-1 / index))


def _calm_excess(inner: np.ndarray, above: int) -> tuple[float, int]:
    """The mean excess over the end of `inner` (falling), and from how many gaps it is known."""
    import numpy as np

    gaps = np.arange(above + 1, above + len(inner)) * (inner[:-1] - inner[1:])
    if (gaps > 0).sum() < len(gaps) / 2:  # values in steps: most gaps are none
        return float(gaps.mean()), len(gaps)
    calm = np.sort(gaps)[: max(4, round(CALM * len(gaps)))]
    return float(calm.mean()) / _CALM_MEAN, len(calm)


def heaviness(scores: np.ndarray) -> float:
    """The extreme-value index of the upper tail of a sample, 0 for an exponential one, at most 1.

    The highest sixteenth is taken for generalised Pareto (Pickands 1975) and fitted by likelihood along one line (Grimshaw
    1993). Of the highest two hundredth only that it is higher is used: that may be what is looked for. 0 of a small sample.
    """
    import numpy as np

    ordered = np.sort(scores)[::-1]
    count, out = len(ordered) // BEYOND, max(MOST, len(ordered) // HIDDEN)
    if count < KNOWN:
        return 0.0
    beyond = ordered[:count] - ordered[count]
    known, least = beyond[out:], beyond[out]
    if least <= 0:
        return 0.0
    rates = np.logspace(-2, 1.5, 60) / known.mean()  # the index over the scale
    logs = np.log1p(rates[:, None] * known).sum(axis=1)
    indices = (logs + out * np.log1p(rates * least)) / len(known)
    found = float(indices[np.argmax(len(known) * (np.log(rates) - np.log(indices)) - logs)])
    return min(1.0, max(0.0, found - DOUBT * (1 + found) / math.sqrt(count)))


def straightened(scores: np.ndarray, sample: np.ndarray, few: float = 1.0) -> np.ndarray:
    """Scores raised to the power that makes the tail of `sample` exponential: 2 for a normal one, 1 for an exponential one.

    The power is the inverse of the Weibull-tail coefficient (Gardes & Girard 2006), the very top left out of its estimate,
    as that may be no chance; `few`: the power where the sample is too small to tell.
    """
    import numpy as np

    above = np.sort(sample[sample > 0])[::-1]
    count = len(above)
    inner = min(300, count // 8)
    power = few
    if inner >= 3 * APART:
        ranks = np.arange(min(3 * MOST, max(APART, count // 60)) + 1, inner + 1)
        spread = np.log(np.log(count / ranks)) - np.log(np.log(count / inner))
        rise = np.log(above[ranks - 1]) - np.log(above[inner - 1])
        power = float(np.clip(spread.sum() / max(rise.sum(), 1e-9), 1, 2))
    return np.asarray(np.sign(scores) * np.abs(scores) ** power)


def lead(sizes: np.ndarray, heavy: float = 0.0) -> float:
    """The chance that the largest of a field's sizes (positive) leads the others by as much, one size a subject.

    A hundred subjects or fewer do not tell how heavy their tail is. Sizes are then taken for lognormal (Gibrat 1931): the
    largest is tested as their outlier (Grubbs 1950) and by its lead over the second (LOGNORMAL is the power at which so few
    are straight). Where they follow a power law instead, p is too low, about four times at 0.05.
    """
    import numpy as np

    logs = np.log(sizes[sizes > 0])
    if len(logs) < LEAST:
        return 1.0
    away = logs - np.median(logs)
    straight = straightened(away, away, few=LOGNORMAL)
    spacing = top_spacing(straight, max(5, min(20, len(logs) // 3)), heavy)
    largest = grubbs(logs) if len(logs) <= MANY else next(p for _, p in outstanding(straight))
    return min(1.0, spacing / (1 - FAR), largest / FAR)


def largest_share(share: float, many: int) -> float:
    """The chance that the first of so many has that share of the whole, one half or more, in a whole that is parted at random
    (Fisher 1929)."""
    return min(1.0, many * (1 - share) ** (many - 1)) if share >= 0.5 else 1.0


def grubbs(values: np.ndarray) -> float:
    """The chance that the largest of so many from a normal distribution is as far out (Grubbs 1950)."""
    n, spread = len(values), float(values.std(ddof=1))
    if spread <= 0:
        return 1.0
    far = float(values.max() - values.mean()) / spread
    rest = (n - 1) ** 2 - n * far**2
    if rest <= 0:
        return 0.0
    return _student(n - 2, far * math.sqrt(n * (n - 2) / rest), n)


def _tail(count: int) -> int:
    """How many values below the top tell what the tail is like."""
    return max(5, min(20, count // 4))


def _spacing(ordered: np.ndarray, k: int, heavy: float) -> float:
    """The chance of so wide a gap below the highest; `ordered` from the highest.

    The tail's mean comes from the k gaps further in, each times its rank, so that the one tested has no part in it; being an
    estimate, it makes a Pareto of the margin instead of an exponential.
    """
    import numpy as np

    if len(ordered) <= 1 + k:
        return 1.0
    inner = ordered[1 : k + 2]
    excess = float(np.arange(2, k + 2) @ (inner[:-1] - inner[1:])) / k
    margin = max(0.0, float(ordered[0] - ordered[1]))
    if excess <= 0:
        return 1.0 if margin <= 0 else math.exp(-50)
    index = max(heavy, 1 / k)
    return float((1 + margin * index / excess) ** (-1 / index))


def at_least(count: float, usual: float) -> float:
    """The chance that something counted gets to `count` where it usually is `usual`: no less than Poisson's. Small counts
    vary by themselves, and in steps, so that no tail of theirs tells how. Nothing (0) for what is no count.
    """
    if count <= 0 or not float(count).is_integer():
        return 0.0
    from scipy.special import gammainc

    return float(gammainc(count, _mean_of(usual)))


def or_counted(p: float, times: float, count: float, usual: float) -> float:
    """p, or the chance that at any of so many times mere counting gets to `count`, if that is higher."""
    return p if p >= 1 else max(p, min(1.0, times * at_least(count, usual)))


def at_most(count: float, usual: float) -> float:
    """As `at_least`, downwards."""
    if not float(count).is_integer():
        return 0.0
    from scipy.special import gammaincc

    return float(gammaincc(count + 1, _mean_of(usual)))


def halved(before: float, after: float) -> float:
    """The chance that of what was counted in two periods, alike in truth, so little falls into the lesser (binomial)."""
    if not (float(before).is_integer() and float(after).is_integer()):
        return 0.0
    from scipy.special import betainc

    return float(betainc(max(before, after), min(before, after) + 1, 0.5))


def _mean_of(usual: float) -> float:
    """Usual figures are medians, and of small counts too low."""
    return max(usual, 1.0) + 0.5


def robust_z(value: float, others: np.ndarray) -> float:
    """How many robust standard deviations `value` is above the median of `others`, on logarithms."""
    import numpy as np

    logs = np.log(others[others > 0])
    if len(logs) < 4 or value <= 0:
        return 0.0
    middle = float(np.median(logs))
    spread = MAD * float(np.median(np.abs(logs - middle)))
    return (math.log(value) - middle) / spread if spread > 0 else 0.0


def beyond(z: float) -> float:
    """The one-sided chance of so many normal deviations; without SciPy, whose import takes longer than a small table."""
    return math.erfc(z / math.sqrt(2)) / 2


def upper_tail(z: float, degrees: int, times: float = 1) -> float:
    """The one-sided chance of a robust z, that many times over, by Student's t with few degrees of freedom: the spread is an
    estimate."""
    return _student(max(1, degrees // 2), z, times)


def _student(degrees: int, t: float, times: float) -> float:
    """The chance to be above t, that many times over, at most 1. The tail is heavier than the normal one: what is sure by that
    one already needs no SciPy.
    """
    if times > 1 and times * beyond(t) >= 1:
        return 1.0
    from scipy.special import stdtr

    return min(1.0, times * float(stdtr(degrees, -t)))
