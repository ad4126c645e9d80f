"""The methods of the Bot API: each takes the parameters of a call and gives its result."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.botapi.errors import ApiError, bad_request, forbidden
from tests.botapi.world import Chat, Json, Message, World

_TAG = re.compile(r"</?[a-z][^>]*>")
_MODES = ("", "HTML")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TWO_DAYS = 48 * 3600


class Params(Mapping[str, Any]):
    """The parameters of a call, from a form or from JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, key: str, default: int = 0) -> int:
        try:
            return int(self.get(key, default))
        except ValueError:
            raise bad_request(f"{key} is invalid") from None

    def text(self, key: str) -> str:
        return str(self.get(key, ""))

    def parsed(self, key: str, default: Any) -> Any:
        value = self.get(key)
        if value is None or value == "":
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {key} JSON object") from None


class Methods:
    """Looks a method up by its name, in any case, and executes it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_name: dict[str, Callable[[Params], Any]] = {
            name.replace("_", ""): getattr(self, name) for name in dir(self) if name[0] != "_"
        }

    def _find(self, method: str) -> Callable[[Params], Any]:
        try:
            return self._by_name[method.lower()]
        except KeyError:
            raise ApiError(404, "Not Found") from None

    def get_me(self, _: Params) -> Json:
        return self._world.bot

    def send_message(self, params: Params) -> Json:
        chat = self._chat(params)
        text = _text(params, "text", 4096)
        return self._world.render(self._put(chat, params, text=text))

    def send_photo(self, params: Params) -> Json:
        return self._send_file(params, "photo")

    def send_document(self, params: Params) -> Json:
        return self._send_file(params, "document")

    def send_chat_action(self, params: Params) -> bool:
        self._chat(params).actions.append(params.text("action"))
        return True

    def edit_message_text(self, params: Params) -> Json:
        message = self._editable(params)
        text, markup = _text(params, "text", 4096), _markup(params)
        if text == message.text and markup == message.markup:
            raise bad_request(_NOT_MODIFIED)
        message.text, message.markup = text, markup
        self._world.touch(message)
        return self._world.render(message)

    def edit_message_reply_markup(self, params: Params) -> Json:
        message = self._editable(params)
        markup = _markup(params)
        if markup == message.markup:
            raise bad_request(_NOT_MODIFIED)
        message.markup = markup
        self._world.touch(message)
        return self._world.render(message)

    def delete_message(self, params: Params) -> bool:
        chat = self._chat(params)
        message = chat.messages.get(params.number("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        if self._world.now() - message.date > _TWO_DAYS:
            raise bad_request("message can't be deleted for everyone")
        del chat.messages[message.id]
        self._world.changed()
        return True

    def delete_messages(self, params: Params) -> bool:
        chat = self._chat(params)
        ids = params.parsed("message_ids", [])
        if not 1 <= len(ids) <= 100:
            raise bad_request("message_ids must hold 1-100 identifiers")
        for message_id in ids:
            message = chat.messages.get(int(message_id))
            if message and self._world.now() - message.date <= _TWO_DAYS:
                del chat.messages[message.id]
        self._world.changed()
        return True

    def answer_callback_query(self, params: Params) -> bool:
        query = params.text("callback_query_id")
        if query not in self._world.taps:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        self._world.taps[query] = True
        self._world.changed()
        return True

    def leave_chat(self, params: Params) -> bool:
        chat = self._chat(params)
        if chat.type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        chat.gone = True
        self._world.changed()
        return True

    def get_file(self, params: Params) -> Json:
        file_id = params.text("file_id")
        if file_id not in self._world.files:
            raise bad_request("invalid file_id")
        name, data = self._world.files[file_id]
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(data),
            "file_path": f"files/{file_id}/{name}",
        }

    def set_my_commands(self, params: Params) -> bool:
        commands = params.parsed("commands", [])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        return self._set("commands", params, commands)

    def set_my_description(self, params: Params) -> bool:
        return self._set("description", params, _short(params, "description", 512))

    def set_my_short_description(self, params: Params) -> bool:
        return self._set("short_description", params, _short(params, "short_description", 120))

    def set_webhook(self, params: Params) -> bool:
        self._world.webhook = {
            "url": params.text("url"),
            "secret_token": params.text("secret_token"),
            "max_connections": params.number("max_connections", 40),
        }
        self._world.changed()
        return True

    def delete_webhook(self, params: Params) -> bool:
        self._world.webhook = {}
        self._world.changed()
        return True

    def get_webhook_info(self, _: Params) -> Json:
        return {
            "url": self._world.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates.waiting),
        }

    def _set(self, what: str, params: Params, value: Any) -> bool:
        self._world.settings.setdefault(params.text("language_code"), {})[what] = value
        self._world.changed()
        return True

    def _chat(self, params: Params) -> Chat:
        chat = self._world.chats.get(params.number("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.gone:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _editable(self, params: Params) -> Message:
        message = self._chat(params).messages.get(params.number("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot or "keyboard" in message.markup:
            raise bad_request("message can't be edited")
        return message

    def _put(self, chat: Chat, params: Params, text: str = "", **body: Any) -> Message:
        markup = _markup(params)
        message = self._world.add(chat, from_bot=True, text=text, **body)
        message.markup = markup
        if "keyboard" in markup:
            chat.keyboard = [[_label(button) for button in row] for row in markup["keyboard"]]
        elif markup.get("remove_keyboard"):
            chat.keyboard = []
        return message

    def _send_file(self, params: Params, kind: str) -> Json:
        chat = self._chat(params)
        value = params.get(kind)
        if not isinstance(value, tuple):
            raise bad_request(f"there is no {kind} in the request")
        name, data = value
        file_id = self._world.keep_file(data, name)
        card: Any = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}
        if kind == "photo":
            card = [{**card, "width": 1, "height": 1}]
        caption = _short(params, "caption", 1024, "message caption is too long")
        body = {kind: card, "caption": caption} if caption else {kind: card}
        return self._world.render(self._put(chat, params, **body))


def _text(params: Params, key: str, most: int) -> str:
    text, mode = params.text(key), params.text("parse_mode")
    if mode not in _MODES:
        raise bad_request("unsupported parse_mode")
    if mode == "HTML":
        text = html.unescape(_TAG.sub("", text))
    text = text.strip()
    if not text:
        raise bad_request("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > most:
        raise bad_request("message is too long")
    return text


def _short(params: Params, key: str, most: int, complaint: str = "") -> str:
    text = params.text(key)
    if len(text) > most:
        raise bad_request(complaint or f"{key} is too long")
    return text


def _label(button: Any) -> str:
    return button if isinstance(button, str) else str(button["text"])


def _markup(params: Params) -> Json:
    markup: Json = params.parsed("reply_markup", {})
    rows: list[list[Any]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if sum(len(row) for row in rows) > (100 if "inline_keyboard" in markup else 300):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            if not _label(button).strip():
                raise bad_request("keyboard button text must be non-empty")
            if "inline_keyboard" in markup and not (
                1 <= len(str(button.get("callback_data", "")).encode()) <= 64
            ):
                raise bad_request("BUTTON_DATA_INVALID")
    return {} if markup.get("inline_keyboard") == [] else markup
