"""The places a teller can choose from, and what of them is known without asking."""

from __future__ import annotations

from conversations.engine.intent import plain
from conversations.engine.state import Answer, State
from conversations.guide.model import Guide, Option, Step


def choices(guide: Guide, state: State, step: Step) -> tuple[Option, ...]:
    """The options of a question, also where only the bot's places know them."""
    if step.fill is None:
        return step.options
    town = state.answers.get("municipality", Answer()).options
    town_id = town[0] if town else state.facts.get("municipality_id", "")
    return guide.places.options(step.fill, town_id)


def places_like(guide: Guide, state: State, step: Step, text: str) -> tuple[Option, ...]:
    """The places whose name begins with a text, or else has it somewhere; an exact one alone."""
    said = _squeezed(text)
    names = [(_squeezed(option.label), option) for option in choices(guide, state, step)]
    exact = [option for name, option in names if name == said]
    begins = [option for name, option in names if name.startswith(said)]
    within = [option for name, option in names if said in name]
    return tuple(exact or begins or within) if said else ()


def _squeezed(name: str) -> str:
    """`Bergen-op-Zoom` and `bergen op zoom` alike."""
    return plain(name).replace("-", "").replace(" ", "")


def known_place(guide: Guide, state: State, step: Step) -> Answer | None:
    """The answer to a question about a place that need not be asked: the invitation said it, or
    there is nothing to choose."""
    if step.fill is None:
        return None
    facts, answers = state.facts, state.answers
    town = answers.get("municipality", Answer()).options
    moved = step.fill == "team" and town not in ((), (facts.get("municipality_id", *town),))
    fact = None if moved else facts.get(f"{step.fill}_id")
    only = choices(guide, state, step)
    if fact:
        known = Answer(options=(fact,), labels=(facts.get(f"{step.fill}_name", fact),))
    elif not only:
        known = Answer()
    elif len(only) == 1 and step.fill == "team":
        known = Answer(options=(only[0].id,), labels=(only[0].label,))
    else:
        return None
    return answers.get(step.id, known)
