"""One stroke of luck is not told in three ways: what is said again of one subject has to be surer, whatever it is measured by."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import yaml

from assistant.config import load
from assistant.insights import KINDS
from assistant.models import Insight
from assistant.pipeline import figures
from insights import outside


def _told(folder: Path, world: outside.World, q: float) -> list[Insight]:
    """What is told at a level, of a world whose viewers are two fifths of its hours, more or less."""
    hours = world.values["hours"]
    world.values["viewers"] = np.round(hours * 0.4 * world.chance.lognormal(0, 0.05, hours.shape))
    as_of = outside.write(folder, world, shelf_life="none")
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    (folder / "config.yaml").write_text(yaml.safe_dump({**config, "insights": {"q": q}}), encoding="utf-8")
    return list(figures(load(folder / "config.yaml"), as_of=as_of).insights)


def test_what_moved_at_once_is_told_again_only_where_it_is_surer(tmp_path: Path) -> None:
    """Of noise, at a level at which much is told: the nth figure of a subject and a day has a q of at most the level ÷ n²."""
    level, again = 0.8, 0
    for seed in range(3):
        moved: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
        for one in _told(tmp_path, outside.world(seed, every="week", kind="heavy", size=0.3, places=2), level):
            if KINDS[one.kind].moved and one.q is not None and one.subject is not None:
                moved[one.subject, one.end].append(one.q)
        for qs in moved.values():
            again += len(qs) - 1
            assert all(q <= level / n**2 for n, q in enumerate(sorted(qs), 1) if n > 1)
    assert again > 0


def test_what_is_beyond_doubt_is_told_in_each_way(tmp_path: Path) -> None:
    """Five times the highest before: a record in hours and in viewers, and an outlier."""
    world = outside.world(3, every="week")
    world.scale(7, -1, 5 * world.hours[7].max() / world.hours[7, -1])
    found = {(one.kind, one.measure) for one in _told(tmp_path, world, 0.05) if one.subject == world.name(7)}
    assert found >= {("record", "hours"), ("record", "viewers"), ("outlier", "hours")}
