"""`vertelbot blocked`: addresses that a mail server said do not exist, and freeing them."""

from __future__ import annotations

import argparse
import json

from bot.cli.common import Commands, Failure, command, show, with_store
from bot.validation.mail_addresses import NoAddress, parse_address
from bot.wiring.opening import OpenStore
from storage.engine.transaction import Transaction
from storage.people import blocked_addresses
from storage.people.blocked_addresses import BlockedAddress


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    about = "addresses that get no letters, for the mail server said that they do not exist"
    top = command(commands, common, "blocked", about, _list)
    actions = top.add_subparsers(metavar="action")
    command(actions, common, "list", "all of them", _list)
    freeing = command(actions, common, "free", "send letters to an address again", _free)
    freeing.add_argument("address")


def _list(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[BlockedAddress]:
        return await store.database.read(blocked_addresses.listed)

    rows = [
        {"address": each.address, "week": each.week, "said": each.said}
        for each in with_store(options, work)
    ]
    show(rows, as_json=options.json, empty="No address is blocked.")
    return 0


def _free(options: argparse.Namespace) -> int:
    try:
        wanted = {parse_address(options.address)}
    except NoAddress:
        wanted = set()  # one of before, perhaps, that is none today
    wanted.add(options.address.strip().lower())

    async def work(store: OpenStore) -> list[str]:

        def free(connection: Transaction) -> list[str]:
            found = [one for one in blocked_addresses.listed(connection) if one.address in wanted]
            return [one.address for one in found if blocked_addresses.free(connection, one.id)]

        return await store.database.write(free)

    freed = with_store(options, work)
    if not freed:
        raise Failure("this address is not blocked: see vertelbot blocked list")
    if options.json:
        print(json.dumps({"freed": freed}, ensure_ascii=False))
    else:
        print(f"{freed[0]} gets letters again; invite it anew to what it missed")
    return 0
