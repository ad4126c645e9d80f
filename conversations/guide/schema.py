"""Validates the shape of a guide file: its keys, their types and kinds, ids and jumps."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from conversations.guide.condition import named_steps, parse_condition
from conversations.guide.model import PURPOSES, About, Fill, Form, Kind
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw, Problem

ID = re.compile(r"[a-z0-9][a-z0-9_]*")
STEP = re.compile(r"^[ \t]*\[\[[ \t]*step[ \t]*\]\]", re.MULTILINE)
_ID_LINE = re.compile(r"^[ \t]*id[ \t]*=", re.MULTILINE)
_SAID_ID = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([^"'\n]*)["']""", re.MULTILINE)

Types = Mapping[str, type | tuple[type, ...]]
"""Keys, and what stands behind each."""

TOP_KEYS: Types = {
    "id": str,
    "form": str,
    "kind": str,
    "title": str,
    "minutes": (int, float),
}
STEP_KEYS: Types = {
    "id": str,
    "kind": str,
    "say": str,
    "other_say": str,
    "short": str,
    "about": str,
    "options": list,
    "max": int,
    "poles": list,
    "skip": (str, bool, dict),
    "other": bool,
    "purpose": str,
    "fill": str,
    "goto": str,
    "when": str,
    "end": bool,
    "erase": bool,
}
WORDS: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "about": get_args(About),
    "purpose": PURPOSES,
    "fill": get_args(Fill),
}
ONLY_FOR: dict[str, set[str]] = {
    "other_say": {"choice", "choices", "scale", "triad", "text", "name", "tell"},
    "short": {"choice", "choices", "scale", "triad", "text", "name", "sentence"},
    "options": {"choice", "choices", "consent", "switches", "review", "say"},
    "max": {"choices", "text", "name", "sentence", "tell"},
    "poles": {"scale", "triad"},
    "skip": {"choice", "choices", "scale", "triad", "text", "name", "sentence"},
    "other": {"choice", "choices"},
    "purpose": {"consent"},
    "fill": {"choice"},
    "end": {"say"},
    "erase": {"say"},
}
OPTION_KEYS: Types = {
    "goto": str,
    "reply": str,
    "say": str,
    "when": str,
}
SKIP_KEYS: Types = {"label": str, "goto": str, "reply": str}
SWITCHES = (*PURPOSES[1:], "coordinator")
_SHOWN = 60
_MOST = 100_000
HEAD = "[guide]"
"""Stands among the steps that could not be read for what stands above the first of them."""


def step_lines(text: str, count: int) -> list[int]:
    """The line, counted from 1, at which each of the `count` steps of a guide file says its id."""
    starts = [found.start() for found in STEP.finditer(text)]
    lines = []
    for start, end in pairwise([*starts, len(text)]):
        found = _ID_LINE.search(text, start, end)
        lines.append(text.count("\n", 0, found.start() if found else start) + 1)
    return [*lines, *[1] * count][:count]


def lines_of_steps(text: str) -> dict[str, int]:
    """The line at which each step of a guide file says its id, by that id; the first one counts."""
    found: dict[str, int] = {}
    for begin, end in pairwise([*(each.start() for each in STEP.finditer(text)), len(text)]):
        said = _SAID_ID.search(text, begin, end)
        if said:
            found.setdefault(said[1], text.count("\n", 0, said.start()) + 1)
    return found


def shape_problems(
    name: str, text: str, data: Mapping[str, Any], lost: Collection[str] = ()
) -> list[Problem]:
    """What keeps the data of a guide file (its name and text are for the report) from being a
    guide at all. `lost` are the ids of steps that could not be read: they are there."""
    head = () if HEAD in lost else _top(Path(name).stem, data)
    found = [make_problem(name, 1, each) for each in head]
    steps = data.get("step")
    if not isinstance(steps, list) or not steps or not all(isinstance(s, dict) for s in steps):
        return [*found, make_problem(name, 1, Flaw("", "no-steps"))]
    known = {step.get("id") for step in steps if isinstance(step.get("id"), str)}
    seen: set[Any] = set()
    for step, line in zip(steps, step_lines(text, len(steps)), strict=True):
        if lost and not step:
            continue
        step_id = step.get("id")
        shown = step_id if isinstance(step_id, str) else ""
        problems = [*_step(step), *_jumps(step, known | set(lost))]
        if shown and shown in seen:
            problems.append(Flaw("", "duplicate-id", {"id": shown}))
        seen.add(shown)
        found += [make_problem(name, line, each, shown) for each in problems]
    return found


def _top(stem: str, data: Mapping[str, Any]) -> Iterator[Flaw]:
    yield from _keys("guide", data, {**TOP_KEYS, "step": list}, {*TOP_KEYS, "step"})
    if isinstance(data.get("id"), str) and data["id"] != stem:
        yield Flaw("", "wrong-id", {"id": data["id"], "stem": stem})
    if data.get("form") not in (None, *get_args(Form)):
        yield _unknown("form", data["form"], get_args(Form))


def _step(step: Mapping[str, Any]) -> Iterator[Flaw]:
    yield from _keys("step", step, STEP_KEYS, {"id", "kind", "say"})
    yield from _id(step)
    for key, words in WORDS.items():
        if isinstance(step.get(key), str) and step[key] not in words:
            yield _unknown(key, step[key], words)
    for key, kinds in ONLY_FOR.items():
        kind = step.get("kind")
        if key in step and kind in get_args(Kind) and kind not in kinds:
            if key == "skip" and kind == "consent":
                yield Flaw("", "consent-skippable")
                continue
            slots = {"key": key, "kind": str(kind), "kinds": ", ".join(sorted(kinds))}
            yield Flaw("", "out-of-place", slots)
    for key in ("options", "poles"):
        for item in _items(step, key):
            if not isinstance(item, dict):
                yield Flaw("", "wrong-type", {"key": key, "value": _short(item)}, "item")
                continue
            more = OPTION_KEYS if key == "options" else {}
            yield from _keys(key, item, {"id": str, "label": str, **more}, {"id", "label"})
            yield from _id(item)
            if key == "options":
                yield from _switch(step, item)
    if isinstance(step.get("skip"), dict):
        yield from _keys("skip", step["skip"], SKIP_KEYS, set())
    if step.get("purpose") is None and step.get("kind") == "consent":
        yield Flaw("", "missing-key", variant="purpose")


def _unknown(key: str, value: object, words: Sequence[str]) -> Flaw:
    near = get_close_matches(value, words, 1, 0.6) if isinstance(value, str) else []
    slots = {"key": key, "value": _short(value), "words": ", ".join(words), "near": "".join(near)}
    return Flaw("", "unknown-word", slots, "near" if near else "")


def _switch(step: Mapping[str, Any], option: Mapping[str, Any]) -> Iterator[Flaw]:
    """A switch says what it means; no other option does."""
    switches = step.get("kind") == "switches"
    if switches and "say" not in option:
        yield Flaw("", "missing-key", {"id": option.get("id")}, "switch")
    if switches and option.get("id") not in SWITCHES:
        slots = {"value": _short(option.get("id")), "words": ", ".join(SWITCHES)}
        yield Flaw("", "unknown-word", slots, "switch")
    for name in ("goto", "reply") if switches else ("say", "when"):
        if name in option:
            slots = {"key": name, "kind": str(step.get("kind"))}
            yield Flaw("", "out-of-place", slots, "switch" if switches else "option")


def jumps(step: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place in a step where the id of another one stands: the table, and the key in it."""
    places = [step, step.get("skip"), *_items(step, "options")]
    for place in places:
        for key in ("goto", "when"):
            if isinstance(place, dict) and isinstance(place.get(key), str):
                yield place, key


def _jumps(step: Mapping[str, Any], known: set[Any]) -> Iterator[Flaw]:
    for place, key in jumps(step):
        targets = [place[key]]
        if key == "when":
            try:
                parse_condition(place[key])
            except ValueError:
                yield Flaw("", "when-unread", {"text": place[key]})
                continue
            targets = list(named_steps(place[key]))
        for target in (each for each in targets if each not in known):
            near = get_close_matches(target, sorted(filter(None, known)), 1, 0.6)
            slots = {"target": target, "near": "".join(near)}
            yield Flaw("", "goto-nowhere", slots, "near" if near else "")


def _keys(
    what: str,
    data: Mapping[str, Any],
    types: Types,
    needed: set[str],
) -> Iterator[Flaw]:
    for key in sorted(needed - data.keys()):
        yield Flaw("", "missing-key", {"key": key}, what)
    for key, value in data.items():
        wanted = types.get(key)
        if wanted is None:
            near = get_close_matches(key, list(types), 1, 0.7)
            slots = {"key": key, "keys": ", ".join(types), "near": "".join(near)}
            yield Flaw("", "unknown-key", slots, f"near.{what}" if near else what)
        elif not fits(value, wanted):
            kinds = wanted if isinstance(wanted, tuple) else (wanted,)
            names = "_".join(kind.__name__ for kind in kinds)
            shown = f'"{_short(value)}"' if isinstance(value, str) else _short(value)
            yield Flaw("", "wrong-type", {"key": key, "value": shown}, names)


def _id(data: Mapping[str, Any]) -> Iterator[Flaw]:
    if isinstance(data.get("id"), str) and not ID.fullmatch(data["id"]):
        yield Flaw("", "bad-id", {"id": _short(data["id"])})


def fits(value: object, wanted: type | tuple[type, ...]) -> bool:
    """Whether a value is of the type that a key wants."""
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(value, int | float) and not -_MOST < value < _MOST:
        return False  # nothing of a guide is that large, and nan is no number
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _short(value: object) -> str:
    """A value as its author wrote it, or about so."""
    match value:
        case str():
            shown = " ".join(value.split())
        case bool():
            shown = str(value).lower()
        case dict():
            shown = "{…}"
        case list():
            shown = "[…]"
        case _:
            shown = str(value)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def _items(step: Mapping[str, Any], key: str) -> list[Any]:
    items = step.get(key)
    return items if isinstance(items, list) else []
