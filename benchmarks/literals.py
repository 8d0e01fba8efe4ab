"""Work out the literals of the shipped packs' patterns, so that no start has to: `make leaning`.

`packs/literals.json` holds, for each pattern, the alternatives that it chooses from and the literals that each waits for.
A pattern that is not in it is worked out where it is met; tests/checks/test_prefilter.py says when the file is old.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from assistant.checks.wording.packs import FOLDER, shipped_languages
from assistant.checks.wording.patterns import strings
from assistant.checks.wording.prefilter import KEPT, alternatives, work_out


def patterns() -> Iterator[str]:
    """Every token of a rule and every pattern of a part."""
    for lang in shipped_languages():
        for file in sorted((FOLDER / lang).glob("*.yml")):
            data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (strings alone)
            yield from strings(data.get("tokens"))
        people = yaml.safe_load((FOLDER / f"{lang}.people.yml").read_text(encoding="utf-8"))
        yield from (pattern for part in people["parts"].values() for pattern in part)


def literals() -> dict[str, list[list[Any]]]:
    """What is kept of each."""
    return {pattern: [[one, _listed(one)] for one in alternatives(pattern)] for pattern in sorted(set(patterns()))}


def _listed(pattern: str) -> list[str] | None:
    found = work_out(pattern)
    return None if found is None else sorted(found)


def main() -> None:
    """Write the file."""
    lines = (f"{json.dumps(key)}: {json.dumps(kept, ensure_ascii=False)}" for key, kept in literals().items())
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
