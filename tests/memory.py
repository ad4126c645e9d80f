"""Where files of tests stand: in memory where there is room. Most of them live for milliseconds,
and a disk that writes each of them down takes longer than the tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it has a name of its own
_ROOM = 4_000_000_000
"""Free bytes that are enough for a whole run many times over."""


def in_memory() -> Path | None:
    """A folder in memory, where this machine has one with room in which programs may be started."""
    try:
        free, flags = shutil.disk_usage(_MEMORY).free, os.statvfs(_MEMORY).f_flag
    except OSError:
        return None
    good = free > _ROOM and not flags & os.ST_NOEXEC and os.access(_MEMORY, os.W_OK)
    return _MEMORY if good else None
