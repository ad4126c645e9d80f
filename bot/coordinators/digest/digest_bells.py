"""Bells of coordinators: which way a weekly digest goes to someone, and what a bell says of it.

A digest is a message in mail and Telegram. Who has neither gets a bell with the way to it: on the
device that they chose, else on their phone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels.base import Bell, SendError, Unreachable
from bot.channels.push.channel import WebPush
from bot.coordinators.phrases import words
from bot.delivery.enqueue import enqueue
from bot.delivery.lanes import Outcome
from bot.services import Services
from storage.coordinators import coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.outbox import outbox

MESSAGES = ("telegram", "mail")
RINGING = ("sms", "whatsapp")
"""Channels that only say that there is a digest, with the way to it; as web push does."""
HOME = "/coordinator"
"""Where a tap on a notification leads; the notifications of the chat lead to the chat."""


def way_to(services: Services, who: Coordinator) -> tuple[str, str]:
    """The channel and address to which the digest of someone goes; empty: nowhere."""
    if who.address and who.channel in MESSAGES:
        return who.channel, who.address
    if who.push and services.settings.push.subject:
        return WebPush.name, who.push
    if who.address and who.channel in RINGING:
        return who.channel, who.address
    return "", ""


def digest_bell(services: Services, who: Coordinator, channel: str) -> Bell:
    """That the digest is there. Nothing of what is in it."""
    page = HOME if channel == WebPush.name else f"{HOME}/digest"
    said = words(who.language)("digest.bell")
    return Bell("Vertelbot", said, f"{services.settings.public_url}{page}", who.language)


class DigestLane:
    """The lane of digests. A device that is gone is forgotten; when it certainly did not ring, the
    phone of who has one rings in its stead."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ringing: dict[int, str] = {}

    def may_send(self, connection: Transaction, row_id: int, _now: datetime) -> bool:
        """A device rings as long as somebody wants it to."""
        queue = outbox.queue_of(connection, row_id)
        if not queue.startswith(f"{WebPush.name}:"):
            return True
        self._ringing[row_id] = queue  # its row goes before it is settled
        return bool(self._at(connection, queue))

    def settle(
        self,
        connection: Transaction,
        row_id: int,
        outcome: Outcome,
        now: datetime,
        refusal: SendError | None = None,
    ) -> None:
        """What came of it."""
        queue = self._ringing.pop(row_id, "")
        if not (queue and outcome == "refused"):
            return
        services = self._services
        for each in self._at(connection, queue):
            who = replace(each, push="")
            if isinstance(refusal, Unreachable):
                coordinators.save(connection, who)
            channel, address = way_to(services, who)
            if channel in RINGING:
                said = digest_bell(services, who, channel)
                to = (channel, address, who.language)
                enqueue(connection, to, said, "digest", now)

    def recover(self, _connection: Transaction, _now: datetime) -> int:
        """Nothing is marked but in the outbox."""
        return 0

    def _at(self, connection: Transaction, queue: str) -> list[Coordinator]:
        """Whose device it is."""
        vault, name = self._services.vault, WebPush.name
        return [
            each
            for each in coordinators.listed(connection)
            if each.push and f"{name}:{vault.address_hash(name, each.push)}" == queue
        ]
