"""Copies of a list of ticks stay on the phone. A tap means what its copy showed; nothing is agreed
to on a copy that does not show it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tick_signs import is_same, parted_id, signed_id, stood_picked
from conversations.engine.effects import Button
from storage.engine.transaction import Reads
from storage.stories import stories
from storage.stories.rows import Story
from tests.end_to_end.scripts import RESIDENT, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse, WhatsAppTeller, whatsapp_running
from tests.whatsapp.phones import Shown

TICK = "✓ "
CONFIRM = "Zo is het goed"
ROUNDS = 14
LABELS = {
    "contact": "Ik hoor ervan",
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WhatsAppHouse]:
    async with CloudApi() as api, whatsapp_running(tmp_path, api) as house:
        yield house


async def kept(house: WhatsAppHouse) -> Story:
    (row,) = await house.rows("story")

    def read(reads: Reads) -> Story | None:
        return stories.read(reads, row.id)

    found = await house.app.database.read(read)
    assert found is not None
    return found


async def press(alice: WhatsAppTeller, copy: Shown, label: str) -> None:
    """Press a button on this very copy."""
    its_id, title = next(
        (its_id, title) for its_id, title in copy.buttons if title.removeprefix(TICK) == label
    )
    await alice.phone.tap_id(its_id, title, copy)
    await alice.house.settle()


def switches(alice: WhatsAppTeller) -> list[Shown]:
    """All copies of the question about what else may be done, in the order they were sent."""
    found = [each for each in alice.phone.shown if CONFIRM in each.labels]
    return sorted(found, key=lambda each: each.number)


def ticked(copy: Shown) -> set[str]:
    return {title.removeprefix(TICK) for title in copy.labels if title.startswith(TICK)}


async def test_what_an_older_copy_does_not_show_is_not_agreed_to_on_it(
    house: WhatsAppHouse,
) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT)
    await alice.tap("Ja, dat mag")
    (first,) = switches(alice)
    await press(alice, first, "Ik hoor ervan")
    second = switches(alice)[-1]
    assert ticked(first) == set()
    assert ticked(second) == {"Ik hoor ervan"}
    await press(alice, first, CONFIRM)  # which shows a no
    assert "eerdere vraag" in alice.read
    assert ticked(switches(alice)[-1]) == {"Ik hoor ervan"}
    assert (await kept(house)).purposes == ("keep",)
    await press(alice, first, "Ik hoor ervan")  # wanted on, and it is
    assert ticked(switches(alice)[-1]) == {"Ik hoor ervan"}
    await press(alice, second, "Ik hoor ervan")  # off
    assert ticked(switches(alice)[-1]) == set()
    await press(alice, second, "Ik hoor ervan")  # wanted off, and it is
    assert ticked(switches(alice)[-1]) == set()
    await press(alice, second, CONFIRM)  # which shows a yes
    assert (await kept(house)).purposes == ("keep",)
    await press(alice, first, CONFIRM)  # it shows what holds by now
    assert "Nog iets vertellen" in alice.read
    assert (await kept(house)).purposes == ("keep",)


async def test_whatever_copies_are_tapped_what_is_agreed_to_stood_on_the_copy_that_was_confirmed(
    house: WhatsAppHouse,
) -> None:
    """After keeping, on the switches of a kept story; with any copy, old or new."""
    chance = random.Random(19)
    alice = house.teller()
    await tell(alice, RESIDENT)
    await alice.tap("Ja, dat mag")
    await alice.tap(CONFIRM)
    confirmed = 0
    for _ in range(ROUNDS):
        if CONFIRM not in alice.phone.last.labels:
            await alice.say("/mijnverhalen")
            await alice.tap("De stoel bij het raam")
            await alice.tap("Wie mag het lezen")
        *older, newest = switches(alice)[1:][-4:]
        copy = chance.choice([newest, newest, newest, *older])
        label = chance.choice([CONFIRM, "Ik hoor ervan"])
        before = set((await kept(house)).purposes) - {"keep"}
        await press(alice, copy, label)
        after = set((await kept(house)).purposes) - {"keep"}
        assert label == CONFIRM or after == before
        if after != before:
            confirmed += 1
            assert {LABELS[each] for each in after} == ticked(copy)
    assert confirmed


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_a_button_carries_how_its_copy_stood(picks: list[bool], data: st.DataObject) -> None:
    buttons = [Button(f"o:{place}", "x", picked) for place, picked in enumerate(picks)]
    button = data.draw(st.sampled_from(buttons))
    its_id, stood = parted_id(signed_id(button, buttons))
    assert its_id == button.id
    assert stood_picked(stood) == button.picked
    assert is_same(stood, buttons)
    other = [each.but(picked=not each.picked) if each is button else each for each in buttons]
    assert not is_same(stood, other)
