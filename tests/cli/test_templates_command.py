"""`assistant templates list`, `lint`, `preview` and `adopt`, and what `show` says of a draft's figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.cli.start import SAMPLE_CONFIG
from assistant.stats.sample import write_sample

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def assistant(small_workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command in the small workspace, whose house has templates of its own."""
    monkeypatch.chdir(small_workspace)
    (small_workspace / "ours" / "en").mkdir(parents=True)
    with (small_workspace / "config.yaml").open("a", encoding="utf-8") as file:
        file.write("templates: ours\n")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_a_broken_wording_is_linted_by_line_and_listed_as_a_problem(assistant: Run, small_workspace: Path) -> None:
    """`lint` leaves with 1, `list` and `preview` with 2, each naming file and line; the others are there."""
    file = small_workspace / "ours" / "en" / "record.j2"
    file.write_text(
        "---\nname: bad\n---\n{{ perids }}\n---\nname: good\n---\n{{ subject }}: {{ periods }}.\n", encoding="utf-8"
    )
    code, out, err = assistant("templates", "lint", "--lang", "en", "--kind", "record", "--format", "jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert {(one["level"], one["line"]) for one in found if one["file"] == str(file)} == {("error", 4)}
    assert "1 errors" in err
    for command in ("list", "preview"):
        code, out, err = assistant("templates", command, "--kind", "record", "--format", "jsonl")
        assert code == 2
        assert f"{file}:4: unknown variable perids" in err
    assert {"en/record/good"} <= {json.loads(line)["template"] for line in out.splitlines()}


def test_preview_shows_each_wording_on_a_real_figure(assistant: Run) -> None:
    """One post a wording, and the names of those that no figure fits."""
    code, out, err = assistant("templates", "preview", "--lang", "en", "--format", "jsonl")
    shown = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len({one["template"] for one in shown}) == len(shown) > 0
    assert all(one["text"] and one["insight_id"] for one in shown)
    assert "No figure of the sources fits" in err


def test_an_edited_post_is_adopted_and_used(assistant: Run, small_workspace: Path) -> None:
    """Shown, refused without a yes, kept with one; the next list has it."""
    _, out, _ = assistant("draft", "--top", "5", "--lang", "en", "--format", "jsonl")
    draft = next(
        one for one in map(json.loads, out.splitlines()) if any(f["fact"] == "subject" for f in one["figures"])
    )
    title = next(f["quote"] for f in draft["figures"] if f["fact"] == "subject")
    assistant("edit", str(draft["id"]), "--text", f"The kettle is on. “{title}” takes two sugars.")
    code, out, err = assistant("templates", "adopt", str(draft["id"]), "--name", "kettle")
    assert code == 1
    assert "{{ subject }} takes two sugars." in out
    assert "Nothing was kept" in err
    code, out, err = assistant("templates", "adopt", str(draft["id"]), "--name", "kettle", "--yes")
    assert (code, "Kept in" in err) == (0, True), err
    _, out, _ = assistant("templates", "list", "--lang", "en")
    assert any(line.endswith("/kettle") for line in out.splitlines())


def test_show_says_what_each_figure_rests_on(assistant: Run) -> None:
    """The piece, its fact and value, and the query."""
    assistant("draft", "--top", "1", "--lang", "en")
    _, out, _ = assistant("show", "1")
    lines = out.splitlines()
    at = next(n for n, line in enumerate(lines) if "rests on subject = " in line)
    assert "SELECT" in lines[at + 1]


def test_drafts_in_a_third_language_pass_the_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spanish on the sample: large numbers in its own words, and none of them is said to rest on nothing."""
    write_sample(tmp_path, today=date(2026, 7, 23))
    told = SAMPLE_CONFIG.format(folder="").replace("[en, fr]", "[es]").replace("shelf_life: 28d", "shelf_life: none")
    (tmp_path / "config.yaml").write_text(told, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["draft", "--lang", "es", "--top", "40", "--as-of", "2026-07-23", "--format", "jsonl"]) == 0
    drafts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(drafts) >= 10
    assert any("millones" in draft["text"] for draft in drafts)
    assert [flag for draft in drafts for flag in draft["flags"] if flag["category"] == "figure"] == []
    assert {draft["verdict"] for draft in drafts} == {"pass"}
