"""Pictures as people send them, and as an attacker would."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

from PIL import Image

PLACE = b"GPSPLANTED"


def photo(width: int = 640, height: int = 480, kind: str = "JPEG", orientation: int = 1) -> bytes:
    """A photo that tells where and with what it was taken. Its upper left quarter is red."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[0x010F] = "Planted Camera"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 0.0), 29: PLACE.decode()})
    exif.get_ifd(0x8769).update({0x9286: b"ASCII\0\0\0" + PLACE, 0x9003: "2026:11:18 10:30:00"})
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


@cache
def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of some kilobytes that takes gigabytes to open."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    line = b"\0" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
