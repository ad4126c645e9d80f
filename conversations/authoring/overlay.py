"""An overlay: what a team adds to a guide, and what of it the team leaves out.

Own questions stand only where the guide allows them: after an own question of the story, before the
card. What may be left out may be skipped anyway, and leads nowhere else. So consents, the questions
before the story, and the ids of all that stays are those of the guide, and their answers compare.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.guide.builder import SKIPPABLE, fields
from conversations.guide.toml_text import read_toml

OWN = "own_"
"""Begins the id of every question of a team, so that none is ever one of the guide."""
KINDS = ("choice", "choices", "scale", "text")
MOST_QUESTIONS = 3
MOST_ANSWERS = 99
"""More than any question has."""
_QUESTION_KEYS = {
    "after",
    "id",
    "kind",
    "say",
    "short",
    "options",
    "poles",
    "max",
    "other",
    "texts",
}


@dataclass(frozen=True, slots=True)
class OverlayProblem:
    """What is wrong with an overlay: a code, and what it is about."""

    code: str
    about: str = ""


class NoOverlay(Exception):
    """A text is no overlay. `problems` tells why."""

    def __init__(self, problems: Sequence[OverlayProblem]) -> None:
        super().__init__("; ".join(f"{each.code} {each.about}".strip() for each in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question of a team, and after which one of the guide it stands. `texts` are its words in
    other languages, by language and name (`say`, `option.yes`)."""

    after: str
    step: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Of one team, over one guide."""

    guide: str
    team: str
    off: tuple[str, ...] = ()
    questions: tuple[OwnQuestion, ...] = ()

    def with_team(self, team: str) -> Overlay:
        """The same of a team that is called otherwise."""
        return replace(self, team=team)


def read_overlay(text: str) -> Overlay:
    """An overlay out of its file. Raises NoOverlay."""
    try:
        data = read_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise NoOverlay([OverlayProblem("unreadable", str(error))]) from None
    problems = list(_shape(data))
    if problems:
        raise NoOverlay(problems)
    return Overlay(
        data["guide"],
        data.get("team", ""),
        tuple(data.get("off", ())),
        tuple(_question(each) for each in data.get("question", ())),
    )


def _question(data: Mapping[str, Any]) -> OwnQuestion:
    step = {key: value for key, value in data.items() if key not in ("after", "texts")}
    return OwnQuestion(data["after"], step, data.get("texts", {}))


def _shape(data: Mapping[str, Any]) -> Iterator[OverlayProblem]:
    for key in data.keys() - {"guide", "team", "off", "question"}:
        yield OverlayProblem("unknown-key", key)
    if not isinstance(data.get("guide"), str):
        yield OverlayProblem("no-guide")
    if not isinstance(data.get("team", ""), str):
        yield OverlayProblem("no-team")
    off, asked = data.get("off", []), data.get("question", [])
    if not isinstance(off, list) or not all(isinstance(each, str) for each in off):
        yield OverlayProblem("off-list")
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        yield OverlayProblem("question-list")
        return
    if len(asked) > MOST_QUESTIONS:
        yield OverlayProblem("too-many", str(MOST_QUESTIONS))
    ids = [str(each.get("id", "")) for each in asked]
    for each, name in zip(asked, ids, strict=True):
        yield from _question_shape(each, name)
        if ids.count(name) > 1:
            yield OverlayProblem("id-twice", name)


def _question_shape(data: Mapping[str, Any], name: str) -> Iterator[OverlayProblem]:
    rest = name.removeprefix(OWN)
    if not name.startswith(OWN) or not rest.isascii() or not rest.replace("_", "a").isalnum():
        yield OverlayProblem("own-id", name)
    for key in data.keys() - _QUESTION_KEYS:
        yield OverlayProblem("unknown-key", f"{name}: {key}")
    for key in ("after", "say", "short"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            yield OverlayProblem("missing", f"{name}: {key}")
    if data.get("kind") not in KINDS:
        yield OverlayProblem("kind", name)
    texts = data.get("texts", {})
    if not isinstance(texts, dict) or not all(_is_texts(each) for each in texts.values()):
        yield OverlayProblem("texts", name)
    for key in ("options", "poles"):
        items = data.get(key, [])
        if not isinstance(items, list) or not all(_is_option(each) for each in items):
            yield OverlayProblem(key, name)
    most = data.get("max", 2)
    if not isinstance(most, int) or isinstance(most, bool) or not 0 < most <= MOST_ANSWERS:
        yield OverlayProblem("max", name)
    if not isinstance(data.get("other", False), bool):
        yield OverlayProblem("other", name)
    kind = str(data.get("kind"))
    wanted = {"choice": "options", "choices": "options", "scale": "poles"}.get(kind)
    if wanted and len(data.get(wanted) or ()) < 2:
        yield OverlayProblem(f"few-{wanted}", name)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_option(value: object) -> bool:
    """An answer of an own question leads nowhere else."""
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "label"}
        and all(isinstance(each, str) and each for each in value.values())
    )


def places(guide: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions after which a team may ask its own: those about the story that all tellers
    answer on the same way, from the story on, up to the card."""
    return tuple(
        step["id"] for step in story_steps(guide) if step["kind"] != "say" and not _leads_on(step)
    )


def optional(guide: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that a team may leave out: those that may be skipped, on which nothing hangs,
    and which no sentence for publication comes from."""
    hung = {step.get("when") for step in guide["step"]}
    hung |= {option.get("when") for step in guide["step"] for option in step.get("options", ())}
    hung |= _targets(guide)
    return tuple(
        step["id"]
        for step in story_steps(guide)
        if step["kind"] in SKIPPABLE - {"name", "sentence"}
        and step.get("skip", True) is not False
        and not _leads_on(step)
        and step["id"] not in hung
    )


def overlay_problems(guide: Mapping[str, Any], overlay: Overlay) -> list[OverlayProblem]:
    """What of an overlay the guide (the data of its file) does not allow."""
    allowed, left = set(places(guide)), set(optional(guide))
    ids = {step["id"] for step in guide["step"]}
    problems = [OverlayProblem("not-optional", name) for name in overlay.off if name not in left]
    for each in overlay.questions:
        if each.step["id"] in ids:
            problems.append(OverlayProblem("own-id", each.step["id"]))
        if each.after not in allowed:
            problems.append(OverlayProblem("not-here", f"{each.step['id']}: {each.after}"))
        elif each.after in overlay.off:
            problems.append(OverlayProblem("after-left-out", f"{each.step['id']}: {each.after}"))
    if overlay.guide != guide["id"]:
        problems.append(OverlayProblem("no-guide", overlay.guide))
    return problems


def with_overlay(
    guide: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, str]],
    overlay: Overlay,
    marks: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The guide, and its translations, as tellers of the team hear it. What is not translated of an
    own question is said in Dutch, with the mark of that language below the question. Raises
    NoOverlay when the guide does not allow it."""
    if problems := overlay_problems(guide, overlay):
        raise NoOverlay(problems)
    steps: list[dict[str, Any]] = []
    for step in guide["step"]:
        if step["id"] in overlay.off:
            continue
        made = dict(step)
        own = [dict(each.step) for each in overlay.questions if each.after == step["id"]]
        if own and "goto" in made:  # the last of them goes on where this one went
            own[-1]["goto"] = made.pop("goto")
        steps += [made, *own]
    said = {language: dict(words) for language, words in texts.items()}
    for each in overlay.questions:
        dutch, name = own_texts(each), each.step["id"]
        for language in said:
            words = {key: text for key, text in each.texts.get(language, {}).items() if text}
            mark = (marks or {}).get(language)
            if mark and dutch.keys() - words.keys():
                words["say"] = f"{words.get('say', dutch['say'])}\n\n{mark}"
            said[language] |= {f"{name}.{key}": text for key, text in words.items()}
    return {**guide, "step": steps, "overlay": overlay.team}, said


def own_texts(question: OwnQuestion) -> dict[str, str]:
    """The words of an own question by their name: what there is to translate."""
    name = f"{question.step['id']}."
    found = fields({"title": "", "step": [question.step]})
    return {key.removeprefix(name): text for key, text in found.items() if key.startswith(name)}


def story_steps(guide: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps from the story on, up to the card; of consent there is none among them."""
    steps = list(guide["step"])
    kinds = [step["kind"] for step in steps]
    if "tell" not in kinds or "review" not in kinds:
        return []
    found = steps[kinds.index("tell") : kinds.index("review")]
    stop = next((n for n, step in enumerate(found) if _agrees(step)), len(found))
    return found[:stop]


def _agrees(step: Mapping[str, Any]) -> bool:
    return step["kind"] in ("consent", "switches") or bool(step.get("purpose") or step.get("end"))


def _leads_on(step: Mapping[str, Any]) -> bool:
    """Whether answers of this question lead to different places, or are known elsewhere."""
    skip = step.get("skip")
    skipping = isinstance(skip, dict) and "goto" in skip
    return bool(
        skipping or step.get("fill") or any("goto" in option for option in step.get("options", ()))
    )


def _targets(guide: Mapping[str, Any]) -> set[Any]:
    found: set[Any] = set()
    for step in guide["step"]:
        skip = step.get("skip")
        found |= {step.get("goto"), skip.get("goto") if isinstance(skip, dict) else None}
        found |= {option.get("goto") for option in step.get("options", ())}
    return found
