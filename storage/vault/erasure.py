"""The erasure log: what was erased, by keyed hash, so that no restored backup brings it back."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from storage.files import sync_folder, tighten, write_private

COPY = "vertelbot.key.erased"
"""The name of the copy in the folder of the backups."""

Kind = Literal["story", "trace", "person", "blob"]

_log = logging.getLogger(__name__)
_LINE = re.compile(rb"# \d{4}-\d\d-\d\d|(story|trace|person|blob) \S+ \S+")
_TITLE = "# what was erased; a restore needs this file, keep it with the key\n"


class NoErasureLog(Exception):
    """The log is missing, damaged or too short. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What the log says: hashes by kind, and the week in which each was erased; the day of the
    `newest` (its week, when older versions wrote it; empty when there is none)."""

    weeks: dict[tuple[Kind, str], str]
    newest: str = ""

    def has(self, kind: Kind, hashed: str | None) -> bool:
        return hashed is not None and (kind, hashed) in self.weeks


class ErasureLog:
    """A file beside the key, and a copy of it in the `folder` of the backups. A line is durable in
    both before the deletion that it tells of commits. While the folder is away the copy waits: it
    is caught up with the next line, or by `catch_up`."""

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self.path = path
        self.copy = None if folder is None or folder / COPY == path else folder / COPY

    @classmethod
    def beside(cls, key_file: Path, folder: Path | None = None) -> ErasureLog:
        return cls(key_file.with_name(f"{key_file.name}.erased"), folder)

    def create(self) -> None:
        """Make an empty log, if there is none."""
        if not self.path.exists():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.path, _TITLE.encode(), replace=False)

    def add(self, week: str, *entries: tuple[Kind, str]) -> None:
        """Append what is about to be erased, and wait until the disk has it. Raises OSError."""
        lines = [f"{kind} {hashed} {week}" for kind, hashed in entries]
        with self._locked(create=True) as handle:
            day = f"# {datetime.now(UTC):%Y-%m-%d}"
            known = _whole(handle)
            days = [line for line in known.decode(errors="replace").split("\n") if _day(line)]
            _append(handle, _text([*([] if days[-1:] == [day] else [day]), *lines]))
            self._reach(handle)

    def behind(self) -> bool:
        """Whether the copy misses something."""
        try:
            return self.copy is not None and self.copy.stat().st_size != self.path.stat().st_size
        except OSError:
            return True

    def catch_up(self) -> bool:
        """Bring what is missing to the copy, and from the copy, which knows more after an older log
        was put back beside the key. Whether the copy is as it should be."""
        if self.copy is None:
            return True
        with contextlib.suppress(OSError), self._locked() as handle:
            return self._reach(handle)
        return False

    def put_copy(self, copy: Path) -> None:
        """Put a copy in another place too; what a copy there knows more stays in it. Raises
        OSError."""
        if copy.absolute() not in (self.path.absolute(), self.copy and self.copy.absolute()):
            with self._locked() as handle:
                _merge(_whole(handle), copy)

    @contextlib.contextmanager
    def _locked(self, *, create: bool = False) -> Iterator[int]:
        """The log, for one process at a time: a line that another one writes is not torn."""
        fresh = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0)
        handle = os.open(self.path, flags, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if fresh and not os.fstat(handle).st_size:
                _append(handle, _TITLE.encode())
                sync_folder(self.path.parent)
            _drop_torn_line(handle)
            yield handle
        finally:
            os.close(handle)

    def _reach(self, handle: int) -> bool:
        if self.copy is None:
            return True
        try:
            more = _merge(_whole(handle), self.copy)
            if more:
                _append(handle, _text(more))
                _merge(_whole(handle), self.copy)
                _log.error(
                    "the list of what was erased beside the key missed %d lines that its copy in "
                    "the folder for backups has: they are in it now, and a restore heeds them from "
                    "here on. Restore again only what was restored before this line",
                    len(more),
                )
        except OSError as error:
            _log.error(
                "the folder for backups has no copy of the newest list of what was erased (%s): "
                "mount it, or make room; the copy is caught up by itself then",
                error.strerror,
            )
            return False
        return True

    def read(self) -> Erased:
        """Raises NoErasureLog."""
        try:
            *lines, _torn = self.path.read_text("utf-8", "replace").split("\n")
        except FileNotFoundError:
            raise NoErasureLog(
                f"{self.path} is missing: without it a restore would bring back what people "
                f"had erased; put the newest one there: {self.copy or COPY}, that lies with the "
                "backups, or the one that was exported with the key"
            ) from None
        weeks: dict[tuple[Kind, str], str] = {}
        newest = day = ""
        for number, line in enumerate(lines, 1):
            match line.split():
                case [("story" | "trace" | "person" | "blob") as kind, hashed, week]:
                    weeks[kind, hashed] = week
                    newest = day or week
                case ["#", *_] | []:
                    day = _day(line) or day
                case _:
                    raise NoErasureLog(f"{self.path}, line {number} is damaged: use a good copy")
        return Erased(weeks, newest)


def _day(line: str) -> str:
    """The day of the lines after this one, if it says so."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(line, "# %Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    return ""


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _whole(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _merge(whole: bytes, copy: Path) -> list[str]:
    """Make a copy hold all of it; the lines that it has more. Raises OSError."""
    try:
        had = copy.read_bytes()
    except FileNotFoundError:
        had = b""
    if had == whole:
        tighten(copy)
        return []
    known = set(whole.split(b"\n"))
    more = [line for line in had.split(b"\n")[:-1] if line not in known and _LINE.fullmatch(line)]
    write_private(copy, whole + b"".join(line + b"\n" for line in more), replace=True)
    return [line.decode(errors="replace") for line in more]


def _append(handle: int, lines: bytes) -> None:
    """All of it or nothing: a disk that becomes full takes a part and does not complain."""
    size = os.fstat(handle).st_size
    if os.write(handle, lines) < len(lines):
        os.ftruncate(handle, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(handle)


def _drop_torn_line(handle: int) -> None:
    """A line without an end was cut off by a crash; the deletion it tells of never happened."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, 200, max(0, size - 200))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(handle, size - len(tail) + tail.rfind(b"\n") + 1)
