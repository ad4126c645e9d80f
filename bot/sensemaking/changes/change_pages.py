"""A change is named in the record of a session: first it is asked, then its tellers are told. What
may point at someone is shown, and waits for a yes of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.sensemaking.changes.change_messages import hearers, tell_change
from bot.sensemaking.sessions.session_pages import HERE, ONE, SessionPages
from bot.validation.form_fields import field_text
from storage.engine.transaction import Transaction
from storage.sensemaking import changes, public_pages, record
from storage.sensemaking.changes import NamedChange
from storage.sensemaking.sessions import SenseSession
from storage.vault.vault import new_id

LONGEST = 300
_ID = 32


class ChangePages:
    """`/coordinator/sessions/<id>/record/change`."""

    def __init__(self, site: Site, pages: SessionPages, wake: Callable[[], None]) -> None:
        self.site = site
        self._pages = pages
        self._wake = wake

    def routes(self) -> list[web.RouteDef]:
        guard, led = self.site.guard, self._pages.led
        return [
            web.post(f"{ONE}/record/change", guard(led(self._ask), MODERATORS)),
            web.post(f"{ONE}/record/change/tell", guard(led(self._tell), MODERATORS)),
            web.post(f"{ONE}/record/change/offer", guard(led(self._offer), MODERATORS)),
        ]

    async def _ask(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """What will be said, and to how many; of a few only that they are few."""
        change = await self._named(request, session)
        if change is None:
            return await self._problem(request, visit, session)
        return await self._shown(visit, session, change)

    async def _shown(
        self, visit: Visit, session: SenseSession, change: NamedChange
    ) -> web.StreamResponse:
        services = self.site.services
        heard = await self.site.database.read(lambda s: len(hearers(s, change.decision_id)))
        k = services.settings.privacy.small_number
        return self.site.page(
            visit,
            "session_change.html",
            session=session,
            change=change,
            heard=heard if heard >= k else None,
            k=k,
            clues=clues(change.text),
            today=self.site.today(),
            problem="",
            there=f"{HERE}/{session.id}",
        )

    async def _tell(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        change = await self._named(request, session)
        if change is None:
            return await self._problem(request, visit, session)
        if clues(change.text) and "sure" not in await request.post():
            return await self._shown(visit, session, change)
        now, services = self.site.clock.now(), self.site.services

        def tell(connection: Transaction) -> int:
            return tell_change(connection, services, change, now)

        if await self.site.database.write(tell):
            self._wake()
        return see_other(f"{HERE}/{session.id}/record#decision-{change.decision_id}")

    async def _offer(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """A change may stand on public pages from now on, or not any more."""
        form = await request.post()
        wanted, public = str(form.get("change", "")), form.get("public") == "yes"

        def offer(connection: Transaction) -> str:
            decided = [each.id for each in record.decisions(connection, session.id)]
            found = changes.of_decisions(connection, decided)
            of = next((d for d, some in found.items() for e in some if e.id == wanted), "")
            if of:
                public_pages.offer(connection, wanted, public=public)
            return of

        decision_id = await self.site.database.write(offer)
        if not decision_id:
            return self.site.missing(visit)
        return see_other(f"{HERE}/{session.id}/record#decision-{decision_id}")

    async def _named(self, request: web.Request, session: SenseSession) -> NamedChange | None:
        """The change of a form. Its id is made once, so that a form that is sent twice names one
        change. None: it does not say what changed, when, and after which decision."""
        form = await request.post()
        text = field_text(form.get("text"), LONGEST)
        decision_id, day = str(form.get("decision", "")), str(form.get("day", ""))
        decision = await self.site.database.read(lambda s: record.decision(s, decision_id))
        known = decision is not None and decision.session_id == session.id
        if not (known and text and "" < day <= self.site.today() and _is_past_day(day)):
            return None
        its_id = str(form.get("change", ""))
        return NamedChange(its_id if _is_id(its_id) else new_id(), decision_id, day, text)

    async def _problem(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """What is wrong, with the form as it was filled in."""
        form = await request.post()
        return self.site.page(
            visit,
            "session_change.html",
            status=400,
            session=session,
            problem=visit.words("session.change.problem"),
            form={name: str(form.get(name, "")) for name in ("decision", "text", "day")},
            today=self.site.today(),
            there=f"{HERE}/{session.id}",
        )


async def justice_section(site: Site, visit: Visit) -> Markup:
    """To which share of tellers it did justice, on the overview; nothing when too few answered."""
    justice = await site.database.read(changes.justice)
    if justice is None:
        return Markup()
    return site.part(visit, "justice_section.html", justice=justice)


def clues(text: str) -> list[str]:
    """The words of a change that may point at someone."""
    from conversations.redaction.find import find  # it is long, and hardly ever needed

    return [text[span.start : span.end] for span in find(text)]


def _is_past_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_id(text: str) -> bool:
    return len(text) == _ID and set(text) <= set("0123456789abcdef")
