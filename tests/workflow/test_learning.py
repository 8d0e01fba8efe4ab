"""Learning from reviewers: flags become proposals, proposals rules, and what people make of rules is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from assistant.errors import AssistantError, RulePackError, StoreError, UsageError
from assistant.models import Candidate
from assistant.pipeline import checker_for
from assistant.store import audit
from assistant.store.reading import rejected_texts
from assistant.workflow import (
    accept,
    approve,
    edit,
    flag,
    nearest_rejected,
    proposals,
    reject,
    restore,
    rule_counts,
    unflag,
)
from assistant.workflow.learning import Tally
from workflow.bench import SOFT, Bench, a_candidate, refused

SPROUTS = "“Harbour Lights” took 4,123 hours. Only sprouts watch that."


def flagged(
    bench: Bench, text: str = SPROUTS, quote: str = "Only sprouts", category: str = "shaming", lang: str = "en"
) -> int:
    """A draft with a wording that a person flagged; the flag's number."""
    draft_id = bench.draft(text, lang=lang)
    return int(flag(bench.reviewer, draft_id, quote=quote, category=category, message="It is mean.").details["flag"])


def anew(bench: Bench) -> Bench:
    """The same person with the checks as the next command reads them."""
    return replace(bench, reviewer=replace(bench.reviewer, checker=checker_for(bench.reviewer.config)))


def fires(bench: Bench, text: str, lang: str = "en") -> list[str]:
    """The house's accepted rules that fire on a text."""
    report = anew(bench).reviewer.checker(Candidate(text, lang=lang))
    return [one.rule for one in report.flags if one.rule.startswith("house-rules.")]


def test_a_person_s_flag_is_a_proposal(bench: Bench) -> None:
    """With its wording, category, example, and who said so when, in which draft."""
    number = flagged(bench)
    (one,) = proposals(bench.reviewer)
    assert (one.id, one.wording, one.category, one.lang) == (number, "Only sprouts", "shaming", "en")
    assert (one.actor, one.at, one.message, one.example) == ("ines", bench.clock.now, "It is mean.", SPROUTS)
    assert bench.get(one.draft_id).post.text == SPROUTS


def test_a_flag_that_is_closed_is_still_a_proposal(sqlite_bench: Bench) -> None:
    """What was edited away or withdrawn is proposed as such, with the text in which it stood."""
    gone, withdrawn = flagged(sqlite_bench), flagged(sqlite_bench, quote="watch that")
    drafts = {one.id: one.draft_id for one in proposals(sqlite_bench.reviewer)}
    edit(sqlite_bench.reviewer, drafts[gone], text="“Harbour Lights” took 4,123 hours. Bravo.")
    unflag(sqlite_bench.reviewer, drafts[withdrawn])
    found = {one.id: one for one in proposals(sqlite_bench.reviewer)}
    assert (found[gone].state, found[withdrawn].state, found[gone].example) == ("gone", "withdrawn", SPROUTS)


def test_the_same_wording_is_proposed_once(sqlite_bench: Bench) -> None:
    """However often it was flagged and whatever its capitals; another category is another proposal."""
    first, again = (
        flagged(sqlite_bench),
        flagged(sqlite_bench, text=SPROUTS.replace("Only", "only"), quote="only sprouts"),
    )
    other = flagged(sqlite_bench, category="house")
    found = proposals(sqlite_bench.reviewer)
    assert [(one.id, one.others) for one in found] == [(first, (again,)), (other, ())]


def test_what_a_rule_flags_already_is_not_proposed(sqlite_bench: Bench) -> None:
    """A wording that a rule of the same category fires on needs no other rule."""
    flagged(sqlite_bench, "“Harbour Lights” took 4,123 hours. Get a life.", "Get a life")
    assert proposals(sqlite_bench.reviewer) == []


def test_an_accepted_proposal_fires_on_the_next_check(bench: Bench) -> None:
    """The rule is a file that Vale can read, with its example beside it; the proposal is gone, the trail knows."""
    made = accept(bench.reviewer, flagged(bench))
    assert made.file == bench.reviewer.config.folder / "house-rules" / "en" / "ShamingOnlySprouts.yml"
    assert (
        fires(bench, "“Paper Moons”: only  SPROUTS, all week.") == [made.rule] == ["house-rules.en.ShamingOnlySprouts"]
    )
    assert fires(bench, "« Paper Moons » : only sprouts.", "fr") == []
    assert proposals(anew(bench).reviewer) == []
    text = made.file.read_text(encoding="utf-8")
    assert f"# It must fire on: {SPROUTS}" in text
    assert "ines" in text.splitlines()[0]
    assert yaml.safe_load(text)["extends"] == "existence"
    entry = audit.entries(bench.store)[-1]
    assert (entry.actor, entry.action, entry.details["file"]) == ("ines", "accept-rule", str(made.file))
    assert audit.verify(bench.store).ok


@pytest.mark.parametrize(
    ("how", "text", "found"),
    [
        ({"pattern": r"only (?:sprouts|turnips)"}, "Only turnips watch.", True),
        ({"pattern": r"only (?:sprouts|turnips)"}, "Only people watch.", False),
        ({"words": ["sprouts", "turnips"]}, "Turnips!", True),
        ({"words": ["sprouts"]}, "Sproutsy!", False),
        ({"words": ["s.routs", "sprouts"]}, "Shrouts!", False),
        ({"lang": "all"}, "Only sprouts.", True),
    ],
)
def test_a_rule_may_be_wider_than_the_wording(sqlite_bench: Bench, how: dict[str, str], text: str, found: bool) -> None:
    """A pattern, a list of words (plain ones: no pattern hides in them), or every language."""
    number = flagged(sqlite_bench)
    accept(sqlite_bench.reviewer, number, **how)
    assert bool(fires(sqlite_bench, text)) is found


@pytest.mark.parametrize("quote", ["“Only sprouts” ", "watch that.", "🥦", "that. 🥦"])
def test_edges_and_emoji_make_rules_too(sqlite_bench: Bench, quote: str) -> None:
    """Quotation marks and stops around a wording are not part of it; an emoji alone is a wording."""
    number = flagged(sqlite_bench, "“Harbour Lights” took 4,123 hours. “Only sprouts” watch that. 🥦", quote)
    made = accept(sqlite_bench.reviewer, number)
    assert fires(sqlite_bench, "Only sprouts watch that. 🥦") == [made.rule]
    assert fires(sqlite_bench, "Tea for two 🫖") == []


def test_a_rule_for_every_language_fires_in_each(sqlite_bench: Bench) -> None:
    """It stands in a folder of its own; its category and level are those that the person chose."""
    made = accept(
        sqlite_bench.reviewer, flagged(sqlite_bench), lang="all", category="house", level="warning", name="Veg"
    )
    assert made.file.parts[-2:] == ("all", "Veg.yml")
    report = anew(sqlite_bench).reviewer.checker(Candidate("Only sprouts.", lang="fr"))
    assert [(one.rule, one.category, one.level) for one in report.flags] == [("house-rules.Veg", "house", "warning")]


def test_a_person_s_file_is_never_overwritten(sqlite_bench: Bench) -> None:
    """What is there stays as it is and is named; the trail has nothing of it; another name works."""
    made = accept(sqlite_bench.reviewer, flagged(sqlite_bench))
    made.file.write_text("# mine\n", encoding="utf-8")
    before = len(sqlite_bench.entries())
    refused(UsageError, "is there already", lambda: accept(sqlite_bench.reviewer, made.proposal.id))
    assert (made.file.read_text(encoding="utf-8"), len(sqlite_bench.entries())) == ("# mine\n", before)
    assert accept(sqlite_bench.reviewer, made.proposal.id, name="Another").file.exists()


@pytest.mark.parametrize(
    ("how", "error", "told"),
    [
        ({"pattern": "turnips"}, UsageError, "would not fire"),
        ({"pattern": "only (sprouts"}, RulePackError, "cannot be compiled"),
        ({"pattern": " "}, UsageError, "nothing in it"),
        ({"words": ["turnips"]}, UsageError, "would not fire"),
        ({"pattern": "only", "words": ["sprouts"]}, UsageError, "two rules"),
        ({"category": "vegetables"}, UsageError, "not a category"),
        ({"level": "fatal"}, RulePackError, "fatal is unknown"),
        ({"lang": "../.."}, UsageError, "not a language"),
        ({"lang": "tlh"}, UsageError, "not a language"),
        ({"name": "../../config"}, UsageError, "cannot name a rule"),
        ({"name": ""}, UsageError, "cannot name a rule"),
    ],
)
def test_a_rule_that_would_be_useless_or_astray_is_refused(
    sqlite_bench: Bench, how: dict[str, str], error: type[AssistantError], told: str
) -> None:
    """Deaf to its own example, no pattern, no category, or a file outside the folder: nothing is written."""
    number = flagged(sqlite_bench)
    refused(error, told, lambda: accept(sqlite_bench.reviewer, number, **how))
    refused(UsageError, "no proposal", lambda: accept(sqlite_bench.reviewer, 99))
    assert not (sqlite_bench.reviewer.config.folder / "house-rules").exists()


def test_a_folder_that_cannot_be_written_is_named(sqlite_bench: Bench) -> None:
    """A file where the folder should be: an error with a remedy, and no entry in the trail."""
    (sqlite_bench.reviewer.config.folder / "house-rules").write_text("", encoding="utf-8")
    number, before = flagged(sqlite_bench), None
    before = len(sqlite_bench.entries())
    refused(StoreError, "house-rules", lambda: accept(sqlite_bench.reviewer, number))
    assert len(sqlite_bench.entries()) == before


def test_a_hostile_wording_is_only_ever_text(sqlite_bench: Bench) -> None:
    """Newlines, YAML, pattern signs and controls in a draft neither break the file nor widen the rule."""
    nasty = "a.*\u2028b: [c]\n- d \x1b[31m #"
    text = f"“Harbour Lights” took 4,123 hours. {nasty}"
    number = flagged(sqlite_bench, text, nasty, "house")
    made = accept(sqlite_bench.reviewer, number)
    assert fires(sqlite_bench, f"Tea {nasty}") == [made.rule]
    assert fires(sqlite_bench, "Tea axxx b: [c] - d") == []
    written = made.file.read_text(encoding="utf-8")
    assert all(c == "\n" or c.isprintable() for c in written)
    assert all(line.startswith(("#", "extends", "message", "level", "ignorecase", "category", "tokens", "-")) for line in
               written.splitlines())  # fmt: skip


def test_accepting_says_which_posts_it_would_have_stopped(sqlite_bench: Bench) -> None:
    """A rule that fires on what people let out may be too wide."""
    let_out = sqlite_bench.approved("“Harbour Lights” took 4,123 hours. Sprouts for all.")
    sqlite_bench.draft("“Harbour Lights” took 4,123 hours. More sprouts.")
    assert accept(sqlite_bench.reviewer, flagged(sqlite_bench), words=["sprouts"]).would_flag == (let_out,)


def test_rules_are_counted_by_what_people_made_of_them(bench: Bench) -> None:
    """Waved through, rejected, worded anew, or not decided yet: each draft once."""
    rule = bench.get(waved := bench.draft(SOFT)).flags[0].rule
    rejected, reworded = bench.draft(SOFT), bench.draft(SOFT)
    open_ = bench.draft(SOFT)
    approve(bench.reviewer, waved, acknowledge=[rule], reason="harmless")
    reject(bench.reviewer, rejected, reason="no")
    edit(bench.reviewer, reworded, text="“Harbour Lights” took 4,123 hours. Thank you.")
    (tally,) = (one for one in rule_counts(bench.store) if one.rule == rule)
    assert (tally.fired, tally.dismissed, tally.confirmed, tally.reworded) == (
        {waved, rejected, reworded, open_}, {waved}, {rejected}, {reworded},
    )  # fmt: skip
    assert tally.rate == pytest.approx(1 / 3)
    assert not tally.noisy


def test_a_rejection_outweighs_an_earlier_approval(sqlite_bench: Bench) -> None:
    """Who lets a post go and then turns it down has confirmed the rule."""
    draft_id = sqlite_bench.draft(SOFT)
    rule = sqlite_bench.get(draft_id).flags[0].rule
    approve(sqlite_bench.reviewer, draft_id, acknowledge=[rule], reason="harmless")
    reject(sqlite_bench.reviewer, draft_id, reason="no, it is not")
    (tally,) = rule_counts(sqlite_bench.store)
    assert (tally.dismissed, tally.confirmed, tally.rate) == (set(), {draft_id}, 0.0)


def test_a_privacy_rule_is_never_noisy() -> None:
    """However often people wave it through: statistics do not speak against privacy."""
    drafts = set(range(20))
    assert Tally("en.Age", "age", fired=drafts, dismissed=drafts).noisy
    assert not Tally("en.Age", "age", fired=drafts, dismissed=set(range(9))).noisy
    for category in ("disclosure", "surveillance", "singling-out", "minors"):
        assert not Tally("a.rule", category, fired=drafts, dismissed=drafts).noisy


def test_the_nearest_rejected_draft_is_known_with_its_reason(bench: Bench) -> None:
    """A new draft in the same words says so, and so does one that was there before."""
    before = bench.draft("“Paper Moons” took 99 hours, the plunge and no towel.", subject="Paper Moons")
    rejected = bench.draft("“Harbour Lights” took 4,123 hours, the plunge and no towel.")
    reject(bench.reviewer, rejected, reason="no towels, please")
    like = nearest_rejected(bench.store, bench.get(before))
    assert like is not None
    assert (like.rejected.draft_id, like.rejected.reason) == (rejected, "no towels, please")
    assert nearest_rejected(bench.store, bench.get(rejected)) is None
    edit(bench.reviewer, before, text="“Paper Moons” took 4,123 hours, the plunge and not one towel.")
    told = [one.message for one in bench.get(before).flags if one.rule == "repeat.rejected"]
    assert told == [f"Draft {rejected} was rejected: no towels, please"]


def test_the_last_reason_counts_and_a_restored_draft_is_none(sqlite_bench: Bench) -> None:
    """Rejected twice for two reasons, it is known by the second; brought back, it is no longer a bad example."""
    draft_id = sqlite_bench.draft()
    for reason in ("too long", "too cold"):
        reject(sqlite_bench.reviewer, draft_id, reason=reason)
        assert [one.reason for one in rejected_texts(sqlite_bench.store)] == [reason]
        restore(sqlite_bench.reviewer, draft_id)
        assert rejected_texts(sqlite_bench.store) == []


def test_the_siblings_of_a_rejected_figure_have_its_reason(sqlite_bench: Bench) -> None:
    """“Never this figure” rejects its other drafts too, for the same reason."""
    first, second = sqlite_bench.save(a_candidate(template="record.one"), a_candidate(template="record.two"))
    reject(sqlite_bench.reviewer, first, reason="private", figure=True)
    told = {one.draft_id: (one.reason, one.titles) for one in rejected_texts(sqlite_bench.store)}
    assert told == {first: ("private", ("Harbour Lights",)), second: ("private", ("Harbour Lights",))}


def test_a_rule_that_was_broken_by_hand_is_named_and_the_rest_runs(sqlite_bench: Bench) -> None:
    """The folder is people's own: what cannot be used there is listed as not checked."""
    made = accept(sqlite_bench.reviewer, flagged(sqlite_bench))
    Path(made.file.with_name("Broken.yml")).write_text("extends: telepathy\n", encoding="utf-8")
    report = anew(sqlite_bench).reviewer.checker(Candidate("Only sprouts.", lang="en"))
    assert [one.rule for one in report.flags] == [made.rule]
    assert any("telepathy" in told for told in report.not_checked)
    assert json.dumps(made.to_json())
