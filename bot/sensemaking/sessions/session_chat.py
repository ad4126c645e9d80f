"""A session in the chat: joining by its code, predicting, and thinking about interpretations.

Who takes part sees no story here. What is given hangs on a random participant of the session, and
goes when it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from bot.account_buttons import button_id, parse
from bot.channels.web.pages import Choices
from bot.coordinators.questions import Question, Questions, questions
from bot.delivery.enqueue import enqueue
from bot.sensemaking.sessions.round_results import open_pattern
from bot.services import Services, form_of
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Say
from conversations.guide.library import Library
from conversations.guide.model import Form, fill_slots
from storage.engine.transaction import Reads, Transaction
from storage.people import people
from storage.sensemaking import patterns, rounds, sessions
from storage.sensemaking.patterns import Interpretation, SessionPattern
from storage.sensemaking.rounds import PARTICIPANT_ROLES, VOTE_ANSWERS
from storage.sensemaking.sessions import SenseSession

Words = Callable[..., str]

KIND = "s"
"""What the payload of a link to a session begins with."""
PLACES = tuple(map(str, range(0, 101, 10)))
"""Places to choose from: 0, 10, … 100."""
LONGEST = 500
MOST_OWN = 33
"""Interpretations that are waiting for the facilitator, of one pattern."""
MOST_SEATS = 200
"""Everybody who takes part is told of every round: a code that went round is no crowd."""


class SessionChat:
    """The room of the chat in which people take part in a session."""

    action = "sense"
    link = KIND

    def follow(self, context: TurnContext, code: str) -> bool:
        """A link to a session. Whether the open question is to be asked again."""
        code, _, role = code.partition("-")
        session = sessions.by_code(context.connection, code)
        if session is None or not session.live:
            context.phrase("session_not_open")
            return True
        if role in PARTICIPANT_ROLES:
            return self._sit(context, session, role)
        conversation.ask(context, "session_who", [
            Button(button_id("sense", each, session.id), context.words(f"session_who.{each}"))
            for each in PARTICIPANT_ROLES
        ])  # fmt: skip
        return False

    def tap(self, context: TurnContext, rest: list[str]) -> bool:
        """A button of a session. Whether the open question is to be asked again."""
        what, its_id = (*rest, "", "")[:2]
        if what in PARTICIPANT_ROLES:
            session = sessions.known(context.connection, its_id)
            if session is None or not session.live:
                context.phrase("session_not_open")
                return True
            return self._sit(context, session, what)
        found = _place(context, its_id)
        if found is None:
            context.phrase("session_over")
            return True
        session, pattern, seat = found
        if what == "own":
            stop = Button(button_id("sense", "stop", pattern.id), context.words("session_own.stop"))
            conversation.ask(context, "session_own", [stop])
            return False
        if what == "stop":
            context.phrase("session_wait")
            return True
        if what in PLACES and session.state == "predicting":
            rounds.predict(context.connection, seat, pattern.id, int(what))
            context.phrase("session_predicted")
            return True
        answer = next((each for each in VOTE_ANSWERS if each == what), None)
        shown = {each.id for each in pattern.interpretations if each.shown}
        if answer is None or session.state != "interpreting" or its_id not in shown:
            context.phrase("session_over")
            return True
        rounds.vote(context.connection, seat, its_id, answer)
        return self._ask(context, session)

    def words(self, context: TurnContext, asked: Say, text: str) -> bool:
        """An interpretation of someone's own, where the question that stands asks for it. Words
        that sound heavy are for no facilitator: who can help comes first, the question stands."""
        buttons = filter(None, (parse(each.id) for each in asked.buttons))
        wanted = [rest[1] for action, rest in buttons if action == "sense" and rest[:1] == ["stop"]]
        if not wanted:
            return False
        if worrying(text, context.person.language):
            context.heard = True
            context.phrase("help_card")
            conversation.ask_again(context, asked)
        elif len(text.strip()) > LONGEST:
            context.unkept("too_long_answer", max=str(LONGEST))
            conversation.ask_again(context, asked)
        else:
            account_question.drop(context)
            _keep_own(context, wanted[0], text.strip())
            conversation.ask_open_question(context)
        return True

    def _sit(self, context: TurnContext, session: SenseSession, role: str) -> bool:
        connection, person_id = context.connection, context.person.id
        seated = rounds.seat_of(connection, session.id, person_id)
        if not seated and rounds.taking_part(connection, session.id) >= MOST_SEATS:
            context.phrase("session_full")
            return True
        chosen = next(each for each in PARTICIPANT_ROLES if each == role)
        rounds.take_seat(connection, session.id, person_id, chosen)
        context.phrase("session_joined")
        return self._ask(context, session)

    def _ask(self, context: TurnContext, session: SenseSession) -> bool:
        """What the session asks now."""
        seat = rounds.seat_of(context.connection, session.id, context.person.id)
        asked = asked_now(
            context.connection, context.services, session, seat, context.person.language,
            context.form,
        )  # fmt: skip
        context.put(asked)
        return not asked.buttons


def tell(connection: Transaction, services: Services, session: SenseSession, now: datetime) -> None:
    """Send to everybody who takes part what is asked now."""
    for person_id in rounds.people_in(connection, session.id):
        person = people.by_id(connection, person_id)
        if person is None or person.blocked:
            continue
        seat = rounds.seat_of(connection, session.id, person_id)
        said = asked_now(connection, services, session, seat, person.language, form_of(person))
        enqueue(connection, person_id, said, "reply", now)


def asked_now(
    reads: Reads,
    services: Services,
    session: SenseSession,
    seat: str,
    language: str,
    form: Form,
) -> Say:
    """What the session asks a participant now: a prediction, an interpretation, or to wait."""
    phrases = services.shelf.library.phrases(language)

    def words(key: str, **slots: str) -> str:
        return fill_slots(phrases.get(key, form), slots)

    pattern = open_pattern(reads, session)
    if session.state == "closed":
        return Say(words("session_closed"))
    if pattern is not None and session.state == "predicting":
        question = _questions(services.shelf.library, language).find(pattern.one)
        places = [
            Button(button_id("sense", place, pattern.id), str(number))
            for number, place in enumerate(PLACES)
        ]
        return Say(_predicts(question, pattern, words), tuple(places))
    if pattern is not None and session.state == "interpreting":
        done = rounds.voted(reads, seat)
        left = [each for each in pattern.interpretations if each.shown and each.id not in done]
        if left:
            return _on(left[0], words)
        own = Button(button_id("sense", "own", pattern.id), words("session_all.own"))
        return Say(words("session_all"), (own,))
    return Say(words("session_wait"))


def _keep_own(context: TurnContext, pattern_id: str, text: str) -> None:
    """An interpretation of someone's own waits for the facilitator, if there is room."""
    found = _place(context, pattern_id)
    if found is None:
        context.unkept("session_over")
        return
    _, pattern, _ = found
    waiting = sum(each.added and not each.shown for each in pattern.interpretations)
    if waiting < MOST_OWN:
        patterns.add_reading(context.connection, pattern.id, text, "", added=True)
        context.phrase("session_own_ok")
    else:
        context.unkept("session_own_full")


def session_choices(
    reads: Reads, services: Services, payload: str, language: str
) -> Choices | None:
    """What the page of a link to a session asks: in which role someone takes part. None: it is no
    such link. It reads only."""
    kind, _, code = payload.partition("-")
    if kind != KIND:
        return None
    phrases = services.shelf.library.phrases(language)
    session = sessions.by_code(reads, code.partition("-")[0])
    if session is None or not session.live:
        return Choices(language, phrases.get("session_not_open", "je"), ())
    buttons = tuple(
        (f"{KIND}-{session.code}-{role}", phrases.get(f"session_who.{role}", "je"))
        for role in PARTICIPANT_ROLES
    )
    return Choices(language, phrases.get("session_who", "je"), buttons)


@lru_cache(maxsize=8)
def _questions(library: Library, language: str) -> Questions:
    """Once for all phones of a session."""
    return questions(library, language)


def _predicts(question: Question | None, pattern: SessionPattern, words: Words) -> str:
    """What is predicted: the middle of a scale, or how many of ten stories say something."""
    asks = question.asks if question else ""
    if question is None or question.shape != "scale":
        answer = question.said(pattern.answer) if question else ""
        return words("session_predict_share", question=asks, answer=answer)
    left, right = (label for _, label in question.answers[:2])
    return words("session_predict", question=asks, left=left, right=right)


def _on(reading: Interpretation, words: Words) -> Say:
    """An interpretation, and what someone may think of it."""
    buttons = (
        Button(button_id("sense", each, reading.id), words(f"session_reading.{each}"))
        for each in VOTE_ANSWERS
    )
    return Say(words("session_reading", reading=reading.text), tuple(buttons))


def _place(context: TurnContext, its_id: str) -> tuple[SenseSession, SessionPattern, str] | None:
    """The round in which a pattern or an interpretation stands, and as which participant this
    person sits there; None when it is over."""
    reads = context.connection
    for session_id in rounds.sessions_of(reads, context.person.id):
        session = sessions.known(reads, session_id)
        pattern = open_pattern(reads, session) if session else None
        if session is None or pattern is None:
            continue
        if its_id == pattern.id or any(its_id == each.id for each in pattern.interpretations):
            return session, pattern, rounds.seat_of(reads, session_id, context.person.id)
    return None
