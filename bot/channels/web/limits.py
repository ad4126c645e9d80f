"""Rate limits of the web chat: per browser, per network, and overall."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.rate_limiter import Limiter

OPEN_PAGES = 5000
"""Pages that may be open at a process; who comes then is asked to come back."""
PAGES_OF_NETWORK = 1500
"""Pages of them that one network may have open: everybody of a large municipality, and no more."""
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


@dataclass(eq=False, frozen=True, slots=True)
class PageSlot:
    """An open page among the others: its network, and how to cut it off."""

    network: str
    cut: Callable[[], None]


class PageSlots:
    """The pages that are open, by network, each network's quietest first. When all places are
    taken, the network that has most gives one to a network that has fewer."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken: dict[str, dict[PageSlot, None]] = {}
        self._count = 0

    def take(self, network: str, cut: Callable[[], None]) -> PageSlot | None:
        """A place for a page, until it is left; None when there is none."""
        mine = self._size(network)
        if (network and mine >= PAGES_OF_NETWORK) or not self._room(mine):
            return None
        place = PageSlot(network, cut)
        self._taken.setdefault(network, {})[place] = None
        self._count += 1
        return place

    def touch(self, place: PageSlot) -> None:
        """Note that its person did something: it is the last to give way."""
        if place in self:
            del self._taken[place.network][place]
            self._taken[place.network][place] = None

    def leave(self, place: PageSlot) -> None:
        """The page is gone, or has to go."""
        if place in self:
            self._count -= 1
            del self._taken[place.network][place]
            if not self._taken[place.network]:
                del self._taken[place.network]

    def __len__(self) -> int:
        return self._count

    def __contains__(self, place: PageSlot) -> bool:
        return place in self._taken.get(place.network, ())

    def _room(self, mine: int) -> bool:
        """Whether one more can be open, perhaps in the place of a quiet one. A network that is not
        known may be that of many visitors: it gives nothing."""
        if self._count < self.most:
            return True
        most = max((name for name in self._taken if name), key=self._size, default="")
        if self._size(most) <= mine + 1 or not most:
            return False
        quiet = next(iter(self._taken[most]))
        self.leave(quiet)
        quiet.cut()
        return True

    def _size(self, network: str) -> int:
        return len(self._taken.get(network, ()))


class ChatLimits:
    """The limits of a process. `now` is a clock that cannot be stepped."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.places = PageSlots(OPEN_PAGES)
        self.frames = Limiter(*FRAMES, now)
        self._beginnings = Limiter(*BEGINNINGS, now)
        self._of_network = Limiter(*BEGINNINGS_OF_NETWORK, now)
        self._codes = Limiter(*CODES_OF_NETWORK, now)

    def begin(self, network: str) -> bool:
        """Whether someone from this network may begin a conversation; it then counts. What all
        share comes last, so that one network does not use it up."""
        return not (network and not self._of_network.take(network)) and self._beginnings.take()

    def look_up(self, network: str) -> bool:
        """Whether this network may look up a code that is short enough to be guessed."""
        return not network or self._codes.take(network)
