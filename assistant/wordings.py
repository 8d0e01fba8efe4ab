"""What people do with wordings, over all sources: lint them, see them on real figures, adopt an edited post as one.

`drafts` knows templates and no tables; here they are tried on the figures and titles of the configured sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, ConfigError, Refused, SourceError, TemplateError
from assistant.models import Candidate
from assistant.pipeline import figures, tables, template_pack

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.checks import Checker
    from assistant.config import Config
    from assistant.drafts.adopting import Proposal
    from assistant.drafts.linting import Complaint, Judge
    from assistant.reviewed import Draft


@dataclass(frozen=True)
class Previewed:
    """Wordings on real figures, the ids of those that no figure fits, and what could not be read."""

    posts: tuple[Candidate, ...]
    unused: tuple[str, ...]
    problems: tuple[AssistantError, ...]


LONGEST_TITLE = "The Extraordinarily Long and Winding Adventures of a Teapot"  # where no source names a longer one


def lint_templates(
    config: Config, checker: Checker, *, lang: str | None = None, kind: str | None = None
) -> Iterator[Complaint]:
    """What is wrong with the templates, each tried on made-up figures, with the longest title of the sources."""
    from assistant.checks import weighted_length
    from assistant.drafts.linting import lint

    judge = _judge(checker, max([LONGEST_TITLE, *_long_titles(config)], key=weighted_length))
    yield from lint(template_pack(config), config, judge, datetime.now(config.zone()), lang=lang, kind=kind)


def _judge(checker: Checker, longest: str = LONGEST_TITLE) -> Judge:
    from assistant.checks import weighted_length
    from assistant.drafts.linting import Judge

    return Judge(lambda one: checker(one).flags, weighted_length, checker.limits.max_weighted_length, longest)


_LONG_TITLES = (
    "SELECT subject FROM {} WHERE subject IS NOT NULL GROUP BY subject ORDER BY length(subject) DESC LIMIT 20"
)


def _long_titles(config: Config) -> Iterator[str]:
    """The longest titles of each source; a source that cannot be read has none."""
    for table in tables(config, None, None):
        if not isinstance(table, SourceError):
            relation = "series" if table.source.cohort is None else "cohort"
            yield from map(str, table.engine.query(_LONG_TITLES.format(relation))["subject"])


def preview_templates(
    config: Config, *, lang: str | None = None, kind: str | None = None, as_of: datetime | None = None
) -> Previewed:
    """Each wording on the best figure that it fits."""
    from assistant.drafts.variables import telling
    from assistant.drafts.writing import candidate_of

    found, pack = figures(config, kind=kind, as_of=as_of), template_pack(config)
    posts: list[Candidate] = []
    problems: list[AssistantError] = [*found.problems, *pack.problems]
    waiting = {t.id: t for t in pack.templates if lang in (None, t.lang) and kind in (None, t.kind)}
    for insight in found.insights:
        for spoken in pack.languages.values():
            fitting = [t for t in pack.of(spoken.code, insight.kind) if t.id in waiting]
            about = telling(insight, config, spoken, as_of or datetime.now(config.zone())) if fitting else ""
            if isinstance(about, str):
                continue
            for template in fitting:
                if template.fits(about):
                    del waiting[template.id]
                    try:
                        posts.append(candidate_of(template, insight, about, config))
                    except TemplateError as error:
                        problems.append(error)
    posts.sort(key=lambda one: (one.lang or "", one.template or ""))
    return Previewed(tuple(posts), tuple(waiting), tuple(problems))


def proposed_template(config: Config, draft: Draft) -> Proposal:
    """The wording that a draft's text would be; `Refused` where it cannot be one."""
    from assistant.drafts.adopting import propose
    from assistant.drafts.variables import telling

    spoken = template_pack(config).language(draft.post.lang)
    if spoken is None or draft.insight is None:
        raise Refused(f"Draft {draft.id} rests on no figure, or on words of no known language.")
    about = telling(draft.insight, config, spoken, draft.created_at or datetime.now(config.zone()))
    if isinstance(about, str):
        raise Refused(f"Draft {draft.id}: {about}.")
    return propose(draft, about, spoken)


def keep_template(config: Config, checker: Checker, proposal: Proposal) -> Path:
    """Add a wording to the house's own templates, if it can be read and our own checks find nothing in it."""
    import tempfile
    from pathlib import Path

    from assistant import drafts
    from assistant.drafts.adopting import keep
    from assistant.drafts.linting import lint

    if config.templates is None:
        remedy = "Make a folder, and write templates: our-templates"
        raise ConfigError(config.file, "templates", "names no folder for templates of your own", remedy=remedy)
    with tempfile.TemporaryDirectory() as scratch:
        keep(proposal, Path(scratch))
        pack = drafts.load([Path(scratch)], [proposal.lang], config.house.english)
        found = lint(pack, config, _judge(checker), datetime.now(config.zone()), lang=proposal.lang, kind=proposal.kind)
        wrong = [one for one in found if one.level == "error"]
    if wrong:
        told = f"{wrong[0].what} {wrong[0].remedy}".strip()
        raise Refused(f"{proposal.id} cannot be kept: {told}", remedy="Edit the post, and adopt it then.")
    return keep(proposal, config.resolve(config.templates))
