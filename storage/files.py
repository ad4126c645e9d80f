"""Atomic, private files: written whole, synced, mode 0600."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def private_file(path: Path, *, replace: bool) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when the block ends well. Its folder is not made:
    it may lie on a disk that is not mounted now.

    Raises FileExistsError when there is one and `replace` is not set, and other OSErrors.
    """
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # Processes in containers may share a folder, and have the same number.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def write_private(path: Path, data: bytes, *, replace: bool) -> None:
    """`private_file` for what is in memory."""
    with private_file(path, replace=replace) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tighten(*paths: Path) -> None:
    """Close what is there to other users, as far as this user may."""
    for path in paths:
        with contextlib.suppress(OSError):
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(mode & 0o700)
