"""What a language needs beyond CLDR: the words of units, where articles and prepositions go, how a title is quoted.

CLDR (through Babel) gives numbers, dates and the names of countries. A language is one `Language` value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

NBSP = "\u00a0"  # weighs one on X; U+202F weighs two


@dataclass(frozen=True)
class Language:
    """The words of one language. Units are (one, several); `periods` names a period with its "best"."""

    code: str
    quotes: tuple[str, str]
    units: Mapping[str, tuple[str, str]]
    best: Mapping[str, str]
    period: Mapping[str, str]
    week: str
    day: str
    month: str
    over: str
    title_place: str


_EN_UNITS = {
    "hours": ("hour", "hours"), "minutes": ("minute", "minutes"), "views": ("view", "views"), "plays": ("play", "plays"),
    "streams": ("stream", "streams"), "listens": ("listen", "listens"), "people": ("person", "people"),
    "viewers": ("viewer", "viewers"), "listeners": ("listener", "listeners"), "profiles": ("profile", "profiles"),
    "households": ("household", "households"), "orders": ("order", "orders"), "rides": ("ride", "rides"),
    "events": ("time", "times"), "downloads": ("download", "downloads"), "visits": ("visit", "visits"),
    "places": ("place", "places"),
    "titles": ("title", "titles"), "times": ("time", "times"), "days": ("day", "days"), "weeks": ("week", "weeks"),
    "months": ("month", "months"), "years": ("year", "years"),
}  # fmt: skip
_FR_UNITS = {
    "hours": ("heure", "heures"), "minutes": ("minute", "minutes"), "views": ("vue", "vues"), "plays": ("lecture", "lectures"),
    "streams": ("écoute", "écoutes"), "listens": ("écoute", "écoutes"), "people": ("personne", "personnes"),
    "viewers": ("spectateur", "spectateurs"), "listeners": ("auditeur", "auditeurs"), "profiles": ("profil", "profils"),
    "households": ("foyer", "foyers"), "orders": ("commande", "commandes"), "rides": ("trajet", "trajets"),
    "events": ("fois", "fois"), "downloads": ("téléchargement", "téléchargements"), "visits": ("visite", "visites"),
    "places": ("place", "places"),
    "titles": ("titre", "titres"), "times": ("fois", "fois"), "days": ("jour", "jours"), "weeks": ("semaine", "semaines"),
    "months": ("mois", "mois"), "years": ("an", "ans"),
}  # fmt: skip

LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        code="en", quotes=("“", "”"), units=_EN_UNITS,
        best={"hour": "best hour", "day": "best day", "week": "best week", "month": "best month"},
        period={"hour": "hour", "day": "day", "week": "week", "month": "month"},
        week="the week of {date}", day="{date}", month="{date}", over="more than {number}", title_place=" in {place}",
    ),
    "fr": Language(
        code="fr", quotes=("«" + NBSP, NBSP + "»"), units=_FR_UNITS,
        best={"hour": "meilleure heure", "day": "meilleur jour", "week": "meilleure semaine", "month": "meilleur mois"},
        period={"hour": "heure", "day": "jour", "week": "semaine", "month": "mois"},
        week="la semaine du {date}", day="le {date}", month="{date}", over="plus de {number}",
        title_place=" dans «" + NBSP + "{place}" + NBSP + "»",
    ),
}  # fmt: skip

# English names that take an article, and French ones by what stands before them; the rules are in `in_country`.
_EN_ARTICLE = {"US", "GB", "NL", "PH", "AE", "BS", "MV", "GM", "CD", "CG", "CF", "DO", "CZ_", "MH", "SB", "SC", "KM"}
_FR_BARE = {
    "CU",
    "MT",
    "CY",
    "SG",
    "MC",
    "MG",
    "DJ",
    "TW",
    "HK",
    "BH",
    "OM",
    "MU",
    "SM",
    "MO",
    "BB",
    "KI",
    "TO",
    "WS",
    "PW",
}
_FR_PLURAL = {"US", "NL", "PH", "AE", "BS", "MV", "SC", "KM", "FJ", "MH", "SB"}
_FR_MASCULINE_E = {"MX", "KH", "MZ", "ZW", "BZ", "SR"}
_VOWEL = re.compile(r"[aeiouyéèêîôâ]", re.IGNORECASE)


def in_country(lang: str, code: str, name: str) -> str:
    """ "in France", "in the United States"; « en France », « au Japon », « aux États-Unis », « à Cuba »."""
    if lang == "en":
        return f"in the {name}" if code in _EN_ARTICLE else f"in {name}"
    if code in _FR_BARE:
        return f"à {name}"
    if code in _FR_PLURAL:
        return f"aux {name}"
    feminine = name.endswith("e") and code not in _FR_MASCULINE_E
    return f"en {name}" if feminine or _VOWEL.match(name) else f"au {name}"


def typography(text: str, lang: str) -> str:
    """The apostrophes and no-break spaces of a language, for the fixed words of a template."""
    text = text.replace("'", "’")
    if lang == "fr":
        text = re.sub(r"[ \u00a0\u202f]+([:;!?%»])", NBSP + r"\1", text)
        text = re.sub(r"«[ \u00a0\u202f]+", "«" + NBSP, text)
    return text
