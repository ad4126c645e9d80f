"""`vertelbot export`, `backup`, `restore`, `purge` and `key`: what is done with the store."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from bot.cli.common import CONFIG, Commands, Failure, as_typed, command, with_app, with_store
from bot.settings import load
from bot.wiring.opening import OpenStore
from storage.files import write_private
from storage.lifecycle import archive, restore, rotation
from storage.vault.erasure import COPY, ErasureLog
from storage.vault.vault import Vault

if TYPE_CHECKING:
    from bot.app import App


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    backup = command(commands, common, "backup", "write everything to one encrypted file", _backup)
    backup.add_argument("file", type=Path)
    restore = command(commands, common, "restore", "read a backup into an empty database", _restore)
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--yes", action="store_true", help="the list of what was erased is the newest one: ask not"
    )
    command(commands, common, "purge", "forget what is old enough, now", _purge)
    key = command(commands, common, "key", "the key that opens the store")
    actions = key.add_subparsers(metavar="action", required=True)
    export = command(actions, common, "export", "copy the key file to a safe place", _export_key)
    export.add_argument("file", type=Path)
    export.add_argument(
        "--replace",
        action="store_true",
        help="put it in the place of an older copy, when that is of the same key",
    )
    command(actions, common, "rotate", "make a new key and seal everything again", _rotate_key)


_FULL = errno.ENOSPC, errno.EDQUOT


@contextlib.contextmanager
def _with(file: Path) -> Iterator[None]:
    """What is wrong with a file of a command, in a clear text."""
    try:
        yield
    except FileExistsError:
        raise Failure(f"{file} is there already: choose another name") from None
    except OSError as error:
        mend = "Make room, or choose" if error.errno in _FULL else "Choose"
        raise Failure(
            f"{file}: {error.strerror or type(error).__name__}. {mend} another place"
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

    if not options.file.parent.is_dir():
        raise Failure(
            f"{options.file.parent}: there is no such folder. Is its disk mounted? Else make it"
        )

    async def work(store: OpenStore) -> int:
        log = store.erased
        rows = await archive.backup(store.database, store.vault, log, options.file)
        await asyncio.to_thread(log.put_copy, options.file.parent / COPY)
        return rows

    with _with(options.file):
        rows = with_store(options, work)
    print(
        f"{options.file}: {rows} rows. To restore it, keep the key file too, and the newest list "
        f"of what was erased; the one of now lies beside it ({COPY})."
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

    async def work(store: OpenStore) -> int:
        vault, log = store.vault, store.erased
        _sure(restore.compare(options.file, vault, log), log, options)
        return await restore.restore(options.file, store.database, vault, log)

    with _with(options.file):
        rows = with_store(options, work, exclusive=True)
    print(f"{rows} rows are back.")
    return 0


def _sure(found: restore.ErasureComparison, log: ErasureLog, options: argparse.Namespace) -> None:
    """Nobody but the operator can know whether more was erased than the newest list says."""
    newest = f"the newest is of {found.newest}" if found.newest else "so nothing was erased"
    said = [
        f"The list of what was erased ({log.path}) has {found.entries} entries; {newest}. "
        f"{found.later} are later than the backup.",
        "What was erased after this list was copied would come back. The newest one lies with the "
        f"newest backups ({COPY}), with the exported key, or on the machine itself.",
    ]
    if not found.marked:
        said.append("The backup is of an older Vertelbot: it only knows how long the list was.")
    print("\n".join(said), file=sys.stderr)
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Failure("Is it the newest list? Then say so with --yes. Nothing was restored.")
    if input("Is it the newest list? [y/N] ").strip().lower() not in ("y", "yes", "j", "ja"):
        raise Failure("Nothing was restored.")


def _purge(options: argparse.Namespace) -> int:
    _filled(options)

    async def work(app: App) -> dict[str, int]:
        return await app.jobs.purge()

    forgotten = with_app(options, work)
    if options.json:
        print(json.dumps(forgotten))
        return 0
    for name, count in forgotten.items():
        print(f"{name:10} {count}")
    return 0


def _export_key(options: argparse.Namespace) -> int:
    source = load(options.config).privacy.key_file
    if not source.is_file():
        raise Failure(f"{source}: there is no key yet; `vertelbot run` makes it")
    vault = Vault.load(source)  # a damaged one is no copy to trust
    replace = options.replace and options.file.exists()
    if replace and not vault.contains(Vault.load(options.file)):
        raise Failure(
            f"{options.file} holds keys that {source} has not: it is not replaced. Choose another "
            "name, and find out which of the two opens which backups"
        )
    if options.file.is_file() and not replace:
        raise Failure(
            f"{options.file} is there already: choose another name, or say --replace to put this "
            "key in the place of an older copy of it"
        )
    with _with(options.file):
        write_private(options.file, source.read_bytes(), replace=replace)
        log = ErasureLog.beside(source)
        if log.path.is_file():
            log.put_copy(options.file.with_name(f"{options.file.name}.erased"))
    print(f"{options.file}: whoever has this file and the database can read every story.")
    return 0


def _rotate_key(options: argparse.Namespace) -> int:
    _filled(options)
    key_file = load(options.config).privacy.key_file
    if key_file.is_file() and key_file.stat().st_uid != os.geteuid():
        raise Failure(f"{key_file} belongs to another user: become that user, or it loses its key")

    async def work(store: OpenStore) -> tuple[bool, int]:
        fresh = await rotation.begin(store.database, store.vault)
        resealed = await rotation.reseal(store.database, store.vault)
        if await rotation.beside(store.database):
            print(f"Waiting {rotation.ALL_FOLLOW:.0f} seconds: Vertelbot runs, and follows.")
            await asyncio.sleep(rotation.ALL_FOLLOW)
            resealed += await rotation.reseal(store.database, store.vault)
        await rotation.finish(store.database, store.vault)
        await store.database.scrub()
        return fresh, resealed

    try:
        with _with(key_file), rotation.alone(key_file):
            fresh, resealed = with_store(options, work)
    except rotation.Rotating as problem:
        raise Failure(str(problem)) from None
    if not fresh:
        print("A rotation that was stopped is finished. For yet another key, run this again.")
    print(f"{resealed} values are sealed with the new key.")
    print(as_typed("Export it again, over the copy: `vertelbot key export FILE --replace`."))
    return 0
