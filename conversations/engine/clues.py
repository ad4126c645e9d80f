"""Clues: words on a card that may identify someone, found before the card, and their
replacements."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from conversations.engine.attachments import files
from conversations.engine.card import card, listed, on_card
from conversations.engine.effects import Button, Control, Say
from conversations.engine.state import Clue, Part, State
from conversations.guide.model import Guide
from conversations.guide.spans import Finder

LONGEST = 6000
"""The most characters that are searched at a time: the time it takes is bounded."""

MARGIN = 200
"""The characters on each side by which words at the edge of a stretch are understood."""

LINES = 30
"""The most words that are listed in one message."""

CONTEXT = 160
"""The most characters shown around the words that are asked about."""

_GAP = "\n\n"
_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+")


def find_clues(guide: Guide, state: State) -> tuple[Clue, ...]:
    """Everything on the card that may identify someone. What the teller let stand before, stays."""
    if guide.finder is None:
        return ()
    stays = {clue.words for clue in state.clues if clue.stays}
    pieces = list(_typed(guide, state))
    text = _GAP.join(piece for _, _, piece in pieces)
    begins, begin = [], 0
    for at, part, piece in pieces:
        begins.append((begin, begin + len(piece), at, part))
        begin += len(piece) + len(_GAP)
    found = []
    for start, end, instead in _spans(guide.finder, text, state.language):
        for first, last, at, part in begins:
            inside = max(start, first), min(end, last)
            if inside[0] < inside[1]:
                words = text[slice(*inside)]
                found.append(Clue(at, part, inside[0] - first, words, instead, words in stays))
    return tuple(found)


def open_clues(state: State) -> tuple[Clue, ...]:
    """What the teller has not decided about yet: the first of all that read the same."""
    first: dict[str, Clue] = {}
    for clue in state.clues:
        if not clue.stays:
            first.setdefault(clue.words, clue)
    return tuple(first.values())


def left_standing(state: State, words: Collection[str]) -> State:
    """These words may stay as they are."""
    return state.but(
        clues=tuple(clue.but(stays=True) if clue.words in words else clue for clue in state.clues)
    )


def replaced(state: State, words: Collection[str]) -> State:
    """Other words stand where these stood; nothing of them stays in the conversation, and what was
    agreed about the story no longer holds."""
    gone = [clue for clue in state.clues if clue.words in words]
    pairs = {clue.words: clue.instead for clue in reversed(gone)}
    in_parts = [
        _rewritten(part.text, _clues_in(state, "", place), words, {})
        for place, part in enumerate(state.draft)
    ]
    in_answers = {
        name: _rewritten(given.text, _clues_in(state, name, 0), words, pairs)
        for name, given in state.answers.items()
        if given.text
    }
    draft = tuple(
        _reworded_part(part, text) for part, (text, _) in zip(state.draft, in_parts, strict=True)
    )
    agreed = {
        kind: shown
        for kind, shown in state.agreed.items()
        if kind != "voice" or draft == state.draft
    }
    answers = {
        name: given.but(text=in_answers[name][0]) if name in in_answers else given
        for name, given in state.answers.items()
    }
    left = {place: clues for place, (_, clues) in enumerate(in_parts)}
    rest = [
        clue
        for at, part in dict.fromkeys((clue.at, clue.part) for clue in state.clues)
        for clue in (in_answers[at][1] if at else left[part])
    ]
    return state.but(draft=draft, answers=answers, clues=tuple(rest), consents={}, agreed=agreed)


def reworded(text: str, pairs: Mapping[str, str]) -> str:
    """The text with other words for whole words, wherever they stand."""
    if not pairs:
        return text
    either = "|".join(re.escape(words) for words in sorted(pairs, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", lambda found: pairs[found[0]], text)


def question(guide: Guide, state: State) -> Say:
    """What is asked about the clues: all at once, or (in the mode `clue`) the first of them."""
    clues = open_clues(state)
    if state.mode == "clue":
        clue = clues[0]
        facts = {"words": clue.words, "instead": clue.instead}
        text = f"{guide.phrase('name_one', facts)}\n\n{_around(state, clue)}"
        buttons = _buttons(guide, "name_one", "replace", "stay")
        return Say(text, buttons, state.turn, Control("clues"))
    lines = [f"‘{clue.words}’ → {clue.instead}" for clue in clues[:LINES]]
    if len(clues) > LINES:
        lines.append("…")
    text = f"{guide.phrase('names_found')}\n\n{_GAP[0].join(lines)}"
    control = Control("clues", card=card(guide, state))
    buttons = _buttons(guide, "names_found", "all", "one_by_one", "none")
    return Say(text, buttons, state.turn, control, files=files(state.draft))


def standing(guide: Guide, state: State) -> str:
    """What the card says about who can be recognised: the words that were left standing, and the
    question for what no pattern sees, that something fits only one person."""
    if guide.finder is None:
        return ""
    words = dict.fromkeys(clue.words for clue in state.clues if clue.stays)
    said = [guide.phrase("names_stay", {"words": listed(words)})] if words else []
    return _GAP.join([*said, guide.phrase("names_unique")])


def _typed(guide: Guide, state: State) -> Iterator[tuple[str, int, str]]:
    """Every typed text on the card: the question (empty: the story), its part, the text."""
    for place, part in enumerate(state.draft):
        yield "", place, part.text
    for step, answer in on_card(guide, state):
        if answer.text:
            yield step.id, 0, answer.text


def _spans(finder: Finder, text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Where something is, and what is proposed for it. A long text is searched in stretches that
    overlap, so that nothing at an edge is read without what stands around it."""
    begin = known = 0
    while begin < len(text):
        end = len(text)
        if end - begin > LONGEST:
            end = begin + LONGEST
            gap = max(
                text.rfind("\n", begin + 3 * MARGIN, end), text.rfind(" ", begin + 3 * MARGIN, end)
            )
            end = gap if gap > 0 else end
        ours = end - MARGIN if end < len(text) else end
        for span in finder(text[begin:end], language):
            start, last = begin + span.start, begin + span.end
            if known <= start < ours:
                yield start, last, span.replacement
                known = last
        known = max(known, ours)
        begin = end if end == len(text) else _word_before(text, ours - MARGIN)


def _word_before(text: str, place: int) -> int:
    """The beginning of the word at this place, when it is near."""
    gap = max(text.rfind(" ", place - MARGIN, place), text.rfind("\n", place - MARGIN, place))
    return gap + 1 if gap >= 0 else place


def _clues_in(state: State, at: str, part: int) -> list[Clue]:
    return [clue for clue in state.clues if (clue.at, clue.part) == (at, part)]


def _reworded_part(part: Part, text: str) -> Part:
    """A part with other words; of a recording it is remembered that it still says the old ones."""
    if text == part.text:
        return part
    sounds = part.kind == "voice" and part.blob
    return part.but(text=text, status="reworded" if sounds else part.status)


def _rewritten(
    text: str, clues: Sequence[Clue], words: Collection[str], pairs: Mapping[str, str]
) -> tuple[str, list[Clue]]:
    """The text without these words, and the clues that are left, where they stand in it then. What
    is no clue of its own gets the other words too, as a proposal that is not on the card does."""
    new, at, left = "", 0, []
    for clue in sorted(clues, key=lambda clue: clue.start):
        new += reworded(text[at : clue.start], pairs)
        at = clue.end
        if clue.words in words:
            new += clue.instead
        else:
            left.append(clue.but(start=len(new)))
            new += clue.words
    return new + reworded(text[at:], pairs), left


def _around(state: State, clue: Clue) -> str:
    """The sentence around a clue."""
    text = state.answers[clue.at].text if clue.at else state.draft[clue.part].text
    ends = [0, *(gap.end() for gap in _SENTENCE.finditer(text)), len(text)]
    begin = max(end for end in ends if end <= clue.start)
    end = min(end for end in ends if end >= clue.end)
    room = max(0, CONTEXT - len(clue.words)) // 2
    left, right = max(begin, clue.start - room), min(end, clue.end + room)
    shown = text[left:right].strip()
    return f"{'…' if left > begin else ''}{shown}{'…' if right < end else ''}"


def _buttons(guide: Guide, key: str, *names: str) -> tuple[Button, ...]:
    return tuple(Button(name, guide.phrase(f"{key}.{name}")) for name in names)
