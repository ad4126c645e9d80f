"""The erasure log: what was erased, by keyed hash, so that no restored backup brings it back."""

from __future__ import annotations

import errno
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storage.files import sync_folder, write_private

Kind = Literal["story", "trace", "person", "blob"]

_TITLE = "# what was erased; a restore needs this file, keep it with the key\n"


class NoErasureLog(Exception):
    """The log is missing, damaged or too short. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What the log says: hashes by kind, and the week in which each was erased."""

    weeks: dict[tuple[Kind, str], str]

    def has(self, kind: Kind, hashed: str | None) -> bool:
        return hashed is not None and (kind, hashed) in self.weeks


class ErasureLog:
    """A file beside the key. A line is durable before the deletion that it tells of commits."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, key_file: Path) -> ErasureLog:
        return cls(key_file.with_name(f"{key_file.name}.erased"))

    def create(self) -> None:
        """Make an empty log, if there is none."""
        if not self.path.exists():
            write_private(self.path, _TITLE.encode(), replace=False)

    def add(self, week: str, *entries: tuple[Kind, str]) -> None:
        """Append what is about to be erased, and wait until the disk has it. Raises OSError."""
        lines = "".join(f"{kind} {hashed} {week}\n" for kind, hashed in entries)
        fresh = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)  # a line that another process writes is not torn
            _drop_torn_line(handle)
            _append(handle, ((_TITLE if fresh else "") + lines).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            sync_folder(self.path.parent)

    def read(self) -> Erased:
        """Raises NoErasureLog."""
        try:
            *lines, _torn = self.path.read_text("utf-8", "replace").split("\n")
        except FileNotFoundError:
            raise NoErasureLog(
                f"{self.path} is missing: without it a restore would bring back what people "
                "had erased; put the file that was kept with the key there"
            ) from None
        weeks: dict[tuple[Kind, str], str] = {}
        for number, line in enumerate(lines, 1):
            match line.split():
                case [("story" | "trace" | "person" | "blob") as kind, hashed, week]:
                    weeks[kind, hashed] = week
                case ["#", *_] | []:
                    pass
                case _:
                    raise NoErasureLog(f"{self.path}, line {number} is damaged: use a good copy")
        return Erased(weeks)


def _append(handle: int, lines: bytes) -> None:
    """All of it or nothing: a disk that becomes full takes a part and does not complain."""
    size = os.fstat(handle).st_size
    if os.write(handle, lines) < len(lines):
        os.ftruncate(handle, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _drop_torn_line(handle: int) -> None:
    """A line without an end was cut off by a crash; the deletion it tells of never happened."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, 200, max(0, size - 200))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(handle, size - len(tail) + tail.rfind(b"\n") + 1)
