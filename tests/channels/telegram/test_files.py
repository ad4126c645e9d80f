"""Files of Telegram are fetched a few at a time: they fill no memory and hold up no message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.base import Arrival, ReceivedFile
from bot.channels.telegram import files
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.client import DOWNLOADS
from conversations.engine.effects import Say
from conversations.engine.events import Said, Sent
from tests.botapi import BotApi, User
from tests.channels.telegram.kit import Recorder, polling, to
from tests.waiting import until


class Hands(Recorder):
    """Counts the files that are in memory: asked for, and not stored yet."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[int] = []
        self.busy = self.most = 0

    async def __call__(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        count = sum(1 for arrival in arrivals if arrival.file)
        self.files.append(count)
        self.busy += count
        self.most = max(self.most, self.busy)
        await super().__call__(arrivals, offset=offset, epoch=epoch)
        self.busy -= count


async def test_many_files_are_fetched_a_few_at_a_time_and_all_of_them_arrive(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    hands, bob = Hands(), api.user("Bob")
    for number in range(2 * DOWNLOADS + 1):
        await alice.voice(b"OggS%d" % number)
    await alice.send("En dan nog dit")
    await bob.send("Ik wacht op niemand")
    api.fault("getFile", "delay", times=99, seconds=0.1)
    async with polling(telegram, hands):
        await hands.until(lambda: hands.offset == api.world.updates.next)
    mine = [each for each in hands.arrivals.values() if each.address == str(alice.id)]
    assert [each.external_id for each in mine] == [str(1000 + n) for n in range(len(mine))]
    sounds = [ReceivedFile(b"OggS%d" % number, seconds=3) for number in range(2 * DOWNLOADS + 1)]
    assert [each.file for each in mine] == [None, *sounds, None]
    assert hands.files == [0, DOWNLOADS, 0, DOWNLOADS, 0, 1]
    assert next(iter(hands.arrivals.values())).address == str(bob.id)


async def test_a_caption_stays_with_its_photo(api: BotApi, telegram: Telegram, alice: User) -> None:
    hands = Hands()
    for number in range(DOWNLOADS + 1):
        await alice.photo(f"Foto {number}")
    async with polling(telegram, hands):
        await hands.until(lambda: hands.offset == api.world.updates.next)
    assert hands.batches == [0, 1 + 2 * DOWNLOADS, 0, 2]
    photo = str(alice.written[-1].id)
    last = Sent("photo", ref=photo, group=photo), Said("Foto 4", ref=photo, group=photo)
    assert hands.events[-2:] == [*last]


async def test_a_tap_after_a_file_that_has_to_wait_is_taken_with_it(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    for _ in range(DOWNLOADS + 1):
        await alice.voice()
    await telegram.send(to(alice, Say("Vraag?")))
    tap = await alice.tap_data("3:o:yes")
    updates = api.world.updates.waiting
    assert await telegram.take(updates, recorder, offset=tap + 1) == tap - 1
    assert str(tap) not in recorder.arrivals
    await asyncio.sleep(0.1)
    assert not any(api.world.taps.values())
    assert await telegram.take(updates[-2:], recorder, offset=tap + 1) == tap + 1
    assert str(tap) in recorder.arrivals


async def test_a_file_in_a_group_is_not_fetched(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    await api.group().voice()
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == api.world.updates.next)
    assert recorder.batches == [1]
    assert not api.called("getFile")


async def test_messages_go_out_while_files_are_slow(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    for _ in range(40):
        await alice.voice()
    slow = api.fault("getFile", "held", times=99)
    async with polling(telegram, recorder):
        await until(lambda: slow.times == 99 - DOWNLOADS)
        async with asyncio.timeout(30):
            await asyncio.gather(*(telegram.send(to(alice, Say("Dag"))) for _ in range(16)))
        assert not any(arrival.file for arrival in recorder.arrivals.values())
        slow.released.set()


async def test_posts_that_come_together_share_the_room_for_files(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    hands = Hands()
    hands.slow = 0.1
    for _ in range(3 * DOWNLOADS):
        await alice.voice()
    posts = api.world.updates.waiting[1:]
    await asyncio.gather(*(telegram.take([post], hands) for post in posts))
    assert hands.most == DOWNLOADS
    assert hands.arrivals.keys() == {str(post["update_id"]) for post in posts}
    assert all(arrival.file for arrival in hands.arrivals.values())


async def test_a_post_for_which_there_is_no_room_for_long_is_to_be_posted_again(
    api: BotApi, telegram: Telegram, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.2)
    hands = Hands()
    hands.slow = 0.5
    for _ in range(DOWNLOADS + 1):
        await alice.voice()
    posts = api.world.updates.waiting[1:]
    ends = await asyncio.gather(
        *(telegram.take([post], hands) for post in posts), return_exceptions=True
    )
    assert [type(end) for end in ends] == [*[type(None)] * DOWNLOADS, TimeoutError]
    assert len(hands.arrivals) == DOWNLOADS
    await telegram.take(posts[-1:], hands)
    assert len(hands.arrivals) == DOWNLOADS + 1


async def test_a_file_with_a_size_that_is_no_number_is_asked_for_again(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    await alice.voice()
    odd = {"file_id": "x", "file_path": "files/x", "file_size": float("inf")}
    api._methods._by_name["getfile"] = lambda _: odd
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == api.world.updates.next)
    assert recorder.events[-1].problem == "lost"
