"""French sentences: agreement, elision, articles, spacing, plurals. In the expected texts ~ is a no-break space."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.config import Config
from assistant.drafts.languages import NBSP, Language, language
from assistant.drafts.pack import _compile
from assistant.drafts.sandbox import make_environment
from assistant.drafts.variables import Telling, telling
from assistant.models import Fact, Insight

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FR: Language = language("fr")
ENVIRONMENT = make_environment()


def said(config: Config, body: str, *, subject: str = "Lupin", place: str | None = None, value: float = 1_234_567,
         unit: str = "hours", **facts: tuple[object, str]) -> str:  # fmt: skip
    """What a body prints of a comeback, no-break spaces as ~."""
    from pathlib import Path

    told = [Fact("value", value, unit), Fact("subject", subject, "title")]
    told += [Fact("place", place, "place")] if place else []
    told += [Fact("absence", 42, "weeks"), Fact("last_seen", date(2021, 10, 1), "date"), Fact("known", 1, "weeks")]
    told = [fact for fact in told if fact.name not in facts] + [Fact(n, v, u) for n, (v, u) in facts.items()]  # type: ignore[arg-type]
    insight = Insight(
        id="x", kind="comeback", source="streams", measure="hours", subject=subject, where={"country": place} if place else {},
        start=date(2026, 7, 6), end=date(2026, 7, 12), value=value, unit=unit, every="week",
        facts=(*told, Fact("start", date(2026, 7, 6), "date"), Fact("end", date(2026, 7, 12), "date")),
    )  # fmt: skip
    about = telling(insight, config, FR, NOW)
    assert isinstance(about, Telling), about
    template = _compile(Path("fr/comeback.j2"), FR, "", ("name: a", 2), (body, 4), ENVIRONMENT)
    text, _ = about.finished(template.render(about))
    return text.replace(NBSP, "~")


NUMBERS = [  # value, unit, sentence of « {{ value }} »
    (0, "hours", "0~heure"), (0, "views", "0~vue"), (1, "hours", "1~heure"), (1, "views", "1~vue"), (1, "weeks", "1~semaine"),
    (1, "years", "1~an"), (1.5, "hours", "1,5~heure"), (1.9, "hours", "1,9~heure"), (1.96, "hours", "2~heures"),
    (2, "hours", "2~heures"), (2, "years", "2~ans"), (2, "months", "2~mois"), (1, "months", "1~mois"), (3, "events", "3~fois"),
    (42, "weeks", "42~semaines"), (118, "titles", "118~titres"), (999, "views", "999~vues"), (1000, "views", "1~000~vues"),
    (4123, "plays", "4~123~lectures"), (9_999, "views", "9~999~vues"), (12_345, "orders", "12~000~commandes"),
    (486_312, "hours", "486~000~heures"), (999_400, "views", "999~000~vues"), (999_600, "views", "1~million de vues"),
    (1_000_000, "views", "1~million de vues"), (1_000_000, "hours", "1~million d’heures"),
    (1_234_567, "hours", "1,2~million d’heures"), (1_234_567, "streams", "1,2~million d’écoutes"),
    (1_900_000, "hours", "1,9~million d’heures"), (1_960_000, "hours", "2~millions d’heures"),
    (2_000_000, "hours", "2~millions d’heures"), (2_000_000, "views", "2~millions de vues"),
    (2_500_000, "households", "2,5~millions de foyers"), (7_000_000, "people", "7~millions de personnes"),
    (3_000_000, "listeners", "3~millions d’auditeurs"), (571_760_000, "hours", "571,8~millions d’heures"),
    (1_000_000_000, "hours", "1~milliard d’heures"), (1_059_970_000, "hours", "1,1~milliard d’heures"),
    (2_000_000_000, "views", "2~milliards de vues"), (61.5, "percent", "61,5~%"),
    (34, "percent", "34~%"), (100, "percent", "100~%"),
]  # fmt: skip

COUNTRIES = [  # name in a table, in, the, of
    ("France", "en France", "la France", "de France"), ("Germany", "en Allemagne", "l’Allemagne", "d’Allemagne"),
    ("Japan", "au Japon", "le Japon", "du Japon"), ("United States", "aux États-Unis", "les États-Unis", "des États-Unis"),
    ("Netherlands", "aux Pays-Bas", "les Pays-Bas", "des Pays-Bas"), ("Cuba", "à Cuba", "Cuba", "de Cuba"),
    ("Iran", "en Iran", "l’Iran", "d’Iran"), ("Iraq", "en Irak", "l’Irak", "d’Irak"),
    ("Mexico", "au Mexique", "le Mexique", "du Mexique"), ("Brazil", "au Brésil", "le Brésil", "du Brésil"),
    ("United Kingdom", "au Royaume-Uni", "le Royaume-Uni", "du Royaume-Uni"), ("Spain", "en Espagne", "l’Espagne", "d’Espagne"),
    ("Italy", "en Italie", "l’Italie", "d’Italie"), ("Portugal", "au Portugal", "le Portugal", "du Portugal"),
    ("Switzerland", "en Suisse", "la Suisse", "de Suisse"), ("Belgium", "en Belgique", "la Belgique", "de Belgique"),
    ("Luxembourg", "au Luxembourg", "le Luxembourg", "du Luxembourg"), ("Hungary", "en Hongrie", "la Hongrie", "de Hongrie"),
    ("Honduras", "au Honduras", "le Honduras", "du Honduras"), ("Haiti", "en Haïti", "Haïti", "d’Haïti"),
    ("Israel", "en Israël", "Israël", "d’Israël"), ("Cyprus", "à Chypre", "Chypre", "de Chypre"),
    ("Malta", "à Malte", "Malte", "de Malte"), ("Singapore", "à Singapour", "Singapour", "de Singapour"),
    ("Oman", "à Oman", "Oman", "d’Oman"), ("South Korea", "en Corée du Sud", "la Corée du Sud", "de Corée du Sud"),
    ("South Africa", "en Afrique du Sud", "l’Afrique du Sud", "d’Afrique du Sud"), ("Egypt", "en Égypte", "l’Égypte", "d’Égypte"),
    ("Ecuador", "en Équateur", "l’Équateur", "d’Équateur"), ("Uruguay", "en Uruguay", "l’Uruguay", "d’Uruguay"),
    ("Cambodia", "au Cambodge", "le Cambodge", "du Cambodge"),
    ("Philippines", "aux Philippines", "les Philippines", "des Philippines"),
    ("Canada", "au Canada", "le Canada", "du Canada"), ("Yemen", "au Yémen", "le Yémen", "du Yémen"),
    ("Hong Kong", "à Hong Kong", "Hong Kong", "de Hong Kong"), ("Dominican Republic", "en République dominicaine",
     "la République dominicaine", "de République dominicaine"),
]  # fmt: skip

ELISIONS = [  # title, « de » before it, « que » before it
    ("Arcane", "d’«~Arcane~»", "qu’«~Arcane~»"), ("Lupin", "de «~Lupin~»", "que «~Lupin~»"),
    ("Élite", "d’«~Élite~»", "qu’«~Élite~»"), ("Iris", "d’«~Iris~»", "qu’«~Iris~»"), ("Ozark", "d’«~Ozark~»", "qu’«~Ozark~»"),
    ("Un si grand soleil", "d’«~Un si grand soleil~»", "qu’«~Un si grand soleil~»"), ("Œdipe", "d’«~Œdipe~»", "qu’«~Œdipe~»"),
    ("Homeland", "de «~Homeland~»", "que «~Homeland~»"), ("Heartstopper", "de «~Heartstopper~»", "que «~Heartstopper~»"),
    ("Histoires vraies", "d’«~Histoires vraies~»", "qu’«~Histoires vraies~»"), ("L’Hôtel", "de «~L’Hôtel~»", "que «~L’Hôtel~»"),
    ("Héros", "de «~Héros~»", "que «~Héros~»"), ("Héroïne", "d’«~Héroïne~»", "qu’«~Héroïne~»"),
    ("Hiver", "d’«~Hiver~»", "qu’«~Hiver~»"), ("Huit femmes", "de «~Huit femmes~»", "que «~Huit femmes~»"),
    ("Onze", "de «~Onze~»", "que «~Onze~»"), ("Ouistiti", "de «~Ouistiti~»", "que «~Ouistiti~»"),
    ("Yellowstone", "de «~Yellowstone~»", "que «~Yellowstone~»"), ("Ys", "d’«~Ys~»", "qu’«~Ys~»"),
    ("1899", "de «~1899~»", "que «~1899~»"), ("One Piece", "de «~One Piece~»", "que «~One Piece~»"),
    ("Hannibal", "d’«~Hannibal~»", "qu’«~Hannibal~»"), ("Halo", "de «~Halo~»", "que «~Halo~»"),
]  # fmt: skip

SENTENCES = [
    ("Retour {{ when }}.", {}, "Retour la semaine du 6 juillet."), ("Vu le {{ last_seen }}.", {}, "Vu le 1er octobre 2021."),
    ("{{ last_seen|date('month')|capital }}.", {}, "Octobre."), ("En {{ last_seen|date('year') }} !", {}, "En 2021~!"),
    ("{{ last_seen|date('weekday')|capital }} ?", {}, "Vendredi~?"),
    ("C'est « ça » ; oui : 5 %.", {}, "C’est «~ça~»~; oui~: 5~%."),
    ("{{ subject }}{{ where }} : {{ value }}.", {"place": "Japan"}, "«~Lupin~» au Japon~: 1,2~million d’heures."),
    ("{{ value|compact }}", {}, "1,2~M"), ("{{ value|exact }}", {}, "1~234~567~heures"),
    ("{{ value|over_measure }}", {}, "plus de 1,2~million d’heures"), ("{{ value|over }}", {"value": 3749}, "plus de 3~700"),
    ("{{ absence|duration }}", {"absence": (156, "weeks")}, "3~ans"), ("{{ absence|duration }}", {}, "42~semaines"),
    ("{{ absence|duration }}", {"absence": (150, "weeks")}, "près de 3~ans"),
    ("{{ absence|duration }}", {"absence": (24, "months")}, "2~ans"),
    ("{{ absence|duration }}", {"absence": (52, "weeks")}, "1~an"),
    ("{{ absence|duration }}", {"absence": (55, "weeks")}, "55~semaines"),
    ("{{ known|ordinal }} fois", {}, "1re fois"), ("{{ known|ordinal('m') }} retour", {}, "1er retour"),
    ("{{ known|ordinal }}", {"known": (3, "weeks")}, "3e"), ("{{ known|ordinal('words') }}", {"known": (2, "weeks")}, "deuxième"),
    ("{{ known|ordinal('words') }}", {}, "première"), ("{{ known|ordinal('m words') }}", {}, "premier"),
    ("{{ known|num }} {{ known|plural(one='titre', many='de titres', other='titres') }}", {}, "1 titre"),
    ("{{ known|plural(one='titre', many='de titres', other='titres') }}", {"known": (0, "weeks")}, "titre"),
    ("{{ known|plural(one='titre', many='de titres', other='titres') }}", {"known": (2, "weeks")}, "titres"),
    ("{{ value|num }} {{ value|plural(one='clic', many='de clics', other='clics') }}", {}, "1,2~million de clics"),
    ("{{ value|num }} {{ value|plural(one='clic', many='de clics', other='clics') }}",
     {"value": 2_000_000}, "2~millions de clics"),
    ("{{ value|num }} {{ value|plural(one='clic', many='de clics', other='clics') }}", {"value": 1.5}, "1,5 clic"),
    ("{{ [subject, subject]|list }}", {}, "«~Lupin~» et «~Lupin~»"), ("{{ subject|possessive }}", {}, "de «~Lupin~»"),
    ("{{ subject|possessive }}", {"subject": "Arcane"}, "d’«~Arcane~»"), ("{{ subject|title('bare') }}", {}, "Lupin"),
    ("{{ subject }}", {"subject": "Elite: Season 2"}, "«~Elite~» (saison 2)"),
    ("{{ subject|title('work') }}", {"subject": "Elite: Season 2"}, "«~Elite~»"),
    ("{{ subject|of }}", {"subject": "Elite: Saison 2"}, "d’«~Elite~» (saison 2)"),
    ("{{ subject }}", {"subject": "Adolescence: Limited Series"}, "«~Adolescence~»"),
    ("{{ known|num }}", {"known": (33, "percent")}, "près d’un tiers"),
    ("{{ known|num }}", {"known": (65, "percent")}, "près des deux tiers"),
    ("{{ known|num }}", {"known": (50, "percent")}, "la moitié"),
    ("{{ known|num }}", {"known": (51, "percent")}, "plus de la moitié"),
    ("{{ known|num }}", {"known": (2, "ratio")}, "deux fois"),
    ("{{ known|num }} plus", {"known": (2.95, "ratio")}, "près de trois fois plus"),
    ("{{ known|num }}", {"known": (2.3, "ratio")}, "2,3~fois"),
    ("{{ known|num }}", {"known": (4.1, "ratio")}, "plus de quatre fois"),
    ("{{ 'vous avez' if not tu else 'tu as' }}", {}, "vous avez"), ("{{ known }}", {"known": (5, "weekday")}, "vendredi"),
    ("{{ known }}", {"known": (20, "hour")}, "20~h"), ("{{ known }}", {"known": (7, "month")}, "juillet"),
]  # fmt: skip


def test_there_are_at_least_150_of_them() -> None:
    """Numbers, countries three times, elisions twice, and sentences."""
    assert len(NUMBERS) + 3 * len(COUNTRIES) + 2 * len(ELISIONS) + len(SENTENCES) >= 150


@pytest.mark.parametrize(("value", "unit", "text"), NUMBERS)
def test_numbers_agree_with_their_units(config: Config, value: float, unit: str, text: str) -> None:
    """Singular below two, « de » after a million, elided before a vowel or a mute h, a comma, no-break spaces."""
    assert said(config, "{{ value }}", value=value, unit=unit) == text


@pytest.mark.parametrize(("name", "inside", "the", "of"), COUNTRIES)
def test_countries_take_their_articles(config: Config, name: str, inside: str, the: str, of: str) -> None:
    """En, au, aux, à; la, le, l’, les or none; de, du, d’, des."""
    body = "{{ place|place }}/{{ place|the }}/{{ place|of }}"
    assert said(config, body, place=name).split("/") == [inside, the, of]


@pytest.mark.parametrize(("title", "of", "that"), ELISIONS)
def test_titles_elide_what_stands_before_them(config: Config, title: str, of: str, that: str) -> None:
    """Before a vowel and a mute h, through the quotation mark; not before an aspirated h, a number or a y that is none."""
    assert said(config, "{{ subject|of }}/{{ subject|after('que') }}", subject=title).split("/") == [of, that]


@pytest.mark.parametrize(("body", "options", "text"), SENTENCES)
def test_sentences(config: Config, body: str, options: dict[str, object], text: str) -> None:
    """Dates, durations, ordinals, plurals, lists, seasons, shares, times, typography."""
    assert said(config, body, **options) == text  # type: ignore[arg-type]
