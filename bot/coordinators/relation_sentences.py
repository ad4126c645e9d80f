"""Relations between questions: what is asked of the tests, and what they say in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.filters import address
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, Questions
from storage.stories.reading import Answered, Filters

FEWEST = 30
CHANCE = 0.05
EDGES = (0.1, 0.3, 0.5)
"""From where an effect is weak, clear and strong."""


@dataclass(frozen=True, slots=True)
class RelationLine:
    """One relation in words and in numbers, with the address of its pattern (none: this page)."""

    title: str
    says: str
    numbers: str
    link: str


@dataclass(frozen=True, slots=True)
class RelationLines:
    """What a page says of relations: some, how many pairs were tested, and what could not be."""

    lines: Sequence[RelationLine] = field(default=())
    tested: int = 0
    untested: int = 0
    why: str = ""


def asked_about(
    stories: Sequence[Answered], asked: Questions, about: Sequence[Question]
) -> Relations:
    """The family of all questions under these filters, for a page about some of them."""
    names = [question.key for question in asked.values() if question.shape != "triad"]
    places = {
        key: {answer: at for at, (answer, _) in enumerate(asked[key].answers)} for key in names
    }
    columns = {key: [-1] * len(stories) for key in names}
    by_guide = {
        guide: [
            (asked[key].step, asked[key].shape, places[key], columns[key])
            for key in names
            if guide in asked[key].guides
        ]
        for guide in {each.guide for each in stories}
    }
    for at, each in enumerate(stories):
        for step, shape, place_of, column in by_guide[each.guide]:
            if (answer := each.answers.get(step)) is not None:
                column[at] = _number(shape, answer, place_of)
    return Relations(
        columns=columns,
        answers={key: [*places[key]] for key in names if asked[key].shape != "scale"},
        several=[key for key in names if asked[key].shape == "choices"],
        about=[question.key for question in about],
    )


def _number(shape: str, answer: Any, places: Mapping[str, int]) -> int:
    """The answer of a story as `Relations` wants it."""
    if shape == "scale":
        return answer if isinstance(answer, int) and 0 <= answer <= 100 else -1
    if type(answer) is not list:
        return -1
    if len(answer) == 1:  # as most are
        at = places.get(answer[0], -1)
        return 1 << at if shape == "choices" and at >= 0 else at
    chosen = {places[each] for each in answer if each in places}
    if not chosen:
        return -1
    return sum(1 << place for place in chosen) if shape == "choices" else min(chosen)


def lines(
    made: Mapping[str, Any],
    asked: Questions,
    words: CoordinatorPhrases,
    filters: Filters,
    about: Sequence[Question],
) -> RelationLines:
    """What the tests found, in plain words."""
    why = words(f"relations.untested.{made['why']}") if made["why"] else ""
    return RelationLines(
        [said(each, asked, words, filters, about) for each in made["relations"]],
        made["tested"],
        len(made["untested"]),
        why,
    )


def said(
    result: Mapping[str, Any],
    asked: Questions,
    words: CoordinatorPhrases,
    filters: Filters,
    about: Sequence[Question] = (),
) -> RelationLine:
    """A result in plain words: which way, chance or not, how strong, how sure, over how many."""
    one, other = asked[result["one"]], asked[result["other"]]
    size = abs(result["effect"])
    strength = sum((size**0.5 if result["kind"] == "epsilon2" else size) >= e for e in EDGES)
    chance = result["q"] > CHANCE
    way = _direction(result, one, other, words) if strength and not chance else ""
    says = words("relation.chance" if chance else f"relation.strength.{strength}")
    numbers = words(
        "relation.numbers",
        effect=_decimal(result["effect"], words),
        low=_decimal(result["low"], words),
        high=_decimal(result["high"], words),
        measure=words(f"measure.{result['kind']}"),
        n=words.number(int(result["n"])),
    )
    link = address("/coordinator/patterns", filters, a=one.name, b=other.name)
    alone = len(about) == 2
    sides = ((one, result["a"]), (other, result["b"]))
    title = " × ".join(_named(question, answer, alone=alone) for question, answer in sides)
    return RelationLine(title, f"{way} {says}".strip(), numbers, "" if alone else link)


def _named(question: Question, answer: str, *, alone: bool) -> str:
    """A question, or one answer of it; on the page of the pair the answer says enough."""
    if not answer:
        return question.label
    return question.said(answer) if alone else f"{question.label}: {question.said(answer)}"


def _direction(
    result: Mapping[str, Any], one: Question, other: Question, words: CoordinatorPhrases
) -> str:
    """Which way it goes: of two scales, of groups on a scale, of two answers."""
    if result["kind"] == "spearman":
        end = 1 if result["effect"] > 0 else 0
        pole, with_it = one.answers[1][1], other.answers[end][1]
        return words("relation.together", one=pole, other=with_it)
    if result["groups"]:
        scale, choice = (one, other) if one.shape == "scale" else (other, one)
        return _apart(result, scale, choice, words)
    if result["most"]:
        left, right = result["most"]
        key = "relation.often" if result["more"] else "relation.seldom"
        return words(key, one=one.said(left), other=other.said(right))
    return ""


def _apart(
    result: Mapping[str, Any], scale: Question, choice: Question, words: CoordinatorPhrases
) -> str:
    """Which group stands nearest to which pole, with the medians of the outermost two."""
    (high, _, above), (low, _, below) = result["groups"][0], result["groups"][-1]
    if above == below:
        return ""
    if "" in (high, low):  # given or not
        answer, end, mine, rest = (high, 1, above, below) if high else (low, 0, below, above)
        return words(
            "relation.leans", answer=choice.said(answer), pole=scale.answers[end][1],
            mine=round(mine), rest=round(rest),
        )  # fmt: skip
    return words(
        "relation.groups", pole=scale.answers[1][1], high=choice.said(high), low=choice.said(low),
        above=round(above), below=round(below),
    )  # fmt: skip


def _decimal(number: float, words: CoordinatorPhrases) -> str:
    text = f"{number:.2f}"
    return text.replace(".", ",") if words.language == "nl" else text
