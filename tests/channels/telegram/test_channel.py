"""The Telegram channel receives: durable polling against a Bot API server on loopback."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.base import Account, Blocked, Echo, Group, Leave, Uncertain
from bot.channels.telegram import outgoing
from bot.channels.telegram.channel import Telegram
from conversations.engine.effects import Say
from conversations.engine.events import Command, Edited, Said, Sent, Tapped
from tests.botapi import BotApi, User
from tests.channels.telegram.kit import QUESTION, Recorder, polling, ref, to
from tests.waiting import until


async def test_everything_a_person_does_arrives_once_and_in_order(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
        question = await telegram.send(to(alice, QUESTION))
        await alice.tap("Ja")
        await alice.send("Mijn verhaal")
        ref = alice.written[-1].id
        await alice.edit(ref, "Mijn goede verhaal")
        await alice.photo("De tuin")
        await alice.voice()
        await alice.send("Hulp nu")
        await alice.block()
        await alice.unblock()
        await recorder.until(lambda: len(recorder.events) == 10)
    photo = str(alice.written[-3].id)
    assert recorder.events == [
        Account("start"),
        Tapped(3, "o:yes"),
        Said("Mijn verhaal", ref=str(ref)),
        Edited("Mijn goede verhaal", ref=str(ref)),
        Sent("photo", ref=photo, group=photo),
        Said("De tuin", ref=photo, group=photo),
        Sent("voice", ref=str(int(photo) + 1)),
        Command("help"),
        Blocked(),
        Blocked(back=True),
    ]
    assert question == str(alice.messages[0].id)
    assert {arrival.address for arrival in recorder.arrivals.values()} == {str(alice.id)}


async def test_a_poll_confirms_only_what_was_committed(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User, pauses: list[float]
) -> None:
    recorder.fails = 2
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
        await api.world.wait(lambda: True, 1)
    assert pauses == [1.0, 2.0]
    first = api.called("getUpdates")[:3]
    assert all("offset" not in call.params for call in first)


async def test_polling_goes_on_where_the_database_says(
    api: BotApi, recorder: Recorder, alice: User
) -> None:
    for text in ("een", "twee"):
        telegram = Telegram(api.token, api.url, recorder.load, poll=1)
        await alice.send(text)
        async with polling(telegram, recorder):
            await recorder.until(lambda: recorder.offset == api.world.updates.next)
        assert recorder.events[-1] == Said(text, ref=ref(alice))
        await telegram.close()
    assert recorder.offset == api.world.updates.next
    assert [len(recorder.events), sum(recorder.batches)] == [3, 3]


async def test_a_read_of_the_offset_that_fails_is_tried_again(
    telegram: Telegram,
    recorder: Recorder,
    alice: User,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    recorder.unread = 2
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
    assert pauses == [1.0, 2.0]
    assert "where polling goes on could not be read (OSError)" in caplog.text


async def test_an_update_that_comes_again_is_handed_over_again_for_the_inbox_to_judge(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
        api.world.updates.redeliver(1000)
        await recorder.until(lambda: sum(recorder.batches) == 2)
        await alice.send("verder")
        await recorder.until(lambda: len(recorder.events) == 2)


async def test_ids_that_begin_again_lower_are_taken(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
        api.world.updates.restart_ids(17)
        await alice.send("na een stille week")
        await recorder.until(lambda: len(recorder.events) == 2)
        await alice.send("en nog een")
        await recorder.until(lambda: len(recorder.events) == 3)
    assert recorder.offset == 19


async def test_an_update_without_meaning_is_confirmed_all_the_same(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    api.world.updates.push_raw({"update_id": 50, "inline_query": {"query": "x"}})
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.offset == 51)
    assert recorder.batches == [0]


async def test_a_group_is_noticed_once_and_left(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    team = api.group()
    await team.add_bot()
    await team.send("Dag bot")
    async with polling(telegram, recorder):
        await recorder.until(lambda: bool(recorder.events))
        await team.send("Ben je er?")
        await recorder.until(lambda: recorder.offset == 1003)
        assert recorder.events == [Group()]
        await telegram.send(to(team, Say("Ik praat alleen met mensen apart.")))
        await telegram.send(to(team, Leave()))
        assert team.chat.gone
        await telegram.send(to(team, Leave()))
        await team.add_bot()
        await recorder.until(lambda: len(recorder.events) == 2)


async def test_a_group_that_is_left_while_a_file_is_fetched_is_left_again(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    team = api.group()
    await team.add_bot()
    await alice.voice()
    api.fault("getFile", "delay", seconds=0.5)
    async with polling(telegram, recorder):
        await recorder.until(lambda: Group() in recorder.events)
        await telegram.send(to(team, Leave()))
        await recorder.until(lambda: len(recorder.events) == 3)
        await team.send("Dag bot")
        await recorder.until(lambda: recorder.events.count(Group()) == 2)


async def test_a_group_that_takes_the_bot_in_anew_always_hears_of_it(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    team = api.group()
    async with polling(telegram, recorder):
        await team.add_bot()
        await recorder.until(lambda: len(recorder.events) == 1)
        await team.add_bot()  # it was put out meanwhile, before it left by itself
        await recorder.until(lambda: len(recorder.events) == 2)
        team._member("member", "administrator")
        await team.send("Dag bot")
        await recorder.until(lambda: recorder.offset == api.world.updates.next)
    assert recorder.events == [Group(), Group()]


async def test_a_group_that_was_not_stored_is_noticed_again(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    recorder.fails = 1
    await api.group().send("Dag bot")
    async with polling(telegram, recorder):
        await recorder.until(lambda: recorder.events == [Group()])


async def test_a_tap_tells_what_was_tapped_and_how_it_is_answered(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    recorder.fails = 1
    async with polling(telegram, recorder):
        sent = await telegram.send(to(alice, QUESTION))
        await alice.tap("Nee")
        await recorder.until(lambda: Tapped(3, "o:no") in recorder.events)
        tap = list(recorder.arrivals.values())[-1]
        assert (tap.tapped, tap.label) == (sent, "Nee")
        assert api.world.taps == {tap.query: False}
        await telegram.send(to(alice, Echo("✓ Nee", tap.query, "tap")))
    (call,) = api.called("answerCallbackQuery")
    assert call.params["text"] == "✓ Nee"


async def test_a_tap_that_is_too_old_or_answered_by_nobody_is_let_go(
    api: BotApi, telegram: Telegram, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await telegram.send(to(alice, Echo("✓ Nee", "long ago", "tap")))
    monkeypatch.setattr(outgoing, "ANSWER", 0.01)
    api.fault("answerCallbackQuery", "late", seconds=0.3)
    with pytest.raises(Uncertain):
        await telegram.send(to(alice, Echo("✓ Nee", "5", "tap")))


async def test_a_tap_in_a_group_is_answered_without_words(
    api: BotApi, telegram: Telegram, recorder: Recorder
) -> None:
    api.world.taps["9"] = False
    message = {"message_id": 1, "chat": {"id": -5, "type": "group"}}
    query = {"id": "9", "from": {"id": 7}, "data": "3:o:no", "message": message}
    await telegram.take([{"update_id": 1, "callback_query": query}], recorder, offset=2)
    await api.world.wait(lambda: api.world.taps["9"], 5)


async def test_trouble_with_answering_a_tap_troubles_nobody(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    api.fault("answerCallbackQuery", "before", times=9)
    async with polling(telegram, recorder):
        await telegram.send(to(alice, QUESTION))
        await alice.tap("Nee")
        await recorder.until(lambda: len(recorder.events) == 2)
        await alice.send("verder")
        await recorder.until(lambda: len(recorder.events) == 3)


async def test_typing_shows_when_a_turn_takes_long(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    recorder.slow = 1.3
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
    assert alice.chat.actions == ["typing"]


@pytest.mark.parametrize("kind", ["before", "after"])
async def test_a_lost_connection_is_made_again(
    api: BotApi,
    telegram: Telegram,
    recorder: Recorder,
    alice: User,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    api.fault("getUpdates", kind, times=2)
    api.fault("getUpdates", "error", status=502)
    api.fault("getUpdates", "error", status=429, retry_after=7)
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
    assert pauses == [1.0, 2.0, 4.0, 7.0]
    assert "no updates from the Bot API" in caplog.text
    assert api.token not in caplog.text


async def test_a_wrong_token_is_said_without_the_token(
    api: BotApi, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    paused = asyncio.Event()

    async def pause(_: float) -> None:
        paused.set()
        await asyncio.sleep(0.01)

    telegram = Telegram("77:wrong-token", api.url, recorder.load, poll=1, pause=pause)
    async with polling(telegram, recorder):
        await asyncio.wait_for(paused.wait(), 30)
    await telegram.close()
    assert "check token in [telegram]" in caplog.text
    assert "wrong-token" not in caplog.text


async def test_two_pollers_are_said_to_be_two(
    api: BotApi,
    telegram: Telegram,
    recorder: Recorder,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = Telegram(api.token, api.url, recorder.load, poll=1)
    async with polling(telegram, recorder), polling(other, recorder):
        await until(lambda: "another process is polling" in caplog.text)
    await other.close()
    assert "with the same token" in caplog.text


async def test_a_forgotten_webhook_is_taken_away(
    api: BotApi, telegram: Telegram, recorder: Recorder, alice: User
) -> None:
    api.world.webhook = {"url": "http://127.0.0.1:9/", "max_connections": 0}
    async with polling(telegram, recorder):
        await recorder.until(lambda: len(recorder.events) == 1)
    assert api.world.webhook == {}
