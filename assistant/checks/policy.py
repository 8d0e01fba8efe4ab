"""Disclosure limits: defaults with their sources, which a house may raise and never lower.

| limit | default | source |
|---|---|---|
| official_floor | 10 | ACRO and ONS output checking: 10; NHS Digital suppresses 1–7, CMS 1–10 |
| floor | 100 | Wikimedia releases pageview counts only above 90 |
| audience_floor | 1000 | LinkedIn's floor for matched audiences is 300; ours is wider |
| complement | 10 | the same as the official floor: total − n is a group too, and so is what two posts differ by |
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from assistant.errors import ConfigError
from assistant.models import digest


@dataclass(frozen=True, slots=True)
class Policy:
    """Group sizes below which a post is refused or warned of."""

    version: str = "1"
    official_floor: int = 10
    floor: int = 100
    audience_floor: int = 1000
    complement: int = 10

    @property
    def sha(self) -> str:
        """What decisions carry: which policy they were made under."""
        return digest(asdict(self), 16)


def load_policy(path: Path) -> Policy:
    """Read a policy.yaml; `ConfigError` where a key is unknown or a hard floor would be lowered."""
    from assistant.handwritten import yaml_of

    data = yaml_of(path) or {}
    if not isinstance(data, dict):
        raise ConfigError(path, "", "is not a mapping of keys", remedy="Write floor: 200, for example")
    defaults = Policy()
    for key, value in data.items():
        if (problem := _problem(defaults, key, value)) is not None:
            raise problem(path)
    return Policy(**data)


def _problem(defaults: Policy, key: object, value: object) -> _Wrong | None:
    known = {field.name for field in fields(Policy)}
    if key not in known:
        return _Wrong(str(key), "unknown key", f"There are {', '.join(sorted(known))}")
    default = getattr(defaults, str(key))
    if key == "version":
        return None if isinstance(value, str) else _Wrong("version", "must be a text", 'Write version: "2"')
    if not isinstance(value, int) or isinstance(value, bool):
        return _Wrong(str(key), f"{value!r} is not a whole number", f"Write a number of {default} or more")
    if value < default:
        return _Wrong(str(key), f"{value} is below {default}, which may only be raised", "Raise it or remove the key")
    return None


@dataclass(frozen=True, slots=True)
class _Wrong:
    key: str
    problem: str
    remedy: str

    def __call__(self, file: Path) -> ConfigError:
        return ConfigError(file, self.key, self.problem, remedy=self.remedy)
