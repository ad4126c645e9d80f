"""The slider and the triangle: unanswered at first, by hand and by keys, cleared again."""

import re

import pytest
from playwright.async_api import expect

from conversations.engine.events import Placed, Tapped
from tests.browser.chat import Chat, box_of
from tests.browser.interview import CORNERS, POLES
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOW, HIGH = POLES


async def test_a_scale_starts_unanswered_and_claims_no_place(desktop: Chat) -> None:
    await desktop.until("schaal")
    await expect(desktop.slider).to_have_accessible_name("Schaal: waar ging het over?")
    await expect(desktop.slider).to_have_accessible_description(f"{LOW} {HIGH}")
    await expect(desktop.slider).to_have_attribute("aria-valuetext", "Nog niet gekozen")
    await expect(desktop.page.locator(".thumb")).to_be_hidden()
    await expect(desktop.button("Zo past het")).to_be_disabled()
    await expect(desktop.button("Toch leeg laten")).to_be_hidden()


async def test_keys_move_the_slider(desktop: Chat) -> None:
    await desktop.until("schaal")
    for keys, value in (
        (["ArrowRight"], "55"),
        (["ArrowLeft", "ArrowLeft"], "45"),
        (["ArrowUp"], "50"),
        (["ArrowDown"], "45"),
        (["PageUp"], "65"),
        (["PageDown"], "45"),
        (["Home"], "0"),
        (["End", "ArrowRight"], "100"),
    ):
        for key in keys:
            await desktop.slider.press(key)
        await expect(desktop.slider).to_have_attribute("aria-valuenow", value)


async def test_a_place_on_the_scale_is_told_in_words_never_in_numbers(desktop: Chat) -> None:
    await desktop.until("schaal")
    said = []
    for key in ("Home", "PageUp", "PageUp", "ArrowUp", "ArrowUp", "PageUp", "End"):
        await desktop.slider.press(key)
        said.append(await desktop.slider.get_attribute("aria-valuetext"))
    assert said == [
        f"Helemaal bij ‘{LOW}’",
        f"Dichter bij ‘{LOW}’",
        f"Iets dichter bij ‘{LOW}’",
        f"Iets dichter bij ‘{LOW}’",
        "In het midden",
        f"Dichter bij ‘{HIGH}’",
        f"Helemaal bij ‘{HIGH}’",
    ]
    assert not re.search(r"\d", await desktop.page.locator(".scale").inner_text())


async def test_a_scale_is_cleared_by_button_and_by_key(desktop: Chat) -> None:
    await desktop.until("schaal")
    await desktop.slider.press("End")
    await desktop.tap("Toch leeg laten")
    await expect(desktop.slider).to_have_attribute("aria-valuetext", "Nog niet gekozen")
    await expect(desktop.slider).to_be_focused()
    await desktop.slider.press("End")
    await desktop.slider.press("Delete")
    await expect(desktop.button("Zo past het")).to_be_disabled()


async def test_a_scale_may_be_skipped(stage: Stage, desktop: Chat) -> None:
    await desktop.until("schaal")
    await desktop.tap("Weet ik niet")
    await desktop.hears("Driehoek")
    assert stage.events[-1] == Tapped(4, "skip")


async def test_the_slider_is_dragged(stage: Stage, desktop: Chat) -> None:
    await desktop.until("schaal")
    box = await box_of(desktop.slider)
    assert box
    mouse, middle = desktop.page.mouse, box["y"] + box["height"] / 2
    await mouse.move(box["x"] + box["width"] / 2, middle)
    await mouse.down()
    await mouse.move(box["x"] + box["width"] / 3, middle, steps=4)
    await mouse.move(box["x"] - 50, middle, steps=4)
    await mouse.up()
    await mouse.move(box["x"] + 90, middle)
    await expect(desktop.slider).to_have_attribute("aria-valuenow", "0")
    await desktop.tap("Zo past het")
    await desktop.hears("Driehoek")
    assert stage.events[-1] == Placed(4, (0,))


async def test_a_triangle_starts_unanswered_and_claims_no_place(desktop: Chat) -> None:
    await desktop.until("driehoek")
    await expect(desktop.slider).to_have_accessible_name("Driehoek: waar draaide het om?")
    description = " ".join([*CORNERS, "Sleep de stip, of gebruik de pijltjes."])
    await expect(desktop.slider).to_have_accessible_description(description)
    await expect(desktop.slider).to_have_attribute("aria-valuetext", "Nog niet gekozen")
    await expect(desktop.page.locator(".triangle .dot")).to_be_hidden()
    await expect(desktop.button("Zo past het")).to_be_disabled()


async def test_keys_move_the_dot_in_the_triangle(stage: Stage, desktop: Chat) -> None:
    await desktop.until("driehoek")
    said = []
    for key in ("Home", "PageDown", "End", " ", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp"):
        await desktop.slider.press(key)
        said.append(await desktop.slider.get_attribute("aria-valuetext"))
    top, left, right = CORNERS
    assert said[:4] == [
        f"Helemaal bij ‘{top}’",
        f"Helemaal bij ‘{left}’",
        f"Helemaal bij ‘{right}’",
        "In het midden",
    ]
    assert said[-1] is not None
    assert said[-1].startswith(f"Vooral ‘{top}’")
    await desktop.slider.press("ArrowLeft")
    await desktop.slider.press("Enter")
    await desktop.hears("Kaart")
    (first, second, third) = stage.events[-1].shares
    assert first + second + third == 100
    assert first > second > third


async def test_the_dot_is_dragged_and_stays_inside(stage: Stage, desktop: Chat) -> None:
    await desktop.until("driehoek")
    box = await box_of(desktop.slider)
    assert box
    mouse = desktop.page.mouse
    await mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await mouse.down()
    await mouse.move(box["x"] + box["width"] + 300, box["y"] + box["height"] + 80, steps=6)
    await mouse.up()
    await desktop.tap("Zo past het")
    await desktop.hears("Kaart")
    assert stage.events[-1] == Placed(5, (0, 0, 100))


async def test_a_triangle_is_cleared(desktop: Chat) -> None:
    await desktop.until("driehoek")
    await desktop.slider.click()
    await expect(desktop.page.locator(".triangle .dot")).to_be_visible()
    await desktop.tap("Toch leeg laten")
    await expect(desktop.page.locator(".triangle .dot")).to_be_hidden()
    await expect(desktop.slider).to_be_focused()
    await expect(desktop.slider).to_have_attribute("aria-valuetext", "Nog niet gekozen")


async def test_every_point_of_the_triangle_has_shares_that_lead_back_to_it(desktop: Chat) -> None:
    worst = await desktop.page.evaluate(
        """async () => {
          const { sharesAt, spot } = await import("/static/triad.js");
          let worst = 0;
          for (let a = 0; a <= 100; a += 1) for (let b = 0; a + b <= 100; b += 1) {
            const [x, y] = spot([a, b, 100 - a - b]);
            const [p, q, r] = sharesAt(x, y);
            if (p + q + r !== 100 || Math.min(p, q, r) < 0) return 999;
            worst = Math.max(worst, Math.abs(p - a), Math.abs(q - b));
          }
          for (const [x, y] of [[-50, 10], [50, -90], [150, 300], [40, 99], [-9, 86]]) {
            const shares = sharesAt(x, y);
            const sum = shares[0] + shares[1] + shares[2];
            if (sum !== 100 || Math.min(...shares) < 0) return 998;
          }
          return worst;
        }"""
    )
    assert worst <= 1
