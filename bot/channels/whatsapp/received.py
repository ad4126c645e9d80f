"""What a post of WhatsApp holds, and how each thing in it is read by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Arrival, StatusReport
from bot.channels.whatsapp.account_notice import AccountNotice
from bot.channels.whatsapp.status_reader import parse_number
from bot.channels.whatsapp.template_notice import TemplateNotice

Json = Mapping[str, Any]

CHANNEL = "whatsapp"

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
    account: list[AccountNotice] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)
    unread: int = 0


def items_of(found: object) -> Sequence[Any]:
    return found if isinstance(found, list) else []


def each_of(received: Received, found: Iterator[Any]) -> Iterator[Json]:
    for each in found:
        if isinstance(each, Mapping):
            yield each
        else:
            received.unread += 1


def read_alone(received: Received, reading: Callable[[], object]) -> None:
    """Read one thing; whatever is wrong with it, the others do not wait for it."""
    try:
        reading()
    except Exception:  # its words might be a person's, so not even its kind is logged
        received.unread += 1


class Correspondents:
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


def moment_of(found: object) -> float:
    """Seconds since 1970; some are told in milliseconds. 0 when it is no moment: what was written
    counts all the same."""
    digits = str(found)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return 0.0
    moment = float(digits)
    return moment / 1000 if moment > _MILLISECONDS else moment
