"""The places a teller can choose from, and what of them is known without asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from conversations.engine.intent import plain
from conversations.engine.state import Answer, State
from conversations.guide.model import Guide, Option, Step

WHOLE_TOWN = "+"
"""Ends the id of the option that names a municipality and none of its teams."""


def choices(guide: Guide, state: State, step: Step) -> tuple[Option, ...]:
    """The options of a question, also where only the bot's places know them. Where the team is the
    next question, a municipality is chosen together with it."""
    if step.fill is None:
        return step.options
    if team_beside(guide, step):
        return tuple(each.option for each in _pairs(guide))
    town = state.answers.get("municipality", Answer()).options
    town_id = town[0] if town else state.facts.get("municipality_id", "")
    return guide.places.options(step.fill, town_id)


def team_beside(guide: Guide, step: Step) -> Step | None:
    """The question about the team that is asked on the same screen as this municipality."""
    following = guide.steps.get(step.next or "") if step.fill == "municipality" else None
    return following if following and following.fill == "team" else None


def places_chosen(guide: Guide, option_id: str) -> tuple[Answer, Answer | None]:
    """The municipality and the team that a button means; None: the team is still to be asked."""
    for each in _pairs(guide):
        if each.option.id == option_id:
            town, team = each.town, each.team
            chosen = Answer(options=(team.id,), labels=(team.label,)) if team else Answer()
            return Answer(options=(town.id,), labels=(town.label,)), chosen
    town = next(each.option for each in guide.places.towns if each.option.id == option_id)
    return Answer(options=(town.id,), labels=(town.label,)), None


def follow_merge(guide: Guide, state: State, moved: Mapping[str, Mapping[str, str]]) -> State:
    """The state with the team that takes the stories of the one it names, by what is known of it
    (`moved`, by the id of each that was merged). Once the card was shown nothing moves: its teller
    saw to whom it goes."""
    if not moved or state.carded or state.kept:
        return state
    known = moved.get(state.facts.get("team_id", ""))
    if known:
        state = state.but(facts={**state.facts, **known})
    answers = dict(state.answers)
    for step in guide.steps.values():
        given = answers.get(step.id) if step.fill == "team" else None
        now = moved.get(given.options[0]) if given and given.options else None
        if now:
            for each in guide.steps.values():
                if each.fill and not answers.get(each.id, Answer()).skipped:
                    place, label = now[f"{each.fill}_id"], now[f"{each.fill}_name"]
                    answers[each.id] = Answer(options=(place,), labels=(label,))
            state = state.but(answers=answers)
    return state


def place_label(town: Answer, team: Answer | None) -> str:
    """What was chosen, in words."""
    names = [*(team.labels if team else ()), *town.labels]
    return f"{names[0]} ({names[1]})" if len(names) > 1 else names[0]


class _Pair(NamedTuple):
    """An option of the one question about a municipality and its team."""

    option: Option
    town: Option
    team: Option | None


def _pairs(guide: Guide) -> Iterator[_Pair]:
    for town in guide.places.towns:
        name = town.option.label
        for team in town.teams:
            yield _Pair(Option(team.id, f"{team.label} ({name})"), town.option, team)
        if not town.teams:
            yield _Pair(town.option, town.option, None)
        elif len(town.teams) > 1:
            label = guide.phrase("place_no_team", {"municipality": name})
            yield _Pair(Option(f"{town.option.id}{WHOLE_TOWN}", label), town.option, None)


def places_like(guide: Guide, state: State, step: Step, text: str) -> tuple[Option, ...]:
    """The places whose name begins with a text, or else has it somewhere; an exact one alone."""
    said = _squeezed(text)
    if team_beside(guide, step):
        return _pairs_like(guide, said) if said else ()
    names = [(_squeezed(option.label), option) for option in choices(guide, state, step)]
    exact = [option for name, option in names if name == said]
    begins = [option for name, option in names if name.startswith(said)]
    within = [option for name, option in names if said in name]
    return tuple(exact or begins or within) if said else ()


def _pairs_like(guide: Guide, said: str) -> tuple[Option, ...]:
    """Teams by their own name or that of their municipality, in whichever order both are typed."""
    found = [(each.option, _names(each)) for each in _pairs(guide)]
    exact = [option for option, names in found if said in names]
    begins = [option for option, names in found if any(each.startswith(said) for each in names)]
    within = [option for option, names in found if any(said in each for each in names)]
    return tuple(exact or begins or within)


def _names(pair: _Pair) -> list[str]:
    town = _squeezed(pair.town.label)
    if pair.team is None:
        return [town, _squeezed(pair.option.label)]
    team = _squeezed(pair.team.label)
    return [team, town, team + town, town + team, _squeezed(pair.option.label)]


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
    only = guide.places.towns if step.fill == "municipality" else choices(guide, state, step)
    if fact:
        known = Answer(options=(fact,), labels=(facts.get(f"{step.fill}_name", fact),))
    elif not only:
        known = Answer()
    elif len(only) == 1 and isinstance(only[0], Option):
        known = Answer(options=(only[0].id,), labels=(only[0].label,))
    else:
        return None
    return answers.get(step.id, known)
