"""The server's side that posts: signed batches of messages and statuses, in any order, some twice,
and again whatever was not taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections import deque
from typing import Any, NamedTuple

import aiohttp

from tests.whatsapp.rules import Json


class _Waiting(NamedTuple):
    """Something to be posted: a message or a status with the contact it is about."""

    kind: str
    content: Json
    contact: Json | None


class Webhooks:
    """Posts to `callback`, as soon as it is there; something that was taken before comes `again` so
    often. Without `tells` statuses wait."""

    number_id = "106540352242922"
    account_id = "102290129340398"
    app_secret = "app-secret-for-tests"
    display = "31850000000"

    def __init__(self, seed: int, again: float) -> None:
        self.random = random.Random(seed)
        self.again = again
        self.callback = ""
        self.tells = True
        self._posts: deque[_Waiting] = deque()
        self._posted: list[_Waiting] = []
        self._posting = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._session: aiohttp.ClientSession | None = None

    def post(self, kind: str, content: Json, contact: Json | None = None) -> None:
        self._posts.append(_Waiting(kind, content, contact))

    async def _post_all(self) -> None:
        while True:
            await asyncio.sleep(0.002)
            if not self._ready() or not self.callback:
                continue
            some = min(self._ready(), self.random.randint(1, 20))
            if not self.tells:  # statuses go behind
                self._posts = deque(sorted(self._posts, key=lambda each: each.kind == "statuses"))
            batch = [self._posts.popleft() for _ in range(some)]
            if self._posted and self.random.random() < self.again:
                batch.append(self.random.choice(self._posted[-20:]))
            if len(batch) > 1 and self.random.random() < 0.3:  # two posts at the same time
                self._start(self._post(batch[::2]))
                batch = batch[1::2]
            await self._post(batch)

    def _ready(self) -> int:
        return sum(self.tells or each.kind != "statuses" for each in self._posts)

    async def _post(self, batch: list[_Waiting]) -> None:
        """Post; what is not taken comes again, in another batch."""
        self._posting += 1
        try:
            status = await self.post_raw(self._body(batch))
            if 200 <= status < 300:
                self._posted += batch
            else:
                await asyncio.sleep(0.02)
                self._posts.extend(batch)
        finally:
            self._posting -= 1

    async def post_raw(self, body: bytes, signature: str | None = None) -> int:
        """Post these bytes; 0 when nobody answers."""
        right = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={right}" if signature is None else signature,
        }
        assert self._session is not None
        try:
            async with self._session.post(self.callback, data=body, headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    def _body(self, batch: list[_Waiting]) -> bytes:
        """Over one to three entries and changes; escaped, or as it is."""
        changes = []
        groups: list[list[_Waiting]] = [[] for _ in range(self.random.randint(1, 3))]
        for each in batch:
            self.random.choice(groups).append(each)
        for group in groups:
            if not group:
                continue
            value: Json = {
                "messaging_product": "whatsapp",
                "metadata": {
                    "display_phone_number": self.display,
                    "phone_number_id": self.number_id,
                },
            }
            for kind in ("messages", "statuses"):
                found = [each.content for each in group if each.kind == kind]
                if found:
                    value[kind] = found
            contacts = [each.contact for each in group if each.contact]
            if contacts:
                value["contacts"] = contacts
            changes.append({"field": "messages", "value": value})
        entries = [{"id": self.account_id, "changes": [each]} for each in changes]
        if self.random.random() < 0.5:
            entries = [{"id": self.account_id, "changes": changes}]
        post = {"object": "whatsapp_business_account", "entry": entries}
        return json.dumps(post, ensure_ascii=self.random.random() < 0.5).encode()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
