"""The facilitator's screen: who takes part, the rounds one by one, and what left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.pages.site import EVERYONE, HEADERS, MODERATORS, Site, Visit, see_other
from bot.coordinators.questions import Questions
from bot.meetings import qr
from bot.sensemaking.sessions.round_results import (
    close_predictions,
    close_votes,
    observed_now,
    open_pattern,
    seen_by,
)
from bot.sensemaking.sessions.session_pages import HERE, ONE, SessionPages
from bot.sensemaking.sessions.story_pick import asked_of, stories_of
from conversations.sensemaking.rounds import bound_in, bridging_rank
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import patterns, rounds, session_cards, sessions
from storage.sensemaking.patterns import Interpretation, SessionPattern
from storage.sensemaking.sessions import SenseSession, SessionState
from storage.stories import uses
from storage.stories.rows import Story

Tell = Callable[[Transaction, SenseSession], None]
"""Tells who takes part what is asked now."""
ACTS = ("open", "end", "predict", "vote", "record", "close")
"""What who leads can do."""


@dataclass(frozen=True, slots=True)
class Under:
    """How a session stands: its patterns, what left, how many take part and answered."""

    patterns: list[SessionPattern]
    results: dict[str, dict[str, Any]]
    here: int
    given: int
    asked: Questions


class FacilitatorPages:
    """`/coordinator/sessions/<id>/lead`, and its cards on a screen."""

    def __init__(
        self, site: Site, pages: SessionPages, tell: Tell, wake: Callable[[], None]
    ) -> None:
        self.site = site
        self._pages = pages
        self._tell = tell
        self._wake = wake

    def routes(self) -> list[web.RouteDef]:
        guard, of, led = self.site.guard, self._pages.of, self._pages.led
        return [
            web.get(f"{ONE}/lead", guard(led(self._lead), MODERATORS)),
            web.post(f"{ONE}/lead", guard(led(self._act), MODERATORS)),
            web.get(f"{ONE}/count", guard(led(self._count), MODERATORS)),
            web.post(f"{ONE}/reading", guard(led(self._reading), MODERATORS)),
            web.get(f"{ONE}/screen/{{place:[0-9]{{1,3}}}}", guard(of(self._screen), EVERYONE)),
        ]

    async def _lead(
        self, _request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        under = await self.site.database.read(lambda s: self._under(s, visit, session))
        url = self.site.services.settings.public_url
        order = sorted(under.patterns, key=lambda each: -_gap(under, each))
        return self.site.page(
            visit,
            "session_lead.html",
            session=session,
            under=under,
            order=order,
            readings=lambda pattern: _readings(under, pattern),
            bound=bound_in,
            k=self.site.services.settings.privacy.small_number,
            there=f"{HERE}/{session.id}",
            join=f"{url}/s/{session.code}",
            code=await _drawn(f"{url}/s/{session.code}"),
        )

    def _under(self, reads: Snapshot, visit: Visit, session: SenseSession) -> Under:
        told = stories_of(reads, visit.who, session)
        return Under(
            patterns.listed(reads, session.id),
            seen_by(visit.who, rounds.results(reads, session.id)),
            rounds.taking_part(reads, session.id),
            _given(reads, session),
            asked_of(reads, self.site.services, told, visit.who.language),
        )

    async def _count(
        self, _request: web.Request, _visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """How many take part and answered, for the screen that is open."""
        here, given = await self.site.database.read(
            lambda s: (rounds.taking_part(s, session.id), _given(s, session))
        )
        return web.json_response({"here": here, "given": given}, headers=HEADERS)

    async def _act(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        form = await request.post()
        act, wanted = str(form.get("act", "")), str(form.get("pattern", ""))
        services = self.site.services
        observed = await self.site.database.read(
            lambda s: observed_now(s, services, visit.who, session)
        )
        await self.site.database.write(lambda c: self._go(c, session.id, act, wanted, observed))
        self._wake()
        return see_other(f"{HERE}/{session.id}/{'record' if act == 'record' else 'lead'}")

    def _go(
        self,
        connection: Transaction,
        session_id: str,
        act: str,
        wanted: str,
        observed: Mapping[str, int | None],
    ) -> None:
        """One step of a session. A round that is open closes first, but not because another is
        opened: a tap that came twice, or from an old page. What was done already stays."""
        services, now = self.site.services, self.site.clock.now()
        session = sessions.known(connection, session_id)
        if session is None or session.state == "closed":
            return
        opens: dict[str, SessionState] = {"predict": "predicting", "vote": "interpreting"}
        pattern = open_pattern(connection, session)
        if act not in ACTS or (pattern is not None and act in opens):
            return
        if pattern is not None:
            if session.state == "interpreting":
                close_votes(connection, services, session, pattern)
            elif pattern.id not in observed:  # it opened a moment ago, on another page
                return
            else:
                close_predictions(connection, services, session, pattern, observed[pattern.id])
        match act:
            case "open" | "end":
                session = sessions.go_to(connection, session, "open", now)
            case "predict" | "vote":
                known = {each.id for each in patterns.listed(connection, session.id)}
                done = rounds.results(connection, session.id)
                if wanted not in known or f"{act}:{wanted}" in done:
                    sessions.go_to(connection, session, "open", now)
                    return
                session = sessions.go_to(connection, session, opens[act], now, wanted)
            case "record":
                session = sessions.go_to(connection, session, "recording", now)
            case "close":
                self._tell(connection, replace(session, state="closed", round=""))
                sessions.go_to(connection, session, "closed", now)
                return
        self._tell(connection, session)

    async def _reading(
        self, request: web.Request, _visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """Let the group see an interpretation that a participant added, or take it away."""
        form = await request.post()
        wanted, shows = str(form.get("reading", "")), form.get("act") == "show"
        change = patterns.show_reading if shows else patterns.remove_reading
        await self.site.database.write(lambda c: change(c, session.id, wanted))
        return see_other(f"{HERE}/{session.id}/lead")

    async def _screen(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """One card, large; that it was shown is written."""
        place = int(request.match_info["place"])
        now = self.site.clock.now()

        def show(connection: Transaction) -> tuple[int, Story | None, int]:
            table = session_cards.on_table(connection, session, visit.who)
            card = table[place] if place < len(table) else None
            story = card.story if card else None
            if story is not None and not uses.write(
                connection, "session", session.sits, session.id, [story.id], now
            ):
                story = None
            return len(table), story, card.number if card else 0

        many, story, number = await self.site.database.write(show)
        if place >= many:
            return self.site.missing(visit)
        return self.site.page(
            visit,
            "session_screen.html",
            session=session,
            story=story,
            number=number,
            place=place,
            many=many,
            there=f"{HERE}/{session.id}",
        )


def _given(reads: Snapshot, session: SenseSession) -> int:
    votes = session.state == "interpreting"
    return rounds.answered(reads, session.round, votes=votes) if session.round else 0


def _gap(under: Under, pattern: SessionPattern) -> int:
    """How far a prediction was off, of all or of a role: two roles that err to opposite sides are
    right together."""
    gaps = under.results.get(f"predict:{pattern.id}", {}).get("gap", {})
    return max(map(int, gaps.values()), default=-1)


def _readings(under: Under, pattern: SessionPattern) -> list[Interpretation]:
    """The interpretations of a pattern; once the votes left, those that all roles hold possible
    first."""
    left = under.results.get(f"vote:{pattern.id}", {})
    return sorted(
        pattern.interpretations,
        key=lambda each: -bridging_rank(left.get(each.id, {}).get("shares", {})),
    )


async def _drawn(link: str) -> Markup:
    return Markup(qr.svg(link))  # noqa: S704 - made here, out of an address of our own
