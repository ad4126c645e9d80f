""" "Stop en wis alles": nothing of the story is left on the device, and no way back into it."""

import pytest
from playwright.async_api import expect

from bot.channels.base import Account
from tests.browser.chat import Chat, box_of
from tests.browser.conftest import Devices
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_stopping_erases_and_leaves_with_no_way_back(stage: Stage, phone: Chat) -> None:
    await phone.until("vertel")
    await phone.say("Niemand mag dit zien.")
    await phone.hears("Ik heb het")
    await phone.box.fill("half getypt")
    await phone.button("Stop en wis alles").tap()
    await expect(phone.page).to_have_url(f"{stage.url}/gone")
    await expect(phone.page.get_by_role("heading")).to_have_text("Het is weg")
    assert stage.events[-1] == Account("wipe", "now")
    assert [cookie["name"] for cookie in await phone.page.context.cookies()] == [
        "vertelbot-leaving"
    ]
    assert await phone.page.evaluate("sessionStorage.length + localStorage.length") == 0
    await phone.page.go_back()
    assert "Niemand mag dit zien" not in await phone.page.content()
    assert "half getypt" not in await phone.page.content()


async def test_help_and_wiping_stand_apart(phone: Chat) -> None:
    await phone.hears("Meedoen")
    helping = await box_of(phone.button("Hulp nu"))
    wiping = await box_of(phone.button("Stop en wis alles"))
    assert helping
    assert wiping
    assert wiping["x"] - (helping["x"] + helping["width"]) >= 16


async def test_who_changes_their_mind_comes_back_into_the_story(stage: Stage, phone: Chat) -> None:
    await phone.hears("Meedoen")
    address = stage.address
    await phone.button("Stop en wis alles").tap()
    await phone.page.get_by_role("button", name="Toch niet").tap()
    await phone.hears("Meedoen")
    assert stage.events[-1] == Account("unwipe")
    assert {arrival.address for arrival in stage.arrivals} == {address}


async def test_the_box_counts_down_and_refuses_what_is_too_long(phone: Chat) -> None:
    await phone.until("vertel")
    await phone.box.fill("x" * 5200)
    await expect(phone.page.get_by_text("Nog 800 tekens")).to_be_visible()
    await phone.box.fill("x" * 8000)
    await phone.box.press("Enter")
    await expect(phone.page.get_by_role("alert")).to_contain_text("2000 tekens te veel")
    assert len(await phone.box.input_value()) == 8000


async def test_who_begins_again_is_somebody_new(stage: Stage, phone: Chat) -> None:
    await phone.hears("Meedoen")
    await phone.button("Stop en wis alles").tap()
    await phone.page.get_by_role("link", name="Opnieuw beginnen").tap()
    await expect(phone.page.locator(".bot").first).to_contain_text("Dag.")
    assert len({arrival.address for arrival in stage.arrivals}) == 2


@pytest.mark.parametrize(
    ("choice", "text"), [("Ja, alles weg", "now"), ("Alleen dit gesprek", "chat")]
)
async def test_with_a_kept_story_it_asks_first(
    stage: Stage, desktop: Chat, choice: str, text: str
) -> None:
    await desktop.until("bewaard")
    await desktop.tap("Stop en wis alles")
    dialog = desktop.page.get_by_role("dialog", name="Op dit scherm is een verhaal bewaard.")
    await expect(dialog).to_be_visible()
    await desktop.tap("Nee, toch niet")
    await expect(dialog).to_be_hidden()
    await desktop.page.reload()
    await desktop.hears("Bewaard")
    await desktop.tap("Stop en wis alles")
    await desktop.tap(choice)
    await expect(desktop.page).to_have_url(f"{stage.url}/gone")
    assert stage.events[-1] == Account("wipe", text)


async def test_what_could_not_be_erased_is_said_and_tried_again(
    stage: Stage, desktop: Chat
) -> None:
    await desktop.hears("Meedoen")
    stage.failing = True
    await desktop.tap("Stop en wis alles")
    dialog = desktop.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Wissen lukt nu niet.")
    await expect(desktop.log).to_be_hidden()
    await desktop.tap("Nee, toch niet")
    await expect(desktop.log).to_be_visible()
    await desktop.tap("Stop en wis alles")
    await expect(dialog).to_be_visible()
    stage.failing = False
    await desktop.tap("Nog eens proberen")
    await expect(desktop.page).to_have_url(f"{stage.url}/gone")


async def test_the_other_tabs_leave_too(stage: Stage, desktop: Chat, devices: Devices) -> None:
    await desktop.until("vertel")
    other = Chat(await desktop.page.context.new_page(), stage)
    await devices.page(other)
    await other.hears("Vertel")
    await other.tap("Stop en wis alles")
    await expect(desktop.page).to_have_url(f"{stage.url}/gone")


async def test_an_erasure_in_the_conversation_clears_the_page(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    stage.rows.clear()
    await stage.web.forget(stage.address)
    await expect(desktop.page.locator(".message")).to_have_count(0)


async def test_a_browser_without_cookies_is_told_what_to_do(stage: Stage, devices: Devices) -> None:
    async with devices.context() as chat:
        await chat.page.context.clear_cookies()
        await chat.page.route(
            "**/*",
            lambda route: route.continue_(headers={**route.request.headers, "cookie": ""}),
        )
        stage.cut()
        await chat.page.context.clear_cookies()
        await expect(chat.page.get_by_role("status")).to_contain_text("cookie")
