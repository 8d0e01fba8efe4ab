"""Fill the blocks between `<!-- made: NAME -->` and `<!-- end -->` in README.md and docs/ with what the program says.

Run by `make docs`; a test runs it with --check, which writes nothing and fails where a block is out of date.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.checks.wording import Pack
    from assistant.config import Config
    from assistant.drafts import Template
    from assistant.drafts.variables import Telling
    from assistant.models import Flag, Insight

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- made: (?P<name>[\w-]+)(?: (?P<argument>[^>]*?))? -->\n).*?(<!-- end -->)", re.DOTALL)


def help_of(argument: str) -> str:
    """The `--help` of one command, as at 100 columns."""
    from typer.testing import CliRunner

    from assistant.cli import app

    words = argument.split()
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="assistant", terminal_width=100)
    lines = (line.rstrip() for line in result.output.strip().splitlines())
    return "```\n" + "\n".join(lines) + "\n```\n"


def all_commands(_: str) -> str:
    """Every command's help, one after the other."""
    return "\n".join(f"## `assistant {name}`\n\n{help_of(name)}" for name in command_names())


def command_names() -> Iterator[str]:
    """`list`, `audit log`…, as they stand in the program."""
    from typer.main import get_command

    from assistant.cli import app

    root = get_command(app)
    for name, command in sorted(getattr(root, "commands", {}).items()):
        inner = getattr(command, "commands", {})
        yield from (f"{name} {each}" for each in sorted(inner)) if inner else (name,)


def config_table(argument: str) -> str:
    """The keys of one section of config.yaml, from the model's own descriptions."""
    from assistant import config

    model = getattr(config, argument)
    rows = [
        f"| `{name}` | {_default(field)} | {field.description} |"
        for name, field in model.model_fields.items()
        if name != "file"
    ]
    return "| key | default | what it is |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _default(field: object) -> str:
    if getattr(field, "is_required")():  # noqa: B009 (pydantic's FieldInfo, untyped here)
        return "needed"
    value = getattr(field, "default", None)
    shown = "" if value is None or "Undefined" in str(value) else str(value)
    return f"`{shown}`" if shown and shown not in ("()", "{}") else ""


def kinds_table(_: str) -> str:
    """The kinds of figures that there are."""
    from assistant.insights import KINDS

    return "| kind | says |\n|---|---|\n" + "".join(f"| `{name}` | {kind.says} |\n" for name, kind in KINDS.items())


SAMPLE_DAY = datetime(2026, 7, 6, 12, tzinfo=UTC)


@cache
def sample() -> tuple[Config, tuple[Insight, ...]]:
    """The config and the figures of the sample workspace, as on one fixed day."""
    from assistant import pipeline
    from assistant.cli.start import SAMPLE_CONFIG
    from assistant.config import load
    from assistant.stats.sample import write_sample

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_sample(folder, today=date(SAMPLE_DAY.year, SAMPLE_DAY.month, SAMPLE_DAY.day))
        (folder / "config.yaml").write_text(SAMPLE_CONFIG.format(folder=""), encoding="utf-8")
        config = load(folder / "config.yaml")
        return config, pipeline.figures(config, as_of=SAMPLE_DAY).insights


def sample_figures(kind: str) -> list[Insight]:
    """Those of one kind, best first."""
    return [one for one in sample()[1] if one.kind == kind]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; a bar inside a cell is escaped."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def figure_page(kind: str) -> str:
    """The best figure of a kind in the sample, as `assistant show` prints it."""
    from assistant.cli.output import insight_page

    lines = (line.removeprefix("  ") for line in insight_page(sample_figures(kind)[0]).splitlines())
    return "```\n" + "\n".join(lines) + "\n```\n"


SHARED = ROOT.parent / "shared" / "data"
REAL = {
    "netflix": (
        "netflix_top10/all-weeks-global.tsv",
        "{column: week, every: week, label: end}",
        "subject: show_title, dimensions: [category],",
        "weekly_hours_viewed: {unit: hours}, weekly_rank: {unit: rank, better: low}, weekly_views: {unit: views}",
    ),
    "bikes": (
        "bike_sharing/hour.csv",
        '{column: dteday, every: hour, hour: hr, format: "%d/%m/%y"}',
        "",
        "casual: {unit: rides}, cnt: {unit: rides}",
    ),
}


def real_figure(argument: str) -> str | None:
    """The best figure of a kind in a table that exists, as on a day, without its score; None where the table is not here."""
    from assistant import pipeline
    from assistant.cli.output import insight_page
    from assistant.config import load

    name, day, kind, *shelf_life = argument.split()
    path, time, about, measures = REAL[name]
    if not (SHARED / path).exists():
        return None
    kept_for = shelf_life[0] if shelf_life else "none"
    told = f"{{path: {SHARED / path}, time: {time}, shelf_life: {kept_for}, {about} measures: {{{measures}}}}}"
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "config.yaml"
        file.write_text(f"sources: {{{name}: {told}}}\n", encoding="utf-8")
        as_of = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
        best = pipeline.figures(load(file), kind=kind, as_of=as_of).insights[0]
    lines = [line.removeprefix("  ") for line in insight_page(best).splitlines()]
    kept = [line for line in lines if not line.startswith(("  start =", "  end =", "  subject ="))]
    return "```\n" + "\n".join(kept[: next(at for at, one in enumerate(kept) if "score:" in one)]) + "\n```\n"


def facts_table(kind: str) -> str:
    """What each figure of a kind states beside the value; units as in the sample."""
    from assistant.drafts import FACTS

    units = {fact.name: fact.unit for one in sample_figures(kind) for fact in one.facts}
    rows = (
        (f"`{name}`", units.get(name, "not in the sample"), says)
        for name, says in FACTS[kind].items()
        if name != "behaviour"
    )
    return table(("fact", "unit", "what it is"), rows)


def weights_table(_: str) -> str:
    """The parts of the score and what each weighs."""
    from assistant.insights.score import WEIGHTS

    return table(WEIGHTS, [WEIGHTS.values()])


def rules_table(lang: str) -> str:
    """The wording rules of one language, the Vale ones and those that look at what is done to people."""
    from assistant.checks.wording import load_pack

    return table(
        ("rule", "category", "level", "what it says", "examples that fire", "that do not"),
        sorted(_rules(load_pack(lang))),
    )


def _rules(pack: Pack) -> Iterator[tuple[str, ...]]:
    for rule, beside in pack.rules:
        level, counts = _level(rule.level, beside.hard), (len(beside.flag), len(beside.pass_))
        yield f"`{pack.name}.{rule.name}`", beside.category, level, rule.message.replace("%s", "…"), *map(str, counts)
    for one in (*pack.people.rules, *pack.people.signs) if pack.people else ():
        yield f"`{pack.name}.{one.name}`", one.category, one.level, one.message, str(len(one.fail)), str(len(one.pass_))


def _limits() -> dict[str, str]:
    """The source of each limit, as `policy.py` states it."""
    from assistant.checks import policy

    cells = (line.strip("|").split("|") for line in (policy.__doc__ or "").splitlines() if line.startswith("|"))
    return {name.strip(): source.strip() for name, _, source in cells}


def policy_table(_: str) -> str:
    """The disclosure limits with their sources."""
    from assistant.checks import Policy

    rows = (
        (f"`{name}`", getattr(Policy(), name), source) for name, source in _limits().items() if hasattr(Policy, name)
    )
    return table(("limit", "default", "source"), rows)


def witnesses() -> Iterator[Flag]:
    """The flag of each rule that is code, on a text that it must fire on."""
    from assistant.checks import Checker, Told
    from assistant.models import Candidate, Contributors, Rejected

    figure = next(one for one in sample_figures("record") if one.unit == "hours")
    bare = Candidate("", lang="en")
    about = replace(
        bare, insight=figure, facts=figure.facts, counts=figure.counts, titles=("Paper Moons",),
        due=datetime(2026, 11, 13, 12, tzinfo=UTC),
    )  # fmt: skip
    said = "Two biscuits, one sofa, and the whole season of goats before the kettle had boiled."
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "titles.csv"
        register.write_text(
            "title,about,why\nThe Lakeside Case,violence,Its victims have families.\n", encoding="utf-8"
        )
        check = Checker(
            house=("binge",), hashtags=("#TeaTime",), handles=("@us",), register=register,
            tell_until=lambda _: datetime(2026, 8, 13, tzinfo=UTC),
        )  # fmt: skip
    for rule, candidate, text in (
        ("characters.hidden", bare, "Tea \u202efor two"),
        ("characters.look-alike", bare, "Thanks, @p\u0430per!"),
        ("length.empty", bare, ""),
        ("length.over", bare, "Tea, tea. " * 36),
        ("disclosure.size-official", bare, "7 people stayed for the credits."),
        ("disclosure.size-floor", bare, "53 people stayed for the credits."),
        ("disclosure.size-addressed", bare, "412 of you stayed for the credits."),
        ("disclosure.complement", bare, "9,995 of 10,000 viewers stayed for the credits."),
        ("disclosure.population", about, f"{figure.value:,} people stayed for the credits."),
        ("disclosure.differencing", bare, "419 of you stayed for the credits of the goats."),
        ("disclosure.place", bare, "412 people in one street stayed for the credits."),
        ("disclosure.hour", bare, "412 people stayed for the credits, at 3 a.m."),
        ("disclosure.conditions", bare, "412 people in Belgium watched “Paper Moons” every Sunday."),
        ("disclosure.all-or-none", bare, "All of our viewers in Lapland are divorced."),
        (
            "disclosure.dominance",
            replace(about, insight=replace(figure, contributors=Contributors(3, 0.94, 0.1))),
            "Goats!",
        ),
        ("figure.number", about, "9 million hours."),
        ("figure.title", about, "“Paper Moons” again!"),
        ("stale.figure", about, "Goats!"),
        ("stale.relative-date", about, "What a day yesterday was."),
        ("titles.about", about, "“The Lakeside Case” again!"),
        ("titles.wordplay", about, "“The Lakeside Case” refuses to die."),
        ("repeat.same", bare, said),
        ("repeat.near", bare, said.replace("boiled", "sung")),
        ("repeat.rejected", bare, "Put the kettle on: the goats are back on the hill, and nobody told the shepherd."),
        ("link.shortened", bare, "Read on: https://bit.ly/3xyz"),
        ("link.http", bare, "Read on: http://example.org/tea"),
        ("mention.unsolicited", bare, "Thanks, @somebody!"),
        ("mention.cashtags", bare, "$TEA is up, $MILK too."),
        ("house.hashtag", bare, "Goats! #Sale"),
        ("house.banned", bare, "A binge of biscuits."),
        ("accessibility.hashtag", bare, "Goats! #teatime"),
        ("accessibility.emoji", bare, "Goats! 🐐🐐🐐🐐🐐"),
        ("accessibility.letters", bare, "𝓖𝓸𝓪𝓽𝓼 again."),
        ("accessibility.capitals", bare, "THE GOATS ARE BACK ON THE HILL."),
    ):
        rejected = (
            Rejected(
                1,
                "Put the kettle on: the goats are back on the roof, and nobody told the farmer.",
                "en",
                "no jokes about the shepherd",
            ),
        )
        told = (Told(said, "en"), Told("412 of you stayed for the credits of the goats.", "en"))
        flags = check(replace(candidate, text=text), (said,), rejected, told=told).flags
        yield next(flag for flag in flags if flag.rule == rule)


def checks_table(_: str) -> str:
    """Every rule that is code: which check, how bad, on what, what it says."""
    from assistant.checks import visible

    rows = (
        (f"`{flag.rule}`", flag.category, _level(flag.level, flag.hard), _short(visible(flag.quote)) or "(nothing)",
         _short(visible(flag.message), 110))
        for flag in witnesses()
    )  # fmt: skip
    return table(("rule", "category", "level", "fires on", "what it says"), rows)


def _level(level: str, hard: bool) -> str:
    return f"{level}, hard" if hard else level


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def categories_table(_: str) -> str:
    """Every category, and which rules flag it."""
    from assistant.checks.wording import load_pack
    from assistant.models import CATEGORIES

    rules: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    for pack in map(load_pack, ("en", "fr")):
        for name, category, *_others in _rules(pack):
            rules[category].append(name)
    for flag in witnesses():
        rules[flag.category].append(f"`{flag.rule}`")
    return table(("category", "rules"), ((f"`{name}`", ", ".join(rules[name]) or "none yet") for name in CATEGORIES))


def variables_table(kind: str) -> str:
    """The variables that all have (`common`), or those of each kind, with what they print."""
    from assistant.drafts import COMMON, FACTS

    if kind == "common":
        return _variables("milestone", COMMON)
    return "\n".join(f"`{name}`\n\n{_variables(name, facts)}" for name, facts in FACTS.items())


def _variables(kind: str, names: Mapping[str, str]) -> str:
    """What they are, and what they print of a figure that is made up."""
    rows = []
    for name, says in names.items():
        printed = [_printed(kind, lang, name) for lang in ("en", "fr")]
        rows.append((f"`{name}`", says, *printed))
    return table(("variable", "what it is", "en", "fr"), rows)


def _printed(kind: str, lang: str, tag: str) -> str:
    """What a tag prints of a made-up figure of a kind, or a dash."""
    from assistant.drafts.sandbox import make_environment
    from assistant.drafts.specimens import made_up

    name = re.split(r"[|\[\], ]+", tag.strip("["))[0]
    told = _told(made_up(kind, SAMPLE_DAY.date(), name), lang)
    if told.values.get(name) in (None, ""):
        return "–"
    return told.finished(make_environment().from_string("{{ " + tag + " }}").render(told.values))[0].strip()


def _told(figure: Insight, lang: str) -> Telling:
    from assistant.config import Cohort, Source
    from assistant.drafts.languages import language
    from assistant.drafts.specimens import SOURCE
    from assistant.drafts.variables import Telling, telling

    cohort = Cohort(people="people", times="times", behaviour={lang: language(lang).behaviour})
    config = sample()[0]
    config = config.model_copy(update={"sources": {**config.sources, SOURCE: Source(path="", cohort=cohort)}})
    told = telling(figure, config, lang, SAMPLE_DAY)
    if not isinstance(told, Telling):
        raise TypeError(told)
    return told


SHOWN = (  # a kind that has it, and a tag
    ("milestone", "total"), ("milestone", "total|num"), ("milestone", "total|exact"), ("milestone", "total|exact_num"),
    ("devoted_cohort", "people|over"), ("devoted_cohort", "people|over_measure"), ("milestone", "total|compact"),
    ("dominance", "share"), ("dominance", "share|percent"), ("over_index", "share_everywhere|num"), ("record", "ratio|num"),
    ("comeback", "absence"), ("comeback", "absence|duration"), ("streak", "length|compound"),
    ("streak", 'length|compound|after("a")'), ("tie", "level|ordinal"), ("tie", 'level|ordinal("words")'),
    ("tie", 'level|ordinal("m")'), ("comeback", "last_seen"), ("comeback", "last_seen|date"),
    ("comeback", 'last_seen|date("weekday")'), ("comeback", 'last_seen|date("month")'), ("comeback", 'last_seen|date("year")'),
    ("comeback", 'start|date("relative")'), ("comeback", "subject"), ("comeback", 'subject|title("bare")'),
    ("comeback", "subject|possessive"), ("comeback", "subject|of"), ("comeback", 'subject|after("que")'),
    ("overtake", "[subject, other]|list"), ("comeback", "place"), ("comeback", "place|place"), ("comeback", "place|the"),
    ("comeback", "place|of"), ("comeback", "when|capital"), ("rhythm", "phase"), ("rhythm", "on_phase"),
)  # fmt: skip


def filters_table(_: str) -> str:
    """What each filter makes of a made-up figure in both languages."""
    from assistant.drafts.filters import FILTERS

    shown = " ".join(tag for _, tag in SHOWN)
    if missing := [name for name in FILTERS if f"|{name}" not in shown and name != "plural"]:
        raise LookupError(f"no example of {missing}")
    rows = [
        (f"`{{{{ {tag} }}}}`".replace("|", "\\|"), *(_printed(kind, lang, tag) for lang in ("en", "fr")))
        for kind, tag in SHOWN
    ]
    return table(("tag", "en", "fr"), rows)


def header_table(_: str) -> str:
    """The keys of a header that there are, so that none is left out of the hand-written table."""
    from assistant.drafts.header import KEYS

    return ", ".join(f"`{key}`" for key in KEYS) + "\n"


def conditions_table(_: str) -> str:
    """What `when` may ask of each kind beside what all have."""
    from assistant.drafts import FACTS
    from assistant.drafts.specimens import askable

    common = frozenset.intersection(*(askable(kind) for kind in FACTS))
    rows = [("every kind", common), *((f"`{kind}`", askable(kind) - common) for kind in FACTS)]
    return table(("kind", "may be asked"), ((kind, ", ".join(f"`{n}`" for n in sorted(names))) for kind, names in rows))


def languages_table(_: str) -> str:
    """The keys of a name file, and what they are in the shipped languages."""
    from dataclasses import fields

    from assistant.drafts.languages import Language, language

    rows = []
    for one in fields(Language):
        if one.name not in ("code", "units", "countries", "spelling", "names", "before"):
            told = [_short(str(getattr(language(lang), one.name)), 50) for lang in ("en", "fr")]
            rows.append((f"`{one.name}`", *(text.replace("|", "\\|") for text in told)))
    return table(("key", "en", "fr"), rows)


def checked(text: str) -> str:
    """What `assistant check` says of a text, and its exit code."""
    from typer.testing import CliRunner

    from assistant.cli import app

    result = CliRunner().invoke(app, ["check"], input=text, prog_name="assistant")
    return f'```\n$ echo "{text}" | assistant check\n{result.output}(exit code {result.exit_code})\n```\n'


def wording(argument: str) -> str:
    """One wording as it stands in its file, and the post that it makes of a made-up figure."""
    from assistant.drafts.specimens import specimens

    lang, kind, name = argument.split("/")
    template = _template(argument)
    figures = specimens(template, SAMPLE_DAY.date())
    told = next(each for one in figures if template.fits(each := _told(one, lang)))
    text, _ = told.finished(template.render(told))
    whole = Path(template.file).read_text(encoding="utf-8")
    start = whole.index(f"---\nname: {name}\n")
    end = whole.find("\n\n---\n", start)
    source = whole[start : end if end > 0 else None].strip()
    return f"`templates/{lang}/{kind}.j2`:\n\n```\n{source}\n```\n\nmakes\n\n> {text}\n"


def _template(name: str) -> Template:
    from assistant.drafts import load, shipped_folder

    return next(one for one in load([shipped_folder()], ["en", "fr"]).templates if one.id == name)


MAKERS: dict[str, Callable[[str], str | None]] = {
    "real": real_figure,
    "help": help_of,
    "commands": all_commands,
    "config": config_table,
    "kinds": kinds_table,
    "figure": figure_page,
    "facts": facts_table,
    "weights": weights_table,
    "rules": rules_table,
    "policy": policy_table,
    "checks": checks_table,
    "checked": checked,
    "categories": categories_table,
    "variables": variables_table,
    "filters": filters_table,
    "conditions": conditions_table,
    "header": header_table,
    "languages": languages_table,
    "wording": wording,
}


def filled(text: str) -> str:
    """The text with each block made anew; one whose table is not here stays as it is."""

    def made(found: re.Match[str]) -> str:
        told = MAKERS[found["name"]](found["argument"] or "")
        return found[0] if told is None else found[1] + told + found[4]

    return BLOCK.sub(made, text)


def main(check: bool) -> int:
    """Write what changed (or, checking, only name it)."""
    stale = []
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        old = file.read_text(encoding="utf-8")
        new = filled(old)
        if new != old:
            stale.append(file.relative_to(ROOT))
            if not check:
                file.write_text(new, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{name} {'is out of date: make docs' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
