"""How long one post takes to check, beside searching the same words in its raw text.

The floor runs each word rule's patterns over the text as it stands: no look-alikes, no titles, no groups, no figures, no
length. The posts are all wordings of all figures of the sample, in both languages, each read with both rule packs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import regex
import yaml

from assistant.checks import Checker
from assistant.checks.wording.packs import FOLDER
from assistant.models import Candidate
from benchmarks.measuring import Ratio, seconds
from benchmarks.sample import Sample

POSTS = 10_000
FLOOR_EVERY = 5  # the floor is steadier and needs fewer


def run() -> Iterator[Ratio]:
    """One ratio: the median post."""
    texts = [replace(wording.candidate(), lang=None) for wording in Sample().wordings()]
    checker, patterns = Checker(("en", "fr")), list(_patterns())
    ours, floors = [], []
    for at, post in enumerate(itertools.islice(itertools.cycle(texts), POSTS)):
        ours.append(_checking(checker, post))
        if at % FLOOR_EVERY == 0:
            floors.append(_searching(patterns, post))
    note = f"the median of {POSTS:,} posts with {len(texts):,} texts"
    yield Ratio("a post", median(ours), median(floors), f"{len(patterns)} plain patterns", note)


def _checking(checker: Checker, post: Candidate) -> float:
    return seconds(lambda: checker(post))


def _searching(patterns: list[regex.Pattern[str]], post: Candidate) -> float:
    return seconds(lambda: [pattern.findall(post.text) for pattern in patterns])


def _patterns() -> Iterator[regex.Pattern[str]]:
    """The tokens of each Vale rule of both packs, as one alternation."""
    for file in sorted(FOLDER.glob("*/*.yml")):
        tokens = yaml.safe_load(file.read_text(encoding="utf-8")).get("tokens")
        if tokens:
            yield regex.compile(rf"\b(?:{'|'.join(map(str, tokens))})\b", regex.IGNORECASE)
