"""`vertelbot session`: the sense-making sessions, and the pack of one."""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import Commands, Failure, command, show, with_app, with_store
from bot.wiring.opening import OpenStore
from storage.coordinators import coordinators
from storage.files import write_private
from storage.sensemaking import sessions
from storage.sensemaking.sessions import SenseSession

if TYPE_CHECKING:
    from bot.app import App


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    session = command(commands, common, "session", "sense-making sessions", _list)
    actions = session.add_subparsers(metavar="action")
    command(actions, common, "list", "all sessions", _list)
    packing = command(actions, common, "pack", "write the pack of a session as PDF", _pack)
    packing.add_argument("id")
    packing.add_argument("--output", type=Path, required=True, metavar="FILE")


def _list(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[SenseSession]:
        return await store.database.read(lambda s: sessions.listed(s, None))

    found = with_store(options, work)
    rows = [
        {
            "id": each.id,
            "title": each.title,
            "team": each.team,
            "sits": each.sits,
            "state": each.state,
            "code": each.code,
            "made": each.made_at.date().isoformat(),
        }
        for each in found
    ]
    show(rows, as_json=options.json, empty="there are no sessions yet")
    return 0


def _pack(options: argparse.Namespace) -> int:
    from bot.coordinators.charts.renderer import CannotDraw
    from bot.coordinators.phrases import words
    from bot.sensemaking.packs.pack_data import assemble, print_cards

    async def work(app: App) -> bytes:
        now = app.clock.now()
        session = await app.database.read(lambda s: sessions.known(s, options.id))
        if session is None:
            raise Failure("there is no such session: `vertelbot session list` shows them")
        who = await app.database.read(lambda s: coordinators.by_id(s, session.facilitator))
        if who is None:
            raise Failure("nobody leads this session any more: open its page first")
        may = await app.database.write(lambda c: print_cards(c, who, session, now))
        pack = await app.database.read(
            lambda s: assemble(s, app.services, who, session, words(who.language), may, now)
        )
        try:
            return base64.b64decode(await app.studio.once(pack))
        except CannotDraw as problem:
            raise Failure(f"{problem}: install the extra `packs`") from None

    made = with_app(options, work)
    write_private(options.output, made, replace=True)
    print(options.output)
    return 0
