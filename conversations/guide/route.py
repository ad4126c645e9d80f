"""The ways through a guide: which step can follow which, and how many questions lie ahead."""

from __future__ import annotations

from conversations.guide.model import Guide, Option, Step

QUESTIONS = frozenset({"choice", "choices", "scale", "triad", "text", "name", "sentence"})
"""The kinds of step that are a short question: not the story, the card or a consent."""


def ways_on(step: Step) -> list[str]:
    """The steps that can come after this one."""
    if step.end:
        return []
    taken: list[Option] = [*step.options, *([step.skip] if step.skip else [])]
    jumps = [option.goto for option in taken if option.goto]
    falls = not step.options or step.other or any(not option.goto for option in taken)
    return [*jumps, *([step.next] if step.next and (falls or step.when) else [])]


def questions_left(guide: Guide, at: str, passed: frozenset[str]) -> int | None:
    """How many short questions there are from this one up to the card, this one included, for who
    need not answer those in `passed`. None where no way leads to the card.

    Where an answer decides how many follow, it is the most; but a question that does not stand on
    the card only asks which way to go, and there it is the least: nobody goes the longer way
    without choosing it.
    """
    key = ("questions_left", passed)
    if key not in guide.remembered:
        guide.remembered[key] = _count(guide, passed)
    found: dict[str, int | None] = guide.remembered[key]
    return found[at]


def in_opening(guide: Guide, step: Step) -> bool:
    """Whether this comes before the first question about the story."""
    if "opening" not in guide.remembered:
        names: set[str] = set()
        for each in guide.steps.values():
            if each.short or each.kind == "tell":
                break
            names.add(each.id)
        guide.remembered["opening"] = names
    return step.id in guide.remembered["opening"]


def chooses_way(guide: Guide, step: Step) -> bool:
    """Whether this question only asks which way to go, as the one about the extra round does."""
    return step.kind == "choice" and not (step.short or in_opening(guide, step))


def _count(guide: Guide, passed: frozenset[str]) -> dict[str, int | None]:
    left: dict[str, int | None] = {}
    for step in reversed(list(guide.steps.values())):
        if step.kind == "review":
            left[step.id] = 0
            continue
        by = step.id in passed
        ways = [step.next or ""] if by else ways_on(step)
        counts = [count for way in ways if (count := left.get(way)) is not None]
        most = max(counts, default=None) if step.short else min(counts, default=None)
        own = step.kind in QUESTIONS and not by
        left[step.id] = None if most is None else most + own
    return left
