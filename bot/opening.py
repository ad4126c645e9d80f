"""What a browser sees that was never here: shown from memory, because nobody has answered yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot import desk
from bot.channels.base import Arrival, Outgoing
from bot.house import House
from bot.scene import Scene
from bot.turn import language_of
from storage import people
from storage.people import Person


def opening(
    session: Session, house: House, came: Arrival, now: datetime
) -> Sequence[Outgoing] | None:
    """What is said to who comes, in rows with ids below 0; nothing is written. None for who is
    known: coming back is a turn."""
    if people.find(session, house.vault, came.channel, came.address) is not None:
        return None
    language = language_of(house, came)
    stranger = Person("", came.channel, came.address, language)
    scene = Scene(house, session.connection(), stranger, now)
    desk.who_tells(scene)
    said = scene.said
    return [
        Outgoing(number - len(said), came.address, effect, language)
        for number, effect in enumerate(said)
    ]
