"""The WhatsApp channel: what is posted comes in, rows of the outbox go out.

Free words go only within a day after the person last wrote. Otherwise one template without content
asks whether there is time; what waits goes as soon as the person answers.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.channels.base import (
    Accept,
    Bell,
    Closed,
    Document,
    Outgoing,
    Photo,
    Refused,
    SendError,
    StatusReport,
    TryLater,
    Uncertain,
)
from bot.channels.whatsapp.account_notice import AccountNotice
from bot.channels.whatsapp.graph_client import GraphClient
from bot.channels.whatsapp.graph_errors import Cause, Halted, OptedOut
from bot.channels.whatsapp.ledger import Ledger
from bot.channels.whatsapp.message_shapes import CAPTION_MAX, ShapeWords, shapes, shorter
from bot.channels.whatsapp.received import CHANNEL
from bot.channels.whatsapp.standstill import Standstill
from bot.channels.whatsapp.status_reader import parse_place, place_of
from bot.channels.whatsapp.template_notice import from_account
from conversations.engine.effects import Say

_log = logging.getLogger(__name__)

LANDING = 5.0
"""The most seconds that a message waits for the status of the one before it to the same person:
their order is not promised."""
LOOK_AGAIN = 0.25
"""Seconds after which it is looked up whether another process heard that status."""
REMEMBERED = 5000
"""Messages of which is remembered whether they landed."""

Words = Callable[[str], ShapeWords]
"""The few words of a language."""


class Landings:
    """Whether what was sent last to somebody is there: its status tells."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[int, str, float]] = OrderedDict()
        self._landed: OrderedDict[str, asyncio.Event] = OrderedDict()

    def sent(self, address: str, row: int, ref: str) -> None:
        self._last[address] = row, ref, time.monotonic()
        self._last.move_to_end(address)
        self._event(ref)
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)

    def landed(self, ref: str) -> None:
        self._event(ref).set()

    def under_way(self, address: str) -> tuple[int, str, float] | None:
        """What was sent there last by this process and is not known to be there: its row, its id,
        and for how many seconds more it makes sense to wait for it."""
        row, ref, at = self._last.get(address, (0, "", 0.0))
        left = LANDING - (time.monotonic() - at)
        return (row, ref, left) if ref and left > 0 and not self._event(ref).is_set() else None

    async def rest(
        self, row: int, ref: str, left: float, told: Callable[[int, str], Awaitable[bool]]
    ) -> None:
        """Wait until it is there, so many seconds at most; `told` says whether another process
        heard so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                while not await self._landed_soon(ref):
                    if await told(row, ref):
                        return

    async def _landed_soon(self, ref: str) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN):
                await self._event(ref).wait()
                return True
        return False

    def _event(self, ref: str) -> asyncio.Event:
        event = self._landed.setdefault(ref, asyncio.Event())
        while len(self._landed) > 2 * REMEMBERED:
            self._landed.popitem(last=False)
        return event


class WhatsApp:
    """One number. `words` are those of a language, `templates` the names of that which asks for
    time and that which rings, in `languages`; the button of the latter leads to `public_url` and
    what follows. `told` hears why the channel stopped, and (None) that it goes again."""

    name = CHANNEL

    def __init__(
        self,
        client: GraphClient,
        ledger: Ledger,
        words: Words,
        templates: tuple[str, str],
        languages: Sequence[str],
        public_url: str,
        now: Callable[[], datetime],
        told: Callable[[Cause | None], None] = lambda _: None,
    ) -> None:
        self.client = client
        self.ledger = ledger
        self.landings = Landings()
        self._words = words
        self._template, self._bell_template = templates
        self._languages = languages
        self._public_url = public_url
        self._now = now
        self._tries: Counter[str] = Counter()
        self.standstill = Standstill(ledger, now, told)

    async def run(self, _accept: Accept) -> None:
        """What comes in is posted: see `CloudWebhook`."""
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        """Deliver one row; the id of its last message. Raises SendError."""
        await self.standstill.must_go()
        if outgoing.address.startswith("+"):  # a number is known here as WhatsApp writes it
            outgoing = replace(outgoing, address=outgoing.address.removeprefix("+"))
        try:
            return await self._sent(outgoing)
        except Halted as error:
            self.standstill.refused(error)
            raise

    async def close(self) -> None:
        await self.client.close()

    # -- what Meta posts

    async def take_notice(self, notice: AccountNotice) -> None:
        """What Meta posted about the account."""
        news = bool(notice.facts) and await self.ledger.note_facts(notice.facts, notice.at)
        for name, value in notice.facts.items() if news else ():
            _log.warning("Meta on this WhatsApp account: %s is now %s", name, value or "over")
        if notice.restored:
            await self.standstill.restored(notice.at)
        elif notice.code:
            await self.standstill.posted(notice.code, notice.at)

    # -- sending

    async def _sent(self, outgoing: Outgoing) -> str:
        match outgoing.effect:
            case Say() as say:
                await self._must_be_open(outgoing)
                return await self._said(outgoing, shapes(say, self._words(outgoing.language)))
            case Document() as document:
                await self._must_be_open(outgoing)
                data = base64.b64decode(document.base64) or document.text.encode()
                media = await self.client.upload(data, document.media_type, document.name)
                content = {"id": media, "filename": document.name}
                return await self._said(outgoing, [{"type": "document", "document": content}])
            case Bell() as bell:
                return await self._rung(outgoing, bell)
            case Photo() as photo:
                await self._must_be_open(outgoing)
                data = base64.b64decode(photo.picture)
                media = await self.client.upload(data, "image/png", "vertelbot.png")
                image = {"id": media, "caption": shorter(photo.caption, CAPTION_MAX)}
                return await self._said(outgoing, [{"type": "image", "image": image}])
        return outgoing.ref

    async def _said(self, outgoing: Outgoing, messages: Sequence[Mapping[str, Any]]) -> str:
        """All messages of a row, each once the one before it is there. What WhatsApp is known to
        have taken does not go again."""
        taken = {each.piece: each.ref for each in await self.ledger.taken(outgoing.id)}
        refs = []
        for piece, message in enumerate(messages):
            if piece in taken:
                refs.append(taken[piece])
                continue
            await self._let_land(outgoing)
            place = place_of(outgoing.id, piece, len(messages))
            refs.append(await self._call(outgoing.address, message, place))
        return ",".join(refs)

    async def _let_land(self, outgoing: Outgoing) -> None:
        """Let what went to the person before be there first, also by another process."""
        before = self.landings.under_way(outgoing.address)
        if before is None:
            before = await self.ledger.sent_before(outgoing.id, LANDING)
        if before is not None:
            await self.landings.rest(*before, self.ledger.has_landed)

    async def _call(self, address: str, message: Mapping[str, Any], place: str) -> str:
        to = {"to": address} if address.isdecimal() else {"recipient": address}
        whole = {"recipient_type": "individual", **to, "biz_opaque_callback_data": place, **message}
        tries, began = self._tries[address], self._now()
        try:
            accepted = await self.client.send(whole, tries)
        except TryLater:
            self._tries[address] += 1
            raise
        self._tries.pop(address, None)
        await self.standstill.taken(began)
        row, *_ = parse_place(place) or (0,)
        ref = self.ledger.hidden(accepted.ref)
        self.landings.sent(address, row, ref)
        if accepted.user and accepted.user != address:
            await self.ledger.note_number(accepted.user, address)
        return ref

    # -- ringing

    async def _rung(self, outgoing: Outgoing, bell: Bell) -> str:
        """A template with a button to the chat; nothing else passes here."""
        if await self.ledger.wants_nothing(outgoing.address):
            raise OptedOut("the person wants no messages")
        if await self.ledger.may_ring(outgoing.address) is not None:
            raise TryLater("the budget of new people is spent", calmly=True)
        link = bell.link.removeprefix(self._public_url).lstrip("/")
        return await self.ring(
            outgoing.address, bell.language, outgoing.id, link, self._bell_template
        )

    # -- the window

    async def _must_be_open(self, outgoing: Outgoing) -> None:
        """Raises Closed outside the window: the row waits, and one template asks."""
        if await self.ledger.is_open(outgoing.address):
            return
        await self._ask_for_time(outgoing)
        opened = partial(self.ledger.is_open_in, address=outgoing.address)
        raise Closed("the window is closed", opened)  # who answers may be quicker than this

    async def _ask_for_time(self, outgoing: Outgoing) -> None:
        """One template without content, once until the person writes. Noted before it goes, so that
        a crash or another process sends none twice."""
        address = outgoing.address
        if not self._template or await self.ledger.has_rung(address):
            return
        if await self.ledger.may_ring(address) is not None:
            raise Closed("the budget of new people is spent")
        try:
            await self.ring(address, outgoing.language)
        except Uncertain:
            return  # it may have arrived, and so it counts as sent
        except SendError:
            await self.ledger.unring(address)
            raise

    async def ring(
        self, address: str, language: str, row: int = 0, link: str = "", template: str = ""
    ) -> str:
        """Send a template; the id of the message. `link` fills its button. Raises SendError."""
        spoken = language if language in self._languages else self._languages[0]
        content: dict[str, Any] = {
            "name": template or self._template,
            "language": {"code": spoken},
        }
        if link:
            parameters = [{"type": "text", "text": link}]
            button = {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters}
            content["components"] = [button]
        message = {"type": "template", "template": content}
        try:
            return await self._call(address, message, place_of(row, 0, 1) if row else "bell")
        except Refused as error:
            _log.warning("template %s in %s was refused: %s", content["name"], spoken, error)
            raise

    async def ask_templates(self) -> None:
        """Ask what became of the templates, and keep it. Raises SendError."""
        found = await self.client.templates()
        await self.ledger.note_all([from_account(each) for each in found])

    async def hear(self, reports: Sequence[StatusReport]) -> None:
        """What was posted about messages of ours, as far as the channel itself waits for it."""
        for report in reports:
            self.landings.landed(report.ref)
        halted = {each.error.code: each.at for each in reports if isinstance(each.error, Halted)}
        for code, at in halted.items():
            await self.standstill.posted(code, at)


Reports = Callable[[Sequence[StatusReport]], Awaitable[None]]
"""Takes what is said later of messages; returns when it is kept."""
