"""What goes between Vertelbot and its helper process: pickled values, each behind its length.

Both ends are the same program, of the same user, on a pipe that nobody else holds.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from bot.settings import Settings
from conversations.authoring.overlay import Overlay

HEAD = 8
"""Bytes of the length."""


@dataclass(frozen=True, slots=True)
class Opening:
    """With what the helper process reads. The keys come this way only: in no argument, no
    environment, no file. `overlays` are those of files, `loads` the modules that are loaded before
    somebody waits for them, as far as they can be."""

    url: str
    keys: bytes
    settings: Settings
    overlays: Sequence[Overlay]
    loads: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AskedTask:
    """A task by its name, and what it is given. One that `reads` gets a session and services."""

    task: str
    args: Sequence[object]
    kwargs: Mapping[str, object]
    reads: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What a task made, or the kind of its fault. `narrowings`: the newest one before it read.
    `key`: the newest key it read with."""

    made: Any = None
    fault: str = ""
    narrowings: int = 0
    key: int = 0


def packed(value: object) -> bytes:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(HEAD, "big") + data


def length(head: bytes) -> int:
    return int.from_bytes(head, "big")


def unpacked(data: bytes) -> object:
    made: object = pickle.loads(data)  # noqa: S301 - from our own process, on a pipe of its own
    return made


def read_one(pipe: IO[bytes]) -> bytes:
    """The next value, still packed. Raises EOFError when the other end is gone."""
    head = pipe.read(HEAD)
    data = pipe.read(length(head)) if len(head) == HEAD else b""
    if len(head) < HEAD or len(data) < length(head):
        raise EOFError
    return data
