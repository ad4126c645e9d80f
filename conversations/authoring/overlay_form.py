"""What a team adds to a guide as a form and as a file: an overlay out of what was filled in, its
TOML, and the text of the guide as the team would hear it."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.authoring.guide_toml import block_toml, value_toml
from conversations.authoring.overlay import (
    MOST_QUESTIONS,
    OWN,
    Overlay,
    OwnQuestion,
    with_overlay,
)
from conversations.authoring.starter import id_of

Form = Mapping[str, Sequence[str]]
MOST_OPTIONS = 6
LONGEST_NAME = 16


def overlay_from(form: Form, guide: str, team: str, old: Overlay) -> Overlay:
    """The overlay that a form describes. A question that stays keeps its id, and so does an answer
    whose words are mended; one that is asked in another way is another question. What cannot be
    (another kind, no number) stays as it was filled in, for `read_overlay` to refuse."""
    known = {str(each.step["id"]): each for each in old.questions}
    questions = [_question(form, n, known, team) for n in range(MOST_QUESTIONS)]
    asked = tuple(each for each in questions if each is not None)
    return Overlay(guide, team, tuple(form.get("off", ())), asked)


@dataclass(frozen=True, slots=True)
class Reworded:
    """An own question, or an answer of it (`item`), whose words were changed under the same id."""

    step: str
    item: str
    before: str
    now: str

    @property
    def name(self) -> str:
        return f"{self.step}.{self.item}" if self.item else self.step


def reworded(old: Overlay, new: Overlay) -> list[Reworded]:
    """What only the team knows of: whether people would answer otherwise now. Another letter or
    comma makes no other question."""
    known = {each.step["id"]: each.step for each in old.questions}
    found = []
    for each in new.questions:
        name = each.step["id"]
        before = known.get(name)
        if before is None:
            continue
        words = [("", str(before["say"]), str(each.step["say"]))]
        labels = _labels(before)
        words += [(k, labels[k], label) for k, label in _labels(each.step).items() if k in labels]
        found += [
            Reworded(name, item, was, now)
            for item, was, now in words
            if _read_as(was) != _read_as(now)
        ]
    return found


def set_apart(overlay: Overlay, names: Collection[str]) -> Overlay:
    """The same with another id for the questions and answers (`question.answer`) of these names:
    what was answered before stays apart from them."""
    taken = {str(each.step["id"]) for each in overlay.questions}
    made = []
    for each in overlay.questions:
        name, step, texts = str(each.step["id"]), dict(each.step), dict(each.texts)
        for key in ("options", "poles"):
            ids = [item["id"] for item in step.get(key, ())]
            renamed = {i: id_of(i, ids) for i in ids if f"{name}.{i}" in names}
            if renamed:
                step[key] = [{**i, "id": renamed.get(i["id"], i["id"])} for i in step[key]]
                texts = {name: _renamed(said, renamed) for name, said in texts.items()}
        if name in names:
            step["id"] = id_of(name, taken)
            taken.add(step["id"])
        made.append(replace(each, step=step, texts=texts))
    return replace(overlay, questions=tuple(made))


def _renamed(said: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    """Translations by the name of their text, of answers that go by another id."""
    found = {}
    for key, text in said.items():
        kind, _, rest = key.partition(".")
        item, _, more = rest.partition(".")
        name = ".".join(filter(None, (kind, ids.get(item, item), more)))
        found[name] = text
    return found


def _labels(step: Mapping[str, Any]) -> dict[str, str]:
    items = [*step.get("options", ()), *step.get("poles", ())]
    return {str(each["id"]): str(each["label"]) for each in items}


def _read_as(words: str) -> str:
    return "".join(each for each in words.casefold() if each.isalnum())


def write_overlay(overlay: Overlay) -> str:
    """As `read_overlay` reads it."""
    lines = [f"team = {value_toml(overlay.team)}", f"guide = {value_toml(overlay.guide)}"]
    lines.append(f"off = {value_toml(list(overlay.off))}\n")
    for each in overlay.questions:
        texts = {"texts": {k: dict(v) for k, v in each.texts.items()}} if each.texts else {}
        lines.append(block_toml({"after": each.after, **each.step, **texts}, "question"))
    return "\n".join(lines)


def overlaid_text(guide: Mapping[str, Any], overlay: Overlay) -> str:
    """The guide with an overlay as a file, for its check. Raises NoOverlay."""
    made, _ = with_overlay(guide, {}, overlay)
    head = {key: value for key, value in made.items() if key not in ("step", "overlay")}
    lines = [f"{key} = {value_toml(value)}" for key, value in head.items()]
    return "\n".join([*lines, "", *(block_toml(step, "step") for step in made["step"])])


def _question(
    form: Form, n: int, known: Mapping[str, OwnQuestion], team: str
) -> OwnQuestion | None:
    say, short = _one(form, f"q{n}.say"), _one(form, f"q{n}.short")
    old = known.get(_one(form, f"q{n}.id"))
    listed = [*form.get(f"q{n}.option", ()), *form.get(f"q{n}.pole", ())]
    if not say and (old or not any(each.strip() for each in [short, *listed])):
        return None
    kind = _one(form, f"q{n}.kind") or "choice"
    stays = old is not None and old.step["kind"] == kind
    name = str(old.step["id"]) if old and stays else _new_id(short or say, known, team)
    step: dict[str, Any] = {"id": name, "kind": kind, "say": say, "short": short}
    if kind in ("choice", "choices"):
        step["options"] = _items(form, f"q{n}.option", _ids(old, "options"))
    if kind == "choices":
        most = _one(form, f"q{n}.max") or "2"
        step["max"] = int(most) if most.isdecimal() and len(most) < 3 else most
    if kind == "scale":
        step["poles"] = _items(form, f"q{n}.pole", _ids(old, "poles"))
    texts: dict[str, dict[str, str]] = {}
    prefix = f"q{n}.text."
    for field in form:
        language, _, key = field.removeprefix(prefix).partition(".")
        if field.startswith(prefix) and key and (text := _one(form, field)):
            texts.setdefault(language, {})[key] = text
    return OwnQuestion(_one(form, f"q{n}.after"), step, texts)


def _new_id(words: str, taken: Collection[str], team: str) -> str:
    """One that no other team has: their questions are others, though they may be called alike."""
    mark = f"{zlib.crc32(team.encode()):08x}"
    name = id_of(words, (), "vraag")[:LONGEST_NAME].strip("_")
    return id_of(f"{OWN}{name}_{mark}", taken)


def _items(form: Form, name: str, known: Collection[str]) -> list[dict[str, str]]:
    """The answers (or poles) with a label."""
    ids, found = form.get(f"{name}_id", ()), list[dict[str, str]]()
    taken = set(known)
    for place, label in enumerate(form.get(name, ())):
        if not label.strip():
            continue
        mine = ids[place] if place < len(ids) else ""
        if mine not in known:
            mine = id_of(label, taken, "antwoord")
            taken.add(mine)
        found.append({"id": mine, "label": label.strip()})
    return found


def _ids(old: OwnQuestion | None, key: str) -> list[str]:
    return [str(each["id"]) for each in (old.step.get(key, ()) if old else ())]


def _one(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].replace("\r\n", "\n").strip() if values else ""
