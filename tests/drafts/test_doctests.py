"""The examples in the docstrings of the drafts' room, in both languages, are true."""

from __future__ import annotations

import doctest

import pytest

from assistant.drafts import languages, saying, telling
from assistant.drafts.languages import NBSP, language


@pytest.mark.parametrize("module", [saying, languages, telling], ids=lambda module: module.__name__)
def test_the_examples_are_true(module: object) -> None:
    """Each doctest prints what it says; `shown` prints no-break spaces as ~."""
    names = {"language": language, "NBSP": NBSP, "shown": lambda text: text.replace(NBSP, "~")}
    result = doctest.testmod(module, extraglobs=names)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
