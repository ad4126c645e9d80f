"""One visitor with many open pages leaves room for everybody else."""

from __future__ import annotations

from collections import Counter
from functools import partial

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import limits, socket
from bot.channels.web.limits import PageSlot, PageSlots
from bot.client_networks import ClientNetwork
from bot.network_limiter import SUBNETS, NetworkLimiter
from bot.rate_limiter import Limiter
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import House
from tests.waiting import until


async def opened(visitor: Visitor, count: int) -> list[aiohttp.ClientWebSocketResponse]:
    """So many pages of as many browsers, of which nothing is heard."""
    pages = []
    for _ in range(count):
        visitor.another_browser()
        pages.append(await visitor.connect())
    return pages


async def test_a_page_that_does_not_say_which_it_is_is_closed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "HELLO_WITHIN", 0.5)
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        silent = await opened(attacker, 1)
        await silent[0].send_json({"t": "say", "id": "m1", "text": "zonder groet"})
        assert (await silent[0].receive_json(timeout=10))["code"] == "no_hello"
        silent += await opened(attacker, 100)
        with waited("opening the chat beside 100 pages that say nothing"):
            await honest.hello()
        for page in silent:
            await page.receive(timeout=10)
            assert page.closed
        await until(lambda: len(house.app.web.limits.places) == 1)
        assert (await honest.answer())["t"] == "ack"
    assert await house.count("person") == 1


async def test_one_network_that_takes_all_places_gives_them_to_who_comes(house: House) -> None:
    house.app.web.limits.places.most = 30
    async with Visitor(house.url) as attacker, Visitor(house.url) as early:
        await early.hello()
        _kept_open = await opened(attacker, 29)
        late = [Visitor(house.url) for _ in range(10)]
        with waited("opening the chat, 10 people, where one network has all places"):
            for each in late:
                await each.hello()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await attacker.connect()
        assert (await early.answer())["t"] == "ack"
        for each in late:
            assert (await each.answer())["t"] == "ack"
            await each.session.close()


async def test_a_network_has_so_many_pages_at_most(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGES_OF_NETWORK", 8)
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        pages = await opened(attacker, 8)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await attacker.connect()
        await honest.hello()
        await pages[0].close()
        await until(lambda: len(house.app.web.limits.places) == 8)
        await attacker.connect()


NETWORKS = [ClientNetwork(), *(ClientNetwork(s + n, s) for s in "abc" for n in "123")]


@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.sampled_from(NETWORKS), st.booleans()), max_size=60),
)
def test_places_are_shared_out_and_a_network_with_few_always_gets_one(
    most: int, comers: list[tuple[ClientNetwork, bool]]
) -> None:
    """Among sites first, and then among the networks of a site."""
    places, open_now, cut = PageSlots(most), list[PageSlot](), list[str]()
    for network, busy in comers:
        before = Counter(place.network for place in open_now)
        of_site = Counter(place.network.site for place in open_now)
        mine, of_mine = before[network] + 1, of_site[network.site] + 1
        place = places.take(network, partial(cut.append, "cut"))
        if place is None:
            assert len(open_now) == most
            assert max(of_site[name] for name in "abc") <= of_mine
            beside = [each for each in NETWORKS if each and each.site == network.site]
            assert max((before[each] for each in beside), default=0) <= mine
            continue
        if busy:
            places.touch(place)
        open_now.append(place)
        gone = [each for each in open_now if each not in places]
        for each in gone:
            given = each.network
            assert given
            assert of_site[given.site] > of_mine or given.site == network.site
            assert given.site != network.site or before[given] > mine
            assert before[given] == max(before[o] for o in NETWORKS if o.site == given.site)
        open_now = [each for each in open_now if each in places]
        assert len(places) == len(open_now) <= most
    for place in open_now:
        places.leave(place)
    assert len(places) == 0
    assert not places._taken
    assert not places._of_site


async def test_a_site_with_as_many_networks_as_it_likes_stops_nobody_else(house: House) -> None:
    limits, urls = house.app.web.limits, house.url
    limits.places.most = 30
    limits._of_network, limits._beginnings = NetworkLimiter(1, 3600), Limiter(8, 3600)
    networks = [Visitor(urls, f"2001:db8:7:{number:x}::1") for number in range(30)]
    honest = [Visitor(urls), Visitor(urls, "2001:db8:8::1")]
    begun = []
    for each in networks:
        await each.hello()
        begun.append((await each.answer())["t"])
    assert begun == ["ack"] * SUBNETS + ["error"] * (len(networks) - SUBNETS)
    for one in honest:
        with waited("a first answer beside a site that has all places"):
            await one.hello()
            assert (await one.answer())["t"] == "ack"
    limits._codes = NetworkLimiter(1, 3600)
    tried = [await each.get("/s/BCDFGH") for each in networks]
    assert tried.count(200) == SUBNETS
    assert await honest[0].get("/s/BCDFGH") == 200
    for each in (*networks, *honest):
        await each.session.close()


def test_who_did_something_gives_way_last() -> None:
    places, gone = PageSlots(3), list[str]()
    first, *_ = [places.take(NETWORKS[1], partial(gone.append, name)) for name in "xyz"]
    assert first is not None
    places.touch(first)
    assert places.take(NETWORKS[4], partial(gone.append, "b")) is not None
    assert gone == ["y"]
