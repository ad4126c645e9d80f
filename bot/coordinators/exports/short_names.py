"""Short names of questions for NarraFirma: they hold for a whole project, in which the forms of all
guides come together. What guides ask alike has one name; all else has a name of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.coordinators.phrases import words
from bot.coordinators.questions import CLOSED, questions
from conversations.guide.library import Library
from conversations.guide.model import Guide, Step

SHORT_MAX = 20
RESERVED = (
    "Story title",
    "Story text",
    "Collection date",
    "Language",
    "Eliciting question",
    "Participant ID",
)

Name = tuple[str, str, str]
"""Guide, step, and pole of a triad (else nothing)."""


def short_names(library: Library, language: str) -> Mapping[Name, str]:
    """The name of every question of every guide, and of every pole of a triad."""
    taken = {name.casefold() for name in RESERVED}
    found: dict[Name, str] = {}
    for question in questions(library, language, kinds=(*CLOSED, "text")).values():
        guide = library.get(question.guides[0], language)
        poles = question.answers if question.shape == "triad" else (("", question.short),)
        for pole, label in poles:
            name = _free(label, _tag(guide), taken)
            found |= {(each, question.step, pole): name for each in question.guides}
    for guide_id in library.ids:
        guide = library.get(guide_id, language)
        for step in guide.steps.values():
            if step.fill and step.short:
                found[guide_id, step.id, ""] = _free(step.short, _tag(guide), taken)
    return found


def prompt_names(library: Library, language: str) -> Mapping[tuple[str, str], str]:
    """The names of the questions that elicit stories, (guide, option): one name, one question."""
    asked: dict[str, str] = {}
    found: dict[tuple[str, str], str] = {}
    for guide_id in library.ids:
        guide = library.get(guide_id, language)
        for option in door_of(guide).options:
            asks = option.reply or option.label
            for name in _names(one_line(option.label), _tag(guide)):
                if asked.setdefault(name, asks) == asks:
                    found[guide_id, option.id] = name
                    break
    return found


def door_of(guide: Guide) -> Step:
    """The question that elicits the story."""
    return next(step for step in guide.steps.values() if step.kind == "choice" and step.short)


def one_line(text: str) -> str:
    """A text in a cell of answers: on one line, without what separates."""
    return " ".join(text.replace("|", "/").split())


# -- inside


def _tag(guide: Guide) -> str:
    return words(guide.language).asked_by(guide.kind, guide.title)


def _free(label: str, tag: str, taken: set[str]) -> str:
    """The first name that is not taken; nothing is cut off within a word."""
    name = next(
        each
        for each in _names(one_line(label), tag)
        if len(each) <= SHORT_MAX and each.casefold() not in taken
    )
    taken.add(name.casefold())
    return name


def _names(label: str, tag: str) -> Iterator[str]:
    """Ever more special names: the label, with the guide beside it, with fewer words, with a
    number."""
    yield label
    yield f"{label} ({tag})"
    parts = label.split()
    for many in range(len(parts) - 1, 0, -1):
        if len(label) > SHORT_MAX:
            yield " ".join(parts[:many])
            yield f"{' '.join(parts[:many])} ({tag})"
    number = 2
    while True:
        for many in range(len(parts), -1, -1):
            yield f"{' '.join(parts[:many])} {number}".strip()
        number += 1
