"""A year of a calendar that is split, renamed, emptied and listed by the day, with sixty people who
go there: they hear what a careful secretary would have told them, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.guides import GuideStore
from bot.meetings import agenda
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.model.rows import from_row
from bot.meetings.prompts import planning
from bot.services import Services
from bot.settings import Privacy, Settings, Storage
from conversations.guide.loading import load_guides
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.lifecycle.unlock import unlock
from storage.meetings import feeds, meetings, prompts
from storage.outbox.outbox import OUTBOX
from storage.people import people
from storage.weeks import week_of
from tests.meetings.calendar.world import calendar, event

BEGIN = datetime(2026, 9, 1, 6, tzinfo=UTC)
WEEK = timedelta(weeks=1)
GROUPS = ("Schulden", "Jeugd", "Wonen", "Armoede", "Zorg", "Rouw")
PEOPLE = 10
"""How many go to each."""


@dataclass
class Plan:
    """What is truly so about one group: every Tuesday at an hour, but for some days."""

    title: str
    hour: int
    first: date
    last: date
    off: set[date] = field(default_factory=set)
    late: set[date] = field(default_factory=set)
    """Days on which it begins two hours later."""
    over: bool = False

    def days(self) -> list[date]:
        weeks = (self.last - self.first).days // 7 + 1
        every = (self.first + timedelta(weeks=number) for number in range(weeks))
        return [day for day in every if day not in self.off]


def lines(plan: Plan, uid: str, since: date, until: date, stamp: datetime) -> list[str]:
    """A group as a series from one day to another, with the days that differ."""
    hour, title = plan.hour, f"Leergroep {plan.title}"
    rule = f"RRULE:FREQ=WEEKLY;UNTIL={until:%Y%m%d}"
    clock = f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    skipped = [
        f"EXDATE;TZID=Europe/Amsterdam:{day:%Y%m%d}T{hour:02}0000"
        for day in sorted(plan.off)
        if since <= day <= until
    ]
    series = event(
        f"{since:%Y%m%d}T{hour:02}0000",
        f"{since:%Y%m%d}T{hour + 2:02}0000",
        rule,
        *skipped,
        clock,
        uid=uid,
        title=title,
    )
    late = [
        event(
            f"{day:%Y%m%d}T{hour + 2:02}0000", f"{day:%Y%m%d}T{hour + 4:02}0000", clock,
            f"RECURRENCE-ID;TZID=Europe/Amsterdam:{day:%Y%m%d}T{hour:02}0000",
            uid=uid, title=title,
        )
        for day in sorted(plan.late)
        if since <= day <= until
    ]  # fmt: skip
    return [series, *late]


def by_the_day(plan: Plan, today: date, stamp: datetime) -> list[str]:
    """A group as its days of the coming months, each an event by itself."""
    found = []
    for day in plan.days():
        if today <= day <= today + timedelta(weeks=10):
            hour = plan.hour + (2 if day in plan.late else 0)
            found.append(
                event(
                    f"{day:%Y%m%d}T{hour:02}0000",
                    f"{day:%Y%m%d}T{hour + 2:02}0000",
                    f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
                    uid=f"{plan.title}-{day}",
                    title=f"Leergroep {plan.title}",
                )
            )
    return found


class Year:
    """The house, the calendar, and what the secretary would have written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = BEGIN
        self.plans = [
            Plan(title, 10 + number, date(2026, 9, 8), date(2027, 6, 29))
            for number, title in enumerate(GROUPS)
        ]
        self.told: Counter[str] = Counter()
        self.ids: dict[str, str] = {}

    async def live(self) -> None:
        settings = Settings(
            storage=Storage(url=f"sqlite:///{self.folder}/year.db"),
            privacy=Privacy(key_file=self.folder / "key"),
        )
        self.database = Database(settings.storage.url)
        self.database.start()
        try:
            vault, erased = await unlock(self.database, settings.privacy.key_file)
            self.house = Services(vault, erased, GuideStore(load_guides()), settings)
            self.feed = await self.database.write(
                lambda c: feeds.add(c, "https://agenda.example.nl/x.ics", self.now)
            )
            await self._weeks()
        finally:
            self.database.close()

    async def _weeks(self) -> None:
        await self._read(self._usual)
        await self.database.write(self._join)
        habits = self._habits()
        for week in sorted({*habits, *(week + 1 for week in habits), *range(4, 45, 4), 43}):
            self.now = BEGIN + WEEK * week
            await self.database.write(self._answered)
            written, truth = habits.get(week, (self._usual, None))
            if truth is not None:
                truth()
            await self._read(written)
            await self.database.write(self._plan)
        self.letters, self.asked = await self.database.read(self._sent)

    def _habits(self) -> dict[int, tuple[Callable[[], bytes], Callable[[], None] | None]]:
        """What the calendar does in a week, and what is truly another thing from then on."""
        schulden, jeugd, wonen, armoede, zorg, rouw = self.plans
        day = {week: date(2026, 9, 8) + timedelta(weeks=week) for week in range(43)}
        return {
            3: (calendar, None),
            6: (self._usual, lambda: self._off(schulden, day[8])),
            7: (calendar, None),
            9: (self._usual, lambda: self._late(jeugd, day[12])),
            11: (self._split, None),
            12: (self._split, None),
            13: (self._names("n13"), None),
            14: (self._names("n14"), None),
            16: (self._listed, None),
            17: (self._listed, None),
            20: (self._usual, lambda: self._title(wonen, "Wonen en zorg")),
            23: (self._usual, lambda: self._hour(armoede, 15)),
            25: (self._usual, lambda: self._off(zorg, day[27])),
            28: (calendar, None),
            31: (self._usual, lambda: self._over(rouw)),
            35: (self._names("n35"), None),
        }

    # -- the calendar

    def _usual(self) -> bytes:
        stamp, every = self.now, [each for each in self.plans if not each.over]
        return calendar(
            *(
                line
                for each in every
                for line in lines(
                    each, f"{GROUPS[self.plans.index(each)]}@x", each.first, each.last, stamp
                )
            )
        )

    def _names(self, mark: str) -> Callable[[], bytes]:
        return lambda: self._usual().replace(b"@x", f"-{mark}@x".encode())

    def _split(self) -> bytes:
        """The first group is cut in two, as programs do when somebody changes it from a day on."""
        one, cut = self.plans[0], date(2026, 12, 8)
        rest = [each for each in self.plans[1:] if not each.over]
        pieces = [
            *lines(one, "Schulden@x", one.first, cut - timedelta(days=1), self.now),
            *lines(one, "Schulden_R20261208T090000@x", cut, one.last, self.now),
        ]
        for each in rest:
            name = f"{GROUPS[self.plans.index(each)]}@x"
            pieces += lines(each, name, each.first, each.last, self.now)
        return calendar(*pieces)

    def _listed(self) -> bytes:
        today = self.now.date()
        every = [each for each in self.plans if not each.over]
        return calendar(*(line for each in every for line in by_the_day(each, today, self.now)))

    # -- what is truly so, and the letters about it

    def _off(self, plan: Plan, day: date) -> None:
        plan.off.add(day)
        self.told[plan.title] += PEOPLE

    def _late(self, plan: Plan, day: date) -> None:
        plan.late.add(day)
        self.told[plan.title] += PEOPLE

    def _hour(self, plan: Plan, hour: int) -> None:
        plan.hour = hour
        self.told[plan.title] += PEOPLE

    def _over(self, plan: Plan) -> None:
        plan.over = True
        plan.last = self.now.date() - timedelta(days=1)
        self.told[plan.title] += PEOPLE

    def _title(self, plan: Plan, title: str) -> None:
        self.told[title] = self.told.pop(plan.title, 0)
        plan.title = title

    # -- the house

    async def _read(self, written: Callable[[], bytes]) -> None:
        kinds = await self.database.read(agenda.known_kinds)
        report = read_calendar(written(), None, kinds)
        await self.database.write(
            lambda c: agenda.apply(c, self.house, report, self.now, self.feed.id)
        )

    def _plan(self, connection: Transaction) -> None:
        rules = planning.rules_of(self.house.settings.prompts)
        until = self.now + planning.HORIZON - timedelta(days=1)
        while found := meetings.to_plan(connection, until, 50):
            for row in found:
                planning.plan(connection, row, self.now, rules)

    def _answered(self, connection: Transaction) -> None:
        """Everybody answers what they are asked."""
        table = prompts.PROMPT
        due = update(table).where(table.c.due_at <= self.now, table.c.state == "planned")
        connection.execute(due.values(state="answered"))

    def _join(self, connection: Transaction) -> None:
        rules = planning.rules_of(self.house.settings.prompts)
        for row in meetings.listed(connection):
            title = from_row(row).title
            for number in range(PEOPLE):
                name = f"{title} {number}"
                who = people.find_or_make(connection, "telegram", name, "nl", week_of(self.now)).id
                self.ids[who] = title
                meetings.join(connection, row.id, who, "member")
                planning.plan_member(connection, row, who, self.now, rules)

    def _sent(self, reads: object) -> tuple[Counter[str], Counter[str]]:
        """Letters about changes, and days asked about, by group."""
        session: Transaction = reads  # type: ignore[assignment]  # what it reads with is alike
        rows = session.execute(select(OUTBOX.c.person_id).where(OUTBOX.c.lane == "prompt"))
        letters = Counter(self.ids[row.person_id] for row in rows)
        asks = session.execute(
            select(prompts.PROMPT.c.person_id, prompts.PROMPT.c.day).where(
                prompts.PROMPT.c.kind == "ask", prompts.PROMPT.c.state != "cancelled"
            )
        ).all()
        asked = Counter(self.ids[row.person_id] for row in asks)
        assert len(set(asks)) == len(asks)
        return letters, asked


async def test_in_a_year_people_hear_what_a_careful_secretary_would_have_told_them(
    tmp_path: Path,
) -> None:
    year = Year(tmp_path)
    await year.live()
    named = dict(zip(GROUPS, year.plans, strict=True))
    meant = Counter({group: year.told[plan.title] for group, plan in named.items()})
    assert year.letters == +meant
    days = Counter({group: PEOPLE * len(plan.days()) for group, plan in named.items()})
    assert year.asked == days
