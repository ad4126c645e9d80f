"""A simulated year of tellers and moderators, and of coordinators who remember all they saw."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.digest.facts import Digest, audiences_of
from bot.coordinators.digest.messages import DigestMessage
from bot.guides import GuideStore
from bot.helper.tasks import InProcess
from bot.services import Services
from bot.settings import Settings
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Coordinator, Role
from storage.coordinators.teams import Team
from storage.engine.transaction import Snapshot, Transaction
from storage.gate import counts, publications
from storage.gate.publications import MEETINGS, PUBLIC
from storage.gate.publications import PUBLISHED as HEADER
from storage.stories import exports, reading, search
from storage.stories.movements import SAME_MOVEMENT
from storage.stories.permissions import ASSOCIATION, EVERYONE, NOBODY, STORY, file_purposes, is_kept
from storage.stories.reading import _CLOSED, Answered, Filters, _answered
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before, weeks_of_quarter
from tests.coordinators.exits import Exits, possible
from tests.coordinators.office import library
from tests.coordinators.year_of_stories import WORD, YearOfStories
from tests.end_to_end.kit import MovableClock
from tests.storage.stores import Store

K = 5
STRETCHES = {"left": "0-37", "middle": "38-62", "right": "63-100"}

Cell = tuple[str, str]
"""A dimension and a value."""
View = dict[tuple[str, str], Answered]
"""Stories, by id and what they answer: a changed one is another."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was shown to an audience: over which weeks and team, of which answer."""

    audience: str
    weeks: tuple[str, ...]
    team: str
    cell: Cell
    count: int
    among: frozenset[str] = frozenset()
    """The teams of a place; none: of any."""


@dataclass
class Seen:
    """A coordinator, all they could read (with the last step in which they could), and the numbers
    that they were shown."""

    who: Coordinator
    could: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: set[Number] = field(default_factory=set)

    def unread(self, stories: Iterable[tuple[str, str]], since: int) -> int:
        """How many of these they could not read at any moment since that step."""
        return sum(self.could.get(key, -1) < since for key in stories)


class Year:
    """`weeks` go by; `attack` says what can be found by subtraction."""

    def __init__(self, store: Store, seed: int, scale: int = 1) -> None:
        self.store = store
        self.rng = random.Random(seed)
        self.clock = MovableClock()
        self.house = Services(store.vault, store.log, GuideStore(library()), Settings())
        studio = ChartRenderer(InProcess(store.database, self.house))
        self.digests = WeeklyDigests(store.database, self.house, self.clock, studio, lambda: None)
        self.teams: list[Team] = []
        self.seen: list[Seen] = []
        self.left: dict[tuple[str, str], tuple[int, View]] = {}
        self.todo: list[Callable[[Transaction], object]] = []
        self.stories = YearOfStories(store, self.rng, self.clock, self.teams, scale)
        self.step = 0
        self.tries = 0
        self.exits = Exits(self.house, self.rng, K)
        self.changed: list[tuple[str, str]] = []

    async def begin(self) -> None:
        for name in ("Oost", "West"):
            await self.team(name)
        now, made = self.clock.now(), list(self.teams)
        await self.store.database.write(lambda c: self.exits.begin(c, made, now))
        await self.hire("association")
        await self.hire("team", self.teams[0])
        await self.hire("reader", self.teams[0])

    async def team(self, name: str) -> None:
        made = await self.store.database.write(lambda c: teams.add(c, name, "Zwolle"))
        self.teams.append(made)
        self.house.shelf.places = teams.places(self.teams)

    async def hire(self, role: Role, team: Team | None = None) -> None:
        team_id = team.id if team else ""
        who = await self.store.database.write(
            lambda c: coordinators.add(c, role, f"{role} {self.step}", team=team_id)
        )
        self.seen.append(await self._first_look(who))

    async def promote(self) -> None:
        """A coordinator of a team goes to the association, and remembers nothing of before."""
        old = next(seen for seen in self.seen if seen.who.role == "team")
        new = replace(old.who, role="association", team="")
        self.seen.remove(old)
        await self.store.database.write(lambda c: coordinators.save(c, new))
        who = await self.store.database.read(lambda s: coordinators.by_id(s, new.id))
        assert who is not None
        self.seen.append(await self._first_look(who))

    async def _first_look(self, who: Coordinator) -> Seen:
        return Seen(who, dict.fromkeys(await self._view(who), self.step))

    async def rename(self) -> None:
        team = self.teams[0]
        await self.store.database.write(partial(teams.rename, team_id=team.id, name="Oost!"))

    async def merge(self) -> None:
        """A team is merged into another: its coordinators keep what was told to it."""
        gone = self.teams.pop(1)
        into = self.teams[0].id
        await self.store.database.write(partial(teams.merge, team_id=gone.id, into=into))
        every = await self.store.database.read(teams.all_teams)
        self.house.shelf.places = teams.places(every)

    # -- what goes by

    async def week(self) -> None:
        """Stories are told, consents change, moderators work; then it is Monday."""
        await self.stories.week()
        self.clock.move(days=7)
        await self.look()
        if self.rng.random() < 0.3:
            await self.stories.second_thoughts()

    # -- what coordinators see

    async def look(self) -> None:
        """Everybody looks at everything: lists, patterns, search, files, digests."""
        self.step += 1
        await self._sense()
        last = weeks_before(week_of(self.clock.now()), 1)
        for seen in self.seen:
            seen.could |= dict.fromkeys(await self._view(seen.who), self.step)
        for seen in self.seen:
            if seen.who.role == "reader" or self.rng.random() < 0.4:
                continue
            asked = [seen.who.team]
            if seen.who.role == "association":
                asked.append(self.rng.choice(self.teams).id)
            back = self.rng.choice((1, 2, 5, 14, 27)) if self.rng.random() < 0.3 else 0
            for week in {last, weeks_before(last, back)}:
                for team in asked:
                    told = await self.digests.told(seen.who, week, team, "nl")
                    await self._remember_what_left()
                    self._note(seen, told, week)

    async def _sense(self) -> None:
        """What leaves by sense-making: public pages, a round of a session, the share of justice;
        and the exact views of somebody, with and without what they may not read."""
        now, exits, rng = self.clock.now(), self.exits, self.rng
        who = rng.choice([seen.who for seen in self.seen if seen.who.role != "reader"])
        looks = rng.choice(self.seen).who
        compares = self.step % 6 == 1
        view = await self._view(looks) if compares else {}
        known = set(exits.quarters)

        def work(connection: Transaction) -> None:
            exits.answer(connection)
            exits.publish(connection, now, self.teams)
            exits.leave_question(connection, [*self.stories.kept][-1], self.teams, now)
            if self.step % 4 == 0:
                left = exits.lead(connection, who, now, self.step)
                exits.left += [left] if left else []
            if compares:
                exits.expect(connection, looks, now)
                readable = {story_id for story_id, _ in view}
                tellers = [*self.stories.kept][::40]
                for before, after in (
                    exits.interference(connection, looks, readable, now),
                    exits.passports(connection, tellers, now),
                ):
                    pairs = zip(before, after, strict=True)
                    self.changed += [(one, other) for one, other in pairs if one != other]
                    self.tries += len(before)

        await self.store.database.write(work)
        if exits.quarters != known:
            await self._remember_what_left()

    async def end(self) -> None:
        """Who came at any time knows all public pages."""
        await self.store.database.read(self._look_at_public)

    def _look_at_public(self, session: Snapshot) -> None:
        for quarter in self.exits.quarters:
            for place, teams_of in self.exits.places.items():
                for cell, count in publications.public_numbers(
                    session, [quarter], place, K
                ).items():
                    number = Number(
                        PUBLIC, tuple(weeks_of_quarter(quarter)), "", cell, count, teams_of
                    )
                    for seen in self.seen:
                        seen.numbers.add(number)

    async def _remember_what_left(self) -> None:
        """What the numbers that left just now counted."""

        readable_by: Any = vars(counts)["readable_by"]  # as it is used there

        def read(session: Snapshot) -> None:
            for audience, period in session.execute(select(HEADER.c.audience, HEADER.c.period)):
                if (audience, period) in self.left or audience in (MEETINGS, NOBODY):
                    continue
                weeks = weeks_of_quarter(period) if "Q" in period else [period]
                rows = session.execute(
                    select(*_CLOSED).where(
                        readable_by(EVERYONE if audience == PUBLIC else audience),
                        is_kept(),
                        STORY.c.week.in_(weeks),
                    )
                )
                view = view_of(_answered(rows))
                self.left[audience, period] = self.step, view

        await self.store.database.read(read)

    async def _view(self, who: Coordinator) -> View:
        """Lists, held ones too, patterns, search and files agree; all of it is remembered."""
        everything = Filters()

        def read(session: Snapshot) -> View:
            found = reading.answered(session, who, everything)
            if self.rng.random() < 0.1:
                listed = reading.page(session, who, everything).total
                assert len(found) == listed == sum(reading.counted(session, who).values())
                searched = search.search(session, who, Filters(words=WORD)).found
                assert len(searched) == listed
                mine = {each.id for each in found}
                for purpose in file_purposes(who):
                    taken = exports.exportable(session, purpose, who)
                    assert {each.story.id for each in taken} <= mine
            for state in ("held", "serious"):
                found += reading.answered(session, who, Filters(state=state))
            return view_of(found)

        return await self.store.database.read(read)

    def _note(self, seen: Seen, told: DigestMessage, week: str) -> None:
        """The numbers of a digest, in its figures and in its first sentence."""
        digest, team = told.digest, told.digest.team
        shown = digest.number("story")
        if digest.withheld:
            assert shown is None
            assert told.stories() == "Van deze week zie je geen getallen: je kwam er later bij."
        elif shown is not None:
            assert told.stories().replace(".", "").startswith(f"{shown} nieuwe verhalen")
        audience, *beside = audiences_of(seen.who, team)
        self._numbers(seen, digest, week, audience, team if audience == ASSOCIATION else "")
        if digest.together:
            self._numbers(seen, digest.together, week, [*beside, ASSOCIATION][0], "")

    def _numbers(self, seen: Seen, digest: Digest, week: str, audience: str, team: str) -> None:
        quarter = tuple(weeks_of_quarter(quarter_before(quarter_of(week))))
        told: list[tuple[tuple[str, ...], Cell, int]] = [
            ((week,), cell, count) for cell, count in digest.figures.items()
        ]
        told += [((each,), ("story", ""), n) for each, n in digest.weeks.items() if n is not None]
        if not team:  # else they are sums of weeks
            told += [(quarter, cell, count) for cell, count in digest.before.items()]
        for weeks, cell, count in told:
            if cell[0] not in ("prompt", "voice", "channel"):
                seen.numbers.add(Number(audience, weeks, team, cell, count))

    # -- the attack

    def attack(self) -> list[tuple[str, Number, int]]:
        """The groups of 1 to k - 1 stories that come out when everything that a coordinator could
        read, since a number left or since they came, is taken off that number; and off what is left
        of all stories when that number is taken off."""
        found = []
        for seen in self.seen:
            for number in sorted(seen.numbers, key=repr):
                inside, all_of_it, since = self._counted(number)
                if len(number.weeks) == 1:
                    assert number.count == len(inside), number
                unread = seen.unread(inside, since)
                if number.audience == PUBLIC:
                    read = len(inside) - unread
                    self.tries += 1
                    if all(0 < n - read < K for n in possible(number.count, K)):
                        found.append((seen.who.name, number, unread))
                    continue
                every = seen.unread(all_of_it, since)
                for rest in (unread, every, every - unread):
                    self.tries += 1
                    if 0 < rest < K:
                        found.append((seen.who.name, number, rest))
        return found

    async def attack_exits(self) -> list[Any]:
        """What comes out of the exits of sense-making: rounds in which a few stories are told
        apart, shares that tell what a few said, and exact views in which what somebody may not read
        made a difference."""

        def read(session: Snapshot) -> list[Any]:
            connection = session.transaction
            return [
                each
                for seen in self.seen
                for each in self.exits.rounds_found(connection, seen.who, seen.unread)
            ]

        return [*await self.store.database.read(read), *self.exits.justice_found(), *self.changed]

    def _counted(self, number: Number) -> tuple[set[Any], set[Any], int]:
        """What a number counted, what all stories beside it counted, and when it left."""
        periods = {*number.weeks, quarter_of(number.weeks[0])}
        periods = periods if len(number.weeks) > 1 else set(number.weeks)
        left = [self.left[key] for each in periods if (key := (number.audience, each)) in self.left]
        since = min(step for step, _ in left)
        view = {key: each for _, some in left for key, each in some.items()}
        whole = replace(number, cell=("story", ""))
        return (
            {key for key, each in view.items() if counts_in(each, number)},
            {key for key, each in view.items() if counts_in(each, whole)},
            since,
        )


def view_of(found: Iterable[Answered], known: View | None = None) -> View:
    """What was found, by key; with `known`, each once in memory, however often it is read."""
    view = {(each.id, repr((each.answers, each.team))): each for each in found}
    if known is None:
        return view
    for key, each in view.items():
        known.setdefault(key, each)
    return {key: known[key] for key in view}


def counts_in(story: Answered, number: Number) -> bool:
    """Whether a story is one of those that a number counts, as far as a reader can tell."""
    dimension, value = number.cell
    if story.week not in number.weeks or (number.team and story.team != number.team):
        return False
    if number.among and story.team not in number.among:
        return False
    match dimension:
        case "story":
            return True
        case "language":
            return story.language == value
        case "guide":
            return story.guide == value
    counted = dimension.removeprefix("answer:")
    steps = (counted, *(step for step, other in SAME_MOVEMENT.items() if other == counted))
    answer = next((story.answers[step] for step in steps if step in story.answers), None)
    if isinstance(answer, int):
        low, _, high = STRETCHES[value].partition("-")
        return int(low) <= answer <= int(high)
    return value in (answer or ())
