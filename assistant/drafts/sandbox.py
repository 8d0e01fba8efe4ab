"""What a template may do: print variables through filters, and choose by conditions. Nothing else, and not for long.

The syntax is an allow-list over Jinja's tree, so that there are no loops, calls, attributes, subscripts, arithmetic, joining,
assignments, imports or macros; there are no globals and no tests; the filters are those of `filters.py`. Jinja's immutable
sandbox stands behind that, and behind it a limit on what is printed and on the time that it takes.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.drafts.filters import FILTERS
from assistant.errors import TemplateError

LONGEST_SOURCE = 4000  # characters of a body
LONGEST_POST = 2000  # characters that it may print
SECONDS = 0.2  # of the thread's own computing, of which an ordinary one takes a ten-thousandth
DEEPEST = 40  # levels of its syntax
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.List, nodes.Keyword, nodes.Neg,
)  # fmt: skip
_SHOWN = {"\n"}
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")


class Stopped(Exception):
    """A template printed too much, or for too long."""


def make_environment() -> ImmutableSandboxedEnvironment:
    """The sandbox: immutable, strict about what is undefined, with our filters and nothing else."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    environment.filters.update(FILTERS)
    return environment


def parsed(file: str, line: int, source: str, environment: ImmutableSandboxedEnvironment) -> nodes.Template:
    """The tree of a body that begins at a line of a file, or `TemplateError` for what it may not have."""
    if len(source) > LONGEST_SOURCE:
        raise TemplateError(file, line, f"the body is longer than {LONGEST_SOURCE} characters")
    for number, text in enumerate(source.split("\n")):
        _refuse_control(file, line + number, text)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(file, line + error.lineno - 1, str(error.message).rstrip(".")) from None
    except (RecursionError, ValueError, MemoryError, OverflowError) as error:
        raise TemplateError(file, line, f"cannot be read ({error})") from None
    for node, depth in _walk(tree):
        _refuse(file, line + (node.lineno or 1) - 1, node, depth)
    return tree


def compiled(file: str, line: int, tree: nodes.Template, environment: ImmutableSandboxedEnvironment) -> Any:
    """The body, ready to be rendered."""
    try:
        code = environment.compile(tree, name=f"{file}:{line}")
        return environment.template_class.from_code(environment, code, {})
    except TemplateSyntaxError as error:
        raise TemplateError(file, line + error.lineno - 1, str(error.message).rstrip(".")) from None
    except (JinjaError, RecursionError, SyntaxError, MemoryError, ValueError, TypeError) as error:
        raise TemplateError(file, line, str(error).rstrip(".")) from None


def rendered(body: Any, values: Mapping[str, Any]) -> str:
    """What a body prints, up to the limits; `Stopped` beyond them."""
    parts: list[str] = []
    length = 0
    until, begun = time.perf_counter() + SECONDS, time.thread_time()
    for part in body.root_render_func(body.new_context(values)):
        length += len(part)
        if length > LONGEST_POST:
            raise Stopped(f"prints more than {LONGEST_POST} characters")
        if (
            time.perf_counter() > until and time.thread_time() - begun > SECONDS
        ):  # a busy machine is no fault of its own
            raise Stopped(f"takes longer than {SECONDS} s")
        parts.append(part)
    return "".join(parts)


def _walk(node: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Each node and how deep it lies, without recursion."""
    waiting = [(node, 0)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting += [(child, depth + 1) for child in one.iter_child_nodes()]


def _refuse(file: str, line: int, node: nodes.Node, depth: int) -> None:
    if depth > DEEPEST:
        raise TemplateError(file, line, f"is nested more than {DEEPEST} deep")
    if not isinstance(node, _ALLOWED):
        problem = f"{type(node).__name__.lower()} is not allowed in a template"
        raise TemplateError(file, line, problem, remedy="Use variables, filters and conditions.")
    if isinstance(node, nodes.Filter):
        _refuse_filter(file, line, node)
    if isinstance(node, nodes.Name) and (node.ctx != "load" or node.name.startswith("_")):
        raise TemplateError(file, line, f"{node.name} is not a variable")
    if isinstance(node, nodes.Const):
        _refuse_constant(file, line, node.value)


def _refuse_filter(file: str, line: int, node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise TemplateError(file, line, f"No filter named {node.name!r}", remedy=f"There are {', '.join(FILTERS)}.")
    constants = [*node.args, *(keyword.value for keyword in node.kwargs)]
    if node.dyn_args or node.dyn_kwargs or not all(isinstance(one, nodes.Const) for one in constants):
        raise TemplateError(file, line, f"what {node.name} is told must be fixed words")


def _refuse_constant(file: str, line: int, value: Any) -> None:
    if not isinstance(value, str | int | float | bool | None):
        raise TemplateError(file, line, "only texts and numbers may stand in a template")
    if isinstance(value, str):
        _refuse_control(file, line, value)


def _refuse_control(file: str, line: int, text: str) -> None:
    found = next((c for c in text if is_control(c)), None)
    if found is not None:
        name = unicodedata.name(found, "a control character").lower()
        raise TemplateError(file, line, f"prints U+{ord(found):04X} ({name}), which nobody sees", remedy="Take it out.")


def is_control(c: str) -> bool:
    """Whether a character steers a terminal or the direction of a text, or is private (our marks are)."""
    if c in _SHOWN:
        return False
    return unicodedata.category(c) in ("Cc", "Co", "Cs") or _INVISIBLE.match(c) is not None
