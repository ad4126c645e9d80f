"""Keeps that replies went, with the next commit.

On PostgreSQL all that went meanwhile is one statement. Those of the people of a batch are kept
before their turns, which then see it. The others come last, when nothing more is waited for, and a
row in the turn of another process is passed over until the next commit: so no two processes wait
for each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from storage.engine.compiled import execute
from storage.engine.database import Database
from storage.engine.errors import Unavailable
from storage.engine.transaction import Transaction
from storage.outbox import owed_changes, queue
from storage.outbox.outbox import OUTBOX

_MARK = """
WITH given AS (
    SELECT * FROM unnest(
        %(ids)b::BIGINT[], %(owners)b::VARCHAR[], %(tried)b::INTEGER[], %(refs)b::VARCHAR[],
        %(moments)b::TIMESTAMP WITH TIME ZONE[], %(kept)b::BOOLEAN[]
    ) AS given (id, owner, attempts, ref, at, kept)
), free AS (
    SELECT id FROM outbox WHERE id = ANY (%(ids)b) FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE outbox SET state = 'sent', ref = given.ref, sent_at = given.at, leased_until = NULL
    FROM given JOIN free ON free.id = given.id
    WHERE outbox.id = given.id AND given.kept
    AND outbox.owner = given.owner AND outbox.attempts = given.attempts
    AND outbox.state IN ('pending', 'sending', 'uncertain')
), gone AS (
    DELETE FROM outbox USING given JOIN free ON free.id = given.id
    WHERE outbox.id = given.id AND NOT given.kept AND outbox.person_id IS NULL
)
SELECT id FROM outbox WHERE id = ANY (%(ids)b) AND id NOT IN (SELECT id FROM free)
"""
"""Answers which rows are in other hands."""
_MADE = """
WITH given AS (
    SELECT * FROM unnest(%(ids)b::BIGINT[], %(owed)b::BYTEA[]) AS given (id, owed)
), free AS (
    SELECT id FROM outbox WHERE id = ANY (%(ids)b) FOR UPDATE SKIP LOCKED
), made AS (
    UPDATE outbox SET owed = NULL, leased_until = NULL FROM given JOIN free ON free.id = given.id
    WHERE outbox.id = given.id AND outbox.owed = given.owed
)
SELECT id FROM outbox WHERE id = ANY (%(ids)b) AND id NOT IN (SELECT id FROM free)
"""
"""The same for changes that messages owed."""


class SentMark(NamedTuple):
    """A row was delivered, by its owner, after so many tries; `ref` is the channel's own id of the
    message. Not `kept`: nothing needs to be known of it any more. With `owed`: not the row itself,
    but the change that its message owed."""

    row_id: int
    person_id: str | None
    owner: str
    tried: int
    ref: str
    at: datetime
    kept: bool = True
    owed: bytes = b""


class _Asked(NamedTuple):
    """What one commit is to keep, and which rows it passed over."""

    marks: Sequence[SentMark]
    passed_over: Collection[int] = ()


class SentMarks:
    """Marks that wait to be kept. On SQLite, whose one process waits for no other, each is a write
    of its own, done before the turns that are asked after it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[SentMark, asyncio.Future[None]] = {}
        self._asked = False

    def add(self, mark: SentMark) -> asyncio.Future[None]:
        """Done once it is committed. Raises Unavailable."""
        if self._database.sqlite:
            return self._database.write(partial(_keep_one, mark=mark), patient=True)
        if (future := self._waiting.get(mark)) is None:
            future = self._waiting[mark] = asyncio.get_running_loop().create_future()
        self._ask()
        return future

    def _ask(self) -> None:
        """Ask at once: a turn that is asked after it must see that the reply before it went."""
        if self._asked or not self._waiting:
            return
        self._asked = True
        try:
            asked = self._database.write(self._write, patient=True, last="marks")
        except Unavailable as error:
            self._failed(error)
        else:
            asked.add_done_callback(self._kept)

    def _kept(self, asked: asyncio.Future[_Asked]) -> None:
        if asked.cancelled():
            return
        if (error := asked.exception()) is not None:
            self._failed(error)
            return
        done = asked.result()
        for mark in done.marks:
            if mark.row_id not in done.passed_over and mark in self._waiting:
                future = self._waiting.pop(mark)
                if not future.done():
                    future.set_result(None)
        self._ask()

    def _failed(self, error: BaseException) -> None:
        self._asked = False
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()

    def keep_of(self, connection: Transaction, people: Collection[str]) -> None:
        """Those of people who are locked, before their turns."""
        _keep(connection, [mark for mark in list(self._waiting) if mark.person_id in people])

    def _write(self, connection: Transaction) -> _Asked:
        """All that wait by now: what comes later asks anew."""
        self._asked = False
        marks = list(self._waiting)
        return _Asked(marks, _keep(connection, marks))


def _keep_one(connection: Transaction, mark: SentMark) -> None:
    if mark.owed:
        owed_changes.made(connection, mark.row_id, mark.owed)
        return
    queue.mark_sent(
        connection,
        mark.row_id,
        mark.ref,
        mark.at,
        tried=mark.tried,
        owner=mark.owner,
        kept=mark.kept,
    )


def _keep(connection: Transaction, marks: Sequence[SentMark]) -> Collection[int]:
    """The rows that are in other hands."""
    passed_over: set[int] = set()
    if sent := [mark for mark in marks if not mark.owed]:
        ids, _, owners, tried, refs, moments, kept, _ = map(list, zip(*sent, strict=True))
        given = {"ids": ids, "owners": owners, "tried": tried}
        given |= {"refs": refs, "moments": moments, "kept": kept}
        passed_over.update(_passed_over(connection, _MARK, given))
    if made := [mark for mark in marks if mark.owed]:
        given = {"ids": [mark.row_id for mark in made], "owed": [mark.owed for mark in made]}
        passed_over.update(_passed_over(connection, _MADE, given))
    return passed_over


def _passed_over(connection: Transaction, sql: str, given: dict[str, list[Any]]) -> Iterator[int]:
    for (row_id,) in execute(connection, sql, given, tables=(OUTBOX.name,)).fetchall():
        yield row_id
