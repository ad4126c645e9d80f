"""`/bijeenkomst`: what someone takes part in; and for coordinators, planning in a few messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from bot.meetings.model.team_names import (
    known_teams,
    own_names,
    sees,
    suggestions,
    unknown_in,
)
from bot.meetings.model.titles import clean
from bot.meetings.prompts.planning import rules_of
from bot.meetings.typed.typed_time import read_when
from bot.turns.context import TurnContext
from conversations.engine.effects import Button
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team
from storage.meetings import meetings
from storage.vault.vault import new_id

REPEATS = {
    "once": "",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
ASKED = {"visit": ("host", "guest"), "learning_group": ("title", "teams")}
"""What is asked of each kind before its day, in this order."""
NAME_MAX, TEAMS_MAX = 100, 1_000
"""Letters of a name, and of all the teams of a learning group."""
SHOWN = 10
"""The most meetings that a list in the chat shows."""
_COMMA = re.compile("[,;،]")


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
    elif what in ASKED:
        _ask_next(context, {"kind": what})
    elif what == "none" and _open_field(asked) == "teams":
        _take_names(context, asked, [])
    elif asked.get("unknown") and what in _choices(asked):
        _choose(context, asked, _choices(asked)[what])
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
    field = _open_field(asked)
    text = clean(text)[: TEAMS_MAX if field == "teams" else NAME_MAX]
    if not text or not asked or asked.get("start") or not _plans(context):
        return False
    if asked.get("unknown"):
        _choose(context, asked, text)
    elif field == "title":
        _ask_next(context, {**asked, "title": text})
    elif field == "teams":
        names = [name.strip() for name in _COMMA.split(text) if name.strip()]
        _take_names(context, asked, [*dict.fromkeys(names)])
    elif field:
        _take_names(context, asked, [text])
    else:
        _ask_repeat(context, asked, text)
    return True


def _open_field(asked: Mapping[str, str]) -> str:
    """What is asked now, before the day; empty: nothing more."""
    return next((name for name in ASKED.get(asked.get("kind", ""), ()) if name not in asked), "")


def _ask_next(context: TurnContext, asked: dict[str, str]) -> None:
    context.remember(planning=asked)
    field = _open_field(asked) or "when"
    buttons = _buttons(context, "plan_teams", ("none",)) if field == "teams" else ()
    context.phrase(f"plan_{field}", buttons)


# -- teams, chosen from those that exist


def _take_names(context: TurnContext, asked: dict[str, str], names: list[str]) -> None:
    """Take the teams that were typed. One that is not known is asked about; a team plans only where
    it is itself, so in a learning group it is always there."""
    every, own = teams.open_teams(context.connection), _own(context)
    mine = own_names(every, own)
    names = [mine.get(name.casefold(), name) for name in names]
    field = _open_field(asked)
    if own and field == "teams" and own not in known_teams(names, teams.by_name(every)):
        names = [mine[own.name.casefold()], *names]
    sure = _lines(asked, "sure")
    strange = next((name for name in unknown_in(names, every) if name not in sure), "")
    if strange:
        maybe = suggestions(strange, every)
        asked |= {"names": "\n".join(names), "unknown": strange, "maybe": "\n".join(maybe)}
        context.remember(planning=asked)
        taps = [Button(button_id("plan", f"team{n}"), name) for n, name in enumerate(maybe)]
        taps += _buttons(context, "plan_unknown", ("keep",))
        context.phrase("plan_unknown", taps, team=strange)
        return
    rest = {key: asked[key] for key in asked if key not in ("names", "unknown", "maybe")}
    rest[field] = "\n".join(names)
    if field == "guest" and own and not _is_among(own, (rest["host"], *names), every):
        context.phrase("plan_not_yours")
        rest = {"kind": rest["kind"]}
    _ask_next(context, rest)


def _is_among(own: Team, names: Sequence[str], every: Sequence[Team]) -> bool:
    return own in known_teams(names, teams.by_name(every))


def _choose(context: TurnContext, asked: dict[str, str], instead: str) -> None:
    """Another name for one that is not known; the same again: it is so."""
    unknown, names = asked["unknown"], _lines(asked, "names")
    if instead == unknown:
        asked["sure"] = "\n".join([*_lines(asked, "sure"), unknown])
    _take_names(context, asked, [instead if name == unknown else name for name in names])


def _choices(asked: Mapping[str, str]) -> dict[str, str]:
    """The buttons below a name that is not known, and the name that each means."""
    maybe = {f"team{n}": name for n, name in enumerate(_lines(asked, "maybe"))}
    return {**maybe, "keep": asked.get("unknown", "")}


def _lines(asked: Mapping[str, str], key: str) -> list[str]:
    return [each for each in asked.get(key, "").split("\n") if each]


def _who(context: TurnContext) -> Coordinator | None:
    """The coordinator as whom this person may plan."""
    person = context.person
    known = coordinators.with_address(context.connection, person.channel, person.address)
    return next((each for each in known if each.role != "reader"), None)


def _own(context: TurnContext) -> Team | None:
    """The team of who plans for one team only."""
    who = _who(context)
    every = teams.open_teams(context.connection)
    return next((team for team in every if who is not None and team.id == who.team), None)


def _plans(context: TurnContext) -> bool:
    """Whether this person is a coordinator who may plan."""
    return _who(context) is not None


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
        teams=tuple(_lines(asked, "teams")),
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
        asks = "plan_check" if goes_on(meeting, context.now) else "plan_check_past"
        context.phrase(asks, _buttons(context, "plan_check", ("yes", "no")), **facts)


def _add(context: TurnContext, asked: dict[str, Any]) -> None:
    """Plan the meeting. One that stands there already, just like this, is not planned twice."""
    meeting = _meeting(context, asked)
    if meeting is None:
        return
    connection, services = context.connection, context.services
    found = meetings.by_uids(connection, [meeting.uid])
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
    """What is planned, as far as it is for this coordinator."""
    who, known = _who(context), teams.by_name(teams.all_teams(context.connection))
    coming = [
        each
        for each in agenda.listed(context.connection)
        if each.meeting.state != "cancelled" and goes_on(each.meeting, context.now)
        if who is not None and sees(who, each.meeting, known)
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
