"""A step of a guide as a form: what an author filled in becomes a step; what the form does not show
stays as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from conversations.authoring.guide_text import GuideText
from conversations.authoring.starter import blank_step, id_of
from conversations.guide.builder import SKIPPABLE
from conversations.guide.schema import ONLY_FOR

NEW_KINDS = ("choice", "choices", "scale", "triad", "text", "say")
"""What an author can add. The story, the card and the consents are there once, and stay."""

STAYS = frozenset({"tell", "review", "consent", "switches"})
"""The kinds of step that cannot be taken out, nor become another kind."""

SPARE = 2
"""Empty rows for more answers."""

Form = Mapping[str, Sequence[str]]
"""What was filled in: every value of a name, in order."""


def step_from(form: Form, old: Mapping[str, Any] | None, taken: Collection[str]) -> dict[str, Any]:
    """The step that a form describes: an `old` one changed under the same id, or a new one with an
    id made of its words."""
    kind = _first(form, "kind")
    if old is None:
        kind = kind if kind in NEW_KINDS else "choice"
        words = _first(form, "short") or _first(form, "say")
        step = blank_step(kind, id_of(words, taken))
    else:
        step = dict(old)
        if kind in NEW_KINDS and old["kind"] in NEW_KINDS:
            step["kind"] = kind
    step["say"] = _first(form, "say")
    _set(step, "short", _first(form, "short"))
    for key in ("option", "pole"):
        rows = _rows(form, key, _listed(step, f"{key}s"))
        if rows or f"{key}s" in step:
            step[f"{key}s"] = rows
    _rest(step, form)
    return _fitting(step)


def put_step(text: GuideText, form: Form) -> tuple[GuideText, str]:
    """The text with the step of a form, changed or new; and its id. Raises KeyError and
    NotEditable."""
    step_id, after = (form.get(name, [""])[0] for name in ("step", "after"))
    old = text.step(step_id) if step_id else None
    step = step_from(form, old, text.ids)
    if old is not None:
        return text.put(step), step_id
    return text.add(step, after if after in text.ids else text.ids[-1]), str(step["id"])


def rows_of(step: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The answers (or poles) of a step for a form, with empty rows for more."""
    kind = step.get("kind")
    known = [dict(each) for each in _listed(step, key)]
    if key == "poles":
        count = {"scale": 2, "triad": 3}.get(str(kind), 0)
        return [*known, *({} for _ in range(count - len(known)))]
    return [*known, *({} for _ in range(max(SPARE, 3 - len(known))))]


def _rows(form: Form, name: str, old: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with a label. A mended label keeps its id; a new one gets an id made of it."""
    known = {str(each.get("id")): dict(each) for each in old}
    labels, ids = form.get(f"{name}_label", ()), form.get(f"{name}_id", ())
    found: list[dict[str, Any]] = []
    taken = {*known}
    for place, label in enumerate(labels):
        if not label.strip():
            continue
        row = known.get(ids[place] if place < len(ids) else "", {})
        row = {**row} or {"id": id_of(label, taken, "antwoord")}
        taken.add(row["id"])
        row["label"] = label.strip()
        for key in ("reply", "goto", "say"):
            values = form.get(f"{name}_{key}")
            if values is not None and place < len(values):
                _set(row, key, values[place])
        found.append(row)
    return found


def _rest(step: dict[str, Any], form: Form) -> None:
    if "shown" not in form:
        return
    other = "other" in form
    if other or "other" in step:
        step["other"] = other
    if (most := _first(form, "max")).isdecimal():
        step["max"] = int(most)
    if step["kind"] in SKIPPABLE:
        _skip(step, form)
    for key in ("goto", "when", "other_say"):
        if key in form:
            _set(step, key, _first(form, key))


def _skip(step: dict[str, Any], form: Form) -> None:
    old = step.pop("skip", True)
    if "skip" not in form:
        step["skip"] = False
        return
    made = dict(old) if isinstance(old, Mapping) else {}
    for key in ("label", "goto"):
        if f"skip_{key}" in form:
            _set(made, key, _first(form, f"skip_{key}"))
    if made:
        step["skip"] = made["label"] if made.keys() == {"label"} else made


def _fitting(step: dict[str, Any]) -> dict[str, Any]:
    """Without what has no meaning for its kind, when that was changed."""
    kind = step["kind"]
    if kind in NEW_KINDS:
        gone = {key for key, kinds in ONLY_FOR.items() if kind not in kinds}
        if kind == "say" and not step.get("end"):
            gone.add("options")
        step = {key: value for key, value in step.items() if key not in gone}
        if kind in ("choice", "choices") and "fill" not in step:
            step.setdefault("options", [])
        if kind in ("scale", "triad"):
            step.setdefault("poles", [])
        if kind == "choices":
            step.setdefault("max", 2)
            for option in step["options"]:
                option.pop("goto", None)
    return step


def _set(data: dict[str, Any], key: str, value: str) -> None:
    if value.strip():
        data[key] = value.strip()
    else:
        data.pop(key, None)


def _first(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].replace("\r\n", "\n").strip() if values else ""


def _listed(step: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = step.get(key)
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
