"""The header of a wording: YAML between two lines of `---`, read as data and checked key by key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import yaml

from assistant.config import parse_duration
from assistant.errors import TemplateError
from assistant.handwritten import Strict

TONES = ("warm", "dry", "celebratory", "absurd")
NEEDS = ("titles", "place", "people")
ADDRESSES = (True, False, "tu", "vous")
KEYS = ("name", "kind", "tone", "when", "family", "addresses", "needs", "shelf_life")
LONGEST = 2000  # characters of a header


@dataclass(frozen=True)
class Header:
    """What a wording says of itself; docs/templates.md says what each key is."""

    name: str
    kind: str
    tone: str = "warm"
    when: Mapping[str, Any] = field(default_factory=dict)
    family: str = ""
    addresses: bool | str = False
    needs: tuple[str, ...] = ()
    shelf_life: timedelta | None = None


class _Plain(Strict):
    """YAML without anchors and aliases, of which a few lines can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not allowed")
        return super().compose_node(parent, index)


def read_header(file: str, line: int, text: str, kind: str) -> Header:
    """A header whose first line is `line` of the file, or `TemplateError`."""
    data = _data(file, line, text)
    problem = next(_problems(data), None)
    if problem:
        raise TemplateError(file, line, problem[0], remedy=problem[1])
    name = str(data["name"])
    needs = data.get("needs") or ()
    return Header(
        name=name, kind=data.get("kind", kind), tone=data.get("tone", "warm"), when=data.get("when") or {},
        family=str(data.get("family", name)), addresses=data.get("addresses", False),
        needs=(needs,) if isinstance(needs, str) else tuple(needs), shelf_life=_length(data.get("shelf_life")),
    )  # fmt: skip


def _data(file: str, line: int, text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise TemplateError(file, line, f"the header is longer than {LONGEST} characters")
    try:
        data = yaml.load(text, Loader=_Plain)  # noqa: S506 (a safe loader, and stricter)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        where = line + (mark.line if mark else 0)
        raise TemplateError(file, where, f"the header is not YAML that can be used ({why})") from None
    if not isinstance(data, dict) or "name" not in data:
        raise TemplateError(file, line, "the header needs a name", remedy="Write name: some-words")
    return data


def _problems(data: Mapping[str, Any]) -> Any:
    """What is wrong with each key, and the remedy."""
    if odd := [str(key) for key in data if key not in KEYS]:
        yield f"unknown key {', '.join(odd)}", f"There are {', '.join(KEYS)}."
    if not isinstance(data["name"], str) or not _is_word(data["name"]):
        yield "the name is not of letters, digits and hyphens", "Write name: some-words"
    if not isinstance(data.get("family", ""), str | int):
        yield "the family is not a word", "Write family: housing"
    if data.get("tone", "warm") not in TONES:
        yield f"tone {str(data['tone'])[:40]!r} is unknown", f"There are {', '.join(TONES)}."
    if data.get("addresses", False) not in ADDRESSES:
        yield "`addresses` is not true, false, tu or vous", ""
    needs = data.get("needs") or ()
    if not all(need in NEEDS for need in ([needs] if isinstance(needs, str) else needs)):
        yield "`needs` has what is unknown", f"There are {', '.join(NEEDS)}."
    when = data.get("when") or {}
    if not isinstance(when, dict) or not all(isinstance(name, str) for name in when):
        yield "`when` is not a mapping", "Write when: {length: {min: 10}}"
    elif wrong := [name for name, wanted in when.items() if not is_condition(wanted)]:
        yield f"the condition {wrong[0]} cannot be read", "Write a value, a list of values, or {min: 10, max: 20}."
    try:
        _length(data.get("shelf_life"))
    except (ValueError, OverflowError):
        yield "`shelf_life` is not a length of time", "Write shelf_life: 14d"


def _length(value: Any) -> timedelta | None:
    length = parse_duration(value)
    if length is not None and not isinstance(length, timedelta):
        raise ValueError(f"{value!r} is not a length of time")
    return length


def _is_word(name: str) -> bool:
    return bool(name) and all(c in "-_." or unicodedata.category(c)[0] in "LN" for c in name)


def is_condition(wanted: Any) -> bool:
    """A value, a list of values, or bounds of a number."""
    if isinstance(wanted, dict):
        numbers = all(isinstance(bound, int | float) and not isinstance(bound, bool) for bound in wanted.values())
        return bool(wanted) and set(wanted) <= {"min", "max"} and numbers
    if isinstance(wanted, list):
        return bool(wanted) and all(isinstance(one, str | int | float) for one in wanted)
    return isinstance(wanted, str | int | float | bool)


def holds(value: Any, wanted: Any) -> bool:
    """Whether what a figure has is what a condition wants."""
    if isinstance(wanted, Mapping):
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return bool(wanted.get("min", value) <= value <= wanted.get("max", value))
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, bool):
        return bool(value) is wanted
    return bool(value == wanted)
