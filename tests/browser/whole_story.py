"""A story of a guide as it is, told to its end in the page: whatever is asked is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from playwright.async_api import expect

from bot.channels.base import Account, Arrival
from conversations.engine.effects import Mark, Say, Tick
from conversations.engine.events import Command, Placed, Said, Tapped
from conversations.engine.questions import prompt
from conversations.guide.dwell_times import DwellTimes
from conversations.guide.loading import load_guides
from tests.browser.chat import Chat
from tests.channels.web.stage import Shown
from tests.conversations.conftest import PLACES
from tests.conversations.talk import Talk

LONG = "Er kwam een mevrouw langs. Zij luisterde een uur, en daarna belde zij nog twee keer. " * 15
"""A story of normal length, in one message."""
CODE = "appel ladder wolk fiets lantaarn"
AT_ONCE = DwellTimes(0, 0)


class WholeStory:
    """A conversation with a guide, without its extra round."""

    def __init__(self, guide_id: str) -> None:
        guide = load_guides().get(guide_id, "nl").with_places(PLACES).with_dwell(AT_ONCE)
        self.talk = Talk(guide, team_id="noord", municipality_id="zwolle")

    def script(self, arrival: Arrival) -> Sequence[Shown]:
        if arrival.event == Account("start"):
            effects = self.talk.effects
        elif isinstance(arrival.event, Command | Placed | Said | Tapped):
            effects = self.talk.do(arrival.event).effects
        else:
            return []
        return [_told(each) for each in effects if isinstance(each, Say | Mark | Tick)]

    async def told(self, chat: Chat) -> AsyncIterator[str]:
        """Answer one thing after the other; says what was done, once the bot has answered."""
        while (asked := self.talk.state.at) and self.talk.state.open:
            before = len(self.talk.state.answers), self.talk.state.turn
            async for done in self._answered(chat, asked):
                yield done
            if before == (len(self.talk.state.answers), self.talk.state.turn):
                raise AssertionError(f"{asked} was not answered")

    async def _answered(self, chat: Chat, asked: str) -> AsyncIterator[str]:
        step = self.talk.guide.steps[asked]
        match step.kind:
            case "tell":
                await chat.say(LONG)
                await expect(chat.button("Klaar")).to_be_visible()
                yield f"{asked}: sent"
                await self._tap(chat, "done")
            case "scale" | "triad":
                await chat.slider.press("ArrowRight")
                yield f"{asked}: placed"
                await chat.tap("Zo past het")
                await self._moved(chat)
            case "choices":
                await self._tap(chat, f"o:{step.options[0].id}", stays=True)
                await expect(chat.page.locator('.answers [aria-pressed="true"]')).to_have_count(1)
                yield f"{asked}: ticked"
                await self._tap(chat, "picked")
            case _:
                await self._tap(chat, self.next_button())
        yield f"{asked}: answered"

    def next_button(self) -> str:
        """The button that answers what is asked."""
        ids = [each.id for each in prompt(self.talk.guide, self.talk.state).buttons]
        wanted = ["o:ok", "confirm", "skip", "o:yes"]
        if self.talk.state.at == "extra":
            wanted.insert(0, "o:no")
        return next((one for one in wanted if one in ids), ids[0])

    async def _tap(self, chat: Chat, button: str, *, stays: bool = False) -> None:
        await chat.page.locator(f'.answers [data-button="{button}"]').last.click()
        if not stays:
            await self._moved(chat)

    async def _moved(self, chat: Chat) -> None:
        """The page shows the newest that was said."""
        await expect(chat.page.locator(".answers[data-busy]")).to_have_count(0)
        said = self.talk.said[-1].text.split("\n")[0].split("{")[0][:40]
        await chat.hears(said)


def _told(effect: Shown) -> Shown:
    if isinstance(effect, Say) and "code" in effect.slots:
        return effect.but(text=effect.text.replace("{code}", CODE))
    return effect
