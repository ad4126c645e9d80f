"""What goes wrong on demand: limits on the number of messages, lost connections, errors, delays."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from tests.botapi.errors import too_many


@dataclass(slots=True)
class Limits:
    """Messages allowed: `overall` in any second, and per chat `per_chat` a second on average with
    `burst` at once. Over it, every message is refused until the announced wait is over."""

    overall: int = 30
    per_chat: float = 1.0
    burst: int = 3
    refused: int = 0
    _sent: deque[float] = field(default_factory=deque)
    _chats: dict[int, float] = field(default_factory=dict)
    _halted: float = 0.0

    def take(self, chat_id: int, now: float) -> None:
        """Count one message at monotonic time `now`. Raises the 429 error."""
        if now < self._halted:
            self.refused += 1
            raise too_many(math.ceil(self._halted - now))
        while self._sent and self._sent[0] <= now - 1:
            self._sent.popleft()
        if len(self._sent) >= self.overall:
            self.refused += 1
            self._halted = now + 1
            raise too_many(1)
        step = 1 / self.per_chat
        due = max(self._chats.get(chat_id, 0.0), now)
        if due - now > step * (self.burst - 1) + 1e-9:
            self.refused += 1
            raise too_many(max(1, math.ceil(due - now - step * (self.burst - 1))))
        self._chats[chat_id] = due + step
        self._sent.append(now)


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` calls of a method ("*": of any, "send*": of all that
    begin so). "before" drops the connection unexecuted, "after" drops it executed, "error" answers
    `status` unexecuted, "lost" executes and then answers `status`, "delay" first waits `seconds`,
    "held" first waits until `released` is set, "late" executes and waits `seconds` with the answer.
    `skip` lets that many calls pass first."""

    method: str
    kind: Literal["before", "after", "error", "lost", "delay", "held", "late"]
    times: int = 1
    skip: int = 0
    status: int = 502
    seconds: float = 0.0
    retry_after: int = 0
    chat_id: int | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, chat_id: int | None) -> bool:
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        if self.method.endswith("*"):
            return method.startswith(self.method[:-1])
        return self.method == method


class Faults:
    """The faults that still wait to happen."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call, used up once."""
        for fault in self.waiting:
            if fault.matches(method, chat_id):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
