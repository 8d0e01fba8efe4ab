"""What may stand behind a `|` in a template. Each takes a value of the figure (or a finished piece) and gives a piece.

docs/templates.md shows what each makes of a figure in every language; a filter used on the wrong thing is an error that
names the template's file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import pass_context

from assistant.drafts import saying
from assistant.drafts.telling import Day, Number, Piece, Teller, Word

DATES = ("", "long", "weekday", "month", "year", "relative")
TITLES = ("", "bare", "work", "bare work")
ORDINALS = ("", "m", "words", "m words")


def _number(value: Any, name: str) -> Number:
    if not isinstance(value, Number):
        raise TypeError(f"{name} is for numbers")
    return value


def _word(value: Any, name: str) -> Word:
    if not isinstance(value, Word):
        raise TypeError(f"{name} is for titles and places")
    return value


def _one_of(how: Any, known: Sequence[str], name: str) -> str:
    if how not in known:
        raise ValueError(f"{name} knows {', '.join(repr(one) for one in known if one)}, not {how!r}")
    return str(how)


def num(value: Any) -> Piece:
    """Without its unit: 1.2 million; of a ratio “nearly three times”, of a percentage “a third”."""
    number = _number(value, "num")
    return number.teller.bare(number)


def exact(value: Any) -> Piece:
    """To the last digit, with its unit."""
    number = _number(value, "exact")
    return number.teller.measured(number, "exact")


def exact_num(value: Any) -> Piece:
    """To the last digit, without its unit."""
    number = _number(value, "exact_num")
    return number.teller.bare(number, "exact")


def over(value: Any) -> Piece:
    """Rounded down by at most 4 %: more than 3,700."""
    number = _number(value, "over")
    return number.teller.bare(number, "over")


def over_measure(value: Any) -> Piece:
    """The same, with its unit."""
    number = _number(value, "over_measure")
    return number.teller.measured(number, "over")


def compact(value: Any) -> Piece:
    """As short as it goes: 1.2M."""
    number = _number(value, "compact")
    return number.teller.mark(number.fact, saying.compact(number.teller.said(number), number.teller.locale))


def percent(value: Any) -> Piece:
    """A percentage with its sign."""
    number = _number(value, "percent")
    if number.fact.unit != "percent":
        raise TypeError(f"percent is for percentages, and {number.fact.name} is of {number.fact.unit}")
    return number.teller.measured(number)


def duration(value: Any) -> Piece:
    """A length of time in the unit that people would use: 3 years rather than 156 weeks."""
    number = _number(value, "duration")
    if number.years is None:
        return number.teller.measured(number)
    teller = number.teller
    return teller.mark(number.years.fact, saying.duration(float(number.years), teller.language, teller.locale))


def ordinal(value: Any, how: str = "") -> Piece:
    """A place in order: 3rd; `m`: masculine, `words`: third."""
    number, how = _number(value, "ordinal"), _one_of(how, ORDINALS, "ordinal")
    return number.teller.mark(number.fact, saying.ordinal(int(number), number.teller.language, how))


def compound(value: Any) -> Piece:
    """Before a noun: 42-week."""
    number = _number(value, "compound")
    teller = number.teller
    one, several = teller.units.get(number.fact.unit) or teller.language.units.get(number.fact.unit, ("", ""))
    text = teller.language.compound.format(number=teller.number(number), one=one, several=several)
    return teller.mark(number.fact, text)


def plural(value: Any, **forms: str) -> Piece:
    """The form of a word that the number, as it is said, takes: `plural(one="title", other="titles")`."""
    number = _number(value, "plural")
    locale = number.teller.locale
    missing = saying.categories(locale) - set(forms)
    if missing:
        raise ValueError(f"plural lacks {', '.join(sorted(missing))}")
    said = number.teller.said(number)
    close = said if said.is_integer() else round(said, 1)
    return Piece(forms[saying.category(close, locale, scaled=abs(number) >= 999_500)])


def date(value: Any, how: str = "") -> Piece:
    """July 6; `weekday`, `month`, `year`, `long` (always with its year), `relative` (last Tuesday)."""
    if not isinstance(value, Day):
        raise TypeError("date is for days")
    return value.teller.date(value, _one_of(how, DATES, "date"))


def title(value: Any, how: str = "") -> Piece:
    """A title in the house's style; `bare`: without quotation marks, `work`: without its season."""
    word = _word(value, "title")
    return word.teller.title(word, _one_of(how, TITLES, "title"))


def possessive(value: Any) -> Piece:
    """A title as an owner: “Arcane”’s, « d’« Arcane » »."""
    word = _word(value, "possessive")
    before, _, after = word.teller.language.possessive.partition("{name}")
    text = word.teller.title(word, "work")
    return Piece((word.teller.language.joined(before[:-1], text) if before.endswith(" ") else before + text) + after)


def place(value: Any) -> Piece:
    """A place after its preposition: in the United States."""
    word = _place(value, "place")
    return word.teller.place(word)


def the(value: Any) -> Piece:
    """A place with its article: the United States, « l’Allemagne »."""
    word = _place(value, "the")
    return word.teller.place(word, "the")


def of(value: Any) -> Piece:
    """Of a title or a place: « d’« Arcane » », of the United States."""
    word = _word(value, "of")
    if word.fact.unit == "place":
        return word.teller.place(word, "of")
    return Piece(word.teller.language.joined(word.teller.language.of, word.teller.title(word)))


def _place(value: Any, name: str) -> Word:
    word = _word(value, name)
    if word.fact.unit != "place":
        raise TypeError(f"{name} is for places, and {word.fact.name} is a title")
    return word


def list_(values: Any) -> Piece:
    """Some titles in a row: “A”, “B” and “C”."""
    words = [_word(value, "list") for value in values] if isinstance(values, list | tuple) else []
    if not words:
        raise TypeError("list is for several titles: [subject, other]|list")
    return Piece(saying.listed([str(word) for word in words], words[0].teller.locale))


@pass_context
def after(context: Any, value: Any, word: str) -> Piece:
    """Behind a word that changes before it: « qu’« Arcane » », an 8-week run."""
    teller: Teller = context["__teller"]
    return Piece(teller.language.joined(word, str(value)))


def capital(value: Any) -> Piece:
    """The first letter made a capital, past any mark."""
    text = str(value)
    at = next((at for at, c in enumerate(text) if c.isalnum()), None)
    return Piece(text if at is None else text[:at] + text[at].upper() + text[at + 1 :])


FILTERS: Mapping[str, Callable[..., Piece]] = {
    "num": num, "exact": exact, "exact_num": exact_num, "over": over, "over_measure": over_measure, "compact": compact,
    "percent": percent, "duration": duration, "ordinal": ordinal, "compound": compound, "plural": plural, "date": date,
    "title": title, "possessive": possessive, "place": place, "the": the, "of": of, "list": list_, "after": after,
    "capital": capital,
}  # fmt: skip
