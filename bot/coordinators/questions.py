"""The questions of the guides as variables: which are one, their labels, answers and poles.

Within one guide the id of a step decides, over all its versions. Across guides one id is one
question only where kind, wording and options are the same today; otherwise each guide stands apart,
with its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from bot.coordinators.phrases import words
from bot.guides import GuideStore
from conversations.authoring.overlay import OWN
from conversations.guide.library import Library
from conversations.guide.model import Guide, Phrases, Step, fill_slots
from storage.engine.transaction import Reads

Shape = Literal["choice", "choices", "scale", "triad", "text"]
CLOSED = ("choice", "choices", "scale", "triad")
FIRST = ("professional", "resident")
"""The guides that come first; the others follow by name."""
BETWEEN_GUIDES = "-"
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*[\"'”’)]*\s*")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one guide, or of the guides that ask it alike.

    `key` names the guides and the step, and so exactly the stories that can answer it; `name` is
    short, for an address or a column. `short` is what the card calls it, `label` the same but told
    apart from other questions. `answers` are (id, label), the poles of a scale or triad too, and
    after those of today the ones that only older versions know.
    """

    key: str
    step: str
    name: str
    short: str
    label: str
    asks: str
    shape: Shape
    answers: tuple[tuple[str, str], ...]
    about: str = "story"
    guides: tuple[str, ...] = field(default=())
    other: bool = False
    versions: frozenset[str] = frozenset()

    def is_of(self, guide: str, fingerprint: str) -> bool:
        """Whether tellers with this version of a guide were asked it. An own question of a team is
        asked in its `versions` only (none: in every version of its guides)."""
        return guide in self.guides and (not self.versions or fingerprint in self.versions)

    @property
    def id(self) -> str:
        """The step, as a filter names it that means all guides."""
        return self.step

    def said(self, answer: str) -> str:
        return dict(self.answers).get(answer, answer)

    def given(self, guide: str, answers: Mapping[str, Any]) -> list[str]:
        """The answers of a story to a choice, each once; none: passed over, or never asked."""
        answer = answers.get(self.step) if guide in self.guides else None
        if not isinstance(answer, list):
            return []
        return list(dict.fromkeys(each for each in answer if isinstance(each, str)))

    def place(self, guide: str, answers: Mapping[str, Any]) -> int | None:
        """Where a story stands on a scale, 0 to 100."""
        answer = answers.get(self.step) if guide in self.guides else None
        return answer if isinstance(answer, int) and 0 <= answer <= 100 else None

    def shares(self, guide: str, answers: Mapping[str, Any]) -> tuple[int, int, int] | None:
        """Where a story stands in a triad: its three shares of 100."""
        answer = answers.get(self.step) if guide in self.guides else None
        if not isinstance(answer, list) or len(answer) != 3:
            return None
        if not all(isinstance(each, int) for each in answer):
            return None
        return answer[0], answer[1], answer[2]

    def answered(self, guide: str, answers: Mapping[str, Any]) -> bool:
        match self.shape:
            case "scale":
                return self.place(guide, answers) is not None
            case "triad":
                return self.shares(guide, answers) is not None
        return bool(self.given(guide, answers))


class Questions(dict[str, Question]):
    """Questions by their key, in the order of the guides."""

    def of(self, guide: str, step: str) -> Question | None:
        """What a step of a guide asks."""
        return next((q for q in self.called(step) if guide in q.guides), None)

    def called(self, step: str) -> list[Question]:
        """All questions with this id; several where it differs between guides."""
        return [question for question in self.values() if question.step == step]

    def find(self, text: str) -> Question | None:
        """The one question that a key or a name means, also one that a guide has since left; None
        where it may be several, or none."""
        if text in self:
            return self[text]
        guides, _, step = text.rpartition(".")
        several = self.called(step)
        if guides:
            named = set(guides.split(BETWEEN_GUIDES))
            several = [each for each in several if named & set(each.guides)]
        return several[0] if len(several) == 1 else None

    def meant(self, key: str) -> Question | None:
        """The question whose words say best what a filter means, which may be of all guides."""
        found = self.find(key)
        step = key.rpartition(".")[2]
        return found or next(iter(self.called(step)), None)

    @property
    def by_step(self) -> dict[str, Question]:
        """By the id of the step, in the words of the first guide that asks it."""
        found: dict[str, Question] = {}
        for question in self.values():
            found.setdefault(question.step, question)
        return found


def questions(
    library: Library,
    language: str,
    guide: str = "",
    older: Iterable[Guide] = (),
    kinds: Sequence[str] = CLOSED,
    teams: Mapping[str, str] | None = None,
) -> Questions:
    """All questions of one guide, or of all. `older` are versions that stories were told with:
    what only they know gets its words from them. `teams` are the names of those whose own questions
    may be among them."""
    order = [guide] if guide in library.ids else _ordered(library.ids)
    asked: dict[tuple[Any, ...], list[tuple[Guide, Step]]] = {}
    today: dict[tuple[str, str], tuple[Any, ...]] = {}
    for guide_id in order:
        dutch, spoken = library.get(guide_id, "nl"), library.get(guide_id, language)
        for step in spoken.steps.values():
            if _counts(step, kinds):
                sign = _sign(dutch, dutch.steps[step.id])
                today[guide_id, step.id] = sign
                asked.setdefault(sign, []).append((spoken, step))
    before: dict[tuple[Any, ...], dict[str, str]] = {}
    for version in older:
        if guide and version.id != guide:
            continue
        for step in version.steps.values():
            if not _counts(step, kinds):
                continue
            sign = today.get((version.id, step.id), ("before", version.id, step.id))
            if sign[0] == "before":
                asked.setdefault(sign, []).append((version, step))
            for answer, label in _answers(version, step):
                before.setdefault(sign, {}).setdefault(answer, label)
    return _told_apart(asked, before, library, teams or {})


def questions_of(
    shelf: GuideStore,
    reads: Reads,
    told: Iterable[tuple[str, str]],
    language: str,
    guide: str = "",
    kinds: Sequence[str] = CLOSED,
) -> Questions:
    """The questions of today and of the versions that stories, (guide, fingerprint), were told
    with."""
    older = shelf.versions(reads, told, language)
    return questions(shelf.library, language, guide, older, kinds, shelf.team_names)


def asked_in(say: str, phrases: Phrases) -> str:
    """The question in what is said: without the talk around it, its slots filled."""
    slots = {}
    for name in _SLOT.findall(say):
        slot = name[0].lower() + name[1:]
        slots[slot] = phrases.sentences.get(f"{slot}_default", "…")
    asking = [each.strip() for each in _SENTENCE.findall(say) if "?" in each]
    return fill_slots(" ".join(asking) or say, slots)


# -- inside


def _ordered(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def _counts(step: Step, kinds: Sequence[str]) -> bool:
    return step.kind in kinds and bool(step.short) and not step.fill


def _sign(guide: Guide, step: Step) -> tuple[Any, ...]:
    """Steps with the same sign are one question."""
    most = step.max if step.kind == "choices" else 0
    asks = asked_in(step.say, guide.phrases)
    return step.id, step.kind, asks, _answers(guide, step), step.other, most


def _answers(guide: Guide, step: Step) -> tuple[tuple[str, str], ...]:
    shown = step.poles if step.kind in ("scale", "triad") else step.options
    answers = [(option.id, option.label) for option in shown]
    if step.other:
        answers.append(("other", guide.phrases.get("button.other")))
    return tuple(answers)


def _told_apart(
    asked: Mapping[tuple[Any, ...], Sequence[tuple[Guide, Step]]],
    before: Mapping[tuple[Any, ...], Mapping[str, str]],
    library: Library,
    teams: Mapping[str, str],
) -> Questions:
    """The questions with names of their own."""
    steps = [sign[2] if sign[0] == "before" else sign[0] for sign in asked]
    shorts = [several[0][1].short for several in asked.values()]
    told = [(several[0][1].short, several[0][0].kind) for several in asked.values()]
    found = Questions()
    for (sign, several), step_id in zip(asked.items(), steps, strict=True):
        guide, step = several[0]
        guides = tuple(dict.fromkeys(each.id for each, _ in several))
        alone = steps.count(step_id) == 1 and sign[0] != "before"
        answers = _answers(guide, step)
        known = {answer for answer, _ in answers}
        older = tuple(
            pair
            for pair in before.get(sign, {}).items()
            if step.kind in ("choice", "choices") and pair[0] not in known
        )
        kind = guide.kind if told.count((step.short, guide.kind)) == 1 else ""
        title = words(guide.language).asked_by(kind, guide.title, len(guides) - 1)
        versions = own_versions(several)
        label = step.short if shorts.count(step.short) == 1 else f"{step.short} ({title})"
        if versions:
            team = teams.get(guide.overlay, guide.overlay)
            label = words(guide.language)("overlay.asked_by", label=step.short, team=team)
        key = f"{BETWEEN_GUIDES.join(sorted(guides))}.{step_id}"
        found[key] = Question(
            key=key,
            step=step_id,
            name=step_id if alone else f"{guide.id}.{step_id}",
            short=step.short,
            label=label,
            asks=asked_in(step.say, library.phrases(guide.language)),
            shape=cast(Shape, step.kind),  # `_counts` takes these kinds only
            answers=answers + older,
            about=step.about,
            guides=guides,
            other=step.other,
            versions=versions,
        )
    return found


def own_versions(several: Sequence[tuple[Guide, Step]]) -> frozenset[str]:
    """The versions that ask an own question of a team; none: it is a question of the guide."""
    own = all(guide.overlay and step.id.startswith(OWN) for guide, step in several)
    return frozenset(guide.fingerprint for guide, _ in several) if own else frozenset()
