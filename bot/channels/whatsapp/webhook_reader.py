"""Reads what WhatsApp posts: every entry, change, message and status, each by itself. Pure.

Names and everything else that is not needed are not even looked at. What cannot be read is left
out and counted: the others do not wait for it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.channels.base import Account, AccountName, Arrival, Moved
from bot.channels.whatsapp.account_notice import read_notice
from bot.channels.whatsapp.message_reader import read_message
from bot.channels.whatsapp.received import (
    CHANNEL,
    Correspondents,
    Json,
    Received,
    each_of,
    items_of,
    moment_of,
    read_alone,
)
from bot.channels.whatsapp.status_reader import parse_number, read_status
from bot.channels.whatsapp.template_notice import (
    TemplateNotice,
    from_category,
    from_post,
    from_quality,
)

_WISHES: Mapping[str, AccountName] = {"stop": "mute", "resume": "unmute"}
_TEMPLATES: Mapping[str, Callable[[Json], TemplateNotice | None]] = {
    "message_template_status_update": from_post,
    "message_template_quality_update": from_quality,
    "template_category_update": from_category,
}
_FIELDS = ("messages", "user_preferences", "user_id_update", *_TEMPLATES)


def is_signed(body: bytes, header: str, app_secret: str) -> bool:
    """Whether these very bytes were signed with the secret of the app; in constant time."""
    right = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    given = header.strip().encode("utf-8", "replace")
    return hmac.compare_digest(given, f"sha256={right}".encode())


def read(
    post: Json,
    number_id: str,
    bell: Callable[[str], AccountName] | None,
    never: Callable[[str], bool],
    account_id: str = "",
    hidden: Callable[[str], str] = str,
) -> Received:
    """All of a post that is for the number with this id, and for its account (empty: any).
    `bell`: what words to a number that only rings are about, for they are dropped here (None: a
    conversation is held). `never`: whether a whole message
    asks for no messages any more. Fields that nobody knows are left. In an id of a message stands
    the number of a person: what is kept of it is `hidden`."""
    received = Received()
    for entry in each_of(received, iter(items_of(post.get("entry")))):
        ours = account_id in ("", str(entry.get("id") or account_id))
        at = moment_of(entry.get("time"))
        for change in each_of(received, iter(items_of(entry.get("changes")))):
            name, value = str(change.get("field")), change.get("value")
            if not isinstance(value, Mapping):
                received.unread += name in _FIELDS
            elif name in ("messages", "user_preferences"):
                metadata = value.get("metadata")
                its = metadata.get("phone_number_id") if isinstance(metadata, Mapping) else None
                if str(its or "") == number_id and name == "messages":
                    _messages(received, value, bell, never, hidden)
                elif str(its or "") == number_id:
                    _preferences(received, value, hidden)
            elif ours and name == "user_id_update":
                _moved_ids(received, value, hidden)
            elif ours and name in _TEMPLATES:
                read_alone(received, partial(_template, received, _TEMPLATES[name], value))
            elif ours:
                read_alone(received, partial(_notice, received, name, value, at))
    return received


def _messages(
    received: Received,
    value: Json,
    bell: Callable[[str], AccountName] | None,
    never: Callable[[str], bool],
    hidden: Callable[[str], str],
) -> None:
    people = Correspondents(items_of(value.get("contacts")))
    for message in each_of(received, iter(items_of(value.get("messages")))):
        read_alone(received, partial(read_message, received, message, people, bell, never, hidden))
    for status in each_of(received, iter(items_of(value.get("statuses")))):
        read_alone(received, partial(_status, received, status, hidden))
    for error in each_of(received, iter(items_of(value.get("errors")))):
        read_alone(received, partial(_error, received, error))


def _moved_ids(received: Received, value: Json, hidden: Callable[[str], str]) -> None:
    for update in items_of(value.get("user_id_update")):
        read_alone(received, partial(_moved_id, received, update, hidden))


def _moved_id(received: Received, update: Json, hidden: Callable[[str], str]) -> None:
    """Ids as `{"user_id": {"previous", "current"}, "wa_id", "timestamp"}`."""
    ids = update["user_id"]
    old, new = str(ids["previous"]), str(ids["current"])
    at, number = str(update.get("timestamp", "")), parse_number(update.get("wa_id"))
    received.arrivals.append(
        Arrival(CHANNEL, hidden(f"moved:{old}:{new}:{at}"), old, Moved(new, number), alias="")
    )


def _error(received: Received, error: Json) -> None:
    received.trouble.append(int(error["code"]))


def _status(received: Received, status: Json, hidden: Callable[[str], str]) -> None:
    if (report := read_status(status)) is not None:
        at = moment_of(status.get("timestamp"))
        received.statuses.append(replace(report, ref=hidden(report.ref), at=at))


def _template(
    received: Received, reading: Callable[[Json], TemplateNotice | None], value: Json
) -> None:
    if (notice := reading(value)) is not None:
        received.templates.append(notice)


def _notice(received: Received, name: str, value: Json, at: float) -> None:
    if (notice := read_notice(name, value, at)) is not None:
        received.account.append(notice)


def _preferences(received: Received, value: Json, hidden: Callable[[str], str]) -> None:
    people = Correspondents(items_of(value.get("contacts")))
    for wish in each_of(received, iter(items_of(value.get("user_preferences")))):
        read_alone(received, partial(_preference, received, wish, people, hidden))


def _preference(
    received: Received, wish: Json, people: Correspondents, hidden: Callable[[str], str]
) -> None:
    """Someone told WhatsApp that we may send nothing unasked, or may again."""
    said = str(wish.get("value"))
    if said not in _WISHES or wish.get("category") != "marketing_messages":
        return
    user, number = people.of({**wish, "from": wish.get("wa_id")})
    address = user or number
    if not address:
        raise ValueError("nobody wishes it")
    moment = moment_of(wish.get("timestamp"))
    event = Account(_WISHES[said], str(moment))
    external_id = hidden(f"wish:{address}:{said}:{moment}")
    received.arrivals.append(Arrival(CHANNEL, external_id, address, event, alias=number))
