"""Reads what WhatsApp posts: every entry, change, message and status, each by itself. Pure.

Names and everything else that is not needed are not even looked at. What cannot be read is left
out and counted: the others do not wait for it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.channels.base import Account, Arrival, Moved, StatusReport
from bot.channels.bsn import mask_bsn
from bot.channels.command_parser import parse, read_typed
from bot.channels.tick_signs import parted_id
from bot.channels.whatsapp.status_reader import parse_number, read_status
from bot.channels.whatsapp.template_notice import TemplateNotice, from_post
from conversations.engine.events import (
    Command,
    CommandName,
    Edited,
    Event,
    Revoked,
    Said,
    Sent,
    SentKind,
    Tapped,
)

Json = Mapping[str, Any]

CHANNEL = "whatsapp"

_SENT: Mapping[str, SentKind] = {
    "image": "photo",
    "audio": "voice",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
}
_FIXED: Mapping[str, CommandName] = {"c:help": "help", "c:stop": "stop"}
_MILLISECONDS = 10**11
"""A moment above this is told in milliseconds."""
_DIGITS = 13


@dataclass(frozen=True, slots=True)
class Media:
    """A recording or picture that a message tells of; `media_type` as its sender says it."""

    id: str
    media_type: str
    voice: bool


@dataclass(slots=True)
class Received:
    """What one post holds for one number. `media` by the id of the message; `unread` counts what
    could not be read; `trouble` are codes of errors that are about the account or the number."""

    arrivals: list[Arrival] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    statuses: list[StatusReport] = field(default_factory=list)
    templates: list[TemplateNotice] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)
    unread: int = 0


def is_signed(body: bytes, header: str, app_secret: str) -> bool:
    """Whether these very bytes were signed with the secret of the app; in constant time."""
    right = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    given = header.strip().encode("utf-8", "replace")
    return hmac.compare_digest(given, f"sha256={right}".encode())


def read(post: Json, number_id: str, only_rings: bool, never: Callable[[str], bool]) -> Received:
    """All of a post that is for the number with this id. `only_rings`: words are dropped here, no
    conversation is held. `never`: whether a whole message asks for no messages any more."""
    received = Received()
    for change in _each(received, _changes(post)):
        value = change.get("value") or {}
        match change.get("field"):
            case "messages":
                metadata = value.get("metadata") or {}
                if str(metadata.get("phone_number_id", "")) == number_id:
                    _messages(received, value, only_rings, never)
            case "user_id_update":
                _moved_ids(received, value)
            case "message_template_status_update":
                _read(received, partial(_template, received, value))
    return received


def _changes(post: Json) -> Iterator[Any]:
    for entry in _listed(post.get("entry")):
        yield from _listed(entry.get("changes")) if isinstance(entry, Mapping) else (None,)


def _listed(found: object) -> Sequence[Any]:
    return found if isinstance(found, list) else []


def _each(received: Received, found: Iterator[Any]) -> Iterator[Json]:
    for each in found:
        if isinstance(each, Mapping):
            yield each
        else:
            received.unread += 1


def _read(received: Received, reading: Callable[[], object]) -> None:
    """Read one thing; whatever is wrong with it, the others do not wait for it."""
    try:
        reading()
    except Exception:  # its words might be a person's, so not even its kind is logged
        received.unread += 1


def _messages(
    received: Received, value: Json, only_rings: bool, never: Callable[[str], bool]
) -> None:
    people = _People(_listed(value.get("contacts")))
    for message in _each(received, iter(_listed(value.get("messages")))):
        _read(received, partial(_message, received, message, people, only_rings, never))
    for status in _each(received, iter(_listed(value.get("statuses")))):
        _read(received, partial(_status, received, status))
    for error in _each(received, iter(_listed(value.get("errors")))):
        _read(received, partial(_error, received, error))


class _People:
    """The ids of accounts and the numbers, as far as a post tells them."""

    def __init__(self, contacts: Sequence[Any]) -> None:
        known = [each for each in contacts if isinstance(each, Mapping)]
        self._pairs = [
            (str(each.get("user_id") or ""), str(each.get("wa_id") or "")) for each in known
        ]

    def of(self, message: Json) -> tuple[str, str]:
        """The id of the sender's account, and the number; either may be empty."""
        number = parse_number(message.get("from"))
        user = str(message.get("from_user_id") or message.get("user_id") or "")
        for its_user, its_number in self._pairs:
            if (number and number == its_number) or (user and user == its_user):
                return user or its_user, number or its_number
        if len(self._pairs) == 1 and not (user and number):
            its_user, its_number = self._pairs[0]
            if (not user or not its_user) and (not number or not its_number):
                return user or its_user, number or its_number
        return user, number


def _moment(found: object) -> float:
    """Seconds since 1970; some are told in milliseconds. 0 when it is no moment: what was written
    counts all the same."""
    digits = str(found)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return 0.0
    moment = float(digits)
    return moment / 1000 if moment > _MILLISECONDS else moment


def _message(
    received: Received,
    message: Json,
    people: _People,
    only_rings: bool,
    never: Callable[[str], bool],
) -> None:
    user, number = people.of(message)
    address = user or number
    if not address:
        raise ValueError("nobody sent it")
    external_id, kind = str(message["id"]), str(message.get("type", ""))

    def came(
        event: Event | Account | Moved,
        part: str = "",
        *,
        opens: bool = True,
        tapped: str = "",
        stood: str = "",
    ) -> None:
        moment = _moment(message.get("timestamp")) if opens else 0.0
        received.arrivals.append(
            Arrival(
                CHANNEL,
                external_id + part,
                address,
                event,
                ref=external_id,
                alias=number,
                heard=moment,
                tapped=tapped,
                stood=stood,
            )
        )

    if kind == "system":
        if (moved := _moved(message)) is not None:
            came(moved, opens=False)
        return
    if only_rings:
        _to_bell(message, kind, never, came)
        return
    match kind:
        case "text":
            came(_typed(str(message["text"]["body"]), message, never))
        case "interactive" | "button":
            tapped = str((message.get("context") or {}).get("id") or "-")
            tap, stood = _tapped(message, kind)
            came(tap, tapped=tapped, stood=stood)
        case "edit":
            original, text = _edit(message)
            came(Edited(text, original, masked=mask_bsn(_body(message))[1]))
        case "revoke":
            came(Revoked(str(message["revoke"]["original_message_id"])), opens=False)
        case "reaction":
            came(Sent("other", external_id), opens=False)
        case _:
            _file(received, message, kind, came)


def _to_bell(
    message: Json, kind: str, never: Callable[[str], bool], came: Callable[..., None]
) -> None:
    """Words to a number that only rings: nothing of them is kept, not even until they are
    answered."""
    if kind in ("edit", "revoke", "reaction"):
        return
    words = str((message.get("text") or {}).get("body", "")) if kind == "text" else ""
    if kind == "button":
        words = str((message.get("button") or {}).get("text", ""))
    came(Account("never" if never(words) else "bell"))


def _typed(text: str, message: Json, never: Callable[[str], bool]) -> Event | Account:
    ref = str(message["id"])
    if not text.strip():
        return Sent("empty", ref)
    if never(text):
        return Account("never")
    forwarded = bool((message.get("context") or {}).get("forwarded"))
    command, text, masked = read_typed(_with_slash(text))
    said = Said(text, ref, "", masked, forwarded=forwarded)
    return said if forwarded else command or said


def _with_slash(text: str) -> str:
    """The words of a link that was followed are a command: people type no slash here."""
    follows = text.strip().lower().startswith("start ") and len(text.split()) == 2
    return f"/{text.strip()}" if follows else text


def _tapped(message: Json, kind: str) -> tuple[Tapped | Command, str]:
    """The id decides, never the words on the button; and how the message stood that was tapped."""
    if kind == "button":
        found = str(message["button"].get("payload", ""))
    else:
        reply = message["interactive"]
        found = str((reply.get("button_reply") or reply.get("list_reply") or {}).get("id", ""))
    if found in _FIXED:
        return Command(_FIXED[found]), ""
    found, stood = parted_id(found)
    turn, _, button = found.partition(":")
    known = turn.isascii() and turn.isdigit() and len(turn) <= 10 and int(turn) < 2**31
    return (Tapped(int(turn), button), stood) if known and button else (Tapped(0, ""), "")


def _body(message: Json) -> str:
    changed = message["edit"].get("message") or {}
    texts = (changed.get(each) or {} for each in ("text", "image", "video", "document"))
    return next((str(t.get("body") or t.get("caption")) for t in texts if t), "")


def _edit(message: Json) -> tuple[str, str]:
    return str(message["edit"]["original_message_id"]), mask_bsn(_body(message))[0]


def _file(
    received: Received,
    message: Json,
    kind: str,
    came: Callable[..., None],
) -> None:
    """Something that is not text; its caption comes after it, in the same group."""
    ref, sent = str(message["id"]), _SENT.get(kind, "other")
    content = message.get(kind) if isinstance(message.get(kind), Mapping) else {}
    caption = str((content or {}).get("caption") or "")
    group = ref if caption.strip() else ""
    forwarded = bool((message.get("context") or {}).get("forwarded"))
    came(Sent(sent, ref, group, forwarded=forwarded))
    if sent in ("photo", "voice") and content and content.get("id"):
        media = Media(str(content["id"]), str(content.get("mime_type", "")), sent == "voice")
        received.media[ref] = media
    if group:
        text, masked = mask_bsn(caption)
        said = Said(text, ref, group, masked, forwarded=forwarded)
        came(said if forwarded else parse(text) or said, "c")


def _moved(message: Json) -> Moved | None:
    """A changed number makes a new id; the person stays."""
    system = message["system"]
    user = str(system.get("user_id") or system.get("new_user_id") or "")
    number = parse_number(system.get("wa_id") or system.get("new_wa_id"))
    if str(system.get("type")) not in ("user_changed_number", "user_changed_user_id"):
        return None
    return Moved(user or number, number) if user or number else None


def _moved_ids(received: Received, value: Json) -> None:
    for update in _listed(value.get("user_id_update")):
        _read(received, partial(_moved_id, received, update))


def _moved_id(received: Received, update: Json) -> None:
    """Ids as `{"user_id": {"previous", "current"}, "wa_id", "timestamp"}`."""
    ids = update["user_id"]
    old, new = str(ids["previous"]), str(ids["current"])
    at, number = str(update.get("timestamp", "")), parse_number(update.get("wa_id"))
    received.arrivals.append(
        Arrival(CHANNEL, f"moved:{old}:{new}:{at}", old, Moved(new, number), alias="")
    )


def _error(received: Received, error: Json) -> None:
    received.trouble.append(int(error["code"]))


def _status(received: Received, status: Json) -> None:
    if (report := read_status(status)) is not None:
        received.statuses.append(report)


def _template(received: Received, value: Json) -> None:
    received.templates.append(from_post(value))
