"""The file of an archive: a head, then chunks of lines of JSON, each encrypted and numbered; the
last one says so."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, LargeBinary, RowMapping, Table

from storage.engine.types import Utc
from storage.vault.vault import SealBroken, Vault

MAGIC = b"VERTELBOT-ARCHIVE"
VERSION = 1
CHUNK = 256 * 1024

_HEAD = len(MAGIC) + 2 + 16
OTHER_KEY = (
    "the archive was made with another key, or it is damaged or cut short: "
    "use the key file it came with, or another archive"
)


class ArchiveProblem(Exception):
    """The archive or the database it should go into is not fit. The text names the mend."""


class ArchiveWriter:
    """Writes lines of JSON into encrypted chunks."""

    def __init__(self, file: IO[bytes], vault: Vault) -> None:
        salt = os.urandom(16)
        self._file = file
        version = vault.newest  # once: another key may be followed at any moment
        self._head = MAGIC + bytes([VERSION, version]) + salt
        self._cipher = vault.archive_cipher(salt, version)
        self._buffer = bytearray()
        self._number = 0
        file.write(self._head)

    def line(self, value: object) -> None:
        """Write a value as a line."""
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._buffer += line.encode() + b"\n"
        while len(self._buffer) > CHUNK:
            self._chunk(self._buffer[:CHUNK], last=False)
            del self._buffer[:CHUNK]

    def end(self) -> None:
        """Write what is left, as the last chunk."""
        self._chunk(self._buffer, last=True)

    def _chunk(self, data: bytes | bytearray, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), bytes(data), self._head)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def read_lines(file: IO[bytes], vault: Vault) -> Iterator[Any]:
    """The lines of an archive, each only after its bytes proved genuine."""
    rest = b""
    for chunk in _chunks(file, vault):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (json.loads(line) for line in whole)
    if rest:
        raise ArchiveProblem("the archive is damaged: its last line is not whole")


def _chunks(file: IO[bytes], vault: Vault) -> Iterator[bytes]:
    head = file.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(MAGIC):
        raise ArchiveProblem("this is not an archive of Vertelbot")
    version, key = head[len(MAGIC)], head[len(MAGIC) + 1]
    if version != VERSION:
        raise ArchiveProblem(
            f"the archive has format {version}, this Vertelbot reads {VERSION}: use a newer one"
        )
    try:
        cipher = vault.archive_cipher(head[len(MAGIC) + 2 :], key)
    except SealBroken:
        raise ArchiveProblem(OTHER_KEY) from None
    number, size = 0, file.read(4)
    while True:
        sealed = file.read(min(int.from_bytes(size, "big"), CHUNK + 16))
        size = file.read(4)
        try:
            yield cipher.decrypt(_nonce(number, not size), sealed, head)
        except (InvalidTag, ValueError):
            raise ArchiveProblem(OTHER_KEY) from None
        if not size:
            return
        number += 1


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def row_to_json(table: Table, row: RowMapping) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if not isinstance(value, datetime):
        return value
    # A table that was read from SQLite itself does not know that its moments are in UTC.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()


def row_from_json(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row that `row_to_json` wrote."""
    return {name: _value(table.columns[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if isinstance(column.type, Utc) else value
