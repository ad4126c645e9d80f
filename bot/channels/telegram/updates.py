"""Parses an update of the Bot API, as the plain dict it is, into arrivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels.base import Account, Arrival, Blocked, Group
from bot.channels.bsn import mask_bsn
from bot.channels.command_parser import is_for_another, read_typed
from bot.channels.telegram.formatting import TICK
from conversations.engine.events import (
    Command,
    CommandName,
    Edited,
    Event,
    Said,
    Sent,
    SentKind,
    Tapped,
)

Json = Mapping[str, Any]

CHANNEL = "telegram"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")

_SENT: Mapping[str, SentKind] = {
    "animation": "other",  # comes with a document, so it is looked for first
    "sticker": "sticker",
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "document": "document",
    "venue": "location",  # comes with a location
    "location": "location",
    "contact": "contact",
}
_LONG = 60
_PRESENT = ("member", "administrator", "restricted")
_SERVICE = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "connected_website",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "write_access_allowed",
    }
)


def arrivals(update: Json, labels: Mapping[str, CommandName], own_name: str = "") -> list[Arrival]:
    """What an update means; nothing for an update that is no deed of a person here.

    `labels` are the texts of the fixed buttons, `own_name` that of the bot, where it is known.
    Raises KeyError, TypeError, ValueError,
    AttributeError or OverflowError when the update is not as the Bot API describes it.
    """
    update_id = str(int(update["update_id"]))
    if message := update.get("message"):
        return _message(update_id, message, labels, own_name)
    if edited := update.get("edited_message"):
        return _edited(update_id, edited)
    if query := update.get("callback_query"):
        return _tapped(update_id, query)
    if member := update.get("my_chat_member"):
        return _member(update_id, member)
    if post := update.get("channel_post"):
        return [_arrival(update_id, post, Group())]
    return []


def after(updates: Sequence[Json]) -> int:
    """Where polling goes on after these: after the last one that has an id. Raises IndexError when
    none has."""
    ids = [update.get("update_id") for update in updates if isinstance(update, dict)]
    return [each for each in ids if type(each) is int][-1] + 1


def tap_id(update: Json) -> str:
    """The id under which a tap must be answered; empty when the update is not a tap."""
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, Mapping) else ""


def tapped_long_ago(update: Json, now: float) -> bool:
    """Whether the message that was tapped is a minute old by Telegram's own clock, or so old that
    it tells no more than that."""
    message = (update.get("callback_query") or {}).get("message") or {}
    return now - int(message.get("date", now)) > _LONG


def joins(update: Json) -> bool:
    """Whether the bot was taken into a group just now, by an update that can be read."""
    if not (member := update.get("my_chat_member")):
        return False
    before = member.get("old_chat_member", {}).get("status", "")
    return before not in _PRESENT and member["new_chat_member"]["status"] in _PRESENT


def _message(
    update_id: str, message: Json, labels: Mapping[str, CommandName], own_name: str
) -> list[Arrival]:
    if message["chat"]["type"] != "private":
        if is_for_another(str(message.get("text", "")), own_name):
            return []
        return [_arrival(update_id, message, Group())]
    if not _SERVICE.isdisjoint(message):
        return []
    ref, group = str(message["message_id"]), str(message.get("media_group_id", ""))
    others = _of_others(message)
    if "text" in message:
        event = _typed(message["text"], ref, group, labels, own_name, forwarded=others)
        return [_arrival(update_id, message, event)]
    kind: SentKind = next((kind for key, kind in _SENT.items() if key in message), "other")
    caption = message.get("caption", "")
    if not caption:
        return [_arrival(update_id, message, Sent(kind, ref, group, forwarded=others))]
    group = group or ref
    typed = _typed(caption, ref, group, labels, own_name, forwarded=others)
    return [
        _arrival(update_id, message, Sent(kind, ref, group, forwarded=others)),
        _arrival(f"{update_id}c", message, typed),
    ]


def _of_others(message: Json) -> bool:
    """Whether somebody else wrote what was forwarded here; one's own notes are one's own."""
    origin = message.get("forward_origin")
    if not isinstance(origin, Mapping):
        return False
    writer = origin.get("sender_user")
    return not isinstance(writer, Mapping) or writer.get("id") != message["chat"]["id"]


def _typed(
    text: str,
    ref: str,
    group: str,
    labels: Mapping[str, CommandName],
    own_name: str,
    *,
    forwarded: bool,
) -> Said | Sent | Command | Account:
    if not text.strip():
        return Sent("empty", ref, group)
    command, text, masked = read_typed(text, labels, own_name)
    said = Said(text, ref, group, masked, forwarded=forwarded)
    return said if forwarded else command or said


def _edited(update_id: str, message: Json) -> list[Arrival]:
    text = message.get("text") or message.get("caption") or ""
    if message["chat"]["type"] != "private" or not text.strip():
        return []  # a group, or a location that moves
    text, masked = mask_bsn(text)
    return [_arrival(update_id, message, Edited(text, str(message["message_id"]), masked))]


def _tapped(update_id: str, query: Json) -> list[Arrival]:
    chat = query.get("message", {}).get("chat", {"id": query["from"]["id"], "type": "private"})
    if chat["type"] != "private":
        return []
    turn, _, button = str(query.get("data", "")).partition(":")
    known = turn.isascii() and turn.isdigit() and len(turn) <= 10 and int(turn) < 2**31
    event = Tapped(int(turn), button) if known and button else Tapped(0, "")
    message = query.get("message", {})
    found = _arrival(update_id, {"chat": chat, "from": query["from"]}, event)
    return [
        replace(
            found,
            tapped=str(message.get("message_id", "")) or "-",
            label=_label(message, str(query.get("data", ""))),
            query=str(query.get("id", "")),
        )
    ]


def _label(message: Json, data: str) -> str:
    """What stands on the button that was tapped, without its tick; empty when that is not told."""
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, Mapping) else ()
    for button in (button for row in rows for button in row):
        if button.get("callback_data") == data:
            return str(button.get("text", "")).removeprefix(TICK)
    return ""


def _member(update_id: str, member: Json) -> list[Arrival]:
    before = member.get("old_chat_member", {}).get("status", "")
    after = member["new_chat_member"]["status"]
    if member["chat"]["type"] != "private":
        return [_arrival(update_id, member, Group())] if after in _PRESENT else []
    if after == "kicked":
        return [_arrival(update_id, member, Blocked())]
    if before == "kicked":
        return [_arrival(update_id, member, Blocked(back=True))]
    return []


def _arrival(external_id: str, source: Json, event: Event | Account | Blocked | Group) -> Arrival:
    return Arrival(
        channel=CHANNEL,
        external_id=external_id,
        address=str(int(source["chat"]["id"])),
        event=event,
        language=str(source.get("from", {}).get("language_code") or ""),
        ref=str(source.get("message_id", "")),
        tapped=_quoted(source) if isinstance(event, Said) else "",
    )


def _quoted(message: Json) -> str:
    """The id of the message that this one quotes, if any."""
    quoted = message.get("reply_to_message")
    return str(quoted.get("message_id", "")) if isinstance(quoted, Mapping) else ""
