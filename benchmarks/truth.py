"""What is found of facts that others planted, where it stands, and what is told of noise: shares, over tables unlike each other.

`python -m benchmarks.truth [--seeds N] [--kind PLANT]… [--misses]` for more of it, or to see what was missed.
The tables are tests/insights/outside.py (facts of drawn sizes), strangers.py (other shapes, the simplest facts; a few of the
shapes only, where all benchmarks run) and examiner.py (moderate facts in ordinary tables). `TRUTH_SEEDS=N make bench` for more.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import load
from assistant.insights import KINDS
from assistant.models import Insight
from assistant.pipeline import figures
from benchmarks.wording import Share

if TYPE_CHECKING:
    from insights.examiner import Paper, Planted
    from insights.outside import Fact, World

SHAPES = 4  # of so many shapes, one is looked at where all benchmarks run
FIRST, MOST = 30, 2  # insights that are looked at first, and that may be told of noise
LARGE = 5000
sys.path.append(str(Path(__file__).parent.parent / "tests"))


@dataclass(frozen=True)
class Looked:
    """One table and what was told of it."""

    name: str
    world: World | Paper
    found: list[Insight]

    def places(self) -> Iterator[tuple[Fact | Planted, int | None]]:
        """Where each planted fact stands, from 0: under its kind, naming one of its subjects."""
        from insights import examiner

        for fact in self.world.facts:
            if isinstance(fact, examiner.Planted):
                yield fact, examiner.place(self.found, fact)
                continue
            named = (at for at, one in enumerate(self.found) if one.kind == fact.kind
                     and {one.subject, one.comparison.get("other")} & set(fact.subjects))  # fmt: skip
            yield fact, next(named, None)

    def tested(self) -> int:
        """How many insights carry a q."""
        return sum(KINDS[one.kind].tested for one in self.found)


def look(name: str, world: World | Paper) -> Looked:
    """All kinds at the default settings."""
    from insights import examiner, outside

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        as_of = examiner.write(folder, world) if isinstance(world, examiner.Paper) else outside.write(folder, world)
        return Looked(name, world, list(figures(load(Path(scratch) / "config.yaml"), as_of=as_of).insights))


def planted(seeds: range, shapes: int = 1) -> Iterator[tuple[str, Callable[[], World | Paper | None]]]:
    """(the set, a table with facts): one fact a table, all in one table, the simplest facts in one of so many other shapes."""
    from insights import outside, strangers

    for seed in seeds:
        for plant in outside.PLANTS:
            yield f"one fact: {plant}", partial(outside.alone, plant, seed)
        yield "all facts in one table", partial(outside.full, seed)
        yield from _moderate(seed, shapes)
        for at, plant in enumerate(strangers.PLANTS):
            for shape in list(strangers.TABLES)[(at + seed) % shapes :: shapes]:
                yield f"other shapes: {plant}: {shape}", partial(strangers.planted, plant, shape, seed)


def _moderate(seed: int, shapes: int) -> Iterator[tuple[str, Callable[[], Paper]]]:
    """Moderate facts in ordinary tables: of every grain, or of one where few shapes are wanted."""
    from insights import examiner

    for name, (_, grains) in examiner.FACTS.items():
        for grain in grains if shapes == 1 else grains[seed % len(grains) :][:1]:
            yield f"a moderate fact: {name}", partial(examiner.alone, name, grain, seed)
    yield "twenty moderate facts in one table", partial(examiner.whole, seed)


def noise(seeds: range) -> Iterator[tuple[str, Callable[[], World]]]:
    """(what it is like, a table in which nothing happened)."""
    from insights import outside, strangers

    every: tuple[Any, ...] = ("week", "day")
    for seed in seeds:
        for kind in (*outside.NOISES, "negative binomial", "heavy", "pareto"):
            for grain, season in ((every[seed % 2], 0.0), (every[1 - seed % 2], 0.3)):
                yield kind, partial(outside.world, seed, every=grain, periods=130, kind=kind, size=0.3, season=season)
        for shape in strangers.TABLES:
            yield shape, partial(strangers.world, shape, seed, measures=1 + seed % 2, places=4 * (seed % 2))
    for at, kind in enumerate(("lognormal", "heavy", "persistent", "poisson")):
        many = {"every": every[at % 2], "subjects": LARGE, "periods": 104, "season": 0.3 * (at // 2)}
        yield f"{kind}, {LARGE:,} series", partial(outside.world, seeds[0], kind=kind, size=0.3, **many)


def run() -> Iterator[object]:
    """The shares of a small run: found, in the first thirty, tables of noise of which more than two are told."""
    return shares(range(int(os.environ.get("TRUTH_SEEDS", "1"))), shapes=SHAPES)


def shares(seeds: range, kinds: Sequence[str] = (), *, misses: bool = False, shapes: int = 1) -> Iterator[object]:
    """A share found and a share that stands first for each set of tables; then what is told of noise."""
    places: dict[str, list[int | None]] = {}
    for name, make in planted(seeds, shapes):
        if (not kinds or set(name.split(": ")[1:2]) & set(kinds)) and (world := make()) is not None:
            looked = look(name, world)
            for fact, at in looked.places():
                places.setdefault(name if kinds else name.partition(":")[0], []).append(at)
                if misses and (at is None or at >= FIRST):
                    yield f"{name}: {fact.kind} of {'/'.join(fact.subjects)} in {world.every}, seed {world.seed}: {at}"
    for name, found in places.items():
        yield Share(f"{name}: found", sum(at is not None for at in found), len(found))
        yield Share(f"{name}: in the first {FIRST}", sum(at is not None and at < FIRST for at in found), len(found))
    if not kinds:
        yield from _of_noise(seeds)


def _of_noise(seeds: range) -> Iterator[object]:
    told = [(name, look(name, make()).tested()) for name, make in noise(seeds)]
    yield Share(f"tables of noise with more than {MOST} insights", sum(many > MOST for _, many in told), len(told))
    yield from (f"  {name}: {many} insights" for name, many in told if many > MOST)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the shares, or with what was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--kind", action="append", default=[], help="a plant, as the generators call it")
    parser.add_argument("--misses", action="store_true")
    chosen = parser.parse_args(arguments)
    for share in shares(range(chosen.first, chosen.first + chosen.seeds), chosen.kind, misses=chosen.misses):
        print(share, flush=True)


if __name__ == "__main__":
    main()
