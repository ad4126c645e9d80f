"""The pages on which a session is prepared: its stories, its cards and who leads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from bot.coordinators.filters import filters_from, pairs
from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.coordinators.questions import Question, questions
from bot.coordinators.story_texts import one_sentence
from bot.sensemaking.figures.area_page import beside_section
from bot.sensemaking.figures.contradictions import cards_in_words
from bot.sensemaking.sessions.session_setup import prepare
from bot.sensemaking.sessions.story_pick import asked_of, proposed, stories_of
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import patterns, record, rounds, session_cards, sessions
from storage.sensemaking.patterns import SessionPattern
from storage.sensemaking.session_cards import StoryCard
from storage.sensemaking.sessions import SITS, SenseSession, Sits
from storage.stories.reading import Answered, Filters
from storage.stories.rows import Story
from storage.weeks import week_of, weeks_before

HERE = "/coordinator/sessions"
ONE = HERE + "/{id:[0-9a-f]{32}}"
LONGEST = 80
PERIODS = (13, 26, 52, 0)
"""Weeks to look back; 0: all."""
OFFERED = 30
"""Stories to choose from when a card is swapped, or another one comes."""
MOST_CARDS = 24

Handler = Callable[[web.Request, Visit, SenseSession], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the page of a session shows."""

    cards: list[StoryCard]
    patterns: list[SessionPattern]
    take_out: list[tuple[int, str]]
    stories: list[Answered]
    question: Question | None
    colleagues: list[Coordinator]
    here: int
    decided: int
    contradictions: list[list[str]]


class SessionPages:
    """`/coordinator/sessions`: all of them, a new one, and one while it is prepared."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._list, EVERYONE)),
            web.post(HERE, guard(self._make, MODERATORS)),
            web.get(ONE, guard(self.of(self._one), EVERYONE)),
            web.get(
                f"{ONE}/swap/{{card:[0-9a-f]{{32}}}}", guard(self.led(self._choose), MODERATORS)
            ),
            web.post(f"{ONE}/swap", guard(self.led(self._swap), MODERATORS)),
            web.get(f"{ONE}/add", guard(self.led(self._choose), MODERATORS)),
            web.post(f"{ONE}/add", guard(self.led(self._add), MODERATORS)),
            web.post(f"{ONE}/hand", guard(self.led(self._hand_on), MODERATORS)),
            web.post(f"{ONE}/remove", guard(self.led(self._remove), MODERATORS)),
        ]

    def of(self, handler: Handler) -> Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]:
        """A page of a session that this coordinator may see."""

        async def found(request: web.Request, visit: Visit) -> web.StreamResponse:
            wanted = request.match_info["id"]
            session = await self.site.database.read(lambda s: sessions.by_id(s, visit.who, wanted))
            return (
                self.site.missing(visit)
                if session is None
                else await handler(request, visit, session)
            )

        return found

    def led(
        self, handler: Handler
    ) -> Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]:
        """A page of a session for who leads it."""

        async def mine(
            request: web.Request, visit: Visit, session: SenseSession
        ) -> web.StreamResponse:
            if not sessions.may_lead(visit.who, session):
                return self.site.page(visit, "message.html", status=403, key="error.role")
            return await handler(request, visit, session)

        return self.of(mine)

    async def _list(self, _request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        who = visit.who

        def read(session: Snapshot) -> tuple[list[SenseSession], list[teams.Team]]:
            return sessions.listed(session, who), teams.open_teams(session)

        listed, every = await self.site.database.read(read)
        asked = questions(self.site.services.shelf.library, who.language)
        return self.site.page(
            visit,
            "sessions.html",
            status=400 if problem else 200,
            sessions=listed,
            problem=problem,
            questions=[each for each in asked.values() if each.shape != "triad"],
            teams=every,
            periods=PERIODS,
            sits=[each for each in SITS if who.team or each == "network"],
        )

    async def _make(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        now, who = self.site.clock.now(), visit.who
        shelf = self.site.services.shelf
        question = questions(shelf.library, who.language).find(form.get("question", ""))
        sits: Sits = "network" if form.get("sits") != "team" or not who.team else "team"
        filters = _chosen(form, now, who, sits)
        title = " ".join(form.get("title", "").split())[:LONGEST]
        if question is not None:
            title = title or question.label[:LONGEST]
        if not title or question is None:
            return await self._list(request, visit, visit.words("sessions.problem.question"))

        def choose(reads: Snapshot, told: Sequence[Answered]) -> list[str]:
            asked = asked_of(reads, self.site.services, told, who.language)
            return proposed(told, asked.find(question.key) or question)

        made = await prepare(
            self.site,
            who,
            choose,
            title=title,
            question=question.key,
            query=urlencode(pairs(filters)),
            sits=sits,
        )
        if made is None:
            return await self._list(request, visit, visit.words("sessions.problem.none"))
        return see_other(f"{HERE}/{made.id}")

    async def _one(
        self, _request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        found = await self.site.database.read(partial(self._prepared, visit, session))
        await self.site.note(visit, "listed", detail=str(len(found.cards)))
        leads = sessions.may_lead(visit.who, session)
        url = self.site.services.settings.public_url
        team = filters_from(session.query).team
        return self.site.page(
            visit,
            "session.html",
            session=session,
            found=found,
            leads=leads,
            most=MOST_CARDS,
            sentence=one_sentence,
            answer=lambda story: answer_of(found.question, story),
            join=f"{url}/s/{session.code}",
            beside=await beside_section(self.site, visit, team, session.made_at),
            there=f"{HERE}/{session.id}",
        )

    def _prepared(self, visit: Visit, session: SenseSession, reads: Snapshot) -> Prepared:
        who = visit.who
        stories = stories_of(reads, who, session)
        asked = asked_of(reads, self.site.services, stories, who.language)
        everybody = coordinators.listed(reads)
        return Prepared(
            cards=session_cards.on_table(reads, session, who),
            patterns=patterns.listed(reads, session.id),
            take_out=session_cards.to_take_out(reads, session),
            stories=stories,
            question=asked.find(session.question),
            colleagues=[
                each
                for each in everybody
                if each.role != "reader" and each.team == session.team and each.id != who.id
            ],
            here=rounds.taking_part(reads, session.id),
            decided=len(record.decisions(reads, session.id)),
            contradictions=cards_in_words(
                reads, self.site.services, who, visit.words, self.site.clock.now(), session.made_at
            ),
        )

    async def _choose(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """Stories that could take the place of a card, or come beside all of them: those furthest
        from the others first."""
        who, wanted = visit.who, request.match_info.get("card", "")

        def fits(table: list[StoryCard], card: StoryCard | None) -> bool:
            return card is not None or (not wanted and len(table) < MOST_CARDS)

        def read(reads: Snapshot) -> tuple[bool, StoryCard | None, list[Story], Question | None]:
            table = session_cards.on_table(reads, session, who)
            told = stories_of(reads, who, session)
            asked = asked_of(reads, self.site.services, told, who.language)
            question = asked.find(session.question)
            there = {card.story_id for card in table}
            offered = proposed(told, question, there, OFFERED)
            shown = session_cards.readable(reads, session, who, offered)
            card = next((each for each in table if each.id == wanted), None)
            some = [shown[each] for each in offered if each in shown]
            return fits(table, card), card, some, question

        good, card, offered, question = await self.site.database.read(read)
        if not good:
            return self.site.missing(visit)
        await self.site.note(visit, "listed", detail=str(len(offered)))
        return self.site.page(
            visit,
            "session_swap.html",
            session=session,
            card=card,
            offered=offered,
            sentence=one_sentence,
            question=question,
            answer=lambda story: answer_of(question, story),
            there=f"{HERE}/{session.id}",
        )

    async def _swap(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        form, who = await request.post(), visit.who
        card, story = str(form.get("card", "")), str(form.get("story", ""))

        told = await self.site.database.read(lambda s: stories_of(s, who, session))
        known = not story or story in {each.id for each in told}
        if not known or not await self.site.database.write(
            lambda c: session_cards.swap(c, session, card, story)
        ):
            return self.site.missing(visit)
        return see_other(f"{HERE}/{session.id}#cards")

    async def _add(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """One card more, or one that was taken away again."""
        story = str((await request.post()).get("story", ""))
        who = visit.who
        told = await self.site.database.read(lambda s: stories_of(s, who, session))

        def add(connection: Transaction) -> bool:
            table = session_cards.on_table(connection, session, who)
            good = len(table) < MOST_CARDS and story in {each.id for each in told}
            if good:
                session_cards.put(connection, session, [story])
            return good

        if not await self.site.database.write(add):
            return self.site.missing(visit)
        return see_other(f"{HERE}/{session.id}#cards")

    async def _hand_on(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        to = str((await request.post()).get("to", ""))
        now = self.site.clock.now()

        def hand_on(connection: Transaction) -> bool:
            other = coordinators.by_id(connection, to)
            if other is None or other.role == "reader" or other.team != session.team:
                return False
            newest = sessions.known(connection, session.id)
            if newest is None or not sessions.may_lead(visit.who, newest):
                return False
            sessions.save(connection, replace(newest, facilitator=other.id), now)
            return True

        if not await self.site.database.write(hand_on):
            return self.site.missing(visit)
        return see_other(f"{HERE}/{session.id}")

    async def _remove(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        if (await request.post()).get("sure") != "yes":
            return self.site.page(
                visit, "session_remove.html", session=session, there=f"{HERE}/{session.id}"
            )
        await self.site.database.write(lambda c: sessions.remove(c, session.id))
        return see_other(HERE)


def _chosen(form: dict[str, str], now: datetime, who: Coordinator, sits: Sits) -> Filters:
    """The stories of a session: of a team or of all, over a period."""
    weeks = next((each for each in PERIODS if str(each) == form.get("weeks")), PERIODS[1])
    first = weeks_before(week_of(now), weeks) if weeks else ""
    team = who.team if sits == "team" else form.get("team", "")
    asked = urlencode({"team": team, "first": first})
    return filters_from(asked)


def answer_of(question: Question | None, story: Story) -> str | int:
    """What a story answered to a question: a place on its scale, or the answers in words."""
    if question is None:
        return ""
    told = story.telling
    place = question.place(told.guide, told.answers)
    if place is not None:
        return place
    return ", ".join(question.said(each) for each in question.given(told.guide, told.answers))
