"""Meetings from a table: a CSV file with Dutch headers, as a spreadsheet writes it."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.meetings.calendar.dutch_dates import Unreadable, read_date, read_repeat, read_time
from bot.meetings.calendar.ics_lines import decoded
from bot.meetings.calendar.report import (
    PROBLEMS_MAX,
    UID_MAX,
    ImportProblem,
    ReadRules,
    Report,
    clean,
    name,
)
from bot.meetings.model.meeting import Meeting, MeetingState
from bot.meetings.model.series import FIRST_YEAR, LAST_YEAR, LONGEST, BadRule, check_rule

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
_CANCELLED = ("afgezegd", "geannuleerd", "vervalt", "cancelled")
_BEYOND = "beyond the last column"
_DELAY_MAX = 14 * 24 * 60


class _Wrong(Exception):
    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


def read_csv(data: bytes, rules: ReadRules | None = None) -> Report:
    """Read a table of meetings. A bad row is a problem in the report; the others are taken."""
    rules = rules or ReadRules()
    if len(data) > rules.max_bytes:
        return _refused(f"the file is larger than {rules.max_bytes} bytes", "split it")
    rows = _rows(_text(data))
    meetings: dict[str, Meeting] = {}
    problems: list[ImportProblem] = []
    try:
        for number, (line, row) in enumerate(rows):
            if number >= rules.max_events:
                problems.append(ImportProblem(line, "", "the file has too many rows", "split it"))
                break
            try:
                meeting = _meeting(row, rules)
            except _Wrong as wrong:
                problems.append(ImportProblem(line, row.get("uid", ""), str(wrong), wrong.mend))
                continue
            if meeting.uid in meetings:
                message, mend = "this meeting stands in the file twice", "leave one of them out"
                problems.append(ImportProblem(line, meeting.uid, message, mend))
            else:
                meetings[meeting.uid] = meeting
    except _Wrong as wrong:
        problems.append(ImportProblem(1, "", str(wrong), wrong.mend))
    except csv.Error:
        problems.append(ImportProblem(0, "", "the file is not a table", "save it as CSV (UTF-8)"))
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
        raise _Wrong("there is no column for the beginning", "name one column begin")
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
        raise _Wrong(
            "the row has more cells than there are columns",
            "write a text with a separator in it between quotes",
        )
    start, end, all_day = _times(row, rules)
    host, guest = clean(row.get("host", "")), clean(row.get("guest", ""))
    title = row.get("title", "") or (f"{host} ← {guest}" if host and guest else "")
    naming = name(title, (row.get("kind", ""),), rules)
    if naming is None:
        raise _Wrong(
            "it is not clear what this is", "write visite or leergroep in the column soort"
        )
    teams = tuple(filter(None, map(clean, row.get("teams", "").replace("|", ",").split(","))))
    if naming.kind == "learning_group":
        teams, host, guest = tuple(filter(None, (host, guest, *teams))), "", ""
    else:
        host, guest = host or naming.host_team, guest or naming.guest_team
    rrule, exdates = _series(row, start, rules)
    state: MeetingState = "planned"
    if row.get("state", "").casefold() in _CANCELLED:
        state = "cancelled"
    named = "|".join((naming.kind, naming.title, host, guest, *teams, start.isoformat()))
    uid = clean(row.get("uid", "")) or f"{hashlib.sha256(named.encode()).hexdigest()[:24]}@csv"
    return Meeting(
        uid=uid[:UID_MAX],
        kind=naming.kind,
        title=naming.title,
        start=start,
        end=end,
        tz=rules.tz,
        place=clean(row.get("place", "")),
        rrule=rrule,
        exdates=exdates,
        all_day=all_day,
        state=state,
        host_team=host,
        guest_team=guest,
        teams=teams,
        delay=_delay(row.get("delay", "")),
    )


def _times(row: Mapping[str, str], rules: ReadRules) -> tuple[datetime, datetime, bool]:
    """Beginning, end, and whether it lasts whole days."""
    begin, until = row.get("start", ""), row.get("end", "")
    if not begin and not row.get("day"):
        raise _Wrong("there is no beginning", "fill in a date and a time")
    with _reading("begin", "write it as 24-11-2026 14:00"):
        if row.get("day"):
            day, _ = read_date(row["day"])
            clock = read_time(begin) if begin else None
        else:
            day, clock = read_date(begin)
    start = _moment(day, clock or time(), rules)
    if clock is None and not until:
        return start, _moment(day + timedelta(days=1), time(), rules), True
    if clock is None:
        raise _Wrong("begin: there is no time", "write it as 24-11-2026 14:00")
    if not until:
        return start, start + timedelta(minutes=rules.length), False
    with _reading("einde", "write it as 16:00 or 24-11-2026 16:00"):
        try:
            last, ending = day, read_time(until)
        except Unreadable:
            last, given = read_date(until)
            ending = given or time()
    end = _moment(last, ending, rules)
    if end <= start:
        raise _Wrong("it ends before it begins", "correct the end")
    if end - start > LONGEST:
        raise _Wrong("it lasts more than a month", "correct the end")
    return start, end, False


def _series(
    row: Mapping[str, str], start: datetime, rules: ReadRules
) -> tuple[str, tuple[datetime, ...]]:
    clock = start.astimezone(ZoneInfo(rules.tz)).time()
    with _reading("herhaling", "write it as elke twee weken tot 30-06-2027"):
        rrule = read_repeat(row.get("repeat", ""), start, rules.tz)
    if not rrule:
        return "", ()
    try:
        rrule = check_rule(rrule, start, rules.tz)
    except BadRule as bad:
        raise _Wrong(f"herhaling: {bad}", bad.mend) from None
    with _reading("uitzonderingen", "write dates, with a comma between them"):
        days = [read_date(cell)[0] for cell in row.get("except", "").split(",") if cell.strip()]
    return rrule, tuple(sorted({_moment(day, clock, rules) for day in days}))


def _moment(day: date, clock: time, rules: ReadRules) -> datetime:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _Wrong("it lies in another age", "correct the year")
    zone = ZoneInfo(rules.tz)
    moment = datetime.combine(day, clock, zone).astimezone(UTC)
    if clock != time() and moment.astimezone(zone).time() != clock:
        raise _Wrong("this time is skipped by the clock that night", "choose an hour later")
    return moment


def _delay(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6 or int(text) > _DELAY_MAX:
        raise _Wrong("vertraging: this is no number of minutes", "write 120 for two hours")
    return int(text)


@contextmanager
def _reading(column: str, mend: str) -> Iterator[None]:
    """Names the column of a cell that cannot be read."""
    try:
        yield
    except Unreadable as error:
        raise _Wrong(f"{column}: {error}", mend) from None


def _refused(message: str, mend: str) -> Report:
    return Report(problems=(ImportProblem(0, "", message, mend),), complete=False)
