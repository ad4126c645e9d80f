"""The teams, with their links and posters: added, renamed, merged and closed by the association.

Who may read goes by the id of a team, and that never changes: stories told before stay with the
coordinators of the team they were told to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from aiohttp import web

from bot.coordinators.pages.site import (
    ASSOCIATION,
    EVERYONE,
    HEADERS,
    Site,
    Visit,
    said_of,
    see_other,
)
from storage.coordinators import audit, teams
from storage.coordinators.audit import Action
from storage.coordinators.teams import Team, TeamProblem
from storage.engine.transaction import Transaction

HERE = "/coordinator/teams"
DONE = ("added", "renamed", "merged", "closed", "reopened")
ASKED = ("merge", "close")
"""What is asked once more before it is done."""
NAME_MAX = 80
Change = Callable[[Transaction, str, str], Team]


def _close(connection: Transaction, team_id: str, _typed: str) -> Team:
    return teams.close(connection, team_id)


def _reopen(connection: Transaction, team_id: str, _typed: str) -> Team:
    return teams.reopen(connection, team_id)


CHANGES: dict[str, tuple[Change, Action]] = {
    "rename": (teams.rename, "team_renamed"),
    "merge": (teams.merge, "team_merged"),
    "close": (_close, "team_closed"),
    "reopen": (_reopen, "team_reopened"),
}


class TeamPages:
    """`/coordinator/teams`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._list, EVERYONE)),
            web.post(HERE, guard(self._add, ASSOCIATION)),
            web.get(f"{HERE}/{{id}}", guard(self._team, ASSOCIATION)),
            web.get(f"{HERE}/{{id}}/{{kind:png|svg|pdf}}", guard(self._qr, EVERYONE)),
            web.post(
                f"{HERE}/{{id}}/{{act:rename|merge|close|reopen}}",
                guard(self._change, ASSOCIATION),
            ),
        ]

    async def _list(self, request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        every = await self._every()
        return self.site.page(
            visit,
            "teams.html",
            status=400 if problem else 200,
            teams=[team for team in every.values() if _mine(visit, team) and not team.closed],
            gone=[team for team in every.values() if _mine(visit, team) and team.closed],
            successor=partial(teams.successor, every=every),
            url=self.site.services.settings.public_url,
            problem=problem,
            done=said_of(request, visit, "tables.did.teams"),
        )

    async def _team(self, request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        every = await self._every()
        team = every.get(request.match_info["id"])
        if team is None:
            return self.site.missing(visit)
        said = request.query.get("done", "")
        return self.site.page(
            visit,
            "team.html",
            status=400 if problem else 200,
            team=team,
            now=teams.successor(team, every),
            others=[each for each in every.values() if not each.closed and each.id != team.id],
            url=self.site.services.settings.public_url,
            problem=problem,
            done=visit.words(f"teams.did.{said}") if said in DONE else "",
        )

    async def _add(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        name, town = (str(form.get(each, ""))[:NAME_MAX] for each in ("name", "municipality"))

        def add(connection: Transaction) -> Team:
            made = teams.add(connection, name, town)
            self._note(connection, visit, "team_added", made)
            return made

        try:
            made = await self.site.database.write(add)
        except TeamProblem:
            return await self._list(request, visit, visit.words("teams.problem"))
        return await self._changed(made, "added")

    async def _change(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, act = await request.post(), request.match_info["act"]
        typed = str(form.get("into" if act == "merge" else "name", ""))[:NAME_MAX]
        every = await self._every()
        team = every.get(request.match_info["id"])
        if team is None:
            return self.site.missing(visit)
        if act in ASKED and form.get("sure") != "yes":
            into = every.get(typed)
            if team.closed or (act == "merge" and (into is None or into.closed or into == team)):
                return await self._team(request, visit, visit.words("teams.problem.choose"))
            return self.site.page(visit, "team_ask.html", team=team, act=act, into=into)
        work, action = CHANGES[act]

        def change(connection: Transaction) -> Team:
            made = work(connection, team.id, typed)
            self._note(connection, visit, action, made)
            return made

        try:
            made = await self.site.database.write(change)
        except TeamProblem:
            return await self._team(request, visit, visit.words("teams.problem"))
        return await self._changed(made, action.removeprefix("team_"))

    async def _changed(self, team: Team, done: str) -> web.Response:
        """Who tells chooses from these teams from now on; go on to the page of the team."""
        self.site.services.shelf.follow([*(await self._every()).values()])
        return see_other(f"{HERE}/{team.id}?done={done}")

    def _note(self, connection: Transaction, visit: Visit, action: Action, team: Team) -> None:
        now = self.site.clock.now()
        told = f"{team.id} → {team.merged_into}" if team.merged_into else team.id
        audit.note(connection, visit.who, action, now, team=team.id, detail=told)

    async def _qr(self, request: web.Request, visit: Visit) -> web.Response:
        from bot.meetings import poster  # its fonts and pages slow the start

        team = (await self._every()).get(request.match_info["id"])
        if team is None or team.closed or not _mine(visit, team):
            return self.site.missing(visit)
        kind, link = request.match_info["kind"], self._link(team)
        told = poster.of_team(team.name, team.municipality, link, visit.words.language)
        body, media = await asyncio.to_thread(poster.drawn, told, kind)
        return web.Response(body=body, content_type=media, headers=HEADERS)

    def _link(self, team: Team) -> str:
        return f"{self.site.services.settings.public_url}/t/{team.code}"

    async def _every(self) -> dict[str, Team]:
        return {team.id: team for team in await self.site.database.read(teams.all_teams)}


def _mine(visit: Visit, team: Team) -> bool:
    return visit.who.role == "association" or visit.who.team == team.id
