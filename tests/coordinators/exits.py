"""The exits of sense-making in a simulated year: exact views, and what is frozen when it leaves.

An exact view rests on nothing but what somebody may read: with everything else changed, it shows
the same; so do a pack on paper and the questions that travel. A passport rests on its own story.
What is frozen (public pages, rounds of sessions, the share of justice) is attacked with
all that a coordinator could read since.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot.account import passport
from bot.coordinators.phrases import words
from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from bot.sensemaking.figures.areas import areas_in
from bot.sensemaking.figures.contradictions import contradictions_in
from bot.sensemaking.figures.heard_share import heard_by_team
from bot.sensemaking.limits.quarterly import proposed_quarter
from bot.sensemaking.packs.pack_data import assemble, print_cards
from bot.sensemaking.sessions import round_results
from bot.sensemaking.sessions.story_pick import asked_of, proposed, stories_of
from bot.sensemaking.threads.meeting_threads import threads
from bot.sensemaking.threads.stories_around_meetings import told_around
from bot.services import Services
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from conversations.sensemaking import coarse_shares
from conversations.sensemaking.limits import counted
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team, full_name
from storage.engine.transaction import Snapshot, Transaction
from storage.figures import expectations, figures
from storage.figures.model import Figure, Indicator
from storage.gate import publications
from storage.people import people
from storage.sensemaking import changes, patterns, record, rounds, session_cards, sessions
from storage.sensemaking.changes import JUSTICE_ANSWERS, SHARE, NamedChange
from storage.sensemaking.record import Grounds
from storage.sensemaking.rounds import PARTICIPANT_ROLES
from storage.sensemaking.sessions import SenseSession
from storage.stories import reading, relays, stories
from storage.stories.permissions import STORY
from storage.stories.reading import Filters
from storage.vault.vault import new_id
from storage.weeks import quarter_before, quarter_of, week_of

CODES = ("GM0193", "GM0150", "GM0166")
PROMISE = "own_life"
SCALE = "movement_problems_strengths"
SEATS = 16
WMO = Indicator("Wmo-gebruik", "CBS", "86158NED", "%", 1, "percentage")


@dataclass(frozen=True, slots=True)
class LeftRound:
    """A round that closed: of whose session, which stories it counted, and which of them gave the
    answer that was predicted."""

    session: SenseSession
    round: str
    step: int
    all: frozenset[Any]
    inside: frozenset[Any]


class Exits:
    """What leaves by sense-making while the year goes by."""

    def __init__(self, services: Services, rng: random.Random, k: int) -> None:
        self.services = services
        self.rng = rng
        self.k = k
        self.left: list[LeftRound] = []
        self.shares: dict[int, int] = {}
        self.quarters: set[str] = set()
        self.shown = Counter[str]()
        self._people: list[str] = []
        self._place: dict[str, str] = {}
        self._change = ""

    # -- what happens

    def begin(self, connection: Transaction, made: Sequence[Team], now: datetime) -> None:
        """People, a visit every other week, figures, and a change of which people were told."""
        week = week_of(now)
        for n in range(SEATS * 10):
            who = people.find_or_make(connection, "web", f"exit-{n}", "nl", week)
            self._people.append(who.id)
        start = now.astimezone(UTC) - timedelta(days=3)
        visit = Meeting(
            uid="visit", kind="visit", title="Visite", start=start,
            end=start + timedelta(hours=1), tz="Europe/Amsterdam",
            rrule="FREQ=WEEKLY;INTERVAL=2", host_team=full_name(made[0]),
            guest_team=full_name(made[1]),
        )  # fmt: skip
        agenda.add(connection, self.services, visit, now)
        every = [
            Figure(WMO, code, str(year), 5.0 + at + year % 3)
            for at, code in enumerate(CODES)
            for year in range(2023, 2027)
        ]
        figures.save(connection, every, now)
        drafted = sessions.draft(_NOBODY, now, title="", question="", query="", sits="network")
        sessions.add(connection, drafted)
        decided = record.add_decision(connection, drafted.id, "x", "y", "", Grounds(), now)
        self._change = new_id()
        named = NamedChange(self._change, decided, now.date().isoformat(), "z")
        changes.name_change(connection, named, now)
        for at, person in enumerate(self._people):
            changes.note_told(connection, self._change, person, at + 1)

    def answer(self, connection: Transaction) -> None:
        """Some of the tellers who heard of a change say whether it does justice."""
        for _ in range(self.rng.randint(0, 4)):
            if self._people[SEATS:]:
                answer = self.rng.choice((JUSTICE_ANSWERS[0], *JUSTICE_ANSWERS))
                whose = self._people.pop()
                changes.keep_answer(connection, self._change, whose, answer, self.k)
        self.shares = {row.answers: row.percent for row in connection.execute(SHARE.select())}

    def publish(self, connection: Transaction, now: datetime, made: Sequence[Team]) -> None:
        """The public pages are made anew: the quarters that are over leave for them."""
        for team in made:
            self._place.setdefault(team.id, CODES[len(self._place) % len(CODES)])
        quarter = quarter_before(quarter_of(week_of(now)))
        if quarter in self.quarters:
            return
        part = publications.public_part(connection, quarter, self._place, self.k)
        if part is not None:
            publications.let_out(connection, part)
            self.quarters.add(quarter)

    def lead(
        self, connection: Transaction, who: Coordinator, now: datetime, step: int
    ) -> LeftRound | None:
        """A session: some predict how many told of a promise, and its round closes."""
        services, rng = self.services, self.rng
        drafted = sessions.draft(
            who, now, title="", question="", query="", sits="team" if who.team else "network"
        )
        reads = Snapshot(connection)
        told = stories_of(reads, who, drafted)
        asked = asked_of(reads, services, told, "nl").called("promise")
        if not told or not asked:
            return None
        question = max(asked, key=lambda q: sum(q.answered(e.guide, e.answers) for e in told))
        sessions.add(connection, drafted)
        session_cards.put(connection, drafted, proposed(told, None))
        made = patterns.add(
            connection, drafted.id, question.key, "", "o", [("a", "b"), ("c", "d")], PROMISE
        )
        open_ = sessions.go_to(connection, drafted, "predicting", now, made)
        for person in self._people[: rng.randint(self.k, SEATS)]:
            rounds.take_seat(connection, open_.id, person, rng.choice(PARTICIPANT_ROLES))
            seat = rounds.seat_of(connection, open_.id, person)
            rounds.predict(connection, seat, made, rng.randrange(0, 101, 10))
        stand = round_results.observed_now(connection, services, who, open_)
        (pattern,) = patterns.listed(connection, open_.id)
        round_results.close_predictions(connection, services, open_, pattern, stand[made])
        sessions.go_to(connection, open_, "closed", now)
        printed = print_cards(connection, who, open_, now)
        grounds = Grounds(tuple(sorted(printed)))
        record.add_decision(connection, open_.id, "x", "y", "", grounds, now)
        given = [each for each in told if question.given(each.guide, each.answers)]
        return LeftRound(
            open_,
            f"predict:{made}",
            step,
            frozenset(key_of(each) for each in given),
            frozenset(key_of(e) for e in given if PROMISE in question.given(e.guide, e.answers)),
        )

    @property
    def places(self) -> dict[str, frozenset[str]]:
        """The teams of each place; under the empty name none: of any."""
        found = {
            code: frozenset(team for team, its in self._place.items() if its == code)
            for code in set(self._place.values())
        }
        return found | {"": frozenset()}

    def leave_question(
        self, connection: Transaction, story_id: str, made: Sequence[Team], now: datetime
    ) -> None:
        """The question of a story goes to the team that was visited, if its teller agrees."""
        visits = [each.meeting.id for each in agenda.listed(connection)]
        relays.offer(connection, story_id, made[0].id, (visits[0], ""), now)

    # -- exact views

    def expect(self, connection: Transaction, who: Coordinator, now: datetime) -> None:
        """State an expectation, so that there is something to contradict."""
        reads = Snapshot(connection)
        told = reading.answered(reads, who, Filters())
        asked = asked_of(reads, self.services, told, who.language).called(SCALE)
        (indicator, *_) = {each.indicator_id for each in figures.of_areas(connection, CODES)}
        for question in asked[:1]:
            stated = (indicator, question.key, question.answers[-1][0], 1)
            quarter = quarter_of(week_of(now))
            expectations.state(connection, stated, now, quarter=quarter, team=who.team, who=who.id)

    def interference(
        self, connection: Transaction, who: Coordinator, readable: Iterable[str], now: datetime
    ) -> tuple[list[str], list[str]]:
        """All exact views of somebody, and the same once everything that they may not read has
        become something else. Nothing of that stays."""
        return self._with_others_changed(
            connection, readable, lambda: self._exact(connection, who, now)
        )

    def passports(
        self, connection: Transaction, story_ids: Sequence[str], now: datetime
    ) -> tuple[list[str], list[str]]:
        """What the tellers of these stories read in their passports, and the same once every other
        story has become something else."""
        person = people.find_or_make(connection, "web", "teller", "nl", week_of(now))

        def read(story_id: str) -> list[str]:
            context = TurnContext(self.services, connection, person, now)
            story = stories.read(connection, story_id)
            if story is None:
                return []
            passport.handle_tap(context, story, "x", "passport", "")
            found = [each.text for each in context.said if isinstance(each, Say)]
            self.shown["passport"] += any("Op papier" in each for each in found)
            return found

        return self._with_others_changed(
            connection, story_ids, lambda: [text for each in story_ids for text in read(each)]
        )

    def _with_others_changed(
        self, connection: Transaction, story_ids: Iterable[str], look: Callable[[], list[str]]
    ) -> tuple[list[str], list[str]]:
        nested = connection.begin_nested()
        before = look()
        hidden = STORY.c.id.not_in(list(story_ids))
        other: dict[str, Any] = {
            "answers": {},
            "week": "2020-W01",
            "team_id": None,
            "kind": "",
            "guide": "resident",
        }
        connection.execute(update(STORY).where(hidden).values(other))
        after = look()
        nested.rollback()
        return before, after

    def _exact(self, connection: Transaction, who: Coordinator, now: datetime) -> list[str]:
        services = self.services
        reads = Snapshot(connection)
        told = reading.answered(reads, who, Filters())
        small = [
            (each.key, told_around(reads, who, each, self.k)) for each in threads(reads, who, now)
        ]
        found: list[object] = [
            *heard_by_team(reads, services, areas_in(), who, now),
            contradictions_in(reads, services, who, now),
            *small,
            counted(each.answers for each in told),
            proposed_quarter(reads, who, now),
        ]
        for each in sessions.listed(reads, who):
            counts = stories_of(reads, who, each)
            shown = [
                card.story and card.story_id for card in session_cards.on_table(reads, each, who)
            ]
            found.append((each.id, [key_of(e) for e in counts], shown))
        for each in sessions.listed(reads, who)[:1]:
            may = {card.story_id for card in session_cards.on_table(reads, each, who) if card.story}
            pack = assemble(reads, services, who, each, words(who.language), may, now)
            found.append(pack.data)
            self.shown["pack"] += bool(pack.data["cards"] and pack.data["patterns"])
        for thread in threads(reads, who, now):
            questions = relays.left_at(reads, [meeting.id for meeting in thread.meetings])
            found.append([(each.id, each.text, each.state) for each in questions])
            self.shown["relay"] += len(questions)
        return [repr(each) for each in found]

    # -- the attack

    def rounds_found(
        self, connection: Transaction, who: Coordinator, unread_of: Callable[[Set[Any], int], int]
    ) -> list[tuple[str, str, int]]:
        """Rounds of sessions that somebody sees, in which they can tell exactly how many of a few
        stories that they could never read gave the answer. `unread_of`: how many they could not
        read since a step."""
        found = []
        mine = {each.id for each in sessions.listed(connection, who)}
        for each in self.left:
            if each.session.id not in mine:
                continue
            left = rounds.results(connection, each.session.id)
            told = round_results.seen_by(who, left)[each.round]["observed"]
            if told is None:
                continue
            known = len(each.inside) - unread_of(each.inside, each.step)
            unread = unread_of(each.all, each.step)
            steps = coarse_shares.steps_of(len(each.all), self.k, len(each.all) - self.k)
            possible = {
                count - known
                for step in steps
                if step.percent == told
                for count in range(step.first, step.last + 1)
                if 0 <= count - known <= unread
            }
            assert len(each.inside) - known in possible
            if len(possible) == 1 and 0 < unread < self.k:
                found.append((who.name, each.round, unread))
        return found

    def justice_found(self) -> list[tuple[int, int]]:
        """How many of those who answered said yes, in all or between two shares, where that can be
        told of a few."""
        told = sorted(self.shares.items())
        ways: list[dict[int, set[int]]] = []
        counts = {0}
        for at, (size, percent) in enumerate(told):
            before = told[at - 1][0] if at else 0
            came = {
                count: {c for c in counts if 0 <= count - c <= size - before}
                for count in range(size + 1)
                if coarse_shares.told_next(told[:at], count, size) == percent
            }
            ways.append({count: some for count, some in came.items() if some})
            counts = set(ways[-1])
        found, later = [], counts
        for at in range(len(ways) - 1, -1, -1):
            more = {count - c for count in later for c in ways[at][count]}
            size = told[at][0]
            for sure, of in ((later, size), (more, size - (told[at - 1][0] if at else 0))):
                if len(sure) == 1 and any(0 < n < self.k for n in (min(sure), of - min(sure))):
                    found.append((size, min(sure)))
            later = {c for count in later for c in ways[at][count]}
        return found


def possible(shown: int, k: int) -> list[int]:
    """What a number of a public page can have been."""
    in_steps: Any = vars(publications)["in_steps"]  # as it is used there
    return [count for count in range(shown, shown + k) if in_steps(count, k) == shown]


def key_of(story: reading.Answered) -> tuple[str, str]:
    return story.id, repr((story.answers, story.team))


_NOBODY = Coordinator("", "association", "", "")
