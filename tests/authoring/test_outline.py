"""The list of steps shows every way that a conversation can go, by names that an author knows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.authoring.guide_desk import shipped_texts
from bot.authoring.saves.clash_words import ClashTelling
from bot.authoring.step_names import DraftNames
from bot.coordinators.phrases import words
from conversations.authoring.guide_text import GuideText
from conversations.authoring.outline import outline
from conversations.authoring.saves.draft_merge import Clash
from conversations.authoring.step_form import NEW_KINDS, step_from
from conversations.guide.schema import shape_problems


def ways(steps: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Every button that leads past the next step, with where it leads, as the file says it."""
    for place, step in enumerate(steps):
        skip = step.get("skip")
        tables = [*step.get("options", ()), *([skip] if isinstance(skip, Mapping) else ())]
        for each in tables:
            to = each.get("goto") or step.get("goto")
            if to and to != steps[place + 1]["id"]:
                yield step["id"], each["label"], to


@pytest.mark.parametrize("guide", shipped_texts())
def test_every_button_that_leads_past_the_next_step_says_where_to(guide: str) -> None:
    steps = tomllib.loads(shipped_texts()[guide])["step"]
    rows = {row.id: row for row in outline(steps)}
    for step, label, to in ways(steps):
        (jump,) = [each for each in rows[step].jumps if each.to == to]
        assert label in jump.labels or not jump.labels
        assert jump.ends == bool(next(each for each in steps if each["id"] == to).get("end"))
    said = sum(len(row.jumps) for row in rows.values())
    assert said == len({(step, to) for step, _, to in ways(steps)})


def test_a_step_that_goes_elsewhere_whatever_is_answered_says_so_without_buttons() -> None:
    steps: list[dict[str, Any]] = [
        {
            "id": "a",
            "kind": "choice",
            "say": "A?",
            "goto": "c",
            "options": [{"id": "x", "label": "X"}],
        },
        {"id": "b", "kind": "text", "say": "B?"},
        {"id": "c", "kind": "say", "say": "C.", "end": True},
    ]
    (jump,) = outline(steps)[0].jumps
    assert (jump.labels, jump.to, jump.ends) == ((), "c", True)


@pytest.mark.parametrize("guide", shipped_texts())
def test_no_step_is_called_by_its_id(guide: str) -> None:
    text = GuideText.read(shipped_texts()[guide])
    names = DraftNames(words("nl"), text)
    said = [names.numbered(step) for step in text.ids]
    assert len({*said}) == len(said)
    assert not {names.name(step) for step in text.ids} & {*text.ids}
    for question, answers in names.conditions(text.ids):
        assert question in said
        for condition, label in answers:
            assert label in names.condition(condition)
            assert not [step for step in text.ids if f"‘{step}’" in names.condition(condition)]


def test_a_form_says_when_a_step_comes_and_what_comes_after() -> None:
    form = {
        "shown": ["yes"], "kind": ["choice"], "say": ["Hoe?"], "skip": ["yes"],
        "when": ["door = worked"], "goto": ["later"], "skip_goto": ["last"],
    }  # fmt: skip
    step = step_from(form, None, ())
    assert (step["when"], step["goto"], step["skip"]) == (
        "door = worked",
        "later",
        {"goto": "last"},
    )
    none = {**form, "when": [""], "goto": [""], "skip_goto": [""]}
    assert not {"when", "goto", "skip"} & step_from(none, step, ()).keys()


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_what_has_no_meaning_for_another_kind_goes_with_the_old_one(kind: str) -> None:
    """Each question of each guide, made into each other kind, has the shape of one."""
    for text in shipped_texts().values():
        steps = tomllib.loads(text)["step"]
        for place, step in enumerate(steps):
            if step["kind"] not in NEW_KINDS or step.get("end"):
                continue
            form = {"shown": ["yes"], "kind": [kind], "say": [step["say"]], "skip": ["yes"]}
            made = step_from(form, step, ())
            data = {**tomllib.loads(text), "step": [*steps[:place], made, *steps[place + 1 :]]}
            assert shape_problems(f"{data['id']}.toml", text, data) == []


def test_what_two_people_changed_of_a_way_is_told_by_names() -> None:
    text = GuideText.read(shipped_texts()["resident"])
    telling = ClashTelling(words("nl"), text, text)
    for part, mine, theirs, said in (
        ("goto", "team", "review", ("team", "De kaart")),
        ("when", "feeling = glad", None, ("‘Gevoel’ is ‘Blij’", "(leeg)")),
        ("skip", {"label": "Weg", "goto": "team"}, {"label": "Weg", "goto": "review"},
         ("Ja: Weg; verder bij", "De kaart")),
    ):  # fmt: skip
        told = telling.told(Clash("need", part, mine, theirs))
        shown = ["".join(text for text, _ in pieces) for pieces in (told.mine, told.theirs)]
        assert all(
            each.casefold() in whole.casefold() for each, whole in zip(said, shown, strict=True)
        ), shown
        assert shown[0] != shown[1]
        assert "Instelling" not in told.what
