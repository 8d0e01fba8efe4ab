"""Drafts of every kind, and an open desk with hands on its keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot

from assistant import workflow
from assistant.models import Candidate, Fact, Insight
from assistant.review.app import DeskApp
from assistant.reviewed import Draft
from assistant.store import Store

CLEAN = "Harbour Lights was watched for 12,500 hours at last, and the lighthouse is proud of every one."
SOFT = "Harbour Lights was watched for 12,500 hours at last: who hurt you?"
HOSTILE = "A [/b] and [@click=app.quit]quit[/] with \x1b[31mred\x1b[0m, \u202eevil\u202c, zero\u200bwidth and \x07."
FRENCH = "« Harbour Lights » : 12 500 heures enfin, et le phare en est fier."
LONG = "A saga of four thousand characters, told slowly. " * 82
WIDE = "日本語のテキスト 👩‍👩‍👧‍👦 and e\u0301 with 🇫🇷: 12,500 hours.\nAnd a second line."
TEXTS = (CLEAN, SOFT, HOSTILE, FRENCH, LONG, WIDE)
CONTROLS = frozenset(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))) | frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
)


def insight(name: str = "f1", subject: str = "Harbour Lights") -> Insight:
    """A figure with a few facts."""
    facts = (Fact("value", 12_500, "hours"), Fact("subject", subject, "title"), Fact("previous", 9_100, "hours"))
    return Insight(
        id=name, kind="record", source="streams", measure="hours", subject=subject, where={}, start=date(2026, 11, 9),
        end=date(2026, 11, 15), value=12_500, unit="hours", every="week", facts=facts, q=0.002, counts="plays",
        cautions=("The source rounds to [b]hundreds[/b].",), query="SELECT week, hours\nFROM streams\nORDER BY 2 DESC",
    )  # fmt: skip


def candidates() -> list[Candidate]:
    """One draft of each kind: clean, softly flagged, hostile, French, far too long, of wide letters."""
    made = []
    for at, text in enumerate(TEXTS, 1):
        subject = "Evil [/i] \u202ename" if text == HOSTILE else "Harbour Lights"
        found = insight(f"f{at}", subject)
        lang = "fr" if text == FRENCH else "en"
        made.append(
            Candidate(text, lang, found, template=f"t{at}", facts=found.facts, titles=(subject,), counts="plays")
        )
    return made


Sit = Callable[..., Any]


@dataclass
class Sitting:
    """An open desk and the hands on its keyboard."""

    app: DeskApp
    pilot: Pilot[None]
    store: Store

    async def press(self, *keys: str) -> None:
        """Press keys that are bound, then wait until the store has answered and the screen is drawn."""
        for key in keys:
            self.app.simulate_key(key)
            await self.pilot.pause(0.005)
        await self.calm()

    async def type(self, text: str) -> None:
        """Give a text to what has the keyboard, at once as a paste does."""
        assert self.app.screen.focused is not None
        self.app.screen.focused.post_message(Paste(text))
        await self.calm()

    async def calm(self) -> None:
        """Until nothing is under way."""
        for _ in range(3):
            await self.pilot.pause(0.01)
            await self.app.settled()
        await self.pilot.pause(0.01)

    async def until(self, condition: Callable[[], object]) -> None:
        """Until something has happened that a timer brings."""
        for _ in range(200):
            if condition():
                return
            await self.pilot.pause(0.02)
        raise AssertionError("it did not happen in time")

    async def go_to(self, draft_id: int) -> None:
        """The cursor on a draft."""
        queue = self.app.desk.queue
        queue.cursor = queue.ids.index(draft_id)
        await self.until(lambda: self.app.desk.draft is not None and self.app.desk.draft.id == draft_id)
        await self.calm()

    def draft(self, draft_id: int) -> Draft:
        """A draft as the store has it."""
        return workflow.get_draft(self.store, draft_id)

    @property
    def text(self) -> str:
        """What the top screen shows, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def notices(self) -> str:
        """What the notifications say."""
        return "\n".join(f"{one.title} {one.message}" for one in self.app._notifications)
