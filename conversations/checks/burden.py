"""Counts what the shortest round through a guide asks of a teller: words, taps, screens, minutes.

The engine itself is walked, so what is counted is what is really said. The shortest round answers
every question with buttons, passes over what must be typed beside the story, and has no extra
round; the link says which team it is. The story has 70 words, in sentences: three of them are
proposed, which costs no reading, as they were written a moment ago. Nobody is named in it; what
every teller is asked about being recognised stands on the card.

How many short questions are left is not counted: beside the line of progress it is no sentence but
a number, the same words every time, taken in with the line at a glance, and no screen reader reads
it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from conversations.engine.effects import Say
from conversations.engine.events import Event, Said, Start, Tapped
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.model import Guide, Step
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw, Problem
from conversations.guide.route import chooses_way
from conversations.guide.spans import Span

READ_A_MINUTE = 180
TYPED_A_MINUTE = 36
SECONDS_A_TAP = 1.5

_STORY = """\
Ik belde het team omdat de huur te hoog werd.
Dezelfde week kwam iemand langs die rustig naar mij luisterde.
We legden alle brieven op tafel en maakten samen stapels.
Mijn buurvrouw paste die middag op de kinderen en kookte.
Eén formulier ging drie keer heen en weer zonder antwoord.
Het team belde toen zelf en kreeg een echt antwoord.
Nu klopt de huur weer en slaap ik eindelijk goed."""
STORY_WORDS = len(_STORY.split())
_LINKED = {"municipality_id": "m", "municipality_name": "–", "team_id": "t", "team_name": "–"}
_CONFIRMED = {"scale": "s:50", "triad": "t:34-33-33"}
_MOST_MOVES = 200


@dataclass(frozen=True, slots=True)
class Burden:
    """What is read (buttons, the card and the consent included) and what is done."""

    words: int
    typed: int
    taps: int
    screens: int

    @property
    def minutes(self) -> float:
        """In hundredths, never less than it takes."""
        read = self.words / READ_A_MINUTE + self.typed / TYPED_A_MINUTE
        return ceil(round(100 * (read + self.taps * SECONDS_A_TAP / 60), 6)) / 100


def burden(guide: Guide, *, extra: bool = False) -> Burden:
    """The shortest round, from the first word to the last, or that with the `extra` one. Raises
    ValueError when it has no end."""
    guide = guide.with_finder(_nobody)
    facts = {name: guide.phrase(f"{name}_default") for name in _SLOTS} | _LINKED
    facts |= {"retention": guide.phrase("retention.years", {"n": "2"}), "attach": "voice"}
    facts |= {"days": "7", "code": "een twee drie vier vijf"}
    state, effects = step(guide, None, Start(facts))
    words, typed, taps, screens = 0, 0, 0, 0
    for _ in range(_MOST_MOVES):
        said = [effect for effect in effects if isinstance(effect, Say)]
        words += sum(map(words_read, said))
        screens += any(say.turn for say in said)
        if not state.open:
            return Burden(words, typed, taps, screens)
        event = _move(guide, state, extra=extra)
        typed += len(event.text.split()) if isinstance(event, Said) else 0
        taps += 2 if guide.steps[state.at].kind in _CONFIRMED else 1  # placing, and confirming
        state, effects = step(guide, state, event)
    raise ValueError(f"{guide.id} does not come to an end")


def burden_problems(guide: Guide, found: Burden) -> Iterator[Problem]:
    """The guide promises a time: it may not take longer."""
    if guide.minutes and found.minutes > guide.minutes:
        slots = {
            "minutes": found.minutes,
            "language": guide.language,
            "words": found.words,
            "taps": found.taps,
            "promised": f"{guide.minutes:g}",
        }
        yield make_problem(guide.id, 1, Flaw("", "too-long-round", slots))


_SLOTS = ("association", "team", "host_team", "guest_team", "learning_group", "meeting")


def _nobody(_text: str, _language: str) -> tuple[Span, ...]:
    """Finds nobody in the story, as in most: what asks about everybody is asked all the same."""
    return ()


def words_read(say: Say) -> int:
    """The words of a message and of its buttons. A scale stands as its poles; the name of a switch
    is read once, above its sentence; sentences of the teller's own are known to the teller."""
    control = say.control
    poles = control.poles if control and control.kind != "sentences" else ()
    lines = say.text.splitlines()
    labels = [each.label for each in say.buttons if each.id[:2] not in ("s:", "t:", "z:")]
    unread = [label for label in labels if f"– {label}" not in lines]
    return sum(len(text.split()) for text in (say.text.replace("– ", ""), *poles, *unread))


def _move(guide: Guide, state: State, *, extra: bool) -> Event:
    """What a teller does who wants to be ready soon."""
    asked = guide.steps[state.at]
    if asked.kind == "tell" and not state.draft:
        return Said(_STORY)
    return Tapped(state.turn, _button(guide, state, asked, extra=extra), seen=None)


def _button(guide: Guide, state: State, asked: Step, *, extra: bool) -> str:
    there = [each.id for each in prompt(guide, state).buttons]
    if chooses_way(guide, asked) and "o:no" in there and not extra:
        return "o:no"
    if asked.kind in ("name", "sentence", "text"):
        return "skip"
    wanted = ("picked", "confirm", "done", _CONFIRMED.get(asked.kind, ""), "o:ok", "o:yes")
    return next((each for each in wanted if each in there), there[0])
