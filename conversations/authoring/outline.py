"""A guide as a readable list: the steps in the order told, branches indented under the option that
leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Part = Literal["opening", "story", "fixed", "end"]

FIXED = frozenset({"review", "consent", "switches"})
"""The kinds of step that carry a promise: an author changes their words, and they stay."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The buttons of a step that lead elsewhere than to the next one (none: whatever is answered),
    and the step they lead to; `ends` when the conversation ends there."""

    labels: tuple[str, ...]
    to: str
    ends: bool


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One step in the list. `depth` is how many choices one must have made a certain way to come
    here, `under` the buttons of the last of them."""

    id: str
    kind: str
    say: str
    depth: int
    under: tuple[str, ...]
    part: Part
    options: tuple[str, ...] = ()
    jumps: tuple[Jump, ...] = ()
    when: str = ""


def outline(steps: Sequence[Mapping[str, Any]]) -> list[OutlineRow]:
    """The list of a guide, also of one that is not right yet: a jump to nowhere counts as none."""
    order = {str(step.get("id", "")): place for place, step in enumerate(steps)}
    ways = [_ways(step, place, order) for place, step in enumerate(steps)]
    goes_on = _reaching(steps, ways)
    under: dict[int, list[tuple[str, ...]]] = {place: [] for place in range(len(steps))}
    for step, way in zip(steps, ways, strict=True):
        groups: dict[int, list[str]] = {}
        for label, target in way:
            if target in goes_on:
                groups.setdefault(target, []).append(label)
        if step.get("kind") not in ("choice", "choices") or len(groups) < 2:
            continue
        found = {target: _reach(target, ways) for target in groups}
        for place in set().union(*found.values()):
            led = [target for target in groups if place in found[target]]
            if len(led) < len(groups) and not steps[place].get("end"):
                labels = [label for target in led for label in groups[target] if label]
                under[place].append(tuple(labels))
    first_asked = next(
        (place for place, each in enumerate(steps) if each.get("short") or _is(each, "tell")), 0
    )
    return [
        OutlineRow(
            id=str(step.get("id", "")),
            kind=str(step.get("kind", "")),
            say=str(step.get("say", "")),
            depth=len(under[place]),
            under=under[place][-1] if under[place] else (),
            part=_part(step, place < first_asked),
            options=tuple(str(each.get("label", "")) for each in _listed(step, "options")),
            jumps=tuple(_jumps(steps, place, ways[place])),
            when=str(step.get("when", "")),
        )
        for place, step in enumerate(steps)
    ]


def _ways(step: Mapping[str, Any], place: int, order: Mapping[str, int]) -> list[tuple[str, int]]:
    """The buttons of a step (an empty label: without one), each with the place it leads to."""
    if step.get("end"):
        return []
    on = order.get(str(step.get("goto", "")), place + 1)
    options = _listed(step, "options")
    found = [
        (str(each.get("label", "")), order.get(str(each.get("goto", "")), on)) for each in options
    ]
    skip = step.get("skip")
    if isinstance(skip, Mapping) and skip.get("goto") in order:
        found.append((str(skip.get("label", "")), order[skip["goto"]]))
    if not options or step.get("other") or step.get("when"):
        found.append(("", on))
    return [(label, target) for label, target in found if place < target < len(order)]


def _jumps(
    steps: Sequence[Mapping[str, Any]], place: int, ways: Sequence[tuple[str, int]]
) -> Iterator[Jump]:
    groups: dict[int, list[str]] = {}
    for label, target in ways:
        if target != place + 1:
            groups.setdefault(target, []).append(label)
    for target, labels in groups.items():
        named = () if len(labels) == len(ways) else tuple(filter(None, labels))
        yield Jump(named, str(steps[target].get("id", "")), bool(steps[target].get("end")))


def _reach(start: int, ways: Sequence[Sequence[tuple[str, int]]]) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += [target for _, target in ways[place]]
    return seen


def _reaching(
    steps: Sequence[Mapping[str, Any]], ways: Sequence[Sequence[tuple[str, int]]]
) -> set[int]:
    """The places from which one comes to the card; of a guide without one, all that go on."""
    cards = [place for place, step in enumerate(steps) if _is(step, "review")]
    aim = cards[0] if cards else len(steps)
    if not cards:
        return {place for place, step in enumerate(steps) if not step.get("end")}
    found = _reach(aim, ways)
    for place in range(aim, -1, -1):
        if any(target in found for _, target in ways[place]):
            found.add(place)
    return found


def _part(step: Mapping[str, Any], early: bool) -> Part:
    if step.get("end"):
        return "end"
    if step.get("kind") in FIXED:
        return "fixed"
    return "opening" if early else "story"


def _is(step: Mapping[str, Any], kind: str) -> bool:
    return step.get("kind") == kind


def _listed(step: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = step.get(key)
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
