"""The parser of all commands, and what becomes of their errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import logs
from bot.app import CannotListen
from bot.cli import (
    blocked,
    chat,
    digest,
    export,
    figures,
    guides,
    meeting,
    run,
    store,
    teams,
    uses,
)
from bot.cli.authoring import guide_files
from bot.cli.common import CONFIG, Failure, as_typed
from bot.cli.sensemaking import session
from bot.settings import SettingsError
from bot.validation.unicode_input import replace_surrogates
from conversations.guide.problems import GuideError
from storage.engine.database import AlreadyRunning
from storage.engine.errors import Unavailable
from storage.lifecycle.archive import ArchiveProblem
from storage.migrations import WrongSchema
from storage.vault.erasure import NoErasureLog
from storage.vault.vault import KeyProblem, SealBroken

EXPECTED = (
    Failure,
    SettingsError,
    GuideError,
    AlreadyRunning,
    WrongSchema,
    CannotListen,
    KeyProblem,
    SealBroken,
    Unavailable,
    ArchiveProblem,
    NoErasureLog,
)
"""What can go wrong with a clear text: shown without a traceback."""


def parser() -> argparse.ArgumentParser:
    """All commands. Each sets `go`, a function of the arguments that returns an exit code."""
    named = os.environ.get(CONFIG)
    top = argparse.ArgumentParser(
        prog="vertelbot",
        description="People tell a short guided story, with consent.",
        parents=[_common(Path(named) if named else None, False)],
    )
    # Said before or after a command, it holds: no parser inside takes it back by a default.
    common = _common(argparse.SUPPRESS, argparse.SUPPRESS)
    commands = top.add_subparsers(required=True, metavar="command")
    some = (
        run,
        chat,
        guides,
        guide_files,
        teams,
        meeting,
        blocked,
        digest,
        export,
        figures,
        session,
        uses,
    )
    for module in (*some, store):
        module.add(commands, common)
    return top


def _common(config: Path | str | None, json: bool | str) -> argparse.ArgumentParser:
    """What may be said to every command, with these defaults."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config",
        type=Path,
        default=config,
        metavar="FILE",
        help=f"the configuration (default: what {CONFIG} names, else config.toml)",
    )
    common.add_argument("--json", action="store_true", default=json, help="print JSON, not tables")
    return common


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 only on success. A known error is printed as its text."""
    logs.begin()
    options = parser().parse_args(arguments)
    for name, value in list(vars(options).items()):
        setattr(options, name, _whole(value))
    try:
        code: int = options.go(options)
    except EXPECTED as problem:
        print(as_typed(str(problem)), file=sys.stderr)
        return 1
    return code


def _whole(value: object) -> object:
    """An argument without half characters; a path may have any bytes."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return replace_surrogates(value) if isinstance(value, str) else value
