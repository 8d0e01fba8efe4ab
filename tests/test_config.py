"""config.yaml: whatever is wrong with it, one line names the file, the key and the remedy."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.config import find_config, load
from assistant.errors import ConfigError

GOOD: dict[str, Any] = {
    "timezone": "Europe/Paris",
    "sources": {
        "streams": {
            "path": "x.csv",
            "time": {"column": "week", "every": "week", "label": "end"},
            "shelf_life": "none",
            "subject": "show",
            "measures": {"hours": {"unit": "hours"}, "plays": {"unit": {"en": ["play", "plays"]}}},
        }
    },
    "publish": {"grace": "10m", "quiet_hours": "22:00-8:00"},
}


def write(folder: Path, data: object) -> Path:
    file = folder / "config.yaml"
    file.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    return file


def changed(path: str, value: object) -> dict[str, Any]:
    """GOOD with one key, named by its dotted path, set or (None) removed."""
    data: dict[str, Any] = yaml.safe_load(yaml.safe_dump(GOOD))
    *parents, last = path.split(".")
    place = data
    for parent in parents:
        place = place.setdefault(parent, {})
    if value is None:
        place.pop(last)
    else:
        place[last] = value
    return data


def test_a_good_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    """Durations, hours and defaults arrive as values, and relative paths are relative to the file."""
    config = load(write(tmp_path, GOOD))
    assert config.publish.grace == timedelta(minutes=10)
    assert config.publish.quiet_hours == (time(22), time(8))
    assert config.sources["streams"].shelf_life is None
    assert config.languages == ("en", "fr")
    assert config.accounts["practice"].network == "practice"
    assert config.store_url == f"sqlite:///{tmp_path}/assistant.db"


@pytest.mark.parametrize(
    ("path", "value", "key", "says"),
    [
        ("timezon", "x", "timezon", "Did you mean 'timezone'"),
        ("sources.streams.mesures", {}, "sources.streams.mesures", "Did you mean 'measures'"),
        ("timezone", "Mars/Olympus", "timezone", "IANA"),
        ("accounts", {"a": {"timezone": "Nowhere"}}, "accounts.a.timezone", "IANA"),
        ("publish.grace", "soon", "publish.grace", "30m"),
        ("publish.quiet_hours", "late", "publish.quiet_hours", "22:00-08:00"),
        ("publish.quiet_hours", "25:00-08:00", "publish.quiet_hours", "hour must be"),
        ("publish.daily_cap", "many", "publish.daily_cap", "integer"),
        ("publish.daily_cap", -1, "publish.daily_cap", "greater than"),
        ("sources.streams.path", 3, "sources.streams.path", "string"),
        ("sources.streams.path", None, "sources.streams.path", "is missing"),
        ("sources.streams.measures", None, "sources.streams", "measures or a cohort"),
        ("sources.streams.time", None, "sources.streams", "needs time"),
        ("sources.streams.time.every", "fortnight", "sources.streams.time.every", "'week'"),
        ("sources.streams.measures.hours.unit", 5, "sources.streams.measures.hours.unit", "string"),
        ("sources.streams.measures.hours.counts", "cats", "sources.streams.measures.hours.counts", "people"),
        ("sources", {}, "sources", "is empty"),
        ("sources", None, "sources", "is missing"),
        ("accounts", {}, "accounts", "is empty"),
        ("accounts", {"a": {"api_key": "hush"}}, "accounts.a.api_key", "keyring"),
        ("store", "mysql://x", "store", "sqlite:///"),
        ("titles", "no.csv", "titles", "Create"),
        ("engine", "flink", "engine", "duckdb"),
        ("file", "x", "file", "unknown key"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_remedy(
    tmp_path: Path, path: str, value: object, key: str, says: str
) -> None:
    """Each kind of mistake gives one line with the file, the key and what to do."""
    file = write(tmp_path, changed(path, value))
    with pytest.raises(ConfigError) as caught:
        load(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: {key}: ")
    assert says in message
    assert "\n" not in message
    assert "hush" not in message, "a secret is never repeated"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sources: [", "line 1"), ("- a\n- b\n", "not a mapping"), ("", "not a mapping"), ("a: \udcff", "line 1: is not UTF-8"),
        ("a: 1\nb: 2026-02-30\n", "line 2, column 4: .*2026-02-30.*day is out of range"), ("a:\n\tb: 1\n", "line 2"),
        ("a: {b: 1, b: 2}\n", "line 1, column 11: .*the key b stands twice"), ("? [a]\n: b\n", "line 1"), ("a: \0", "line 1"),
        ("[" * 600, "nested too deeply"), ("a: &a [*a]\n", "stand for too much"), ("a: 1\n---\nb: 1\n", "another document"),
        ("a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)), "stand for too much"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_config_is_named(tmp_path: Path, text: str, says: str) -> None:
    """Broken YAML, a day that does not exist, keys that stand twice, aliases without end: errors with a place."""
    file = tmp_path / "config.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=says):
        load(file)


def test_a_byte_order_mark_is_no_matter_and_utf_16_is_named(tmp_path: Path) -> None:
    """What editors of some systems write: UTF-8 with a mark is read, UTF-16 has a remedy."""
    good = yaml.safe_dump(GOOD)
    file = tmp_path / "config.yaml"
    file.write_bytes(good.encode("utf-8-sig"))
    assert load(file).timezone == "Europe/Paris"
    file.write_bytes(good.encode("utf-16"))
    with pytest.raises(ConfigError, match="is UTF-16"):
        load(file)


def test_aliases_and_merged_keys_are_read(tmp_path: Path) -> None:
    """YAML's own way of not writing a thing twice still works."""
    hours = "{<<: &one {unit: hours}, counts: plays}"
    text = yaml.safe_dump(GOOD).replace("hours:\n        unit: hours", f"hours: {hours}\n      again: *one")
    measures = load(write(tmp_path, text)).sources["streams"].measures
    assert (measures["hours"].unit, measures["hours"].counts, measures["again"].unit) == ("hours", "plays", "hours")


def test_folders_and_names_that_cannot_be_are_no_tracebacks(tmp_path: Path) -> None:
    """A folder instead of a file, and a file name longer than any system allows."""
    with pytest.raises(ConfigError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(ConfigError, match="titles: is no file name"):
        load(write(tmp_path, changed("titles", "a" * 300)))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """No file: the remedy is `assistant init`."""
    with pytest.raises(ConfigError, match="assistant init"):
        load(tmp_path / "none.yaml")


def test_the_config_is_found_here_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config wins, then ./config.yaml, then $ASSISTANT_CONFIG."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_CONFIG", "/elsewhere/config.yaml")
    assert find_config(None) == Path("/elsewhere/config.yaml")
    write(tmp_path, GOOD)
    assert find_config(None) == Path("config.yaml")
    assert find_config(Path("mine.yaml")) == Path("mine.yaml")
