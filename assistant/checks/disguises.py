"""Words in disguise: h3llo, l o s e r, looooser, **w**ho, &#119;ho, lóser, an emoji for a word.

Each disguise has innocent twins (4K, MP3, “sooo good”, “R & B”), so nothing here changes the reading that numbers, groups
and most rules go by: what a text might say besides is read beside it, by word rules only. An ordinary text costs one search.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

# Letters of other scripts and styles that pass for Latin ones: Unicode's confusables as far as fonts draw them alike, and
# small capitals. What compatibility normalisation undoes (full width, mathematical, circled letters) is not here.
_DRAWN_ALIKE = """
аa еe оo рp сc уy хx іi јj ѕs ԁd һh нh кk мm тt вb гr пn шw ьb ѵv ԝw ԛq ӏl ӀI АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT
ХX УY ҮY ԌG ԚQ ԜW ΑA ΒB ΕE ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΧX ΥY ΖZ ϹC ϳj αa βb γy εe ηn ιi κk μu νv οo ρp σo τt υu χx ωw ςc ϲc
օo սu հh ոn ցg եe ՍU ՏS ՕO ɡg ɑa ɩi ƒf ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz
ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᎡR ᏚS ᎢT ᏙV ᎳW ᎩY ᏃZ
"""
LOOK_ALIKES = {pair[0]: pair[1] for pair in _DRAWN_ALIKE.split()} | {
    chr(0x1F130 + at): chr(0x41 + at) for at in range(26)
}
LOOK_ALIKES |= {chr(start + at): chr(0x41 + at) for start in (0x1F150, 0x1F170) for at in range(26)}

# What an emoji says where it stands for a word. Those that mostly say something else (💀 for laughing, 👀, 😭) are here
# too: the rules decide, and they want an address or a judgement beside it.
EMOJI_WORDS = {
    "en": {
        "🖕": "fuck you", "🍆": "dick", "💩": "shit", "🐷": "pig", "🐖": "pig", "🐽": "pig", "🐳": "whale", "🐋": "whale",
        "🐄": "cow", "🐮": "cow", "🤡": "clown", "🐀": "rat", "🐒": "monkey", "🐵": "monkey", "💀": "dead", "☠": "dead",
        "⚰": "coffin", "🪦": "grave", "🔪": "knife", "🔫": "gun", "🧟": "zombie", "🐍": "snake", "🐑": "sheep",
    },
    "fr": {
        "🖕": "va te faire foutre", "🍆": "bite", "💩": "merde", "🐷": "cochon", "🐖": "cochon", "🐽": "cochon",
        "🐳": "baleine", "🐋": "baleine", "🐄": "vache", "🐮": "vache", "🤡": "clown", "🐀": "rat", "🐒": "singe",
        "🐵": "singe", "💀": "mort", "☠": "mort", "⚰": "cercueil", "🪦": "tombe", "🔪": "couteau", "🔫": "pistolet",
        "🧟": "zombie", "🐍": "serpent", "🐑": "mouton",
    },
}  # fmt: skip

_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "€": "e",
         "£": "l"}  # fmt: skip
_I_OR_L = "1!|"  # each stands for either
_NOT_DECOMPOSED = str.maketrans("øłđħŧıØŁĐĦŦ", "oldhtiOLDHT")
# Short parts of words that are written with a hyphen.
_CLITICS = frozenset(regex.findall(r"\p{L}+", """
a c d e i j l m n o s t u x y ce ci en il je la là le on tu un va re co ex de tv us up in by to of no go do be an ok uk eu
pm am"""))  # fmt: skip

_SIGN = r"(?:[\d@$]|(?<=[\p{L}\d@$])[!|€£](?=[\p{L}\d@$]))"
_LEET_WORD = regex.compile(rf"https?://\S+|(?<![\w@#$€£])(?:\p{{L}}|{_SIGN})++(?!\w)")
_NUMBERISH = regex.compile(
    r"\d+\p{L}{1,2}|\d+(?i:min|sec|[eè][mr]e|mph|kmh|fps|ans|day|yrs|hrs|usd|eur|gbp|pts)s?|\p{L}\d{1,3}|\d+\p{L}\d+|"
    r"(?i:s\d+e\d+)|\p{Lu}{0,2}[$€£]+\d+\p{L}{0,2}|\p{Lu}{1,2}\$|https?:.*"
)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_MARKS = regex.compile(r"(?<![*_~`^])[*_~`^]++(?=\p{L})|(?<=\p{L})[*_~`^]++")
_BROKEN = regex.compile(r"(?<=\p{L})-[^\S\n]*\n\s*(?=\p{L})")
_HYPHENED = regex.compile(r"(?<![\w-])(?:\p{L}{1,2}-\p{L}{2,}|\p{L}{2,}-\p{L}{1,2})(?![\w-])")
_SPACED = regex.compile(
    r"(?<!\w)\p{L}(?P<gap>[ .·•*~|/+=,-]{1,2})\p{L}(?!\w)(?:(?P=gap)\p{L}(?!\w))+|(?<=  )\p{L} \p{L}(?=  |[^\w ]|$)"
)
_DRAWN_OUT = regex.compile(r"(\p{L})\1{2,}")
_CAMEL = regex.compile(r"(?<=#\w{0,60}\p{Ll})\p{Lu}(?=\p{Ll})")
_EMOJI = regex.compile(rf"([{''.join(EMOJI_WORDS['en'])}])\1*")  # a row of one says it once
_FOREIGN_ACCENT = regex.compile(r"[\u00c0-\u024f\u1e00-\u1eff--àâçéèêëîïôùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆßñÑ×÷]", flags=regex.V1)
_ACCENT = regex.compile(r"[àâçéèêëîïôùûüÿÀÂÇÉÈÊËÎÏÔÙÛÜŸñÑ]")
_BLANKS = regex.compile(r"[^\S\n]{2,}|(?<=\w)[^\S\n]*\n[^\S\n]*(?=\w)")
_CHANGES = 1000  # of one kind; no post has so many
_LONGEST = 20  # letters of a word
_LONG = regex.compile(r"(?<!\p{L})\p{L}{6,280}(?!\p{L})")
_FRENCH = regex.compile(
    r"(?:\b(?:les?|la|des|du|une?|est|dans|pour|qui|que|vous|avec|sur|aux?|et|en|ce|ne|pas|nous|on|de)\b.*?){2}",
    flags=regex.IGNORECASE | regex.DOTALL,
)
# What no disguise of a kind can do without: cheap to look for, and missing in most texts; first its signs, one by one.
_GAPS = "[ .·•*~|/+=,-]"
_SIGNS = {
    "entity": re.compile(r"&[#\w]+;"),
    "marks": re.compile(r"[*_~`^]"),
    "torn": re.compile(r"-\s*\n|-\w\w?(?!\w)|(?<!\w)\w\w?-"),
    "spaced": re.compile(rf"(?:{_GAPS}|^)\w({_GAPS}{{1,2}})\w\1\w(?!\w)"),
    "camel": re.compile(r"#\w"),
    "leet": re.compile(
        r"[0-9@$!|€£](?:(?<=[^\W\d_].)[^\W\d_]|(?<=[^\W\d_][0-9@$])|(?<=[0-9])[^\W\d_]{3}|(?<=[@$])[^\W\d_])"
    ),
    "drawn": re.compile(r"([a-zA-Z])\1\1"),
    "blanks": re.compile("  "),
    "lines": re.compile(r"\w *\n *\w"),
}
_NEEDED = {
    "entity": frozenset("&"), "marks": frozenset("*_~`^"), "torn": frozenset("-"), "camel": frozenset("#"),
    "leet": frozenset("0123456789@$!|€£"), "lines": frozenset("\n"),
}  # fmt: skip
_BEYOND_ASCII = {"foreign": _FOREIGN_ACCENT, "accent": _ACCENT}
_DRAWN = frozenset(EMOJI_WORDS["en"])


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text, where each of its characters comes from, and in which language it is to be read (None: in any).

    `run_together`: its letters were spaced, so that nobody can say where its words end.
    """

    text: str
    origin: Sequence[int]
    lang: str | None = None
    run_together: bool = False

    def changed(self, pattern: regex.Pattern[str], make: Callable[[regex.Match[str]], str]) -> Spelling:
        """With each match replaced; what replaces it comes from where the match stood, character by character."""
        made = [(*match.span(), make(match)) for match in itertools.islice(pattern.finditer(self.text), _CHANGES)]
        if not made:
            return self
        pieces: list[str] = []
        last = 0
        for start, end, new in made:
            pieces += [self.text[last:start], new]
            last = end
        text = "".join([*pieces, self.text[last:]])
        same = all(end - start == len(new) for start, end, new in made)
        return replace(self, text=text, origin=self.origin if same else self._moved(made))

    def _moved(self, made: Sequence[tuple[int, int, str]]) -> tuple[int, ...]:
        """Where each character comes from, where what was made has other lengths."""
        origin: list[int] = []
        last = 0
        for start, end, new in made:
            origin += self.origin[last:start]
            origin += (self.origin[min(start + at, end - 1)] for at in range(len(new)))
            last = end
        return (*origin, *self.origin[last:])

    def letters_of(self, pattern: regex.Pattern[str], where: Callable[[str], bool] = bool) -> Spelling:
        """With only the letters of each match, where that says so."""
        found = (range(*match.span()) for match in pattern.finditer(self.text) if where(match[0]))
        dropped = {at for places in found for at in places if not self.text[at].isalpha()}
        if not dropped:
            return self
        kept = [at for at in range(len(self.text)) if at not in dropped]
        return replace(self, text="".join(self.text[at] for at in kept), origin=tuple(self.origin[at] for at in kept))


def unmasked(text: str, origin: Sequence[int]) -> Iterator[Spelling]:
    """What a text might say besides, once its disguises are taken off; nothing where there are none."""
    signs = _signs(text)
    if not signs:
        return
    seen = {text}
    for several in _spellings(_cleared(Spelling(text, origin), signs), signs):
        spelling = several.changed(_BLANKS, lambda _: " ")
        if spelling.text not in seen:
            seen.add(spelling.text)
            yield spelling


def _signs(text: str) -> set[str]:
    """The kinds of disguise that a text may have; accents are none in French."""
    there = frozenset(text)
    possible = (name for name in _SIGNS if name not in _NEEDED or not there.isdisjoint(_NEEDED[name]))
    signs = {name for name in possible if _SIGNS[name].search(text)}
    if not text.isascii():
        signs |= {name for name, sign in _BEYOND_ASCII.items() if sign.search(text)}
        if "accent" in signs and _FRENCH.search(text):
            signs.remove("accent")
        if not _DRAWN.isdisjoint(there):
            signs.add("emoji")
    return signs


def _cleared(spelling: Spelling, signs: set[str]) -> Spelling:
    """Without what only stands between or around letters."""
    if "entity" in signs:
        spelling = spelling.changed(_ENTITY, lambda match: html.unescape(match[0])[:1])
    if "spaced" in signs:
        spelling = replace(spelling.letters_of(_SPACED), run_together=True)
    if "marks" in signs:
        spelling = spelling.letters_of(_MARKS)
    if "torn" in signs:
        spelling = spelling.letters_of(_BROKEN).letters_of(_HYPHENED, _torn)
    if "camel" in signs:
        spelling = spelling.changed(_CAMEL, lambda match: f" {match[0]}")
    return spelling


def _torn(word: str) -> bool:
    """Whether a hyphen tears a word apart: `hu-rt`, and not `re-run` or `est-ce`."""
    return _CLITICS.isdisjoint(word.lower().split("-"))


def _spellings(spelling: Spelling, signs: set[str]) -> Iterator[Spelling]:
    """Each way of reading what is ambiguous: 1 as i or l, ooo as o or oo, an emoji in either language."""
    for plain in _letters(spelling) if "leet" in signs else (spelling,):
        yield from _in_languages(plain.changed(_DRAWN_OUT, lambda match: match[1]), signs)
        if not signs.isdisjoint(("drawn", "leet")):
            yield from _in_languages(plain.changed(_DRAWN_OUT, lambda match: match[1] * 2), signs)


def _letters(spelling: Spelling) -> Iterator[Spelling]:
    yield spelling.changed(_LEET_WORD, lambda match: _unleet(match[0], "i"))
    yield spelling.changed(_LEET_WORD, lambda match: _unleet(match[0], "l"))


def _unleet(word: str, letter: str) -> str:
    if word.isalpha() or not any(map(str.isalpha, word)) or _NUMBERISH.fullmatch(word):
        return word
    return "".join(letter if c in _I_OR_L else _LEET.get(c, c) for c in word)


def _in_languages(spelling: Spelling, signs: set[str]) -> Iterator[Spelling]:
    """One spelling for every language, or one for each where an emoji or an accent says something else in it."""
    if signs.isdisjoint(("emoji", "foreign", "accent")):
        yield spelling
        return
    english, french = (_in_language(spelling, lang, signs) for lang in ("en", "fr"))
    yield from (english, french) if english.text != french.text else (replace(english, lang=None),)


def _in_language(spelling: Spelling, lang: str, signs: set[str]) -> Spelling:
    spelling = replace(spelling, lang=lang)
    if "emoji" in signs:
        spelling = spelling.changed(_EMOJI, lambda match: f" {EMOJI_WORDS[lang][match[1]]} ")
    if "foreign" in signs:
        spelling = spelling.changed(_FOREIGN_ACCENT, _bare)
    if "accent" in signs and lang == "en":
        spelling = spelling.changed(_ACCENT, _bare)
    return spelling


def _bare(match: regex.Match[str]) -> str:
    return _undrawn(match[0])


@lru_cache(1024)
def _undrawn(letter: str) -> str:
    """A letter without what is drawn on it."""
    return unicodedata.normalize("NFD", letter)[0].translate(_NOT_DECOMPOSED)


def gaps(text: str, words: Set[str]) -> list[int]:
    """Where blanks belong in words that run together, such as `whohurtyou`, if they are made of known words."""
    return [match.start() + at for match in _LONG.finditer(text) for at in _cuts(match[0].lower(), words)]


def _cuts(run: str, words: Set[str]) -> list[int]:
    """The places between the fewest known words that make up a run; none where it is not made of them."""
    best: list[list[int] | None] = [[]]
    for end in range(1, len(run) + 1):
        ways = [
            [*way, start]
            for start in range(max(0, end - _LONGEST), end)
            if (way := best[start]) is not None and run[start:end] in words
        ]
        best.append(min(ways, key=len, default=None))
    return (best[-1] or [0])[1:]
