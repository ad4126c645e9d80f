"""`vertelbot export`, `backup`, `restore`, `purge` and `key`: what is done with the store."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from bot.app import App
from bot.cli.common import CONFIG, Commands, Failure, command, with_app
from bot.settings import load
from storage import archive, rotation
from storage.files import write_private
from storage.vault import Vault


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    backup = command(commands, common, "backup", "write everything to one encrypted file", _backup)
    backup.add_argument("file", type=Path)
    restore = command(commands, common, "restore", "read a backup into an empty database", _restore)
    restore.add_argument("file", type=Path)
    command(commands, common, "purge", "forget what is old enough, now", _purge)
    key = commands.add_parser("key", help="the key that opens the store")
    actions = key.add_subparsers(metavar="action", required=True)
    export = command(actions, common, "export", "copy the key file to a safe place", _export_key)
    export.add_argument("file", type=Path)
    command(actions, common, "rotate", "make a new key and seal everything again", _rotate_key)


@contextlib.contextmanager
def _with(file: Path) -> Iterator[None]:
    """What is wrong with a file of a command, in a clear text."""
    try:
        yield
    except FileExistsError:
        raise Failure(f"{file} is there already: choose another name") from None
    except OSError as error:
        raise Failure(
            f"{file}: {error.strerror or type(error).__name__}. Make room, or choose another place"
        ) from None


def _filled(options: argparse.Namespace) -> None:
    """A command that is called in the wrong folder must not make an empty database and be content
    with it."""
    url = make_url(load(options.config).storage.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise Failure(
            f"{url.database}: there is no database. Is --config, or {CONFIG}, the right file?"
        )


def _backup(options: argparse.Namespace) -> int:
    _filled(options)

    async def work(app: App) -> int:
        return await archive.backup(app.database, app.house.vault, app.house.erased, options.file)

    with _with(options.file):
        rows = with_app(options, work)
    print(
        f"{options.file}: {rows} rows. To restore it, keep the key file and its .erased file too."
    )
    return 0


def _restore(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise Failure(f"{options.file}: no such file")
    key_file = load(options.config).privacy.key_file
    if not key_file.is_file():
        raise Failure(
            f"{key_file}: there is no key: put the one there that the backup was made with"
        )

    async def work(app: App) -> int:
        return await archive.restore(options.file, app.database, app.house.vault, app.house.erased)

    with _with(options.file):
        rows = with_app(options, work, exclusive=True)
    print(f"{rows} rows are back.")
    return 0


def _purge(options: argparse.Namespace) -> int:
    _filled(options)

    async def work(app: App) -> dict[str, int]:
        return await app.purge()

    for name, count in with_app(options, work).items():
        print(f"{name:10} {count}")
    return 0


def _export_key(options: argparse.Namespace) -> int:
    source = load(options.config).privacy.key_file
    if not source.is_file():
        raise Failure(f"{source}: there is no key yet; `vertelbot run` makes it")
    Vault.load(source)  # a damaged one is no copy to trust
    with _with(options.file):
        write_private(options.file, source.read_bytes(), replace=False)
        erased = source.with_name(f"{source.name}.erased")
        if erased.is_file():
            copy = options.file.with_name(f"{options.file.name}.erased")
            write_private(copy, erased.read_bytes(), replace=True)
    print(f"{options.file}: whoever has this file and the database can read every story.")
    return 0


def _rotate_key(options: argparse.Namespace) -> int:
    _filled(options)
    key_file = load(options.config).privacy.key_file
    if key_file.is_file() and key_file.stat().st_uid != os.geteuid():
        raise Failure(f"{key_file} belongs to another user: become that user, or it loses its key")

    async def work(app: App) -> tuple[bool, int]:
        fresh = await rotation.begin(app.database, app.house.vault)
        resealed = await rotation.reseal(app.database, app.house.vault)
        if await rotation.beside(app.database):
            print(f"Waiting {rotation.ALL_FOLLOW:.0f} seconds: Vertelbot runs, and follows.")
            await asyncio.sleep(rotation.ALL_FOLLOW)
            resealed += await rotation.reseal(app.database, app.house.vault)
        await rotation.finish(app.database, app.house.vault)
        await app.database.scrub()
        return fresh, resealed

    try:
        with _with(key_file), rotation.alone(key_file):
            fresh, resealed = with_app(options, work)
    except rotation.Rotating as problem:
        raise Failure(str(problem)) from None
    if not fresh:
        print("A rotation that was stopped is finished. For yet another key, run this again.")
    print(f"{resealed} values are sealed with the new key. Export it again.")
    return 0
