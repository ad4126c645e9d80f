"""Taking part in a meeting: by its code, by a letter, and leaving again with one tap."""

from __future__ import annotations

from datetime import datetime

from bot import account_question
from bot.meetings import answering, letters
from bot.meetings.codes import parse_code
from bot.meetings.due import due
from bot.meetings.meeting import Meeting, Occurrence
from bot.meetings.naming import facts_of, named
from bot.meetings.planning import LATE_JOIN, day_of, drop_member, plan_member, rules_of
from bot.meetings.records import from_row
from bot.meetings.series import last_held
from bot.scene import Scene
from conversations.effects import Button
from storage import links, meetings, people, prompts
from storage.meetings import Row, Side

SIDES: tuple[Side, ...] = ("guest", "host", "member")


def came(scene: Scene, payload: str) -> bool | None:
    """Someone came with the payload of a link. None when it is neither the code of a meeting nor a
    personal link; else whether the open question is to be asked again."""
    row, what = _meeting_of(scene, payload)
    if row:
        return joined(scene, row, what)
    token, what = letters.parsed(payload)
    link = links.find(scene.connection, scene.house.vault, token, scene.now)
    if link is None:
        return None
    _belong(scene, link.person_id)
    if link.prompt_id is not None:
        return answering.tapped(scene, what or "now", link.prompt_id)
    row = meetings.by_id(scene.connection, scene.house.vault, link.meeting_id or "")
    if row is None:
        return None
    if what in (*SIDES, "leave"):
        return tapped(scene, what, row.id)
    return joined(scene, row, what)


def typed(scene: Scene, text: str) -> bool:
    """Someone types the code that stands on the wall. False when it is none."""
    code = parse_code(text)
    row = code and meetings.by_code(scene.connection, scene.house.vault, code)
    return joined(scene, row) if row else False


def long_over(row: Row, meeting: Meeting, now: datetime) -> Occurrence | None:
    """The last one that was held, when the meeting is over for so long that no prompt follows."""
    last = last_held(meeting, now) if row.ends_at and row.ends_at < now else None
    return last if last is not None and last.end < now - LATE_JOIN else None


def joined(scene: Scene, row: Row, what: str = "") -> bool:
    """Take part from now on, and say on which side, unless `what` is the side; `now` tells at once
    of what is over for long. Whether the open question is to be asked again."""
    meeting = from_row(row)
    if meeting.state == "cancelled":
        scene.phrase("meeting_cancelled", (), **facts_of(meeting, scene.phrases))
        return True
    person_id = _member_id(scene, row.id)
    named: tuple[Side, ...] = ("guest", "host") if meeting.kind == "visit" else ("member",)
    side: Side = next((each for each in named if each == what or len(named) == 1), "")
    meetings.join(scene.connection, row.id, person_id, side)
    last = long_over(row, meeting, scene.now)
    if last is not None:
        return _ask_now(scene, last, person_id, tells=what == "now")
    rules = rules_of(scene.house.settings.prompts)
    plan_member(scene.connection, scene.house.vault, row, person_id, scene.now, rules)
    sides = _sides(scene, meeting)
    if what in named:
        scene.phrase("meeting_side_ok", sides[-1:])
    else:
        scene.phrase("meeting_joined", sides, **facts_of(meeting, scene.phrases))
    if scene.person.prefs.get("prompts") == "off":
        scene.phrase("meetings_off", [Button("d:prompts:on", scene.words("meetings_off.on"))])
    return True


def tapped(scene: Scene, what: str, meeting_id: str) -> bool:
    """A side, or `leave`. Always: ask the open question again."""
    row = meetings.by_id(scene.connection, scene.house.vault, meeting_id)
    if row is None or (what not in SIDES and what != "leave"):
        scene.phrase("old_button")
        return True
    meeting, person_id = from_row(row), _member_id(scene, meeting_id)
    if what == "leave":
        meetings.leave(scene.connection, meeting_id, person_id)
        drop_member(scene.connection, meeting_id, person_id, scene.now)
        scene.phrase("meeting_left", (), **facts_of(meeting, scene.phrases))
        return True
    side = next(each for each in SIDES if each == what)
    if meetings.join(scene.connection, meeting_id, person_id, side):
        rules = rules_of(scene.house.settings.prompts)
        plan_member(scene.connection, scene.house.vault, row, person_id, scene.now, rules)
    scene.phrase("meeting_side_ok")
    return True


def listed(scene: Scene) -> None:
    """What this person takes part in, each with a button to leave."""
    places = meetings.memberships(scene.connection, answering.ids_of(scene))
    buttons = []
    for place in places:
        row = meetings.by_id(scene.connection, scene.house.vault, place.meeting_id)
        if row and row.state != "cancelled" and (row.ends_at is None or row.ends_at > scene.now):
            name = named(from_row(row), scene.phrases)
            buttons.append(Button(f"d:side:leave:{row.id}", name[:1].upper() + name[1:]))
    if buttons:
        account_question.ask(scene, "meetings_list", buttons)
    else:
        scene.phrase("meetings_none")
    if scene.person.prefs.get("prompts") == "off":
        scene.phrase("meetings_off", [Button("d:prompts:on", scene.words("meetings_off.on"))])


def known_places(scene: Scene) -> list[dict[str, object]]:
    """What is known of this person's meetings: which, on which side, and what became of the
    prompts."""
    rows = prompts.of_people(scene.connection, answering.ids_of(scene))
    found: list[dict[str, object]] = []
    for place in meetings.memberships(scene.connection, answering.ids_of(scene)):
        row = meetings.by_id(scene.connection, scene.house.vault, place.meeting_id)
        if row is not None:
            asked = [each for each in rows if each.meeting_id == row.id]
            name = named(from_row(row), scene.phrases)
            found.append(
                {
                    "meeting": name[:1].upper() + name[1:],
                    "side": place.side,
                    "prompts": [{"kind": each.kind, "state": each.state} for each in asked],
                }
            )
    return found


def switched_on(scene: Scene) -> None:
    """Prompts again, after all, about what is still to come."""
    scene.prefer(prompts=None)
    for person_id in scene.person.prefs.get("mail", ()):
        for person in people.locked(scene.connection, scene.house.vault, [person_id], wait=True):
            prefs = {name: value for name, value in person.prefs.items() if name != "prompts"}
            people.save(scene.connection, scene.house.vault, person.but(prefs=prefs))
    rules, vault = rules_of(scene.house.settings.prompts), scene.house.vault
    for place in meetings.memberships(scene.connection, answering.ids_of(scene)):
        row = meetings.by_id(scene.connection, vault, place.meeting_id)
        if row is not None:
            plan_member(scene.connection, vault, row, place.person_id, scene.now, rules)
    scene.phrase("prompts_on")


def _sides(scene: Scene, meeting: Meeting) -> list[Button]:
    sides = ("guest", "host") if meeting.kind == "visit" else ("member",)
    return [
        Button(f"d:side:{each}:{meeting.id}", scene.words(f"meeting_joined.{each}"))
        for each in (*sides, "leave")
    ]


def _ask_now(scene: Scene, last: Occurrence, person_id: str, *, tells: bool) -> bool:
    """The meeting is over for long: no prompt follows, but telling is offered, or begins when that
    was said already. Whether the open question is to be asked again."""
    meeting, vault = last.meeting, scene.house.vault
    at = due(last.end, meeting.delay, meeting.tz, rules_of(scene.house.settings.prompts))
    row = prompts.new_row(vault, person_id, meeting.id, day_of(last), "ask", last.end, at)
    prompts.add(scene.connection, [row.but(state="sent")])
    if tells:
        return answering.tapped(scene, "go", row.id)
    scene.phrase(
        "meeting_past",
        [
            Button(f"d:prompt:go:{row.id}", scene.words("meeting_past.now")),
            Button(f"d:prompt:no:{row.id}", scene.words("meeting_past.no")),
        ],
        **facts_of(meeting, scene.phrases),
    )
    return True


def _meeting_of(scene: Scene, payload: str) -> tuple[Row | None, str]:
    """The meeting whose code a payload is, and what may follow it: `K7MF-3QX-guest`."""
    code, _, what = payload.rpartition("-")
    for found, then in ((parse_code(payload), ""), (parse_code(code), what)):
        row = found and meetings.by_code(scene.connection, scene.house.vault, found)
        if row:
            return row, then
    return None, ""


def _member_id(scene: Scene, meeting_id: str) -> str:
    """Who takes part: the person of the letters, if that one was invited; else this one."""
    places = meetings.memberships(scene.connection, answering.ids_of(scene))
    mine = [place.person_id for place in places if place.meeting_id == meeting_id]
    return mine[0] if mine else scene.person.id


def _belong(scene: Scene, person_id: str) -> None:
    """This page is of the person whose letter led here, from now on."""
    mine = scene.person.prefs.get("mail", ())
    if person_id in mine:
        return
    scene.prefer(mail=[*mine, person_id])
    for person in people.locked(scene.connection, scene.house.vault, [person_id], wait=True):
        pages = [one for one in person.prefs.get("web", ()) if one != scene.person.id]
        prefs = {**person.prefs, "web": [*pages[-4:], scene.person.id]}
        people.save(scene.connection, scene.house.vault, person.but(prefs=prefs))
