"""A file that was uploaded, while something is asked about it: it travels in the form, sealed for
who sent it and for half an hour, so that nobody chooses it again and nothing is left lying here."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from storage.vault.vault import SealBroken, Vault

LASTS = timedelta(minutes=30)
"""How long an answer may take."""
UNPACKED_MAX = 12_000_000
"""More than any page takes: what unfolds further is no file of ours."""
_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes

    def sealed(self, vault: Vault, use: str, now: datetime) -> str:
        """What a form carries. `use` is what it is for, and for whom: it opens for that alone."""
        head = json.dumps([self.name, (now + LASTS).timestamp()]).encode()
        packed = zlib.compress(len(head).to_bytes(4) + head + self.data)
        return base64.urlsafe_b64encode(vault.seal(_row(use), packed)).decode()


def uploaded(form: MultiMapping[Any], vault: Vault, use: str, now: datetime) -> Upload | None:
    """The file of a form, or the one that it carries along (`held`); None when there is none, or
    what it carries is too old."""
    file = form.get("file")
    if isinstance(file, web.FileField):
        return Upload(file.filename[-_NAME:], file.file.read())
    held = form.get("held")
    return _opened(held, vault, use, now) if isinstance(held, str) and held else None


def _opened(held: str, vault: Vault, use: str, now: datetime) -> Upload | None:
    unpack = zlib.decompressobj()
    try:
        sealed = base64.b64decode(held.encode(), altchars=b"-_", validate=True)
        data = unpack.decompress(vault.open(_row(use), sealed), UNPACKED_MAX)
        end = 4 + int.from_bytes(data[:4])
        name, until = json.loads(data[4:end])
    except (binascii.Error, SealBroken, zlib.error, ValueError):
        return None
    if unpack.unconsumed_tail or not now.timestamp() <= until <= (now + LASTS).timestamp():
        return None
    return Upload(name, data[end:])


def _row(use: str) -> str:
    return f"upload:{use}"
