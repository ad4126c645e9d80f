"""Answers to a prompt: tell now, later, not this time, never; or tell without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from babel.dates import format_time

from bot.account_buttons import button_id
from bot.meetings.model.labels import day_named, guide_of, known_of
from bot.meetings.model.rows import from_row
from bot.meetings.prompts.lifecycle import Event, transition
from bot.meetings.prompts.message import ANSWERS, MeetingPrompt, message
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import this_evening, tomorrow
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from conversations.engine import intent
from conversations.engine.effects import Button, Say
from conversations.engine.events import Returned, Said
from conversations.engine.paraphrase import paraphrased
from conversations.guide.model import Guide
from storage.coordinators import teams
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.meetings.meetings import Side
from storage.meetings.prompts import StoredPrompt
from storage.people import people

SPEAKS = "professional"
"""Any guide."""
FEW = 3
"""The most words that are too few to begin a story with: they may be an answer that was not
understood ("later", "hallo")."""
TOLD = 6000
"""The most characters of an answer that is typed at once: a whole story."""
OLD = timedelta(days=21)
"""After this time a tap on a prompt is first asked about, and an open one is not shown again."""


def ids_of(context: TurnContext) -> tuple[str, ...]:
    """The person, and the one whose letters led to this page."""
    return (context.person.id, *context.person.memory.mail)


def handle_tap(context: TurnContext, what: str, prompt_id: str) -> bool:
    """Answer a prompt by a button or a link. False when that asked the open question again or
    began a guide, so that nothing has to be asked after it."""
    row = prompts.by_id(context.connection, prompt_id)
    if row is None or row.person_id not in ids_of(context):
        context.phrase("old_button")
        return True
    if what in ("now", "go", "guest", "host"):
        return _begin_now(context, row, what)
    if what in ("evening", "tomorrow"):
        _snooze(context, row, what)
    elif what == "never":
        stop_prompts(context)
    else:
        for each in _about(context, row):
            _become(context, each, "decline")
        context.phrase("prompt_not_this_time_ok")
    return True


def handle_text(context: TurnContext, text: str) -> bool:
    """Answer a prompt with the words on a button, or words that clearly mean one. False when no
    prompt is open or the text is no answer."""
    typed = _meant(context, text)
    if typed == "never":  # whoever says so need not wait for a question
        stop_prompts(context)
        return True
    row = _open_prompt(context, "sent", "uncertain", "snoozed") if typed else None
    if row is None:
        return False
    if typed == "now" and _bundled(context, row):
        return show_open(context)
    handle_tap(context, typed, row.id)
    return True


def _meant(context: TurnContext, text: str) -> str:
    """The answer that a text means: the words on a button or, when that was asked last, a clear yes
    or no."""
    buttons = [Button(name, context.words(f"prompt.{key}")) for name, key in ANSWERS]
    exact = [each.id for each in buttons if intent.plain(text) == intent.plain(each.label)]
    if exact or not _asked_last(context):
        return next(iter(exact), "")
    guide, asked = _any_guide(context), Say("", tuple(buttons))
    meant = intent.button(guide, buttons, text)  # how many were shown depends on the hour
    return meant or paraphrased(guide, asked, text, counted=False) or ""


def _puts_off(context: TurnContext, text: str) -> bool:
    """Whether a text says no more than that it does not suit now: when it does is still asked."""
    guide = _any_guide(context)
    first, *others = guide.phrase("words.not_now").split("|")
    asked = Say("", (Button("off", first),))
    names = {"off": others}
    return bool(paraphrased(guide, asked, text, names=names, partly=False, counted=False))


def _any_guide(context: TurnContext) -> Guide:
    """Whose words for yes and no, and for commands, are read."""
    return context.services.shelf.today(SPEAKS, context.person.language)


def _asked_last(context: TurnContext) -> bool:
    """Whether nothing was asked since the last prompt."""
    return context.state is None or account_question.prompted_last(context)


def begin_with(context: TurnContext, event: Said) -> bool:
    """Begin the guide of the open prompt with a story that was typed at once. Where it is not clear
    which guide that is, or that it is a story, the prompt is asked again. False when no prompt is
    open."""
    row = _open_prompt(context, "sent", "uncertain", "snoozed")
    if row is None or not _asked_last(context):
        return False
    command = intent.command(_any_guide(context), event.text)
    if command == "help":
        return False
    if reply := _to_no_story(context, row, event.text, is_command=command is not None):
        context.phrase(reply)
        return reply == "done_ok" or _show(context, row)
    asked = _asked(context, row)
    guide = guide_of(asked.meeting, asked.side, row.kind) if asked else ""
    if (
        not asked
        or not guide
        or event.forwarded
        or len(event.text) > TOLD
        or _bundled(context, row)
    ):
        context.phrase("not_kept_yet")
        return _show(context, row)
    context.phrase("prompt_words_kept")
    _begin_asked(context, row, asked, guide, event)
    return True


def _to_no_story(context: TurnContext, row: StoredPrompt, text: str, *, is_command: bool) -> str:
    """What is said to words that begin no story. Who has put off a prompt may say thanks."""
    off = _puts_off(context, text)
    few = off or intent.wordless(text) or len(text.split()) <= FEW
    if few and not is_command and row.state == "snoozed":
        return "done_ok"
    if is_command or off:
        return "unexpected_message"
    if intent.wordless(text):
        return "only_a_sign"
    return "not_kept_yet" if few else ""


def show_open(context: TurnContext) -> bool:
    """Show the prompt that waits for an answer again, with what was asked in the same message.
    False without one."""
    row = _open_prompt(context, "sent", "uncertain")
    return row is not None and _show(context, row)


def _show(context: TurnContext, row: StoredPrompt) -> bool:
    """Ask a prompt again. False when its meeting is gone."""
    asked = [_asked(context, each) for each in (row, *_bundled(context, row))]
    known = [each for each in asked if each is not None]
    if not known or known[0].row is not row:
        return False
    context.put(message(context.connection, context.services, context.person, known, context.now))
    return True


def stop_prompts(context: TurnContext) -> None:
    """Switch prompts off for good, after any meeting."""
    context.remember(prompts="off")
    for other in context.person.memory.mail:
        switch_off(context.connection, other)
    decline_all(context.connection, ids_of(context))
    context.phrase(
        "prompt_never_ok", [Button(button_id("prompts", "on"), context.words("meetings_off.on"))]
    )


def switch_off(connection: Transaction, person_id: str) -> None:
    """Switch prompts off for a person outside a conversation: one click in a letter."""
    for person in people.locked(connection, [person_id], wait=True):
        people.save(connection, person.remembering(prompts="off"))
    decline_all(connection, [person_id])


def _begin_now(context: TurnContext, row: StoredPrompt, what: str) -> bool:
    state = context.state
    if state is not None and state.open and (state.path or state.draft):
        conversation.take(context, Returned())
        return False
    asked = _asked(context, row)
    if asked is None:
        context.phrase("old_button")
        return True
    gone = row.state in ("answered", "expired", "cancelled", "failed")
    if what == "now" and (gone or context.now - row.due_at > OLD):
        context.phrase(
            "prompt_late_tap",
            [
                Button(button_id("prompt", "go", row.id), context.words("prompt_late_tap.now")),
                Button(
                    button_id("prompt", "no", row.id),
                    context.words("prompt_late_tap.not_this_time"),
                ),
            ],
        )
        return True
    side: Side = asked.side
    if what in ("guest", "host"):
        side = "guest" if what == "guest" else "host"
        meetings.join(context.connection, row.meeting_id, row.person_id, side)
    guide = guide_of(asked.meeting, side, row.kind)
    if not guide:
        context.phrase(
            "meeting_side_ask",
            [
                Button(button_id("prompt", each, row.id), context.words(f"meeting_side_ask.{each}"))
                for each in ("guest", "host")
            ],
        )
        return True
    _begin_asked(context, row, MeetingPrompt(row, asked.meeting, side), guide)
    return False


def _begin_asked(
    context: TurnContext,
    row: StoredPrompt,
    asked: MeetingPrompt,
    guide: str,
    told: Said | None = None,
) -> None:
    answer(context, row)
    known = known_of(
        asked.meeting, asked.side, context.phrases, teams.all_teams(context.connection)
    )
    begin(context, guide, known, told)


def begin(
    context: TurnContext, guide: str, known: dict[str, str], told: Said | None = None
) -> None:
    """Begin the guide of a prompt; what is known of the own team stays."""
    own = {
        name: value for name, value in context.person.memory.known.items() if name in teams.KNOWN
    }
    conversation.begin(context, guide, {**own, **known}, told)
    context.remember(prompted=True)


def answer(context: TurnContext, row: StoredPrompt) -> None:
    """Mark a prompt as answered, with its reminder; what was asked in the same message is not asked
    again."""
    asks = prompts.siblings(context.connection, row, "ask", "remind")
    for each in asks if row.kind != "follow_up" else [row]:
        _become(context, each, "now")
    for each in prompts.together(context.connection, row):
        if (each.meeting_id, each.day) != (row.meeting_id, row.day):
            _become(context, each, "decline")


def _snooze(context: TurnContext, row: StoredPrompt, what: str) -> None:
    rules = rules_of(context.services.settings.prompts)
    at = (this_evening if what == "evening" else tomorrow)(context.now, rules)
    if row.state in ("answered", "declined") or transition(row.state, "snooze") != "snoozed":
        context.phrase("old_button")
        return
    for each in (row, *prompts.together(context.connection, row)):
        if each.id == row.id or each.state == "bundled":
            state = transition(each.state, "snooze")
            prompts.change(
                context.connection, each, state=state, due_at=at, next_at=at, waits=False
            )
    zone = rules.zone
    time = format_time(at.astimezone(zone), "short", locale=context.person.language)
    days = (at.astimezone(zone).date() - context.now.astimezone(zone).date()).days
    if days == (0 if what == "evening" else 1):
        context.phrase(f"prompt_{what}_ok", time=time)
    else:
        day = day_named(at.astimezone(zone), context.person.language, context.now.date())
        context.phrase("prompt_later_ok", time=time, day=day)
    if row.person_id == context.person.id:
        context.promise("prompt", row.id)


def _about(context: TurnContext, row: StoredPrompt) -> list[StoredPrompt]:
    """All that "not this time" is about: the message, its reminder, and what would follow."""
    asked = [row, *prompts.together(context.connection, row)]
    kinds: tuple[prompts.Kind, ...] = ("ask", "remind", "follow_up")
    return [each for one in asked for each in prompts.siblings(context.connection, one, *kinds)]


def decline_all(connection: Transaction, person_ids: Sequence[str]) -> None:
    """Nothing that waits is asked of these people."""
    for row in prompts.of_people(connection, person_ids):
        state = transition(row.state, "decline")
        if state != row.state:
            prompts.change(connection, row, state=state, waits=False)


def _become(context: TurnContext, row: StoredPrompt, event: Event) -> None:
    state = transition(row.state, event)
    if state != row.state:
        prompts.change(context.connection, row, state=state, waits=False)


def _open_prompt(context: TurnContext, *states: prompts.State) -> StoredPrompt | None:
    """The newest prompt that waits for an answer."""
    rows = prompts.of_people(context.connection, ids_of(context), *states)
    fresh = [row for row in rows if context.now - row.due_at <= OLD and row.carrier is None]
    return max(fresh, key=lambda row: row.due_at, default=None)


def _bundled(context: TurnContext, row: StoredPrompt) -> list[StoredPrompt]:
    """What was asked in the same message and waits for an answer too."""
    return [
        each
        for each in prompts.together(context.connection, row)
        if each.state in ("bundled", "snoozed")
    ]


def _asked(context: TurnContext, row: StoredPrompt) -> MeetingPrompt | None:
    found = meetings.by_id(context.connection, row.meeting_id)
    if found is None:
        return None
    member = meetings.member(context.connection, row.meeting_id, row.person_id)
    return MeetingPrompt(row, from_row(found), member.side if member else "")
