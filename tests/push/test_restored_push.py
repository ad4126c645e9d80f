"""A device that subscribed is still rung after a restore: what signs comes from the key file, and
where the device is stands in the backup."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.app import App
from bot.channels.base import Bell, Outgoing
from bot.channels.push.channel import WebPush
from bot.settings import PushSettings, Settings
from storage.bells import bells
from storage.engine.transaction import Transaction
from storage.lifecycle import archive, restore
from storage.people import people
from tests.end_to_end.kit import MovableClock, settings
from tests.push.service import push_service


def with_push(folder: Path) -> Settings:
    push = PushSettings(subject="mailto:beheer@example.nl", private=True)
    return settings(folder).model_copy(update={"push": push})


async def test_a_device_is_still_rung_after_a_restore_into_an_empty_folder(tmp_path: Path) -> None:
    old, new, clock = tmp_path / "old", tmp_path / "new", MovableClock()
    old.mkdir()
    new.mkdir()
    async with push_service(clock) as service:
        device = service.device()

        def subscribed(connection: Transaction) -> str:
            person = people.find_or_make(connection, "web", "page", "nl", "2026-W48")
            return bells.put(connection, person.id, "push", device.address).person_id

        async with App.opened(with_push(old), clock) as app:
            push = app.channels["push"]
            assert isinstance(push, WebPush)
            service.key = push.key.public  # a service refuses whatever another key signed
            person_id = await app.database.write(subscribed)
            vault, log = app.services.vault, app.services.erased
            await archive.backup(app.database, vault, log, tmp_path / "backup.vb")
            await push.close()
        for name in ("vertelbot.key", "vertelbot.key.erased"):
            shutil.copy(old / name, new)
        shutil.rmtree(old)
        async with App.opened(with_push(new), clock) as app:
            vault, log = app.services.vault, app.services.erased
            await restore.restore(tmp_path / "backup.vb", app.database, vault, log)
            [bell] = await app.database.read(lambda s: bells.of_person(s, person_id))
            push = app.channels["push"]
            said = Bell(
                "Vertelbot", "Er staat een vraag klaar.", "https://vertel.example.nl/", "nl"
            )
            await push.send(Outgoing(1, bell.address, said, "nl"))
            await push.close()
        assert service.refused == []
        assert [told["text"] for told in device.opened()] == ["Er staat een vraag klaar."]
