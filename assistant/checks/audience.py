"""Whether a number counts an audience: what stands after it, and what its sentence does.

"53 viewers" and "53 of you" always do. "53 friends", "the 53 who" and a bare 53 do where the sentence speaks to them or
says what they watched, for stories have friends too. Weeks, plays, casts and teams never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.checks.quantities import Amount, Words, listed, sentence_end, sentence_start

Kind = Literal["you", "audience", "people", "them", "who"]


AUDIENCE = listed(
    "people persons ppl peeps viewers listeners fans users subscribers members customers readers followers households profiles "
    "players riders guests patients streamers shoppers diners passengers commuters cyclists borrowers watchers gamers "
    "visitors patrons buyers superfans respondents voters donors rewatchers devotees viewer(s) "
    "personnes gens spectateurs spectatrices téléspectateurs téléspectatrices auditeurs auditrices abonnés abonnées "
    "utilisateurs utilisatrices clients clientes lecteurs lectrices foyers ménages profils joueurs joueuses membres "
    "internautes usagers usagères cyclistes voyageurs voyageuses adhérents adhérentes inscrits inscrites acheteurs "
    "acheteuses visiteurs visiteuses emprunteurs emprunteuses patientes fidèles habitués habituées adeptes"
)
ONE_OF_AUDIENCE = listed(
    "person viewer listener fan user subscriber member customer reader follower household profile player rider guest "
    "patient streamer shopper diner passenger commuter cyclist borrower watcher gamer visitor patron buyer superfan "
    "personne spectateur spectatrice téléspectateur auditeur auditrice abonné abonnée utilisateur utilisatrice client "
    "cliente lecteur lectrice foyer ménage profil joueur joueuse membre internaute usager cycliste voyageur adhérent "
    "adhérente acheteur acheteuse visiteur visiteuse emprunteur emprunteuse fidèle habitué habituée"
)
SOMEBODY = listed(  # people of stories as well
    "men women kids children teenagers teens friends lovers heroes legends champions insomniacs souls folks humans "
    "gentlemen ladies guys girls boys idiots freaks weirdos strangers neighbours neighbors students parents families "
    "couples homes accounts regulars volunteers blokes lads mums dads moms heroines bachelors singles colleagues "
    "addresses adults citizens residents locals owners holders ones losers nerds geeks rebels lunatics creatures "
    "hommes femmes enfants ados amis amies héros irréductibles passionnés passionnées courageux courageuses âmes "
    "comptes familles couples voisins voisines étudiants étudiantes parents élèves célibataires veuves retraités "
    "insomniaques gourmands adresses copains copines messieurs dames mamans papas titulaires adultes malades idiots "
    "habitants habitantes amoureux amoureuses fous folles"
)
ONE_OF_SOMEBODY = listed(
    "man woman guy girl boy lad bloke lady gentleman kid child teenager friend idiot freak weirdo neighbour neighbor "
    "student parent family couple home account soul hero legend insomniac one individual human bachelor colleague "
    "homme femme fille garçon dame monsieur enfant ami amie voisin voisine étudiant étudiante compte famille héros "
    "passionné passionnée courageux courageuse célibataire âme ado"
)
_CROWD = AUDIENCE | ONE_OF_AUDIENCE | {"audience", "community", "crowd", "following", "fanbase", "readership"}
_PLURALS = AUDIENCE | SOMEBODY
_YOU = listed("you us yourselves ourselves yous ya y'all yall vous nous")
_THEM = {"them", "these", "those", "eux", "elles"}
_OF = {"of", "de", "d'", "des", "du", "among", "amongst", "parmi", "entre", "chez"}  # fmt: skip
_AMONG = {"among", "amongst", "parmi", "entre", "chez"}
_FILLERS = listed(
    "the our your my those these les nos vos ces mes more other others autres such very same real only seul seule "
    "tout toutes tous all seuls seules full entire et"
)
_WHO = {"who", "whose", "qui", "dont"}
_ENDS = {".", "!", "?", "…", "\n", ";", ":", ",", "/", "="}
_NEVER = listed(  # what cannot be an adjective on the way to a noun, and what has listeners of its own
    "and or but in on at for to with by is are was were be been has have had than from after before as if when while "
    "that this it its they we you he she i not no so because until since up down out off over into onto per percent "
    "times weeks days hours minutes years months episodes plays streams views listens rides songs tracks albums films "
    "movies shows series books seasons places points countries cities languages things reasons ways million "
    "je tu il elle on ils elles mais ou donc car ni que quand sur sous dans par pour avec sans en au aux à est sont "
    "était étaient a ont avait avaient ne pas plus se son sa ses leur leurs semaines jours heures minutes mois ans "
    "années épisodes écoutes vues lectures trajets chansons titres séries saisons livres fois places points pays"
)
_INSIDE = listed(
    "team staff cast crew band office kitchen studio orchestra choir warehouse company newsroom jury board stage set "
    "équipe groupe bureau cuisine troupe orchestre rédaction entrepôt scène plateau distribution chœur boîte studio"
)
_PREPOSITIONS = listed("on in at from of behind dans de d' du chez sur à en")
_STORY = listed("mode modes game games boss characters fall tombent trapped stranded")
_QUOTES = {"“", '"', "«", "'"}
_SEATED = listed(
    "table serves seats sleeps feeds recipe recette tent meal repas portions seat sofa dinner room board tente "
    "gâteau cake assiettes plat menu formule takes needs faut chambre suite room bûche tarte fondue raclette paella"
)
_GREETINGS = listed(
    "to dear hi hello hey thank thanks congratulations congrats welcome well bravo cheers hats shout shoutout "
    "greetings meet love kudos respect props sorry salute note merci félicitations chers chères cher chère aux à "
    "au salut coucou bonjour bienvenue chapeau mention pardon pensée dédicace bisous"
)
DEEDS = listed(
    "watched watch watches watching rewatched renewed streamed streams streaming listened listens played replayed ordered "
    "borrowed binged bingewatched skipped looped searched bought finished subscribed signed voted rented booked "
    "downloaded stayed returned clicked scrolled cried unlocked hired cycled docked logged pressed opened read muted "
    "paused joined clocked completed quit cancelled tuned turned rode cheated matched swiped requested donated "
    "regardé regardée regardés regardent regarde regardez écouté écoutent écoute écoutez commandé commandent emprunté "
    "revu vu vue lu terminé fini acheté loué streamé cherché voté joué rejoué suivi suivent téléchargé zappé tenu "
    "restés restées resté venus venues pleuré dévoré binge-watché réservé noté abonné visionné lancé annulé rendu "
    "retourné renouvelé arrêté passé passée cliqué gardé relancé liké craqué partagé ouvert recommencé cumulé inscrits"
)
_HAVE = listed(
    "have had has ont avez avons a as avaient aviez still keep keeps encore just also even never all both each "
    "were are est sont êtes l' y"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom an amount counts, and the last of their words (excluded)."""

    kind: Kind
    end: int


def counted(words: Words, amount: Amount) -> Counted | None:
    """Whom an amount counts, read from the words after it; None where they are no audience."""
    low, first = words.low, amount.last
    if _is_dated(words, amount):
        return None
    if low[first : first + 2] == ("-", "strong"):
        return Counted("audience", first + 2) if _CROWD & set(low[first + 2 : first + 7]) else None
    between: list[str] = []
    among = False
    for here in range(first, min(len(low), first + 9)):
        word = low[here]
        found = _whom(words, amount, here, among=among, adjectives=between)
        if found is not None or _is_over(word, between):
            return found or (_after_a_comma(words, here) if word == "," and not between else None)
        among = among or word in _OF
        if word in _AMONG and word != "chez":
            between.clear()
        elif word not in _FILLERS and word not in _OF and word[0].isalpha():
            between.append(word)
    return None


def _is_dated(words: Words, amount: Amount) -> bool:
    """As in "the 11 May viewers", "on May 11 viewers", « avant le 11 mai »: a day of a month."""
    low, first, last = words.low, amount.first, amount.last
    if not amount.exact or amount.value > 31:
        return False
    if low[last : last + 1] and low[last] in _MONTHS:
        return low[last] not in _OTHERWISE_MONTHS or words.text[words.start[last]].isupper() or low[first - 1] in _ON
    return first > 1 and low[first - 1] in _MONTHS and low[first - 2] in _ON


_MONTHS = listed(
    "january february march april may june july august september october november december janvier février mars avril "
    "mai juin juillet août septembre octobre novembre décembre"
)
_OTHERWISE_MONTHS = {"may", "march"}  # 12 may have watched
_ON = listed("on le du au the since until before after")


def _is_over(word: str, between: list[str]) -> bool:
    """Whether nothing after this word can be what is counted."""
    return word in _ENDS or word in _NEVER or word[0].isdecimal() or len(between) > 3 or word in _WHO or (
        bool(between) and (word in _YOU or (word in _OF and word not in _AMONG))
    )  # fmt: skip


def _whom(words: Words, amount: Amount, at: int, *, among: bool, adjectives: list[str]) -> Counted | None:
    """The people at this word, if it names any."""
    low, word = words.low, words.low[at]
    if word in _YOU:
        at_home = low[at - 1] == "chez" and bool(adjectives)  # « un abonnement chez nous »
        return Counted("you", at + 1) if among and not at_home else None
    if word in _THEM and among and not (low[at + 1 : at + 2] and low[at + 1] in _PLURALS):
        return Counted("them", at + 1)
    if word in _WHO:
        return None if adjectives else Counted("who", at)
    kind = _noun(words, at, single=amount.value == 1 and not amount.share)
    if kind is None or _is_otherwise(words, amount, at) or (word not in _FRENCH and any(map(_is_plural, adjectives))):
        return None
    return Counted(kind, at + 1)


def _is_plural(word: str) -> bool:
    """As in "7 songs people love": an adjective has no plural in English."""
    return word.endswith("s") and not word.endswith(("ss", "ous", "less", "'s"))


def _after_a_comma(words: Words, at: int) -> Counted | None:
    """As in "53, yes, of you"."""
    following = words.low[at + 1 : at + 4]
    if following[:1] == ("of",) and following[1:2] and following[1] in _YOU:
        return Counted("you", at + 3)
    if following[:2] == ("d'", "entre") and following[2:] and following[2] in _YOU:
        return Counted("you", at + 4)
    return None


def _noun(words: Words, at: int, *, single: bool) -> Kind | None:
    word = words.low[at]
    if word in ("patient", "patients") and words.low[at - 1] in _VERY:
        return None
    if word in AUDIENCE or (single and word in ONE_OF_AUDIENCE) or (word in ONE_OF_AUDIENCE and _inclusive(words, at)):
        return "audience"
    if word in SOMEBODY or (single and word in ONE_OF_SOMEBODY):
        return None if _is_a_name(words, at) else "people"
    return None


_VERY = listed("very so most rather quite too extremely really très si plus assez trop")


def _inclusive(words: Words, at: int) -> bool:
    """« abonné·e·s », "viewer(s)"."""
    return words.low[at + 1 : at + 2] in (("·",), ("(",), (".",)) and words.glued(at + 1) and words.glued(at + 2)


def _is_a_name(words: Words, at: int) -> bool:
    """A capital inside a sentence: "12 Angry Men"."""
    return words.text[words.start[at]].isupper() and not words.text[words.start[at] : words.end[at]].isupper()


def _is_otherwise(words: Words, amount: Amount, at: int) -> bool:
    """Whether the number and the noun are something else: "a 12-person tent", "one fan favourite", staff, seats, labels."""
    low = words.low
    following = low[at + 1] if at + 1 < len(low) else ""
    singular = low[at] in ONE_OF_AUDIENCE and low[at] not in AUDIENCE
    if (
        (words.glued(amount.last) and low[amount.last] == "-")
        or following in _STORY
        or (amount.first > 1 and low[amount.first - 1] in _QUOTES and low[amount.first - 2] in _STORY)
        or (singular and following in COMPOUNDS)
    ):
        return True
    return is_inside(low, at + 1) or _is_seated(words, amount, at) or _is_labelled(low, amount, at)


COMPOUNDS = listed("favourite favorite game mode show club fiction base guide service review name names")
_FRENCH = {word for word in AUDIENCE | SOMEBODY if any(c in word for c in "éèàâêîôç")} | listed(
    "personnes gens spectateurs spectatrices auditeurs auditrices utilisateurs utilisatrices clientes lecteurs lectrices "
    "foyers profils joueurs joueuses membres internautes usagers voyageurs inscrits acheteurs visiteurs emprunteurs "
    "patientes hommes femmes enfants ados amis amies irréductibles courageux comptes familles voisins parents "
    "adeptes adhérents clients cyclistes"
)


def is_inside(low: tuple[str, ...], at: int) -> bool:
    """As in "A few people on our team", « deux personnes de l'équipe »."""
    near = low[at : at + 5]
    return bool(near) and near[0] in _PREPOSITIONS and any(word in _INSIDE for word in near)


def _is_seated(words: Words, amount: Amount, at: int) -> bool:
    """A table for six people, a recipe that serves four."""
    low = words.low
    if amount.value > 30 or (at + 1 < len(low) and low[at + 1] in (*_WHO, "that")):
        return False
    if low[at] in ("players", "joueurs", "joueuses"):
        sentence = low[sentence_start(words, at) : sentence_end(words, at)]
        return bool((_PITCH | _INSIDE) & set(sentence))
    return low[at] in _GUESTS and bool(_SEATED & set(low[max(0, amount.first - 7) : amount.first]))


_PITCH = listed("ball pitch match league field squad ballon terrain goal but tournament tournoi")
_GUESTS = {"people", "personnes", "guests", "person", "convives"}


def _is_labelled(low: tuple[str, ...], amount: Amount, at: int) -> bool:
    """As in "Season 3 viewers", "the top 10 listeners' choices"."""
    before = low[amount.first - 1] if amount.first else ""
    return before in _NUMBERED or (before == "top" and low[at + 1 : at + 2] == ("'",))


_NUMBERED = listed(
    "episode episodes season series week chapter part volume day saison épisode semaine chapitre tome jour"
)


def greeted(words: Words, at: int) -> bool:
    """Whether the sentence speaks to them: "To the", "Thank you", « Chers », and they come early in it."""
    start = sentence_start(words, at)
    opening = [word for word in words.low[start : min(at, start + 12)] if word[0].isalpha()]
    return any(word in _GREETINGS for word in opening[:2]) or "thanks" in opening or "merci" in opening


def acted(words: Words, at: int, within: int = 7) -> bool:
    """Whether the words after them say what they watched, ordered, played."""
    end = min(sentence_end(words, at), at + within)
    return any(word in DEEDS for word in words.low[at:end])


def spoken_of(words: Words, amount: Amount, found: Counted) -> bool:
    """Whether it is the audience that is counted, where the word alone could be of a story."""
    if found.kind in ("you", "audience"):
        return True
    if found.kind == "them":
        named = _last_named(words, amount.first)
        return named in AUDIENCE or (not named and acted(words, found.end))
    if {"you", "vous"} & set(words.low[max(0, amount.first - 3) : amount.first]):
        return True
    return greeted(words, amount.first) or acted(words, found.end) or _last_named(words, amount.first, 8) in AUDIENCE


def _last_named(words: Words, at: int, within: int = 25) -> str:
    """The nearest plural before: what "12 of them" are."""
    for word in _back(words, at, within):
        if word in AUDIENCE or (len(word) > 4 and word.endswith("s") and word not in _GREETINGS | DEEDS):
            return word
    return ""


def _back(words: Words, at: int, within: int) -> Iterator[str]:
    yield from reversed(words.low[max(0, at - within) : at])


def bare(words: Words, amount: Amount) -> bool:
    """Whether a number with no noun counts people: "only 12 finished it", "Finished it: 12.", "Thank you, all 53!"."""
    low, first, last = words.low, amount.first, amount.last
    following = low[last] if last < len(low) else "."
    if low[max(0, first - 4) : first] == ("every", "one", "of", "the") and acted(words, last, 3):
        return True
    if any(word in _LABELS for word in low[max(0, first - 1) : first]):
        return False
    steps = last
    while (
        steps < len(low)
        and steps - last < 3
        and (low[steps] in _HAVE or not (low[steps][0].isalnum() or low[steps] in _ENDS))
    ):
        steps += 1
    if steps < len(low) and low[steps] in DEEDS and _opens(words, first):
        return True
    if following not in _ENDS:
        return False
    if (
        first
        and low[first - 1] == ":"
        and any(word in DEEDS or word in AUDIENCE for word in low[max(0, first - 6) : first])
    ):
        return True
    if not greeted(words, first):
        return False
    called = low[max(0, first - 2) : first]
    return called[-1:] == ("all",) or (
        called[-1:] in (("les",), ("the",)) and called[0] in (",", "vous", "you", "of", "all")
    )


_LABELS = listed(
    "episode episodes season series week chapter part volume page platform dock bike track no number level day night in "
    "of age aged version channel bus line route at to by from until since saison épisode semaine chapitre page quai "
    "numéro niveau jour nuit en à de du le version ligne bus chaîne tome top room"
)
_ONLY = listed("only just exactly merely seuls seules seulement but and mais et barely tout")


def _opens(words: Words, at: int) -> bool:
    return at == sentence_start(words, at) or words.low[at - 1] in _ENDS | _ONLY
