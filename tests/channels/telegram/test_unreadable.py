"""What cannot be read of Telegram is passed over: nobody else waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import Account
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.updates import after
from conversations.engine.events import Said, Sent
from tests.botapi import BotApi, User
from tests.channels.telegram.kit import Recorder, polling, ref

PRIVATE = {"id": 7, "type": "private", "geheim": "geheim"}
TEXT = {"message_id": 3, "chat": PRIVATE, "text": "geheim"}
QUERY = {"id": "geheim", "from": PRIVATE, "data": "1:geheim"}


async def test_one_bad_update_does_not_sink_the_others(
    api: BotApi,
    telegram: Telegram,
    recorder: Recorder,
    alice: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    api.world.updates.push_raw({"update_id": 1001, "message": {"text": "geheim"}})
    api.world.updates.push_raw({"update_id": 1002, "inline_query": {"query": "geheim"}})
    await alice.send("goed")
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == 1004)
    assert recorder.events == [Account("start"), Said("goed", ref=ref(alice))]
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    "bad",
    [
        {"message": {**TEXT, "chat": {"id": float("inf"), "type": "private"}}},
        {"message": {**TEXT, "chat": {"id": float("nan"), "type": "private"}}},
        {"message": {**TEXT, "chat": {"id": "geheim", "type": "private"}}},
        {"message": {**TEXT, "text": ["geheim"]}},
        {"message": "geheim"},
        {"edited_message": {**TEXT, "chat": {"id": 1e400, "type": "private"}}},
        {"callback_query": {**QUERY, "from": {"id": float("-inf")}}},
        {"callback_query": ["geheim"]},
        {"my_chat_member": {"chat": {"id": float("inf"), "type": "group"}, "geheim": 1}},
        {"channel_post": {"chat": {"id": float("inf"), "type": "channel"}, "text": "geheim"}},
    ],
)
async def test_an_update_that_is_unreadable_in_any_way_is_passed_over(
    api: BotApi,
    telegram: Telegram,
    recorder: Recorder,
    alice: User,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
    bad: dict[str, Any],
) -> None:
    api.world.updates.push_raw({"update_id": 1001, **bad})
    await alice.send("goed")
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == 1003)
    assert recorder.events == [Account("start"), Said("goed", ref=ref(alice))]
    assert caplog.text.count("an update could not be read") == 1
    assert "geheim" not in caplog.text
    assert pauses == []


@pytest.mark.parametrize(
    "bad", ["geheim", None, [], {}, {"update_id": float("inf")}, {"update_id": "geheim"}]
)
async def test_what_has_no_id_does_not_keep_the_others(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User, bad: Any
) -> None:
    queue = api.world.updates
    good = [*queue.waiting, {"update_id": 1001, "message": {**TEXT, "text": "goed"}}]
    updates = [good[0], bad, good[1], bad]
    assert after(updates) == 1002
    await telegram.take(updates, recorder, offset=after(updates))
    assert recorder.events == [Account("start"), Said("goed", ref="3")]
    assert recorder.offset == 1002


@pytest.mark.parametrize("odd", [{"file_size": 1e400}, {"duration": 1e400}])
async def test_a_file_of_a_size_that_is_no_number_keeps_nobody_waiting(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User, odd: dict[str, float]
) -> None:
    voice = {"message_id": 3, "chat": PRIVATE, "voice": {"file_id": "geheim", **odd}}
    api.world.updates.push_raw({"update_id": 1001, "message": voice})
    await alice.send("goed")
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == 1003)
    assert recorder.events[1:] == [Sent("voice", ref="3"), Said("goed", ref=ref(alice))]
