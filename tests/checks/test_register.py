"""The title register: what is said of a post about a title that somebody may be hurt by."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.checks.register import load_register
from assistant.errors import ConfigError
from assistant.models import Candidate, Fact, Report

ROWS = (
    "The Lakeside Case,violence,,Its victims have families.",
    "Baby Otter Hour,minors,suggestion,",
    '"Nox",real-person grief,error,"He died in March, and is missed."',
)


def register(folder: Path, *rows: str, head: str = "title,about,level,why") -> Path:
    """A titles.csv with these rows."""
    file = folder / "titles.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def told(folder: Path, text: str, lang: str = "en", **about: object) -> Report:
    return Checker(register=register(folder, *ROWS))(Candidate(text, lang=lang, **about))  # type: ignore[arg-type]


def rules(report: Report) -> set[tuple[str, str, str, str]]:
    return {(flag.rule, flag.category, flag.level, flag.quote) for flag in report.flags if flag.check == "titles"}


def test_a_post_about_a_registered_title_is_flagged_where_it_names_it(tmp_path: Path) -> None:
    """At the row's level, with its reason."""
    found = told(tmp_path, "“The Lakeside Case”: 1.2 million hours.")
    assert rules(found) == {("titles.about", "violence", "warning", "The Lakeside Case")}
    assert found.flags[0].why == "Its victims have families."
    assert rules(told(tmp_path, "Baby Otter Hour is back.")) == {
        ("titles.about", "minors", "suggestion", "Baby Otter Hour")
    }


@pytest.mark.parametrize(
    ("text", "lang", "quote"),
    [
        ("“The Lakeside Case” refuses to die.", "en", "die"),
        ("A killer week for “The Lakeside Case”.", "en", "killer"),
        ("“The Lakeside Case” is a k.i.l.l.e.r show.", "en", "k.i.l.l.e.r"),
        ("« The Lakeside Case » ressuscite.", "fr", "ressuscite"),
        ("« The Lakeside Case » : une tuerie.", "fr", "tuerie"),
    ],
)
def test_a_figure_of_speech_is_an_error_beside_what_is_meant_literally(
    text: str, lang: str, quote: str, tmp_path: Path
) -> None:
    """“Refuses to die” is a joke about zombies, and none about a murder."""
    assert ("titles.wordplay", "violence", "error", quote) in rules(told(tmp_path, text, lang))
    assert rules(told(tmp_path, text.replace("The Lakeside Case", "The Goat Case"), lang)) == set()


def test_a_title_stands_for_its_seasons_and_is_known_from_the_figure(tmp_path: Path) -> None:
    """The post need not name it: its figure does; one word in quotation marks is a title too."""
    facts = (Fact("subject", "Nox: Season 2", "title"),)
    assert ("titles.about", "singling-out", "error", "") in rules(told(tmp_path, "Back again.", facts=facts))
    assert ("titles.about", "singling-out", "error", "Nox") in rules(told(tmp_path, "“Nox” is back."))
    assert rules(told(tmp_path, "Noxious weeds, and how to pull them.")) == set()
    assert rules(told(tmp_path, "Back again.", facts=(Fact("subject", "Noxious", "title"),))) == set()


def test_words_inside_the_title_are_no_wordplay(tmp_path: Path) -> None:
    """A title may hold the word; only what is said around it plays."""
    file = register(tmp_path, "Death by the Lake,violence,,")
    found = Checker(register=file)(Candidate("“Death by the Lake”: 1.2 million hours.", lang="en"))
    assert {flag.rule for flag in found.flags if flag.check == "titles"} == {"titles.about"}


def test_what_the_register_does_not_know_is_not_checked(tmp_path: Path) -> None:
    """Without a register no title was looked at; with one, those that it lacks are named."""
    facts = (Fact("subject", "Paper Moons", "title"),)
    assert "titles: what they are about" in Checker()(Candidate("Tea.", lang="en", facts=facts)).not_checked
    assert "titles: what “Paper Moons” is about" in told(tmp_path, "Tea.", facts=facts).not_checked
    known = (Fact("subject", "Baby Otter Hour", "title"),)
    assert not [one for one in told(tmp_path, "Tea.", facts=known).not_checked if one.startswith("titles")]


def test_decisions_carry_the_register(tmp_path: Path) -> None:
    """The hash of the rules changes with it."""
    assert Checker().policy_hash != Checker(register=register(tmp_path, *ROWS)).policy_hash


@pytest.mark.parametrize(
    ("head", "row", "where", "problem"),
    [
        ("title", "Elite", "line 1", "no column about"),
        ("title,about,mood", "Elite,minors,x", "line 1", "'mood'"),
        ("title,about", ",minors", "line 2: title", "is empty"),
        ("title,about", "Elite,", "line 2: about", "is empty"),
        ("title,about", "Elite,school", "line 2: about", "'school' is no theme"),
        ("title,about,level", "Elite,minors,loud", "line 2: level", "'loud' is not a level"),
        ("title,about,why", "Elite,minors,Sad, really", "line 2", "more cells"),
        ("title,about", 'Elite,"minors', "line", "is not CSV"),
    ],
)
def test_what_is_wrong_with_a_register_is_named(head: str, row: str, where: str, problem: str, tmp_path: Path) -> None:
    """The file, the line and the column, and the remedy."""
    with pytest.raises(ConfigError) as caught:
        load_register(register(tmp_path, row, head=head))
    assert where in str(caught.value)
    assert problem in str(caught.value)
    assert "titles.csv" in str(caught.value)
