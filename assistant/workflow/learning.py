"""Learning from reviewers: a person's flag is a proposed rule; a person accepts it; how often each rule is waved through.

    flag ──▶ proposal ──accept──▶ house-rules/en/ShamingGetALife.yml     a Vale rule; the next check reads it

Nothing is learnt behind anyone's back: a proposal is only ever shown, a rule is a file that people read, change and delete.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import regex
import yaml
from sqlmodel import Session, col, select

from assistant.checks import visible
from assistant.checks.nearest import Likeness, nearest
from assistant.checks.reading import read
from assistant.checks.rules import PRIVACY
from assistant.checks.wording.vale import Rule, compile_rule
from assistant.errors import RulePackError, StoreError, UsageError
from assistant.models import CATEGORIES, Candidate, Flag, Level, jsonable
from assistant.reviewed import Draft
from assistant.store import Store, audit
from assistant.store.reading import list_drafts, read_report, rejected_texts
from assistant.store.tables import ApprovalRow, DraftRow, PersonFlagRow, ReportRow, RevisionRow
from assistant.workflow.deciding import GONE, candidate_of
from assistant.workflow.reviewer import Reviewer

EVERY_LANGUAGE = "all"
LET_OUT = ("approved", "queued", "claimed", "on_wire", "published")
NOISY, DECISIONS = 0.8, 10  # a rule that is waved through so often, over so many decisions, is noisy
_LONGEST_NAME = 48
_HAS_WORD = regex.compile(r"\w")  # signs and emoji have no word's edges, at which Vale looks for a token
_EDGES = regex.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wording that people flagged and that no rule flags yet; `id` is that of the (first) person's flag."""

    id: int
    wording: str
    category: str
    lang: str
    actor: str
    at: datetime
    draft_id: int
    state: Literal["open", "gone", "withdrawn"]
    example: str
    message: str = ""
    others: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return dict(jsonable(self))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that became a rule: its name, its file, and the drafts let out before that it would have flagged."""

    proposal: Proposal
    rule: str
    file: Path
    would_flag: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """As one object."""
        return {**dict(jsonable(self)), "file": str(self.file)}


@dataclass
class Tally:
    """In how many drafts a rule fired, and what people made of it: waved through, rejected, worded anew."""

    rule: str
    category: str = ""
    level: Level = "warning"
    fired: set[int] = field(default_factory=set)
    dismissed: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    reworded: set[int] = field(default_factory=set)

    @property
    def rate(self) -> float | None:
        """The share of decisions that waved it through; None where there was none."""
        decided = self.dismissed | self.confirmed | self.reworded
        return len(self.dismissed) / len(decided) if decided else None

    @property
    def private(self) -> bool:
        """Whether it guards people's privacy: statistics never speak against such a rule."""
        return self.category in PRIVACY

    @property
    def noisy(self) -> bool:
        """Whether it is waved through nearly always."""
        decided = len(self.dismissed | self.confirmed | self.reworded)
        return not self.private and decided >= DECISIONS and (self.rate or 0.0) >= NOISY

    def to_json(self) -> dict[str, Any]:
        """As one object, in numbers."""
        counts = {name: len(getattr(self, name)) for name in ("fired", "dismissed", "confirmed", "reworded")}
        told = {"rule": self.rule, "category": self.category, "level": self.level, **counts}
        return {**told, "dismissal_rate": self.rate, "noisy": self.noisy, "privacy": self.private}


def proposals(reviewer: Reviewer) -> list[Proposal]:
    """Every wording that a person flagged and that no rule of the same category flags yet, oldest first."""
    found: dict[tuple[str, str, str], Proposal] = {}
    for one in _flagged(reviewer.store):
        key = (read(one.wording).text.casefold(), one.category, one.lang)
        first = found.setdefault(key, one)
        if first is not one:
            found[key] = replace(first, others=(*first.others, one.id))
    return [one for one in found.values() if not _is_known(reviewer, one)]


def _flagged(store: Store) -> list[Proposal]:
    with store.read() as session:
        rows = session.exec(select(PersonFlagRow).order_by(col(PersonFlagRow.id))).all()
        langs = dict(session.exec(select(DraftRow.id, DraftRow.lang)).all())
        return [_proposal(session, row, langs[row.draft_id]) for row in rows if row.quote.strip()]


def _proposal(session: Session, row: PersonFlagRow, lang: str) -> Proposal:
    state: Literal["open", "gone", "withdrawn"] = "open"
    if row.closed_at is not None:
        state = "gone" if row.closed_why == GONE else "withdrawn"
    return Proposal(
        id=row.id or 0, wording=row.quote, category=row.category, lang=lang, actor=row.actor, at=row.created_at,
        draft_id=row.draft_id, state=state, example=_text_with(session, row), message=row.message,
    )  # fmt: skip


def _text_with(session: Session, row: PersonFlagRow) -> str:
    """The newest text of the draft that has the wording."""
    query = (
        select(RevisionRow.post).where(RevisionRow.draft_id == row.draft_id).order_by(col(RevisionRow.number).desc())
    )
    texts = (str(json.loads(post)["text"]) for post in session.exec(query))
    return next((text for text in texts if row.quote in text), row.quote)


def _is_known(reviewer: Reviewer, proposal: Proposal) -> bool:
    """Whether a rule of its category, or of the house, fires on the wording where it stands."""
    at = proposal.example.find(proposal.wording)
    report = reviewer.checker(Candidate(text=proposal.example, lang=proposal.lang))
    house = f"{_folder(reviewer).name}."
    return any(
        flag.check == "wording"
        and (flag.category == proposal.category or flag.rule.startswith(house))
        and flag.start < at + len(proposal.wording)
        and at < flag.end
        for flag in report.flags
    )


def _folder(reviewer: Reviewer) -> Path:
    return reviewer.config.resolve(reviewer.config.checks.house_rules)


def accept(
    reviewer: Reviewer, proposal_id: int, *, pattern: str | None = None, words: Sequence[str] = (),
    category: str | None = None, level: str = "error", lang: str | None = None, name: str | None = None,
) -> Accepted:  # fmt: skip
    """Write the house a rule that fires on the flagged wording, or on a pattern or words that cover it.

    The file is new: one that is there already is left as it is, and named.
    """
    proposal = _find(reviewer, proposal_id)
    category = category or proposal.category
    if category not in CATEGORIES:
        raise UsageError(f"{category!r} is not a category.", remedy=f"There are {', '.join(CATEGORIES)}.")
    tokens = _tokens(proposal, pattern, words)
    stem = _stem(name) if name is not None else _named(category, proposal)
    file = _folder(reviewer) / _language(reviewer, lang or proposal.lang) / f"{stem}.yml"
    data = _rule_of(proposal, tokens, category, level)
    rule = compile_rule(stem, str(file), data)
    _refuse_deaf(rule, proposal)
    text = _beside(reviewer, proposal) + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
    _keep(reviewer, proposal, rule, file, text)
    return Accepted(proposal, _called(file), file, tuple(_would_flag(reviewer, rule, proposal, lang)))


def _called(file: Path) -> str:
    """What its flags are called: `house-rules.en.ShamingGetALife`."""
    folder, lang = file.parts[-3:-1]
    return ".".join((folder, file.stem) if lang == EVERY_LANGUAGE else (folder, lang, file.stem))


def _find(reviewer: Reviewer, proposal_id: int) -> Proposal:
    for one in _flagged(reviewer.store):
        if one.id == proposal_id:
            return one
    raise UsageError(f"There is no proposal {proposal_id}.", remedy="`assistant rules propose` lists them.")


def _tokens(proposal: Proposal, pattern: str | None, words: Sequence[str]) -> list[str]:
    if pattern is not None and words:
        raise UsageError("A pattern and words are two rules.", remedy="Give --as or --word, and accept twice.")
    tokens = [pattern] if pattern is not None else [_literally(word) for word in words or [proposal.wording]]
    if not all(token.strip() for token in tokens):
        raise UsageError("There is nothing in it to find.", remedy="Leave it out: the wording itself is taken.")
    return tokens


def _literally(wording: str) -> str:
    """A wording as a pattern that finds it however it is spaced; stops and quotation marks at its edges do not count."""
    plain = read(wording).text.strip()
    inner = _EDGES.sub("", plain) or plain
    return r"\s+".join(regex.escape(word) for word in inner.split())


def _named(category: str, proposal: Proposal) -> str:
    """`ShamingGetALife`: the category, then as many of the words as fit."""
    stem = "".join(part.capitalize() for part in category.split("-"))
    for word in regex.findall(r"[A-Za-z0-9]+", read(proposal.wording).text):
        if len(stem) + len(word) > _LONGEST_NAME:
            break
        stem += word[:1].upper() + word[1:].lower()
    return stem if stem.lower() != category.replace("-", "") else f"{stem}{proposal.id}"


def _stem(name: str) -> str:
    if not regex.fullmatch(r"[\w-]{1,64}", name):
        raise UsageError(f"{name!r} cannot name a rule.", remedy="Use letters, digits, - and _.")
    return name


def _language(reviewer: Reviewer, lang: str) -> str:
    known = (*reviewer.checker.languages, EVERY_LANGUAGE)
    if lang not in known:
        raise UsageError(f"{lang!r} is not a language of the checks.", remedy=f"There are {', '.join(known)}.")
    return lang


def _rule_of(proposal: Proposal, tokens: list[str], category: str, level: str) -> dict[str, Any]:
    said = visible(proposal.message).replace("%", "").replace("\n", " ").strip()
    return {
        "extends": "existence",
        "message": f"'%s' is not said in this house{': ' + said if said else '.'}",
        "level": level,
        "ignorecase": True,
        "category": category,
        **({} if all(_HAS_WORD.search(token) for token in tokens) else {"nonword": True}),
        "tokens": tokens,
    }


def _beside(reviewer: Reviewer, proposal: Proposal) -> str:
    """The rule's sidecar, as comments: who accepted it, whose flag it was, and the example that it must fire on."""
    on = reviewer.store.now().astimezone(reviewer.config.zone()).date()
    example = " ⏎ ".join(visible(proposal.example).splitlines())
    return (
        (
            f"# Accepted by {visible(reviewer.name)} on {on}; flagged by {visible(proposal.actor)} on "
            f"{proposal.at.date()} in draft {proposal.draft_id} ({proposal.lang}), flag {proposal.id}.\n"
            f"# It must fire on: {example}\n"
        )
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )


def _refuse_deaf(rule: Rule, proposal: Proposal) -> None:
    """A rule must fire on the wording that it is made from."""
    reading = read(proposal.example)
    at = proposal.example.find(proposal.wording)
    try:
        spans = [reading.span(match.start, match.end) for match in rule.matches(reading)]
    except TimeoutError:
        raise RulePackError(rule.file, "the pattern does not come to an end", remedy="Make it simpler.") from None
    if not any(start < at + len(proposal.wording) and at < end for start, end in spans):
        remedy = "Write the pattern so that it does, or leave --as and --word out."
        raise UsageError(f"This would not fire on the wording “{proposal.wording}”.", remedy=remedy)


def _keep(reviewer: Reviewer, proposal: Proposal, rule: Rule, file: Path, text: str) -> None:
    """The file and its entry in the trail: both, or neither."""
    _write_new(file, text)
    details = {"proposal": proposal.id, "draft": proposal.draft_id, "file": str(file), "rule": rule.data}
    try:
        with reviewer.store.write() as session:
            audit.append(session, actor=reviewer.name, action="accept-rule", subject="store", details=details,
                         at=reviewer.store.now())  # fmt: skip
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _write_new(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        remedy = "Read it; name another with --name, or delete it."
        raise UsageError(f"{file} is there already.", remedy=remedy) from None
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}.", remedy="Check that the folder may be written.") from None


def _would_flag(reviewer: Reviewer, rule: Rule, proposal: Proposal, lang: str | None) -> Iterator[int]:
    """Drafts that people let go out and that the rule would have stopped: a sign that it is too wide."""
    wanted = lang or proposal.lang
    for draft in list_drafts(reviewer.store, state="all"):
        fits = draft.state in LET_OUT and wanted in (EVERY_LANGUAGE, draft.post.lang)
        if fits and _fires(rule, draft.post.text):
            yield draft.id


def _fires(rule: Rule, text: str) -> bool:
    try:
        return any(True for _ in rule.matches(read(text)))
    except TimeoutError:
        return False


def rule_counts(store: Store) -> list[Tally]:
    """Every rule that fired or was waved through, the most waved through first. Each draft counts once."""
    tallies: defaultdict[str, Tally] = defaultdict(lambda: Tally(""))
    with store.read() as session:
        newest = dict(session.exec(select(DraftRow.id, DraftRow.number)).all())
        states = dict(session.exec(select(DraftRow.id, DraftRow.state)).all())
        revisions = {row.id: row for row in session.exec(select(RevisionRow)).all()}
        waved = _waved_through(session, revisions)
        reports = _newest_reports(session)
    now_flagged: defaultdict[int, set[str]] = defaultdict(set)
    for revision_id, flags in reports.items():
        revision = revisions[revision_id]
        for flag in flags:
            _count(tallies, flag).fired.add(revision.draft_id)
        if newest[revision.draft_id] == revision.number:
            now_flagged[revision.draft_id] = {flag.rule for flag in flags}
    for rule, drafts in waved.items():
        tallies[rule].rule = rule
        tallies[rule].dismissed |= drafts
    for tally in tallies.values():
        _judge(tally, states, now_flagged)
    return sorted(tallies.values(), key=lambda one: (-(one.rate or 0.0), -len(one.fired), one.rule))


def _count(tallies: defaultdict[str, Tally], flag: Flag) -> Tally:
    tally = tallies[flag.rule or flag.check]
    tally.rule, tally.category, tally.level = flag.rule or flag.check, flag.category, flag.level
    return tally


def _waved_through(session: Session, revisions: Mapping[int | None, RevisionRow]) -> dict[str, set[int]]:
    """Rule → the drafts in which an approval acknowledged it."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for approval in session.exec(select(ApprovalRow)).all():
        for rule in json.loads(approval.acknowledged):
            found[rule].add(revisions[approval.revision_id].draft_id)
    return found


def _newest_reports(session: Session) -> dict[int, Iterable[Flag]]:
    """What the machine last said of each revision."""
    rows = session.exec(select(ReportRow).order_by(col(ReportRow.id))).all()
    return {row.revision_id: read_report(row.payload).flags for row in rows}


def _judge(tally: Tally, states: Mapping[int | None, str], flagged: Mapping[int, set[str]]) -> None:
    """A rejection outweighs an earlier approval; a wording that was changed away was changed for a reason."""
    tally.confirmed = {one for one in tally.fired if states[one] == "rejected" and tally.rule in flagged.get(one, ())}
    tally.dismissed -= tally.confirmed
    gone = {one for one in tally.fired if tally.rule not in flagged.get(one, ())}
    tally.reworded = gone - tally.dismissed


def nearest_rejected(store: Store, draft: Draft) -> Likeness | None:
    """The rejected draft that is likest to this one, if any is like it, as things stand now."""
    others = [one for one in rejected_texts(store) if one.draft_id != draft.id]
    return nearest(draft.post.text, candidate_of(draft).titles, others, draft.post.lang)
