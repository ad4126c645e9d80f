"""Switches of consent after keeping: one for every further purpose, all off, and one button that
confirms. What goes further than the team needs the team, and all of the team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from conversations.engine.card import sentence_of, team_of
from conversations.engine.effects import Record
from conversations.engine.state import State
from conversations.engine.way.progress import hangs_on_answered
from conversations.guide.model import Guide, Option, Purpose, Step, fill_slots

NEEDS_TEAM = ("coordinator", "network", "quote")
"""What is there only for a story of a team, and only while the team is switched on."""


def offered(guide: Guide, state: State, step: Step) -> tuple[Option, ...]:
    """The switches of this teller: those of a team only where there is one, and one that hangs on
    a question only where that was answered."""
    has_team = bool(team_of(guide, state))
    sentence = sentence_of(guide, state)
    return tuple(
        quoting(option, sentence)
        for option in step.options
        if (has_team or option.id not in ("team", *NEEDS_TEAM))
        and hangs_on_answered(state, option.when)
    )


def quoting(option: Option, sentence: str) -> Option:
    """A switch that shows the sentence it is about, and no other."""
    return (
        replace(option, say=fill_slots(option.say, {"sentence": sentence})) if sentence else option
    )


def text(guide: Guide, state: State, step: Step) -> str:
    """All that the screen says: what it is about, and each switch with its sentence."""
    switches = (paragraph(option) for option in offered(guide, state, step))
    return "\n\n".join((guide.say(step, state.facts), *switches))


def paragraph(option: Option) -> str:
    """A switch in words: its label, and what it means."""
    return f"– {option.label}\n{option.say}"


def switched(picked: tuple[str, ...], purpose: str) -> tuple[tuple[str, ...], str]:
    """The switches after one of them is tapped, and the sentence that says why it cannot be on
    (empty: it can)."""
    if purpose in picked:
        gone = {purpose, *(NEEDS_TEAM if purpose == "team" else ())}
        return tuple(each for each in picked if each not in gone), ""
    if purpose in NEEDS_TEAM and "team" not in picked:
        return picked, "switches_team_first"
    if purpose in NEEDS_TEAM[1:] and "coordinator" in picked:
        return picked, "switches_coordinator_only"
    wider = NEEDS_TEAM[1:] if purpose == "coordinator" else ()
    return (*(each for each in picked if each not in wider), purpose), ""


def answers(purposes: tuple[str, ...], picked: tuple[str, ...]) -> Iterator[tuple[Purpose, str]]:
    """What is answered to each of these purposes by confirming."""
    for purpose in purposes:
        if purpose == "coordinator":
            continue
        given = "yes" if purpose in picked else "no"
        only = purpose == "team" and "coordinator" in picked and given == "yes"
        yield cast(Purpose, purpose), "coordinator" if only else given


def records(guide: Guide, state: State, step: Step) -> list[Record]:
    """An answer to every purpose on the screen, with the words that were shown of it."""
    options = {option.id: option for option in offered(guide, state, step)}
    about = guide.say(step, state.facts)
    found = []
    for purpose, answer in answers(tuple(options), state.picked):
        shown = [options[purpose], *([options[answer]] if answer == "coordinator" else [])]
        words = "\n\n".join((about, *map(paragraph, shown)))
        found.append(Record(purpose, answer, words))
    return found
