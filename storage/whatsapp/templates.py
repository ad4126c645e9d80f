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


class Template(NamedTuple):
    """One template in one language."""

    name: str
    language: str
    state: str
    category: str = ""
    reason: str = ""
    at: datetime | None = None


def note(connection: Transaction, template: Template, now: datetime) -> None:
    """What Meta says of a template; an empty category leaves the known one."""
    row = {**template._asdict(), "at": now}
    change = ["state", "reason", "at", *(["category"] if template.category else [])]
    upsert(connection, TEMPLATE, row, ["name", "language"], change=change)


def listed(reads: Reads) -> list[Template]:
    """All, by name."""
    columns = (TEMPLATE.c[name] for name in Template._fields)
    query = select(*columns).order_by(TEMPLATE.c.name, TEMPLATE.c.language)
    return [Template(*row) for row in reads.execute(query)]
