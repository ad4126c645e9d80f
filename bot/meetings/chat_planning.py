"""`/bijeenkomst`: what someone takes part in; and for coordinators, planning in a few messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.account_buttons import button_id
from bot.meetings import agenda, membership
from bot.meetings.draft import MeetingDraft
from bot.meetings.model.labels import facts_of, time_named
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import goes_on
from bot.meetings.model.titles import clean
from bot.meetings.prompts.planning import rules_of
from bot.meetings.typed.typed_time import read_when
from bot.turns.context import TurnContext
from conversations.engine.effects import Button
from storage.coordinators import coordinators
from storage.meetings import meetings
from storage.vault.vault import new_id

REPEATS = {
    "once": "",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
SHOWN = 10
"""The most meetings that a list in the chat shows."""


def open_menu(context: TurnContext) -> None:
    """Show what can be planned or seen: to a coordinator a menu, to others their own meetings."""
    if (context.state is not None and context.state.open) or not _plans(context):
        membership.show_list(context)
        return
    context.remember(planning={})
    choices = ("visit", "learning_group", "list", "own")
    context.phrase("plan_kind", _buttons(context, "plan_kind", choices))


def handle_tap(context: TurnContext, what: str) -> None:
    """Handle a button of the planning."""
    asked = dict(context.person.memory.planning)
    if not _plans(context):
        context.phrase("old_button")
    elif what == "list":
        _show_list(context)
    elif what == "own":
        membership.show_list(context)
    elif what in ("visit", "learning_group"):
        context.remember(planning={"kind": what})
        context.phrase("plan_host" if what == "visit" else "plan_title")
    elif what in REPEATS and asked.get("start"):
        context.remember(planning={**asked, "repeat": what})
        _confirm(context, {**asked, "repeat": what})
    elif what == "yes" and asked.get("repeat"):
        _add(context, asked)
    elif what == "no" and asked:
        context.remember(planning={})
        context.phrase("plan_stopped")
    else:
        context.phrase("old_button")


def handle_text(context: TurnContext, text: str) -> bool:
    """Take an answer in words while planning. False when nothing is being planned."""
    asked = dict(context.person.memory.planning)
    text = clean(text)[:100]
    if not text or not asked or asked.get("start") or not _plans(context):
        return False
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
        _ask_repeat(context, asked, text)
    return True


def _plans(context: TurnContext) -> bool:
    """Whether this person is a coordinator who may plan."""
    person = context.person
    who = coordinators.by_address(
        context.connection, context.services.vault, person.channel, person.address
    )
    return who is not None and who.role != "reader"


def draft_of(asked: Mapping[str, Any], tz: str) -> MeetingDraft:
    """What was asked so far."""
    return MeetingDraft(
        kind=asked["kind"],
        title=asked.get("title", ""),
        start=datetime.fromisoformat(asked["start"]),
        end=datetime.fromisoformat(asked["end"]),
        tz=tz,
        host=asked.get("host", ""),
        guest=asked.get("guest", ""),
        rrule=REPEATS[asked.get("repeat", "once")],
    )


def with_times(asked: Mapping[str, Any], text: str, now: datetime, tz: str) -> dict[str, Any]:
    """What was asked so far, with the times that someone typed. Raises BadMeeting when it is no
    meeting with those."""
    start, end = read_when(text, now, tz)
    known = {**asked, "start": start.isoformat(), "end": end.isoformat()}
    draft_of(known, tz).checked()
    return known


def _ask_repeat(context: TurnContext, asked: dict[str, Any], text: str) -> None:
    """Take the day and the times, and ask how often it comes back."""
    try:
        known = with_times(asked, text, context.now, _zone(context))
    except BadMeeting:
        context.phrase("plan_when_again")
        return
    context.remember(planning=known)
    context.phrase("plan_repeat", _buttons(context, "plan_repeat", tuple(REPEATS)))


def _confirm(context: TurnContext, asked: dict[str, Any]) -> None:
    """Show the meeting as it would be planned."""
    meeting = _meeting(context, asked)
    if meeting is not None:
        facts = {**facts_of(meeting, context.phrases), "when": _shown(context, meeting)}
        context.phrase("plan_check", _buttons(context, "plan_check", ("yes", "no")), **facts)


def _add(context: TurnContext, asked: dict[str, Any]) -> None:
    """Plan the meeting. One that stands there already, just like this, is not planned twice."""
    meeting = _meeting(context, asked)
    if meeting is None:
        return
    connection, services = context.connection, context.services
    found = meetings.by_uids(connection, services.vault, [meeting.uid])
    known = next(map(from_row, found), None)
    if known and replace(meeting, id=known.id, code=known.code) == known:
        made = known
    else:
        uid = f"{new_id()}@vertelbot" if known else meeting.uid
        made = agenda.add(connection, services, replace(meeting, uid=uid), context.now)
    context.remember(planning={})
    link = f"{services.settings.public_url}/m/{made.code}"
    context.phrase("plan_done", (), code=made.code, link=link)


def _meeting(context: TurnContext, asked: dict[str, Any]) -> Meeting | None:
    """The meeting that was asked for. When its times turn out wrong, they are asked again."""
    try:
        return draft_of(asked, _zone(context)).checked()
    except BadMeeting:
        rest = {key: asked[key] for key in asked if key not in ("start", "end", "repeat")}
        context.remember(planning=rest)
        context.phrase("plan_when_again")
        return None


def _zone(context: TurnContext) -> str:
    return rules_of(context.services.settings.prompts).tz


def _show_list(context: TurnContext) -> None:
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
    return [Button(button_id("plan", name), context.words(f"{key}.{name}")) for name in names]
