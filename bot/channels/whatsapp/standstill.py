"""What stops the channel until a person mends it. What Meta posts reaches one process of several,
and is posted once: so it is kept in the store, for the others and for after a restart. Of its own
calls every process hears by itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.channels.base import TryLater
from bot.channels.whatsapp.graph_errors import MENDS, Cause, Halted, cause_of
from bot.channels.whatsapp.ledger import Ledger

_log = logging.getLogger(__name__)

REST = 60.0
"""Seconds without a try after the channel was stopped; every time twice as long."""
REST_MOST = 600.0

LIFTED: tuple[Cause, ...] = ("account", "policy")
"""What is over when the account is given back."""


class WhatsAppTrouble(NamedTuple):
    """What stops the channel, and since when: for a person to mend. `posted`: Meta said so, and
    not the answer to a call of ours."""

    code: int
    cause: Cause
    since: datetime
    posted: bool = False

    @property
    def mend(self) -> str:
        return MENDS[self.cause]


class Standstill:
    """Whether the channel stands still, and why. `told` hears why, and (None) that it goes
    again."""

    def __init__(
        self, ledger: Ledger, now: Callable[[], datetime], told: Callable[[Cause | None], None]
    ) -> None:
        self.trouble: WhatsAppTrouble | None = None
        self._ledger = ledger
        self._now = now
        self._told = told
        self._rest = 0.0
        self.quiet_until = 0.0

    async def look(self) -> None:
        """Learn what Meta posted, to whichever process, and whether that is over."""
        fact, known = await self._ledger.stop(), self.trouble
        if fact is None:
            return
        if not fact.value:
            lifts = known and (known.posted or known.cause in LIFTED) and known.since <= fact.at
            if lifts:
                self._go()
            return
        cause = cause_of(int(fact.value))
        heard = known is not None and known.posted and known.since >= fact.at
        if cause is not None and not heard:
            self._stand(WhatsAppTrouble(int(fact.value), cause, fact.at, posted=True))

    async def must_go(self) -> None:
        """Raises TryLater while it stands still, but for a try now and then."""
        await self.look()
        left = self.quiet_until - time.monotonic()
        if self.trouble is not None and left > 0:
            raise TryLater("WhatsApp is stopped", calmly=True)

    def refused(self, error: Halted) -> None:
        """A call of ours was not taken, for a reason that a person must mend."""
        known = self.trouble
        since = known.since if known else self._now()
        posted = known is not None and known.posted
        self._stand(WhatsAppTrouble(error.code, error.cause, since, posted))

    async def taken(self, began: datetime) -> None:
        """A call that began then was taken: whatever was wrong before is over."""
        known = self.trouble
        if known is None or (known.posted and known.since > began):
            return
        if known.posted:
            await self._ledger.note_stop(0, began.timestamp())
        self._go()

    async def posted(self, code: int, at: float = 0.0) -> None:
        """Meta posted a code at a moment (0: now). Many stop nothing; what is older than that it
        is over changes nothing."""
        if cause_of(code) is not None:
            await self._ledger.note_stop(code, at)
            await self.look()

    async def restored(self, at: float) -> None:
        """The account may send again: what only that stopped is over."""
        fact = await self._ledger.stop()
        if fact is None or not fact.value or cause_of(int(fact.value)) in LIFTED:
            await self._ledger.note_stop(0, at)
        await self.look()

    def _stand(self, trouble: WhatsAppTrouble) -> None:
        """Nothing goes for a while: the rows are kept."""
        known, self.trouble = self.trouble, trouble
        self._rest = min(REST_MOST, max(REST, 2 * self._rest))
        self.quiet_until = time.monotonic() + self._rest
        self._told(trouble.cause)
        if known is None or known.cause != trouble.cause:
            _log.error(
                "WhatsApp stopped (%d, %s): %s. Rows are kept.",
                trouble.code, trouble.cause, trouble.mend,
            )  # fmt: skip

    def _go(self) -> None:
        _log.info("WhatsApp takes our messages again")
        self.trouble, self._rest, self.quiet_until = None, 0.0, 0.0
        self._told(None)
