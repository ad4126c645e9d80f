"""Splits the text of a calendar file into events before any of them is read: one bad event then
spoils no other, and every problem can name its line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE_END = re.compile(rb"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\(.)")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[:;])")


@dataclass(slots=True)
class Block:
    """A component: the line where it begins, and its own lines with their numbers, by name."""

    line: int
    kind: str
    lines: list[tuple[int, str, str]] = field(default_factory=list)

    def first(self, name: str) -> tuple[int, str]:
        """The number and the raw value of a property; the beginning and "" when it is not there."""
        for number, found, text in self.lines:
            if found == name:
                return number, text.partition(":")[2].strip()
        return self.line, ""

    def text(self) -> str:
        """The component as iCalendar text."""
        lines = (text for _, _, text in self.lines)
        return "\r\n".join([f"BEGIN:{self.kind}", *lines, f"END:{self.kind}", ""])


@dataclass(slots=True)
class CalendarFile:
    """A calendar file: its events and zones. `unclosed` are lines where an event begins that does
    not end; `whole` says that the calendar was closed."""

    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    unclosed: list[Block] = field(default_factory=list)
    whole: bool = False
    calendar: bool = False

    def leave_open(self, block: Block | None) -> None:
        """Something else begins, or the file ends, while this block has no end."""
        if block is not None:
            self.unclosed.append(block)


def cut(data: bytes) -> CalendarFile:
    """Cut a file into blocks. What lies inside an event (an alarm) and other components go."""
    file = CalendarFile()
    block: Block | None = None
    inside: list[str] = []
    for number, line in unfolded(data):
        match = _NAME.match(line)
        name = match[0].upper() if match else ""
        value = line.partition(":")[2].strip()
        kind = value.upper() if name in ("BEGIN", "END") else ""
        if (name, kind) == ("BEGIN", "VCALENDAR"):
            file.calendar, file.whole = True, False
        elif name == "BEGIN" and kind in ("VEVENT", "VTIMEZONE"):
            file.leave_open(block)
            block, inside = Block(number, kind), []
        elif (name, kind) == ("END", "VCALENDAR"):
            file.leave_open(block)
            block, file.whole = None, file.calendar
        elif block is None:
            if name and not inside:
                file.properties.setdefault(name, value)
            _nest(inside, name, kind)
        elif name == "END" and kind == block.kind:
            (file.events if kind == "VEVENT" else file.zones).append(block)
            block, inside = None, []
        elif block.kind == "VTIMEZONE":
            block.lines.append((number, name, line))
        else:
            if name and not inside and name != "BEGIN":
                block.lines.append((number, name, line))
            _nest(inside, name, kind)
    file.leave_open(block)
    return file


def unfolded(data: bytes) -> Iterator[tuple[int, str]]:
    """The logical lines of a file with the number of their first physical line. Lines are joined
    before they are decoded, because some calendars fold in the middle of a letter."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    held: list[bytes] = []
    begun = 1
    for number, line in enumerate(_LINE_END.split(data.removeprefix(codecs.BOM_UTF8)), start=1):
        if line[:1] in (b" ", b"\t") and held:
            held.append(line[1:])
            continue
        if held:
            yield begun, decoded(b"".join(held))
        held, begun = [line], number
    if held:
        yield begun, decoded(b"".join(held))


def decoded(line: bytes) -> str:
    """UTF-8, or else the encoding of old Windows programs."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def unescaped(text: str) -> str:
    """A text value as it was meant: `\\,` is a comma, `\\n` a new line."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _nest(inside: list[str], name: str, kind: str) -> None:
    if name == "BEGIN":
        inside.append(kind)
    elif name == "END" and kind in inside:
        del inside[inside.index(kind) :]
