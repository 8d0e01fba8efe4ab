"""`python -m benchmarks [NAME…]`: run the benchmarks and print their ratios. Exit code 1 where one cannot be measured."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks import checks, drafts, peers, startup, streaks, sweep, truth, wording

BENCHMARKS: Mapping[str, Callable[[], Iterator[object]]] = {
    "startup": startup.run,
    "checks": checks.run,
    "wording": wording.run,
    "drafts": drafts.run,
    "streaks": streaks.run,
    "truth": truth.run,
    "peers": peers.run,
    "sweep": sweep.run,
}


def main(names: Sequence[str]) -> int:
    """Run those of the names, or all; returns the exit code."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.stderr.write(f"There is no benchmark {unknown[0]!r}. There are {', '.join(BENCHMARKS)}.\n")
        return 2
    return max([_told(name) for name in names or BENCHMARKS])


def _told(name: str) -> int:
    """Print one benchmark as it goes; 1 where something in it would not run."""
    begun = time.perf_counter()
    print(f"{name}: {_first_line(BENCHMARKS[name])}", flush=True)
    try:
        for measured in BENCHMARKS[name]():
            print(f"  {measured}", flush=True)
    except subprocess.CalledProcessError as failed:
        why = (failed.stderr or b"").decode(errors="replace").strip().splitlines()
        sys.stderr.write(
            f"  cannot be measured: {failed.cmd} left with {failed.returncode}: {why[-1] if why else ''}\n"
        )
        return 1
    print(f"  (measured for {time.perf_counter() - begun:.0f} s)\n", flush=True)
    return 0


def _first_line(benchmark: Callable[[], Iterator[object]]) -> str:
    return (sys.modules[benchmark.__module__].__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
