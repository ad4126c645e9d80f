"""The person's side: what people do in Telegram, and what they see there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.botapi.world import Chat, ChatType, Json, Message, World

Wanted = str | Callable[[Message], bool]


class User:
    """A person in a private chat with the bot. What they do returns the id of the update.

    `wait_for` looks at messages that came or changed since the first thing the person did after
    the wait before it, so that an old question is never taken for a new one.
    """

    def __init__(
        self, world: World, user_id: int, name: str, language: str, kind: ChatType = "private"
    ) -> None:
        self.id = user_id
        self._world = world
        who: Json = {"id": user_id, "first_name": name}
        if language:
            who["language_code"] = language
        self.chat = world.chats.setdefault(user_id, Chat(user_id, kind, who))
        self._since = world.seq
        self._waited = True

    # What the person does

    async def send(self, text: str, **extra: Any) -> int:
        """Type a text (or press a button of the reply keyboard)."""
        return self._write("message", text=text, **extra)

    async def edit(self, message_id: int, text: str) -> int:
        """Change an earlier message of one's own."""
        self._acts()
        message = self.chat.messages[message_id]
        message.text = text
        self._world.touch(message)
        return self._world.updates.push("edited_message", self._world.render(message))

    async def tap(self, label: str, timeout: float = 30.0, after: float = 0.0) -> int:
        """Press the newest button with this label, ticked or not, once it was there for `after`
        seconds."""
        message, data = await self._world.wait(lambda: self._find(label), timeout)
        await asyncio.sleep(after)
        return await self.tap_data(data, message.id)

    async def tap_data(self, data: str, message_id: int | None = None) -> int:
        """Press a button that carries this data, though it may have gone from the screen."""
        self._acts()
        message = self.chat.messages[message_id] if message_id else self.messages[-1]
        query = f"query-{self._world.next_id()}"
        self._world.taps[query] = False
        return self._world.updates.push(
            "callback_query",
            {
                "id": query,
                "from": {"is_bot": False, **self.chat.who},
                "message": self._world.render(message),
                "chat_instance": "1",
                "data": data,
            },
        )

    async def sticker(self) -> int:
        return self._write("message", sticker=self._file(b"sticker", "s.webp", emoji="🙂"))

    async def photo(
        self, caption: str = "", media_group_id: str = "", data: bytes = b"jpeg"
    ) -> int:
        extra = {"caption": caption, "media_group_id": media_group_id}
        sizes = [self._file(data, "photo.jpg", width=9, height=9)]
        return self._write("message", photo=sizes, **{k: v for k, v in extra.items() if v})

    async def voice(self, data: bytes = b"OggS", seconds: int = 3) -> int:
        return self._write("message", voice=self._file(data, "voice.oga", duration=seconds))

    async def video(self, caption: str = "") -> int:
        extra = {"caption": caption} if caption else {}
        return self._write("message", video=self._file(b"mp4", "video.mp4", duration=3), **extra)

    async def document(self, caption: str = "", data: bytes = b"pdf", name: str = "a.pdf") -> int:
        extra = {"caption": caption} if caption else {}
        return self._write("message", document=self._file(data, name, file_name=name), **extra)

    async def location(self) -> int:
        return self._write("message", location={"latitude": 52.1, "longitude": 5.1})

    async def contact(self) -> int:
        return self._write("message", contact={"phone_number": "+31600000000", "first_name": "X"})

    async def other(self, **body: Any) -> int:
        """A message of any other sort: `dice={...}`, `poll={...}`."""
        return self._write("message", **body)

    async def block(self) -> int:
        self.chat.blocked = True
        return self._member("member", "kicked")

    async def unblock(self) -> int:
        self.chat.blocked = False
        return self._member("kicked", "member")

    # What the person sees

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote, oldest first, as it reads and with the buttons it has now."""
        return [message for message in self.chat.messages.values() if message.from_bot]

    @property
    def written(self) -> list[Message]:
        """What the person wrote."""
        return [message for message in self.chat.messages.values() if not message.from_bot]

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def new(self) -> list[Message]:
        """What came or changed since the first thing done after the last wait, oldest first."""
        return sorted((m for m in self.messages if m.seq > self._since), key=lambda m: m.seq)

    @property
    def keyboard(self) -> list[str]:
        """The labels of the reply keyboard."""
        return [label for row in self.chat.keyboard for label in row]

    async def wait_for(self, wanted: Wanted, timeout: float = 30.0) -> Message:
        """The newest new message with this text in it, or for which this holds."""
        try:
            message: Message = await self._world.wait(lambda: self._newest(wanted), timeout)
        except TimeoutError:
            seen = [message.text[:60] for message in self.new]
            raise TimeoutError(f"waited {timeout} s for {wanted!r}; new are {seen}") from None
        self._waited = True
        return message

    # How

    def _newest(self, wanted: Wanted) -> Message | None:
        for message in reversed(self.new):
            if wanted in message.text if isinstance(wanted, str) else wanted(message):
                return message
        return None

    def _find(self, label: str) -> tuple[Message, str] | None:
        for message in reversed(self.messages):
            for button in message.buttons:
                if label in (button.text, button.text.removeprefix("✓ ")):
                    return message, button.data
        return None

    def _acts(self) -> None:
        if self._waited:
            self._since = self._world.seq
            self._waited = False

    def _write(self, kind: str, text: str = "", **body: Any) -> int:
        self._acts()
        self.chat.started = True
        message = self._world.add(self.chat, from_bot=False, text=text, **body)
        return self._world.updates.push(kind, self._world.render(message))

    def _member(self, before: str, after: str) -> int:
        self._acts()
        bot = {key: self._world.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        return self._world.updates.push(
            "my_chat_member",
            {
                "chat": self.chat.card(),
                "from": {"is_bot": False, **self.chat.who},
                "date": int(self._world.now()),
                "old_chat_member": {"user": bot, "status": before},
                "new_chat_member": {"user": bot, "status": after},
            },
        )

    def _file(self, data: bytes, name: str, **extra: Any) -> Json:
        file_id = self._world.keep_file(data, name)
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(data),
            **extra,
        }


class Group(User):
    """A group or channel that the bot is taken into. What is written there is written by Bob."""

    def __init__(self, world: World, chat_id: int, title: str, kind: ChatType = "group") -> None:
        super().__init__(world, chat_id, title, "", kind)
        self.chat.who = {"id": 77, "first_name": "Bob", "title": title}

    async def add_bot(self) -> int:
        self.chat.started, self.chat.gone = True, False
        return self._member("left", "member")

    async def post(self, text: str) -> int:
        """A post in a channel."""
        return self._write("channel_post", text=text)
