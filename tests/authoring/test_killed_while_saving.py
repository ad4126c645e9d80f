"""A process that is killed while it saves a draft: every save that it told of is there, whole, and
nothing half."""

from __future__ import annotations

from pathlib import Path
from random import Random

from storage.guides import drafts
from tests.forks import PIPE, forked
from tests.storage.stores import open_store

ROUNDS = 2
SAVES = """
import asyncio, sys
from datetime import UTC, datetime
from functools import partial
from storage.engine.database import Database
from storage.guides import drafts

async def main(url, since):
    database = Database(url)
    database.start()
    while True:
        text = f"title = {since + 1}\\n" * 20000
        texts = {"en": {"a.say": {"text": str(since + 1), "source": text[:40]}}}
        print("saving", since + 1, flush=True)
        since = await database.write(partial(
            drafts.save, guide="g", text=text, texts=texts, since=since, who="c",
            now=datetime.now(UTC)))
        print("saved", since, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def test_a_kill_while_saving_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    store.close()
    lot, kept = Random(18), 0
    for _ in range(ROUNDS):
        writer = await forked("-c", SAVES, store.url, str(kept), stdout=PIPE)
        assert writer.stdout is not None
        told = kept
        stop = kept + lot.randrange(2, 6)
        async for line in writer.stdout:
            what, number = line.split()
            told = int(number) if what == b"saved" else told
            if what == b"saving" and int(number) == stop:
                writer.kill()
        await writer.wait()
        assert told > kept
        store = await open_store(store.url, tmp_path)
        numbers = [
            each.revision for each in await store.database.read(lambda s: drafts.saves(s, "g"))
        ]
        newest = await store.database.read(lambda s: drafts.newest_of(s, "g"))
        store.close()
        assert newest is not None
        kept = newest.revision
        assert kept in (told, told + 1)
        assert numbers == list(range(kept, 0, -1))
        assert newest.text == f"title = {kept}\n" * 20000
        assert newest.texts["en"]["a.say"]["text"] == str(kept)
