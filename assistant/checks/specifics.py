"""What narrows a group down until its members can be told: a small place, an hour of the night, many conditions at once, and
an attribute that all of them have or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import regex

from assistant.checks.audience import AUDIENCE, ONE_OF_AUDIENCE, SOMEBODY
from assistant.checks.quantities import Words, listed, sentence_start
from assistant.models import Insight, Level

NIGHT = (23, 0, 1, 2, 3, 4, 5)  # the hours at which few are awake
MOST_CONDITIONS = 2
NEARLY_ALL = 0.9
_SMALL_DIMENSIONS = listed(
    "postcode zip zipcode zip_code street neighbourhood neighborhood station dock stop store branch school village block "
    "ward building address rue quartier arrondissement code_postal commune shop site library"
)
_STREETS = (
    "street road avenue lane close terrace station dock stop school village parish hamlet estate precinct campus branch "
    "library square"
)
_RUES = (
    "rue avenue boulevard place impasse allée quai quartier résidence immeuble hameau station arrêt école collège lycée "
    "square"
)
_PLACE = regex.compile(
    rf"""\b(?:\p{{L}}+[ ](?:{_STREETS.replace(" ", "|")})
    |(?:dock|platform|station|bus[ ]stop|block|precinct|ward|flat|room|building)[ ]\d+
    |(?:an?|one)[ ](?:address|street|building)
    |post[ ]?codes?|zip[ ]codes?|(?:\w+[ ])?neighbou?rhoods?|villages?|hamlets?|parish|\w+(?:st|nd|rd|th)[ ]floor
    |(?:{_RUES.replace(" ", "|")})[ ](?:(?:de|du|des|la|le|les)[ ]|d'|l')*\p{{Lu}}\p{{L}}+
    |codes?[ ]postal|codes[ ]postaux|(?:\d+e[ ])?arrondissement|(?:le|du|au|un|notre|ce)[ ](?:village|hameau|quartier)
    |une?[ ](?:adresse|immeuble|rue|quartier)|\p{{Lu}}\p{{L}}+[ ](?:Street|Road|Avenue|Lane|Station|Square))\b""",
    regex.VERBOSE,
)
_NO_PLACE = regex.compile(
    r"\b(?:(?:space|radio|tv|power|train|play|petrol|gas|work|docking) station|sesame street|abbey road)", regex.I
)
_AT_NIGHT = regex.compile(
    r"""(?<![\d:.,])(?:(?:0?[0-5]|12)(?::[0-5]\d)?[ ]?a\.?m\b|11(?::[0-5]\d)?[ ]?p\.?m\b|(?:0[0-5]|23)[:h][0-5]\d)
    |\b(?:à|vers|dès|après|avant|passé)[ ](?:23|0?[0-5])[ ]?h(?:eures?)?(?:[ ]?[0-5]\d)?(?!\w|[ ]de[ ]l'après)
    |\b(?:[1-5]|une|deux|trois|quatre|cinq)[ ](?:h|heures?)[ ]du[ ]matin\b
    |\b(?:midnight|minuit|(?:one|two|three|four|five)[ ](?:o'clock[ ])?in[ ]the[ ]morning|middle[ ]of[ ]the[ ]night
    |small[ ]hours|dead[ ]of[ ]night|en[ ]pleine[ ]nuit|au[ ](?:milieu|cœur)[ ]de[ ]la[ ]nuit)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CONDITIONS = tuple(
    regex.compile(pattern)
    for pattern in (
        "\ue000|[“«\"].{1,80}?[”»\"]|(?<!\\w)['‘].{1,80}?['’](?!\\w)",
        r"\b(?:in|near|from|à|en|au|de) (?:the )?\p{Lu}\p{L}+",
        r"(?i:\b(?:every|each|chaque|tous les|toutes les|in a row|straight|d'affilée|de suite|times|fois)\b)",
        (
            r"(?i:\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:lun|mar|mercre|jeu|vendre|same)dis?|dimanches?|mornings?|"
            r"evenings?|nights?|matins?|soirs?|nuits?)\b)"
        ),
        r"(?i:\b(?:under|over|aged)[- ]\d\d|\b(?:moins|plus) de \d\d ans\b)",
    )
)


def narrowing(sentence: str, insight: Insight | None) -> Iterator[tuple[str, Level, str, str]]:
    """What narrows the group of a sentence, and of a figure: the rule, its level, how, and what to write instead."""
    place = _PLACE.search(_NO_PLACE.sub(" ", sentence))
    if place or (insight and _SMALL_DIMENSIONS & {name.lower() for name in insight.where}):
        named = f" ({place[0]})" if place else ""
        yield "place", "error", f"to a place smaller than a city{named}", "Name the city or the country instead."
    if _AT_NIGHT.search(sentence) or (insight is not None and _is_night(insight)):
        yield "hour", "error", "to an hour of the night", "Leave the hour out."
    conditions = max(_conditions(insight), sum(bool(pattern.search(sentence)) for pattern in _CONDITIONS))
    if conditions > MOST_CONDITIONS:
        yield "conditions", "warning", f"by {conditions} conditions at once", "Leave one of them out."


def _is_night(insight: Insight) -> bool:
    return insight.every == "hour" and isinstance(insight.start, datetime) and insight.start.hour in NIGHT


def _conditions(insight: Insight | None) -> int:
    """A title, each dimension, how often: what narrows a figure down, its period apart."""
    if insight is None:
        return 0
    return bool(insight.subject) + len(insight.where) + ("times" in insight.params)


_ATTRIBUTES = listed(
    "gay lesbian lesbians bisexual queer straight trans transgender muslim muslims jewish jews christian "
    "christians catholic catholics atheist atheists hindu hindus buddhist buddhists protestant religious "
    "depressed anxious suicidal pregnant diabetic autistic disabled deaf blind epileptic infertile sick ill "
    "addicted addicts alcoholic alcoholics obese overweight fat single divorced widowed unemployed broke bankrupt "
    "poor immigrants immigrant refugees undocumented republican republicans democrat democrats conservative "
    "communists socialists black white asian arab arabs roma virgin virgins lonely sober drunk adopted impotent "
    "homosexuels homosexuelles lesbiennes hétéros musulmans musulmanes juifs juives chrétiens catholiques athées "
    "hindous bouddhistes protestants croyants déprimés déprimées dépressifs suicidaires enceintes diabétiques "
    "autistes handicapés handicapées sourds aveugles épileptiques stériles malades alcooliques drogués accros "
    "obèses gros grosses célibataires divorcés divorcées veufs veuves chômeurs fauchés pauvres immigrés réfugiés "
    "noirs blancs arabes roms vierges seuls ivres séropositifs"
)
_ALL = listed("all every everyone everybody each tous toutes chacun chacune chaque")
_NONE = listed("none nobody no aucun aucune personne nul")
_IS = listed("is are was were be been have has had sont est êtes étaient étiez était ont avez")
_RELATIVE = listed("who whose qui dont that if si")
_GROUP = AUDIENCE | ONE_OF_AUDIENCE | SOMEBODY | {"you", "vous", "everyone", "monde"}


def attributed(words: Words) -> Iterator[tuple[int, float]]:
    """Sensitive attributes of all, none or nearly all of an audience: the word, and the share of them that has it."""
    if not _ATTRIBUTES & set(words.low):
        return
    for at, word in enumerate(words.low):
        if word in _ATTRIBUTES and (share := _share(words, at)) is not None:
            yield at, share


def _share(words: Words, at: int) -> float | None:
    """How much of an audience has the attribute at this word, where that is all, none or nearly all."""
    before = words.low[max(sentence_start(words, at), at - 14) : at]
    verb = max((n for n, word in enumerate(before) if word in _IS), default=-1)
    group = set(before[:verb]) if verb >= len(before) - 4 else set()
    if not group & _GROUP or _RELATIVE & set(before):
        return None
    percent = _percent(before)
    if percent is not None:
        return percent if percent == 0 or percent >= NEARLY_ALL else None
    if group & _NONE or ("not" in group and group & {"one", "single"}):
        return 0
    return 1 if group & _ALL else None


def _percent(before: tuple[str, ...]) -> float | None:
    for number, sign in pairwise(before):
        if sign in ("%", "percent") and number.replace(",", ".").replace(".", "", 1).isdecimal():
            return float(number.replace(",", ".")) / 100
    return None
