import asyncio
import logging

import pytest

from bot.channels.base import Account, Outgoing
from conversations.engine.effects import Say
from conversations.engine.events import Said
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Stage


async def test_who_comes_first_is_greeted_once(stage: Stage, alice: Browser) -> None:
    frames = await alice.open(language="nl-NL")
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
        Account("start"),
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


async def test_a_page_that_is_opened_says_hello_and_does_nothing(
    stage: Stage, alice: Browser
) -> None:
    await alice.open()
    await alice.rows(2)
    await alice.open(start="K7MF")
    await alice.send(t="ping")
    await alice.until("pong")
    assert stage.events == [Account("start")]


async def test_a_tap_on_the_page_of_a_link_is_taken_once(stage: Stage, alice: Browser) -> None:
    assert (await alice.get("/m/K7MF-3QX")).status == 200
    assert stage.events == []
    for _ in range(2):
        assert (await alice.post("/m/K7MF-3QX?mark=one")).status == 200
    await alice.post("/m/K7MF-3QX?mark=two")
    assert stage.events == [Account("start", "K7MF-3QX")] * 2


async def test_a_tap_of_another_site_or_without_a_cookie_does_nothing(
    stage: Stage, alice: Browser
) -> None:
    assert (await alice.post("/m/K7MF-3QX")).status == 400
    await alice.get()
    assert (await alice.post("/m/K7MF-3QX", "https://evil.example")).status == 403
    assert stage.events == []


async def test_a_tap_that_was_not_taken_is_said_and_can_be_done_again(
    stage: Stage, alice: Browser
) -> None:
    await alice.get()
    stage.failing = True
    assert (await alice.post("/m/K7MF-3QX")).status == 503
    stage.failing = False
    assert (await alice.post("/m/K7MF-3QX")).status == 200
    assert stage.events == [Account("start", "K7MF-3QX")]


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
        await alice.socket.receive(timeout=30)
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

    monkeypatch.setattr(stage.web, "log", slow_log)
    frames = await alice.open()
    await alice.send(t="ping")
    frames += await alice.until("pong")
    texts = [frame["text"] for frame in frames if frame["t"] == "row"]
    assert texts == ["Dag", "Doet u mee?", "ondertussen"]
