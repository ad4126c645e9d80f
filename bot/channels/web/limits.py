"""Rate limits of the web chat: per browser, per network and its site, and overall."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from bot.channels.web.long_texts import LongTexts
from bot.client_networks import ClientNetwork
from bot.network_limiter import NetworkLimiter, NetworkShares
from bot.rate_limiter import Limiter

OPEN_PAGES = 5000
"""Pages that may be open at a process; who comes then is asked to come back."""
PAGES_OF_NETWORK = 1500
"""Pages of them that one network may have open: everybody of a large municipality, and no more."""
PAGES_OF_SITE = 3000
"""And all networks of one site together."""
HELLO_WITHIN = 10.0
"""Seconds within which an open page must have said which it is."""
BEGINNINGS = 1000, 1 / 20
"""New conversations at once, and the seconds between more of them, over all networks."""
BEGINNINGS_OF_NETWORK = 200, 2.0
"""The same of one network: a hall full of people who scan the same code."""
CODES_OF_NETWORK = 300, 1.0
"""Codes that one network may look up at once, and the seconds between more of them: of a hall that
scans the same one, and not of who tries them all."""
FRAMES = 60, 0.2
"""Frames of one browser at once, over all its pages, and the seconds between more of them."""

FRAMES_OF_NETWORK = 1500, 1 / 300
"""Frames of one network at once, over all its browsers, and the seconds between more of them, which
are not even read before."""
LONGEST = 10.0
"""Seconds that a frame waits for that."""
TURNS_OF_NETWORK, TURNS_OF_SITE = 2, 3
"""Messages of one network, and of one site, that may cost much and are answered at the same time:
they hold up whoever waits for the same answer to be written down. Of ordinary ones a whole hall may
send one at the same moment."""

HELLOS_OF_NETWORK, HELLOS_OF_SITE = 4, 6
"""Pages of one network, and of one site, that are brought up to date at the same time."""


@dataclass(eq=False, frozen=True, slots=True)
class PageSlot:
    """An open page among the others: its network, and how to cut it off."""

    network: ClientNetwork
    cut: Callable[[], None]


class PageSlots:
    """The pages that are open, by network, each network's quietest first. When all places are
    taken, the site that has most gives one to a site that has fewer, and within a site the network
    that has most."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken: dict[ClientNetwork, dict[PageSlot, None]] = {}
        self._of_site: Counter[str] = Counter()

    def take(self, network: ClientNetwork, cut: Callable[[], None]) -> PageSlot | None:
        """A place for a page, until it is left; None when there is none."""
        full = self._size(network) >= PAGES_OF_NETWORK or (
            self._of_site[network.site] >= PAGES_OF_SITE
        )
        if (network and full) or not self._room(network):
            return None
        place = PageSlot(network, cut)
        self._taken.setdefault(network, {})[place] = None
        self._of_site[network.site] += 1
        return place

    def touch(self, place: PageSlot) -> None:
        """Note that its person did something: it is the last to give way."""
        if place in self:
            del self._taken[place.network][place]
            self._taken[place.network][place] = None

    def leave(self, place: PageSlot) -> None:
        """The page is gone, or has to go."""
        if place in self:
            site = place.network.site
            self._of_site[site] -= 1
            if not self._of_site[site]:
                del self._of_site[site]
            del self._taken[place.network][place]
            if not self._taken[place.network]:
                del self._taken[place.network]

    def __len__(self) -> int:
        return self._of_site.total()

    def __contains__(self, place: PageSlot) -> bool:
        return place in self._taken.get(place.network, ())

    def _room(self, network: ClientNetwork) -> bool:
        """Whether one more can be open, perhaps in the place of a quiet one."""
        if len(self) < self.most:
            return True
        crowded = self._crowded(network)
        if crowded is None:
            return False
        quiet = next(iter(self._taken[crowded]))
        self.leave(quiet)
        quiet.cut()
        return True

    def _crowded(self, network: ClientNetwork) -> ClientNetwork | None:
        """The network that gives one to this one, if any has to. One that is not known may be that
        of many visitors: it gives nothing."""
        of_site = self._of_site
        known = (name for name in of_site if name)
        site, bound = max(known, key=of_site.__getitem__, default=""), 0
        if of_site[site] <= of_site[network.site] + 1:
            site, bound = network.site, self._size(network) + 1
        within = (each for each in self._taken if each and each.site == site)
        most = max(within, key=self._size, default=network)
        return most if self._size(most) > bound else None

    def _size(self, network: ClientNetwork) -> int:
        return len(self._taken.get(network, ()))


class ChatLimits:
    """The limits of a process. `now` is a clock that cannot be stepped."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.places = PageSlots(OPEN_PAGES)
        self.frames = Limiter(*FRAMES, now)
        self._frames_of_network = NetworkLimiter(*FRAMES_OF_NETWORK, now)
        self._turns = NetworkShares(TURNS_OF_NETWORK, TURNS_OF_SITE)
        self._long = LongTexts()
        self.hellos = NetworkShares(HELLOS_OF_NETWORK, HELLOS_OF_SITE)
        self._beginnings = Limiter(*BEGINNINGS, now)
        self._of_network = NetworkLimiter(*BEGINNINGS_OF_NETWORK, now)
        self._codes = NetworkLimiter(*CODES_OF_NETWORK, now)

    def turn(
        self, network: ClientNetwork, address: str, typed: int
    ) -> AbstractAsyncContextManager[None]:
        """Waits for the others of this network, when a message of this browser with so many
        characters may cost much."""
        return self._turns.turn(network) if self._long.costly(address, typed) else nullcontext()

    def pause(self, network: ClientNetwork) -> float | None:
        """Seconds before one more frame of this network is read; None: it sends far too much."""
        return self._frames_of_network.reserve(network, LONGEST)

    def begin(self, network: ClientNetwork) -> bool:
        """Whether someone from this network may begin a conversation; it then counts. What all
        share comes last, so that one network does not use it up."""
        return self._of_network.take(network) and self._beginnings.take()

    def look_up(self, network: ClientNetwork) -> bool:
        """Whether this network may look up a code that is short enough to be guessed."""
        return self._codes.take(network)
