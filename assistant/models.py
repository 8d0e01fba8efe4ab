"""The nouns that cross borders between rooms: plain values, nothing that reads, writes or decides.

    Insight ──▶ Candidate ──▶ Report(Flag…) ──▶ Post
    a figure    a text on it   what checks say    what an approval covers

`Fact` is what ties them together: a figure states facts, a text may state only facts of its figure.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np

Level = Literal["error", "warning", "suggestion"]
Verdict = Literal["pass", "warn", "block"]
Every = Literal["hour", "day", "week", "month"]
Counts = Literal["people", "profiles", "households", "plays", "other", "unknown"]
Scalar = int | float | str | bool | None

DRAFT_STATES = ("pending", "approved", "rejected", "snoozed", "expired")
PUBLICATION_STATES = (
    "queued", "claimed", "on_wire", "published", "failed", "unknown",
    "held", "missed", "cancelled", "withdrawn",
)  # fmt: skip
DEAD_STATES = ("failed", "cancelled", "missed")  # every other state counts as live in the unique index
WAITING_STATES = ("unknown", "failed", "held", "missed")  # a person has to look: exit code 3

CATEGORIES = (
    "singling-out", "surveillance", "shaming", "condescension", "presumed-distress", "loneliness", "grief",
    "self-harm", "health", "body", "addiction", "sexuality", "religion", "politics", "ethnicity", "gender",
    "age", "disability", "money", "relationship", "minors", "violence", "tragedy", "profanity", "slur",
    "disclosure", "figure", "length", "characters", "link", "mention", "repeat", "stale", "accessibility", "house",
)  # fmt: skip


def jsonable(value: Any) -> Any:
    """Values as JSON knows them: dates and instants in ISO 8601, dataclasses as objects, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(v) for v in value]
    if isinstance(value, date):  # datetime is a date
        return value.isoformat()
    return value


def canonical_json(value: Any) -> str:
    """One spelling for one value: sorted keys, no spaces, UTF-8 kept. What hashes are taken of."""
    return json.dumps(jsonable(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: Any, length: int = 64) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal; shortened where a person has to type it.

    Lone surrogates, which UTF-8 cannot hold, are hashed as their escapes rather than refused.
    """
    text = canonical_json(value).encode("utf-8", "backslashreplace")
    return hashlib.sha256(text).hexdigest()[:length]


class Engine(Protocol):
    """Runs the finders' SQL (DuckDB's dialect) over the canonical relations; see `stats/cube.py`."""

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """Columns by name, one NumPy array each, all of one length; parameters are `$name` in the SQL."""
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that a post may state, and what it measures.

    `unit` is a key known to every shipped language ("hours", "views", "people", "rank", "weeks", "date",
    "title", "place", "percent"…) or a custom unit of the source. `rounded_to` is the grain of the source
    (hours rounded to 10,000), so that a text never claims more precision than the table has.
    """

    name: str
    value: int | float | str | date
    unit: str
    rounded_to: float | None = None


@dataclass(frozen=True, slots=True)
class Contributors:
    """How much of a sum comes from few, where the source says whom its rows come from.

    `top_two`: the share of the two largest, 0 to 1. `p_ratio`: what is left beside them, by the largest, from 0; both as
    ACRO, the output checks of official statistics, define them.
    """

    count: int
    top_two: float
    p_ratio: float


@dataclass(frozen=True, slots=True)
class Insight:
    """A notable figure: what is said, what it rests on, how sure and how interesting it is.

    `start` and `end` are the first and the last day of the period told (both included; aware instants for
    hourly sources). `people` is the size of the group spoken of, where the figure is about one.
    `counts` is what the measure's value counts, which the disclosure rules go by. `query` is SQL for the
    reader; a figure is recomputed from `kind` and `params`, never by running text from the database.
    """

    id: str
    kind: str
    source: str
    measure: str
    subject: str | None
    where: Mapping[str, str]
    start: date
    end: date
    value: int | float
    unit: str
    every: Every
    facts: tuple[Fact, ...]
    people: int | None = None
    counts: Counts = "unknown"
    score: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)
    q: float | None = None
    cautions: tuple[str, ...] = ()
    query: str = ""
    params: Mapping[str, Scalar] = field(default_factory=dict)
    snapshot: str = ""
    contributors: Contributors | None = None

    @property
    def comparison(self) -> dict[str, Any]:
        """The facts beside the value itself: what it had to beat, since when, over how many periods."""
        return {fact.name: fact.value for fact in self.facts if fact.name != "value"}

    def fact(self, name: str) -> Fact | None:
        """The fact of that name, if the figure has it."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """The contract's shape of a figure (`contracts.md`), with more members beside it."""
        return {**jsonable(self), "comparison": jsonable(self.comparison)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Insight:
        """Back from `to_json`; dates are told from text by their fact's unit."""
        fields = {f.name for f in dataclasses.fields(cls)}
        kept = {k: v for k, v in data.items() if k in fields}
        facts = tuple(Fact(**{**f, "value": _fact_value(f)}) for f in kept.pop("facts"))
        return cls(
            **{
                **kept,
                "facts": facts,
                "start": _period(kept["start"]),
                "end": _period(kept["end"]),
                "cautions": tuple(kept.get("cautions", ())),
                "contributors": Contributors(**found) if (found := kept.get("contributors")) else None,
            }
        )


def _period(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _fact_value(fact: Mapping[str, Any]) -> Any:
    return _period(fact["value"]) if fact["unit"] == "date" and isinstance(fact["value"], str) else fact["value"]


def insight_id(kind: str, source: str, measure: str, subject: str | None, where: Mapping[str, str],
               start: date, end: date, params: Mapping[str, Scalar]) -> str:  # fmt: skip
    """The same claim about the same period has the same id, whatever the day it was found on."""
    return digest([kind, source, measure, subject, where, start, end, params], 12)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a delivery for one kind of figure: how many tests, at which level, how many were told by it, and how many
    would have been, had any one test more been beyond doubt. `insights/budget.py` says what for."""

    tests: int
    level: float
    told: int
    most: int


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """What a network lets a post be. Lengths are the network's own weighted ones (twitter-text v3 for X)."""

    max_weighted_length: int = 280
    url_length: int = 23
    max_media: int = 4
    max_alt_text: int = 1000


@dataclass(frozen=True, slots=True)
class Span:
    """Which code points `[start, end)` of a text rest on which fact of its figure.

    `placed`: the characters that a template's variable put there; empty where the link was found by reading. A span of
    which the text says something else by now holds no more.
    """

    start: int
    end: int
    fact: str
    placed: str = ""

    def holds(self, text: str) -> bool:
        """Whether a variable placed what stands there, and nobody changed it."""
        return self.placed != "" and text[self.start : self.end] == self.placed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to be checked, with all that the checks may know of it.

    From a template it carries its figure; typed by a person or read by `assistant check` it may carry only
    words. `facts is None` means that nobody can say what its figures rest on: not checked, never passed.
    """

    text: str
    lang: str | None = None
    insight: Insight | None = None
    template: str | None = None
    tone: str | None = None
    facts: tuple[Fact, ...] | None = None
    spans: tuple[Span, ...] = ()
    titles: tuple[str, ...] = ()
    people: int | None = None
    counts: Counts = "unknown"
    due: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """One finding: where (code points `[start, end)`), what, how bad, why, and what to write instead.

    A hard flag can be waved through by nobody: the text or the figure has to change.
    """

    check: str
    category: str
    level: Level
    start: int
    end: int
    quote: str
    message: str
    hard: bool = False
    why: str = ""
    suggestion: str = ""
    rule: str = ""
    rule_version: str = "1"

    def to_json(self) -> dict[str, Any]:
        """The contract's shape of a flag."""
        return dict(jsonable(self))


def verdict_of(flags: Iterable[Flag]) -> Verdict:
    """`block` where any flag is an error, `warn` where any is a warning, else `pass`; from the flags alone."""
    levels = {flag.level for flag in flags}
    return "block" if "error" in levels else "warn" if "warning" in levels else "pass"


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks say of one text, what they could not look at, and how long the network counts it."""

    flags: tuple[Flag, ...] = ()
    not_checked: tuple[str, ...] = ()
    weighted_length: int = 0

    @property
    def verdict(self) -> Verdict:
        """From the flags alone."""
        return verdict_of(self.flags)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A draft that a person turned down, and why: what a new one is compared with."""

    draft_id: int
    text: str
    lang: str
    reason: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A picture of a post, kept as bytes on disk and named by their hash."""

    path: str
    sha256: str
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """The whole of what an approval covers: change any of it and it is another revision.

    `accounts` are those for which it may go out; the window is open on the side that is None.
    """

    text: str
    lang: str
    accounts: tuple[str, ...]
    media: tuple[Media, ...] = ()
    reply_settings: str | None = None
    made_with_ai: bool = False
    paid_partnership: bool = False
    not_before: datetime | None = None
    not_after: datetime | None = None

    @property
    def sha(self) -> str:
        """SHA-256 over the canonical JSON of every field."""
        return digest(self)


@dataclass(frozen=True, slots=True)
class PersonFlag:
    """Wording that a person will not let out; open until withdrawn or until the wording is gone."""

    id: int
    flag: Flag
    actor: str
    at: datetime
