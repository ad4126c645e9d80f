"""Attachments on their way into a story: inspected as they arrive, stored in the turn that takes
them, deleted in the turn that does without them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.base import Arrival, ReceivedFile
from bot.media import audio
from bot.media.images import NoPicture, drawn_again
from bot.media.speech_to_text import why_not
from bot.services import Services
from bot.settings import Settings
from conversations.engine.events import Sent, SentProblem
from conversations.engine.state import Part, State
from storage.engine.transaction import Reads, Transaction
from storage.people import people
from storage.people.people import Person
from storage.stories import blobs, stories
from storage.stories.blobs import Content
from storage.vault.vault import new_id
from storage.weeks import week_of

MOST_FILES = 12
"""Recordings and pictures of one draft."""

_drawing = asyncio.Semaphore(2)


async def examined(settings: Settings, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals, each file in them as it may be kept, or a word about why not."""
    return [
        arrival if arrival.file is None else await _examined(settings, arrival, arrival.file)
        for arrival in arrivals
    ]


async def _examined(settings: Settings, arrival: Arrival, file: ReceivedFile) -> Arrival:
    event, speech = arrival.event, settings.speech
    if not isinstance(event, Sent):
        return replace(arrival, file=None)
    problem: SentProblem = ""
    if event.kind == "photo" and settings.pictures.allowed:
        try:
            async with _drawing:
                data = await asyncio.to_thread(drawn_again, file.data)
            file = ReceivedFile(data, "image/jpeg")
        except NoPicture:
            problem = "unreadable"
    elif event.kind == "voice" and speech.recordings:
        file = replace(file, media_type=audio.media_type(file.data))
        if len(file.data) > audio.MOST_BYTES:
            problem = "too_big"
        elif not file.media_type:
            problem = "unreadable"
        elif file.seconds > speech.max_minutes * 60:
            problem = "too_long"
    else:
        return replace(arrival, file=None)
    if problem:
        return replace(arrival, event=replace(event, problem=problem), file=None)
    return replace(arrival, file=file)


def offered(connection: Transaction, services: Services, state: State | None, event: Sent) -> Sent:
    """The event with a name for its file, by which the story may take it."""
    attached = sum(1 for part in state.draft if part.blob) if state else 0
    if attached >= MOST_FILES:
        return replace(event, problem="too_many")
    heard = event.kind == "voice" and not why_not(services.settings.speech)
    ahead = blobs.queued(connection) if heard else 0
    if heard and ahead >= services.settings.speech.queue:
        return replace(event, problem="busy")
    return replace(event, blob=new_id(), heard=heard, ahead=ahead)


def settle(
    connection: Transaction,
    services: Services,
    person: Person,
    now: datetime,
    states: tuple[State | None, State | None],
    files: Mapping[str, ReceivedFile],
) -> bool:
    """Store the files that the state after a turn names, and let go of what only the one before it
    did. Whether something was erased."""
    before, after = (named(state) for state in states)
    if not (before or after):
        return False
    waiting = {part.blob for part in _parts(states[1]) if part.status == "waiting"}
    for blob_id in files.keys() & after:
        file = files[blob_id]
        kind: blobs.Kind = "photo" if file.media_type.startswith("image/") else "voice"
        content = Content(kind, file.media_type, file.data, file.seconds)
        at = now if blob_id in waiting else None
        blobs.put(connection, person.id, content, at, blob_id)
    gone = before - after
    if not gone:
        return False
    week = week_of(now)
    return blobs.drop(connection, person.id, gone, services.erased, week) > 0


def for_owner(reads: Reads, address: str, blob_id: str) -> Content | None:
    """A recording or picture for who sent it in the web chat: of the open draft, or of a kept story
    on the own list. None for anybody else."""
    person = people.find(reads, "web", address)
    if person is None:
        return None
    own = (*person.stories, *person.memory.found)
    kept = (
        part["blob"] for story in stories.for_person(reads, own) for part in story.telling.parts
    )
    mine = blob_id in blobs.of_person(reads, person.id) or blob_id in kept
    return blobs.read(reads, blob_id) if mine else None


def named(state: State | None) -> set[str]:
    """The files that a draft names."""
    return {part.blob for part in _parts(state) if part.blob}


def _parts(state: State | None) -> tuple[Part, ...]:
    return state.draft if state else ()
