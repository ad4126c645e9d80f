"""Presence of replicas on one PostgreSQL: who is there, who polls, and notices to all. Each lock is
held on a connection of its own."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

from sqlalchemy import text

from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox import leases
from storage.vault.vault import SealBroken, Vault

if TYPE_CHECKING:
    from psycopg import AsyncConnection

EPOCH = "polling_epoch"
BEAT = "polling_beat"
"""The facts in which a leader says that another one took over, and when it was last alive."""

BEATS = 2.0
"""Seconds between two signs of life of the leader."""
SILENT = 8
"""Seconds without one after which a leader is put out: it may be frozen with the lock in hand."""
TRY_EVERY = 1.0
"""Seconds between two tries to lead, or to connect again."""

_LEADS, _PRESENT = 0x564C, 0x5650
"""Two families of advisory locks."""

_TRY = "SELECT pg_try_advisory_lock(%s, 1)"
_SILENCE = (
    "SELECT coalesce((SELECT extract(epoch FROM clock_timestamp()) - value::numeric FROM meta"
    " WHERE key = %s), 0) > %s"
)
_PUT_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid = %s AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_TAKE_OVER = (
    "INSERT INTO meta (key, value) VALUES (%s, '1') ON CONFLICT (key)"
    " DO UPDATE SET value = (meta.value::bigint + 1)::text RETURNING value"
)
_ALIVE = (
    "INSERT INTO meta (key, value) VALUES (%s, extract(epoch FROM clock_timestamp())::text)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_NOTIFY = text("SELECT pg_notify('vertelbot', :notice)")
_WHO = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid = :family AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

_log = logging.getLogger(__name__)

Hear = Callable[[str, str], Awaitable[None]]
"""What is done with a notice: what happened, and to which address. `("again", "")`: some may have
been missed."""


class NotLeading(Exception):
    """Another process polls by now."""


# -- who polls


class Leadership:
    """While this process leads. `epoch` is higher than that of every leader before."""

    def __init__(self, connection: AsyncConnection, epoch: int) -> None:
        self._connection = connection
        self.epoch = epoch

    async def last(self) -> None:
        """Give signs of life; returns as soon as the lock is lost."""
        with contextlib.suppress(*_troubles()):
            while True:
                async with asyncio.timeout(2 * BEATS):
                    await self._connection.execute(_ALIVE, (BEAT,))
                async for _ in self._connection.notifies(timeout=BEATS):
                    pass  # none come; an error does, when the connection ends


@contextlib.asynccontextmanager
async def leading(database: Database) -> AsyncIterator[Leadership]:
    """Wait until this process is the one that polls; it is as long as `Leadership.last` goes on."""
    while True:
        try:
            connection, epoch = await _lead(database)
            break
        except _troubles() as error:
            _log.warning(
                "poll leadership unknown: database unavailable (%s); retrying", type(error).__name__
            )
            await asyncio.sleep(TRY_EVERY)
    try:
        yield Leadership(connection, epoch)
    finally:
        await connection.close()


async def _lead(database: Database) -> tuple[AsyncConnection, int]:
    connection = await _connect(database)
    silent = 0
    try:
        while not await _value(connection, _TRY, _LEADS):
            silent = silent + 1 if await _value(connection, _SILENCE, BEAT, SILENT) else 0
            if silent > 1:  # once may be a leader that has only just begun
                await connection.execute(_PUT_OUT, (_LEADS,))
            await asyncio.sleep(TRY_EVERY)
        await connection.execute(_ALIVE, (BEAT,))
        return connection, int(await _value(connection, _TAKE_OVER, EPOCH))
    except BaseException:
        await connection.close()
        raise


def fence(connection: Transaction, epoch: int) -> None:
    """In the transaction of what a leader writes. Raises NotLeading when there is a newer one."""
    query = text("SELECT value FROM meta WHERE key = :key FOR SHARE")
    newest = connection.execute(query, {"key": EPOCH}).scalar()
    if newest is None or int(newest) != epoch:
        raise NotLeading("another process polls by now")


# -- who is there


class Presence:
    """This process among the others. `name` is empty as long as the others do not see it: then it
    must claim nothing. `hear` is called with every notice, also with one's own."""

    def __init__(self, database: Database, vault: Vault, hear: Hear) -> None:
        self._database = database
        self._vault = vault
        self._hear = hear
        self.name = ""

    async def run(self) -> None:
        """Be there until cancelled."""
        while True:
            try:
                await self._be_there()
            except _troubles() as error:
                _log.warning("presence among replicas lost (%s); retrying", type(error).__name__)
            finally:
                self.name = ""
            await asyncio.sleep(TRY_EVERY)

    async def tell(self, what: str, address: str) -> None:
        """Let every process hear. Sealed on its way. Raises Unavailable."""
        notice = base64.b64encode(self._vault.seal_json("notice", [what, address])).decode()
        await self._database.write(lambda c: c.execute(_NOTIFY, {"notice": notice}))

    async def _be_there(self) -> None:
        connection = await _connect(self._database)
        try:
            name = secrets.randbelow(2**31 - 1) + 1
            await connection.execute("SELECT pg_advisory_lock(%s, %s)", (_PRESENT, name))
            await connection.execute("LISTEN vertelbot")
            self.name = str(name)
            await self._hear("again", "")
            async for notice in connection.notifies():
                await self._heard(notice.payload)
        finally:
            await connection.close()

    async def _heard(self, payload: str) -> None:
        try:
            what, address = self._vault.open_json("notice", base64.b64decode(payload))
        except (SealBroken, ValueError, TypeError):
            _log.warning("an unreadable notice of another process was ignored")
            return
        await self._hear(what, address)


def bury(connection: Transaction, now: datetime) -> int:
    """Let go of the rows that gone processes had in hand; how many there were."""
    had = leases.owners(connection)  # before asking who is there: who claims is there first
    gone = had - present(connection)
    return leases.release(connection, gone, now) if gone else 0


def present(connection: Transaction) -> set[str]:
    """The names of the processes that are there."""
    return {str(name) for name in connection.execute(_WHO, {"family": _PRESENT}).scalars()}


def _troubles() -> tuple[type[Exception], ...]:
    """What goes wrong with a connection. Its driver is read only where there is PostgreSQL."""
    from psycopg import Error

    return Error, TimeoutError


async def _connect(database: Database) -> AsyncConnection:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    from psycopg import AsyncConnection

    return await AsyncConnection.connect(
        url,
        autocommit=True,
        connect_timeout=5,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        tcp_user_timeout=8000,
    )


async def _value(connection: AsyncConnection, query: LiteralString, *values: object) -> Any:
    row = await (await connection.execute(query, values)).fetchone()
    return row[0] if row else None
