"""Visits and learning groups on the pages: what is planned, and each by itself, with its code and
who is invited. Who takes part stands nowhere; how many answered is rounded down."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from bot.coordinators.pages.planning.own_meetings import days_ahead, find_own
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit, see_other
from bot.meetings import agenda, invitations
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import goes_on
from bot.meetings.model.team_names import sees, teams_of, unknown_in
from bot.meetings.typed.people_table import read_invited
from bot.spreadsheets.table_problems import explain_row, explain_table
from bot.validation.mail_addresses import find_addresses
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Snapshot, Transaction
from storage.meetings import cancellations, prompts
from storage.meetings.cancellations import Cancellation

HERE = "/coordinator/meetings"
DONE = ("added", "same", "moved", "cancelled", "kept", "late")
"""What a page can say that it did, by the word in its address."""
SHOWN = 200
"""The most meetings on the page."""
ADDRESSES = 200
"""The most people invited at a time."""
SLIPS = 5
"""The most words that are shown because they are no address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting on the page. `asked` and `answered` are about all its prompts so far; `soon` is
    what of it will be off, unless that is taken back."""

    meeting: Meeting
    joined: int
    asked: int
    answered: int
    coming: bool
    soon: tuple[Cancellation, ...]


class MeetingsPage:
    """`/coordinator/meetings`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._list, MODERATORS)),
            web.get(f"{HERE}/{{id}}", guard(self._meeting, MODERATORS)),
            web.get(f"{HERE}/{{id}}/{{kind:png|svg|pdf|slide}}", guard(self._qr, MODERATORS)),
            web.post(f"{HERE}/{{id}}/invite", guard(self._invite, MODERATORS)),
        ]

    async def _list(self, _request: web.Request, visit: Visit) -> web.Response:
        return await self.listed(visit)

    async def listed(
        self,
        visit: Visit,
        problems: Sequence[str] = (),
        done: str = "",
        notes: Sequence[str] = (),
        *,
        held: str = "",
    ) -> web.Response:
        """The page of all meetings, with what went wrong or well; `held` is a file of which it is
        asked whether rows of it are known meetings."""
        now = self.site.clock.now()
        lines = await self.site.database.read(lambda s: self._lines(s, visit, now))
        return self.site.page(
            visit,
            "meetings.html",
            status=400 if problems else 200,
            lines=lines,
            problems=problems,
            notes=notes,
            done=done,
            held=held,
            about=self._about,
            teams_of=teams_of,
        )

    async def _meeting(self, request: web.Request, visit: Visit) -> web.Response:
        said = request.query.get("done", "")
        done = visit.words(f"meetings.did.{said}") if said in DONE else ""
        late = said == "late"
        return await self.one(request, visit, [done] if late else (), "" if late else done, 200)

    async def one(
        self,
        request: web.Request,
        visit: Visit,
        problems: Sequence[str] = (),
        done: str = "",
        status: int = 0,
    ) -> web.Response:
        """The page of one meeting, with what went wrong or well."""
        now, name = self.site.clock.now(), request.match_info["id"]

        def read(session: Snapshot) -> tuple[Line, list[Team]] | None:
            known = find_own(session, visit, name)
            if known is None:
                return None
            listed = agenda.Listed(known, agenda.joined(session, known))
            (line,) = self._with_numbers(session, [listed], now)
            return line, teams.all_teams(session)

        found = await self.site.database.read(read)
        if found is None:
            return self.site.missing(visit)
        line, every = found
        settings = self.site.services.settings
        return self.site.page(
            visit,
            "meeting.html",
            status=status or (400 if problems else 200),
            line=line,
            days=days_ahead(line.meeting, now),
            unknown=unknown_in(teams_of(line.meeting), every),
            url=settings.public_url,
            mail=bool(settings.mail.host),
            problems=problems,
            done=done,
            about=self._about,
            teams_of=teams_of,
        )

    async def _invite(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now, services = await request.post(), self.site.clock.now(), self.site.services
        addresses, problems = await _addresses(form, visit)
        if not (addresses or problems):
            return await self.one(request, visit, [visit.words("meetings.nobody")])
        if len(addresses) > ADDRESSES:
            return await self.one(request, visit, [visit.words("meetings.crowd", n=ADDRESSES)])

        def invite(connection: Transaction) -> invitations.Invited | None:
            known = find_own(connection, visit, request.match_info["id"])
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
        return await self.one(request, visit, problems, done)

    async def _qr(self, request: web.Request, visit: Visit) -> web.Response:
        from bot.meetings import poster  # its fonts and pages slow the start

        kind = request.match_info["kind"]
        known = await self.site.database.read(
            lambda s: find_own(s, visit, request.match_info["id"])
        )
        if known is None:
            return self.site.missing(visit)
        link = f"{self.site.services.settings.public_url}/m/{known.code}"
        told = poster.invitation(known, link, visit.words.language)
        body, media = await asyncio.to_thread(poster.drawn, told, kind)
        return web.Response(body=body, content_type=media, headers=HEADERS)

    def _lines(self, session: Snapshot, visit: Visit, now: datetime) -> list[Line]:
        """Those to come first, then the latest that are over."""
        known = teams.by_name(teams.all_teams(session))
        every = agenda.listed(session)
        mine = [each for each in every if sees(visit.who, each.meeting, known)]
        lines = self._with_numbers(session, mine, now)
        ahead = [line for line in lines if line.coming]
        over = [line for line in reversed(lines) if not line.coming]
        return [*ahead, *over][:SHOWN]

    def _with_numbers(
        self, session: Snapshot, found: Sequence[agenda.Listed], now: datetime
    ) -> list[Line]:
        far = timedelta(days=366)
        asked: Counter[str] = Counter()
        answered: Counter[str] = Counter()
        for (meeting_id, _), (sent, back) in prompts.tally(session, now - far, now + far).items():
            asked[meeting_id] += sent
            answered[meeting_id] += back
        soon: dict[str, list[Cancellation]] = {}
        for each in cancellations.waiting(session):
            soon.setdefault(each.which.meeting_id, []).append(each)
        return [
            Line(
                meeting=one.meeting,
                joined=one.joined,
                asked=asked[one.meeting.id],
                answered=answered[one.meeting.id],
                coming=one.meeting.state != "cancelled" and goes_on(one.meeting, now),
                soon=tuple(soon.get(one.meeting.id, ())),
            )
            for one in found
        ]

    def _about(self, line: Line) -> tuple[int, int]:
        """How many were asked and how many answered, rounded down so far that nobody is seen to
        answer, and that "all of them" cannot be read."""
        step = self.site.services.settings.privacy.small_number
        return line.asked, min(line.answered, max(0, line.asked - 1)) // step * step


async def _addresses(form: MultiMapping[Any], visit: Visit) -> tuple[list[str], list[str]]:
    """The addresses that were typed, and those of a table; and what is wrong with others."""
    typed, wrong = find_addresses(str(form.get("addresses", "")))
    problems = [visit.words("meetings.no_address", word=word[:80]) for word in wrong[:SLIPS]]
    file = form.get("file")
    data = file.file.read() if isinstance(file, web.FileField) else b""
    if not data:
        return typed, problems
    found, rows, opened = await asyncio.to_thread(read_invited, data)
    problems += [explain_table(one, visit.words.language) for one in opened.told if one.lost]
    problems += [explain_row(one, visit.words.language) for one in rows[:SLIPS]]
    if len(rows) > SLIPS:
        problems.append(visit.words.many("tables.more", len(rows) - SLIPS))
    return list(dict.fromkeys([*typed, *found])), problems


def shown_with(meeting: Meeting, done: str) -> web.Response:
    """Go on to the page of a meeting, which says what was done."""
    return see_other(f"{HERE}/{meeting.id}?done={done}")
