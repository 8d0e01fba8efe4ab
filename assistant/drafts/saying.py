"""Numbers, days and lists as people say them, in any language that has a name file. Pure and cached: CLDR is slow.

Doctests show both languages; `NBSP` is printed as `~` in them.

>>> def shown(text): return text.replace(NBSP, "~")
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from assistant.drafts.languages import NBSP, Language

_MILLION = 1_000_000
WITHIN = 0.04  # "more than" may be so far below
CLOSE = 0.05  # "nearly" and "more than" before a round number: what the checks take them for
A_YEAR = {"days": 365.25, "weeks": 365.25 / 7, "months": 12}
_ENDS_IN_MILLIONS = re.compile(r"[^\W\d_]s?$")


@lru_cache(maxsize=8192)
def grouped(value: float, locale: str) -> str:
    """A number written out.

    >>> grouped(1_234_567, "en_US"), shown(grouped(1_234_567, "fr"))
    ('1,234,567', '1~234~567')
    """
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.##", locale=locale).replace("\u202f", NBSP)


@lru_cache(maxsize=8192)
def spoken(value: float, locale: str, digits: int = 1) -> str:
    """A number as people say it.

    >>> [spoken(n, "en_US") for n in (1_234_567, 486_312, 4_123, 2.32, 999_800)]
    ['1.2 million', '486,000', '4,123', '2.3', '1 million']
    >>> [shown(spoken(n, "fr")) for n in (1_234_567, 2_000_000, 1_000_000_000, 486_312, 1_999_999)]
    ['1,2~million', '2~millions', '1~milliard', '486~000', '2~millions']
    """
    value = _rounded(value, digits)
    if abs(value) < _MILLION:
        return grouped(value, locale)
    from babel.numbers import format_compact_decimal

    text = format_compact_decimal(value, format_type="long", locale=locale, fraction_digits=digits)
    if locale.startswith("fr") and abs(value) < 2 * 10 ** (6 if abs(value) < 1e9 else 9):
        text = re.sub(r"(million|milliard)s$", r"\1", text)  # CLDR's "many" puts a round milliard in the plural
    return text if locale.startswith("en") else re.sub("[ \u202f]", NBSP, text)


def _rounded(value: float, digits: int) -> float:
    """To what is said: a tenth of a million, a thousand from ten thousand on, a tenth below."""
    size = abs(value)
    if size >= 999_500:
        scale = 10.0 ** (3 * int(math.log10(max(size, _MILLION)) / 3))
        return float(round(value / scale, digits) * scale)
    if size >= 10_000:
        return float(round(value, -3))
    return value if float(value).is_integer() else round(value, 1)


def counted(value: float) -> float:
    """A count of whole things that a median put between two, as it can be said: no half people.

    >>> [counted(n) for n in (3213.5, 312.5, 12.5, 83_211.5, 42, 9_999.5)]
    [3200.0, 310.0, 13.0, 83211.5, 42, 10000.0]
    """
    if float(value).is_integer() or abs(value) >= 10_000:  # which `spoken` rounds to thousands
        return value
    return float(math.floor(value + 0.5)) if abs(value) < 100 else two_digits(value)


def two_digits(value: float) -> float:
    """Rounded to two digits that say something.

    >>> [two_digits(n) for n in (5_704, 57_038, 137, 96)]
    [5700.0, 57000.0, 140.0, 96.0]
    """
    return float(round(value, 1 - int(math.log10(abs(value))))) if value else 0.0


@lru_cache(maxsize=4096)
def compact(value: float, locale: str) -> str:
    """As short as it goes.

    >>> compact(1_234_567, "en_US"), shown(compact(1_234_567, "fr")), compact(486_312, "en_US")
    ('1.2M', '1,2~M', '486K')
    """
    from babel.numbers import format_compact_decimal

    digits = 1 if abs(value) >= _MILLION else 0
    text = format_compact_decimal(value, format_type="short", locale=locale, fraction_digits=digits)
    return re.sub("[ \u202f]", NBSP, text)


def percent(value: float, language: Language, locale: str) -> str:
    """A percentage, its sign as the language sets it.

    >>> percent(34, language("en"), "en_US"), shown(percent(61.5, language("fr"), "fr"))
    ('34%', '61,5~%')
    """
    return language.percent.format(number=grouped(round(value, 1), locale))


@lru_cache(maxsize=1024)
def category(value: float, locale: str, *, scaled: bool = False) -> str:
    """The CLDR plural category; `scaled`: it is written with "million" behind it, which French tells from other plurals.

    >>> category(1, "en_US"), category(1.5, "fr"), category(2, "fr"), category(2_000_000, "fr"), category(0, "fr")
    ('one', 'one', 'other', 'many', 'one')
    >>> category(1_234_567, "fr"), category(1_234_567, "fr", scaled=True), category(1, "es"), category(1.5, "es")
    ('other', 'many', 'one', 'other')
    """
    from decimal import Decimal

    from babel import Locale

    parsed = Locale.parse(locale)
    if scaled and "many" in parsed.plural_form.tags:
        return "many"
    return str(parsed.plural_form(Decimal(f"{value:g}") if abs(value) < _MILLION else int(value)))


@lru_cache(maxsize=64)
def categories(locale: str) -> frozenset[str]:
    """The plural categories that a language has.

    >>> sorted(categories("en")), sorted(categories("fr"))
    (['one', 'other'], ['many', 'one', 'other'])
    """
    from babel import Locale

    return frozenset(Locale.parse(locale).plural_form.tags | {"other"})


def with_unit(said: str, words: tuple[str, str], value: float, language: Language) -> str:
    """A number and its unit, agreeing with the number as it is said.

    >>> fr, en = language("fr"), language("en")
    >>> [shown(with_unit(spoken(n, "fr"), fr.units["hours"], n, fr)) for n in (1, 1.5, 1.96, 42, 1_200_000, 2_000_000)]
    ['1~heure', '1,5~heure', '2~heures', '42~heures', '1,2~million d’heures', '2~millions d’heures']
    >>> with_unit("1", en.units["weeks"], 1, en), with_unit("1.2 million", en.units["views"], 1.2e6, en)
    ('1 week', '1.2 million views')
    """
    if language.after_millions and abs(value) >= 999_500 and _ENDS_IN_MILLIONS.search(said):
        return language.joined(f"{said} {language.after_millions}", words[1])
    close = abs(value) if abs(value) >= 10_000 or float(value).is_integer() else round(abs(value), 1)
    single = close < language.singular_below if language.singular_below else close == 1
    space = " " if language.locale.startswith("en") else NBSP
    return f"{said}{space}{words[0] if single else words[1]}"


def floored(value: float) -> float:
    """Rounded down to few digits, by at most `WITHIN`: what "more than" may be said before.

    >>> floored(3749), floored(12_840), floored(5000)
    (3700.0, 12500.0, 5000.0)
    """
    step = float(10 ** max(0, len(str(int(value))) - 1))
    while step > 1:
        for part in (step, step / 2):
            if part >= 1 and value - value // part * part <= WITHIN * value:
                return value // part * part
        step //= 10
    return float(int(value))


def times(ratio: float, language: Language, locale: str) -> str:
    """How many times, as people say it.

    >>> en, fr = language("en"), language("fr")
    >>> [times(r, en, "en_US") for r in (2, 1.95, 3.1, 2.3, 12.4, 40)]
    ['twice', 'nearly twice', 'more than three times', '2.3 times', 'more than 12 times', '40 times']
    >>> [shown(times(r, fr, "fr")) for r in (2, 1.95, 3.1, 2.3)]
    ['deux fois', 'près de deux fois', 'plus de trois fois', '2,3~fois']
    """
    whole = round(ratio)
    if whole >= 2 and abs(ratio - whole) <= 0.005 * whole:
        return _times(whole, language, locale)
    if whole >= 2 and 0 < whole - ratio <= CLOSE * whole:
        return language.joined(language.nearly, _times(whole, language, locale))
    below = int(ratio)
    if below >= 2 and ratio - below <= CLOSE * below:
        return language.joined(language.over, _times(below, language, locale))
    return _many(round(ratio, 1), language, locale)


def _times(whole: int, language: Language, locale: str) -> str:
    return language.times.get(whole) or _many(whole, language, locale)


def _many(ratio: float, language: Language, locale: str) -> str:
    text = language.many_times.format(number=grouped(ratio, locale))
    return text if locale.startswith("en") else text.replace(" ", NBSP)


def share(value: float, language: Language, locale: str) -> str:
    """A percentage as a simple part, where it is near one.

    >>> en, fr = language("en"), language("fr")
    >>> [share(p, en, "en_US") for p in (50, 33, 65, 26, 61.5)]
    ['half', 'nearly a third', 'nearly two thirds', 'more than a quarter', '61.5%']
    >>> [shown(share(p, fr, "fr")) for p in (33, 65, 51, 61.5)]
    ['près d’un tiers', 'près des deux tiers', 'plus de la moitié', '61,5~%']
    """
    for part, words in language.shares.items():
        off = value - float(part)
        if abs(off) <= 0.004 * float(part):
            return str(words)
        if abs(off) <= CLOSE * float(part):
            return language.joined(language.over if off > 0 else language.nearly, str(words))
    return percent(value, language, locale)


def in_years(value: float, unit: str) -> float | None:
    """A length of time in years, where people would say it so; a whole number where it is one within a hundredth.

    >>> in_years(156, "weeks"), in_years(150, "weeks"), in_years(42, "weeks"), in_years(24, "months"), in_years(130, "weeks")
    (3, 2.87, None, 2, None)
    """
    if unit not in A_YEAR or value < 0.95 * A_YEAR[unit]:
        return None
    years = value / A_YEAR[unit]
    whole = round(years)
    if abs(years - whole) <= 0.01 * whole:
        return whole
    near = 0 < whole - years <= CLOSE * whole or 0 < years - int(years) <= CLOSE * int(years)
    return round(years, 2) if near else None


def duration(years: float, language: Language, locale: str) -> str:
    """A number of years that `in_years` gave.

    >>> duration(3, language("en"), "en_US"), duration(2.87, language("en"), "en_US"), duration(1, language("en"), "en_US")
    ('3 years', 'nearly 3 years', '1 year')
    >>> shown(duration(3.1, language("fr"), "fr")), shown(duration(2.87, language("fr"), "fr"))
    ('plus de 3~ans', 'près de 3~ans')
    """
    whole = round(years) if years <= round(years) else int(years)
    text = with_unit(grouped(whole, locale), language.units["years"], whole, language)
    if years == whole:
        return text
    return language.joined(language.nearly if years < whole else language.over, text)


def ordinal(value: int, language: Language, how: str = "") -> str:
    """A place in order; `m`: masculine, `words`: in words up to the tenth.

    >>> [ordinal(n, language("en")) for n in (1, 2, 3, 11, 42)], ordinal(3, language("en"), "words")
    (['1st', '2nd', '3rd', '11th', '42nd'], 'third')
    >>> fr = language("fr")
    >>> ordinal(1, fr), ordinal(1, fr, "m"), ordinal(3, fr), ordinal(2, fr, "words"), ordinal(1, fr, "m words")
    ('1re', '1er', '3e', 'deuxième', 'premier')
    """
    from babel import Locale

    told, masculine = language.ordinals, "m" in how.split()
    words = [*told.get("masculine_words", ()), *told["words"][len(told.get("masculine_words", ())) :]]
    words = words if masculine else told["words"]
    if "words" in how.split() and 1 <= value <= len(words):
        return str(words[value - 1])
    form = Locale.parse(language.locale).ordinal_form(value)
    shapes = {**told["shapes"], **(told.get("masculine", {}) if masculine else {})}
    return str(shapes.get(form, shapes["other"])).format(number=value)


def listed(names: Sequence[str], locale: str) -> str:
    """A list.

    >>> listed(["A", "B", "C"], "en_GB"), listed(["A", "B"], "fr"), listed(["A"], "fr")
    ('A, B and C', 'A et B', 'A')
    """
    from babel.lists import format_list

    return str(format_list(names, locale=locale))


@lru_cache(maxsize=2048)
def spelled(day: date, locale: str, year: int) -> str:
    """A date in words, with its year where that is not `year`.

    >>> spelled(date(2026, 7, 6), "en_US", 2026), spelled(date(2021, 10, 3), "en_GB", 2026)
    ('July 6', '3 October 2021')
    >>> shown(spelled(date(2026, 6, 1), "fr", 2026)), shown(spelled(date(2021, 10, 3), "fr", 2026))
    ('1er juin', '3 octobre 2021')
    """
    from babel.dates import format_date, format_skeleton

    if day.year == year:
        text = str(format_skeleton("MMMMd", day, locale=locale))
    else:
        text = str(format_date(day, format="long", locale=locale))
    return re.sub(r"^1 ", "1er ", text) if locale.startswith("fr") else text


@lru_cache(maxsize=512)
def month(day: date, locale: str, *, year: bool = True) -> str:
    """A month, with its year or alone.

    >>> month(date(2026, 7, 1), "en_US"), month(date(2026, 8, 1), "fr"), month(date(2026, 8, 1), "fr", year=False)
    ('July 2026', 'août 2026', 'août')
    """
    from babel import Locale
    from babel.dates import format_skeleton

    if year:
        return str(format_skeleton("yMMMM", day, locale=locale))
    return str(Locale.parse(locale).months["stand-alone"]["wide"][day.month])


@lru_cache(maxsize=64)
def weekday(number: int, locale: str) -> str:
    """A weekday, 0 is Monday.

    >>> weekday(1, "en_US"), weekday(1, "fr"), weekday(1, "es")
    ('Tuesday', 'mardi', 'martes')
    """
    from babel import Locale

    return str(Locale.parse(locale).days["format"]["wide"][number])


def hour(number: int, language: Language) -> str:
    """An hour of the day.

    >>> hour(20, language("en")), hour(0, language("en")), shown(hour(20, language("fr")))
    ('8 pm', '12 am', '20~h')
    """
    return language.hour.format(hour=number, hour12=(number + 11) % 12 + 1, am="am" if number < 12 else "pm")


def relative(day: date, today: date, language: Language, locale: str) -> str | None:
    """A day seen from another, up to a week back; None farther off.

    >>> tuesday, friday = date(2026, 7, 7), date(2026, 7, 10)
    >>> relative(tuesday, friday, language("en"), "en_US"), relative(tuesday, friday, language("fr"), "fr")
    ('last Tuesday', 'mardi dernier')
    >>> relative(tuesday, date(2026, 7, 8), language("fr"), "fr"), relative(tuesday, date(2026, 8, 8), language("fr"), "fr")
    ('hier', None)
    """
    back = (today - day) // timedelta(days=1)
    if back in (0, 1):
        return language.relative.get("today" if back == 0 else "yesterday")
    last = language.relative.get("last")
    return last.format(weekday=weekday(day.weekday(), locale)) if last and 1 < back < 7 else None


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    from babel import Locale

    from assistant.drafts.languages import language, shipped_languages

    codes: dict[str, str] = {"usa": "US", "u.s.": "US", "uk": "GB", "great britain": "GB", "czech republic": "CZ"}
    for lang in shipped_languages():
        spoken_here = language(lang)
        for code, name in Locale.parse(spoken_here.locale).territories.items():
            if len(code) == 2 and code.isalpha():
                codes.setdefault(name.casefold(), code)
        codes |= {name.casefold(): code for code, name in spoken_here.names.items()}
    return codes


def country_code(name: str) -> str | None:
    """The ISO code of a country named in a shipped language, or None.

    >>> country_code("Allemagne"), country_code("South Korea"), country_code("Comedy")
    ('DE', 'KR', None)
    """
    return _countries().get(name.casefold())


@lru_cache(maxsize=1024)
def country_name(code: str, lang: Language) -> str:
    """A country's name in a language."""
    from babel import Locale

    return lang.names.get(code) or str(Locale.parse(lang.locale).territories[code]).replace("'", "’")
