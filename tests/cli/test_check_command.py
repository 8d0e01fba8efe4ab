"""`assistant check`: any text anywhere, no store and no config."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HURT = "To the 53 people who've watched A Christmas Prince every day for the past 18 days: Who hurt you?"


def check(folder: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    command = [sys.executable, "-m", "assistant", "check", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, cwd=folder, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_blocked_text_is_exit_code_1_with_its_reasons(tmp_path: Path) -> None:
    """The 53 post is blocked for its size and for its tone, in JSON with code-point spans."""
    code, out, _ = check(tmp_path, "--format", "jsonl", given=HURT.encode())
    answer = json.loads(out)
    assert code == 1
    assert answer["verdict"] == "block"
    errors = [flag for flag in answer["flags"] if flag["level"] == "error"]
    assert {"disclosure"} < {flag["category"] for flag in errors}
    assert all(HURT[flag["start"] : flag["end"]] == flag["quote"] for flag in answer["flags"])


def test_a_kind_text_is_exit_code_0(tmp_path: Path) -> None:
    """Nothing to flag: pass."""
    code, out, err = check(tmp_path, given=b"Friday called. It wants its popcorn back.")
    assert (code, err) == (0, "")
    assert "pass" in out


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A broken JSON line is an error with its number; the lines after it are still checked."""
    lines = ['{"id": "a", "text": "Popcorn."}', "{", '{"id": "c"}', '{"id": "d", "text": "Tea."}', "[1]"]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    code, out, err = check(tmp_path, "--input", "jsonl", "posts.jsonl", "--format", "jsonl")
    assert code == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", "d"]
    assert [word in err for word in ("line 2", "line 3", "line 5")] == [True] * 3
    assert "Traceback" not in err


@pytest.mark.parametrize("given", [b"\xff\xfe", b""])
def test_odd_input_is_no_traceback(tmp_path: Path, given: bytes) -> None:
    """Bytes that are not UTF-8 are named; of an empty text there is nothing to post."""
    code, _, err = check(tmp_path, given=given)
    assert code == (2 if given else 1)
    assert "Traceback" not in err


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    """An escape sequence and a right-to-left override come out as glyphs."""
    _, out, err = check(tmp_path, given="Tea \x1b[31m red \u202e txet".encode())
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err


def test_a_missing_file_is_exit_code_2(tmp_path: Path) -> None:
    """Named, with what to do."""
    code, _, err = check(tmp_path, "nothing.txt")
    assert code == 2
    assert "nothing.txt" in err


CONFIG = """\
sources: {s: {path: s.csv, time: {column: w, every: week}, measures: {n: {unit: hours}}}}
languages: [en]
accounts: {main: {network: practice, handle: "@ours"}}
house: {banned: [binge], hashtags: [TeaTime]}
checks: {styles: [Ours], policy: policy.yaml, calendar: calendar.yaml}
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with a config of a house that has rules of its own, and no store."""
    (tmp_path / "house.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "calendar.yaml").write_text("- {name: Mourning, on: 2026-11-13}\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text("floor: 500\n", encoding="utf-8")
    rule = "extends: existence\nmessage: Not '%s'.\nlevel: warning\ntokens: [{}]\n"
    for file, word in (("Ours/Tea.yml", "teatotal"), ("house-rules/en/Rum.yml", "grog")):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text(rule.format(word), encoding="utf-8")
    return tmp_path


def rules(out: str) -> set[str]:
    """The rules that fired, by the answers in JSON lines."""
    return {flag["rule"] for line in out.splitlines() for flag in json.loads(line)["flags"]}


ITEM = {
    "id": "a", "lang": "en", "due": "2026-11-13T09:00+00:00",
    "text": "Binge, teatotal grog with @ours and @theirs #Rum: 412 viewers.",
}  # fmt: skip
OWN = {"house.banned", "Ours.Tea", "house-rules.en.Rum", "calendar.mourning", "house.hashtag", "disclosure.size-floor"}


@pytest.mark.parametrize("before", [True, False])
def test_a_named_config_brings_the_house_s_own_rules(house: Path, before: bool) -> None:
    """Styles, accepted rules, banned words, policy, hashtags, handles and calendar; no store is made."""
    line = json.dumps(ITEM).encode()
    words = ["check", "--input", "jsonl", "--format", "jsonl"]
    named = ["--config", "house.yaml"]
    command = [sys.executable, "-m", "assistant", *(named if before else []), *words, *([] if before else named)]
    done = subprocess.run(command, input=line, capture_output=True, cwd=house, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    found = rules(done.stdout.decode())
    assert found >= OWN
    mentions = [flag["quote"] for flag in json.loads(done.stdout)["flags"] if flag["category"] == "mention"]
    assert mentions == ["@theirs"]
    assert not list(house.glob("*.db"))


def test_a_config_that_is_only_there_is_not_read(house: Path) -> None:
    """./config.yaml does not count for `check`, not even a broken one: a text is checked the same everywhere."""
    (house / "house.yaml").rename(house / "config.yaml")
    (house / "calendar.yaml").write_text("nonsense", encoding="utf-8")
    _, out, err = check(house, "--input", "jsonl", "--format", "jsonl", given=json.dumps(ITEM).encode())
    assert not rules(out) & OWN
    assert err == ""


def test_a_broken_calendar_is_exit_code_2(house: Path) -> None:
    """Named with its file, its entry and what to write; nothing is printed as if it had been checked."""
    (house / "calendar.yaml").write_text("- {name: Mourning}\n", encoding="utf-8")
    code, out, err = check(house, "--config", "house.yaml", given=b"Tea.")
    assert (code, out) == (2, "")
    assert "calendar.yaml" in err
    assert "day 1 (Mourning)" in err
    assert "Traceback" not in err


def test_a_language_for_lines_that_name_none(tmp_path: Path) -> None:
    """`--lang` is the language of every line that has none of its own."""
    lines = '{"text": "Tu es gros."}\n{"text": "Tu es gros.", "lang": "en"}'
    _, out, _ = check(tmp_path, "--input", "jsonl", "--lang", "en", "--format", "jsonl", given=lines.encode())
    assert not rules(out)


def annotated(text: str) -> list[tuple[str, dict[str, str], str]]:
    """GitHub's workflow commands as it reads them: level, properties, message."""
    found = []
    for line in text.splitlines():
        head, _, message = line.removeprefix("::").partition("::")
        level, _, told = head.partition(" ")
        pairs = (pair.partition("=") for pair in told.split(",") if pair)
        found.append((level, {key: unescaped(value) for key, _, value in pairs}, unescaped(message)))
    return found


def unescaped(text: str) -> str:
    """What GitHub's runner makes of the escapes."""
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_a_pull_request_is_annotated_where_the_wording_stands(tmp_path: Path) -> None:
    """File, line, columns and rule of each flag; errors, warnings and notices; exit code as ever."""
    text = "Tea for all.\n\nLovely 🎉 people: get a life. @theirs\nhttp://example.com/tea\n"
    (tmp_path / "post.txt").write_text(text, encoding="utf-8")
    code, out, err = check(tmp_path, "post.txt", "--lang", "en", "--format", "github")
    found = {properties["title"]: (level, properties, message) for level, properties, message in annotated(out)}
    assert (code, err) == (1, "")
    level, properties, message = found["en.Shaming"]
    assert (level, properties["file"], properties["line"]) == ("error", "post.txt", "3")
    assert text.splitlines()[2][int(properties["col"]) - 1 : int(properties["endColumn"]) - 1] == "get a life"
    assert "get a life" in message
    assert found["mention.unsolicited"][0] == "warning"
    assert (found["link.http"][0], found["link.http"][1]["line"]) == ("notice", "4")


def test_a_long_file_is_annotated_in_the_file_s_own_lines(tmp_path: Path) -> None:
    """Each paragraph is a text, and its flags stand where they do in the file."""
    paragraphs = ["Tea and biscuits.\n" * 150, "\nMore tea.\n" * 150, "Plain.\nGet a life."]
    (tmp_path / "posts.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    _, out, _ = check(tmp_path, "posts.txt", "--lang", "en", "--format", "github")
    lines = (tmp_path / "posts.txt").read_text(encoding="utf-8").split("\n")
    (line,) = {int(properties["line"]) for _, properties, _ in annotated(out) if properties["title"] == "en.Shaming"}
    assert lines[line - 1] == "Get a life."


def test_json_lines_are_annotated_by_line(tmp_path: Path) -> None:
    """The line of the item, its id and the wording; a line that cannot be read is an annotation too, and exit code 2."""
    (tmp_path / "posts.jsonl").write_text('{"id": "a", "text": "Get a life.", "lang": "en"}\n{\n', encoding="utf-8")
    code, out, _ = check(tmp_path, "--input", "jsonl", "posts.jsonl", "--format", "github")
    first, *_, last = annotated(out)
    assert (code, first[1]["line"], last[1]["line"], last[0]) == (2, "1", "2", "error")
    assert first[2].startswith("a: “Get a life”: ")


def test_no_text_can_begin_a_command_of_its_own(tmp_path: Path) -> None:
    """Newlines, percent signs, colons and commas of texts and names are escaped: one line for each flag, no more."""
    nasty = "get a life\r\n::add-mask::x%0A::error::y \x1b[31m"
    item = json.dumps({"id": "a,b:c\n::warning::z", "text": nasty, "lang": "en"})
    (tmp_path / "odd,name:100%.jsonl").write_text(item, encoding="utf-8")
    code, out, _ = check(tmp_path, "--input", "jsonl", "odd,name:100%.jsonl", "--format", "github")
    found = annotated(out)
    assert code == 1
    assert {level for level, _, _ in found} <= {"error", "warning", "notice"}
    assert all(properties["file"] == "odd,name:100%.jsonl" and "title" in properties for _, properties, _ in found)
    assert all(line.count("::") >= 2 and "\x1b" not in line for line in out.splitlines())
    assert not any(line.startswith(("::add-mask", "::warning::z", "::error::y")) for line in out.splitlines())


def test_standard_input_is_annotated_without_a_file(tmp_path: Path) -> None:
    """There is no file to point at; a text without flags prints nothing."""
    _, out, _ = check(tmp_path, "--format", "github", given=b"Get a life.")
    assert "file" not in annotated(out)[0][1]
    assert check(tmp_path, "--format", "github", given=b"Friday called. It wants its popcorn back.") == (0, "", "")
