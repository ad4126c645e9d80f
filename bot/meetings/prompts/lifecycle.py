"""The state machine of a prompt: its states and transitions, and several prompts bundled into one.

Pure. A person's act never fails: where it has nothing to change, the state stays. A machine's act
out of order raises, because it would mean that something is sent twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.meetings.model.meeting import PromptKind
from bot.meetings.prompts.schedule import PromptRules, zone_of

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
(429, connection refused). `lost`: no answer, or a crash while sending."""

Person = Literal["now", "snooze", "decline", "told"]
"""`told`: the story came without the prompt. "Never again" is a `decline` of every prompt."""

Plan = Literal["bundle", "unbundle", "cancel", "plan"]
"""`plan`: a cancelled meeting goes on after all, or a moved one has a new time."""

Event = Machine | Person | Plan

_MACHINE: Mapping[Event, Mapping[PromptState, PromptState]] = {
    "claim": {"planned": "claimed", "snoozed": "claimed"},
    "release": {"claimed": "planned"},
    "send": {"claimed": "sending"},
    "later": {"sending": "planned"},
    "sent": {"sending": "sent"},
    "lost": {"sending": "uncertain"},
    "refused": {"sending": "failed"},
    "expire": {"planned": "expired", "snoozed": "expired", "bundled": "expired"},
}

_UNSENT: tuple[PromptState, ...] = ("planned", "claimed", "snoozed", "bundled")
_WITH_THE_PERSON: tuple[PromptState, ...] = ("sending", "sent", "uncertain")
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
    end and `due` the moment of the prompt, both aware; `tz` is the zone of the meeting."""

    id: str
    person: str
    meeting: str
    kind: PromptKind
    ended: datetime
    due: datetime
    tz: str
    state: PromptState = "planned"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One message, sent when `carrier` is due; the others become "bundled" in it."""

    carrier: Prompt
    others: tuple[Prompt, ...] = ()


def bundle(prompts: Iterable[Prompt], rules: PromptRules) -> tuple[Bundle, ...]:
    """The messages that waiting prompts become, in the order in which they are due.

    Per person, prompts about meetings of one day and prompts due on one day become one message,
    sent when the last of them is due. A follow-up joins only follow-ups. A snoozed prompt is not
    among them: its person chose the time. Pass bundled prompts in again when plans have changed.
    """
    waiting = [[prompt] for prompt in prompts if prompt.state in ("planned", "bundled")]
    met = _join(waiting, lambda last: (last.kind, _day(last.ended, last, rules)))
    asked = _join(met, lambda last: (last.kind == "follow_up", _day(last.due, last, rules)))
    bundles = [Bundle(group[-1], tuple(group[:-1])) for group in asked]
    return tuple(sorted(bundles, key=lambda made: _order(made.carrier)))


def _join(
    groups: Iterable[list[Prompt]], key: Callable[[Prompt], tuple[object, ...]]
) -> list[list[Prompt]]:
    """Groups of one person whose last prompts share a key, put together in order of due time."""
    joined: defaultdict[tuple[object, ...], list[Prompt]] = defaultdict(list)
    for group in groups:
        last = group[-1]
        joined[(last.person, *key(last))] += group
    return [sorted(group, key=_order) for group in joined.values()]


def _day(moment: datetime, prompt: Prompt, rules: PromptRules) -> date:
    return moment.astimezone(zone_of(prompt.tz, rules)).date()


def _order(prompt: Prompt) -> tuple[datetime, str]:
    return prompt.due, prompt.id
