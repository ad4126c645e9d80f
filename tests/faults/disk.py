"""A disk that remembers every write and every sync of SQLite, that can be full or broken, and whose
power can be cut: a VFS around the one of the platform, in the library that Python uses."""

from __future__ import annotations

import _sqlite3
import ctypes
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OK, IOERR_FSYNC, FULL = 0, 1034, 13
SECTOR = 512

_Pointer, _Int, _Long = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_Open = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Pointer, _Int, _Pointer)
_Delete = ctypes.CFUNCTYPE(_Int, _Pointer, ctypes.c_char_p, _Int)
_Write = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Int, _Long)
_Truncate = ctypes.CFUNCTYPE(_Int, _Pointer, _Long)
_Sync = ctypes.CFUNCTYPE(_Int, _Pointer, _Int)

_METHODS = 19  # pointers in sqlite3_io_methods, after the version
_WRITE, _TRUNCATE, _SYNC = 2, 3, 4


class _Vfs(ctypes.Structure):
    """The beginning of `sqlite3_vfs`, version 3, and all the rest of it."""

    _fields_ = (
        ("version", _Int),
        ("size", _Int),
        ("longest", _Int),
        ("next", _Pointer),
        ("name", ctypes.c_char_p),
        ("data", _Pointer),
        ("open", _Pointer),
        ("delete", _Pointer),
        ("others", _Pointer * 13),
    )


class _Methods(ctypes.Structure):
    _fields_ = (("version", _Int), ("calls", _Pointer * _METHODS))


@dataclass(frozen=True, slots=True)
class Op:
    """Something that was done to a file; a `mark` is something that was confirmed to a person."""

    kind: str
    file: str = ""
    at: int = 0
    data: bytes = b""
    mark: Any = None


class Disk:
    """Every database that is opened while it is `mounted` lies on it."""

    def __init__(self) -> None:
        self.log: list[Op] = []
        self.full = False
        self.broken = False
        self._files: dict[int, tuple[str, Any]] = {}
        self._kept: list[Any] = []

    def mark(self, mark: Any) -> None:
        self.log.append(Op("mark", mark=mark))

    @contextmanager
    def mounted(self) -> Iterator[None]:
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        under = library.sqlite3_vfs_find(None)
        vfs = _Vfs.from_buffer_copy(under.contents)
        vfs.name = b"vertelbot-disk"
        opened, deleted = _Open(under.contents.open), _Delete(under.contents.delete)

        def x_open(_: int, name: int | None, file: int, flags: int, out: int) -> int:
            code = opened(ctypes.addressof(under.contents), name, file, flags, out)
            if code == OK and name:
                self._wrap(file, Path(ctypes.string_at(name).decode()).name)
            return int(code)

        def x_delete(_: int, name: bytes, flags: int) -> int:
            code = int(deleted(ctypes.addressof(under.contents), name, flags))
            if code == OK:
                self.log.append(Op("delete", Path(name.decode()).name))
            return code

        calls = _Open(x_open), _Delete(x_delete)
        vfs.open, vfs.delete = (ctypes.cast(call, _Pointer) for call in calls)
        self._kept += [vfs, calls, opened, deleted]
        library.sqlite3_vfs_register(ctypes.byref(vfs), 1)
        try:
            yield
        finally:
            library.sqlite3_vfs_unregister(ctypes.byref(vfs))
            library.sqlite3_vfs_register(under, 1)

    def _wrap(self, file: int, name: str) -> None:
        """Give a file that was opened our own ways of writing."""
        place = ctypes.cast(file, ctypes.POINTER(_Pointer))
        under = ctypes.cast(place.contents.value or 0, ctypes.POINTER(_Methods)).contents
        methods = _Methods.from_buffer_copy(under)
        write, truncate = _Write(under.calls[_WRITE]), _Truncate(under.calls[_TRUNCATE])
        sync = _Sync(under.calls[_SYNC])

        def x_write(this: int, data: int, size: int, at: int) -> int:
            if self.full:
                return FULL
            self.log.append(Op("write", name, at, ctypes.string_at(data, size)))
            return int(write(this, data, size, at))

        def x_truncate(this: int, size: int) -> int:
            self.log.append(Op("truncate", name, size))
            return int(truncate(this, size))

        def x_sync(this: int, flags: int) -> int:
            if self.broken:
                return IOERR_FSYNC
            code = int(sync(this, flags))
            self.log.append(Op("sync", name))
            return code

        calls = (
            (_WRITE, _Write(x_write)),
            (_TRUNCATE, _Truncate(x_truncate)),
            (_SYNC, _Sync(x_sync)),
        )
        for number, call in calls:
            methods.calls[number] = ctypes.cast(call, _Pointer).value
        self._kept += [methods, calls, write, truncate, sync]
        place[0] = ctypes.cast(ctypes.pointer(methods), _Pointer).value


def after_a_power_cut(
    log: Sequence[Op], dice: random.Random, *, synced: bool = True
) -> dict[str, bytes]:
    """The files as they may be found when the power went after these operations: what was synced is
    there; of the rest any sectors, in any order. With `synced` off, syncs of the journal count for
    nothing: what a lazier setting would risk. A file that was deleted is gone."""
    files: dict[str, bytearray] = {}
    waiting: dict[str, list[Op]] = {}
    for op in log:
        if op.kind == "sync" and (synced or not op.file.endswith("-wal")):
            for each in waiting.pop(op.file, ()):
                _apply(files, each, None)
        elif op.kind == "delete":
            files.pop(op.file, None)
            waiting.pop(op.file, None)
        elif op.kind in ("write", "truncate"):
            waiting.setdefault(op.file, []).append(op)
    for ops in waiting.values():
        for op in ops:
            if op.kind == "truncate":
                if dice.random() < 0.5:
                    _apply(files, op, None)
            else:
                _apply(files, op, dice)
    return {name: bytes(data) for name, data in files.items()}


def _apply(files: dict[str, bytearray], op: Op, dice: random.Random | None) -> None:
    data = files.setdefault(op.file, bytearray())
    if op.kind == "truncate":
        del data[op.at :]
        return
    for begin in range(0, len(op.data), SECTOR):
        if dice is None or dice.random() < 0.5:
            piece, at = op.data[begin : begin + SECTOR], op.at + begin
            if len(data) < at:
                data.extend(bytes(at - len(data)))
            data[at : at + len(piece)] = piece
