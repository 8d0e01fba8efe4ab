"""Aggregated tables only: a column that looks like persons is refused, by its name or by what is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = re.compile(
    r"(?:^|_)(?:e_?mail|mail_?address|phone|telephone|mobile|ip|ip_?address|ssn|passport|birth_?date|date_?of_?birth|"
    r"first_?name|last_?name|surname|full_?name|login|username|user_?name|courriel|prenom|nom_?de_?famille|"
    r"(?:user|member|customer|client|subscriber|person|people|viewer|listener|visitor|device|session|account|profile|"
    r"household|patient|employee|utilisateur|abonne)_?(?:id|ids|uuid|guid|key|hash|no|nr|number))(?:$|_)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{24,64}", re.IGNORECASE)
_ID = re.compile(r"[\w-]*\d[\w-]*")
_MANY = 200
_MOST = 0.9


def by_name(column: str) -> str | None:
    """Why a column's name looks like persons, or None."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[\s.-]+", "_", column)
    return "its name says that it identifies persons" if _NAMES.search(plain) else None


def by_values(values: Sequence[str]) -> str | None:
    """Why a sample of a column's values looks like persons, or None."""
    filled = [value for value in values if value]
    if not filled:
        return None
    for pattern, what in ((_EMAIL, "e-mail addresses"), (_UUID, "unique ids"), (_HASH, "hashes")):
        if sum(bool(pattern.fullmatch(value)) for value in filled) > len(filled) / 2:
            return f"it holds {what}"
    return None


def as_many(distinct: int, rows: int) -> bool:
    """Whether a column has almost as many values as there are rows."""
    return rows >= _MANY and distinct >= _MOST * rows


def by_count(sample: Sequence[str]) -> str | None:
    """Why a dividing column with almost as many values as rows looks like persons, or None."""
    ids = sum(bool(_ID.fullmatch(value)) for value in sample if value)
    return "it has almost as many values as rows, and they look like ids" if ids > len(sample) * _MOST else None
