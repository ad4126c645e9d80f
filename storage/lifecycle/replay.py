"""Replays the erasure log on an archive: what it names never comes back."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table

from storage import narrowings, tables
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.stories import consents
from storage.stories.permissions import readers
from storage.stories.rows import SEVERAL
from storage.vault.erasure import Erased
from storage.vault.vault import Vault

PERSON = core(tables.Person)
STORY = core(tables.Story)
CONSENT = core(tables.Consent)
INBOX = core(tables.Inbox)
BLOB = core(tables.Blob)
CHUNK = core(tables.BlobChunk)


class Replay:
    """Takes the rows of an archive one by one, and lets through what may be."""

    def __init__(self, vault: Vault, erased: Erased) -> None:
        self._vault = vault
        self._erased = erased
        self._blobs: set[str] = set()
        self._stories: list[tuple[Any, str]] = []
        self._gone_stories: set[str] = set()

    def row(self, table: Table, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row as it may be kept, or None."""
        if table in tables.FORMER:
            return None
        kept = self._cut_loose(table, row)
        return None if kept is None else self._kept(table, kept)

    def _cut_loose(self, table: Table, row: dict[str, Any]) -> dict[str, Any] | None:
        """Without what points at a story that is gone; the row may be gone with it."""
        gone = [each for each in _of_a_story(table) if row[each[0]] in self._gone_stories]
        if not all(empties for _, empties in gone):
            return None
        return row | dict.fromkeys((column for column, _ in gone), None)

    def _kept(self, table: Table, row: dict[str, Any]) -> dict[str, Any] | None:
        if row.get("trace") == SEVERAL or self._erased.has("trace", row.get("trace")):
            return None
        if table is PERSON:
            return None if self._gone(row["id"]) else row
        if table is STORY:
            return self._story(row)
        if table is BLOB:
            return self._blob(row)
        if table is CHUNK:
            return row if row["blob_id"] in self._blobs else None
        if table is CONSENT and self._erased.has("story", row["story_hash"]):
            return row | {"sealed": None}
        if not self._gone(row.get("person_id")):
            return row
        if table is INBOX:
            return row | {"person_id": None, "sealed": None, "state": "done"}
        return None

    def _blob(self, row: dict[str, Any]) -> dict[str, Any] | None:
        gone = self._erased.has("blob", self._vault.blob_hash(row["id"]))
        if gone or self._erased.has("story", row["story_hash"]) or self._gone(row["person_id"]):
            return None
        self._blobs.add(row["id"])
        return row

    def _gone(self, person_id: str | None) -> bool:
        return person_id is not None and self._erased.has(
            "person", self._vault.person_hash(person_id)
        )

    def _story(self, row: dict[str, Any]) -> dict[str, Any] | None:
        hashed = self._vault.story_hash(row["id"])
        if not self._erased.has("story", hashed):
            return row
        self._stories.append((_Row(row), hashed))
        self._gone_stories.add(row["id"])
        return None

    def finish(self, connection: Transaction) -> None:
        """Say that the stories cannot be read any more, and in the consents that they were
        withdrawn."""
        for story, hashed in self._stories:
            narrowings.note(connection, story.week, readers(story))
            week = self._erased.weeks["story", hashed]
            consents.append_withdrawal(connection, hashed, week)


@cache
def _of_a_story(table: Table) -> list[tuple[str, bool]]:
    """The columns that point at a story, and whether they are emptied when it goes (else the row
    goes too)."""
    return [
        (key.parent.name, key.ondelete == "SET NULL")
        for key in table.foreign_keys
        if key.column.table is STORY
    ]


class _Row:
    """A row of an archive, read like a row of the database."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values
