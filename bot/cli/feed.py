"""`vertelbot meeting feed`: calendars that are read again and again, and the one that goes out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bot.cli.common import Commands, Failure, command, show, with_app, with_services, with_store
from bot.wiring.opening import OpenStore
from storage.engine.transaction import Transaction
from storage.meetings import feeds

if TYPE_CHECKING:
    from bot.app import App
    from bot.meetings.calendar.changes.diff import Changes
    from bot.meetings.calendar.report import Report
    from bot.wiring.open_services import OpenServices


def add(actions: Commands, common: argparse.ArgumentParser) -> None:
    subscribed = command(actions, common, "feed", "subscribed calendars", _list)
    doing = subscribed.add_subparsers(metavar="action")
    adding = command(doing, common, "add", "subscribe to a calendar and read it now", _add)
    adding.add_argument("url", help="its address, https")
    command(doing, common, "list", "all subscriptions", _list)
    removing = command(doing, common, "remove", "end a subscription; its meetings stay", _remove)
    removing.add_argument("id")
    command(doing, common, "out", "a new link to our own calendar; the old one ends", _out)


def _add(options: argparse.Namespace) -> int:
    """Exit code 3 when a part could not be read."""
    from bot.cli.calendar_report import print_changes
    from bot.meetings.calendar.fetch import FeedError, clean_address

    async def work(app: App) -> tuple[Changes, Report]:
        now = app.clock.now()
        try:
            url = clean_address(options.url)
        except FeedError as error:
            raise Failure(f"{error}; {error.mend}") from None
        made = await app.database.write(lambda c: feeds.add(c, url, now))
        try:
            changes, report = await app.jobs.meetings.read_feed(made)
        except FeedError as error:
            if not error.later:
                await app.database.write(lambda c: feeds.remove(c, made.id))
            raise Failure(f"{error}; {error.mend}") from None
        if any(problem.problem.code == "no_calendar" for problem in report.problems):
            await app.database.write(lambda c: feeds.remove(c, made.id))
            raise Failure(
                "this is a page, not a calendar; look in the calendar for its address that ends "
                "in .ics, or is called iCal"
            )
        return changes, report

    changes, report = with_app(options, work)
    print_changes(changes, report, as_json=options.json)
    return 3 if report.problems else 0


def _list(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[feeds.Feed]:
        return await store.database.read(feeds.listed)

    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "host": each.url.partition("://")[2].partition("/")[0].rpartition("@")[2],
            "next": f"{each.due_at:%Y-%m-%dT%H:%M:%SZ}",
            "failures": each.failures,
            "problems": list(each.problems) if options.json else len(each.problems),
            "notes": list(each.notes) if options.json else len(each.notes),
        }
        for each in with_store(options, work)
    ]
    show(rows, as_json=options.json, empty="There are no subscriptions yet.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> bool:
        return await store.database.write(lambda c: feeds.remove(c, options.id))

    if not with_store(options, work):
        raise Failure(f"{options.id} is no subscription: see vertelbot meeting feed list")
    return 0


def _out(options: argparse.Namespace) -> int:
    from bot.meetings.calendar_link import new_calendar_link

    async def work(opened: OpenServices) -> str:
        def made(connection: Transaction) -> str:
            return new_calendar_link(connection, opened.services)

        return await opened.database.write(made)

    print(with_services(options, work))
    return 0
