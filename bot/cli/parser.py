"""The parser of all commands, and what becomes of their errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bot.cli.common import CONFIG, Failure, as_typed
from bot.validation.unicode_input import replace_surrogates

_STORE = "bot.cli.store"
COMMANDS = {
    "run": ("bot.cli.run", "start Vertelbot"),
    "chat": ("bot.cli.chat", "tell a story here, in the terminal (or from a pipe)"),
    "check": ("bot.cli.guides", "prove the promises of every guide"),
    "draw": ("bot.cli.guides", "a guide as a Mermaid diagram"),
    "redact": ("bot.cli.guides", "find what identifies people in a text"),
    "guide": (
        "bot.cli.authoring.guide_files",
        "guides: make, check, draw, export, import, publish, recall",
    ),
    "team": ("bot.cli.teams", "the teams people can choose from"),
    "coordinator": ("bot.cli.teams", "who may read"),
    "meeting": ("bot.cli.meeting", "visits and learning groups"),
    "blocked": (
        "bot.cli.blocked",
        "addresses that get no letters, for the mail server said that they do not exist",
    ),
    "digest": ("bot.cli.digest", "put the digests that are due into the outbox"),
    "export": ("bot.cli.export", "stories in a file, as far as their tellers agreed"),
    "figures": ("bot.cli.figures", "figures that stand beside stories: import, list, remove"),
    "session": ("bot.cli.sensemaking.session", "sense-making sessions"),
    "uses": ("bot.cli.uses", "how stories left the store: files, packs, sessions, quotations"),
    "backup": (_STORE, "write everything to one encrypted file"),
    "restore": (_STORE, "read a backup into an empty database"),
    "purge": (_STORE, "forget what is old enough, now"),
    "key": (_STORE, "the key that opens the store"),
}
"""The module of each command, and what it is for: no module is read but that of the command that
was asked for, since most bring a store, a server and their libraries with them."""


def expected() -> tuple[type[Exception], ...]:
    """What can go wrong with a clear text: shown without a traceback. Asked for when something
    did."""
    from bot.operations.server import CannotListen
    from bot.settings import SettingsError
    from conversations.guide.problems import GuideError
    from storage.engine.database import AlreadyRunning
    from storage.engine.errors import Unavailable
    from storage.lifecycle.archive_file import ArchiveProblem
    from storage.migrations import WrongSchema
    from storage.vault.erasure import NoErasureLog
    from storage.vault.vault import KeyProblem, SealBroken

    wrong = (SettingsError, GuideError, AlreadyRunning, WrongSchema, CannotListen, KeyProblem)
    return (Failure, *wrong, SealBroken, Unavailable, ArchiveProblem, NoErasureLog)


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """All commands. Each sets `go`, a function of the arguments that returns an exit code. With a
    command that was `asked` for, the others are there by name only."""
    named = os.environ.get(CONFIG)
    top = argparse.ArgumentParser(
        prog="vertelbot",
        description="People tell a short guided story, with consent.",
        parents=[_common(Path(named) if named else None, False)],
    )
    # Said before or after a command, it holds: no parser inside takes it back by a default.
    common = _common(argparse.SUPPRESS, argparse.SUPPRESS)
    commands = top.add_subparsers(required=True, metavar="command")
    whole = {module for name, (module, _) in COMMANDS.items() if asked in (None, name)}
    for name, (module, about) in COMMANDS.items():
        if module not in whole:
            commands.add_parser(name, help=about)
        elif name not in commands.choices:
            import_module(module).add(commands, common)
    return top


def asked_for(arguments: Sequence[str]) -> str | None:
    """The command of these arguments, before which options may stand; empty for none. None when it
    is not known."""
    words = list(arguments)
    while words and words[0].startswith("-"):
        del words[: 2 if words[0] == "--config" else 1]
    name = words[0] if words else ""
    return name if name in ("", *COMMANDS) else None


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


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked. Exits where that is help, or cannot be understood."""
    options = parser(asked_for(arguments)).parse_args(arguments)
    for name, value in list(vars(options).items()):
        setattr(options, name, _whole(value))
    return options


def run_command(options: argparse.Namespace) -> int:
    """Run a command; the exit code: 0 only on success. A known error is printed as its text."""
    from bot import logs

    logs.begin()
    try:
        code: int = options.go(options)
    except OSError as problem:
        file = _file_of(options, problem)
        if file is None:
            raise
        print(f"{file}: {problem.strerror}", file=sys.stderr)
        return 1
    except Exception as problem:
        if not isinstance(problem, expected()):
            raise
        print(as_typed(str(problem)), file=sys.stderr)
        return 1
    return code


def _file_of(options: argparse.Namespace, problem: OSError) -> Path | None:
    """The file that was named to the command, when that is what went wrong: another one is a fault
    of ours."""
    about = Path(problem.filename) if isinstance(problem.filename, str) else None
    if about is None or not problem.strerror:
        return None
    named = (value for value in vars(options).values() if isinstance(value, Path))
    return next((file for file in named if about in (file, _draft_of(file, about))), None)


def _draft_of(file: Path, about: Path) -> Path | None:
    """What stands in the place of a file until it is written."""
    drafted = about.parent == file.parent and about.name.startswith(f".{file.name}.")
    return about if drafted else None


def _whole(value: object) -> object:
    """An argument without half characters; a path may have any bytes."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return replace_surrogates(value) if isinstance(value, str) else value
