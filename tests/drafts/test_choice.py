"""The choice of wordings: what rests, for how long, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assistant.config import Config
from assistant.drafts import Pack, Past, load, opening, write
from drafts.test_drafts import NOW, SHIPPED, a_figure


def pack_of(folder: Path, *wordings: str) -> Pack:
    (folder / "en").mkdir()
    text = "\n".join(
        f"---\nname: w{n}\nfamily: {one.split()[0]}\n---\n{' '.join(one.split()[1:])}" for n, one in enumerate(wordings)
    )
    (folder / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    return load([folder], ["en"])


def test_a_wording_rests_for_sixty_drafts_and_the_figure_is_passed_over(tmp_path: Path, config: Config) -> None:
    """Two wordings, three figures: the third is left out, and it is said why; another kind takes its place."""
    pack = pack_of(tmp_path, "keys {{ subject }} kept its key.", "bread {{ subject }} went out for bread.")
    figures = [a_figure(subject=f"Title {n}", id=str(n)) for n in range(3)]
    made = write(figures, pack, config, languages=["en"], limit=3, as_of=NOW)
    assert (len(made.candidates), made.figures) == (2, ["0", "1"])
    assert any("1 figure was passed over" in note and "comeback" in note for note in made.notes)


def test_no_two_of_twenty_begin_alike(config: Config) -> None:
    """Of 40 figures' drafts, any 20 in a row have 20 first three words, and any 60 as many wordings."""
    figures = [
        a_figure(kind, subject=f"Title {n}", id=f"{kind}{n}") for n in range(20) for kind in ("comeback", "milestone")
    ]
    for lang in ("en", "fr"):
        made = write(figures, SHIPPED, config, languages=[lang], limit=40, as_of=NOW).candidates
        openings = [opening(one.text) for one in made]
        assert all(len(set(openings[at : at + 20])) == len(openings[at : at + 20]) for at in range(len(openings)))
        assert len({one.template for one in made}) == len(made) > 30


def test_a_family_rests_after_it_was_published(tmp_path: Path, config: Config) -> None:
    """Keys were told in public last week: bread comes first, whatever the seed; after a month either may."""
    pack = pack_of(
        tmp_path, "keys {{ subject }} kept its key.", "keys No key for {{ subject }}.", "bread Bread for {{ subject }}."
    )

    def chosen(seed: int, days: int) -> str:
        past = [Past("old", "en/comeback/w0", "en", "“X” kept its key.", NOW - timedelta(days=days))]
        past += [Past(f"f{n}", f"en/x/{n}", "en", f"{n} Something else entirely.") for n in range(70)]
        made = write([a_figure()], pack, config, languages=["en"], limit=1, as_of=NOW, seed=seed, past=past)
        return str(made.candidates[0].template)

    assert {chosen(seed, 7) for seed in range(12)} == {"en/comeback/w2"}
    assert len({chosen(seed, 60) for seed in range(12)}) > 1


def test_a_near_duplicate_of_what_was_posted_is_left_out_and_said_so(tmp_path: Path, config: Config) -> None:
    """The wording that repeats a post gives way; the note says to what."""
    pack = pack_of(tmp_path, "keys {{ subject }} kept its key.", "bread Bread for {{ subject }}.")
    for seed in range(6):
        made = write(
            [a_figure()], pack, config, languages=["en"], limit=1, as_of=NOW, seed=seed,
            said=lambda text: "the old post" if "key" in text else None,
        )  # fmt: skip
        assert made.candidates[0].template == "en/comeback/w1"
        assert all("nearly repeats “the old post”" in note for note in made.notes)


def test_a_second_run_makes_none_twice(config: Config) -> None:
    """With the first run's drafts as its past, the same run makes nothing, and names the same figures."""
    figures = [a_figure(subject=f"Title {n}", id=str(n)) for n in range(120)]
    first = write(figures, SHIPPED, config, languages=["en"], limit=60, as_of=NOW)
    past = [Past(c.insight.id, c.template, "en", c.text) for c in first.candidates if c.insight]
    again = write(figures, SHIPPED, config, languages=["en"], limit=60, as_of=NOW, past=past)
    assert again.candidates == []
    assert again.figures == first.figures


def test_a_wording_goes_stale_before_its_figure(tmp_path: Path, config: Config) -> None:
    """`shelf_life` of a header: not used later, and the post may go out no later."""
    (tmp_path / "en").mkdir()
    text = "---\nname: soon\nshelf_life: 10d\n---\n{{ subject }} just came back.\n"
    (tmp_path / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    pack = load([tmp_path], ["en"])
    figure = a_figure()
    day = NOW.replace(year=2026, month=7, day=15)
    made = write([figure], pack, config, languages=["en"], limit=1, as_of=day).candidates
    assert made[0].until is not None
    assert made[0].until.date().isoformat() == "2026-07-22"
    assert write([figure], pack, config, languages=["en"], limit=1, as_of=NOW).candidates == []


def test_tu_and_vous_as_the_house_says(tmp_path: Path, config: Config) -> None:
    """A wording that says vous is not used where the house says tu."""
    (tmp_path / "fr").mkdir()
    text = "---\nname: v\naddresses: vous\n---\n{{ subject }} : vous voilà.\n"
    text += "---\nname: t\naddresses: tu\n---\n{{ subject }} : te voilà.\n"
    (tmp_path / "fr" / "comeback.j2").write_text(text, encoding="utf-8")
    pack = load([tmp_path], ["fr"])
    for address, name in (("vous", "fr/comeback/v"), ("tu", "fr/comeback/t")):
        house = config.model_copy(update={"house": config.house.model_copy(update={"address": address})})
        made = write([a_figure()], pack, house, languages=["fr"], limit=1, as_of=NOW).candidates
        assert [one.template for one in made] == [name]


def test_british_spelling_and_bare_titles_as_the_house_says(tmp_path: Path, config: Config) -> None:
    """Fixed words and dates are British, titles stand without quotation marks."""
    (tmp_path / "en").mkdir()
    text = "---\nname: a\n---\nOur favorite color: {{ subject }}, last seen on {{ last_seen }}. "
    text += "{{ 'Lift' if gb else 'Elevator' }} up.\n"
    (tmp_path / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    house = config.house.model_copy(update={"english": "GB", "quotes": False})
    british = config.model_copy(update={"house": house})
    made = write([a_figure()], load([tmp_path], ["en"], "GB"), british, languages=["en"], limit=1, as_of=NOW).candidates
    assert made[0].text == "Our favourite colour: Rust Creek, last seen on 18 July 2021. Lift up."
