"""A prompt after a visit that reaches a closed page in a real browser, by its service worker."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from bot.channels.push.sealed_push import SIZE
from tests.bells.test_reach_page import town
from tests.meetings.prompts.kit import TUESDAY, meeting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (;;) {
    const shown = await worker.getNotifications();
    if (shown.length) return shown.map(({ title, body, lang }) => ({ title, body, lang }));
    await new Promise((next) => setTimeout(next, 20));
  }
}"""
CACHED = """async () => (await (await caches.open("vertelbot-shell")).keys())
  .map(({ url }) => new URL(url).pathname)"""


async def registration(page: Page, context: BrowserContext) -> tuple[Any, str]:
    """The service workers as the browser tells of them, and the id of ours."""
    told = await context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(event: dict[str, Any]) -> None:
        for each in event["versions"]:
            if each["status"] == "activated" and not found.done():
                found.set_result(each["registrationId"])

    told.on("ServiceWorker.workerVersionUpdated", hear)
    await told.send("ServiceWorker.enable")
    return told, await asyncio.wait_for(found, 10)


async def test_a_closed_page_is_rung_and_says_only_that_a_question_waits(
    whole_chromium: Browser, tmp_path: Path
) -> None:
    async with town(tmp_path) as here:
        url = here.bot.house.url
        context = await whole_chromium.new_context(locale="nl-NL", permissions=["notifications"])
        made = await here.bot.plan(meeting())
        page = await context.new_page()
        await page.goto(f"{url}/m/{made.code}")
        await page.locator("form button").first.click()
        await page.get_by_text("Hoe kan ik je later bereiken?").wait_for()
        await page.goto(f"{url}/bereik")
        await page.get_by_role("button", name="Zet meldingen aan").wait_for()
        here.push.key = await page.locator("#push").get_attribute("data-key")
        device = here.push.device()
        await page.evaluate(
            """async (subscription) => {
              await navigator.serviceWorker.register("/sw.js");
              await navigator.serviceWorker.ready;
              await fetch("/push", { method: "POST", body: JSON.stringify(subscription) });
            }""",
            device.subscription(),
        )
        await page.close()
        await here.bot.until(TUESDAY + timedelta(hours=4))
        (body,) = device.bodies
        assert len(device.plain(body)) == SIZE
        other = await context.new_page()
        await other.goto(f"{url}/privacy")
        told, name = await registration(other, context)
        await told.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": url, "registrationId": name, "data": device.plain(body).decode()},
        )
        shown = await asyncio.wait_for(other.evaluate(SHOWN), 10)
        assert shown == [
            {
                "title": "Vertelbot",
                "body": "Er staat een vraag klaar.",
                "lang": "nl",
            }
        ]
        await context.set_offline(True)
        await other.goto(f"{url}/", wait_until="commit")
        await other.get_by_role("heading", name="Geen verbinding").wait_for()
        cached = await other.evaluate(CACHED)
        assert all(each == "/offline" or each.startswith("/static/") for each in cached), cached
        await context.close()
