"""Invents stories: the same ones for the same seed, lifelike in what goes together."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from conversations.engine.way.key_sentence import proposals
from conversations.guide.library import Library
from conversations.guide.model import Guide, Purpose, Step
from conversations.guide.telling import Closed, Telling
from storage.weeks import weeks_before

TEXTS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("stories.toml").read_text(encoding="utf-8")
)
STORIES = 400
WEEKS = 52
BUSY = 40
"""Stories in the last full week: the one after the visits."""
ENGLISH = 0.07
GUIDES = {
    "professional": 42,
    "resident": 34,
    "after_visit_guest": 6,
    "after_visit_host": 6,
    "after_learning_group": 12,
}
"""How often each guide is used, in percent."""
GOOD = {
    "door": {"worked": 6, "surprised": 2, "other_turn": 1},
    "feeling": {"glad": 5, "proud": 4, "hopeful": 4, "relieved": 3, "mixed": 1},
    "need_met": {"yes": 6, "partly": 2, "something_else": 1},
    "speed": {"same_day": 3, "within_5_days": 5, "within_2_weeks": 2},
    "decided": {"me": 3, "together": 5, "varied": 1},
    "permission": {"always": 6, "sometimes": 1},
}
BAD = {
    "door": {"chafed": 5, "not_possible": 3, "surprised": 1},
    "feeling": {"powerless": 5, "angry": 3, "sad": 3, "unsure": 2, "mixed": 1},
    "need_met": {"no": 5, "partly": 3},
    "speed": {"later": 4, "within_2_weeks": 3, "never": 2},
    "decided": {"others": 6, "varied": 2, "none": 1},
    "permission": {"no": 3, "sometimes": 4},
}
RUNGS: tuple[tuple[tuple[Purpose, str], ...], ...] = (
    (),
    (("team", "coordinator"),),
    (("team", "yes"),),
    (("team", "yes"), ("network", "yes")),
)
WEIGHTS = (8, 6, 22, 64)
QUOTED = 4
"""Of so many that other teams may read, one may be quoted too."""


@dataclass(frozen=True, slots=True)
class InventedStory:
    """A story, when it was told, through which channel, and how far it may go."""

    telling: Telling
    week: str
    channel: str
    rungs: Sequence[tuple[Purpose, str]]
    reviewed: bool


def invent(
    library: Library,
    teams: Sequence[tuple[str, str]],
    last: str,
    seed: int = 47,
    stories: int = STORIES,
) -> Iterator[InventedStory]:
    """Stories of the year up to the week `last`, for teams as (id, municipality id)."""
    rng = random.Random(seed)  # noqa: S311 - the same stories every time
    weeks = [weeks_before(last, back) for back in range(WEEKS)]
    spread = [BUSY, *(10 - back / 8 for back in range(1, WEEKS))]
    for number in range(stories):
        back = 0 if number < BUSY * stories // STORIES else _pick(rng, spread[1:]) + 1
        guide = library.get(rng.choices(list(GUIDES), list(GUIDES.values()))[0], "nl")
        team, town = rng.choices(teams, [len(teams) + 3 - n for n in range(len(teams))])[0]
        told = _telling(rng, guide, team, town)
        rungs = rng.choices(RUNGS, WEIGHTS)[0]
        if rungs == RUNGS[-1] and number % QUOTED == 0:
            rungs = (*rungs, ("quote", "yes"))
        reviewed = rng.random() < (0.55 if back == 0 else 0.97)
        channel = rng.choices(("telegram", "web"), (3, 2))[0]
        yield InventedStory(told, weeks[back], channel, rungs, reviewed)


def _telling(rng: random.Random, guide: Guide, team: str, town: str) -> Telling:
    good = rng.random() < (0.6 if guide.id != "resident" else 0.5)
    english = rng.random() < ENGLISH
    promise = rng.choices(
        ("own_life", "context", "easy_access", "tailored", "together", "possible"),
        (5, 2, 4, 5, 3, 2),
    )[0]
    answers = _answers(rng, guide, promise, good)
    language = "en" if english else "nl"
    name, text = _english(rng, good) if english else _dutch(rng, guide, promise, good)
    sentence = ""
    if any(step.kind == "sentence" for step in guide.steps.values()):
        own = _own_sentences(text, language)
        name, sentence = "", own[len(text) % len(own)] if own else name
    words = {}
    for step in guide.steps.values():
        if step.kind == "text" and step.short and rng.random() < 0.6:
            words[step.id] = rng.choice(TEXTS[_side(guide) + ("_good" if good else "_bad")])
    return Telling(
        guide=guide.id,
        fingerprint=guide.fingerprint,
        language=language,
        kind=guide.kind,
        name=name,
        text=text,
        answers=answers,
        words=words,
        team=team,
        municipality=town,
        parts=[{"kind": "text", "text": part, "blob": ""} for part in text.split("\n\n")],
        sentence=sentence,
    )


@lru_cache(maxsize=4096)
def _own_sentences(text: str, language: str) -> tuple[str, ...]:
    return proposals(text.removesuffix(TEXTS["mark"]), language)


def _side(guide: Guide) -> str:
    return "resident" if guide.id == "resident" else "professional"


def _dutch(rng: random.Random, guide: Guide, promise: str, good: bool) -> tuple[str, str]:
    side, turn = _side(guide), "good" if good else "bad"
    who = rng.choice(TEXTS[f"{side}_people"])
    begin = rng.choice(TEXTS[promise][side]).replace("{who}", who)
    begin = begin[0].upper() + begin[1:]
    middle, end = rng.choice(TEXTS[promise][turn]), rng.choice(TEXTS[f"{side}_{turn}"])
    name = rng.choice(TEXTS["names"])
    return name, f"{begin} {middle}\n\n{end}\n\n{TEXTS['mark']}"


def _english(rng: random.Random, good: bool) -> tuple[str, str]:
    told = rng.choice(TEXTS["english"]["good" if good else "bad"])
    return rng.choice(TEXTS["english"]["names"]), f"{told}\n\n{TEXTS['mark']}"


def _answers(rng: random.Random, guide: Guide, promise: str, good: bool) -> dict[str, Closed]:
    """Answers that go together: what went well stands nearer to strengths and to each other."""
    lean = rng.gauss(66 if good else 34, 14)
    patient = rng.random() < 0.55
    answers: dict[str, Closed] = {}
    extra = False
    for step in guide.steps.values():
        if step.id == "extra":
            extra = True
        counts = step.kind in ("choice", "choices", "scale", "triad") and step.short
        if not counts or step.fill or rng.random() < 0.12 or (extra and not patient):
            continue
        answer = _answer(rng, step, promise, good, lean)
        if answer is not None:
            answers[step.id] = answer
    return answers


def _answer(rng: random.Random, step: Step, promise: str, good: bool, lean: float) -> Closed | None:
    if step.kind == "scale":
        return max(0, min(100, round(rng.gauss(lean, 20))))
    if step.kind == "triad":
        drawn = [rng.gammavariate(weight, 1) for weight in ((3, 1.4, 1) if good else (1, 1.2, 2.4))]
        shares = [round(100 * each / sum(drawn)) for each in drawn]
        return [100 - shares[1] - shares[2], *shares[1:]]
    if step.id == "promise":
        more = rng.choice([o.id for o in step.options])
        return list(dict.fromkeys([promise, more]))[: rng.choice((1, 1, 2))]
    likely = (GOOD if good else BAD).get(step.id, {})
    options = [option.id for option in step.options]
    weights = [likely.get(option, 0.3 if likely else 1 / (place + 1.5))
               for place, option in enumerate(options)]  # fmt: skip
    if not options:
        return None
    picked = [rng.choices(options, weights)[0] for _ in range(rng.randint(1, min(step.max, 2)))]
    return list(dict.fromkeys(picked))


def _pick(rng: random.Random, weights: Sequence[float]) -> int:
    return rng.choices(range(len(weights)), weights)[0]
