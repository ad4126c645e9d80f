"""An even pace for sending: so many messages a second overall, and so many to one chat.

The generic cell rate algorithm (GCRA, ITU-T I.371): each lane remembers the moment at which it
would be empty again. A message may go when that moment is at most `burst` messages ahead.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_second` messages on average, `burst` of them at once. With a quarter more than one, a
    message that oversleeps does not slow down those after it."""

    per_second: float
    burst: float = 1

    @property
    def interval(self) -> float:
        """Seconds between two messages at this pace."""
        return 1 / self.per_second


@dataclass(slots=True)
class Pacer:
    """When the next message may go. All times are seconds of one monotonic clock."""

    overall: Pace
    per_chat: Pace
    _empty_at: dict[str, float] = field(default_factory=dict)
    _halted_until: float = 0.0

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may go; 0 for now."""
        return max(self.turn(now), self._ready(chat, self.per_chat, now))

    def turn(self, now: float) -> float:
        """Seconds until a message to some chat may go."""
        return max(0.0, self._halted_until - now, self._ready("", self.overall, now))

    def _ready(self, name: str, pace: Pace, now: float) -> float:
        return self._empty_at.get(name, now) - (pace.burst - 1) * pace.interval - now

    def sent(self, chat: str, now: float) -> None:
        """A message to this chat goes now."""
        for name, pace in (("", self.overall), (chat, self.per_chat)):
            self._empty_at[name] = max(self._empty_at.get(name, now), now) + pace.interval
        if len(self._empty_at) > 10_000:
            self._empty_at = {name: at for name, at in self._empty_at.items() if at > now}

    def halt(self, seconds: float, now: float) -> None:
        """The server asked for silence: nothing goes for so many seconds."""
        self._halted_until = max(self._halted_until, now + seconds)
