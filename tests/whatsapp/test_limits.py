"""Whatever a guide asks, in every language, is taken by the strict server: nothing is cut."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.assembly import shape_words
from bot.channels.whatsapp.graph_errors import PAIR
from bot.channels.whatsapp.message_shapes import shapes
from conversations.checks.lint_words import SLOTS
from conversations.engine.effects import Button, Control, Say
from conversations.engine.questions import prompt
from conversations.engine.state import Part, State
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from tests.end_to_end.scripts import BRIEF, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import whatsapp_running
from tests.whatsapp.rules import check

GUIDES = load_guides()
FACTS = dict.fromkeys(SLOTS, "De Vereniging")


def take(say: Say, language: str) -> list[dict[str, Any]]:
    """The messages for what is said, each as the server takes it."""
    messages = shapes(say, shape_words(GUIDES, language))
    for each in messages:
        check({"messaging_product": "whatsapp", "to": "31600000000", **each}, {})
    return messages


def questions(guide: Guide) -> list[Say]:
    """Every question of a guide as it is asked of somebody who told a little."""
    part = Part("text", "Ik belde op maandag. Op woensdag zat er iemand aan tafel.")
    found = []
    for step in guide.steps.values():
        if step.kind != "say":
            state = State(guide.id, guide.fingerprint, guide.language, step.id)
            state = state.but(turn=2**31 - 1, draft=(part,), facts=FACTS)
            found.append(prompt(guide, state))
    return found


@pytest.mark.parametrize("guide_id", GUIDES.ids)
def test_every_question_of_every_guide_in_every_language_is_taken_whole(guide_id: str) -> None:
    asked = 0
    for language in GUIDES.languages(guide_id):
        for say in questions(GUIDES.get(guide_id, language)):
            shown: dict[str, str] = {}
            for page in range(1 + len(say.buttons) // 4):
                *_, last = take(say.but(page=page), language)
                if last["type"] == "interactive":
                    action = last["interactive"]["action"]
                    rows = [row for each in action.get("sections", ()) for row in each["rows"]]
                    rows += [each["reply"] for each in action.get("buttons", ())]
                    shown |= {
                        row["id"].partition(":")[2]: row.get("description", row["title"])
                        for row in rows
                    }
            for button in say.buttons:
                assert shown[button.id].removeprefix("✓ ") == button.label
            asked += 1
    assert asked >= 20


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 9, 10, 11, 25])
@pytest.mark.parametrize("size", [1, 20, 21, 24, 25, 72, 90])
@pytest.mark.parametrize("words", [1, 1024, 1025, 9000])
def test_any_message_is_taken(count: int, size: int, words: int) -> None:
    labels = [f"{number} {'x' * size}"[:size].strip() or str(number) for number in range(count)]
    buttons = tuple(Button(f"o:{number}", label) for number, label in enumerate(labels))
    text = ("Een zin. " * 1200)[:words].strip() + "."
    said = take(Say(text, buttons, turn=7), "nl")
    bodies = [each["text"]["body"] for each in said if each["type"] == "text"]
    bodies += [e["interactive"]["body"]["text"] for e in said if e["type"] == "interactive"]
    assert " ".join(bodies).count("zin") == text.count("zin")
    several = Say(text, buttons, turn=7, control=Control("choices"))
    take(several, "nl")


async def test_a_story_keeps_the_pace_of_whatsapp_and_what_is_refused_for_it_waits(
    tmp_path: Path,
) -> None:
    """One message for each turn: the pair limit and the throughput of the server are on, and
    nothing is refused for a whole story; what is refused for the pace waits and comes once."""
    async with CloudApi(limits=True) as api, whatsapp_running(tmp_path, api) as house:
        alice = house.teller()
        await tell(alice, BRIEF)
        assert (api.refused, len(await house.rows("story"))) == ({}, 1)
        taken = len(api.calls)
        api.borrow(alice.phone)
        await alice.phone.send("hulp")
        async with asyncio.timeout(10):
            while not api.refused[PAIR]:
                await api.settled()
        assert len(api.calls) == taken
        api.rested(alice.phone)
        async with asyncio.timeout(10):
            while len(api.calls) == taken:
                house.clock.move(minutes=10)
                house.app.outbox.wake()
                await api.settled()
        await house.settle()
        assert len(api.calls) == taken + 1
