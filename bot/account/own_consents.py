"""Who may read a kept story, changed later: the same screen of switches as after consent. Nothing
changes until it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.account_buttons import button_id
from bot.turns import account_question, consent, conversation
from bot.turns.context import TurnContext
from conversations.engine import switches
from conversations.engine.attachments import ATTACHED
from conversations.engine.card import listed
from conversations.engine.effects import Button, Control, Mark, Record, Say, Tick
from conversations.guide.model import Option, Purpose
from storage.stories import stories
from storage.stories.stories import Story

_ORDER = ("team", "coordinator", "network", "quote", "relay", "contact", *ATTACHED)


def show(context: TurnContext, story: Story) -> None:
    """The switches as they stand now."""
    picked = _given(story)
    context.remember(switching=(story.id, *picked))
    about = context.words("consents_show")
    offered = _offered(context, story)
    text = "\n\n".join((about, *map(switches.paragraph, offered)))
    control = Control("choices", max=len(offered))
    buttons = _buttons(context, story, offered, picked)
    conversation.ask_alone(context, Say(text, buttons, control=control))


def switch(context: TurnContext, story: Story, purpose: str) -> None:
    """One switch; only its tick changes."""
    offered = _offered(context, story)
    if purpose not in {option.id for option in offered}:
        context.phrase("old_button")
        show(context, story)
        return
    picked, refused = switches.switched(_picked(context, story), purpose)
    context.remember(switching=(story.id, *picked))
    conversation.keep_standing(context)
    if refused:
        context.phrase(refused)
    else:
        turn = account_question.last_turn(context)
        context.put(Tick(turn, _buttons(context, story, offered, picked)))


def confirm(context: TurnContext, story: Story) -> None:
    """What is otherwise than before is recorded, each purpose with the words that were shown."""
    offered = {option.id: option for option in _offered(context, story)}
    picked = _picked(context, story)
    before = dict(switches.answers(tuple(offered), _given(story)))
    chosen = listed(option.label for option in offered.values() if option.id in picked)
    context.put(Mark(account_question.last_turn(context), chosen or context.words("switches_none")))
    changed = [
        (purpose, answer)
        for purpose, answer in switches.answers(tuple(offered), picked)
        if before[purpose] != answer
    ]
    # What goes further than the team is taken back before it, and given after it.
    taken_back = [each for each in changed if each[1] == "no"]
    given = [each for each in changed if each[1] != "no"]
    for purpose, answer in (*reversed(taken_back), *given):
        _record(context, story, offered, purpose, answer)
    context.remember(switching=())
    context.phrase("consent_changed" if changed else "done_ok")


def take_back(context: TurnContext, story: Story, purpose: Purpose, asked: str) -> None:
    """One purpose is taken back, on a question in other words than the switches."""
    _change(context, story, Record(purpose, "no", asked))


def _record(
    context: TurnContext, story: Story, offered: Mapping[str, Option], purpose: Purpose, answer: str
) -> None:
    parts = [offered[purpose], *([offered[answer]] if answer == "coordinator" else [])]
    shown = "\n\n".join((context.words("consents_show"), *map(switches.paragraph, parts)))
    _change(context, story, Record(purpose, answer, shown))
    context.scrub |= purpose in ATTACHED
    if purpose == "contact" and answer == "yes":
        context.promise("story", story.id)


def _change(context: TurnContext, story: Story, answered: Record) -> None:
    given = consent.consent(context, answered, story.telling.guide, story.telling.fingerprint)
    stories.change_purpose(
        context.connection,
        story.id,
        given,
        consent.return_address(context),
        context.services.erased,
    )
    if answered.purpose == "relay" and answered.answer == "yes":
        told = story.id, story.week
        context.services.on_relay(context.connection, context.person, told, context.now)


def _picked(context: TurnContext, story: Story) -> tuple[str, ...]:
    """The switches as they were set since the screen was shown."""
    about, *picked = context.person.memory.switching or ("",)
    return tuple(picked) if about == story.id else _given(story)


def _given(story: Story) -> tuple[str, ...]:
    """What was agreed to, as switches."""
    only = ["coordinator"] if story.coordinator_only else []
    given = {*story.purposes, *only}
    return tuple(each for each in _ORDER if each in given)


def _offered(context: TurnContext, story: Story) -> tuple[Option, ...]:
    """What can be changed: the team's only where there is a team, quotation only where there is
    a sentence to quote (or a yes of before), what is attached only as long as it was agreed to."""
    given = set(_given(story))
    ids = set(given)
    if story.telling.team or "team" in given:
        ids |= {"team", "network"}
        if story.telling.kind == "resident":
            ids.add("coordinator")
    if "question_left" in story.telling.words:
        ids.add("relay")
    sentence = story.telling.sentence
    if sentence and "team" in ids:
        ids.add("quote")
    ids |= {"contact"}
    words = {each: switches.quoting(it, sentence) for each, it in _words(context, story).items()}
    if not sentence:  # a yes of before: there is nothing to show
        words.pop("quote", None)
    return tuple(
        words.get(each, Option(each, context.words(f"purpose.{each}")))
        for each in _ORDER
        if each in ids
    )


def _words(context: TurnContext, story: Story) -> dict[str, Option]:
    """The switches in the words of the guide, of today where the story's own has none."""
    shelf, language = context.services.shelf, context.person.language
    guides = [shelf.told_with(context.connection, story.telling, language)]
    if story.telling.guide in shelf.library.ids:
        guides.append(shelf.today(story.telling.guide, language))
    for guide in guides:
        for step in guide.steps.values():
            if step.kind == "switches":
                return {option.id: option for option in step.options}
    return {}


def _buttons(
    context: TurnContext, story: Story, offered: Sequence[Option], picked: tuple[str, ...]
) -> tuple[Button, ...]:
    ticks = (
        Button(button_id("c", option.id, story.id), option.label, option.id in picked)
        for option in offered
    )
    sure = Button(button_id("sure", story.id), context.words("button.confirm"))
    back = Button(button_id("stay", story.id), context.words("change_ask.none"))
    return (*ticks, sure, back)
