"""A letter that a real mail server received, and its link followed in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from bot.meetings import invitations
from tests.meetings.prompts.kit import TUESDAY, Meetings, meeting
from tests.meetings.prompts.mailbox import Mailbox, links


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_the_link_in_a_letter_leads_to_the_right_guide(
    browsed: tuple[Meetings, Mailbox], browser: Browser
) -> None:
    bot, box = browsed
    app = bot.house.app
    made = await bot.plan(meeting())
    await app.database.write(
        lambda c: invitations.invite(
            c, app.services, made, ["alice@example.nl"], bot.clock.now(), side="guest"
        )
    )
    await bot.until(TUESDAY + timedelta(hours=4))
    letter = box.letters[1]
    html = letter.get_body(("html",))
    assert html is not None
    page = await browser.new_page(viewport={"width": 390, "height": 844}, locale="nl-NL")
    await page.goto(links(letter)[0])
    await page.get_by_role("button", name="Nu", exact=True).click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Je was te gast bij Wijkteam Oost, als kritische vriend.")
    await page.get_by_role("button", name="Ja, ik doe mee", exact=True).click()
    await expect(log).to_contain_text("Welk moment blijft je bij?")
    await page.set_content(html.get_content())
    now = page.get_by_role("link", name="Nu", exact=True)
    assert await now.get_attribute("href") == links(letter)[0]
