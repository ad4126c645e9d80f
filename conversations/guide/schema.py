"""Validates the shape of a guide file: its keys, their types and kinds, ids and jumps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from conversations.guide.model import PURPOSES, About, Fill, Form, Kind
from conversations.guide.problems import Problem

_ID = re.compile(r"[a-z0-9][a-z0-9_]*")
_STEP = re.compile(r"^[ \t]*\[\[[ \t]*step[ \t]*\]\]", re.MULTILINE)
_ID_LINE = re.compile(r"^[ \t]*id[ \t]*=", re.MULTILINE)

_TOP: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "form": str,
    "kind": str,
    "title": str,
    "minutes": (int, float),
}
_STEP_KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "kind": str,
    "say": str,
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
_WORDS: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "about": get_args(About),
    "purpose": PURPOSES,
    "fill": get_args(Fill),
}
_ONLY_FOR: dict[str, set[str]] = {
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
_OPTION_KEYS: dict[str, type | tuple[type, ...]] = {
    "goto": str,
    "reply": str,
    "say": str,
    "when": str,
}
_TYPES: dict[type, str] = {
    str: "a text between quotes",
    bool: "true or false",
    int: "a number",
    float: "a number with a point",
    list: "a list between square brackets",
    dict: "a table between braces",
}


def step_lines(text: str, count: int) -> list[int]:
    """The line, counted from 1, at which each of the `count` steps of a guide file says its id."""
    starts = [found.start() for found in _STEP.finditer(text)]
    lines = []
    for start, end in pairwise([*starts, len(text)]):
        found = _ID_LINE.search(text, start, end)
        lines.append(text.count("\n", 0, found.start() if found else start) + 1)
    return [*lines, *[1] * count][:count]


def shape_problems(name: str, text: str, data: Mapping[str, Any]) -> list[Problem]:
    """What keeps the data of a guide file (its name and text are for the report) from being a
    guide at all."""
    found = [Problem(name, 1, "", *what) for what in _top(Path(name).stem, data)]
    steps = data.get("step")
    if not isinstance(steps, list) or not steps or not all(isinstance(s, dict) for s in steps):
        none = ("no-steps", "There are no steps.", "Begin each step with a line [[step]].")
        return [*found, Problem(name, 1, "", *none)]
    known = {step.get("id") for step in steps if isinstance(step.get("id"), str)}
    seen: set[Any] = set()
    for step, line in zip(steps, step_lines(text, len(steps)), strict=True):
        step_id = step.get("id")
        shown = step_id if isinstance(step_id, str) else ""
        problems = [*_step(step), *_jumps(step, known)]
        if shown and shown in seen:
            problems.append(
                ("duplicate-id", f"There is another step {shown}.", "Give one of them another id.")
            )
        seen.add(shown)
        found += [Problem(name, line, shown, *what) for what in problems]
    return found


_What = tuple[str, str, str]


def _top(stem: str, data: Mapping[str, Any]) -> Iterator[_What]:
    yield from _keys("the guide", data, {**_TOP, "step": list}, {*_TOP, "step"})
    if isinstance(data.get("id"), str) and data["id"] != stem:
        yield (
            "wrong-id",
            f"The id is {data['id']}, the file is called {stem}.",
            f'Say id = "{stem}".',
        )
    if data.get("form") not in (None, *get_args(Form)):
        yield "unknown-word", f"form is {data['form']!r}.", "It can be: je, u."


def _step(step: Mapping[str, Any]) -> Iterator[_What]:
    yield from _keys("a step", step, _STEP_KEYS, {"id", "kind", "say"})
    yield from _id(step)
    for key, words in _WORDS.items():
        if isinstance(step.get(key), str) and step[key] not in words:
            yield "unknown-word", f"{key} is {step[key]!r}.", f"It can be: {', '.join(words)}."
    for key, kinds in _ONLY_FOR.items():
        kind = step.get("kind")
        if key in step and kind in get_args(Kind) and kind not in kinds:
            if key == "skip" and kind == "consent":
                mend = "Take skip out: yes and no are the only answers."
                yield "consent-skippable", "A consent cannot be skipped.", mend
                continue
            yield (
                "out-of-place",
                f"{key} has no meaning in a step of the kind {kind}.",
                f"Take it out, or make it one of: {', '.join(sorted(kinds))}.",
            )
    for key in ("options", "poles"):
        for item in _items(step, key):
            if not isinstance(item, dict):
                yield "wrong-type", f"{key} holds {item!r}.", "Write { id = …, label = … }."
                continue
            more = _OPTION_KEYS if key == "options" else {}
            what = f"one of the {key}"
            yield from _keys(what, item, {"id": str, "label": str, **more}, {"id", "label"})
            yield from _id(item)
            if key == "options":
                yield from _switch(step, item)
    if isinstance(step.get("skip"), dict):
        yield from _keys("skip", step["skip"], {"label": str, "goto": str, "reply": str}, set())
    if step.get("purpose") is None and step.get("kind") == "consent":
        yield "missing-key", "A consent does not say what for.", "Add purpose."


def _switch(step: Mapping[str, Any], option: Mapping[str, Any]) -> Iterator[_What]:
    """A switch says what it means; no other option does."""
    switches = step.get("kind") == "switches"
    if switches and "say" not in option:
        mend = "Add say: what one agrees to."
        yield "missing-key", f"The switch {option.get('id')} does not say what it means.", mend
    if switches and option.get("id") not in (*PURPOSES[1:], "coordinator"):
        mend = f"It can be: {', '.join((*PURPOSES[1:], 'coordinator'))}."
        yield "unknown-word", f"The switch {option.get('id')!r} is no purpose.", mend
    for name in ("goto", "reply") if switches else ("say", "when"):
        if name in option:
            what = "a switch" if switches else f"an option of a {step.get('kind')}"
            yield "out-of-place", f"{name} has no meaning in {what}.", "Take it out."


def _jumps(step: Mapping[str, Any], known: set[Any]) -> Iterator[_What]:
    skip = step.get("skip")
    jumps = [
        step.get("goto"),
        step.get("when"),
        skip.get("goto") if isinstance(skip, dict) else None,
    ]
    for item in _items(step, "options"):
        jumps += [item.get("goto"), item.get("when")] if isinstance(item, dict) else []
    for jump in jumps:
        if isinstance(jump, str) and jump not in known:
            yield (
                "goto-nowhere",
                f"There is no step {jump}.",
                "Name the id of a step of this guide.",
            )


def _keys(
    what: str,
    data: Mapping[str, Any],
    types: Mapping[str, type | tuple[type, ...]],
    needed: set[str],
) -> Iterator[_What]:
    for key in sorted(needed - data.keys()):
        yield "missing-key", f"{what} has no {key}.".capitalize(), f"Add {key} = …"
    for key, value in data.items():
        wanted = types.get(key)
        if wanted is None:
            yield (
                "unknown-key",
                f"{what} has a key {key}.".capitalize(),
                f"It can have: {', '.join(types)}.",
            )
        elif not _is(value, wanted):
            kinds = wanted if isinstance(wanted, tuple) else (wanted,)
            names = " or ".join(_TYPES[kind] for kind in kinds)
            yield "wrong-type", f"{key} is {value!r}.", f"It must be {names}."


def _id(data: Mapping[str, Any]) -> Iterator[_What]:
    if isinstance(data.get("id"), str) and not _ID.fullmatch(data["id"]):
        yield "bad-id", f"The id {data['id']!r} cannot be used.", "Use a-z, 0-9 and _ only."


def _is(value: object, wanted: type | tuple[type, ...]) -> bool:
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _items(step: Mapping[str, Any], key: str) -> list[Any]:
    items = step.get(key)
    return items if isinstance(items, list) else []
