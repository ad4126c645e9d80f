"""Takes taps on buttons, and places on scales and in triangles."""

from __future__ import annotations

from conversations.engine import recordings, switches
from conversations.engine.attachments import gate
from conversations.engine.card import answer_label
from conversations.engine.clues import left_standing, open_clues
from conversations.engine.effects import Begin, Farewell, Mark, Say, Tick
from conversations.engine.events import CommandName, Placed, Tapped
from conversations.engine.questions import changeable, prompt
from conversations.engine.state import Answer
from conversations.engine.turn import Turn
from conversations.engine.way.places import choices, place_label, places_chosen, team_beside
from conversations.engine.weighty_buttons import weighty
from conversations.guide.model import Option, fill_slots

_ABOUT_CLUES = ("all", "one_by_one", "none")

_WITH_BUTTONS = ("offering", "trimming", "changing", "editing", "stopping", "resuming", "short")

SHORT_STORY = 5
"""With fewer words than this the teller is asked whether this is the whole story."""


def take(turn: Turn, event: Tapped | Placed) -> None:
    """A tap on a button, or on a place of a scale or triangle."""
    match event:
        case Tapped():
            take_tap(turn, event)
        case Placed():
            take_place(turn, event)


def take_tap(turn: Turn, event: Tapped) -> None:
    """A tap counts when it is on the open question, and that was visible long enough; otherwise
    nothing changes and it is said."""
    state, button = turn.state, event.button
    tap = f"{event.turn}:{button}"
    labels = {item.id: item.label for item in prompt(turn.guide, state).buttons}
    offered = labels.keys() | _beside(turn)
    if event.turn != state.turn and tap == state.last:
        turn.phrase("double_tap")
    elif event.turn != state.turn or not (button in offered or _is_place(turn, button)):
        turn.phrase("old_button")
        turn.again()
    elif turn.guide.dwell.too_short(event.seen, weighty=weighty(turn.guide, state, button)):
        turn.phrase("tap_too_soon")
        turn.again()
    else:
        _take(turn, button)
        if turn.state.turn != event.turn:
            turn.set(last=tap)
            if not any(isinstance(effect, Mark) for effect in turn.effects):
                turn.effects.insert(0, Mark(event.turn, labels.get(button, "")))


def take_place(turn: Turn, event: Placed) -> None:
    """A place on the scale or in the triangle that is asked now."""
    state, step = turn.state, turn.step
    right = {"scale": 1, "triad": 3}.get(step.kind) == len(event.shares)
    total = sum(event.shares) == 100 or len(event.shares) == 1
    inside = all(0 <= share <= 100 for share in event.shares)
    if event.turn != state.turn and state.last == f"{event.turn}:place":
        turn.phrase("double_tap")
    elif event.turn != state.turn or state.mode != "asking":
        turn.phrase("old_button")
        turn.again()
    elif not (right and total and inside):
        turn.phrase("unexpected_message")
        turn.again()
    elif turn.guide.dwell.too_short(event.seen, weighty=False):
        turn.phrase("tap_too_soon")
        turn.again()
    else:
        _answer(turn, Answer(shares=event.shares))
        turn.set(last=f"{event.turn}:place")


def other(turn: Turn, text: str, ref: str) -> None:
    """The words after "other, namely"."""
    step, words = turn.step, text.strip()
    turn.mark("")
    if step.kind == "choices":
        given = turn.state.answers.get(step.id, Answer())
        answers = {**turn.state.answers, step.id: given.but(text=words, ref=ref)}
        picked = tuple(item for item in turn.state.picked if item != "other")
        turn.ask(mode="asking", answers=answers, picked=(*picked, "other"), consents={})
    else:
        turn.answer(Answer(text=words, ref=ref))


def by_command(turn: Turn, name: CommandName) -> None:
    """`/klaar` and `/overslaan` are the buttons of the open question, where it has them."""
    offered = [item.id for item in prompt(turn.guide, turn.state).buttons]
    wanted = ("done", "picked", "enough", "confirm") if name == "done" else ("skip",)
    telling = turn.step.kind == "tell" and turn.state.mode == "asking"
    if telling and (name == "done" or not turn.state.draft):
        _done(turn)
        return
    if turn.state.mode in ("other", "offering"):
        turn.ask(mode="asking")
        return
    for button in wanted:
        if button in offered:
            take_tap(turn, Tapped(turn.state.turn, button, seen=None))
            return
    turn.choose()


def _beside(turn: Turn) -> set[str]:
    """Which buttons of fixed sentences count now."""
    state = turn.state
    if not state.open:
        return {"begin", "stories"}
    beside = {"continue", "later", "stop"}
    if state.reminded:
        beside.add("erase")
    if turn.step.kind == "tell" and state.mode == "asking":
        beside |= {"done", "edit", "decline"}
    return beside | _on_card(turn)


def _on_card(turn: Turn) -> set[str]:
    """What can be tapped on the card itself: words that may identify someone and, once these are
    decided about, every row."""
    state = turn.state
    if turn.step.kind != "review" or state.mode != "asking" or gate(state):
        return set()
    found = {f"w:{place}" for place in range(len(state.clues))}
    rows = () if open_clues(state) else changeable(turn.guide, state)
    return found | {each.id for each in rows}


def _is_place(turn: Turn, button: str) -> bool:
    if turn.state.mode != "asking" or turn.step.fill is None:
        return False
    places = [*choices(turn.guide, turn.state, turn.step)]
    if turn.step.fill == "municipality":  # as an earlier question offered it
        places += [town.option for town in turn.guide.places.towns]
    return button in {f"o:{option.id}" for option in places}


def _take(turn: Turn, button: str) -> None:
    mode, step = turn.state.mode, turn.step
    kind, _, rest = button.partition(":")
    if button in ("later", "stop", "erase", "begin", "continue", "stories"):
        _aside(turn, button)
    elif mode in _WITH_BUTTONS:
        _in_mode(turn, kind, rest)
    elif mode == "asking" and step.kind == "review" and gate(turn.state):
        recordings.take_tap(turn, button)
    elif mode == "clue" or button in _ABOUT_CLUES:
        _decide(turn, button)
    elif button == "back":
        turn.ask(mode="asking")
    elif button in ("done", "edit", "decline"):
        _telling(turn, button)
    elif button == "skip":
        turn.skip(step)
    elif button == "keep":
        beside = team_beside(turn.guide, step)
        turn.mark(answer_label(step, turn.state.answers[step.id]))
        turn.answer(
            turn.state.answers[step.id], turn.state.answers.get(beside.id) if beside else None
        )
    elif button == "confirm":
        turn.confirm()
    elif kind == "c":
        turn.mark("")
        turn.fix(rest)
    elif kind == "w":
        clue = turn.state.clues[int(rest)]
        turn.mark("")
        turn.reword([clue.words])
        turn.ask()
    else:
        _answered(turn, button)


def _answered(turn: Turn, button: str) -> None:
    """A button that is (part of) an answer."""
    step = turn.step
    kind, _, rest = button.partition(":")
    if button == "other" and step.kind == "choices" and not _room_for_other(turn):
        _tick(turn, "other")
    elif button == "other":
        turn.ask(mode="other")
    elif button == "picked":
        given = turn.state.answers.get(step.id, Answer())
        chosen = tuple(item for item in turn.state.picked if item != "other")
        words = given if "other" in turn.state.picked else Answer()
        _answer(turn, Answer(options=chosen, text=words.text, ref=words.ref))
    elif step.kind == "switches":
        _switch(turn, rest)
    elif kind == "z":
        _answer(turn, Answer(text=turn.state.proposed[int(rest)]))
    elif kind in ("s", "t"):
        _answer(turn, Answer(shares=tuple(int(share) for share in rest.split("-"))))
    elif step.kind == "choices":
        _tick(turn, rest)
    else:
        _choose(turn, rest)


def _decide(turn: Turn, button: str) -> None:
    """What the teller decides about words that may identify someone."""
    clues = [clue.words for clue in open_clues(turn.state)]
    asked = prompt(turn.guide, turn.state)
    turn.mark(next(each.label for each in asked.buttons if each.id == button))
    match button:
        case "one_by_one":
            turn.ask(mode="clue")
            return
        case "all" | "replace":
            turn.reword(clues if button == "all" else clues[:1])
        case _:
            turn.state = left_standing(turn.state, clues if button == "none" else clues[:1])
    turn.ask(mode=turn.state.mode if open_clues(turn.state) else "asking")


def _choose(turn: Turn, option_id: str) -> None:
    step = turn.step
    if team_beside(turn.guide, step):
        town, team = places_chosen(turn.guide, option_id)
        turn.mark(place_label(town, team))
        turn.answer(town, team)
        return
    option = next(item for item in choices(turn.guide, turn.state, step) if item.id == option_id)
    if turn.state.mode == "over":
        turn.mark(option.label)
        _after_the_end(turn, option)
    elif step.kind == "consent":
        turn.mark(option.label)
        turn.consent(option.id)
    elif step.kind == "review" and option.id == "change":
        turn.mark(option.label)
        turn.ask(mode="changing")
    else:
        labels = (option.label,) if step.fill else ()
        _answer(turn, Answer(options=(option.id,), labels=labels), option)


def _answer(turn: Turn, answer: Answer, option: Option | None = None) -> None:
    turn.mark(answer_label(turn.step, answer))
    if option and option.reply and not turn.state.fixing:
        turn.effects.append(Say(fill_slots(option.reply, turn.state.facts)))
    turn.answer(answer)


def _tick(turn: Turn, option_id: str) -> None:
    picked, step = turn.state.picked, turn.step
    if option_id in picked:
        turn.set(picked=tuple(item for item in picked if item != option_id))
    elif len(picked) >= step.max:
        turn.phrase("max_reached", max=str(step.max))
        return
    else:
        turn.set(picked=(*picked, option_id))
    turn.effects.append(Tick(turn.state.turn, prompt(turn.guide, turn.state).buttons))


def _switch(turn: Turn, purpose: str) -> None:
    picked, refused = switches.switched(turn.state.picked, purpose)
    if refused:
        turn.phrase(refused)
        return
    turn.set(picked=picked)
    turn.effects.append(Tick(turn.state.turn, prompt(turn.guide, turn.state).buttons))


def _room_for_other(turn: Turn) -> bool:
    picked = turn.state.picked
    return "other" not in picked and len(picked) < turn.step.max


def _aside(turn: Turn, button: str) -> None:
    """The buttons that mean the same everywhere."""
    match button:
        case "begin":
            turn.effects.append(Begin())
        case "erase":
            turn.erase()
        case "later" if turn.state.open:
            turn.leave_pending()
            turn.ask(mode="paused")
        case "stop" if turn.state.open:
            turn.leave_pending()
            turn.ask(mode="stopping")
        case "continue" if turn.state.mode in ("paused", "resuming", "helping"):
            turn.ask(mode="asking")
        case _:
            turn.again()


def _in_mode(turn: Turn, kind: str, rest: str) -> None:
    """The buttons of a question about the conversation itself."""
    match turn.state.mode, kind:
        case "stopping", "resume":
            turn.ask(mode="asking")
        case "resuming", "restart":
            turn.effects.append(Begin())
        case "short", "enough":
            _close(turn)
        case "short", "more":
            turn.ask(mode="asking")
        case "trimming", "p":
            parts = turn.state.draft
            turn.tell((*parts[: int(rest)], *parts[int(rest) + 1 :]))
            turn.phrase("part_edited")
            turn.ask(mode="asking")
        case "changing", "c":
            turn.fix(rest)
        case "offering", "yes":
            ref, words = turn.state.pending
            other(turn, words, ref)
        case "editing", "yes":
            _edit(turn)
        case _:
            turn.ask(mode="asking")


def _edit(turn: Turn) -> None:
    """The edited words take the place of an earlier answer."""
    name, words = turn.state.pending
    answers = turn.state.answers
    changed = {**answers, name: Answer(answers[name].options, words, ref=answers[name].ref)}
    turn.set(answers=changed)
    if turn.state.carded:
        turn.card_again()
    else:
        turn.phrase("part_edited")
        turn.ask(mode="asking")


def _telling(turn: Turn, button: str) -> None:
    match button:
        case "done":
            _done(turn)
        case "edit" if turn.state.draft:
            turn.ask(mode="trimming")
        case "decline" if not turn.state.draft:
            turn.set(consents={})
            turn.end(turn.guide.steps[turn.guide.not_kept])
        case "edit":
            turn.phrase("tell_empty", "later", "decline")
        case _:
            turn.again()


def _done(turn: Turn) -> None:
    words = sum(len(part.text.split()) for part in turn.state.draft)
    if not turn.state.draft:
        turn.phrase("tell_empty", "later", "decline")
    elif words < SHORT_STORY and not any(part.kind == "voice" for part in turn.state.draft):
        turn.ask(mode="short")
    else:
        _close(turn)


def _close(turn: Turn) -> None:
    """The story is told."""
    turn.mark("")
    turn.answer(Answer(options=("done",)))


def _after_the_end(turn: Turn, option: Option) -> None:
    if option.id == "another":
        turn.effects.append(Begin())
    else:
        turn.phrase("done_ok")
        turn.set(turn=turn.state.turn + 1)
        turn.leave_end()
        turn.effects.append(Farewell())
