"""A question in Dutch in an Arabic chat says so to who listens: its words, answers and card."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.channels.base import Account, Arrival
from conversations.engine.card import card_text
from conversations.engine.effects import Button, Card, CardRow, Control, Mark, Say, Tick
from conversations.engine.events import Tapped
from tests.browser.conftest import PHONE, Devices
from tests.channels.web.stage import Shown, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ASKED, MARK, YES, NO, SKIP = (
    "Hoe ging het?",
    "(هذا الجزء بالهولندية.)",
    "Ja, goed.",
    "Nee.",
    "لا أعرف",
)
CARD = Card("اسم", "قصة", (CardRow("Wachten", YES),))
MARKED = """() => [...document.querySelectorAll(".message [lang]")]
  .map((one) => [one, one.closest(".answers, .card, .own .bubble, .bubble")])
  .map(([one, place]) => [one.textContent, one.lang, one.dir, place.classList[0]])"""


def script(arrival: Arrival) -> Sequence[Shown]:
    buttons = (Button("o:yes", YES), Button("o:no", NO), Button("skip", SKIP))
    match arrival.event:
        case Account("start"):
            said = Say(f"{ASKED}\n\n{MARK}", buttons, 1, Control("choices", max=2))
            return [said.but(dutch=(ASKED, YES, NO))]
        case Tapped(1, "o:yes"):
            return [Tick(1, (buttons[0].but(picked=True), *buttons[1:]))]
        case Tapped(1, "skip"):
            text, control = f"هل هذا صحيح؟\n\n{card_text(CARD)}", Control("card", card=CARD)
            return [Mark(1, YES), Say(text, (), 2, control, dutch=("Wachten", YES))]
    return []


async def test_what_is_in_dutch_is_marked_for_who_listens(devices: Devices, stage: Stage) -> None:
    stage.script, stage.language = script, "ar"
    stage.languages = (("nl", "Nederlands"), ("ar", "العربية"))
    async with devices.context(**PHONE) as chat:
        dutch = (
            [ASKED, "nl", "ltr", "bubble"],
            [YES, "nl", "ltr", "answers"],
            [NO, "nl", "ltr", "answers"],
        )
        await chat.button(YES).wait_for()
        assert await chat.page.evaluate(MARKED) == [*dutch]
        await chat.button(YES).click()
        await chat.page.locator('.answers [aria-pressed="true"]').wait_for()
        assert await chat.page.evaluate(MARKED) == [*dutch]
        await chat.button(SKIP).click()
        await chat.page.locator(".card").wait_for()
        assert await chat.page.evaluate(MARKED) == [
            dutch[0], [YES, "nl", "ltr", "bubble"],
            ["Wachten", "nl", "ltr", "card"], [YES, "nl", "ltr", "card"],
        ]  # fmt: skip
        assert await chat.violations() == []
