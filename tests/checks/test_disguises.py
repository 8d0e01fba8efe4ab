"""Disguises are seen through, at their place; what only looks like one is read as it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks import Checker
from assistant.checks.disguises import EMOJI_WORDS, LOOK_ALIKES
from assistant.checks.reading import Reading, read
from assistant.checks.wording import load_style
from assistant.models import Candidate, Flag

HURT = {
    "en": "To the 53 people who've watched A Christmas Prince every day for the past 18 days: Who hurt you?",
    "fr": "Aux 53 personnes qui ont regardé A Christmas Prince chaque jour depuis 18 jours : qui vous a fait du mal ?",
}
ASKED = {"en": "Who hurt you", "fr": "qui vous a fait du mal"}
CHECKER = Checker()
_CYRILLIC = {latin: other for other, latin in LOOK_ALIKES.items() if "\u0400" <= other <= "\u052f"}
_SMALL = {
    latin: other for other, latin in LOOK_ALIKES.items() if unicodedata.name(other).startswith("LATIN LETTER SMALL")
}
_SIGNS = {"a": "@", "i": "!", "o": "0"}
_LEET = str.maketrans("aeioAEIO", "43104310")


def flags(text: str, lang: str | None) -> list[Flag]:
    return list(CHECKER(Candidate(text, lang=lang)).flags)


def _letters(make: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(make(c) if c.isalpha() else c for c in text)


def _words(make: Callable[[str], str], least: int = 3) -> Callable[[str], str]:
    return lambda text: regex.sub(rf"\p{{L}}{{{least},}}", lambda word: make(word[0]), text)


def _shifted(upper: int, lower: int) -> Callable[[str], str]:
    def make(c: str) -> str:
        if not c.isascii() or not c.isalnum():
            return c
        return chr(ord(c) - ord("A") + upper if c.isupper() else ord(c) - ord("a") + lower) if c.isalpha() else c

    return lambda text: "".join(map(make, text))


WHOLE: dict[str, Callable[[str], str]] = {
    "Cyrillic look-alikes": lambda text: "".join(_CYRILLIC.get(c, c) for c in text),
    "small capitals": lambda text: "".join(_SMALL.get(c, c) for c in text),
    "zero-width spaces": _words("\u200b".join, 2),
    "soft hyphens": _words("\u00ad".join, 2),
    "word joiners and fillers": _words("\u2060\u3164".join, 2),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "mathematical bold": _shifted(0x1D400, 0x1D41A),
    "circled letters": _shifted(0x24B6, 0x24D0),
    "letters struck through": _letters(lambda c: c + "\u0336"),
    "letters that drip": _letters(lambda c: c + "\u0317\u0353\u030e"),
    "full stops between letters": _words(".".join),
    "hyphens between letters": _words("-".join),
    "asterisks between letters": _words("*".join),
    "capitals": str.upper,
    "odd spaces": lambda text: text.replace(" ", "\u2003"),
    "line breaks of another kind": lambda text: text.replace(" ", "\v"),
    "decomposed accents": lambda text: unicodedata.normalize("NFD", text),
}
BESIDE: dict[str, Callable[[str], str]] = {
    "leetspeak": _words(lambda word: word.translate(_LEET), 2),
    "letters drawn out": _words(lambda word: word[:-1] + 4 * word[-1], 2),
    "marks of Markdown": _words(lambda word: f"**{word[0]}**{word[1:]}", 2),
    "underlines": _words(lambda word: f"_{word}_", 2),
    "spaced letters": _words(" ".join),
    "two spaces between spaced letters": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "slashes between letters": _words("/".join),
    "entities": _letters(lambda c: f"&#{ord(c)};"),
    "hexadecimal entities": _words(lambda word: f"&#x{ord(word[0]):x};{word[1:]}", 2),
    "letters of other languages": lambda text: text.replace("o", "ö").replace("u", "ŭ"),
    "hidden gaps for spaces": lambda text: text.replace(" ", "\u200b"),
    "words torn at the end of a line": _words(lambda word: f"{word[:2]}-\n{word[2:]}", 4),
    "signs for letters": lambda text: regex.sub(r"(?<=\p{L})[aio](?=\p{L})", lambda c: _SIGNS[c[0]], text),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("disguise", WHOLE)
def test_the_post_about_53_people_is_blocked_in_any_disguise(disguise: str, lang: str) -> None:
    """For its tone and, hard, for its size, whatever was done to its letters."""
    errors = [flag for flag in flags(WHOLE[disguise](HURT[lang]), lang) if flag.level == "error"]
    assert {"presumed-distress", "disclosure"} <= {flag.category for flag in errors}
    assert any(flag.hard for flag in errors if flag.category == "disclosure")


@pytest.mark.parametrize("lang", ["en", "fr", None])
@pytest.mark.parametrize("disguise", BESIDE)
def test_and_for_its_tone_where_a_word_could_be_another(disguise: str, lang: str | None) -> None:
    """Also where undoing the disguise would change numbers: these readings stand beside the text."""
    for asked in ASKED.values() if lang is None else (ASKED[lang],):
        text = f"To the 53 people: {BESIDE[disguise](asked)}?"
        found = flags(text, lang)
        assert "presumed-distress" in {flag.category for flag in found if flag.level == "error"}, text
        assert any(flag.hard for flag in found if flag.category == "disclosure") or lang == "fr"


@pytest.mark.parametrize("disguise", [*WHOLE, *BESIDE])
def test_the_flag_covers_the_disguise(disguise: str) -> None:
    """From its first to its last character, in the text as it was written."""
    disguised = {**WHOLE, **BESIDE}[disguise](ASKED["en"])
    text = f"🎉 Really: {disguised} ?"
    found = [flag for flag in flags(text, "en") if flag.category == "presumed-distress"]
    assert found
    assert all(text[flag.start : flag.end] == flag.quote for flag in found)
    letters = regex.sub(r"^[\W_]+|[\W_]+$", "", disguised)
    assert any(letters in flag.quote for flag in found), [flag.quote for flag in found]


WORDS = {
    "h3ll0": "hello", "h3110": "hello", "@ss": "ass", "l0$er": "loser", "5h1t": "shit", "a$$hole": "asshole",
    "b!tch": "bitch", "k1ll": "kill", "p1ease": "please", "c0nn@rd": "connard", "m€rde": "merde", "£oser": "£oser",
    "looooser": "loser", "asssss": "ass", "l o s e r": "loser", "l • o • s": "l • o • s", "l-o-s-e-r": "loser",
    "lo-ser": "loser", "hu-rt": "hurt", "ĺöser": "loser", "lóser": "loser", "#ForeverAlone": "#Forever Alone",
    "&#119;ho": "who", "&#x77;ho": "who", "**w**ho": "who", "w_h_o": "who", "~~lo~~ser": "loser", "fa9": "fag",
    "ᴸᴼˢᴱᴿ": "LOsER", "🅻🅾🆂🅴🆁": "LOSER", "ⓛⓞⓢⓔⓡ": "loser", "ʟᴏꜱᴇʀ": "loser", "ＬＯＳＥＲ": "LOSER",
}  # fmt: skip


@pytest.mark.parametrize("written", WORDS)
def test_a_word_is_read(written: str) -> None:
    """One of its readings is the word."""
    reading = read(f"so {written} there")
    assert f"so {WORDS[written]} there" in [one.text for one in (reading, *reading.others)]


@pytest.mark.parametrize(
    "plain",
    [
        "4K", "U2", "7up", "2.1", "53", "1,200", "3rd", "1er", "2e", "90s", "20h30", "24h/24", "10km", "5€", "$5", "US$", "A380",
        "H2O", "R2", "5G", "S1E2", "1080p", "100m", "5min", "3,749", "1.2M", "12 345", "€5k", "#1", "Wow!", "yes!!", "C++", "a+b",
        "well-known", "est-ce", "peut-être", "re-run", "vous-même", "a-t-il", "x-ray", "co-op", "see", "ball", "Hmm", "R&B",
        "a b", "I a", "https://t.co/a1b2c3", "l'été", "naïve à côté", "…", "“Tea”", "« thé »", "🎉", "👩‍👩‍👧", "🇫🇷", "1️⃣",
    ],
)  # fmt: skip
def test_a_plain_text_is_read_as_it_stands(plain: str) -> None:
    """Numbers, units, models, times, links and compounds are no disguises."""
    reading = read(f"qui le voit {plain} est là")
    assert reading.others == ()


@pytest.mark.parametrize("emoji", EMOJI_WORDS["en"])
def test_an_emoji_is_read_as_its_word(emoji: str) -> None:
    """In each language its own word, beside the text and at the emoji's place."""
    text = f"you {emoji}\ufe0f!"
    for other in read(text).others:
        assert other.lang in (None, "en", "fr")
        word = EMOJI_WORDS[other.lang or "en"][emoji]
        at = other.text.index(word)
        start, end = other.span(at, at + len(word))
        assert text[start:end].startswith(emoji)
    assert read(text).others


def test_an_emoji_for_a_word_is_flagged() -> None:
    """You 🖕 is not a kind thing to say, in either language."""
    for lang in ("en", "fr"):
        found = [flag for flag in flags("And you? 🖕", lang) if flag.category == "profanity"]
        assert [flag.quote for flag in found] == ["🖕"]


def test_a_disguise_is_flagged_once() -> None:
    """However many readings say the same."""
    found = [flag for flag in flags("You l00000ser, k1ll me.", "en") if flag.rule == "en.Shaming"]
    assert len({(flag.start, flag.end) for flag in found}) == len(found)


def test_a_title_hides_its_own_letters_only() -> None:
    """A title with figures for letters is masked in each reading; a disguise beside it is found."""
    titles = ("Wh0 Hurt Y0u",)
    checker = Checker(("en",), titles=titles)
    assert [f for f in checker(Candidate("Wh0 Hurt Y0u is back.", lang="en")).flags if f.check == "wording"] == []
    assert any(f.quote == "who hurt y0u" for f in checker(Candidate("Wh0 Hurt Y0u: who hurt y0u?", lang="en")).flags)


def test_french_words_are_no_english_ones() -> None:
    """An accent is a disguise in English and a letter in French: `râpe` is a grater."""
    assert [flag for flag in flags("La râpe de la maison est pour vous.", None) if flag.category == "violence"] == []


_PLAIN_WORDS = st.sampled_from(
    ["the", "best", "week", "of", "all", "for", "Second", "Breakfast", "le", "meilleur", "début", "de", "saison", "à", "Noël",
     "4K", "U2", "53", "1,200", "2.1", "3rd", "20h30", "U.S.A.", "été", "ça", "œuvre", "« thé »", "“tea”", "–", "won't", "l'été"]
)  # fmt: skip
_PIECES = st.one_of(st.integers(0, 10**7).map(str), st.sampled_from(["l0ser", "🐷", "sooo", "wh0", "**a**", "é"]))


@given(st.lists(_PLAIN_WORDS, max_size=30))
def test_ordinary_words_are_not_changed(words: list[str]) -> None:
    """English, French and numbers in any order are read letter for letter."""
    text = " ".join(words)
    assert read(text).text == text.replace("U.S.A.", "USA.")


@given(st.lists(_PIECES, max_size=12))
def test_numbers_stay_numbers(pieces: list[str]) -> None:
    """Beside any disguise, every number keeps its digits in every reading."""
    reading = read(" ".join(pieces))
    numbers = [piece for piece in pieces if piece.isdigit()]
    for one in (reading, *reading.others):
        assert [word for word in one.text.split() if word.isdigit()] == numbers


def _sound(reading: Reading) -> None:
    assert len(reading.text) == len(reading.origin)
    assert all(0 <= at < len(reading.original) for at in reading.origin)
    assert all(one <= other for one, other in pairwise(reading.origin))


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=3))
def test_each_character_knows_where_it_comes_from(text: str, titles: list[tuple[int, int]]) -> None:
    """In order, inside the text, in each reading and masked as well."""
    reading = read(text)
    masked = reading.masked(titles)
    for one in (reading, *reading.others, masked, *masked.others):
        _sound(one)
        for start in range(len(one.text)):
            first, last = one.span(start, start + 1)
            assert 0 <= first < last <= len(text)
    assert [other.origin for other in masked.others] == [other.origin for other in reading.others]


@given(st.text(max_size=60), st.sampled_from(sorted({*WHOLE, *BESIDE} - {"spaced letters"})), st.text(max_size=10))
def test_text_around_it_does_not_hide_a_disguise(before: str, disguise: str, after: str) -> None:
    """Whatever stands around the question, its letters are found."""
    asked = {**WHOLE, **BESIDE}[disguise]("Who hurt you")
    reading = read(f"{before}\n. {asked} .\n{after}")
    texts = [regex.sub(r"\s+", " ", one.text.lower()) for one in (reading, *reading.others) if one.lang in (None, "en")]
    assert any("who hurt you" in text or "who hurt yo" in text for text in texts)


def test_a_banned_word_of_the_house_is_seen_through_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Banned words and styles read disguises in every language."""
    folder = tmp_path_factory.mktemp("House")
    (folder / "Rule.yml").write_text("extends: existence\nmessage: m\ntokens: [pig, cochon]\n", encoding="utf-8")
    assert load_style(folder).problems == ()
    checker = Checker((), styles=[folder], house=("synergy",))
    assert {f.quote for f in checker(Candidate("syn3rgy, you 🐷", lang="de")).flags if f.check == "wording"} == {
        "syn3rgy",
        "🐷",
    }
