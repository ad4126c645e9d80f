"""The templates as Meta has them: their state, category and why not."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

TEMPLATE = core(tables.WhatsappTemplate)


_JUDGED = {
    ("APPROVED", "FLAGGED"): "FLAGGED",
    ("REINSTATED", "FLAGGED"): "FLAGGED",
    (None, "FLAGGED"): "FLAGGED",
    ("FLAGGED", "FLAGGED"): "FLAGGED",
    ("FLAGGED", "UNFLAGGED"): "APPROVED",
}


class Template(NamedTuple):
    """One template in one language."""

    name: str
    language: str
    state: str
    category: str = ""
    reason: str = ""
    at: datetime | None = None


def note(connection: Transaction, template: Template, now: datetime) -> None:
    """What Meta says of a template; an empty category leaves the known one, and an empty state
    leaves it with its reason. What people complain about (FLAGGED), or do not any more (UNFLAGGED),
    says nothing of a template that does not go."""
    this = (TEMPLATE.c.name == template.name) & (TEMPLATE.c.language == template.language)
    known: str | None = connection.execute(select(TEMPLATE.c.state).where(this)).scalar()
    state = template.state
    if state in ("FLAGGED", "UNFLAGGED"):
        state = _JUDGED.get((known, state), "")
    change = ["at", *(["state", "reason"] if state else [])]
    change += ["category"] if template.category else []
    if len(change) > 1:
        row = {**template._asdict(), "state": state or "APPROVED", "at": now}
        upsert(connection, TEMPLATE, row, ["name", "language"], change=change)


def listed(reads: Reads) -> list[Template]:
    """All, by name."""
    columns = (TEMPLATE.c[name] for name in Template._fields)
    query = select(*columns).order_by(TEMPLATE.c.name, TEMPLATE.c.language)
    return [Template(*row) for row in reads.execute(query)]
