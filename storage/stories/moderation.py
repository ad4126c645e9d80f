"""Moderation: takes out what identifies someone, puts a story on hold, hands a serious one on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.stories import blobs
from storage.stories.rows import narrow
from storage.stories.stories import NoStory

STORY = core(tables.Story)

GONE = "[…]"
"""What stands where something was taken out."""
_ABOVE = ("name", "sentence")
"""What stands above the text."""
BETWEEN = "\n\n"
"""What stands between the parts of a story."""

State = Literal["kept", "held", "serious"]


@dataclass(frozen=True, slots=True)
class StorySpan:
    """A stretch of a story: code points, end exclusive. `field` is `name`, `sentence`, `text`, or
    the id of the question whose typed answer it is."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Note:
    """Why a story waits, and who (the id of a coordinator) it waits for; `due` is a day. When that
    was done: the `outcome`, and the day on which it was `closed`."""

    text: str = ""
    who: str = ""
    due: str = ""
    outcome: str = ""
    closed: str = ""


def take_out(connection: Transaction, story_id: str, spans: Iterable[StorySpan]) -> int:
    """Take stretches out of a story, for good, also out of what the teller can change later; how
    many there were. Nothing can be added.

    Raises NoStory, and ValueError for a stretch that is not in the story.
    """
    row = connection.execute(
        select(STORY.c.id, STORY.c.sealed).where(STORY.c.id == story_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NoStory("there is no such story")
    sealed = connection.vault.open_json(f"story:{story_id}", row.sealed)
    taken = 0
    by_field: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        by_field.setdefault(span.field, []).append((span.start, span.end))
    for name, stretches in by_field.items():
        above = {each: sealed.get(each, "") for each in _ABOVE}
        texts = {**sealed["words"], **above, "text": sealed["text"]}
        if name not in texts:
            raise ValueError("the story has no such text")
        merged = _merged(stretches, texts[name])
        taken += len(merged)
        match name:
            case "name" | "sentence":
                sealed[name] = cut(sealed[name], merged)
            case "text":
                sealed["parts"] = _parts(sealed["parts"], sealed["text"], merged)
                sealed["text"] = BETWEEN.join(p["text"] for p in sealed["parts"] if p["text"])
            case _:
                sealed["words"][name] = cut(sealed["words"][name], merged)
    says = bool(sealed.get("sentence", "").replace(GONE, "").strip(" .!?…,"))
    fresh = connection.vault.seal_json(f"story:{story_id}", sealed)
    _set(connection, story_id, sealed=fresh, has_sentence=says)
    blobs.keep_only(connection, story_id, {part["blob"] for part in sealed["parts"]})
    return taken


def cut(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The text without these stretches, a mark in the place of each. Raises ValueError."""
    for start, end in reversed(_merged(stretches, text)):
        text = text[:start] + GONE + text[end:]
    return text


def set_state(
    connection: Transaction, story_id: str, state: State, note: Note | None = None
) -> None:
    """Hold a story back (`held`), hand it to a person (`serious`), or let it go on (`kept`): then
    its note stays only with an outcome. Whether a moderator looked stays as it was."""
    sealed = None
    if note is not None and (state != "kept" or note.outcome):
        sealed = connection.vault.seal_json(f"note:{story_id}", note)
    due = note.due if note and state == "serious" else ""
    _note_readers(connection, story_id, state=state)
    _set(connection, story_id, state=state, sealed_note=sealed, due_on=due or None)


def clear(connection: Transaction, story_id: str, *, reviewed: bool = True) -> None:
    """A moderator looked: the story may be read by everyone it is shared with."""
    _note_readers(connection, story_id, reviewed=reviewed)
    _set(connection, story_id, reviewed=reviewed)


def standing(reads: Reads, story_id: str) -> tuple[State, bool, Note]:
    """The state of a story, whether a moderator looked, and why it waits. Raises NoStory."""
    row = reads.execute(
        select(STORY.c.state, STORY.c.reviewed, STORY.c.sealed_note).where(STORY.c.id == story_id)
    ).one_or_none()
    if row is None:
        raise NoStory("there is no such story")
    note = Note()
    if row.sealed_note is not None:
        note = reads.vault.open_as(Note, f"note:{story_id}", row.sealed_note)
    return row.state, row.reviewed, note


def _parts(
    parts: list[dict[str, str]], text: str, stretches: Sequence[tuple[int, int]]
) -> list[dict[str, str]]:
    """The parts of a story after taking out; what was recorded of a part that changed goes too."""
    if BETWEEN.join(part["text"] for part in parts if part["text"]) != text:
        return [{"kind": "text", "text": cut(text, stretches), "blob": ""}]
    made, at = [], 0
    for part in parts:
        said = part["text"]
        if not said:
            made.append(part)
            continue
        end = at + len(said)
        mine = [
            (max(start, at) - at, min(stop, end) - at)
            for start, stop in stretches
            if start < end and stop > at
        ]
        made.append({**part, "text": cut(said, mine), "blob": ""} if mine else part)
        at = end + len(BETWEEN)
    return made


def _merged(stretches: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """In order, those with nothing but space between them as one. Raises ValueError for one that is
    not in the text."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if not 0 <= start < end <= len(text):
            raise ValueError("a stretch is not in the text")
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _note_readers(connection: Transaction, story_id: str, **changes: object) -> None:
    """Note who cannot read the story any more after these changes."""
    row = connection.execute(
        select(STORY).where(STORY.c.id == story_id).with_for_update()
    ).one_or_none()
    if row is not None:
        narrow(connection, row, changes)


def _set(connection: Transaction, story_id: str, **values: object) -> None:
    done = connection.execute(update(STORY).where(STORY.c.id == story_id).values(**values))
    if not done.rowcount:
        raise NoStory("there is no such story")
