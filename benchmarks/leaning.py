"""Fit the weights of `assistant/checks/wording/leaning.py` to the posts of tests/checks/development: `make leaning`.

A logistic regression with an L2 penalty (scipy's L-BFGS), one a language, on the posts that rules may be tuned on. What
tells harmful posts from harmless ones by itself is penalised less (naive Bayes log ratios as scales, Wang and Manning,
Baselines and bigrams, 2012): it holds better from one hand to another. The limit is
set so that, on the harmless posts of each hand, weighed without that hand's posts, `BOTHERED` are flagged that no rule
flags. Categories are told apart by one regression each, on the harmful posts alone. Written: packs/LANG.leaning.tsv and
packs/LANG.categories.tsv.

`python -m benchmarks.leaning [--look]` prints what each hand's posts get from the weights of the others.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from assistant.checks import Checker
from assistant.checks.reading import read, title_spans
from assistant.checks.wording.leaning import HURTS, categories_beside, features
from assistant.checks.wording.packs import FOLDER, Pack, load_pack
from assistant.models import Candidate, Flag, digest
from benchmarks.wording import FOLDER as POSTS
from benchmarks.wording import HOLD

CHECKER = Checker()
BOTHERED = 0.02  # of the harmless posts, by the weights alone: near-twins of harmful ones among them
PENALTY, PENALTY_OF_CATEGORIES = 6.0, 4.0
SEEN = 2  # posts that a feature stands in at least
WORTH, WORTH_OF_CATEGORIES = 0.05, 0.2  # a smaller weight is not written
NAMED = 2.0  # what a sign or a part counts for, beside a word
OWN = "own."  # our own wordings, those that once leant above all: learnt from, and no measure of others
LEVEL = 0.3  # the scale of a feature that by itself tells nothing


@dataclass(frozen=True)
class Post:
    """One post of the sets: whose hand it is of, what it has, and whether a rule flags it already."""

    hand: str
    harmful: bool
    categories: tuple[str, ...]
    features: frozenset[str]
    flagged: bool


def posts(lang: str) -> list[Post]:
    """Every post of a language that may be learnt from."""
    found = []
    for file in sorted(POSTS.glob(f"*{lang}.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            post = json.loads(line)
            if post["part"] != HOLD:
                found.append(_post(file.stem, lang, post))
    return found


def _post(hand: str, lang: str, post: dict[str, Any]) -> Post:
    pack, reading = load_pack(lang), read(post["text"])
    masked = reading.masked(title_spans(post["text"], ()))
    flags = CHECKER(Candidate(text=post["text"], lang=lang)).flags
    return Post(
        hand, post["harmful"], tuple(post.get("categories", ())), features(masked.text, pack.found(reading, masked), pack.senses),
        any(flag.level != "suggestion" and not _by_weight(pack, flag) for flag in flags),
    )  # fmt: skip


def _by_weight(pack: Pack, flag: Flag) -> bool:
    """Whether a flag stands or falls with the weights that are to be fitted."""
    signs = pack.people.signs if pack.people is not None else ()
    return flag.rule.removeprefix(f"{pack.name}.") in {"Leaning", *(sign.name for sign in signs)}


@dataclass(frozen=True)
class Fit:
    """Weights of the features that were seen often enough, and the bias."""

    names: tuple[str, ...]
    weights: np.ndarray
    bias: float

    def scores(self, listed: Sequence[Post]) -> np.ndarray:
        """What each post weighs."""
        scores: np.ndarray = _matrix(listed, self.names) @ self.weights + self.bias
        return scores


def _scale(name: str) -> float:
    return NAMED if name.startswith("@") else 1.0


def _telling(matrix: csr_matrix, wanted: np.ndarray) -> np.ndarray:
    """How far each feature's share among the wanted is from its share among the others, in natural logs."""
    counts = [np.asarray(matrix[rows].sum(axis=0)).ravel() + 1.0 for rows in (wanted, ~wanted)]
    of, beside = (np.log(count / count.sum()) for count in counts)
    telling: np.ndarray = np.abs(of - beside)
    return telling


def _matrix(listed: Sequence[Post], names: Sequence[str]) -> csr_matrix:
    at = {name: number for number, name in enumerate(names)}
    columns = [sorted(at[name] for name in post.features if name in at) for post in listed]
    pointers = np.cumsum([0, *map(len, columns)])
    flat = np.array([one for row in columns for one in row], dtype=np.int32)
    return csr_matrix((np.ones(len(flat)), flat, pointers), shape=(len(listed), len(names)))


def fit(listed: Sequence[Post], wanted: Sequence[bool], penalty: float) -> Fit:
    """A logistic regression of `wanted` on the posts' features."""
    often = Counter(name for post in listed for name in post.features)
    names = tuple(sorted(name for name, count in often.items() if count >= SEEN))
    matrix, signs = _matrix(listed, names), np.where(np.array(wanted), 1.0, -1.0)
    scale = np.array([_scale(name) for name in names]) * (LEVEL + _telling(matrix, signs > 0))

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = values[:-1], values[-1]
        margins = signs * (matrix @ (weights * scale) + bias)
        pull = -signs / (1 + np.exp(np.clip(margins, -30, 30)))
        slope = np.append((matrix.T @ pull) * scale + penalty * weights, pull.sum())
        return float(np.logaddexp(0, -margins).sum() + penalty / 2 * weights @ weights), slope

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return Fit(names, found.x[:-1] * scale, float(found.x[-1]))


def unseen(listed: Sequence[Post]) -> np.ndarray:
    """What each post weighs by the weights of the other hands."""
    scores = np.zeros(len(listed))
    for hand in sorted({post.hand for post in listed}):
        others = [post for post in listed if post.hand != hand]
        own = [at for at, post in enumerate(listed) if post.hand == hand]
        scores[own] = fit(others, [post.harmful for post in others], PENALTY).scores([listed[at] for at in own])
    return scores


def limit(listed: Sequence[Post], scores: np.ndarray) -> float:
    """The weight that `BOTHERED` of the harmless posts exceed, of those that no rule flags."""
    harmless = [
        (score, post.flagged)
        for post, score in zip(listed, scores, strict=True)
        if not post.harmful and not post.hand.startswith(OWN)
    ]
    allowed, harmless_left = int(BOTHERED * len(harmless)), [score for score, flagged in harmless if not flagged]
    return float(sorted(harmless_left)[-allowed - 1])


def fitted(lang: str, listed: Sequence[Post]) -> str:
    """The weights of one language, as they are written."""
    whole = fit(listed, [post.harmful for post in listed], PENALTY)
    lines = [
        _made(lang, listed),
        f"limit\t\t{limit(listed, unseen(listed)):.3f}",
        f"bias\t\t{whole.bias:.3f}",
        *_lines(HURTS, whole),
    ]
    return "\n".join(lines) + "\n"


def told_apart(lang: str, listed: Sequence[Post]) -> str:
    """The weights of its categories, as they are written."""
    harmful = [post for post in listed if post.harmful]
    lines = [_made(lang, harmful)]
    for category in sorted({post.categories[0] for post in harmful}):
        one = fit(harmful, [category in post.categories for post in harmful], PENALTY_OF_CATEGORIES)
        lines += [f"{category}\t\t{one.bias:.3f}", *_lines(category, one, worth=WORTH_OF_CATEGORIES)]
    return "\n".join(lines) + "\n"


def _made(lang: str, listed: Sequence[Post]) -> str:
    hands = len({post.hand for post in listed})
    return f"# Made by `make leaning` from {len(listed)} posts of {hands} hands ({posts_of(lang)})."


def posts_of(lang: str) -> str:
    """The digest of the files that a language learns from: says whether its weights are of today's posts and classes."""
    files = (FOLDER / f"{lang}.senses.yml", *sorted(POSTS.glob(f"*{lang}.jsonl")))
    return digest([file.read_text(encoding="utf-8") for file in files], 16)


def _lines(kind: str, one: Fit, worth: float = WORTH) -> list[str]:
    kept = sorted(zip(one.names, one.weights, strict=True), key=lambda pair: (-abs(round(pair[1], 2)), pair[0]))
    return [f"{kind}\t{name}\t{weight:.2f}" for name, weight in kept if abs(weight) >= worth]


def look(lang: str, listed: Sequence[Post]) -> None:
    """Print what each hand's posts get from the weights of the others, with the rules and without."""
    scores = unseen(listed)
    most = limit(listed, scores)
    for hand in (*sorted({post.hand for post in listed}), ""):
        own = [at for at, post in enumerate(listed) if hand in ("", post.hand)]
        for harmful in (True, False):
            chosen = [at for at in own if listed[at].harmful is harmful]
            if not chosen:  # our own wordings, which all are harmless
                continue
            ruled = sum(listed[at].flagged for at in chosen) / len(chosen)
            both = sum(listed[at].flagged or scores[at] > most for at in chosen) / len(chosen)
            said = "harmful" if harmful else "harmless"
            print(f"{lang} {hand or 'all':<14} {said:<9} by rules {ruled:6.1%}   with weights {both:6.1%}")


def main() -> None:
    """Write the weights of both languages, or only look."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("languages", nargs="*", default=["en", "fr"])
    parser.add_argument("--look", action="store_true", help="print, and write nothing")
    chosen = parser.parse_args()
    for lang in chosen.languages:
        listed = posts(lang)
        look(lang, listed)
        if not chosen.look:
            file = FOLDER / f"{lang}.leaning.tsv"
            file.write_text(fitted(lang, listed), encoding="utf-8")
            categories_beside(file).write_text(told_apart(lang, listed), encoding="utf-8")


if __name__ == "__main__":
    main()
