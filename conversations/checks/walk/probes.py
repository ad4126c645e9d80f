"""Probe events for a state: one of every kind that could matter there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from conversations.engine.events import (
    Asked,
    Command,
    CommandName,
    Due,
    Edited,
    Event,
    LanguageChosen,
    Placed,
    Returned,
    Said,
    Sent,
    SentKind,
    SentProblem,
    Tapped,
    Transcribed,
)
from conversations.engine.questions import prompt
from conversations.engine.state import Answer, Part, State
from conversations.engine.switches import offered
from conversations.engine.way.progress import hangs_on_answered
from conversations.engine.weighty_buttons import weighty
from conversations.guide.condition import Term, parse_condition
from conversations.guide.model import PURPOSES, Guide, Option, Places, Step, Town
from conversations.guide.spans import Span

SEEN = 1000
"""Milliseconds after which every question was visible long enough."""

MARKER = "kwikstaart"
"""A word that no guide has: where it turns up, the words of a teller turned up."""

SENTENCE = f"Op een dag liep daar zomaar een {MARKER} over het plein."
HEAVY = "Ik wil niet meer leven. I want to die."
WORDS = f"{MARKER} {'x' * 100}"
_CLUES = re.compile(rf"{MARKER}|plein")
FACTS = {
    "association": "de associatie",
    "team": "het lokale team",
    "host_team": "het team dat ontving",
    "guest_team": "het team dat kwam",
    "learning_group": "de leergroep",
    "meeting": "de bijeenkomst",
    "retention": "twee jaar",
    "days": "vijf",
    "voice_minutes": "5",
    "attach": "voice photo",
}

_BESIDE = ("continue", "later", "stop", "done", "edit", "decline", "erase", "begin", "stories")


def _town(number: int, teams: int) -> Town:
    return Town(
        Option(f"town{number}", f"Plaats {number}"),
        tuple(Option(f"team{number}-{team}", f"Team {number}-{team}") for team in range(teams)),
    )


FEW = Places((_town(0, 2), _town(1, 1), _town(2, 0)))
MANY = Places(tuple(_town(number, 12 if number == 0 else number % 2) for number in range(12)))
"""More towns, and in one of them more teams, than fit as buttons."""


def two_clues(text: str, _language: str) -> tuple[Span, ...]:
    """Finds two words, one of them in every text that a teller types here."""
    found = _CLUES.finditer(text)
    return tuple(Span(each.start(), each.end(), "PER", "[iemand]") for each in found)


def heavy(text: str, _language: str) -> bool:
    """Hears danger in one text that a teller types here."""
    return HEAVY in text


def probes(guide: Guide, state: State, depth: int) -> Iterator[tuple[Event, bool]]:
    """Events, each with whether a button gave it. With `depth` 2 there is every button and every
    kind of message, with 1 one of all those that cannot lead elsewhere, with 0 only what does not
    lead to an answer alone."""
    turn = state.turn
    seen: set[str] = set()
    for button in prompt(guide, state).buttons:
        like = button.id if depth == 2 else _like(guide, state, button.id)
        if like not in seen:
            seen.add(like)
            yield Tapped(turn, button.id, SEEN), True
    yield Command("stop"), True
    yield Command("back"), False
    for event in _moves(guide, state):
        yield event, False
    if depth > 0:
        yield from ((event, False) for event in _on_card(guide, state, depth == 2))
        for event in (*_besides(guide, state, seen), *_messages(guide, state, depth == 2)):
            yield event, False


def _moves(guide: Guide, state: State) -> Iterator[Event]:
    """What may lead elsewhere."""
    yield Said(SENTENCE, ref="m2")
    yield from (Edited(f"{WORDS} {part.ref}", ref=part.ref) for part in state.draft[:1])
    yield Edited(WORDS, ref="m3")
    if guide.steps[state.at].fill and state.mode == "asking":
        yield from (Said(text) for text in ("plaats 0", "plaats 1", "plaats 2", "team 0-1"))
    if guide.steps[state.at].kind == "tell":
        yield Said(MARKER, ref="m1")
        yield from (Tapped(state.turn, button, SEEN) for button in ("edit", "done", "decline"))
        yield from _attached()
    for part in state.draft:
        if part.status == "waiting":
            yield Transcribed(part.blob, SENTENCE)
            yield Transcribed(part.blob, "", problem="silence")
            yield Transcribed(part.blob, SENTENCE, masked=True)


def _on_card(guide: Guide, state: State, thorough: bool) -> Iterator[Event]:
    """Rows and words that can be tapped on the card itself, and one that nobody could have seen."""
    control = prompt(guide, state).control
    if control is None or control.card is None:
        return
    card = control.card
    rows = [card.text_step, card.name_step, *(row.step for row in card.rows)]
    marks = [*card.name_highlights, *card.highlights, *(h for r in card.rows for h in r.highlights)]
    found = [
        list(dict.fromkeys(f"c:{name}" for name in rows if name)),
        list(dict.fromkeys(f"w:{mark.clue}" for mark in marks)),
    ]
    for ids in found:
        for button in ids if thorough else ids[:1]:
            yield Tapped(state.turn, button, SEEN)
        yield from (Tapped(state.turn, each, guide.dwell.other - 1) for each in ids[:1])


def _attached() -> Iterator[Event]:
    """What can be taken beside text."""
    yield Sent("voice", ref="m4", blob="b1")
    yield Sent("voice", ref="m5", blob="b2", heard=False)
    yield Sent("photo", ref="m6", group="photos", blob="b3")


def _besides(guide: Guide, state: State, seen: set[str]) -> Iterator[Event]:
    """Buttons of fixed sentences, commands, timers, and what comes too late."""
    turn = state.turn
    yield from (Tapped(turn, button, SEEN) for button in _BESIDE if button not in seen)
    yield from _too_early(guide, state, seen)
    yield from (Command(name) for name in get_args(CommandName))
    yield from (LanguageChosen(FACTS), Returned(), Asked())
    yield from (Due("remind", turn), Due("forget", turn), Due("forget", turn - 1))
    yield from (Tapped(turn - 1, "o:yes", SEEN), Tapped(turn, "nothing", SEEN))
    for shares in ((40,), (20, 30, 50)):
        yield from (Placed(turn, shares, SEEN), Placed(turn, shares, guide.dwell.other - 1))
    yield Placed(turn - 1, (40,), SEEN)


def _too_early(guide: Guide, state: State, buttons: set[str]) -> Iterator[Event]:
    """Taps on a question that was hardly visible yet, and words from before it was sent."""
    for button in (*sorted(buttons), *_BESIDE):
        heavy = weighty(guide, state, button)
        yield Tapped(state.turn, button, (guide.dwell.weighty if heavy else guide.dwell.other) - 1)
    for word in ("yes", "no"):
        yield Said(guide.phrase(f"words.{word}").split("|")[0], early=True)


def _messages(guide: Guide, state: State, thorough: bool) -> Iterator[Event]:
    """What people send."""
    yield Said(guide.phrase("words.yes").split("|")[0])
    yield Said(guide.phrase("words.no").split("|")[0])
    yield Said(SENTENCE, ref="m7", forwarded=True)
    yield Said(guide.phrase("words.yes").split("|")[0], ref="m8", forwarded=True)
    yield from (Edited(f"{WORDS} {ref}", ref=ref) for ref, _ in state.refused[:1])
    yield Edited(WORDS, ref="unknown")
    yield Sent("photo", group="album")
    yield Sent("photo", group="photos", blob="b4")
    yield Sent("voice", blob="b5")
    yield Transcribed("unknown", SENTENCE)
    if state.mode == "other":
        yield Said(WORDS, ref="m3")
    if guide.steps[state.at].fill and state.mode == "asking":
        yield from (Said("p"), Said("zzz"))
    if thorough:
        first = not state.path and state.mode == "asking"
        yield from (Sent(kind) for kind in get_args(SentKind))
        for problem in get_args(SentProblem):
            yield from (Sent("voice", problem=problem), Sent("photo", problem=problem))
        yield from (Said(" "), Said(SENTENCE, masked=True), Said("x" * 6100), Said(HEAVY))
        yield from (Said("\u200b\u2060"), Edited(HEAVY, ref="m2"), Transcribed("b1", HEAVY))
        for part in state.draft[:1]:
            yield from (Edited(" ", ref=part.ref), Edited("x" * 6100, ref=part.ref))
        yield from (Placed(state.turn, (), SEEN), Placed(state.turn, (300,), SEEN))
        yield from (Command("done", MARKER), Command("stop", HEAVY))
        for name in get_args(CommandName):
            words = guide.phrase(f"words.{name}").split("|")
            yield from (Said(word) for word in (words if first else words[:1]))


def rich(guide: Guide, state: State) -> State:
    """The same place in the guide for someone who was everywhere before: every question has an
    answer to propose, every typed answer can be edited, what was agreed to before stands, the
    reminder was sent."""
    typed = {"text", "name", "sentence"}
    answers = {
        name: state.answers.get(name) or some_answer(guide, name)
        for name, step in guide.steps.items()
        if step.kind not in ("say", "review", "consent", "switches")
    }
    for name, given in answers.items():
        if guide.steps[name].kind in typed and not given.skipped:
            answers[name] = Answer(text=given.text, ref="m3")
    asked: set[str] = {
        each.purpose for each in guide.steps.values() if each.purpose and _asks(each, state)
    }
    for each in guide.steps.values():
        if each.kind == "switches":
            asked |= {option.id for option in offered(guide, state, each)}
    agreed = {purpose: "yes" for purpose in PURPOSES if state.consents and purpose in asked}
    return state.but(
        answers={**state.answers, **answers}, consents=agreed, reminded=True, last="1:o:yes"
    )


def attaching(state: State) -> Iterator[State]:
    """The same place for someone whose story has recordings and pictures, of each sort alone and
    all together."""
    sorts = (
        Part("voice", "", "m4", "b1", "waiting"),
        Part("voice", SENTENCE, "m4", "b1", "heard"),
        Part("voice", "", "m4", "b1", "unheard"),
        Part("voice", SENTENCE, "m4", "b1"),
        Part("photo", "", "m6", "b3"),
    )
    for sort in sorts:
        yield state.but(draft=(*state.draft, sort))
        yield state.but(draft=(sort,))
    every = (sort.but(blob=f"b{place}") for place, sort in enumerate(sorts))
    yield state.but(draft=(*state.draft, *every))


def _asks(step: Step, state: State) -> bool:
    """Whether a question that hangs on another is asked on this way through the guide."""
    return hangs_on_answered(state, step.when)


def conditioned(guide: Guide) -> dict[str, set[str]]:
    """The options on which something hangs, by their question."""
    found: dict[str, set[str]] | None = guide.remembered.get("conditioned")
    if found is None:
        found = {}
        for term in terms_of(guide):
            found.setdefault(term.step, set()).add(term.option)
        guide.remembered["conditioned"] = found
    return found


def terms_of(guide: Guide) -> tuple[Term, ...]:
    """All that the conditions of a guide look at, each once."""
    steps = guide.steps.values()
    texts = [each.when for each in steps]
    texts += [option.when for each in steps for option in each.options]
    found = [t for text in texts if text for terms in parse_condition(text) for t in terms]
    return tuple(dict.fromkeys(term._replace(otherwise=False) for term in found))


def some_answer(guide: Guide, name: str) -> Answer:
    """An answer to this question that goes on to the next one, if there is one."""
    step = guide.steps[name]
    match step.kind:
        case "text" | "name" | "sentence":
            return Answer(text=WORDS[:40], ref="m3")
        case "scale":
            return Answer(shares=(25,))
        case "triad":
            return Answer(shares=(50, 50, 0))
        case "tell":
            return Answer(options=("done",))
    plain = [option.id for option in step.options if not option.goto]
    return (
        Answer(options=(plain[0],))
        if plain
        else Answer(options=(step.options[0].id,))
        if (step.options)
        else Answer()
    )


def _like(guide: Guide, state: State, button: str) -> str:
    """Buttons that cannot lead elsewhere have one name."""
    kind, _, option_id = button.partition(":")
    step = guide.steps[state.at]
    if state.mode == "trimming" or kind in ("s", "t", "z"):
        return kind
    if kind == "o" and step.kind in ("choice", "choices") and state.mode == "asking":
        option = step.option(option_id)
        if option is None:
            return button
        looked_at = option_id if option_id in conditioned(guide).get(step.id, ()) else ""
        return f"{option.goto} {option_id in state.picked} {looked_at}"
    return button
