from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest

from bot.channels.base import Account, Arrival, Outgoing
from bot.channels.web_frames import MAX_FRAME
from bot.channels.web_pages import COOKIE
from bot.channels.web_socket import Bucket
from conversations.effects import Button, Mark, Say
from conversations.events import Command, Said, Tapped
from tests.channels.web_stage import Shown, Stage, staged


def greeting(arrival: Arrival) -> Sequence[Shown]:
    match arrival.event:
        case Account("start"):
            return [Say("Dag"), Say("Doet u mee?", (Button("o:yes", "Ja"),), turn=1)]
        case Tapped(1):
            return [Mark(1, "Ja"), Say("Fijn", turn=2)]
        case _:
            return []


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged(greeting) as stage:
        yield stage


class Browser:
    """A browser as far as the server sees one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.socket: aiohttp.ClientWebSocketResponse | None = None

    async def get(self, path: str = "/", **headers: str) -> aiohttp.ClientResponse:
        async with self.session.get(self.stage.url + path, headers=headers) as answer:
            await answer.read()
            return answer

    async def post(self, path: str, origin: str | None = None) -> aiohttp.ClientResponse:
        headers = {"Origin": origin or self.stage.url}
        async with self.session.post(self.stage.url + path, headers=headers) as answer:
            await answer.read()
            return answer

    async def connect(self, origin: str | None = None) -> None:
        self.socket = await self.session.ws_connect(
            f"{self.stage.url}/ws", headers={"Origin": origin or self.stage.url}
        )

    async def open(self, after: int = 0, **more: object) -> list[dict[str, Any]]:
        """Load the page, connect, say hello; the frames until the page is up to date."""
        await self.get()
        await self.connect()
        await self.send(t="hello", after=after, page="p1", **more)
        return await self.until("live")

    async def send(self, **frame: object) -> None:
        assert self.socket is not None
        await self.socket.send_json(frame)

    async def read(self) -> dict[str, Any]:
        assert self.socket is not None
        frame: dict[str, Any] = await self.socket.receive_json(timeout=3)
        return frame

    async def until(self, kind: str) -> list[dict[str, Any]]:
        frames = [await self.read()]
        while frames[-1]["t"] != kind:
            frames.append(await self.read())
        return frames

    async def rows(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            frame = await self.read()
            if frame["t"] == "row":
                found.append(frame)
        return found


@pytest.fixture
async def alice(stage: Stage) -> AsyncIterator[Browser]:
    browser = Browser(stage)
    yield browser
    await browser.session.close()


@pytest.fixture
async def bob(stage: Stage) -> AsyncIterator[Browser]:
    browser = Browser(stage)
    yield browser
    await browser.session.close()


# pages


async def test_a_page_keeps_to_itself_and_knows_its_browser(alice: Browser) -> None:
    answer = await alice.get()
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.cookies[COOKIE]
    assert len(cookie.value) == 43
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]


async def test_a_browser_that_comes_back_keeps_its_token(alice: Browser, bob: Browser) -> None:
    first = (await alice.get()).cookies[COOKIE].value
    assert (await alice.get()).cookies[COOKIE].value == first
    assert (await bob.get()).cookies[COOKIE].value != first


async def test_a_made_up_cookie_is_replaced(stage: Stage) -> None:
    async with aiohttp.ClientSession(cookies={COOKIE: "mine"}) as session:
        answer = await session.get(stage.url)
        assert len(answer.cookies[COOKIE].value) == 43


async def test_over_https_the_cookie_is_secure(stage: Stage, alice: Browser) -> None:
    stage.web._pages._public = stage.web._pages._public._replace(scheme="https")
    assert (await alice.get()).cookies[COOKIE]["secure"] is True


@pytest.mark.parametrize("path", ["/m/K7MF-3QX", "/t/abc_DEF-9", "/v/tok3n"])
async def test_a_link_carries_its_payload_into_the_page(alice: Browser, path: str) -> None:
    async with alice.session.get(alice.stage.url + path) as answer:
        assert f'data-start="{path[3:]}"' in await answer.text()


@pytest.mark.parametrize(
    "path", ["/m/%3Cscript%3E", "/m/a%22b", "/x/abc", "/static/../web.py", "/static/%2e%2e/web.py"]
)
async def test_a_link_that_is_none_is_not_found(alice: Browser, path: str) -> None:
    assert (await alice.get(path)).status == 404


async def test_pages_speak_the_language_of_the_browser(alice: Browser) -> None:
    async def text(wanted: str) -> str:
        headers = {"Accept-Language": wanted}
        async with alice.session.get(alice.stage.url, headers=headers) as answer:
            return await answer.text()

    assert '<html lang="en" dir="ltr">' in await text("fr;q=0.9,en-GB;q=0.8,nl;q=0.1")
    assert '<html lang="nl" dir="ltr">' in await text("xx;q=oops, tlh")
    assert "Stop en wis alles" in await text("nl-NL")


async def test_the_privacy_page_shows_its_sections_escaped(alice: Browser) -> None:
    async with alice.session.get(alice.stage.url + "/privacy") as answer:
        text = await answer.text()
    assert "<h2>Wat ik bewaar</h2>" in text
    assert "<p>Niets &lt;anders&gt;.</p>" in text


async def test_static_files_are_asked_again_and_carry_the_headers_too(alice: Browser) -> None:
    answer = await alice.get("/static/chat.js")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "javascript" in answer.headers["Content-Type"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# the conversation


async def test_who_comes_first_is_greeted_once(stage: Stage, alice: Browser) -> None:
    frames = await alice.open(language="nl-NL", start="K7MF")
    assert [frame["t"] for frame in frames] == ["hello", "live"]
    assert frames[0]["languages"] == [["nl", "Nederlands"], ["en", "English"]]
    assert (frames[0]["language"], frames[0]["dir"]) == ("nl", "ltr")
    assert frames[0]["labels"]["button.help"] == "Hulp nu"
    first, second = await alice.rows(2)
    assert first["text"] == "Dag"
    assert second["id"] > first["id"]
    (arrival,) = stage.arrivals
    assert (arrival.channel, arrival.event, arrival.language) == (
        "web",
        Account("start", "K7MF"),
        "nl-NL",
    )
    token = next(iter(alice.session.cookie_jar)).value
    assert token not in repr(stage.arrivals)


async def test_two_tabs_at_once_begin_one_conversation(stage: Stage, alice: Browser) -> None:
    stage.gate.clear()
    await alice.get()
    sockets = []
    for page in ("p1", "p2"):
        await alice.connect()
        sockets.append(alice.socket)
        await alice.send(t="hello", after=0, page=page)
    await asyncio.sleep(0.05)
    stage.gate.set()
    for alice.socket in sockets:
        assert [row["text"] for row in await alice.rows(2)] == ["Dag", "Doet u mee?"]
    assert stage.events == [Account("start")]


async def test_coming_back_brings_what_was_missed_and_nothing_twice(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    first, _ = await alice.rows(2)
    frames = await alice.open(after=first["id"])
    assert [frame["text"] for frame in frames if frame["t"] == "row"] == ["Doet u mee?"]
    frames = await alice.open(after=0)
    assert [frame["text"] for frame in frames if frame["t"] == "row"] == ["Dag", "Doet u mee?"]
    assert stage.events == [Account("start")]


async def test_a_link_opened_in_an_old_conversation_is_told_once(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    await alice.open(start="K7MF")
    await alice.rows(2)
    await alice.open(start="K7MF")
    await alice.send(t="ping")
    await alice.until("pong")
    assert stage.events == [Account("start"), Account("start", "K7MF")]


async def test_a_page_that_was_left_behind_by_an_erasure_begins_with_nothing(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    last = (await alice.rows(2))[-1]["id"]
    stage.rows.clear()
    await alice.connect()
    await alice.send(t="hello", after=last, page="p2")
    assert [frame["t"] for frame in await alice.until("live")] == ["reset", "hello", "live"]
    assert [row["text"] for row in await alice.rows(2)] == ["Dag", "Doet u mee?"]


async def test_a_message_is_confirmed_when_it_is_safe_and_counts_once(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    stage.gate.clear()
    await alice.send(t="say", id="m-1", text="Het ging zo.")
    assert (await alice.read())["t"] == "typing"
    assert Said("Het ging zo.", "m-1") not in stage.events
    stage.gate.set()
    assert [frame["t"] for frame in await alice.until("ack")] == ["row", "ack"]
    await alice.send(t="say", id="m-1", text="Het ging zo.")
    assert await alice.read() == {"t": "ack", "id": "m-1"}
    assert stage.events.count(Said("Het ging zo.", "m-1")) == 1


async def test_the_same_id_of_two_people_is_two_messages(
    stage: Stage, alice: Browser, bob: Browser
) -> None:
    for person in (alice, bob):
        await person.open()
        await person.send(t="say", id="m-1", text="Dag")
        await person.until("ack")
    assert stage.events.count(Said("Dag", "m-1")) == 2
    said = [one for one in stage.arrivals if isinstance(one.event, Said)]
    assert said[0].address != said[1].address
    assert said[0].external_id != said[1].external_id


async def test_nobody_sees_the_rows_of_another(stage: Stage, alice: Browser, bob: Browser) -> None:
    await alice.open()
    await alice.send(t="say", id="m-1", text="geheim")
    await alice.until("ack")
    await bob.open()
    await bob.send(t="ping")
    assert "geheim" not in repr(await bob.until("pong"))


async def test_a_message_that_could_not_be_kept_may_come_again(
    stage: Stage, alice: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    await alice.open()
    await alice.rows(2)
    stage.failing = True
    with caplog.at_level(logging.WARNING):
        await alice.send(t="say", id="m-1", text="gevoelig")
        assert await alice.read() == {"t": "error", "code": "try_again", "id": "m-1"}
    assert "gevoelig" not in caplog.text
    assert stage.address not in caplog.text
    stage.failing = False
    await alice.send(t="say", id="m-1", text="gevoelig")
    await alice.until("ack")


async def test_a_page_comes_back_later_when_the_greeting_could_not_be_kept(
    stage: Stage, alice: Browser
) -> None:
    stage.failing = True
    await alice.get()
    await alice.connect()
    await alice.send(t="hello", after=0, page="p1")
    assert alice.socket is not None
    while not alice.socket.closed:
        await alice.socket.receive(timeout=3)
    assert alice.socket.close_code == 1013
    stage.failing = False
    await alice.open()
    await alice.rows(2)


async def test_a_page_gets_the_texts_of_another_language_when_it_changes(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    stage.language = "en"
    await stage.show(stage.address, Say("We go on in English."))
    hello, row = await alice.read(), await alice.read()
    assert (hello["t"], hello["language"]) == ("hello", "en")
    assert row["text"] == "We go on in English."
    assert (await alice.open())[0]["language"] == "en"


async def test_a_row_goes_to_every_open_page_and_an_absent_person_is_no_error(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    first = alice.socket
    await alice.open()
    await stage.show(stage.address, Say("Hoi"))
    assert (await alice.rows(1))[0]["text"] == "Hoi"
    alice.socket = first
    assert (await alice.rows(1))[0]["text"] == "Hoi"
    assert await stage.web.send(Outgoing(99, "nobody", Say("x"))) == ""


async def test_a_row_that_comes_during_the_hello_is_shown_once_and_in_order(
    stage: Stage, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alice.open()
    await alice.rows(2)
    read_log = stage.log

    async def slow_log(address: str, after: int) -> list[Outgoing]:
        rows = await read_log(address, after)
        await stage.show(address, Say("ondertussen"))
        return [*rows, *(await read_log(address, rows[-1].id))]

    monkeypatch.setattr(stage.web, "_log", slow_log)
    frames = await alice.open()
    await alice.send(t="ping")
    frames += await alice.until("pong")
    texts = [frame["text"] for frame in frames if frame["t"] == "row"]
    assert texts == ["Dag", "Doet u mee?", "ondertussen"]


# what does not belong


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
    await alice.socket.receive(timeout=3)
    assert alice.socket.close_code == 1009
    await alice.open()


async def test_a_flood_is_slowed_down_message_by_message(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.rows(2)
    for number in range(60):
        await alice.send(t="command", id=f"m-{number}", name="help")
    answers = [await alice.read() for _ in range(60)]
    refused = [answer for answer in answers if answer["t"] == "error"]
    assert 15 <= len(refused) <= 25
    assert {answer["code"] for answer in refused} == {"too_fast"}
    assert refused[-1]["id"] == "m-59"


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
        await alice.socket.receive(timeout=3)
        with_code = alice.socket.close_code
    assert with_code == 1008


def test_a_bucket_fills_again() -> None:
    now = 0.0
    bucket = Bucket(2, 3, lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


async def test_the_oldest_of_too_many_pages_gives_way(stage: Stage, alice: Browser) -> None:
    await alice.open()
    first = alice.socket
    assert first is not None
    later = []
    for _ in range(10):
        await alice.connect()
        later.append(alice.socket)
    while not first.closed:
        await first.receive(timeout=3)
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
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert answer.cookies[COOKIE].value == ""
    assert stage.arrivals[-1].event == Account("erase", "now")
    assert stage.arrivals[-1].address == address
    assert (await alice.until("gone"))[-1] == {"t": "gone"}
    assert (await alice.get("/gone")).status == 200
    assert COOKIE not in {cookie.key for cookie in alice.session.cookie_jar}


async def test_only_the_chat_can_go_too(stage: Stage, alice: Browser) -> None:
    await alice.open()
    await alice.post("/wipe?what=chat")
    assert stage.arrivals[-1].event == Account("erase", "chat")


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
    assert (await alice.socket.receive(timeout=3)).type is aiohttp.WSMsgType.CLOSE
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
