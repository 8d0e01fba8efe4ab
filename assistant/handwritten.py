"""A YAML file that a person wrote, read strictly: whatever is wrong with it, one error names the file, the line and the remedy.

YAML itself is lax where it hurts: of a key that stands twice the last one wins in silence, 2026-02-30 is a fault of the
reader rather than of the file, and a few lines of aliases stand for gigabytes.
"""

from __future__ import annotations

import codecs
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ConfigError

LARGEST = 4_000_000  # bytes
MOST_VALUES = 200_000  # with each alias written out
_MERGE = "tag:yaml.org,2002:merge"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Strict(yaml.SafeLoader):
    """Safe YAML that says where a value cannot be, and refuses keys that stand twice."""

    def get_single_data(self) -> Any:
        node = self.get_single_node()
        if node is None:
            return None
        if _written_out(node, {}) > MOST_VALUES:
            raise yaml.MarkedYAMLError(problem="its aliases (*name) stand for too much", problem_mark=node.start_mark)
        return self.construct_document(node)

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:
            problem = f"{str(node.value)[:40]!r} cannot be ({error})"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key} stands twice", problem_mark=key_node.start_mark)
            seen.add(key if isinstance(key, Hashable) else id(key_node))
        return super().construct_mapping(node, deep=deep)


def _written_out(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node stands for, each alias written out; an alias within itself has no end."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_VALUES + 1  # until it is counted
    parts = [] if isinstance(node, yaml.ScalarNode) else node.value
    pairs = [part if isinstance(part, tuple) else (part,) for part in parts]
    known[id(node)] = 1 + sum(_written_out(one, known) for pair in pairs for one in pair)
    return known[id(node)]


def text_of(file: Path) -> str:
    """The text of a file in UTF-8, with a byte order mark or without; `ConfigError` where it cannot be read."""
    try:
        if file.is_dir():
            raise ConfigError(file, "", "is a folder", remedy="Name the file in it")
        if file.exists() and not file.is_file():
            raise ConfigError(file, "", "is no ordinary file", remedy="Name a file")
        data = file.read_bytes()
    except FileNotFoundError:
        raise ConfigError(file, "", "there is no such file", remedy="Correct the name, or write one") from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise ConfigError(file, "", problem, remedy="Make it readable for you") from None
    if len(data) > LARGEST:
        raise ConfigError(file, "", f"is larger than {LARGEST:,} bytes", remedy="Is it the right file?")
    if data.startswith(_UTF_16):
        raise ConfigError(file, "", "is UTF-16", remedy="Save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(file, f"line {line}", "is not UTF-8", remedy="Save it as UTF-8") from None


def yaml_of(file: Path, text: str | None = None) -> Any:
    """What a YAML file says (`text`: it was read already), or `ConfigError`."""
    text = text_of(file) if text is None else text
    try:
        return yaml.load(text, Loader=Strict)  # noqa: S506 (a safe loader, and stricter)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = f"is not YAML: {error.problem or error.context}"
        raise ConfigError(file, where, problem, remedy="Correct it there") from None
    except yaml.YAMLError as error:  # a character that YAML does not allow, which has no line
        at = getattr(error, "position", 0)
        where = f"line {text.count(chr(10), 0, at) + 1}"
        told = getattr(error, "reason", error)
        raise ConfigError(file, where, f"is not YAML: {told}", remedy="Correct it there") from None
    except RecursionError:
        raise ConfigError(file, "", "is nested too deeply", remedy="Is it the right file?") from None
