"""config.yaml → one frozen `Config`. Every error names the file, the key and the remedy.

The shapes are those of docs/config.md, whose table is printed from the field descriptions here.
Relative paths are relative to the config file.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from datetime import UTC, time, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from assistant.errors import ConfigError
from assistant.handwritten import yaml_of
from assistant.models import Counts, Every

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SECRET = re.compile(r"(api_?key|secret|token|password|bearer)", re.IGNORECASE)
_STORES = ("sqlite:///", "postgresql+psycopg://", "postgresql://")
_VARIANT = re.compile(r"(function-|literal|dict|list|is-instance|nullable|tuple)[\w-]*\[.*|str|timedelta|duckdb")


def parse_duration(value: object) -> object:
    """`30m`, `28d`, `1.5h` → timedelta; `none` → None. Units: s, m, h, d, w."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "none":
        return None
    match = _DURATION.fullmatch(value.strip())
    if not match:
        raise ValueError(f"{value!r} is not a duration; write a number and a unit, such as 20s, 30m, 2h, 28d or none")
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def parse_hours(value: object) -> object:
    """`"22:00-08:00"` → two wall times; `none` → None."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "none"):
        return None
    if isinstance(value, str) and (m := re.fullmatch(r"(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)", value.strip())):
        start, end = (time.fromisoformat(part.zfill(5)) for part in m.groups())
        return (start, end)
    raise ValueError(f'{value!r} are not quiet hours; write "22:00-08:00" (in quotation marks) or none')


def known_zone(name: str) -> str:
    """An IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/Paris or UTC") from error
    return name


def possible_path(name: str) -> str:
    """A path whose names any system allows: 255 bytes each, no NUL."""
    if "\0" in name or any(len(os.fsencode(part)) > 255 for part in Path(name).parts):
        raise ValueError("is no file name that a system allows")
    return name


FileName = Annotated[str, AfterValidator(possible_path)]
Duration = Annotated[timedelta | None, BeforeValidator(parse_duration)]
Hours = Annotated[tuple[time, time] | None, BeforeValidator(parse_hours)]
Zone = Annotated[str, AfterValidator(known_zone)]
Words = dict[str, str | list[str]]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class TimeColumn(_Frozen):
    """Where a table's periods stand."""

    column: str = Field(description="the column that names the period")
    every: Every = Field(description="hour, day, week or month")
    label: Literal["start", "end"] = Field("start", description="the label is the period's first or last day")
    zone: Zone = Field("UTC", description="the zone in which periods begin and end")
    lag: Duration = Field(timedelta(0), description="how long after its end a period may still change")
    format: str | None = Field(None, description="strptime format of the label; default ISO 8601")
    hour: str | None = Field(None, description="hourly tables: the column of the hour, where it stands apart")


class Measure(_Frozen):
    """What one column measures."""

    unit: str | Words | None = Field(
        None, description="a known unit, or its words by language: {en: [stream, streams]}"
    )
    better: Literal["high", "low"] = Field("high", description="which end is the good one; low for ranks")
    total: Literal["sum", "mean", "last", "min", "max"] | None = Field(
        None,
        description="how rows are put together: sum (default; a rank by its better end), mean, last, min, max",
    )
    counts: Counts = Field(
        "unknown", description="people, profiles, households, plays, other: for the disclosure rules"
    )


class Cohort(_Frozen):
    """A table of how many distinct people did something how many times."""

    people: str = Field(description="the column that counts distinct people")
    times: str = Field(description="the column that says how many times, days, hours")
    behaviour: dict[str, str] = Field(description="the words by language, with {subject} and {times}")


class Source(_Frozen):
    """One table of aggregated statistics."""

    path: FileName = Field(description="csv, tsv, json, jsonl or parquet; a path or a pattern")
    time: TimeColumn | None = Field(None, description="where the periods stand")
    shelf_life: Duration | Literal["default"] = Field(
        "default", description="how long its figures may be told; none = for ever"
    )
    subject: str | None = Field(None, description="the column that says what a post is about")
    dimensions: tuple[str, ...] = Field((), description="columns that divide a subject: place, category…")
    measures: Mapping[str, Measure] = Field(default_factory=dict, description="what the columns measure")
    contributor: str | None = Field(
        None, description="the column that says who a row's share comes from: shops, studios, partners"
    )
    cohort: Cohort | None = Field(None, description="a cohort table instead of measures")
    ready: FileName | None = Field(None, description="a marker file that says the table is complete")

    @model_validator(mode="after")
    def _either(self) -> Source:
        if bool(self.measures) == bool(self.cohort):
            raise ValueError("a source has measures or a cohort, one of the two")
        if self.measures and self.time is None:
            raise ValueError("a source with measures needs time: {column: …, every: week}")
        return self


class Account(_Frozen):
    """Where posts go."""

    network: Literal["x", "practice"] = Field(
        "practice", description="x, or practice: a network in a file, for trying things out"
    )
    base_url: str = Field("https://api.x.com", description="the API's address")
    handle: str = Field("", description="shown to the reviewer")
    languages: tuple[str, ...] = Field((), description="which languages it posts in; default all")
    timezone: Zone | None = Field(None, description="for its wall times; default the top-level one")
    credentials: str | None = Field(None, description="the name under which its secrets are kept")


class Publish(_Frozen):
    """When posts may go out, and how many."""

    grace: Duration = Field(timedelta(minutes=30), description="later than this after its time, a post is missed")
    timeout: Duration = Field(timedelta(seconds=20), description="how long the network has to answer")
    daily_cap: int = Field(6, ge=0, description="posts an account and day")
    monthly_budget_usd: float = Field(50, ge=0, description="what the network may cost in a month")
    quiet_hours: Hours = Field((time(22), time(8)), description='no queue slot in these hours: "22:00-08:00" or none')
    spacing: Duration = Field(timedelta(minutes=45), description="the least time between two queue slots")
    cooling_off: Duration = Field(timedelta(0), description="how long after its approval a post waits at least")


class Insights(_Frozen):
    """What counts as notable."""

    q: float = Field(0.05, gt=0, lt=1, description="the false discovery rate, within a run and kind and across runs")
    weights: Mapping[str, float] = Field(
        default_factory=dict, description="of impact, surprise, simplicity, robustness, novelty"
    )


class Checks(_Frozen):
    """What drafts are checked with, beside the packs that come with the program."""

    styles: tuple[FileName, ...] = Field((), description="folders of Vale styles")
    calendar: FileName | None = Field(None, description="sensitive days")
    house_rules: FileName = Field(
        "house-rules", description="the folder that `rules accept` writes to, and that is read"
    )
    policy: FileName | None = Field(None, description="disclosure limits, raised above the defaults")


class House(_Frozen):
    """How the house speaks."""

    tone: str | None = Field(None, description="warm, dry, celebratory, absurd: templates of this tone come first")
    address: Literal["tu", "vous"] = Field("vous", description="French: tu or vous")
    english: Literal["US", "GB"] = Field("US", description="English spelling")
    quotes: bool = Field(True, description="whether titles stand in quotation marks")
    emoji: bool = Field(True, description="whether templates with an emoji are used")
    banned: tuple[str, ...] = Field((), description="words that never go out")
    hashtags: tuple[str, ...] = Field((), description="hashtags that may be used")


class Config(_Frozen):
    """The user's one dial."""

    store: str = Field("sqlite:///assistant.db", description="sqlite:///FILE or postgresql+psycopg://USER@HOST/DB")
    timezone: Zone = Field(default_factory=lambda: system_zone(), description="for wall times and relative dates")
    languages: tuple[str, ...] = Field(("en", "fr"), description="which languages drafts are written in")
    sources: Mapping[str, Source] = Field(description="the tables")
    accounts: Mapping[str, Account] = Field(
        default_factory=lambda: {"practice": Account()}, description="where posts go"
    )
    publish: Publish = Field(default_factory=Publish, description="when, and how many")
    engine: Literal["duckdb"] | dict[Literal["spark"], str] = Field(
        "duckdb", description="what computes: duckdb, or {spark: local[2]}"
    )
    insights: Insights = Field(default_factory=Insights, description="what counts as notable")
    checks: Checks = Field(default_factory=Checks, description="what drafts are checked with")
    titles: FileName | None = Field(None, description="the title register, a CSV file: what titles are about")
    house: House = Field(default_factory=House, description="how the house speaks")
    campaigns: tuple[Mapping[str, Any], ...] = Field((), description="campaigns and their hashtags")
    keys: Mapping[str, str] = Field(default_factory=dict, description="re-mapped keys of the review desk")
    notify: tuple[str, ...] = Field(
        (), description='a command to run on an event, such as [mail-me, "{event}", "{id}"]'
    )
    templates: FileName | None = Field(
        None, description="a folder of templates of your own, beside those that come along"
    )
    file: Path = Field(exclude=True, description="where this was read from")

    @property
    def folder(self) -> Path:
        """What relative paths are relative to."""
        return self.file.parent

    def resolve(self, path: str) -> Path:
        """A path of the config as an absolute one."""
        return (self.folder / Path(path).expanduser()).absolute()

    def zone(self, account: str | None = None) -> tzinfo:
        """The zone of an account's wall times, or of the house's."""
        named = self.accounts[account].timezone if account and account in self.accounts else None
        return ZoneInfo(named or self.timezone)

    def accounts_for(self, lang: str) -> tuple[str, ...]:
        """The accounts that post in this language."""
        return tuple(name for name, a in self.accounts.items() if not a.languages or lang in a.languages)

    @property
    def store_url(self) -> str:
        """The store's URL, a relative SQLite file made absolute."""
        prefix = "sqlite:///"
        if not self.store.startswith(prefix) or self.store == prefix + ":memory:":
            return self.store
        return prefix + str(self.resolve(self.store.removeprefix(prefix)))


def system_zone() -> str:
    """The IANA name of the system's time zone, or UTC where it has none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    link = os.path.realpath("/etc/localtime")
    for name in (named, link.partition("zoneinfo/")[2]):
        try:
            return known_zone(name or "-")
        except ValueError:
            continue
    return str(UTC)


def find_config(given: Path | None) -> Path:
    """`--config`, else ./config.yaml, else `$ASSISTANT_CONFIG`."""
    if given is not None:
        return given
    here = Path("config.yaml")
    named = os.environ.get("ASSISTANT_CONFIG")
    return here if here.exists() or not named else Path(named)


def load(path: Path) -> Config:
    """Read, validate and freeze a config file."""
    file = path.expanduser().absolute()
    data = _read(file)
    if not isinstance(data, dict):
        raise ConfigError(
            file, "", "is not a mapping of keys", remedy="Start from the one that `assistant init` writes"
        )
    if "file" in data:
        raise ConfigError(file, "file", "unknown key", remedy="Remove it or correct its spelling")
    _refuse_secrets(file, data)
    try:
        config = Config.model_validate({**data, "file": file})
    except ValidationError as error:
        raise _explain(file, error) from None
    _cross_check(config)
    return config


def _read(file: Path) -> object:
    if not file.exists():
        remedy = "Name one with --config, or write one with `assistant init`"
        raise ConfigError(file, "", "there is no such file", remedy=remedy)
    return yaml_of(file)


def _refuse_secrets(file: Path, data: Mapping[Any, Any], path: str = "") -> None:
    for key, value in data.items():
        where = f"{path}{key}"
        if isinstance(value, Mapping):
            _refuse_secrets(file, value, f"{where}.")
        elif path.startswith("accounts.") and _SECRET.search(str(key)):
            remedy = "Put it into the environment or the system keyring, see docs/config.md"
            raise ConfigError(file, where, "secrets are never kept here", remedy=remedy)


def _explain(file: Path, error: ValidationError) -> ConfigError:
    """The first of pydantic's complaints in the words of someone who edits YAML."""
    first = error.errors(include_url=False)[0]
    location = [str(part) for part in first["loc"] if not _is_variant(str(part))]
    key, kind = ".".join(location), first["type"]
    if kind == "extra_forbidden":
        return ConfigError(file, key, "unknown key", remedy=_did_you_mean(location))
    if kind == "missing":
        return ConfigError(file, key, "is missing", remedy="Add it; docs/config.md lists every key")
    problem = first["msg"].removeprefix("Value error, ")
    shown = repr(first.get("input"))
    told = problem if shown in problem or len(shown) > 60 else f"{problem}, not {shown}"
    return ConfigError(file, key, told, remedy="Correct the value; docs/config.md lists every key")


def _is_variant(part: str) -> bool:
    """Pydantic names the member of a union in the path; a person never wrote it."""
    return bool(_VARIANT.fullmatch(part))


def _did_you_mean(location: list[str]) -> str:
    known = [name for model in _Frozen.__subclasses__() for name in model.__annotations__ if name != "file"]
    close = difflib.get_close_matches(location[-1], known, n=1)
    return f"Did you mean {close[0]!r}? Otherwise remove it" if close else "Remove it or correct its spelling"


def _cross_check(config: Config) -> None:
    for key, path in _named_files(config):
        if path and not config.resolve(path).exists():
            remedy = f"Create {config.resolve(path)} or remove the key"
            raise ConfigError(config.file, key, f"there is no {path}", remedy=remedy)
    for key, filled, remedy in (
        ("sources", config.sources, "Name a table; `assistant init DATA` writes the guesses"),
        ("accounts", config.accounts, "Remove the key (posts go to the practice network) or name one"),
        ("languages", config.languages, "Name at least one, such as [en]"),
    ):
        if not filled:
            raise ConfigError(config.file, key, "is empty", remedy=remedy)
    if not config.store.startswith(_STORES):
        scheme = config.store.partition(":")[0]
        remedy = "Write sqlite:///FILE or postgresql+psycopg://USER@HOST/DB"
        raise ConfigError(config.file, "store", f"{scheme!r} is not a store that is known", remedy=remedy)


def _named_files(config: Config) -> list[tuple[str, str | None]]:
    checks = config.checks
    styles = [(f"checks.styles.{i}", style) for i, style in enumerate(checks.styles)]
    named = [("checks.calendar", checks.calendar), ("checks.policy", checks.policy)]
    return [*styles, *named, ("titles", config.titles), ("templates", config.templates)]
