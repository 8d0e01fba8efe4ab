"""Wall times: what a person writes, in a zone, as one instant.

A time that never was is refused; one that was twice is asked about.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from assistant.errors import UsageError

_WHEN = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d|today|tomorrow|aujourd'hui|demain)[ t]+)?(?P<hour>\d{1,2})[:h](?P<minute>\d\d)?"
)
_REMEDY = 'Write now, 20:45, "tomorrow 9:00", "2026-11-24 20:45" or an instant in ISO 8601 with its offset.'


def parse_when(text: str, zone: tzinfo, now: datetime, fold: int | None = None) -> datetime:
    """The instant that `text` names, in the zone (its `fold` kept); `UsageError` says what is wrong with it."""
    try:
        return _parsed(text.strip().lower(), zone, now, fold)
    except (ValueError, OverflowError):  # the last hours of the year 9999 have no instant everywhere
        raise UsageError(f"{text[:80]!r} is no time.", remedy=_REMEDY) from None


def _parsed(plain: str, zone: tzinfo, now: datetime, fold: int | None) -> datetime:
    if plain == "now":
        return now.astimezone(zone)
    if (instant := _with_offset(plain.upper())) is not None:
        return instant.astimezone(zone)
    match = _WHEN.fullmatch(plain)
    if not match:
        raise ValueError(plain)
    here = now.astimezone(zone)
    clock = time(int(match["hour"]), int(match["minute"] or 0))
    return to_instant(datetime.combine(_day(match["day"], here, clock), clock), zone, fold)


def _with_offset(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _day(named: str | None, here: datetime, clock: time) -> date:
    if named in ("today", "aujourd'hui"):
        return here.date()
    if named in ("tomorrow", "demain"):
        return here.date() + timedelta(days=1)
    if named:
        return date.fromisoformat(named)
    return here.date() if clock > here.time() else here.date() + timedelta(days=1)


def to_instant(wall: datetime, zone: tzinfo, fold: int | None) -> datetime:
    """A wall time as an instant of a zone; one in a gap of daylight saving is refused, one in a fold is asked about."""
    first, second = (wall.replace(tzinfo=zone, fold=n) for n in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        later = first.astimezone(UTC).astimezone(zone)
        raise UsageError(
            f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks go forward then.",
            remedy=f"Take {later:%H:%M}, or another time.",
        )
    if first.utcoffset() != second.utcoffset() and fold is None:
        raise UsageError(
            f"{wall:%Y-%m-%d %H:%M} comes twice in {zone}: the clocks go back then.",
            remedy="Say which with --fold 0 (the first) or --fold 1 (the second).",
        )
    return second if fold == 1 and first.utcoffset() != second.utcoffset() else first


def wall(due: datetime) -> dict[str, Any]:
    """The columns of a publication that keep an instant with its wall time, zone and fold."""
    return {"due_at": due, "wall_time": f"{due:%Y-%m-%d %H:%M}", "zone": str(due.tzinfo), "fold": due.fold}
