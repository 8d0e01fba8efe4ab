"""Draw docs/desk.svg: the review desk on the sample workspace, with a wording that the checks flag. Run by `make docs`."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from assistant import pipeline, review, workflow
from assistant.cli.start import SAMPLE_CONFIG
from assistant.config import Config, load
from assistant.stats.sample import write_sample
from assistant.store import Store, open_store

DAY = date(2026, 11, 24)
DRAWN = Path(__file__).parent / "desk.svg"


def workspace(folder: Path) -> Config:
    """The sample's tables and config in a folder."""
    write_sample(folder, today=DAY)
    (folder / "config.yaml").write_text(SAMPLE_CONFIG.format(folder=""), encoding="utf-8")
    return load(folder / "config.yaml")


def a_flagged_draft(config: Config, store: Store, reviewer: workflow.Reviewer) -> int:
    """Drafts of the sample; the one on people who came back every day gets the question that one does not ask."""
    made = pipeline.make_drafts(
        config, store, reviewer.checker, actor="sam", languages=config.languages, limit=16, as_of=store.now()
    )
    one = next(d for d in made.drafts if d.insight and d.insight.kind == "devoted_cohort" and d.post.lang == "en")
    first = one.post.text.partition(". ")[0]
    workflow.edit(reviewer, one.id, text=f"{first}. Who hurt you?")
    return one.id


def main() -> None:
    """Draw it."""
    with tempfile.TemporaryDirectory() as folder:
        config = workspace(Path(folder))
        store = open_store(config.store_url, clock=lambda: datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
        reviewer = workflow.Reviewer("sam", store, config, pipeline.checker_for(config))
        review.screenshot(
            config, store, reviewer, DRAWN, size=(110, 34), draft_id=a_flagged_draft(config, store, reviewer)
        )
        store.close()


if __name__ == "__main__":
    main()
