"""Which stories become cards: chosen for spread (maximin), never for how much they are liked.

Both ends of the question are there, the story that is least like all others, and then each time the
one that is furthest from what was chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Answers = Mapping[str, object]
"""The closed answers of a story: a place on a scale, options, or the shares of a triad."""

CARDS = 12
WEIGHT = 3.0
"""How much more the question itself counts than all other answers together."""
LOOKED_AT = 400
"""Of more stories only the first so many are compared."""
UNKNOWN = 0.5
"""The distance of an answer to none."""


def spread(
    stories: Sequence[tuple[str, Answers]],
    step: str,
    many: int = CARDS,
    chosen: Collection[str] = (),
) -> list[str]:
    """The ids of so many stories that differ as much as can be, beside those that were `chosen`."""
    some = [each for each in stories[:LOOKED_AT] if each[0] not in chosen]
    known = [answers for story_id, answers in stories if story_id in chosen]
    nearest = {
        story_id: min((distance(answers, other, step) for other in known), default=float("inf"))
        for story_id, answers in some
    }
    found: list[str] = []
    answers_of = dict(some)
    first = [] if known else _corners(some, step)
    while answers_of and len(found) < many:
        waiting = [each for each in first if each in answers_of]
        best = waiting[0] if waiting else max(sorted(answers_of), key=lambda each: nearest[each])
        mine = answers_of.pop(best)
        found.append(best)
        for story_id, answers in answers_of.items():
            nearest[story_id] = min(nearest[story_id], distance(answers, mine, step))
    return found


def distance(one: Answers, other: Answers, step: str) -> float:
    """How far two stories are from each other, the question itself first."""
    rest = [
        _apart(one.get(each), other.get(each))
        for each in sorted((one.keys() | other.keys()) - {step})
    ]
    others = sum(rest) / len(rest) if rest else 0.0
    return WEIGHT * _apart(one.get(step), other.get(step)) + others


def _corners(stories: Sequence[tuple[str, Answers]], step: str) -> list[str]:
    """Both ends of a scale, and the outlier."""
    placed = sorted(
        (place, story_id)
        for story_id, answers in stories
        if isinstance(place := answers.get(step), int)
    )
    ends = [placed[0][1], placed[-1][1]] if placed else []
    sample = [answers for _, answers in stories[:60]]
    alone = max(
        sorted(stories, key=lambda each: each[0]),
        key=lambda each: sum(distance(each[1], other, step) for other in sample),
        default=None,
    )
    return list(dict.fromkeys([*ends, *([alone[0]] if alone else [])]))


def _apart(one: object, other: object) -> float:
    """How far two answers to one question are from each other, 0 to 1."""
    if one is None or other is None:
        return 0.0 if one is other else UNKNOWN
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) / 100
    if isinstance(one, list) and isinstance(other, list):
        if all(isinstance(each, int) for each in (*one, *other)) and len(one) == len(other):
            return float(sum(abs(a - b) for a, b in zip(one, other, strict=True))) / 200
        mine, theirs = set(map(str, one)), set(map(str, other))
        both = mine | theirs
        return 1 - len(mine & theirs) / len(both) if both else 0.0
    return 1.0
