"""Account commands: start, language, help, privacy, and erasing. Not guides; afterwards the open
question is asked again. Their buttons begin with `d:`, those of a guide never do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.account import data_export, stories, wipe_timer
from bot.account_buttons import (
    button_id,
    is_account_button,
    is_switch,
    is_weighty,
    meaning,
    parse,
    yes_or_no,
)
from bot.channels.base import Account
from bot.codec import effect_from_json
from bot.coordinators import chat_login
from bot.meetings import chat_planning as planning_desk
from bot.meetings import membership
from bot.meetings.prompts import answers
from bot.turns import account_question, conversation, sent_messages
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine import intent
from conversations.engine.effects import Button, Say
from conversations.engine.events import (
    Asked,
    Command,
    Edited,
    Event,
    LanguageChosen,
    Returned,
    Said,
    Tapped,
)
from conversations.engine.intent import plain
from conversations.guide.library import DUTCH
from storage.coordinators import teams
from storage.outbox import outbox

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
            _erase(context, event.text)
        case "stories":
            stories.list_stories(context)
        case "data":
            data_export.export_data(context)
        case "language":
            _language(context, event.text)
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


Handler = Callable[[TurnContext, Tapped, list[str]], bool]
"""Does what an account button says. Whether the open question is asked again after it."""


def handle_tap(context: TurnContext, event: Tapped) -> None:
    """An account button. What changes something counts only on the question that stands: on an
    earlier one it is asked again."""
    if is_weighty(event.button) and event.turn:
        stands = account_question.last_turn(context) == event.turn
        if not (stands and context.person.memory.stands):
            _ask_anew(context, event)
            return
    account_question.drop(context)
    action, rest = parse(event.button) or ("", [])
    if HANDLERS.get(action, _is_old)(context, event, rest):
        ask_again(context)


def _is_old(context: TurnContext, _event: Tapped, _rest: list[str]) -> bool:
    context.phrase("old_button")
    return True


def _begins(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    guide_id = "".join(rest)
    if guide_id not in context.services.shelf.library.ids:
        return _is_old(context, event, rest)
    _begin(context, guide_id)
    return False


def _chooses_language(context: TurnContext, _event: Tapped, rest: list[str]) -> bool:
    _language(context, "".join(rest))
    return False


def _erases(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    if rest == ["yes"]:
        _erase(context, "now" if event.turn else "")
    else:
        context.phrase("done_ok")
    return True


def _clears(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    match rest:
        case [answer, turn] if turn.isdecimal():
            sent_messages.clear(context, answer, int(turn))
            return True
    return _is_old(context, event, rest)


def _answers_prompt(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    match rest:
        case [what, prompt_id]:
            return answers.handle_tap(context, what, prompt_id)
    return _is_old(context, event, rest)


def _chooses_side(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    match rest:
        case [what, meeting_id]:
            membership.handle_tap(context, what, meeting_id)
            return True
    return _is_old(context, event, rest)


def _turns_prompts_on(context: TurnContext, _event: Tapped, _rest: list[str]) -> bool:
    membership.switch_on(context)
    return True


def _plans(context: TurnContext, _event: Tapped, rest: list[str]) -> bool:
    planning_desk.handle_tap(context, "".join(rest))
    return True


def _about_stories(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    action, _ = parse(event.button) or ("", [])
    stories.handle_tap(context, action, rest)
    return True


HANDLERS: Mapping[str, Handler] = {
    "begin": _begins,
    "lang": _chooses_language,
    "on": lambda _context, _event, _rest: True,
    "erase": _erases,
    "tidy": _clears,
    "prompt": _answers_prompt,
    "prompts": _turns_prompts_on,
    "side": _chooses_side,
    "plan": _plans,
    **dict.fromkeys(stories.ACTIONS, _about_stories),
}
"""What every account button does, by its action."""


def _ask_anew(context: TurnContext, event: Tapped) -> None:
    """The question of an earlier turn, whose button was tapped too late to count."""
    context.phrase("old_button")
    earlier = account_question.said_on(context, event.turn)
    if is_switch(event.button):  # as they stand by now
        _, rest = parse(event.button) or ("", [])
        stories.handle_tap(context, "who", rest[-1:])
    elif earlier is not None:
        conversation.ask_alone(context, earlier)
    else:
        ask_again(context)


def meant(context: TurnContext, text: str) -> Tapped | None:
    """The button under the newest message that a typed text stands for: "ja" to "Wis alles?"."""
    said = outbox.last_said(context.connection, context.services.vault, context.person.id)
    shown = effect_from_json("say", said) if said else None
    if not isinstance(shown, Say) or not any(is_account_button(each.id) for each in shown.buttons):
        return None
    return meant_by(context, shown, text)


def meant_by(context: TurnContext, shown: Say, text: str) -> Tapped | None:
    """The button under this message that a typed text stands for."""
    guide = context.services.shelf.today(ROLES[0], context.person.language)
    whole = {meaning(each.id): each.id for each in shown.buttons}
    named = [replace(each, id=meaning(each.id)) for each in shown.buttons]
    found = intent.button(guide, named, text)
    return Tapped(shown.turn, whole[found], seen=None) if found else None


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
            _begin(context, role)
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
        _begin(context, payload)
    elif team is not None:
        context.remember(known=teams.known(team))
        if kind in _SHORT:
            _begin(context, _SHORT[kind])
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
        _begin(context, str(guide_id))
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


def _begin(context: TurnContext, guide_id: str) -> None:
    """Begin with a guide. An open story is offered first; beginning again is with this guide."""
    state = context.state
    if state and state.open and (state.path or state.draft or state.guide == guide_id):
        context.remember(guide=guide_id)
        conversation.take(context, Returned())
        return
    conversation.begin(context, guide_id)


def _language(context: TurnContext, code: str) -> None:
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


def _erase(context: TurnContext, what: str) -> None:
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
