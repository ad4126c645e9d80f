"""A tap counts as it was meant on the copy that was tapped: where messages stay as they were, an
older one may show other ticks than there are by now. What somebody did not see is not confirmed."""

from __future__ import annotations

from bot.account_buttons import parse
from bot.channels.button_pages import MOST, PAGE, page_with
from bot.channels.tick_signs import is_same, stood_picked
from bot.turns import account_question
from bot.turns.context import TurnContext
from conversations.engine.events import Tapped
from conversations.guide.channel_limits import CLOSING


def judged(context: TurnContext, tap: Tapped, stood: str) -> Tapped:
    """The tap as it counts. `stood`: what was chosen on the copy, as its button carries it (empty:
    the channel has one copy). A tick that stands by now as it was wanted stays; what closes a
    question counts only on a copy that shows what is chosen by now, else the question comes once
    more."""
    asked = account_question.said_on(context, tap.turn) if stood and tap.turn else None
    if asked is None or is_same(stood, asked.buttons):
        return tap
    if closes(tap.button):
        return Tapped(0, tap.button, tap.seen)  # as a button of an earlier question
    now = next((each.picked for each in asked.buttons if each.id == tap.button), None)
    if now is None or now == stood_picked(stood):
        return tap
    page = page_with(asked.buttons, MOST, tap.button)
    return Tapped(tap.turn, f"{PAGE}{page}", tap.seen)


def closes(button: str) -> bool:
    """Whether a button settles what is chosen."""
    action, _ = parse(button) or ("", [])
    return action == "sure" or button in CLOSING
