"""Everything that is known of a person, for that person: a readable file, and JSON."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

from bot.channels.base import Document
from bot.meetings.joining import known_places
from bot.scene import Scene
from conversations.story import card_text, kept_card
from storage import blobs, consents, stories
from storage.stories import Story
from storage.story_rows import SEVERAL

MOST_BYTES = 8 * 1024 * 1024
"""Of recordings and pictures in one file; of what does not fit the size is told."""


def given(scene: Scene) -> None:
    """`/mijngegevens`."""
    person = scene.person
    own = stories.for_person(scene.connection, scene.house.vault, person.stories)
    scene.phrase("data_intro")
    with scene.about(SEVERAL):
        scene.put(
            Document("vertelbot.txt", "text/plain", _readable(scene, own)),
            Document("vertelbot.json", "application/json", _data(scene, own)),
        )


def _readable(scene: Scene, own: list[Story]) -> str:
    person, words = scene.person, scene.words
    pieces = [
        words("data_intro"),
        f"{words('data.channel')}: {person.channel}\n"
        f"{words('data.language')}: {scene.phrases.get('language_name')}",
    ]
    if scene.state is not None and scene.state.draft:
        told = "\n\n".join(part.text for part in scene.state.draft)
        pieces.append(f"{words('data.open')}\n\n{told}")
    places = [str(place["meeting"]) for place in known_places(scene)]
    if places:
        pieces.append("\n".join([words("data.meetings"), *places]))
    for story in own:
        guide = scene.house.shelf.told_with(scene.connection, story.telling, person.language)
        allowed = ", ".join(words(f"purpose.{purpose}") for purpose in story.purposes)
        pieces.append(
            f"{words('data.story')}\n{words('data.week')}: {story.week}\n"
            f"{words('data.consents')}: {allowed}\n\n{card_text(kept_card(guide, story.telling))}"
        )
    return "\n\n---\n\n".join(pieces) + "\n"


def _data(scene: Scene, own: list[Story]) -> str:
    person, state = scene.person, scene.state
    data: dict[str, Any] = {
        "channel": person.channel,
        "address": person.address,
        "language": person.language,
        "preferences": {
            name: value for name, value in person.prefs.items() if name not in ("found", "tries")
        },
        "conversation": json.loads(state.to_json()) if state is not None else None,
        "meetings": known_places(scene),
        "stories": [
            {
                "week": story.week,
                "code": stories.code_of(scene.connection, scene.house.vault, story.id),
                "purposes": list(story.purposes),
                "coordinator_only": story.coordinator_only,
                "consents": [
                    {"purpose": past.purpose, "event": past.event, "week": past.week}
                    for past in consents.history(scene.connection, scene.house.vault, story.id)
                ],
                **asdict(story.telling),
            }
            for story in own
        ],
    }
    data["files"] = _files(scene, own)
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"


def _files(scene: Scene, own: list[Story]) -> list[dict[str, Any]]:
    """The recordings and pictures, in base64, as many as one message can hold."""
    ids = [part["blob"] for story in own for part in story.telling.parts if part["blob"]]
    ids += blobs.of_person(scene.connection, scene.person.id)
    files, room = [], MOST_BYTES
    for blob_id in ids:
        content = blobs.read(scene.connection, scene.house.vault, blob_id)
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
