"""Invariants of consent: nothing is kept that was not shown and agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.engine.attachments import ATTACHED, gate, kinds
from conversations.engine.card import card, telling
from conversations.engine.clues import open_clues
from conversations.engine.effects import Effect, Keep, Record, Say, Withdraw
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.switches import offered
from conversations.guide.model import Guide

_AGREEING = ("consent", "switches")


def agreed(
    guide: Guide, old: State, new: State, effects: tuple[Effect, ...]
) -> Iterator[tuple[str, str]]:
    """What one step breaks, as a code and a sentence."""
    at = guide.steps[old.at]
    asked = at.purpose if old.mode == "asking" and at.kind == "consent" else None
    switching = old.mode == "asking" and at.kind == "switches"
    keeps = [effect for effect in effects if isinstance(effect, Keep)]
    records = [effect for effect in effects if isinstance(effect, Record)]
    withdrawn = any(isinstance(effect, Withdraw) for effect in effects)
    for keep in keeps:
        yield from _kept(guide, old, keep, records if asked == "keep" else ())
    beside = [each for each in records if not (each.purpose in ATTACHED and keeps)]
    for record in beside:
        if record.purpose != asked and not (asked and record.answer == "no") and not switching:
            yield "consent", "A consent is recorded that was not asked."
    if not old.kept and any(each.purpose != "keep" for each in beside):
        yield "consent", "A consent is recorded for a story that is not kept."
    if new.kept != (bool(keeps) or (old.kept and not withdrawn)):
        yield "kept", "What the state says is kept, and what is kept, differ."
    yield from _agrees(guide, old, new, records)
    if new.open and new.consents and _changed(guide, old, new):
        yield "consent", "The story changes, and what was agreed about it stays."
    if new.open and guide.steps[new.at].kind in _AGREEING and gate(new):
        yield "unchecked", "Consent is asked before everything was checked."
    if new.open and _at_card(guide, new):
        yield from _card_seen(guide, old, new, effects)
    if records and switching:
        yield from _switched(guide, old, records)
    elif records and asked != "keep":
        yield from _rungs(guide, old, new, records)
    if new.open and guide.steps[new.at].kind == "switches":
        yield from _switches(guide, old, new)


def _kept(
    guide: Guide, old: State, keep: Keep, records: Sequence[Record]
) -> Iterator[tuple[str, str]]:
    """What is kept is what was shown, with a yes in the words of the question."""
    yes = Record("keep", "yes", guide.say(guide.steps[old.at], old.facts))
    if not records or records[0] != yes:
        yield "consent", "A story is kept without a yes to keeping, recorded before."
    words = keep.telling.text or any(part["blob"] for part in keep.telling.parts)
    if keep.telling != telling(guide, old) or not words:
        yield "consent", "Another story is kept than the one that was shown."
    yield from _attachments(old, records)


def _agrees(
    guide: Guide, old: State, new: State, records: Sequence[Record]
) -> Iterator[tuple[str, str]]:
    """What the state says of consents agrees with the answers, and with what is recorded."""
    given = {purpose for purpose, said in new.consents.items() if old.consents.get(purpose) != said}
    if given - {record.purpose for record in records}:
        yield "consent", "The state holds a consent that was not recorded."
    if new.open and new.kept and new.consents.get("keep", "yes") != "yes":
        yield "kept", "A story is kept after a no."
    ended = old.open and not new.open and guide.steps[new.at].end
    if ended and new.kept and guide.steps[old.at].kind not in _AGREEING:
        yield "kept", "A story stays kept after an end that no consent led to."
    if not new.kept and new.consents.get("keep") == "yes":
        yield "kept", "There is a yes to keeping, and nothing is kept."


def _attachments(old: State, records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """A recording or picture is kept with a yes of its own, in the words that were shown."""
    given = {record.purpose: record for record in records if record.purpose in ATTACHED}
    for kind in kinds(old):
        if given.get(kind) != Record(kind, "yes", old.agreed.get(kind, "")) or gate(old):
            yield "attached", f"A {kind} is kept without a consent of its own."
    if set(given) != set(kinds(old)):
        yield "attached", "A consent is recorded for something that is not there."


def _card_seen(
    guide: Guide, old: State, new: State, effects: tuple[Effect, ...]
) -> Iterator[tuple[str, str]]:
    """At the card and beyond, the card that was shown last is the story as it is."""
    now = card(guide, new)
    shown = any(
        isinstance(effect, Say) and effect.control and effect.control.card == now
        for effect in effects
    )
    if not shown and not (_at_card(guide, old) and card(guide, old) == now):
        yield "card", "The story is not the one on the card that was shown."


def _at_card(guide: Guide, state: State) -> bool:
    """Whether the card was shown, with nothing to decide before it."""
    shown = guide.steps[state.at].kind in ("review", *_AGREEING)
    return shown and not gate(state) and not open_clues(state)


def _switches(guide: Guide, old: State, new: State) -> Iterator[tuple[str, str]]:
    """Switches are off at first, go on one by one, and none is on that needs another one."""
    ids = {option.id for option in offered(guide, new, guide.steps[new.at])}
    here = old.at == new.at
    on, before = set(new.picked), set(old.picked) if here else set()
    if not on <= ids:
        yield "switches", "A switch is on that is not on the screen."
    if len(on - before) > here:
        yield "switches", "A switch is on that nobody touched."
    if (on & {"network", "quote", "coordinator"}) and "team" not in on:
        yield "switches", "A switch is on without the team."
    if "coordinator" in on and on & {"network", "quote"}:
        yield "switches", "Others may read what the team may not."
    if ids & {"team", "network", "quote", "coordinator"} and not telling(guide, new).team:
        yield "switches", "Someone without a team is asked about it."
    if not new.kept:
        yield "switches", "Switches are asked about a story that is not kept."


def _switched(guide: Guide, old: State, records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """Confirming records an answer to every switch, as it stood, in the words on the screen."""
    step = guide.steps[old.at]
    ids = {option.id for option in offered(guide, old, step)}
    given = {record.purpose: record.answer for record in records}
    wanted = {each: "yes" if each in old.picked else "no" for each in ids - {"coordinator"}}
    if "coordinator" in old.picked:
        wanted["team"] = "coordinator"
    if given != wanted:
        yield "switches", "What is recorded is not what the switches say."
    told = telling(guide, old).sentence
    quoted = [record for record in records if record.purpose == "quote"]
    if any(not told or told not in record.shown for record in quoted):
        yield "quote", "Quotation is agreed to without the sentence that it is about."
    screen = prompt(guide, old).text
    for record in records:
        if any(part not in screen for part in record.shown.split("\n\n")):
            yield "switches", "What is recorded was not on the screen."


def _rungs(
    guide: Guide, old: State, new: State, records: Sequence[Record]
) -> Iterator[tuple[str, str]]:
    """A rung that is passed by does not keep an earlier yes."""
    order = [step for step in guide.steps.values() if step.kind == "consent"]
    names = [step.id for step in order]
    if old.at not in names:
        return
    place = names.index(new.at) if new.at in names else len(names)
    for passed in order[names.index(old.at) + 1 : place]:
        given = new.consents.get(passed.purpose or "", "no")
        refused = any(record.purpose == passed.purpose for record in records)
        if given != "no" or (old.consents.get(passed.purpose or "") == "yes" and not refused):
            yield "rungs", f"A yes to {passed.purpose} stays after it was passed by."


def _changed(guide: Guide, old: State, new: State) -> bool:
    """Whether the story changes, or what is said about it on the card."""
    return old.draft != new.draft or (
        old.answers is not new.answers
        and any(
            _given(old, name) != _given(new, name)
            for name in new.answers
            if guide.steps[name].short
        )
    )


def _given(state: State, name: str) -> object:
    answer = state.answers.get(name)
    return answer and (answer.options, answer.text, answer.shares)
