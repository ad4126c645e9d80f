"""Meetings from a table: a CSV file with Dutch headers, as a spreadsheet writes it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping

from bot.meetings.calendar.ics_lines import decoded
from bot.meetings.calendar.report import PROBLEMS_MAX, ImportProblem, Report, refused
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting, MeetingProblem
from bot.meetings.model.titles import ReadRules
from bot.meetings.typed.typed_draft import read_draft

_HEADERS = {
    "kind": ("soort", "kind"),
    "title": ("titel", "onderwerp", "naam", "title"),
    "day": ("datum", "dag", "date"),
    "start": ("begin", "start", "van"),
    "end": ("einde", "eind", "tot", "end"),
    "place": ("plaats", "locatie", "place"),
    "host": ("team", "gastheer", "ontvangend team", "host team"),
    "guest": ("gast team", "gastteam", "gast", "guest team"),
    "teams": ("teams", "deelnemers"),
    "repeat": ("herhaling", "herhalen", "rrule"),
    "except": ("uitzonderingen", "behalve", "niet op"),
    "delay": ("vertraging", "delay"),
    "uid": ("kenmerk", "uid", "id"),
    "state": ("status", "stand"),
}
_BEYOND = "beyond the last column"


def read_meetings(data: bytes, rules: ReadRules | None = None) -> Report:
    """Read a table of meetings. A bad row is a problem in the report; the others are taken."""
    rules = rules or ReadRules()
    if len(data) > rules.max_bytes:
        return refused("table_too_large", n=f"{rules.max_bytes / 1e6:g}")
    meetings: dict[str, Meeting] = {}
    problems: list[ImportProblem] = []

    def refuse(line: int, problem: MeetingProblem, uid: str = "") -> None:
        problems.append(ImportProblem(line, uid, problem))

    try:
        for number, (line, row) in enumerate(_rows(_text(data))):
            if number >= rules.max_events:
                refuse(line, MeetingProblem("too_many_rows"))
                break
            try:
                meeting = _meeting(row, rules)
            except BadMeeting as bad:
                refuse(line, bad.problem, row.get("uid", ""))
                continue
            if meeting.uid in meetings:
                refuse(line, MeetingProblem("twice"), meeting.uid)
            else:
                meetings[meeting.uid] = meeting
    except BadMeeting as bad:
        refuse(1, bad.problem)
    except csv.Error:
        refuse(0, MeetingProblem("no_table"))
    return Report(tuple(meetings.values()), tuple(problems[:PROBLEMS_MAX]), complete=False)


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return decoded(data.removeprefix(codecs.BOM_UTF8))


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows that are not empty, by our names of the columns, with the line they end on."""
    first, _, rest = text.partition("\n")
    skipped = 1 if first.strip().lower().startswith("sep=") else 0
    text = rest if skipped else text
    header = text.partition("\n")[0]
    delimiter = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [_column(cell) for cell in next(reader, [])]
    if not {"start", "day"} & set(columns):
        raise BadMeeting("no_column")
    for cells in reader:
        if any(map(str.strip, cells)):
            row = {
                column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column
            }
            if any(map(str.strip, cells[len(columns) :])):
                row[_BEYOND] = ""
            yield reader.line_num + skipped, row


def _column(cell: str) -> str:
    words = " ".join(cell.casefold().replace("_", " ").replace("-", " ").split())
    return next((ours for ours, theirs in _HEADERS.items() if words in theirs), "")


def _meeting(row: Mapping[str, str], rules: ReadRules) -> Meeting:
    if _BEYOND in row:
        raise BadMeeting("too_many_cells")
    return read_draft(row, rules.tz).checked(rules)
