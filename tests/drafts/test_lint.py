"""`templates lint`: what it finds in a house's pack, and that it finds nothing in ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.checks import Checker, weighted_length
from assistant.config import Config
from assistant.drafts import FACTS, load, shipped_folder
from assistant.drafts.linting import Complaint, Judge, lint
from assistant.drafts.specimens import SHAPES, askable
from drafts.test_drafts import NOW

LONG = "The Extraordinarily Long and Winding Adventures of a Teapot"


def complaints(folder: Path, config: Config, lang: str, kind: str | None = None) -> list[Complaint]:
    checker = Checker((lang,))
    judge = Judge(lambda one: checker(one).flags, weighted_length, 280, LONG)
    found = lint(load([folder], [lang]), config, judge, NOW, lang=lang, kind=kind)
    return [one for one in found if one.level != "note"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_is_wrong_with_the_shipped_packs(config: Config, lang: str) -> None:
    """Each wording can be used, is filled, is short enough with a long title, and passes our own checks; there are enough."""
    assert [str(one) for one in complaints(shipped_folder(), config, lang)] == []


def test_a_third_language_is_a_folder_and_a_name_file(config: Config) -> None:
    """Spanish reads whole, for the five commonest kinds, and no check stops its wordings."""
    found = complaints(shipped_folder(), config, "es")
    errors = [one for one in found if one.level == "error"]
    assert [str(one) for one in errors] == []
    kinds = {template.kind for template in load([shipped_folder()], ["es"]).templates}
    assert kinds == {"record", "streak", "milestone", "jump", "comeback"}


def test_made_up_figures_have_what_their_kind_has() -> None:
    """Every kind has a shape; no shape has a fact that the documents do not name."""
    assert {kind for kind, _ in SHAPES} == set(FACTS)
    for kind, shape in SHAPES:
        assert set(shape.facts) <= set(FACTS[kind]), kind
        assert set(FACTS[kind]) <= askable(kind)


WRONG = {
    "unknown variable": ("{{ sbject }}", "", "unknown variable sbject"),
    "missing plural category": ("{{ subject }}: {{ absence|plural(one='week') }}", "", "plural lacks other"),
    "unknown condition": ("{{ subject }} is back.", "when: {wether: rain}", "unknown condition wether"),
    "impossible condition": (
        "{{ subject }} is back.",
        "when: {unit: parsecs, value: {min: 3, max: 2}}",
        "no figure can have",
    ),
    "filter on the wrong thing": ("{{ subject|num }}", "", "num is for numbers"),
    "unknown filter argument": ("{{ last_seen|date('decade') }}", "", "date knows"),
    "too long with a long title": ("{{ subject }} " * 5, "", "characters with"),
    "flagged by our own checks": ("{{ subject }} is back, losers.", "", "flags"),
    "a typed number": ("{{ subject }} is back after 42 weeks.", "", "figure.number"),
    "nothing": ("{% if false %}x{% endif %}", "", "prints nothing"),
    "two spaces": ("{{ subject }}  is back.", "", "prints '  '"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_file_and_line(name: str, tmp_path: Path, config: Config) -> None:
    """The file, the line and the wording."""
    body, header, says = WRONG[name]
    (tmp_path / "en").mkdir()
    head = f"name: bad\n{header}\n" if header else "name: bad\n"
    (tmp_path / "en" / "comeback.j2").write_text(f"---\n{head}---\n{body}\n", encoding="utf-8")
    found = [one for one in complaints(tmp_path, config, "en", "comeback") if says in one.what]
    assert found, [str(one) for one in complaints(tmp_path, config, "en", "comeback")]
    assert str(found[0]).startswith(f"{tmp_path}/en/comeback.j2:")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("absence == 1", "with plural one"),
        ("subject == 'Elite: Season 2'", "with the title “Elite: Season 2”"),
        ("subject == 'Only You'", "with the title “Only You”"),
        ("subject == 'Rien que vous'", "with the title “Rien que vous”"),
        ("absence > 1", ""),
        ("season_number", ""),
    ],
)
def test_a_wording_is_tried_on_awkward_titles_and_numbers(
    condition: str, told: str, tmp_path: Path, config: Config
) -> None:
    """What is wrong only then is found, and the complaint says when."""
    (tmp_path / "en").mkdir()
    body = f"{{{{ subject }}}} is back{{% if {condition} %}}, losers{{% endif %}}."
    (tmp_path / "en" / "comeback.j2").write_text(f"---\nname: bad\n---\n{body}\n", encoding="utf-8")
    found = [one.what for one in complaints(tmp_path, config, "en", "comeback") if one.level == "error"]
    assert len(found) == 1
    assert "losers" in found[0]
    assert found[0].endswith(f"({told})") is bool(told)


def test_what_was_not_tried_is_said(tmp_path: Path, config: Config) -> None:
    """Conditions that leave people, things, a title or a plural out: a note for each, and one for what no program can see."""
    (tmp_path / "fr").mkdir()
    text = "---\nname: a\nwhen: {unit: hours, absence: {min: 60, max: 90}}\n---\n{{ subject }} revient.\n"
    (tmp_path / "fr" / "comeback.j2").write_text(text, encoding="utf-8")
    judge = Judge(lambda _: (), weighted_length, 280, LONG)
    found = lint(load([tmp_path], ["fr"]), config, judge, NOW, lang="fr", kind="comeback")
    notes = [one.what for one in found if one.level == "note"]
    for what in ("people", "plural one", "plural many"):
        assert sum(f"not tried with {what}:" in note and "fr/comeback/a" in note for note in notes) == 1
    assert any(note.startswith("Not looked at") for note in notes)
    assert not any("things" in note or "plural other" in note or "title" in note for note in notes[:-1])


def test_the_same_words_twice_and_too_few_are_named(tmp_path: Path, config: Config) -> None:
    """A twin is an error; a kind with too few wordings a warning."""
    (tmp_path / "en").mkdir()
    twice = "---\nname: a\n---\n{{ subject }} is back.\n---\nname: b\n---\n{{ subject }} is back.\n"
    (tmp_path / "en" / "comeback.j2").write_text(twice, encoding="utf-8")
    found = complaints(tmp_path, config, "en", "comeback")
    assert [(one.level, one.template) for one in found] == [("error", "en/comeback/b"), ("warning", "")]
    assert "says the same as en/comeback/a" in found[0].what
    assert "has 2 wordings in en, and wants 20" in found[1].what
