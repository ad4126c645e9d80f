"""Counts of a family of questions: which answers were given together, and where on a scale.

How many stories gave both of two answers is counted for all answers at once, as one product of
matrices; every table is a part of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.statistics import RARE, REST, Numbers

PLACES = 101
"""Of a scale: 0 to 100."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A question as numbers: the stories that answered it, and with what (of a scale the place, of
    a choice the place among `answers`); of several answers a column for each. `at` is where its
    answers stand among all those that are counted together; after the last, that it was answered.
    """

    name: str
    shape: Literal["scale", "choice", "choices"]
    answered: NDArray[np.bool_]
    values: Numbers
    answers: Sequence[str]
    at: int

    @property
    def columns(self) -> slice:
        return slice(self.at, self.at + len(self.answers))

    @property
    def any(self) -> int:
        return self.at + len(self.answers)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A side of tables: the answers, and of each how the counts of all answers add up to its own
    (a row of `parts`)."""

    answers: Sequence[str]
    parts: Numbers


def variables_of(asked: Relations) -> list[Variable]:
    made, at = [], 0
    for name, given in asked.columns.items():
        column = np.asarray(given, dtype=np.int64)
        answers = asked.answers.get(name, ())
        shape: Literal["scale", "choice", "choices"] = "choice" if answers else "scale"
        values = column
        if name in asked.several:
            shape = "choices"
            values = (np.maximum(column, 0)[:, None] >> np.arange(len(answers))) & 1
        made.append(Variable(name, shape, column >= 0, values, answers, at))
        at += len(answers) + 1
    return made


def counted_together(variables: Sequence[Variable]) -> Numbers:
    """How many stories gave both of two answers, and how many answered both of two questions: of
    all at once. Single precision counts exactly up to sixteen million."""
    if not variables:
        return np.zeros((0, 0), dtype=np.int64)
    given = np.zeros((len(variables[0].answered), variables[-1].any + 1), dtype=np.float32)
    for each in variables:
        given[:, each.any] = each.answered
        if each.shape == "choices":
            given[:, each.columns] = each.values
        elif each.shape == "choice":
            stories = np.flatnonzero(each.answered)
            given[stories, each.at + each.values[stories]] = 1
    counted: Numbers = np.rint(given.T @ given).astype(np.int64)
    return counted


def counts_on_scale(
    scale: Variable, chosen: Variable, both: NDArray[np.intp], together: Numbers
) -> Iterator[tuple[str, Sequence[str], Numbers]]:
    """Of each side of a question, how many of each answer stand at each place of a scale. Of an
    answer that was given or not, those who gave it come first."""
    places, answers = scale.values[both], len(chosen.answers)
    if chosen.shape == "choice":
        spread = np.bincount(places * answers + chosen.values[both], minlength=PLACES * answers)
        counts = spread.reshape(PLACES, answers).T
    else:
        counts = np.stack(
            [
                np.bincount(places[chosen.values[both, at] > 0], minlength=PLACES)
                for at in range(answers)
            ]
        )
    every = np.bincount(places, minlength=PLACES)
    for answer, side in tested_sides(chosen, together[chosen.columns, scale.any], len(both)):
        if answer:
            given = counts[chosen.answers.index(answer)]
            yield answer, (answer, ""), np.stack([given, every - given])
        else:
            yield "", side.answers, side.parts[:, :-1] @ counts


def tested_sides(variable: Variable, counts: Numbers, n: int) -> Iterator[tuple[str, Chosen]]:
    """What is tested of a question, of the `n` stories that answered another one too: itself, or
    each of its answers (given or not), unless hardly anybody or almost everybody gave it. `counts`
    of those stories gave each answer."""
    many = len(variable.answers)
    if variable.shape == "choices":
        for at, answer in enumerate(variable.answers):
            if RARE <= counts[at] <= n - RARE:
                given = np.zeros(many + 1, dtype=np.int64)
                given[at] = 1
                without = -given
                without[many] = 1
                yield answer, Chosen(("", answer), np.stack([without, given]))
        return
    alone = np.flatnonzero(counts >= RARE)
    parts = np.zeros((len(alone), many + 1), dtype=np.int64)
    parts[np.arange(len(alone)), alone] = 1
    answers = [variable.answers[int(at)] for at in alone]
    if counts.sum() > counts[alone].sum():
        rest = np.append(np.where(counts < RARE, 1, 0), 0)
        parts, answers = np.vstack([parts, rest]), [*answers, REST]
    yield "", Chosen(answers, parts)
