"""The message of a prompt: one question, and when it suits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.lists import format_list

from bot.account_buttons import button_id
from bot.channels.base import Letter
from bot.meetings.model.labels import facts_of, named
from bot.meetings.model.meeting import Meeting
from bot.meetings.prompts.letters import Action, compose, words
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import this_evening
from bot.services import Services
from conversations.engine.effects import Say
from conversations.guide.builder import minutes_in_words
from storage.engine.transaction import Transaction
from storage.meetings import prompts
from storage.meetings.links import Link
from storage.meetings.meetings import Side
from storage.people.people import Person

ANSWERS = (
    ("now", "now"),
    ("evening", "evening"),
    ("tomorrow", "tomorrow"),
    ("no", "not_this_time"),
    ("never", "never"),
)
"""What a button says it does, and the sentence on it (`prompt.now`)."""

SOON = timedelta(minutes=30)
"""With less than this to go, "this evening" is now."""

LABEL = 40
"""The most characters of a meeting's name on a button."""


@dataclass(frozen=True, slots=True)
class MeetingPrompt:
    """A prompt with the meeting it is about, and the side of the person."""

    row: prompts.StoredPrompt
    meeting: Meeting
    side: Side = ""


def message(
    connection: Transaction,
    services: Services,
    person: Person,
    asked: Sequence[MeetingPrompt],
    now: datetime,
) -> Say | Letter:
    """The message of one prompt, or of several in one; the first carries the others."""
    phrases = services.shelf.library.phrases(person.language)
    first = asked[0]
    slots = facts_of(first.meeting, phrases)
    if len(asked) == 1:
        slots["minutes"] = _minutes(services, person, first)
        text = words(services, person, _sentence(first), slots)
        subject = words(services, person, _subject(first), slots)
        telling = [_action("now", first, words(services, person, "prompt.now", slots))]
    else:
        held = sorted(asked, key=lambda each: each.row.ended_at)
        names = [named(each.meeting, phrases) for each in held]
        slots["meetings"] = format_list(names, locale=person.language)
        text = words(services, person, "prompt_bundle", slots)
        subject = words(services, person, "mail_bundle_subject", slots)
        telling = [
            _action("now", each, _short(name)) for each, name in zip(held, names, strict=True)
        ]
    rest = [
        _action(name, first, words(services, person, f"prompt.{key}", slots))
        for name, key in answers_at(services, now)[1:]
    ]
    about = Link(person.id, first.meeting.id, first.row.id)
    return compose(
        connection, services, person, text, [*telling, *rest], subject=subject, about=about, now=now
    )


def answers_at(services: Services, now: datetime) -> tuple[tuple[str, str], ...]:
    """What can be answered now: this evening only while that is still to come."""
    rules = rules_of(services.settings.prompts)
    evening = this_evening(now, rules)
    zone = rules.zone
    today = evening.astimezone(zone).date() == now.astimezone(zone).date()
    comes = today and evening - now > SOON
    return tuple(each for each in ANSWERS if comes or each[0] != "evening")


def _sentence(asked: MeetingPrompt) -> str:
    if asked.row.kind == "remind":
        return "prompt_reminder"
    if asked.row.kind == "follow_up":
        return "prompt_follow_up"
    if asked.meeting.kind == "learning_group":
        return "prompt_learning_group"
    named_sides = {"host": asked.meeting.guest_team, "guest": asked.meeting.host_team}
    return f"prompt_visit_{asked.side}" if named_sides.get(asked.side) else "prompt_visit"


def _minutes(services: Services, person: Person, asked: MeetingPrompt) -> str:
    """How long it takes, as the guide promises it."""
    guides = {"learning_group": "after_learning_group", "host": "after_visit_host"}
    kind = asked.meeting.kind if asked.meeting.kind == "learning_group" else asked.side
    guide = services.shelf.library.get(guides.get(kind, "after_visit_guest"), person.language)
    return minutes_in_words(guide.minutes, guide.phrases)


def _subject(asked: MeetingPrompt) -> str:
    return "mail_follow_up_subject" if asked.row.kind == "follow_up" else "mail_prompt_subject"


def _action(name: str, asked: MeetingPrompt, label: str) -> Action:
    return button_id("prompt", name, asked.row.id), label


def _short(name: str) -> str:
    shown = name[:1].upper() + name[1:]
    return shown if len(shown) <= LABEL else f"{shown[: LABEL - 1]}…"
