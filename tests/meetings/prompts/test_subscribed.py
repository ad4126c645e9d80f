"""A subscribed calendar, read again and again: what its people keep, and what they hear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.meetings import agenda
from bot.meetings.agenda import Listed
from bot.meetings.calendar.fetch import FeedError, FeedRules
from bot.meetings.calendar.ics_writer import write_calendar
from storage.meetings import feeds
from storage.meetings.feeds import Feed
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, group

SOON = TUESDAY + timedelta(days=2)


class Server:
    """A server with one calendar; `uids` is how its meetings go by, `status` what it answers."""

    def __init__(self) -> None:
        self.meetings = [group(title=f"Groep {number}", start=SOON) for number in range(4)]
        self.uids = "a"
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        shown = [replace(one, uid=f"{self.uids} {one.title}") for one in self.meetings]
        return web.Response(
            body=write_calendar(shown, "Leergroepen", TUESDAY),
            status=self.status,
            headers={"ETag": f'"{self.uids}{len(shown)}"'},
        )


@pytest.fixture
async def server(bot: Meetings) -> AsyncIterator[Server]:
    """The calendar, and a Vertelbot that has read it once."""
    server = Server()
    app = web.Application()
    app.router.add_get("/calendar.ics", server.answer)
    async with TestServer(app) as serving:
        meetings = bot.house.app.jobs.meetings
        meetings.feed_rules = FeedRules(plain_http=True, private=True)
        url = str(serving.make_url("/calendar.ics"))
        made = await bot.house.app.database.write(lambda c: feeds.add(c, url, bot.clock.now()))
        await meetings.read_feed(made)
        yield server


async def read_again(bot: Meetings, hours: float = 5) -> Feed:
    bot.clock.move(hours=hours)
    await bot.house.app.jobs.meetings.read_feeds()
    await bot.tick()
    app = bot.house.app
    (feed,) = await app.database.read(feeds.listed)
    return feed


async def planned(bot: Meetings) -> list[Listed]:
    app = bot.house.app
    found = await app.database.read(agenda.listed)
    return [each for each in found if each.meeting.state != "cancelled"]


async def test_who_joined_stays_when_the_calendar_gives_other_uids(
    bot: Meetings, server: Server, alice: Phone
) -> None:
    before = await planned(bot)
    await alice.say(f"/start {before[0].meeting.code}")
    count = len(alice.sentences)
    server.uids = "b"
    await read_again(bot)
    after = await planned(bot)
    assert [each.meeting.code for each in after] == [each.meeting.code for each in before]
    assert after[0].joined == 1
    assert alice.since(count) == []


async def test_an_empty_calendar_calls_everything_off_only_the_second_time(
    bot: Meetings, server: Server, alice: Phone
) -> None:
    await alice.say(f"/start {(await planned(bot))[0].meeting.code}")
    server.meetings = []
    feed = await read_again(bot)
    assert feed.doubted
    assert "4 meetings are gone at once" in feed.problems[0]
    assert len(await planned(bot)) == 4
    feed = await read_again(bot, hours=19)
    assert (feed.doubted, feed.problems) == (False, ())
    assert await planned(bot) == []
    assert "gaat niet door" in alice.read


async def test_a_feed_that_fails_is_tried_again_and_then_has_no_problem_any_more(
    bot: Meetings, server: Server
) -> None:
    server.status = 500
    feed = await read_again(bot)
    assert feed.failures == 1
    assert "the server answered 500" in feed.problems[0]
    with pytest.raises(FeedError):
        await bot.house.app.jobs.meetings.read_feed(feed)
    server.status = 304
    feed = await read_again(bot)
    assert (feed.failures, feed.problems) == (0, ())
    assert len(await planned(bot)) == 4
