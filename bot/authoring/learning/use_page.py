"""The page that shows how a guide is used: sums on its diagram, and in a table."""

from __future__ import annotations

from aiohttp import web

from bot.authoring.learning.flow import flow_of
from bot.authoring.learning.wordings import compared
from bot.authoring.step_names import names_told
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from bot.slots import facts
from conversations.checks.draw import draw
from storage.guides import use_counts
from storage.guides.use_counts import VersionUse

PAGE = "/coordinator/guides/{id}/use"


class UsePage:
    """`/coordinator/guides/<id>/use`; `?version=` shows an earlier version."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PAGE, self.site.guard(self._show, MODERATORS))]

    async def _show(self, request: web.Request, visit: Visit) -> web.Response:
        guide_id, services = request.match_info["id"], self.site.services
        shelf = services.shelf
        try:
            guide = shelf.today(guide_id, visit.words.language)
        except KeyError:
            return self.site.missing(visit)
        versions = await self.site.database.read(lambda s: use_counts.by_version(s, guide_id))
        wanted = request.query.get("version", "")
        chosen = next((each for each in versions if each.fingerprint == wanted), None)
        use = chosen or next(
            (each for each in versions if each.fingerprint == guide.fingerprint),
            versions[0] if versions else VersionUse(guide.fingerprint, "", ""),
        )
        if use.fingerprint != guide.fingerprint:
            told = {(guide_id, use.fingerprint)}
            older = await self.site.database.read(
                lambda s: shelf.versions(s, told, visit.words.language)
            )
            guide = older[0] if older else guide
        names = names_told(visit.words, guide, facts(services.settings, guide.phrases, {}))
        return self.site.page(
            visit,
            "guide_use.html",
            guide=guide,
            today=shelf.today(guide_id, visit.words.language).fingerprint,
            use=use,
            versions=versions,
            flow=flow_of(guide, use, names),
            diagram=draw(guide, use.marks),
            small=services.settings.privacy.small_number,
            compared=compared(visit.words, guide, use, services.settings.privacy.small_number),
            names=names,
        )
