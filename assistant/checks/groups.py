"""Groups of people that a text speaks of: "the 53 people who", "412 of you", "all but 7 of the 1,200", « une poignée d'abonnés ».

Fuzzy words are ranges and cure nothing: what counts is their lower end. A share ("2 %", "one in 50") is worked back where
the text or the evidence names the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.checks.audience import AUDIENCE, ONE_OF_AUDIENCE, Counted, acted, bare, counted, greeted, spoken_of
from assistant.checks.persons import NOT_ONE, persons
from assistant.checks.quantities import SENTENCE_ENDS, Amount, Words, amounts, listed, sentence_start
from assistant.checks.reading import Reading

NEAR = 6  # amounts; a share is of one of those told just before it


@dataclass(frozen=True, slots=True)
class Group:
    """A group spoken of: where, at least how many (at most, where a reader can tell), whether the number is exact, and of
    how many in all. `rest`: it is the few that are left out ("all but 7")."""

    start: int
    end: int
    size: float
    exact: bool
    of: float | None = None
    high: float = float("inf")
    low: float = 0.0
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a text tells of groups: its words, the groups, and whether it tells a share of nobody knows how many."""

    words: Words
    groups: tuple[Group, ...]
    unknown_share: bool


@lru_cache(64)
def look(text: str, lang: str | None, whole: float | None) -> Look:
    """All that a text, made plain, tells of groups. `whole`: how many there are in all, from the evidence."""
    words = Words.of(text)
    found = amounts(words, lang)
    told = list(_told(words, found, whole)) if found else []
    told += [Group(*span, 1, exact=True, high=1, low=1) for span in persons(words, alone=not told)]
    lost = not any(group.of for group in told) and any(_is_share(words, *pair) for pair in pairwise([*found, None]))
    return Look(words, tuple(told), lost)


def _is_share(words: Words, amount: Amount | None, following: Amount | None) -> bool:
    """Whether an amount is a share of an audience, neither none nor all of it."""
    share = amount if amount is None or amount.share else _ratio(words, amount, following)
    return share is not None and 0 < share.value < 1 and counted(words, share) is not None


def groups(reading: Reading, lang: str | None, whole: float | None = None) -> Iterator[Group]:
    """Every group of the text; positions are the reading's."""
    yield from look(reading.text, lang, whole).groups


def _told(words: Words, found: list[Amount], whole: float | None) -> Iterator[Group]:
    used = -1
    for at, amount in enumerate(found):
        if amount.first < used:
            continue
        following = found[at + 1] if at + 1 < len(found) else None
        group, used = _one(words, amount, following, found[max(0, at - NEAR) : at + 3], whole)
        if group is not None:
            yield group


def _one(words: Words, amount: Amount, following: Amount | None, found: list[Amount], whole: float | None
         ) -> tuple[Group | None, int]:  # fmt: skip
    """The group of one amount, and the word up to which another amount belongs to it."""
    ratio = _ratio(words, amount, following)
    if ratio is not None:
        group, used = _shared(words, ratio, found, whole)
        return group, max(used, ratio.last)
    if amount.share:
        return _shared(words, amount, found, whole)
    if (opening := _opened_by(words, amount, found)) is not None:
        return _group(words, amount.first, amount.last, amount, of=opening), 0
    of_whole = following is not None and _of_whole(words, amount, following)
    if _left_out(words, amount):
        return _rest(words, amount, following if of_whole else None), following.last if following and of_whole else 0
    if following is not None and of_whole and not _is_among(words, amount):
        return _part(words, amount, following), following.last
    return _plain(words, amount, found), 0


def _is_among(words: Words, amount: Amount) -> bool:
    """As in "if you were one of the 70,000": nobody is counted but the 70,000."""
    before = words.low[max(0, amount.first - 2) : amount.first]
    return amount.value == 1 and bool(
        {"were", "are", "re", "you're", "being", "was", "every", "as", "each", "êtes"} & set(before)
    )


def _group(words: Words, first: int, last: int, amount: Amount, **more: float | None) -> Group:
    size = amount.value if amount.exact else amount.low
    return Group(words.start[first], words.end[last - 1], size, amount.exact, high=amount.high, low=amount.low, **more)  # type: ignore[arg-type]


def _plain(words: Words, amount: Amount, near: list[Amount]) -> Group | None:
    """As in "412 of you", "the 53 who watched it", "Finished it: 12"."""
    after = words.low[amount.last : amount.last + 3]
    if after[:2] == ("of", "us") or after in (("d'", "entre", "nous"), ("parmi", "nous")):  # the house itself
        return None
    found = counted(words, amount)
    if amount.value == 1 and amount.exact:
        return _just_one(words, amount, found)
    if found is not None and spoken_of(words, amount, found):
        of = _named_whole(words, amount, near, found) if found.kind == "them" else None
        return _group(words, amount.first, found.end, amount, of=of.value if of and of.value >= amount.value else None)
    if found is None and (
        bare(words, amount) or _nobody_but(words, amount) or _you_are(words, amount) or _others(words, amount)
    ):
        return _group(words, amount.first, amount.last, amount)
    return None


def _just_one(words: Words, amount: Amount, found: Counted | None) -> Group | None:
    """As in "just one of you", "one household", « un seul abonné »; not "which one of you", "one of our listeners asked"."""
    low, first = words.low, amount.first
    before = low[first - 1] if first else ""
    if before == "single" and low[max(0, first - 2)] in ("every", "each"):
        return None
    if found is None or before in NOT_ONE or (low[first] in ("un", "une", "a") and found.kind != "you"):
        return None
    if found.kind == "you" and _is_wished(words, first):
        return None
    direct = low[amount.last : amount.last + 1] != ("of",) or found.kind == "you"
    if direct or before in _JUST or acted(words, found.end, 4):
        if found.kind in ("people", "who", "them") and not spoken_of(words, amount, found):
            return None
        return _group(words, first, found.end, amount)
    return None


def _is_wished(words: Words, at: int) -> bool:
    """As in "Could one of you teach us?", "until one of you stops us": it has not happened, and anyone may."""
    before = words.low[sentence_start(words, at) : at]
    return bool(before) and (before[-1] in _UNTIL or not _COULD.isdisjoint(before[-3:]))


_UNTIL = listed("until till if unless si")
_COULD = listed("could can will would may might peut peux pourrait pourra saurait voudrait veut")
_JUST = {"just", "only", "exactly", "a", "single", "precisely"}


def _nobody_but(words: Words, amount: Amount) -> bool:
    """As in "nobody but 12", « personne sauf 12 »."""
    before = words.low[max(0, amount.first - 4) : amount.first]
    return bool(before) and before[-1] in {*_EXCEPT, "bar"} and bool(_NOBODY & set(before))


_NOBODY = {"nobody", "none", "personne", "aucun", "aucune", "noone", "one"}


def _you_are(words: Words, amount: Amount) -> bool:
    """« Vous êtes 412 à », "there were 12 of you" without its "of you"."""
    low = words.low
    before = [word for word in low[max(0, amount.first - 6) : amount.first] if word not in _ONLY_THAT]
    pair = tuple(before[-2:])
    to = low[amount.last : amount.last + 1]
    if len(pair) == 2 and pair[0] in _WE and pair[1] in _ARE:
        near = low[amount.last : amount.last + 7]
        did = any(one == "à" and other.endswith(("er", "ir", "re")) for one, other in pairwise(near))
        return did or (pair[0] in ("vous", "nous", "n'") and bool(near) and (near[0] in _THEN or not near[0].isalpha()))
    return tuple(before[-3:]) in (("vous", "avez", "été"), ("ils", "ont", "été"), ("elles", "ont", "été")) and to == (
        "à",
    )


_ONLY_THAT = listed("que qu' seulement plus moins de ne donc déjà bien encore près")
_THEN = listed(
    "à et hier ce cette aujourd'hui ici lundi mardi mercredi jeudi vendredi samedi dimanche dans sur devant cet en au"
)
_WE = {"vous", "ils", "elles", "nous", "n'"}
_ARE = {"êtes", "étiez", "sont", "étaient", "sommes", "étions", "serez", "seront"}  # fmt: skip


def _others(words: Words, amount: Amount) -> bool:
    """As in "Ana, Ben and 11 others", who did something."""
    low, first, last = words.low, amount.first, amount.last
    if (
        low[last : last + 1] not in (("others",), ("autres",))
        or not first
        or low[first - 1] not in ("and", "et", "&", "plus")
    ):
        return False
    name = words.text[words.start[first - 2] : words.end[first - 2]] if first > 1 else ""
    return name.istitle() and (acted(words, last, 9) or greeted(words, first))


def _opened_by(words: Words, amount: Amount, found: list[Amount]) -> float | None:
    """The whole that a sentence begins with: "Out of our 2,000 subscribers, 1,995 renewed"."""
    after = words.low[amount.last : amount.last + 1]
    if words.low[amount.first - 1 : amount.first] != (",",) or not (acted(words, amount.last, 4) or after in _ONLY):
        return None
    start = sentence_start(words, amount.first)
    other = next((one for one in found if one.first >= start), amount)
    opened = words.low[start : other.first]
    if other.first >= amount.first or len(opened) > 4 or _OUT_OF.isdisjoint(opened):
        return None
    return other.value if other.value >= amount.value and _people(words, other) else None


_ONLY = (("only",), ("seulement",))
_OUT_OF = {"of", "among", "sur", "parmi"}


def _of_whole(words: Words, amount: Amount, following: Amount) -> bool:
    """Whether the next number is what this one is taken from: "1,193 of the 1,200", « 12 sur nos 40 »."""
    between = words.low[amount.last : following.first]
    if following.share or not between or following.value < amount.value:
        return False
    if between[0] == "out":
        between = between[1:]
    if len(between) > 1 and between[0] not in _TAKEN and counted(words, amount):
        between = between[next((n for n, word in enumerate(between) if word in _TAKEN), 0) :]
    return bool(between) and between[0] in _TAKEN and all(word in _THEIR for word in between[1:])


_TAKEN = {"of", "in", "sur", "parmi", "among", "/", "de", "des"}
_THEIR = listed("the our those these les nos ces a total of all my exactly")


def _ratio(words: Words, amount: Amount, following: Amount | None) -> Amount | None:
    """As in "one in 50", « 9 sur 10 », "two out of three": a share, unless it says of which ones ("9 of the 10 viewers")."""
    if (
        following is None
        or amount.share
        or following.value < max(2, amount.value)
        or not _of_whole(words, amount, following)
    ):
        return None
    between = words.low[amount.last : following.first]
    said = [word for word in between if word in _TAKEN or word in _THEIR]
    if len([word for word in said if word in _THEIR - {"of"}]) or not amount.exact:
        return None
    few = amount.value == 1 or following.value in (2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000)
    if not few or (between[0] == "of" and amount.value == 1):
        return None
    value = amount.value / following.value
    return Amount(amount.first, following.last, value, value, value, share=True)


def _part(words: Words, amount: Amount, following: Amount) -> Group | None:
    """As in "1,998 of the 2,000 viewers": a group and its whole."""
    found = counted(words, amount) or counted(words, following)
    named = found is not None and (spoken_of(words, amount, found) or spoken_of(words, following, found))
    if not named and not (found is None and _goes_on(words, following.last)):
        return None
    end = max(following.last, found.end if found else 0)
    return _group(words, amount.first, end, amount, of=following.value)


def _goes_on(words: Words, at: int) -> bool:
    """A number with no noun after it, of whom something is told: "1,193 of 1,200 stayed"."""
    return acted(words, at, 2)


def _left_out(words: Words, amount: Amount) -> bool:
    """As in "all but 7", "everyone except nine", « tous sauf 7 »."""
    if _EXCEPT_OR_BAR.isdisjoint(words.low[max(0, amount.first - 3) : amount.first]):
        return False
    before = words.low[max(sentence_start(words, amount.first), amount.first - 9) : amount.first]
    return (
        (not _EXCEPT.isdisjoint(before[-3:]) or before[-1:] == ("bar",))
        and not _ALL.isdisjoint(before)
        and _NOBODY.isdisjoint(before)
    )


_EXCEPT = listed("but except save minus excepting sauf hormis excepté part exception")
_EXCEPT_OR_BAR = _EXCEPT | {"bar"}
_ALL = listed("all everyone everybody every each tous toutes tout chaque entire whole chacun")
_EVERYONE = {"everyone", "everybody", "monde"}


def _rest(words: Words, amount: Amount, whole: Amount | None) -> Group | None:
    """The few that are left out, where they are people."""
    before = words.low[max(sentence_start(words, amount.first), amount.first - 9) : amount.first]
    last = whole.last if whole is not None else amount.last
    found = counted(words, amount) or (counted(words, whole) if whole is not None else None)
    if not (_are_people(words, amount, set(before), found) or (found is None and _can_be_people(words, before, last))):
        return None
    of = whole.value if whole is not None else None
    return _group(words, amount.first, max(last, found.end if found else 0), amount, of=of, rest=True)


def _are_people(words: Words, amount: Amount, before: set[str], found: Counted | None) -> bool:
    """All of whom are people: "all our subscribers but 7", "all but 7 of you"."""
    if not before.isdisjoint(AUDIENCE | ONE_OF_AUDIENCE | {"you", "vous"}):
        return True
    return found is not None and (
        found.kind in ("you", "audience") or greeted(words, amount.first) or acted(words, found.end)
    )


def _can_be_people(words: Words, before: tuple[str, ...], last: int) -> bool:
    """A bare number that ends its clause or did something, and nothing but people before it: "everyone except nine"."""
    ends = last >= len(words.low) or words.low[last] in SENTENCE_ENDS | {",", ";", ":"} or acted(words, last, 3)
    things = [word for word in before if len(word) > 4 and word.endswith("s") and word not in AUDIENCE | _ALL]
    return ends and (not things or not _EVERYONE.isdisjoint(before))


def _named_whole(words: Words, share: Amount, found: list[Amount], mine: Counted | None) -> Amount | None:
    """The number that a share is of: "2 % of our 4,000 subscribers", "Of our 4,000 subscribers, 2 %", "2 % of them"."""
    at = next((n for n, other in enumerate(found) if other.first >= share.last), len(found))
    if at < len(found) and not found[at].share:
        between = words.low[share.last : found[at].first]
        if between and between[0] in (*_TAKEN, "d'"):
            return found[at] if all(word in _THEIR | _TAKEN for word in between) and _people(words, found[at]) else None
    for other in reversed(found[:at]):
        told = other.last <= share.first and not other.share and _people(words, other)
        if told and ((mine is not None and mine.kind in ("them", "you")) or _opens_with(words, other, share)):
            return other
    return None


def _opens_with(words: Words, whole: Amount, share: Amount) -> bool:
    """Whether a sentence begins with the whole, and then tells a share of it."""
    start = sentence_start(words, share.first)
    opened = words.low[max(start, whole.first - 3) : whole.first]
    after = words.low[share.last : share.last + 1]
    return whole.first >= start and not _OUT_OF.isdisjoint(opened) and after not in (("of",), ("de",))


def _people(words: Words, amount: Amount) -> bool:
    found = counted(words, amount)
    return found is not None and (found.kind == "who" or spoken_of(words, amount, found))


def _shared(words: Words, share: Amount, found: list[Amount], whole: float | None) -> tuple[Group | None, int]:
    """A share worked back to people, and where its whole ends if that follows."""
    mine = counted(words, share)
    named = _named_whole(words, share, found, mine)
    follows = named.last if named is not None and named.first >= share.last else 0
    of = named.value if named is not None else whole if mine is not None and mine.kind in _OF_ALL else None
    if not of:
        return None, follows
    end = max(share.last, follows, mine.end if mine else 0)
    low, high, size = share.low * of, share.high * of, round(share.value * of, 6)
    return Group(words.start[share.first], words.end[end - 1], size, exact=False, of=of, high=high, low=low), follows


_OF_ALL = ("you", "audience", "them")
