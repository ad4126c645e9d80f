"""The pace of the channels that have one."""

from __future__ import annotations

from bot.delivery.pacer import Pacer, SharedPacer, telegram_paces, whatsapp_paces
from storage.engine.database import Database
from storage.replicas import pace
from storage.replicas.pace import Moved, Share


def pacer_of(database: Database, channel: str = "telegram") -> Pacer:
    """The pace of a channel; among several processes, in slots that the database gives out."""
    overall, per_chat = whatsapp_paces() if channel == "whatsapp" else telegram_paces()
    if database.sqlite:
        return Pacer(overall, per_chat)

    async def lease(wanted: int, moved: Moved) -> Share:
        return await database.write(
            lambda c: pace.lease(c, channel, overall, wanted, moved), last=f"slots:{channel}"
        )

    return SharedPacer(overall, per_chat, lease)
