"""How a post is laid out in cells, how wording is chosen, what the editor holds: without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.models import Flag, Level
from assistant.review.disguise import Disguise
from assistant.review.editor import persons_flags, shifted, spans_in
from assistant.review.layout import Choice, Mark, cell_of, drawn, lay_out, marks_of, place_at, words
from assistant.review.queue import Pages, kept_in
from assistant.review.shown import cut, one_line, shown
from review.sitting import CONTROLS, HOSTILE, TEXTS, WIDE

ANY_TEXT = st.text(st.characters() | st.sampled_from("\n \x1b\ud800\u202e\u200d👩👧🇫️é語ab[]"), max_size=80)


def told(text: str, marks: list[Mark], width: int) -> list[str]:
    """The lines as text."""
    return [drawn(line).plain for line in lay_out(text, marks, width)]


def flag(start: int, end: int, level: Level = "error", quote: str = "") -> Flag:
    """A flag at a place."""
    return Flag("x", "house", level, start, end, quote, "Why.")


def test_a_flagged_wording_is_followed_by_its_number() -> None:
    """Numbers stand after the wording, stay with its word, and several at one end stand together."""
    marks = [Mark(4, 6, 1, "error"), Mark(4, 13, 2, "warning"), Mark(7, 13, 12, "error")]
    assert told("The 53 people who", marks, 40) == ["The 53¹ people²·¹² who"]
    assert told("The 53 people who", marks, 14) == ["The 53¹ ", "people²·¹² who"]


def test_a_flag_on_the_whole_text_is_numbered_and_underlines_nothing() -> None:
    """Where everything is meant, underlining everything would tell nothing."""
    line = lay_out("All of it", [Mark(0, 9, 1, "error")], 40)[0]
    assert drawn(line).plain == "All of it¹"
    assert not any("underline" in glyph.style for glyph in line[:-1])


def test_a_flag_is_never_told_by_colour_alone() -> None:
    """Each level underlines; the worst one wins where two cover a letter."""
    line = lay_out("ab", [Mark(0, 1, 1, "warning"), Mark(0, 1, 2, "error"), Mark(1, 2, 3, "suggestion")], 10)[0]
    assert all("underline" in glyph.style for glyph in line if glyph.start < glyph.end)
    assert "error" in line[0].style


def test_marks_number_the_flags_as_they_are_explained() -> None:
    """A flag on nothing in particular keeps its number and has no mark."""
    assert [mark.number for mark in marks_of([flag(0, 0), flag(1, 2)])] == [2]


@given(ANY_TEXT, st.integers(2, 40))
def test_every_layout_fits_and_hides_nothing(text: str, width: int) -> None:
    """No line is wider than asked for, every sign but a space at a line's end is drawn, in order and harmlessly."""
    lines = lay_out(text, [Mark(0, max(1, len(text) // 2), 1, "error")], width)
    glyphs = [glyph for line in lines for glyph in line if glyph.start < glyph.end]
    drawn_at = {at for glyph in glyphs for at in range(glyph.start, glyph.end)}
    wide = {g.start for g in glyphs if g.width > width}
    assert all(sum(g.width for g in line) <= max(width, 12) for line in lines) or wide
    assert [g.start for g in glyphs] == sorted(g.start for g in glyphs)
    missing = [text[at] for at in range(len(text)) if at not in drawn_at]
    assert set(missing) <= {"\n", " "} | {c for c in missing if cell_len(shown(c)) > width}
    assert not CONTROLS & set("".join(g.text for g in glyphs))


def test_a_cell_and_its_code_points_find_each_other() -> None:
    """What is under the mouse is what is drawn there, wide letters and glyphs included."""
    for text in (HOSTILE, WIDE):
        lines = lay_out(text, [Mark(2, 6, 1, "error")], 22)
        for y, line in enumerate(lines):
            x = 0
            for glyph in line:
                if glyph.start < glyph.end:
                    assert place_at(lines, x, y) == (glyph.start, glyph.end)
                    assert cell_of(lines, glyph.start) == (x, y)
                x += glyph.width
    assert place_at(lay_out("ab", [], 9), 50, 3) == (2, 2)
    assert place_at(lay_out("", [], 9), 0, 0) == (0, 0)


def test_words_are_what_one_would_flag() -> None:
    """Apostrophes, hyphens and thousands belong to their word; other signs stand alone, an emoji is one."""
    text = "L'été, 12,500 peut-être 👩‍👩‍👧‍👦!"
    assert [text[start:end] for start, end in words(text)] == ["L'été", ",", "12,500", "peut-être", "👩‍👩‍👧‍👦", "!"]


def test_choosing_by_words() -> None:
    """One word, then as far as it is extended, in both directions; holding needs no shift."""
    choice = Choice(tuple(words("one two three four")))
    assert choice.moved(1).span == (4, 7)
    assert choice.moved(1).moved(1, extend=True).span == (4, 13)
    assert choice.moved(2).moved(-1, extend=True).span == (4, 13)
    held = choice.toggled().moved(2)
    assert (held.span, held.toggled().span) == ((0, 13), (8, 13))
    assert choice.moved(-5).span == (0, 3)
    assert choice.moved(50).span == (14, 18)
    assert Choice(()).moved(1).span == (0, 0)
    assert choice.nearest(9) == 2


@given(ANY_TEXT)
def test_a_disguise_is_taken_off_without_a_trace(text: str) -> None:
    """As many code points, none of them hidden on the screen, and the same text again; lines end at newlines alone."""
    disguise = Disguise()
    covered = disguise.cover(text)
    assert (len(covered), disguise.uncover(covered)) == (len(text), text)
    assert covered.splitlines() == covered.removesuffix("\n").split("\n") or not covered
    drawn_text = disguise.drawn(covered.replace("\n", " "))
    assert len(drawn_text) == len(text)
    assert not CONTROLS & set(drawn_text)


def test_an_emoji_that_is_taken_apart_leaves_no_hidden_joiner() -> None:
    """What held an emoji together is shown once it holds nothing."""
    disguise = Disguise()
    assert disguise.drawn(disguise.cover("👩‍👧")[1:]) in ("·👧", "\u200d👧".replace("\u200d", "·"))


def test_flags_move_along_with_an_edit() -> None:
    """Before the edit they stay, after it they shift, under it they are gone until the next check."""
    old, new = "one two three four", "one XX two thr four"
    flags = [flag(0, 3), flag(4, 7), flag(8, 13), flag(14, 18)]
    assert [(f.start, f.end) for f in shifted(flags, old, new)] == [(0, 3), (15, 19)]
    assert shifted(flags, old, old) == flags
    assert [(f.start, f.end) for f in shifted(flags, old, "X" + old)][-1] == (15, 19)


def test_a_line_of_the_editor_has_its_part_of_each_flag() -> None:
    """A flag over two lines is underlined on both; the worst level is drawn last."""
    flags = [flag(2, 9), flag(0, 4, "warning")]
    assert spans_in(flags, 0, 5) == [(0, 4, "warning"), (2, 5, "error")]
    assert spans_in(flags, 6, 5) == [(0, 3, "error")]


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_is_cut_by_cells(text: str) -> None:
    """A cut line fits, whatever its letters are wide, and says that something is missing."""
    for width in (1, 2, 7, 26):
        line = cut(one_line(text), width)
        assert cell_len(line) <= width
        assert line.endswith("…")


def test_a_line_end_is_shown() -> None:
    """Two lines on one are told apart."""
    assert one_line("a\nb\x1b") == "a ↵ b␛"


def test_a_page_is_asked_for_once_and_forgotten_when_it_is_far() -> None:
    """What is on its way is not asked for again; the least recently shown drafts go first."""
    from assistant.models import Post, Report
    from assistant.reviewed import Draft

    pages, ids = Pages(size=2, kept=2), list(range(1, 11))
    assert pages.wanted(ids, 3) == [3, 4]
    assert pages.wanted(ids, 2) == []
    made = [Draft(i, 1, "pending", Post("x", "en", ()), None, None, Report(), 1) for i in ids]
    pages.put([3, 4], made[2:4])
    assert pages.get(3) is not None
    pages.put((), made[4:7])
    assert [pages.get(i) is not None for i in (3, 4, 5, 6, 7)] == [True, False, True, True, True]
    assert pages.wanted(ids, 3) == [4]


def test_the_current_draft_stays_until_the_cursor_leaves_it() -> None:
    """A draft that belongs in the list no more keeps its place under the cursor."""
    assert kept_in([1, 3, 4], [1, 2, 3, 4], 2) == [1, 2, 3, 4]
    assert kept_in([1, 3, 4], [1, 2, 3, 4], 3) == [1, 3, 4]
    assert kept_in([9], [1, 2, 3], None) == [9]
    assert kept_in([], [1, 2, 3], 3) == [3]


def test_a_persons_flag_follows_its_wording() -> None:
    """In an edited text it stands where the wording stands, and is gone with it."""
    from assistant.models import PersonFlag, Post, Report
    from assistant.reviewed import Draft
    from workshop import MONDAY

    person = PersonFlag(1, flag(0, 3, quote="one"), "Mia", MONDAY)
    draft = Draft(1, 1, "pending", Post("one two", "en", ()), None, None, Report(), 7, (person,))
    assert [(f.start, f.end) for f in persons_flags(draft, "two one")] == [(4, 7)]
    assert persons_flags(draft, "two") == []
