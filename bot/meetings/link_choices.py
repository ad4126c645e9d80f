"""The choices on the page of a personal link. Opening a link changes nothing, for programs that
look at mail open every one and run its script; the page shows what can be done, and a tap does
it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.channels.web.pages import Choices
from bot.meetings.membership import long_over
from bot.meetings.model.codes import parse_code
from bot.meetings.model.labels import facts_of
from bot.meetings.model.rows import from_row
from bot.meetings.prompts import letters
from bot.meetings.prompts.message import answers_at
from bot.services import Services, form_of
from bot.slots import facts
from conversations.guide.model import Form, Phrases, fill_slots
from storage.coordinators import teams
from storage.engine.transaction import Snapshot
from storage.meetings import links, meetings, prompts
from storage.meetings.meetings import StoredMeeting
from storage.people import people

Choice = tuple[str, str]
"""The payload of a link, and what the button says."""


class _Words(NamedTuple):
    phrases: Phrases
    form: Form

    def __call__(self, key: str, slots: dict[str, str] | None = None) -> str:
        return fill_slots(self.phrases.get(key, self.form), slots or {})


def choices_of(
    session: Snapshot, services: Services, payload: str, language: str, now: datetime
) -> Choices:
    """What the page of a link with this payload asks; in `language`, or in that of the person to
    whom it was sent. It reads only."""
    phrases = services.shelf.library.phrases
    said = _Words(phrases(language), "je")
    code = parse_code(payload)
    row = meetings.by_code(session, code) if code else None
    if row is not None:
        asking = facts(services.settings, said.phrases, {})
        return _joining(said, language, row, payload, now, asking)
    kind, _, team = payload.partition("-") if payload[1:2] == "-" else ("", "", payload)
    met = teams.by_code(session, team)
    if met is not None and met.closed:
        tellers = [(role, said(f"who_tells.{role}")) for role in ("resident", "professional")]
        return Choices(language, said("team_closed"), tuple(tellers))
    if met is not None:
        roles = (("r", "resident"), ("p", "professional"))
        asking = facts(services.settings, said.phrases, {})
        tellers = [(f"{short}-{team}", said(f"who_tells.{role}")) for short, role in roles]
        return Choices(language, said("who_tells", asking), _first(tellers, f"{kind}-{team}"))
    if services.shelf.may_begin(payload):
        begin = said("unexpected_idle.begin")
        return Choices(language, said("web.title"), ((payload, begin),))
    return _personal(session, services, payload, now) or Choices(language, said("link_unknown"), ())


def _personal(session: Snapshot, services: Services, payload: str, now: datetime) -> Choices | None:
    """A link in a letter: what the letter asks, with the answer first that the link names."""
    token, _ = letters.split_payload(payload)
    link = links.find(session, token, now)
    person = people.by_id(session, link.person_id) if link else None
    if link is None or person is None:
        return None
    said = _Words(services.shelf.library.phrases(person.language), form_of(person))
    prompt = prompts.by_id(session, link.prompt_id) if link.prompt_id else None
    meeting_id = prompt.meeting_id if prompt else link.meeting_id or ""
    row = meetings.by_id(session, meeting_id)
    if row is None and person.channel == "web" and not meeting_id:
        opens = ((token, services.shelf.library.phrases(person.language).get("web.skip_to_chat")),)
        return Choices(person.language, said("bell_opens"), opens)
    if row is None:
        return None
    if prompt is None:
        asking = facts(services.settings, said.phrases, {})
        asked = _joining(said, person.language, row, token, now, asking, leave=True)
        return asked._replace(buttons=_first(asked.buttons, payload))
    subject = "mail_follow_up_subject" if prompt.kind == "follow_up" else "mail_prompt_subject"
    answers = [
        (token if name == "now" else f"{token}-{name}", said(f"prompt.{key}"))
        for name, key in answers_at(services, now)
    ]
    text = said(subject, facts_of(from_row(row), said.phrases))
    return Choices(person.language, text, _first(answers, payload))


def _joining(
    said: _Words,
    language: str,
    row: StoredMeeting,
    payload: str,
    now: datetime,
    asking: dict[str, str],
    *,
    leave: bool = False,
) -> Choices:
    """Taking part: who asks, what will come, on which side; or telling at once, when it is over
    for long."""
    meeting = from_row(row)
    slots = facts_of(meeting, said.phrases)
    if meeting.state == "cancelled":
        return Choices(language, said("meeting_cancelled", slots), ())
    if long_over(row, meeting, now):
        now_button = (f"{payload}-now", said("meeting_past.now"))
        return Choices(language, said("meeting_past", slots), (now_button,))
    sides = ("guest", "host") if meeting.kind == "visit" else ("member",)
    names = (*sides, "leave") if leave else sides
    buttons = [(f"{payload}-{name}", said(f"meeting_joined.{name}", slots)) for name in names]
    asked = f"{said('meeting_page', asking)} {said('mail_invited_subject', slots)}"
    return Choices(language, asked, tuple(buttons))


def _first(buttons: Sequence[Choice], payload: str) -> tuple[Choice, ...]:
    """With what the link names at the top."""
    return tuple(sorted(buttons, key=lambda button: button[0] != payload))
