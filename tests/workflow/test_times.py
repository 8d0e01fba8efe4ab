"""Wall times: what a person writes becomes one instant, or one error with a remedy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.workflow.times import parse_when, wall
from workshop import MONDAY

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu")


def at(text: str, *, zone: ZoneInfo = PARIS, now: datetime = MONDAY, fold: int | None = None) -> str:
    return f"{parse_when(text, zone, now, fold):%Y-%m-%d %H:%M %z}"


def parsed(text: str, zone: str, fold: int | None = None) -> datetime | UsageError:
    try:
        return parse_when(text, ZoneInfo(zone), MONDAY, fold)
    except UsageError as error:
        return error


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("now", "2026-11-23 11:00 +0100"),
        (" NOW ", "2026-11-23 11:00 +0100"),
        ("20:45", "2026-11-23 20:45 +0100"),
        ("20h45", "2026-11-23 20:45 +0100"),
        ("20h", "2026-11-23 20:00 +0100"),
        ("9:05", "2026-11-24 09:05 +0100"),
        ("today 20:45", "2026-11-23 20:45 +0100"),
        ("Tomorrow 9:00", "2026-11-24 09:00 +0100"),
        ("demain 9h", "2026-11-24 09:00 +0100"),
        ("aujourd'hui 23:59", "2026-11-23 23:59 +0100"),
        ("2026-12-24 20:45", "2026-12-24 20:45 +0100"),
        ("2026-12-24T20:45", "2026-12-24 20:45 +0100"),
        ("2027-07-01 20:45", "2027-07-01 20:45 +0200"),
        ("2026-12-24T20:45:00Z", "2026-12-24 21:45 +0100"),
        ("2026-12-24T20:45:00-05:00", "2026-12-25 02:45 +0100"),
    ],
)
def test_what_a_person_writes(text: str, instant: str) -> None:
    """In the zone's wall time; with an offset, the instant itself; an hour that is over today is tomorrow's."""
    assert at(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "25:00", "12:60", "2026-02-30 12:00", "2026-13-01 12:00", "2026-11-24", "9", "noon", "12:00:61", "١٢:٣٠x",
        "99999999999999999999:00", "9" * 5000, "0001-01-01 00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00",
        "2026-11-24 20:45 Europe/Paris", "now()", "\udcff", "12:00\0", "2026-11-24T20:45+99:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_told_with_a_remedy(text: str) -> None:
    """No instant is guessed."""
    with pytest.raises(UsageError) as caught:
        parse_when(text, PARIS, MONDAY)
    assert "ISO 8601" in caught.value.remedy


_TIMELIKE = st.from_regex(
    r"(\d{1,6}-\d\d-\d\d|today|demain)?[ T]?\d{1,30}[:h]\d{0,3}(Z|[+-]\d\d:\d\d)?", fullmatch=True
)


@given(text=st.text(max_size=40) | _TIMELIKE, zone=st.sampled_from(ZONES), fold=st.sampled_from([None, 0, 1]))
@example(text="9999-12-31 23:59", zone="America/New_York", fold=None)
@example(text="0001-01-01 00:00", zone="Pacific/Kiritimati", fold=None)
@example(text="0001-01-01T00:00+14:00", zone="UTC", fold=1)
def test_any_text_is_an_instant_or_a_usage_error(text: str, zone: str, fold: int | None) -> None:
    """Never a raw exception; and the instant can be kept in UTC."""
    found = parsed(text, zone, fold)
    assert found.remedy if isinstance(found, UsageError) else found.astimezone(UTC) == found


@pytest.mark.parametrize(
    ("text", "zone", "later"),
    [("2027-03-28 02:30", "Europe/Paris", "03:30"), ("2027-03-14 02:00", "America/New_York", "03:00"),
     ("2027-10-03 02:15", "Australia/Lord_Howe", "02:45")],
)  # fmt: skip
def test_a_wall_time_in_a_gap_is_refused(text: str, zone: str, later: str) -> None:
    """It never is; the remedy names one that is, and with its word for a fold it is refused as well."""
    for fold in (None, 0, 1):
        with pytest.raises(UsageError, match="does not exist") as caught:
            parse_when(text, ZoneInfo(zone), MONDAY, fold)
        assert later in caught.value.remedy


def test_a_wall_time_that_comes_twice_is_asked_about_and_honoured() -> None:
    """`--fold 0` is the first, `--fold 1` the second, an hour later."""
    with pytest.raises(UsageError, match="comes twice") as caught:
        at("2027-10-31 02:30")
    assert "--fold 0" in caught.value.remedy
    first, second = (parse_when("2027-10-31 02:30", PARIS, MONDAY, fold) for fold in (0, 1))
    assert (first.fold, second.fold) == (0, 1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)


def test_an_instant_with_its_offset_is_never_asked_about() -> None:
    """It says itself which of the two it is."""
    assert parse_when("2027-10-31T02:30+01:00", PARIS, MONDAY).fold == 1
    assert parse_when("2027-10-31T02:30+02:00", PARIS, MONDAY).fold == 0


def test_a_fold_where_there_is_none_changes_nothing() -> None:
    """The same instant, kept the same way."""
    assert wall(parse_when("2026-12-24 20:45", PARIS, MONDAY, 1)) == wall(parse_when("2026-12-24 20:45", PARIS, MONDAY))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 (wall times)
def test_a_wall_time_that_is_accepted_is_what_the_wall_shows(time: datetime, zone: str) -> None:
    """Round and back: an instant in UTC shows the wall time that was written."""
    text = f"{time:%Y-%m-%d %H:%M}"
    found = parsed(text, zone)
    if isinstance(found, UsageError):
        assert "does not exist" in found.what or "comes twice" in found.what
    else:
        assert f"{found.astimezone(UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == text
