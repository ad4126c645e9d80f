"""The Bot API server behaves as the real one where the bot depends on it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import aiohttp.web
import pytest

from tests.botapi import BotApi, Limits


class Client:
    """A bot reduced to its HTTP calls."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._root = f"{url}/bot{token}"

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self._session.post(f"{self._root}/{method}", json=params) as answer:
            body: dict[str, Any] = await answer.json()
            assert body["ok"] == (answer.status == 200)
            return body

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        body = await self("getUpdates", **params)
        result: list[dict[str, Any]] = body["result"]
        return result


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(session, api.url, api.token)


async def test_it_says_who_the_bot_is(bot: Client) -> None:
    assert (await bot("getMe"))["result"]["username"]


async def test_a_wrong_token_is_unauthorised_and_a_wrong_method_not_found(
    api: BotApi, bot: Client
) -> None:
    async with aiohttp.ClientSession() as session:
        body = await Client(session, api.url, "1:x")("getMe")
    assert (body["error_code"], body["description"]) == (401, "Unauthorized")
    assert (await bot("fly"))["error_code"] == 404


async def test_an_update_is_given_until_a_later_offset_confirms_it(
    api: BotApi, bot: Client
) -> None:
    alice = api.user()
    first = await alice.send("een")
    second = await alice.send("twee")
    assert [u["update_id"] for u in await bot.updates()] == [first, second]
    assert [u["update_id"] for u in await bot.updates(limit=1)] == [first]
    assert [u["update_id"] for u in await bot.updates(offset=second)] == [second]
    assert [u["update_id"] for u in await bot.updates()] == [second]
    assert await bot.updates(offset=second + 1) == []
    assert api.world.updates.confirmed == 2


async def test_an_update_can_come_again_after_it_was_confirmed(api: BotApi, bot: Client) -> None:
    first = await api.user().send("een")
    await bot.updates(offset=first + 1)
    api.world.updates.redeliver(first)
    assert [u["update_id"] for u in await bot.updates(offset=first + 1)] == [first]
    assert await bot.updates(offset=first + 1) == []


async def test_ids_that_began_again_are_given_in_spite_of_a_high_offset(
    api: BotApi, bot: Client
) -> None:
    await bot.updates(offset=await api.user().send("een") + 1)
    api.world.updates.restart_ids(17)
    await api.user(user_id=1001).send("twee")
    assert [u["update_id"] for u in await bot.updates(offset=1001)] == [17]


async def test_a_poll_waits_for_an_update(api: BotApi, bot: Client) -> None:
    poll = asyncio.create_task(bot.updates(timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await api.user().send("dag")
    assert (await poll)[0]["message"]["text"] == "dag"
    assert await bot.updates(offset=5000, timeout=0) != []


async def test_a_second_poll_ends_the_first_with_a_conflict(api: BotApi, bot: Client) -> None:
    first = asyncio.create_task(bot("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    assert await bot.updates(timeout=0) == []
    assert (await first)["error_code"] == 409


async def test_a_poll_beside_a_webhook_is_a_conflict(bot: Client) -> None:
    await bot("setWebhook", url="http://127.0.0.1:9/")
    assert (await bot("getUpdates"))["error_code"] == 409


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n"}, "Bad Request: message text is empty"),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": 5}, "Bad Request: chat not found"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]},
            },
            "Bad Request: BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_a_message_beyond_the_limits_is_refused(
    api: BotApi, bot: Client, params: dict[str, Any], description: str
) -> None:
    alice = api.user()
    await alice.send("/start")
    body = await bot("sendMessage", **({"chat_id": alice.id} | params))
    assert (body["error_code"], body["description"]) == (400, description)


async def test_a_text_at_the_limit_is_taken_and_markup_does_not_count(
    api: BotApi, bot: Client
) -> None:
    alice = api.user()
    await alice.send("/start")
    body = await bot("sendMessage", chat_id=alice.id, text="x" * 4096)
    assert body["result"]["text"] == "x" * 4096
    html = "<b>" + "x" * 4095 + "</b>&amp;"
    body = await bot("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    assert body["result"]["text"] == "x" * 4095 + "&"


async def test_a_message_can_be_edited_but_not_to_what_it_is(api: BotApi, bot: Client) -> None:
    alice = api.user()
    await alice.send("/start")
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "1:ja"}]]}
    sent = await bot("sendMessage", chat_id=alice.id, text="Ja?", reply_markup=keyboard)
    place = {"chat_id": alice.id, "message_id": sent["result"]["message_id"]}
    same = await bot("editMessageText", **place, text="Ja?", reply_markup=keyboard)
    assert same["description"].startswith("Bad Request: message is not modified")
    assert (await bot("editMessageText", **place, text="Ja!"))["ok"]
    assert (alice.last.text, alice.last.buttons) == ("Ja!", [])
    gone = await bot("editMessageText", chat_id=alice.id, message_id=9999, text="x")
    assert gone["description"] == "Bad Request: message to edit not found"
    again = await bot("editMessageReplyMarkup", **place)
    assert again["description"].startswith("Bad Request: message is not modified")


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(api: BotApi, bot: Client) -> None:
    alice = api.user()
    await alice.send("/start")
    markup = {"keyboard": [["Hulp nu"]]}
    sent = await bot("sendMessage", chat_id=alice.id, text="Dag", reply_markup=markup)
    assert alice.keyboard == ["Hulp nu"]
    message_id = sent["result"]["message_id"]
    body = await bot("editMessageText", chat_id=alice.id, message_id=message_id, text="x")
    assert body["description"] == "Bad Request: message can't be edited"


async def test_a_tap_carries_the_data_of_its_button_and_can_be_answered_once_known(
    api: BotApi, bot: Client
) -> None:
    alice = api.user()
    await alice.send("/start")
    keyboard = {"inline_keyboard": [[{"text": "✓ Ja", "callback_data": "1:ja"}]]}
    await bot("sendMessage", chat_id=alice.id, text="Ja?", reply_markup=keyboard)
    update_id = await alice.tap("Ja")
    query = (await bot.updates(offset=update_id))[0]["callback_query"]
    assert query["data"] == "1:ja"
    assert (await bot("answerCallbackQuery", callback_query_id=query["id"]))["ok"]
    assert api.world.taps == {query["id"]: True}
    assert (await bot("answerCallbackQuery", callback_query_id="x"))["error_code"] == 400


async def test_a_blocked_bot_is_forbidden_to_write(api: BotApi, bot: Client) -> None:
    alice = api.user()
    assert (await bot("sendMessage", chat_id=alice.id, text="x"))["error_code"] == 403
    await alice.send("/start")
    await alice.block()
    body = await bot("sendMessage", chat_id=alice.id, text="x")
    assert body["description"] == "Forbidden: bot was blocked by the user"
    await alice.unblock()
    assert (await bot("sendMessage", chat_id=alice.id, text="x"))["ok"]
    members = [u["my_chat_member"]["new_chat_member"]["status"] for u in (await bot.updates())[1:]]
    assert members == ["kicked", "member"]


async def test_a_group_can_be_left(api: BotApi, bot: Client) -> None:
    team = api.group()
    await team.add_bot()
    assert (await bot("leaveChat", chat_id=team.id))["ok"]
    assert (await bot("sendMessage", chat_id=team.id, text="x"))["error_code"] == 403


async def test_limits_answer_429_until_the_announced_wait_is_over(api: BotApi, bot: Client) -> None:
    api.limits = Limits(overall=3, per_chat=1, burst=2)
    people = [api.user(user_id=n) for n in (1, 2, 3, 4)]
    for person in people:
        await person.send("/start")
    assert (await bot("sendMessage", chat_id=1, text="x"))["ok"]
    assert (await bot("sendMessage", chat_id=1, text="x"))["ok"]
    body = await bot("sendMessage", chat_id=1, text="x")
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 1})
    assert (await bot("sendMessage", chat_id=2, text="x"))["ok"]
    assert (await bot("sendMessage", chat_id=3, text="x"))["error_code"] == 429
    assert (await bot("sendMessage", chat_id=4, text="x"))["error_code"] == 429
    await asyncio.sleep(1.05)
    assert (await bot("sendMessage", chat_id=4, text="x"))["ok"]


async def test_trouble_happens_as_ordered(api: BotApi, bot: Client) -> None:
    alice = api.user()
    await alice.send("/start")
    api.fault("sendMessage", "before")
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=alice.id, text="een")
    assert alice.messages == []
    api.fault("send*", "after")
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=alice.id, text="twee")
    assert alice.last.text == "twee"
    api.fault("*", "error", status=503, skip=1)
    assert (await bot("sendMessage", chat_id=alice.id, text="drie"))["ok"]
    assert (await bot("sendMessage", chat_id=alice.id, text="vier"))["error_code"] == 503
    api.fault("sendMessage", "lost", status=500)
    assert (await bot("sendMessage", chat_id=alice.id, text="vijf"))["error_code"] == 500
    assert [message.text for message in alice.messages] == ["twee", "drie", "vijf"]
    assert [(c.status, c.done) for c in api.called("sendmessage")] == [
        (0, False),
        (0, True),
        (200, True),
        (503, False),
        (500, True),
    ]


async def test_waiting_looks_only_at_what_came_after_the_last_deed(
    api: BotApi, bot: Client
) -> None:
    alice = api.user()
    await alice.send("/start")
    await bot("sendMessage", chat_id=alice.id, text="Vraag?")
    question = await alice.wait_for("Vraag?")
    await alice.send("antwoord")
    with pytest.raises(TimeoutError, match="waited"):
        await alice.wait_for("Vraag?", timeout=0.05)
    edit = {"chat_id": alice.id, "message_id": question.id, "text": "Vraag? Ja"}
    await bot("editMessageText", **edit)
    assert (await alice.wait_for(lambda message: message.edits == 1)).id == question.id


async def test_files_go_both_ways(api: BotApi, bot: Client) -> None:
    alice = api.user()
    await alice.send("/start")
    await alice.voice(b"OggS-spoken")
    voice = (await bot.updates())[-1]["message"]["voice"]
    path = (await bot("getFile", file_id=voice["file_id"]))["result"]["file_path"]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{api.url}/file/bot{api.token}/{path}") as answer:
            assert await answer.read() == b"OggS-spoken"
        form = aiohttp.FormData({"chat_id": str(alice.id), "caption": "Week 47"})
        form.add_field("photo", b"png", filename="digest.png")
        async with session.post(f"{api.url}/bot{api.token}/sendPhoto", data=form) as answer:
            assert (await answer.json())["result"]["caption"] == "Week 47"


async def test_old_messages_cannot_be_deleted() -> None:
    clock = [1_700_000_000.0]
    async with BotApi(now=lambda: clock[0]) as api, aiohttp.ClientSession() as session:
        bot = Client(session, api.url, api.token)
        alice = api.user()
        await alice.send("oud")
        clock[0] += 49 * 3600
        await alice.send("nieuw")
        old, new = (message.id for message in alice.written)
        assert (await bot("deleteMessage", chat_id=alice.id, message_id=old))["error_code"] == 400
        assert (await bot("deleteMessages", chat_id=alice.id, message_ids=[old, new]))["ok"]
        assert [message.text for message in alice.written] == ["oud"]


async def test_a_webhook_is_called_until_it_answers_200(api: BotApi, bot: Client) -> None:
    got: list[tuple[str, str]] = []

    async def hook(request: aiohttp.web.Request) -> aiohttp.web.Response:
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        got.append((secret, (await request.json())["message"]["text"]))
        return aiohttp.web.Response(status=500 if len(got) == 1 else 200)

    app = aiohttp.web.Application()
    app.router.add_post("/hook", hook)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot("setWebhook", url=url, secret_token="geheim")
    await api.user().send("dag")
    await api.world.wait(lambda: not api.world.updates.waiting, 5)
    await runner.cleanup()
    assert got == [("geheim", "dag"), ("geheim", "dag")]


async def test_it_runs_as_a_process_of_its_own_that_can_be_looked_into() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.botapi",
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        url, token = (await process.stdout.readline()).decode().split()
        async with aiohttp.ClientSession() as session:
            order = {"user": 7, "do": "send", "args": {"text": "dag"}}
            async with session.post(f"{url}/control/act", json=order) as answer:
                assert (await answer.json())["update_id"] == 1000
            assert (await Client(session, url, token)("sendMessage", chat_id=7, text="hoi"))["ok"]
            async with session.get(f"{url}/control/state") as answer:
                state = await answer.json()
        assert [message["text"] for message in state["chats"]["7"]["messages"]] == ["dag", "hoi"]
        assert state["waiting"] == [1000]
    finally:
        process.terminate()
        await process.wait()
