"""`/bijeenkomst`: what someone takes part in; and for coordinators, planning in a few messages."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.meetings import agenda, membership
from bot.meetings.calendar.csv_reader import read_csv
from bot.meetings.calendar.dutch_dates import Unreadable
from bot.meetings.calendar.typed_time import read_when
from bot.meetings.model.labels import facts_of, time_named
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import goes_on
from bot.meetings.prompts.planning import rules_of
from bot.turns.context import TurnContext
from conversations.engine.effects import Button
from storage.coordinators import coordinators

REPEATS = {
    "once": "",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
SHOWN = 10
"""The most meetings that a list in the chat shows."""


def opened(context: TurnContext) -> None:
    """The command."""
    if (context.state is not None and context.state.open) or not _plans(context):
        membership.listed(context)
        return
    context.remember(planning={})
    choices = ("visit", "learning_group", "list", "own")
    context.phrase("plan_kind", _buttons(context, "plan_kind", choices))


def tapped(context: TurnContext, what: str) -> None:
    """A button of the planning."""
    asked = dict(context.person.memory.planning)
    if not _plans(context):
        context.phrase("old_button")
    elif what == "list":
        _list(context)
    elif what == "own":
        membership.listed(context)
    elif what in ("visit", "learning_group"):
        context.remember(planning={"kind": what})
        context.phrase("plan_host" if what == "visit" else "plan_title")
    elif what in REPEATS and asked.get("start"):
        context.remember(planning={**asked, "repeat": what})
        _check(context)
    elif what == "yes" and asked.get("repeat"):
        _add(context)
    elif what == "no" and asked:
        context.remember(planning={})
        context.phrase("plan_stopped")
    else:
        context.phrase("old_button")


def typed(context: TurnContext, text: str) -> bool:
    """An answer in words while planning. False when nothing is being planned."""
    asked = dict(context.person.memory.planning)
    if not asked or asked.get("start") or not _plans(context):
        return False
    text = " ".join(text.split())[:100]
    if asked["kind"] == "visit" and "host" not in asked:
        context.remember(planning={**asked, "host": text})
        context.phrase("plan_guest")
    elif asked["kind"] == "visit" and "guest" not in asked:
        context.remember(planning={**asked, "guest": text})
        context.phrase("plan_when")
    elif asked["kind"] == "learning_group" and "title" not in asked:
        context.remember(planning={**asked, "title": text})
        context.phrase("plan_when")
    else:
        _when(context, asked, text)
    return True


def _plans(context: TurnContext) -> bool:
    """Whether this person is a coordinator who may plan."""
    person = context.person
    who = coordinators.by_address(
        context.connection, context.services.vault, person.channel, person.address
    )
    return who is not None and who.role != "reader"


def _when(context: TurnContext, asked: dict[str, Any], text: str) -> None:
    try:
        start, end = read_when(text, context.now, rules_of(context.services.settings.prompts).tz)
    except Unreadable:
        context.phrase("plan_when_again")
        return
    times = {"start": start.isoformat(), "end": end.isoformat()}
    context.remember(planning={**asked, **times})
    context.phrase("plan_repeat", _buttons(context, "plan_repeat", tuple(REPEATS)))


def _check(context: TurnContext) -> None:
    meeting = _meeting(context)
    facts = {**facts_of(meeting, context.phrases), "when": _shown(context, meeting)}
    context.phrase("plan_check", _buttons(context, "plan_check", ("yes", "no")), **facts)


def _add(context: TurnContext) -> None:
    made = agenda.add(context.connection, context.services, _meeting(context), context.now)
    context.remember(planning={})
    link = f"{context.services.settings.public_url}/m/{made.code}"
    context.phrase("plan_done", (), code=made.code, link=link)


def _meeting(context: TurnContext) -> Meeting:
    """What was asked, as a meeting: read like a row of a table, with the same checks."""
    asked = context.person.memory.planning
    tz = rules_of(context.services.settings.prompts).tz
    start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
    row = {
        "soort": "visite" if asked["kind"] == "visit" else "leergroep",
        "titel": asked.get("title", ""),
        "begin": f"{start.astimezone(ZoneInfo(tz)):%Y-%m-%d %H:%M}",
        "einde": f"{end.astimezone(ZoneInfo(tz)):%Y-%m-%d %H:%M}",
        "team": asked.get("host", ""),
        "gast_team": asked.get("guest", ""),
    }
    table = io.StringIO()
    writer = csv.DictWriter(table, list(row))
    writer.writeheader()
    writer.writerow(row)
    meeting = read_csv(table.getvalue().encode()).meetings[0]
    return replace(meeting, start=start, end=end, tz=tz, rrule=REPEATS[asked["repeat"]])


def _list(context: TurnContext) -> None:
    coming = [
        each
        for each in agenda.listed(context.connection, context.services)
        if each.meeting.state != "cancelled" and goes_on(each.meeting, context.now)
    ]
    if not coming:
        context.phrase("plan_none")
    for each in coming[:SHOWN]:
        facts = facts_of(each.meeting, context.phrases)
        when, code = _shown(context, each.meeting), each.meeting.code
        context.phrase("plan_line", (), **facts, when=when, code=code, joined=str(each.joined))


def _shown(context: TurnContext, meeting: Meeting) -> str:
    start, end = meeting.local(meeting.start), meeting.local(meeting.end)
    return time_named(start, end, context.person.language, meeting.local(context.now).date())


def _buttons(context: TurnContext, key: str, names: tuple[str, ...]) -> list[Button]:
    return [Button(f"d:plan:{name}", context.words(f"{key}.{name}")) for name in names]
