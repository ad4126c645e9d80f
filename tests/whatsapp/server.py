"""The server: one number of one account, its rules, its webhooks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.whatsapp.phones import Phone, Shown
from tests.whatsapp.rules import GraphError, Json, check, refuse
from tests.whatsapp.webhooks import Webhooks

VERSION = "v25.0"
DAY = 24 * 3600
LINK_SECONDS = 300


class CloudApi(Webhooks):
    """Strict. `now` is its clock; `shuffle` shows messages of which the status was not told in any
    order; `limits` keeps the pair limit and the throughput; `tier` is how many new people a day may
    be begun with. `calls` are the messages that were taken, `refused` the codes of the others.
    Without `tells` statuses wait."""

    token = "EAAtoken-of-the-system-user"
    verify_token = "verify-me"

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        *,
        seed: int = 2026,
        shuffle: bool = True,
        limits: bool = False,
        tier: int = 250,
        again: float = 0.2,
    ) -> None:
        self.now = now
        super().__init__(seed, again)
        self.shuffle, self.limits, self.tier = shuffle, limits, tier
        self.phones: dict[str, Phone] = {}
        self.templates: dict[tuple[str, str], Json] = {
            ("vertelbot_vraag", "nl"): {"state": "APPROVED", "parameters": 0},
            ("vertelbot_bel", "nl"): {"state": "APPROVED", "parameters": 1},
        }
        self.calls: list[tuple[str, Json]] = []
        self.refused: Counter[int] = Counter()
        self.outside = 0
        self.faults: deque[Any] = deque()
        self.fail_later: deque[int] = deque()
        self._heard: dict[str, float] = {}
        self._begun: dict[str, float] = {}
        self._sent: deque[float] = deque()
        self._pairs: dict[str, float] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        self._links: dict[str, tuple[str, float]] = {}
        self._failed_gets = 0
        self._number = 0
        self._on_way: list[tuple[Phone, Shown, Json, Json]] = []
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.add_routes(
            [
                web.post(f"/{VERSION}/{{number}}/messages", self._messages),
                web.post(f"/{VERSION}/{{number}}/media", self._media),
                web.get(f"/{VERSION}/{{number}}/message_templates", self._templates),
                web.get("/files/{link}", self._file),
                web.get(f"/{VERSION}/{{media}}", self._link),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/{VERSION}"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10))
        self._start(self._deliver())
        self._start(self._post_all())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert self._session is not None
        assert self._runner is not None
        await self._session.close()
        await self._runner.cleanup()

    # -- what a test does

    def phone(self, name: str) -> Phone:
        """The phone of a person; the same one for the same name."""
        if name not in self.phones:
            part = sum(name.encode())
            self.phones[name] = Phone(self, name, f"316{part:08d}", f"NL.{part:015d}")
        return self.phones[name]

    def fault(self, *kinds: Any) -> None:
        """What happens to the next calls: `before` (nothing taken, connection lost), `after` (it
        was taken, the answer lost), a number (that code), or `(status, taken)`: that of HTTP."""
        self.faults.extend(kinds)

    def borrow(self, phone: Phone) -> None:
        """All that one person may get at once was sent."""
        self._pairs[phone.number] = time.monotonic() + 45 * 6

    def rested(self, phone: Phone) -> None:
        """Nothing was sent to one person for long."""
        self._pairs.pop(phone.number, None)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not (self._ready() or self._posting or self._on_way)

    async def settled(self) -> None:
        """Wait until nothing is under way (a bot may still be busy)."""
        async with asyncio.timeout(15):
            while True:
                await asyncio.sleep(0.005)
                if self.idle:
                    await asyncio.sleep(0.02)
                    if self.idle:
                        return

    def keep_file(self, data: bytes, media_type: str) -> str:
        media = f"9{len(self._files):011d}"
        self._files[media] = data, media_type
        return media

    def new_id(self, phone: Phone) -> str:
        """As Meta makes them: with the number of the person in it."""
        self._number += 1
        nonce = f"{self._number:06d}{self.random.randrange(16**12):012X}"
        whole = b"\x1c\x18\x0b" + phone.number.encode() + b"\x15\x02\x00\x11\x18" + nonce.encode()
        return f"wamid.{base64.b64encode(whole).decode()}"

    def timestamp(self) -> str:
        """Seconds; some are told in milliseconds."""
        now = self.now()
        return str(int(now * 1000)) if self.random.random() < 0.1 else str(int(now))

    def heard(self, phone: Phone) -> None:
        """A person wrote: the window opens."""
        self._heard[phone.number] = self.now()

    # -- what a business calls

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.popleft() if self.faults else None
        if fault == "before":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(fault, tuple) and not fault[1]:
            return web.json_response({}, status=fault[0])
        try:
            self._known(request)
            if isinstance(fault, int):
                refuse(fault, "as the test wants")
            answer = self._take(await request.json())
        except GraphError as error:
            self.refused[error.code] += 1
            return web.json_response(error.body(), status=error.status)
        except ValueError:
            self.refused[100] += 1
            return web.json_response(GraphError(100, "no JSON").body(), status=400)
        if fault == "after":
            assert request.transport is not None
            request.transport.abort()
        if isinstance(fault, tuple):
            return web.json_response({}, status=fault[0])
        return web.json_response(answer)

    def _known(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise GraphError(190, "Invalid OAuth access token", 401)
        if request.match_info.get("number", self.number_id) not in (
            self.number_id,
            self.account_id,
        ):
            raise GraphError(100, "Unsupported post request. Object does not exist")

    def _take(self, message: Json) -> Json:
        check(message, self.templates)
        phone = self._to(message)
        kind = message["type"]
        for media in (message.get(each, {}).get("id") for each in ("image", "document", "audio")):
            if media is not None and media not in self._files:
                raise GraphError(131009, "media id is unknown or expired")
        self._pace(phone)
        code = self.fail_later.popleft() if self.fail_later else 0
        unasked = self.now() - self._heard.get(phone.number, -DAY) >= DAY
        if kind == "template" and unasked:
            self._begin(phone)
        elif unasked:
            self.outside += 1
            code = code or 131047  # taken, and failed later: the real, nasty way
        ref = self.new_id(phone)
        self.calls.append((phone.name, message))
        shown = Shown(ref, self._number, message)
        status = {
            "id": ref,
            "timestamp": self.timestamp(),
            "recipient_id": phone.number,
            "recipient_user_id": phone.user,
        }
        if "biz_opaque_callback_data" in message:
            status["biz_opaque_callback_data"] = message["biz_opaque_callback_data"]
        self._on_way.append((phone, shown, status, {"code": code} if code else {}))
        to = message.get("to") or message["recipient"]
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": phone.number, "user_id": phone.user}],
            "messages": [{"id": ref, "message_status": "accepted"}],
        }

    def _to(self, message: Json) -> Phone:
        """With both a number and an id, the number wins."""
        to = str(message.get("to") or "").removeprefix("+")
        user = message.get("recipient")
        for phone in self.phones.values():
            if (to and to == phone.number) or (not to and user == phone.user):
                return phone
        raise GraphError(131026, "undeliverable")

    def _pace(self, phone: Phone) -> None:
        if not self.limits:
            return
        now = time.monotonic()
        while self._sent and self._sent[0] < now - 1:
            self._sent.popleft()
        if len(self._sent) >= 80:
            raise GraphError(130429, "throughput", 429)
        at = max(self._pairs.get(phone.number, now), now) + 6
        if at - now > 45 * 6:
            raise GraphError(131056, "pair rate limit")
        self._pairs[phone.number] = at
        self._sent.append(now)

    def _begin(self, phone: Phone) -> None:
        now = self.now()
        self._begun = {each: at for each, at in self._begun.items() if at > now - DAY}
        if phone.number not in self._begun and len(self._begun) >= self.tier:
            raise GraphError(131048, "limit of new people")
        self._begun[phone.number] = now

    async def _media(self, request: web.Request) -> web.Response:
        try:
            self._known(request)
        except GraphError as error:
            return web.json_response(error.body(), status=error.status)
        form = await request.post()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            return web.json_response(GraphError(100, "form").body(), status=400)
        return web.json_response({"id": self.keep_file(file.file.read(), file.content_type)})

    async def _templates(self, request: web.Request) -> web.Response:
        try:
            self._known(request)
        except GraphError as error:
            return web.json_response(error.body(), status=error.status)
        found = [
            {
                "name": name,
                "language": language,
                "status": each["state"],
                "category": each.get("category", "UTILITY"),
                "rejected_reason": each.get("reason", "NONE"),
            }
            for (name, language), each in self.templates.items()
        ]
        return web.json_response({"data": found, "paging": {}})

    async def _link(self, request: web.Request) -> web.Response:
        try:
            self._known(request)
            media = request.match_info["media"]
            if media not in self._files or self._failed_gets >= 20:
                self._failed_gets += 1
                refuse(100, "media does not exist")
        except GraphError as error:
            return web.json_response(error.body(), status=error.status)
        link = hashlib.sha256(f"{media}{len(self._links)}".encode()).hexdigest()[:20]
        self._links[link] = media, self.now()
        data, media_type = self._files[media]
        root = self.url.removesuffix(f"/{VERSION}")
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "url": f"{root}/files/{link}",
                "mime_type": media_type,
                "file_size": len(data),
                "id": media,
            }
        )

    async def _file(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        media, at = self._links.get(request.match_info["link"], ("", 0.0))
        if not media or self.now() - at > LINK_SECONDS:
            return web.Response(status=404)
        data, media_type = self._files[media]
        return web.Response(body=data, content_type=media_type.partition(";")[0])

    # -- what reaches phones, and its statuses

    async def _deliver(self) -> None:
        """Messages come to phones, those under way together in any order, pictures late."""
        while True:
            await asyncio.sleep(0.002)
            if not self._on_way:
                continue
            await asyncio.sleep(0.004)
            going, self._on_way = self._on_way, []
            if self.shuffle:
                self.random.shuffle(going)
                going.sort(key=lambda each: each[1].content["type"] in ("image", "document"))
            for phone, shown, status, error in going:
                if error:
                    failed = {"status": "failed", "errors": [{**error, "title": "failed"}]}
                    self._status({**status, **failed})
                    continue
                phone.shown.append(shown)
                states = ["sent", "delivered", "read"]
                if self.random.random() < 0.3:
                    states.remove("read")
                if self.random.random() < 0.3:
                    self.random.shuffle(states)
                if self.random.random() < 0.2:
                    states.append(self.random.choice(states))
                for state in states:
                    self._status({**status, "status": state})

    def _status(self, status: Json) -> None:
        self.post("statuses", status)
