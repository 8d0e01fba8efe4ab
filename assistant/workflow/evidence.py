"""After a person's edit: which characters of the new text rest on which fact.

What stood in the old text and still stands is moved with its words; it counts as placed by the template's variable only
while the words beside it are the same too, because "nearly" or "million" make another figure of it. What was typed anew is
read as the checks read it: a number that a fact allows rests on that fact, and so does a title or a place in its exact words.
What rests on nothing has no span, and the checks flag it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher

from assistant.checks.numbers import Mention, mentions
from assistant.checks.reading import read
from assistant.models import Fact, Span
from assistant.reviewed import Draft


def found_again(draft: Draft, text: str) -> tuple[Span, ...]:
    """The spans of a new text of a draft, in its order; none of them overlap but those that did before."""
    facts = draft.insight.facts if draft.insight else ()
    spans = list(_moved(draft.post.text, text, draft.spans))
    for found in (*_titles(text, facts), *_numbers(text, draft.post.lang, facts)):
        if not any(found.start < span.end and span.start < found.end for span in spans):
            spans.append(found)
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def _moved(old: str, new: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Spans whose characters, and those beside them that a number might go on in, are still there."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    for span in spans:
        for block in blocks:
            if block.a <= span.start and span.end <= block.a + block.size:
                start = span.start - block.a + block.b
                end = start + span.end - span.start
                if not _goes_on(new, start, end):
                    same = _beside(old, span.start, span.end) == _beside(new, start, end)
                    yield Span(start, end, span.fact, span.placed if same else "")


def _beside(text: str, start: int, end: int) -> tuple[list[str], list[str]]:
    """The two words before and the two behind."""
    return text[:start].split()[-2:], text[end:].split(maxsplit=2)[:2]


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a number was typed longer than it was: 12 became 120, or 1,2 became 11,2."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    further = text[end + 1 : end + 2] if after in (",", ".") else after
    digits_end = text[end - 1 : end].isdigit() and further.isdigit()
    return digits_end or (text[start : start + 1].isdigit() and before.isdigit())


def _titles(text: str, facts: Sequence[Fact]) -> Iterator[Span]:
    """Titles and places in their exact words, the longest first."""
    named = sorted((f for f in facts if f.unit in ("title", "place")), key=lambda f: -len(str(f.value)))
    taken: set[int] = set()
    for fact in named:
        words = str(fact.value)
        at = text.find(words) if words else -1
        while at >= 0:
            if not taken.intersection(range(at, at + len(words))):
                taken.update(range(at, at + len(words)))
                yield Span(at, at + len(words), fact.name)
            at = text.find(words, at + len(words))


def _numbers(text: str, lang: str, facts: Sequence[Fact]) -> Iterator[Span]:
    """Numbers that a fact allows: the one that is nearest to what is said, the figure's own first where two are as near."""
    reading = read(text)
    for mention in mentions(reading.text, lang):
        allowed = [(off, at) for at, fact in enumerate(facts) if (off := _off(mention, fact)) is not None]
        if allowed:
            yield Span(*reading.span(mention.start, mention.end), facts[min(allowed)[1]].name)


def _off(mention: Mention, fact: Fact) -> float | None:
    """How far a fact is from what is said of it; None where it cannot be meant."""
    value = fact.value
    if isinstance(value, date):
        of_a_day = value.year if mention.role == "year" else value.day
        return 0.5 if mention.role in ("year", "number", "ordinal") and mention.value == of_a_day else None
    if isinstance(value, str) or (mention.role == "percent") != (fact.unit == "percent"):
        return None
    if mention.role == "clock":
        return 0.0 if fact.unit == "hour" else None
    return abs(abs(value) - mention.value) if mention.allows(abs(float(value)), fact.rounded_to) else None
