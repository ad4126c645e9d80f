"""A backup of an older Vertelbot (of November 2026, tables of version 0004) is restored and read,
and its conversations go on. It holds a story of Bob, and one that Alice was telling: up to how she
felt, of which she had tapped one."""

from __future__ import annotations

from pathlib import Path

from storage.engine.database import Database
from storage.files import write_private
from storage.lifecycle import restore
from storage.lifecycle.unlock import unlock
from tests.botapi import BotApi
from tests.end_to_end.kit import running

STORE = Path(__file__).parent / "older_store"
TOLD = "Ik belde op maandag, en op woensdag zat er iemand bij mij aan tafel."


async def test_a_backup_of_an_older_version_is_restored_and_its_conversations_go_on(
    tmp_path: Path,
) -> None:
    for file in ("vertelbot.key", "vertelbot.key.erased"):
        write_private(tmp_path / file, (STORE / file).read_bytes(), replace=False)
    database = Database(f"sqlite:///{tmp_path}/vertelbot.db")
    database.start()
    vault, log = await unlock(database, tmp_path / "vertelbot.key")
    assert await restore.restore(STORE / "backup.vb", database, vault, log) == 132
    database.close()
    async with BotApi() as api, running(tmp_path, api) as house:
        api.world.updates.next += 1000  # those of then were seen
        bob, alice = house.phone("Bob"), house.phone("Alice")
        first = await house.story()
        assert TOLD in first.telling.text
        assert first.telling.name == "De stoel bij het raam"
        assert first.telling.answers["feeling"] == ["relieved", "proud"]
        await bob.say("/mijnverhalen")
        assert "De stoel bij het raam" in bob.last.labels
        await alice.say("/verder")
        assert "✓ Opgelucht" in alice.last.labels
        await alice.tap("Klaar met kiezen")
        while "Zo klopt het" not in alice.last.labels:
            skip = [each for each in alice.last.labels if each in ("Sla over", "Weet ik niet")]
            await alice.tap((skip or alice.last.labels)[-1 if not skip else 0])
        assert TOLD in alice.read
        for label in ("Zo klopt het", *["Ja, dat mag"] * 3, "Nee, liever niet", "Ja, graag"):
            await alice.tap(label)
        assert [TOLD in each.telling.text for each in await house.stories()] == [True, True]
