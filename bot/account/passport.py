"""The passport of a story: where it was used, which decisions rest on it, who may read it now and
how often somebody looked. A teller takes one use back, or all; it counts at once.

What a pack, session or public page shows is read anew each time, so that it drops out by itself. A
sentence in files and a question that travels stop with their consent. What is on paper or in a file
is out: coordinators are told what to delete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.account import own_consents, own_remarks
from bot.account_buttons import button_id
from bot.turns import conversation
from bot.turns.context import TurnContext
from conversations.engine.card import listed
from conversations.engine.effects import Button, Say
from conversations.guide.model import Purpose
from storage.coordinators import audit
from storage.sensemaking import record
from storage.stories import uses
from storage.stories.stories import Story
from storage.stories.uses import StoryUse
from storage.weeks import AMSTERDAM

ALL = "all"
_READ_FOR: tuple[Purpose, ...] = ("team", "network", "quote", "relay")
_RESTS_ON: dict[str, Purpose] = {"quotation": "quote", "relay": "relay"}
"""Kinds of use that stop with a consent."""
_MOST_WEEKS = 3
_MOST_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class UsedTogether:
    """Uses that a teller takes back as one: those of a session, or all files of a kind."""

    key: str
    uses: Sequence[StoryUse]

    @property
    def withdrawn(self) -> bool:
        return all(each.withdrawn for each in self.uses)


def handle_tap(context: TurnContext, story: Story, name: str, action: str, key: str) -> bool:
    """A button of the passport: to show it, to ask, or to take back. Whether something is asked."""
    if own_remarks.is_remark(key):
        own_remarks.handle_tap(context, story, action, key)
        return action == "back"
    match action:
        case "back":
            return _ask(context, story, name, key)
        case "taken":
            _take_back(context, story, key)
            return False
    return _show(context, story, name)


def _show(context: TurnContext, story: Story, name: str) -> bool:
    """The passport, with a button for each use that stands. Whether that asks something."""
    found = _together(_uses(context, story))
    head = context.words("passport" if found else "passport_none", name=name)
    lines = [f"{number}. {_told(context, each)}" for number, each in enumerate(found, 1)]
    said = own_remarks.listed(context, story)
    rest = [
        *_decisions(context, story),
        *said.lines,
        _readers(context, story),
        _looks(context, story),
    ]
    standing = [(number, each) for number, each in enumerate(found, 1) if not each.withdrawn]
    if standing or said.buttons:
        rest.append(context.words("passport_how"))
    text = "\n\n".join(("\n".join((head, *lines)), *rest))
    if not (standing or said.buttons):
        context.put(Say(text))
        return False
    buttons = [
        Button(
            button_id("back", each.key, story.id),
            context.words("passport.take", number=str(number)),
        )
        for number, each in standing[-_MOST_BUTTONS:]
    ]
    buttons += said.buttons
    if len(standing) > 1:
        buttons.append(Button(button_id("back", ALL, story.id), context.words("passport.take_all")))
    buttons.append(Button(button_id("stay", story.id), context.words("button.keep")))
    conversation.ask_alone(context, Say(text, tuple(buttons)))
    return True


def _ask(context: TurnContext, story: Story, name: str, key: str) -> bool:
    """Whether it is to be taken back: nothing changes before the answer. As `handle_tap`."""
    picked = _picked(context, story, key)
    if not picked:
        context.phrase("old_button")
        return _show(context, story, name)
    buttons = (
        Button(button_id("taken", key, story.id), context.words("take_back_ask.yes")),
        Button(button_id("stay", story.id), context.words("withdraw_ask.no")),
    )
    conversation.ask_alone(context, Say(_question(context, picked, key), buttons))
    return True


def _take_back(context: TurnContext, story: Story, key: str) -> None:
    """Taken back: at once, and for good."""
    picked = _picked(context, story, key)
    if not picked:
        context.phrase("old_button")
        return
    gone = [use for each in picked for use in each.uses]
    uses.take_back(context.connection, story.id, gone, context.now)
    asked = _question(context, picked, key)
    kinds = {each.kind for each in gone}
    for purpose in sorted({_RESTS_ON[kind] for kind in kinds & _RESTS_ON.keys()}):
        if purpose in story.purposes:
            own_consents.take_back(context, story, purpose, asked)
    context.phrase("taken_back")
    if kinds - {"session", "relay", "page"}:
        context.phrase("taken_back_out")


def _uses(context: TurnContext, story: Story) -> list[StoryUse]:
    return uses.of_story(context.connection, story.id)


def _picked(context: TurnContext, story: Story, key: str) -> list[UsedTogether]:
    """What a button is about, as far as it stands."""
    found = _together(_uses(context, story))
    return [each for each in found if key in (each.key, ALL) and not each.withdrawn]


def _together(found: Iterable[StoryUse]) -> list[UsedTogether]:
    """As a teller sees them, first to last."""
    by_key: dict[str, list[StoryUse]] = {}
    for each in found:
        by_key.setdefault(_key(each), []).append(each)
    return [UsedTogether(key, some) for key, some in by_key.items()]


def _key(use: StoryUse) -> str:
    """Short enough for a button; what stands in a button of Telegram is 64 bytes at most."""
    match use.kind:
        case "pack" | "session":
            return use.reference[:8]
        case "file":
            return use.purpose
    return use.kind


def _told(context: TurnContext, together: UsedTogether) -> str:
    """What it was and in which weeks, in words."""
    what = [_what(context, kind, purpose) for kind, purpose in _kinds(together)]
    weeks = [week for week, _ in groupby(sorted(each.week for each in together.uses))]
    told = [context.words("use.week", week=str(int(w[6:])), year=w[:4]) for w in weeks]
    when = listed(told) if len(told) <= _MOST_WEEKS else f"{told[0]} – {told[-1]}"
    back = [context.words("use.back")] if together.withdrawn else []
    return " ".join((*what, context.words("use.when", weeks=when), *back))


def _kinds(together: UsedTogether) -> list[tuple[str, str]]:
    return list(dict.fromkeys((each.kind, each.purpose) for each in together.uses))


def _what(context: TurnContext, kind: str, purpose: str) -> str:
    if kind in ("quotation", "relay", "page"):
        return context.words(f"use.{kind}")
    return context.words(f"use.{kind}.{purpose}")


def _question(context: TurnContext, picked: Sequence[UsedTogether], key: str) -> str:
    if key == ALL:
        return context.words("take_all_ask")
    what = " ".join(_what(context, *each) for one in picked for each in _kinds(one))
    return context.words("take_back_ask", what=what)


def _decisions(context: TurnContext, story: Story) -> list[str]:
    """What was decided, and on which day; never by whom."""
    found = record.of_story(context.connection, story.id)
    if not found:
        return []
    days = (f"{each.made_at.astimezone(AMSTERDAM):%d-%m-%Y}: {each.text}" for each in found)
    return ["\n".join((context.words("passport_decisions"), *days))]


def _readers(context: TurnContext, story: Story) -> str:
    given: list[str] = [each for each in _READ_FOR if each in story.purposes]
    if "team" in given and story.coordinator_only:
        given[given.index("team")] = "coordinator"
    if not given:
        return context.words("passport_nobody")
    allowed = listed(context.words(f"purpose.{each}") for each in given)
    return context.words("passport_readers", allowed=allowed)


def _looks(context: TurnContext, story: Story) -> str:
    count = audit.looks(context.connection, story.id)
    return (
        context.words("passport_looks", count=str(count))
        if count
        else context.words("passport_no_looks")
    )
