"""Key rotation: seals everything again with the newest key, while the bot runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, Table, and_, func, select, tuple_, update

from storage import meta, tables
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.lifecycle.unlock import KEY_CHECK
from storage.replicas import presence
from storage.vault.vault import Vault

BATCH = 200
FOLLOWED_EVERY = 30.0
"""Seconds between two looks of a running process at the key file."""
ALL_FOLLOW = FOLLOWED_EVERY + 10.0
"""Seconds after which every running process seals with a new key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column, and the name under which each of its values was sealed."""

    table: Table
    column: str
    name: Callable[[Any], str]


SEALED = (
    Sealed(core(tables.Person), "sealed", lambda r: f"person:{r.id}"),
    Sealed(core(tables.Conversation), "sealed", lambda r: f"conversation:{r.person_id}"),
    Sealed(core(tables.Inbox), "sealed", lambda r: f"inbox:{r.channel}:{r.external_id}"),
    Sealed(core(tables.Outbox), "sealed", lambda r: f"outbox:{r.queue}:{r.turn}:{r.kind}"),
    Sealed(core(tables.Outbox), "owed", lambda r: f"outbox:{r.queue}:{r.turn}:owed"),
    Sealed(core(tables.Consent), "sealed", lambda r: f"consent:{r.id}"),
    Sealed(core(tables.Story), "sealed", lambda r: f"story:{r.id}"),
    Sealed(core(tables.Story), "sealed_return", lambda r: f"return:{r.id}"),
    Sealed(core(tables.Story), "sealed_note", lambda r: f"note:{r.id}"),
    Sealed(core(tables.Coordinator), "sealed", lambda r: f"coordinator:{r.id}"),
    Sealed(core(tables.SavedSelection), "sealed", lambda r: f"selection:{r.id}"),
    Sealed(core(tables.Meeting), "sealed", lambda r: f"meeting:{r.id}"),
    Sealed(core(tables.Blob), "sealed", lambda r: f"blob:{r.id}"),
    Sealed(core(tables.BlobChunk), "sealed", lambda r: f"blob:{r.blob_id}:{r.number}"),
    Sealed(core(tables.PersonalBell), "sealed", lambda r: f"bell:{r.id}"),
    Sealed(core(tables.Feed), "sealed", lambda r: f"feed:{r.id}"),
    Sealed(core(tables.SenseSession), "sealed", lambda r: f"session:{r.id}"),
    Sealed(core(tables.SessionPattern), "sealed", lambda r: f"pattern:{r.id}"),
    Sealed(core(tables.Interpretation), "sealed", lambda r: f"interpretation:{r.id}"),
    Sealed(core(tables.SessionSeat), "sealed", lambda r: f"seat:{r.session_id}:{r.person_id}"),
    Sealed(core(tables.Outcome), "sealed", lambda r: f"outcome:{r.id}"),
    Sealed(core(tables.Decision), "sealed", lambda r: f"decision:{r.id}"),
    Sealed(core(tables.DecisionChange), "sealed", lambda r: f"change:{r.id}"),
    Sealed(core(tables.RelayedQuestion), "sealed", lambda r: f"relay:{r.id}"),
    Sealed(core(tables.ChangeRemark), "sealed", lambda r: f"remark:{r.change_id}:{r.story_id}"),
)


class Rotating(Exception):
    """Another process makes a new key now. The text names the mend."""


@contextlib.contextmanager
def alone(key_file: Path) -> Iterator[None]:
    """Of two that add a key at the same time, one would lose what it seals with. Raises Rotating
    when another process is in here."""
    handle = os.open(key_file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Rotating("another `vertelbot key rotate` is busy: wait until it is done") from None
    finally:
        os.close(handle)


async def begin(database: Database, vault: Vault) -> bool:
    """Make a new key; False when there is one with which not everything is sealed yet, because
    a rotation was stopped: then that one will do."""
    check = await database.read(lambda session: meta.get(session, KEY_CHECK)) or ""
    if vault.behind(check):
        return False
    vault.rotate()
    return True


async def reseal(database: Database, vault: Vault) -> int:
    """Seal again what older keys sealed; how much that was. Run again, it goes on where it was
    stopped. A process that runs beside this one may seal some more with the older key, until
    `ALL_FOLLOW`. On SQLite call `Database.scrub` afterwards."""
    count = 0
    for sealed in SEALED:
        done, after = await database.write(partial(_batch, vault, sealed, None))
        count += done
        while after is not None:
            done, after = await database.write(partial(_batch, vault, sealed, after))
            count += done
    return count


async def beside(database: Database) -> bool:
    """Whether a Vertelbot runs on this database in another process."""
    return database.in_use() if database.sqlite else bool(await database.write(presence.present))


async def finish(database: Database, vault: Vault) -> None:
    """Everything is sealed with the newest key: the next rotation makes another one."""
    await database.write(lambda connection: meta.put(connection, KEY_CHECK, vault.check()))


def _batch(
    vault: Vault, sealed: Sealed, after: tuple[Any, ...] | None, connection: Transaction
) -> tuple[int, tuple[Any, ...] | None]:
    """Seal the next rows after this primary key; how many, and the last (None: no more)."""
    keys = list(sealed.table.primary_key.columns)
    column = sealed.table.c[sealed.column]
    version = func.substr(column, 1, 1, type_=LargeBinary())
    query = select(sealed.table).where(version < bytes([vault.newest]))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    rows = connection.execute(query.order_by(*keys).limit(BATCH).with_for_update()).all()
    for row in rows:
        name = sealed.name(row)
        fresh = vault.seal(name, vault.open(name, getattr(row, sealed.column)))
        this = and_(*(key == getattr(row, key.name) for key in keys))
        connection.execute(update(sealed.table).where(this).values({column: fresh}))
    if len(rows) < BATCH:
        return len(rows), None
    return len(rows), tuple(getattr(rows[-1], key.name) for key in keys)
