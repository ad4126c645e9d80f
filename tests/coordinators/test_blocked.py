"""Addresses without mail: the association alone sees and frees them, and each look is noted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.people import blocked_addresses, people
from tests.cli.conftest import Run
from tests.coordinators.office import Office
from tests.storage.stores import WEEK, Store, open_store

ADDRESS = "o'neil@example.nl"
PAGE = "/coordinator/blocked"


def shut_out(connection: Transaction, address: str = ADDRESS) -> str:
    person = people.find_or_make(connection, "mail", address, "nl", WEEK)
    people.block(connection, person.id)
    blocked_addresses.note(connection, person.id, "550 5.1.1 from the mail server", WEEK)
    return person.id


async def test_the_association_sees_who_is_blocked_and_frees_them(office: Office) -> None:
    who = await office.store.database.write(shut_out)
    person = await office.login("association")
    _, page = await person.get(PAGE)
    assert "o&#39;neil@example.nl" in page
    assert "550 5.1.1" in page
    answer = await person.post(f"{PAGE}/{who}/free")
    assert "o&#39;neil" not in await answer.text()
    assert (await person.post(f"{PAGE}/{who}/free")).status == 404
    lines = await office.store.database.read(audit.entries)
    assert [line.action for line in lines[:3]] == ["blocked_seen", "freed", "blocked_seen"]


async def test_who_shut_us_out_in_a_chat_is_not_ours_to_free(office: Office) -> None:
    def leave(connection: Transaction) -> str:
        person = people.find_or_make(connection, "telegram", "1", "nl", WEEK)
        people.block(connection, person.id)
        return person.id

    who = await office.store.database.write(leave)
    person = await office.login("association")
    assert (await person.post(f"{PAGE}/{who}/free")).status == 404


async def test_the_command_lists_and_frees(store: Store, run: Run) -> None:
    code, out, _ = await asyncio.to_thread(run, "blocked", "list", "--json")
    assert (code, json.loads(out)) == (0, [])
    await store.database.write(shut_out)
    code, out, _ = await asyncio.to_thread(run, "blocked", "list", "--json")
    said = "550 5.1.1 from the mail server"
    assert (code, json.loads(out)) == (0, [{"address": ADDRESS, "week": WEEK, "said": said}])
    code, _, err = await asyncio.to_thread(run, "blocked", "free", "neil@example.nl")
    assert (code, "not blocked" in err) == (1, True)
    code, out, _ = await asyncio.to_thread(run, "blocked", "free", "O'Neil@Example.NL", "--json")
    assert (code, json.loads(out)) == (0, {"freed": [ADDRESS]})
    assert json.loads((await asyncio.to_thread(run, "blocked", "list", "--json"))[1]) == []


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str]) -> Run:
    config = store.folder / "config.toml"
    config.write_text(f'[storage]\nurl = "{store.url}"\n[privacy]\nkey_file = "{store.key_file}"\n')

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, f"--config={config}"])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
