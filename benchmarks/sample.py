"""What the benchmarks on texts read: the figures of the sample tables, and every wording that fits each of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from assistant import pipeline
from assistant.cli.start import SAMPLE_CONFIG
from assistant.config import Config, load
from assistant.drafts import Pack, Template
from assistant.drafts.variables import Telling, telling
from assistant.models import Candidate, Insight
from assistant.stats.sample import write_sample

TODAY = datetime(2026, 7, 6, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Wording:
    """One template and one figure that it fits."""

    config: Config
    insight: Insight
    template: Template

    def telling(self) -> Telling:
        """The variables of the figure in the template's language."""
        told = telling(self.insight, self.config, self.template.lang, TODAY)
        assert isinstance(told, Telling), told
        return told

    def candidate(self) -> Candidate:
        """The post, with all that the checks may know of it: the road from figure to draft, without the store."""
        about = self.telling()
        text, spans = about.finished(self.template.render(about))
        return Candidate(
            text=text, lang=self.template.lang, insight=self.insight, template=self.template.id, facts=about.facts,
            spans=spans, titles=tuple(str(fact.value) for fact in about.facts if fact.unit == "title"),
            people=self.insight.people, counts=self.insight.counts,
        )  # fmt: skip


class Sample:
    """The sample workspace on a fixed day, read once."""

    @cached_property
    def _read(self) -> tuple[Config, Pack, tuple[Insight, ...]]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_sample(folder, today=date(TODAY.year, TODAY.month, TODAY.day))
            (folder / "config.yaml").write_text(SAMPLE_CONFIG.format(folder=""), encoding="utf-8")
            config = load(folder / "config.yaml")
            return config, pipeline.template_pack(config), pipeline.figures(config, as_of=TODAY).insights

    def wordings(self) -> Iterator[Wording]:
        """Every template with every figure that it fits, in both languages."""
        config, pack, insights = self._read
        for insight in insights:
            for lang in config.languages:
                about = telling(insight, config, lang, TODAY)
                if isinstance(about, Telling):
                    fitting = (one for one in pack.of(lang, insight.kind) if one.fits(about))
                    yield from (Wording(config, insight, one) for one in fitting)
