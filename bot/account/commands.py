"""Account commands: start, language, help, privacy, and erasing. Not guides; afterwards the open
question is asked again. Their buttons begin with `d:`, those of a guide never do."""

from __future__ import annotations

from dataclasses import replace

from bot.account import data_export, stories, wipe_timer
from bot.account.welcome import asks_help, come_in, named_role, who_tells
from bot.account_buttons import (
    button_id,
    yes_or_no,
)
from bot.channels.base import Account
from bot.channels.command_parser import KNOWN
from bot.meetings import chat_planning as planning_desk
from bot.meetings import membership
from bot.meetings.prompts import answers
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Say
from conversations.engine.events import (
    LanguageChosen,
    Said,
)


def handle_command(context: TurnContext, event: Account) -> None:
    """An account command. Of one that nobody knows it is said; what was asked still is. Words
    behind it are looked at for asking help, and are kept nowhere."""
    if event.beside:
        context.phrase("not_kept")
    if event.name == "unknown":
        _say_unknown(context, event.text)
    else:
        _obey(context, event)
    care(context, event.beside)


def _obey(context: TurnContext, event: Account) -> None:
    account_question.drop(context)
    match event.name:
        case "start":
            come_in(context, event.text)
            return
        case "erase":
            erase(context, event.text)
        case "stories":
            stories.list_stories(context)
        case "data":
            data_export.export_data(context)
        case "language":
            choose_language(context, event.text)
            return
        case "privacy":
            _tell_of_privacy(context)
        case "meetings":
            planning_desk.open_menu(context)
        case "help_idle":
            context.phrase("help_card")
        case "never":
            context.remember(prompts="off")
            context.phrase("never_done")
        case "wipe" | "unwipe":
            wipe_timer.set_timer(context, event)
            return
    conversation.ask_open_question(context)


def _say_unknown(context: TurnContext, command: str) -> None:
    """Who can help, where the command is a word for help in the language of the person."""
    if command not in KNOWN and asks_help(context, command):
        context.phrase("help_card")
    else:
        context.phrase("command_unknown", (), command=command)
    if asked := account_question.standing(context):
        conversation.ask_again(context, asked)
    else:
        conversation.ask_open_question(context)


def planning(context: TurnContext, text: str) -> bool:
    """A text of a coordinator who is planning a meeting. False when it is something else."""
    return planning_desk.handle_text(context, text)


def handle_text(context: TurnContext, event: Said) -> bool:
    """A text that answers what was asked outside a guide: after a meeting, or a code to join one.
    False when it is something else."""
    if not event.forwarded and answers.handle_text(context, event.text):
        return True
    if context.state is None and membership.join_by_code(context, event.text):
        return True
    role = context.state is None and named_role(context, event.text)
    return not role and answers.begin_with(context, event)


def care(context: TurnContext, text: str) -> None:
    """Who can help, before anything else, after words that sound heavy and that no guide read."""
    if worrying(text, context.person.language):
        context.put_first(Say(context.words("help_card")))


def choose_language(context: TurnContext, code: str) -> None:
    """Go on in another language, or ask which."""
    library = context.services.shelf.library
    wanted = code.strip().lower()[:2]
    if wanted not in library.spoken:
        buttons = [Button(button_id("lang", each), library.name(each)) for each in library.spoken]
        asked = context.words("language_ask")
        if library.unread:
            asked = f"{asked}\n{context.words('language_note')}"
        conversation.ask_alone(context, Say(asked, tuple(buttons)))
        return
    context.person = replace(context.person, language=wanted)
    if wanted in library.unread:
        context.phrase("language_note")
    if context.state is not None and context.state.open:
        conversation.take(context, LanguageChosen(context.facts()))
    elif context.state is None:
        context.phrase("language_changed")
        who_tells(context)
    else:
        context.phrase("language_changed")


def _tell_of_privacy(context: TurnContext) -> None:
    """Where it stands what is done with words: at an address only where a phone can reach it."""
    if conversation.is_reachable(context.services.settings.public_url):
        context.phrase("privacy_link")
    else:
        context.phrase("privacy_menu" if context.person.channel == "web" else "privacy_no_link")


def erase(context: TurnContext, what: str) -> None:
    """`now`: everything of the person. `chat`: all but the kept stories, which keep their code.
    Anything else asks first."""
    if what == "now":
        context.phrase("erase_all_done")
        context.state = None
        context.erase_person()
    elif what == "chat":
        for story_id in context.person.stories:
            context.own(story_id, is_there=False)
        context.phrase("stop_erased")
        context.state = None
        context.erase_person()
    else:
        labels = context.words("erase_all_ask.yes"), context.words("erase_all_ask.no")
        conversation.ask(context, "erase_all_ask", yes_or_no("erase", labels))
