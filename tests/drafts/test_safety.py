"""What a template may not do: the published escapes from Jinja's sandbox, loops, allocation, time, control characters."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from assistant.config import Config
from assistant.drafts import load, write
from assistant.drafts import sandbox as cage
from drafts.test_drafts import NOW, a_figure

GOOD = "---\nname: good\n---\n{{ subject }} is back.\n"
ESCAPES = {
    "CVE-2016-10745, str.format": "{{ '{0.__class__.__init__.__globals__}'.format(subject) }}",
    "CVE-2016-10745, through a filter": "{{ '{0.__class__}'|format(subject) }}",
    "CVE-2019-10906, str.format_map": "{{ '{x.__class__}'.format_map({'x': subject}) }}",
    "CVE-2024-56326, a reference to format": "{% set f = '{0.__class__}'.format %}{{ f(subject) }}",
    "CVE-2024-56326, through a filter": "{{ ['{0.__class__}']|map('format', subject)|list }}",
    "CVE-2025-27516, attr then format": "{{ ('{0.__class__}'|attr('format'))(subject) }}",
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals of a filter": "{{ subject|attr('__init__') }}",
    "self": "{{ self._TemplateReference__context }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum.__globals__ }}",
    "namespace": "{% set ns = namespace(a=1) %}{{ ns.a }}",
    "import": "{% import 'x' as y %}",
    "from": "{% from 'x' import y %}",
    "extends": "{% extends 'x' %}",
    "include": "{% include '/etc/passwd' %}",
    "macro": "{% macro m() %}x{% endmacro %}{{ m() }}",
    "call block": "{% call subject() %}x{% endcall %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "block": "{% block b %}x{% endblock %}",
    "loop": "{% for x in range(10**9) %}x{% endfor %}",
    "nested loops": "{% for a in subject %}{% for b in subject %}x{% endfor %}{% endfor %}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "repetition": "{{ 'a' * 10 ** 9 }}",
    "format operator": "{{ '%999999999d' % 1 }}",
    "floor division": "{{ 1 // 0 }}",
    "tilde": "{{ subject ~ subject }}",
    "range": "{{ range(10)|list }}",
    "dict": "{{ {'a': 1} }}",
    "subscript": "{{ subject[0] }}",
    "slice": "{{ subject[0:1] }}",
    "context": "{{ __teller }}",
    "a filter's argument": "{{ value|plural(one=subject, other='x') }}",
    "spread arguments": "{{ value|plural(**subject) }}",
    "is defined": "{{ subject is defined }}",
    "do": "{% do subject.append(1) %}",
    "trans": "{% trans %}x{% endtrans %}",
    "with": "{% with a = 1 %}{{ a }}{% endwith %}",
    "escape character": "bell \x07",
    "escape sequence in a constant": r"{{ '\x1b[2J' }}",
    "right-to-left override": "safe \u202etxt",
    "zero-width": "a\u200bb",
    "our own marks": "\ue200\ue300forged\ue201",
    "deep nesting": "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
    "deep conditions": "{% if subject %}" * 300 + "x" + "{% endif %}" * 300,
    "a long body": "x" * 5000,
}


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_is_refused_by_name_and_line_and_the_batch_goes_on(name: str, tmp_path: Path, config: Config) -> None:
    """Nothing of it is run; its file and line are named; the wording beside it is used."""
    (tmp_path / "en").mkdir()
    text = f"---\nname: bad\n---\nok\n{ESCAPES[name]}\n{GOOD}"
    (tmp_path / "en" / "comeback.j2").write_text(text, encoding="utf-8")
    pack = load([tmp_path], ["en"])
    assert [t.id for t in pack.templates] == ["en/comeback/good"]
    assert len(pack.problems) == 1
    assert str(pack.problems[0]).startswith(f"{tmp_path}/en/comeback.j2:")
    assert pack.problems[0].line in (4, 5)
    made = write([a_figure()], pack, config, languages=["en"], limit=1, as_of=NOW)
    assert [c.text for c in made.candidates] == ["“Rust Creek” is back."]


def test_a_template_named_by_another_is_not_compiled_as_code(tmp_path: Path) -> None:
    """CVE-2024-56201: a file's name goes into no code that is compiled."""
    folder = tmp_path / "x'{1+1}"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "comeback.j2").write_text("---\nname: bad\n---\n{% include subject %}\n" + GOOD, encoding="utf-8")
    pack = load([folder], ["en"])
    assert len(pack.templates) == 1
    assert "not allowed" in str(pack.problems[0])


HEADERS = {
    "aliases": "name: bad\nwhen: {a: &a [x, x], b: *a}",
    "python objects": "name: !!python/object/apply:os.system ['id']",
    "a day that does not exist": "name: bad\nshelf_life: 2026-02-30",
    "a very long one": "name: bad\n# " + "x" * 3000,
    "a path as name": "name: ../../etc/passwd",
    "a name with a line break": 'name: "a\\nb"',
    "nested conditions": "name: bad\nwhen: {length: {min: {min: 1}}}",
    "an unknown bound": "name: bad\nwhen: {length: {least: 1}}",
    "an unknown need": "name: bad\nneeds: [money]",
    "an unknown address": "name: bad\naddresses: thou",
    "no length of time": "name: bad\nshelf_life: soon",
    "an unknown kind": "name: bad\nkind: scandal",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_wrong_is_named(name: str, tmp_path: Path) -> None:
    """Bombs, objects, unknown keys and values: file and line, and the wording beside it is read."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "comeback.j2").write_text(f"---\n{HEADERS[name]}\n---\nok\n{GOOD}", encoding="utf-8")
    pack = load([tmp_path], ["en"])
    assert [t.id for t in pack.templates] == ["en/comeback/good"]
    assert str(pack.problems[0]).startswith(f"{tmp_path}/en/comeback.j2:")


def test_what_prints_too_much_is_stopped_by_name(tmp_path: Path, config: Config) -> None:
    """A title of a hundred thousand characters: named with file and line, and the other figure is told."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "comeback.j2").write_text(GOOD, encoding="utf-8")
    figures = [a_figure(subject="x" * 100_000, id="long"), a_figure()]
    made = write(figures, load([tmp_path], ["en"]), config, languages=["en"], limit=2, as_of=NOW)
    assert [c.text for c in made.candidates] == ["“Rust Creek” is back."]
    assert any("comeback.j2:4" in note and "prints more than" in note for note in made.notes)


def test_what_takes_too_long_is_stopped_by_name(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the time limit a wording is given up, named, and the batch goes on."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "comeback.j2").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(cage, "SECONDS", -1.0)
    made = write([a_figure()], load([tmp_path], ["en"]), config, languages=["en"], limit=1, as_of=NOW)
    assert made.candidates == []
    assert any("comeback.j2:4" in note and "takes longer" in note for note in made.notes)


def test_a_busy_machine_stops_no_wording(tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its own computing counts: while others have the processor, the clock goes on and the wording does not."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "comeback.j2").write_text(GOOD, encoding="utf-8")
    clock = itertools.count(step=10)
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    made = write([a_figure()], load([tmp_path], ["en"]), config, languages=["en"], limit=1, as_of=NOW)
    assert [c.text for c in made.candidates] == ["“Rust Creek” is back."]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Half a megabyte of wordings is a mistake."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "comeback.j2").write_text(GOOD * 20_000, encoding="utf-8")
    pack = load([tmp_path], ["en"])
    assert pack.templates == ()
    assert "larger than" in str(pack.problems[0])
