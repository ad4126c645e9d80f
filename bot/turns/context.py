"""One person in one turn: what happens is gathered here, and committed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import dwell_time
from bot.account import account_question
from bot.channels.base import Echo, ReceivedFile
from bot.codec import Deliverable, Fresh, Out
from bot.media import attachments
from bot.meetings.prompts import story_events
from bot.services import Services as House
from bot.services import form_of as form_of
from bot.slots import facts
from bot.turns import consent, replies, sent_messages, timers
from conversations.engine.card import reopened
from conversations.engine.effects import (
    Begin,
    Button,
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
from conversations.engine.events import Asked, Due, Edited, Event, Said, Sent, Start
from conversations.engine.questions import asks_weighty, distinct
from conversations.engine.state import Part, State
from conversations.engine.step import step
from conversations.guide.model import Form, Phrases, fill_slots
from conversations.guide.problems import GuideError
from storage.outbox import outbox
from storage.people import people, states
from storage.people.people import Person
from storage.people.prefetch import Loaded
from storage.stories import stories
from storage.stories.rows import SEVERAL
from storage.stories.stories import Story
from storage.weeks import week_of

HEARD = 300
"""The most messages of a person that are noted in a conversation."""


class TurnContext:
    """Opens with a person at a moment, and with what is `known` already; `close` writes what
    changed.

    `asks` says that an account command asked something in this turn. Afterwards `scrub` tells that
    something was erased, so that the journal must be cleaned, and `forgot` that the messages of the
    conversation went, `cleared` that some of them did. `heard` that the guide took what the person
    typed. `fresh` is what was put, if nothing else waits for this person: it need not be read back
    to be sent.
    """

    def __init__(
        self,
        services: House,
        connection: Connection,
        person: Person,
        now: datetime,
        known: Loaded | None = None,
    ) -> None:
        self.services = services
        self.connection = connection
        self.person = person
        self.now = now
        self._known = known
        self.state = known.state if known else states.load(connection, services.vault, person.id)
        self.scrub = False
        self._before = (self.state, person)
        self._files: dict[str, ReceivedFile] = {}
        self._out: list[Out] = []
        self._about: str | None = None
        self.asks = False
        self.forgot = self.cleared = False
        self.fresh: Sequence[Fresh] = ()
        self.heard = False
        self._erase_person = False

    # -- words

    @property
    def phrases(self) -> Phrases:
        return self.services.shelf.library.phrases(self.person.language)

    @property
    def form(self) -> Form:
        return form_of(self.person)

    def words(self, key: str, **slots: str) -> str:
        """A fixed sentence, to this person."""
        return fill_slots(self.phrases.get(key, self.form), {**self.facts(), **slots})

    def facts(self) -> dict[str, str]:
        known = self.person.prefs.get("known", {})
        return facts(self.services.settings, self.phrases, known, self.person.channel)

    def phrase(self, key: str, buttons: Sequence[Button] = (), **slots: str) -> None:
        """Say a fixed sentence."""
        self.put(Say(self.words(key, **slots), tuple(buttons)))

    def put_first(self, said: Say) -> None:
        """Say this before everything else of this turn, below what the person typed."""
        echoes = sum(isinstance(each, Echo) for each, _ in self._out)
        self._out.insert(echoes, (said, None))

    def put(self, *deliverables: Deliverable) -> None:
        """Deliver these, in this order, once the turn is committed."""
        for each in deliverables:
            if isinstance(each, Say):
                each = dwell_time.weighed(replace(each, buttons=distinct(each.buttons)))
            self._out.append((each, self._about))

    @property
    def said(self) -> Sequence[Deliverable]:
        """What was put so far."""
        return [each for each, _ in self._out]

    @contextmanager
    def about(self, *story_ids: str) -> Iterator[None]:
        """What is put meanwhile tells of these kept stories: it goes when one of them goes. Without
        ids it may tell of any, unless it is known already of which."""
        before = self._about
        several = SEVERAL if story_ids or before is None else before
        self._about = story_ids[0] if len(story_ids) == 1 else several
        yield
        self._about = before

    # -- the person

    def prefer(self, **prefs: Any) -> None:
        """Remember about the person; None forgets."""
        merged = {**self.person.prefs, **prefs}
        kept = {name: value for name, value in merged.items() if value is not None}
        self.person = self.person.but(prefs=kept)

    def own(self, story_id: str, *, is_there: bool = True) -> None:
        """Add a story to the person's own list, or take it off."""
        rest = tuple(own for own in self.person.stories if own != story_id)
        self.person = self.person.but(stories=(*rest, story_id) if is_there else rest)

    def erase_person(self) -> None:
        """Everything of the person goes when the turn is over, the stories on the own list too;
        what was put is said in farewell."""
        self._erase_person = True

    # -- the conversation

    def begin(
        self, guide_id: str, known: Mapping[str, str] | None = None, told: Said | None = None
    ) -> None:
        """A new conversation, with the guide as it is today. `known` facts stay with the person;
        what was `told` already is the first part of the story."""
        guide = self.services.shelf.today(guide_id, self.person.language)
        if known is None:
            known = self.person.prefs.get("known", {})
        self.prefer(form=guide.form, guide=guide_id, known=dict(known), expired=None, prompted=None)
        self.notice()
        earlier = self.state
        asked = account_question.last_turn(self)
        turn = max(int(self.now.timestamp()), earlier.turn if earlier else 0, asked)
        self.state, effects = step(guide, None, Start(self.facts(), turn))
        # Nobody was asked yet whether these may be cleared.
        heard = earlier.heard if earlier and not earlier.kept else ()
        self.state = self.state.but(heard=(*heard, *self.person.prefs.get("typed", ()))[-HEARD:])
        self.prefer(typed=None)
        if told is not None:
            self.state = self.state.but(draft=(Part("text", told.text, told.ref),))
        self._carry_out(effects)

    def notice(self) -> None:
        """Once, before anything else: who reads along in Telegram. The fixed buttons (help, stop)
        come with it, because it has none of its own."""
        if self.person.channel == "telegram" and not self.person.prefs.get("noticed"):
            self.prefer(noticed=True)
            self.phrase("telegram_notice")

    def reopen(self, story: Story) -> None:
        """Change a kept story: its card, and what must change. Not while another one is open."""
        if self.state is not None and self.state.open:
            self.take(Asked())
            return
        turn = max(int(self.now.timestamp()), self.state.turn if self.state else 0)
        guide = self.services.shelf.told_with(self.connection, story.telling, self.person.language)
        self.prefer(form=guide.form, guide=guide.id)
        self.state = reopened(guide, story.telling, self.facts()).but(turn=turn, story=story.id)
        self.take(Asked())

    def note(self, ref: str) -> None:
        """Remember a message of the person, so that it can be cleared with the conversation that is
        open, or else with the next one."""
        state, typed = self.state, self.person.prefs.get("typed", ())
        if not ref or ref in typed or (state and ref in state.heard):
            return
        if state and state.open:
            self.state = state.but(heard=(*state.heard, ref)[-HEARD:])
        else:
            self.prefer(typed=[*typed, ref][-HEARD:])

    def take(self, event: Event) -> None:
        """One event of the open conversation: a step, and everything that follows from it."""
        if self.state is None:
            raise ValueError("there is no conversation")
        try:
            guide = self.services.shelf.of(self.connection, self.state, self.person.language)
        except (KeyError, GuideError):
            self._without_guide(self.state, event)
            return
        before = self.state
        if isinstance(event, Said) and not event.early and asks_weighty(guide, before):
            event = replace(event, early=dwell_time.under_way(self, event, before.turn))
        self.state, effects = step(guide, before, event)
        self.heard |= isinstance(event, Said | Edited)
        if any(isinstance(effect, Say) and effect.turn for effect in effects):
            account_question.drop(self)
        self._carry_out(effects, before)

    def offer(self, event: Sent, file: ReceivedFile) -> Sent:
        """The event with its file, for the story to take; what it does not take is not stored."""
        event = attachments.offered(self.connection, self.services, self.state, event)
        self._files[event.blob] = file
        return event

    def withdraw(self, story_id: str) -> bool:
        """A story goes, and the conversation it came from. False when it was gone already."""
        services, week = self.services, week_of(self.now)
        gone = stories.withdraw(self.connection, services.vault, story_id, services.erased, week)
        outbox.forget_several(self.connection, self.person.id)
        self.own(story_id, is_there=False)
        if self.state and self.state.story == story_id:
            self.state = None
        self.scrub = True
        return gone

    def close(self) -> None:
        """Write it all."""
        if self._erase_person:
            self._say_farewell()
            return
        if self.forgot:
            outbox.forget(self.connection, self.person.id)
            self._out = [each for each in self._out if isinstance(each[0], Say)]
        state, person = self._before
        story_changed = self.scrub or self.person.stories != person.stories
        self.fresh = replies.say(self, self._out, self._known, story_changed=story_changed)
        if self.state != state:
            self.scrub |= attachments.settle(
                self.connection, self.services, person, self.now, (state, self.state), self._files
            )
            self._save_state()
            if state is not None and state.open and not (self.state and self.state.open):
                story_events.over(self.connection, self.person, self.now)
        if self.person != person:
            people.save(self.connection, self.services.vault, self.person)

    # -- carrying out

    def _carry_out(self, effects: Sequence[Effect], before: State | None = None) -> None:
        yes: Record | None = None
        for effect in effects:
            match effect:
                case Say() if effect.slots:
                    self.put(replace(effect, text=consent.with_code(self, effect.text)))
                case Say() | Mark() | Tick():
                    self.put(effect)
                case Record(purpose="keep"):
                    yes = effect
                case Record():
                    consent.record(self, effect)
                case Keep() if yes:
                    consent.keep(self, effect, yes)
                case Reword():
                    sent_messages.reword(self, effect, before)
                case Withdraw() if self.state and self.state.story:
                    after = self.state.but(story="")
                    self.withdraw(self.state.story)
                    self.state = after
                case Forget():
                    self._forget(effect)
                case Farewell() if self.state and self.state.kept:
                    sent_messages.offer(self)
                case Begin():
                    self.begin(str(self.person.prefs["guide"]))

    def _without_guide(self, state: State, event: Event) -> None:
        """The version of the guide is not known here any more: today's questions, with the story
        as far as it was told."""
        if isinstance(event, Due):
            return
        self.state = None
        if state.open and not state.kept and state.guide in self.services.shelf.library.ids:
            self.phrase("guide_recalled")
            self.begin(state.guide, {name: fact for name, fact in state.facts.items() if fact})
            self.state = self.open_state.but(draft=state.draft)

    def _forget(self, effect: Forget) -> None:
        self.forgot = True
        self.scrub = True
        if effect.person:
            self.erase_person()
        if effect.expired:
            self.prefer(expired=True)

    @property
    def open_state(self) -> State:
        """The conversation there is. Raises ValueError."""
        if self.state is None:
            raise ValueError("there is no conversation")
        return self.state

    # -- writing

    def _save_state(self) -> None:
        person_id, state, before = self.person.id, self.state, self._before[0]
        if state is None:
            states.drop(self.connection, person_id)
            return
        gently = before is not None and state.reminded > before.reminded
        states.save(self.connection, self.services.vault, person_id, state, self.now, gently=gently)
        if not gently:
            timers.follow(self.connection, self.services, person_id, (before, state), self.now)

    def _say_farewell(self) -> None:
        """What is said to someone who is erased goes out without the person."""
        person, services = self.person, self.services
        people.save(self.connection, services.vault, person)
        people.erase(self.connection, services.vault, person.id, services.erased, week_of(self.now))
        to = (person.channel, person.address, person.language)
        said = [effect for effect, _ in self._out if isinstance(effect, Say)]
        replies.put_to(self.connection, services, to, self.now, *said)
        self.scrub = self.forgot = True
