"""Meetings from a table: a spreadsheet of one's own, or what Outlook or Google Calendar exports."""

from __future__ import annotations

from dataclasses import replace

from bot.meetings.calendar.report import PROBLEMS_MAX, ImportProblem, Report, refused
from bot.meetings.calendar.unpacking import holds_calendars
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting, MeetingProblem, ProblemCode
from bot.meetings.model.titles import ReadRules
from bot.meetings.model.titles import name as naming
from bot.meetings.typed.clock_times import read_span
from bot.meetings.typed.dutch_dates import DateOrder, order_of
from bot.meetings.typed.table_columns import (
    COLUMNS,
    ENGLISH,
    NEEDS,
    OF_PROGRAMS,
    WANTED,
)
from bot.meetings.typed.typed_draft import read_draft
from bot.spreadsheets.header import folded
from bot.spreadsheets.reader import NoTable, ReadTable, TableRow, read_table
from bot.spreadsheets.table_problems import problems, refusal

BYTES_MAX = 2_000_000
_CALENDARS = (".ics", ".ical", ".ifb", ".vcs")
_DAY_NAMES = frozenset(("dag", "day"))


def is_table(name: str, data: bytes) -> bool:
    """Whether a file is read as a table: by what it says it is, or else by its name."""
    if b"BEGIN:VCALENDAR" in data[:2_000].replace(b"\0", b"").upper():
        return False
    if data.startswith(b"PK\x03\x04"):
        return not holds_calendars(data)
    return not name.lower().removesuffix(".gz").endswith(_CALENDARS)


def read_meetings(data: bytes, rules: ReadRules | None = None) -> Report:
    """Read a table of meetings. A bad row is a problem in the report; the others are taken."""
    rules = rules or ReadRules()
    try:
        table = read_table(data, COLUMNS, NEEDS, bytes_max=BYTES_MAX, rows_max=rules.max_events)
        _times_are_named(table)
    except NoTable as why:
        one = refusal(why, WANTED, BYTES_MAX)
        return refused(one.code, **one.slots)
    return _Rows(table, rules).report()


def _times_are_named(table: ReadTable) -> None:
    """A table with days and no known column of times, that has times all the same, is not taken for
    one of whole days."""
    if "start" in table.names or "whole_day" in table.names:
        return
    for column in table.unknown:
        if any(_is_time(row.others.get(column.name, "")) for row in table.rows):
            raise NoTable(
                "no_header", (*table.names.values(), *(one.name for one in table.unknown))
            )


def _is_time(cell: str) -> bool:
    try:
        return bool(read_span(cell)) and not cell.isdecimal()
    except BadMeeting:
        return False


class _Rows:
    """The rows of one table, on their way to a report."""

    def __init__(self, table: ReadTable, rules: ReadRules) -> None:
        self.table, self.rules = table, rules
        self.meetings: dict[str, Meeting] = {}
        self.problems: list[ImportProblem] = []
        self.notes: list[ImportProblem] = []
        self.order = _order(table)
        self.exported = "whole_day" in table.names or (
            folded(table.names.get("kind", "")).startswith("categor")
        )
        self.ignored = 0

    def report(self) -> Report:
        for one in problems(self._worth_telling()):
            found = ImportProblem(one.line, "", MeetingProblem(one.code, slots=one.slots))
            (self.problems if one.lost else self.notes).append(found)
        for row in self.table.rows:
            self._take(row)
        if self.ignored:
            self._note("rows_not_ours", n=self.ignored)
        days = sum(one.all_day for one in self.meetings.values())
        if days and "whole_day" not in self.table.names:
            self._note("whole_days", n=days)
        return Report(
            tuple(self.meetings.values()),
            tuple(self.problems[:PROBLEMS_MAX]),
            ignored=self.ignored,
            complete=False,
            notes=tuple(self.notes),
        )

    def _note(self, code: ProblemCode, **slots: object) -> None:
        self.notes.append(ImportProblem(0, "", MeetingProblem(code, slots=slots)))

    def _worth_telling(self) -> ReadTable:
        """The table without the unknown columns that need no word: those of programs, and the day
        of the week, which is compared with the date."""
        passed = OF_PROGRAMS | (_DAY_NAMES if self._weekday() else frozenset())
        unknown = tuple(one for one in self.table.unknown if folded(one.name) not in passed)
        return replace(self.table, unknown=unknown)

    def _weekday(self) -> str:
        """The name of a column that holds the day of the week beside the date."""
        for one in self.table.unknown:
            if folded(one.name) in _DAY_NAMES:
                return one.name
        return ""

    def _take(self, row: TableRow) -> None:
        try:
            meeting = self._meeting(row)
        except BadMeeting as bad:
            self._refuse(row, bad.problem)
            return
        if meeting is None:
            self.ignored += 1
        elif meeting.uid in self.meetings:
            self._refuse(row, MeetingProblem("twice"), meeting.uid)
        else:
            self.meetings[meeting.uid] = meeting

    def _refuse(self, row: TableRow, problem: MeetingProblem, uid: str = "") -> None:
        uid = uid or row.cells.get("uid", "")
        self.problems.append(ImportProblem(row.line, uid, problem))

    def _meeting(self, row: TableRow) -> Meeting | None:
        """None when the row is no meeting of ours, in the export of a program, which holds others
        too."""
        if row.beyond:
            raise BadMeeting("too_many_cells")
        cells = {name: " ".join(cell.split()) for name, cell in row.cells.items()}
        cells["teams"] = row.cells.get("teams", "")  # one on each line of a cell
        cells["kind"] = self._kind(cells.get("kind", ""))
        if weekday := self._weekday():
            cells.setdefault("weekday", row.others.get(weekday, ""))
        if self.exported:
            cells["kind"] = self._category(cells.get("kind", ""))
            if not cells["kind"] and naming(cells.get("title", ""), (), self.rules) is None:
                return None
        return read_draft(cells, self.rules.tz, self.order).checked(self.rules)

    def _kind(self, written: str) -> str:
        """A word for a kind of ours, however it is spelled: `Leer-groep`, `leergroep (online)`."""
        known = (*self.rules.visit_words, *self.rules.group_words)
        cell = folded(written.partition("(")[0])
        return next((word for word in known if cell == folded(word)), written)

    def _category(self, categories: str) -> str:
        """The one of the categories of a program that is a kind of ours."""
        each = (one.strip() for one in categories.replace(";", ",").split(","))
        return next((one for one in each if naming("", (one,), self.rules)), "")


def _order(table: ReadTable) -> DateOrder:
    cells = [row.cells.get(name, "") for row in table.rows for name in ("day", "end_day", "start")]
    halves = any(cell.lower().rstrip(".").endswith(("am", "pm", "a.m", "p.m")) for cell in cells)
    english = any(folded(table.names.get(name, "")) in ENGLISH for name in ("day", "end_day"))
    return order_of(cells, english=english, halves=halves)
