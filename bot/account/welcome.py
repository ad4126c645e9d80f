"""Welcome: whoever comes in for the first time, by a link, or back; and who tells with which
guide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.account_buttons import (
    button_id,
)
from bot.coordinators import chat_login
from bot.meetings import membership, telegram_link
from bot.meetings.prompts import answers
from bot.turns import conversation
from bot.turns.chat_room import room_of
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Say
from conversations.engine.events import (
    Command,
    Edited,
    Event,
    Returned,
    Said,
    Sent,
)
from conversations.engine.intent import plain
from conversations.engine.messages.typed import refusal
from conversations.engine.paraphrase import paraphrased
from conversations.guide.library import DUTCH
from conversations.guide.model import Guide
from storage.coordinators import teams
from storage.coordinators.teams import Team

ROLES = ("resident", "professional")


_SHORT = {"r": "resident", "p": "professional"}


_LINK = re.compile(r"[A-Za-z0-9_-]{1,128}")


GREETING = 3
"""The most words of a text that may be a greeting, of which nothing needs to be kept."""


_NO_LINK = "-"
"""What no link is: other letters are not even looked for."""


def without_conversation(context: TurnContext, event: Event) -> None:
    """Something of a person with whom nothing is open."""
    match event:
        case Command("help"):
            context.phrase("help_card")
        case Said(text) if asks_help(context, text):
            context.phrase("help_card")
        case Said(text) if role := meant_role(context, text):
            context.heard = True  # it holds no word of somebody's own
            begin_with(context, role)
        case Said(text) | Edited(text) if worrying(text, context.person.language):
            _help_first(context)
        case Said(text) if role := named_role(context, text):
            begin_with(context, role)
        case Said(text) | Edited(text) if len(text.split()) > GREETING:
            _not_kept_yet(context)
        case Sent(kind):
            context.phrase(refusal(kind))
            _nothing_open(context)
        case _:
            _nothing_open(context)


def asks_help(context: TurnContext, text: str) -> bool:
    """Whether a text is nothing but a word for help."""
    return plain(text) in map(plain, context.words("words.help").split("|"))


def _help_first(context: TurnContext) -> None:
    """Who can help, alone; whether somebody still wants to tell is asked, and no more than that."""
    context.heard = True
    context.phrase("help_card")
    context.phrase("help_match", [Button("begin", context.words("button.continue"))])


def _not_kept_yet(context: TurnContext) -> None:
    """More than a greeting, before there is a place for it."""
    context.phrase("not_kept_yet")
    _nothing_open(context)


def _nothing_open(context: TurnContext) -> None:
    if answers.show_open(context):
        return
    if context.person.memory.guide:
        context.phrase("unexpected_idle", [Button("begin", context.words("unexpected_idle.begin"))])
    else:
        who_tells(context)


def come_in(context: TurnContext, payload: str) -> None:
    """`/start`, or a page opened: with a link perhaps, back perhaps."""
    if payload and not _LINK.fullmatch(payload):
        payload = _NO_LINK
    kind, _, code = payload.partition("-") if payload[1:2] == "-" else ("", "", payload)
    team = teams.by_code(context.connection, code) if code else None
    if context.services.shelf.may_begin(payload):
        begin_with(context, payload)
    elif team is not None:
        _for_team(context, team, _SHORT.get(kind, ""))
    elif payload:
        _follow(context, payload)
    elif context.person.memory.expired:
        say_expired(context)
    elif context.state is not None and context.state.open:
        conversation.take(context, Returned())
    elif not answers.show_open(context):
        who_tells(context)


def _for_team(context: TurnContext, team: Team, role: str) -> None:
    """The link of a team: its name need not be asked, unless it takes no stories any more."""
    if team.closed:
        context.phrase("team_closed")
    else:
        context.remember(known=teams.known(team))
    if role and not team.closed:
        begin_with(context, role)
    else:
        who_tells(context)


def _follow(context: TurnContext, payload: str) -> None:
    """Do what a link says that is neither of a guide nor of a team."""
    kind, _, token = payload.partition("-")
    room = room_of(context, link=kind) if token else None
    if room is not None:
        if room.follow(context, token):
            conversation.ask_open_question(context)
    elif kind == telegram_link.KIND and telegram_link.follow(context, token):
        conversation.ask_open_question(context)
    elif chat_login.log_in(context, payload):
        return
    elif (again := membership.follow_link(context, payload)) is not None:
        if again:
            conversation.ask_open_question(context)
    else:
        context.phrase("link_unknown")
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
    elif context.services.shelf.may_begin(guide_id):
        begin_with(context, str(guide_id))
    else:
        who_tells(context)


def who_tells(context: TurnContext) -> None:
    """Who tells? Whose client speaks another language is offered Dutch too; whose client speaks
    none of ours, all that are spoken."""
    library = context.services.shelf.library
    buttons = [
        Button(button_id("begin", role), context.words(f"who_tells.{role}")) for role in ROLES
    ]
    others = library.spoken if context.foreign else (DUTCH,)
    buttons += [
        Button(button_id("lang", each), library.name(each))
        for each in others
        if each != context.person.language
    ]
    if context.person.channel == "telegram" and not context.person.memory.noticed:
        # the fixed buttons come with the notice, below the first words of a guide
        buttons.append(Button(button_id("help"), context.words("button.help")))
    if context.person.language in library.unread:
        context.phrase("language_note")
    context.phrase("who_tells", buttons)


def named_role(context: TurnContext, text: str) -> str | None:
    """The role that a typed text names, when that was asked: as on its button, or the end of that
    ("inwoner")."""
    said = plain(text)
    named = [
        role
        for role in ROLES
        if said == role or f" {plain(context.words(f'who_tells.{role}'))}".endswith(f" {said}")
    ]
    return named[0] if named else None


def meant_role(context: TurnContext, text: str) -> str | None:
    """The role of somebody who tells it in a few words, before anything is asked."""
    guide = context.services.shelf.today(ROLES[0], context.person.language)
    roles = {button_id("begin", role): role for role in ROLES}
    buttons = (Button(each, context.words(f"who_tells.{role}")) for each, role in roles.items())
    asked = Say("", tuple(buttons))
    found = paraphrased(guide, asked, text, names=role_names(guide), counted=False, partly=False)
    return roles[found] if found else None


def role_names(guide: Guide) -> Mapping[str, Sequence[str]]:
    """Other words for the buttons of who tells, by their id."""
    return {button_id("begin", role): guide.phrase(f"words.{role}").split("|") for role in ROLES}


def begin_with(context: TurnContext, guide_id: str) -> None:
    """Begin with a guide. An open story is offered first; beginning again is with this guide."""
    state = context.state
    if state and state.open and (state.path or state.draft or state.guide == guide_id):
        context.remember(guide=guide_id)
        conversation.take(context, Returned())
        return
    conversation.begin(context, guide_id)
