"""An edited post back into a template: its figures and titles become variables again, its conditions are proposed.

Each span of the text is matched with what the figure's variables print, the longest first; what is left are fixed words. A
digit in those rests on nothing, and the post is refused. The wording that is proposed is rendered on the post's own figure, and
must say exactly what the post says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from assistant.drafts.filters import FILTERS
from assistant.drafts.header import TONES
from assistant.drafts.languages import Language
from assistant.drafts.telling import Day, Number, Piece, Word, unmarked
from assistant.drafts.variables import Telling, known_variables
from assistant.errors import Refused, UsageError
from assistant.models import Insight, Span
from assistant.reviewed import Draft

_NUMBERS = ("", "num", "exact", "exact_num", "over", "over_measure", "compact", "duration", "ordinal", "compound")
_DAYS = ("", 'date("long")', 'date("weekday")', 'date("month")', 'date("year")')
_WORDS = ("", "of", "possessive", 'title("bare")', "place", "the")
_TOLD_APART = ("scope", "mode", "direction", "cycle")
_SPEAKS = {
    "fr": (("vous", r"\b(?:vous|votre|vos)\b"), ("tu", r"\b(?:tu|te|toi|ton|ta|tes)\b|\bt’")),
    "en": ((True, r"\b(?:you|your|yours)\b"),),
}


@dataclass(frozen=True)
class Proposal:
    """A wording to be: its header's data and its body, and what it is to be kept under."""

    lang: str
    kind: str
    header: Mapping[str, Any]
    body: str

    @property
    def id(self) -> str:
        """As the pack will name it."""
        return f"{self.lang}/{self.kind}/{self.header['name']}"

    def __str__(self) -> str:
        """As it will stand in its file."""
        head = "".join(f"{key}: {_flow(value)}\n" for key, value in self.header.items())
        return f"---\n{head}---\n{self.body}\n"

    def named(self, *, name: str | None, tone: str | None, family: str | None) -> Proposal:
        """The same under another name, tone or family of jokes."""
        if tone is not None and tone not in TONES:
            raise UsageError(f"{tone!r} is not a tone.", remedy=f"There are {', '.join(TONES)}.")
        given = {"name": name, "tone": tone, "family": family or (name if name else None)}
        return replace(self, header={**self.header, **{key: value for key, value in given.items() if value}})


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000)
    return text.removesuffix("...\n").strip()


@dataclass(frozen=True)
class _Tag:
    """A piece of the text and the tag that prints it."""

    start: int
    end: int
    tag: str


def propose(draft: Draft, about: Telling, spoken: Language) -> Proposal:
    """The wording that prints a draft's text on its figure, or `Refused` with what cannot be turned back."""
    insight = draft.insight
    if insight is None:
        raise Refused(f"Draft {draft.id} rests on no figure.", remedy="Only a post on a figure can become a template.")
    text = draft.post.text.replace("\r\n", "\n")
    tags = list(_tags(text, draft.spans, about, insight.kind))
    body, fixed = _body(text, tags)
    if digits := re.search(r"\d[\d.,\u00a0\u202f ]*", fixed):
        remedy = "Write it as the figure is told, or leave it out, and adopt the post then."
        raise Refused(f"Draft {draft.id} says {digits[0].strip()!r}, which rests on no variable.", remedy=remedy)
    if "\n---" in f"\n{body}":
        raise Refused(f"Draft {draft.id} has a line of three hyphens.", remedy="Those part wordings: leave it out.")
    name = _name(fixed, draft.id)
    header = {"name": name, "tone": TONES[0], "family": name, **_when(insight, fixed, about, spoken)}
    speaks = next((who for who, pattern in _SPEAKS.get(spoken.code, ()) if re.search(pattern, fixed, re.I)), None)
    return Proposal(spoken.code, insight.kind, {**header, **({"addresses": speaks} if speaks else {})}, body)


def _tags(text: str, spans: Sequence[Span], about: Telling, kind: str) -> Iterator[_Tag]:
    """For each span the longest piece of text around it that a variable prints."""
    printed = list(_printed(about, kind))
    last = 0
    for span in sorted((*spans, *_said(text, printed, about)), key=lambda one: (one.start, -one.end)):
        if span.start < last:
            continue
        found = [
            (end - start, of == span.fact, -at, start, end, tag)
            for at, (words, tag, of) in enumerate(printed)
            for start, end in _around(text, words, span)
            if start >= last
        ]
        if found:
            *_, start, end, tag = max(found)
            last = end
            yield _Tag(start, end, tag)


def _said(text: str, printed: Sequence[tuple[str, str, str]], about: Telling) -> Iterator[Span]:
    """Numbers, titles and places as a variable prints them, where no span says so: a person typed them."""
    named = {fact.name for fact in about.facts if fact.unit in ("title", "place")}
    for words, _, of in printed:
        if of in named or any(c.isdigit() for c in words):
            for found in re.finditer(rf"(?<![\w.,]){re.escape(words)}(?![\w]|[.,]\d)", text):
                yield Span(*found.span(), of)


def _around(text: str, words: str, span: Span) -> Iterator[tuple[int, int]]:
    """Where some words stand in a text so that a span lies in them."""
    at = text.find(words, max(0, span.end - len(words)))
    while 0 <= at <= span.start:
        if span.end <= at + len(words):
            yield at, at + len(words)
        at = text.find(words, at + 1)


def _printed(about: Telling, kind: str) -> Iterator[tuple[str, str, str]]:
    """What each variable prints, bare and through each filter that may stand behind it, and on which fact it rests."""
    known = known_variables(kind)
    order = sorted(known, key=lambda name: (name == "value", name))
    for name in order:
        value = about.values.get(name)
        for behind in _filters(value):
            filtered = _filtered(value, behind)
            words, spans = unmarked(str(filtered), about.facts) if filtered is not None else ("", ())
            if words.strip() and spans:
                yield words, f"{{{{ {name}{'|' if behind else ''}{behind} }}}}", spans[0].fact


def _filters(value: Any) -> Sequence[str]:
    if isinstance(value, Number):
        return _NUMBERS
    if isinstance(value, Day):
        return _DAYS
    return _WORDS if isinstance(value, Word) else ("", "capital") if isinstance(value, Piece) else ()


def _filtered(value: Any, behind: str) -> object | None:
    """The value through `name` or `name("argument")`; None where it is not for such a value."""
    name, _, argument = behind.partition('("')
    try:
        return FILTERS[name](value, *([argument[:-2]] if argument else [])) if name else value
    except (TypeError, ValueError):
        return None


def _body(text: str, tags: Sequence[_Tag]) -> tuple[str, str]:
    """The template's text, and its fixed words alone."""
    parts: list[str] = []
    fixed: list[str] = []
    last = 0
    for tag in tags:
        fixed.append(text[last : tag.start])
        parts += [_escaped(text[last : tag.start]), tag.tag]
        last = tag.end
    fixed.append(text[last:])
    return "".join([*parts, _escaped(text[last:])]).strip(), "\n".join(fixed)


def _escaped(words: str) -> str:
    """Fixed words in which nothing is a tag."""
    return re.sub(r"\{[{%#]", lambda found: f'{{{{ "{found[0]}" }}}}', words)


def _name(fixed: str, number: int) -> str:
    words = [word for word in re.findall(r"[^\W\d_]+", fixed.lower()) if len(word) > 2][:3]
    return "-".join([*words, str(number)]) if words else f"adopted-{number}"


def _when(insight: Insight, fixed: str, about: Telling, spoken: Language) -> dict[str, Any]:
    """Conditions without which the fixed words may be wrong of another figure."""
    asked: dict[str, Any] = {name: insight.params[name] for name in _TOLD_APART if name in insight.params}
    if insight.subject is None:
        asked["subject"] = False
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", fixed)}
    if insight.unit in spoken.units and words.intersection(spoken.units[insight.unit]):
        asked["unit"] = insight.unit
    if spoken.period[insight.every] in words:
        asked["every"] = insight.every
    found: dict[str, Any] = {"when": asked} if asked else {}
    return {**found, "needs": ["place"]} if insight.where and not about.values.get("where") else found


def keep(proposal: Proposal, folder: Path) -> Path:
    """Add a wording to the house's folder; `UsageError` where one of its name is there."""
    file = folder / proposal.lang / f"{proposal.kind}.j2"
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if re.search(rf"^name: {re.escape(str(proposal.header['name']))}$", old, re.MULTILINE):
        raise UsageError(f"{file} has a wording named {proposal.header['name']}.", remedy="Choose another with --name.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{old.rstrip()}\n\n{proposal}".lstrip(), encoding="utf-8")
    return file
