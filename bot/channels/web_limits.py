"""How much one browser, and all of them together, may ask of the web chat."""

from __future__ import annotations

from collections.abc import Callable

OPEN_PAGES = 5000
"""Pages that may be open at a process; who comes then is asked to come back."""
BEGINNINGS = 20.0
"""New conversations a second, over all browsers, in the long run."""
BEGIN_BURST = 300
"""New conversations at once: a room full of people who scan the same code."""
PER_BROWSER = 5.0, 60
"""Frames a second of one browser, over all its pages, and at once."""
REMEMBERED = 20_000
"""Browsers whose bucket is kept; the fullest ones are forgotten first."""


class Bucket:
    """How much may be said: `burst` at once, `rate` a second in the long run."""

    def __init__(self, rate: float, burst: int, now: Callable[[], float]) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._left, self._at = float(burst), now()

    def take(self) -> bool:
        """Whether one more may be said; it then counts."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def wait(self) -> float:
        """Seconds until one more may be said."""
        return max(0.0, (1 - self._left) / self._rate)

    @property
    def full(self) -> bool:
        """Whether it is as if nothing had ever been said."""
        return self._left + (self._now() - self._at) * self._rate >= self._burst


class Limits:
    """The buckets of a process. `now` is a clock that cannot be stepped."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._browsers: dict[str, Bucket] = {}
        self.beginnings = Bucket(BEGINNINGS, BEGIN_BURST, now)

    def of(self, address: str) -> Bucket:
        """The bucket of a browser; it lasts longer than its pages."""
        if address not in self._browsers:
            if len(self._browsers) >= REMEMBERED:
                full = [known for known, bucket in self._browsers.items() if bucket.full]
                for known in full or list(self._browsers)[: REMEMBERED // 2]:
                    del self._browsers[known]
            self._browsers[address] = Bucket(*PER_BROWSER, self._now)
        return self._browsers[address]
