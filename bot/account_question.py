"""What an account command asks: it stands alone until it is answered. Until then typed words and
taps are for it, and the question that was open before waits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.wire import effect_from_json
from conversations.effects import Button, Control, Say, Tick
from conversations.events import Aside
from storage import asked, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.scene import Scene

_LEADS_BACK = re.compile(r"d:(erase:no|tidy:no|stay|on\b)")


def ask(
    scene: Scene,
    key: str,
    buttons: Sequence[Button] = (),
    control: Control | None = None,
    **slots: str,
) -> None:
    """Ask this, on a turn of its own. Whoever has a conversation open can also go back to it."""
    say_alone(scene, Say(scene.words(key, **slots), tuple(buttons), control=control))


def say_alone(scene: Scene, question: Say) -> None:
    """Ask a question that is in words already."""
    buttons = question.buttons
    if scene.state is not None:
        scene.take(Aside())
    if scene.state is not None and scene.state.open:
        turn = scene.state.turn - 1
        if not any(_LEADS_BACK.match(each.id) for each in buttons):
            buttons = (*buttons, Button("d:on", scene.words("button.continue")))
    elif scene.state is not None:
        turn = scene.state.turn - 1
    else:
        turn = max(int(scene.now.timestamp()), last_turn(scene)) + 1
    _stand(scene, Say(question.text, buttons, turn, question.control))


def standing(scene: Scene) -> Say | None:
    """The account question that waits for an answer."""
    if not scene.person.prefs.get("stands"):
        return None
    question = said_on(scene, last_turn(scene))
    if question is None:  # it told of a story that is gone
        drop(scene)
    return question


def must_be_answered(scene: Scene) -> bool:
    """Whether what stands would erase something: nothing else begins before that is decided."""
    question = standing(scene)
    return question is not None and bool(question.weighty)


def said_on(scene: Scene, turn: int) -> Say | None:
    """What was asked on a turn, if that is still known, with the ticks as they stand by now."""
    place = scene.connection, scene.house.vault, scene.person.id, turn
    found = outbox.asked(*place)
    said = effect_from_json("say", found[0]) if found else None
    if not isinstance(said, Say):
        return None
    change = asked.last_change(*place)
    tick = effect_from_json("tick", change.effect) if change else None
    return replace(said, buttons=tick.buttons) if isinstance(tick, Tick) else said


def again(scene: Scene, question: Say) -> None:
    """The question that stands once more; every copy of it counts."""
    _stand(scene, question)


def stay(scene: Scene) -> None:
    """It stands as it was: only something about it changed."""
    scene.prefer(stands=True)
    scene.asks = True


def drop(scene: Scene) -> None:
    """It is answered, or left."""
    if scene.person.prefs.get("stands"):
        scene.prefer(stands=None)


def last_turn(scene: Scene) -> int:
    """The turn of the account question that was asked last."""
    return int(scene.person.prefs.get("asked", 0))


def _stand(scene: Scene, question: Say) -> None:
    scene.prefer(asked=question.turn, stands=True)
    scene.asks = True
    with scene.about():
        scene.put(question)
