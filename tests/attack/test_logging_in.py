"""Nobody keeps coordinators from logging in; colleagues behind one address all come in."""

from __future__ import annotations

from collections import Counter

from storage.coordinators import coordinators
from storage.engine.transaction import Transaction
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import House

LOGIN = "/coordinator/login"


async def colleagues(house: House, count: int) -> list[str]:
    """The mail addresses of so many coordinators."""
    addresses = [f"c{n}@example.org" for n in range(count)]

    def add(connection: Transaction) -> None:
        for address in addresses:
            coordinators.add(connection, "association", address, channel="mail", address=address)

    await house.app.database.write(add)
    return addresses


async def link(house: House) -> str:
    return LOGIN + (await house.app.login_link()).partition(LOGIN)[2]


async def test_links_that_are_none_lock_nobody_out(house: House) -> None:
    good = [await link(house) for _ in range(2)]
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        tried = Counter([await attacker.post(f"{LOGIN}/x{number}") for number in range(60)])
        with waited("logging in beside 60 links that are none"):
            assert await honest.post(good[0]) == 303
        assert await attacker.post(good[1]) == 303  # from the same network too
        assert await attacker.post(good[1]) == 429  # it was used, and so it is none now
        assert await honest.post(good[1]) == 403
    assert 30 <= tried[403] < 45
    assert tried[429] > 15


async def test_who_asks_for_links_without_end_keeps_nobody_else_from_one(house: House) -> None:
    (address,) = await colleagues(house, 1)
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        tried = Counter(
            [await attacker.post(LOGIN, {"address": f"{n}@example.org"}) for n in range(310)]
        )
        with waited("asking for a link beside 310 requests"):
            assert await honest.post(LOGIN, {"address": address}) == 200
    assert 300 <= tried[200] < 310
    assert await house.count("outbox WHERE lane = 'reply'") == 1


async def test_everybody_of_a_municipality_comes_in_on_monday(house: House) -> None:
    addresses = await colleagues(house, 60)
    async with Visitor(house.url) as office:
        with waited("60 links for colleagues behind one address"):
            assert {await office.post(LOGIN, {"address": each}) for each in addresses} == {200}
        assert {await office.post(await link(house)) for _ in range(60)} == {303}
    assert await house.count("outbox WHERE lane = 'reply'") == 60


async def test_one_mail_address_gets_a_few_letters_whoever_asks_for_them(house: House) -> None:
    await colleagues(house, 2)
    answers = []
    for _ in range(8):
        async with Visitor(house.url) as someone:
            answers.append(await someone.post(LOGIN, {"address": "C0@example.org "}))
    async with Visitor(house.url) as honest:
        assert await honest.post(LOGIN, {"address": "c1@example.org"}) == 200
    assert answers == [200] * 5 + [429] * 3


async def test_behind_a_proxy_that_tells_nothing_nobody_is_counted_for_everybody(
    house: House,
) -> None:
    good = await link(house)
    async with Visitor(house.url) as someone:
        del someone.session.headers["X-Forwarded-For"]
        assert {await someone.post(f"{LOGIN}/x{number}") for number in range(40)} == {403}
        assert await someone.post(good) == 303
