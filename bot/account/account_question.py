"""What an account command asks: it stands alone until it is answered. Until then typed words and
taps are for it, and the question that was open before waits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.codec import effect_from_json
from conversations.engine.effects import Button, Control, Say
from conversations.engine.events import Aside
from storage.outbox import outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.turns.context import TurnContext

_LEADS_BACK = re.compile(r"d:(erase:no|tidy:no|stay|on\b)")


def ask(
    context: TurnContext,
    key: str,
    buttons: Sequence[Button] = (),
    control: Control | None = None,
    **slots: str,
) -> None:
    """Ask this, on a turn of its own. Whoever has a conversation open can also go back to it."""
    say_alone(context, Say(context.words(key, **slots), tuple(buttons), control=control))


def say_alone(context: TurnContext, question: Say) -> None:
    """Ask a question that is in words already."""
    buttons = question.buttons
    if context.state is not None:
        context.take(Aside())
    if context.state is not None and context.state.open:
        turn = context.state.turn - 1
        if not any(_LEADS_BACK.match(each.id) for each in buttons):
            buttons = (*buttons, Button("d:on", context.words("button.continue")))
    elif context.state is not None:
        turn = context.state.turn - 1
    else:
        turn = max(int(context.now.timestamp()), last_turn(context)) + 1
    _stand(context, Say(question.text, buttons, turn, question.control))


def standing(context: TurnContext) -> Say | None:
    """The account question that waits for an answer."""
    if not context.person.prefs.get("stands"):
        return None
    question = said_on(context, last_turn(context))
    if question is None:  # it told of a story that is gone
        drop(context)
    return question


def must_be_answered(context: TurnContext) -> bool:
    """Whether what stands would erase something: nothing else begins before that is decided."""
    question = standing(context)
    return question is not None and bool(question.weighty)


def said_on(context: TurnContext, turn: int) -> Say | None:
    """What was asked on a turn, if that is still known."""
    found = outbox.asked(context.connection, context.services.vault, context.person.id, turn)
    said = effect_from_json("say", found[0]) if found else None
    return said if isinstance(said, Say) else None


def again(context: TurnContext, question: Say) -> None:
    """The question that stands once more; every copy of it counts."""
    _stand(context, question)


def drop(context: TurnContext) -> None:
    """It is answered, or left."""
    if context.person.prefs.get("stands"):
        context.prefer(stands=None)


def last_turn(context: TurnContext) -> int:
    """The turn of the account question that was asked last."""
    return int(context.person.prefs.get("asked", 0))


def _stand(context: TurnContext, question: Say) -> None:
    context.prefer(asked=question.turn, stands=True)
    context.asks = True
    with context.about():
        context.put(question)
