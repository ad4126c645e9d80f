"""`vertelbot digest`: what the weekly digest tells, and sending what is due."""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import Commands, Failure, command, with_app
from bot.coordinators.digest.facts import OLDEST
from bot.coordinators.digest.messages import DigestMessage
from storage.weeks import day_of, week_of, weeks_before

if TYPE_CHECKING:
    from bot.app import App


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    digest = command(
        commands, common, "digest", "put the digests that are due into the outbox", _digest
    )
    digest.add_argument(
        "--preview",
        action="store_true",
        help="print a digest and send nothing; the numbers it shows count as published",
    )
    digest.add_argument("--team", default="", help="the id of a team (default: all together)")
    digest.add_argument(
        "--week", default="", help="as 2026-W47 (default: the last one that is over)"
    )
    digest.add_argument("--language", default="nl", choices=("nl", "en"))
    digest.add_argument(
        "--picture", type=Path, metavar="FILE", help="write the picture as PNG (with --preview)"
    )


def _digest(options: argparse.Namespace) -> int:
    if options.preview:
        return _preview(options)

    async def work(app: App) -> int:
        return await app.jobs.digests.go()

    print(f"{with_app(options, work)} digests go out.")
    return 0


def _preview(options: argparse.Namespace) -> int:
    async def work(app: App) -> tuple[DigestMessage, str]:
        week = options.week or weeks_before(week_of(app.clock.now()), 1)
        try:
            day_of(week)
        except ValueError as problem:
            raise Failure(str(problem)) from None
        if week > week_of(app.clock.now()):
            raise Failure(f"{week} has not begun yet")
        if week < weeks_before(week_of(app.clock.now()), OLDEST):
            raise Failure(f"{week} is too long ago: digests go {OLDEST} weeks back")
        known = [team.id for town in app.services.shelf.places.towns for team in town.teams]
        if options.team and options.team not in known:
            raise Failure(f"{options.team} is no team: see vertelbot team list")
        told = await app.jobs.digests.told(None, week, options.team, options.language)
        return told, await app.jobs.digests.draw(told) if options.picture else ""

    told, png = with_app(options, work)
    if options.picture:
        options.picture.write_bytes(base64.b64decode(png))
    if options.json:
        print(json.dumps(told.digest.json(), ensure_ascii=False, indent=2))
    else:
        print("\n\n".join([told.title, *told.paragraphs(), told.gate_note()]))
    return 0
