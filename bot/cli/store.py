"""`vertelbot export`, `backup`, `restore`, `purge` and `key`: what is done with the store."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from bot.app import App
from bot.cli.common import Commands, Failure, command, with_app
from bot.settings import load
from storage import archive, rotation
from storage.files import write_private


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


def _backup(options: argparse.Namespace) -> int:
    async def work(app: App) -> int:
        return await archive.backup(app.database, app.house.vault, app.house.erased, options.file)

    try:
        rows = with_app(options, work)
    except FileExistsError:
        raise Failure(f"{options.file} is there already: choose another name") from None
    print(
        f"{options.file}: {rows} rows. To restore it, keep the key file and its .erased file too."
    )
    return 0


def _restore(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise Failure(f"{options.file}: no such file")

    async def work(app: App) -> int:
        return await archive.restore(options.file, app.database, app.house.vault, app.house.erased)

    print(f"{with_app(options, work, exclusive=True)} rows are back.")
    return 0


def _purge(options: argparse.Namespace) -> int:
    async def work(app: App) -> dict[str, int]:
        return await app.purge()

    for name, count in with_app(options, work).items():
        print(f"{name:10} {count}")
    return 0


def _export_key(options: argparse.Namespace) -> int:
    source = load(options.config).privacy.key_file
    if not source.is_file():
        raise Failure(f"{source}: there is no key yet; `vertelbot run` makes it")
    try:
        write_private(options.file, source.read_bytes(), replace=False)
        erased = source.with_name(f"{source.name}.erased")
        if erased.is_file():
            shutil.copyfile(erased, options.file.with_name(f"{options.file.name}.erased"))
    except FileExistsError:
        raise Failure(f"{options.file} is there already: choose another name") from None
    print(f"{options.file}: whoever has this file and the database can read every story.")
    return 0


def _rotate_key(options: argparse.Namespace) -> int:
    async def work(app: App) -> int:
        app.house.vault.rotate()
        resealed = await rotation.reseal(app.database, app.house.vault)
        await app.database.scrub()
        return resealed

    print(f"{with_app(options, work)} values are sealed with the new key. Export it again.")
    return 0
