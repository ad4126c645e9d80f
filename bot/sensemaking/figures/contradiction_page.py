"""The page of contradictions: what is expected is stated first, then it is looked at."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.coordinators.questions import Questions, questions
from bot.sensemaking.figures.contradictions import (
    card_sentences,
    contradictions_in,
)
from bot.sensemaking.figures.import_pages import HERE
from bot.sensemaking.figures.scope import own_municipality
from storage.engine.transaction import Transaction
from storage.figures import expectations, figures
from storage.weeks import quarter_of, week_of

PAGE = f"{HERE}/contradictions"
STATED_MAX = 20
"""Expectations of a quarter: with more of them nothing can be found any more."""


class ContradictionPage:
    """`/coordinator/figures/contradictions`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(PAGE, guard(self._show, EVERYONE)),
            web.post(PAGE, guard(self._state, MODERATORS)),
        ]

    async def _show(self, _request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        own = await own_municipality(self.site, visit)
        mine = None if visit.who.role == "association" else [own]
        now = self.site.clock.now()
        report = await self.site.helper.ask(contradictions_in, visit.who, now)
        known = await self.site.database.read(lambda session: figures.listed(session, mine))
        clear = {card.stated.id for card in report.cards}
        told = [
            (card_sentences(visit.words, each), each.stated.id in clear) for each in report.every
        ]
        return self.site.page(
            visit,
            "contradictions.html",
            status=400 if problem else 200,
            known=known,
            asked=self._asked(visit),
            cards=[sentences for sentences, shown in told if shown],
            rest=[sentences for sentences, shown in told if not shown],
            problem=problem,
            full=len(report.every) >= STATED_MAX,
            most=STATED_MAX,
            quarter=quarter_of(week_of(now)),
        )

    def _asked(self, visit: Visit) -> Questions:
        """The questions of today that can be counted."""
        found = Questions()
        library = self.site.services.shelf.library
        for key, each in questions(library, visit.who.language).items():
            if each.shape != "triad":
                found[key] = each
        return found

    async def _state(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        question, _, answer = str(form.get("answer", ""))[:200].rpartition("|")
        asked = self._asked(visit).get(question)
        expected = {"more": 1, "less": -1}.get(str(form.get("expected", "")))
        known = asked is not None and answer in {each for each, _ in asked.answers}
        own = await own_municipality(self.site, visit)
        mine = None if visit.who.role == "association" else [own]
        now, indicator = self.site.clock.now(), str(form.get("indicator", ""))
        quarter, team = quarter_of(week_of(now)), visit.who.team

        def state(connection: Transaction) -> str:
            if indicator not in {each.id for each in figures.listed(connection, mine)}:
                return "contradiction.choose"
            if len(expectations.of_quarter(connection, quarter, team)) >= STATED_MAX:
                return "contradiction.full"
            stated = (indicator, question, answer, expected or 1)
            new = expectations.state(
                connection, stated, now, quarter=quarter, team=team, who=visit.who.id
            )
            return "" if new else "contradiction.twice"

        if not known or expected is None:
            return await self._show(request, visit, visit.words("contradiction.choose"))
        problem = await self.site.database.write(state)
        if problem:
            return await self._show(request, visit, visit.words(problem, n=STATED_MAX))
        return see_other(PAGE)
