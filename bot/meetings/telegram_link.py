"""A link into Telegram by which who has only a page can be reached there.

The link moves one promise, once: the question after a meeting, what was done with a story, or the
one reminder of a story that waits.
Whoever opens it in Telegram is asked that, and gets to see nothing of the page or its stories.
"""

from __future__ import annotations

from datetime import timedelta

from bot.account_buttons import button_id
from bot.meetings.model.labels import facts_of
from bot.meetings.model.rows import from_row
from bot.meetings.prompts.planning import drop_member, plan_member, rules_of
from bot.turns.consent import return_address
from bot.turns.context import TurnContext
from conversations.engine.effects import Button
from storage.engine.transaction import Transaction
from storage.meetings import links, meetings, prompts
from storage.meetings.links import Link
from storage.people import people
from storage.people.people import Person
from storage.stories import stories
from storage.stories.stories import NoStory

KIND = "w"
"""Begins the payload of such a link: `w-` and its token."""

LASTS = timedelta(days=1)

_USE = "telegram:"
"""Keeps the tokens apart from those of letters, which tie a page to a person."""


def make(context: TurnContext, about: str, its_id: str) -> str:
    """A new link for what was promised to this page; the one before it leads nowhere any more."""
    token = links.make(context.connection, Link(context.person.id), context.now + LASTS, _USE)
    context.remember(telegram=(context.services.vault.token_hash(token), about, its_id))
    return f"https://t.me/{context.services.telegram()}?start={KIND}-{token}"


def follow(context: TurnContext, token: str) -> bool:
    """Someone opened such a link in Telegram, and began. False when it leads nowhere."""
    connection, vault = context.connection, context.services.vault
    link = links.find(connection, token, context.now, _USE)
    if link is None or context.person.channel != "telegram":
        return False
    links.drop(connection, token, _USE)
    for page in people.locked(connection, [link.person_id], wait=True):
        waits = page.memory.telegram
        if len(waits) == 3 and waits[0] == vault.token_hash(token):
            page = page.remembering(telegram=())
            people.save(connection, page)
            return is_theirs(connection, page, *waits[1:]) and _move(context, page, *waits[1:])
    return False


def is_theirs(connection: Transaction, person: Person, about: str, its_id: str) -> bool:
    """Whether someone may say how to be reached for this: a button can be made up."""
    match about:
        case "story":
            return its_id in person.stories
        case "prompt":
            prompt = prompts.by_id(connection, its_id)
            return prompt is not None and prompt.person_id == person.id
        case "meeting":
            return meetings.member(connection, its_id, person.id) is not None
    return about == "draft"


def _move(context: TurnContext, page: Person, about: str, its_id: str) -> bool:
    """What was promised to the page comes here instead. False when it is no longer there."""
    connection, services = context.connection, context.services
    if about == "story":
        try:
            stories.readdress(connection, its_id, return_address(context))
        except NoStory:
            return False
        context.phrase("reach_telegram_story")
        return True
    if about == "draft":
        people.save(connection, page.remembering(draft_mail=context.person.id))
        context.phrase("reach_telegram_draft")
        return True
    prompt = prompts.by_id(connection, its_id) if about == "prompt" else None
    row = meetings.by_id(connection, prompt.meeting_id if prompt else its_id)
    member = meetings.member(connection, row.id, page.id) if row else None
    if row is None or member is None:
        return False
    mine = context.person.id
    meetings.join(connection, row.id, mine, member.side)
    if prompt is not None:
        asks = row.id, prompt.day, prompt.kind, prompt.ended_at, prompt.due_at
        prompts.add(connection, [prompts.new_row(services.vault, mine, *asks)])
    rules = rules_of(services.settings.prompts)
    plan_member(connection, row, mine, context.now, rules)
    meetings.leave(connection, row.id, page.id)
    drop_member(connection, row.id, page.id, context.now)
    leave = Button(button_id("side", "leave", row.id), context.words("meeting_joined.leave"))
    context.phrase("reach_telegram_ok", [leave], **facts_of(from_row(row), context.phrases))
    return True
