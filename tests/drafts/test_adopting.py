"""An edited post becomes a house template: figures and titles turn back into variables, and what rests on nothing is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.config import Config
from assistant.drafts import load, write
from assistant.drafts.adopting import Proposal
from assistant.errors import ConfigError, Refused, UsageError
from assistant.models import Insight, Post, Report
from assistant.reviewed import Draft
from assistant.wordings import keep_template, proposed_template
from assistant.workflow.evidence import found_again
from drafts.test_drafts import NOW, SHIPPED, a_figure


def a_draft(config: Config, lang: str, edited: str | None = None, figure: Insight | None = None) -> Draft:
    """A draft of the shipped pack on a figure, edited by a person where a text is given."""
    made = write([figure or a_figure(place="Japan")], SHIPPED, config, languages=[lang], limit=1, as_of=NOW).candidates[
        0
    ]
    assert made.insight is not None
    insight = replace(made.insight, facts=made.facts or ())
    draft = Draft(
        id=7, revision=1, decision="pending", post=Post(made.text, lang, ("practice",)), template=made.template, insight=insight,
        report=Report(), weighted_length=100, created_at=NOW, spans=made.spans,
    )  # fmt: skip
    if edited is None:
        return draft
    return replace(draft, post=replace(draft.post, text=edited), spans=found_again(draft, edited))


@pytest.mark.parametrize(
    ("lang", "text", "body"),
    [
        ("en", "Kettle on. “Rust Creek” is home after 259 weeks in Japan.",
         "Kettle on. {{ subject }} is home after {{ absence }}{{ where }}."),
        ("en", "Rust Creek, 1.2 million hours: the slippers were still warm.",
         '{{ subject|title("bare") }}, {{ value }}: the slippers were still warm.'),
        ("en", "Last seen on July 18, 2021. Hello again, “Rust Creek”.",
         "Last seen on {{ last_seen }}. Hello again, {{ subject }}."),
        ("fr", "« Rust Creek » au Japon : 1,2 million d’heures. Les pantoufles étaient tièdes.",
         "{{ subject }}{{ where }} : {{ value }}. Les pantoufles étaient tièdes."),
        ("fr", "259 semaines sans « Rust Creek ». Le thé est prêt {{ oui }}.",
         '{{ absence }} sans {{ subject }}. Le thé est prêt {{ "{{" }} oui }}.'),
    ],
)  # fmt: skip
def test_figures_and_titles_turn_back_into_variables(config: Config, lang: str, text: str, body: str) -> None:
    """The wording that is proposed names the variables, not their values."""
    french = (
        text.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace("1,2 m", "1,2\u00a0m")
    )
    edited = french.replace("259 s", "259\u00a0s") if lang == "fr" else text
    proposal = proposed_template(config, a_draft(config, lang, edited))
    assert proposal.body.replace("\u00a0", " ") == body
    assert proposal.kind == "comeback"


def test_what_is_adopted_says_the_same_of_its_figure_and_other_things_of_another(
    config: Config, tmp_path: Path
) -> None:
    """Round trip: kept in the house's folder, read again, rendered on both."""
    house = config.model_copy(update={"templates": "ours", "file": tmp_path / "config.yaml"})
    text = "Kettle on. “Rust Creek” is home after 259 weeks in Japan."
    proposal = proposed_template(house, a_draft(house, "en", text)).named(name="kettle", tone="dry", family="tea")
    file = keep_template(house, Checker(("en",)), proposal)
    assert file == tmp_path / "ours" / "en" / "comeback.j2"
    pack = load([tmp_path / "ours"], ["en"])
    assert [(t.id, t.tone, t.family) for t in pack.templates] == [("en/comeback/kettle", "dry", "tea")]
    figures = [a_figure(place="Japan"), a_figure(subject="Old Henry", id="other")]
    texts = [write([one], pack, house, languages=["en"], limit=1, as_of=NOW).candidates[0].text for one in figures]
    assert texts == [text, "Kettle on. “Old Henry” is home after 259 weeks."]
    with pytest.raises(UsageError, match="a wording named kettle"):
        keep_template(house, Checker(("en",)), proposal)


def test_a_number_that_rests_on_nothing_is_refused(config: Config) -> None:
    """A figure of one's own cannot become a variable."""
    with pytest.raises(Refused, match="'77', which rests on no variable"):
        proposed_template(config, a_draft(config, "en", "“Rust Creek” is home after 77 weeks."))


def test_conditions_are_proposed(config: Config) -> None:
    """What tells a figure's sort apart, and the unit and the period that the fixed words speak of."""
    figure = a_figure("record")
    draft = a_draft(config, "en", "All those hours in one week: “Rust Creek”, 1.2 million.", figure)
    assert proposed_template(config, draft).header["when"] == {"scope": "own", "unit": "hours", "every": "week"}
    spoken_to = a_draft(config, "en", "Thank you for 1.2 million hours of “Rust Creek”.", figure)
    assert proposed_template(config, spoken_to).header["addresses"] is True


def test_a_wording_that_our_checks_flag_is_not_kept(config: Config, tmp_path: Path) -> None:
    """A person's post may be acknowledged once; as a template it would be said of anything."""
    house = config.model_copy(update={"templates": "ours", "file": tmp_path / "config.yaml"})
    proposal = proposed_template(house, a_draft(house, "en", "“Rust Creek” is back, losers."))
    with pytest.raises(Refused, match="cannot be kept"):
        keep_template(house, Checker(("en",)), proposal)
    assert not (tmp_path / "ours").exists()


def test_without_a_folder_of_ones_own_nothing_is_kept(config: Config) -> None:
    """The error names the key."""
    with pytest.raises(ConfigError, match="templates: names no folder"):
        keep_template(config, Checker(("en",)), Proposal("en", "comeback", {"name": "a"}, "x"))
