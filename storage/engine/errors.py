"""Database errors: whether trying again helps, and what to do about it."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

_ROOM = "make room on the disk"
_NOT_MINE = "let this user write there, or set another url under [storage]"
_AWAY = "start that database, or set another url under [storage]"
_FULL = "its disk is full", _ROOM
_HELD = "another program holds it locked", "stop the program that holds it"
_BUSY = "it has no connections or memory left", "give it more, or stop what uses them"
_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: (
        "its disk cannot be read or written",
        "look at the disk; is it full or broken?",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "its file is damaged",
        "put that file away, and restore the newest backup",
    ),
    sqlite3.SQLITE_NOTADB: (
        "its file is no database",
        "set the url of a database under [storage], or restore a backup",
    ),
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_CANTOPEN: ("its file cannot be opened", _NOT_MINE),
    sqlite3.SQLITE_PERM: ("its file may not be used", _NOT_MINE),
    sqlite3.SQLITE_READONLY: ("its file may not be written", _NOT_MINE),
}
"""What is wrong, and the mend, by the primary result code of SQLite."""
_POSTGRES = {
    "53100": _FULL,
    "53": _BUSY,
    "55P03": _HELD,
    "25006": ("it may only be read", "set the url of one that may be written under [storage]"),
    "57P": ("it stops or starts", _AWAY),
    "08": ("it is away", _AWAY),
    "40": ("two processes waited for each other", "nothing; what was undone is tried again"),
}
"""The same by SQLSTATE, or how one begins."""
_PASSING_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_PASSING_POSTGRES = ("08", "40", "53", "55P03", "57P")


class Unavailable(Exception):
    """The database cannot be used now. Nothing of what was asked is certain to be kept. The text
    names the mend."""


def passing(error: BaseException) -> bool:
    """Whether trying again later may help."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = _code(error.orig)
    if code is not None:
        return code in _PASSING_SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_PASSING_POSTGRES)
    return type(error.orig).__name__ == "OperationalError"


def unavailable(error: DBAPIError, name: str = "the database", why: str = "") -> Unavailable:
    """The error in words that hold nothing of what was asked."""
    state = str(getattr(error.orig, "sqlstate", None))
    found = _SQLITE.get(_code(error.orig) or 0) or next(
        (each for begin, each in _POSTGRES.items() if state.startswith(begin)),
        (type(error.orig).__name__, _AWAY),
    )
    return Unavailable(f"{name} cannot be used ({why or found[0]}): {found[1]}")


def no_place(error: OSError, name: str) -> Unavailable:
    """The file of a database cannot even be made."""
    mend = _ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else _NOT_MINE
    return Unavailable(f"{name} cannot be used ({error.strerror}): {mend}")


def translated(error: Exception) -> Exception:
    """The error itself, unless it is the database and not what was asked that is at fault. No
    future takes a StopIteration: who waits for it, and all that is settled after it, would wait for
    good."""
    if isinstance(error, StopIteration):
        found = RuntimeError("what was asked raised StopIteration")
        found.__cause__ = error
        return found
    if isinstance(error, DBAPIError) and (passing(error) or _code(error.orig) in _SQLITE):
        return unavailable(error)
    return error


def _code(error: BaseException | None) -> int | None:
    """The primary result code of SQLite."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
