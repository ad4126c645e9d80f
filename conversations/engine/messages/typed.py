"""Takes typed messages, and things that are not text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.engine import commands, recordings, taps
from conversations.engine.attachments import ATTACHED, gate
from conversations.engine.effects import Button, Say
from conversations.engine.events import (
    QUOTED,
    Command,
    CommandName,
    Edited,
    Said,
    Sent,
    SentKind,
    Tapped,
)
from conversations.engine.help_offer import care
from conversations.engine.intent import blank, button, command, plain, wordless
from conversations.engine.messages.ages import age_button
from conversations.engine.paraphrase import paraphrased
from conversations.engine.questions import (
    LABEL_MAX,
    OTHER_MAX,
    SHOWN_PLACES,
    place_buttons,
    prompt,
    story_max,
)
from conversations.engine.state import Answer, Part
from conversations.engine.turn import Turn
from conversations.engine.way.places import places_like
from conversations.engine.weighty_buttons import weighty
from conversations.guide.route import in_opening

_REFUSALS = {
    "sticker": "sticker",
    "photo": "photo_not_possible",
    "voice": "voice_not_possible",
    "empty": "unexpected_message",
}

_WORDS_OF_THE_TELLER = {
    "tell": ("skip",),
    "text": ("skip", "done"),
    "name": ("skip", "done"),
    "sentence": ("skip", "done"),
}
"""Words that are a command elsewhere, but may be (part of) an answer to these questions."""


def take_text(turn: Turn, event: Said) -> None:
    """A message: a command, a button in words, or an answer to the open question."""
    fixed = command(turn.guide, event.text)
    likely = None if event.forwarded else _paraphrased(turn, event.text)
    harmless = fixed == "help" or likely is not None  # it holds no other words
    with care(turn, "" if harmless else event.text):
        if event.masked:
            turn.phrase("bsn_refused")
        _said(turn, event, fixed, likely)


def _said(turn: Turn, event: Said, fixed: CommandName | None, likely: str | None) -> None:
    if blank(event.text):
        take_file(turn, Sent("empty", event.ref, event.group))
    elif event.forwarded and fixed != "help":
        _forwarded(turn, event)
    elif fixed and fixed not in _WORDS_OF_THE_TELLER.get(turn.step.kind, ()):
        commands.command(turn, Command(fixed))
    elif meant := _button(turn, event.text):
        early = event.early or event.asked not in (0, turn.state.turn)
        if early and weighty(turn.guide, turn.state, meant):
            turn.phrase("quotes_another" if event.asked == QUOTED else "tap_too_soon")
            turn.again()
        else:
            taps.take_tap(turn, Tapped(turn.state.turn, meant, seen=None))
    elif likely:
        buttons = prompt(turn.guide, turn.state).buttons
        turn.phrase("understood", answer=next(each.label for each in buttons if each.id == likely))
        taps.take_tap(turn, Tapped(turn.state.turn, likely, seen=None))
    elif turn.state.mode == "paused":
        turn.unkept(event.ref)
        turn.ask(mode="resuming")
    else:
        answer_open_question(turn, event)


def _forwarded(turn: Turn, event: Said) -> None:
    """Words of somebody else: a part of the story, but no answer, no yes and no command."""
    if _telling(turn):
        _told(turn, event)
        return
    turn.unkept(event.ref, "forwarded_elsewhere")
    turn.ask(mode="resuming") if turn.state.mode == "paused" else turn.again()


def _button(turn: Turn, text: str) -> str | None:
    """The button that a text means; while telling, every text is the story but the very words on a
    button below it."""
    telling = turn.state.mode == "asking" and turn.step.kind == "tell"
    if telling and len(text) > LABEL_MAX + 1:
        return None
    asked = prompt(turn.guide, turn.state)
    if telling:
        return next((each.id for each in asked.buttons if plain(each.label) == plain(text)), None)
    meant = button(turn.guide, asked.buttons, text) or age_button(turn.guide, turn.state, text)
    return meant or (_MORE if _asks(turn, asked.buttons, text) else None)


def _paraphrased(turn: Turn, text: str) -> str | None:
    """The answer of which a text is a paraphrase. Where words of one's own may be one, some of the
    words of an answer are not taken for it."""
    step = turn.step
    if turn.state.mode != "asking" or step.kind not in ("choice", "choices") or step.fill:
        return None
    asked = prompt(turn.guide, turn.state)
    return paraphrased(turn.guide, asked, text, partly=not step.other)


_MORE = "o:more"


def _asks(turn: Turn, buttons: Sequence[Button], text: str) -> bool:
    """Whether someone who may want to know more before beginning asks something."""
    offered = any(each.id == _MORE for each in buttons) and in_opening(turn.guide, turn.step)
    return offered and text.rstrip().endswith(("?", "؟"))


_HINTS = {"switches": "switches_hint", "consent": "consent_needs_answer"}
"""What is said when words come to a question that needs a tap."""


def answer_open_question(turn: Turn, event: Said) -> None:
    match turn.state.mode, turn.step.kind:
        case "over", _:
            turn.unkept("")
            turn.again()
        case "other", _:
            if _fits(turn, event, OTHER_MAX):
                taps.other(turn, event.text, event.ref)
        case "asking" | "short" | "trimming", "tell":
            _told(turn, event)
        case "asking", "text" | "name" | "sentence":
            _typed(turn, event)
        case "asking", "choice" if turn.step.fill:
            _looked_up(turn, event)
        case "asking", "review" if gate(turn.state) == "checking":
            if _fits(turn, event, story_max(turn.guide)):
                turn.mark("")
                recordings.correct(turn, event.text, event.ref)
        case "asking", "choice" | "choices" if turn.step.other:
            offer(turn, event)
        case "offering", _:
            # Another message beside the words that wait for a yes: both are meant.
            offer(turn, replace(event, text=f"{turn.state.pending[1]} {event.text.strip()}"))
        case mode, kind:
            hint = _HINTS.get(kind) if mode == "asking" else None
            turn.unkept(event.ref, hint or turn.only_buttons)
            turn.again()


def _typed(turn: Turn, event: Said) -> None:
    if _fits(turn, event, turn.step.max):
        turn.mark("")
        turn.answer(Answer(text=event.text.strip(), ref=event.ref))


def offer(turn: Turn, event: Said | Edited) -> None:
    """Words that stand on no button may be "other, namely"."""
    picked, step = turn.state.picked, turn.step
    if step.kind == "choices" and "other" not in picked and len(picked) >= step.max:
        turn.unkept(event.ref, "max_reached", max=str(step.max))
        turn.again()
    elif _fits(turn, event, OTHER_MAX):
        turn.mark("")
        turn.ask(mode="offering", pending=(event.ref, event.text.strip()))


def _telling(turn: Turn) -> bool:
    """Whether what is typed now belongs to the story."""
    return turn.step.kind == "tell" and turn.state.mode in ("asking", "short", "trimming")


def _told(turn: Turn, event: Said) -> None:
    """A message of the story: a part of the draft, while there is room. A sign begins none."""
    if wordless(event.text) and not turn.state.draft:
        turn.unkept(event.ref, "only_a_sign")
        turn.again()
        return
    parts = (*turn.state.draft, Part("text", event.text, event.ref))
    if size(parts) > turn.step.max:
        say_too_long(turn, event.ref)
        return
    if turn.state.mode != "asking":
        turn.mark("")
        turn.set(mode="asking", turn=turn.state.turn + 1)
    turn.tell(parts)
    if event.forwarded:
        turn.phrase("part_forwarded", "done", "edit")
    elif not turn.waits:
        turn.phrase("part_received" if len(parts) == 1 else "part_more", "done")


def say_too_long(turn: Turn, ref: str) -> None:
    """There is no room in the story for this."""
    asking = turn.state.mode == "asking" and turn.step.kind == "tell"
    if not size(turn.state.draft):
        turn.unkept(ref, "too_long_part", max=str(story_max(turn.guide)))
    elif asking:
        turn.unkept(ref, "too_long_story", "done", "edit")
    else:
        turn.unkept(ref, "too_long_story")
    if not asking:
        turn.again()


def size(parts: tuple[Part, ...]) -> int:
    return sum(len(part.text) for part in parts)


def _fits(turn: Turn, event: Said | Edited, most: int) -> bool:
    if len(event.text.strip()) <= most:
        return True
    turn.unkept(event.ref, "too_long_answer", max=str(most))
    turn.again()
    return False


def _looked_up(turn: Turn, event: Said) -> None:
    """The first letters of a municipality or team."""
    found = places_like(turn.guide, turn.state, turn.step, event.text)
    if len(found) == 1:
        taps.take_tap(turn, Tapped(turn.state.turn, f"o:{found[0].id}", seen=None))
    elif found and len(found) <= SHOWN_PLACES:
        buttons = place_buttons(found, turn.step)
        turn.effects.append(Say(turn.guide.phrase("place_choose"), buttons, turn.state.turn))
    elif found:
        turn.phrase("place_many")
        turn.again()
    else:
        turn.unkept(event.ref, "place_none")
        turn.again()


def take_file(turn: Turn, event: Sent) -> None:
    """A recording or picture is taken where there is room for it; anything else gets a kind no.
    The parts of one album share an answer."""
    quiet = bool(event.group) and event.group == turn.state.group
    turn.set(group=event.group)
    if event.kind in ATTACHED and (event.blob or event.problem):
        recordings.receive(turn, event, quiet=quiet)
        return
    if quiet:
        return
    turn.phrase(refusal(event.kind))
    if turn.state.mode == "paused":
        turn.ask(mode="resuming")
    else:
        turn.again()


def refusal(kind: SentKind) -> str:
    """The sentence for something that is not text, where there is no room for it."""
    return _REFUSALS.get(kind, "file_not_possible")
