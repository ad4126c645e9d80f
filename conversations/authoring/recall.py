"""A version of a guide that was recalled: who is telling hears so, is asked nothing more of it, and
may still keep or wipe what was told."""

from __future__ import annotations

from conversations.engine.effects import Effect, Say
from conversations.engine.state import State
from conversations.engine.turn import Turn
from conversations.guide.model import Guide, fill_slots

_HEARD = "recalled"
"""The fact that this conversation knows of it."""


def close_early(
    guide: Guide, state: State, effects: tuple[Effect, ...]
) -> tuple[State, tuple[Effect, ...]]:
    """After a step in a recalled version: the card instead of the next question, once. Without a
    story there is nothing to keep, and the conversation ends."""
    if state.mode != "asking" or state.kept or _HEARD in state.facts:
        return state, effects
    turn = Turn(guide, state.but(facts={**state.facts, _HEARD: "yes"}))
    turn.phrase("guide_withdrawn" if state.draft else "guide_withdrawn_untold")
    order = list(guide.steps)
    card = next(each.id for each in guide.steps.values() if each.kind == "review")
    if not state.draft:
        turn.end(guide.steps[guide.not_kept])
    elif order.index(state.at) < order.index(card):
        turn.advance(card)
    else:
        return turn.state, (*turn.effects, *effects)
    leads = _leading(guide, state)
    said = tuple(
        each
        for each in effects
        if not (isinstance(each, Say) and (each.turn or each.text in leads))
    )
    return turn.state, (*said, *turn.effects)


def _leading(guide: Guide, state: State) -> frozenset[str]:
    """Whatever leads to a question that is not asked any more: what a guide says on the way, and
    that one goes back to it."""
    found = {guide.phrase(each, state.facts) for each in ("old_button", "back_done")}
    for each in guide.steps.values():
        if each.kind == "say" and not each.end:
            found.add(guide.say(each, state.facts))
        replies = [option.reply for option in (*each.options, *([each.skip] if each.skip else []))]
        found |= {fill_slots(reply, state.facts) for reply in replies if reply}
    return frozenset(found)
