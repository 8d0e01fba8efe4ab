"""Template packs: a folder a language, a file a kind, several wordings a file.

    ---
    name: moved-in
    tone: dry
    when: {mode: present, length: {min: 10}}
    ---
    {{ subject }}: {{ length }} without missing one. It pays rent now.

The header is YAML, the body Jinja. What a body may do is an allow-list over its syntax: text, variables, filters, conditions.
There are no loops, calls, attributes or arithmetic, so that nothing can run away; the sandbox stands behind that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.drafts.languages import LANGUAGES, typography
from assistant.drafts.telling import Day, Number, Piece, Teller, Word, clean
from assistant.drafts.variables import FACTS, Telling, known_variables
from assistant.errors import TemplateError

TONES = ("warm", "dry", "celebratory", "absurd")
_KEYS = {"name", "tone", "when", "family", "addresses"}
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
)  # fmt: skip
_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
_LONGEST = 2000


@dataclass(frozen=True)
class Template:
    """One wording: its header, what it needs, and its compiled body."""

    id: str
    lang: str
    kind: str
    tone: str
    when: Mapping[str, Any]
    family: str
    addresses: bool
    needs: frozenset[str]
    file: str
    line: int
    source: str
    body: Any

    @property
    def emoji(self) -> bool:
        """Whether it has an emoji."""
        return bool(_EMOJI.search(self.source))

    def fits(self, telling: Telling) -> bool:
        """Whether it can be said of a figure: its variables are there, its conditions hold."""
        return self.needs <= telling.values.keys() and all(
            _holds(telling.conditions.get(name), wanted) for name, wanted in self.when.items()
        )

    def render(self, telling: Telling) -> str:
        """The text with its marks; `TemplateError` names file and line."""
        try:
            text = self.body.render(telling.values, __teller=telling.teller)
        except (JinjaError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise TemplateError(self.file, self.line, f"{self.id} cannot be rendered ({error})") from None
        return str(text).strip()[:_LONGEST]


@dataclass(frozen=True)
class Pack:
    """The templates that could be read, and what is wrong with the others."""

    templates: tuple[Template, ...]
    problems: tuple[TemplateError, ...]

    def of(self, lang: str, kind: str) -> tuple[Template, ...]:
        """The wordings of a kind in a language."""
        return tuple(t for t in self.templates if (t.lang, t.kind) == (lang, kind))


def _holds(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return bool(wanted.get("min", value) <= value <= wanted.get("max", value))
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, bool):
        return bool(value) is wanted
    return bool(value == wanted)


def shipped_folder() -> Path:
    """The templates that come with the program: in the package, or (editable install) at the project's top."""
    inside = Path(__file__).parent.parent / "_templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "templates"


def load(folders: Sequence[Path], languages: Sequence[str]) -> Pack:
    """Read the packs of some languages; the first folder that has a wording's id wins."""
    templates: dict[str, Template] = {}
    problems: list[TemplateError] = []
    for folder in folders:
        for lang in languages:
            if lang not in LANGUAGES:
                continue
            environment = make_environment()
            for file in sorted((folder / lang).glob("*.j2")):
                for found in _read_file(file, lang, environment):
                    if isinstance(found, TemplateError):
                        problems.append(found)
                    else:
                        templates.setdefault(found.id, found)
    return Pack(tuple(templates.values()), tuple(problems))


def make_environment() -> ImmutableSandboxedEnvironment:
    """The sandbox: immutable, strict about what is undefined, with the filters below and nothing else."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, finalize=_finalize, keep_trailing_newline=False, cache_size=0
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    environment.filters.update(_filters())
    return environment


def _filters() -> dict[str, Callable[..., Any]]:
    def number(how: str, *, unit: bool) -> Callable[..., Piece]:
        @pass_context
        def filtered(context: Any, value: Any) -> Piece:
            teller: Teller = context["__teller"]
            if not isinstance(value, Number):
                raise TypeError("this filter is for numbers")
            return teller.measured(value, how) if unit else teller.bare(value, how)

        return filtered

    return {
        "num": number("speech", unit=False),
        "exact": number("exact", unit=True),
        "exact_num": number("exact", unit=False),
        "over": number("over", unit=False),
        "over_measure": number("over", unit=True),
        "capital": _capital,
    }


@pass_context
def _capital(context: Any, value: Any) -> Piece:
    """The first letter made a capital, past any mark."""
    text = str(_finalize(context, value))
    at = next((at for at, c in enumerate(text) if c.isalnum()), None)
    return Piece(text if at is None else text[:at] + text[at].upper() + text[at + 1 :])


@pass_context
def _finalize(context: Any, value: Any) -> Any:
    """What a bare `{{ variable }}` prints: numbers with their unit, titles quoted, days spelled."""
    teller: Teller = context["__teller"]
    if isinstance(value, Number):
        return teller.measured(value)
    if isinstance(value, Word):
        return teller.quoted(value)
    if isinstance(value, Day):
        return teller.date(value)
    return value if isinstance(value, Piece) else clean(str(value))


def _read_file(file: Path, lang: str, environment: ImmutableSandboxedEnvironment) -> list[Template | TemplateError]:
    name = f"{lang}/{file.name}"
    if file.stem not in FACTS:
        return [
            TemplateError(str(file), None, f"there is no kind {file.stem!r}", remedy=f"There are {', '.join(FACTS)}.")
        ]
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        return [TemplateError(str(file), None, f"cannot be read ({error})", remedy="It must be a text in UTF-8.")]
    marks = [at for at, line in enumerate(lines) if line.rstrip() == "---"]
    if not marks or len(marks) % 2:
        return [TemplateError(str(file), 1, "each wording needs a header between two lines of ---")]
    ends = [*marks[2::2], len(lines)]
    found: list[Template | TemplateError] = []
    for top, bottom, end in zip(marks[::2], marks[1::2], ends, strict=True):
        header, body = "\n".join(lines[top + 1 : bottom]), "\n".join(lines[bottom + 1 : end]).strip("\n")
        try:
            found.append(_compile(name, str(file), file.stem, lang, header, body, (top + 2, bottom + 2), environment))
        except TemplateError as error:
            found.append(error)
    return found


def _compile(name: str, file: str, kind: str, lang: str, header: str, body: str, lines: tuple[int, int],
             environment: ImmutableSandboxedEnvironment) -> Template:  # fmt: skip
    data = _header(file, lines[0], header)
    source = "".join(part if part.startswith("{") else typography(part, lang) for part in _TAG.split(body))
    try:
        tree = environment.parse(source)
        _check_syntax(file, lines[1], tree)
        needs = find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        raise TemplateError(file, lines[1] + error.lineno - 1, str(error.message).rstrip(".")) from None
    if unknown := needs - known_variables(kind):
        remedy = f"A {kind} has {', '.join(sorted(known_variables(kind)))}."
        raise TemplateError(file, lines[1], f"unknown variable {', '.join(sorted(unknown))}", remedy=remedy)
    try:
        compiled = environment.from_string(source)
    except (JinjaError, RecursionError) as error:
        raise TemplateError(file, lines[1], str(error).rstrip(".")) from None
    label = str(data["name"])
    return Template(
        id=f"{name.removesuffix('.j2')}/{label}", lang=lang, kind=kind, tone=str(data.get("tone", "warm")),
        when=data.get("when") or {}, family=str(data.get("family", label)), addresses=bool(data.get("addresses", False)),
        needs=frozenset(needs), file=file, line=lines[1], source=source, body=compiled,
    )  # fmt: skip


def _header(file: str, line: int, text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise TemplateError(file, line + (mark.line if mark else 0), "the header is not YAML") from None
    if not isinstance(data, dict) or "name" not in data:
        raise TemplateError(file, line, "the header needs a name", remedy="Write name: some-words")
    if odd := set(data) - _KEYS:
        raise TemplateError(file, line, f"unknown key {', '.join(map(str, odd))}", remedy=f"There are {sorted(_KEYS)}.")
    if data.get("tone", "warm") not in TONES:
        raise TemplateError(file, line, f"tone {data['tone']!r} is unknown", remedy=f"There are {', '.join(TONES)}.")
    if not isinstance(data.get("when") or {}, dict):
        raise TemplateError(file, line, "`when` is not a mapping", remedy="Write when: {length: {min: 10}}")
    return data


def _check_syntax(file: str, line: int, tree: nodes.Template) -> None:
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            problem = f"{type(node).__name__.lower()} is not allowed in a template"
            raise TemplateError(file, line + node.lineno - 1, problem, remedy="Use variables, filters and conditions.")
        if isinstance(node, nodes.Const) and not isinstance(node.value, str | int | float | bool | None):
            raise TemplateError(file, line + node.lineno - 1, "only texts and numbers may stand in a template")


def _walk(node: nodes.Node) -> list[nodes.Node]:
    found = [node]
    for child in node.iter_child_nodes():
        found += _walk(child)
    return found
