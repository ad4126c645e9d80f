"""Recognises a recording by its first bytes. Nothing is decoded here."""

from __future__ import annotations

MOST_BYTES = 20 * 1024 * 1024
"""What the Bot API gives at most."""

_BEGINS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
)
_FRAMES = {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}


def media_type(data: bytes) -> str:
    """The kind of sound, as in `audio/ogg`; empty when it is none that people record."""
    for at, begin, name in _BEGINS:
        if data[at : at + len(begin)] == begin:
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    return "audio/mpeg" if data[:2] in _FRAMES else ""
