"""How long a question had been visible when it was tapped or answered in words, where only the
outbox knows: in Telegram, across restarts and several processes.

Nobody may be locked out for good: clocks leap, and of some messages nobody knows when they went. So
the first tap on a question proves that it is there, and from then on its time runs here too.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conversations.effects import Say
from conversations.events import Said, Tapped
from storage import asked

if TYPE_CHECKING:
    from bot.scene import Scene

_WEIGHTY = re.compile(r"d:(erase:yes|gone|tidy:yes|c|sure)\b")
_DESK_SWITCHES = re.compile(r"d:(c|sure):")
_CONFIRMING = re.compile(r"confirm$|d:sure:")

REMEMBERED = 5000
"""The most questions whose first tap is remembered."""


class FirstTaps:
    """When questions were first tapped, by the monotonic clock of this process."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], float] = {}

    def since(self, person_id: str, question: str) -> float:
        """Milliseconds since a person first tapped a question: 0 the first time."""
        now = time.monotonic()
        first = self._first.setdefault((person_id, question), now)
        if len(self._first) > REMEMBERED:
            del self._first[next(iter(self._first))]
        return (now - first) * 1000


def weighed(say: Say) -> Say:
    """A message of the desk that says of itself which of its buttons are weighty."""
    found = tuple(each.id for each in say.buttons if _WEIGHTY.match(each.id))
    return replace(say, weighty=found) if found and not say.weighty else say


def too_soon(scene: Scene, tap: Tapped) -> bool:
    """Whether a button of the desk was tapped before anybody could read what it is about."""
    heavy = bool(_WEIGHTY.match(tap.button))
    return scene.house.shelf.dwell.too_short(tap.seen, weighty=heavy)


def visible_for(scene: Scene, turn: int, message: str, measured: int) -> int:
    """Milliseconds that the question of a turn, or one in that message of the channel, has been
    visible at least; `measured` by the channel itself."""
    known: list[float] = [measured]
    since = asked.visible_since(scene.connection, scene.person.id, turn, message)
    if since is not None:
        known.append(_milliseconds(since, scene.now))
    known.append(scene.house.taps.since(scene.person.id, str(turn or message)))
    return int(max(known))


def changed_for(scene: Scene, tap: Tapped) -> int | None:
    """Milliseconds that what this button of a screen of switches is about has stood there as it is:
    a switch itself, and every switch for the button that confirms; None: nothing of it changed."""
    state = scene.state
    after_keeping = state is not None and state.kept and state.turn == tap.turn
    if not (_DESK_SWITCHES.match(tap.button) or after_keeping):
        return None
    last = asked.last_change(scene.connection, scene.house.vault, scene.person.id, tap.turn)
    if last is None or (
        not _CONFIRMING.match(tap.button)
        and _picked(last.effect, tap.button) == _picked(last.before, tap.button)
    ):
        return None
    shown = 0.0 if last.at is None else _milliseconds(last.at, scene.now)
    return int(max(shown, scene.house.taps.since(scene.person.id, f"change {last.id}")))


def _picked(effect: dict[str, Any], button: str) -> bool:
    return any(each.get("picked") for each in effect.get("buttons", ()) if each["id"] == button)


def under_way(scene: Scene, said: Said, turn: int) -> bool:
    """Whether words were written before the question of this turn was sent: no message of it was
    confirmed, or (in Telegram, where the ids of a chat rise) all are newer."""
    sent = asked.confirmed(scene.connection, scene.person.id, turn)
    if scene.person.channel != "telegram" or not said.ref.isdecimal():
        return not sent
    first = (int(ref.rpartition(",")[2]) for ref in sent if ref)
    return not any(message < int(said.ref) for message in first)


def _milliseconds(since: datetime, now: datetime) -> float:
    """Nothing when a clock was put back in between."""
    return max(0.0, (now - since).total_seconds() * 1000)
