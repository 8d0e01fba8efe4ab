"""`assistant rules`: what rules there are, what people propose, what is accepted, how often each is waved through."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.checks import Checker
from assistant.cli import run
from assistant.config import load
from assistant.models import CATEGORIES, Candidate
from assistant.store import open_store
from assistant.workflow import save_drafts
from workshop import ROOT

Run = Callable[..., tuple[int, str, str]]
SPROUTS = "Only sprouts watch that."


@pytest.fixture
def assistant(small_workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command in the small workspace: exit code, standard output, standard error."""
    monkeypatch.chdir(small_workspace)
    monkeypatch.setenv("ASSISTANT_ACTOR", "ines")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def rows(text: str) -> list[dict[str, Any]]:
    """JSON lines as objects."""
    return [json.loads(line) for line in text.splitlines()]


def saved(folder: Path, *texts: str) -> list[str]:
    """Checked drafts of a person's own words; their ids."""
    config = load(folder / "config.yaml")
    store, checker = open_store(config.store_url), Checker()
    candidates = [Candidate(text=text, lang="en") for text in texts]
    try:
        checked = [(candidate, checker(candidate)) for candidate in candidates]
        return [str(number) for number in save_drafts(store, config, checked, "machine")]
    finally:
        store.close()


def test_every_rule_is_listed(assistant: Run) -> None:
    """Packs, code and calendar: id, category, level, source; each id once for each language."""
    code, out, err = assistant("rules", "list", "--format", "jsonl")
    found = rows(out)
    assert (code, err) == (0, "")
    assert {"en.Shaming", "fr.Shaming", "length.over", "mention.unsolicited"} <= {row["id"] for row in found}
    assert all(row["category"] in CATEGORIES and row["source"] for row in found)
    assert {row["level"] for row in found} == {"error", "warning", "suggestion"}
    assert len({row["id"] for row in found}) == len(found)


def test_rules_are_listed_by_language_and_category(assistant: Run) -> None:
    """Those of a language are its pack's and those that look at every text."""
    found = rows(assistant("rules", "list", "--lang", "fr", "--format", "jsonl")[1])
    assert {row["lang"] for row in found} == {"fr", None}
    assert "en." not in assistant("rules", "list", "--lang", "fr", "--category", "shaming")[1]
    assert assistant("rules", "list", "--lang", "tlh")[0] == 2
    assert assistant("rules", "list", "--category", "vegetables")[0] == 2


def test_every_rule_that_is_code_is_in_the_list() -> None:
    """Whoever adds a rule to a module of the checks adds it to `checks/rules.py`."""
    ids = {one.id for one in Checker().rules()}
    for file in sorted((ROOT / "assistant" / "checks").glob("*.py")):
        for rule in re.findall(r'rule="([a-z]+\.[a-z-]+)"', file.read_text(encoding="utf-8")):
            assert rule in ids, f"{file.name} has {rule}"


def test_the_calendar_s_days_and_the_house_s_rules_are_listed(assistant: Run, small_workspace: Path) -> None:
    """With where they stand."""
    (small_workspace / "calendar.yaml").write_text("- {name: Mourning, every: 11-13}\n", encoding="utf-8")
    (small_workspace / "house-rules" / "en").mkdir(parents=True)
    rule = "extends: existence\nmessage: No.\ncategory: house\ntokens: [grog]\n"
    (small_workspace / "house-rules" / "en" / "Rum.yml").write_text(rule, encoding="utf-8")
    config = small_workspace / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "checks: {calendar: calendar.yaml}\n", encoding="utf-8")
    found = {row["id"]: row for row in rows(assistant("rules", "list", "--format", "jsonl")[1])}
    assert (found["calendar.mourning"]["category"], found["calendar.mourning"]["source"]) == ("tragedy", "calendar")
    assert (found["house-rules.en.Rum"]["lang"], found["house-rules.en.Rum"]["source"][-6:]) == ("en", "um.yml")


def test_from_a_flag_to_a_rule(assistant: Run, small_workspace: Path) -> None:
    """flag → rules propose → rules accept → the next check fires → nothing is proposed any more."""
    (draft,) = saved(small_workspace, SPROUTS)
    assert "Nothing is proposed" in assistant("rules", "propose")[2]
    assistant("flag", draft, "--quote", "Only sprouts", "--category", "shaming", "--message", "It is mean.")
    (proposal,) = rows(assistant("rules", "propose", "--format", "jsonl")[1])
    assert (proposal["wording"], proposal["category"], proposal["actor"]) == ("Only sprouts", "shaming", "ines")
    assert proposal["draft_id"] == int(draft)
    assert "“Only sprouts” · shaming · en" in assistant("rules", "propose")[1]
    code, out, _ = assistant("rules", "accept", str(proposal["id"]), "--category", "shaming")
    assert code == 0
    assert str(small_workspace / "house-rules" / "en" / "ShamingOnlySprouts.yml") in out
    (small_workspace / "post.txt").write_text("only sprouts, again", encoding="utf-8")
    code, out, _ = assistant("--config", "config.yaml", "check", "post.txt")
    assert (code, "house-rules.en.ShamingOnlySprouts" in out) == (1, True)
    assert rows(assistant("rules", "propose", "--format", "jsonl")[1]) == []
    assert "accept-rule" in assistant("audit", "log")[1]
    assert assistant("audit", "verify")[0] == 0


def test_a_second_time_is_refused_and_named(assistant: Run, small_workspace: Path) -> None:
    """The file of the first stays; the answer is one line and exit code 2."""
    (draft,) = saved(small_workspace, SPROUTS)
    assistant("flag", draft, "--quote", "sprouts", "--category", "house")
    made = rows(assistant("rules", "accept", "1", "--as", "sprouts?", "--format", "jsonl")[1])[0]
    assert Path(made["file"]).exists()
    code, out, err = assistant("rules", "accept", "1")
    assert (code, out, "is there already" in err) == (2, "", True)
    assert assistant("rules", "accept", "77")[0] == 2
    assert assistant("rules", "accept", "1", "--name", "Wide", "--word", "sprouts", "--word", "turnips")[0] == 0


def test_stats_count_what_people_made_of_each_rule(assistant: Run, small_workspace: Path) -> None:
    """Fired, waved through, rejected; the rate, and whether the rule guards privacy."""
    waved, rejected = saved(small_workspace, "Get a life, all.", "Get a life, you.")
    assistant("approve", waved, "--acknowledge", "en.Shaming", "--reason", "it is a quotation")
    assistant("reject", rejected, "--reason", "mean")
    found = {row["rule"]: row for row in rows(assistant("rules", "stats", "--format", "jsonl")[1])}
    shaming = found["en.Shaming"]
    assert [shaming[name] for name in ("fired", "dismissed", "confirmed", "dismissal_rate")] == [2, 1, 1, 0.5]
    assert (shaming["category"], shaming["noisy"], shaming["privacy"]) == ("shaming", False, False)
    assert "waved through    1 ( 50%)" in assistant("rules", "stats")[1]


def test_show_names_the_nearest_rejected_draft(assistant: Run, small_workspace: Path) -> None:
    """With its reason, as text and as JSON; a draft that is like none says nothing."""
    first, second, other = saved(
        small_workspace, "The kettle sang for 9 hours and the cat left.", "The kettle sang for 3 hours and the cat left.",
        "Popcorn, please.",
    )  # fmt: skip
    assistant("reject", first, "--reason", "poor cat")
    assert f"like #{first}, which was rejected: poor cat" in assistant("show", second)[1]
    told = rows(assistant("show", second, "--format", "jsonl")[1])[0]["nearest_rejected"]
    assert (told["rejected"]["reason"], told["cosine"] > 0.99) == ("poor cat", True)
    assert rows(assistant("show", other, "--format", "jsonl")[1])[0]["nearest_rejected"] is None


def test_hostile_words_reach_no_terminal(assistant: Run, small_workspace: Path) -> None:
    """What people and drafts say is printed as glyphs, and stays what it is in JSON."""
    nasty = "sprouts \x1b[31m \u202e"
    (draft,) = saved(small_workspace, f"Only {nasty} watch.")
    assistant("flag", draft, "--quote", nasty, "--category", "house", "--message", "\x1b]0;x\x07")
    shown = "".join(
        "".join(assistant(*words)[1:]) for words in (("rules", "propose"), ("rules", "accept", "1"), ("rules", "list"))
    )
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "␛" in shown


def test_a_note_of_schedule_is_shown(assistant: Run, small_workspace: Path) -> None:
    """On a sensitive day the command says so on standard error, and does what it was asked."""
    (small_workspace / "calendar.yaml").write_text("- {name: Mourning, from: 01-01, to: 12-31}\n", encoding="utf-8")
    config = small_workspace / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "checks: {calendar: calendar.yaml}\n", encoding="utf-8")
    (draft,) = saved(small_workspace, "Popcorn, please.")
    assert assistant("approve", draft)[0] == 0
    code, _, err = assistant("schedule", draft, "--at", "now")
    assert (code, "Mourning" in err, "--acknowledge calendar.mourning" in err) == (0, True, True)
    assert assistant("publish")[0] == 3
    assert assistant("approve", draft, "--acknowledge", "calendar.mourning", "--reason", "a tribute")[0] == 0
    assert assistant("schedule", draft, "--at", "now")[0] == 0
    assert assistant("publish")[0] == 0
