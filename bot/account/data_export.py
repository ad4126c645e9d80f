"""Data export (GDPR, article 15): everything that is known of a person, for that person, as a
readable file and as JSON."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

from msgspec import to_builtins

from bot.channels.base import Document
from bot.meetings.membership import known_places
from bot.turns.context import TurnContext
from conversations.engine.card import card_text, kept_card
from storage.stories import blobs, consents, stories
from storage.stories.rows import SEVERAL
from storage.stories.stories import Story

WEB = "web"

_ENDINGS = {
    "image/jpeg": "jpg",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}

MOST_BYTES = 8 * 1024 * 1024
"""Of recordings and pictures in one file; of what does not fit the size is told."""


def export_data(context: TurnContext) -> None:
    """`/mijngegevens`."""
    person = context.person
    own = stories.for_person(context.connection, person.stories)
    context.phrase("data_intro")
    with context.about(SEVERAL):
        context.put(
            Document("vertelbot.txt", "text/plain", _readable(context, own)),
            Document("vertelbot.json", "application/json", _data(context, own)),
            *_as_files(context, own),
        )


def _readable(context: TurnContext, own: list[Story]) -> str:
    person, words = context.person, context.words
    pieces = [
        words("data_intro"),
        f"{words('data.channel')}: {person.channel}\n"
        f"{words('data.language')}: {context.phrases.get('language_name')}",
    ]
    if context.state is not None and context.state.draft:
        told = "\n\n".join(part.text for part in context.state.draft)
        pieces.append(f"{words('data.open')}\n\n{told}")
    places = [str(place["meeting"]) for place in known_places(context)]
    if places:
        pieces.append("\n".join([words("data.meetings"), *places]))
    for story in own:
        guide = context.services.shelf.told_with(context.connection, story.telling, person.language)
        allowed = ", ".join(words(f"purpose.{purpose}") for purpose in story.purposes)
        pieces.append(
            f"{words('data.story')}\n{words('data.week')}: {story.week}\n"
            f"{words('data.consents')}: {allowed}\n\n{card_text(kept_card(guide, story.telling))}"
        )
    return "\n\n---\n\n".join(pieces) + "\n"


def _data(context: TurnContext, own: list[Story]) -> str:
    person, state = context.person, context.state
    data: dict[str, Any] = {
        "channel": person.channel,
        "address": person.address,
        "language": person.language,
        "preferences": {
            name: value
            for name, value in person.memory.to_json().items()
            if name not in ("found", "tries")
        },
        "conversation": to_builtins(state),
        "meetings": known_places(context),
        "stories": [
            {
                "week": story.week,
                "code": stories.code_of(context.connection, story.id),
                "purposes": list(story.purposes),
                "coordinator_only": story.coordinator_only,
                "consents": [
                    {"purpose": past.purpose, "event": past.event, "week": past.week}
                    for past in consents.history(context.connection, story.id)
                ],
                **asdict(story.telling),
            }
            for story in own
        ],
    }
    data["files"] = _files(context, own)
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"


def _as_files(context: TurnContext, own: list[Story]) -> list[Document]:
    """The recordings and pictures as files that can be opened, as many as fit in messages."""
    there = context.person.channel == WEB
    found = []
    for number, file in enumerate(_files(context, own), 1):
        ending = _ENDINGS.get(file["media_type"], "bin")
        name, given = f"vertelbot-{number}.{ending}", file["base64"] or ""
        if there or given:
            inside = {"blob": file["blob"]} if there else {"base64": given}
            found.append(Document(name, file["media_type"], **inside))
    return found


def _files(context: TurnContext, own: list[Story]) -> list[dict[str, Any]]:
    """The recordings and pictures, in base64, as many as one message can hold."""
    ids = [part["blob"] for story in own for part in story.telling.parts if part["blob"]]
    ids += blobs.of_person(context.connection, context.person.id)
    files, room = [], MOST_BYTES
    for blob_id in ids:
        content = blobs.read(context.connection, blob_id)
        if content is None:
            continue
        fits = len(content.data) <= room
        room -= len(content.data) if fits else 0
        files.append(
            {
                "blob": blob_id,
                "kind": content.kind,
                "media_type": content.media_type,
                "bytes": len(content.data),
                "base64": base64.b64encode(content.data).decode() if fits else None,
            }
        )
    return files
