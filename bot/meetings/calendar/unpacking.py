"""Unpacks what calendar programs export: Google puts all calendars of somebody in one archive, and
servers keep a calendar compressed. Their text is read as one file: each calendar in it stands by
itself anyway."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

FILES_MAX = 50
"""Calendars in one archive."""
_NAMES = (".ics", ".ical", ".ifb", ".vcs")


def unpacked(data: bytes, most: int) -> bytes:
    """The calendars in an archive, or the file itself when it is none; hardly more than `most`
    bytes of them."""
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(data)) as file:
                return file.read(most + 1)
        except (OSError, EOFError, zlib.error):
            return data
    try:
        inside = _calendars(data, most)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, RuntimeError,
            NotImplementedError):  # fmt: skip
        return data
    return b"\r\n".join(inside) if inside else data


def holds_calendars(data: bytes) -> bool:
    """Whether a file is an archive with calendars in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return any(map(_is_calendar, packed.namelist()))
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _calendars(data: bytes, most: int) -> list[bytes]:
    if not data.startswith(b"PK\x03\x04"):
        return []
    found: list[bytes] = []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in [each for each in packed.namelist() if _is_calendar(each)][:FILES_MAX]:
            left = most + 1 - sum(map(len, found))
            if left <= 0:
                break
            with packed.open(name) as file:
                found.append(file.read(left))
    return found


def _is_calendar(name: str) -> bool:
    return name.lower().endswith(_NAMES) and not name.startswith("__MACOSX/")
