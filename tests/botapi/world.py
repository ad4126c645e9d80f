"""What Telegram knows: chats, the messages in them, files and button presses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.botapi.updates import UpdateQueue

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, with the data that a tap on it carries."""

    text: str
    data: str


@dataclass(slots=True)
class Message:
    """A message as it stands now; `seq` rises with every change of any message."""

    id: int
    chat_id: int
    from_bot: bool
    date: int
    seq: int
    text: str = ""
    body: Json = field(default_factory=dict)
    markup: Json = field(default_factory=dict)
    edits: int = 0

    @property
    def rows(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        return [
            [Button(button["text"], button.get("callback_data", "")) for button in row]
            for row in self.markup.get("inline_keyboard", [])
        ]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]


@dataclass(slots=True)
class Chat:
    """A conversation with a person, or a group. `keyboard` are the rows of the reply keyboard."""

    id: int
    type: ChatType
    who: Json
    started: bool = False
    blocked: bool = False
    gone: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: list[list[str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    def card(self) -> Json:
        names = {key: value for key, value in self.who.items() if key in _CHAT_KEYS}
        return {"id": self.id, "type": self.type, **names}


_CHAT_KEYS = ("first_name", "last_name", "username", "title")


class World:
    """Everything the server remembers about one bot. `now` gives the time in seconds."""

    def __init__(self, token: str, now: Callable[[], float], first_update: int = 1000) -> None:
        self.token = token
        self.now = now
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Vertelbot",
            "username": "vertel_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.updates = UpdateQueue(first_update)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.taps: dict[str, bool] = {}
        self.settings: dict[str, Json] = {}
        self.webhook: Json = {}
        self.seq = 0
        self._ids = 0
        self._changed: set[asyncio.Event] = set()

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def add(self, chat: Chat, *, from_bot: bool, text: str = "", **body: Any) -> Message:
        """Put a message in a chat."""
        self.seq += 1
        message = Message(
            id=self.next_id(),
            chat_id=chat.id,
            from_bot=from_bot,
            date=int(self.now()),
            seq=self.seq,
            text=text,
            body=body,
        )
        chat.messages[message.id] = message
        self.changed()
        return message

    def touch(self, message: Message) -> None:
        """A message was edited."""
        self.seq += 1
        message.seq = self.seq
        message.edits += 1
        self.changed()

    def render(self, message: Message) -> Json:
        """A message as the Bot API shows it."""
        chat = self.chats[message.chat_id]
        sender = self.bot if message.from_bot else _person(chat.who)
        body: Json = {
            "message_id": message.id,
            "date": message.date,
            "chat": chat.card(),
            "from": {key: value for key, value in sender.items() if key in _USER_KEYS},
            **message.body,
        }
        if message.text:
            body["text"] = message.text
            if message.text.startswith("/") and not message.from_bot:
                length = len(message.text.split()[0])
                body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if message.edits:
            body["edit_date"] = int(self.now())
        if "inline_keyboard" in message.markup:
            body["reply_markup"] = message.markup
        return body

    def keep_file(self, data: bytes, name: str) -> str:
        """Store a file; its file id."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = (name, data)
        return file_id

    def changed(self) -> None:
        for event in self._changed:
            event.set()

    async def wait(self, until: Callable[[], Any], timeout: float) -> Any:
        """The first true value of `until`, looked at after every change. Raises TimeoutError."""
        event = asyncio.Event()
        self._changed.add(event)
        try:
            async with asyncio.timeout(timeout):
                while not (value := until()):
                    await event.wait()
                    event.clear()
                return value
        finally:
            self._changed.discard(event)

    def messages(self) -> Iterator[Message]:
        for chat in self.chats.values():
            yield from chat.messages.values()


_USER_KEYS = ("id", "is_bot", "first_name", "last_name", "username", "language_code")


def _person(who: Json) -> Json:
    return {"is_bot": False, **who}
