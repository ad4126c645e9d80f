"""A meeting is moved, called off, or goes on after all. Calling off asks first, and can be taken
back before anybody is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from aiohttp import web

from bot.coordinators.pages.planning.meetings import HERE, MeetingsPage, shown_with
from bot.coordinators.pages.planning.own_meetings import days_ahead, find_own
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from bot.meetings import agenda
from bot.meetings.change_notices import hearers
from bot.meetings.draft import checked_span
from bot.meetings.model.meeting import Meeting, Occurrence
from bot.meetings.model.problems import BadMeeting
from bot.meetings.typed.typed_draft import read_draft
from storage.engine.transaction import Snapshot, Transaction

TIMES = ("which", "day", "start", "end")


class MeetingChanges:
    """`/coordinator/meetings/{id}/move|cancel|keep`."""

    def __init__(self, site: Site, pages: MeetingsPage) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[web.RouteDef]:
        guard, there = self.site.guard, f"{HERE}/{{id}}"
        return [
            web.post(f"{there}/move", guard(self._move, MODERATORS)),
            web.get(f"{there}/cancel", guard(self._ask, MODERATORS)),
            web.post(f"{there}/cancel", guard(self._cancel, MODERATORS)),
            web.post(f"{there}/keep", guard(self._keep, MODERATORS)),
        ]

    async def _move(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now, services = await request.post(), self.site.clock.now(), self.site.services
        typed = {name: str(form.get(name, "")) for name in TIMES}
        known = await self._own(request, visit)
        if known is None:
            return self.site.missing(visit)
        try:
            span, which = _span(typed, known.tz), _day(typed["which"])
        except ValueError:
            return await self._no_day(request, visit)
        if known.local(span[1]).date() < known.local(now).date() and form.get("sure") != "yes":
            return self.site.page(
                visit,
                "meeting_ask.html",
                action=f"{HERE}/{known.id}/move",
                hidden=[*typed.items(), ("sure", "yes")],
                past=True,
                unknown=[],
                keep="",
                go="meetings.move.anyway",
                back=f"{HERE}/{known.id}",
            )

        def move(connection: Transaction) -> Meeting | None:
            mine = find_own(connection, visit, known.id)
            return agenda.move(connection, services, mine, span, now, which) if mine else None

        moved = await self.site.database.write(move)
        return shown_with(moved, "moved") if moved else await self._no_day(request, visit)

    async def _ask(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """What calling off would do; it does nothing yet."""
        now = self.site.clock.now()
        which = request.query.get("which", "")

        def read(session: Snapshot) -> tuple[Meeting, Occurrence | None, int] | None:
            known = find_own(session, visit, request.match_info["id"])
            if known is None:
                return None
            one = dict(days_ahead(known, now)).get(which)
            return known, one, hearers(session, known)

        found = await self.site.database.read(read)
        if found is None:
            return self.site.missing(visit)
        known, one, hearing = found
        if known.state == "cancelled" or (which and one is None):
            return await self._no_day(request, visit)
        return self.site.page(
            visit,
            "meeting_cancel.html",
            one=known,
            day=known.local((one or known).start),
            which=which if one else "",
            hearing=hearing,
        )

    async def _cancel(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        now = self.site.clock.now()

        def cancel(connection: Transaction, known: Meeting, which: date | None) -> str:
            return "cancelled" if agenda.cancel_soon(connection, known, now, which) else ""

        return await self._change(request, visit, cancel)

    async def _keep(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        def keep(connection: Transaction, known: Meeting, which: date | None) -> str:
            return "kept" if agenda.keep(connection, known, which) else "late"

        return await self._change(request, visit, keep)

    async def _change(
        self,
        request: web.Request,
        visit: Visit,
        act: Callable[[Transaction, Meeting, date | None], str],
    ) -> web.StreamResponse:
        """Change a meeting, or the one of a series on the day that the form names (`which`). `act`
        gives back the word for what it did, or nothing when there is no such day."""
        known = await self._own(request, visit)
        if known is None:
            return self.site.missing(visit)
        try:
            which = _day(str((await request.post()).get("which", "")))
        except ValueError:
            return await self._no_day(request, visit)
        done = await self.site.database.write(lambda c: act(c, known, which))
        return shown_with(known, done) if done else await self._no_day(request, visit)

    async def _own(self, request: web.Request, visit: Visit) -> Meeting | None:
        name = request.match_info["id"]
        return await self.site.database.read(lambda s: find_own(s, visit, name))

    async def _no_day(self, request: web.Request, visit: Visit) -> web.Response:
        return await self.pages.one(request, visit, [visit.words("meetings.no_day")])


def _day(text: str) -> date | None:
    """Raises ValueError."""
    return date.fromisoformat(text) if text else None


def _span(typed: dict[str, str], tz: str) -> tuple[datetime, datetime]:
    """Beginning and end in UTC. Raises BadMeeting, which is a ValueError."""
    if not (typed["day"] and typed["start"] and typed["end"]):
        raise BadMeeting("no_start")
    cells = {name: typed[name] for name in ("day", "start", "end")}
    draft = read_draft(cells, tz)
    start, end, _ = checked_span(draft.start, draft.end, tz)
    return start, end
