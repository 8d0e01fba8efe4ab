"""Template packs: a folder a language, a file a kind, several wordings a file.

    ---
    name: moved-in
    tone: dry
    when: {mode: present, length: {min: 10}}
    ---
    {{ subject }}: {{ length }} without missing one. It pays rent now.

The header is YAML (`header.py`), the body Jinja in a cage (`sandbox.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import TemplateError as JinjaError
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.drafts.header import holds, read_header
from assistant.drafts.languages import Language, language, shipped_folder, speaks
from assistant.drafts.sandbox import Stopped, compiled, make_environment, parsed, rendered
from assistant.drafts.variables import FACTS, Telling, known_variables
from assistant.errors import TemplateError

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
LARGEST = 512_000  # bytes of a file


@dataclass(frozen=True)
class Template:
    """One wording: its header, what it needs, and its compiled body."""

    id: str
    lang: str
    kind: str
    tone: str
    when: Mapping[str, Any]
    family: str
    addresses: bool | str
    needs: frozenset[str]
    file: str
    line: int
    source: str
    body: Any
    also: tuple[str, ...] = ()
    shelf_life: timedelta | None = None
    tree: nodes.Template | None = field(default=None, compare=False, repr=False)

    @cached_property
    def emoji(self) -> bool:
        """Whether it has an emoji."""
        return bool(_EMOJI.search(self.source))

    def fits(self, telling: Telling) -> bool:
        """Whether it can be said of a figure: its variables are there, its conditions hold, the house speaks so."""
        if not self.needs <= telling.values.keys():
            return False
        asked, address = telling.conditions, telling.address
        if self.addresses in ("tu", "vous") and self.addresses != address:
            return False
        if self.shelf_life is not None and telling.age > self.shelf_life:
            return False
        if not all(holds(asked.get(name), wanted) for name, wanted in self.when.items()):
            return False
        return all(telling.has(need) for need in self.also) and not self._leaves_a_rank_bare(telling)

    def _leaves_a_rank_bare(self, telling: Telling) -> bool:
        """Whether it names a rank and was not written for one: "2 in the week of May 4" says nothing."""
        if self.when.get("unit") == "rank" or "places" in self.when:
            return False
        return not self.needs.isdisjoint(telling.ranks)

    def render(self, telling: Telling) -> str:
        """The text with its marks; `TemplateError` names file and line."""
        try:
            return rendered(self.body, telling.values).strip()
        except Stopped as stopped:
            raise TemplateError(self.file, self.line, f"{self.id} {stopped}") from None
        except (
            JinjaError,
            ArithmeticError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            raise TemplateError(self.file, self.line, f"{self.id} cannot be rendered ({error})") from None


@dataclass(frozen=True)
class Pack:
    """The templates that could be read, what is wrong with the others, and the languages that they are in."""

    templates: tuple[Template, ...]
    problems: tuple[TemplateError, ...]
    languages: Mapping[str, Language] = field(default_factory=dict)

    def of(self, lang: str, kind: str) -> Sequence[Template]:
        """The wordings of a kind in a language."""
        return self._by_kind.get((lang, kind), ())

    def language(self, lang: str) -> Language | None:
        """The words of a language, if it has a name file."""
        if lang in self.languages:
            return self.languages[lang]
        return language(lang) if speaks(lang, shipped_folder()) else None

    @cached_property
    def _by_kind(self) -> Mapping[tuple[str, str], Sequence[Template]]:
        found: dict[tuple[str, str], list[Template]] = defaultdict(list)
        for template in self.templates:
            found[template.lang, template.kind].append(template)
        return found


def load(folders: Sequence[Path], languages: Sequence[str], english: str = "") -> Pack:
    """Read the packs of some languages; the first folder that has a wording's id wins, and so does its name file.

    `english`: US or GB, how the fixed words are spelled.
    """
    templates: dict[str, Template] = {}
    problems: list[TemplateError] = []
    spoken: dict[str, Language] = {}
    for lang in languages:
        home = next((folder for folder in (*folders, shipped_folder()) if speaks(lang, folder)), None)
        if home is None:
            continue
        try:
            spoken[lang] = language(lang, home)
        except TemplateError as error:
            problems.append(error)
            continue
        for found in _read(folders, spoken[lang], english):
            if isinstance(found, TemplateError):
                problems.append(found)
            else:
                templates.setdefault(found.id, found)
    return Pack(tuple(templates.values()), tuple(problems), spoken)


def _read(folders: Sequence[Path], spoken: Language, english: str) -> Iterator[Template | TemplateError]:
    environment = make_environment()
    for folder in folders:
        for file in sorted((folder / spoken.code).glob("*.j2")):
            names: set[str] = set()
            for found in _read_file(file, spoken, english, environment):
                if isinstance(found, Template):
                    if found.id in names:
                        yield TemplateError(found.file, found.line, f"there are two wordings named {found.id}")
                    names.add(found.id)
                yield found


def _read_file(
    file: Path, spoken: Language, english: str, environment: ImmutableSandboxedEnvironment
) -> Iterator[Template | TemplateError]:
    try:
        data = file.read_bytes()
        lines = data.decode("utf-8").replace("\r\n", "\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        yield TemplateError(str(file), None, f"cannot be read ({error})", remedy="It must be a text in UTF-8.")
        return
    marks = [at for at, line in enumerate(lines) if line.rstrip() == "---"]
    if len(data) > LARGEST:
        yield TemplateError(str(file), None, f"is larger than {LARGEST:,} bytes")
    elif not marks or len(marks) % 2:
        yield TemplateError(str(file), 1, "each wording needs a header between two lines of ---")
    else:
        yield from _wordings(file, lines, marks, spoken, english, environment)


def _wordings(file: Path, lines: Sequence[str], marks: Sequence[int], spoken: Language, english: str,
              environment: ImmutableSandboxedEnvironment) -> Iterator[Template | TemplateError]:  # fmt: skip
    ends = [*marks[2::2], len(lines)]
    for top, bottom, end in zip(marks[::2], marks[1::2], ends, strict=True):
        first = next((at for at in range(bottom + 1, end) if lines[at].strip()), bottom + 1)
        header, body = "\n".join(lines[top + 1 : bottom]), "\n".join(lines[first:end]).strip("\n")
        try:
            yield _compile(file, spoken, english, (header, top + 2), (body, first + 1), environment)
        except TemplateError as error:
            yield error


def _compile(file: Path, spoken: Language, english: str, header: tuple[str, int], body: tuple[str, int],
             environment: ImmutableSandboxedEnvironment) -> Template:  # fmt: skip
    read = read_header(str(file), header[1], header[0], file.stem)
    if read.kind not in FACTS:
        remedy = f"There are {', '.join(FACTS)}."
        raise TemplateError(str(file), header[1], f"there is no kind {read.kind!r}", remedy=remedy)
    line = body[1]
    source = "".join(part if part.startswith("{") else spoken.typography(part, english) for part in _TAG.split(body[0]))
    tree = parsed(str(file), line, source, environment)
    needs = find_undeclared_variables(tree)
    if unknown := needs - known_variables(read.kind):
        remedy = f"A {read.kind} has {', '.join(sorted(known_variables(read.kind)))}."
        at = line + next(n.lineno for n in tree.find_all(nodes.Name) if n.name in unknown) - 1
        raise TemplateError(str(file), at, f"unknown variable {', '.join(sorted(unknown))}", remedy=remedy)
    return Template(
        id=f"{spoken.code}/{file.stem}/{read.name}", lang=spoken.code, kind=read.kind, tone=read.tone, when=read.when,
        family=read.family, addresses=read.addresses, needs=frozenset(needs), file=str(file), line=line, source=source,
        body=compiled(str(file), line, tree, environment), also=read.needs, shelf_life=read.shelf_life,
        tree=environment.parse(source),
    )  # fmt: skip
