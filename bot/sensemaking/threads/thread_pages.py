"""`/coordinator/threads`: what was asked along a visit pair or a learning group, what was told
around it, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.meetings.model.meeting import Meeting, Occurrence
from bot.sensemaking.threads.meeting_threads import MeetingThread, next_visits, threads
from bot.sensemaking.threads.stories_around_meetings import ToldAround, told_around
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import changes
from storage.sensemaking.changes import NamedChange
from storage.stories import relays
from storage.stories.relays import RelayState, TravellingQuestion

HERE = "/coordinator/threads"
ONE = HERE + "/{key:[a-z0-9_.~-]{1,300}}"


@dataclass(frozen=True, slots=True)
class RelayLine:
    """A question on the page: its words (None: not for who looks), its way so far, and what its
    team can do with it. `following`: the meeting it opens, or would open, which may be `coming`."""

    question: TravellingQuestion
    text: str | None
    host: str
    following: Occurrence | None
    coming: bool
    mine: bool
    choices: Sequence[tuple[Meeting, Occurrence]]


@dataclass(frozen=True, slots=True)
class ThreadView:
    thread: MeetingThread
    told: ToldAround
    questions: Sequence[RelayLine]
    changes: Sequence[NamedChange]


class ThreadPages:
    """All threads, and one."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._list, EVERYONE)),
            web.get(ONE, guard(self._one, EVERYONE)),
            web.post(f"{ONE}/question", guard(self._move, MODERATORS)),
        ]

    async def _list(self, _request: web.Request, visit: Visit) -> web.StreamResponse:
        now = self.site.clock.now()

        def read(session: Snapshot) -> list[tuple[MeetingThread, int]]:
            found = threads(session, visit.who, now)
            return [
                (each, sum(q.state == "offered" for q in self._questions(session, each)))
                for each in found
            ]

        return self.site.page(
            visit,
            "threads.html",
            threads=await self.site.database.read(read),
            named=thread_name,
            here_at=HERE,
        )

    async def _one(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        key = request.match_info["key"]
        view = await self.site.database.read(lambda s: self._view(s, visit, key))
        if view is None:
            return self.site.missing(visit)
        read = sum(each.text is not None for each in view.questions)
        if read:
            await self.site.note(visit, "listed", detail=str(read))
        return self.site.page(
            visit,
            "thread.html",
            view=view,
            name=thread_name(view.thread),
            k=self.site.services.settings.privacy.small_number,
            team_names={team.id: team.name for team in view.thread.teams},
            there=f"{HERE}/{key}",
            here_at=HERE,
        )

    async def _move(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """The team where a question was left lets it open a visit to come, or keeps it."""
        form, key = await request.post(), request.match_info["key"]
        wanted, following = str(form.get("question", "")), str(form.get("next", ""))
        state: RelayState = "travels" if form.get("do") == "travel" else "declined"
        now, who = self.site.clock.now(), visit.who

        def move(connection: Transaction) -> bool:
            found = relays.by_id(connection, wanted)
            if found is None or not who.team or found.host_team != who.team:
                return False
            coming = next_visits(connection, who.team, now)
            if state == "travels" and following not in {meeting.id for meeting, _ in coming}:
                return False
            relays.move(connection, wanted, state, following if state == "travels" else "")
            return True

        if not await self.site.database.write(move):
            return self.site.missing(visit)
        return see_other(f"{HERE}/{key}#questions")

    def _questions(self, session: Snapshot, thread: MeetingThread) -> list[TravellingQuestion]:
        ids = [each.id for each in thread.meetings]
        return relays.left_at(session, ids)

    def _view(self, session: Snapshot, visit: Visit, key: str) -> ThreadView | None:
        services, who, now = self.site.services, visit.who, self.site.clock.now()
        seen = threads(session, who, now)
        thread = next((each for each in seen if each.key == key), None)
        if thread is None:
            return None
        every = {team.id: team for team in teams.all_teams(session)}
        own = next_visits(session, who.team, now) if who.team else []
        mine = {meeting.id: one for each in seen for meeting, one in _nearest(each)}
        questions = [
            self._line(each, who.team, every, mine, own, now)
            for each in self._questions(session, thread)
        ]
        since = thread.held[-1].end.date().isoformat() if thread.held else ""
        return ThreadView(
            thread,
            told_around(session, who, thread, services.settings.privacy.small_number),
            questions,
            changes.since(session, who, [t.id for t in thread.teams], since),
        )

    def _line(
        self,
        question: TravellingQuestion,
        team: str,
        every: dict[str, Team],
        seen: dict[str, Occurrence],
        own: Sequence[tuple[Meeting, Occurrence]],
        now: datetime,
    ) -> RelayLine:
        """The words are for the team where it was left; once they travel also for who meets at the
        visit that they open."""
        host = every.get(question.host_team)
        mine = bool(team) and question.host_team == team
        abroad = question.state in ("travels", "opened") and question.next_id in seen
        waits = mine and question.state in ("offered", "travels", "declined")
        following = seen.get(question.next_id)
        return RelayLine(
            question,
            question.text if mine or abroad else None,
            host.name if host else "",
            following,
            following is not None and following.end > now,
            mine,
            own if waits else (),
        )


def thread_name(thread: MeetingThread) -> str:
    """A visit pair by its teams, a group by its name."""
    if thread.kind == "visit" and thread.teams:
        return " – ".join(team.name for team in thread.teams)
    return thread.title


def _nearest(thread: MeetingThread) -> list[tuple[Meeting, Occurrence]]:
    """Each meeting of a thread with its next occurrence, or its last."""
    found: dict[str, tuple[Meeting, Occurrence]] = {}
    for one in (*reversed(thread.coming), *thread.held):
        if one in thread.coming or one.meeting.id not in found:
            found[one.meeting.id] = one.meeting, one
    return list(found.values())
