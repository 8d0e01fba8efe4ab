"""Words and signs that are weighed together: what the weights come from, when they speak, and what they never do."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.checks.reading import read, title_spans
from assistant.checks.wording import load_pack
from assistant.checks.wording.leaning import features, load_leaning
from assistant.checks.wording.packs import FOLDER
from assistant.errors import RulePackError
from assistant.models import Candidate
from benchmarks.leaning import posts_of

CHECKER = Checker()
LANGUAGES = ("en", "fr")
LEANS = "38,000 of you were awake at 3:12 again, alone, and we know whose photo you kept looking at. Sleep well?"
THANKS = "38,000 of you came to the harbour on Saturday. The brass band says thank you, and so do our ovens."


def _signs(which: str) -> list[tuple[str, str, str]]:
    packs = [load_pack(lang) for lang in LANGUAGES]
    return [
        (pack.name, sign.name, text)
        for pack in packs
        for sign in (pack.people.signs if pack.people else ())
        for text in (sign.fail if which == "flag" else sign.pass_)
    ]


def _found(lang: str, text: str) -> list[str]:
    reading = read(text)
    return load_pack(lang).found(reading, reading.masked(title_spans(text, ())))


@pytest.mark.parametrize(("lang", "sign", "text"), _signs("flag"))
def test_each_sign_is_found_in_its_examples(lang: str, sign: str, text: str) -> None:
    """Whether it is told is for the whole post to say; that it stands there is seen."""
    assert sign in _found(lang, text)


@pytest.mark.parametrize(("lang", "sign", "text"), _signs("pass"))
def test_no_sign_is_found_in_its_counterexamples(lang: str, sign: str, text: str) -> None:
    """What only looks like it is not even weighed."""
    assert sign not in _found(lang, text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_weights_are_of_the_posts_that_lie_here(lang: str) -> None:
    """A set that was changed wants `make leaning`: the file says which posts it was made from."""
    assert posts_of(lang) in (FOLDER / f"{lang}.leaning.tsv").read_text(encoding="utf-8").partition("\n")[0]


def test_a_post_that_leans_to_harm_is_warned_of() -> None:
    """No bad word stands in it; and a post of the same form that thanks is left alone."""
    flags = [flag for flag in CHECKER(Candidate(text=LEANS, lang="en")).flags if flag.check == "wording"]
    assert flags
    assert all(LEANS[flag.start : flag.end] == flag.quote for flag in flags)
    assert CHECKER(Candidate(text=THANKS, lang="en")).verdict == "pass"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_weights_warn_and_never_block(lang: str) -> None:
    """Whatever a text weighs: an error is for a rule to say."""
    pack = load_pack(lang)
    assert pack.people is not None
    assert {sign.level for sign in pack.people.signs} == {"warning"}


def test_a_rule_is_told_however_kind_the_rest_is() -> None:
    """A model never clears what a rule flagged."""
    text = f"{THANKS} Thank you, thank you! To the ovens, and to you: who hurt you?"
    assert CHECKER(Candidate(text=text, lang="en")).verdict == "block"


def test_a_text_in_another_language_is_not_weighed() -> None:
    """Of words that it does not know, the English pack says nothing."""
    leaning = load_pack("en").leaning
    assert leaning is not None
    assert (
        leaning.of(
            leaning.own("Vous étiez encore seuls devant vos écrans à trois heures, et personne ne vous attendait."), ()
        )
        is None
    )


def test_numbers_and_titles_are_weighed_by_their_kind() -> None:
    """Another figure in the same sentence weighs the same."""
    one, other = (features(f"{n} of you were up at {t}.", ()) for n, t in (("41,000", "3:12 am"), ("2 900", "4 am")))
    assert one == other
    assert {"<many> of", "at <time>"} <= one


@pytest.mark.parametrize("line", ["hurts\tyou", "hurts\tyou\tmuch"])
def test_a_damaged_file_names_its_line(line: str, tmp_path: Path) -> None:
    """What cannot be read is told with its place and what to do."""
    (tmp_path / "xx.leaning.tsv").write_text(f"limit\t\t1\n{line}\n", encoding="utf-8")
    with pytest.raises(RulePackError, match=r"xx\.leaning\.tsv:2"):
        load_leaning(tmp_path / "xx.leaning.tsv")
