"""The sensitive calendar: which days fall on which dates, whom they touch, and what is wrong with a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks import Checker
from assistant.checks.calendar import Calendar, easter, load_calendar, slug
from assistant.errors import ConfigError
from assistant.models import Candidate, Fact, Insight, Report

NOVEMBER = datetime(2026, 11, 13, 9, 0, tzinfo=UTC)


def calendar(folder: Path, *days: str) -> Path:
    """A calendar.yaml with these days."""
    file = folder / "calendar.yaml"
    file.write_text("\n".join(f"- {{{day}}}" for day in days), encoding="utf-8")
    return file


def falls(folder: Path, when: str, day: str) -> bool:
    """Whether an entry falls on a day."""
    kept = load_calendar(calendar(folder, f"name: A day, {when}"))
    return bool(list(kept.on(date.fromisoformat(day), Candidate("Tea."))))


def checked(folder: Path, day: str, candidate: Candidate) -> Report:
    """What the checks say of a text, with one day in the calendar."""
    return Checker(calendar=calendar(folder, day))(candidate)


@pytest.mark.parametrize(
    ("when", "inside", "outside"),
    [
        ("on: 2026-11-13", "2026-11-13", "2027-11-13"),
        ('"on": [2026-11-13, 2027-01-02]', "2027-01-02", "2027-01-03"),
        ("every: 01-27", "2031-01-27", "2031-01-28"),
        ("every: 02-29", "2028-02-29", "2028-02-28"),
        ("every: 02-29", "2027-02-28", "2027-03-01"),
        ("every: second sunday of may", "2027-05-09", "2027-05-16"),
        ("every: Last Sunday in May", "2027-05-30", "2027-05-23"),
        ("from: 2027-04-10, to: 2027-04-11", "2027-04-11", "2027-04-12"),
        ("from: 12-24, to: 01-01", "2029-12-31", "2029-12-23"),
        ("from: 12-24, to: 01-01", "2030-01-01", "2030-01-02"),
        ("from: 06-01, to: 06-30", "2030-06-15", "2030-07-01"),
        ("easter: -2", "2027-03-26", "2027-03-28"),
        ("easter: 0", "2026-04-05", "2026-04-06"),
        ("easter: 39", "2026-05-14", "2026-05-15"),
    ],
)
def test_when_a_day_is(tmp_path: Path, when: str, inside: str, outside: str) -> None:
    """Dates, yearly days, nth weekdays, periods over the year's end, and days counted from Easter."""
    assert falls(tmp_path, when, inside)
    assert not falls(tmp_path, when, outside)


def test_easter_is_the_sunday_that_the_almanacs_print() -> None:
    """Early, late and ordinary ones, over two centuries."""
    known = {1913: (3, 23), 1943: (4, 25), 1954: (4, 18), 2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2038: (4, 25),
             2049: (4, 18), 2076: (4, 19), 2285: (3, 22)}  # fmt: skip
    assert {year: (easter(year).month, easter(year).day) for year in known} == known
    assert all(easter(year).weekday() == 6 for year in range(1583, 3000))


def test_a_post_due_on_the_day_is_warned_of(tmp_path: Path) -> None:
    """A warning of category `tragedy` by default, with its rule and its reason; on the day after, nothing."""
    day = 'name: National day of mourning, on: 2026-11-13, why: "The country mourns."'
    report = checked(tmp_path, day, Candidate("What a week!", lang="en", due=NOVEMBER))
    (flag,) = report.flags
    assert (flag.rule, flag.level, flag.category) == ("calendar.national-day-of-mourning", "warning", "tragedy")
    assert (flag.why, report.verdict, flag.hard) == ("The country mourns.", "warn", False)
    assert "13 November 2026" in flag.message
    assert not any("calendar" in told for told in report.not_checked)
    tomorrow = Candidate("What a week!", lang="en", due=NOVEMBER + timedelta(days=1))
    assert checked(tmp_path, day, tomorrow).flags == ()


def test_the_day_is_that_of_the_due_time_s_own_zone(tmp_path: Path) -> None:
    """Half past midnight in Tokyo is that day, though it is still the day before in London."""
    tokyo = datetime(2026, 11, 13, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    assert checked(tmp_path, "name: Mourning, on: 2026-11-13", Candidate("Tea.", due=tokyo)).verdict == "warn"
    same = Candidate("Tea.", due=tokyo.astimezone(UTC))
    assert checked(tmp_path, "name: Mourning, on: 2026-11-13", same).verdict == "pass"


def test_what_is_not_known_is_not_checked(tmp_path: Path) -> None:
    """Without a due time, or without a calendar, the report says that nobody looked."""
    told = checked(tmp_path, "name: Mourning, on: 2026-11-13", Candidate("Tea.")).not_checked
    assert "calendar: the day it goes out is not known yet" in told
    assert any(one.startswith("calendar: no file") for one in Checker()(Candidate("Tea.", due=NOVEMBER)).not_checked)


@pytest.mark.parametrize(("level", "verdict"), [("error", "block"), ("warning", "warn"), ("suggestion", "pass")])
def test_a_day_has_its_own_level_and_category(tmp_path: Path, level: str, verdict: str) -> None:
    """An election silence may block; a feast may only be mentioned."""
    day = f"name: Election silence, on: 2026-11-13, level: {level}, category: politics"
    report = checked(tmp_path, day, Candidate("Tea.", due=NOVEMBER))
    assert (report.verdict, report.flags[0].category) == (verdict, "politics")


@pytest.mark.parametrize(
    ("narrowed", "text", "more", "touched"),
    [
        ("words: [mum, mother*]", "Mothers of the world, tea is ready.", {}, True),
        ("words: [mum, mother*]", "Chrysanthemums for all.", {}, False),
        ("words: [mère]", "Une me\u0300re et son thé.", {"lang": "fr"}, True),
        ("titles: [Paper Moons]", "It is back.", {"titles": ("paper moons",)}, True),
        ("titles: [Paper Moons]", "“Paper Moons” is back.", {}, True),
        ("titles: [Paper Moons]", "“Harbour Lights” is back.", {"titles": ("Harbour Lights",)}, False),
        ("categories: [shaming]", "Get a life.", {"lang": "en"}, True),
        ("categories: [shaming]", "What a life.", {"lang": "en"}, False),
        ("languages: [fr]", "Tea.", {"lang": "en"}, False),
        ("languages: [fr]", "Du thé.", {"lang": "fr"}, True),
        ("languages: [fr]", "Du thé.", {}, True),
    ],
)
def test_a_day_can_be_narrowed(tmp_path: Path, narrowed: str, text: str, more: dict[str, str], touched: bool) -> None:
    """To posts with a word, about a title, that other checks flagged, or in a language."""
    candidate = Candidate(text, due=NOVEMBER, **more)  # type: ignore[arg-type]
    report = checked(tmp_path, f"name: A day, on: 2026-11-13, {narrowed}", candidate)
    assert any(flag.rule == "calendar.a-day" for flag in report.flags) is touched


def test_a_word_of_the_day_is_marked_where_it_stands(tmp_path: Path) -> None:
    """The flag quotes the word in the text's own code points."""
    text = "🎉 To all mothers."
    report = checked(tmp_path, "name: A day, on: 2026-11-13, words: [mother*]", Candidate(text, due=NOVEMBER))
    found = next(flag for flag in report.flags if flag.check == "calendar")
    assert (found.quote, text[found.start : found.end]) == ("mothers", "mothers")


@pytest.mark.parametrize(
    ("period", "named", "warned"),
    [
        ("2012-10-29 2012-10-29", None, True),
        ("2012-10-28 2012-10-28", None, False),
        ("2012-10-28 2012-11-03", None, False),
        ("2013-04-14 2013-04-14", date(2012, 10, 29), True),
    ],
)
def test_a_figure_of_a_sensitive_day_is_warned_of(
    tmp_path: Path, period: str, named: date | None, warned: bool
) -> None:
    """Whenever it goes out, and never harder than a warning; a week with such a day in it has other reasons."""
    start, end = map(date.fromisoformat, period.split())
    facts = (Fact("since", named, "date"),) if named else ()
    insight = Insight("x", "record", "bikes", "rides", None, {}, start, end, 22, "rides", "day", facts)
    report = checked(tmp_path, "name: Hurricane, on: 2012-10-29, level: error", Candidate("Tea.", insight=insight))
    found = [(flag.rule, flag.level) for flag in report.flags if flag.check == "calendar"]
    assert found == ([("figure-day.hurricane", "warning")] if warned else [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name: Mourning", "not a list"),
        ("- Mourning", "day 1: is not a mapping"),
        ("- {on: 2026-11-13}", "name: is missing"),
        ("- {name: 5, on: 2026-11-13}", "5 is not a text"),
        ("- {name: Mourning}", "day 1 (Mourning): does not say when"),
        ("- {name: A, every: 01-27, easter: 0}", "says it twice"),
        ("- {name: A, every: 02-30}", "'02-30' is not a day of the year"),
        ("- {name: A, every: fifth sunday of may}", "is not a day of the year"),
        ("- {name: A, on: 2026-02-30}", "day is out of range"),
        ("- {name: A, on: tomorrow}", "'tomorrow' is not a day"),
        ("- {name: A, on: 2026-11-13 10:00:00}", "is not a day"),
        ("- {name: A, from: 2027-04-11, to: 2027-04-10}", "before"),
        ("- {name: A, from: 2027-04-11}", "a period has a first and a last day"),
        ("- {name: A, from: 2027-04-11, to: 04-12}", "one day has a year"),
        ("- {name: A, easter: friday}", "'friday' is not a number of days"),
        ("- {name: A, on: 2026-11-13, level: fatal}", "'fatal' is not a level"),
        ("- {name: A, on: 2026-11-13, category: sad}", "'sad' is not a category"),
        ("- {name: A, on: 2026-11-13, categories: [sad]}", "'sad' is not a category"),
        ("- {name: A, on: 2026-11-13, words: mother}", "words: is not a list"),
        ("- {name: A, on: 2026-11-13, colour: black}", "colour: unknown key"),
        ("- {name: A, on: [", "is not YAML"),
        ("- {name: A, every: 01-27}\n- {name: B, evry: 01-27}", "day 2 (B): evry"),
    ],
)
def test_a_bad_file_is_named_with_its_entry_and_a_remedy(tmp_path: Path, content: str, told: str) -> None:
    """Exit code 2, the file, which day, which key, and what to write."""
    file = tmp_path / "calendar.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_calendar(file)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)
    assert (caught.value.exit_code, bool(caught.value.remedy)) == (2, True)


def test_bytes_that_are_no_text_are_an_error_too(tmp_path: Path) -> None:
    """A file that is not UTF-8, or not there, is named."""
    (tmp_path / "calendar.yaml").write_bytes(b"\xff\xfe\xff")
    for name, says in (("calendar.yaml", "is UTF-16"), ("nowhere.yaml", "there is no such file")):
        with pytest.raises(ConfigError, match=says):
            load_calendar(tmp_path / name)


def test_an_empty_calendar_is_a_calendar(tmp_path: Path) -> None:
    """A file with nothing in it was looked at, and nothing falls on any day."""
    (tmp_path / "calendar.yaml").write_text("# none yet\n", encoding="utf-8")
    report = Checker(calendar=tmp_path / "calendar.yaml")(Candidate("Tea.", due=NOVEMBER))
    assert (report.flags, any("calendar" in told for told in report.not_checked)) == ((), False)


def test_the_calendar_is_part_of_the_policy_that_decisions_carry(tmp_path: Path) -> None:
    """Another calendar, another hash; none at all, the hash of before."""
    one = Checker(calendar=calendar(tmp_path, "name: A, every: 01-27")).policy_hash
    other = Checker(calendar=calendar(tmp_path, "name: A, every: 01-28")).policy_hash
    assert len({one, other, Checker().policy_hash}) == 3


def test_a_rule_is_called_after_its_day() -> None:
    """Small letters, no accents, hyphens; other scripts stay."""
    assert slug("Journée nationale de deuil (13/11)") == "journee-nationale-de-deuil-13-11"
    assert (slug("原爆の日"), slug("!?")) == ("原爆の日", "day")


@pytest.fixture(scope="module")
def all_kinds(tmp_path_factory: pytest.TempPathFactory) -> Calendar:
    """A calendar with a day of each kind."""
    whens = ("on: 2026-11-13", "every: 02-29", "every: last monday of may", "from: 12-24, to: 01-01", "easter: -80",
             "easter: 80", "from: 2026-01-01, to: 2027-01-01")  # fmt: skip
    days = (f"name: Day {number}, {when}, words: [tea]" for number, when in enumerate(whens))
    return load_calendar(calendar(tmp_path_factory.mktemp("calendar"), *days))


@given(day=st.dates(), text=st.text(max_size=60))
def test_any_day_and_any_text_get_an_answer(all_kinds: Calendar, day: date, text: str) -> None:
    """No date from the year 1 to 9999 breaks an entry, and a day's word is found where it is."""
    assert len(list(all_kinds.on(day, Candidate(f"{text} tea")))) == sum(one.falls_on(day) for one in all_kinds.days)
