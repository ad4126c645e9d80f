"""`vertelbot export`: stories in a file, as far as their tellers agreed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import Commands, Failure, command, with_services
from bot.coordinators.exports.export import FORMATS
from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from storage.files import write_private
from storage.stories.permissions import FILE_PURPOSES
from storage.stories.reading import Filters
from storage.weeks import day_of

if TYPE_CHECKING:
    from bot.wiring.open_services import OpenServices

SCHEMA = Path(__file__).parents[1] / "coordinators" / "exports" / "stories.schema.json"


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    export = command(
        commands, common, "export", "stories in a file, as far as their tellers agreed", _export
    )
    export.add_argument("--format", choices=FORMATS, default="json", help="default: json")
    export.add_argument(
        "--purpose",
        choices=FILE_PURPOSES,
        default="team",
        help="what the file is for: only stories whose tellers agreed to that (default: team)",
    )
    export.add_argument("--guide", default="", help="one guide only; needed for narrafirma")
    export.add_argument("--first", default="", metavar="WEEK", help="from this week, as 2026-W01")
    export.add_argument("--last", default="", metavar="WEEK", help="up to this week")
    export.add_argument("--language", choices=("nl", "en"), default="nl", help="of the labels")
    export.add_argument(
        "--output", type=Path, metavar="FILE", help="a new file (default: standard output)"
    )
    export.add_argument("--schema", action="store_true", help="print the JSON Schema of the JSON")


def _export(options: argparse.Namespace) -> int:
    if options.schema:
        print(SCHEMA.read_text(encoding="utf-8"), end="")
        return 0
    first, last = _week(options.first), _week(options.last)
    if options.format == "narrafirma" and not options.guide:
        raise Failure("NarraFirma reads the stories of one guide: add --guide")

    async def work(opened: OpenServices) -> tuple[bytes, str]:
        if options.guide and options.guide not in opened.services.shelf.library.ids:
            raise Failure(
                f"{options.guide} is no guide: {', '.join(opened.services.shelf.library.ids)}"
            )
        chosen = Filters(guide=options.guide, first=first, last=last)
        wanted = FileRequest(None, options.purpose, options.format, chosen, options.language)
        files = StoryFiles(opened.database, opened.services, opened.clock)
        export = await files.gathered(wanted)
        return file_of(export, options.format, options.guide), export.note

    made, note = with_services(options, work)
    if note:
        print(note, file=sys.stderr)
    if options.output is None:
        sys.stdout.buffer.write(made)
        return 0
    try:
        write_private(options.output, made, replace=False)
    except FileExistsError:
        raise Failure(f"{options.output} is there already: choose another name") from None
    return 0


def _week(text: str) -> str:
    try:
        if text:
            day_of(text)
    except ValueError as problem:
        raise Failure(str(problem)) from None
    return text
