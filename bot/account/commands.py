"""Account commands: start, language, help, privacy, and erasing. Not guides; afterwards the open
question is asked again. Their buttons begin with `d:`, those of a guide never do."""

from __future__ import annotations

import re

from bot.account import data_export, stories, wipe_timer
from bot.account_buttons import (
    button_id,
    yes_or_no,
)
from bot.channels.base import Account
from bot.coordinators import chat_login
from bot.meetings import chat_planning as planning_desk
from bot.meetings import membership
from bot.meetings.prompts import answers
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Say
from conversations.engine.events import (
    Asked,
    Command,
    Edited,
    Event,
    LanguageChosen,
    Returned,
    Said,
)
from conversations.engine.intent import plain
from conversations.guide.library import DUTCH
from storage.coordinators import teams

ROLES = ("resident", "professional")
_SHORT = {"r": "resident", "p": "professional"}
_LINK = re.compile(r"[A-Za-z0-9_-]{1,128}")
GREETING = 3
"""The most words of a text that may be a greeting, of which nothing needs to be kept."""
_NO_LINK = "-"
"""What no link is: other letters are not even looked for."""


def handle_command(context: TurnContext, event: Account) -> None:
    """An account command."""
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
            context.phrase("privacy_link")
        case "meetings":
            planning_desk.open_menu(context)
        case "help_idle":
            context.phrase("help_card")
        case "wipe" | "unwipe":
            wipe_timer.set_timer(context, event)
            return
    ask_again(context)


def planning(context: TurnContext, text: str) -> bool:
    """A text of a coordinator who is planning a meeting. False when it is something else."""
    return planning_desk.handle_text(context, text)


def handle_text(context: TurnContext, event: Said) -> bool:
    """A text that answers what was asked outside a guide: after a meeting, or a code to join one.
    False when it is something else."""
    if answers.handle_text(context, event.text):
        return True
    if context.state is None and membership.join_by_code(context, event.text):
        return True
    role = context.state is None and _role(context, event.text)
    return not role and answers.begin_with(context, event)


def without_conversation(context: TurnContext, event: Event) -> None:
    """Something of a person with whom nothing is open."""
    match event:
        case Command("help"):
            context.phrase("help_card")
        case Said(text) if role := _role(context, text):
            begin_with(context, role)
        case Said(text) | Edited(text) if len(text.split()) > GREETING:
            _not_kept_yet(context)
        case _:
            _nothing_open(context)


def _not_kept_yet(context: TurnContext) -> None:
    """More than a greeting, before there is a place for it."""
    context.phrase("not_kept_yet")
    _nothing_open(context)


def _nothing_open(context: TurnContext) -> None:
    if context.person.memory.guide:
        context.phrase("unexpected_idle", [Button("begin", context.words("unexpected_idle.begin"))])
    else:
        who_tells(context)


def care(context: TurnContext, text: str) -> None:
    """Who can help, before anything else, after words that sound heavy and that no guide read."""
    if worrying(text, context.person.language):
        context.put_first(Say(context.words("help_card")))


def come_in(context: TurnContext, payload: str) -> None:
    """`/start`, or a page opened: with a link perhaps, back perhaps."""
    if payload and not _LINK.fullmatch(payload):
        payload = _NO_LINK
    kind, _, code = payload.partition("-") if payload[1:2] == "-" else ("", "", payload)
    team = teams.by_code(context.connection, code) if code else None
    if payload in context.services.shelf.library.ids:
        begin_with(context, payload)
    elif team is not None:
        context.remember(known=teams.known(team))
        if kind in _SHORT:
            begin_with(context, _SHORT[kind])
        else:
            who_tells(context)
    elif payload and chat_login.log_in(context, payload):
        return
    elif payload and (again := membership.follow_link(context, payload)) is not None:
        if again:
            ask_again(context)
    elif payload:
        context.phrase("link_unknown")
        who_tells(context)
    elif context.person.memory.expired:
        say_expired(context)
    elif context.state is not None and context.state.open:
        conversation.take(context, Returned())
    elif not answers.show_open(context):
        who_tells(context)


def say_expired(context: TurnContext) -> None:
    """Time threw the story away while the teller was not there."""
    context.remember(expired=False)
    context.phrase("draft_expired", [Button("begin", context.words("draft_expired.begin"))])


def begin_again(context: TurnContext) -> None:
    """The button Begin: the guide of last time, or who tells."""
    guide_id = context.person.memory.guide
    if context.state is not None and context.state.open:
        conversation.take(context, Returned())
    elif guide_id in context.services.shelf.library.ids:
        begin_with(context, str(guide_id))
    else:
        who_tells(context)


def ask_again(context: TurnContext) -> None:
    """After the desk the open question, if there is one; unless the desk asks something itself."""
    if context.asks:
        return
    account_question.drop(context)
    if context.state is not None and context.state.open:
        conversation.take(context, Asked())


def who_tells(context: TurnContext) -> None:
    """Who tells? Whose client speaks another language is offered Dutch too."""
    conversation.notice(context)
    library = context.services.shelf.library
    buttons = [
        Button(button_id("begin", role), context.words(f"who_tells.{role}")) for role in ROLES
    ]
    if context.person.language != DUTCH:
        buttons.append(Button(button_id("lang", DUTCH), library.name(DUTCH)))
    if context.person.language in library.unread:
        context.phrase("language_note")
    context.phrase("who_tells", buttons)


def _role(context: TurnContext, text: str) -> str | None:
    """The role that a typed text names, when that was asked."""
    said = plain(text)
    named = [role for role in ROLES if said in (role, plain(context.words(f"who_tells.{role}")))]
    return named[0] if named else None


def begin_with(context: TurnContext, guide_id: str) -> None:
    """Begin with a guide. An open story is offered first; beginning again is with this guide."""
    state = context.state
    if state and state.open and (state.path or state.draft or state.guide == guide_id):
        context.remember(guide=guide_id)
        conversation.take(context, Returned())
        return
    conversation.begin(context, guide_id)


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
    context.person = context.person.but(language=wanted)
    if wanted in library.unread:
        context.phrase("language_note")
    if context.state is not None and context.state.open:
        conversation.take(context, LanguageChosen(context.facts()))
    elif context.state is None:
        context.phrase("language_changed")
        who_tells(context)
    else:
        context.phrase("language_changed")


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
