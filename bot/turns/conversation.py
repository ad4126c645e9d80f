"""Drives the conversation of a person: one event is one step of the guide, and everything that
follows from it is put into the turn. What an account command asks stands beside it, alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.account_buttons import button_id, leads_back, yes_or_no
from bot.channels.base import ONE_MESSAGE, Echo, ReceivedFile
from bot.media import attachments
from bot.turns import account_question, consent, sent_messages, time_on_screen
from bot.turns.context import TurnContext
from conversations.authoring.recall import close_early
from conversations.engine.card import reopened
from conversations.engine.effects import (
    Begin,
    Button,
    Control,
    Effect,
    Farewell,
    Forget,
    Keep,
    Mark,
    Record,
    Reword,
    Say,
    Tick,
    Withdraw,
)
from conversations.engine.events import QUOTED, Aside, Asked, Due, Edited, Event, Said, Sent, Start
from conversations.engine.questions import asks_weighty
from conversations.engine.state import Part, State
from conversations.engine.step import step
from conversations.engine.way import trail
from conversations.engine.way.places import follow_merge
from conversations.guide.model import Guide
from conversations.guide.problems import GuideError
from storage.coordinators import teams
from storage.outbox import outbox
from storage.stories import withdrawals
from storage.stories.stories import Story
from storage.weeks import AMSTERDAM, week_of

HEARD = 300
"""The most messages of a person that are noted in a conversation."""


def begin(
    context: TurnContext,
    guide_id: str,
    known: Mapping[str, str] | None = None,
    told: Said | None = None,
) -> None:
    """A new conversation, with the guide as it is today. `known` facts stay with the person;
    what was `told` already is the first part of the story."""
    if known is None:
        known = context.person.memory.known
    known = teams.as_today(context.connection, known)
    guide = context.services.shelf.for_team(
        context.connection, guide_id, context.person.language, known.get("team_id", "")
    )
    context.remember(form=guide.form, guide=guide_id, known=known, expired=False, prompted=False)
    earlier = context.state
    asked = account_question.last_turn(context)
    turn = max(int(context.now.timestamp()), earlier.turn if earlier else 0, asked)
    wording = context.services.use.draw_wording()
    begun, effects = step(guide, None, Start(context.facts(), turn, wording))
    context.state = trail.follow(guide, None, begun, {}, int(context.now.timestamp()))
    # Nobody was asked yet whether these may be cleared.
    heard = earlier.heard if earlier and not earlier.kept else ()
    context.state = context.state.but(heard=(*heard, *context.person.memory.typed)[-HEARD:])
    context.remember(typed=())
    if told is not None:
        context.state = context.state.but(draft=(Part("text", told.text, told.ref),))
    _carry_out(context, effects)
    notice(context)


def notice(context: TurnContext) -> None:
    """Once, below the welcome: who reads along in Telegram, and where else it can be told, if a
    phone can reach that. The fixed buttons (help, stop) come with it, because it has none of its
    own."""
    if context.person.channel not in ("telegram", "whatsapp") or context.person.memory.noticed:
        return
    context.remember(noticed=True)
    reachable = is_reachable(context.services.settings.public_url)
    key = "telegram_notice" if reachable else "telegram_notice_only"
    if context.person.channel == "whatsapp":
        key = "whatsapp_notice"  # it is posted to, so its address is public
    said = Say(context.words(key))
    places = [place for place, (each, _) in enumerate(context.out) if isinstance(each, Say)]
    welcome = places[0] + 1 if len(places) > 1 else 0
    context.out.insert(welcome, (said, None))


def is_reachable(url: str) -> bool:
    """Whether a phone can reach an address: public, and by https."""
    host = urlsplit(url).hostname or ""
    local = host == "localhost" or host.endswith((".local", ".internal", ".localhost"))
    with suppress(ValueError):
        local = not ip_address(host).is_global
    return url.startswith("https://") and bool(host) and not local


def reopen(context: TurnContext, story: Story) -> None:
    """Change a kept story: its card, and what must change. Not while another one is open."""
    if context.state is not None and context.state.open:
        take(context, Asked())
        return
    turn = max(int(context.now.timestamp()), context.state.turn if context.state else 0)
    guide = context.services.shelf.told_with(
        context.connection, story.telling, context.person.language
    )
    context.remember(form=guide.form, guide=guide.id)
    context.state = reopened(guide, story.telling, context.facts()).but(turn=turn, story=story.id)
    take(context, Asked())


def note(context: TurnContext, ref: str) -> None:
    """Remember a message of the person, so that it can be cleared with the conversation that is
    open, or else with the next one."""
    state, typed = context.state, context.person.memory.typed
    if not ref or ref in typed or (state and ref in state.heard):
        return
    if state and state.open:
        context.state = state.but(heard=(*state.heard, ref)[-HEARD:])
    else:
        context.remember(typed=(*typed, ref)[-HEARD:])


def take(context: TurnContext, event: Event) -> None:
    """One event of the open conversation: a step, and everything that follows from it."""
    if context.state is None:
        raise ValueError("there is no conversation")
    try:
        guide = context.services.shelf.of(
            context.connection, context.state, context.person.language
        )
    except (KeyError, GuideError):
        _without_guide(context, context.state, event)
        return
    before = follow_merge(guide, context.state, context.services.shelf.moved)
    if isinstance(event, Said) and not event.early and asks_weighty(guide, before):
        event = replace(event, early=time_on_screen.under_way(context, event, before.turn))
        if time_on_screen.quotes_another(context, before.turn):
            event = replace(event, asked=QUOTED)
    state, effects = step(guide, before, event)
    if before.fingerprint in context.services.shelf.recalled:
        state, effects = close_early(guide, state, effects)
    answered = trail.newly_answered(before, state)
    context.state = trail.follow(guide, before, state, answered, int(context.now.timestamp()))
    if before.open and not state.open:
        _count_use(context, guide, context.state, effects)
    context.heard |= isinstance(event, Said | Edited)
    if any(isinstance(effect, Say) and effect.turn for effect in effects):
        account_question.drop(context)
    _carry_out(context, effects, before)
    if before.mode == "stopping" and context.state and context.state.mode == "paused":
        context.promise("draft", "-")


def _count_use(context: TurnContext, guide: Guide, over: State, effects: Sequence[Effect]) -> None:
    """Add up how a conversation that is over went, if its teller kept a story or let it wait too
    long; its trail goes."""
    expired = any(isinstance(effect, Forget) and effect.expired for effect in effects)
    if marks := trail.counted_marks(guide, over, expired=expired):
        day = context.now.astimezone(AMSTERDAM).date().isoformat()
        ids = (context.person.id, over.story)
        context.services.use.add(ids, (guide.id, over.fingerprint), day, marks)
    context.state = over.but(trail=(), since=0)


def offer(context: TurnContext, event: Sent, file: ReceivedFile) -> Sent:
    """The event with its file, for the story to take; what it does not take is not stored."""
    event = attachments.offered(context.connection, context.services, context.state, event)
    context.files[event.blob] = file
    for place, (each, about) in enumerate(context.out):
        if isinstance(each, Echo) and each.kind and each.ref == event.ref:
            context.out[place] = replace(each, blob=event.blob), about
    return event


def withdraw(context: TurnContext, story_id: str) -> bool:
    """A story goes, and the conversation it came from. False when it was gone already."""
    services, week = context.services, week_of(context.now)
    gone = withdrawals.withdraw(context.connection, story_id, services.erased, week)
    services.use.forget(story_id)
    outbox.forget_several(context.connection, context.person.id)
    context.own(story_id, is_there=False)
    if context.state and context.state.story == story_id:
        context.state = None
    context.scrub = True
    return gone


def _carry_out(
    context: TurnContext, effects: Sequence[Effect], before: State | None = None
) -> None:
    yes: Record | None = None
    for effect in effects:
        match effect:
            case Say() if effect.slots:
                context.put(effect.but(text=consent.with_code(context, effect.text)))
            case Say() | Mark() | Tick():
                context.put(effect)
            case Record(purpose="keep"):
                yes = effect
            case Record():
                consent.record(context, effect)
            case Keep() if yes:
                consent.keep(context, effect, yes)
            case Reword():
                sent_messages.reword(context, effect, before)
            case Withdraw() if context.state and context.state.story:
                after = context.state.but(story="")
                withdraw(context, context.state.story)
                context.state = after
            case Forget():
                _forget(context, effect)
            case Farewell() if context.state and context.state.kept and not context.promised:
                _offer_to_clear(context)
            case Begin():
                begin(context, context.person.memory.guide)


def _without_guide(context: TurnContext, state: State, event: Event) -> None:
    """The version of the guide is not known here any more: today's questions, with the story
    as far as it was told."""
    if isinstance(event, Due):
        return
    context.state = None
    if state.open and not state.kept and context.services.shelf.may_begin(state.guide):
        context.phrase("guide_recalled")
        begin(context, state.guide, {name: fact for name, fact in state.facts.items() if fact})
        context.state = context.open_state.but(draft=state.draft)


def _forget(context: TurnContext, effect: Forget) -> None:
    context.forgot = True
    context.scrub = True
    if effect.person:
        context.erase_person()
    if effect.expired:
        context.remember(expired=True)


# -- the account question


def ask(
    context: TurnContext,
    key: str,
    buttons: Sequence[Button] = (),
    control: Control | None = None,
    **slots: str,
) -> None:
    """Ask this, on a turn of its own. Whoever has a conversation open can also go back to it."""
    ask_alone(context, Say(context.words(key, **slots), tuple(buttons), control=control))


def ask_alone(context: TurnContext, question: Say) -> None:
    """Ask a question that is in words already."""
    buttons = question.buttons
    if context.state is not None:
        take(context, Aside())
    if context.state is not None and context.state.open:
        turn = context.state.turn - 1
        if not any(leads_back(each.id) for each in buttons):
            buttons = (*buttons, Button(button_id("on"), context.words("button.continue")))
    elif context.state is not None:
        turn = context.state.turn - 1
    else:
        turn = max(int(context.now.timestamp()), account_question.last_turn(context)) + 1
    _stand(context, Say(question.text, buttons, turn, question.control))


def ask_again(context: TurnContext, question: Say) -> None:
    """The question that stands once more; every copy of it counts."""
    _stand(context, question)


def ask_open_question(context: TurnContext) -> None:
    """The open question once more, if there is one and no account command asks something itself."""
    if context.asks or context.promised:
        return
    account_question.drop(context)
    if context.state is not None and context.state.open:
        take(context, Asked())


@contextmanager
def above_question(context: TurnContext) -> Iterator[None]:
    """What is said meanwhile stands above the question of this turn, which stays the last word."""
    before = len(context.out)
    yield
    said = context.out[before:]
    asked = [place for place in range(before) if _is_question(context.out[place][0])]
    if asked:
        del context.out[before:]
        context.out[asked[-1] : asked[-1]] = said


def _is_question(effect: object) -> bool:
    return isinstance(effect, Say) and bool(effect.turn and effect.buttons)


def close_page(context: TurnContext) -> None:
    """What the last question of a page was asked before is answered: the last screen, with the
    code, where nothing is open any more."""
    state = context.state
    if context.person.channel == "web" and state is not None and state.kept and not state.open:
        _offer_to_clear(context)


def keep_standing(context: TurnContext) -> None:
    """The account question stands as it was: only something about it changed."""
    context.remember(stands=True)
    context.asks = True


def _stand(context: TurnContext, question: Say) -> None:
    context.remember(asked=question.turn, stands=True)
    context.asks = True
    with context.about():
        context.put(question)


def _offer_to_clear(context: TurnContext) -> None:
    """After a story was kept, and nothing more is to be told: shall this conversation go from the
    chat? The page of the web chat offers to leave nothing by itself, beside the code."""
    if context.person.channel == "web":
        context.put(Say(context.words("ending_screen"), control=Control("ending")))
        return
    if context.person.channel in ONE_MESSAGE:
        context.phrase("whatsapp_tidy")
        return
    if context.state is None or context.person.channel not in sent_messages.CAN_BE_CLEARED:
        return
    turn, heard = context.state.turn, context.state.heard
    context.remember(heard=(*context.person.memory.heard, *heard))
    labels = context.words("tidy_offer.yes"), context.words("tidy_offer.no")
    ask(context, "tidy_offer", yes_or_no("tidy", labels, str(turn)))
