"""Rate limiter per network of a client, and per site: who has many networks has one site."""

from __future__ import annotations

import time
from collections.abc import Callable

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
