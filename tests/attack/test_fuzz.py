"""Whatever comes from outside, every reader answers in its own words, and nothing else happens."""

from __future__ import annotations

import json
import random
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import settings as configuration
from bot.channels.telegram.webhook import _update
from conversations.guide.loading import load_guides, read_entries, read_guides
from conversations.guide.problems import GuideError
from conversations.redaction.find import redact_lines
from storage.lifecycle import archive, restore
from storage.lifecycle.archive_file import ArchiveProblem
from storage.vault.erasure import ErasureLog, NoErasureLog
from storage.vault.vault import KeyProblem, Keys, Vault
from tests.end_to_end.kit import House
from tests.end_to_end.tellers import WebTeller
from tests.storage.stores import Store

slow = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
broken = st.binary(max_size=200) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
ODD = (
    "", "\x00", "\ud83d", "\u202eevil", "🙂" * 300, "/", "//", "/start", "/start " + "x" * 300,
    "/wissen x", "/taal xx", "d:", "=1+1", "<b>", "{code}", "{0}", "%s", "\\",
    "'; DROP TABLE story",
    "o:", "o:0", "d:erase", "begin", "9" * 400, "\n" * 50, "a" * 4096, "ﷺ" * 100, "-1",
)  # fmt: skip


@given(broken)
@slow
def test_a_post_that_is_no_update_is_refused(body: bytes) -> None:
    update = _update(body)
    assert update is None or "update_id" in update


@given(st.text(max_size=200) | st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.dictionaries(
        st.sampled_from(["vertelbot_keys", "masters", "index", "1"]), inner, max_size=4
    ),
).map(json.dumps))  # fmt: skip
@slow
def test_what_is_no_key_file_is_named_so(text: str) -> None:
    with suppress(ValueError):
        Keys.from_json(text)


@given(broken)
@slow
def test_a_damaged_key_file_or_list_of_the_erased_names_the_mend(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        key = Path(name) / "vertelbot.key"
        for path in (key, ErasureLog.beside(key).path):
            path.write_bytes(data)
            path.chmod(0o600)
        with suppress(KeyProblem):
            Vault.load(key)
        with suppress(NoErasureLog):
            ErasureLog.beside(key).read()


@given(broken)
@slow
def test_a_configuration_of_any_bytes_is_explained(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "config.toml"
        file.write_bytes(data)
        with suppress(configuration.SettingsError):
            configuration.load(file)


@given(broken)
@settings(slow, max_examples=50)
def test_guides_and_translations_of_any_bytes_are_explained(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "guides").mkdir()
        (folder / "guides" / "x.toml").write_bytes(data)
        (folder / "x.po").write_bytes(data)
        guides, problems = read_guides(folder)
        assert guides or problems
        with suppress(GuideError):
            read_entries(folder, folder / "x.po")
        with suppress(GuideError):
            load_guides(folder)


@given(st.lists(broken.map(lambda data: data.decode("utf-8", "replace")), max_size=3))
@slow
def test_lines_to_redact_of_any_shape_are_refused_in_words(lines: list[str]) -> None:
    with suppress(ValueError):
        list(redact_lines(lines))


async def test_a_backup_of_any_bytes_is_refused_whole(sqlite_store: Store, tmp_path: Path) -> None:
    good = tmp_path / "good"
    await sqlite_store.story()
    vault, log = sqlite_store.vault, sqlite_store.log
    await archive.backup(sqlite_store.database, vault, log, good)
    data, chance = good.read_bytes(), random.Random(6)
    for number in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        if damaged == data:
            continue
        (tmp_path / "bad").write_bytes(bytes(damaged))
        with pytest.raises(ArchiveProblem):
            await restore.restore(tmp_path / "bad", sqlite_store.database, vault, log)
        assert number is not None


async def test_no_message_and_no_tap_breaks_a_turn(house: House) -> None:
    chance = random.Random(6)
    names = ("Alice", "Bob", "Carol")
    for name in names:
        await house.phone(name).say("/start")
    for number in range(250):
        user = house.phone(names[number % 3]).user
        odd = chance.choice(ODD) + chance.choice(("", "x", chance.choice(ODD)))
        if chance.random() < 0.4:
            turn = chance.choice(("", "0", "1", "99999999999999999999", "-5"))
            await user.tap_data(f"{turn}:{odd}"[:64])
        elif chance.random() < 0.2:
            buttons = [b for message in user.messages[-2:] for b in message.buttons]
            if buttons:
                await user.tap_data(chance.choice(buttons).data)
        else:
            await user.send(odd)
        if number % 25 == 0:
            await house.settle()
    await house.settle()
    assert await house.count("inbox WHERE state <> 'done'") == 0
    said = [each for name in names for each in house.phone(name).sentences]
    assert not [each for each in said if "Er ging iets mis bij ons" in each]


async def test_no_frame_breaks_a_turn(house: House) -> None:
    chance = random.Random(7)
    async with WebTeller(house) as page:
        await page.open()
        for number in range(40):
            kind = chance.choice(("say", "tap", "place", "edit", "command", "hello", "x"))
            odd = chance.choice(ODD)
            await page._send(
                t=kind, id=f"f{number}", text=odd, turn=chance.choice((0, 1, -1, 2**70, odd)),
                button=odd, label=odd, shares=chance.choice(([], [101], [1, 2, 3], odd)),
                ref=odd, name=odd, after=0, page=f"p{number}", start=odd,
            )  # fmt: skip
        await house.settle()
    assert await house.count("inbox WHERE state <> 'done'") == 0
