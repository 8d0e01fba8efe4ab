"""Vale's rules to the letter: each shape of rule, a text, and what Vale's documentation says of it.

A case is a rule as it stands in a file, a text, and the words found with the messages told. The rules are small copies of
shapes that public styles are made of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.checks import Checker
from assistant.checks.reading import read
from assistant.checks.wording import load_style
from assistant.models import Candidate, Flag

Told = list[tuple[str, str]]


def style(folder: Path, **files: str) -> Path:
    """A style folder with these rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rule in files.items():
        (folder / f"{name}.yml").write_text(rule, encoding="utf-8")
    return folder


def flags(folder: Path, text: str) -> list[Flag]:
    """What the style says of a text: no pack of ours is loaded."""
    report = Checker((), styles=[folder])(Candidate(text))
    return [flag for flag in report.flags if flag.check == "wording"]


def told(folder: Path, text: str) -> Told:
    """The words that are flagged, with their messages."""
    return [(flag.quote, flag.message) for flag in flags(folder, text)]


def _rule(kind: str, rest: str, message: str = "'%s'") -> str:
    return f'extends: {kind}\nmessage: "{message}"\n{rest}'


EXISTENCE: dict[str, tuple[str, str, list[str]]] = {
    "a token is a word": ("tokens: [tea]", "Tea, tea, teapot, steam.", ["tea"]),
    "ignorecase is off unless it is said": ("ignorecase: true\ntokens: [tea]", "Tea, tea, TEA.", ["Tea", "tea", "TEA"]),
    "a token with capitals keeps them": ("tokens: [Tea]", "tea Tea TEA", ["Tea"]),
    "tokens are patterns": ("tokens: ['teas?', 'cup(?:s)? of']", "teas, a cup of it", ["teas", "cup of"]),
    "a bar in a token stays in its bounds": ("tokens: ['tea|coffee', milk]", "teapot coffee milky", ["coffee"]),
    "the first token wins where two begin": ("tokens: [tea, 'tea house']", "a tea house", ["tea"]),
    "the longer one wins where it is first": ("tokens: ['tea house', tea]", "a tea house", ["tea house"]),
    "tokens that overlap are one alternation": ("tokens: ['b c', 'a b']", "a b c", ["a b"]),
    "the bounds are Vale's": ("tokens: ['C\\+\\+']", "C++ and C++x", ["C++"]),
    "nonword takes the bounds away": ("nonword: true\ntokens: ['C\\+\\+', '[.]{3}']", "C++ and...", ["C++", "..."]),
    "nonword finds parts of words": ("nonword: true\ntokens: [tea]", "steamed teapot", ["tea", "tea"]),
    "raw is one pattern in a row": ("nonword: true\nraw: ['(?:foo|bar)', '\\s+', 'baz']", "foo baz, foo", ["foo baz"]),
    "raw stands before the tokens": ("raw: ['very ']\ntokens: [tea, milk]", "very tea, milk", ["very tea"]),
    "append puts it after": ("append: true\nraw: [' time']\ntokens: [tea, milk]", "tea time, milk", ["tea time"]),
    "raw has no bounds of its own": ("raw: ['\\d{2}%']", "150% off", ["50%"]),
    "(?i) holds from where it stands": ("tokens: ['Tea(?i) Time']", "Tea time, tea time", ["Tea time"]),
    "(?i) holds for the tokens after it": (
        "tokens: [Salt, '(?i)tea', Milk]", "salt TEA MILK Salt", ["TEA", "MILK", "Salt"],
    ),
    "(?i:…) holds in its brackets": ("tokens: ['(?i:tea) Time']", "TEA Time, tea time", ["TEA Time"]),
    "look-arounds are patterns too": ("tokens: ['(?<!iced )tea(?! leaf)']", "iced tea, tea leaf, tea", ["tea"]),
    "lines begin with ^": ("nonword: true\ntokens: ['^-']", "- one\n- two", ["-", "-"]),
    "a back-reference is read": ("tokens: ['(\\w+) \\1', tea]", "so so, tea", ["so so", "tea"]),
    "brackets over two tokens are one pattern": ("nonword: true\ntokens: ['(te', 'co)a']", "coa te", ["coa"]),
    "an exception must cover the match": (
        "ignorecase: true\ntokens: ['mad', 'tea .* milk']\nexceptions: ['Mad Hatter', 'tea']",
        "The Mad Hatter is mad: tea with milk.", ["mad", "tea with milk"],
    ),
    "an exception minds the case": (
        "ignorecase: true\ntokens: [apple]\nexceptions: [Apple]", "Apple apple", ["apple"],
    ),
    "unless it says (?i)": ("ignorecase: true\ntokens: [apple]\nexceptions: ['(?i)apple']", "Apple apple", []),
    "an exception may be a pattern": ("tokens: ['m[aeiou]n']\nexceptions: ['m[ae]n']", "man men min", ["min"]),
    "the longest exception is found": ("tokens: ['tea house']\nexceptions: [tea, 'tea house']", "a tea house", []),
    "a match's blanks are no part of it": ("nonword: true\ntokens: ['\\s+man\\s+']\nexceptions: [man]", "a man is", []),
    "an exception inside a longer word is none": ("nonword: true\ntokens: [man]\nexceptions: [man]", "woman", []),
    "empty tokens are none": ("tokens: ['', tea, ' ']", "tea", ["tea"]),
    "YAML's guesses are not made": ("tokens: [no, on, 1.0, 007]", "no, on, off, 1.0, 007", ["no", "on", "1.0", "007"]),
    "limit is the most that are told": ("limit: 2\ntokens: [tea]", "tea tea tea", ["tea", "tea"]),
    "limit counts what is flagged": ("limit: 1\ntokens: [tea]\nexceptions: ['tea time']", "tea time, tea", ["tea"]),
    "a list of one scope": ("scope: [sentence]\ntokens: ['^tea']", "tea. tea.", ["tea"]),
    "a negated scope is the text": ("scope: ~heading\ntokens: [tea]", "tea", ["tea"]),
    "a scope beside a negated one": ("scope: text & ~code\ntokens: [tea]", "tea", ["tea"]),
    "one of several scopes": ("scope: [heading, text]\ntokens: [tea]", "tea", ["tea"]),
}  # fmt: skip


@pytest.mark.parametrize("case", EXISTENCE)
def test_existence(case: str, tmp_path: Path) -> None:
    """What `existence` finds."""
    rest, text, found = EXISTENCE[case]
    folder = style(tmp_path / "House", Rule=_rule("existence", rest))
    assert [quote for quote, _ in told(folder, text)] == found


SUBSTITUTION: dict[str, tuple[str, str, Told]] = {
    "first what to write, then what stands there": (
        "swap: {utilize: use}", "We utilize it.", [("utilize", "Use 'use' instead of 'utilize'.")],
    ),
    "ignorecase is off unless it is said": ("swap: {utilize: use}", "UTILIZE", []),
    "with it the case does not matter": (
        "ignorecase: true\nswap: {utilize: use}", "Utilize!", [("Utilize", "Use 'use' instead of 'Utilize'.")],
    ),
    "keys are patterns": (
        "swap: {'(?:give|gave) rise to': lead to}", "It gave rise to tea.",
        [("gave rise to", "Use 'lead to' instead of 'gave rise to'.")],
    ),
    "groups of the key fill $1": (
        "swap: {'in the (\\w+) of (\\w+)': '$2 $1'}", "in the house of tea",
        [("in the house of tea", "Use 'tea house' instead of 'in the house of tea'.")],
    ),
    "the longest key wins": (
        "swap: {tea: chai, 'tea house': teahouse}", "tea house, tea",
        [("tea house", "Use 'teahouse' instead of 'tea house'."), ("tea", "Use 'chai' instead of 'tea'.")],
    ),
    "what stands there already is right": ("ignorecase: true\nswap: {github: GitHub}", "GitHub", []),
    "and only that": (
        "ignorecase: true\nswap: {github: GitHub}", "Github", [("Github", "Use 'GitHub' instead of 'Github'.")],
    ),
    "the right form may be a pattern": ("ignorecase: true\nswap: {'py\\w*': '[Pp]y\\w*'}", "Python python", []),
    "bounds hold for keys": ("swap: {tea: chai}", "teapot steam", []),
    "nonword takes them away": (
        "nonword: true\nswap: {'\\s+([!?])': '$1'}", "Tea !", [(" !", "Use '!' instead of ' !'.")],
    ),
    "capitalize follows the text": (
        "ignorecase: true\ncapitalize: true\nswap: {utilize: use}", "Utilize it",
        [("Utilize", "Use 'Use' instead of 'Utilize'.")],
    ),
    "an exception is accepted": ("swap: {'tea\\w*': chai}\nexceptions: [teapot]", "teapot", []),
    "a key that YAML would take for something else": (
        "swap: {no: nope, off: away}", "no off", [("no", "Use 'nope' instead of 'no'."), ("off", "Use 'away' instead of 'off'.")],
    ),
    "nothing instead": ("swap: {obviously: }", "obviously", [("obviously", "Use '' instead of 'obviously'.")]),
    "several options in a row": (
        "action: {name: replace}\nswap: {tea: 'chai|brew|cuppa'}", "tea",
        [("tea", "Use 'chai', 'brew', or 'cuppa' instead of 'tea'.")],
    ),
    "two options": (
        "action: {name: replace}\nswap: {tea: chai|brew}", "tea", [("tea", "Use 'chai' or 'brew' instead of 'tea'.")],
    ),
    "one option is quoted once": (
        "action: {name: replace}\nswap: {tea: chai}", "tea", [("tea", "Use 'chai' instead of 'tea'.")],
    ),
    "an option is no pattern": (
        "action: {name: replace}\nnonword: true\nswap: {',{3}': ...}", "a,,,", [(",,,", "Use '...' instead of ',,,'.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SUBSTITUTION)
def test_substitution(case: str, tmp_path: Path) -> None:
    """What `substitution` finds and says."""
    rest, text, found = SUBSTITUTION[case]
    folder = style(tmp_path / "House", Rule=_rule("substitution", rest, "Use '%s' instead of '%s'."))
    assert told(folder, text) == found


OTHERS: dict[str, tuple[str, str, Told]] = {
    "occurrence: more than max": (
        _rule("occurrence", "max: 1\ntoken: '!'", "%s marks"), "Hey! Ho! Hi!", [("!", "3 marks")],
    ),
    "occurrence: as many as max": (_rule("occurrence", "max: 3\ntoken: '!'"), "Hey! Ho! Hi!", []),
    "occurrence: in one sentence": (
        _rule("occurrence", "scope: sentence\nmax: 2\ntoken: ','", "%s"), "a, b, c. d, e, f, g.", [(",", "3")],
    ),
    "occurrence: in one paragraph": (
        _rule("occurrence", "scope: paragraph\nmax: 1\ntoken: tea", "%s"), "tea\n\ntea tea\n\ntea", [("tea", "2")],
    ),
    "occurrence: fewer than min": (_rule("occurrence", "min: 1\ntoken: '#ad'", "%s"), "Tea", [("Tea", "0")]),
    "occurrence: some, and fewer than min": (
        _rule("occurrence", "min: 3\ntoken: tea", "%s"), "tea tea", [("tea", "2")],
    ),
    "occurrence: enough": (_rule("occurrence", "min: 1\ntoken: '#ad'"), "Tea #ad", []),
    "occurrence: no limit at nought": (_rule("occurrence", "max: 0\ntoken: tea"), "tea tea", []),
    "occurrence: %d is the number too": (
        _rule("occurrence", "max: 1\ntoken: tea", "%d of 100%%"), "tea tea", [("tea", "2 of 100%")],
    ),
    "conditional: undefined": (
        _rule("conditional", "first: '\\b([A-Z]{3,5})\\b'\nsecond: '(?:\\b[A-Z][a-z]+ )+\\(([A-Z]{3,5})\\)'"),
        "The World Health Organization (WHO) met. WHO spoke to DAFB.", [("DAFB", "'DAFB'")],
    ),
    "conditional: an exception": (
        _rule("conditional", "first: '\\b[A-Z]{3}\\b'\nsecond: '\\(([A-Z]{3})\\)'\nexceptions: [ABC, ADD]"),
        "ABC and XYZ", [("XYZ", "'XYZ'")],
    ),
    "conditional: any group of the second": (
        _rule("conditional", "first: '\\b[A-Z]{3}\\b'\nsecond: '([A-Z]{3}):|\\(([A-Z]{3})\\)'"),
        "TEA: a leaf. (ICE) TEA ICE", [],
    ),
    "conditional: a second without groups need only stand there": (
        _rule("conditional", "first: free\nsecond: terms apply"), "It is free; terms apply.", [],
    ),
    "conditional: and is missed": (
        _rule("conditional", "first: free\nsecond: terms apply"), "It is free.", [("free", "'free'")],
    ),
    "conditional: minds the case": (_rule("conditional", "first: Free\nsecond: terms"), "It is free.", []),
    "conditional: ignorecase": (
        _rule("conditional", "ignorecase: true\nfirst: Free\nsecond: terms"), "It is free.", [("free", "'free'")],
    ),
    "consistency: both": (
        _rule("consistency", "either: {advisor: adviser}"), "An advisor, an adviser.", [("adviser", "'adviser'")],
    ),
    "consistency: one": (_rule("consistency", "either: {advisor: adviser}"), "An advisor, an advisor.", []),
    "consistency: once a pair": (
        _rule("consistency", "either: {'a\\w*or': 'a\\w*er', centre: center}"), "actor acter actor, centre",
        [("actor", "'actor'")],
    ),
    "consistency: whole words": (_rule("consistency", "either: {tea: chai}"), "teapot chai", []),
    "consistency: nonword": (
        _rule("consistency", "nonword: true\neither: {tea: chai}"), "teapot chai", [("chai", "'chai'")],
    ),
    "consistency: ignorecase": (
        _rule("consistency", "ignorecase: true\neither: {tea: chai}"), "Tea CHAI", [("CHAI", "'CHAI'")],
    ),
    "consistency: minds the case": (_rule("consistency", "either: {tea: chai}"), "Tea CHAI", []),
    "consistency: in one sentence": (_rule("consistency", "scope: sentence\neither: {tea: chai}"), "Tea. Chai.", []),
    "repetition: twice": (_rule("repetition", "tokens: ['[^\\s]+']"), "It is is so.", [("is is", "'is'")]),
    "repetition: another case": (_rule("repetition", "tokens: ['[^\\s]+']"), "It Is is so.", []),
    "repetition: ignorecase": (
        _rule("repetition", "ignorecase: true\ntokens: ['[^\\s]+']"), "It Is is so.", [("Is is", "'is'")],
    ),
    "repetition: alpha leaves numbers alone": (
        _rule("repetition", "alpha: true\ntokens: ['[^\\s]+']"), "so 12 12 so", [],
    ),
    "repetition: without it they count": (
        _rule("repetition", "tokens: ['[^\\s]+']"), "so 12 12 so", [("12 12", "'12'")],
    ),
    "repetition: as many as max": (_rule("repetition", "max: 1\ntokens: ['\\w+']"), "very very good", []),
    "repetition: more than max": (
        _rule("repetition", "max: 1\ntokens: ['\\w+']"), "very very very good", [("very very", "'very'")],
    ),
    "repetition: in a row": (_rule("repetition", "max: 1\ntokens: ['\\w+']"), "so so good so so", []),
    "repetition: over a full stop": (
        _rule("repetition", "ignorecase: true\ntokens: ['[^\\s.!?]+']"), "I forgot about that. That is so.", [],
    ),
    "repetition: over the end of a line": (
        _rule("repetition", "tokens: ['\\w+']"), "the\nthe", [("the\nthe", "'the'")],
    ),
    "repetition: an exception": (
        _rule("repetition", "tokens: ['\\w+']\nexceptions: ['had had']"), "I had had so so", [("so so", "'so'")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_the_other_types(case: str, tmp_path: Path) -> None:
    """What `occurrence`, `conditional`, `consistency` and `repetition` find and say."""
    rule, text, found = OTHERS[case]
    assert told(style(tmp_path / "House", Rule=rule), text) == found


ACTIONS: dict[str, tuple[str, str, str]] = {
    "replace": ("action: {name: replace, params: [brew, cuppa]}", "tea", "brew, cuppa"),
    "remove": ("action: {name: remove}", "tea", "Delete it."),
    "trim the end": ("action: {name: edit, params: [trim_right, 'a']}", "tea", "te"),
    "trim the start": ("action: {name: edit, params: [trim_left, 't']}", "tea", "ea"),
    "trim both": ("action: {name: edit, params: [trim, 'ta']}", "tea", "e"),
    "truncate": ("action: {name: edit, params: [truncate, 'e']}", "tea", "t"),
    "split": ("action: {name: edit, params: [split, 'e', '1']}", "tea", "a"),
    "regex": ("action: {name: edit, params: [regex, '(t)(ea)', '$2-$1']}", "tea", "ea-t"),
    "a script is not run": ("action: {name: suggest, params: [tea.tengo]}", "tea", ""),
    "none": ("", "tea", ""),
}


@pytest.mark.parametrize("case", ACTIONS)
def test_an_action_is_what_to_write_instead(case: str, tmp_path: Path) -> None:
    """Vale's fixers become suggestions, scripts excepted."""
    action, text, suggestion = ACTIONS[case]
    folder = style(tmp_path / "House", Rule=_rule("existence", f"tokens: [tea]\n{action}"))
    assert [flag.suggestion for flag in flags(folder, text)] == [suggestion]


def test_a_substitutions_options_are_suggested(tmp_path: Path) -> None:
    """What to write instead is the swap's value, or each of its options."""
    folder = style(
        tmp_path / "House",
        One=_rule("substitution", "swap: {tea: chai}"),
        Many=_rule("substitution", "action: {name: replace}\nswap: {cup: 'mug|bowl'}"),
        None_=_rule("substitution", "swap: {obviously: ''}"),
    )
    suggested = {flag.quote: flag.suggestion for flag in flags(folder, "obviously a cup of tea")}
    assert suggested == {"tea": "chai", "cup": "mug, bowl", "obviously": "Delete it."}


MESSAGES = {
    "Avoid '%s'.": "Avoid 'tea'.", "No word.": "No word.", "%s and %s": "tea and ", "%[1]s, %[1]s": "tea, tea",
    "100%% %s": "100% tea", "100% tea": "100% tea",
}  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_takes_the_words(message: str, tmp_path: Path) -> None:
    """`%s` in order, `%[1]s` by number, `%%` for a per cent sign; a word that is missing leaves nothing."""
    folder = style(tmp_path / "House", Rule=_rule("existence", "tokens: [tea]", message))
    assert told(folder, "tea") == [("tea", MESSAGES[message])]


@pytest.mark.parametrize("level", ["error", "warning", "suggestion", None])
def test_levels_and_links(level: str | None, tmp_path: Path) -> None:
    """A rule's level is its flag's, a warning where it has none; its link is the reason."""
    rest = "tokens: [tea]\nlink: https://example.org/tea" + (f"\nlevel: {level}" if level else "")
    flag = flags(style(tmp_path / "House", Rule=_rule("existence", rest)), "tea")[0]
    assert (flag.level, flag.why, flag.rule) == (level or "warning", "https://example.org/tea", "House.Rule")


def test_a_token_is_found_in_a_disguise_at_its_place(tmp_path: Path) -> None:
    """A style sees through disguises as our packs do; what counts words does not."""
    folder = style(
        tmp_path / "House",
        Word=_rule("existence", "tokens: [loser]"),
        Count=_rule("occurrence", "min: 1\ntoken: 'l0ser'", "none"),
    )
    assert told(folder, "a l0ser") == [("l0ser", "'loser'")]


BROKEN: dict[str, tuple[str, str]] = {
    "spelling": (_rule("spelling", "dicpath: x"), "spelling is not supported"),
    "capitalization": (_rule("capitalization", "match: $title"), "capitalization is not supported"),
    "metric": (_rule("metric", "formula: x"), "metric is not supported"),
    "script": (_rule("script", "script: x"), "script is not supported"),
    "sequence": (_rule("sequence", "tokens: []"), "sequence is not supported"),
    "readability": (_rule("readability", "grade: 8"), "readability is not supported"),
    "no type": ("message: x", "None is not supported"),
    "no message": ("extends: existence\ntokens: [x]", "no message"),
    "no tokens": (_rule("existence", "level: error"), "tokens"),
    "no token": (_rule("occurrence", "max: 1"), "token"),
    "no swap": (_rule("substitution", "level: error"), "swap"),
    "max is no number": (_rule("occurrence", "max: many\ntoken: x"), "many"),
    "a level of its own": (_rule("existence", "level: fatal\ntokens: [x]"), "fatal"),
    "a scope of other texts": (_rule("existence", "scope: heading\ntokens: [x]"), "heading"),
    "no pattern": (_rule("existence", "tokens: [x, '(']"), "pattern"),
    "no pattern in an exception": (_rule("existence", "tokens: [x]\nexceptions: ['[']"), "pattern"),
    "not YAML": ("extends: existence\nmessage: x\ntokens: [x\n", "Rule.yml:4"),
    "not YAML, in the middle": ("extends: existence\nmessage: 'x\ntokens: ]\n'x': y\n", "Rule.yml:4"),
    "a list": ("- x", "not a mapping"),
    "empty": ("", "not a mapping"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_used_is_named_once_and_the_rest_runs(case: str, tmp_path: Path) -> None:
    """File and reason stand beside the verdict, once; the rule beside it still flags."""
    rule, reason = BROKEN[case]
    folder = style(tmp_path / "House", Rule=rule, Word=_rule("existence", "tokens: [tea]"))
    report = Checker((), styles=[folder])(Candidate("tea"))
    named = [line for line in report.not_checked if "Rule.yml" in line]
    assert len(named) == 1
    assert reason in named[0]
    assert [flag.message for flag in report.flags] == ["'tea'"]


@pytest.mark.parametrize("rest", ["pos: 'tea/NN'", "matchcase: true", "swap: {a: b}", "token: tea", "Tokns: [x]"])
def test_a_key_that_a_type_does_not_have_is_named(rest: str, tmp_path: Path) -> None:
    """The rule runs without it, and says so."""
    folder = style(tmp_path / "House", Rule=_rule("existence", f"tokens: [tea]\n{rest}"))
    assert [problem.file for problem in load_style(folder).problems] == [str(folder / "Rule.yml")]
    assert rest.split(":")[0] in str(load_style(folder).problems[0])
    assert told(folder, "tea") == [("tea", "'tea'")]


@pytest.mark.parametrize(
    "rest",
    ["vocab: false", "custom: true", "description: d", "code: false", "dicpath: d", "category: age", "Level: error"],
)
def test_a_harmless_key_is_left_alone(rest: str, tmp_path: Path) -> None:
    """What changes nothing in a post is not worth a word."""
    folder = style(tmp_path / "House", Rule=_rule("existence", f"tokens: [tea]\n{rest}"))
    assert load_style(folder).problems == ()


def test_folders_below_belong_to_the_style(tmp_path: Path) -> None:
    """Rules are named after their files, wherever they stand below the folder; other files are not rules."""
    folder = style(tmp_path / "House", Top=_rule("existence", "tokens: [tea]"))
    style(folder / "more", Below=_rule("existence", "tokens: [milk]"))
    (folder / "meta.json").write_text("{}", encoding="utf-8")
    (folder / "accept.txt").write_text("tea", encoding="utf-8")
    assert {flag.rule for flag in flags(folder, "tea, milk")} == {"House.Top", "House.Below"}


def test_a_rule_alone_looks_for_its_tokens_itself() -> None:
    """With a prefilter's answer and without, the same is found."""
    pack = Checker(("en",))._packs[0]
    reading = read("Who hurt you, you absolute weirdos? Get a life.")
    for rule, _ in pack.rules:
        every = range(len(rule.literals))
        assert list(rule.matches(reading)) == list(rule.matches(reading, every))
