"""The budget across runs: what many looks tell of noise, and of what is there."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.insights.budget import level, look, within
from assistant.insights.chance import adjusted
from assistant.models import Look

Q, TESTS = 0.05, 200


def chances(rng: np.random.Generator, real: int = 0) -> list[float]:
    """The chances of one delivery: the first so many of something real, the others of noise."""
    return [*(rng.random(real) * 1e-7), *rng.random(TESTS - real)]


def weeks(seed: int, many: int, real: int = 0) -> list[Look]:
    """A look at each of many weeks' deliveries."""
    rng, past = np.random.default_rng(seed), list[Look]()
    for _ in range(many):
        past.append(look(past, chances(rng, real), TESTS, Q))
    return past


def test_two_years_of_noise_tell_hardly_anything() -> None:
    """In at most one of twenty houses is anything at all told of a hundred weeks of noise; without the budget in nearly all."""
    houses = range(400)
    told = sum(any(one.told for one in weeks(seed, 100)) for seed in houses)
    assert told / len(houses) <= Q + 2 * (Q * (1 - Q) / len(houses)) ** 0.5
    rngs = [np.random.default_rng(seed) for seed in houses]
    alone = sum(any(within(chances(rng), TESTS, Q) for _ in range(100)) for rng in rngs)
    assert alone / len(houses) > 0.9


def test_what_is_there_is_told_again_and_again() -> None:
    """Five real figures a week are told each week, and of all that is told at most one in twenty is false."""
    past = [one for seed in range(20) for one in weeks(seed, 60, real=5)]
    assert all(one.told >= 5 for one in past)
    assert sum(one.told - 5 for one in past) <= Q * sum(one.told for one in past)


@pytest.mark.parametrize("seed", range(5))
def test_the_estimate_of_what_is_false_never_passes_q(seed: int) -> None:
    """The sum of level · most ÷ (most + what others told), which the proof rests on, stays at most q, whatever comes."""
    rng, past = np.random.default_rng(seed), list[Look]()
    for _ in range(60):
        tests = int(rng.integers(1, 50))
        past.append(look(past, list(rng.random(tests) ** rng.integers(1, 9)), tests, Q))
        told = sum(one.told for one in past)
        assert sum(one.level * one.most / (one.most + told - one.told) for one in past) <= Q + 1e-12
        assert 0 <= past[-1].level <= Q


def test_looking_in_vain_uses_it_up_and_telling_gives_it_back() -> None:
    """After ten looks in vain the next must be a hundred times surer than q; after one that told twenty, no more than ten."""
    vain = [Look(TESTS, Q / (n * (n + 1)), 0, 1) for n in range(1, 11)]
    assert level([], TESTS, Q) == Q / 2
    assert level(vain, TESTS, Q) == pytest.approx(Q / 132)
    assert level([*vain, Look(TESTS, Q / 132, 20, 21)], TESTS, Q) > Q / 10


def test_what_passes_is_what_benjamini_and_hochberg_let_pass() -> None:
    """`told` counts q-values within the level; `most` is what they would be with one more test at zero."""
    rng = np.random.default_rng(7)
    for _ in range(50):
        ps = list(rng.random(30) ** 4)
        seen = look([], ps, 40, Q)
        assert seen.told == sum(q <= seen.level for q in adjusted(ps, 40))
        assert seen.most == max(sum(q <= seen.level for q in adjusted([0.0, *ps], 40)), 1)
