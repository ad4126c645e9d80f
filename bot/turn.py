"""One turn: who answers what a person said or did, and what that leaves to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot import account_answers, account_question, desk, own_stories
from bot.channels.base import Account, Arrival, Blocked, Group, Leave
from bot.dwelling import changed_for, too_soon, visible_for
from bot.saying import Fresh, put_to
from bot.scene import House, Scene
from conversations.effects import Button, Say
from conversations.events import Command, Edited, Event, Placed, Said, Sent, Tapped
from storage import people, sending
from storage.ahead import Known
from storage.weeks import week_of


class Outcome(NamedTuple):
    """What a turn leaves to do after its commit: clean the journal, clear an open page, send."""

    scrub: bool = False
    forgot: tuple[str, str] | None = None
    fresh: Sequence[Fresh] = ()


def taken(
    house: House,
    connection: Connection,
    arrival: Arrival,
    now: datetime,
    known: Known | None = None,
) -> Outcome:
    """The turn of an arrival, written on the connection."""
    if isinstance(arrival.event, Group):
        language = language_of(house, arrival)
        words = house.shelf.library.phrases(language).get("group_chat")
        put_to(connection, house, sender(arrival), now, Say(words), Leave())
        return Outcome()
    if known is not None:
        person = people.seen(connection, known.person, week_of(now))
    else:
        person = people.find_or_make(
            connection,
            house.vault,
            arrival.channel,
            arrival.address,
            language_of(house, arrival),
            week_of(now),
        )
    scene = Scene(house, connection, person, now, known)
    if arrival.echo is not None:
        scene.put(arrival.echo)
    event = arrival.event
    if isinstance(event, Sent) and arrival.file is not None:
        event = scene.offer(event, arrival.file)
    if isinstance(event, Tapped) and arrival.tapped:
        event = _timed(scene, event, arrival.tapped)
    scene.note(arrival.ref)
    _play(scene, event)
    if isinstance(event, Said | Edited) and not scene.heard:
        desk.care(scene, event.text)
    scene.note(arrival.ref)  # again: the conversation that knew of it may be gone
    return closed(scene)


def _play(scene: Scene, event: Event | Account | Blocked | Group) -> None:
    """Who answers: the desk, or the guide."""
    idle = scene.state is None or not scene.state.open
    if isinstance(event, Blocked) and not event.back:
        people.block(scene.connection, scene.person.id)
        sending.gone(scene.connection, scene.person.id)
        scene.person = scene.person.but(blocked=True)
        return
    if scene.person.blocked or isinstance(event, Blocked):
        scene.person = scene.person.but(blocked=False)
        scene.phrase("welcome_back", [Button("begin", scene.words("welcome_back.begin"))])
    match event:
        case Blocked() | Group():
            pass
        case Account():
            desk.account(scene, event)
        case Tapped(turn, button) if _of_the_desk(turn, button, idle=idle) and too_soon(
            scene, event
        ):
            scene.phrase("tap_too_soon")
            if asked := account_question.standing(scene):
                account_question.again(scene, asked)
            else:
                desk.ask_again(scene)
        case Tapped(_, "stories"):
            desk.account(scene, Account("stories"))
        case Tapped(_, button) if button.startswith("d:"):
            desk.tapped(scene, event)
        case Tapped(turn, "begin" as button) if _of_the_desk(
            turn, button, idle=idle
        ) and not account_question.must_be_answered(scene):
            desk.begin_again(scene)
        case Said() | Tapped() | Placed() | Command() if asked := account_question.standing(scene):
            account_answers.answered(scene, asked, event)
        case Said(text) if own_stories.read_as_code(scene, text, idle=idle):
            desk.ask_again(scene)
        case Said() | Edited() | Sent() | Tapped() | Placed() if idle and scene.person.prefs.get(
            "expired"
        ):
            desk.expired(scene)
        case Said(text) if idle and desk.planning(scene, text):
            pass
        case Said(text) if idle and (tap := desk.meant(scene, text)):
            desk.tapped(scene, tap)
        case Said() if idle and desk.answered(scene, event):
            pass
        case _ if scene.state is None:
            desk.without_conversation(scene, event)
        case _:
            scene.take(event)


def _of_the_desk(turn: int, button: str, *, idle: bool) -> bool:
    """Whether a button is none of a guide."""
    begins = button == "begin" and (idle or turn == 0)
    return begins or button == "stories" or button.startswith("d:")


def _timed(scene: Scene, event: Tapped, message: str) -> Tapped:
    """A tap with how long its question was visible, where the channel alone cannot tell."""
    seen = event.seen or 0
    if seen < scene.house.shelf.dwell.weighty:
        seen = visible_for(scene, event.turn, message, seen)
    changed = changed_for(scene, event)
    return replace(event, seen=seen if changed is None else min(seen, changed))


def language_of(house: House, arrival: Arrival) -> str:
    """The language of a new person: what the client speaks, if we do; else Dutch."""
    spoken = house.shelf.library.spoken
    wanted = arrival.language[:2].lower()
    return wanted if wanted in spoken else spoken[0]


def closed(scene: Scene) -> Outcome:
    """Write what a scene changed."""
    scene.close()
    at = (scene.person.channel, scene.person.address)
    return Outcome(scene.scrub, at if scene.forgot or scene.cleared else None, scene.fresh)


def sender(arrival: Arrival) -> tuple[str, str, str]:
    """Whom to answer without knowing the person: channel, address and language."""
    return arrival.channel, arrival.address, arrival.language
