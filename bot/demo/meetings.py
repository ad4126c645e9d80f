"""Invented meetings: some in the week that is over, after which people were asked, and some to
come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count

from bot.app import App
from bot.demo.invented import TEXTS
from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from storage.coordinators.teams import Team, full_name
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.meetings.meetings import Side
from storage.people import people
from storage.weeks import AMSTERDAM, day_of, week_of, weeks_before

LENGTH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Response:
    """How many people of a side were asked, and how many of them went on to tell."""

    side: Side
    people: int
    told: int


def hold(app: App, connection: Transaction, made: list[Team], now: datetime) -> None:
    """A visit and a learning group that are over, and the next ones."""
    last = day_of(weeks_before(week_of(now), 1))
    visit = _visit(made[0], made[4], datetime.combine(last + timedelta(days=1), time(13, 30)))
    group = _group(made[:3], datetime.combine(last + timedelta(days=2), time(9, 30)))
    numbers = count(1)
    for past, asked in (
        (visit, (Response("host", 14, 8), Response("guest", 12, 6))),
        (group, (Response("member", 16, 9),)),
    ):
        known = agenda.add(connection, app.services, past, now)
        for each in asked:
            _ask(app, connection, known, each, numbers)
    ahead = now.astimezone(AMSTERDAM).date() + timedelta(days=2)
    coming = _visit(made[1], made[5], datetime.combine(ahead, time(13, 30)))
    again = _group(made[:3], datetime.combine(ahead + timedelta(days=2), time(9, 30)))
    for one in (coming, replace(again, uid="demo-groups", rrule="FREQ=WEEKLY;INTERVAL=2")):
        agenda.add(connection, app.services, one, now)


def _visit(host: Team, guest: Team, start: datetime) -> Meeting:
    begin = start.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    return Meeting(
        uid=f"demo-{host.id}",
        kind="visit",
        title=f"Visite {TEXTS['suffix']}",
        start=begin,
        end=begin + LENGTH,
        tz="Europe/Amsterdam",
        host_team=full_name(host),
        guest_team=full_name(guest),
    )


def _group(members: list[Team], start: datetime) -> Meeting:
    begin = start.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    return Meeting(
        uid="demo-group",
        kind="learning_group",
        title=f"Leergroep {TEXTS['suffix']}",
        start=begin,
        end=begin + LENGTH,
        tz="Europe/Amsterdam",
        teams=tuple(full_name(team) for team in members),
    )


def _ask(
    app: App, connection: Transaction, one: Meeting, asked: Response, numbers: count[int]
) -> None:
    """People who were asked: their messages are long gone, as the numbers below zero say."""
    vault, week = app.services.vault, week_of(one.end)
    for place in range(asked.people):
        number = next(numbers)
        who = people.find_or_make(connection, "web", f"demo-{number}", "nl", week)
        meetings.join(connection, one.id, who.id, asked.side)
        row = prompts.new_row(vault, who.id, one.id, "", "ask", one.end, one.end + LENGTH)
        state: prompts.State = "answered" if place < asked.told else "sent"
        prompts.add(connection, [replace(row, state=state, outbox_id=-number)])
