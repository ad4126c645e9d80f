"""Two quick taps at one spot: how many answer a question that nobody saw.
`python -m benchmarks.double_taps [--guide ID …] [--delay MS …] [--engine-only]`.

First the engine alone: on many ways through every guide, every button of every question, tapped 50
to 650 ms after a consent appeared and 50 to 300 ms after any other question. Then a phone: a real
Chromium tells a whole story with two taps at the spot of every button, that far apart. What counts
there is the clock of the server: an answer that is taken sooner after its question was put than the
question must have been visible. Last a brisk teller, who taps as soon as half a second has passed.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, async_playwright, expect

from bot.channels.base import Arrival
from conversations.checks.walk.probes import FEW
from conversations.engine.effects import Mark
from conversations.engine.events import Placed, Tapped
from conversations.engine.questions import prompt
from conversations.engine.step import step
from conversations.guide.dwell_times import DWELL
from conversations.guide.loading import load_guides
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE
from tests.browser.whole_story import WholeStory
from tests.channels.web.stage import Shown, Stage, staged
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.conversations import test_dwell as ways_through

HEAD = f"{'guide':24}{'apart':>9}{'questions':>11}{'taps':>9}{'unseen answers':>16}{'lost':>7}"
BRISK = 500
"""Milliseconds after which a brisk teller taps; at a consent, as soon as it can be tapped."""

AFTERWARDS = 0.25
"""Seconds in which a second tap would have changed something."""


@dataclass
class Count:
    """What came of the taps of one telling."""

    questions: int = 0
    taps: int = 0
    unseen: int = 0
    lost: int = 0

    def line(self, name: str, apart: str) -> str:
        counts = f"{self.questions:11,}{self.taps:9,}{self.unseen:16,}{self.lost:7,}"
        return f"{name:24}{apart:>9}{counts}"


class Watched(WholeStory):
    """A story that is told by taps; notes each answer that came before its question could have been
    seen, by the clock of the server."""

    def __init__(self, guide_id: str) -> None:
        super().__init__(guide_id)
        self.talk.guide = self.talk.guide.with_dwell(DWELL)
        self.count = Count()
        self._put: dict[int, float] = {}
        self._tapped = asyncio.Event()

    async def until(self, taps: int) -> None:
        """Wait until so many taps arrived."""
        async with asyncio.timeout(8):
            while self.count.taps < taps:
                self._tapped.clear()
                await self._tapped.wait()

    def script(self, arrival: Arrival) -> Sequence[Shown]:
        now, before = time.monotonic(), self.talk.state
        heavy = before.open and ways_through.consents(self.talk.guide, before)
        shown = super().script(arrival)
        state = self.talk.state
        if isinstance(arrival.event, Tapped | Placed):
            self.count.taps += 1
            since = (now - self._put.get(before.turn, 0)) * 1000
            early = since < (DWELL.weighty if heavy else DWELL.other)
            self.count.unseen += early and state != before
            self._tapped.set()
        self._put.setdefault(state.turn, time.monotonic())
        return shown


def in_engine(guide_id: str) -> Iterator[Count]:
    """The count of the consents, and that of all other questions."""
    guide = load_guides().get(guide_id, "nl").with_places(FEW)
    found = {True: Count(), False: Count()}
    for state, _ in ways_through.ways(guide, ways_through.WAYS):
        heavy = ways_through.consents(guide, state)
        count = found[heavy]
        count.questions += 1
        for button in prompt(guide, state).buttons:
            for seen in ways_through.CONSENTS if heavy else ways_through.OTHERS:
                after, effects = step(guide, state, Tapped(state.turn, button.id, seen))
                answered = after != state or any(isinstance(each, Mark) for each in effects)
                count.taps += 1
                count.unseen += answered
    yield found[True]
    yield found[False]


async def tell(chat: Chat, story: Watched, apart: int | None) -> Count:
    """Tell a story, every button with two taps that far apart; None: one brisk tap."""
    await chat.page.locator(".answers").first.wait_for()
    while story.talk.state.open and story.talk.state.at:
        await _answer(chat, story, apart)
    return story.count


async def _answer(chat: Chat, story: Watched, apart: int | None) -> None:
    kind = story.talk.guide.steps[story.talk.state.at].kind
    answers = chat.page.locator(".answers")
    if kind == "tell" and not story.talk.state.draft:
        await chat.say("Er kwam een mevrouw langs. Zij luisterde een uur.")
        await answers.locator('[data-button="done"]').last.wait_for()
    if kind in ("scale", "triad"):
        await chat.slider.press("ArrowRight")
        button = answers.locator("button.primary").last
    else:
        if kind == "choices" and not story.talk.state.picked:
            tick = apart and min(apart, DWELL.other - 150)  # after that a second tap takes it off
            return await _tap(chat, story, answers.locator(".choice").first, tick)
        name = "picked" if kind == "choices" else story.next_button()
        button = answers.locator(f'[data-button="{name}"]').last
    return await _tap(chat, story, button, apart)


async def _tap(chat: Chat, story: Watched, button: Locator, apart: int | None) -> None:
    """Tap, and tap again at the same spot. A brisk tap comes once, and must count."""
    before, arrived = story.talk.state, story.count.taps
    await chat.settled()
    await button.scroll_into_view_if_needed()
    if apart is None:
        await asyncio.sleep(BRISK / 1000)
    heavy = ways_through.consents(story.talk.guide, before)
    if apart is not None or heavy:
        await expect(button).not_to_have_attribute("aria-disabled", "true")
    box = await button.bounding_box()
    assert box
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    began = time.monotonic()
    await chat.page.touchscreen.tap(*spot)
    if apart is not None:
        await asyncio.sleep(max(0.0, began + apart / 1000 - time.monotonic()))
        await chat.page.touchscreen.tap(*spot)
    if apart is not None:
        await story.until(arrived + 1)
    await asyncio.sleep(AFTERWARDS)
    story.count.questions += 1
    if story.talk.state == before:
        story.count.lost += 1


@asynccontextmanager
async def phone(browser: Browser, guide_id: str) -> AsyncIterator[tuple[Chat, Watched]]:
    """A phone with the first words of a guide on it."""
    story = Watched(guide_id)
    async with staged(story.script) as stage:
        stage.dwell = DWELL
        context = await browser.new_context(**{"locale": "nl-NL", **PHONE})
        try:
            yield await _opened(Chat(await context.new_page(), stage), stage), story
        finally:
            await context.close()


async def _opened(chat: Chat, stage: Stage) -> Chat:
    await chat.page.goto(stage.url)
    return chat


async def on_a_phone(guides: Iterable[str], delays: Iterable[int]) -> None:
    delays = tuple(delays)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for guide_id in guides:
            for apart in (*delays, None):
                async with phone(browser, guide_id) as (chat, story):
                    count = await tell(chat, story, apart)
                print(count.line(guide_id, f"{apart} ms" if apart else "brisk"), flush=True)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.double_taps", description=__doc__)
    parser.add_argument("--guide", nargs="+", default=load_guides().ids)
    parser.add_argument("--delay", nargs="+", type=int, default=ways_through.CONSENTS)
    parser.add_argument("--engine-only", action="store_true")
    asked = parser.parse_args()
    print(f"In the engine\n{HEAD}")
    for guide_id in asked.guide:
        weighty, other = in_engine(guide_id)
        print(weighty.line(f"{guide_id}, consents", "50..650"))
        print(other.line(guide_id, "50..300"))
    if not asked.engine_only:
        print(f"On a phone\n{HEAD}")
        asyncio.run(on_a_phone(asked.guide, asked.delay))


if __name__ == "__main__":
    main()
