"""`/bijeenkomst`: what someone takes part in; and for coordinators, planning in a few messages."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.meetings import agenda, joining
from bot.meetings.csvfile import read_csv
from bot.meetings.dutch import Unreadable
from bot.meetings.meeting import Meeting
from bot.meetings.naming import facts_of, time_named
from bot.meetings.planning import rules_of
from bot.meetings.series import goes_on
from bot.meetings.when import read_when
from bot.scene import Scene
from conversations.effects import Button
from storage import coordinators

REPEATS = {
    "once": "",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
SHOWN = 10
"""The most meetings that a list in the chat shows."""


def opened(scene: Scene) -> None:
    """The command."""
    if (scene.state is not None and scene.state.open) or not _plans(scene):
        joining.listed(scene)
        return
    scene.prefer(planning=None)
    choices = ("visit", "learning_group", "list", "own")
    scene.phrase("plan_kind", _buttons(scene, "plan_kind", choices))


def tapped(scene: Scene, what: str) -> None:
    """A button of the planning."""
    asked = dict(scene.person.prefs.get("planning") or {})
    if not _plans(scene):
        scene.phrase("old_button")
    elif what == "list":
        _list(scene)
    elif what == "own":
        joining.listed(scene)
    elif what in ("visit", "learning_group"):
        scene.prefer(planning={"kind": what})
        scene.phrase("plan_host" if what == "visit" else "plan_title")
    elif what in REPEATS and asked.get("start"):
        scene.prefer(planning={**asked, "repeat": what})
        _check(scene)
    elif what == "yes" and asked.get("repeat"):
        _add(scene)
    elif what == "no" and asked:
        scene.prefer(planning=None)
        scene.phrase("plan_stopped")
    else:
        scene.phrase("old_button")


def typed(scene: Scene, text: str) -> bool:
    """An answer in words while planning. False when nothing is being planned."""
    asked = dict(scene.person.prefs.get("planning") or {})
    if not asked or asked.get("start") or not _plans(scene):
        return False
    text = " ".join(text.split())[:100]
    if asked["kind"] == "visit" and "host" not in asked:
        scene.prefer(planning={**asked, "host": text})
        scene.phrase("plan_guest")
    elif asked["kind"] == "visit" and "guest" not in asked:
        scene.prefer(planning={**asked, "guest": text})
        scene.phrase("plan_when")
    elif asked["kind"] == "learning_group" and "title" not in asked:
        scene.prefer(planning={**asked, "title": text})
        scene.phrase("plan_when")
    else:
        _when(scene, asked, text)
    return True


def _plans(scene: Scene) -> bool:
    """Whether this person is a coordinator who may plan."""
    person = scene.person
    who = coordinators.by_address(
        scene.connection, scene.house.vault, person.channel, person.address
    )
    return who is not None and who.role != "reader"


def _when(scene: Scene, asked: dict[str, Any], text: str) -> None:
    try:
        start, end = read_when(text, scene.now, rules_of(scene.house.settings.prompts).tz)
    except Unreadable:
        scene.phrase("plan_when_again")
        return
    times = {"start": start.isoformat(), "end": end.isoformat()}
    scene.prefer(planning={**asked, **times})
    scene.phrase("plan_repeat", _buttons(scene, "plan_repeat", tuple(REPEATS)))


def _check(scene: Scene) -> None:
    meeting = _meeting(scene)
    facts = {**facts_of(meeting, scene.phrases), "when": _shown(scene, meeting)}
    scene.phrase("plan_check", _buttons(scene, "plan_check", ("yes", "no")), **facts)


def _add(scene: Scene) -> None:
    made = agenda.add(scene.connection, scene.house, _meeting(scene), scene.now)
    scene.prefer(planning=None)
    link = f"{scene.house.settings.public_url}/m/{made.code}"
    scene.phrase("plan_done", (), code=made.code, link=link)


def _meeting(scene: Scene) -> Meeting:
    """What was asked, as a meeting: read like a row of a table, with the same checks."""
    asked = scene.person.prefs["planning"]
    tz = rules_of(scene.house.settings.prompts).tz
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


def _list(scene: Scene) -> None:
    coming = [
        each
        for each in agenda.listed(scene.connection, scene.house)
        if each.meeting.state != "cancelled" and goes_on(each.meeting, scene.now)
    ]
    if not coming:
        scene.phrase("plan_none")
    for each in coming[:SHOWN]:
        facts = facts_of(each.meeting, scene.phrases)
        when, code = _shown(scene, each.meeting), each.meeting.code
        scene.phrase("plan_line", (), **facts, when=when, code=code, joined=str(each.joined))


def _shown(scene: Scene, meeting: Meeting) -> str:
    start, end = meeting.local(meeting.start), meeting.local(meeting.end)
    return time_named(start, end, scene.person.language, meeting.local(scene.now).date())


def _buttons(scene: Scene, key: str, names: tuple[str, ...]) -> list[Button]:
    return [Button(f"d:plan:{name}", scene.words(f"{key}.{name}")) for name in names]
