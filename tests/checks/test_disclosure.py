"""Disclosure: a post is a published statistic."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.errors import ConfigError
from assistant.models import Candidate, Counts, Fact, Flag, Insight

CHECKER = Checker()


def flags(text: str, lang: str = "en", **about: object) -> list[Flag]:
    report = CHECKER(Candidate(text=text, lang=lang, **about))  # type: ignore[arg-type]
    return [flag for flag in report.flags if flag.category == "disclosure"]


def an_insight(people: int | None = None, counts: Counts = "people", unit: str = "viewers", **facts: float) -> Insight:
    return Insight(
        id="x", kind="record", source="s", measure="m", subject="T", where={}, start=date(2026, 1, 1),
        end=date(2026, 1, 7), value=people or 1, unit=unit, every="week", people=people, counts=counts,
        facts=tuple(Fact(name, value, "people") for name, value in facts.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lang", "level", "hard"),
    [
        ("Thank you, all 9 viewers.", "en", "error", True),
        ("Thank you, all 99 of you.", "en", "error", True),
        ("Thank you, all 100 of you.", "en", "warning", False),
        ("Thank you, all 999 of you.", "en", "warning", False),
        ("Thank you, all 1,000 of you.", "en", None, False),
        ("To the person who watched it: thank you.", "en", "error", True),
        ("Thank you, a handful of fans.", "en", "error", True),
        ("Thank you, a few dozen of you.", "en", "error", True),
        ("Thank you, hundreds of you.", "en", "warning", False),
        ("Thank you, twelve brave souls.", "en", "error", True),
        ("Merci aux 53 personnes.", "fr", "error", True),
        ("Merci aux 999 d'entre vous.", "fr", "warning", False),
        ("Merci aux 3 749 d’entre vous.", "fr", None, False),
        ("Merci à une poignée d’entre vous.", "fr", "error", True),
        ("Merci à une vingtaine de spectateurs.", "fr", "error", True),
        ("Merci à la personne qui l'a vu.", "fr", "error", True),
        ("Merci à plus d'un million de spectateurs, 1,2 million de fidèles.", "fr", None, False),
        ("53 weeks in the top 10.", "en", None, False),
        ("Une semaine de 12 heures, 3e place.", "fr", None, False),
    ],
)
def test_a_group_is_as_small_as_its_words(text: str, lang: str, level: str | None, hard: bool) -> None:
    """Below 100 nobody can wave it through; below 1,000 it warns; fuzzy words are their lower end; weeks are no people."""
    found = flags(text, lang)
    assert [(flag.level, flag.hard) for flag in found] == ([(level, hard)] if level else [])


def test_the_evidence_counts_even_where_the_words_are_silent() -> None:
    """A figure about 53 people is refused whatever the text calls them."""
    found = flags("Somebody likes tea.", insight=an_insight(53))
    assert [(flag.level, flag.hard) for flag in found] == [("error", True)]


def test_the_smallest_of_text_and_evidence_counts() -> None:
    """A large word does not cure a small figure."""
    assert flags("Thousands of viewers, thank you.", insight=an_insight(53))[0].hard


def test_a_small_rest_is_told_too() -> None:
    """198 of 200: the two others are as good as named."""
    assert "complement" in flags("1,998 of the 2,000 viewers stayed.")[0].rule
    about = an_insight(1998, total_people=2000)
    assert "complement" in flags("Nearly everyone stayed.", insight=about, facts=about.facts)[0].rule


def test_plays_are_never_people() -> None:
    """A count of plays told as people is an error; so is one whose population is unknown."""
    for counts in ("plays", "unknown"):
        about = an_insight(counts=counts, unit="plays")
        found = flags("5,000 listeners came.", insight=about, facts=(Fact("value", 5000, "plays"),))
        assert [flag.rule for flag in found] == ["disclosure.population"]
    assert flags("5,000 listeners came.", insight=an_insight(5000), facts=(Fact("value", 5000, "people"),)) == []


def test_exact_counts_get_a_softer_suggestion() -> None:
    """412 becomes "more than 410", in the same flag."""
    assert "410" in flags("Thank you, all 412 of you.")[0].suggestion


def test_a_policy_may_raise_and_never_lower(tmp_path: Path) -> None:
    """A raised floor holds and changes the policy's hash; a lowered one is refused by name."""
    file = tmp_path / "policy.yaml"
    file.write_text("floor: 500\n", encoding="utf-8")
    strict = Checker(policy=file)
    assert strict(Candidate("Thank you, all 412 of you.", lang="en")).flags[0].hard
    assert strict.policy_hash != CHECKER.policy_hash
    for text, key in (
        ("floor: 50\n", "floor"),
        ("flor: 500\n", "flor"),
        ("floor: many\n", "floor"),
        ("- 1", "mapping"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=key):
            Checker(policy=file)
