"""The text of a guide, edited step by step. What is not touched stays as it was written, with its
comments, so that two saves differ only where somebody changed something."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self

from conversations.authoring.guide_toml import step_toml
from conversations.guide.condition import renamed_in, renamed_option_in, without_step
from conversations.guide.toml_text import read_toml

_STEP = re.compile(r"^[ \t]*\[\[[ \t]*step[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_COMMENTS = re.compile(r"(?:^[ \t]*(?:#.*)?\n)*\Z", re.MULTILINE)


class NotEditable(ValueError):
    """The text cannot be edited by step: it is no TOML, or its steps cannot be told apart."""


@dataclass(frozen=True, slots=True)
class StepBlock:
    """A step as it stands in the text; `above` are the comments and empty lines over it."""

    above: str
    text: str
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.data.get("id", ""))


@dataclass(frozen=True, slots=True)
class GuideText:
    """A guide as text: what stands above the first step, and the steps in their order."""

    head: str
    steps: tuple[StepBlock, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotEditable."""
        text = text.replace("\r\n", "\n")
        text = text if text.endswith("\n") or not text else text + "\n"
        try:
            data = _parsed(text)
        except tomllib.TOMLDecodeError as error:
            raise NotEditable(str(error)) from error
        starts = [found.start() for found in _STEP.finditer(text)]
        steps = data.get("step", [])
        pieces = [text[a:b] for a, b in pairwise([*starts, len(text)])]
        if not cls.shaped(data) or len(steps) != len(pieces):
            raise NotEditable("the steps cannot be told apart")
        head = text[: starts[0]] if starts else text
        blocks: list[StepBlock] = []
        head, above = _split(head) if starts else (head, "")
        for place, (piece, step) in enumerate(zip(pieces, steps, strict=True)):
            last = place == len(pieces) - 1
            body, below = (piece, "") if last else _split(piece)
            if _alone(body) != step:
                raise NotEditable("the steps cannot be told apart")
            blocks.append(StepBlock(above, body, step))
            above = below
        return cls(head, tuple(blocks))

    @staticmethod
    def shaped(data: Mapping[str, Any]) -> bool:
        """Whether these are steps with an id and words, under a title."""
        return isinstance(data.get("title"), str) and _shaped(data.get("step", []))

    @property
    def text(self) -> str:
        return self.head + "".join(block.above + block.text for block in self.steps)

    @property
    def data(self) -> dict[str, Any]:
        return dict(_parsed(self.text))

    @property
    def ids(self) -> list[str]:
        return [block.id for block in self.steps]

    def step(self, step_id: str) -> Mapping[str, Any] | None:
        return next((block.data for block in self.steps if block.id == step_id), None)

    def with_head(self, values: Mapping[str, object]) -> GuideText:
        """Other values for keys that stand above the steps (`title`, `minutes`)."""
        head = self.head
        for key, value in values.items():
            line = step_toml({key: value}).splitlines()[1]
            head = re.sub(rf"^[ \t]*{key}[ \t]*=.*$", lambda _: line, head, flags=re.MULTILINE)  # noqa: B023
        return GuideText(head, self.steps)

    def put(self, step: Mapping[str, Any]) -> GuideText:
        """The step with this id as it is now. Raises KeyError when there is none."""
        place = self._place(str(step["id"]))
        old = self.steps[place]
        new = StepBlock(old.above, step_toml(step), step)
        return self._with([*self.steps[:place], new, *self.steps[place + 1 :]])

    def add(self, step: Mapping[str, Any], after: str = "") -> GuideText:
        """A new step after that one (empty: in front). Raises KeyError, and NotEditable when
        there is a step with its id."""
        if step["id"] in self.ids:
            raise NotEditable(f"there is another step {step['id']}")
        place = self._place(after) + 1 if after else 0
        new = StepBlock("\n" if place else "", step_toml(step), step)
        return self._with([*self.steps[:place], new, *self.steps[place:]])

    def move(self, step_id: str, by: int) -> GuideText:
        """The step so many places further on (or back), as far as there are places. The comments
        above it stay where they are: they name a part of the guide."""
        place = self._place(step_id)
        target = min(max(place + by, 0), len(self.steps) - 1)
        order = list(self.steps)
        order.insert(target, order.pop(place))
        aboves = [block.above for block in self.steps]
        moved = [
            StepBlock(above, _ended(block.text), block.data)
            for above, block in zip(aboves, order, strict=True)
        ]
        return self._with(moved)

    def remove(self, step_id: str) -> GuideText:
        """Without this step. What led to it leads to the step that followed it; who depended on
        its answer (`when`) does so no longer. Raises KeyError."""
        place = self._place(step_id)
        following = self.steps[place + 1].id if place + 1 < len(self.steps) else ""
        gone = self.steps[place]
        rest = [*self.steps[:place], *self.steps[place + 1 :]]
        if place < len(rest) and "#" in gone.above:
            rest[place] = StepBlock(gone.above, rest[place].text, rest[place].data)
        led = [_led(block, step_id, str(gone.data.get("goto") or following)) for block in rest]
        return self._with(led)

    def item_ids(self, step_id: str) -> list[str]:
        """The ids of the answers of a step."""
        step = self.step(step_id) or {}
        return [each["id"] for key in ("options", "poles") for each in step.get(key, ())]

    def with_item_id(self, step_id: str, item: str, new: str) -> GuideText:
        """An answer under another id, with all that hangs on it: what was answered before stays
        apart from it."""

        def follow(data: Mapping[str, Any]) -> dict[str, Any]:
            when = data.get("when")
            if not isinstance(when, str):
                return dict(data)
            return {**data, "when": renamed_option_in(when, step_id, item, new)}

        step = dict(self.step(step_id) or {})
        for key in ("options", "poles"):
            if key in step:
                step[key] = [{**e, "id": new} if e["id"] == item else e for e in step[key]]
        made = self.put(step)
        return self._with([_each(block, follow) for block in made.steps])

    def with_id(self, step_id: str, new: str) -> GuideText:
        """A step under another id, with all that leads to it."""
        place = self._place(step_id)
        blocks = [_led(block, step_id, new, renamed=True) for block in self.steps]
        step = {**blocks[place].data, "id": new}
        blocks[place] = StepBlock(blocks[place].above, step_toml(step), step)
        return self._with(blocks)

    def _with(self, steps: Sequence[StepBlock]) -> GuideText:
        return GuideText(self.head, tuple(steps))

    def _place(self, step_id: str) -> int:
        if step_id not in self.ids:
            raise KeyError(step_id)
        return self.ids.index(step_id)


def _shaped(steps: object) -> bool:
    """Whether these are steps with an id and words, and their answers too."""
    return (
        isinstance(steps, list)
        and steps != []
        and all(
            _worded(step, "say")
            and all(
                isinstance(step.get(key, []), list)
                and all(_worded(item, "label") for item in step.get(key, []))
                for key in ("options", "poles")
            )
            for step in steps
        )
    )


def _worded(data: object, key: str) -> bool:
    return isinstance(data, dict) and all(isinstance(data.get(each), str) for each in ("id", key))


def _split(piece: str) -> tuple[str, str]:
    """A piece of the text without the comments and empty lines at its end; those are of the step
    that follows."""
    found = _COMMENTS.search(piece)
    at = found.start() if found else len(piece)
    return piece[:at], piece[at:]


@lru_cache(maxsize=32)
def _parsed(text: str) -> Mapping[str, Any]:
    """The data of a text; only to be looked at. A page asks for those of one guide several times
    over. Raises tomllib.TOMLDecodeError."""
    return read_toml(text)


@lru_cache(maxsize=1000)
def _alone(body: str) -> Mapping[str, Any] | None:
    """The step that stands in this text; only to be looked at."""
    try:
        steps = read_toml(body)["step"]
    except (tomllib.TOMLDecodeError, KeyError):
        return None
    return dict(steps[0]) if len(steps) == 1 else None


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _led(block: StepBlock, gone: str, on: str, *, renamed: bool = False) -> StepBlock:
    """A step whose jumps to `gone` lead on (without an `on` they fall away). Conditions follow a
    step that was `renamed`; else they look at it no longer."""

    def led(data: Mapping[str, Any]) -> dict[str, Any]:
        when = data.get("when")
        kept = dict(data)
        if isinstance(when, str):
            kept["when"] = renamed_in(when, gone, on) if renamed else without_step(when, gone)
        if kept.get("goto") == gone:
            kept["goto"] = on
        empty = [key for key in ("when", "goto") if data.get(key) and not kept[key]]
        return {key: value for key, value in kept.items() if key not in empty}

    return _each(block, led)


def _each(block: StepBlock, change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> StepBlock:
    """A step in which it, its options and its skip were changed."""
    step = change(block.data)
    if isinstance(step.get("options"), list):
        step["options"] = [change(option) for option in step["options"]]
    if isinstance(step.get("skip"), Mapping):
        step["skip"] = change(step["skip"])
    return block if step == dict(block.data) else StepBlock(block.above, step_toml(step), step)
