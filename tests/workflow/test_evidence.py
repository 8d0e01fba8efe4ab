"""Which characters of a text rest on which fact: kept with the revision, found again after a person's edit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.models import Candidate, Fact, Span
from assistant.workflow import edit, get_draft, save_drafts
from workflow.bench import Bench, a_candidate, a_figure

TEXT = "“Harbour Lights” has passed 500,000 hours, after 42 weeks."
FACTS = (
    Fact("value", 518_400, "hours"), Fact("threshold", 500_000, "hours"), Fact("subject", "Harbour Lights", "title"),
    Fact("length", 42, "weeks"),
)  # fmt: skip
SPANS = (Span(1, 15, "subject"), Span(28, 41, "threshold"), Span(49, 57, "length"))


def kept(bench: Bench) -> int:
    """A draft in the store whose text has three spans."""
    figure = replace(a_figure(), facts=FACTS)
    candidate: Candidate = replace(a_candidate(TEXT), insight=figure, facts=FACTS, spans=SPANS)
    checked = [(candidate, bench.reviewer.checker(candidate))]
    return save_drafts(bench.store, bench.reviewer.config, checked, "somebody")[0]


def shown(bench: Bench, draft_id: int) -> list[tuple[str, str]]:
    return [(one.quote, one.fact.name) for one in get_draft(bench.store, draft_id).figures]


def test_a_draft_keeps_its_spans(bench: Bench) -> None:
    """From the template through the store: each piece, its fact, and the query behind it."""
    draft_id = kept(bench)
    assert shown(bench, draft_id) == [
        ("Harbour Lights", "subject"),
        ("500,000 hours", "threshold"),
        ("42 weeks", "length"),
    ]
    told = get_draft(bench.store, draft_id).to_json()["figures"]
    assert [(one["fact"], one["value"], one["unit"]) for one in told][1] == ("threshold", 500_000, "hours")
    assert all("query" in one for one in told)


def test_spans_move_with_their_words(bench: Bench) -> None:
    """Words before them change: the same characters rest on the same facts."""
    draft_id = kept(bench)
    edit(bench.reviewer, draft_id, text=f"Kettle on! {TEXT}")
    assert shown(bench, draft_id) == [
        ("Harbour Lights", "subject"),
        ("500,000 hours", "threshold"),
        ("42 weeks", "length"),
    ]


def test_figures_typed_anew_are_found(bench: Bench) -> None:
    """Another way of saying a fact rests on it; a title in plain words too."""
    draft_id = kept(bench)
    edit(bench.reviewer, draft_id, text="Forty-two weeks, and half a million: 518,400 hours of Harbour Lights.")
    assert ("518,400", "value") in shown(bench, draft_id)
    assert ("Harbour Lights", "subject") in shown(bench, draft_id)


def test_a_number_that_rests_on_nothing_has_no_span_and_is_flagged(bench: Bench) -> None:
    """A digit typed into a figure breaks its link, and the checks say so; so does a number of one's own."""
    draft_id = kept(bench)
    edit(bench.reviewer, draft_id, text=TEXT.replace("42 weeks", "421 weeks"))
    draft = get_draft(bench.store, draft_id)
    assert [one.fact.name for one in draft.figures] == ["subject", "threshold"]
    assert [flag.quote for flag in draft.flags if flag.rule == "figure.number"] == ["421"]


def test_another_address_keeps_the_spans(bench: Bench) -> None:
    """A revision of the same words rests on the same facts."""
    draft_id = kept(bench)
    edit(bench.reviewer, draft_id, text=TEXT + " ")
    edit(bench.reviewer, draft_id, text=TEXT)
    assert len(shown(bench, draft_id)) == 3


SPANISH = "«Harbour Lights» ya tiene 1,2 millones de horas de compañía."


def in_spanish(bench: Bench) -> int:
    """A draft in a language whose numbers the checks cannot read."""
    facts = (Fact("value", 1_234_567, "hours"), Fact("subject", "Harbour Lights", "title"))
    start = SPANISH.index("1,2")
    spans = (Span(1, 15, "subject", "Harbour Lights"), Span(start, start + 21, "value", "1,2 millones de horas"))
    candidate = replace(
        a_candidate(SPANISH), lang="es", insight=replace(a_figure(), facts=facts), facts=facts, spans=spans
    )
    checked = [(candidate, bench.reviewer.checker(candidate))]
    return save_drafts(bench.store, bench.reviewer.config, checked, "somebody")[0]


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        (f"Qué tarde. {SPANISH}", []),
        (SPANISH.replace("1,2", "1,3"), ["1,3"]),
        (SPANISH.replace("ya tiene", "ya tiene casi"), ["1,2"]),
        (SPANISH.replace("ya tiene", "no llega a"), ["1,2"]),
        (SPANISH.replace("1,2 millones de horas", "1,2 millones"), ["1,2"]),
    ],
)
def test_after_an_edit_only_what_still_stands_counts_as_placed(bench: Bench, text: str, flagged: list[str]) -> None:
    """The sentence around it may change; the characters and the words beside them may not."""
    draft_id = in_spanish(bench)
    assert [flag.rule for flag in get_draft(bench.store, draft_id).flags] == []
    edit(bench.reviewer, draft_id, text=text)
    assert [flag.quote for flag in get_draft(bench.store, draft_id).flags if flag.rule == "figure.number"] == flagged
