"""Drafts: packs are read and checked, languages are spoken properly, every number rests on a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.config import Config
from assistant.drafts import FACTS, Pack, Past, load, opening, shipped_folder, write
from assistant.drafts.saying import grouped, spelled, spoken
from assistant.drafts.variables import Telling, telling
from assistant.models import Candidate, Fact, Insight

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = (Fact("start", date(2026, 7, 6), "date"), Fact("end", date(2026, 7, 12), "date"))
SHIPPED = load([shipped_folder()], ["en", "fr"])
KINDS = tuple(FACTS)


def a_figure(
    kind: str = "comeback", subject: str = "Rust Creek", place: str | None = None, **changes: object
) -> Insight:
    """A figure of a kind with the facts that its finder gives."""
    day = Fact("since", date(2021, 7, 18), "date")
    facts = {
        "record": (Fact("periods", 119, "weeks"), Fact("previous", 900_123, "hours"), day, Fact("ratio", 1.5, "ratio")),
        "best_since": (day, Fact("since_value", 1_500_000, "hours"), Fact("periods", 80, "weeks")),
        "streak": (Fact("length", 42, "weeks"), day),
        "milestone": (
            Fact("threshold", 500_000_000, "hours"), Fact("total", 518_400_000, "hours"), Fact("periods", 5, "weeks"),
            day, Fact("reached_by", 48, "titles"),
        ),
        "comeback": (Fact("absence", 259, "weeks"), Fact("last_seen", date(2021, 7, 18), "date"), Fact("known", 2, "weeks")),
        "overtake": (
            Fact("other", "Old Henry", "title"), Fact("other_value", 900_123, "hours"), Fact("gap", 334_444, "hours"),
            Fact("behind", 30, "weeks"),
        ),
        "devoted_cohort": (Fact("people", 3749, "people"), Fact("times", 5, "times")),
        "jump": (Fact("previous", 400_100, "hours"), day, Fact("ratio", 3.09, "ratio")),
        "debut": (
            Fact("among", 639, "titles"), Fact("previous", 900_123, "hours"), Fact("previous_subject", "Old Henry", "title"),
            day, Fact("ratio", 1.37, "ratio"),
        ),
        "dominance": (
            Fact("share", 61.5, "percent"), Fact("second", 200_900, "hours"), Fact("second_subject", "Old Henry", "title"),
            Fact("among", 12, "titles"),
        ),
        "tie": (Fact("other", "Old Henry", "title"), Fact("level", 1, "rank"), Fact("among", 12, "titles")),
        "anniversary": (day, Fact("total", 9_400_000, "hours")),
        "outlier": (Fact("usual", 400_100, "hours"), Fact("ratio", 3.09, "ratio")),
        "shift": (
            Fact("before", 400_100, "hours"), Fact("after", 900_123, "hours"), Fact("ratio", 2.25, "ratio"), day,
            Fact("periods", 9, "weeks"),
        ),
        "trend": (
            Fact("from", 400_100, "hours"), Fact("to", 900_123, "hours"), Fact("ratio", 2.25, "ratio"),
            Fact("periods", 40, "weeks"), day,
        ),
    }[kind]  # fmt: skip
    scopes: dict[str, dict[str, str | bool]] = {
        "record": {"scope": "own"},
        "anniversary": {"mode": "first_seen"},
        "jump": {"direction": "up"},
        "outlier": {"direction": "high"},
        "shift": {"direction": "up"},
        "trend": {"direction": "up"},
        "streak": {"mode": "present", "ongoing": False},
    }
    params = scopes.get(kind, {})
    about = [Fact("subject", subject, "title")] + ([Fact("place", place, "place")] if place else [])
    value, unit = {"streak": (42, "weeks"), "anniversary": (5, "years")}.get(kind, (1_234_567, "hours"))
    start, end = date(2026, 7, 6), date(2026, 7, 12)
    made = Insight(
        id=f"{kind}-{subject}", kind=kind, source="streams", measure="hours", subject=subject,
        where={"country": place} if place else {}, start=start, end=end, value=value, unit=unit, every="week",
        facts=(Fact("value", value, unit), *about, *facts, Fact("start", start, "date"), Fact("end", end, "date")),
        params=params,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def candidates(insights: list[Insight], config: Config, pack: Pack = SHIPPED, **options: object) -> list[Candidate]:
    settings = {"languages": ["en", "fr"], "limit": 100, "as_of": NOW, **options}
    return write(insights, pack, config, **settings).candidates  # type: ignore[arg-type]


def test_the_shipped_packs_are_sound() -> None:
    """Every template compiles, and each kind has six wordings or more in each language."""
    assert SHIPPED.problems == ()
    counts = {(lang, kind): len(SHIPPED.of(lang, kind)) for lang in ("en", "fr") for kind in KINDS}
    assert [key for key, count in counts.items() if count < 6] == []


def test_spans_say_which_characters_rest_on_which_fact(config: Config) -> None:
    """Each span's characters are how the fact is told; every digit lies in one."""
    for candidate in candidates([a_figure(kind, place="Japan") for kind in KINDS[:6]], config):
        names = {fact.name for fact in candidate.facts or ()}
        covered = {at for span in candidate.spans for at in range(span.start, span.end)}
        assert {span.fact for span in candidate.spans} <= names
        assert all(at in covered for at, c in enumerate(candidate.text) if c.isdigit()), candidate.text
        titles = [candidate.text[s.start : s.end] for s in candidate.spans if s.fact == "subject"]
        assert set(titles) <= {"Rust Creek"}


def test_a_rank_is_never_told_as_a_bare_number(config: Config) -> None:
    """A title that comes back at rank 7 is told by its absence, in each language: "7 in the week of July 6" says nothing."""
    facts = tuple(Fact("value", 7, "rank") if fact.name == "value" else fact for fact in a_figure().facts)
    back = a_figure(measure="rank", value=7, unit="rank", facts=facts)
    for lang in ("en", "fr"):
        about = telling(back, config, lang, NOW)
        assert isinstance(about, Telling)
        fitting = [one for one in SHIPPED.of(lang, "comeback") if one.fits(about)]
        texts = [about.finished(one.render(about)) for one in fitting]
        assert len(texts) >= 10
        assert [text for text, spans in texts if "value" in {span.fact for span in spans}] == []


def test_openings_differ_and_wordings_take_turns(config: Config) -> None:
    """Forty figures of one kind: no wording is used again before all that fit were."""
    made = candidates([a_figure(subject=f"Title {n}", id=str(n)) for n in range(14)], config, languages=["en"])
    assert len({c.template for c in made}) == 14
    assert len({opening(c.text) for c in made}) == 14


def test_the_same_seed_gives_the_same_drafts(config: Config) -> None:
    """A run can be repeated; another seed chooses other words."""
    figures = [a_figure(subject=f"Title {n}", id=str(n)) for n in range(6)]
    first, again, other = (candidates(figures, config, seed=seed) for seed in (1, 1, 2))
    assert [c.text for c in first] == [c.text for c in again]
    assert [c.text for c in first] != [c.text for c in other]


def test_a_figure_already_drafted_counts_and_gets_no_other(config: Config) -> None:
    """The best two of three are taken: running again does not dig deeper."""
    figures = [a_figure(subject=f"Title {n}", id=str(n)) for n in range(3)]
    first = write(figures, SHIPPED, config, languages=["en"], limit=2, as_of=NOW)
    past = [Past(c.insight.id, c.template, "en", c.text) for c in first.candidates if c.insight]
    again = write(figures, SHIPPED, config, languages=["en"], limit=2, as_of=NOW, past=past)
    assert (again.candidates, again.figures) == ([], ["0", "1"])


def test_hostile_text_of_a_table_stays_text(config: Config) -> None:
    """A title that looks like a template, markup or a mark of ours is printed as it is, never run."""
    title = "{{ 7 * 7 }} [/b] \ue200\ue301 {% raw %}"
    for candidate in candidates([a_figure(subject=title)], config):
        assert "{{ 7 * 7 }} [/b]  {% raw %}" in candidate.text
        assert "\ue200" not in candidate.text


BROKEN = {
    "syntax": ("---\nname: a\n---\n{{ subject }\n", 4, "unexpected"),
    "unknown variable": ("---\nname: a\n---\n{{ sbject }}\n", 4, "unknown variable sbject"),
    "loop": ("---\nname: a\n---\nok\n{% for x in subject %}x{% endfor %}\n", 5, "for is not allowed"),
    "attribute": ("---\nname: a\n---\n{{ subject.__class__ }}\n", 4, "getattr is not allowed"),
    "call": ("---\nname: a\n---\n{{ subject() }}\n", 4, "call is not allowed"),
    "power": ("---\nname: a\n---\n{{ 9 ** 9 ** 9 }}\n", 4, "pow is not allowed"),
    "include": ("---\nname: a\n---\n{% include 'x' %}\n", 4, "include is not allowed"),
    "filter": ("---\nname: a\n---\n{{ subject|attr('x') }}\n", 4, "No filter named"),
    "header": ("---\nname: [\n---\nok\n", 2, "not YAML"),
    "no name": ("---\ntone: dry\n---\nok\n", 2, "needs a name"),
    "odd key": ("---\nname: a\ncolour: red\n---\nok\n", 2, "unknown key colour"),
    "a key twice": ("---\nname: a\nwhen: {unit: hours, unit: views}\n---\nok\n", 3, "the key unit stands twice"),
    "no header": ("hello\n", 1, "needs a header"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_named_with_its_line_and_the_run_goes_on(
    name: str, tmp_path: Path, config: Config
) -> None:
    """File and line of what is wrong; the good wording beside it is used."""
    text, line, says = BROKEN[name]
    (tmp_path / "en").mkdir()
    good = "---\nname: good\n---\n{{ subject }} is back.\n"
    (tmp_path / "en" / "comeback.j2").write_text(text if name == "no header" else text + good, encoding="utf-8")
    (tmp_path / "en" / "record.j2").write_text(good, encoding="utf-8")
    pack = load([tmp_path], ["en"])
    assert len(pack.problems) == 1
    assert str(pack.problems[0]).startswith(f"{tmp_path}/en/comeback.j2:{line}: ")
    assert says in str(pack.problems[0])
    kind = "record" if name == "no header" else "comeback"
    assert candidates([a_figure(kind)], config, pack, languages=["en"])[0].text == "“Rust Creek” is back."


def test_a_template_that_fails_on_a_figure_gives_way(tmp_path: Path, config: Config) -> None:
    """A filter used on the wrong thing is named; another wording is taken."""
    (tmp_path / "en").mkdir()
    text = "---\nname: bad\n---\n{{ subject|num }}\n---\nname: good\n---\n{{ subject }} is back.\n"
    (tmp_path / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    written = write(
        [a_figure(id=str(n)) for n in range(3)], load([tmp_path], ["en"]), config, languages=["en"], limit=9, as_of=NOW
    )
    assert {c.text for c in written.candidates} == {"“Rust Creek” is back."}
    assert any("comeback.j2:4" in note and "numbers" in note for note in written.notes)


def test_a_language_without_the_sources_words_gives_no_drafts_and_says_so(config: Config) -> None:
    """A custom unit in English only: no French drafts, and a note that names the key."""
    streams = config.sources["streams"]
    measures = {"hours": streams.measures["hours"].model_copy(update={"unit": {"en": ["pot", "pots"]}})}
    changed = config.model_copy(update={"sources": {"streams": streams.model_copy(update={"measures": measures})}})
    pots = a_figure(
        unit="hours", facts=tuple(replace(f, unit="pots") if f.unit == "hours" else f for f in a_figure().facts)
    )
    written = write([replace(pots, unit="pots")], SHIPPED, changed, languages=["en", "fr"], limit=1, as_of=NOW)
    assert [c.lang for c in written.candidates] == ["en"]
    assert any("unit has no words in fr" in note for note in written.notes)


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (1_234_567, "1.2 million", "1,2 million"), (2_000_000, "2 million", "2 millions"), (486_312, "486,000", "486 000"),
        (1_000_000_000, "1 billion", "1 milliard"), (1_059_970_000, "1.1 billion", "1,1 milliard"), (4_123, "4,123", "4 123"),
        (571_760_000, "571.8 million", "571,8 millions"), (2.32, "2.3", "2,3"), (1, "1", "1"), (0, "0", "0"),
    ],
)  # fmt: skip
def test_numbers_as_people_say_them(value: float, en: str, fr: str) -> None:
    """Rounded like speech, French with commas, no-break spaces, and a singular below two."""
    assert (spoken(value, "en_US"), spoken(value, "fr")) == (en, fr.replace(" ", "\u00a0"))


def test_dates_leave_this_year_out() -> None:
    """The year only where it is another one; the first of a month is « 1er »."""
    assert spelled(date(2026, 7, 6), "en_US", 2026) == "July 6"
    assert spelled(date(2021, 10, 3), "en_GB", 2026) == "3 October 2021"
    assert spelled(date(2026, 6, 1), "fr", 2026) == "1er juin"
    assert grouped(1_234_567, "fr") == "1\u00a0234\u00a0567"


@pytest.mark.parametrize(
    ("value", "unit", "en", "fr"),
    [
        (3213.5, "viewers", "3,200 viewers", "3 200 spectateurs"),
        (312.5, "viewers", "about 310 viewers", "environ 310 spectateurs"),
        (12.5, "views", "about 13 views", "environ 13 vues"),
        (83_211.5, "people", "83,000 people", "83 000 personnes"),
        (3213, "viewers", "3,213 viewers", "3 213 spectateurs"),
        (3213.5, "hours", "3,213.5 hours", "3 213,5 heures"),
    ],
)
def test_nobody_is_halved(value: float, unit: str, en: str, fr: str, config: Config) -> None:
    """A median between two people is told as people talk; hours have halves, and a whole count stays exact."""
    figure = a_figure("outlier", unit=unit, facts=(Fact("value", 9, unit), Fact("usual", value, unit)))
    for lang, expected in (("en", en), ("fr", fr)):
        about = telling(replace(figure, facts=(*figure.facts, *DAYS)), config, lang, NOW)
        assert isinstance(about, Telling)
        assert about.finished(str(about.values["usual"]))[0].replace("\u00a0", " ") == expected


def test_what_a_measure_of_ones_own_counts_is_halved_only_where_it_comes_in_parts(config: Config) -> None:
    """Of pots a median is round where the figure itself is whole, and not where half pots are counted."""
    streams = config.sources["streams"]
    measures = {"hours": streams.measures["hours"].model_copy(update={"unit": {"en": ["pot", "pots"]}})}
    own = config.model_copy(update={"sources": {"streams": streams.model_copy(update={"measures": measures})}})
    for value, expected in ((9, "3,200 pots"), (9.5, "3,213.5 pots")):
        figure = a_figure("outlier", unit="hours", value=value, facts=(*DAYS, Fact("usual", 3213.5, "hours")))
        about = telling(figure, own, "en", NOW)
        assert isinstance(about, Telling)
        assert about.finished(str(about.values["usual"]))[0] == expected


@pytest.mark.parametrize(
    ("hours", "said"),
    [(500_000_000, "57,000 years"), (50_000_000, "5,700 years"), (1_200_000, "140 years"), (500_000, "57 years")],
)
def test_years_end_to_end_are_said_as_people_talk(hours: int, said: str, config: Config) -> None:
    """Two digits of a long time, and the checks find the same in the text without its spans."""
    figure = a_figure(
        "milestone", facts=(Fact("threshold", hours, "hours"), Fact("subject", "Rust Creek", "title"), *DAYS)
    )
    about = telling(figure, config, "en", NOW)
    assert isinstance(about, Telling)
    text, _ = about.finished(f"That is about {about.values['years']}.")
    assert text == f"That is about {said}."
    flags = Checker(("en",))(Candidate(text, lang="en", facts=about.facts)).flags
    assert [flag for flag in flags if flag.category == "figure"] == []


def test_a_joke_on_maps_wants_a_country(tmp_path: Path, config: Config) -> None:
    """`country: true` fits Japan and no genre; `country: false` the other way round."""
    (tmp_path / "en").mkdir()
    text = "---\nname: map\nwhen: {country: true}\n---\nA map{{ where }}.\n"
    text += "---\nname: shelf\nwhen: {country: false}\n---\nA shelf{{ where }}.\n"
    (tmp_path / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    pack = load([tmp_path], ["en"])
    made = [
        candidates([a_figure(place=place)], config, pack, languages=["en"])[0].text for place in ("Japan", "Comedy")
    ]
    assert made == ["A map in Japan.", "A shelf in “Comedy”."]
