"""What each part of the workbench begins with."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk
from bot.authoring.guide_edits import HERE, GuideEdits
from bot.coordinators.pages.site import ASSOCIATION, Handler, Site
from storage.coordinators.coordinators import Role


class GuidePages:
    """Pages about guides: the site that serves them, the desk on which the guides lie, and the way
    in which they are changed. Unless a page says otherwise it is for the association alone."""

    def __init__(self, site: Site, desk: GuideDesk) -> None:
        self.site = site
        self.desk = desk
        self.edits = GuideEdits(site, desk)

    def get(
        self, path: str, handler: Handler, roles: Collection[Role] = ASSOCIATION
    ) -> web.RouteDef:
        """The route of a page: of one guide, or from `/coordinator` on of all of them."""
        return web.get(_whole(path), self.site.guard(handler, roles))

    def post(
        self, path: str, handler: Handler, roles: Collection[Role] = ASSOCIATION
    ) -> web.RouteDef:
        """The route of a form, as above."""
        return web.post(_whole(path), self.site.guard(handler, roles))


def _whole(path: str) -> str:
    return path if path.startswith("/coordinator") else f"{HERE}/{{id}}{path}"
