"""Messages that cost much, and pages without end, of one network hold up nobody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot import network_limiter as limiting
from bot.channels.base import Arrival, Outgoing
from bot.channels.web import limits
from bot.channels.web.long_texts import LONG, REMEMBERED, LongTexts
from bot.client_networks import ClientNetwork, ClientNetworks
from bot.network_limiter import NetworkShares
from bot.operations import fair_share
from conversations.engine.events import Said
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import House
from tests.waiting import until

HELLOS = limits.HELLOS_OF_NETWORK, limits.HELLOS_OF_SITE
COSTLY = "Een lang bericht. " * 200


@pytest.mark.parametrize(
    ("addresses", "at_once"),
    [
        (["198.51.100.7"] * 6, limits.TURNS_OF_NETWORK),
        ([f"2001:db8:7:{number}::1" for number in range(6)], limits.TURNS_OF_SITE),
    ],
)
async def test_messages_of_one_network_wait_for_each_other_and_nobody_waits_for_them(
    house: House, monkeypatch: pytest.MonkeyPatch, addresses: list[str], at_once: int
) -> None:
    taken, going, over = house.app.web._accept, list[Arrival](), asyncio.Event()
    assert taken is not None

    async def held(
        arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        for arrival in arrivals:
            if isinstance(arrival.event, Said) and arrival.event.text == COSTLY:
                going.append(arrival)
                await over.wait()
        await taken(arrivals, offset=offset, epoch=epoch)

    monkeypatch.setattr(house.app.web, "_accept", held)
    attackers = [Visitor(house.url, address) for address in addresses]
    for each in attackers:
        await each.hello()
    answers = [asyncio.create_task(each.answer(text=COSTLY)) for each in attackers]
    await until(lambda: len(going) == at_once)
    async with Visitor(house.url) as honest:
        with waited("a first answer beside messages that take for ever"):
            await honest.hello()
            assert (await honest.answer())["t"] == "ack"
    assert len(going) == at_once
    over.set()
    assert [(await each)["t"] for each in answers] == ["ack"] * len(attackers)
    for each in attackers:
        await each.session.close()


@pytest.mark.parametrize("what", ["page", "hello"])
@pytest.mark.parametrize("site", [False, True])
async def test_pages_of_one_network_wait_for_each_other_and_nobody_waits_for_them(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str, site: bool
) -> None:
    """Those in Turkish are not made before the honest person has one."""
    chat, going, over = house.app.web, list[str](), asyncio.Event()
    opening = chat._opening

    async def held(address: str, language: str) -> Sequence[Outgoing] | None:
        if language == "tr":
            going.append(address)
            await over.wait()
        return await opening(address, language)

    async def ask(visitor: Visitor) -> None:
        if what == "page":
            head = {"Accept-Language": "tr"}
            async with visitor.session.get(visitor.url, headers=head) as answer:
                assert answer.status == 200
        else:
            await visitor.hello(language="tr")

    addresses = [f"2001:db8:7:{number if site else 1:x}::1" for number in range(10)]
    attackers = [Visitor(house.url, address) for address in addresses]
    for each in attackers:
        await each.get("/")
        await each._cookie()
    monkeypatch.setattr(chat, "_opening", held)
    asked = [asyncio.create_task(ask(each)) for each in attackers]
    bounds = fair_share.PAGES if what == "page" else HELLOS
    await until(lambda: len(going) == bounds[site])
    async with Visitor(house.url) as honest:
        with waited(f"a first answer beside a network that waits for its {what}"):
            await honest.hello()
            assert (await honest.answer())["t"] == "ack"
    assert len(going) == bounds[site]
    over.set()
    await asyncio.gather(*asked)
    for each in attackers:
        await each.session.close()


def test_who_typed_much_is_remembered_and_who_did_long_ago_is_forgotten() -> None:
    texts = LongTexts()
    assert not any(texts.costly("a", LONG // 4) for _ in range(4))
    assert texts.costly("a", 1)
    assert texts.costly("a", 0)
    assert not texts.costly("b", 0)
    assert len(texts._typed) == 1
    assert not any(texts.costly(str(number), 1) for number in range(REMEMBERED))
    assert not texts.costly("a", 1)
    assert len(texts._typed) == REMEMBERED


@pytest.mark.parametrize("addresses", [["198.51.100.7"], ["2001:db8:7:1::1", "2001:db8:7:2::1"]])
async def test_who_asks_without_end_waits_for_each_answer_and_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    """Also with forms that come after their head: 300 connections had everybody wait for a second
    or two."""
    monkeypatch.setattr(fair_share, "REQUESTS", (5, 4.0))
    monkeypatch.setattr(limiting, "SUBNETS", 1)
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.middlewares.append(fair_share.FairShare(ClientNetworks(["127.0.0.1"]), pause).wait)
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestClient(TestServer(app)) as client:
        got = []
        for number in range(10):
            head = {"X-Forwarded-For": addresses[number % len(addresses)]}
            got.append((await client.post("/coordinator/login", headers=head, data="a=b")).status)
        assert got == [200] * 7 + [429] * 3
        assert [round(each / 4) for each in paused] == [1, 2]
        honest = {"X-Forwarded-For": "198.51.100.8"}
        assert (await client.get("/", headers=honest)).status == 200
        assert len(paused) == 2


async def test_frames_of_one_network_are_read_at_a_pace_and_those_of_others_at_once(
    house: House,
) -> None:
    """150 pages that sent nonsense without end had everybody wait for up to twelve seconds."""
    chat, now = house.app.web.limits, 0.0
    chat._frames_of_network = limiting.NetworkLimiter(3, 0.001, lambda: now)
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        await attacker.hello()
        for _ in range(6):  # some of which wait for a few thousandths of a second
            await attacker.chat.send_str("[" * 60_000)
            assert (await attacker.until("error"))[-1]["code"] == "unreadable"
        chat._frames_of_network = limiting.NetworkLimiter(1, 3600)
        assert chat.pause(ClientNetwork()) == 0
        await attacker.chat.send_str("[")
        await attacker.until("error")
        await attacker.chat.send_str("[")
        assert (await attacker.chat.receive()).data == 1013
        chat._frames_of_network = limiting.NetworkLimiter(2, 3600)
        await honest.hello()
        assert (await honest.answer())["t"] == "ack"


async def test_a_form_is_waited_for_before_its_turn_is_taken(house: House) -> None:
    where = URL(house.url)
    head = "POST /u/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\nContent-Length: 3\r\n"
    half = [await asyncio.open_connection(where.host, where.port) for _ in range(20)]
    for _, writer in half:
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
    async with Visitor(house.url, "198.51.100.7") as beside:
        assert await beside.get("/") == 200
    for reader, writer in half:
        writer.write(b"a=b")
        assert (await reader.read()).startswith(b"HTTP/1.1 404")
        writer.close()


async def test_what_services_post_for_everybody_waits_for_nothing() -> None:
    going, over = Counter[str](), asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        going[request.path] += 1
        await over.wait()
        return web.Response()

    share = fair_share.FairShare(ClientNetworks(["127.0.0.1"]))
    app = web.Application(middlewares=[share.wait])
    app.router.add_route("*", "/{path:.*}", hold)
    paths = [*fair_share.SERVICES, "/u/token"]
    async with TestClient(TestServer(app), headers={"X-Forwarded-For": "149.154.167.1"}) as client:
        posts = [asyncio.create_task(client.post(path)) for path in paths for _ in range(20)]
        bound = fair_share.PAGES[0]
        await until(lambda: going.total() == 20 * len(fair_share.SERVICES) + bound)
        assert going["/u/token"] == bound
        over.set()
        await asyncio.gather(*posts)


async def test_who_is_not_known_waits_for_nobody_and_nothing_is_remembered() -> None:
    shares = NetworkShares(1, 1)
    nobody, known = ClientNetwork(), ClientNetwork("a", "s")
    async with shares.turn(nobody), shares.turn(nobody), shares.turn(known):
        assert len(shares._busy) == 2
    assert not shares._busy
