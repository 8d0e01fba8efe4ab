"""Wording: each rule's own examples, the two posts that this project exists for, and Vale's rules read as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.checks import Checker
from assistant.checks.reading import read
from assistant.checks.wording import load_pack, load_style
from assistant.checks.wording.vale import compile_rule
from assistant.errors import RulePackError
from assistant.models import Candidate, Fact, Flag

HURT = {
    "en": "To the 53 people who've watched A Christmas Prince every day for the past 18 days: Who hurt you?",
    "fr": "Aux 53 personnes qui ont regardé A Christmas Prince chaque jour depuis 18 jours : qui vous a fait du mal ?",
}
HANG_IN = {
    "en": "Dear 3,749 people who streamed 'It's the End of the World as We Know It' the day of the Brexit vote: "
    "hang in there.",
    "fr": "Chères 3 749 personnes qui ont écouté « It's the End of the World as We Know It » le jour du vote sur le "
    "Brexit : tenez bon.",
}
CHECKER = Checker()


def flags(text: str, lang: str | None = None, **about: object) -> list[Flag]:
    return list(CHECKER(Candidate(text=text, lang=lang, **about)).flags)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_post_about_53_people_is_blocked_twice_over(lang: str) -> None:
    """For its tone, and, hard, for the size of the group: each alone would block it."""
    errors = [flag for flag in flags(HURT[lang], lang) if flag.level == "error"]
    assert {"presumed-distress", "disclosure"} <= {flag.category for flag in errors}
    assert any(flag.hard for flag in errors if flag.category == "disclosure")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_same_post_about_many_is_still_blocked_for_its_tone(lang: str) -> None:
    """A large group does not make a diagnosis kind."""
    found = flags(HURT[lang].replace("53", "53,000" if lang == "en" else "53 000"), lang)
    assert {flag.category for flag in found if flag.level == "error"} == {"presumed-distress"}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_post_about_3749_people_passes(lang: str) -> None:
    """Said warmly of a group that is large enough: nothing to flag."""
    assert flags(HANG_IN[lang], lang) == []


def _examples(which: str) -> list[tuple[str, str, str]]:
    listed = []
    for lang in ("en", "fr"):
        pack = load_pack(lang)
        for rule, beside in pack.rules:
            listed += [
                (lang, f"{lang}.{rule.name}", text) for text in (beside.flag if which == "flag" else beside.pass_)
            ]
        for own in pack.people.rules if pack.people else ():  # signs: test_leaning.py
            listed += [(lang, f"{lang}.{own.name}", text) for text in (own.fail if which == "flag" else own.pass_)]
    return listed


@pytest.mark.parametrize(("lang", "rule", "text"), _examples("flag"))
def test_each_rule_fires_on_its_examples(lang: str, rule: str, text: str) -> None:
    """Every shipped rule has a text that it must flag, and quotes what stands there."""
    found = [flag for flag in flags(text, lang) if flag.rule == rule]
    assert found
    assert all(text[flag.start : flag.end] == flag.quote and flag.why and flag.message for flag in found)


@pytest.mark.parametrize(("lang", "rule", "text"), _examples("pass"))
def test_each_rule_leaves_its_counterexamples_alone(lang: str, rule: str, text: str) -> None:
    """Every shipped rule has a text that it must not flag."""
    assert [flag for flag in flags(text, lang) if flag.rule == rule] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_rule_has_two_examples_and_two_near_misses(lang: str) -> None:
    """A rule without both is a guess."""
    pack = load_pack(lang)
    counted = {rule.name: (len(beside.flag), len(beside.pass_)) for rule, beside in pack.rules}
    own = (*pack.people.rules, *pack.people.signs) if pack.people else ()
    counted |= {one.name: (len(one.fail), len(one.pass_)) for one in own}
    assert {name: counts for name, counts in counted.items() if min(counts) < 2} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Who h.u.r.t you?", "Who hu\u200brt you?", "Who hurt уou?", "WHO HURT YOU", "Who\u00a0hurt you",
    ],
)  # fmt: skip
def test_a_disguise_does_not_hide_a_word(text: str) -> None:
    """Full stops, zero-width characters, look-alike letters, capitals and no-break spaces are seen through."""
    assert "presumed-distress" in {flag.category for flag in flags(text, "en")}


def test_spans_are_the_originals() -> None:
    """After normalising, the quote is still what stands in the text: accents, emoji and all."""
    text = "🎉 Cafe\u0301 news: who hu\u200brt you?"
    flag = next(flag for flag in flags(text, "en") if flag.category == "presumed-distress")
    assert text[flag.start : flag.end] == flag.quote == "who hu\u200brt you"


def test_a_title_is_no_wording_problem() -> None:
    """Sex Education and Dead to Me are titles where the template put them, quoted, or in exact words."""
    facts = (Fact("subject", "Sex Education", "title"),)
    assert flags("Sex Education is back in the top ten.", "en", facts=facts) == []
    assert flags("“Sex Education” is back in the top ten.", "en") == []
    assert {f.category for f in flags("So much sex education.", "en")} == {"sexuality"}


@pytest.mark.parametrize("title", ["You", "Alone", "Elite"])
def test_a_title_of_one_word_hides_nothing(title: str) -> None:
    """A series called You does not make "who hurt you" a title."""
    found = flags("Who hurt you? Elite viewers, forever alone.", "en", titles=(title,))
    assert {"presumed-distress", "loneliness"} <= {flag.category for flag in found}


def test_the_houses_banned_words_are_plain_words() -> None:
    """A banned word is matched as a word, and never as a pattern."""
    checker = Checker(("en",), house=("c++", "synergy"))
    assert [f.quote for f in checker(Candidate("Synergy in C++.", lang="en")).flags] == ["Synergy", "C++"]
    assert checker(Candidate("ccc", lang="en")).flags == ()


def test_an_unknown_language_is_not_called_passed() -> None:
    """A text in a language without a pack says that its wording was not checked."""
    assert any("wording" in told for told in CHECKER(Candidate("Hallo.", lang="de")).not_checked)


DEFINED = r"(?:\b[A-Z][a-z]+ )+\(([A-Z]{3,5})\)"
RULES: dict[str, tuple[dict[str, object], str, str]] = {
    "substitution": (
        {"message": "Use '%s' instead of '%s'.", "swap": {"utilize": "use"}},
        "We utilize it.",
        "Use 'use' instead of 'utilize'.",
    ),
    "occurrence": ({"message": "Too many.", "max": 1, "token": "!"}, "Hey! Ho!", "Too many."),
    "conditional": (
        {"message": "'%s' has no definition.", "first": r"\b([A-Z]{3,5})\b", "second": DEFINED},
        "The WHO said.",
        "'WHO' has no definition.",
    ),
    "consistency": (
        {"message": "Inconsistent '%s'.", "either": {"advisor": "adviser"}},
        "An advisor and an adviser.",
        "Inconsistent 'adviser'.",
    ),
    "repetition": (
        {"message": "'%s' is repeated.", "alpha": True, "tokens": [r"[^\s]+"]},
        "It is is so.",
        "'is' is repeated.",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_vales_kinds_of_rules_are_read_as_they_are(name: str, tmp_path: Path) -> None:
    """A Vale style folder is dropped in: each supported kind fires with Vale's message."""
    rule, text, message = RULES[name]
    (tmp_path / f"{name}.yml").write_text(yaml.safe_dump({"extends": name, **rule}), encoding="utf-8")
    checker = Checker(("en",), styles=[tmp_path])
    assert message in [flag.message for flag in checker(Candidate(text, lang="en")).flags]


def test_an_unsupported_rule_is_named_and_the_rest_runs(tmp_path: Path) -> None:
    """`extends: spelling` is named as not checked; its neighbour still flags."""
    (tmp_path / "Spell.yml").write_text("extends: spelling\nmessage: x\n", encoding="utf-8")
    (tmp_path / "Bad.yml").write_text("extends: existence\nmessage: x\ntokens: ['(']\n", encoding="utf-8")
    (tmp_path / "Word.yml").write_text("extends: existence\nmessage: nope\ntokens: [tea]\n", encoding="utf-8")
    report = Checker(("en",), styles=[tmp_path])(Candidate("tea", lang="en"))
    assert [flag.message for flag in report.flags] == ["nope"]
    told = " ".join(report.not_checked)
    assert "spelling is not supported" in told
    assert "Bad.yml" in told
    assert len(load_style(tmp_path).problems) == 2


def test_an_exception_must_cover_the_whole_match() -> None:
    """An accepted word does not silence the sentence around it (Vale's issue 744)."""
    data = {
        "extends": "existence",
        "message": "m",
        "ignorecase": True,
        "tokens": ["tea .* milk", "crazy"],
        "exceptions": ["tea", "Crazy Horse"],
    }
    rule = compile_rule("r", "r.yml", data)
    assert [m.words[0] for m in rule.matches(read("tea with milk, Crazy Horse, crazy"))] == ["tea with milk", "crazy"]


def test_a_pattern_without_end_is_named(tmp_path: Path) -> None:
    """A rule that backtracks for ever is stopped, and the text is not called checked by it."""
    (tmp_path / "Slow.yml").write_text(
        "extends: existence\nmessage: x\nnonword: true\ntokens: ['(?:(?:a|aa)+)+(?=b)c']\n", encoding="utf-8"
    )
    report = Checker(("en",), styles=[tmp_path])(Candidate("a" * 200 + "x", lang="en"))
    assert any("Slow" in told and "too long" in told for told in report.not_checked)


def test_a_missing_style_folder_is_an_error(tmp_path: Path) -> None:
    """Named, with what to do."""
    with pytest.raises(RulePackError, match="not a folder"):
        load_style(tmp_path / "none")
