"""Three hundred drafts a language on the real table and on the sample: what the issue promises of them, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant import pipeline
from assistant.checks import Checker, weighted_length
from assistant.cli.start import SAMPLE_CONFIG
from assistant.config import Config, load
from assistant.drafts import Pack, Past, opening, write
from assistant.models import Candidate, Insight
from assistant.stats.sample import write_sample
from workshop import NETFLIX

MANY = 300
TOO_SMALL = "disclosure.size-floor"  # of the sample's group of 53, which is there to be refused, whatever the wording
NOW = datetime(2026, 7, 23, 12, tzinfo=UTC)


def on_netflix(folder: Path, shared: Path) -> tuple[Config, list[Insight]]:
    file = folder / "config.yaml"
    file.write_text(NETFLIX.format(path=shared / "data/netflix_top10/all-weeks-global.tsv"), encoding="utf-8")
    config = load(file)
    return config, list(pipeline.figures(config, as_of=NOW).insights)


def on_the_sample(folder: Path) -> tuple[Config, list[Insight]]:
    """All its weeks at once, as on the real table: its figures may be told for ever."""
    write_sample(folder, today=date(2026, 7, 23))
    told = SAMPLE_CONFIG.format(folder="").replace("shelf_life: 28d", "shelf_life: none")
    (folder / "config.yaml").write_text(told, encoding="utf-8")
    config = load(folder / "config.yaml")
    return config, list(pipeline.figures(config, as_of=NOW).insights)


def drafts_of(figures: list[Insight], pack: Pack, config: Config, lang: str) -> list[Candidate]:
    """One run after the other over the same figures, as if they were new each time, until there are enough."""
    made: list[Candidate] = []
    for seed in range(6):
        past = [Past(None, one.template, lang, one.text) for one in made]
        made += write(
            figures, pack, config, languages=[lang], limit=MANY - len(made), as_of=NOW, seed=seed, past=past,
            fits=lambda text: weighted_length(text) <= 280,
        ).candidates  # fmt: skip
    return made


def wrong(made: list[Candidate]) -> list[str]:
    """What is over length, unfilled, not evidence or blocked by our own rules."""
    checker = Checker(("en", "fr"))
    found = []
    for one in made:
        flags = [flag for flag in checker(one).flags if flag.level == "error" and flag.rule != TOO_SMALL]
        flags += [
            flag for flag in checker(replace(one, spans=())).flags if flag.category == "figure"
        ]  # read, not trusted
        if (
            weighted_length(one.text) > 280
            or any(mark in one.text for mark in ("{", "}", "None", "nan ", "  "))
            or flags
        ):
            found.append(f"{one.template}: {one.text} {[(flag.rule, flag.quote) for flag in flags]}")
    return found


@pytest.mark.parametrize("table", ["netflix", "sample"])
def test_three_hundred_drafts_a_language(table: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """0 over length, 0 unfilled, 0 with a number that is not evidence, 0 blocked; 70 % open differently; none twice in 60."""
    if table == "netflix":
        config, figures = on_netflix(tmp_path, request.getfixturevalue("shared"))
    else:
        config, figures = on_the_sample(tmp_path)
    pack = pipeline.template_pack(config)
    for lang in ("en", "fr"):
        made = drafts_of(figures, pack, config, lang)
        assert len(made) == MANY, (lang, Counter(one.insight.kind for one in made if one.insight), len(figures))
        assert wrong(made) == []
        assert len({opening(one.text) for one in made}) >= 0.7 * MANY
        wordings = [one.template for one in made]
        assert all(len(set(wordings[at : at + 60])) == 60 for at in range(MANY - 59))
