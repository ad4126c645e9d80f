"""SMS through a gateway over HTTP, whoever provides it: a bell, in one message of plain letters.

The gateway gets `{"to", "from", "text"}` as JSON, with the token as a bearer.
"""

from __future__ import annotations

import asyncio

import aiohttp

from bot.channels.base import (
    Accept,
    Bell,
    Outgoing,
    Refused,
    TryLater,
    Uncertain,
    Unreachable,
)
from bot.channels.lazy_session import LazySession
from bot.settings import SmsSettings

TRIES = 20
"""After so many a gateway that takes nothing has failed."""
SEGMENT = 160
"""Letters of one message."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The letters of GSM 03.38; any other one makes a message more than twice as long."""


def text_of(bell: Bell) -> str:
    """One message with one link. What does not fit in it, or is in other letters, is left to the
    page: then only who it is from. Raises ValueError when the link alone does not fit."""
    for said in (f"{bell.title}: {bell.text} {bell.link}", f"{bell.title}: {bell.link}"):
        if len(said) <= SEGMENT and _GSM7.issuperset(said):
            return said
    raise ValueError("the link does not fit in one message")


class Sms:
    """The channel. Its addresses are telephone numbers in the form `+31612345678`."""

    name = "sms"

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        self._session = LazySession()

    async def run(self, _accept: Accept) -> None:
        """Nothing comes in: people answer on the page of the link."""
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        """Ring once. Raises SendError, whose text holds no number."""
        if not isinstance(outgoing.effect, Bell):
            raise Refused("only bells go by SMS")
        try:
            text = text_of(outgoing.effect)
        except ValueError as error:
            raise Refused(str(error)) from None
        message = {"to": outgoing.address, "from": self._settings.sender, "text": text}
        headers = {"Authorization": f"Bearer {self._settings.token.get_secret_value()}"}
        try:
            async with self._session.open().post(
                self._settings.url, json=message, headers=headers, allow_redirects=False
            ) as answer:
                return _meant(answer.status, answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise TryLater("the SMS gateway cannot be reached", tries=TRIES) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Uncertain(f"no answer from the SMS gateway ({type(error).__name__})") from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()


def _meant(status: int, retry_after: str) -> str:
    """What the gateway's answer means."""
    said = f"{status} from the SMS gateway"
    if 200 <= status < 300:
        return ""
    if status in (429, 503):
        after = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 6 else None
        raise TryLater(said, after, tries=TRIES)
    if status in (404, 410, 422):  # of the number: the address of the gateway is configured
        raise Unreachable(said)
    if status >= 500 or status == 408:
        raise Uncertain(said)
    raise Refused(said)
