"""The channel of web push. It rings; people answer in the chat."""

from __future__ import annotations

import asyncio
from functools import partial

import aiohttp
from aiohttp.abc import AbstractResolver

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
from bot.channels.push.sealed_push import VapidKey, headers_of, payload_of, seal
from bot.channels.push.subscription import NoSubscription, Subscription, check_endpoint
from bot.clock import Clock
from bot.validation.public_addresses import PublicResolver

TRIES = 20
"""After so many, more than an hour, a push service that takes nothing has failed."""
_TAKEN = (200, 201, 202, 204)
_GONE = (404, 410)
_NOT_NOW = (429, 503)
_IN_DOUBT = (408, 500, 502, 504)


class WebPush:
    """The channel. Its addresses are subscriptions; `private` ones are called only where the
    configuration says so, for whoever subscribes names them."""

    name = "push"

    def __init__(
        self,
        key: VapidKey,
        clock: Clock,
        *,
        private: bool = False,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.key = key
        self._clock = clock
        self._private = private
        self._resolver = resolver
        self._session = LazySession(self._connector)

    async def run(self, _accept: Accept) -> None:
        """Nothing comes in."""
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        """Ring once. Raises SendError, whose text holds no endpoint."""
        if not isinstance(outgoing.effect, Bell):
            raise Refused("only bells go by push")
        try:
            subscription = Subscription.from_address(outgoing.address)
            check_endpoint(subscription.endpoint, private=self._private)
            payload = payload_of(outgoing.effect)
            body = await asyncio.to_thread(seal, subscription, payload)
        except NoSubscription as error:
            raise Unreachable(str(error)) from None
        except ValueError:
            raise Refused("a push that cannot be made") from None
        signed = await asyncio.to_thread(self.key.sign, subscription.origin, self._clock.now())
        return await self._post(subscription.endpoint, body, headers_of(signed))

    async def _post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> str:
        try:
            async with self._session.open().post(
                endpoint, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return self._meant(answer.status, answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise TryLater("the push service cannot be reached", tries=TRIES) from None
        except _Private:
            raise Unreachable("a private address") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            lost = type(error).__name__
            raise Uncertain(f"no answer from the push service ({lost})") from None

    def _meant(self, status: int, retry_after: str) -> str:
        """What an answer means; the words in it are not looked at."""
        said = f"{status} from the push service"
        if status in _TAKEN:
            return ""
        if status in _GONE:
            raise Unreachable(said)
        if status in _NOT_NOW:
            after = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 6 else None
            raise TryLater(said, after, tries=TRIES)
        if status in _IN_DOUBT:
            raise Uncertain(said)
        raise Refused(said)

    def _connector(self) -> aiohttp.TCPConnector:
        """Names are looked up for every call, and lead to the open internet."""
        resolver = self._resolver or aiohttp.ThreadedResolver()
        if not self._private:
            resolver = PublicResolver(resolver, partial(_Private, "a private address"))
        return aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()


class _Private(Exception):
    """A name leads into the own network."""
