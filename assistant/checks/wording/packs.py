"""A pack: the Vale rules of one language with their sidecar, the people rules, or a style folder of the house."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.checks.disguises import gaps
from assistant.checks.reading import Reading
from assistant.checks.wording.leaning import Leaning, Leant, Own, load_leaning
from assistant.checks.wording.people import Looked, People, PeopleRule, Possible, Rules, compile_people
from assistant.checks.wording.prefilter import Key, Prefilter
from assistant.checks.wording.senses import Senses
from assistant.checks.wording.vale import Match, Rule, compile_rule, unread_keys
from assistant.errors import RulePackError
from assistant.models import CATEGORIES, Flag, digest

FOLDER = Path(__file__).parent / "packs"
LEANS = "Taken together, the wording leans to where it hurts those it speaks of."
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # an eighth of the time
_Words: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same without guesses: a token `no` is the word
_ON_DISGUISES = ("existence", "substitution")  # what counts or compares wants the text as it stands


@dataclass(frozen=True)
class Beside:
    """What a sidecar says of a rule."""

    category: str
    why: str = ""
    suggestion: str = ""
    hard: bool = False
    version: str = "1"
    flag: tuple[str, ...] = ()
    pass_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of a text, as it stands and with its titles masked, with what of a pack may be found in it."""

    reading: Reading
    masked: Reading
    possible: Possible
    looked: Looked | None

    @property
    def addressed(self) -> bool:
        """Whether it speaks to someone or names a cohort."""
        return self.looked is not None and self.looked.addressed()


@dataclass(frozen=True)
class Pack:
    """The wording rules of one language, or of a style folder (`lang` None: for every language)."""

    name: str
    lang: str | None
    rules: tuple[tuple[Rule, Beside], ...]
    people: People | None = None
    problems: tuple[RulePackError, ...] = ()
    sha: str = ""
    weights: Path | None = None

    @cached_property
    def leaning(self) -> Leaning | None:
        """What the words and signs weigh, read when a first text is weighed; None where the pack has no weights."""
        return load_leaning(self.weights, self.senses) if self.weights is not None else None

    @cached_property
    def senses(self) -> Senses:
        """What the words of its language speak of."""
        return Senses(_words(FOLDER / f"{self.lang}.senses.yml"))

    def literals(self) -> Iterator[tuple[Key, frozenset[str] | None]]:
        """What each token of each rule and each pattern of the people rules' parts waits for in a text."""
        for name, (rule, _) in self._named.items():
            yield from (((name, at), wanted) for at, wanted in enumerate(rule.literals))
        for name, part in self._parts.items():
            yield from (((name, at), wanted) for at, wanted in enumerate(self._people.parts[part].literals))

    @cached_property
    def _named(self) -> Mapping[str, tuple[Rule, Beside]]:
        """The rules by what the prefilter calls them, in their order; two folders may hold rules of one name."""
        return {f"{self.sha}.{at:04}.{rule.name}": (rule, beside) for at, (rule, beside) in enumerate(self.rules)}

    @cached_property
    def _parts(self) -> Mapping[str, str]:
        """The parts of the people rules by what the prefilter calls them."""
        return {f"{self.sha}#{name}": name for name in self._people.parts}

    @property
    def _people(self) -> People:
        return self.people or _NOBODY

    @cached_property
    def _prefilter(self) -> Prefilter:
        return Prefilter(self.literals())

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of every literal."""
        return frozenset(word for _, wanted in self.literals() for literal in wanted or () for word in literal.split())

    def _others(self, reading: Reading, masked: Reading) -> Iterator[tuple[Reading, Reading]]:
        """What the text might say besides, in this pack's language, as it stands and with its titles masked."""
        for other, hidden in zip(reading.others, masked.others, strict=True):
            if self.lang is None or other.lang in (None, self.lang):
                yield other, hidden
                if other.run_together and (places := gaps(other.text, self._words)):
                    yield other.spaced(places), hidden.spaced(places)

    def see(self, reading: Reading, masked: Reading, possible: Possible) -> tuple[Seen, ...]:
        """The text, and what it might say besides, each with what of this pack may be found in it."""
        others = (
            (other, hidden, self._prefilter.possible(other.text)) for other, hidden in self._others(reading, masked)
        )
        return tuple(self._seen(*one) for one in ((reading, masked, possible), *others))

    def _seen(self, reading: Reading, masked: Reading, possible: Possible) -> Seen:
        if self.people is None:
            return Seen(reading, masked, possible, None)
        parts = {self._parts[name]: at for name, at in possible.items() if name in self._parts}
        return Seen(reading, masked, possible, self.people.look(reading, masked, parts))

    def flags(self, seen: Sequence[Seen]) -> Iterator[Flag | str]:
        """Flags of the rules that may fire; or the name of one that could not be brought to an end."""
        told: list[Flag] = []
        for at, one in enumerate(seen):
            for found in self._flags(one, disguised=at > 0):
                if isinstance(found, Flag) and (at == 0 or not any(_the_same(found, flag) for flag in told)):
                    told.append(found)
                    yield found
                elif isinstance(found, str):
                    yield found
        yield from self._leaning(seen[0], told)

    def _flags(self, seen: Seen, *, disguised: bool) -> Iterator[Flag | str]:
        for name in sorted(seen.possible.keys() & self._named.keys()):
            rule, beside = self._named[name]
            if disguised and rule.kind not in _ON_DISGUISES:
                continue
            try:
                for match in list(rule.matches(seen.masked, seen.possible[name])):
                    yield self._flag(rule, beside, match, seen.reading)
            except TimeoutError:
                yield f"wording: rule {self.name}.{rule.name} took too long"
        if self.people is not None and seen.looked is not None:
            for own, start, end in seen.looked.matches(self.people.rules):
                yield self._told(own, seen.reading, start, end)

    def _leaning(self, seen: Seen, told: Sequence[Flag]) -> Iterator[Flag]:
        """The signs of a text that leans to where it hurts (without weights: each), where no rule spoke; and the sentence that
        leans most, in each likely category that nothing else names."""
        if self.leaning is None:
            yield from self._besides(seen, self._signs(seen), told)
            return
        if not self.leaning.reads(seen.masked.text):
            return
        own = self.leaning.own(seen.masked.text)
        if not self._may_lean(self.leaning, own, seen, told):
            return
        signs = self._signs(seen)
        leant = self.leaning.of(own, self._found(seen, signs, told))
        if leant is None:
            return
        besides = list(self._besides(seen, signs, told))
        yield from besides
        named = {flag.category for flag in (*told, *besides)}
        for category in leant.categories:
            if category not in named:
                yield self._leant(leant, category, seen.reading)

    def _besides(
        self, seen: Seen, signs: Sequence[tuple[PeopleRule, int, int]], told: Sequence[Flag]
    ) -> Iterator[Flag]:
        """The signs of which no rule speaks: it says it better."""
        for sign, start, end in signs:
            flag = self._told(sign, seen.reading, start, end)
            if not any(flag.start < rule.end and rule.start < flag.end for rule in told):
                yield flag

    def _signs(self, seen: Seen) -> list[tuple[PeopleRule, int, int]]:
        if self.people is None or seen.looked is None:
            return []
        return list(seen.looked.matches(self.people.signs))

    def _may_lean(self, leaning: Leaning, own: Own, seen: Seen, told: Sequence[Flag]) -> bool:
        """Whether what may yet be found in a text can tip the weights: as little as possible is looked for."""
        looked = seen.looked
        if looked is None:
            return True
        signs = {sign.name: sign for sign in self._people.signs.possible(looked.possible())}
        parts, rules = looked.possible(), self._names(told)

        def stands(name: str) -> bool:
            if name in signs:
                return looked.fired(signs[name]) is not None
            return name in rules or bool(looked.where(name))

        return leaning.may(own, {*parts, *signs, *rules}, stands)

    def _names(self, told: Sequence[Flag]) -> set[str]:
        return {flag.rule.removeprefix(f"{self.name}.") for flag in told}

    def _found(self, seen: Seen, signs: Sequence[tuple[PeopleRule, int, int]], told: Sequence[Flag]) -> list[str]:
        """What the weights know by name: the parts, the signs and the rules that were found in a text."""
        parts = seen.looked.found() if seen.looked is not None else ()
        return sorted({*parts, *(sign.name for sign, _, _ in signs), *self._names(told)})

    def found(self, reading: Reading, masked: Reading) -> list[str]:
        """The same of a text that is not flagged but weighed."""
        seen = self._seen(reading, masked, self._prefilter.possible(reading.text))
        told = [flag for flag in self._flags(seen, disguised=False) if isinstance(flag, Flag)]
        return self._found(seen, self._signs(seen), told)

    def _told(self, own: PeopleRule, reading: Reading, start: int, end: int) -> Flag:
        at = reading.span(start, end)
        return Flag(
            "wording", own.category, own.level, *at, reading.original[slice(*at)], own.message, why=own.why,
            suggestion=own.suggestion, rule=f"{self.name}.{own.name}",
        )  # fmt: skip

    def _leant(self, leant: Leant, category: str, reading: Reading) -> Flag:
        start, end = reading.span(leant.start, leant.end)
        words = ", ".join(f"“{word}”" for word in leant.words)
        why = f"No rule names it. What stands here, above all {words}, stood in posts that hurt more often than in kind ones."
        return Flag(
            "wording", category, "warning", start, end, reading.original[start:end],
            LEANS, why=why,
            suggestion="Read it as one of them. Thank them, cheer them, or let the thing be the joke.",
            rule=f"{self.name}.Leaning",
        )  # fmt: skip

    def _flag(self, rule: Rule, beside: Beside, match: Match, reading: Reading) -> Flag:
        start, end = reading.span(match.start, match.end)
        instead = beside.suggestion or ", ".join(match.instead) or ("Delete it." if match.instead else "")
        return Flag(
            "wording", beside.category, rule.level, start, end, reading.original[start:end], rule.told(match),
            hard=beside.hard, why=beside.why or rule.link, suggestion=instead, rule=f"{self.name}.{rule.name}",
            rule_version=beside.version,
        )  # fmt: skip


_NOBODY = People({}, Rules(()), Rules(()))


def _the_same(one: Flag, other: Flag) -> bool:
    """Whether two flags of one rule stand at one place."""
    return one.rule == other.rule and one.start < other.end and other.start < one.end


def shipped_languages() -> tuple[str, ...]:
    """Languages that there is a pack for."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))


@cache
def load_pack(lang: str) -> Pack:
    """The shipped pack of one language; each rule must have its entry in the sidecar."""
    sidecar = _read(FOLDER / f"{lang}.sidecar.yml")
    rules = tuple(
        (compile_rule(file.stem, file.name, _words(file), own=True), _beside(file.stem, sidecar.get(file.stem)))
        for file in sorted((FOLDER / lang).glob("*.yml"))
    )
    people = compile_people(f"{lang}.people.yml", _read(FOLDER / f"{lang}.people.yml"))
    weights = FOLDER / f"{lang}.leaning.tsv"
    sha = _sha([*FOLDER.glob(f"{lang}/*.yml"), *FOLDER.glob(f"{lang}.*")])
    return Pack(lang, lang, rules, people, sha=sha, weights=weights if weights.exists() else None)


def load_style(folder: Path) -> Pack:
    """A Vale style folder of the user's, as it is; rules that cannot be used are problems, named, and the rest runs."""
    rules: list[tuple[Rule, Beside]] = []
    problems: list[RulePackError] = []
    if not folder.is_dir():
        raise RulePackError(str(folder), "is not a folder of rules", remedy="Name a Vale style: a folder of *.yml.")
    for file in sorted((*folder.rglob("*.yml"), *folder.rglob("*.yaml"))):
        try:
            data = _words(file)
            category = data.get("category", "house")
            rule = compile_rule(file.stem, str(file), data)
            _ = rule.find, rule.exceptions  # a user's pattern that is none is told at once
            rules.append((rule, Beside(category if category in CATEGORIES else "house")))
            problems += _unread(file, data)
        except RulePackError as error:
            problems.append(error)
    return Pack(folder.name, None, tuple(rules), None, tuple(problems), _sha(list(folder.rglob("*.y*ml"))))


def house_pack(banned: Sequence[str]) -> Pack:
    """The house's banned words, as plain words and not as patterns."""
    import regex

    data = {
        "extends": "existence", "message": "'%s' is a word that this house does not use.", "level": "error",
        "ignorecase": True, "tokens": [regex.escape(word) for word in banned],
    }  # fmt: skip
    rule = compile_rule("banned", "house.banned", data, own=True)
    return Pack("house", None, ((rule, Beside("house", suggestion="Another word.")),), sha=digest(list(banned), 16))


def _beside(name: str, entry: Mapping[str, Any] | None) -> Beside:
    if entry is None:
        raise RulePackError(name, "it has no entry in the sidecar", remedy="Give it a category, a reason and examples.")
    if entry["category"] not in CATEGORIES:
        raise RulePackError(name, f"no category is called {entry['category']}")
    examples = entry["examples"]
    return Beside(
        category=entry["category"],
        why=entry["why"],
        suggestion=entry.get("suggestion", ""),
        hard=entry.get("hard", False),
        version=str(entry.get("version", "1")),
        flag=tuple(examples["flag"]),
        pass_=tuple(examples["pass"]),
    )


def _unread(file: Path, data: Mapping[str, Any]) -> Iterator[RulePackError]:
    """Keys that a rule of its type does not have: Vale refuses it, here the rest of it runs."""
    if keys := unread_keys(data):
        problem = f"{data['extends']} has no {', '.join(keys)}; the rule runs as if that were not there"
        yield RulePackError(str(file), problem, remedy="Delete it, or write it as vale.sh/docs/styles does.")


def _read(file: Path) -> dict[str, Any]:
    return _loaded(file, _Loader)


def _words(file: Path) -> dict[str, Any]:
    """A rule: all its values are strings."""
    return _loaded(file, _Words)


def _loaded(file: Path, loader: type[Any]) -> dict[str, Any]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=loader)  # noqa: S506 (safe loaders, in C)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        problem = f"it is not YAML ({error.problem or error.context})"
        raise RulePackError(f"{file}{line}", problem, remedy="Correct that line.") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise RulePackError(str(file), f"cannot be read ({problem})", remedy="It must be YAML in UTF-8.") from None
    if not isinstance(data, dict):
        raise RulePackError(str(file), "is not a mapping of keys", remedy="See vale.sh/docs/styles.")
    return data


def _sha(files: list[Path]) -> str:
    return digest([hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)], 16)
