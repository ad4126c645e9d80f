"""Transcribes waiting recordings, one after the other, in a worker process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from bot.channels.bsn import mask_bsn
from bot.clock import Clock
from bot.logs import reason
from bot.media.speech_to_text import why_not
from bot.services import Services
from bot.validation.unicode_input import decode_json
from conversations.engine.events import Transcribed
from storage.engine.database import Database, Unavailable
from storage.people import people
from storage.stories import blobs
from storage.stories.blobs import Content, TranscriptionJob
from storage.vault.vault import SealBroken

LEASE = timedelta(seconds=60)
"""After this time without a sign of life another process takes over."""
TRIES = 3
"""How often a recording is begun before it is given up: it may be what kills the worker."""
SILENT = 120.0
"""Seconds that the worker may be silent (loading the model, 30 seconds of speech)."""
IDLE = 300.0
"""Seconds without work after which the worker, and its memory, goes."""
WORKER = ("-m", "bot.media.worker")
POLL = 1.0
"""Seconds after which is looked again, when nothing waited."""
PAUSE = 5.0
"""Seconds of rest when the queue cannot be used."""

Heard = Callable[[TranscriptionJob, Transcribed], Awaitable[None]]
"""Takes the turn of what was transcribed; it settles the work in the same commit."""

_log = logging.getLogger(__name__)


class WorkerGone(Exception):
    """The process that writes out died, was silent too long, or cannot load its model."""


class TranscriptionQueue:
    """Runs until cancelled. `done` and `of` are the seconds of the recording at hand."""

    def __init__(self, database: Database, services: Services, clock: Clock, heard: Heard) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self.heard = heard
        self.done = self.of = 0.0
        self._worker: asyncio.subprocess.Process | None = None
        self._recovered = not (database.exclusive and database.sqlite)

    async def run(self) -> None:
        """Write out what waits; where that is not possible, say why and return."""
        if reason := why_not(self.services.settings.speech):
            if self.services.settings.speech.model:
                _log.warning("recordings are not transcribed: %s", reason)
            return
        idle = 0.0
        try:
            while True:
                if await self._tried():
                    idle = 0.0
                    continue
                await asyncio.sleep(POLL)
                idle += POLL
                if idle > IDLE:
                    await self._dismiss()
        finally:
            await self._dismiss()

    async def _tried(self) -> bool:
        """`_next`; a queue that cannot be used is tried again after a rest."""
        try:
            return await self._next()
        except Exception as error:
            _log.error("transcription paused (%s); retrying", reason(error))
            await asyncio.sleep(PAUSE)
            return False

    async def _next(self) -> bool:
        """Write out the recording that waits longest; False when there is none."""
        if not self._recovered:
            await self.database.write(blobs.recover)
            self._recovered = True
        if not await self.database.read(blobs.queued):
            return False
        now = self.clock.now()
        work = await self.database.write(lambda c: blobs.claim(c, now, now + LEASE))
        if work is None:
            return False
        holding = asyncio.create_task(self._hold(work))
        try:
            await self._transcribe(work)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # its lease ends by itself
                await self._release(work, begun=False)
            raise
        except Exception as error:
            _log.error("transcription of a recording failed (%s); retrying", reason(error))
            await self._release(work)
            await asyncio.sleep(1.0)
        finally:
            holding.cancel()
            self.done = self.of = 0.0
        return True

    async def _transcribe(self, work: TranscriptionJob) -> None:
        try:
            content = await self.database.read(lambda s: blobs.read(s, work.id))
            person = await self.database.read(lambda s: people.by_id(s, work.person_id))
        except SealBroken:
            await self.heard(work, Transcribed(work.id, "", "unreadable"))
            return
        if content is None or person is None:
            await self.database.write(lambda c: blobs.settle(c, work))
            return
        said = {"text": "", "problem": "failed"}
        if work.attempts <= TRIES:
            try:
                said = await self._ask(content, person.language)
            except WorkerGone as error:
                _log.warning("a recording was not transcribed: %s", error)
                await self._dismiss()
                await self._release(work)
                return
        text, masked = mask_bsn(str(said["text"]))
        await self.heard(work, Transcribed(work.id, text, str(said["problem"]), masked))

    async def _hold(self, work: TranscriptionJob) -> None:
        """Show a sign of life while working."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            until = self.clock.now() + LEASE
            with contextlib.suppress(Unavailable):  # there is time for another sign
                await self.database.write(partial(blobs.renew, work=work, until=until))

    async def _release(self, work: TranscriptionJob, *, begun: bool = True) -> None:
        again = self.clock.now()
        await self.database.write(lambda c: blobs.release(c, work, again, begun=begun))

    # -- the worker

    async def _ask(self, content: Content, language: str) -> dict[str, Any]:
        """What the worker makes of a recording. Raises WorkerGone."""
        worker = self._worker or await self._hire()
        head = json.dumps({"bytes": len(content.data), "language": language}).encode() + b"\n"
        if worker.stdin is None:
            raise WorkerGone("it does not listen")
        try:
            worker.stdin.write(head + content.data)
            await worker.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise WorkerGone("it died") from None
        while True:
            said = await self._said(worker)
            if "text" in said:
                return said
            self.done, self.of = said.get("done", 0.0), said.get("of", 0.0)

    async def _hire(self) -> asyncio.subprocess.Process:
        speech = self.services.settings.speech
        worker = self._worker = await asyncio.create_subprocess_exec(
            sys.executable,
            *WORKER,
            speech.model_dump_json(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=2**20,
        )
        said = await self._said(worker)
        if "broken" in said:
            raise WorkerGone(said["broken"])
        return worker

    async def _said(self, worker: asyncio.subprocess.Process) -> dict[str, Any]:
        """The next thing that the worker says. Raises WorkerGone."""
        if worker.stdout is None:
            raise WorkerGone("it does not speak")
        try:
            async with asyncio.timeout(SILENT):  # `wait_for` may swallow being cancelled
                line = await worker.stdout.readline()
        except (TimeoutError, ValueError):
            raise WorkerGone("it was silent too long") from None
        if not line:
            raise WorkerGone("it died")
        said: dict[str, Any] = decode_json(line)
        return said

    async def _dismiss(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()
