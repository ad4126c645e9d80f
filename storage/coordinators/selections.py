"""Selections of stories that coordinators keep under a name: filters, as a page has them in its
address. Who opens one sees of it what they may read themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, delete, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault, new_id

SAVED = core(tables.SavedSelection)

MOST = 50
"""Selections of one coordinator."""


@dataclass(frozen=True, slots=True)
class NamedSelection:
    """A selection: what it is called, and its filters as `team=zwolle-oost&first=2026-W40`."""

    id: str
    name: str
    query: str


def keep(
    connection: Transaction, coordinator_id: str, name: str, query: str
) -> NamedSelection | None:
    """Keep a selection; one of the same name makes way. None: there are too many."""
    for each in listed(connection, coordinator_id):
        if each.name.casefold() == name.casefold():
            remove(connection, coordinator_id, each.id)
    if len(listed(connection, coordinator_id)) >= MOST:
        return None
    made = NamedSelection(new_id(), name, query)
    sealed = connection.vault.seal_json(f"selection:{made.id}", {"name": name, "query": query})
    row = {"id": made.id, "coordinator_id": coordinator_id, "sealed": sealed}
    connection.execute(insert(SAVED).values(row))
    return made


def listed(reads: Reads, coordinator_id: str) -> list[NamedSelection]:
    """The selections of one coordinator, by name."""
    query = select(SAVED.c.id, SAVED.c.sealed).where(SAVED.c.coordinator_id == coordinator_id)
    found = [_opened(reads.vault, row) for row in reads.execute(query)]
    return sorted(found, key=lambda each: each.name.casefold())


def by_id(reads: Reads, selection_id: str) -> NamedSelection | None:
    """A selection of anybody: its id is random, and goes to colleagues as a link."""
    query = select(SAVED.c.id, SAVED.c.sealed).where(SAVED.c.id == selection_id)
    row = reads.execute(query).one_or_none()
    return None if row is None else _opened(reads.vault, row)


def remove(connection: Transaction, coordinator_id: str, selection_id: str) -> bool:
    """Forget one of the own selections. Whether it was there."""
    mine = (SAVED.c.id == selection_id, SAVED.c.coordinator_id == coordinator_id)
    return connection.execute(delete(SAVED).where(*mine)).rowcount > 0


def _opened(vault: Vault, row: Row[str, bytes]) -> NamedSelection:
    sealed = vault.open_json(f"selection:{row.id}", row.sealed)
    return NamedSelection(row.id, sealed["name"], sealed["query"])
