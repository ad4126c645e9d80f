"""The link in a letter about a change: a page with the three answers, and a tap on one of them.

/v/c-<token>-<change>           the page, which changes nothing
c-<token>-<change>-<answer>     what a tap on it begins in the web chat
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.channels.web.pages import Choices
from bot.meetings.prompts.letters import TOKEN_LENGTH, words
from bot.services import Services
from storage.engine.transaction import Reads
from storage.meetings import links
from storage.people import people
from storage.people.people import Person
from storage.sensemaking import changes
from storage.sensemaking.changes import JUSTICE_ANSWERS

KIND = "c"
"""What the payload of such a link begins with."""
_ID = 32


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """What a payload says, in its parts; what it names may not be there."""

    token: str
    change_id: str
    answer: str

    @classmethod
    def of(cls, code: str) -> ChangeLink:
        """Of a payload, without its kind."""
        token, rest = code[:TOKEN_LENGTH], code[TOKEN_LENGTH + 1 :]
        return cls(token, rest[:_ID], rest[_ID + 1 :])


def payload_of(token: str, change_id: str) -> str:
    return f"{KIND}-{token}-{change_id}"


def use_of(change_id: str) -> str:
    """What a token is made for: it leads to this change and nowhere else."""
    return f"change:{change_id}:"


def reader_of(reads: Reads, token: str, change_id: str, now: datetime) -> Person | None:
    """Who got the letter with this link; None: it is none, or too old."""
    link = links.find(reads, token, now, use_of(change_id)) if token else None
    return people.by_id(reads, link.person_id) if link else None


def change_choices(reads: Reads, services: Services, payload: str, now: datetime) -> Choices | None:
    """What the page of a link in a letter asks, in the language of the letter. None: it is no such
    link. It reads only."""
    if not payload.startswith(f"{KIND}-"):
        return None
    link = ChangeLink.of(payload[len(KIND) + 1 :])
    person = reader_of(reads, link.token, link.change_id, now)
    change = changes.told_of(reads, link.change_id) if person else None
    if person is None or change is None:
        return None
    buttons = tuple(
        (
            f"{payload_of(link.token, change.id)}-{each}",
            words(services, person, f"change_told.{each}", {}),
        )
        for each in JUSTICE_ANSWERS
    )
    text = words(services, person, "change_told", {"change": change.text})
    return Choices(person.language, text, buttons)
