"""A teller knows how many questions there are up to the card, at every branch of every guide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from conversations.checks.walk.probes import SEEN
from conversations.engine.effects import Effect, Progress, Say
from conversations.engine.events import Event, Said, Start, Tapped
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide, Places
from conversations.guide.route import QUESTIONS, in_opening
from tests.conversations.conftest import MANY_PLACES, OLDER, PLACES, facts_of, older_guide
from tests.conversations.talk import STORY, Talk

KNOWN: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "a municipality": {"municipality_id": "zwolle", "municipality_name": "Zwolle"},
    "a team": {"municipality_id": "zwolle", "team_id": "noord", "team_name": "Noord"},
}


def _guides() -> Iterator[Guide]:
    library = load_guides()
    for guide_id in library.ids:
        yield library.get(guide_id, "nl")
    yield from map(older_guide, OLDER)


GUIDES = {f"{each.id}-{each.fingerprint[:4]}": each for each in _guides()}


def _forward(guide: Guide, state: State) -> Iterator[tuple[Event, bool]]:
    """Every way on from a question, each once, and whether the teller chooses the longer one."""
    asked = guide.steps[state.at]
    if asked.kind in ("tell", "text", "sentence") and not state.draft:
        yield Said(STORY, "s"), False
        return
    seen = set()
    for button in prompt(guide, state).buttons:
        kind, _, name = button.id.partition(":")
        option = asked.option(name)
        like = option.goto if option else kind if kind in ("s", "t") else button.id
        if kind == "o" and asked.kind == "choices" and state.picked:
            continue
        if button.id not in ("edit", "other", "keep") and like not in seen:
            seen.add(like)
            longer = name == "yes" and asked.kind == "choice" and not asked.short
            yield Tapped(state.turn, button.id, SEEN), longer and not in_opening(guide, asked)
    if asked.fill and not seen - {"skip"}:
        for words in ("noord zwolle", "zwartsluis", "dorp 3"):
            yield Said(words), False


class _Ways:
    """What is really asked from every question up to the card, whichever way the teller goes."""

    def __init__(self, guide: Guide, facts: Mapping[str, str]) -> None:
        self.guide = guide
        self.most: dict[object, int] = {}
        self.shown: dict[object, tuple[State, Progress | None]] = {}
        self.steps: list[tuple[object, object, bool]] = []
        self.begin, effects = step(guide, None, Start({**facts_of(guide), **facts}))
        self.ahead(self.begin, effects)

    def key(self, state: State) -> object:
        town = state.answers["municipality"].options if "municipality" in state.answers else ()
        skipped = tuple(state.answers[name].skipped for name in state.path if name == "need")
        return state.at, state.path, bool(state.draft), bool(state.picked), town, skipped

    def ahead(self, state: State, effects: tuple[Effect, ...]) -> int:
        """The most questions that follow, without the longer way that must be chosen."""
        key, at = self.key(state), state.at
        for each in effects:
            if isinstance(each, Say) and each.control and not (state.draft and at == "tell"):
                self.shown.setdefault(key, (state, each.progress))
        if key in self.most:
            return self.most[key]
        if self.guide.steps[state.at].kind == "review" or not state.open:
            self.most[key] = 0 if state.open else -1
            return self.most[key]
        found = []
        for event, longer in _forward(self.guide, state):
            after, said_then = step(self.guide, state, event)
            count = self.ahead(after, said_then)
            if count >= 0:
                self.steps.append((key, self.key(after), longer))
                asked = state.at != after.at and self.guide.steps[state.at].kind in QUESTIONS
                found += [] if longer else [count + asked]
        self.most[key] = max(found, default=-1)
        return self.most[key]


@pytest.mark.parametrize("places", [PLACES, MANY_PLACES], ids=["few", "many"])
@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("name", GUIDES)
def test_what_is_left_is_what_is_really_asked(name: str, known: str, places: Places) -> None:
    guide = GUIDES[name].with_places(places)
    ways = _Ways(guide, KNOWN[known])
    counted = 0
    for key, (state, progress) in ways.shown.items():
        opening = in_opening(guide, guide.steps[state.at])
        assert (progress is None) == (opening or not state.open)
        if progress:
            assert progress.left == ways.most[key], (state.at, state.path)
            counted += 1
    assert counted > 8
    shares = {key: far for key, (_, far) in ways.shown.items() if far}
    for before, after, longer in ways.steps:
        if before in shares and after in shares and before != after and not longer:
            assert shares[after].left <= shares[before].left
            assert shares[after].share >= shares[before].share


def test_after_keeping_and_while_fixing_nothing_is_left(professional: Guide) -> None:
    talk = Talk(professional).to("review")
    assert talk.said[-1].progress is not None
    assert talk.said[-1].progress.left == 0
    talk.tap("o:change", "c:feeling")
    assert talk.said[-1].progress is None
    talk.tap("skip").to("consent_more")
    assert talk.said[-1].progress is None


def test_words_say_it_after_the_story_and_where_the_extra_round_begins(
    library: Library, guides: Callable[[str, str], Guide]
) -> None:
    for guide_id in library.ids:
        guide = guides(guide_id, "nl")
        talk = Talk(guide).to("tell").say(STORY).tap("done")
        assert f"Nog {_left(talk)} korte vragen." in talk.said[-1].whole_text
        assert "korte vragen." not in talk.said[-1].text
        talk.tap("skip")
        assert "Nog" not in talk.said[-1].whole_text
        if "extra" in guide.steps:
            before = _left(talk.to("extra"))
            talk.tap("o:yes")
            assert _left(talk) > before
            assert f"Nog {_left(talk)} korte vragen." in talk.said[-1].whole_text


def _left(talk: Talk) -> int:
    progress = talk.said[-1].progress
    assert progress is not None
    return progress.left
