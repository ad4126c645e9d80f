"""What an error of the Cloud API means: for the message, or for the whole channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.channels.base import (
    TOLD_WITHIN,
    Closed,
    Refused,
    SendError,
    TryLater,
    Uncertain,
    Unreachable,
    Withheld,
)

Cause = Literal["token", "permission", "policy", "account", "payment", "country", "spam"]

MENDS: Mapping[Cause, str] = {
    "token": "make a new token of the system user in Meta Business, and put it in [whatsapp] token",
    "permission": "give the system user the right whatsapp_business_messaging for this number",
    "policy": "read the notice in WhatsApp Manager, mend what it names and ask for a review",
    "account": "open WhatsApp Manager: the account or number is locked, restricted or unregistered",
    "payment": "open Billing in WhatsApp Manager: a way to pay is missing or was refused",
    "country": "this business may not write to that country: see WhatsApp Manager",
    "spam": "too many people blocked or reported the number: send less, and see its quality rating",
}

_CAUSES: Mapping[int, Cause] = {
    190: "token",
    0: "token",
    3: "permission",
    10: "permission",
    368: "policy",
    131031: "account",
    131042: "payment",
    131045: "account",
    130497: "country",
    131048: "spam",
}

_THROTTLED = frozenset({4, 80007, 130429, 131056, 133016})
_PASSING = frozenset({1, 2, 131000, 131016, 131057, 131052, 131053})
_WITHHELD = frozenset({131049, 130472})

PAIR = 131056
"""Too many messages to one person."""
STOPPED_MARKETING = 131050
"""The person wants nothing unasked."""

PATIENCE = TOLD_WITHIN.total_seconds()
"""Seconds in which a status may still tell what became of a message, before it goes again."""
_SOON = 60.0
_PAUSE = 4.0
"""Seconds of the first pause for one person; every time four times as long."""


class Halted(TryLater):
    """A person must mend something before anything goes: the rows are kept."""

    def __init__(self, code: int, cause: Cause) -> None:
        super().__init__(f"{code} from the Cloud API: {cause}", calmly=True)
        self.code = code
        self.cause = cause


class OptedOut(Unreachable):
    """The person stopped messages that come unasked; answers still go."""


def cause_of(code: int) -> Cause | None:
    """Why the whole channel must stop; None when it need not."""
    if 200 <= code <= 299:
        return "permission"
    return _CAUSES.get(code)


def error_of(code: int, *, status: int = 0, tries: int = 0) -> SendError:
    """What the outbox does about a code (-1: there was none). `status` is that of HTTP, `tries` how
    often the message was tried before. Codes only: the words of an error may hold a number."""
    said = f"{code} from the Cloud API"
    if code == -1 and status in (401, 403):
        code = 190
    if (cause := cause_of(code)) is not None and (code or status in (400, 401, 403)):
        return Halted(code, cause)
    if code == PAIR:
        return TryLater(said, min(_PAUSE * 4.0**tries, PATIENCE))
    if status >= 500:  # a gateway may answer so for what was taken
        return Uncertain(f"{status} from the Cloud API", _SOON)
    if status == 429 or code in _THROTTLED or code in _PASSING:
        return TryLater(said)
    if code in (131047, 470):
        return Closed(said)
    if code == STOPPED_MARKETING:
        return OptedOut(said)
    if code == 131026:
        return Unreachable(said)
    if code in _WITHHELD:
        return Withheld(f"{said}: withheld")
    return Refused(said)
