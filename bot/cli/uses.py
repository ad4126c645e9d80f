"""`vertelbot uses check`: whether the register of how stories left is whole."""

from __future__ import annotations

import argparse
import json
import sys

from bot.cli.common import Commands, command, with_store
from bot.wiring.opening import OpenStore
from storage.stories import uses
from storage.stories.uses import UseFault

SHOWN = 12
"""How much of the pseudonym of a story is printed."""


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    about = "how stories left the store: files, packs, sessions, quotations"
    top = command(commands, common, "uses", about)
    actions = top.add_subparsers(required=True, metavar="action")
    command(actions, common, "check", "find a use that was changed, or is missing", _check)


def _check(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> tuple[int, list[UseFault]]:
        return await store.database.read(uses.check)

    count, faults = with_store(options, work)
    if options.json:
        found = [{"story": f.story, "number": f.number, "fault": f.fault} for f in faults]
        print(json.dumps({"ok": not faults, "uses": count, "faults": found}, indent=2))
        return 1 if faults else 0
    for each in faults:
        print(_sentence(each), file=sys.stderr)
    if not faults:
        print(f"{count} uses, none was changed and none is missing.")
    return 1 if faults else 0


def _sentence(fault: UseFault) -> str:
    if not fault.story:
        return f"the register does not close: it has {fault.number} uses, and some are missing"
    return f"story {fault.story[:SHOWN]}: use {fault.number} is {fault.fault}"
