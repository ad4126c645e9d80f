"""Reads and writes PO files: bytes to entries and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po


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


def write_entries(language: str, entries: Iterable[PoEntry]) -> bytes:
    """A PO file with these entries, in their order. It holds no moment: the same entries give the
    same bytes."""
    catalog = Catalog(fuzzy=False, header_comment="")
    for entry in entries:
        catalog.add(
            entry.id,
            entry.text,
            context=entry.context or None,
            flags=("fuzzy",) if entry.doubted else (),
            user_comments=entry.notes,
        )
    out = BytesIO()
    write_po(out, catalog, omit_header=True, width=0)
    return _HEADER.format(language=language).encode() + out.getvalue()


_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
