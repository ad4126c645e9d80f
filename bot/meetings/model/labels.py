"""Labels of a meeting for its people, and the facts of it that a guide may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_date, format_time

from bot.meetings.model.meeting import Meeting, PromptKind
from conversations.guide.model import Phrases, fill_slots
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.meetings.meetings import Side


def named(meeting: Meeting, phrases: Phrases) -> str:
    """A meeting in the middle of a sentence: `de visite bij Wijkteam Oost`."""
    if meeting.kind == "learning_group":
        return _group(meeting, phrases)
    if meeting.host_team:
        return fill_slots(phrases.get("meeting_visit"), {"host_team": meeting.host_team})
    return fill_slots(phrases.get("meeting_visit_titled"), {"title": meeting.title})


def facts_of(meeting: Meeting, phrases: Phrases) -> dict[str, str]:
    """What fills the slots of sentences about a meeting."""
    facts = {"meeting": named(meeting, phrases)}
    if meeting.kind == "learning_group":
        return {**facts, "learning_group": facts["meeting"]}
    sides = {"host_team": meeting.host_team, "guest_team": meeting.guest_team}
    return {**facts, **{name: team for name, team in sides.items() if team}}


def known_of(
    meeting: Meeting, side: Side, phrases: Phrases, all_teams: Iterable[Team]
) -> dict[str, str]:
    """What the guide need not ask: the names, and the own team of a visit's two sides."""
    names: dict[Side, str] = {"host": meeting.host_team, "guest": meeting.guest_team}
    team = teams.by_name(all_teams).get(names.get(side, "").casefold())
    return {**(teams.known(team) if team else {}), **facts_of(meeting, phrases)}


def guide_of(meeting: Meeting, side: Side, kind: PromptKind) -> str:
    """The guide that a prompt leads to; empty when the side must be known first."""
    if kind == "follow_up":
        return "follow_up"
    if meeting.kind == "learning_group":
        return "after_learning_group"
    return {"host": "after_visit_host", "guest": "after_visit_guest"}.get(side, "")


def day_named(at: datetime, language: str, today: date) -> str:
    """A day in a sentence: `dinsdag 1 december`; with the year when that is another one."""
    shape = "EEEE d MMMM" if at.year == today.year else "EEEE d MMMM y"
    return format_date(at, shape, locale=language)


def time_named(start: datetime, end: datetime, language: str, today: date) -> str:
    """A day and its times: `dinsdag 1 december 14:00–16:00`."""
    times = (format_time(each, "short", locale=language) for each in (start, end))
    return f"{day_named(start, language, today)} {'–'.join(times)}"


def _group(meeting: Meeting, phrases: Phrases) -> str:
    title = meeting.title
    label = fill_slots(phrases.get("meeting_group"), {"title": title})
    word = label.removesuffix(title).strip()
    return title if title.casefold().startswith(word.casefold()) else label
