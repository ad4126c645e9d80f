"""Limits per network of a client, and per site: how often, and how much at the same time. Who has
many networks has one site."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from weakref import WeakValueDictionary

from bot.client_networks import ClientNetwork
from bot.rate_limiter import Limiter

SUBNETS = 4
"""So many networks of one site may do as much as each of them may alone."""


class NetworkLimiter:
    """Lets each network pass `burst` times at once, and then once in so many `seconds`. One that is
    not known passes: it may be that of everybody."""

    def __init__(
        self, burst: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._of_subnet = Limiter(burst, seconds, now)
        self._of_site = Limiter(SUBNETS * burst, seconds / SUBNETS, now)

    def take(self, network: ClientNetwork) -> bool:
        """Whether it may be done once more; it then counts. The site comes last: a network that
        goes on and on uses up only its own."""
        if not network:
            return True
        return self._of_subnet.take(network.subnet) and self._of_site.take(network.site)

    def reserve(self, network: ClientNetwork, most: float) -> float | None:
        """Seconds until it may be done once more, in the order in which it was asked; None, and it
        does not count, when these are more than `most`."""
        if not network:
            return 0.0
        if max(self._of_subnet.wait(network.subnet), self._of_site.wait(network.site)) > most:
            return None
        of_subnet, of_site = self._of_subnet, self._of_site
        return max(of_subnet.reserve(network.subnet), of_site.reserve(network.site))


class NetworkShares:
    """Lets so many of one network, and of one site, be busy at the same time; more of them wait for
    each other, and for nobody else. One that is not known is let through."""

    def __init__(self, of_subnet: int, of_site: int) -> None:
        self._of_subnet, self._of_site = of_subnet, of_site
        self._busy: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, network: ClientNetwork) -> AsyncIterator[None]:
        """Wait for a turn of this network, and have it."""
        subnet = self._share(network.subnet, self._of_subnet)
        site = self._share(network.site, self._of_site)
        async with subnet, site:
            yield

    def _share(self, name: str, most: int) -> AbstractAsyncContextManager[None]:
        return self._busy.setdefault(name, asyncio.Semaphore(most)) if name else nullcontext()
