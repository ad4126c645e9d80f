"""Membership of a meeting: joining by its code or a letter, and leaving again with one tap."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.account_buttons import button_id
from bot.meetings.model.codes import parse_code
from bot.meetings.model.labels import facts_of, named
from bot.meetings.model.meeting import Meeting, Occurrence
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import last_held
from bot.meetings.prompts import answers, letters
from bot.meetings.prompts.planning import LATE_JOIN, day_of, drop_member, plan_member, rules_of
from bot.meetings.prompts.schedule import due
from bot.turns import conversation
from bot.turns.context import TurnContext
from conversations.engine.effects import Button, Say
from storage.meetings import links, meetings, prompts
from storage.meetings.meetings import Side, StoredMeeting
from storage.people import people
from storage.people.people import Person
from storage.stories import relays

SIDES: tuple[Side, ...] = ("guest", "host", "member")


def follow_link(context: TurnContext, payload: str) -> bool | None:
    """Do what the payload of a link says: join, leave or answer a prompt. None when it is neither
    the code of a meeting nor a personal link; else whether the open question is to be asked
    again."""
    row, what = _meeting_of(context, payload)
    if row:
        return join(context, row, what)
    token, what = letters.split_payload(payload)
    link = links.find(context.connection, token, context.now)
    if link is None:
        return None
    rung = people.by_id(context.connection, link.person_id)
    if rung is not None and rung.channel == "web":
        return _follow_bell(context, rung, link.prompt_id, what)
    tie_page(context, link.person_id)
    if link.prompt_id is not None:
        return answers.handle_tap(context, what or "now", link.prompt_id)
    row = meetings.by_id(context.connection, link.meeting_id or "")
    if row is None:
        return None
    if what in (*SIDES, "leave"):
        return handle_tap(context, what, row.id)
    return join(context, row, what)


def _follow_bell(
    context: TurnContext, rung: Person, prompt_id: str | None, what: str
) -> bool | None:
    """The link of a bell was followed: in the browser that it rang for, or in another one. There
    the question moves along with whoever answers it; what else waits stays where it is."""
    row = prompts.by_id(context.connection, prompt_id) if prompt_id else None
    if rung.id == context.person.id:
        return answers.handle_tap(context, what or "now", row.id) if row else True
    if row is None:
        context.phrase("bell_elsewhere")
        return True
    member = meetings.member(context.connection, row.meeting_id, row.person_id)
    if row.person_id == rung.id and member is not None:
        meetings.join(context.connection, row.meeting_id, context.person.id, member.side)
        meetings.leave(context.connection, row.meeting_id, rung.id)
        row = prompts.hand_over(context.connection, row, context.person.id)
    return answers.handle_tap(context, what or "now", row.id)


def join_by_code(context: TurnContext, text: str) -> bool:
    """Join by a code that someone typed from the wall. False when the text is none."""
    code = parse_code(text)
    row = code and meetings.by_code(context.connection, code)
    return join(context, row) if row else False


def long_over(row: StoredMeeting, meeting: Meeting, now: datetime) -> Occurrence | None:
    """The last one that was held, when the meeting is over for so long that no prompt follows."""
    last = last_held(meeting, now) if row.ends_at and row.ends_at < now else None
    return last if last is not None and last.end < now - LATE_JOIN else None


def join(context: TurnContext, row: StoredMeeting, what: str = "") -> bool:
    """Join a meeting on the side `what`, or ask which side; with `now`, begin to tell about one
    that is long over. Whether the open question is to be asked again."""
    meeting = from_row(row)
    if meeting.state == "cancelled":
        context.phrase("meeting_cancelled", (), **facts_of(meeting, context.phrases))
        return True
    person_id = _member_id(context, row.id)
    named: tuple[Side, ...] = ("guest", "host") if meeting.kind == "visit" else ("member",)
    side: Side = next((each for each in named if each == what or len(named) == 1), "")
    meetings.join(context.connection, row.id, person_id, side)
    last = long_over(row, meeting, context.now)
    if last is not None:
        return _ask_now(context, last, person_id, tells=what == "now")
    rules = rules_of(context.services.settings.prompts)
    plan_member(context.connection, row, person_id, context.now, rules)
    sides = _sides(context, meeting)
    if what in named:
        _confirm(context, meeting, side)
        _promise(context, row.id, person_id)
    elif side:
        context.phrase("meeting_joined", sides, **facts_of(meeting, context.phrases))
        _promise(context, row.id, person_id)
    else:
        asked = context.words("meeting_joined", **facts_of(meeting, context.phrases))
        conversation.ask_alone(context, Say(asked, tuple(sides)))
    if context.person.memory.prompts == "off":
        context.phrase(
            "meetings_off", [Button(button_id("prompts", "on"), context.words("meetings_off.on"))]
        )
    return True


def handle_tap(context: TurnContext, what: str, meeting_id: str) -> bool:
    """Choose a side, or `leave`. Always True: the open question is to be asked again."""
    row = meetings.by_id(context.connection, meeting_id)
    if row is None or (what not in SIDES and what != "leave"):
        context.phrase("old_button")
        return True
    meeting, person_id = from_row(row), _member_id(context, meeting_id)
    if what == "leave":
        meetings.leave(context.connection, meeting_id, person_id)
        drop_member(context.connection, meeting_id, person_id, context.now)
        context.phrase("meeting_left", (), **facts_of(meeting, context.phrases))
        return True
    side = next(each for each in SIDES if each == what)
    if meetings.join(context.connection, meeting_id, person_id, side):
        rules = rules_of(context.services.settings.prompts)
        plan_member(context.connection, row, person_id, context.now, rules)
    _confirm(context, meeting, side)
    _promise(context, meeting_id, person_id)
    return True


def _confirm(context: TurnContext, meeting: Meeting, side: Side) -> None:
    """Say on which side, which decides what is asked; with the other one, and leaving."""
    key = f"meeting_side_{side}" if side in ("guest", "host") else "meeting_side_ok"
    chosen = button_id("side", side, meeting.id)
    others = [each for each in _sides(context, meeting) if each.id != chosen]
    _open_with_questions(context, meeting.id)
    context.phrase(key, others)


def _open_with_questions(context: TurnContext, meeting_id: str) -> None:
    """A visit opens with what a guest asked at another one. It goes when its story goes."""
    for each in relays.opening(context.connection, meeting_id):
        with context.about(each.story_id):
            context.phrase("visit_question", (), question=each.text)
        relays.move(context.connection, each.id, "opened")


def _promise(context: TurnContext, meeting_id: str, person_id: str) -> None:
    """A question comes after the meeting; who was invited by a letter gets it by letter."""
    if person_id == context.person.id and context.person.memory.prompts != "off":
        context.promise("meeting", meeting_id)


def show_list(context: TurnContext) -> None:
    """Show what this person takes part in, each with a button to leave."""
    places = meetings.memberships(context.connection, answers.ids_of(context))
    buttons = []
    for place in places:
        row = meetings.by_id(context.connection, place.meeting_id)
        if row and row.state != "cancelled" and (row.ends_at is None or row.ends_at > context.now):
            name = named(from_row(row), context.phrases)
            buttons.append(Button(button_id("side", "leave", row.id), name[:1].upper() + name[1:]))
    if buttons:
        conversation.ask(context, "meetings_list", buttons)
    else:
        context.phrase("meetings_none")
    if context.person.memory.prompts == "off":
        context.phrase(
            "meetings_off", [Button(button_id("prompts", "on"), context.words("meetings_off.on"))]
        )


def known_places(context: TurnContext) -> list[dict[str, object]]:
    """What is known of this person's meetings: which, on which side, and what became of the
    prompts."""
    rows = prompts.of_people(context.connection, answers.ids_of(context))
    found: list[dict[str, object]] = []
    for place in meetings.memberships(context.connection, answers.ids_of(context)):
        row = meetings.by_id(context.connection, place.meeting_id)
        if row is not None:
            asked = [each for each in rows if each.meeting_id == row.id]
            name = named(from_row(row), context.phrases)
            found.append(
                {
                    "meeting": name[:1].upper() + name[1:],
                    "side": place.side,
                    "prompts": [{"kind": each.kind, "state": each.state} for each in asked],
                }
            )
    return found


def switch_on(context: TurnContext) -> None:
    """Switch prompts on again, and plan those about what is still to come."""
    context.remember(prompts="")
    for person_id in context.person.memory.mail:
        for person in people.locked(context.connection, [person_id], wait=True):
            people.save(context.connection, person.remembering(prompts=""))
    rules = rules_of(context.services.settings.prompts)
    for place in meetings.memberships(context.connection, answers.ids_of(context)):
        row = meetings.by_id(context.connection, place.meeting_id)
        if row is not None:
            plan_member(context.connection, row, place.person_id, context.now, rules)
    context.phrase("prompts_on")


def _sides(context: TurnContext, meeting: Meeting) -> list[Button]:
    sides = ("guest", "host") if meeting.kind == "visit" else ("member",)
    return [
        Button(button_id("side", each, meeting.id), context.words(f"meeting_joined.{each}"))
        for each in (*sides, "leave")
    ]


def _ask_now(context: TurnContext, last: Occurrence, person_id: str, *, tells: bool) -> bool:
    """Offer to tell about a meeting that is long over, which no prompt follows; begin at once if
    someone `tells`. Whether the open question is to be asked again."""
    meeting, vault = last.meeting, context.services.vault
    at = due(last.end, meeting.delay, rules_of(context.services.settings.prompts))
    row = prompts.new_row(vault, person_id, meeting.id, day_of(last), "ask", last.end, at)
    prompts.add(context.connection, [replace(row, state="sent")])
    if tells:
        return answers.handle_tap(context, "go", row.id)
    context.phrase(
        "meeting_past",
        [
            Button(button_id("prompt", "go", row.id), context.words("meeting_past.now")),
            Button(button_id("prompt", "no", row.id), context.words("meeting_past.no")),
        ],
        **facts_of(meeting, context.phrases),
    )
    return True


def _meeting_of(context: TurnContext, payload: str) -> tuple[StoredMeeting | None, str]:
    """The meeting whose code a payload is, and what may follow it: `K7MF-3QX-guest`."""
    code, _, what = payload.rpartition("-")
    for found, then in ((parse_code(payload), ""), (parse_code(code), what)):
        row = found and meetings.by_code(context.connection, found)
        if row:
            return row, then
    return None, ""


def _member_id(context: TurnContext, meeting_id: str) -> str:
    """Who takes part: the person of the letters, if that one was invited; else this one."""
    places = meetings.memberships(context.connection, answers.ids_of(context))
    mine = [place.person_id for place in places if place.meeting_id == meeting_id]
    return mine[0] if mine else context.person.id


def tie_page(context: TurnContext, person_id: str) -> None:
    """Tie this web page to the person whose letter led here."""
    mine = context.person.memory.mail
    if person_id in mine:
        return
    context.remember(mail=(*mine, person_id))
    for person in people.locked(context.connection, [person_id], wait=True):
        pages = [one for one in person.memory.web if one != context.person.id]
        led = person.remembering(web=(*pages[-4:], context.person.id))
        people.save(context.connection, led)
