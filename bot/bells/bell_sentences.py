"""What a bell says: that a question waits, and where. Nothing of what is asked, or of whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.base import Bell, Letter
from bot.meetings.prompts.letters import letter, words
from bot.services import Services
from storage.engine.transaction import Transaction
from storage.meetings import links, prompts
from storage.meetings.links import Link
from storage.people.people import Person

LINK_DAYS = 30
"""How long the link of a bell leads to its question."""
SAME_BROWSER = ("push",)
"""Channels that ring on the very device, and in the browser, in which the chat is."""


def bell_of(
    connection: Transaction,
    services: Services,
    person: Person,
    channel: str,
    message_id: int,
    now: datetime,
) -> Bell | Letter:
    """The message of a bell about a row of the outbox, as its channel wants it. Its link opens the
    chat; what is asked there is answered by a tap, never by opening it."""
    title, text = (words(services, person, key, {}) for key in ("web.title", "bell_question"))
    url = services.settings.public_url
    if channel in SAME_BROWSER:
        return Bell(title, text, f"{url}/", person.language)
    prompt = prompts.by_outbox(connection, message_id)
    about = Link(person.id, None, prompt.id if prompt else None)
    expires = now + timedelta(days=LINK_DAYS)
    link = f"{url}/v/{links.make(connection, about, expires)}"
    if channel != "mail":
        return Bell(title, text, link, person.language)
    said = f"{text}\n\n{link}"
    return letter(connection, services, person, said, (), subject=text, about=about, now=now)
