"""How many people are in the middle of a guide, by version."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from storage.engine.transaction import Reads
from storage.people.states import CONVERSATION, loaded

_AT_ONCE = 500


def running(reads: Reads, guide: str) -> Counter[str]:
    """The open conversations with a guide, by its fingerprint: they finish on the version that they
    began with. Each is unsealed, for nothing in the clear says where somebody is."""
    people = list(reads.execute(select(CONVERSATION.c.person_id)).scalars())
    found: Counter[str] = Counter()
    for place in range(0, len(people), _AT_ONCE):
        for state in loaded(reads, people[place : place + _AT_ONCE]).values():
            if state.open and state.guide == guide:
                found[state.fingerprint] += 1
    return found
