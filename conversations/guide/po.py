"""Reads and writes PO files: bytes to entries and back."""

from __future__ import annotations

import re
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
    """These bytes are no PO file of a guide; `line` counts from 1, `code` says why (`unreadable` in
    the sentences of problems)."""

    def __init__(self, line: int, code: str, **slots: str) -> None:
        super().__init__(code)
        self.line = line
        self.code = code
        self.slots = slots


def parse_entries(content: bytes, language: str = "") -> list[PoEntry]:
    """The entries of a PO file, which says nothing of another `language`. Raises NotPo."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPo(content.count(b"\n", 0, error.start) + 1, "po-utf8") from error
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith(('"', "msg")) and not line.rstrip().endswith('"'):
            raise NotPo(number, "po-quote")
        if line.startswith("msgid_plural"):
            raise NotPo(number, "po-plural")
        if "\0" in line:
            raise NotPo(number, "po-utf8")
    try:
        catalog = read_po(BytesIO(text.encode()), charset="utf-8", abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise NotPo(int(getattr(error, "lineno", 0)) + 1, "po-line") from error
    said = _LANGUAGE.search(text.partition("\nmsgctxt")[0])
    if language and said and said[1].casefold() != language.partition("-")[0].casefold():
        above = text.count("\n", 0, said.start())
        raise NotPo(above + 1, "po-language", found=said[1], language=language)
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


_LANGUAGE = re.compile(r'^"Language: *([A-Za-z]{2,3})(?![A-Za-z])', re.MULTILINE)
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
