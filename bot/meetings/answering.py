"""What people do with a prompt: tell now, later, not this time, never; or tell without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from babel.dates import format_time
from sqlalchemy import Connection

from bot.house import House
from bot.meetings.asking import ANSWERS, Asked, message
from bot.meetings.due import this_evening, tomorrow, zone_of
from bot.meetings.naming import day_named, guide_of, known_of
from bot.meetings.planning import rules_of
from bot.meetings.prompts import Event, transition
from bot.meetings.records import from_row
from bot.scene import Scene
from conversations import meaning
from conversations.effects import Button
from conversations.events import Returned, Said
from storage import meetings, outbox, people, prompts, teams
from storage.meetings import Side
from storage.prompts import Row

SPEAKS = "professional"
"""Any guide: whose words for yes and no are read."""
TOLD = 6000
"""The most characters of an answer that is typed at once: a whole story."""
OLD = timedelta(days=21)
"""After this time a tap on a prompt is first asked about, and an open one is not shown again."""


def ids_of(scene: Scene) -> tuple[str, ...]:
    """The person, and the one whose letters led to this page."""
    return (scene.person.id, *scene.person.prefs.get("mail", ()))


def tapped(scene: Scene, what: str, prompt_id: str) -> bool:
    """An answer to a prompt, by button or link. False when it asked the open question again or
    began a guide, so that nothing has to be asked after it."""
    row = prompts.by_id(scene.connection, prompt_id)
    if row is None or row.person_id not in ids_of(scene):
        scene.phrase("old_button")
        return True
    if what in ("now", "go", "guest", "host"):
        return _now(scene, row, what)
    if what in ("evening", "tomorrow"):
        _snooze(scene, row, what)
    elif what == "never":
        never(scene)
    else:
        for each in _about(scene, row):
            _become(scene, each, "decline")
        scene.phrase("prompt_not_this_time_ok")
    return True


def said(scene: Scene, text: str) -> bool:
    """Someone types what the button says, or clearly means it. False when no prompt is open or it
    is no answer."""
    typed = _meant(scene, text)
    if typed == "never":  # whoever says so need not wait for a question
        never(scene)
        return True
    row = _open(scene, "sent", "uncertain", "snoozed") if typed else None
    if row is None:
        return False
    if typed == "now" and _bundled(scene, row):
        return show_open(scene)
    tapped(scene, typed, row.id)
    return True


def _meant(scene: Scene, text: str) -> str:
    """The answer that a text means: the words on a button or, when that was asked last, a clear yes
    or no."""
    buttons = [Button(name, scene.words(f"prompt.{key}")) for name, key in ANSWERS]
    exact = [each.id for each in buttons if meaning.plain(text) == meaning.plain(each.label)]
    if exact or not _asked_last(scene):
        return next(iter(exact), "")
    return (
        meaning.button(scene.house.shelf.today(SPEAKS, scene.person.language), buttons, text) or ""
    )


def _asked_last(scene: Scene) -> bool:
    """Whether nothing was asked since the last prompt."""
    if scene.state is None:
        return True
    said = outbox.last_said(scene.connection, scene.house.vault, scene.person.id) or {}
    return any(each["id"].startswith("d:prompt:") for each in said.get("buttons", ()))


def told(scene: Scene, event: Said) -> bool:
    """Someone types the answer to a prompt at once: its guide begins with it. Where it is not clear
    which guide that is, the prompt is asked again. False when no prompt is open."""
    row = _open(scene, "sent", "uncertain", "snoozed")
    if row is None or not _asked_last(scene):
        return False
    asked = _asked(scene, row)
    guide = guide_of(asked.meeting, asked.side, row.kind) if asked else ""
    if not asked or not guide or event.forwarded or len(event.text) > TOLD or _bundled(scene, row):
        scene.phrase("not_kept_yet")
        return show_open(scene)
    scene.phrase("prompt_words_kept")
    _begin_asked(scene, row, asked, guide, event)
    return True


def show_open(scene: Scene) -> bool:
    """Someone comes back: a prompt that waits for an answer is shown again, with what was asked in
    the same message. False without one."""
    row = _open(scene, "sent", "uncertain")
    asked = [_asked(scene, each) for each in (row, *_bundled(scene, row))] if row else []
    known = [each for each in asked if each is not None]
    if not known or known[0].row is not row:
        return False
    scene.put(message(scene.connection, scene.house, scene.person, known, scene.now))
    return True


def never(scene: Scene) -> None:
    """No prompts any more, after any meeting."""
    scene.prefer(prompts="off")
    for other in scene.person.prefs.get("mail", ()):
        switch_off(scene.connection, scene.house, other)
    _decline_all(scene.connection, ids_of(scene))
    scene.phrase("prompt_never_ok", [Button("d:prompts:on", scene.words("meetings_off.on"))])


def switch_off(connection: Connection, house: House, person_id: str) -> None:
    """No prompts any more for this person, without a conversation: one click in a letter."""
    for person in people.locked(connection, house.vault, [person_id], wait=True):
        prefs = {**person.prefs, "prompts": "off"}
        people.save(connection, house.vault, person.but(prefs=prefs))
    _decline_all(connection, [person_id])


def _now(scene: Scene, row: Row, what: str) -> bool:
    state = scene.state
    if state is not None and state.open and (state.path or state.draft):
        scene.take(Returned())
        return False
    asked = _asked(scene, row)
    if asked is None:
        scene.phrase("old_button")
        return True
    gone = row.state in ("answered", "expired", "cancelled", "failed")
    if what == "now" and (gone or scene.now - row.due_at > OLD):
        scene.phrase(
            "prompt_late_tap",
            [
                Button(f"d:prompt:go:{row.id}", scene.words("prompt_late_tap.now")),
                Button(f"d:prompt:no:{row.id}", scene.words("prompt_late_tap.not_this_time")),
            ],
        )
        return True
    side: Side = asked.side
    if what in ("guest", "host"):
        side = "guest" if what == "guest" else "host"
        meetings.join(scene.connection, row.meeting_id, row.person_id, side)
    guide = guide_of(asked.meeting, side, row.kind)
    if not guide:
        scene.phrase(
            "meeting_side_ask",
            [
                Button(f"d:prompt:{each}:{row.id}", scene.words(f"meeting_side_ask.{each}"))
                for each in ("guest", "host")
            ],
        )
        return True
    _begin_asked(scene, row, Asked(row, asked.meeting, side), guide)
    return False


def _begin_asked(
    scene: Scene, row: Row, asked: Asked, guide: str, told: Said | None = None
) -> None:
    answer(scene, row)
    known = known_of(asked.meeting, asked.side, scene.phrases, teams.all_teams(scene.connection))
    begin(scene, guide, known, told)


def begin(scene: Scene, guide: str, known: dict[str, str], told: Said | None = None) -> None:
    """Begin the guide of a prompt; what is known of the own team stays."""
    own = {
        name: value
        for name, value in scene.person.prefs.get("known", {}).items()
        if name in teams.KNOWN
    }
    scene.begin(guide, {**own, **known}, told)
    scene.prefer(prompted=True)


def answer(scene: Scene, row: Row) -> None:
    """This prompt is answered, its reminder with it; what was asked in the same message is not
    asked again."""
    asks = prompts.siblings(scene.connection, row, "ask", "remind")
    for each in asks if row.kind != "follow_up" else [row]:
        _become(scene, each, "now")
    for each in prompts.together(scene.connection, row):
        if (each.meeting_id, each.day) != (row.meeting_id, row.day):
            _become(scene, each, "decline")


def _snooze(scene: Scene, row: Row, what: str) -> None:
    found = meetings.by_id(scene.connection, scene.house.vault, row.meeting_id)
    rules = rules_of(scene.house.settings.prompts)
    tz = from_row(found).tz if found else rules.tz
    at = (this_evening if what == "evening" else tomorrow)(scene.now, tz, rules)
    if row.state in ("answered", "declined") or transition(row.state, "snooze") != "snoozed":
        scene.phrase("old_button")
        return
    for each in (row, *prompts.together(scene.connection, row)):
        if each.id == row.id or each.state == "bundled":
            state = transition(each.state, "snooze")
            prompts.change(scene.connection, each, state=state, due_at=at, next_at=at, waits=False)
    zone = zone_of(tz, rules)
    time = format_time(at.astimezone(zone), "short", locale=scene.person.language)
    days = (at.astimezone(zone).date() - scene.now.astimezone(zone).date()).days
    if days == (0 if what == "evening" else 1):
        scene.phrase(f"prompt_{what}_ok", time=time)
    else:
        day = day_named(at.astimezone(zone), scene.person.language, scene.now.date())
        scene.phrase("prompt_later_ok", time=time, day=day)


def _about(scene: Scene, row: Row) -> list[Row]:
    """All that "not this time" is about: the message, its reminder, and what would follow."""
    asked = [row, *prompts.together(scene.connection, row)]
    kinds: tuple[prompts.Kind, ...] = ("ask", "remind", "follow_up")
    return [each for one in asked for each in prompts.siblings(scene.connection, one, *kinds)]


def _decline_all(connection: Connection, person_ids: Sequence[str]) -> None:
    for row in prompts.of_people(connection, person_ids):
        state = transition(row.state, "decline")
        if state != row.state:
            prompts.change(connection, row, state=state, waits=False)


def _become(scene: Scene, row: Row, event: Event) -> None:
    state = transition(row.state, event)
    if state != row.state:
        prompts.change(scene.connection, row, state=state, waits=False)


def _open(scene: Scene, *states: prompts.State) -> Row | None:
    """The newest prompt that waits for an answer."""
    rows = prompts.of_people(scene.connection, ids_of(scene), *states)
    fresh = [row for row in rows if scene.now - row.due_at <= OLD and row.carrier is None]
    return max(fresh, key=lambda row: row.due_at, default=None)


def _bundled(scene: Scene, row: Row) -> list[Row]:
    """What was asked in the same message and waits for an answer too."""
    return [
        each
        for each in prompts.together(scene.connection, row)
        if each.state in ("bundled", "snoozed")
    ]


def _asked(scene: Scene, row: Row) -> Asked | None:
    found = meetings.by_id(scene.connection, scene.house.vault, row.meeting_id)
    if found is None:
        return None
    member = meetings.member(scene.connection, row.meeting_id, row.person_id)
    return Asked(row, from_row(found), member.side if member else "")
