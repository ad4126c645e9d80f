"""The dry run of a guide: what so many stories and teams can show, before they are there."""

from __future__ import annotations

import asyncio
from random import Random

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk
from bot.authoring.step_names import names_told
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from bot.slots import facts
from conversations.authoring.dry_run import Forecast, forecast
from conversations.checks.burden import STORY_WORDS
from conversations.guide.library import DUTCH
from conversations.guide.model import Guide

PAGE = "/coordinator/guides/{id}/dryrun"
MOST_STORIES, MOST_TEAMS = 5000, 400
SEED = 20261130
"""The same plan gets the same forecast."""


class DryRunPage:
    """`/coordinator/guides/<id>/dryrun?stories=120&teams=6`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PAGE, self.site.guard(self._show, MODERATORS))]

    async def _show(self, request: web.Request, visit: Visit) -> web.Response:
        guide_id, services = request.match_info["id"], self.site.services
        guide = await self._guide(guide_id, visit.words.language)
        if guide is None:
            return self.site.missing(visit)
        stories, stories_wrong = _number(request.query.get("stories", ""), MOST_STORIES)
        teams, teams_wrong = _number(request.query.get("teams", ""), MOST_TEAMS)
        known = facts(services.settings, guide.phrases, {})
        found: Forecast | None = None
        if stories and teams:
            small = services.settings.privacy.small_number
            lot = Random(SEED)  # noqa: S311 - the same forecast every time
            found = await asyncio.to_thread(
                forecast,
                guide,
                {**known, "days": "7"},
                stories=stories,
                teams=teams,
                small=small,
                chance=lot.random,
            )
        return self.site.page(
            visit,
            "guide_dryrun.html",
            status=400 if stories_wrong or teams_wrong else 200,
            guide=guide,
            stories=request.query.get("stories", "120")[:6],
            teams=request.query.get("teams", "6")[:6],
            wrong=stories_wrong or teams_wrong,
            found=found,
            story_words=STORY_WORDS,
            small=services.settings.privacy.small_number,
            names=names_told(visit.words, guide, known),
        )

    async def _guide(self, guide_id: str, language: str) -> Guide | None:
        """As people begin it; what is not open yet, as it is being written."""
        shelf = self.site.services.shelf
        if shelf.may_begin(guide_id):
            return shelf.today(guide_id, language)
        saved = await GuideDesk(self.site).as_saved(guide_id)
        return saved.told(language if language in saved.languages else DUTCH) if saved else None


def _number(typed: str, most: int) -> tuple[int, bool]:
    """A whole number from 1 up to a most; 0 for nothing, and whether it was something else."""
    typed = typed.strip()
    if not typed:
        return 0, False
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return (number, False) if 1 <= number <= most else (0, True)
