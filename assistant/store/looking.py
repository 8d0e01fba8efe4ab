"""What was looked at, and at which level: the ledger of the budget across runs (`insights/budget.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select

from assistant.models import Look
from assistant.store.door import Store
from assistant.store.tables import LookRow


def look_once(
    store: Store, source: str, kind: str, delivery: str, judge: Callable[[Sequence[Look]], Look], q: float
) -> Look:
    """The look of a kind at a delivery, in one transaction: as it is kept, or as `judge` makes it of all looks before.

    A second run over the same delivery is held to what the first was; so is a second process at the same time.
    """
    with store.write() as session:
        rows = _rows(session, source, kind)
        kept = next((row for row in rows if row.delivery == delivery), None)
        if kept is not None:
            return _look(kept)
        made = judge([_look(row) for row in rows])
        session.add(
            LookRow(
                source=source, kind=kind, delivery=delivery, at=store.now(), q=q,
                tests=made.tests, level=made.level, told=made.told, most=made.most,
            )
        )  # fmt: skip
        return made


def looks(store: Store, source: str) -> dict[str, list[Look]]:
    """Every look at a source's deliveries, kind by kind, the first first."""
    with store.read() as session:
        kinds = session.exec(select(LookRow.kind).where(LookRow.source == source).distinct()).all()
        return {kind: [_look(row) for row in _rows(session, source, kind)] for kind in sorted(kinds)}


def _rows(session: Session, source: str, kind: str) -> Sequence[LookRow]:
    query = select(LookRow).where(LookRow.source == source, LookRow.kind == kind).order_by(col(LookRow.id))
    return session.exec(query).all()


def _look(row: LookRow) -> Look:
    return Look(row.tests, row.level, row.told, row.most)
