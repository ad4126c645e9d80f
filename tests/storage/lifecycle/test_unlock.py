"""A database and its key belong together."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.vault.erasure import NoErasureLog
from storage.vault.vault import KeyProblem, Vault
from tests.storage.stores import Postgres, open_store


async def test_a_new_database_gets_a_key_and_a_log(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)
    person = await store.person()
    store.close()
    again = await open_store(url, tmp_path)
    assert (await again.person()).id == person.id
    again.close()


async def test_two_that_start_for_the_first_time_have_one_key(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.fresh()
    for number in range(10):
        folder = tmp_path / f"{number}"
        stores = await asyncio.gather(*(open_store(url, folder) for _ in range(4)))
        people = {(await each.person(f"{number}")).id for each in stores}
        for each in stores:
            each.close()
        assert len(people) == 1
        url = postgres.fresh()


async def test_a_filled_database_without_its_key_refuses_and_makes_no_new_one(
    url: str, tmp_path: Path
) -> None:
    store = await open_store(url, tmp_path)
    store.close()
    store.key_file.unlink()
    with pytest.raises(KeyProblem, match="missing"):
        await open_store(url, tmp_path)
    assert not store.key_file.exists()


async def test_a_filled_database_refuses_another_key(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)
    store.close()
    store.key_file.unlink()
    Vault.create(store.key_file)
    with pytest.raises(KeyProblem, match="does not belong"):
        await open_store(url, tmp_path)


async def test_a_key_without_its_erasure_log_refuses(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)
    store.close()
    store.log.path.unlink()
    with pytest.raises(NoErasureLog, match="missing"):
        await open_store(url, tmp_path)
