"""`vertelbot meeting`: plan, list, import and call off meetings; who is asked what and when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.cli import feed
from bot.cli.common import Commands, Failure, as_typed, command, show, with_services, with_store
from bot.cli.meeting_options import described, naming_options, times_of
from bot.cli.table_files import TableNotes, bytes_of
from bot.meetings import agenda, invitations
from bot.meetings.agenda import Listed
from bot.meetings.draft import checked_span
from bot.meetings.invitations import Invited
from bot.meetings.model.codes import parse_code
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.titles import HOME_ZONE
from bot.meetings.prompts.preview import preview
from bot.meetings.typed.corrected_rows import ANSWERS, settle
from bot.meetings.typed.meeting_table import is_table, read_meetings
from bot.meetings.typed.people_table import read_invited
from bot.validation.mail_addresses import find_addresses
from storage.engine.transaction import Reads, Transaction

if TYPE_CHECKING:
    from bot.meetings.calendar.changes.diff import Changes
    from bot.meetings.calendar.report import Report
    from bot.wiring.open_services import OpenServices
    from bot.wiring.opening import OpenStore


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    meeting = command(commands, common, "meeting", "visits and learning groups", _list)
    actions = meeting.add_subparsers(metavar="action")
    adding = command(actions, common, "add", "plan a meeting", _add)
    adding.add_argument("--kind", choices=("visit", "learning_group"), required=True)
    adding.add_argument("--title", default="", help="of a learning group; a visit has its teams")
    adding.add_argument("--start", required=True, help="as 2026-11-24T14:00")
    adding.add_argument("--end", required=True, help="as 2026-11-24T16:00")
    adding.add_argument("--tz", default=HOME_ZONE, help="the zone of these times")
    adding.add_argument("--place", default="")
    adding.add_argument("--host", default="", help="the team that is visited")
    adding.add_argument("--guest", default="", help="the team that comes")
    adding.add_argument("--team", action="append", default=[], help="of a learning group; repeat")
    adding.add_argument("--rrule", default="", help="as FREQ=WEEKLY;INTERVAL=2;COUNT=10")
    adding.add_argument("--delay", type=int, help="minutes between the end and the prompt")
    command(actions, common, "list", "all meetings", _list)
    cancelling = command(actions, common, "cancel", "call off a meeting", _cancel)
    cancelling.add_argument("meeting", help="its id or code")
    cancelling.add_argument("--day", type=date.fromisoformat, help="only this one of a series")
    moving = command(actions, common, "move", "give a meeting another time", _move)
    moving.add_argument("meeting", help="its id or code")
    moving.add_argument("--start", required=True, help="as 2026-11-24T14:00, on its own clock")
    moving.add_argument("--end", required=True, help="as 2026-11-24T16:00")
    moving.add_argument("--day", type=date.fromisoformat, help="which one of a series")
    importing = command(
        actions, common, "import", "take over a calendar (.ics) or a table (.csv, .xlsx)", _import
    )
    importing.add_argument("file", type=Path)
    alike = importing.add_mutually_exclusive_group()
    told = {"same": "that meeting, changed", "both": "others: both are kept"}
    for answer in ANSWERS:
        about = f"rows of a table that look like a known meeting are {told[answer]}"
        alike.add_argument(
            f"--{answer}", action="store_const", dest="alike", const=answer, help=about
        )
    importing.set_defaults(alike="")
    looking = command(actions, common, "preview", "who gets what and when", _preview)
    looking.add_argument("--now", type=_moment, help="as 2026-11-24T14:00; default: now")
    inviting_ = command(actions, common, "invite", "invite people by e-mail", _invite)
    inviting_.add_argument("meeting", help="its id or code")
    inviting_.add_argument("address", nargs="+")
    about = "invite the people in a table with a column e-mail"
    listed = command(actions, common, "invite-file", about, _invite_file)
    listed.add_argument("meeting", help="its id or code")
    listed.add_argument("file", type=Path, help="as .csv, .tsv, .txt or .xlsx")
    for one in (inviting_, listed):
        one.add_argument("--side", choices=("host", "guest", "member"), default="")
    drawing = command(actions, common, "qr", "the QR code of a meeting, for screen or paper", _qr)
    drawing.add_argument("meeting", help="its id or code")
    for kind in ("png", "svg", "pdf", "slide"):
        drawing.add_argument(f"--{kind}", type=Path, metavar="FILE", help=_DRAWN[kind])
    feed.add(actions, common)


_DRAWN = {
    "png": "a picture",
    "svg": "a drawing",
    "pdf": "a page of A4 to print",
    "slide": "a slide of 16:9, as PDF",
}


def _add(options: argparse.Namespace) -> int:
    with naming_options():
        meeting = described(options)

    async def work(opened: OpenServices) -> Meeting:
        now = opened.clock.now()
        return await opened.database.write(lambda c: agenda.add(c, opened.services, meeting, now))

    _show(options, [Listed(with_services(options, work), 0)])
    return 0


def _list(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[Listed]:
        return await store.database.read(agenda.listed)

    _show(options, with_store(options, work))
    return 0


def _cancel(options: argparse.Namespace) -> int:
    return _change(
        options,
        lambda connection, opened, known: agenda.cancel(
            connection, opened.services, known, opened.clock.now(), options.day
        ),
    )


def _move(options: argparse.Namespace) -> int:
    def move(connection: Transaction, opened: OpenServices, known: Meeting) -> Meeting | None:
        if known.series and options.day is None:
            raise Failure("this is a series: say which one moves with --day")
        with naming_options():
            start, end, _ = checked_span(*times_of(options), known.tz)
        span = start, end
        return agenda.move(
            connection, opened.services, known, span, opened.clock.now(), options.day
        )

    return _change(options, move)


def _change(
    options: argparse.Namespace, act: Callable[[Transaction, OpenServices, Meeting], Meeting | None]
) -> int:
    """Change a meeting and show it."""

    async def work(opened: OpenServices) -> Listed | None:
        def change(connection: Transaction) -> Listed | None:
            done = act(connection, opened, _find(connection, options.meeting))
            return Listed(done, agenda.joined(connection, done)) if done else None

        return await opened.database.write(change)

    done = with_services(options, work)
    if done is None:
        raise Failure(f"it does not meet on {options.day}: see vertelbot meeting list")
    _show(options, [done])
    return 0


def _import(options: argparse.Namespace) -> int:
    """Exit code 3 when a part, or nothing, was taken. What reads calendars is read here: no other
    command waits for it."""
    from bot.cli.calendar_report import exit_code, print_changes
    from bot.meetings.calendar.changes.diff import Changes
    from bot.meetings.calendar.ics_reader import read_calendar

    data = bytes_of(options.file)

    async def work(opened: OpenServices) -> tuple[Changes, Report]:
        now, kinds = opened.clock.now(), None
        table = is_table(options.file.name, data)
        if not table:
            kinds = await opened.database.read(agenda.known_kinds)
        report = read_meetings(data) if table else read_calendar(data, None, kinds)
        if not report.meetings and not report.messages:
            return Changes(), report

        def take_over(connection: Transaction) -> tuple[Changes, Report]:
            def known() -> list[Meeting]:
                return [one.meeting for one in agenda.listed(connection)]

            settled = settle(report, known, now, options.alike)
            return agenda.apply(connection, opened.services, settled, now), settled

        return await opened.database.write(take_over)

    changes, report = with_services(options, work)
    print_changes(changes, report, as_json=options.json)
    if any(one.problem.code == "row_alike" for one in report.problems):
        print(as_typed("see vertelbot meeting import --help: --same or --both"), file=sys.stderr)
    return exit_code(changes, report)


def _preview(options: argparse.Namespace) -> int:
    async def work(opened: OpenServices) -> list[dict[str, Any]]:
        now = options.now or opened.clock.now()
        return await opened.database.read(lambda session: preview(session, opened.services, now))

    show(with_services(options, work), as_json=options.json, empty="Nobody will be asked anything.")
    return 0


def _invite(options: argparse.Namespace) -> int:
    addresses, wrong = find_addresses("\n".join(options.address))
    if wrong:
        raise Failure(
            f"nobody is invited, for this is no e-mail address: {', '.join(wrong)}. Write each as "
            "name@example.nl or 'Name <name@example.nl>'."
        )

    _invite_all(options, addresses)
    return 0


def _invite_file(options: argparse.Namespace) -> int:
    """Exit code 3 when a row, or every row, was not taken."""
    addresses, wrong, opened = read_invited(bytes_of(options.file))
    told = TableNotes()
    told.add(opened, wrong)
    if addresses:
        _invite_all(options, addresses)
    return told.shown(taken=bool(addresses))


def _invite_all(options: argparse.Namespace, addresses: Sequence[str]) -> None:
    async def work(opened: OpenServices) -> Invited:
        if not opened.settings.mail.host:
            raise Failure("there is no mail server: set host and sender in [mail]")
        now = opened.clock.now()

        def invite(connection: Transaction) -> Invited:
            known = _find(connection, options.meeting)
            if known.state == "cancelled":
                raise Failure("this meeting is called off")
            return invitations.invite(
                connection, opened.services, known, addresses, now, side=options.side
            )

        return await opened.database.write(invite)

    done = with_services(options, work)
    print(f"{done.new} invited; the letters go out when Vertelbot runs")
    if done.blocked:
        refused = "not: no such address, said the mail server; see vertelbot blocked list"
        print(as_typed(f"{done.blocked} {refused}"))


def _qr(options: argparse.Namespace) -> int:
    from bot.meetings import poster  # its fonts and pages slow the start of every other command

    wanted = {kind: getattr(options, kind) for kind in _DRAWN if getattr(options, kind)}
    if not wanted:
        raise Failure("say what to make: --png, --svg, --pdf or --slide FILE")

    async def work(store: OpenStore) -> tuple[Meeting, str]:
        known = await store.database.read(lambda session: _find(session, options.meeting))
        return known, f"{store.settings.public_url}/m/{known.code}"

    meeting, link = with_store(options, work)
    told = poster.invitation(meeting, link)
    for kind, file in wanted.items():
        try:
            file.write_bytes(poster.drawn(told, kind)[0])
        except OSError as error:
            raise Failure(f"{file}: cannot be written ({error.strerror})") from None
        print(file)
    return 0


def _find(reads: Reads, name: str) -> Meeting:
    found = agenda.find(reads, name) or agenda.find(reads, parse_code(name) or name)
    if found is None:
        raise Failure(f"{name} is no meeting: see vertelbot meeting list")
    return found


def _show(options: argparse.Namespace, meetings: list[Listed]) -> None:
    rows = [each.json() for each in meetings]
    if not options.json:
        shown = ("id", "code", "kind", "title", "start", "state", "joined")
        rows = [{name: row[name] for name in shown} for row in rows]
    show(rows, as_json=options.json, empty="There are no meetings yet.")


def _moment(text: str) -> datetime:
    """A time as an option; without a zone it is Amsterdam's."""
    moment = datetime.fromisoformat(text)
    home = ZoneInfo(HOME_ZONE)
    return (moment if moment.tzinfo else moment.replace(tzinfo=home)).astimezone(UTC)
