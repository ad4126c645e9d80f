"""A coordinator in the chat: linked once with a link from the settings, then `/start k` gives a
link to log in."""

from __future__ import annotations

from dataclasses import replace

from bot.coordinators.login_links import send_links
from bot.coordinators.phrases import words
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from storage.coordinators import audit, coordinators, logins

PAYLOAD = "k"
"""What follows `/start`: `k` alone, or `k-` and the token of a link."""


def log_in(context: TurnContext, payload: str) -> bool:
    """Whether this was a coordinator, with a link to be known by or back for one to log in."""
    kind, _, token = payload.partition("-")
    if kind != PAYLOAD or context.person.channel != "telegram":
        return False
    connection, now = context.connection, context.now
    if not token:
        known = coordinators.with_address(connection, "telegram", context.person.address)
        if not known:
            return False
        send_links(connection, known, context.services.settings.public_url, now)
        return True
    who_id = logins.use_link(connection, token, now)
    who = who_id and coordinators.by_id(connection, who_id)
    if not who:
        return False
    linked = replace(who, channel="telegram", address=context.person.address)
    coordinators.save(connection, linked)
    audit.note(connection, linked, "coordinator_changed", now)
    context.put(Say(words(linked.language)("linked.message")))
    return True
