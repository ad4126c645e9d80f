"""Rate limiter (token bucket) per name."""

from __future__ import annotations

import time
from collections.abc import Callable

REMEMBERED = 20_000
"""Names of which is remembered how much they did; those that did least are forgotten first."""
_HAIR = 1e-9
"""Seconds that rounding may cost."""


class Limiter:
    """Lets each name pass `burst` times at once, and then once in so many `seconds`.

    It is the generic cell rate algorithm: of a name only the moment is kept at which it will be as
    if it had never done anything. `now` is a clock that cannot be stepped.
    """

    def __init__(
        self, burst: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._seconds, self._now = burst, seconds, now
        self._rested: dict[str, float] = {}

    def take(self, name: str = "") -> bool:
        """Whether it may be done once more; it then counts."""
        if self.wait(name) > 0:
            return False
        self.reserve(name)
        return True

    def reserve(self, name: str = "") -> float:
        """Seconds until it may be done once more; it counts already, and the next one comes after
        it."""
        wait, now = self.wait(name), self._now()
        if len(self._rested) >= REMEMBERED and name not in self._rested:
            self._forget(now)
        self._rested[name] = max(self._rested.get(name, now), now) + self._seconds
        return wait

    def wait(self, name: str = "") -> float:
        """Seconds until it may be done once more."""
        now = self._now()
        ahead = self._rested.get(name, now) - now - (self._burst - 1) * self._seconds
        return ahead if ahead > _HAIR else 0.0

    def _forget(self, now: float) -> None:
        """Who is at rest; when that is nobody, the half that did least."""
        kept = {name: at for name, at in self._rested.items() if at > now}
        if len(kept) >= REMEMBERED:
            kept = dict(sorted(kept.items(), key=lambda each: each[1])[REMEMBERED // 2 :])
        self._rested = kept
