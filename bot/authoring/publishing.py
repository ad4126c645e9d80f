"""Publishes a guide: all promises are proved first, in the background; then, in one transaction, it
is there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Literal

from bot.authoring.guide_desk import Written, dutch_marks
from bot.authoring.prover import CannotProve, Prove
from bot.clock import Clock
from bot.guides import GuideStore, follow_published
from bot.logs import reason
from conversations.authoring.draft_texts import offered, unconsented, unfinished
from conversations.guide.builder import fields
from conversations.guide.problems import Problem
from storage.coordinators import audit
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.guides import guide_publications
from storage.guides.guide_publications import NumberTaken, Publication

_log = logging.getLogger(__name__)

State = Literal["proving", "published", "refused", "taken", "failed"]
Announce = Callable[[], Awaitable[None]]
"""Tells the other processes that there is something new."""


@dataclass
class Publishing:
    """One attempt: what it is of, how far it is, what was found."""

    revision: int
    note: str
    state: State = "proving"
    problems: tuple[Problem, ...] = ()
    number: int = 0


class Publisher:
    """Publishes, goes back and recalls. One proof at a time: it is heavy."""

    def __init__(
        self,
        database: Database,
        shelf: GuideStore,
        clock: Clock,
        prove: Prove,
        announce: Announce,
    ) -> None:
        self.database = database
        self.shelf = shelf
        self.clock = clock
        self._prove = prove
        self._announce = announce
        self._one = asyncio.Lock()
        self.attempts: dict[str, Publishing] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self,
        who: Coordinator | None,
        written: Written,
        note: str,
        languages: Collection[str],
        after: int,
        in_dutch: Collection[str] = (),
    ) -> None:
        """Prove a draft and publish it when all promises hold. `after`: the version that its author
        saw as the newest. Languages of `in_dutch` are offered too: what they lack is said in Dutch.
        Without `who`: by someone who runs commands on the server."""
        known = self.attempts.get(written.guide)
        if known is not None and known.state == "proving":
            return
        attempt = Publishing(written.revision, note)
        self.attempts[written.guide] = attempt
        work = self._go(who, written, attempt, (languages, in_dutch), after)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait(self) -> None:
        """Until nothing is being proved any more."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _go(
        self,
        who: Coordinator | None,
        written: Written,
        attempt: Publishing,
        languages: tuple[Collection[str], Collection[str]],
        after: int,
    ) -> None:
        parsed = written.parsed
        if parsed is None:
            attempt.state = "refused"
            return
        data = parsed.data
        dutch = fields(data)
        partly = set(languages[1]) - unconsented(written.texts, data).keys()
        whole = set(languages[0]) - unfinished(written.texts, dutch).keys()
        marks = dutch_marks(self.shelf.shipped, partly)
        texts = offered(written.texts, dutch, {*whole, *partly}, marks)
        try:
            async with self._one:
                found = await self._prove(written.guide, written.text, dutch, texts)
            if found:
                attempt.problems, attempt.state = tuple(found), "refused"
                return
            built = await asyncio.to_thread(self.shelf.shipped.made_of, data, texts)
            attempt.number = await self._publish(who, written, built, attempt.note, after)
            attempt.state = "published"
        except NumberTaken:
            attempt.state = "taken"
        except CannotProve as error:
            _log.warning("a guide could not be proved: %s", error)
            attempt.state = "failed"
        except Exception as error:
            _log.warning("a guide was not published: %s", reason(error))
            attempt.state = "failed"

    async def go_back(self, who: Coordinator, to: Publication, note: str, after: int) -> int:
        """A new version that is equal to an older one. It was proved when it was published. Raises
        NumberTaken."""
        written = Written(to.guide, to.revision, to.text, to.texts)
        number = await self._publish(who, written, (to.fingerprint, to.source), note, after)
        self._past(to.guide)
        return number

    async def recall(
        self, who: Coordinator | None, guide: str, number: int, note: str = ""
    ) -> bool:
        """Nobody begins this version any more; the note says why."""
        now = self.clock.now()

        def recall(connection: Transaction) -> bool:
            if not guide_publications.recall(connection, guide, number, now, note):
                return False
            about = f"{guide} {number}"
            audit.note(connection, who, "guide_recalled", now, detail=about)
            return True

        done = await self.database.write(recall)
        self._past(guide)
        await self._told()
        return done

    def _past(self, guide: str) -> None:
        """Nothing is said any more of an attempt that ended: something else was done since."""
        known = self.attempts.get(guide)
        if known is not None and known.state != "proving":
            del self.attempts[guide]

    async def _publish(
        self,
        who: Coordinator | None,
        written: Written,
        built: tuple[str, str],
        note: str,
        after: int,
    ) -> int:
        now = self.clock.now()

        def publish(connection: Transaction) -> int:
            number = guide_publications.publish(
                connection,
                written.guide,
                (written.revision, written.text, written.texts),
                built,
                after=after,
                note=note,
                who=who.id if who else audit.OPERATOR,
                now=now,
            )
            about = f"{written.guide} {number}"
            audit.note(connection, who, "guide_published", now, detail=about)
            return number

        number = await self.database.write(publish)
        await self._told()
        return number

    async def _told(self) -> None:
        await follow_published(self.database, self.shelf)
        await self._announce()
