"""What the checks flag of posts that hurt and of posts that do not: the third of each set that no rule was tuned on.

`python -m benchmarks.wording [--part tune] [--misses] [--false] [SET…]` prints one set's figures, or the posts behind them.
The sets are tests/checks/development/*.jsonl, each by a hand of its own. Of `en` and `fr` a third is kept apart, of
`implied.*` and `voices.*` all; no rule is tuned on these and no weight fitted to them.
Flagged: a warning or an error of any check. Right category: a warning or an error in one of the post's own categories.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.checks import Checker
from assistant.models import Candidate, Report

FOLDER = Path(__file__).parent.parent / "tests" / "checks" / "development"
HOLD = "hold"


@dataclass(frozen=True)
class Judged:
    """One post and what the checks say of it."""

    post: dict[str, Any]
    report: Report

    @property
    def flagged(self) -> bool:
        """Whether anything was warned of or blocked."""
        return self.report.verdict != "pass"

    @property
    def right(self) -> bool:
        """Whether one of its own categories was."""
        told = {flag.category for flag in self.report.flags if flag.level != "suggestion"}
        return bool(told & set(self.post["categories"]))


@dataclass(frozen=True)
class Share:
    """`of` so many of a set, as a share."""

    name: str
    part: int
    of: int

    def __str__(self) -> str:
        """`implied.en  harmful flagged  71.0 % (43 of 60)`."""
        share = 100 * self.part / self.of if self.of else 0.0
        return f"{self.name:<42} {share:5.1f} %  ({self.part} of {self.of})"


def posts(name: str, part: str) -> list[dict[str, Any]]:
    """One part of a set."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [post for post in map(json.loads, lines) if post["part"] == part]


def judged(name: str, part: str) -> list[Judged]:
    """Its posts with what the checks say of them, knowing the language and nothing else."""
    checker, lang = Checker(), name.rpartition(".")[2]
    return [Judged(post, checker(Candidate(text=post["text"], lang=lang))) for post in posts(name, part)]


def shares(name: str, part: str) -> Iterator[Share]:
    """How much of a set is flagged, and how much rightly."""
    found = judged(name, part)
    harmful = [one for one in found if one.post["harmful"]]
    harmless = [one for one in found if not one.post["harmful"]]
    yield Share(f"{name} {part}: harmful flagged", sum(one.flagged for one in harmful), len(harmful))
    yield Share(f"{name} {part}: in the right category", sum(one.right for one in harmful), len(harmful))
    yield Share(f"{name} {part}: harmless flagged", sum(one.flagged for one in harmless), len(harmless))


def run() -> Iterator[Share | str]:
    """Every set's held part; alex beside it where it is installed."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        if not posts(file.stem, HOLD):
            continue
        yield from shares(file.stem, HOLD)
        if file.stem.endswith("en"):
            yield from _alex(file.stem)


def _alex(name: str) -> Iterator[Share | str]:
    """The linter alex (npm) on the same posts."""
    program = shutil.which("alex")
    if program is None:
        yield f"{name}: alex is not installed: not measured beside ours"
        return
    found = posts(name, HOLD)
    for harmful in (True, False):
        texts = [post["text"] for post in found if post["harmful"] is harmful]
        yield Share(
            f"{name}: alex, {'harmful' if harmful else 'harmless'} flagged",
            sum(_told(program, t) for t in texts),
            len(texts),
        )


def _told(program: str, text: str) -> bool:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return subprocess.run([program, "--text", file.name], capture_output=True, check=False).returncode != 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the shares, or the posts that were missed or wrongly flagged."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", default=["en", "fr"])
    parser.add_argument("--part", choices=("tune", HOLD), default="tune")
    parser.add_argument("--misses", action="store_true", help="harmful posts that pass")
    parser.add_argument("--wrong", action="store_true", help="harmful posts in no right category")
    parser.add_argument("--false", action="store_true", help="harmless posts that do not pass")
    chosen = parser.parse_args(arguments)
    for name in chosen.sets:
        for share in shares(name, chosen.part):
            print(share)
        for one in judged(name, chosen.part):
            harmful = one.post["harmful"]
            missed = chosen.misses and harmful and not one.flagged
            wrong = chosen.wrong and harmful and one.flagged and not one.right
            if missed or wrong or (chosen.false and not harmful and one.flagged):
                rules = ", ".join(
                    f"{flag.rule}“{flag.quote}”" for flag in one.report.flags if flag.level != "suggestion"
                )
                print(f"  {one.post['id']} {'/'.join(one.post['categories'])}: {one.post['text']}  [{rules}]")


if __name__ == "__main__":
    main()
