"""Calendar files, written after the habits of the programs they are named after."""

from __future__ import annotations

from pathlib import Path


def feed(name: str) -> bytes:
    """The bytes of `name.ics`."""
    return Path(__file__).with_name(f"{name}.ics").read_bytes()
