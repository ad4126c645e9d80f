"""Taps on account buttons, and typed words that stand for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.account import commands, own_sentence, stories, welcome
from bot.account_buttons import is_account_button, is_switch, is_weighty, meaning, parse
from bot.codec import effect_from_json
from bot.meetings import chat_planning, membership, reach
from bot.meetings.prompts import answers
from bot.turns import account_question, conversation, sent_messages
from bot.turns.chat_room import room_of
from bot.turns.context import TurnContext
from conversations.engine import intent
from conversations.engine.effects import Say
from conversations.engine.events import Tapped
from conversations.engine.paraphrase import paraphrased
from conversations.guide.model import Guide
from storage.outbox import outbox

BESIDE = ("begin", "stories")
"""Buttons of fixed sentences that do the same at any time, where nothing is open."""
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
    context.took_tap = True
    action, rest = parse(event.button) or ("", [])
    if HANDLERS.get(action, _is_old)(context, event, rest):
        conversation.ask_open_question(context)


def _is_old(context: TurnContext, _event: Tapped, _rest: list[str]) -> bool:
    context.took_tap = False
    context.phrase("old_button")
    return True


def _begins(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    guide_id = "".join(rest)
    if not context.services.shelf.may_begin(guide_id):
        return _is_old(context, event, rest)
    welcome.begin_with(context, guide_id)
    return False


def _chooses_language(context: TurnContext, _event: Tapped, rest: list[str]) -> bool:
    commands.choose_language(context, "".join(rest))
    return False


def _erases(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    if rest == ["yes"]:
        commands.erase(context, "now" if event.turn else "")
    elif context.state is None or not context.state.open:
        context.phrase("done_ok")  # else the open question comes, and nobody takes leave
    return True


def _shows_help(context: TurnContext, _event: Tapped, _rest: list[str]) -> bool:
    context.phrase("help_card")
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
    chat_planning.handle_tap(context, "".join(rest))
    return True


def _chooses_reach(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    match rest:
        case [way, about, its_id]:
            reach.handle_tap(context, way, about, its_id)
            return True
    return _is_old(context, event, rest)


def _in_room(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    action, _ = parse(event.button) or ("", [])
    room = room_of(context, action=action)
    return _is_old(context, event, rest) if room is None else room.tap(context, rest)


def _about_stories(context: TurnContext, event: Tapped, rest: list[str]) -> bool:
    action, _ = parse(event.button) or ("", [])
    stories.handle_tap(context, action, rest)
    return True


HANDLERS: Mapping[str, Handler] = {
    "begin": _begins,
    "lang": _chooses_language,
    "on": lambda _context, _event, _rest: True,
    "erase": _erases,
    "help": _shows_help,
    "tidy": _clears,
    "prompt": _answers_prompt,
    "prompts": _turns_prompts_on,
    "side": _chooses_side,
    "plan": _plans,
    "reach": _chooses_reach,
    "sense": _in_room,
    "change": _in_room,
    "headline": lambda context, _event, rest: own_sentence.handle_tap(context, rest),
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
        conversation.ask_open_question(context)


def meant(context: TurnContext, text: str) -> Tapped | None:
    """The button under the newest message that a typed text stands for: "ja" to "Wis alles?"."""
    said = outbox.last_said(context.connection, context.person.id)
    shown = effect_from_json("say", said) if said else None
    if not isinstance(shown, Say):
        return None
    if not any(each.id in BESIDE or is_account_button(each.id) for each in shown.buttons):
        return None
    return meant_by(context, shown, text)


def meant_by(context: TurnContext, shown: Say, text: str) -> Tapped | None:
    """The button under this message that a typed text stands for."""
    guide = context.services.shelf.today(welcome.ROLES[0], context.person.language)
    whole = {meaning(each.id): each.id for each in shown.buttons}
    named = [each.but(id=meaning(each.id)) for each in shown.buttons]
    found = intent.button(guide, named, text)
    if not found and (found := _paraphrased(guide, shown, text)):
        # a text that is like the buttons of who tells holds no word of somebody's own
        context.heard = all(_does(each.id) in _ABOUT_WHO for each in shown.buttons)
    return Tapped(shown.turn, whole.get(found, found), seen=None) if found else None


_ABOUT_WHO = ("begin", "lang", "help")
_OPENS = (
    *_ABOUT_WHO,
    "side",
    "guest",
    "host",
    "story",
    "code",
    "read",
    "edit",
    "who",
    "uses",
    "withdraw",
    "on",
)
"""What buttons do that only open something, ask on, or can be put right at once."""


def _paraphrased(guide: Guide, shown: Say, text: str) -> str | None:
    """The button of which a text is a paraphrase, below a question whose buttons only open
    something: who tells, a language, a side, one's own stories."""
    if not all(_does(each.id) in _OPENS for each in shown.buttons):
        return None
    return paraphrased(guide, shown, text, names=welcome.role_names(guide))


def _does(button: str) -> str:
    """What a button does; of one about a prompt, what it answers."""
    action, rest = parse(button) or ("", [])
    return rest[0] if action == "prompt" and rest else action
