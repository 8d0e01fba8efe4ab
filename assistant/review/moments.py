"""Instants and numbers as a person reads them: wall times in a zone, how long from now, thousands apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, *, year: bool = False, weekday: bool = True) -> str:
    """`Tue 24 Nov`, in English whatever the locale says."""
    told = f"{day.day} {_MONTHS[day.month - 1]}"
    told = f"{_DAYS[day.weekday()]} {told}" if weekday else told
    return f"{told} {day.year}" if year else told


def clock_time(instant: datetime, zone: tzinfo, now: datetime) -> str:
    """`18:30` today, `Tue 18:30` within the week, `24 Nov` later."""
    there, here = instant.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    if abs((there.date() - here.date()).days) < 7:
        return f"{_DAYS[there.weekday()]} {there:%H:%M}"
    return f"{there.day} {_MONTHS[there.month - 1]}"


def full_time(instant: datetime, zone: tzinfo) -> str:
    """`Tue 24 Nov 2026 18:30 (Europe/Paris)`."""
    there = instant.astimezone(zone)
    return f"{day_words(there.date(), year=True)} {there:%H:%M} ({zone})"


def from_now(instant: datetime, now: datetime) -> str:
    """`in 3 h`, `in 2 days`, `now`, `5 min ago`."""
    gap = instant - now
    told = lasting(abs(gap))
    if not told:
        return "now"
    return f"in {told}" if gap > timedelta(0) else f"{told} ago"


def lasting(gap: timedelta) -> str:
    """A duration by its two largest parts; nothing under half a minute."""
    minutes = round(gap.total_seconds() / 60)
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours and days < 3 else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min" if minutes else ""


def number(value: object) -> str:
    """A value of a fact: thousands apart, dates in ISO (an hour as the clock there shows it), words as they are."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
