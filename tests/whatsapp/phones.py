"""The person's side: a phone with WhatsApp, which shows things in the order in which they came."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.whatsapp.rules import Json

if TYPE_CHECKING:
    from tests.whatsapp.server import CloudApi


@dataclass
class Shown:
    """A message as it stands on a phone. `number` is when it was taken, which need not be when it
    came."""

    id: str
    number: int
    content: Json

    @property
    def text(self) -> str:
        """What is read, without the footer."""
        match self.content["type"]:
            case "text":
                return str(self.content["text"]["body"])
            case "interactive":
                return str(self.content["interactive"]["body"]["text"])
            case "template":
                return f"[{self.content['template']['name']}]"
            case kind:
                return str(self.content[kind].get("caption", ""))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Ids and titles (or what stands whole below a title)."""
        if self.content["type"] != "interactive":
            return []
        action = self.content["interactive"]["action"]
        if "buttons" in action:
            return [(each["reply"]["id"], each["reply"]["title"]) for each in action["buttons"]]
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [(row["id"], row.get("description", row["title"])) for row in rows]

    @property
    def is_page(self) -> bool:
        """Whether it shows one page of several."""
        return any(":page." in its_id for its_id, _ in self.buttons)

    @property
    def labels(self) -> list[str]:
        return [title for _, title in self.buttons]


@dataclass
class Phone:
    """A person; `user` is the id of the account for this business, `number` the telephone number.
    What is hidden is left out of what is posted."""

    api: CloudApi
    name: str
    number: str
    user: str
    shown: list[Shown] = field(default_factory=list)
    hide_number: bool = False
    hide_user: bool = False
    written: dict[str, str] = field(default_factory=dict)

    # what the person does

    async def send(self, text: str, **more: Any) -> str:
        """Type a text; the id of the message."""
        return self._write({"type": "text", "text": {"body": text}, **more}, text)

    async def tap(self, label: str, timeout: float = 30.0) -> str:
        """Press the newest button with this label, ticked or not; through other pages of a list if
        it must be."""
        async with asyncio.timeout(timeout):
            while (found := self.button(label)) is None:
                more = self.more()
                if more is None:
                    raise TimeoutError(f"no button {label!r} on {self.last.labels}")
                await self.tap_id(*more)
                await self.api.settled()
            return await self.tap_id(*found)

    def button(self, label: str) -> tuple[str, str, Shown] | None:
        """The newest button with this label, ticked or not."""
        for message in reversed(self.shown):
            for its_id, title in message.buttons:
                if title.removeprefix("✓ ") == label:
                    return its_id, title, message
        return None

    def more(self) -> tuple[str, str, Shown] | None:
        """The row of the newest list that shows more."""
        for its_id, title in self.last.buttons:
            page = its_id.partition(":page.")[2]
            if page.isdecimal() and int(page):
                return its_id, title, self.last
        return None

    async def tap_id(self, its_id: str, title: str, message: Shown) -> str:
        rows = message.content["interactive"]["type"] == "list"
        kind = "list_reply" if rows else "button_reply"
        reply = {"type": kind, kind: {"id": its_id, "title": title[:24]}}
        context = {"from": self.api.display, "id": message.id}
        return self._write({"type": "interactive", "interactive": reply, "context": context})

    async def edit(self, message_id: str, text: str) -> str:
        changed = {
            "original_message_id": message_id,
            "message": {"context": {"id": message_id}, "type": "text", "text": {"body": text}},
        }
        return self._write({"type": "edit", "edit": changed}, text)

    async def revoke(self, message_id: str) -> str:
        return self._write({"type": "revoke", "revoke": {"original_message_id": message_id}})

    async def file(self, kind: str, data: bytes, media_type: str, caption: str = "") -> str:
        media: Json = {"id": self.api.keep_file(data, media_type), "mime_type": media_type}
        if kind == "audio":
            media["voice"] = True
        if caption:
            media["caption"] = caption
        return self._write({"type": kind, kind: media})

    async def other(self, kind: str, content: Any) -> str:
        """A reaction, sticker, location, or what nobody knows."""
        return self._write({"type": kind, kind: content})

    def change_number(self, number: str, user: str) -> str:
        """A new number makes a new id of the account."""
        system = {
            "body": "User A changed from one number to another",
            "wa_id": number,
            "user_id": user,
            "type": "user_changed_number",
        }
        found = self._write({"type": "system", "system": system})
        self.number, self.user = number, user
        return found

    # what is there

    @property
    def last(self) -> Shown:
        return self.shown[-1]

    @property
    def sentences(self) -> list[str]:
        """All that is read here, in the order in which it was sent; a question of which another
        page of choices was asked for, once."""
        in_order = sorted(self.shown, key=lambda each: each.number)
        places = enumerate(in_order)
        return [
            each.text
            for place, each in places
            if not (place and each.is_page and each.text == in_order[place - 1].text)
        ]

    def _write(self, content: Json, text: str = "") -> str:
        message_id = self.api.new_id(self)
        self.written[message_id] = text
        self.api.heard(self)
        message = {"id": message_id, "timestamp": self.api.timestamp(), **content}
        if not self.hide_number:
            message["from"] = self.number
        if not self.hide_user:
            message["from_user_id"] = self.user
        contact: Json = {"profile": {"name": f"{self.name} de Wit"}}
        contact |= {} if self.hide_number else {"wa_id": self.number}
        contact |= {} if self.hide_user else {"user_id": self.user}
        self.api.post("messages", message, contact)
        return message_id
