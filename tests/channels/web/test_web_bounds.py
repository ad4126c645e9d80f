import asyncio

import aiohttp
import pytest

from bot.channels.base import Account
from bot.channels.web.cookies import OLD_COOKIE as COOKIE
from bot.channels.web.frames import MAX_FRAME
from conversations.engine.events import Command
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Stage


async def test_only_our_own_pages_may_connect(alice: Browser) -> None:
    await alice.get()
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await alice.connect(origin)
        assert refused.value.status == 403
    assert (await alice.post("/wipe", "https://evil.example")).status == 403


async def test_a_page_without_its_cookie_is_told_so(alice: Browser) -> None:
    await alice.connect()
    assert await alice.read() == {"t": "error", "code": "no_cookie"}


async def test_a_broken_frame_gets_an_answer_and_the_page_stays(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    assert alice.socket is not None
    await alice.socket.send_str("{")
    assert await alice.read() == {"t": "error", "code": "unreadable"}
    await alice.socket.send_bytes(b"\x00")
    assert await alice.read() == {"t": "error", "code": "unreadable"}
    await alice.send(t="tap", id="m-1", turn="one", button="x")
    assert await alice.read() == {"t": "error", "code": "no_turn", "id": "m-1"}
    await alice.send(t="command", id="m-2", name="help")
    assert await alice.read() == {"t": "ack", "id": "m-2"}
    assert stage.events[-1] == Command("help")


async def test_a_frame_that_is_far_too_large_ends_the_connection_only(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    await alice.send(t="say", id="m-1", text="x" * MAX_FRAME)
    assert alice.socket is not None
    await alice.socket.receive(timeout=30)
    assert alice.socket.close_code == 1009
    await alice.open()


async def test_a_flood_is_slowed_down_message_by_message(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.rows(2)
    for number in range(80):
        await alice.send(t="command", id=f"m-{number}", name="help")
    answers = [await alice.read() for _ in range(80)]
    refused = [answer for answer in answers if answer["t"] == "error"]
    assert 15 <= len(refused) <= 25
    assert {answer["code"] for answer in refused} == {"too_fast"}
    assert refused[-1]["id"] == "m-79"


async def test_a_flood_without_end_is_cut_off(alice: Browser) -> None:
    await alice.open()
    assert alice.socket is not None
    with_code = None
    for _ in range(700):
        try:
            await alice.socket.send_str("{")
        except ConnectionError:
            break
    while with_code is None:
        await alice.socket.receive(timeout=30)
        with_code = alice.socket.close_code
    assert with_code == 1008


async def test_the_oldest_of_too_many_pages_gives_way(stage: Stage, alice: Browser) -> None:
    await alice.open()
    first = alice.socket
    assert first is not None
    later = []
    for _ in range(10):
        await alice.connect()
        later.append(alice.socket)
    while not first.closed:
        await first.receive(timeout=30)
    assert first.close_code == 1008


# leaving


async def test_wiping_erases_lets_the_browser_go_and_closes_the_other_tabs(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    address = stage.address
    answer = await alice.post("/wipe")
    assert answer.status == 200
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.cookies[COOKIE].value == ""
    assert answer.cookies["vertelbot-leaving"]["max-age"] == "10"
    assert stage.arrivals[-1].event == Account("wipe", "now")
    assert stage.arrivals[-1].address == address
    assert (await alice.until("gone"))[-1] == {"t": "gone"}
    assert (await alice.get("/gone")).status == 200
    assert COOKIE not in {cookie.key for cookie in alice.session.cookie_jar}


async def test_only_the_chat_can_go_too(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.post("/wipe?what=chat")
    assert stage.arrivals[-1].event == Account("wipe", "chat")


async def test_who_changes_their_mind_in_time_is_known_again(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.rows(2)
    address = stage.address
    await alice.post("/wipe")
    assert "/wipe/undo" in await (await alice.get("/gone")).text()
    await alice.post("/wipe/undo")
    assert stage.arrivals[-1].event == Account("unwipe")
    assert stage.arrivals[-1].address == address
    cookies = {cookie.key: cookie.value for cookie in alice.session.cookie_jar}
    assert COOKIE in cookies
    assert "vertelbot-leaving" not in cookies
    assert "/wipe/undo" not in await (await alice.get("/gone")).text()


async def test_without_having_left_there_is_nothing_to_undo(stage: Stage, alice: Browser) -> None:
    await alice.post("/wipe/undo")
    assert stage.arrivals == []
    assert (await alice.post("/wipe/undo", "https://evil.example")).status == 403


async def test_what_could_not_be_erased_is_not_said_to_be(stage: Stage, alice: Browser) -> None:
    await alice.open()
    stage.failing = True
    answer = await alice.post("/wipe")
    assert answer.status == 503
    assert COOKIE not in answer.cookies


async def test_wiping_without_ever_having_talked_is_fine(stage: Stage, alice: Browser) -> None:
    assert (await alice.post("/wipe")).status == 200
    assert stage.arrivals == []


async def test_erasing_in_the_conversation_clears_the_open_pages(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    await stage.web.forget(stage.address)
    assert await alice.read() == {"t": "reset"}


async def test_closing_says_going_away(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.rows(2)
    closing = asyncio.create_task(stage.web.close())
    assert alice.socket is not None
    assert (await alice.socket.receive(timeout=30)).type is aiohttp.WSMsgType.CLOSE
    assert alice.socket.close_code == 1001
    await closing


async def test_before_the_bot_runs_a_page_is_asked_to_come_back(
    stage: Stage, alice: Browser
) -> None:
    stage._receiving.cancel()
    await asyncio.sleep(0)
    await alice.get()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await alice.connect()
    assert refused.value.status == 503
    assert (await alice.post("/wipe")).status == 503
