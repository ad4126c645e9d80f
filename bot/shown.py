"""What a chat still shows: other words in it for those that the teller replaced, and the offer to
clear it once the story is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import account_question
from bot.channels.base import Clear, Echo
from conversations.clues import reworded
from conversations.effects import Button, Reword
from conversations.state import State
from storage import shown

if TYPE_CHECKING:
    from bot.scene import Scene

CAN_BE_CLEARED = {"telegram", "web"}
YOUNG_ENOUGH = timedelta(hours=48)
"""Telegram deletes no message that is older."""
AT_ONCE = 100
"""Messages that Telegram deletes in one call."""


def reword(scene: Scene, effect: Reword, before: State | None) -> None:
    """Put other words wherever the replaced ones were shown; an open page hears of its own."""
    pairs = dict(effect.pairs)
    shown.reword(
        scene.connection, scene.house.vault, scene.person.id, lambda each: _other(each, pairs)
    )
    scene.scrub = True
    if scene.person.channel != "web" or before is None or scene.state is None:
        return
    old, new = _typed(before), _typed(scene.state)
    scene.put(*(Echo(text, ref) for ref, text in new.items() if old.get(ref, text) != text))


def offer(scene: Scene) -> None:
    """After a story was kept, and nothing more is to be told: shall this conversation go from the
    chat?"""
    if scene.state is None or scene.person.channel not in CAN_BE_CLEARED:
        return
    turn, heard = scene.state.turn, scene.state.heard
    scene.prefer(heard=[*scene.person.prefs.get("heard", ()), *heard])
    buttons = tuple(
        Button(f"d:tidy:{name}:{turn}", scene.words(f"tidy_offer.{name}")) for name in ("yes", "no")
    )
    account_question.ask(scene, "tidy_offer", buttons)


def answered(scene: Scene, answer: str, turn: int) -> None:
    """What was shown up to the offer of that turn goes, or stays."""
    heard = scene.person.prefs.get("heard", ())
    scene.prefer(heard=None)
    if answer != "yes":
        scene.phrase("tidy_kept")
        return
    person, vault = scene.person, scene.house.vault
    since, mine = scene.now - YOUNG_ENOUGH, f"d:tidy:yes:{turn}"

    def offered(effect: dict[str, Any]) -> bool:
        return any(button["id"] == mine for button in effect.get("buttons", ()))

    refs = [*heard, *shown.clear(scene.connection, vault, person.id, offered, since)]
    scene.scrub = scene.cleared = True
    if person.channel == "web":
        scene.phrase("tidy_done_here")
        return
    scene.put(*(Clear(tuple(refs[n : n + AT_ONCE])) for n in range(0, len(refs), AT_ONCE)))
    scene.phrase("tidy_done")


def _other(effect: dict[str, Any], pairs: Mapping[str, str]) -> dict[str, Any]:
    """An effect with other words; the list of what was found is taken off its question."""
    control = effect.get("control") or {}
    if control.get("kind") == "clues":
        effect = {**effect, "text": effect["text"].partition("\n\n")[0]}
        del effect["control"]
    changed: dict[str, Any] = _within(effect, pairs)
    return changed


def _within(data: Any, pairs: Mapping[str, str]) -> Any:
    match data:
        case str():
            return reworded(data, pairs)
        case list():
            return [_within(each, pairs) for each in data]
        case dict():
            return {
                key: value if key in ("id", "ref") else _within(value, pairs)
                for key, value in data.items()
            }
    return data


def _typed(state: State) -> dict[str, str]:
    """Every message of the teller that is (part of) an answer, by its id."""
    said = [(part.ref, part.text) for part in state.draft]
    said += [(given.ref, given.text) for given in state.answers.values()]
    return {ref: text for ref, text in said if ref}
