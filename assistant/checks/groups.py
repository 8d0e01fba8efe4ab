"""Groups of people that a text speaks of: "the 53 people who", "412 of you", "a handful of fans", « une poignée d'entre vous ».

Fuzzy words are ranges and cure nothing: what counts is their lower end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from assistant.checks.numbers import WORDS, Mention, mentions
from assistant.checks.reading import Reading

_PEOPLE = (
    r"(?:people|persons?|viewers?|listeners?|fans?|users?|subscribers?|members?|customers?|readers?|souls?|folks?|"
    r"humans?|followers?|households?|homes|families|profiles?|accounts?|players?|riders?|guests?|patients?|couples?|"
    r"men|women|kids|children|teenagers|friends|lovers|heroes|legends|champions|insomniacs|of you|of us|among you|"
    r"personnes?|gens|spectateurs|spectatrices|auditeurs|auditrices|abonnés|abonnées|fidèles|utilisateurs|"
    r"utilisatrices|clients|clientes|lecteurs|lectrices|foyers|ménages|familles|profils|comptes|joueurs|joueuses|"
    r"amis|hommes|femmes|enfants|irréductibles|passionnés|courageux|héros|âmes|"
    r"d'entre vous|d'entre nous|parmi vous)"
)
_BETWEEN = r"(?:(?:de|d'|des|of|of the|of our)\s*)?(?:[\w'-]+\s+){0,2}?"
_FUZZY = {
    "a couple of dozen": 20, "a couple of hundred": 150, "a few dozen": 24, "a few hundred": 200, "a few thousand": 2000,
    "a couple": 2, "a handful": 3, "a few": 3, "several": 3, "a dozen": 10, "dozens": 24, "hundreds": 200,
    "a hundred": 80, "a thousand": 900, "thousands": 2000, "millions": 2_000_000,
    "une poignée": 3, "quelques dizaines": 20, "quelques centaines": 200, "quelques milliers": 2000, "quelques": 3,
    "plusieurs": 3, "une dizaine": 8, "une douzaine": 10, "une quinzaine": 12, "une vingtaine": 16,
    "une trentaine": 25, "une quarantaine": 35, "une cinquantaine": 45, "une soixantaine": 55, "une centaine": 80,
    "des dizaines": 20, "des centaines": 200, "des milliers": 2000, "un millier": 900, "des millions": 2_000_000,
}  # fmt: skip
_FUZZY_GROUP = regex.compile(
    rf"\b(?P<fuzzy>{'|'.join(sorted(map(regex.escape, _FUZZY), key=len, reverse=True))})\s+{_BETWEEN}{_PEOPLE}(?!\w)",
    flags=regex.IGNORECASE,
)
_AFTER = regex.compile(rf"[\s-]*{_BETWEEN}{_PEOPLE}(?!\w)", flags=regex.IGNORECASE)
_WORD_GROUP = regex.compile(
    rf"\b(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})\s+{_BETWEEN}{_PEOPLE}(?!\w)", flags=regex.IGNORECASE
)
_ONE = regex.compile(
    r"\b(?:the (?:one |only |single |lone )?(?:person|viewer|listener|fan|household|user|subscriber|man|woman|guy) "
    r"(?:who|that|in)|(?:to|dear) the (?:one|only) (?:person|viewer)|(?:exactly |just |only )?one (?:of you|person|viewer|"
    r"listener|user|subscriber|household)\b|someone out there who|whoever (?:you are|keeps|watched|listened)|you know who "
    r"you are|la (?:seule )?personne qui|l'un(?:e)? d'entre vous|(?:une|un) seule? (?:personne|d'entre vous|spectateur|"
    r"abonné)|celui qui|celle qui|quelqu'un parmi vous)",
    flags=regex.IGNORECASE,
)
_OUT_OF = regex.compile(r"^\s*(?:out of|of|in|sur|parmi)\s+(?:the |our |les |nos )?", flags=regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """A group spoken of: where, at least how many, and whether the number is exact."""

    start: int
    end: int
    size: float
    exact: bool
    of: float | None = None


def groups(reading: Reading, lang: str | None) -> Iterator[Group]:
    """Every group of the text; positions are the reading's."""
    text = reading.text
    numbers = [m for m in mentions(text, lang) if m.role in ("number", "year")]
    for at, mention in enumerate(numbers):
        following = numbers[at + 1] if at + 1 < len(numbers) else None
        whole = _whole(text, mention.end, following.start if following else None)
        if whole and following and (after := _AFTER.match(text, following.end)):
            yield Group(mention.start, after.end(), _least(mention), mention.exact, following.value)
        elif after := _AFTER.match(text, mention.end):
            yield Group(mention.start, after.end(), _least(mention), mention.exact)
    taken = {mention.start for mention in numbers}
    for match in _FUZZY_GROUP.finditer(text):
        yield Group(*match.span(), _FUZZY[match["fuzzy"].lower()], exact=False)
    for match in _WORD_GROUP.finditer(text):
        if match.start() not in taken:
            yield Group(*match.span(), WORDS[match["word"].lower()], exact=True)
    for match in _ONE.finditer(text):
        yield Group(*match.span(), 1, exact=True)


def _least(mention: Mention) -> float:
    return mention.value if mention.exact else mention.low


def _whole(text: str, end: int, following: int | None) -> bool:
    return following is not None and bool(_OUT_OF.fullmatch(text[end:following]))
