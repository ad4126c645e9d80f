"""Reads one message of a person: what it says or taps, and from whom. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.channels.base import Account, AccountName, Arrival, Moved
from bot.channels.bsn import mask_bsn
from bot.channels.command_parser import OWN_THINGS, parse, read_typed
from bot.channels.tick_signs import parted_id
from bot.channels.whatsapp.received import (
    CHANNEL,
    Correspondents,
    Json,
    Media,
    Received,
    moment_of,
)
from bot.channels.whatsapp.status_reader import parse_number
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
from conversations.engine.intent import plain

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


def read_message(
    received: Received,
    message: Json,
    people: Correspondents,
    bell: Callable[[str], AccountName] | None,
    never: Callable[[str], bool],
    hidden: Callable[[str], str],
) -> None:
    """One message, by the ids that it has for us (`hidden`)."""
    message = _hidden(message, hidden)
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
        moment = moment_of(message.get("timestamp")) if opens else 0.0
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
    if bell is not None:
        _to_bell(message, kind, bell, came)
        return
    match kind:
        case "text":
            typed = _typed(str(message["text"]["body"]), message, never)
            quoted = str((message.get("context") or {}).get("id") or "")
            came(typed, tapped=quoted if isinstance(typed, Said) else "")
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
    message: Json, kind: str, bell: Callable[[str], AccountName], came: Callable[..., None]
) -> None:
    """Words to a number that only rings: nothing of them is kept, not even until they are
    answered."""
    if kind in ("edit", "revoke", "reaction"):
        return
    words = str((message.get("text") or {}).get("body", "")) if kind == "text" else ""
    if kind == "button":
        words = str((message.get("button") or {}).get("text", ""))
    came(Account(bell(words)))


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
    """The words of a link that was followed, and of what one may always ask of what is one's own,
    are a command: people type no slash here."""
    follows = text.strip().lower().startswith("start ") and len(text.split()) == 2
    word = "".join(plain(text).split())
    return f"/{text.strip()}" if follows else f"/{word}" if word in OWN_THINGS else text


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


def _hidden(message: Json, hidden: Callable[[str], str]) -> Json:
    """The message with other ids in the place of its own, which hold a number."""
    found = {**message, "id": hidden(str(message["id"]))}
    for name, key in (
        ("context", "id"),
        ("edit", "original_message_id"),
        ("revoke", "original_message_id"),
    ):
        part = message.get(name)
        if isinstance(part, Mapping) and part.get(key):
            found[name] = {**part, key: hidden(str(part[key]))}
    return found
