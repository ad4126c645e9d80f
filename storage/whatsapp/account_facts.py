"""What Meta told about the account last: to how many new people a day it may write, what it warns
of, what stopped it. Each fact with the moment at which it was told, so that an older post changes
nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from storage import meta
from storage.bells import rings
from storage.engine.transaction import Reads, Transaction
from storage.whatsapp.contacts import CHANNEL

STARTING = 250
"""With so many new people a day an account may begin a talk, until Meta tells more."""
UNLIMITED = -1
_KEY = "whatsapp:account"
STOP = "stop"
"""The fact of the code with which the channel stands still."""
_NAMES = ("limit", "quality", "ban", "violation", STOP)


class AccountFact(NamedTuple):
    """What was told, and when."""

    value: str
    at: datetime


def known(reads: Reads) -> dict[str, AccountFact]:
    """By name, what holds; what is over is left out."""
    return {name: each for name, each in _stored(reads).items() if each.value}


def stop(reads: Reads) -> AccountFact | None:
    """The code with which the channel was stopped last, empty once that is over; None: never."""
    return _stored(reads).get(STOP)


def note(connection: Transaction, facts: Mapping[str, str], at: datetime, now: datetime) -> bool:
    """Keep what was told at a moment, as far as nothing newer is known. Whatever waits for another
    number of people a day finds its moment anew. Whether anything changed."""
    meta.hold(connection, f"budget:{CHANNEL}")
    stored = _stored(connection)
    news = {
        name: AccountFact(value, at)
        for name, value in facts.items()
        if name in _NAMES and (name not in stored or stored[name].at <= at)
    }
    changed = any(name not in stored or stored[name].value != news[name].value for name in news)
    if not news:
        return False
    whole = {name: [each.value, each.at.isoformat()] for name, each in (stored | news).items()}
    meta.put(connection, _KEY, json.dumps(whole))
    if "limit" in news and stored.get("limit", ("",))[0] != news["limit"].value:
        rings.look_again(connection, CHANNEL, now)
    return changed


def new_people(reads: Reads, configured: int) -> int | None:
    """With how many new people a day a talk may begin: what Meta told, and no more than is
    `configured` (0: whatever Meta allows). None: any number."""
    told = known(reads).get("limit")
    if told is None:
        return configured or STARTING
    allowed = int(told.value)
    if allowed == UNLIMITED:
        return configured or None
    return min(configured, allowed) if configured else allowed


def _stored(reads: Reads) -> dict[str, AccountFact]:
    found = json.loads(meta.get(reads, _KEY) or "{}")
    return {
        name: AccountFact(value, datetime.fromisoformat(at).astimezone(UTC))
        for name, (value, at) in found.items()
    }
