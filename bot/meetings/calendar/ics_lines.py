"""Splits the text of a calendar file into events before any of them is read: one bad event then
spoils no other, and every problem can name its line."""

from __future__ import annotations

import codecs
import contextlib
import quopri
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from bot.spreadsheets.decoding import wide_encoding

_LINE_END = re.compile(rb"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\(.)")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[:;])")
_VALUE = re.compile(r'[^:"]*(?:"[^"]*"[^:"]*)*:(.*)', re.DOTALL)
_COMPONENT = re.compile(r"[A-Z0-9-]+")
_QUOTED_PRINTABLE = b"QUOTED-PRINTABLE"
_HEAD = 1_000
"""Bytes of a line in which its parameters stand."""
_DEEPEST = 50
"""Components inside each other: no calendar has more than three."""


@dataclass(slots=True)
class Block:
    """A component: the line where it begins, and its own lines with their numbers, by name. A
    property without a value is as good as none, so it is not among them."""

    line: int
    kind: str
    lines: list[tuple[int, str, str]] = field(default_factory=list)

    def first(self, name: str) -> tuple[int, str]:
        """The number and the raw value of a property; the beginning and "" when it is not there."""
        for number, found, text in self.lines:
            if found == name:
                return number, value_of(text)
        return self.line, ""

    def text(self) -> str:
        """The component as iCalendar text."""
        lines = (text for _, _, text in self.lines)
        return "\r\n".join([f"BEGIN:{self.kind}", *lines, f"END:{self.kind}", ""])


@dataclass(slots=True)
class CalendarPart:
    """One VCALENDAR of a file: its events, zones and properties, which say nothing about another
    one. `unclosed` are events that do not end; `whole` says that the calendar was closed."""

    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    unclosed: list[Block] = field(default_factory=list)
    whole: bool = False

    @property
    def method(self) -> str:
        """What the calendar was sent for (RFC 5546); empty in one that is only kept."""
        return self.properties.get("METHOD", "").upper()


def cut(data: bytes, names: Collection[str]) -> list[CalendarPart]:
    """Cut a file into its calendars, and those into blocks; of events only the properties with
    these names. What lies inside an event (an alarm) and other components go."""
    cutter = _Cutter(names)
    for number, line in unfolded(data):
        match = _NAME.match(line)
        cutter.take(number, match[0].upper() if match else "", line)
    cutter.close()
    return cutter.parts


class _Cutter:
    def __init__(self, names: Collection[str]) -> None:
        self.names = names
        self.parts: list[CalendarPart] = []
        self.block: Block | None = None
        self.inside: list[str] = []

    def take(self, number: int, name: str, line: str) -> None:
        value = value_of(line)
        kind = value.upper() if name in ("BEGIN", "END") else ""
        if kind and not _COMPONENT.fullmatch(kind):
            return  # a sentence that happens to begin so
        if (name, kind) == ("BEGIN", "VCALENDAR"):
            self.close()
            self.parts.append(CalendarPart())
        elif not self.parts:
            return
        elif name == "BEGIN" and kind in ("VEVENT", "VTIMEZONE"):
            self.close()
            self.block = Block(number, kind)
        elif (name, kind) == ("END", "VCALENDAR"):
            self.close()
            self.parts[-1].whole = True
        elif self.block is not None and (name, kind) == ("END", self.block.kind):
            ended = self.parts[-1].events if kind == "VEVENT" else self.parts[-1].zones
            ended.append(self.block)
            self.block, self.inside = None, []
        else:
            self._keep(number, name, line, value)
            self._nest(name, kind)

    def close(self) -> None:
        """What is open has no end, for something else begins, or the file ends."""
        if self.block is not None:
            self.parts[-1].unclosed.append(self.block)
        self.block, self.inside = None, []

    def _keep(self, number: int, name: str, line: str, value: str) -> None:
        if self.block is not None and self.block.kind == "VTIMEZONE":
            if value:
                self.block.lines.append((number, name, line))
        elif self.inside or not value:
            return
        elif self.block is None:
            self.parts[-1].properties.setdefault(name, value)
        elif name in self.names:
            self.block.lines.append((number, name, line))

    def _nest(self, name: str, kind: str) -> None:
        if self.block is not None and self.block.kind == "VTIMEZONE":
            return
        if name == "BEGIN" and len(self.inside) < _DEEPEST:
            self.inside.append(kind)
        elif name == "END" and kind in self.inside:
            del self.inside[self.inside.index(kind) :]


def unfolded(data: bytes) -> Iterator[tuple[int, str]]:
    """The logical lines of a file with the number of their first physical line. Lines are joined
    before they are decoded, because some calendars fold in the middle of a letter; old ones end a
    line that goes on with an equals sign."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    elif encoding := wide_encoding(data):
        data = data.decode(encoding, "replace").encode()
    held: list[bytes] = []
    begun = 1
    for number, line in enumerate(_LINE_END.split(data.removeprefix(codecs.BOM_UTF8)), start=1):
        if line[:1] in (b" ", b"\t") and held:
            held.append(line[1:])
            continue
        if held and held[-1].endswith(b"=") and _QUOTED_PRINTABLE in held[0][:_HEAD].upper():
            held[-1] = held[-1][:-1]
            held.append(line)
            continue
        if held:
            yield begun, decoded(b"".join(held))
        held, begun = [line], number
    if held:
        yield begun, decoded(b"".join(held))


def value_of(line: str) -> str:
    """What stands behind the colon of a property, not behind one in a quoted parameter."""
    match = _VALUE.match(line)
    return match[1].strip() if match else ""


def decoded(line: bytes) -> str:
    """UTF-8, or else the encoding of old Windows programs."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def unescaped(text: str) -> str:
    """A text value as it was meant: `\\,` is a comma, `\\n` a new line."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def words_of(line: str) -> str:
    """The text of a property in plain letters, whatever it was wrapped in: escapes, and the two
    encodings of mail that old programs use for letters with accents."""
    value = value_of(line)
    head = line[: len(line) - len(value)].upper()
    if _QUOTED_PRINTABLE.decode() in head:
        value = decoded(quopri.decodestring(value.encode("utf-8", "replace")))
    if "=?" in value:
        with contextlib.suppress(ValueError, LookupError, HeaderParseError):
            value = str(make_header(decode_header(value)))
    return unescaped(value)
