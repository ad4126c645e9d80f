"""Choosing the sentence that an older story turns on: picked, shortened or written, long after it
was told. It is shown as it would stand above the story, without what may identify someone; a yes to
quotation of before holds for it only when it is given again, on that sentence."""

from __future__ import annotations

from bot.account_buttons import button_id, parse
from bot.turns import account_question, consent, conversation
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Record, Say
from conversations.engine.way.key_sentence import proposals
from storage.stories import stories
from storage.stories.stories import Story

LONGEST = 200
_APART = "\n\n"
_KEEPS = ("keep", "quote", "alone")


def may_choose(story: Story) -> bool:
    """Whether a story has no sentence yet, and words to take one from."""
    return bool(story.telling.text.strip()) and not story.telling.sentence


def handle_tap(context: TurnContext, rest: list[str]) -> bool:
    """A button about a story without a sentence. Whether the open question is asked again."""
    what, story_id = (*rest, "", "")[:2]
    story = _own(context, story_id)
    if story is None or not may_choose(story):
        context.phrase("old_button" if story else "story_gone")
        return True
    with context.about(story.id):
        if what == "ask":
            _ask(context, story)
            return False
        found = proposals(story.telling.text, story.telling.language)
        if what.isdecimal() and int(what) < len(found):
            _show(context, story, found[int(what)])
            return False
        if what in _KEEPS:
            _keep(context, story, what)
        else:
            context.phrase("old_button")
    return True


def handle_words(context: TurnContext, asked: Say, text: str) -> bool:
    """A sentence that is typed, where the question that stands asks for that alone."""
    buttons = [each for each in (parse(each.id) for each in asked.buttons) if each]
    ids = {rest[1] for action, rest in buttons if action == "headline" and len(rest) > 1}
    asks_more = any(action not in ("headline", "stay") for action, _ in buttons)
    if not ids or asks_more:
        return False
    story = _own(context, ids.pop())
    if story is None or not may_choose(story):
        account_question.drop(context)
        context.phrase("story_gone")
        conversation.ask_open_question(context)
    elif worrying(text, context.person.language):
        context.heard = True
        context.phrase("help_card")
        conversation.ask_again(context, asked)
    elif len(" ".join(text.split())) > LONGEST:
        context.unkept("too_long_answer", max=str(LONGEST))
        conversation.ask_again(context, asked)
    else:
        with context.about(story.id):
            _show(context, story, text)
    return True


def _own(context: TurnContext, story_id: str) -> Story | None:
    if story_id not in (*context.person.stories, *context.person.memory.found):
        return None
    return stories.read(context.connection, story_id)


def _ask(context: TurnContext, story: Story) -> None:
    """Three of the story's own sentences, by number, or another one that is typed."""
    found = proposals(story.telling.text, story.telling.language)
    lines = [f"{number}. {each}" for number, each in enumerate(found, 1)]
    asks = context.words("headline_ask" if found else "headline_write")
    buttons = [
        *(
            Button(button_id("headline", str(place), story.id), str(place + 1))
            for place in range(len(found))
        ),
        Button(button_id("stay", story.id), context.words("change_ask.none")),
    ]
    if not found:  # what is typed must know of which story
        buttons.insert(
            0, Button(button_id("headline", "ask", story.id), context.words("button.continue"))
        )
    conversation.ask_alone(context, Say(_APART.join((asks, *lines)), tuple(buttons)))


def _show(context: TurnContext, story: Story, text: str) -> None:
    """The sentence as it would stand above the story, as the last paragraph, in quotes, and whether
    it may; where quotation was agreed to before, whether that holds for this one."""
    from conversations.redaction.find import find, replace  # it is long, and hardly ever needed

    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]}…"
    shown = replace(line, find(line, story.telling.language))
    quotes = "quote" in story.purposes
    asks = context.words("headline_quote" if quotes else "headline_keep")
    names = ("quote", "alone") if quotes else ("keep",)
    buttons = (
        *(
            Button(button_id("headline", each, story.id), context.words(f"headline_keep.{each}"))
            for each in names
        ),
        Button(button_id("headline", "ask", story.id), context.words("headline_keep.other")),
        Button(button_id("stay", story.id), context.words("change_ask.none")),
    )
    conversation.ask_alone(context, Say(_APART.join((asks, f"“{shown}”")), buttons))


def _keep(context: TurnContext, story: Story, what: str) -> None:
    """What is answered to the question that stood last: its last paragraph is the sentence."""
    asked = account_question.said_on(context, account_question.last_turn(context))
    mine = button_id("headline", what, story.id)
    if asked is None or mine not in {each.id for each in asked.buttons}:
        context.phrase("old_button")
        return
    sentence = asked.text.rsplit(_APART, 1)[-1][1:-1]
    connection = context.connection
    stories.choose_sentence(connection, story.id, sentence)
    if what != "keep":
        answer = "yes" if what == "quote" else "no"
        told = story.telling
        answered = Record("quote", answer, asked.text)
        given = consent.consent(context, answered, told.guide, told.fingerprint)
        stories.record(connection, story.id, given)
    context.phrase("headline_kept")
