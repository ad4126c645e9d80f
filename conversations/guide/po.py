"""Reads PO files: bytes to entries."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from babel.messages.pofile import PoFileError, read_po


@dataclass(frozen=True, slots=True)
class PoEntry:
    """One entry of a PO file. `line` counts from 1; `doubted` was marked fuzzy by a translator;
    `notes` are what is said to translators."""

    context: str
    id: str
    text: str
    line: int
    doubted: bool = False
    notes: tuple[str, ...] = ()


class NotPo(Exception):
    """These bytes are no PO file; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def parse_entries(content: bytes) -> list[PoEntry]:
    """The entries of a PO file. Raises NotPo."""
    try:
        lines = content.decode("utf-8").splitlines()
        catalog = read_po(BytesIO(content), charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise NotPo(int(getattr(error, "lineno", 0)) + 1, str(error)) from error
    for number, line in enumerate(lines, 1):
        if line.startswith(('"', "msg")) and not line.rstrip().endswith('"'):
            raise NotPo(number, "a quote is missing")
    return [
        PoEntry(
            context=message.context or "",
            id=str(message.id),
            text=str(message.string),
            line=message.lineno or 1,
            doubted=message.fuzzy,
            notes=tuple(message.user_comments),
        )
        for message in catalog
        if message.id
    ]
