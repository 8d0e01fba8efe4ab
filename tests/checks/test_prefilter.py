"""The prefilter never hides a match: with it and without it the rules find the same."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from functools import cache

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.reading import Reading, read
from assistant.checks.wording import Pack, Prefilter, load_pack
from assistant.checks.wording.prefilter import KEPT, folded, required
from assistant.checks.wording.vale import Rule
from benchmarks.literals import literals

PATTERNS = {
    "who hurt you": {"who hurt you"}, "Tea": {"tea"}, "teas?": {"tea"}, "colou?r": {"color", "colour"},
    "tea|milk": {"tea", "milk"},
    "(?:iced|hot) tea": {"iced tea", "hot tea"}, "(iced|hot) tea": {"iced tea", "hot tea"}, "(?<!no )tea(?=pot)": {"tea"},
    "sh[i1]t": {"shit", "sh1t"}, "t[^x]ea time": {"ea time"}, "t[a-e]a time": {"a time"}, "[[:alpha:]]tea": {"tea"},
    "[]x]tea": {"tea"},
    "tea.*milk": {"milk"}, "tea+": {"tea"}, "(?:tea)+ time": {"tea time"}, "(?:tea)* time": {" time"}, "tea{2,3}pot": {"apot"},
    "a{0}teapot": {"teapot"}, "te{0,1}a time": {"a time"}, r"\btea\b": {"tea"}, r"tea\s+time": {"time"},
    r"tea\.com": {"tea.com"}, r"\p{Lu}tea": {"tea"}, "(?i)tea": {"tea"}, "(?i:TEA)": {"tea"}, "(?P<x>tea)": {"tea"},
    "(?>tea)s": {"teas"},
    "^tea$": {"tea"}, "tea(?!pot) time": {"tea time"}, "thé glacé": {"thé glacé"}, "l['’]été": {"l'été", "l’été"},
    "teapot|tea": {"tea"},
}  # fmt: skip
UNCERTAIN = [
    "", "x|", "te", "tea|", "t.e.a", r"\w+", "tea?|x", "(?:tea)?", "(?:tea){0,3}", "(tea)?x", "[tea]{3}",
    "(?x)t e a", r"(tea)\1x|ab",
    r"t\x65a", r"tea\n", "tea{e<=1}", "(?:tea){e}", "(", "tea)", "[tea", "*tea", r"\Ltea", "(?#tea)",
    "(?(1)tea|milk)", "ſtar|ıİ", "στ ςα",
    "(?R)tea", "(?|tea|milk)", "f+u+c+k",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_a_pattern_cannot_do_without(pattern: str) -> None:
    """Each match holds one of the literals."""
    assert required(pattern) == frozenset(PATTERNS[pattern])


@pytest.mark.parametrize("pattern", UNCERTAIN)
def test_a_pattern_that_promises_nothing_always_runs(pattern: str) -> None:
    """Short, open, unread or broken patterns have no literals."""
    assert required(pattern) is None


@given(st.sampled_from("aeiouykstzcéèêàâçôîûœæñß ıſİKΣσς'’-"), st.characters())
def test_letters_that_a_pattern_takes_for_one_are_folded_alike(letter: str, other: str) -> None:
    """Where a pattern that ignores case finds a letter, its literal is found in the folded text too."""
    pattern = f"xx{letter}xx"
    literals = required(pattern)
    if literals is not None and regex.search(pattern, f"xx{other}xx", regex.IGNORECASE):
        assert any(literal in folded(f"xx{other}xx") for literal in literals)


_ATOMS = st.sampled_from(
    ["tea", "a", "é", "thé", "K", "[ab]", "[^a]", "[a-c]", ".", r"\w", r"\s", r"\.", "(?:tea|milk)", "(?:a|)",
     "(?=t)", "(?<!t)",
     "(?:hot |iced )", "^", r"\b", "(?i:Tea)", " ", "'"]
)  # fmt: skip
_REPEATS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{0,2}", "{0}", "+?", "??"])
_SEQUENCES = st.lists(st.tuples(_ATOMS, _REPEATS), min_size=1, max_size=6)


def _pattern(alternatives: list[list[tuple[str, str]]]) -> str:
    """Pieces with their quantifiers, those apart that take no letter."""
    bare = ("^", r"\b", "(?=", "(?<")
    return "|".join("".join(atom if atom.startswith(bare) else atom + q for atom, q in one) for one in alternatives)


@given(st.lists(_SEQUENCES, min_size=1, max_size=3), st.text("teamilkhocdbéTHÉAK .'", max_size=40))
def test_any_match_of_any_pattern_holds_a_literal(alternatives: list[list[tuple[str, str]]], text: str) -> None:
    """Patterns put together at random, and texts of their letters."""
    pattern = _pattern(alternatives)
    literals = required(pattern)
    if literals is None:
        return
    for match in regex.finditer(pattern, text, regex.IGNORECASE):
        assert any(literal in folded(match[0]) for literal in literals), (pattern, match[0])


@cache
def _packs() -> tuple[Pack, ...]:
    return load_pack("en"), load_pack("fr")


@cache
def _rules() -> tuple[tuple[str, Rule], ...]:
    return tuple((f"{pack.name}.{rule.name}", rule) for pack in _packs() for rule, _ in pack.rules)


@cache
def _examples() -> tuple[str, ...]:
    texts = [text for pack in _packs() for _, beside in pack.rules for text in (*beside.flag, *beside.pass_)]
    people = [rule for pack in _packs() for rule in (pack.people.rules if pack.people else ())]
    return tuple(texts + [text for rule in people for text in (*rule.fail, *rule.pass_)])


@cache
def _prefilter() -> Prefilter:
    return Prefilter(entry for pack in _packs() for entry in pack.literals())


def _agree(reading: Reading) -> None:
    """Each pack finds the same with the prefilter's answer as with every token run."""
    possible = _prefilter().possible(reading.text)
    for pack in _packs():
        found = [list(pack.flags(pack.see(reading, reading, keys))) for keys in (possible, _every(pack))]
        assert found[0] == found[1]


def _every(pack: Pack) -> dict[str, list[int]]:
    """As if each token and each part's pattern had been found possible."""
    named: defaultdict[str, list[int]] = defaultdict(list)
    for (name, at), _ in pack.literals():
        named[name].append(at)
    return named


def test_each_rules_examples_are_found_with_it_and_without() -> None:
    """The texts that the packs are tested with, all rules on each."""
    for text in random.Random(53).sample(_examples(), min(60, len(_examples()))):
        _agree(read(text))


@settings(deadline=None)  # what a token costs to compile is paid by whoever asks first
@given(st.lists(st.sampled_from(range(10_000)), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_mixture_of_examples_is_found_with_it_and_without(places: list[int], chance: random.Random) -> None:
    """Words of several examples, shuffled and in any case, on a few rules: the tokens found possible are enough."""
    words = [word for at in places for word in _examples()[at % len(_examples())].split()]
    chance.shuffle(words)
    reading = read(" ".join(word.upper() if chance.random() < 0.2 else word for word in words))
    for _, rule in chance.sample(_rules(), 4):
        waiting = Prefilter((("", at), wanted) for at, wanted in enumerate(rule.literals))
        possible = waiting.possible(reading.text).get("", [])
        assert list(rule.matches(reading, possible)) == list(rule.matches(reading, range(len(rule.literals))))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_filtered_without_loss(text: str) -> None:
    """Whatever stands in it, a token that matches was found possible."""
    reading = read(text)
    for _, rule in _rules()[:6]:
        waiting = Prefilter((("", at), wanted) for at, wanted in enumerate(rule.literals))
        possible = waiting.possible(reading.text).get("", [])
        assert list(rule.matches(reading, possible)) == list(rule.matches(reading, range(len(rule.literals))))


def test_the_literals_that_are_kept_are_those_of_the_packs() -> None:
    """After a change of a pack: `make leaning`."""
    assert json.loads(KEPT.read_text(encoding="utf-8")) == literals()
