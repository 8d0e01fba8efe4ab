"""How long one post takes to check, beside searching the same words in its raw text.

The floor runs each word rule's patterns over the text as it stands: no look-alikes, no titles, no groups, no figures, no
length. The posts are all wordings of all figures of the sample, in both languages; both rule packs are loaded.
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
    """The median post whose language is known, as a draft's is, and the one that is read with both packs."""
    texts = [wording.candidate() for wording in Sample().wordings()]
    checker, patterns = Checker(("en", "fr")), list(_patterns())
    floor = median(
        _searching(patterns, post) for post in itertools.islice(itertools.cycle(texts), POSTS // FLOOR_EVERY)
    )
    note = f"the median of {POSTS:,} posts with {len(texts):,} texts"
    for name, posts in (
        ("a post", texts),
        ("a post of unknown language", [replace(post, lang=None) for post in texts]),
    ):
        ours = median(_checking(checker, post) for post in itertools.islice(itertools.cycle(posts), POSTS))
        yield Ratio(name, ours, floor, f"{len(patterns)} plain patterns", note)


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
