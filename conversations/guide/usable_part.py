"""What is left of a guide with problems in its shape: enough to build it and check all the rest, so
that an author hears everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, get_args

from conversations.guide.condition import named_steps
from conversations.guide.model import Form, Kind
from conversations.guide.schema import (
    ID,
    ONLY_FOR,
    OPTION_KEYS,
    SKIP_KEYS,
    STEP_KEYS,
    SWITCHES,
    TOP_KEYS,
    WORDS,
    Types,
    fits,
    jumps,
    shape_problems,
)

_ITEM: Types = {"id": str, "label": str}


def usable(data: Mapping[str, Any], stem: str) -> dict[str, Any] | None:
    """As much of a guide as has a shape: what is unknown or of a wrong type is left out, what is
    missing stands there without words. None where no step is left."""
    steps = data.get("step")
    found: dict[str, dict[str, Any]] = {}
    for step in steps if isinstance(steps, list) else []:
        mended = _step(step) if isinstance(step, dict) else None
        if mended:
            found.setdefault(mended["id"], mended)
    for step in found.values():
        for place, key in list(jumps(step)):
            targets = named_steps(place[key]) if key == "when" else (place[key],)
            if not targets or not all(each in found for each in targets):
                del place[key]
    top = {key: value for key, value in data.items() if _known(TOP_KEYS, key, value)}
    top = {"form": "je", "kind": stem, "title": stem, "minutes": 0.0, **top, "id": stem}
    top |= {"form": "je"} if top["form"] not in get_args(Form) else {}
    made = {**top, "step": list(found.values())}
    return None if not found or shape_problems(f"{stem}.toml", "", made) else made


def _step(step: Mapping[str, Any]) -> dict[str, Any] | None:
    """A step that can be built; None where it has no id or kind."""
    kind = step.get("kind")
    if not _names(step) or not isinstance(kind, str) or kind not in get_args(Kind):
        return None
    kept = {
        key: deepcopy(value)
        for key, value in step.items()
        if _known(STEP_KEYS, key, value)
        and (key not in WORDS or value in WORDS[key])
        and (key not in ONLY_FOR or kind in ONLY_FOR[key])
    }
    kept.setdefault("say", "")
    if kind == "consent":
        kept.setdefault("purpose", "keep")
    for key, types in (("options", {**_ITEM, **OPTION_KEYS}), ("poles", _ITEM)):
        if key in kept:
            kept[key] = [_item(kind, each, types) for each in kept[key] if _names(each)]
            kept[key] = [each for each in kept[key] if kind != "switches" or each["id"] in SWITCHES]
    if isinstance(kept.get("skip"), dict):
        kept["skip"] = {k: v for k, v in kept["skip"].items() if _known(SKIP_KEYS, k, v)}
    return kept


def _item(kind: str, item: Mapping[str, Any], types: Types) -> dict[str, Any]:
    left_out = ("goto", "reply") if kind == "switches" else ("say", "when")
    kept = {k: v for k, v in item.items() if _known(types, k, v) and k not in left_out}
    return {"label": "", **({"say": ""} if kind == "switches" else {}), **kept}


def _names(data: object) -> bool:
    return (
        isinstance(data, Mapping)
        and isinstance(data.get("id"), str)
        and bool(ID.fullmatch(data["id"]))
    )


def _known(types: Types, key: str, value: object) -> bool:
    wanted = types.get(key)
    return wanted is not None and fits(value, wanted)
