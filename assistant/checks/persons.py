"""Single persons and households that no number names: "the lone idiot who", "someone in Leeds", « la seule personne qui »."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.audience import COMPOUNDS, ONE_OF_AUDIENCE, ONE_OF_SOMEBODY, acted, greeted, is_inside
from assistant.checks.quantities import Words, listed

NOT_ONE = listed("which every each any not no another the this that next number episode quelle êtes étiez pas")
_THE = listed("the a an that this la le l' une un cette ce our notre one any")
_LONE = listed("one only single lone sole solitary seul seule unique certain certaine mystery particular")
_ANYONE = {"someone", "somebody", "quelqu'un", "quelqu'une"}
_WHERE = listed("in from near of at à de du dans chez au en d'")
_ROOMS = listed(
    "Marketing Accounts Finance HR IT Legal Sales Engineering Design Props Wardrobe Christmas January February "
    "March April May June July August September October November December Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday"
)


def persons(words: Words, *, alone: bool) -> Iterator[tuple[int, int]]:
    """Where they stand. `alone`: the text tells of no other group, so "you know who you are" is said to one person."""
    for at, word in enumerate(words.low):
        if word not in _BEGINNINGS:
            continue
        end = _winked_at(words, at) if word in _KNOW else _person(words, at)
        if end and (alone or word not in _KNOW):
            yield words.start[at], words.end[min(end, len(words.low)) - 1]


_KNOW = listed("know savez sais")
_BEGINNINGS = _THE | _LONE | _ANYONE | _KNOW | {"celui", "celle", "whoever"}


def _person(words: Words, at: int) -> int:
    """The end of a single person's words; 0 where there is none."""
    low, word = words.low, words.low[at]
    if word in _ANYONE:
        return _somewhere_for_real(words, at + 1) or _of_us(low, at + 1) or _out_there(low, at)
    if word in _THE:
        return _the_one(words, at)
    if word in ("celui", "celle"):
        greeting = at > 0 and low[at - 1] in ("à", "pour", "cher", "chère", "merci")
        return at + 2 if greeting and low[at + 1 : at + 2] == ("qui",) else _of_us(low, at + 1)
    if word == "whoever":
        return at + 3 if acted(words, at, 5) or low[at + 1 : at + 3] == ("you", "are") else 0
    return _the_one(words, at - 1) if at and low[at - 1] not in _THE | NOT_ONE else 0


def _winked_at(words: Words, at: int) -> int:
    """As in "you know who you are", with nothing after it."""
    said = words.low[at : at + 4]
    if said not in (("know", "who", "you", "are"), ("savez", "qui", "vous", "êtes"), ("sais", "qui", "tu", "es")):
        return 0
    after = words.low[at + 4 : at + 5]
    return at + 4 if not after or not after[0][0].isalnum() else 0


def _out_there(low: tuple[str, ...], at: int) -> int:
    """As in "someone out there who"."""
    return at + 4 if low[at + 1 : at + 4] == ("out", "there", "who") else 0


def _of_us(low: tuple[str, ...], at: int) -> int:
    following = low[at : at + 3]
    if following[:2] in (("of", "you"), ("among", "you"), ("parmi", "vous")):
        return at + 2
    return at + 3 if following == ("d'", "entre", "vous") else 0


def _somewhere(words: Words, at: int) -> int:
    """As in "in Leeds", « à Limoges »: the end of a place's name."""
    if at + 1 >= len(words.low) or words.low[at] not in _WHERE - {"of"}:
        return 0
    name = words.text[words.start[at + 1] : words.end[at + 1]]
    return at + 2 if name[:1].isupper() and name[1:2].islower() and name not in _ROOMS else 0


def _somewhere_for_real(words: Words, at: int) -> int:
    """The same, but for a request: "Somebody in Ohio please send us some"."""
    end = _somewhere(words, at)
    return 0 if words.low[end : end + 1] and words.low[end] in ("please", "pour", "want") else end


def _the_one(words: Words, at: int) -> int:
    """The end of "the lone idiot who", "a viewer in Hull", « la seule personne qui »; 0 where it is no single person."""
    low, here, lone = words.low, at + 1, False
    while here < len(low) and here - at < 4 and (low[here] not in _PERSONS or _is_followed(low, here)):
        if not low[here][0].isalpha() or low[here] in _NO_WAY:
            break
        lone = lone or low[here] in _LONE
        here += 1
    if here >= len(low) or (here == at + 1 and low[at] == "one"):
        return 0
    lone = lone or low[here - 1] in _LONE
    if low[here] in ("d'", "of", "parmi") and low[here - 1] in ("seul", "seule"):
        return _of_us(low, here)
    return _single_person(words, at, here + 1, lone=lone) if low[here] in _PERSONS else 0


_NO_WAY = {"of", "who", "qui", "de", "in", "à", "number"}
_PERSONS = ONE_OF_AUDIENCE | ONE_OF_SOMEBODY


def _is_followed(low: tuple[str, ...], at: int) -> bool:
    """Whether "one" only comes before the person: "the one viewer"."""
    return low[at] == "one" and at + 1 < len(low) and low[at + 1] in _PERSONS


def _single_person(words: Words, at: int, end: int, *, lone: bool) -> int:
    """Whether somebody real is meant, and no figure of speech or of a story; then where their words end."""
    low = words.low
    if is_inside(low, end) or (end < len(low) and low[end] in COMPOUNDS):
        return 0
    if low[end - 2 : end] == ("single", "player"):  # a way to play
        return 0
    place, listener = _somewhere(words, end), low[end - 1] in ONE_OF_AUDIENCE
    who = end < len(low) and low[end] in ("who", "that", "qui", "whose", "dont")
    if listener and (lone or place or (who and low[at] in _DEFINITE)):
        return max(end, place)
    did, hello = acted(words, end, 8), greeted(words, at)
    if lone and (who or place) and (did or hello):
        return max(end, place)
    if hello and (
        (who and low[at] in _DEFINITE and (did or place)) or (place and (who or did or low[at] not in _DEFINITE))
    ):
        return max(end, place)
    return 0


_DEFINITE = listed("the la le l' that this cette ce")
