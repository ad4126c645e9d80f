"""The state machine of a prompt: its states and transitions, and several prompts bundled into one.

Pure. A person's act never fails: where it has nothing to change, the state stays. A machine's act
out of order raises, because it would mean that something is sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.meetings.model.meeting import PromptKind

PromptState = Literal[
    "planned",  # waits for its time
    "claimed",  # taken by one replica, with a lease
    "sending",  # the call may go out any moment; committed before it does
    "sent",  # the channel confirmed it
    "uncertain",  # the connection was lost: it may or may not have arrived
    "answered",  # now, or told in another way
    "snoozed",  # this evening or tomorrow, on request
    "declined",  # not this time, or never again
    "bundled",  # asked in the prompt of another meeting
    "expired",  # too late to send; reported
    "cancelled",  # the meeting is off, or the person left
    "failed",  # the channel refused it
]

Machine = Literal["claim", "release", "send", "later", "sent", "lost", "refused", "expire"]
"""`release`: a lease ran out before the call. `later`: the channel said that nothing was executed
(429, connection refused). `lost`: no answer, or a crash while sending. Some channels tell what came
of it long after they took it: that it arrived, or that it certainly did not."""

Person = Literal["now", "snooze", "decline", "told"]
"""`told`: the story came without the prompt. "Never again" is a `decline` of every prompt."""

Plan = Literal["bundle", "unbundle", "cancel", "plan"]
"""`plan`: a cancelled meeting goes on after all, or a moved one has a new time."""

Event = Machine | Person | Plan

_WITH_THE_PERSON: tuple[PromptState, ...] = ("sending", "sent", "uncertain")

_MACHINE: Mapping[Event, Mapping[PromptState, PromptState]] = {
    "claim": {"planned": "claimed", "snoozed": "claimed"},
    "release": {"claimed": "planned"},
    "send": {"claimed": "sending"},
    "later": dict.fromkeys(_WITH_THE_PERSON, "planned"),
    "sent": {"sending": "sent", "uncertain": "sent"},
    "lost": {"sending": "uncertain"},
    "refused": dict.fromkeys(_WITH_THE_PERSON, "failed"),
    "expire": {"planned": "expired", "snoozed": "expired", "bundled": "expired"},
}

_UNSENT: tuple[PromptState, ...] = ("planned", "claimed", "snoozed", "bundled")
_GONE: tuple[PromptState, ...] = ("declined", "expired", "cancelled", "failed")

_OTHERS: Mapping[Event, Mapping[PromptState, PromptState]] = {
    # whoever wants to tell may always tell, also with an old button
    "now": dict.fromkeys((*_UNSENT, *_WITH_THE_PERSON, *_GONE), "answered"),
    "told": dict.fromkeys((*_UNSENT, *_WITH_THE_PERSON, *_GONE), "answered"),
    "snooze": dict.fromkeys((*_WITH_THE_PERSON, "bundled"), "snoozed"),
    "decline": dict.fromkeys((*_UNSENT, *_WITH_THE_PERSON), "declined"),
    "bundle": {"planned": "bundled", "snoozed": "bundled"},
    "unbundle": {"bundled": "planned"},
    "cancel": dict.fromkeys(_UNSENT, "cancelled"),
    "plan": {"cancelled": "planned", "bundled": "planned"},
}


class OutOfOrder(Exception):
    """An act of the machine that this state does not allow; nothing may be sent."""


def transition(state: PromptState, event: Event) -> PromptState:
    """The state after an event. Raises OutOfOrder for an act of the machine out of order."""
    if event in _MACHINE:
        try:
            return _MACHINE[event][state]
        except KeyError:
            raise OutOfOrder(f"{event} is not possible for a prompt that is {state}") from None
    return _OTHERS[event].get(state, state)


def settled(state: PromptState, event: Event) -> PromptState:
    """What the channel's answer makes of a prompt. A tap on its button can come in before that
    answer, and then the tap counts."""
    return state if state in ("answered", "snoozed", "declined") else transition(state, event)


def may_remind(state: PromptState) -> bool:
    """Whether the one reminder may still follow."""
    return state in ("sent", "uncertain")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt of one person about one meeting. `meeting` is the key of the occurrence, `ended` its
    end and `due` the moment of the prompt, both aware."""

    id: str
    person: str
    meeting: str
    kind: PromptKind
    ended: datetime
    due: datetime
    state: PromptState = "planned"
