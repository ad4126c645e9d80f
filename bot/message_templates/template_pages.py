"""`/coordinator/whatsapp`: the templates as Meta has them, and what a person must mend. What stands
there was posted by Meta; only a tap asks Meta anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from aiohttp import web
from markupsafe import Markup

from bot.channels.base import SendError
from bot.channels.whatsapp.cloud_api import WhatsApp
from bot.channels.whatsapp.graph_errors import Halted
from bot.channels.whatsapp.standstill import WhatsAppTrouble
from bot.coordinators.pages.rooms import Room
from bot.coordinators.pages.site import Site, Visit
from bot.settings import WhatsAppSettings
from storage.coordinators.coordinators import Role
from storage.whatsapp import account_facts, templates
from storage.whatsapp.account_facts import AccountFact
from storage.whatsapp.templates import Template

HERE = "/coordinator/whatsapp"
ASSOCIATION: tuple[Role, ...] = ("association",)
GOES = ("APPROVED", "FLAGGED", "REINSTATED")
"""States in which a template may be sent."""
STATES = (
    *GOES, "PENDING", "IN_APPEAL", "REJECTED", "PAUSED", "DISABLED", "PENDING_DELETION", "DELETED",
    "LIMIT_EXCEEDED", "ABSENT",
)  # fmt: skip
"""States that there are words for; ABSENT is ours."""
REASONS = (
    "ABUSIVE_CONTENT", "INCORRECT_CATEGORY", "INVALID_FORMAT", "PROMOTIONAL", "SCAM",
    "TAG_CONTENT_MISMATCH",
)  # fmt: skip

WARNINGS = {"quality", "ban", "violation"}
"""What Meta says of an account that somebody must look at."""
REMEMBERED = timedelta(days=30)
"""So long it is said that a rule was broken: nobody tells when that is over."""


@dataclass(frozen=True, slots=True)
class ShownTemplate:
    """A template in one language. `role` is what it is needed for here (empty: nothing); `words`
    the keys of what is said of its state and its reason (empty: only as Meta writes it)."""

    found: Template
    role: str = ""

    @property
    def goes(self) -> bool:
        return self.found.state in GOES

    @property
    def state_key(self) -> str:
        return f"whatsapp.state.{self.found.state}" if self.found.state in STATES else ""

    @property
    def reason_key(self) -> str:
        return f"whatsapp.reason.{self.found.reason}" if self.found.reason in REASONS else ""

    @property
    def dear(self) -> bool:
        """Whether Meta counts it as marketing, which it may withhold."""
        return self.found.category == "MARKETING"


def shown(known: Iterable[Template], config: WhatsAppSettings) -> list[ShownTemplate]:
    """Those that are needed first, also when Meta has none of that name; then all others."""
    found = {(each.name, each.language): each for each in known}
    needed = [(config.bell_template, "bell")]
    if config.mode == "conversation":
        needed.append((config.question_template, "question"))
    rows = []
    for name, role in needed:
        for language in config.languages:
            absent = Template(name, language, "ABSENT")
            rows.append(ShownTemplate(found.pop((name, language), absent), role))
    return rows + [ShownTemplate(each) for each in found.values()]


class WhatsAppPages:
    """The page. Without a `channel` it says that WhatsApp is not switched on."""

    def __init__(self, site: Site, channel: WhatsApp | None) -> None:
        self.site = site
        self._channel = channel

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._show, ASSOCIATION)),
            web.post(HERE, guard(self._ask, ASSOCIATION)),
        ]

    async def _show(
        self, _request: web.Request, visit: Visit, *, said: str = "", mend: str = ""
    ) -> web.Response:
        rows = await _rows(self.site)
        return self.site.page(
            visit,
            "whatsapp_templates.html",
            rows=rows,
            channel=self._channel,
            trouble=await _trouble(self._channel),
            told=await _told(self.site),
            can_ask=bool(self.site.services.settings.whatsapp.business_account_id),
            said=said,
            mend=mend,
        )

    async def _ask(self, request: web.Request, visit: Visit) -> web.Response:
        """Ask Meta, keep what it says and show it."""
        if self._channel is None or not self.site.services.settings.whatsapp.business_account_id:
            return await self._show(request, visit)
        try:
            await self._channel.ask_templates()
        except Halted as error:
            return await self._show(request, visit, said="whatsapp.unasked", mend=error.cause)
        except SendError:
            return await self._show(request, visit, said="whatsapp.unasked")
        return await self._show(request, visit, said="whatsapp.asked")


async def _rows(site: Site) -> Sequence[ShownTemplate]:
    return shown(await site.database.read(templates.listed), site.services.settings.whatsapp)


async def _told(site: Site) -> dict[str, AccountFact]:
    """What Meta said of the account, as far as it still matters."""
    found = await site.database.read(account_facts.known)
    long_ago = site.clock.now() - REMEMBERED
    return {name: each for name, each in found.items() if name != "violation" or each.at > long_ago}


async def _section(channel: WhatsApp | None, site: Site, visit: Visit) -> Markup:
    """On the overview of the association: the way there, and whether something must be mended."""
    if channel is None or visit.who.role not in ASSOCIATION:
        return Markup()
    waits = [each for each in await _rows(site) if each.role and not each.goes]
    warned = WARNINGS & {*await _told(site)}
    return site.part(
        visit,
        "whatsapp_section.html",
        trouble=await _trouble(channel),
        waits=len(waits),
        warned=warned,
    )


async def _trouble(channel: WhatsApp | None) -> WhatsAppTrouble | None:
    """What stops the channel, also when another process heard so."""
    if channel is None:
        return None
    await channel.standstill.look()
    return channel.standstill.trouble


def whatsapp_room(channel: WhatsApp | None) -> Room:
    """The page of WhatsApp and its place on the overview, for the wiring to hand in."""
    return Room(
        Path(__file__).parent / "templates",
        lambda site: [WhatsAppPages(site, channel)],
        partial(_section, channel),
    )
