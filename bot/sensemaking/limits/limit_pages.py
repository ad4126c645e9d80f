"""`/coordinator/limits`: what could not be done, what was tried instead, and what did work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.coordinators.filters import address, pairs
from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.coordinators.questions import Questions, questions_of
from bot.coordinators.story_texts import one_sentence
from bot.helper.tasks import task
from bot.sensemaking.limits.quarterly import MARK
from bot.sensemaking.sessions.session_pages import HERE as SESSIONS
from bot.sensemaking.sessions.session_setup import prepare
from bot.sensemaking.sessions.story_pick import asked_of, proposed
from bot.services import Services
from conversations.sensemaking.limits import (
    PROMISED,
    SAID,
    SIDES,
    LimitCounts,
    LimitSide,
    counted,
    sides_of,
)
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import patterns
from storage.stories import reading
from storage.stories.reading import Answered, Filters
from storage.stories.rows import Story
from storage.weeks import week_of, weeks_before

HERE = "/coordinator/limits"
WEEKS = 52
SHOWN = 3
"""Stories of each side that are shown."""
CARDS: dict[LimitSide, int] = {"not": 6, "instead": 2, "did": 4}
"""Cards of each side in a session about it."""


@dataclass(frozen=True, slots=True)
class LimitCell:
    """One side of a question: how many stories, the address behind it, and each answer apart."""

    count: int
    link: str
    answers: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A question and its sides; `promise`: the one that it is held against."""

    label: str
    promise: str
    cells: dict[LimitSide, LimitCell]


@dataclass(frozen=True, slots=True)
class LimitView:
    """All that the page shows; exact, over what somebody may read."""

    total: int
    rows: Sequence[LimitRow]
    counts: LimitCounts
    stories: dict[LimitSide, list[Story]]
    promises: Sequence[tuple[str, int, int]]


@task
def limit_view(
    session: Snapshot, services: Services, who: Coordinator, filters: Filters
) -> LimitView:
    """What the stories that the filters leave say."""
    told = reading.answered(session, who, filters)
    asked = asked_of(session, services, told, who.language)
    counts = counted(each.answers for each in told)
    by_side: dict[LimitSide, list[Story]] = {side: [] for side in SIDES}
    for each in told:
        for side in SIDES:  # newest first
            if len(by_side[side]) < SHOWN and _belongs(each, side):
                story = reading.one(session, who, each.id)
                by_side[side] += [story] if story is not None else []
    promises = [
        (promise, counts.promises[promise, "not"], counts.promises[promise, "did"])
        for promise in (
            "own_life",
            "context",
            "easy_access",
            "tailored",
            "together",
            "possible",
        )
    ]
    rows = [_row(asked, counts, filters, step) for step in SAID]
    return LimitView(
        len(told),
        [each for each in rows if any(cell.count for cell in each.cells.values())],
        counts,
        by_side,
        [each for each in promises if each[1] or each[2]],
    )


def _row(asked: Questions, counts: LimitCounts, filters: Filters, step: str) -> LimitRow:
    known = asked.called(step)
    labels = {answer: label for each in reversed(known) for answer, label in each.answers}
    cells = {}
    for side, wanted in SAID[step].items():
        found = [(labels.get(each, each), counts.answers[step, each]) for each in wanted]
        link = address("/coordinator/stories", filters, answer=f"{step}:{','.join(wanted)}")
        cells[side] = LimitCell(counts.side(step, side), link, [e for e in found if e[1]])
    label = known[0].short if known else step
    return LimitRow(label, PROMISED.get(step, ""), cells)


class LimitPages:
    """The view, and a session about it in one tap."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._show, EVERYONE)),
            web.post(HERE, guard(self._prepare, MODERATORS)),
        ]

    async def _show(
        self, request: web.Request, visit: Visit, problem: str = ""
    ) -> web.StreamResponse:
        wide = not visit.who.team or request.query.get("all") == "yes"
        filters = self._filters("" if wide else visit.who.team)
        view = await self.site.helper.ask(limit_view, visit.who, filters)
        shown = sum(map(len, view.stories.values()))
        await self.site.note(visit, "listed", detail=str(shown))
        return self.site.page(
            visit,
            "limits.html",
            status=400 if problem else 200,
            view=view,
            sides=SIDES,
            wide=wide,
            problem=problem,
            sentence=one_sentence,
            here_at=HERE,
        )

    async def _prepare(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """A session with cards of all sides, and a pattern to predict on: its pack is ready."""
        who, said = visit.who, visit.words
        filters = self._filters(who.team)

        def choose(_reads: Snapshot, told: Sequence[Answered]) -> list[str]:
            found: list[str] = []
            for side, many in CARDS.items():
                mine = [each for each in told if _belongs(each, side) and each.id not in found]
                found += proposed(mine, None, (), many)
            return found if any(sides_of(e.answers) - {"did"} for e in told) else []

        asked = await self.site.database.read(lambda s: self._asked(s, visit, filters))
        made = await prepare(
            self.site,
            who,
            choose,
            title=said("limits.session"),
            question=asked[0] if asked else "",
            query=f"{urlencode(pairs(filters))}&{MARK}",
            sits="team" if who.team else "network",
        )
        if made is None:
            return await self._show(request, visit, said("limits.none"))
        if asked:

            def add(connection: Transaction) -> None:
                readings = [
                    (said(f"limits.reading.{n}"), said(f"limits.reading.{n}.who")) for n in (1, 2)
                ]
                observation = said("limits.observation")
                patterns.add(connection, made.id, asked[0], "", observation, readings, "yes")

            await self.site.database.write(add)
        return see_other(f"{SESSIONS}/{made.id}")

    def _asked(self, session: Snapshot, visit: Visit, filters: Filters) -> list[str]:
        """The question whether what was needed came, by its key; the one that most answered."""
        told = reading.answered(session, visit.who, filters)
        asked = questions_of(
            self.site.services.shelf,
            session,
            {(each.guide, each.fingerprint) for each in told},
            visit.who.language,
        )
        able = [
            (sum(q.answered(each.guide, each.answers) for each in told), q.key)
            for q in asked.called("need_met")
        ]
        return [key for count, key in sorted(able, reverse=True) if count]

    def _filters(self, team: str) -> Filters:
        return Filters(team=team, first=weeks_before(week_of(self.site.clock.now()), WEEKS))


def _belongs(story: Answered, side: LimitSide) -> bool:
    """On which side a story is shown: what only worked, or what could not."""
    sides = sides_of(story.answers)
    match side:
        case "did":
            return sides == {"did"}
        case "instead":
            return "instead" in sides
    return "not" in sides and "instead" not in sides
