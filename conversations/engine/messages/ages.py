"""An age that is typed where a guide asks whether somebody is old enough ("nee, ik ben 15")."""

from __future__ import annotations

import re

from conversations.engine.intent import only_number, said_no
from conversations.engine.state import State
from conversations.guide.model import Guide, Option, Step

YOUNGEST, OLDEST = 6, 120
"""Another number is no age of somebody who types: "1" may be the first answer."""


def age_button(guide: Guide, state: State, text: str) -> str | None:
    """The button that an age means. Who is too young need not say no as well; a no and an age that
    is old enough contradict each other, and mean nothing."""
    step = guide.steps[state.at]
    if state.mode != "asking" or len(step.options) != 2:
        return None
    young = _forgetting(guide, step)
    if young is None or not (least := least_age(step)):
        return None
    age = only_number(guide, text)
    if age is None or not YOUNGEST <= age <= OLDEST or (age >= least and said_no(guide, text)):
        return None
    old = next(each for each in step.options if each is not young)
    return f"o:{young.id if age < least else old.id}"


def least_age(step: Step) -> int:
    """The one number in a question that stands on one of its buttons too; 0 without one: minutes
    that something takes are no age."""
    labels = " ".join(option.label for option in step.options)
    found = {int(each) for each in re.findall(r"\d+", step.say)}
    found &= {int(each) for each in re.findall(r"\d+", labels)}
    return found.pop() if len(found) == 1 else 0


def _forgetting(guide: Guide, step: Step) -> Option | None:
    """The answer after which everything is forgotten at once."""
    ends = (each for each in step.options if each.goto and guide.steps[each.goto].erase)
    return next(ends, None)
