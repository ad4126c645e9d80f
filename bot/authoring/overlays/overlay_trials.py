"""A team tries a guide with its own questions, as they are saved or as they are typed: the
rehearsal of the workbench, from the first step or from one of these questions."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk, TriedGuide
from bot.authoring.guide_edits import HERE
from bot.authoring.overlays.overlay_pages import OverlayPages
from bot.authoring.overlays.unsaved_overlays import PREFIX
from bot.authoring.trial_pages import LOADING, TrialPages
from bot.coordinators.pages.site import MODERATORS, Visit

PHONE = f"{HERE}/{{id}}/overlay/phone/{{team}}/{{step}}"


class OverlayTrials:
    """`/coordinator/guides/<id>/overlay/phone/<team>/<step>` (`-`: the first; `unsaved.…`: what was
    typed, from the first)."""

    def __init__(self, desk: GuideDesk, overlays: OverlayPages, trials: TrialPages) -> None:
        self.desk = desk
        self.overlays = overlays
        self.trials = trials

    def routes(self) -> list[web.RouteDef]:
        return [
            self.overlays.get(PHONE, self._phone, MODERATORS),
            self.overlays.get(f"{PHONE}/{LOADING}", self._socket, MODERATORS),
        ]

    async def _phone(self, request: web.Request, visit: Visit) -> web.Response:
        if await self._tried(request, visit) is None:
            return self.overlays.site.missing(visit)
        return self.trials.chat(request, PHONE.format(**request.match_info))

    async def _socket(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        step = request.match_info["step"]
        tried = await self._tried(request, visit)
        first = step == "-" or step.startswith(PREFIX)
        return await self.trials.talk(request, tried, "" if first else step)

    async def _tried(self, request: web.Request, visit: Visit) -> TriedGuide | None:
        """The guide of today with what a team adds, of a team that this coordinator may change."""
        guide = request.match_info["id"]
        team = (await self.overlays.teams_of(visit)).get(request.match_info["team"])
        if team is None or guide not in self.desk.shelf.library.ids:
            return None
        step = request.match_info["step"]
        if step.startswith(PREFIX):
            overlay = self.overlays.unsaved.find(visit.who.id, step)
            if overlay is None or (overlay.guide, overlay.team) != (guide, team.id):
                return None
        else:
            overlay = await self.overlays.saved(team, guide)
        return await asyncio.to_thread(self.desk.tried_with, overlay) if overlay else None
