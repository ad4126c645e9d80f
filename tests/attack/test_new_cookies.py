"""Saying hello with new cookies writes nothing, and keeps nobody from beginning."""

from __future__ import annotations

from typing import Any

from bot.network_limiter import NetworkLimiter
from bot.rate_limiter import Limiter
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import House

TABLES = ("person", "inbox", "outbox", "conversation", "timer")


async def written(house: House) -> int:
    return sum([await house.count(table) for table in TABLES])


def rows(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [frame for frame in frames if frame["t"] == "row"]


async def opening(visitor: Visitor, **more: Any) -> list[dict[str, Any]]:
    """Load the page; what stands on it then."""
    frames = await visitor.hello(**more)
    await visitor.chat.send_json({"t": "ping"})
    return rows([*frames, *await visitor.until("pong")])


async def test_hello_with_new_cookies_writes_nothing_and_shows_the_opening(house: House) -> None:
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        for _ in range(150):
            attacker.another_browser()
            shown = await opening(attacker)
            await attacker.chat.close()
        assert "Wie vertelt er?" in shown[-1]["text"]
        with waited("an opening beside 150 hellos with new cookies"):
            again = await opening(honest)
        for what in ("all", "chat"):
            attacker.another_browser()
            assert await attacker.post(f"/wipe?what={what}") == 200
        assert await written(house) == 0
        assert [row["text"] for row in again] == [row["text"] for row in shown]
        assert all(row["id"] < 0 for row in again)


async def test_the_opening_is_there_again_until_it_is_answered_and_then_it_is_written(
    house: House,
) -> None:
    async with Visitor(house.url) as alice:
        first = await opening(alice)
        second = await opening(alice)  # loaded again
        asked = first[-1]
        assert [row["text"] for row in second] == [row["text"] for row in first]
        assert await written(house) == 0
        button = asked["buttons"][0]
        tap = {"t": "tap", "turn": 0, "button": button["id"], "label": button["label"]}
        assert (await alice.answer(**tap, seen=5000))["t"] == "ack"
        await house.settle()
        assert await house.count("person") == 1
        begun = await opening(alice)
        said = [{**row, "id": 0} for row in begun if row["op"] == "say"]
        assert all(row["id"] > 0 for row in begun)
        assert said[: len(first)] == [{**row, "id": 0} for row in first]
        assert [row["text"] for row in begun if row["op"] == "echo"] == [button["label"]]
        assert len(said) > len(first)


async def test_the_tap_on_the_page_of_a_link_is_a_first_answer(house: House) -> None:
    team = await house.team("Team Noord", "Zwolle")
    async with Visitor(house.url) as alice:
        assert await alice.get(f"/t/{team.code}") == 200
        assert await written(house) == 0
        assert await alice.post(f"/t/{team.code}") == 303
        assert all(row["id"] > 0 for row in await opening(alice))
    assert await house.count("person") == 1


async def test_two_pages_of_one_browser_begin_one_conversation(house: House) -> None:
    async with Visitor(house.url) as one, Visitor(house.url, one.address) as other:
        await opening(one)
        other.cookie = one.cookie
        await opening(other)
        assert (await one.answer())["t"] == "ack"
        assert (await other.answer(id="m2", text="/hulp"))["t"] == "ack"
        await house.settle()
        assert await house.count("person") == 1
        assert await house.count("inbox") == 3  # they came, once, and answered twice


async def test_one_network_that_begins_without_end_keeps_nobody_from_beginning(
    house: House,
) -> None:
    limits = house.app.web.limits
    limits._of_network, limits._beginnings = NetworkLimiter(5, 3600), Limiter(8, 3600)
    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        answers = []
        for number in range(12):
            attacker.another_browser()
            if number % 2:
                await attacker.hello()
                answers.append((await attacker.answer())["t"])
            else:
                voice = {"X-Message": "m1", "X-Seconds": "3"}
                taken = await attacker.post("/voice", b"OggS", **voice) == 200
                answers.append("ack" if taken else "error")
        assert answers == ["ack"] * 5 + ["error"] * 7
        await honest.hello()
        with waited("a first answer beside a network that begins without end"):
            assert (await honest.answer())["t"] == "ack"
        assert (await honest.answer(id="m2"))["t"] == "ack"
    assert await house.count("person") == 6


async def test_who_is_refused_hears_it_and_the_same_answer_is_taken_later(house: House) -> None:
    limits = house.app.web.limits
    limits._of_network = NetworkLimiter(0, 3600)
    async with Visitor(house.url) as alice:
        await alice.hello()
        assert (await alice.answer())["code"] == "busy"
        assert (await alice.until("error"))[-1] == {"t": "error", "code": "try_again", "id": "m1"}
        limits._of_network = NetworkLimiter(1, 3600)
        assert (await alice.answer())["t"] == "ack"
    assert await house.count("person") == 1
