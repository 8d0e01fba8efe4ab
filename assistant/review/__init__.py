"""The review desk: a person reads, flags, edits, approves, rejects and schedules. The only room that knows Textual.

run(config, store, reviewer)                     opens it
screenshot(config, store, reviewer, to)          draws it with a draft open, without a terminal
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.store import Store
    from assistant.workflow import Reviewer

_FONT_FACES = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def run(config: Config, store: Store, reviewer: Reviewer) -> None:
    """Open the desk; `ConfigError` where `keys` of the config cannot be used, `UsageError` where there is no terminal."""
    from assistant.review.app import DeskApp

    app = DeskApp(config, store, reviewer)
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        remedy = "Every step has a command too: list, show, flag, edit, approve, reject, schedule."
        raise UsageError("The review desk needs a terminal.", remedy=remedy)
    app.run()


def screenshot(
    config: Config, store: Store, reviewer: Reviewer, to: Path, size: tuple[int, int] = (120, 36),
    draft_id: int | None = None,
) -> None:  # fmt: skip
    """The desk as an SVG, with a draft open (the first one, or one by its id); it asks for no font from the network."""
    import asyncio

    svg = asyncio.run(_drawn(config, store, reviewer, size, draft_id))
    to.write_text(_COMMENT.sub("", _FONT_FACES.sub("", svg)), encoding="utf-8")


async def _drawn(config: Config, store: Store, reviewer: Reviewer, size: tuple[int, int], draft_id: int | None) -> str:
    from assistant.review.app import DeskApp

    app = DeskApp(config, store, reviewer)
    async with app.run_test(size=size) as pilot:
        await app.settled()
        if draft_id is not None:
            app.desk.look(goto=draft_id)
            await app.settled()
        await pilot.pause(0.3)
        await app.settled()
        await pilot.pause()
        return app.export_screenshot(title="assistant review")
