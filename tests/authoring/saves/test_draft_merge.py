"""Two people change one draft: what only one changed is there, and what both changed is asked."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from bot.authoring.guide_desk import shipped_texts
from conversations.authoring.guide_text import GuideText
from conversations.authoring.saves.draft_merge import merge_drafts
from conversations.authoring.saves.text_marks import MOST, marked
from conversations.authoring.starter import blank_step

BASE = GuideText.read(shipped_texts()["resident"])
STORY = ("feeling", "need_met", "frequency", "promise")


def parts(text: GuideText) -> dict[tuple[str, ...], object]:
    """Everything an author can change, by its place."""
    found: dict[tuple[str, ...], object] = {
        ("", key): value for key, value in text.data.items() if key != "step"
    }
    for block in text.steps:
        for key, value in block.data.items():
            if key in ("options", "poles"):
                found |= {(block.id, each["id"], k): v for each in value for k, v in each.items()}
            else:
                found[block.id, key] = value
    return found


def changed(text: GuideText, lot: Random) -> GuideText:
    """After a few changes as the forms make them."""
    for _ in range(lot.randint(1, 4)):
        name = lot.choice([each for each in STORY if each in text.ids])
        step: dict[str, Any] = dict(text.step(name) or {})
        match lot.randrange(7):
            case 0:
                step["say"] = f"Vraag {lot.random()}?"
            case 1 if step.get("options"):
                options = [dict(each) for each in step["options"]]
                lot.choice(options)["label"] = f"Antwoord {lot.randrange(9)}"
                step["options"] = options
            case 2 if step.get("options"):
                new = {"id": f"a{lot.randrange(10**6)}", "label": f"Nieuw {lot.randrange(9)}"}
                options = list(step["options"])
                options.insert(lot.randrange(len(options)), new)
                step["options"] = options
            case 3:
                text = text.move(name, lot.choice((-1, 1)))
                continue
            case 4:
                new_step = blank_step("text", f"n{lot.randrange(10**6)}")
                text = text.add({**new_step, "say": f"Nieuw {lot.random()}?"}, name)
                continue
            case 5 if len(step.get("options", ())) > 2:
                step["options"] = step["options"][:-1]
            case 6:
                text = text.with_head({"title": f"Naam {lot.randrange(9)}"})
                continue
            case _:
                step["skip"] = lot.choice((False, "Weet ik niet"))
        text = text.put(step)
    return text


def words(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


@pytest.mark.parametrize("seed", range(60))
def test_whatever_two_people_change_is_there_or_is_asked(seed: int) -> None:
    lot = Random(seed)
    mine, theirs = changed(BASE, lot), changed(BASE, lot)
    merged = merge_drafts(BASE, mine, theirs)
    base, here, there, made = (parts(each) for each in (BASE, mine, theirs, merged.text))
    asked = {clash.name for clash in merged.clashes}
    for place in {*base, *here, *there}:
        was, one, other = (each.get(place) for each in (base, here, there))
        wanted = one if other == was else other if one in (was, other) else None
        step = place[0]
        names = {f"{step}/", f"{step}/{place[-1]}"}
        if len(place) == 3:
            names |= {f"{step}/{part}.{place[1]}{key}" for part in ("option", "pole")
                      for key in ("", f".{place[2]}")}  # fmt: skip
        if not names & asked:
            assert made.get(place) == wanted, place
    assert {*merged.text.ids} == {*mine.ids} | {*theirs.ids}
    # whoever comes first, the same is asked, and the same comes of it
    again = merge_drafts(BASE, theirs, mine)
    assert {each.name for each in again.clashes} == asked
    if not asked:
        assert parts(again.text) == made
    # chosen once, nothing is left to ask; each choice takes its own side
    for side, whole in (("mine", here), ("theirs", there)):
        done = merge_drafts(BASE, mine, theirs, [(each, side) for each in merged.clashes])  # type: ignore[misc]
        assert done.clashes == ()
        for clash in merged.clashes:
            if clash.part and "." not in clash.part and clash.part not in ("options", "order"):
                value = (clash.mine, clash.theirs)[side == "theirs"]
                assert parts(done.text).get((clash.step, clash.part)) == value == whole.get(
                    (clash.step, clash.part)
                )  # fmt: skip


def test_two_new_questions_that_are_called_alike_are_both_there() -> None:
    one, other = (
        BASE.add({**blank_step("text", "hielp"), "say": say}, "feeling")
        for say in ("Wat hielp?", "Wie hielp?")
    )
    made = merge_drafts(BASE, one, other)
    assert made.clashes == ()
    says = [block.data["say"] for block in made.text.steps]
    assert {"Wat hielp?", "Wie hielp?"} <= {*says}
    assert merge_drafts(BASE, one, one).text == one


def test_a_step_that_one_takes_out_while_another_rewrites_it_is_asked() -> None:
    gone = BASE.remove("frequency")
    mended = BASE.put({**(BASE.step("frequency") or {}), "say": "Hoe vaak kwam dit voor?"})
    made = merge_drafts(BASE, gone, mended)
    (clash,) = made.clashes
    assert (clash.name, clash.mine) == ("frequency/", None)
    assert "frequency" in made.text.ids
    assert "frequency" not in merge_drafts(BASE, gone, mended, [(clash, "mine")]).text.ids
    # a choice for other words than those that were shown is none
    newer = BASE.put({**(BASE.step("frequency") or {}), "say": "Hoe vaak?"})
    assert merge_drafts(BASE, gone, newer, [(clash, "mine")]).clashes != ()


def test_what_nobody_touches_stays_as_it_was_written() -> None:
    one = BASE.put({**(BASE.step("feeling") or {}), "say": "Hoe voelde dat?"})
    other = BASE.put({**(BASE.step("promise") or {}), "say": "Waar ging het over?"})
    made = merge_drafts(BASE, one, other).text
    old, new = BASE.text.splitlines(), made.text.splitlines()
    touched = {*one.text.splitlines(), *other.text.splitlines()} - {*old}
    assert [line for line in new if line.startswith("#")] == [
        line for line in old if line.startswith("#")
    ]
    assert {*new} - {*old} <= touched


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("Wie hielp er?", "Wat hielp er?", ["Wie"]),
        ("Wat hielp?", "Wat hielp het meest?", []),
        ("Zeg het. Nu.", "Zeg het!", [". ", "Nu", "."]),
    ],
)
def test_what_differs_is_marked_and_nothing_is_left_out(
    one: str, other: str, left: list[str]
) -> None:
    first, second = marked(one, other)
    assert "".join(words for words, _ in first) == one
    assert "".join(words for words, _ in second) == other
    assert "".join(words for words, differs in first if differs) == "".join(left)


def test_texts_without_end_are_not_compared_word_by_word() -> None:
    long = "woord " * MOST
    assert marked(long, f"{long}!") == ([(long, True)], [(f"{long}!", True)])
    assert marked(long, long) == ([(long, False)], [(long, False)])
