"""The diagram of a guide with its use: a row for every question in the order told, a bar for who
came, and arcs for answers that lead past other questions. Geometry only; the template draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.engine.way.trail import CLASSES, branches
from conversations.guide.model import Guide, Step
from storage.guides.use_counts import VersionUse

ROW = 58
"""The height of a question."""
WIDTH = 240
"""How wide the bar is of a question to which everybody came: with the arcs, a small phone."""
LANES = 4
"""Arcs beside each other, before they lie over one another."""
LONGEST = 26


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A question. The widths are of the bar: who answered, who skipped, who stopped here; `seconds`
    is how long half of them took at most (0: not known)."""

    id: str
    label: str
    end: bool
    top: int
    came: int
    answered: int
    skipped: int
    back: int
    stopped: int
    seconds: int
    widths: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class FlowArc:
    """An answer that leads past other questions, and how many conversations went that way."""

    path: str
    x: int
    y: int
    label: str
    start: str
    end: str
    conversations: int


@dataclass(frozen=True, slots=True)
class Flow:
    rows: tuple[FlowRow, ...]
    arcs: tuple[FlowArc, ...]

    @property
    def height(self) -> int:
        return len(self.rows) * ROW + 4


def flow_of(guide: Guide, use: VersionUse, names: Mapping[str, str]) -> Flow:
    """The diagram of a guide, whose steps are called so; of what is only said, no row."""
    steps = [step for step in guide.steps.values() if step.kind != "say" or step.end]
    most = max((use.of(step.id, "came") for step in steps), default=0)
    rows = tuple(
        _row(step, names[step.id], use, most, place * ROW) for place, step in enumerate(steps)
    )
    places = {row.id: row.top + ROW // 2 for row in rows}
    return Flow(rows, tuple(_arcs(guide, steps, use, places)))


def _row(step: Step, name: str, use: VersionUse, most: int, top: int) -> FlowRow:
    came, answered = use.of(step.id, "came"), use.of(step.id, "answered")
    skipped, stopped = use.of(step.id, "skipped"), use.of(step.id, "stopped")

    def width(n: int) -> int:
        return round(WIDTH * n / most) if most else 0

    return FlowRow(
        step.id,
        _fitting(name),
        step.end,
        top,
        came,
        answered,
        skipped,
        use.of(step.id, "back"),
        stopped,
        median_seconds(use.marks.get(step.id, {})),
        (width(came if step.end else answered), width(skipped), width(stopped)),
    )


def _fitting(name: str) -> str:
    """As much of a name as stands on one line of the diagram."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rsplit(' ', 1)[0]}…"


def median_seconds(marks: Mapping[str, int]) -> int:
    """How long half of the conversations took at most: the bound of the class in the middle, 0 when
    nothing is known, one more than the last bound when it is longer."""
    counts = [marks.get(f"<{bound}", 0) for bound in CLASSES] + [marks.get("<", 0)]
    half, so_far = sum(counts) / 2, 0
    for bound, n in zip((*CLASSES, CLASSES[-1] + 1), counts, strict=True):
        so_far += n
        if n and so_far >= half:
            return bound
    return 0


def _arcs(
    guide: Guide, steps: list[Step], use: VersionUse, places: Mapping[str, int]
) -> list[FlowArc]:
    arcs: list[FlowArc] = []
    order = [step.id for step in steps]
    for step in steps:
        if len(branches(step)) < 2:
            continue
        for target in sorted(branches(step), key=lambda each: order.index(_asked(guide, each))):
            asked = _asked(guide, target)
            if order.index(asked) <= order.index(step.id) + 1:
                continue
            x = WIDTH + 14 + 16 * (len(arcs) % LANES)
            start, end = places[step.id], places[asked]
            arcs.append(
                FlowArc(
                    f"M{WIDTH + 4} {start} H{x - 8} Q{x} {start} {x} {start + 8} V{end - 8} "
                    f"Q{x} {end} {x - 8} {end} H{WIDTH + 4}",
                    x,
                    (start + end) // 2,
                    _labels(step, target),
                    step.id,
                    asked,
                    use.of(step.id, f">{target}"),
                )
            )
    return arcs


def _asked(guide: Guide, name: str) -> str:
    """The question or end that one comes to there."""
    step = guide.steps[name]
    while step.kind == "say" and not step.end:
        step = guide.steps[step.next or ""]
    return step.id


def _labels(step: Step, target: str) -> str:
    options = (*step.options, *((step.skip,) if step.skip else ()))
    return " / ".join(each.label for each in options if (each.goto or step.next) == target)
