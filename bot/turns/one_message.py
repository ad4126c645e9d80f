"""One message per turn, for a channel that promises no order between two and changes none: what is
said comes together, and other ticks are the question once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.base import Echo
from bot.channels.button_pages import MOST, page_with
from bot.codec import Out
from bot.turns.context import TurnContext
from conversations.engine.effects import Control, Mark, Say, Tick
from storage.stories.rows import SEVERAL


def joined(context: TurnContext, out: Sequence[Out]) -> list[Out]:
    """What was put, with one message for all that is said; it comes last."""
    newest = {each.turn: each for each, _ in out if isinstance(each, Tick)}
    said = [
        (_ticked(context, each) if isinstance(each, Tick) else each, about)
        for each, about in out
        if not isinstance(each, Mark | Echo | Tick)
        or (isinstance(each, Tick) and newest[each.turn] is each)
    ]
    says = [(each, about) for each, about in said if isinstance(each, Say)]
    rest: list[Out] = [each for each in said if not isinstance(each[0], Say)]
    if not says:
        return rest
    abouts = {about for _, about in says if about is not None}
    about = SEVERAL if len(abouts) > 1 else next(iter(abouts), None)
    return [*rest, (_one([each for each, _ in says]), about)]


def _one(says: Sequence[Say]) -> Say:
    """The question among them, or else the last one with buttons, with all that is said above it in
    the order in which it was said."""
    if len(says) == 1:
        return says[0]
    asking = [place for place, each in enumerate(says) if each.turn and each.buttons]
    asking = asking or [place for place, each in enumerate(says) if each.buttons or each.turn]
    place = asking[-1] if asking else len(says) - 1
    question = says[place]
    texts = [each.whole_text for each in (*says[:place], *says[place + 1 :])]
    words = question.progress.words if question.progress else ""
    own = "\n".join(filter(None, (question.text, words)))
    text = "\n\n".join(filter(None, [*texts, own]))
    slots = tuple(dict.fromkeys(name for each in says for name in each.slots))
    files = tuple(dict.fromkeys(file for each in says for file in each.files))
    return question.but(text=text, slots=slots, files=files, progress=None)


def _ticked(context: TurnContext, tick: Tick) -> Say:
    """The same question with what is chosen by now."""
    chosen = ", ".join(each.label for each in tick.buttons if each.picked)
    key = "whatsapp_chosen" if chosen else "whatsapp_none"
    text = context.words(key, chosen=chosen)
    page = page_with(tick.buttons, MOST, context.tapped)
    return Say(text, tick.buttons, tick.turn, Control("choices"), page=page)
