"""Good practice in asking, as advice: nothing here keeps a guide from being used.

After the handbooks of survey research: few questions, no rows of the same kind, answers that leave
room for what was not good, one thing asked at a time, a way past every question, nothing said
twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.checks.lint_steps import read_as
from conversations.checks.readability import sentences, words
from conversations.guide.builder import SKIPPABLE
from conversations.guide.model import Guide, Step
from conversations.guide.problems import Flaw
from conversations.guide.route import chooses_way, in_opening, questions_left

MANY_QUESTIONS = 10
"""Short questions up to the card, for who takes no extra round: with more, people leave."""
MANY_SCALES = 3
ALIKE_IN_A_ROW = 4
_LEAST_OPTIONS = 3
_HINT_WORDS = 3

_GOOD_WORDS = """
    aangenaam bijzonder blij fijn geholpen gelukkig goed heel geweldig groot hoopvol leuk mooi
    opgelucht positief prachtig prettig prima snel sterk super tevreden top trots uitstekend
    vriendelijk warm zeer
"""
_OTHER_WORDS = """
    anders angstig bang boos eenzaam gemengd geen gefrustreerd klachten lastig machteloos matig
    minder moeilijk moe negatief niet niets nauwelijks neutraal onbelangrijk onprettig onvoldoende
    ontevreden onzeker redelijk schuurde slecht slechter somber stroef te teleurgesteld verbaasd
    verdrietig voldoende zwaar
"""
_GOOD = frozenset(_GOOD_WORDS.split())
_BAD = frozenset(_OTHER_WORDS.split())
_ASKS = r"(?:hoe|wat|waar|wie|wanneer|waarom|welke?|waardoor|hoeveel)"
_TWO_ASKED = re.compile(rf"\b{_ASKS}\b[^.?!]*\ben\b[ ,]*(?:\w+ )?{_ASKS}\b[^.?!]*\?", re.IGNORECASE)
_PAIR = re.compile(r"\b(\w+) (?:en|én) (\w+)\?", re.IGNORECASE)
_ONE_THING = frozenset(
    map(
        frozenset,
        [
            ("jong", "oud"),
            ("groot", "klein"),
            ("man", "vrouw"),
            ("dag", "nacht"),
            ("doen", "laten"),
        ],
    )
)


def advice(guide: Guide) -> Iterator[Flaw]:
    """What could be better in a guide, which is built in Dutch and goes only forward."""
    count = questions_left(guide, guide.first.id, frozenset()) or 0
    if count > MANY_QUESTIONS:
        yield Flaw("", "advice-many-questions", {"n": count, "most": MANY_QUESTIONS})
    scales = [step.id for step in guide.steps.values() if step.kind == "scale"]
    if len(scales) > MANY_SCALES:
        slots = {"n": len(scales), "most": MANY_SCALES}
        yield Flaw(scales[MANY_SCALES], "advice-many-scales", slots)
    yield from _in_a_row(guide)
    for step in guide.steps.values():
        if step.kind in SKIPPABLE and not in_opening(guide, step):
            yield from _one_sided(step)
            if step.fill is None:
                yield from _two_in_one(step)
            if step.skip is None and not chooses_way(guide, step):
                yield Flaw(step.id, "advice-no-way-past")
    yield from _said_twice(guide)


def _in_a_row(guide: Guide) -> Iterator[Flaw]:
    """Questions of one kind that follow on each other, until people stop reading them."""
    row: list[Step] = []
    for step in guide.steps.values():
        if step.kind == "say" and not step.end:
            continue
        row = [*row, step] if row and row[-1].kind == step.kind else [step]
        if len(row) == ALIKE_IN_A_ROW and step.kind in ("scale", "triad", "text"):
            slots = {"n": len(row), "kind": step.kind}
            yield Flaw(step.id, "advice-in-a-row", slots)


def _one_sided(step: Step) -> Iterator[Flaw]:
    """Only good answers: whoever met something else cannot say so."""
    labels = [set(map(str.casefold, words(option.label))) for option in step.options]
    bad = any(each & _BAD for each in labels)
    good = [bool(each & _GOOD) for each in labels]
    if len(labels) >= _LEAST_OPTIONS and all(good) and not bad:
        yield Flaw(step.id, "advice-only-good")
    poles = [set(map(str.casefold, words(pole.label))) for pole in step.poles]
    if poles and all(each & _GOOD and not each & _BAD for each in poles):
        yield Flaw(step.id, "advice-only-good", {}, "poles")


def _two_in_one(step: Step) -> Iterator[Flaw]:
    if step.say.count("?") > 1 or _TWO_ASKED.search(step.say):
        yield Flaw(step.id, "advice-two-in-one")
        return
    pair = _PAIR.search(step.say)
    if pair and frozenset(map(str.casefold, pair.groups())) not in _ONE_THING:
        yield Flaw(step.id, "advice-two-in-one", {"one": pair[1], "other": pair[2]}, "pair")


def _said_twice(guide: Guide) -> Iterator[Flaw]:
    """A hint that stands at several questions is read once and passed over after."""
    seen: dict[str, str] = {}
    for step in guide.steps.values():
        if step.kind not in (*SKIPPABLE, "tell") or in_opening(guide, step):
            continue
        for sentence in sentences(step.say):
            if len(words(sentence)) < _HINT_WORDS:
                continue
            first = seen.setdefault(read_as(sentence), step.id)
            if first != step.id:
                yield Flaw(step.id, "advice-said-twice", {"text": sentence, "first": first})
