"""Every state of every guide is walked, the promises hold, and a broken engine is noticed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.checks.report import check_report
from conversations.checks.walk.explore import (
    Exploration,
    Saying,
    Walk,
    canonical,
    explore,
    peopled,
)
from conversations.checks.walk.numbered_texts import keyed
from conversations.checks.walk.probes import FACTS, FEW, MANY, heavy, rich, two_clues
from conversations.engine.effects import Effect
from conversations.engine.events import Edited, LanguageChosen, Said, Transcribed
from conversations.engine.intent import button, command
from conversations.engine.questions import prompt
from conversations.engine.state import Answer, State
from conversations.engine.step import step
from conversations.engine.switches import offered
from conversations.guide.builder import build_guide
from conversations.guide.library import Library
from conversations.guide.loading import HOME, load_guides
from conversations.guide.model import Guide, Places
from tests.conversations.checks.mutants import MUTANTS, Mutant
from tests.conversations.conftest import OLDER, older_guide

GUIDES = load_guides()
FIRST = GUIDES.get("follow_up", "nl")


SAMPLE = 1
"""How many states of a sort are visited, and every tenth after these. Visited are all sorts there
are, and every broken engine is noticed; with `--torture`, and by every check of a guide, it is all
states."""


@cache
def whole_walk(guide_id: str, most: int) -> Exploration:
    """The walk through a guide in all its languages, made once for all tests."""
    first, *others = (GUIDES.get(guide_id, each) for each in GUIDES.languages(guide_id))
    return explore(first, *others, most=most)


def sort_of(state: State) -> tuple[object, ...]:
    """The question, in its mode and position."""
    return state.at, state.mode, state.fixing, state.carded, state.kept, bool(state.draft)


@pytest.mark.parametrize("guide_id", GUIDES.ids)
def test_the_promises_hold_in_every_state_of_a_guide_in_every_language(
    guide_id: str, torture: bool
) -> None:
    walked = whole_walk(guide_id, 0 if torture else SAMPLE)
    assert not walked.problems, "\n".join(map(str, walked.problems))
    assert walked.states > 300
    assert walked.transitions > 10 * walked.states


def test_a_sample_leaves_out_no_sort_of_state() -> None:
    every, sampled = explore(FIRST), whole_walk("follow_up", SAMPLE)
    assert not every.problems
    assert {sort_of(state) for state in sampled.reached} == {
        sort_of(state) for state in every.reached
    }
    assert sampled.transitions < every.transitions


@pytest.mark.parametrize("team", ["team0-1", ""])
def test_the_promises_hold_for_who_was_invited_with_and_without_a_team(
    library: Library, team: str
) -> None:
    known = {"municipality_id": "town0", "municipality_name": "Plaats 0", "team_id": team}
    walked = explore(library.get("follow_up", "nl"), facts={**FACTS, **known}, most=SAMPLE)
    assert not walked.problems


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_exploration_notices_that(
    mutant: Mutant, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = older_guide(OLDER[1]) if mutant.older else library.get("follow_up", "nl")
    mutant.apply(monkeypatch)
    walked = explore(guide, facts={**FACTS, **mutant.facts}, until=mutant.code, most=SAMPLE)
    assert mutant.code in {problem.code for problem in walked.problems}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """A guide, and the report on it when the engine is broken."""
    home = tmp_path_factory.mktemp("checked")
    (home / "guides").mkdir()
    text = (HOME / "guides" / "follow_up.toml").read_text(encoding="utf-8")
    (home / "guides" / "follow_up.toml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        next(each for each in MUTANTS if each.name == "help asks on").apply(patch)
        return text, check_report(home, time.perf_counter)


def test_a_problem_is_told_once_for_each_question(checked: tuple[str, dict[str, Any]]) -> None:
    [guide] = checked[1]["guides"]
    problems = guide["problems"]
    assert len({(each["step"], each["code"]) for each in problems}) * 2 >= len(problems)


def test_a_check_names_file_and_line(checked: tuple[str, dict[str, Any]]) -> None:
    text, report = checked
    assert not report["ok"]
    [guide] = report["guides"]
    problem = next(each for each in guide["problems"] if each["step"] == "feeling")
    assert problem["code"] == "help"
    assert problem["file"] == "guides/follow_up.toml"
    assert text.splitlines()[problem["line"] - 1] == 'id = "feeling"'


def test_a_check_tells_what_was_walked(checked: tuple[str, dict[str, Any]]) -> None:
    [guide] = checked[1]["guides"]
    assert guide["id"] == "follow_up"
    assert guide["languages"] == ["nl"]
    assert guide["states"] > 300
    assert guide["seconds"] > 0


def test_a_guide_that_does_not_lint_is_not_walked(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "follow_up.toml").write_text('id = "follow_up"\n', encoding="utf-8")
    report = check_report(tmp_path, time.perf_counter)
    [guide] = report["guides"]
    assert not report["ok"]
    assert guide["problems"]
    assert guide["states"] == 0


# languages share the walk: each proves no less than by itself


def shared_walk(guide_id: str) -> Walk:
    """A sampled walk through a guide in its first language, as far as its states."""
    walk = Walk(peopled(GUIDES.get(guide_id, "nl"), MANY), FACTS, SAMPLE)
    walk.states = list(whole_walk(guide_id, SAMPLE).reached)
    return walk


def everything(walk: Walk, guide: Guide, places: Places) -> list[Saying]:
    """All that can be tried where there is something to say."""
    found = walk.sayings(peopled(guide, places), only_places=places is FEW)
    return [replace(each, fresh=frozenset(range(len(each.events)))) for each in found]


@pytest.mark.parametrize(("guide_id", "places"), [("follow_up", MANY), ("resident", FEW)])
@given(data=st.data())
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_translation_is_told_all_that_is_wrong_with_it(
    guide_id: str, places: Places, data: st.DataObject
) -> None:
    """Whatever was lost or spoilt in it, in any of its texts: as when everything is tried in it."""
    source, first = GUIDES.sources[guide_id], GUIDES.get(guide_id, "nl")
    phrases = GUIDES.phrases("en")
    texts = dict(source["texts"]["en"])
    spoilt = st.sampled_from(["{nothing}", " ", "x" * 30, "y" * 5000, "Yes", "No"])
    for _ in range(6):
        texts[data.draw(st.sampled_from(sorted(texts)))] = data.draw(spoilt)
    texts["review.say"] = "{nothing}"  # something is always wrong where everybody comes
    sentences = dict(phrases.sentences)
    for _ in range(6):
        sentences[data.draw(st.sampled_from(sorted(sentences)))] = data.draw(spoilt)
    guide = build_guide(
        source["guide"], texts, replace(phrases, sentences=sentences), "", source["numbers"]
    )
    walk = shared_walk(guide_id)
    mine = walk.sayings(peopled(keyed(first), places), only_places=places is FEW)
    every = everything(walk, first, places)
    assert sum(len(each.fresh) for each in mine) * 2 < sum(len(each.fresh) for each in every)
    told = walk.translated(peopled(guide, places), mine)
    assert set(told) == set(walk.translated(peopled(guide, places), every))
    assert told or places is FEW


def test_what_is_tapped_leads_to_the_same_place_in_every_language() -> None:
    """So the walk need not be made in each: what is not said or heard in words is the same."""
    walk = shared_walk("follow_up")
    guides = [peopled(GUIDES.get("follow_up", each), MANY) for each in ("nl", "en", "tr", "ar")]
    tried = 0
    for saying in everything(walk, FIRST, MANY):
        for event in saying.events:
            if isinstance(event, Said | Edited | Transcribed | LanguageChosen):
                continue
            ways = [step(guide, saying.state, event) for guide in guides]
            first = ways[0]
            tried += 1
            for new, effects in ways[1:]:
                assert canonical(guides[0], new) == canonical(guides[0], first[0])
                assert new.turn == first[0].turn
                assert list(map(type, effects)) == list(map(type, first[1]))
    assert tried > 1000


# exactness: what `canonical` leaves out does not steer


@pytest.fixture(scope="module")
def walked() -> tuple[Guide, Sequence[State]]:
    guide = GUIDES.get("resident", "nl").with_places(MANY)
    return guide.with_finder(two_clues).with_alarm(heavy), whole_walk("resident", SAMPLE).reached


def _otherwise(guide: Guide, state: State, words: str, pick: int) -> State:
    """The same place, with everything different that does not steer."""
    answers = {}
    for name, given_answer in rich(guide, state).answers.items():
        options = guide.steps[name].options
        plain = [option.id for option in options if not option.goto]
        if name in state.answers and given_answer.options and plain and not guide.steps[name].fill:
            goto = {option.id: option.goto for option in options}
            same = [o for o in goto if goto[o] == goto.get(given_answer.options[0])]
            answers[name] = given_answer.but(options=(same[pick % len(same)],))
        elif name in state.answers:
            kept = two_clues(given_answer.text, guide.language)  # what is found in it does steer
            text = given_answer.text if kept else words if given_answer.text else ""
            answers[name] = given_answer.but(text=text, ref=words[:5])
    parts = tuple(part.but(ref=f"{pick}") for part in state.draft)
    return state.but(
        answers={**state.answers, **answers},
        draft=parts,
        turn=state.turn + pick,
        last=words[:8],
        group=words[:3],
        reminded=bool(pick % 2),
        facts={**FACTS, "team": words},
    )


def _shape(effects: tuple[Effect, ...]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.integers(min_value=0),
    words=st.text(min_size=1, max_size=60),
    other=st.text(alphabet="abcdefghij", min_size=1, max_size=40),
    pick=st.integers(min_value=0, max_value=9),
)
def test_what_does_not_steer_changes_nothing_about_where_a_text_leads(
    walked: tuple[Guide, Sequence[State]], place: int, words: str, other: str, pick: int
) -> None:
    guide, states = walked
    state = states[place % len(states)]
    twin = _otherwise(guide, state, other, pick)
    assert canonical(guide, state) == canonical(guide, twin)
    if command(guide, words) or not words.strip() or guide.alarm(words, state.language):
        return
    for either in (state, twin):
        if button(guide, prompt(guide, either).buttons, words):
            return
    here, said = step(guide, state, Said(words, ref="a"))
    there, said_too = step(guide, twin, Said(words, ref="b"))
    assert canonical(guide, here) == canonical(guide, there)
    assert _shape(said) == _shape(said_too)


@settings(max_examples=200, deadline=None)
@given(
    place=st.integers(min_value=0),
    one=st.text(alphabet="abcdefghij ", min_size=1, max_size=60),
    two=st.text(alphabet="klmnopqrst ", min_size=1, max_size=60),
)
def test_two_texts_that_mean_no_button_lead_to_the_same_place(
    walked: tuple[Guide, Sequence[State]], place: int, one: str, two: str
) -> None:
    guide, states = walked
    state = states[place % len(states)]
    if guide.steps[state.at].fill or len(one.split()) != len(two.split()):
        return
    for text in (one, two):
        if not text.strip() or command(guide, text) or guide.alarm(text, state.language):
            return
        if button(guide, prompt(guide, state).buttons, text):
            return
    here, said = step(guide, state, Said(one, ref="a"))
    there, said_too = step(guide, state, Said(two, ref="b"))
    assert canonical(guide, here) == canonical(guide, there)
    assert _shape(said) == _shape(said_too)


def test_the_walk_is_over_answers_too(walked: tuple[Guide, Sequence[State]]) -> None:
    guide, states = walked
    assert any(state.answers.get("need", Answer()).skipped for state in states)
    assert {state.at for state in states} >= {
        name for name, each in guide.steps.items() if each.kind != "say" or each.end
    }


def test_the_walk_is_over_every_screen_of_switches(walked: tuple[Guide, Sequence[State]]) -> None:
    guide, states = walked
    at = [state for state in states if state.open and guide.steps[state.at].kind == "switches"]
    screens = {" ".join(each.id for each in offered(guide, s, guide.steps[s.at])) for s in at}
    assert screens == {
        "contact",
        "team coordinator network contact",
        "team coordinator network quote contact",  # with a sentence
    }
    assert {frozenset(state.picked) for state in at} >= {
        frozenset(),
        frozenset({"team", "coordinator"}),
        frozenset({"team", "network", "contact"}),
    }
