"""Renders the open question as a message: its words, its buttons, its control."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from conversations.engine import attachments, clues, switches
from conversations.engine.card import answer_label, card, card_text, listed
from conversations.engine.effects import Button, Control, Say
from conversations.engine.state import Answer, State
from conversations.engine.way.places import choices, place_label, team_beside
from conversations.engine.weighty_buttons import weighed
from conversations.guide.model import Guide, Option, Step

SHOWN_PLACES = 8
"""With more municipalities or teams than this, the teller types the first letters."""

OTHER_MAX = 120
"""The most characters after "other, namely"."""

NAME_MAX = 80
"""The most characters of the name of a municipality or team."""

LABEL_MAX = 24
"""The most characters on a button."""

_IN_WORDS = ("tell", "text", "name", "sentence")

SCALE_PLACES = (0, 25, 50, 75, 100)
TRIAD_PLACES = (
    (100, 0, 0),
    (0, 100, 0),
    (0, 0, 100),
    (50, 50, 0),
    (0, 50, 50),
    (50, 0, 50),
    (34, 33, 33),
)


PROMPTED = "prompted"


class Prompted:
    """What is asked in the states that were looked at last, where one state is looked at again and
    again: a walk through all of them remembers some in its guide. A conversation does not."""

    def __init__(self) -> None:
        self._known: list[tuple[State, Say]] = []

    def of(self, guide: Guide, state: State) -> Say:
        for place, (known, say) in enumerate(self._known):
            if known is state:
                if place:
                    self._known.insert(0, self._known.pop(place))
                return say
        say = _prompt(guide, state)
        self._known = [(state, say), *self._known[:2]]
        return say


def prompt(guide: Guide, state: State) -> Say:
    """What is asked in this state. The turn and the buttons on it are the ones that count."""
    last: Prompted | None = guide.remembered.get(PROMPTED)
    return _prompt(guide, state) if last is None else last.of(guide, state)


def _prompt(guide: Guide, state: State) -> Say:
    asked = _asked(guide, state)
    buttons = distinct(asked.buttons)
    differ = buttons is not asked.buttons
    return weighed(guide, state, asked.but(buttons=buttons) if differ else asked)


def asks_weighty(guide: Guide, state: State) -> bool:
    """Whether words may give a consent here, or erase something."""
    return not takes_words(guide, state) and bool(prompt(guide, state).weighty)


def takes_words(guide: Guide, state: State) -> bool:
    """Whether the open question is answered in words of one's own."""
    step = guide.steps[state.at]
    if state.mode == "asking" and step.kind == "review":
        return attachments.gate(state) == "checking"
    return state.mode == "other" or (state.mode == "asking" and step.kind in _IN_WORDS)


def distinct(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """The buttons of one message, no two of which read the same: a number makes them different."""
    if len({_read(button.label) for button in buttons}) == len(buttons):
        return tuple(buttons)
    seen: set[str] = set()
    found = []
    for button in buttons:
        label, number = button.label, 1
        while _read(label) in seen:
            number += 1
            room = max(LABEL_MAX, len(button.label)) - len(f" ({number})")
            label = f"{button.label[:room]} ({number})"
        seen.add(_read(label))
        found.append(button.but(label=label) if number > 1 else button)
    return tuple(found)


def _read(label: str) -> str:
    """A label as people tell it from another."""
    return " ".join(label.casefold().split())


def _asked(guide: Guide, state: State) -> Say:
    step = guide.steps[state.at]
    if state.mode == "over" and not step.end:
        return _fixed(guide, state, "over_idle", "begin", "stories")
    if state.mode == "asking" and step.kind == "review" and attachments.gate(state):
        return attachments.question(guide, state)
    clueing = state.mode == "asking" and step.kind == "review" and clues.open_clues(state)
    if clueing or state.mode == "clue":
        return clues.question(guide, state)
    if state.mode in ("asking", "over"):
        return _question(guide, state, step)
    return _beside(guide, state)


def _beside(guide: Guide, state: State) -> Say:
    """What is asked beside the questions of the guide."""
    match state.mode:
        case "other":
            back = Button("back", guide.phrase("button.back"))
            control = Control("text", max=OTHER_MAX)
            return _fixed(guide, state, "other_ask", first=[back], control=control)
        case "offering":
            return _fixed(guide, state, "other_offer", "yes", "no", words=state.pending[1])
        case "short":
            return _fixed(guide, state, "tell_short", "enough", "more")
        case "trimming":
            names = apart([attachments.name_of(guide, part) for part in state.draft])
            parts = [Button(f"p:{place}", name) for place, name in enumerate(names)]
            return _fixed(guide, state, "trim_ask", "none", first=parts)
        case "changing":
            return _fixed(guide, state, "change_ask", "none", first=changeable(guide, state))
        case "editing":
            return _edit_answered(guide, state)
        case "stopping":
            return _fixed(guide, state, "stop_ask", "later", "erase", "resume")
        case "helping":
            return _fixed(guide, state, "help_match", "continue", "later", "stop")
        case "paused":
            on = Button("continue", guide.phrase("button.continue"))
            return _fixed(guide, state, "stop_later", first=[on])
    return _fixed(guide, state, "resume", "continue", "restart", "erase")


def _edit_answered(guide: Guide, state: State) -> Say:
    """An earlier question, with the answer that an edit would change."""
    asked = _fixed(guide, state, "edit_answered", "yes", "no")
    step = guide.steps[state.pending[0]]
    earlier = {"answer": answer_label(step, state.answers[step.id])}
    question = guide.say(step, state.facts)
    return asked.but(text=f"{asked.text}\n\n{question}\n{guide.phrase('answer_is', earlier)}")


def place_buttons(options: tuple[Option, ...], step: Step) -> tuple[Button, ...]:
    """The places found by their first letters."""
    return distinct([*_buttons(options), *_skip(step)])


def _question(guide: Guide, state: State, step: Step) -> Say:
    text, buttons, control = _body(guide, state, step)
    given = state.answers.get(step.id)
    if step.other:
        words = state.answers.get(step.id, Answer()).text if "other" in state.picked else ""
        label = _start_of(words) if words else guide.phrase("button.other")
        buttons.append(Button("other", label, picked=bool(words)))
    if step.kind == "choices" and state.picked:
        buttons.append(Button("picked", guide.phrase("button.picked")))
    elif step.kind != "tell":
        buttons += _skip(step)
    if given and step.short and step.kind not in ("choices", "tell"):
        earlier = {"answer": _earlier(guide, state, step, given)}
        text = f"{text}\n{guide.phrase('answer_is', earlier)}"
        buttons.append(Button("keep", guide.phrase("button.keep")))
    slots = ("code",) if "{code}" in step.say else ()
    shown = attachments.files(state.draft) if step.kind == "review" else ()
    return Say(text, tuple(buttons), state.turn, control, slots, files=shown)


def _earlier(guide: Guide, state: State, step: Step, given: Answer) -> str:
    """The answer of before, in words; of a place all that was chosen with it."""
    beside = team_beside(guide, step)
    team = state.answers.get(beside.id) if beside else None
    return place_label(given, team) if team and given.labels else answer_label(step, given)


Body = tuple[str, list[Button], Control]
"""The text of a question, the buttons of its own, and its control."""


def _body(guide: Guide, state: State, step: Step) -> Body:
    text = guide.say(step, state.facts)
    match step.kind:
        case "choice" | "consent" | "say":
            return _choice(guide, state, step)
        case "switches":
            found = switches.offered(guide, state, step)
            confirm = Button("confirm", guide.phrase("button.confirm"))
            buttons = [*_buttons(found, state.picked), confirm]
            return switches.text(guide, state, step), buttons, Control("choices", max=len(found))
        case "choices":
            text = f"{text}\n{guide.phrase('pick_hint', {'max': str(step.max)})}"
            return text, [*_buttons(step.options, state.picked)], Control("choices", max=step.max)
        case "scale":
            return _scale(guide, state, step)
        case "triad":
            return _triad(guide, state, step)
        case "text" | "name":
            return text, [], Control("text", max=step.max)
        case "sentence":
            return _sentence(guide, state, step)
        case "tell":
            return _tell(guide, state, step)
    shown = card(guide, state)
    text = "\n\n".join(filter(None, (text, clues.standing(guide, state), card_text(shown))))
    return text, [*_buttons(step.options)], Control("card", card=shown)


def _choice(guide: Guide, state: State, step: Step) -> Body:
    text, options = guide.say(step, state.facts), choices(guide, state, step)
    if len(options) > SHOWN_PLACES and step.fill:
        ask = "place_ask_both" if team_beside(guide, step) else "place_ask"
        return f"{text}\n{guide.phrase(ask)}", [], Control("text", max=NAME_MAX)
    return text, [*_buttons(options)], Control("buttons")


def _scale(guide: Guide, state: State, step: Step) -> Body:
    before = any(guide.steps[name].kind == "scale" for name in state.path)
    hint = "" if before else f"\n{guide.phrase('scale_hint')}"
    text = f"{guide.say(step, state.facts)}{hint}"
    low, high = (pole.label for pole in step.poles)
    named = (("near", low), ("both", ""), ("near", high))
    middle = (guide.phrase(f"scale_hint.{name}", {"pole": pole}) for name, pole in named)
    buttons = [
        Button(f"s:{place}", label)
        for place, label in zip(SCALE_PLACES, (low, *middle, high), strict=True)
    ]
    return text, buttons, Control("scale", poles=(low, high), shares=_shares(state, step))


def _triad(guide: Guide, state: State, step: Step) -> Body:
    text = f"{guide.say(step, state.facts)}\n{guide.phrase('triad_hint_buttons')}"
    poles = tuple(pole.label for pole in step.poles)
    buttons = [
        Button("t:" + "-".join(map(str, place)), _triad_label(guide, poles, place))
        for place in TRIAD_PLACES
    ]
    return text, buttons, Control("triad", poles=poles, shares=_shares(state, step))


def _sentence(guide: Guide, state: State, step: Step) -> Body:
    """Which sentence it turns on: one of the teller's own, by its number, or another one."""
    found = state.proposed
    hint = guide.phrase("sentence_pick" if found else "sentence_write")
    buttons = [Button(f"z:{place}", str(place + 1)) for place in range(len(found))]
    control = Control("sentences" if found else "text", poles=found, max=step.max)
    return f"{guide.say(step, state.facts)} {hint}", buttons, control


def _tell(guide: Guide, state: State, step: Step) -> Body:
    ways = state.facts.get("attach", "").split()
    hints = (guide.phrase(f"tell_{each}") for each in ways)
    buttons: list[Button] = []
    if state.draft:
        buttons.append(Button("done", guide.phrase("button.done")))
        buttons.append(fixed_button(guide, "too_long_story", "edit"))
    text = "\n".join((guide.say(step, state.facts), *hints))
    return text, buttons, Control("tell", max=room(guide, state))


def room(guide: Guide, state: State) -> int:
    """How many characters the story can still take."""
    told = sum(len(part.text) for part in state.draft)
    return max(0, story_max(guide) - told)


def story_max(guide: Guide) -> int:
    """The most characters of a story."""
    return next(step.max for step in guide.steps.values() if step.kind == "tell")


def _shares(state: State, step: Step) -> tuple[int, ...]:
    return state.answers.get(step.id, Answer()).shares


def _fixed(
    guide: Guide,
    state: State,
    key: str,
    *ids: str,
    first: list[Button] | None = None,
    control: Control | None = None,
    **facts: str,
) -> Say:
    buttons = [*(first or []), *(fixed_button(guide, key, name) for name in ids)]
    text = guide.phrase(key, {**state.facts, **facts})
    return Say(text, tuple(buttons), state.turn, control)


def fixed_button(guide: Guide, key: str, name: str) -> Button:
    """The button of a fixed sentence: `stop_ask.later`."""
    return Button(name, guide.phrase(f"{key}.{name}"))


def changeable(guide: Guide, state: State) -> list[Button]:
    """What on the card can be changed: the story, and every question with a label on the card."""
    return [
        Button(f"c:{step.id}", step.short or guide.phrase("change.tell"))
        for step in guide.steps.values()
        if step.id in state.path and (step.short or step.kind == "tell")
    ]


def _buttons(options: tuple[Option, ...], picked: tuple[str, ...] = ()) -> list[Button]:
    return [Button(f"o:{option.id}", option.label, option.id in picked) for option in options]


def _skip(step: Step) -> list[Button]:
    return [Button("skip", step.skip.label)] if step.skip else []


def _triad_label(guide: Guide, poles: tuple[str, ...], place: tuple[int, ...]) -> str:
    if all(place):
        return guide.phrase("triad_hint_buttons.middle")
    return listed(pole for pole, share in zip(poles, place, strict=True) if share)


def apart(texts: Sequence[str]) -> list[str]:
    """A label for each of these texts: how it begins or, where others begin alike, from the word
    by which it differs."""
    lines = [" ".join(text.split()) for text in texts]
    labels = [_start_of(line) for line in lines]
    return [
        _from_difference(lines, place) if labels.count(label) > 1 else label
        for place, label in enumerate(labels)
    ]


def _from_difference(lines: Sequence[str], place: int) -> str:
    """The words of a line from where the most alike of the others goes another way."""
    line = lines[place]
    others = [other for other in lines if other != line]
    same = max((_shared(line, other) for other in others), default=0)
    begin = line.rfind(" ", 0, same) + 1
    if same == len(line):  # it is how another one begins
        begin = max(0, len(line) - LABEL_MAX + 1)
    return f"…{_start_of(line[begin:])[: LABEL_MAX - 1]}" if begin else _start_of(line)


def _shared(one: str, other: str) -> int:
    """How many characters two lines have in common at their beginning."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)


def _start_of(text: str) -> str:
    """The beginning of a text, as the label of a button."""
    line = " ".join(text.split())
    return line if 0 < len(line) <= LABEL_MAX else f"{line[: LABEL_MAX - 1]}…"
