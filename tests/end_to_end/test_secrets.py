"""A stolen database tells no story and no person, and the log tells nothing at all."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.lifecycle import archive
from storage.lifecycle.rotation import SEALED
from storage.vault.vault import Vault
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller

NAME = "Wilhelmina Zonnebloem"
WORD = "flamingoveer"
CHAT = 86753091234
TELLING = (
    *RESIDENT[:5],
    Say(f"{NAME} gaf mij een {WORD}, en dat hielp meer dan alle formulieren."),
    Tap("Klaar"),
    Say(f"De {WORD}"),
    *RESIDENT[9:15],
    Say(f"Een {WORD} natuurlijk"),
    *RESIDENT[16:-1],
    Tap("Nee, laat staan"),
    *RESIDENT[-1:],
)
PLANTED = (NAME, WORD, WORD.capitalize(), str(CHAT))


@pytest.fixture
def wilhelmina(house: House) -> Phone:
    return Phone(house, house.api.user(NAME, user_id=CHAT))


def bytes_of(folder: Path) -> bytes:
    """Everything that lies in a folder but the key."""
    return b"".join(
        path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.endswith(".key")
    )


def hits(data: bytes, *planted: str) -> dict[str, int]:
    """How often each planted text is in there, as it would be written."""
    forms = [(text, text.encode(form)) for text in planted for form in ("utf-8", "utf-16-le")]
    return {text: data.count(form) for text, form in forms if form in data}


async def opened(house: House) -> bytes:
    """Every sealed value that there is, opened with the key."""
    vault = house.app.services.vault

    def look(connection: Any) -> list[bytes]:
        return [
            vault.open(each.name(row), getattr(row, each.column))
            for each in SEALED
            for row in connection.execute(select(each.table))
            if getattr(row, each.column) is not None
        ]

    return b"\n".join(await house.app.database.write(look))


async def sealed(house: House) -> list[bytes]:
    """Every sealed value as it lies in the database."""

    def look(connection: Any) -> list[bytes]:
        values = [
            getattr(row, each.column)
            for each in SEALED
            for row in connection.execute(select(each.table))
        ]
        return [bytes(value) for value in values if value is not None]

    return await house.app.database.write(look)


async def test_no_byte_of_a_person_lies_in_the_open(
    house: House, wilhelmina: Phone, tmp_path: Path
) -> None:
    await tell(wilhelmina, RESIDENT[:5])
    await wilhelmina.say(f"Een half verhaal over een {WORD} van {NAME}.")
    assert hits(bytes_of(tmp_path), *PLANTED) == {}
    await wilhelmina.say("/stop")
    await wilhelmina.tap("Gooi alles weg")
    await tell(wilhelmina, TELLING, YES_TO_ALL)
    async with WebTeller(house) as web:
        await tell(web, TELLING, YES_TO_ALL)
        cookies = [cookie.value for cookie in web.cookies]
    app = house.app
    await archive.backup(app.database, app.services.vault, app.services.erased, tmp_path / "backup")
    assert len(await house.stories()) == 2
    assert (tmp_path / "vertelbot.db-wal").stat().st_size > 0
    lying = bytes_of(tmp_path)
    assert hits(lying, *PLANTED, *cookies) == {}
    inside = await opened(house)
    assert set(hits(inside, *PLANTED)) == set(PLANTED) - {WORD.capitalize()}


async def test_after_erasing_even_the_key_finds_nothing(
    house: House, wilhelmina: Phone, tmp_path: Path
) -> None:
    await tell(wilhelmina, TELLING, YES_TO_ALL)
    async with WebTeller(house) as web:
        await tell(web, TELLING, YES_TO_ALL)
        before = await sealed(house)
        assert sum(value in bytes_of(tmp_path) for value in before) > 50
        await web.say("/wissen")
        await web.tap("Ja, wis alles")
    await wilhelmina.say("/wissen")
    await wilhelmina.tap("Ja, wis alles")
    assert await house.stories() == []
    assert hits(await opened(house), *PLANTED) == {}
    await house.app.database.scrub()
    lying = bytes_of(tmp_path)
    assert [value for value in before if value in lying] == []
    assert hits(lying, *PLANTED) == {}


async def test_the_log_of_a_whole_run_tells_nothing(
    house: House, wilhelmina: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.api.fault("sendMessage", "error", status=429, retry_after=0, skip=3)
    house.api.fault("sendMessage", "after", skip=8)
    house.api.fault("getUpdates", "before", skip=4)
    await tell(wilhelmina, TELLING, YES_TO_ALL)
    async with WebTeller(house) as web:
        await tell(web, TELLING, YES_TO_ALL)
        secrets = [cookie.value for cookie in web.cookies]
    wilhelmina.user.chat.blocked = True
    await wilhelmina.say("/mijngegevens")
    secrets += [house.api.token, house.api.token.partition(":")[2]]
    secrets += [words for each in wilhelmina.sentences if "code:\n" in each
                for words in each.splitlines()[1:2]]  # fmt: skip
    assert caplog.records
    formatter = logging.Formatter("%(name)s %(message)s")
    written = "\n".join(formatter.format(record) for record in caplog.records)
    assert hits(written.encode(), *PLANTED, *secrets) == {}


async def test_a_turn_that_fails_says_so_without_a_word_of_the_person(
    house: House, wilhelmina: Phone, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await tell(wilhelmina, TELLING[:5])

    def broken(*_: object) -> None:
        raise ValueError(f"what {NAME} said about a {WORD}")

    with monkeypatch.context() as patch:
        patch.setattr("bot.turns.conversation.step", broken)
        await wilhelmina.say(f"Een verhaal over een {WORD}, dat eerst niet lukt.")
        assert "Er ging iets mis bij ons" in wilhelmina.read
        assert await house.count("inbox WHERE state = 'new'") == 1
        assert hits(bytes_of(house.folder), *PLANTED) == {}
    assert hits(caplog.text.encode(), *PLANTED) == {}
    await house.due()
    assert "Ik heb het." in wilhelmina.read
    assert await house.count("inbox WHERE sealed IS NOT NULL") == 0
    await tell(wilhelmina, RESIDENT[7:], YES_TO_ALL)
    assert f"over een {WORD}" in (await house.story()).telling.text


async def test_who_erases_takes_along_what_waits_to_be_tried_again(
    house: House, wilhelmina: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(wilhelmina, TELLING[:5])
    with monkeypatch.context() as patch:
        patch.setattr("bot.turns.conversation.step", lambda *_: 1 / 0)
        await wilhelmina.say(f"Een verhaal over een {WORD}, dat eerst niet lukt.")
    await wilhelmina.say("/wissen")
    await wilhelmina.tap("Ja, wis alles")
    await house.due()
    assert await house.count("inbox WHERE sealed IS NOT NULL") == 0
    assert await house.count("person") == 0


async def test_a_key_that_was_added_meanwhile_seals_what_comes(house: House, alice: Phone) -> None:
    await alice.say("/start")
    Vault.load(house.folder / "vertelbot.key").rotate()
    await house.app.refresh()
    await alice.tap("Een inwoner")
    ((sealed,),) = await house.rows("(SELECT sealed FROM conversation) AS told")
    assert bytes(sealed)[0] == 2
