"""Replays the erasure log on an archive: what it names never comes back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table

from storage import narrowings, tables
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

    def row(self, table: Table, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row as it may be kept, or None."""
        if table in tables.FORMER:
            return None
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
        return None

    def finish(self, connection: Connection) -> None:
        """Say that the stories cannot be read any more, and in the consents that they were
        withdrawn."""
        for story, hashed in self._stories:
            narrowings.note(connection, story.week, readers(story))
            week = self._erased.weeks["story", hashed]
            consents.append_withdrawal(connection, hashed, week)


class _Row:
    """A row of an archive, read like a row of the database."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values
