"""Vale's `action`: what to write instead of a match, as far as that takes no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from assistant.checks.wording.patterns import TIMEOUT, strings

_GROUP = regex.compile(r"\$(?:(\d+)|\{(\d+)\})")


def instead_of(data: Mapping[str, Any], matched: str) -> tuple[str, ...]:
    """What Vale's `action` makes of a match; nothing where it has none that can be done without a script."""
    action = data.get("action") or {}
    params = strings(action.get("params"))
    match str(action.get("name", "")):
        case "replace":
            return tuple(params)
        case "remove":
            return ("",)
        case "edit" if params:
            return (_edited(matched, params).strip(),)
        case _:
            return ()


def _edited(matched: str, params: list[str]) -> str:
    match params:
        case ["regex", pattern, replacement]:
            return regex.sub(pattern, lambda one: expanded(replacement, one), matched, timeout=TIMEOUT)
        case ["trim", characters]:
            return matched.strip(characters)
        case ["trim_left", characters]:
            return matched.lstrip(characters)
        case ["trim_right", characters]:
            return matched.rstrip(characters)
        case ["truncate", mark] if mark:
            return matched.split(mark)[0]
        case ["split", mark, index] if mark and int(index) < len(matched.split(mark)):
            return matched.split(mark)[int(index)]
        case _:
            return matched


def expanded(template: str, match: regex.Match[str]) -> str:
    """A replacement with its `$1` filled."""
    last = len(match.groups())
    return _GROUP.sub(lambda one: (match[n] or "") if (n := int(one[1] or one[2])) <= last else "", template)


def in_a_row(options: tuple[str, ...]) -> str:
    """`'a'`, `'a' or 'b'`, `'a', 'b', or 'c'`."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) < 3:
        return " or ".join(quoted)
    return f"{', '.join(quoted[:-1])}, or {quoted[-1]}"
