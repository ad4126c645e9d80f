"""The texts of a story as a page shows them: in pieces, what may identify someone marked; or one
sentence of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.guide.model import Step
from storage.stories.moderation import Note
from storage.stories.rows import Story
from storage.stories.search import folded, wanted_in

_WORD = re.compile(r"\S+|\s+")
_SENTENCE = re.compile(r"(?<=[.!?…؟])\s+|\s*\n\s*")
LONGEST = 150
"""Letters of the one sentence of a story in a list."""
SHORT = 25
"""A sentence that says so little takes the next one along."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a story that can be taken out, or what stands between words (`mark` empty)."""

    text: str
    mark: str
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class StoryText:
    """One text of a story: its field, what its question is called (empty: name or story), and its
    pieces."""

    field: str
    label: str
    pieces: Sequence[Piece]

    @property
    def clues(self) -> list[tuple[str, str]]:
        """What may identify someone, as (mark, words): neighbouring words together."""
        found: list[tuple[str, str]] = []
        run: list[Piece] = []
        for piece in (*self.pieces, Piece("", "end")):
            if piece.suspect or (run and not piece.mark and "\n" not in piece.text):
                run.append(piece)
            elif run:
                words = [each for each in run if each.mark]
                start = words[0].mark.rsplit(":", 2)[1]
                end = words[-1].mark.rsplit(":", 1)[1]
                said = "".join(each.text for each in run).strip()
                found.append((f"{self.field}:{start}:{end}", said))
                run = []
        return found


def version(story: Story, standing: tuple[str, bool, Note]) -> str:
    """Tells whether a story is still as its page shows it: its texts, and how it stands."""
    told = story.telling
    state, reviewed, note = standing
    stands = state, str(reviewed), note.text, note.who, note.due
    above = told.name, told.sentence
    texts = "\0".join((*above, told.text, *told.words.values(), *stands))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def texts_of(story: Story, steps: Mapping[str, Step]) -> list[StoryText]:
    """All texts of a story."""
    told = story.telling
    fields = [("name", "", told.name), ("sentence", "", told.sentence), ("text", "", told.text)]
    fields += [
        (step, steps[step].short if step in steps else step, words)
        for step, words in told.words.items()
    ]
    return [
        StoryText(name, label, pieces(name, text, told.language))
        for name, label, text in fields
        if text
    ]


def pieces(field: str, text: str, language: str) -> list[Piece]:
    """The words of a text, those that may identify someone marked as suspect."""
    from conversations.redaction.find import find  # it is long, and hardly ever needed

    suspects = [(span.start, span.end) for span in find(text, language)]
    made = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match[0].isspace():
            made.append(Piece(match[0], ""))
            continue
        suspect = any(start < stop and end > begin for begin, stop in suspects)
        made.append(Piece(match[0], f"{field}:{start}:{end}", suspect))
    return made


def one_sentence(story: Story, words: str = "") -> str:
    """The sentence in which the first of these words stands, else the one that a story begins
    with, but for the one that stands above it; cut when it is long."""
    sentences = [each for each in _SENTENCE.split(story.telling.text.strip()) if each.strip()]
    wanted = wanted_in(words)
    for sentence in sentences if wanted else ():
        if wanted[0] in folded(sentence):
            return _cut(sentence)
    opening, headline = "", folded(story.telling.headline)
    for sentence in [each for each in sentences if folded(each) not in headline][:3]:
        opening = f"{opening} {sentence}".strip()
        if len(opening) >= SHORT:
            break
    return _cut(opening)


def _cut(text: str) -> str:
    """As much of a text as there is room for, ended at a word."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]}…"
