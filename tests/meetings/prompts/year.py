"""A year of meetings on a moved clock: planned, moved, called off, joined, left, asked, answered,
with restarts and a day of downtime."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.account import taps
from bot.delivery.lanes import Outcome
from bot.guides import GuideStore
from bot.meetings import agenda, membership
from bot.meetings.model.meeting import Meeting
from bot.meetings.prompts import planning, sending, story_events
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.services import Services
from bot.settings import Privacy, Settings, Storage
from bot.turns import conversation
from bot.turns.commit import commit
from bot.turns.context import TurnContext
from conversations.engine.events import Command, Tapped
from conversations.guide.loading import load_guides
from storage.engine.database import Database
from storage.engine.transaction import Reads, Transaction
from storage.lifecycle.unlock import unlock
from storage.meetings import meetings, prompts
from storage.outbox import queue
from storage.outbox.outbox import OUTBOX
from storage.people import people
from storage.weeks import week_of
from tests.meetings.prompts.judge import HOME, HOUR, Judge, Sent

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ANSWERS = ("now", "", "no", "evening", "tomorrow", "never")
ODDS = (40, 25, 18, 8, 8, 1)
"""What people do with a prompt; the empty one is nothing."""


@dataclass
class Year:
    """The world. `teams` and `persons` say how large, `days` how long."""

    folder: Path
    teams: int
    persons: int
    days: int = 365
    seed: int = 1
    now: datetime = BEGIN
    counts: Counter[str] = field(default_factory=Counter)
    judge: Judge = field(default_factory=Judge)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.planned: list[Meeting] = []
        self.members: defaultdict[str, set[str]] = defaultdict(set)

    async def live(self) -> None:
        """Live through it."""
        await self._start()
        try:
            await self.database.write(self._settle_in)
            down = BEGIN + DAY * self.dice.randrange(40, max(41, self.days - 40))
            down, asleep = down.replace(hour=6), BEGIN
            while self.now < BEGIN + DAY * self.days:
                night = (self.now + DAY * (self.now.hour >= 3)).replace(hour=3, minute=0, second=0)
                self.now = min(night, await self.database.read(self._next))
                if down <= self.now < down + DAY:
                    self.now = down + DAY
                if self.now.hour == 3 and self.now != asleep:
                    asleep = self.now
                    await self.database.write(self._day)
                    if self.dice.random() < 0.03:
                        self.counts["restarts"] += 1
                        self.database.close()
                        await self._start()
                await self._tick()
        finally:
            self.database.close()

    # -- the machine

    async def _start(self) -> None:
        settings = Settings(
            storage=Storage(url=f"sqlite:///{self.folder}/year.db"),
            privacy=Privacy(key_file=self.folder / "key"),
        )
        self.database = Database(settings.storage.url)
        self.database.start()
        vault, erased = await unlock(self.database, settings.privacy.key_file)
        self.house = Services(
            vault,
            erased,
            GuideStore(load_guides()),
            settings,
            on_story_kept=story_events.on_story_kept,
            on_story_closed=story_events.on_story_closed,
        )
        self.lane = PromptLane(self.house)
        self.rules = planning.rules_of(settings.prompts)
        await self.database.write(lambda c: self.lane.recover(c, self.now))

    def _next(self, reads: Reads) -> datetime:
        """When something is due next; what could have been sent before waits no longer."""
        coming = select(func.min(prompts.PROMPT.c.next_at)).where(
            prompts.PROMPT.c.state.in_(prompts.WAITING)
        )
        moments = [reads.execute(coming).scalar(), queue.next_due(reads, "prompt")]
        soonest = min((one for one in moments if one), default=self.now + DAY)
        return max(soonest, self.now + HOUR / 4)

    async def _tick(self) -> None:
        while some := await self.database.write(
            lambda c: sending.take(c, self.house, self.now, "telegram")
        ):
            self.counts.update({name: count for name, count in some.items() if name != "later"})
            await self.database.write(self._deliver)
        await self.database.write(self._deliver)

    def _deliver(self, connection: Transaction) -> None:
        """Send what is in the outbox, as the outbox does, with the luck of a network."""
        rows = queue.due(connection, self.now, 200, ("prompt",))
        for row in rows:
            if not queue.begin(connection, row.id, self.now + HOUR):
                self.judge.wrong.append("a row was taken twice")
            if not self.lane.may_send(connection, row.id, self.now):
                queue.drop(connection, row.id)
                continue
            luck = self.dice.random()
            event: Outcome = "later" if luck < 0.01 else "lost" if luck < 0.02 else "sent"
            if event == "later":
                queue.later(connection, row.id, self.now + HOUR / 2, 1)
            else:
                self._got(connection, row.id)
                queue.mark_sent(connection, row.id, "1", self.now, tried=row.attempts)
            self.lane.settle(connection, row.id, event, self.now)
        for row in rows:
            found = prompts.by_outbox(connection, row.id)
            if found is not None and found.state in ("sent", "uncertain"):
                self._answer(connection, found)
        connection.execute(OUTBOX.delete().where(OUTBOX.c.lane == "reply"))

    def _got(self, connection: Transaction, row_id: int) -> None:
        carrier = prompts.by_outbox(connection, row_id)
        if carrier is None:
            self.counts["notices"] += 1
            return
        self.counts["messages"] += 1
        for row in (carrier, *(r for r in prompts.together(connection, carrier) if r.carrier)):
            made = Sent(self.now, row.person_id, row.id, row.kind, row.meeting_id, row.day)
            self.judge.saw(made)

    def _answer(self, connection: Transaction, row: prompts.StoredPrompt) -> None:
        (answer,) = self.dice.choices(ANSWERS, ODDS)
        if not answer:
            return
        self._tap(connection, row.person_id, f"d:prompt:{answer}:{row.id}")
        self.counts[f"answer {answer}"] += 1
        group = [row, *prompts.together(connection, row)]
        if answer in ("evening", "tomorrow"):
            for each in group:
                self.judge.snoozes[each.id] += 1
            return
        for each in group:
            for about in prompts.siblings(connection, each, "ask", "remind"):
                self.judge.closed[about.id] = self.now
            if answer == "no":
                for about in prompts.siblings(connection, each, "follow_up"):
                    self.judge.closed[about.id] = self.now
        if answer == "never":
            self.judge.silent[row.person_id] = self.now
        if answer == "now":
            self.judge.open[row.person_id] = self.now + self.dice.choice((HOUR / 4, HOUR, 2 * DAY))

    def _tap(self, connection: Transaction, person_id: str, button: str) -> None:
        with_person = self._scene(connection, person_id)
        taps.handle_tap(with_person, Tapped(0, button))
        commit(with_person)

    def _scene(self, connection: Transaction, person_id: str) -> TurnContext:
        person = people.by_id(connection, person_id)
        assert person is not None
        return TurnContext(self.house, connection, person, self.now)

    # -- the people

    def _settle_in(self, connection: Transaction) -> None:
        """Teams, people, and the meetings of the year with who goes to them."""
        everybody = [
            people.find_or_make(connection, "telegram", str(n), "nl", week_of(self.now)).id
            for n in range(self.persons)
        ]
        of_team = [everybody[n :: self.teams] for n in range(self.teams)]
        for meeting, teams in self._meetings():
            made = agenda.add(connection, self.house, meeting, self.now)
            self.planned.append(made)
            for team in teams:
                goes = [one for one in of_team[team] if self.dice.random() < 0.4]
                self._join(connection, made, goes)

    def _meetings(self) -> Iterator[tuple[Meeting, tuple[int, ...]]]:
        for number in range(self.teams):
            for _ in range(max(1, 3 * self.days // 365)):
                start = self._hour(self.dice.randrange(2, self.days))
                guest = self.dice.randrange(self.teams)
                yield self._meeting("visit", start, number), (number, guest)
        for number in range(max(1, self.teams // 10)):
            teams = tuple(self.dice.sample(range(self.teams), min(3, self.teams)))
            rule = self.dice.choice(("FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", "FREQ=WEEKLY"))
            start = self._hour(self.dice.randrange(2, 30))
            yield replace(self._meeting("learning_group", start, number), rrule=rule), teams

    def _meeting(self, kind: str, start: datetime, number: int) -> Meeting:
        return Meeting(
            uid=f"{kind} {number} {self.dice.random()}",
            kind="visit" if kind == "visit" else "learning_group",
            title=f"{kind} {number}",
            start=start,
            end=start + HOUR * self.dice.choice((1, 2, 3)),
            tz="Europe/Amsterdam",
            delay=self.dice.choice((None, None, 0, 60, 60 * 24)),
            host_team=f"Team {number}" if kind == "visit" else "",
            guest_team="Team X" if kind == "visit" else "",
        )

    def _hour(self, days: int) -> datetime:
        day = (BEGIN + DAY * days).date()
        clock = time(self.dice.randrange(9, 21), self.dice.choice((0, 15, 30)))
        return datetime.combine(day, clock, HOME).astimezone(UTC)

    def _join(self, connection: Transaction, meeting: Meeting, goes: list[str]) -> None:
        row = meetings.by_id(connection, meeting.id)
        assert row is not None
        for person_id in goes:
            side = "member" if meeting.kind == "learning_group" else "guest"
            meetings.join(connection, meeting.id, person_id, side)  # type: ignore[arg-type]
            planning.plan_member(connection, row, person_id, self.now, self.rules)
            self.members[meeting.id].add(person_id)

    def _day(self, connection: Transaction) -> None:
        """What happens in the night: planning, moving, calling off, leaving; stories end."""
        until = self.now + planning.HORIZON - DAY
        while found := meetings.to_plan(connection, until, 50):
            for row in found:
                planning.plan(connection, row, self.now, self.rules)
        for person_id, at in list(self.judge.open.items()):
            if at <= self.now:
                self._end_story(connection, person_id)
        for _ in range(max(1, self.teams // 50)):
            self._upset(connection)

    def _end_story(self, connection: Transaction, person_id: str) -> None:
        del self.judge.open[person_id]
        context = self._scene(connection, person_id)
        if context.state is not None and context.state.open:
            conversation.take(context, Command("stop"))
            conversation.take(context, Tapped(context.state.turn, "erase"))
        commit(context)

    def _upset(self, connection: Transaction) -> None:
        """Something changes about some meeting."""
        meeting = self.dice.choice(self.planned)
        found = agenda.find(connection, meeting.id)
        assert found is not None
        luck, on = self.dice.random(), found.state != "cancelled"
        if luck < 0.3 and on and not found.series and found.start > self.now + DAY:
            by = DAY * self.dice.choice((1, 2, 7))
            moved = replace(found, start=found.start + by, end=found.end + by, state="moved")
            agenda.change(connection, self.house, moved, self.now)
            self.counts["moved"] += 1
        elif luck < 0.5 and on:
            coming = [
                row
                for row in prompts.of_meeting(connection, found.id)
                if row.ended_at > self.now and row.kind == "ask"
            ]
            day = coming[0].day if coming else None
            if coming:
                off = date.fromisoformat(day) if day else None
                agenda.cancel(connection, self.house, found, self.now, off)
                self.judge.off[found.id, day or ""] = self.now
                self.counts["called off"] += 1
        elif luck < 0.8 and self.members[found.id]:
            person_id = self.dice.choice(sorted(self.members[found.id]))
            context = self._scene(connection, person_id)
            membership.handle_tap(context, "leave", found.id)
            commit(context)
            self.members[found.id].discard(person_id)
            self.judge.left[found.id, person_id] = self.now
            self.counts["left"] += 1

    async def table(self) -> dict[str, int]:
        """All counts, for whoever wants to see them."""
        self.database.start()
        try:

            def states(connection: Transaction) -> dict[str, int]:
                table = prompts.PROMPT.c
                rows = connection.execute(select(table.kind, table.state, table.next_at)).all()
                for kind, state, next_at in rows:
                    if state in ("planned", "claimed", "sending") and next_at < self.now - HOUR:
                        self.judge.wrong.append(f"forgotten: {kind} {state}")
                return dict(Counter(f"{kind} {state}" for kind, state, _ in rows))

            ended = await self.database.write(states)
        finally:
            self.database.close()
        return {**self.counts, **self.judge.verdict(), **ended, "wrong": len(self.judge.wrong)}
