"""Tables of teams and of coordinators that come in: shown before anybody is added, then added."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.coordinators.access_tables import (
    ReaderRow,
    add_readers,
    add_teams,
    open_reader_table,
    open_team_table,
    reader_rows,
    team_rows,
)
from bot.coordinators.held_upload import Upload, uploaded
from bot.coordinators.pages.access import manages
from bot.coordinators.pages.site import ASSOCIATION, MODERATORS, Site, Visit, see_other
from bot.meetings.typed.people_table import OpenedTable
from bot.spreadsheets.table_problems import RowProblem, explain_row, explain_table
from storage.coordinators import audit, coordinators, teams
from storage.coordinators.coordinators import Coordinator, Role
from storage.coordinators.teams import Team, TeamProblem
from storage.engine.transaction import Reads, Transaction
from storage.weeks import week_of

SHOWN = 30
"""Rows that are shown before they are taken over."""
TOLD = 60
"""Rows that were not taken, and are told one by one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table is about: the page that it comes from, how it is opened, and its sentences."""

    name: str
    page: str
    open: Callable[[bytes], OpenedTable]


TEAMS = Kind("teams", "/coordinator/teams", open_team_table)
READERS = Kind("people", "/coordinator/people", open_reader_table)


class TableUploads:
    """`/coordinator/teams/import` and `/coordinator/people/import`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.post(f"{TEAMS.page}/import", guard(self._teams, ASSOCIATION)),
            web.post(f"{READERS.page}/import", guard(self._readers, MODERATORS)),
        ]

    async def _teams(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        upload, opened = await self._opened(request, visit, TEAMS)
        if upload is None:
            return self._shown(visit, TEAMS, None, opened, (), ())
        form = await request.post()
        rows, wrong = await self.site.database.read(
            lambda session: team_rows(opened, teams.all_teams(session))
        )
        if form.get("act") != "store" or not rows:
            shown = [(row.line, row.name, row.municipality) for row in rows]
            return self._shown(visit, TEAMS, upload, opened, shown, wrong)
        try:
            added = await self.site.database.write(lambda c: self._add_teams(c, visit, opened))
        except TeamProblem:  # one was added meanwhile: look again
            return see_other(TEAMS.page)
        self.site.services.shelf.follow(await self.site.database.read(teams.all_teams))
        return see_other(f"{TEAMS.page}?added={added}")

    def _add_teams(self, connection: Transaction, visit: Visit, opened: OpenedTable) -> int:
        now = self.site.clock.now()
        rows, _ = team_rows(opened, teams.all_teams(connection))
        for made in add_teams(connection, rows):
            audit.note(connection, visit.who, "team_added", now, team=made.id, detail=made.id)
        return len(rows)

    async def _readers(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        upload, opened = await self._opened(request, visit, READERS)
        if upload is None:
            return self._shown(visit, READERS, None, opened, (), ())
        form = await request.post()
        rows, wrong = await self.site.database.read(
            lambda session: self._reader_rows(session, visit, opened)
        )
        if form.get("act") != "store" or not rows:
            return self._shown(visit, READERS, upload, opened, _described(visit, rows), wrong)
        try:
            added = await self.site.database.write(lambda c: self._add_readers(c, visit, opened))
        except ValueError:  # a team was closed meanwhile: look again
            return see_other(READERS.page)
        return see_other(f"{READERS.page}?added={added}")

    def _reader_rows(
        self, reads: Reads, visit: Visit, opened: OpenedTable
    ) -> tuple[list[ReaderRow], list[RowProblem]]:
        def may(role: Role, team: str) -> bool:
            return manages(visit.who, Coordinator(id="", role=role, team=team, name=""))

        known = coordinators.listed(reads)
        mine = [each for each in known if manages(visit.who, each)]
        return reader_rows(opened, teams.all_teams(reads), mine, may)

    def _add_readers(self, connection: Transaction, visit: Visit, opened: OpenedTable) -> int:
        now = self.site.clock.now()
        rows, _ = self._reader_rows(connection, visit, opened)
        for made in add_readers(connection, rows, week_of(now), visit.who.language):
            audit.note(
                connection, visit.who, "coordinator_added", now, team=made.team,
                detail=made.role)  # fmt: skip
        return len(rows)

    async def _opened(
        self, request: web.Request, visit: Visit, kind: Kind
    ) -> tuple[Upload | None, OpenedTable]:
        """The file that came, or that the form carried along, and what is in it."""
        form, vault, now = await request.post(), self.site.services.vault, self.site.clock.now()
        upload = uploaded(form, vault, _use(visit, kind), now)
        if upload is None:
            return None, OpenedTable(None)
        return upload, await asyncio.to_thread(kind.open, upload.data)

    def _shown(
        self,
        visit: Visit,
        kind: Kind,
        upload: Upload | None,
        opened: OpenedTable,
        rows: Sequence[tuple[int, str, str]],
        wrong: Sequence[RowProblem],
    ) -> web.Response:
        """What a file would bring, before anything is kept of it."""
        vault, now, language = self.site.services.vault, self.site.clock.now(), visit.words.language
        lost = [one for one in opened.told if one.lost]
        return self.site.page(
            visit,
            "table_preview.html",
            status=200 if rows else 400,
            kind=kind,
            name=upload.name if upload else "",
            held=upload.sealed(vault, _use(visit, kind), now) if upload and rows else "",
            rows=rows[:SHOWN],
            n=len(rows),
            problems=[explain_table(one, language) for one in lost],
            notes=[explain_table(one, language) for one in opened.told if not one.lost],
            wrong=[explain_row(one, language) for one in wrong[:TOLD]],
            more=max(0, len(wrong) - TOLD),
        )


def _use(visit: Visit, kind: Kind) -> str:
    return f"{kind.name}:{visit.who.id}"


def _described(visit: Visit, rows: Sequence[ReaderRow]) -> list[tuple[int, str, str]]:
    return [
        (
            row.line,
            row.name,
            " · ".join(filter(None, (row.address, _role(visit, row.role, row.team)))),
        )
        for row in rows
    ]


def _role(visit: Visit, role: Role, team: Team | None) -> str:
    said = visit.words(f"role.{role}")
    return f"{said} · {teams.full_name(team)}" if team else said
