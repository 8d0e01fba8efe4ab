"""The nearest rejected draft: the same skeleton with another number is the same joke."""

from __future__ import annotations

from assistant.checks import Checker
from assistant.checks.nearest import nearest
from assistant.models import Candidate, Rejected

PLUNGE = Rejected(
    12, "“Snow Day” took the plunge: 4,123 hours, and no towel in sight.", "en", "no towels, please", ("Snow Day",)
)
OTHERS = (
    PLUNGE,
    Rejected(
        13, "Our servers carried 9,000 hours of “Paper Moons” and asked for a chair.", "en", "dull", ("Paper Moons",)
    ),
    Rejected(14, "« Snow Day » fait le grand plongeon : 4 123 heures, sans serviette.", "fr", "calque", ("Snow Day",)),
)


def test_the_same_joke_on_another_title_is_found() -> None:
    """Numbers and titles are left out: only the wording counts."""
    like = nearest(
        "“Harbour Lights” took the plunge: 77 hours, and no towel in sight.", ["Harbour Lights"], OTHERS, "en"
    )
    assert like is not None
    assert (like.rejected, round(like.cosine, 6)) == (PLUNGE, 1.0)


def test_another_joke_on_the_same_title_is_not() -> None:
    """That two posts have a title, a number and small words in common makes them no repeats."""
    assert (
        nearest("“Snow Day” has 4,123 hours on the clock. The clock asked for a raise.", ["Snow Day"], OTHERS, "en")
        is None
    )
    assert nearest("4,123", [], OTHERS, "en") is None
    assert nearest("Tea for two.", [], (), "en") is None


def test_each_language_has_its_own() -> None:
    """A French draft is compared with French ones; a text of unknown language with all."""
    text = "« Café Minuit » fait le grand plongeon : 5 heures, sans serviette."
    found = nearest(text, ["Café Minuit"], OTHERS, "fr")
    assert found is not None
    assert found.rejected.draft_id == 14
    assert nearest(text, ["Café Minuit"], OTHERS, "en") is None


def test_the_flag_says_which_draft_and_why_and_blocks_nothing() -> None:
    """A suggestion: the person decides."""
    candidate = Candidate(
        "“Goats of Glory” took the plunge: 99 hours, and no towel in sight.", lang="en", titles=("Goats of Glory",)
    )
    report = Checker()(candidate, (), OTHERS)
    (flag,) = report.flags
    assert (flag.rule, flag.level, report.verdict) == ("repeat.rejected", "suggestion", "pass")
    assert flag.message == "Draft 12 was rejected: no towels, please"
