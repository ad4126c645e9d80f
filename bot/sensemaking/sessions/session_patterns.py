"""The page on which a pattern is added to a session: a chart, what is seen in it, and at least two
ways to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.filters import filters_from
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.coordinators.patterns import Pattern, PatternView
from bot.coordinators.questions import Question, Questions
from bot.sensemaking.sessions.session_pages import HERE, ONE, SessionPages
from bot.sensemaking.sessions.story_pick import asked_of, stories_of
from bot.validation.form_fields import field_text
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.sensemaking import patterns
from storage.sensemaking.patterns import TooFewReadings
from storage.sensemaking.sessions import SenseSession

LONGEST = 500
READINGS = 4
"""Ways to read a pattern that the form has room for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A pattern over the stories of a session."""

    asked: Questions
    one: Question | None
    other: Question | None
    pattern: Pattern | None


class SessionPatternPages:
    """`/coordinator/sessions/<id>/pattern`."""

    def __init__(self, site: Site, studio: ChartRenderer, pages: SessionPages) -> None:
        self.site = site
        self.studio = studio
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        guard, led = self.site.guard, self._pages.led
        return [
            web.get(f"{ONE}/pattern", guard(led(self._choose), MODERATORS)),
            web.post(f"{ONE}/pattern", guard(led(self._add), MODERATORS)),
            web.post(f"{ONE}/pattern/remove", guard(led(self._remove), MODERATORS)),
        ]

    async def _choose(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        a, b = request.query.get("a", session.question), request.query.get("b", "")
        return await self._form(visit, session, a, b)

    async def _form(
        self,
        visit: Visit,
        session: SenseSession,
        a: str,
        b: str,
        problem: str = "",
        typed: Sequence[str] = (),
        observation: str = "",
    ) -> web.StreamResponse:
        seen = await self.site.database.read(lambda s: self.see(s, visit.who, visit, session, a, b))
        return self.site.page(
            visit,
            "session_pattern.html",
            status=400 if problem else 200,
            session=session,
            seen=seen,
            pictures=await self.pictures(seen.pattern),
            readings=READINGS,
            typed=list(typed) or [""] * (2 * READINGS),
            observation=observation,
            problem=problem,
            there=f"{HERE}/{session.id}",
        )

    def see(
        self,
        reads: Snapshot,
        who: Coordinator,
        visit: Visit,
        session: SenseSession,
        a: str,
        b: str,
    ) -> Seen:
        """A pattern of one or two questions over the stories of a session."""
        told = stories_of(reads, who, session)
        asked = asked_of(reads, self.site.services, told, who.language)
        one, other = asked.find(a), asked.find(b)
        if one is other:
            other = None
        view = PatternView(told, filters_from(session.query), visit.words, merge=True)
        if one is None:
            return Seen(asked, None, None, None)
        made = view.two(one, other) if other is not None else view.one(one)
        return Seen(asked, one, other, made)

    async def pictures(self, pattern: Pattern | None) -> list[Markup]:
        """The chart as it is drawn; none where nothing can be drawn with."""
        try:
            return [
                Markup(await self.studio.draw(each))  # noqa: S704 - made by our own process out of escaped texts
                for each in (pattern.pictures if pattern is not None and pattern.n else ())
            ]
        except CannotDraw:
            return []

    async def _add(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        posted = await request.post()
        form = {name: field_text(value, LONGEST) for name, value in posted.items()}
        a, b, observation = (form.get(each, "") for each in ("a", "b", "observation"))
        typed = [form.get(f"{each}{n}", "") for n in range(READINGS) for each in ("text", "who")]
        readings = list(zip(typed[::2], typed[1::2], strict=True))
        seen = await self.site.database.read(lambda s: self.see(s, visit.who, visit, session, a, b))
        one, other = seen.one, seen.other
        problem = visit.words("session.pattern.problem")
        if one is None or one.shape == "triad":
            return await self._form(visit, session, a, b, problem, typed, observation)
        answer = form.get("answer", "") if one.shape != "scale" else ""
        if one.shape != "scale" and answer not in dict(one.answers):
            answer = one.answers[0][0]
        try:
            await self.site.database.write(
                lambda c: patterns.add(
                    c, session.id, one.key, other.key if other else "",
                    observation, readings, answer)
            )  # fmt: skip
        except TooFewReadings:
            return await self._form(visit, session, a, b, problem, typed, observation)
        return see_other(f"{HERE}/{session.id}#patterns")

    async def _remove(
        self, request: web.Request, _visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        wanted = str((await request.post()).get("pattern", ""))
        if session.state == "prepared":  # afterwards rounds, results and decisions rest on it
            await self.site.database.write(lambda c: patterns.remove(c, session.id, wanted))
        return see_other(f"{HERE}/{session.id}#patterns")
