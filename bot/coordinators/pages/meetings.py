"""Visits and learning groups on the pages: plan, import, invite, call off, print the QR code. Who
takes part stands nowhere; how many answered is rounded down."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aiohttp import web
from sqlalchemy import Connection
from sqlmodel import Session

from bot.coordinators.digest.response_rate import meets, teams_of
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit, see_other
from bot.meetings import agenda, invitations
from bot.meetings.calendar.csv_reader import read_csv
from bot.meetings.calendar.diff import Changes
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.problem_texts import explain_import
from bot.meetings.calendar.report import ImportProblem, Report
from bot.meetings.calendar.typed_draft import read_draft
from bot.meetings.calendar.typed_time import read_when
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import goes_on
from bot.meetings.model.titles import TITLE_MAX
from bot.validation.mail_addresses import find_addresses
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.meetings import meetings, prompts

FIELDS = ("kind", "title", "day", "start", "end", "place", "host", "guest", "repeat")
"""What the form asks."""
REPEATS = ("", "elke week", "om de week", "maandelijks")
"""How often a meeting can come back, as a table says it; the page has a sentence for each."""
TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "slide": "application/pdf",
}
SHOWN = 200
"""The most meetings on the page."""
ADDRESSES = 200
"""The most people invited at a time."""
SLIPS = 5
"""The most words that are shown because they are no address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting on the page. `asked` and `answered` are about all its prompts so far."""

    meeting: Meeting
    joined: int
    asked: int
    answered: int
    coming: bool


class MeetingsPage:
    """`/coordinator/meetings`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        here = "/coordinator/meetings"
        return [
            web.get(here, guard(self._list, MODERATORS)),
            web.post(here, guard(self._add, MODERATORS)),
            web.post(f"{here}/import", guard(self._import, MODERATORS)),
            web.get(f"{here}/{{id}}/{{kind:png|svg|pdf|slide}}", guard(self._qr, MODERATORS)),
            web.post(f"{here}/{{id}}/move", guard(self._move, MODERATORS)),
            web.post(f"{here}/{{id}}/cancel", guard(self._cancel, MODERATORS)),
            web.post(f"{here}/{{id}}/invite", guard(self._invite, MODERATORS)),
        ]

    async def _list(
        self,
        _request: web.Request,
        visit: Visit,
        problems: Sequence[str] = (),
        done: str = "",
    ) -> web.Response:
        now = self.site.clock.now()
        lines = await self.site.database.read(lambda s: self._lines(s, visit, now))
        settings = self.site.services.settings
        written = await self.site.database.read(_written)
        return self.site.page(
            visit,
            "meetings.html",
            status=400 if problems else 200,
            lines=lines,
            own=written.get(visit.who.team, ""),
            names=written.values(),
            url=settings.public_url,
            mail=bool(settings.mail.host),
            repeats=REPEATS,
            problems=problems,
            done=done,
            about=self._about,
            teams_of=teams_of,
        )

    async def _add(self, request: web.Request, visit: Visit) -> web.Response:
        form = await request.post()
        fields = {name: str(form.get(name, ""))[:TITLE_MAX].strip() for name in FIELDS}
        return await self._take_over(request, visit, read_form(fields))

    async def _import(self, request: web.Request, visit: Visit) -> web.Response:
        upload = (await request.post()).get("file")
        if not isinstance(upload, web.FileField):
            return await self._list(request, visit, [visit.words("meetings.no_file")])
        data = upload.file.read()
        is_table = upload.filename.lower().endswith((".csv", ".txt", ".tsv"))
        read = read_csv if is_table else read_calendar
        report = await asyncio.to_thread(read, data)  # a megabyte takes a second
        return await self._take_over(request, visit, report)

    async def _take_over(self, request: web.Request, visit: Visit, report: Report) -> web.Response:
        now, services = self.site.clock.now(), self.site.services

        def take_over(connection: Connection) -> tuple[Changes, int]:
            mine = self._own(connection, visit, report.meetings)
            changes = agenda.apply(connection, services, replace(report, meetings=mine), now)
            return changes, len(report.meetings) - len(mine)

        changes, others = await self.site.database.write(take_over)
        counts = (changes.added, (*changes.changed, *changes.cancelled), changes.unchanged)
        added, changed, same = map(len, counts)
        said = visit.words("meetings.done", added=added, changed=changed, same=same)
        problems = [explain_import(one, visit.words.language) for one in report.problems]
        if others:
            problems.insert(0, visit.words("meetings.others"))
        return await self._list(request, visit, problems, said if report.meetings else "")

    async def _move(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now, services = await request.post(), self.site.clock.now(), self.site.services
        day, start, end = (str(form.get(name, "")) for name in ("day", "start", "end"))

        def move(connection: Connection, known: Meeting, which: date | None) -> Meeting | None:
            try:
                span = read_when(f"{day} {start}-{end}", now, known.tz)
            except BadMeeting:
                return None
            return agenda.move(connection, services, known, span, now, which)

        return await self._change(request, visit, move)

    async def _cancel(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        now, services = self.site.clock.now(), self.site.services
        return await self._change(
            request, visit, lambda c, known, which: agenda.cancel(c, services, known, now, which)
        )

    async def _change(
        self,
        request: web.Request,
        visit: Visit,
        act: Callable[[Connection, Meeting, date | None], Meeting | None],
    ) -> web.StreamResponse:
        """Change a meeting, or the one of a series on the day that the form names (`which`)."""
        which = str((await request.post()).get("which", ""))

        def change(connection: Connection) -> bool | None:
            known = self._mine(connection, visit, request.match_info["id"])
            if known is None:
                return None
            try:
                return bool(act(connection, known, date.fromisoformat(which) if which else None))
            except ValueError:
                return False

        done = await self.site.database.write(change)
        if done is None:
            return self.site.missing(visit)
        if not done:
            return await self._list(request, visit, [visit.words("meetings.no_day")])
        return see_other("/coordinator/meetings")

    async def _invite(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now, services = await request.post(), self.site.clock.now(), self.site.services
        addresses, wrong = find_addresses(str(form.get("addresses", "")))
        problems = [visit.words("meetings.no_address", word=word[:80]) for word in wrong[:SLIPS]]
        if len(addresses) > ADDRESSES:
            return await self._list(request, visit, [visit.words("meetings.crowd", n=ADDRESSES)])

        def invite(connection: Connection) -> invitations.Invited | None:
            known = self._mine(connection, visit, request.match_info["id"])
            off = known is None or known.state == "cancelled" or not services.settings.mail.host
            if known is None or off:
                return None
            return invitations.invite(connection, services, known, addresses, now)

        invited = await self.site.database.write(invite)
        if invited is None:
            return self.site.missing(visit)
        if invited.blocked:
            problems.append(visit.words.many("meetings.blocked", invited.blocked))
        done = visit.words.many("meetings.invited", invited.new)
        return await self._list(request, visit, problems, done)

    async def _qr(self, request: web.Request, visit: Visit) -> web.Response:
        from bot.meetings import qr  # its fonts and pages slow the start

        kind = request.match_info["kind"]
        known = await self.site.database.read(
            lambda s: self._mine(s, visit, request.match_info["id"])
        )
        if known is None:
            return self.site.missing(visit)
        link = f"{self.site.services.settings.public_url}/m/{known.code}"
        told = qr.invitation(known, link, visit.words.language)
        drawn = {
            "png": lambda: qr.png(link),
            "svg": lambda: qr.svg(link).encode(),
            "pdf": lambda: qr.poster(told),
            "slide": lambda: qr.slide(told),
        }
        return web.Response(body=drawn[kind](), content_type=TYPES[kind], headers=HEADERS)

    # -- which meetings

    def _lines(self, session: Session, visit: Visit, now: datetime) -> list[Line]:
        """Those to come first, then the latest that are over."""
        far = timedelta(days=366)
        asked: Counter[str] = Counter()
        answered: Counter[str] = Counter()
        for (meeting_id, _), (sent, back) in prompts.tally(session, now - far, now + far).items():
            asked[meeting_id] += sent
            answered[meeting_id] += back
        known = teams.by_name(teams.all_teams(session))
        lines = []
        for each in agenda.listed(session, self.site.services):
            one = each.meeting
            if _sees(visit, one, known):
                coming = one.state != "cancelled" and goes_on(one, now)
                lines.append(Line(one, each.joined, asked[one.id], answered[one.id], coming))
        ahead = [line for line in lines if line.coming]
        over = [line for line in reversed(lines) if not line.coming]
        return [*ahead, *over][:SHOWN]

    def _mine(self, reads: Session | Connection, visit: Visit, name: str) -> Meeting | None:
        found = agenda.find(reads, self.site.services, name)
        known = teams.by_name(teams.all_teams(reads))
        return found if found is not None and _sees(visit, found, known) else None

    def _own(self, reads: Connection, visit: Visit, read: Sequence[Meeting]) -> tuple[Meeting, ...]:
        """What someone may take over: nothing of another team, also not under a known name."""
        rows = meetings.by_uids(reads, self.site.services.vault, [one.uid for one in read])
        known = teams.by_name(teams.all_teams(reads))
        others = {row.uid for row in rows if not _sees(visit, from_row(row), known)}
        return tuple(one for one in read if one.uid not in others and _sees(visit, one, known))

    def _about(self, line: Line) -> tuple[int, int]:
        """How many were asked and how many answered, rounded down so far that nobody is seen to
        answer, and that "all of them" cannot be read."""
        step = self.site.services.settings.privacy.small_number
        return line.asked, min(line.answered, max(0, line.asked - 1)) // step * step


def read_form(fields: Mapping[str, str]) -> Report:
    """The meeting that a form describes, or what is wrong with it."""
    try:
        return Report((read_draft(fields).checked(),), complete=False)
    except BadMeeting as bad:
        return Report(problems=(ImportProblem(0, "", bad.problem),), complete=False)


def _sees(visit: Visit, meeting: Meeting, known: dict[str, Team]) -> bool:
    """The association sees all meetings, a team those in which it meets."""
    return visit.who.role == "association" or meets(meeting, visit.who.team, known)


def _written(reads: Session) -> dict[str, str]:
    """The teams as they are written in a meeting: with the municipality when others are called so
    too."""
    every = teams.all_teams(reads)
    alone = teams.by_name(every)
    return {
        team.id: team.name if team.name.casefold() in alone else teams.full_name(team)
        for team in every
    }
