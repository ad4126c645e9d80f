"""Answers to the account question that waits: words, taps and commands."""

from __future__ import annotations

from bot.account import commands, own_sentence, story_code, taps, welcome
from bot.account_buttons import weighed
from bot.meetings import reach
from bot.turns import account_question, conversation
from bot.turns.chat_room import rooms
from bot.turns.context import TurnContext
from bot.turns.time_on_screen import quotes_another, under_way
from conversations.engine import intent
from conversations.engine.effects import Say
from conversations.engine.events import Command, Placed, Said, Sent, Tapped
from conversations.engine.messages.typed import refusal
from conversations.engine.questions import prompt, takes_words
from conversations.guide.model import Guide


def handle_answer(
    context: TurnContext, asked: Say, event: Said | Sent | Tapped | Placed | Command
) -> None:
    """Something that comes while an account question stands: it is for that question. Words of a
    story are no answer to it and go where they belong; anything else is said not to be taken."""
    match event:
        case Sent() if _takes_words(context):
            account_question.drop(context)
            conversation.take(context, event)
        case Sent(kind):
            context.phrase(refusal(kind))
            conversation.ask_again(context, asked)
        case Said(text) if intent.blank(text):
            context.phrase("unexpected_message")
            conversation.ask_again(context, asked)
        case Said(forwarded=True):
            _handle_forwarded(context, asked, event)
        case Said(text):
            _handle_words(context, asked, event, text)
        case Command("help"):
            context.phrase("help_card")
            conversation.ask_again(context, asked)
        case Command("stop" | "back") if context.state is not None and context.state.open:
            conversation.take(context, event)
        case Command():
            context.phrase("unexpected_message")
            conversation.ask_again(context, asked)
        case _:
            context.phrase("old_button")
            conversation.ask_again(context, asked)


def _handle_forwarded(context: TurnContext, asked: Say, event: Said) -> None:
    """Words of somebody else answer nothing: they are a code, a meeting, or a part of a story."""
    idle = context.state is None or not context.state.open
    if story_code.read_as_code(context, event.text):
        _after_a_code(context, asked)
    elif idle and commands.planning(context, event.text):
        account_question.drop(context)
    elif _takes_words(context):
        account_question.drop(context)
        conversation.take(context, event)
    else:
        context.unkept("forwarded_elsewhere")
        conversation.ask_again(context, asked)


def _handle_words(context: TurnContext, asked: Say, event: Said, text: str) -> None:
    guide = context.services.shelf.today(welcome.ROLES[0], context.person.language)
    state = context.state
    idle = state is None or not state.open
    tap = taps.meant_by(context, asked, text)
    if tap and not _words_of_the_open_question(context, asked, text):
        if tap.button not in weighed(asked).weighty:
            taps.handle_tap(context, tap)
        elif quotes_another(context, asked.turn):
            context.phrase("quotes_another")
            conversation.ask_again(context, asked)
        elif under_way(context, event, asked.turn):
            context.phrase("tap_too_soon")
            conversation.ask_again(context, asked)
        else:
            taps.handle_tap(context, tap)
    elif story_code.read_as_code(context, text):
        _after_a_code(context, asked)
    elif not _says_no_more(guide, text) and (
        own_sentence.handle_words(context, asked, text)
        or any(room.words(context, asked, text) for room in rooms(context))
    ):
        pass
    elif idle and commands.planning(context, text):
        account_question.drop(context)
    elif command := intent.command(guide, text):
        handle_answer(context, asked, Command(command))
    elif reach.handle_text(context, asked, text):
        pass
    elif tap or intent.is_yes_or_no(guide, text) or not _find_a_place(context, event):
        context.phrase("unexpected_message")
        conversation.ask_again(context, asked)


def _says_no_more(guide: Guide, text: str) -> bool:
    """Whether a text is nothing but a command, a yes or a no: no sentence that is kept."""
    return bool(intent.command(guide, text)) or intent.is_yes_or_no(guide, text)


def _after_a_code(context: TurnContext, asked: Say) -> None:
    """A wrong one is asked again while a conversation is open: nothing that is typed at another
    question is taken for it. Where none is, the next five words are another try."""
    waited_for = context.person.memory.code
    if waited_for and context.state is not None and context.state.open:
        conversation.ask_again(context, asked)
        return
    conversation.ask_open_question(context)
    context.remember(code=waited_for)


def _find_a_place(context: TurnContext, event: Said) -> bool:
    """Words that are no answer to the account question belong to the story, to a prompt of a
    meeting, or say who tells. Whether one of these took them."""
    if context.state is not None:
        takes = _takes_words(context)
        if takes:
            account_question.drop(context)
            context.remember(code=False)
            conversation.take(context, event)
        return takes
    account_question.drop(context)
    if commands.handle_text(context, event):
        return True
    if welcome.named_role(context, event.text):
        welcome.without_conversation(context, event)
        return True
    return False


def _words_of_the_open_question(context: TurnContext, asked: Say, text: str) -> bool:
    """Whether a text stands on a button of the question that waits, and on none of this one. One
    word, a yes or a no, is for the question that was asked last."""
    if context.state is None:
        return False
    guide = context.services.shelf.of(context.connection, context.state, context.person.language)
    said = intent.plain(text)
    here = {intent.plain(each.label) for each in asked.buttons}
    there = {intent.plain(each.label) for each in prompt(guide, context.state).buttons}
    return said in there and said not in here and " " in said


def _takes_words(context: TurnContext) -> bool:
    """Whether the open question is answered in words of one's own."""
    if context.state is None or not context.state.open:
        return False
    guide = context.services.shelf.of(context.connection, context.state, context.person.language)
    return takes_words(guide, context.state)
