"""A coordinator in the chat: linked once with a link from the settings, then `/start k` gives a
link to log in."""

from __future__ import annotations

from dataclasses import replace

from bot.coordinators.access import send_link
from bot.coordinators.words import words
from bot.scene import Scene
from conversations.effects import Say
from storage import audit, coordinators

PAYLOAD = "k"
"""What follows `/start`: `k` alone, or `k-` and the token of a link."""


def came(scene: Scene, payload: str) -> bool:
    """Whether this was a coordinator, with a link to be known by or back for one to log in."""
    kind, _, token = payload.partition("-")
    if kind != PAYLOAD or scene.person.channel != "telegram":
        return False
    vault, connection, now = scene.house.vault, scene.connection, scene.now
    if not token:
        known = coordinators.by_address(connection, vault, "telegram", scene.person.address)
        if known is None:
            return False
        send_link(connection, vault, known, scene.house.settings.public_url, now)
        return True
    who_id = coordinators.use_link(connection, vault, token, now)
    who = who_id and coordinators.by_id(connection, vault, who_id)
    if not who:
        return False
    linked = replace(who, channel="telegram", address=scene.person.address)
    coordinators.save(connection, vault, linked)
    audit.note(connection, vault, linked, "coordinator_changed", now)
    scene.put(Say(words(linked.language)("linked.message")))
    return True
